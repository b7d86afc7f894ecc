// SPDX-License-Identifier: GPL-2.0-only
/*
 * SLUB: counting, checking and sorting what is in the pool. slub_pool.c tells
 * what that is; nothing here changes more than the order of a list.
 */
#include <linux/bitmap.h>
#include <linux/slab.h>

#include "slub_pool.h"

/**
 * slub_pool_length - how many slabs of a cache are in the pool
 * @s: the cache
 *
 * Context: any. Return: the number of partial and empty slabs.
 */
unsigned long slub_pool_length(struct kmem_cache *s)
{
	struct kmem_cache_node *pool;
	unsigned long length = 0;
	int node;

	for_each_kmem_cache_node(s, node, pool)
		length += READ_ONCE(pool->nr_partial) + READ_ONCE(pool->nr_empty);
	return length;
}

#define COUNT_LIMIT	10000

/* Free objects on a list of @length slabs, and those in use; list_lock held. */
static unsigned long count_list(struct list_head *list, unsigned long length,
				unsigned long *used)
{
	unsigned long free = 0, all = 0, seen = 0;
	union slab_word word;
	struct slab *slab;

	list_for_each_entry(slab, list, slab_list) {
		word = word_of(slab);
		free += word.free;
		all += slab->objects;
		if (++seen == COUNT_LIMIT)
			break;
	}
	*used = all - free;
	if (seen < COUNT_LIMIT)
		return free;
	*used = mult_frac(*used, length, seen);
	return mult_frac(free, length, seen);
}

/**
 * slub_pool_count - count the objects of the pool's slabs
 * @s: the cache
 * @node: id of the node whose part of the pool is looked at
 * @free: where to store how many objects are free in it
 * @used: where to store how many objects of its partial slabs are in use
 *
 * A walk over the lists. Of a list that is longer than 10,000 slabs the first
 * 10,000 are looked at, and the others are taken to be like them.
 *
 * Context: any but NMI; takes list_lock with interrupts off.
 */
void slub_pool_count(struct kmem_cache *s, int node, unsigned long *free,
		     unsigned long *used)
{
	struct kmem_cache_node *pool = get_node(s, node);
	unsigned long flags, none;

	spin_lock_irqsave(&pool->list_lock, flags);
	*free = count_list(&pool->partial, pool->nr_partial, used);
	*free += count_list(&pool->empty, pool->nr_empty, &none);
	spin_unlock_irqrestore(&pool->list_lock, flags);
}

/**
 * slub_pool_mark_free - find out which objects of a slab are free
 * @s: the cache
 * @slab: a slab without owner
 * @map: bitmap; the bits of free objects are set, the others are cleared
 * @objects: how many objects the slab has
 *
 * Context: nobody may allocate from the slab or free into it meanwhile.
 */
void slub_pool_mark_free(struct kmem_cache *s, struct slab *slab,
			 unsigned long *map, unsigned int objects)
{
	union slab_word word = word_of(slab);
	void *object = word_first(s, slab, word);
	unsigned int left = word.free, index;

	bitmap_zero(map, objects);
	for (; object && left--; object = get_freepointer(s, object)) {
		index = slab_index(s, slab, object);
		if (!slab_holds(s, slab, object) || index >= objects)
			break;
		__set_bit(index, map);
	}
}

/* Errors in one slab of the pool, with list_lock held. */
static bool slab_sound(struct kmem_cache *s, struct slab *slab)
{
	union slab_word word = word_of(slab);
	void *object = word_first(s, slab, word), *tail;

	return !word.owned && word.free &&
	       list_end(s, slab, object, &tail) >= word.free;
}

static struct slab *unsound_of(struct kmem_cache *s, struct list_head *list,
			       long *count)
{
	struct slab *slab, *bad = NULL;

	list_for_each_entry(slab, list, slab_list) {
		if (!slab_sound(s, slab))
			bad = slab;
		++*count;
	}
	return bad;
}

/**
 * slub_pool_validate - check the free lists of the slabs in the pool
 * @s: the cache
 *
 * One slab of each node with a damaged free list is reported; it stays where
 * it is.
 *
 * Context: any but NMI; takes list_lock with interrupts off, for the whole of
 * a node's part of the pool.
 * Return: the number of slabs looked at.
 */
long slub_pool_validate(struct kmem_cache *s)
{
	struct kmem_cache_node *pool;
	struct slab *bad;
	unsigned long flags;
	long count = 0;
	int node;

	for_each_kmem_cache_node(s, node, pool) {
		spin_lock_irqsave(&pool->list_lock, flags);
		bad = unsound_of(s, &pool->partial, &count) ?:
		      unsound_of(s, &pool->empty, &count);
		spin_unlock_irqrestore(&pool->list_lock, flags);
		/* Not under the lock: a console may want to allocate. */
		if (bad)
			slub_report_slab(s, bad, "free list corrupt");
	}
	return count;
}

/* Slabs with no more free objects than that are sorted. */
#define SORT_FREE_MAX	32

/**
 * slub_pool_sort - have the slabs with the fewest free objects used first
 * @s: the cache
 *
 * The others, with 33 free ones or more, are left time to become empty. Of a
 * list that is longer than 10,000 slabs the first 10,000 are sorted.
 *
 * Context: any but NMI; takes list_lock with interrupts off.
 */
void slub_pool_sort(struct kmem_cache *s)
{
	struct list_head few[SORT_FREE_MAX];
	struct kmem_cache_node *pool;
	struct slab *slab, *next;
	unsigned long flags;
	unsigned int free, seen;
	int node;

	for_each_kmem_cache_node(s, node, pool) {
		for (free = 1; free <= SORT_FREE_MAX; free++)
			INIT_LIST_HEAD(&few[free - 1]);
		seen = 0;
		spin_lock_irqsave(&pool->list_lock, flags);
		list_for_each_entry_safe(slab, next, &pool->partial, slab_list) {
			free = word_of(slab).free;
			/* Slabs of the reserves stay last. */
			if (free <= SORT_FREE_MAX && !slab_test_pfmemalloc(slab))
				list_move_tail(&slab->slab_list, &few[free - 1]);
			if (++seen == COUNT_LIMIT)
				break;
		}
		for (free = SORT_FREE_MAX; free; free--)
			list_splice(&few[free - 1], &pool->partial);
		spin_unlock_irqrestore(&pool->list_lock, flags);
	}
}
