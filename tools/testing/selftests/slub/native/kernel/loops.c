// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is measured: loops over calls of the allocator, compiled like all code of
 * the kernel that calls it. The caller has a clock; nothing here has.
 */
#include <linux/slab.h>

#include "host.h"

static __always_inline void pairs(unsigned long count, size_t size)
{
	while (count--)
		kfree(kmalloc(size, GFP_KERNEL));
}

/* Some sizes are constants for the compiler, as most sizes are. */
void native_pair_kmalloc(unsigned long count, size_t size)
{
	switch (size) {
	case 8:
		pairs(count, 8);
		break;
	case 64:
		pairs(count, 64);
		break;
	case 256:
		pairs(count, 256);
		break;
	case 1024:
		pairs(count, 1024);
		break;
	case 4096:
		pairs(count, 4096);
		break;
	default:
		pairs(count, size);
	}
}

void native_pair_cache(struct kmem_cache *s, unsigned long count)
{
	while (count--)
		kmem_cache_free(s, kmem_cache_alloc(s, GFP_KERNEL));
}

static __always_inline unsigned long alloc_many(struct kmem_cache *s, void **p,
						unsigned long count, gfp_t gfp)
{
	unsigned long i;

	for (i = 0; i < count; i++) {
		p[i] = kmem_cache_alloc(s, gfp);
		if (!p[i])
			break;
	}
	return i;
}

/* Return: how many it got. */
unsigned long native_alloc_many(struct kmem_cache *s, void **p, unsigned long count)
{
	return alloc_many(s, p, count, GFP_KERNEL);
}

unsigned long native_alloc_many_zeroed(struct kmem_cache *s, void **p, unsigned long count)
{
	return alloc_many(s, p, count, GFP_KERNEL | __GFP_ZERO);
}

void native_free_many(struct kmem_cache *s, void **p, unsigned long count)
{
	unsigned long i;

	for (i = 0; i < count; i++)
		kmem_cache_free(s, p[i]);
}

unsigned long native_kmalloc_many(void **p, const unsigned int *sizes, unsigned long count)
{
	unsigned long i;

	for (i = 0; i < count; i++) {
		p[i] = kmalloc(sizes[i], GFP_KERNEL);
		if (!p[i])
			break;
	}
	return i;
}

void native_kfree_many(void **p, unsigned long count)
{
	unsigned long i;

	for (i = 0; i < count; i++)
		kfree(p[i]);
}

/* Free one of the live objects at @p, and allocate anew; @which says which. */
unsigned long native_churn(struct kmem_cache *s, void **p, const unsigned int *which,
			   unsigned long count)
{
	unsigned long i;

	for (i = 0; i < count; i++) {
		kmem_cache_free(s, p[which[i]]);
		p[which[i]] = kmem_cache_alloc(s, GFP_KERNEL);
		if (!p[which[i]])
			break;
	}
	return i;
}

unsigned long native_churn_mixed(void **p, const unsigned int *which, const unsigned int *sizes,
				 unsigned long count)
{
	unsigned long i;

	for (i = 0; i < count; i++) {
		kfree(p[which[i]]);
		p[which[i]] = kmalloc(sizes[i], GFP_KERNEL);
		if (!p[which[i]])
			break;
	}
	return i;
}

/*
 * So many frees as @lengths says, then as many allocations; within one burst
 * @which never names an object twice. Return: objects that went both ways.
 */
unsigned long native_bursts(struct kmem_cache *s, void **p, const unsigned int *which,
			    const unsigned int *lengths, unsigned long bursts)
{
	unsigned long done = 0, b, i;

	for (b = 0; b < bursts; b++) {
		for (i = 0; i < lengths[b]; i++)
			kmem_cache_free(s, p[which[done + i]]);
		for (i = 0; i < lengths[b]; i++)
			p[which[done + i]] = kmem_cache_alloc(s, GFP_KERNEL);
		done += lengths[b];
	}
	return done;
}

unsigned long native_bursts_mixed(void **p, const unsigned int *which, const unsigned int *sizes,
				  const unsigned int *lengths, unsigned long bursts)
{
	unsigned long done = 0, b, i;

	for (b = 0; b < bursts; b++) {
		for (i = 0; i < lengths[b]; i++)
			kfree(p[which[done + i]]);
		for (i = 0; i < lengths[b]; i++)
			p[which[done + i]] = kmalloc(sizes[done + i], GFP_KERNEL);
		done += lengths[b];
	}
	return done;
}

unsigned long native_bulk(struct kmem_cache *s, void **p, unsigned long size, unsigned long count)
{
	unsigned long i;

	for (i = 0; i < count; i += size) {
		if (kmem_cache_alloc_bulk(s, GFP_KERNEL, size, p) != (int)size)
			break;
		kmem_cache_free_bulk(s, size, p);
	}
	return i;
}

/* @count objects at @p, @size of them at a time; @count is a multiple of @size. */
unsigned long native_bulk_alloc(struct kmem_cache *s, void **p, unsigned long size,
				unsigned long count)
{
	unsigned long i;

	for (i = 0; i < count; i += size)
		if (kmem_cache_alloc_bulk(s, GFP_KERNEL, size, p + i) != (int)size)
			break;
	return i;
}

void native_bulk_free(struct kmem_cache *s, void **p, unsigned long size, unsigned long count)
{
	unsigned long i;

	for (i = 0; i < count; i += size)
		kmem_cache_free_bulk(s, size, p + i);
}
