/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MM_SLUB_LOCAL_H
#define MM_SLUB_LOCAL_H
/*
 * SLUB: what the owner of a slab has for itself: the free objects that it alone
 * knows, apart from those that others have freed, which are in slab->state. Nobody
 * else reads or writes it, but for a glance at slab->local; all of this is done
 * between slub_cpu_enter() and slub_cpu_exit(), or by who holds a slab on its way.
 *
 * slab->local has their number. Which ones they are is, on 64 bit, if the slab has
 * no more than 64 objects, a bit of slab->map each. To free is to set a bit then, to
 * allocate to clear one, the objects themselves are left alone, and what is freed
 * twice is noticed. Other slabs have a list, like that of slab->state. While none
 * was freed of those that a new or an empty slab has given it needs no links: the
 * list is called fresh.
 *
 * What comes from others is a list in any case, and what is given to the pool, too.
 * local_adopt() and local_link() change one into the other.
 *
 * Last come the few steps by which a CPU's slabs become its own, or no more.
 */
#include <linux/bits.h>
#include <linux/random.h>

#include "slub.h"

static __always_inline bool slab_mapped(const struct slab *slab)
{
	return IS_ENABLED(CONFIG_64BIT) && slab->objects <= BITS_PER_LONG;
}

static __always_inline unsigned long *slab_map(struct slab *slab)
{
#ifdef CONFIG_64BIT
	return &slab->map;
#else
	return NULL;
#endif
}

/*
 * Has a slab that the caller owns no object in use? Then nobody else knows it. What
 * others did to objects before they freed them is over.
 */
static __always_inline bool slab_all_free(const struct slab *slab)
{
	return slab_count_free(slab) == slab->objects;
}

/*
 * Put @object into a slab that this CPU owns, and that is not fresh.
 * Return: false, and nothing done, if it was seen to be free already.
 */
static __always_inline bool local_push(struct kmem_cache *s, struct slab *slab,
				       void *object)
{
	union slab_word local = slab_local(slab);
	u32 number = slab_number(s, object - slab_address(slab));
	void *next;

	if (likely(slab_mapped(slab))) {
		if (unlikely(*slab_map(slab) & BIT(number)))
			return false;
		*slab_map(slab) |= BIT(number);
		/* It was spared when the rest was wiped, for a link. */
		if (slab_want_init_on_free(s))
			memset(object + s->offset, 0, sizeof(void *));
	} else {
		next = word_first(s, slab, local);
		if (unlikely(next == object || local.free >= slab->objects))
			return false;
		set_freepointer(s, object, next);
		local.head = number + 1;
	}
	local.free++;
	WRITE_ONCE(slab->local, local.word);
	return true;
}

/*
 * Are links of objects that are all free worth reading? If they alone can keep a
 * random order, or if lists are hardened: a double free shows in them.
 */
static inline bool local_needs_links(struct kmem_cache *s, struct slab *slab)
{
	return IS_ENABLED(CONFIG_SLAB_FREELIST_HARDENED) ||
	       (!slab_mapped(slab) && slub_sequence_for(s, slab->objects));
}

/* Is no object of a slab linked that its owner knows to be free? */
static inline bool local_unlinked(const struct slab *slab)
{
	return slab_mapped(slab) ? !slab_local(slab).head :
				   slab_local(slab).fresh;
}

/*
 * All objects of a slab are free, and set up: be there links or none, they come as
 * those of a new slab.
 */
static inline void local_fresh(struct slab *slab)
{
	union slab_word local = { .free = slab->objects };

	if (slab_mapped(slab)) {
		*slab_map(slab) = GENMASK(slab->objects - 1, 0);
	} else {
		local.head = 1;
		local.fresh = 1;
	}
	slab->local = local.word;
}

/* All objects of a slab are taken. */
static inline void local_none(struct slab *slab)
{
	if (slab_mapped(slab))
		*slab_map(slab) = 0;
	WRITE_ONCE(slab->local, 0);
}

/*
 * Take over the list that others made of a slab's objects.
 * Return: false if it is corrupt: what comes behind that is lost.
 */
static inline bool local_adopt(struct kmem_cache *s, struct slab *slab)
{
	union slab_word local = slab_local(slab);
	void *object = word_first(s, slab, local);
	unsigned int left = local.free;
	unsigned long map = 0;
	u32 number;

	if (!slab_mapped(slab) || !object)
		return true;
	for (; object && left; left--, object = get_freepointer(s, object)) {
		if (unlikely(!slab_holds_plain(s, slab, object)))
			break;
		number = slab_number(s, object - slab_address(slab));
		if (unlikely(map & BIT(number)))
			break;
		map |= BIT(number);
	}
	*slab_map(slab) = map;
	local.head = 0;
	local.free -= left;
	WRITE_ONCE(slab->local, local.word);
	return !left && !object;
}

/* Takes locks: not between slub_cpu_enter() and slub_cpu_exit(). */
static inline u32 slub_random(void)
{
	return IS_ENABLED(CONFIG_SLAB_FREELIST_RANDOM) ? get_random_u32() : 0;
}

/* Where in the order of @sequence, if there is one, to begin. */
static inline unsigned int map_start(const struct slub_sequence *sequence,
				     u32 random)
{
	return sequence ? reciprocal_scale(random, sequence->count) : 0;
}

/* Take the next one out of @map: the lowest, or what @sequence says. */
static inline unsigned int map_take(const struct slub_sequence *sequence,
				    unsigned long *map, unsigned int *at)
{
	unsigned int number;

	if (!sequence) {
		number = __ffs(*map);
		*map &= *map - 1;
		return number;
	}
	do {
		number = sequence->index[*at];
		*at = *at + 1 < sequence->count ? *at + 1 : 0;
	} while (number >= BITS_PER_LONG || !(*map & BIT(number)));
	*map &= ~BIT(number);
	return number;
}

/*
 * Take @count objects, or as many as there are, to where @top points, and so down;
 * in an order that @random varies, if it is to be a random one.
 * Return: how many; fewer if a link is bad: what comes behind that is lost.
 */
static inline unsigned int local_take(struct kmem_cache *s, struct slab *slab,
				      u32 random, unsigned int count,
				      void **top)
{
	union slab_word local = slab_local(slab);
	struct slub_sequence *sequence;
	void *first = slab_object(s, slab, 0);
	unsigned int taken, at;
	unsigned long map;

	count = min_t(unsigned int, count, local.free);
	if (!slab_mapped(slab) || local.head) {
		taken = list_take(s, slab, &local, count, top);
		WRITE_ONCE(slab->local, local.word);
		return taken;
	}
	sequence = slub_sequence_for(s, slab->objects);
	at = map_start(sequence, random);
	map = *slab_map(slab);
	for (taken = 0; taken < count; taken++)
		*top-- = first + map_take(sequence, &map, &at) * s->size;
	*slab_map(slab) = map;
	local.free -= count;
	WRITE_ONCE(slab->local, local.word);
	return count;
}

/*
 * Make a list of what the owner has, for others. Not between slub_cpu_enter() and
 * slub_cpu_exit(), unless it is fresh.
 */
static inline void local_link(struct kmem_cache *s, struct slab *slab)
{
	union slab_word local = slab_local(slab);
	struct slub_sequence *sequence;
	void *object, *last = NULL;
	unsigned int left, number, at;
	unsigned long map;

	if (local.fresh) {
		object = word_first(s, slab, local);
		for (left = local.free; left > 1; left--, object += s->size)
			set_freepointer(s, object, object + s->size);
		set_freepointer(s, object, NULL);
		local.fresh = 0;
	} else if (slab_mapped(slab) && local.free && !local.head) {
		sequence = slub_sequence_for(s, slab->objects);
		at = map_start(sequence, slub_random());
		for (map = *slab_map(slab); map; ) {
			number = map_take(sequence, &map, &at);
			object = slab_object(s, slab, number);
			if (last)
				set_freepointer(s, last, object);
			else
				local.head = number + 1;
			last = object;
		}
		set_freepointer(s, last, NULL);
		*slab_map(slab) = 0;
	}
	WRITE_ONCE(slab->local, local.word);
}

/* The CPU owns @slab from now on, or no more. */
static inline void cpu_own(struct kmem_cache *s, struct kmem_cache_cpu *c,
			   struct slab *slab)
{
	slub_stat(s, STAT_CPU_PARTIAL_FREE);
	WRITE_ONCE(slab->owner, c->id);
	list_add(&slab->slab_list, &c->partial);
	c->nr_partial++;
}

static inline void cpu_disown(struct kmem_cache_cpu *c, struct slab *slab,
			      struct list_head *leaving)
{
	WRITE_ONCE(slab->owner, 0);
	list_move(&slab->slab_list, leaving);
	c->nr_partial--;
}

/* Let objects that are freed be at hand, as many as may be. Return: whether more may. */
static inline bool hand_open(struct kmem_cache *s, struct kmem_cache_cpu *c)
{
	void **before = c->limit;

	c->limit = c->recent + (READ_ONCE(s->cpu_partial) ? c->max_room : 0);
	return c->limit > before;
}

#endif /* MM_SLUB_LOCAL_H */
