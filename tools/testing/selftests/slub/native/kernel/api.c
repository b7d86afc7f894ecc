// SPDX-License-Identifier: GPL-2.0-only
/*
 * <linux/slab.h>, for who cannot include that.
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include "../../mm/slab.h"
#include "host.h"

/* What letters of /proc/slabinfo stand for, as far as it is for callers to ask. */
unsigned long native_cache_flags(const char *letters)
{
	unsigned long flags = 0;

	for (; *letters; letters++) {
		switch (*letters) {
		case 'R':
			flags |= (__force unsigned long)SLAB_TYPESAFE_BY_RCU;
			break;
		case 'r':
			flags |= (__force unsigned long)SLAB_RECLAIM_ACCOUNT;
			break;
		case 'a':
			flags |= (__force unsigned long)SLAB_HWCACHE_ALIGN;
			break;
		}
	}
	return flags;
}

struct kmem_cache *native_cache_create(const char *name, unsigned int size, unsigned int align,
				       unsigned long flags, void (*ctor)(void *))
{
	return kmem_cache_create(name, size, align, flags, ctor);
}

void native_cache_destroy(struct kmem_cache *s)
{
	kmem_cache_destroy(s);
}

int native_cache_shrink(struct kmem_cache *s)
{
	return kmem_cache_shrink(s);
}

/* Those of kmalloc(), too. Nobody may create or destroy any meanwhile. */
void native_shrink_all(void)
{
	struct kmem_cache *s;

	list_for_each_entry(s, &slab_caches, list)
		kmem_cache_shrink(s);
}

unsigned int native_cache_size(struct kmem_cache *s)
{
	return kmem_cache_size(s);
}

void *native_cache_alloc(struct kmem_cache *s, bool zero)
{
	return kmem_cache_alloc(s, zero ? GFP_KERNEL | __GFP_ZERO : GFP_KERNEL);
}

void native_cache_free(struct kmem_cache *s, void *x)
{
	kmem_cache_free(s, x);
}

void *native_kmalloc(size_t size, bool zero)
{
	return kmalloc(size, zero ? GFP_KERNEL | __GFP_ZERO : GFP_KERNEL);
}

void *native_kmalloc_reclaimable(size_t size)
{
	return kmalloc(size, GFP_KERNEL | __GFP_RECLAIMABLE);
}

void *native_krealloc(void *x, size_t size)
{
	return krealloc(x, size, GFP_KERNEL);
}

void native_kfree(void *x)
{
	kfree(x);
}

size_t native_ksize(void *x)
{
	return ksize(x);
}

/* Return: pages of the slab that @x is in. SLOB's blocks do not say; @size is what fits. */
unsigned int native_slab_pages(const void *x, size_t size)
{
	return max(compound_nr(virt_to_head_page(x)), 1UL << get_order(size));
}

int native_alloc_bulk(struct kmem_cache *s, size_t count, void **p)
{
	return kmem_cache_alloc_bulk(s, GFP_KERNEL, count, p);
}

void native_free_bulk(struct kmem_cache *s, size_t count, void **p)
{
	kmem_cache_free_bulk(s, count, p);
}
