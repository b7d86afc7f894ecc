// SPDX-License-Identifier: GPL-2.0-only
/*
 * SLUB: the pool, where the slabs are that no CPU owns.
 *
 * The pool of a cache has a part on each node: a list of partial slabs and a
 * short list of empty ones, under one lock. Full slabs are on no list.
 *
 * The slab word
 *
 * Everything that CPUs share about a slab while it lives is in one 32-bit word,
 * slab->state, and is changed by cmpxchg: the shared free list (index of its
 * first object, and its length) and the owner bit. Links are in the objects. What
 * an owner has for itself is another matter: slub_local.h.
 *
 *             slub_pool_collect() finds nothing; cpu_take_whole()
 *             +------------------------------------------+
 *             |            slub_pool_own()               v
 *   new --> OWNED <------------------------------------ FULL: free = 0,
 *             ^  |                                       |   on no list
 *             |  +----- slub_pool_put() -----+           |
 *             |                              v           |
 *             +----- slub_pool_take() ---- PARTIAL <-----+ first free (lock)
 *             |                             |   ^
 *             |            last free (lock) |   | objects taken (lock)
 *             |                             v   |
 *             +----- slub_pool_take() ----- EMPTY ---> slub_discard()
 *
 * and from OWNED to slub_discard() by slub_pool_put_all(), if no object is in use.
 *
 * Invariants, outside of list_lock:
 *  1. A slab without owner is on a list of its node if and only if its
 *     word says that objects are free. (Or it is about to be discarded, and
 *     nobody but the one who does that can reach it.)
 *  2. It is on the empty list if and only if all are.
 *  3. Objects leave the shared list of an owned slab all at once and through
 *     its owner alone; that of another slab under list_lock alone.
 *  4. Who adds to the shared list without list_lock leaves 1 and 2 as they
 *     were: the slab has an owner, or it was partial and stays so.
 *  5. A full slab is on no list from before its word says so: who frees into it
 *     may own it at once, and put it on a list of his own.
 *  6. Nobody but its owner can reach a slab of which no object is in use, and
 *     whoever has freed one into it has done with it: what it has of its own and
 *     what is on the shared list are all objects. The owner needs neither a lock nor
 *     a cmpxchg for such a slab, to discard it (slab_all_free()) or, if nothing is
 *     on the shared list, to hand out all of it at once (cpu_take_whole()).
 *
 * Why this is right: changes that would break 1 or 2 take list_lock and mend
 * the lists before they drop it; by 5 they mend them first where a slab gets full.
 * All others compare the whole word, so that they fail, and look again, if the slab
 * has changed hands or filled up.
 *
 * There is no ABA problem. Adding looks at nothing but the word: had it
 * changed and changed back, the link just written would still be the right
 * one. Taking all looks at nothing but the word either. Taking some objects
 * also looks at their links, but by 3 nobody else takes at that time, and while
 * an object stays on the list its link does not change.
 *
 * Ordering: a successful cmpxchg is fully ordered, and where an owner gives back a
 * slab by 6 without one its load of the word is an acquire. The link that is written
 * before an object is added is therefore seen by whoever takes it off, and
 * what a freeing CPU did to the object is over when another one gets it.
 * A failed cmpxchg has no effect that anybody could see.
 *
 * Who has added an object to somebody else's slab must not look at that slab
 * again without list_lock: it may be gone, if that was the last one. If the slab has
 * an owner list_lock does not help.
 *
 * tools/testing/selftests/slub/model/slab_word.pml is a model of all this; take
 * a retry or the lock out of it, and spin shows how it goes wrong.
 *
 * Lock order: list_lock is innermost. With it held nothing is called but the
 * steps of slub_pool.h and, for caches that are debugged, checks that take no
 * lock and print nothing; no two of them are held together, and no slab is
 * locked.
 */
#include <linux/slab.h>

#include "slub_local.h"
#include "slub_pool.h"

/* Become the owner of a slab, and of all that is free in it; list_lock held. */
static void take_all(struct kmem_cache_node *pool, struct slab *slab)
{
	union slab_word old = word_of(slab);
	union slab_word new = { .owned = 1 };

	/* Others may still add to a partial slab, but not fill it. */
	while (!word_change(slab, &old, new))
		;
	unlist(pool, slab, old.free);
	old.owned = 0;
	WRITE_ONCE(slab->local, old.word);
}

/* Take objects of a slab that stays in the pool; list_lock held. Return: how many. */
static unsigned int take_objects(struct kmem_cache *s,
				 struct kmem_cache_node *pool,
				 struct slab *slab, unsigned int count,
				 void **top, bool *corrupt)
{
	union slab_word old = word_of(slab), new;
	unsigned int got, want;

	/* Once it is full somebody may own it, and have it on a list, at once. */
	unlist(pool, slab, old.free);
	do {
		new = old;
		want = min_t(unsigned int, count, old.free);
		got = list_take(s, slab, &new, want, top);
		*corrupt = new.free != old.free - got;
	} while (!word_change(slab, &old, new));

	if (new.free)
		list_partial(pool, slab);
	return got;
}

/**
 * slub_pool_take - take a slab out of the pool
 * @s: the cache
 * @node: id of the node whose part of the pool is asked
 * @gfp: the caller's flags; they tell whether reserves may be used
 *
 * Context: any but NMI; takes list_lock with interrupts off.
 * Return: the slab, which is the caller's now, its free objects in slab->local; or
 * NULL if the pool has nothing for this caller there.
 */
struct slab *slub_pool_take(struct kmem_cache *s, int node, gfp_t gfp)
{
	struct kmem_cache_node *pool = get_node(s, node);
	struct slab *slab;
	unsigned long flags;

	spin_lock_irqsave(&pool->list_lock, flags);
	slab = first_usable(pool, gfp);
	if (slab)
		take_all(pool, slab);
	spin_unlock_irqrestore(&pool->list_lock, flags);
	if (!slab)
		return NULL;
	/* Links need not be read where all are free. */
	if (slab_local(slab).free == slab->objects &&
	    !local_needs_links(s, slab))
		local_fresh(slab);
	slub_stat(s, STAT_ALLOC_FROM_PARTIAL);
	return slab;
}

/**
 * slub_pool_take_some - take objects out of a slab that stays in the pool
 * @s: the cache
 * @node: id of the node whose part of the pool is asked
 * @gfp: the caller's flags; they tell whether reserves may be used
 * @count: how many objects are wanted; of the reserves there is but one
 * @top: where to store the first of them; the others below
 * @from: where to store of which slab they are
 *
 * A slab whose free list turns out to be corrupt is reported and set aside as
 * full: what was left on the list is lost, what is in use stays in use.
 *
 * Context: any but NMI; takes list_lock with interrupts off.
 * Return: how many there are, all of one slab; 0 if the pool has nothing for this
 * caller there.
 */
unsigned int slub_pool_take_some(struct kmem_cache *s, int node, gfp_t gfp,
				 unsigned int count, void **top,
				 struct slab **from)
{
	struct kmem_cache_node *pool = get_node(s, node);
	bool corrupt = false;
	unsigned long flags;
	struct slab *slab;

	if (slub_debugged(s)) {
		*top = slub_pool_take_checked(s, node, gfp);
		*from = *top ? slab_of(*top) : NULL;
		return !!*top;
	}
	spin_lock_irqsave(&pool->list_lock, flags);
	slab = first_usable(pool, gfp);
	if (slab && slab_test_pfmemalloc(slab))
		count = 1;
	if (slab)
		count = take_objects(s, pool, slab, count, top, &corrupt);
	spin_unlock_irqrestore(&pool->list_lock, flags);

	if (unlikely(corrupt))
		slub_report_slab(s, slab, "free list corrupt, slab set aside");
	*from = slab;
	return slab ? count : 0;
}

/**
 * slub_pool_collect - collect what others have freed into an owned slab
 * @s: the cache
 * @slab: a slab that the caller owns, with nothing in slab->local
 *
 * If nothing was freed, the slab is full and the caller owns it no more; who
 * frees its first object will own it, or put it into the pool. It must not be
 * touched after that.
 *
 * Context: any but NMI; takes no lock.
 * Return: true if there are objects in slab->local now; else the slab is not owned
 * any more.
 */
bool slub_pool_collect(struct kmem_cache *s, struct slab *slab)
{
	union slab_word old = word_of(slab), new;

	do {
		new.word = 0;
		new.owned = old.free != 0;
	} while (!word_change(slab, &old, new));
	if (!new.owned)
		return false;
	old.owned = 0;
	WRITE_ONCE(slab->local, old.word);
	return true;
}

/**
 * slub_pool_own - become the owner of a full slab
 * @s: the cache
 * @slab: a slab in which the caller has an object, which it is about to free
 *
 * Context: any but NMI; takes no lock.
 * Return: false, and nothing done, if the slab has an owner or is not full.
 */
bool slub_pool_own(struct kmem_cache *s, struct slab *slab)
{
	union slab_word full = { }, owned = { .owned = 1 };

	if (READ_ONCE(slab->state) != full.word || slab->objects == 1)
		return false;
	return word_change(slab, &full, owned);
}

/* Where the owner's list ends; if it is corrupt nothing is left of it. */
static void *local_tail(struct kmem_cache *s, struct slab *slab,
			union slab_word *local, const char **bad)
{
	void *tail = NULL;

	if (likely(list_end(s, slab, word_first(s, slab, *local), &tail) ==
		   local->free))
		return tail;
	*bad = "free list corrupt, objects set aside";
	local->word = 0;
	return NULL;
}

/*
 * Add what the owner freed to what others have freed, and give up the slab; list_lock
 * held. Return: true if the caller has to discard it, once list_lock is dropped.
 */
static bool give_up(struct kmem_cache *s, struct kmem_cache_node *pool,
		    struct slab *slab, const char **bad)
{
	union slab_word local = slab_local(slab), old, new;
	void *head = word_first(s, slab, local), *tail = NULL;

	WRITE_ONCE(slab->local, 0);
	old = word_of(slab);
	do {
		/* Freed here and elsewhere, too: trust the shared list alone. */
		if (unlikely(old.free + local.free > slab->objects)) {
			*bad = "double free, objects set aside";
			local.word = 0;
		}
		/* Once: then it is linked to what others have freed. */
		if (old.free && local.free && !tail)
			tail = local_tail(s, slab, &local, bad);
		new = old.free ? old : local;
		if (old.free && local.free)
			new = word_add(s, slab, old, head, tail, local.free);
		new.owned = 0;
	} while (!word_change(slab, &old, new));
	slub_stat_given_up(s, slab, old.free, new.free);
	return settle(s, pool, slab, 0, new.free);
}

/**
 * slub_pool_put - give up a slab
 * @s: the cache
 * @slab: a slab that the caller owns, with what it freed in slab->local
 *
 * The slab goes into the pool, or back to the page allocator if all of its
 * objects are free and the reserve is full.
 *
 * Context: any but NMI; takes list_lock with interrupts off.
 */
void slub_pool_put(struct kmem_cache *s, struct slab *slab)
{
	struct kmem_cache_node *pool = get_node(s, slab_nid(slab));
	const char *bad = NULL;
	unsigned long flags;
	bool discard;

	if (slab->objects == 1 && !slub_debugged(s)) {
		/*
		 * Its one object is the caller's; nobody else knows of it. Who gets the
		 * object finds this done: whoever hands it on has to order that, as
		 * after cpu_take_whole().
		 */
		WRITE_ONCE(slab->state, 0);
		return;
	}
	local_link(s, slab);
	spin_lock_irqsave(&pool->list_lock, flags);
	discard = give_up(s, pool, slab, &bad);
	spin_unlock_irqrestore(&pool->list_lock, flags);

	if (unlikely(bad))
		slub_report_slab(s, slab, bad);
	if (discard)
		slub_discard(s, slab);
}

/* So many at once: interrupts are off meanwhile. */
#define PUT_MAX		16

/* Give up the first ones of @slabs, as far as they are of one node. */
static void put_some(struct kmem_cache *s, struct list_head *slabs)
{
	int node = slab_nid(list_first_entry(slabs, struct slab, slab_list));
	struct kmem_cache_node *pool = get_node(s, node);
	struct slab *slab, *next, *twice = NULL;
	const char *bad = NULL;
	unsigned int left = PUT_MAX;
	LIST_HEAD(discarded);
	unsigned long flags;

	spin_lock_irqsave(&pool->list_lock, flags);
	list_for_each_entry_safe(slab, next, slabs, slab_list) {
		if (slab_nid(slab) != node || !left--)
			break;
		list_del(&slab->slab_list);
		if (give_up(s, pool, slab, &bad))
			list_add(&slab->slab_list, &discarded);
		if (unlikely(bad && !twice))
			twice = slab;
	}
	spin_unlock_irqrestore(&pool->list_lock, flags);

	if (unlikely(twice))
		slub_report_slab(s, twice, bad);
	list_for_each_entry_safe(slab, next, &discarded, slab_list)
		slub_discard(s, slab);
}

/* A slab that has no object in use needs no lock if the reserve is full. */
static bool not_wanted(struct kmem_cache *s, struct slab *slab)
{
	return slab_all_free(slab) &&
	       READ_ONCE(get_node(s, slab_nid(slab))->nr_empty) >=
	       READ_ONCE(s->min_partial);
}

/**
 * slub_pool_put_all - give up slabs
 * @s: the cache
 * @slabs: a list of slabs that the caller owns, with what it freed into them in
 *         slab->local; empty afterwards
 *
 * As slub_pool_put(), with list_lock taken but once for many of them.
 *
 * Context: any but NMI; takes list_lock with interrupts off.
 */
void slub_pool_put_all(struct kmem_cache *s, struct list_head *slabs)
{
	struct slab *slab, *next;

	list_for_each_entry_safe(slab, next, slabs, slab_list) {
		if (!not_wanted(s, slab)) {
			local_link(s, slab);
			continue;
		}
		list_del(&slab->slab_list);
		slub_stat_given_up(s, slab, word_of(slab).free, slab->objects);
		slub_discard(s, slab);
	}
	while (!list_empty(slabs))
		put_some(s, slabs);
}

/* As slub_pool_free(), for a slab that has to move to another list. */
static noinline bool free_and_settle(struct kmem_cache *s, struct slab *slab,
				     void *object)
{
	struct kmem_cache_node *pool = get_node(s, slab_nid(slab));
	union slab_word old, new;
	bool discard = false, refused;
	unsigned long flags;

	spin_lock_irqsave(&pool->list_lock, flags);
	old = word_of(slab);
	do {
		refused = word_refuses(s, slab, old, object);
		if (refused)
			break;
		new = word_add(s, slab, old, object, object, 1);
	} while (!word_change(slab, &old, new));
	if (!refused)
		slub_stat_freed(s, slab, old, new);
	if (!refused && !old.owned)
		discard = settle(s, pool, slab, old.free, new.free);
	spin_unlock_irqrestore(&pool->list_lock, flags);

	if (discard)
		slub_discard(s, slab);
	return !refused;
}

/*
 * A slab of a single object has no free list, and is never in the pool. Who
 * changes its word gives it back; anybody else frees it a second time.
 */
static bool free_single(struct kmem_cache *s, struct slab *slab,
			union slab_word old)
{
	union slab_word freed = { .head = 1, .free = 1 };

	if (old.word || !try_cmpxchg(&slab->state, &old.word, freed.word))
		return false;
	slub_discard(s, slab);
	return true;
}

/**
 * slub_pool_free - free an object into a slab without what this CPU holds
 * @s: the cache
 * @slab: the slab that the object belongs to
 * @object: the object
 *
 * Takes no lock if the slab has an owner, or was partial and stays so.
 *
 * Context: any but NMI; may take list_lock with interrupts off.
 * Return: false, and nothing done, if it was free already.
 */
bool slub_pool_free(struct kmem_cache *s, struct slab *slab, void *object)
{
	union slab_word old = word_of(slab), new;

	if (slab->objects == 1)
		return free_single(s, slab, old);
	do {
		if (!old.owned &&
		    (!old.free || old.free + 1 >= slab->objects))
			return free_and_settle(s, slab, object);
		if (word_refuses(s, slab, old, object))
			return false;
		new = word_add(s, slab, old, object, object, 1);
	} while (!word_change(slab, &old, new));
	if (old.owned)
		slub_stat(s, STAT_FREE_FROZEN);
	return true;
}

/* See slub_pool.h. */
DEFINE_MUTEX(slub_trim_lock);

/**
 * slub_pool_trim - give empty slabs back
 * @s: the cache
 * @keep: how many each node keeps at most
 *
 * Once it is done no slab that was above that is counted any more, whoever
 * else was at it: who destroys the cache relies on that.
 *
 * Context: may sleep; takes list_lock with interrupts off.
 */
void slub_pool_trim(struct kmem_cache *s, unsigned int keep)
{
	struct kmem_cache_node *pool;
	struct slab *slab, *next;
	unsigned long flags;
	LIST_HEAD(empty);
	int node;

	mutex_lock(&slub_trim_lock);
	for_each_kmem_cache_node(s, node, pool) {
		spin_lock_irqsave(&pool->list_lock, flags);
		while (pool->nr_empty > keep) {
			slab = list_last_entry(&pool->empty, struct slab,
					       slab_list);
			unlist(pool, slab, slab->objects);
			list_add(&slab->slab_list, &empty);
		}
		spin_unlock_irqrestore(&pool->list_lock, flags);
	}
	/* Nobody has an object of these, so that nobody can reach them. */
	list_for_each_entry_safe(slab, next, &empty, slab_list) {
		list_del(&slab->slab_list);
		slub_discard(s, slab);
	}
	mutex_unlock(&slub_trim_lock);
}

/* ---- Set-up ---- */

/**
 * slub_pool_init - set up the pool of a new cache
 * @s: the cache
 *
 * Context: nobody else knows the cache yet.
 */
void slub_pool_init(struct kmem_cache *s)
{
	struct kmem_cache_node *pool;
	int node;

	for_each_kmem_cache_node(s, node, pool) {
		spin_lock_init(&pool->list_lock);
		INIT_LIST_HEAD(&pool->partial);
		INIT_LIST_HEAD(&pool->empty);
#ifdef CONFIG_SLUB_DEBUG
		INIT_LIST_HEAD(&pool->full);
#endif
		pool->nr_partial = 0;
		pool->nr_empty = 0;
		pool->wanted_by = 0;
		atomic_long_set(&pool->nr_slabs, 0);
		atomic_long_set(&pool->total_objects, 0);
	}
}

/**
 * slub_pool_move - move the pool to another descriptor of the same cache
 * @to: the new descriptor, already a copy of the old one
 * @from: the old descriptor, which owns no slab on any CPU
 *
 * Context: boot, before other CPUs and interrupts.
 */
void __init slub_pool_move(struct kmem_cache *to, struct kmem_cache *from)
{
	struct kmem_cache_node *pool;
	struct slab *slab;
	int node;

	for_each_kmem_cache_node(to, node, pool) {
		spin_lock_init(&pool->list_lock);
		INIT_LIST_HEAD(&pool->partial);
		INIT_LIST_HEAD(&pool->empty);
		list_splice(&get_node(from, node)->partial, &pool->partial);
		list_splice(&get_node(from, node)->empty, &pool->empty);
		list_for_each_entry(slab, &pool->partial, slab_list)
			slab->slab_cache = to;
		list_for_each_entry(slab, &pool->empty, slab_list)
			slab->slab_cache = to;
#ifdef CONFIG_SLUB_DEBUG
		INIT_LIST_HEAD(&pool->full);
		list_splice(&get_node(from, node)->full, &pool->full);
		list_for_each_entry(slab, &pool->full, slab_list)
			slab->slab_cache = to;
#endif
	}
}
