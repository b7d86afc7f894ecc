// SPDX-License-Identifier: GPL-2.0-only
/*
 * SLUB: the pool, where the slabs are that no CPU owns.
 *
 * The pool of a cache has a part on each node: a list of partial slabs and a
 * short list of empty ones, under one lock. Full slabs are on no list.
 *
 * The slab word
 *
 * Everything that changes about a slab while it lives is in one 32-bit word,
 * slab->state, and is changed by cmpxchg: the shared free list (index of its
 * first object, and its length) and the owner bit. Links are in the objects.
 *
 *                     slub_pool_collect() finds nothing
 *             +------------------------------------------+
 *             |                                          v
 *   new --> OWNED ----- slub_pool_put() -----+         FULL: free = 0,
 *             ^                              |           |   on no list
 *             |                              v           |
 *             +----- slub_pool_take() ---- PARTIAL <-----+ first free (lock)
 *             |                             |   ^
 *             |            last free (lock) |   | one object taken (lock)
 *             |                             v   |
 *             +----- slub_pool_take() ----- EMPTY ---> slub_discard()
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
 *
 * Why this is right: changes that would break 1 or 2 take list_lock and mend
 * the lists before they drop it. All others compare the whole word, so that
 * they fail, and look again, if the slab has changed hands or filled up.
 *
 * There is no ABA problem. Adding looks at nothing but the word: had it
 * changed and changed back, the link just written would still be the right
 * one. Taking all looks at nothing but the word either. Taking one object
 * also looks at the object's link, but by 3 nobody else takes at that time,
 * and while an object stays on the list its link does not change.
 *
 * Ordering: a successful cmpxchg is fully ordered. The link that is written
 * before an object is added is therefore seen by whoever takes it off, and
 * what a freeing CPU did to the object is over when another one gets it.
 * A failed cmpxchg has no effect that anybody could see.
 *
 * Who has added the last object of somebody else's slab must not look at that
 * slab again without list_lock: it may be gone.
 *
 * tools/testing/selftests/slub/model/slab_word.pml is a model of all this; take
 * a retry or the lock out of it, and spin shows how it goes wrong.
 *
 * Lock order: list_lock is innermost; nothing is called with it held but what
 * is in this file, no two of them are held together, and no slab is locked.
 */
#include <linux/bitmap.h>
#include <linux/slab.h>

#include "internal.h"
#include "slub_debug.h"

static void *word_first(const struct kmem_cache *s, const struct slab *slab,
			union slab_word word)
{
	return word.head ? slab_object(s, slab, word.head - 1) : NULL;
}

static bool word_change(struct slab *slab, union slab_word *old,
			union slab_word new)
{
	if (likely(try_cmpxchg(&slab->state, &old->word, new.word)))
		return true;
	/* Others were quicker; the slab is as alive as it was before. */
	slub_stat(slab->slab_cache, STAT_CMPXCHG_DOUBLE_FAIL);
	return false;
}

/* What the word becomes when @count objects, linked, go to the shared list. */
static union slab_word word_add(const struct kmem_cache *s, struct slab *slab,
				union slab_word word, void *head, void *tail,
				unsigned int count)
{
	set_freepointer(s, tail, word_first(s, slab, word));
	word.head = slab_index(s, slab, head) + 1;
	word.free += count;
	return word;
}

/*
 * Can it be that @head is free already? Seen if it was freed last, or if more
 * objects would be free than there are.
 */
static bool word_refuses(const struct kmem_cache *s, const struct slab *slab,
			 union slab_word word, const void *head,
			 unsigned int count)
{
	return unlikely(word_first(s, slab, word) == head ||
			word.free + count > slab->objects);
}

/* Lists; all with list_lock held. */

static void list_partial(struct kmem_cache_node *pool, struct slab *slab)
{
	/* Slabs of the reserves go last: see first_usable(). */
	if (unlikely(slab_test_pfmemalloc(slab)))
		list_add_tail(&slab->slab_list, &pool->partial);
	else
		list_add(&slab->slab_list, &pool->partial);
	WRITE_ONCE(pool->nr_partial, pool->nr_partial + 1);
}

static void list_empty_slab(struct kmem_cache_node *pool, struct slab *slab)
{
	list_add(&slab->slab_list, &pool->empty);
	WRITE_ONCE(pool->nr_empty, pool->nr_empty + 1);
}

/* Only of caches that are debugged: so that all of their slabs can be found. */
static void list_full(struct kmem_cache_node *pool, struct slab *slab)
{
#ifdef CONFIG_SLUB_DEBUG
	list_add(&slab->slab_list, &pool->full);
#endif
}

static void unlist(struct kmem_cache_node *pool, struct slab *slab,
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
static bool settle(struct kmem_cache *s, struct kmem_cache_node *pool,
		   struct slab *slab, unsigned int before, unsigned int now)
{
	if (now != slab->objects) {
		if (!before && now)
			list_partial(pool, slab);
		else if (!now && slub_debugged(s))
			list_full(pool, slab);
		return false;
	}
	if (before)
		unlist(pool, slab, before);
	if (pool->nr_empty >= s->min_partial || slab_test_pfmemalloc(slab))
		return true;
	list_empty_slab(pool, slab);
	return false;
}

/*
 * A slab of the emergency reserves serves nobody but who may use those. Such
 * slabs are last on the list: if the first one is, all are.
 */
static struct slab *first_usable(struct kmem_cache_node *pool, gfp_t gfp)
{
	struct slab *slab;

	slab = list_first_entry_or_null(&pool->partial, struct slab, slab_list);
	if (slab && likely(!slab_test_pfmemalloc(slab) ||
			   gfp_pfmemalloc_allowed(gfp)))
		return slab;
	return list_first_entry_or_null(&pool->empty, struct slab, slab_list);
}

/* Take all free objects and become the owner; list_lock held. */
static void *take_all(struct kmem_cache *s, struct kmem_cache_node *pool,
		      struct slab *slab)
{
	union slab_word old = { .word = READ_ONCE(slab->state) };
	union slab_word new = { .owned = 1 };

	/* Others may still add to a partial slab, but not fill it. */
	while (!word_change(slab, &old, new))
		;
	unlist(pool, slab, old.free);
	return word_first(s, slab, old);
}

/* Take one object of a slab that stays in the pool; list_lock held. */
static void *take_one(struct kmem_cache *s, struct kmem_cache_node *pool,
		      struct slab *slab, bool *corrupt)
{
	union slab_word old = { .word = READ_ONCE(slab->state) }, new;
	void *object, *next;

	do {
		object = word_first(s, slab, old);
		next = get_freepointer(s, object);
		*corrupt = next ? !slab_holds(s, slab, next) : old.free != 1;
		new = old;
		new.free = *corrupt ? 0 : old.free - 1;
		new.head = new.free ? slab_index(s, slab, next) + 1 : 0;
	} while (!word_change(slab, &old, new));

	if (old.free == slab->objects || !new.free) {
		unlist(pool, slab, old.free);
		if (new.free)
			list_partial(pool, slab);
	}
	return object;
}

/**
 * slub_pool_take - take objects out of the pool
 * @s: the cache
 * @node: id of the node whose part of the pool is asked
 * @gfp: the caller's flags; they tell whether reserves may be used
 * @whole: where to store the slab if all of its free objects are wanted, and
 *         the caller becomes its owner; NULL to get a single object
 *
 * A slab whose free list turns out to be corrupt is reported and set aside as
 * full: what was on the list is lost, what is in use stays in use.
 *
 * Context: any but NMI; takes list_lock with interrupts off.
 * Return: the first object, linked to the others if @whole was given, or NULL
 * if the pool has nothing for this caller there.
 */
void *slub_pool_take(struct kmem_cache *s, int node, gfp_t gfp,
		     struct slab **whole)
{
	struct kmem_cache_node *pool = get_node(s, node);
	bool corrupt = false;
	struct slab *slab;
	unsigned long flags;
	void *object = NULL;

	if (slub_debugged(s))
		return slub_pool_take_checked(s, node, gfp);
	/* May miss a slab that comes just now; the lock is not worth it. */
	if (!READ_ONCE(pool->nr_partial) && !READ_ONCE(pool->nr_empty))
		return NULL;

	spin_lock_irqsave(&pool->list_lock, flags);
	slab = first_usable(pool, gfp);
	if (slab && whole)
		object = take_all(s, pool, slab);
	else if (slab)
		object = take_one(s, pool, slab, &corrupt);
	spin_unlock_irqrestore(&pool->list_lock, flags);

	if (object && whole) {
		*whole = slab;
		slub_stat(s, STAT_ALLOC_FROM_PARTIAL);
	}
	if (unlikely(corrupt))
		slub_report_slab(s, slab, "free list corrupt, slab set aside");
	return object;
}

/**
 * slub_pool_collect - collect what others have freed into an owned slab
 * @s: the cache
 * @slab: a slab that the caller owns and has no free object of
 *
 * If nothing was freed, the slab is full and the caller owns it no more; the
 * first free puts it into the pool. It must not be touched after that.
 *
 * Context: any but NMI; takes no lock.
 * Return: the objects, linked, or NULL if the slab is not owned any more.
 */
void *slub_pool_collect(struct kmem_cache *s, struct slab *slab)
{
	union slab_word old = { .word = READ_ONCE(slab->state) }, new;

	do {
		new.word = 0;
		new.owned = old.free != 0;
	} while (!word_change(slab, &old, new));
	return word_first(s, slab, old);
}

/* The last object of a linked list, and how many there are; 0 if corrupt. */
static unsigned int list_end(struct kmem_cache *s, struct slab *slab,
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

/**
 * slub_pool_put - give up a slab
 * @s: the cache
 * @slab: a slab that the caller owns
 * @freelist: what the caller has of its free objects, linked, or NULL
 *
 * The slab goes into the pool, or back to the page allocator if all of its
 * objects are free and the reserve is full.
 *
 * Context: any but NMI; takes list_lock with interrupts off. The time grows
 * with the number of objects on @freelist, before the lock is taken.
 */
void slub_pool_put(struct kmem_cache *s, struct slab *slab, void *freelist)
{
	struct kmem_cache_node *pool = get_node(s, slab_nid(slab));
	union slab_word old, new;
	unsigned int count = 0;
	unsigned long flags;
	bool discard, twice = false;
	void *tail = NULL;

	if (slab->objects == 1 && !slub_debugged(s)) {
		/* Its one object is the caller's; nobody else knows of it. */
		WRITE_ONCE(slab->state, 0);
		return;
	}
	if (freelist) {
		count = list_end(s, slab, freelist, &tail);
		if (unlikely(!count))
			slub_report_slab(s, slab,
					 "free list corrupt, objects set aside");
	}

	spin_lock_irqsave(&pool->list_lock, flags);
	old.word = READ_ONCE(slab->state);
	do {
		/* Freed here and elsewhere, too: trust the shared list alone. */
		twice |= old.free + count > slab->objects;
		if (twice)
			count = 0;
		new = old;
		if (count)
			new = word_add(s, slab, old, freelist, tail, count);
		new.owned = 0;
	} while (!word_change(slab, &old, new));
	slub_stat_given_up(s, slab, old.free, new.free);
	discard = settle(s, pool, slab, 0, new.free);
	spin_unlock_irqrestore(&pool->list_lock, flags);

	if (unlikely(twice))
		slub_report_slab(s, slab, "double free, objects set aside");
	if (discard)
		slub_discard(s, slab);
}

/* As slub_pool_free(), for a slab that has to move to another list. */
static noinline bool free_and_settle(struct kmem_cache *s, struct slab *slab,
				     void *head, void *tail,
				     unsigned int count)
{
	struct kmem_cache_node *pool = get_node(s, slab_nid(slab));
	union slab_word old, new;
	bool discard = false, refused;
	unsigned long flags;

	spin_lock_irqsave(&pool->list_lock, flags);
	old.word = READ_ONCE(slab->state);
	do {
		refused = word_refuses(s, slab, old, head, count);
		if (refused)
			break;
		new = word_add(s, slab, old, head, tail, count);
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
 * slub_pool_free - free objects into a slab that this CPU does not own
 * @s: the cache
 * @slab: the slab that the objects belong to
 * @head: the first of them; each is linked to the next one
 * @tail: the last of them
 * @count: how many there are, 1 or more
 *
 * Takes no lock if the slab has an owner, or was partial and stays so.
 *
 * Context: any but NMI; may take list_lock with interrupts off.
 * Return: false, and nothing done, if @head was free already.
 */
bool slub_pool_free(struct kmem_cache *s, struct slab *slab, void *head,
		    void *tail, unsigned int count)
{
	union slab_word old = { .word = READ_ONCE(slab->state) }, new;

	if (slab->objects == 1)
		return free_single(s, slab, old);
	do {
		if (!old.owned &&
		    (!old.free || old.free + count >= slab->objects))
			return free_and_settle(s, slab, head, tail, count);
		if (word_refuses(s, slab, old, head, count))
			return false;
		new = word_add(s, slab, old, head, tail, count);
	} while (!word_change(slab, &old, new));
	if (old.owned)
		slub_stat_add(s, STAT_FREE_FROZEN, count);
	return true;
}

/**
 * slub_pool_trim - give empty slabs back
 * @s: the cache
 * @keep: how many each node keeps at most
 *
 * Context: any but NMI; takes list_lock with interrupts off.
 */
void slub_pool_trim(struct kmem_cache *s, unsigned int keep)
{
	struct kmem_cache_node *pool;
	struct slab *slab, *next;
	unsigned long flags;
	LIST_HEAD(empty);
	int node;

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
}

/**
 * slub_pool_slabs - how many slabs a cache has, in the pool or not
 * @s: the cache
 *
 * Context: any. Return: the number of slabs.
 */
unsigned long slub_pool_slabs(struct kmem_cache *s)
{
	struct kmem_cache_node *pool;
	unsigned long slabs = 0;
	int node;

	for_each_kmem_cache_node(s, node, pool)
		slabs += atomic_long_read(&pool->nr_slabs);
	return slabs;
}

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
		word.word = READ_ONCE(slab->state);
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
 * slub_pool_count_owned - count the free objects of an owned slab
 * @s: the cache
 * @slab: a slab that the caller owns
 * @freelist: what the caller has of its free objects, linked, or NULL
 *
 * Context: any but NMI; takes no lock. Follows @freelist to its end.
 * Return: the number of free objects, those that others freed included.
 */
unsigned int slub_pool_count_owned(struct kmem_cache *s, struct slab *slab,
				   void *freelist)
{
	union slab_word word = { .word = READ_ONCE(slab->state) };
	void *tail;

	return word.free + list_end(s, slab, freelist, &tail);
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
	union slab_word word = { .word = READ_ONCE(slab->state) };
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
	union slab_word word = { .word = READ_ONCE(slab->state) };
	void *object = word_first(s, slab, word), *tail;

	return !word.owned && word.free &&
	       list_end(s, slab, object, &tail) >= word.free;
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
	struct slab *slab, *bad;
	unsigned long flags;
	long count = 0;
	int node;

	for_each_kmem_cache_node(s, node, pool) {
		bad = NULL;
		spin_lock_irqsave(&pool->list_lock, flags);
		list_for_each_entry(slab, &pool->partial, slab_list) {
			if (!slab_sound(s, slab))
				bad = slab;
			count++;
		}
		spin_unlock_irqrestore(&pool->list_lock, flags);
		/* Not under the lock: a console may want to allocate. */
		if (bad)
			slub_report_slab(s, bad, "free list corrupt");
	}
	return count;
}

/* ---- Caches that are debugged: all under list_lock, one object at a time ---- */

#ifdef CONFIG_SLUB_DEBUG
static union slab_word word_of(const struct slab *slab)
{
	return (union slab_word){ .word = READ_ONCE(slab->state) };
}

/* Take a slab off its list, and own it: it stays until slub_pool_put(). */
static void claim(struct kmem_cache_node *pool, struct slab *slab)
{
	union slab_word word = word_of(slab);

	unlist(pool, slab, word.free);
	word.owned = 1;
	WRITE_ONCE(slab->state, word.word);
}

/* The first object of a slab that was claimed, if it can be handed out. */
static void *take_sound(struct kmem_cache *s, struct slab *slab,
			struct slub_finding *f)
{
	union slab_word word = word_of(slab);
	void *object = word_first(s, slab, word), *next;

	if (!slub_debug_take(s, slab, object, f))
		return NULL;
	next = get_freepointer(s, object);
	if (next ? !slab_holds(s, slab, next) : word.free != 1) {
		f->what = "Freepointer corrupt";
		f->object = object;
		return NULL;
	}
	word.free--;
	word.head = next ? slab_index(s, slab, next) + 1 : 0;
	WRITE_ONCE(slab->state, word.word);
	return object;
}

/*
 * Nothing of the slab is handed out, given back or looked at any more: it stays
 * owned, by nobody. What is in use can still be freed.
 */
static void set_aside(struct slab *slab)
{
	union slab_word word = { .owned = 1 };

	WRITE_ONCE(slab->state, word.word);
}

/* As settle(), for a slab that was claimed and has a free object less or more. */
static bool unclaim(struct kmem_cache *s, struct kmem_cache_node *pool,
		    struct slab *slab)
{
	union slab_word word = word_of(slab);

	word.owned = 0;
	WRITE_ONCE(slab->state, word.word);
	return settle(s, pool, slab, 0, word.free);
}

/**
 * slub_pool_take_checked - take an object of a cache that is debugged
 * @s: the cache
 * @node: id of the node whose part of the pool is asked
 * @gfp: the caller's flags; they tell whether reserves may be used
 *
 * A slab in which something is wrong is reported and set aside as full.
 *
 * Context: any but NMI; takes list_lock with interrupts off.
 * Return: the object, or NULL if there is none.
 */
void *slub_pool_take_checked(struct kmem_cache *s, int node, gfp_t gfp)
{
	struct kmem_cache_node *pool = get_node(s, node);
	struct slub_finding f;
	struct slab *slab;
	unsigned long flags;
	void *object;

	for (;;) {
		f = (struct slub_finding){ };
		object = NULL;
		spin_lock_irqsave(&pool->list_lock, flags);
		slab = first_usable(pool, gfp);
		if (slab) {
			claim(pool, slab);
			object = take_sound(s, slab, &f);
		}
		if (slab && !object)
			set_aside(slab);
		if (object)
			unclaim(s, pool, slab);
		spin_unlock_irqrestore(&pool->list_lock, flags);
		if (!slab || object)
			return object;
		slub_report_finding(s, slab, &f);
		slub_report_fix(s, "Marking all objects used");
	}
}

/**
 * slub_pool_free_checked - free an object of a cache that is debugged
 * @s: the cache
 * @slab: the slab that it lies in
 * @object: what is to be freed
 * @track: who frees it
 *
 * Context: any but NMI; takes list_lock with interrupts off.
 * Return: false if something is wrong: it was reported, and nothing freed.
 */
bool slub_pool_free_checked(struct kmem_cache *s, struct slab *slab,
			    void *object, const struct slub_track *track)
{
	struct kmem_cache_node *pool = get_node(s, slab_nid(slab));
	bool claimed, sound, discard = false;
	struct slub_finding f = { };
	union slab_word word;
	unsigned long flags;

	spin_lock_irqsave(&pool->list_lock, flags);
	/* If it has an owner already, that one reports something just now. */
	claimed = !word_of(slab).owned;
	if (claimed)
		claim(pool, slab);
	sound = slub_debug_give(s, slab, object, track, &f);
	if (sound) {
		word = word_add(s, slab, word_of(slab), object, object, 1);
		WRITE_ONCE(slab->state, word.word);
		if (claimed)
			discard = unclaim(s, pool, slab);
	} else if (f.aside) {
		set_aside(slab);
	}
	spin_unlock_irqrestore(&pool->list_lock, flags);

	if (discard)
		slub_discard(s, slab);
	if (sound)
		return true;
	slub_report_finding(s, slab, &f);
	if (f.from) {
		/* So that it is reported once. The object is never freed. */
		memset(f.from, f.value, f.to - f.from);
		slub_report_repair(s, &f);
	}
	if (f.aside)
		slub_report_fix(s, "Marking all objects used");
	slub_report_fix(s, "Object at 0x%p not freed", object);
	if (claimed && !f.aside)
		slub_pool_put(s, slab, NULL);
	return false;
}

/* All slabs on one list. Return: one at which @look said to stop, or NULL. */
static struct slab *each_of(struct kmem_cache *s, struct list_head *list,
			    bool (*look)(struct kmem_cache *s,
					 struct slab *slab, void *arg),
			    void *arg)
{
	struct slab *slab;

	list_for_each_entry(slab, list, slab_list)
		if (!look(s, slab, arg))
			return slab;
	return NULL;
}

static struct slab *each_on_node(struct kmem_cache *s,
				 struct kmem_cache_node *pool,
				 bool (*look)(struct kmem_cache *s,
					      struct slab *slab, void *arg),
				 void *arg)
{
	return each_of(s, &pool->partial, look, arg) ?:
	       each_of(s, &pool->full, look, arg) ?:
	       each_of(s, &pool->empty, look, arg);
}

/**
 * slub_pool_each_slab - look at all slabs of a cache that is debugged
 * @s: the cache
 * @look: called for each with list_lock held; returns whether to go on
 * @arg: passed to @look
 *
 * Context: any but NMI; takes list_lock with interrupts off, for all of a node.
 */
void slub_pool_each_slab(struct kmem_cache *s,
			 bool (*look)(struct kmem_cache *s, struct slab *slab,
				      void *arg), void *arg)
{
	struct kmem_cache_node *pool;
	unsigned long flags;
	struct slab *slab;
	int node;

	for_each_kmem_cache_node(s, node, pool) {
		spin_lock_irqsave(&pool->list_lock, flags);
		slab = each_on_node(s, pool, look, arg);
		spin_unlock_irqrestore(&pool->list_lock, flags);
		if (slab)
			return;
	}
}

struct validation {
	unsigned long *map;
	struct slub_finding f;
	long slabs;
};

static bool validate_slab(struct kmem_cache *s, struct slab *slab, void *arg)
{
	struct validation *v = arg;

	v->slabs++;
	return slub_check_slab(s, slab, v->map, &v->f);
}

/* Report one thing that is wrong on a node, and repair it. */
static bool validate_step(struct kmem_cache *s, struct kmem_cache_node *pool,
			  struct validation *v)
{
	unsigned long flags;
	struct slab *slab;

	v->slabs = 0;
	v->f = (struct slub_finding){ };
	spin_lock_irqsave(&pool->list_lock, flags);
	slab = each_on_node(s, pool, validate_slab, v);
	if (slab)
		claim(pool, slab);
	spin_unlock_irqrestore(&pool->list_lock, flags);
	if (!slab)
		return false;

	slub_report_finding(s, slab, &v->f);
	spin_lock_irqsave(&pool->list_lock, flags);
	if (v->f.lost)
		set_aside(slab);
	else
		slub_repair(s, slab, v->map, &v->f);
	spin_unlock_irqrestore(&pool->list_lock, flags);
	if (v->f.lost) {
		slub_report_fix(s, "Marking all objects used");
	} else {
		slub_report_repair(s, &v->f);
		slub_pool_put(s, slab, NULL);
	}
	return true;
}

/* So much can be wrong with a node's slabs before validation gives up. */
#define FINDINGS_MAX	1000

/**
 * slub_pool_validate_checked - check all slabs of a cache that is debugged
 * @s: the cache
 * @map: bitmap of SLAB_OBJECTS_MAX bits, to be overwritten
 *
 * What is wrong is reported and repaired.
 *
 * Context: may sleep; takes list_lock with interrupts off, for all of a node.
 * Return: the number of slabs looked at.
 */
long slub_pool_validate_checked(struct kmem_cache *s, unsigned long *map)
{
	struct validation v = { .map = map };
	struct kmem_cache_node *pool;
	long slabs = 0;
	int node, i;

	for_each_kmem_cache_node(s, node, pool) {
		for (i = 0; i < FINDINGS_MAX && validate_step(s, pool, &v); i++)
			cond_resched();
		slabs += v.slabs;
	}
	return slabs;
}
#endif

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
