// SPDX-License-Identifier: GPL-2.0-only
/*
 * <linux/slab.h>, for who cannot include that.
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include "../../mm/slab.h"
#include "host.h"

/* Ours alone has one; the others don't know. */
int __weak kmem_ptr_validate(struct kmem_cache *s, const void *x)
{
	return -1;
}

const struct native_constants native_constants = {
	.hwcache_align = SLAB_HWCACHE_ALIGN,
	.typesafe_by_rcu = SLAB_TYPESAFE_BY_RCU,
	.reclaim_account = SLAB_RECLAIM_ACCOUNT,
	/* It has no other effect where kmemleak is off. */
	.never_merged = SLAB_NOLEAKTRACE,
	.kmalloc_min_size = KMALLOC_MIN_SIZE,
	.kmalloc_max_cache_size = KMALLOC_MAX_CACHE_SIZE,
	.zero_size_ptr = ZERO_SIZE_PTR,
};

static gfp_t gfp_of(unsigned int how)
{
	gfp_t gfp = how & NATIVE_ATOMIC ? GFP_ATOMIC : GFP_KERNEL;

	if (how & NATIVE_ZERO)
		gfp |= __GFP_ZERO;
	if (how & NATIVE_THIS_NODE)
		gfp |= __GFP_THISNODE;
	return gfp;
}

struct kmem_cache *native_cache_create(const char *name, unsigned int size, unsigned int align,
				       unsigned long flags, void (*ctor)(void *))
{
	return kmem_cache_create(name, size, align, flags, ctor);
}

struct kmem_cache *native_cache_create_usercopy(const char *name, unsigned int size,
						unsigned int from, unsigned int bytes)
{
	return kmem_cache_create_usercopy(name, size, 0, 0, from, bytes, NULL);
}

struct native_struct {
	char text[40];
	u64 number;
};

struct kmem_cache *native_cache_of_struct(void)
{
	return KMEM_CACHE(native_struct, SLAB_PANIC);
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

void *native_cache_zalloc(struct kmem_cache *s)
{
	return kmem_cache_zalloc(s, GFP_KERNEL);
}

void *native_cache_alloc_lru(struct kmem_cache *s)
{
	return kmem_cache_alloc_lru(s, NULL, GFP_KERNEL);
}

void *native_cache_alloc_node(struct kmem_cache *s, unsigned int how, int node)
{
	return kmem_cache_alloc_node(s, gfp_of(how), node);
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

void *native_kmalloc_node(size_t size, unsigned int how, int node)
{
	return kmalloc_node(size, gfp_of(how), node);
}

void *native_kmalloc_array(size_t count, size_t size)
{
	return kmalloc_array(count, size, GFP_KERNEL);
}

void *native_kcalloc(size_t count, size_t size)
{
	return kcalloc(count, size, GFP_KERNEL);
}

size_t native_kmalloc_roundup(size_t size)
{
	return kmalloc_size_roundup(size);
}

void *native_krealloc_array(void *x, size_t count, size_t size)
{
	return krealloc_array(x, count, size, GFP_KERNEL);
}

void *native_krealloc(void *x, size_t size)
{
	return krealloc(x, size, GFP_KERNEL);
}

void native_kfree(void *x)
{
	kfree(x);
}

void native_kfree_sensitive(void *x)
{
	kfree_sensitive(x);
}

size_t native_ksize(void *x)
{
	return ksize(x);
}

/* Return: pages of the slab that @x is in. SLOB's blocks do not say; @size is what fits. */
unsigned int native_slab_pages(const void *x, size_t size)
{
	return max(1UL << compound_order(virt_to_head_page(x)), 1UL << get_order(size));
}

int native_alloc_bulk(struct kmem_cache *s, size_t count, void **p)
{
	return kmem_cache_alloc_bulk(s, GFP_KERNEL, count, p);
}

void native_free_bulk(struct kmem_cache *s, size_t count, void **p)
{
	kmem_cache_free_bulk(s, count, p);
}

/* Return: 1 or 0, or -1 if this allocator does not know. */
int native_ptr_validate(struct kmem_cache *s, const void *x)
{
	return kmem_ptr_validate(s, x);
}

void native_dump_obj(void *x)
{
	kmem_dump_obj(x);
}
