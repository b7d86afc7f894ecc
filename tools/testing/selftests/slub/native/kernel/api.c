// SPDX-License-Identifier: GPL-2.0-only
/*
 * <linux/slab.h>, for who cannot include that.
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include "../../mm/slab.h"
#include "host.h"

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
