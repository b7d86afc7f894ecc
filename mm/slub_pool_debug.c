// SPDX-License-Identifier: GPL-2.0-only
/*
 * SLUB: the pool of a cache that is debugged.
 *
 * No CPU owns a slab of such a cache: each one is on the partial, empty or full
 * list of its node, and its word is changed under list_lock alone. Whoever wants
 * to report or to repair something claims the slab first: it is on no list then,
 * has an owner, and stays until that one puts it back.
 */
#include <linux/slab.h>

#include "slub_debug.h"
#include "slub_pool.h"

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
	if (word.free == 1 ? !!next : !slab_holds(s, slab, next)) {
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

/* Something is wrong: say so, and see to it that it is said once. */
static void report_refused(struct kmem_cache *s, struct slab *slab,
			   const struct slub_finding *f, bool claimed)
{
	slub_report_finding(s, slab, f);
	if (!claimed)
		return;
	if (f->aside) {
		slub_report_fix(s, "Marking all objects used");
		return;
	}
	if (f->from) {
		memset(f->from, f->value, f->to - f->from);
		slub_report_repair(s, f);
	}
	slub_pool_put(s, slab);
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
		/* All but damage behind the last object is the slab's end. */
		f.aside = f.object || !f.from;
		if (slab && !object && f.aside)
			set_aside(slab);
		if (object)
			unclaim(s, pool, slab);
		spin_unlock_irqrestore(&pool->list_lock, flags);
		if (!slab || object)
			return object;
		report_refused(s, slab, &f, true);
	}
}

/* The word alone tells that it was freed last, or that nothing is in use. */
static bool already_free(struct kmem_cache *s, struct slab *slab, void *object,
			 struct slub_finding *f)
{
	if (!word_refuses(s, slab, word_of(slab), object))
		return false;
	f->what = "Object already free";
	f->object = object;
	return true;
}

static bool free_sound(struct kmem_cache *s, struct slab *slab, void *object,
		       const struct slub_track *track, struct slub_finding *f)
{
	struct kmem_cache_node *pool = get_node(s, slab_nid(slab));
	bool claimed = false, sound = false, discard = false;
	union slab_word old, new;
	unsigned long flags;

	spin_lock_irqsave(&pool->list_lock, flags);
	old = word_of(slab);
	/* A slab in which all is free may be about to go: hands off. */
	if (!already_free(s, slab, object, f)) {
		sound = slub_debug_give(s, slab, object, track, f);
		/* If it has an owner, that one has reported it, or does now. */
		claimed = !old.owned;
		if (claimed)
			claim(pool, slab);
	}
	if (sound) {
		new = word_add(s, slab, word_of(slab), object, object, 1);
		WRITE_ONCE(slab->state, new.word);
		slub_stat_freed(s, slab, old, new);
		if (claimed)
			discard = unclaim(s, pool, slab);
	} else if (f->aside && claimed) {
		set_aside(slab);
	}
	spin_unlock_irqrestore(&pool->list_lock, flags);

	if (discard)
		slub_discard(s, slab);
	if (!sound)
		report_refused(s, slab, f, claimed);
	return sound;
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
	struct slub_finding f = { };

	if (free_sound(s, slab, object, track, &f))
		return true;
	/* The end of the slab was damaged and is mended: the object is sound. */
	if (f.from && !f.object) {
		f = (struct slub_finding){ };
		if (free_sound(s, slab, object, track, &f))
			return true;
	}
	slub_report_fix(s, "Object at 0x%p not freed", object);
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

/* Report what is wrong with a slab that was claimed, and mend it. */
static void mend(struct kmem_cache *s, struct kmem_cache_node *pool,
		 struct slab *slab, struct validation *v)
{
	bool repaired = false;
	unsigned long flags;

	slub_report_finding(s, slab, &v->f);
	spin_lock_irqsave(&pool->list_lock, flags);
	if (v->f.lost)
		set_aside(slab);
	else
		repaired = slub_repair(s, slab, v->map, &v->f);
	spin_unlock_irqrestore(&pool->list_lock, flags);
	if (repaired)
		slub_report_repair(s, &v->f);
	if (v->f.lost)
		slub_report_fix(s, "Marking all objects used");
	else
		slub_pool_put(s, slab);
}

/* Report one thing that is wrong on a node, and repair it. */
static bool validate_step(struct kmem_cache *s, struct kmem_cache_node *pool,
			  struct validation *v)
{
	unsigned long flags;
	struct slab *slab;

	v->slabs = 0;
	v->f = (struct slub_finding){ };
	/* A slab that is claimed must be back before anybody gives up the cache. */
	mutex_lock(&slub_trim_lock);
	spin_lock_irqsave(&pool->list_lock, flags);
	slab = each_on_node(s, pool, validate_slab, v);
	if (slab)
		claim(pool, slab);
	spin_unlock_irqrestore(&pool->list_lock, flags);
	if (slab)
		mend(s, pool, slab, v);
	mutex_unlock(&slub_trim_lock);
	return slab;
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
 * Context: may sleep; takes slub_trim_lock, and list_lock with interrupts off, for all
 * of a node. Return: the number of slabs looked at.
 */
long slub_pool_validate_checked(struct kmem_cache *s, unsigned long *map)
{
	struct validation v = { .map = map };
	struct kmem_cache_node *pool;
	long slabs = 0;
	int node, i;

	for_each_kmem_cache_node(s, node, pool) {
		for (i = 0; i < FINDINGS_MAX && validate_step(s, pool, &v); i++) {
			/* One that is set aside is not met again. */
			slabs += v.f.lost;
			cond_resched();
		}
		slabs += v.slabs;
		cond_resched();
	}
	return slabs;
}
