/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MM_SLUB_POOL_H
#define MM_SLUB_POOL_H
/*
 * SLUB: steps on slab words and lists that the files of the pool share.
 *
 *   slub_pool.c        the pool, its protocol, and why it is right
 *   slub_pool_info.c   counting, checking and sorting what is in it
 *   slub_pool_debug.c  the same for caches that are debugged
 */
#include "internal.h"
#include "slub.h"

static inline bool word_change(struct slab *slab, union slab_word *old,
			       union slab_word new)
{
	if (likely(try_cmpxchg(&slab->state, &old->word, new.word)))
		return true;
	/* Others were quicker; the slab is as alive as it was before. */
	slub_stat(slab->slab_cache, STAT_CMPXCHG_DOUBLE_FAIL);
	return false;
}

/* What the word becomes when @count objects, linked, go to the shared list. */
static inline union slab_word
word_add(const struct kmem_cache *s, struct slab *slab, union slab_word word,
	 void *head, void *tail, unsigned int count)
{
	set_freepointer(s, tail, word_first(s, slab, word));
	word.head = slab_index(s, slab, head) + 1;
	word.free += count;
	return word;
}

/*
 * Can it be that @object is free already? Seen if it was freed last, or if more
 * objects would be free than there are.
 */
static inline bool word_refuses(const struct kmem_cache *s,
				const struct slab *slab, union slab_word word,
				const void *object)
{
	return unlikely(word_first(s, slab, word) == object ||
			word.free + 1 > slab->objects);
}

/*
 * Held by who has taken a slab out of the pool for a while, and sleeps: who
 * destroys the cache must not miss it.
 */
extern struct mutex slub_trim_lock;

/* Lists; all with list_lock held. */

static inline void list_partial(struct kmem_cache_node *pool, struct slab *slab)
{
	/* Slabs of the reserves go last: see first_usable(). */
	if (unlikely(slab_test_pfmemalloc(slab)))
		list_add_tail(&slab->slab_list, &pool->partial);
	else
		list_add(&slab->slab_list, &pool->partial);
	WRITE_ONCE(pool->nr_partial, pool->nr_partial + 1);
}

static inline void list_empty_slab(struct kmem_cache_node *pool,
				   struct slab *slab)
{
	list_add(&slab->slab_list, &pool->empty);
	WRITE_ONCE(pool->nr_empty, pool->nr_empty + 1);
}

/* Only of caches that are debugged: so that all of their slabs can be found. */
static inline void list_full(struct kmem_cache_node *pool, struct slab *slab)
{
#ifdef CONFIG_SLUB_DEBUG
	list_add(&slab->slab_list, &pool->full);
#endif
}

static inline void unlist(struct kmem_cache_node *pool, struct slab *slab,
			  unsigned int free)
{
	list_del(&slab->slab_list);
	if (free == slab->objects)
		WRITE_ONCE(pool->nr_empty, pool->nr_empty - 1);
	else if (free)
		WRITE_ONCE(pool->nr_partial, pool->nr_partial - 1);
}

/*
 * Put a slab without owner where it belongs after its number of free objects
 * went from @before to @now; @before is 0 if it had an owner.
 * Return: true if the caller has to discard it, once list_lock is dropped.
 */
static inline bool settle(struct kmem_cache *s, struct kmem_cache_node *pool,
			  struct slab *slab, unsigned int before,
			  unsigned int now)
{
	/* A full one may be somebody's by now, or be gone. */
	if (!now) {
		if (slub_debugged(s))
			list_full(pool, slab);
		return false;
	}
	if (now != slab->objects) {
		if (!before)
			list_partial(pool, slab);
		return false;
	}
	if (before)
		unlist(pool, slab, before);
	if (pool->nr_empty >= READ_ONCE(s->min_partial) ||
	    slab_test_pfmemalloc(slab))
		return true;
	list_empty_slab(pool, slab);
	return false;
}

/*
 * A slab of the emergency reserves serves nobody but who may use those. Such
 * slabs are last on the list: if the first one is, all are.
 */
static inline struct slab *first_usable(struct kmem_cache_node *pool, gfp_t gfp)
{
	struct slab *slab;

	slab = list_first_entry_or_null(&pool->partial, struct slab, slab_list);
	if (slab && likely(!slab_test_pfmemalloc(slab) ||
			   gfp_pfmemalloc_allowed(gfp)))
		return slab;
	return list_first_entry_or_null(&pool->empty, struct slab, slab_list);
}

/* The last object of a linked list, and how many there are; 0 if corrupt. */
static inline unsigned int list_end(struct kmem_cache *s, struct slab *slab,
				    void *object, void **tail)
{
	unsigned int count = 0;

	for (; object; object = get_freepointer(s, object)) {
		if (unlikely(!slab_holds(s, slab, object) ||
			     ++count > slab->objects))
			return 0;
		*tail = object;
	}
	return count;
}

#endif /* MM_SLUB_POOL_H */
