// SPDX-License-Identifier: GPL-2.0-only
/*
 * SLUB: checks of caches that are debugged.
 *
 * On each allocation and free: what the options put around the object, and with
 * F the slab and its free list, too. On demand: all of that for all objects of
 * all slabs. A check looks, and says what it found in a struct slub_finding.
 * It prints nothing: list_lock is held, and consoles allocate memory.
 */
#include <linux/bitmap.h>
#include <linux/kasan.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "slub_debug.h"
#include "slub_pool.h"

static bool found(struct slub_finding *f, const char *what, void *object)
{
	f->what = what;
	f->object = object;
	return false;
}

/* ---- Bytes ---- */

static bool check_bytes(struct slub_finding *f, const char *what, void *object,
			u8 *from, u8 value, size_t bytes)
{
	u8 *to = from + bytes;

	/* What is free is poisoned for KASAN, too. */
	kasan_disable_current();
	from = memchr_inv(from, value, bytes);
	while (from && to[-1] == value)
		to--;
	kasan_enable_current();
	if (!from)
		return true;
	f->from = from;
	f->to = to;
	f->value = value;
	f->first = *from;
	return found(f, what, object);
}

static bool check_red_zones(struct kmem_cache *s, void *object, u8 red,
			    struct slub_finding *f)
{
	return check_bytes(f, "Left Redzone", object, object - s->red_left_pad,
			   red, s->red_left_pad) &&
	       check_bytes(f, "Right Redzone", object, object + s->object_size,
			   red, s->inuse - s->object_size);
}

static bool check_poison(struct kmem_cache *s, void *object,
			 struct slub_finding *f)
{
	return check_bytes(f, "Poison", object, object, POISON_FREE,
			   s->object_size - 1) &&
	       check_bytes(f, "Poison", object,
			   object + s->object_size - 1, POISON_END, 1);
}

/* Is all as it should be around @object, and in it if it is free? */
static bool check_object(struct kmem_cache *s, void *object, u8 red,
			 struct slub_finding *f)
{
	unsigned int end = slub_meta_end(s);

	if ((s->flags & SLAB_RED_ZONE) && !check_red_zones(s, object, red, f))
		return false;
	if (!(s->flags & SLAB_POISON))
		return true;
	if (red == SLUB_RED_INACTIVE && slub_poisons_objects(s) &&
	    !check_poison(s, object, f))
		return false;
	if (!(s->flags & SLAB_RED_ZONE) &&
	    !check_bytes(f, "Alignment padding", object,
			 object + s->object_size, POISON_INUSE,
			 s->inuse - s->object_size))
		return false;
	return check_bytes(f, "Object padding", object, object + end,
			   POISON_INUSE, s->size - s->red_left_pad - end);
}

/* What is left of the slab behind its last object. */
static bool check_slab_end(struct kmem_cache *s, struct slab *slab,
			   struct slub_finding *f)
{
	size_t used = (size_t)slab->objects * s->size;

	return !(s->flags & SLAB_POISON) ||
	       check_bytes(f, "Padding", NULL, slab_address(slab) + used,
			   POISON_INUSE, slab_size(slab) - used);
}

/* ---- Free list ---- */

/*
 * Walk the free list of a slab; set the bits of its objects in @map, if given,
 * and look out for @sought.
 */
static bool check_free_list(struct kmem_cache *s, struct slab *slab,
			    unsigned long *map, const void *sought,
			    struct slub_finding *f)
{
	union slab_word word = word_of(slab);
	void *object = NULL, *next;
	unsigned int count = 0;

	if (map)
		bitmap_zero(map, slab->objects);
	next = word_first(s, slab, word);
	while (next) {
		if (!slab_holds(s, slab, next) || count == slab->objects) {
			f->aside = true;
			return found(f, "Freechain corrupt", object);
		}
		object = next;
		if (object == sought)
			return found(f, "Object already free", object);
		if (map)
			__set_bit(slab_index(s, slab, object), map);
		count++;
		next = get_freepointer(s, object);
	}
	if (count != word.free) {
		f->aside = true;
		f->count = count;
		return found(f, "Wrong object count", NULL);
	}
	return true;
}

/* With F: the slab's free list, and, if @end, what is behind its last object. */
static bool check_consistency(struct kmem_cache *s, struct slab *slab, bool end,
			      const void *sought, struct slub_finding *f)
{
	if (!(s->flags & SLAB_CONSISTENCY_CHECKS))
		return true;
	return (!end || check_slab_end(s, slab, f)) &&
	       check_free_list(s, slab, NULL, sought, f);
}

/* ---- On allocation, free, and end of a slab ---- */

/**
 * slub_debug_take - check a free object that is to be handed out
 * @s: the cache
 * @slab: its slab
 * @object: the first object of the slab's free list
 * @f: what is wrong
 *
 * Context: list_lock held.
 * Return: true, and marked as in use, if it can be handed out.
 */
bool slub_debug_take(struct kmem_cache *s, struct slab *slab, void *object,
		     struct slub_finding *f)
{
	if (!check_consistency(s, slab, true, NULL, f) ||
	    !check_object(s, object, SLUB_RED_INACTIVE, f))
		return false;
	slub_mark_object(s, object, SLUB_RED_ACTIVE);
	return true;
}

/* The red zones of an object tell whether it is free, without any walk. */
static bool looks_like(struct kmem_cache *s, void *object, u8 red)
{
	struct slub_finding f = { };

	return (s->flags & SLAB_RED_ZONE) &&
	       check_red_zones(s, object, red, &f);
}

/**
 * slub_debug_give - check an object that is to be freed
 * @s: the cache
 * @slab: its slab
 * @object: what its user says is an object
 * @track: who frees it; kept with SLAB_STORE_USER
 * @f: what is wrong
 *
 * Context: list_lock held.
 * Return: true, and marked as free, if it can be freed.
 */
bool slub_debug_give(struct kmem_cache *s, struct slab *slab, void *object,
		     const struct slub_track *track, struct slub_finding *f)
{
	/* The end of one that has an owner was reported already. */
	if (!check_consistency(s, slab, !word_of(slab).owned, object, f))
		return false;
	if (looks_like(s, object, SLUB_RED_INACTIVE))
		return found(f, "Object already free", object);
	if (!check_object(s, object, SLUB_RED_ACTIVE, f))
		return false;
	slub_mark_object(s, object, SLUB_RED_INACTIVE);
	if (s->flags & SLAB_STORE_USER)
		*slub_track_of(s, object, TRACK_FREE) = *track;
	return true;
}

/**
 * slub_debug_discard - check a slab that goes back to the page allocator
 * @s: the cache
 * @slab: a slab that nobody else knows, all of its objects free
 *
 * Its memory is given back in either case: all of it will be overwritten.
 *
 * Context: any but NMI, nothing held.
 */
void slub_debug_discard(struct kmem_cache *s, struct slab *slab)
{
	struct slub_finding f = { };
	unsigned int index;

	if (!(s->flags & SLAB_CONSISTENCY_CHECKS))
		return;
	if (!check_slab_end(s, slab, &f))
		goto report;
	for (index = 0; index < slab->objects; index++)
		if (!check_object(s, slab_object(s, slab, index),
				  SLUB_RED_INACTIVE, &f))
			goto report;
	return;
report:
	slub_report_finding(s, slab, &f);
}

/* ---- On demand ---- */

/*
 * Is all that a damaged free list leads to free, by its looks? Red zones tell,
 * and poison does; without both it could as well be in use.
 */
static bool all_look_free(struct kmem_cache *s, struct slab *slab,
			  unsigned long *map)
{
	struct slub_finding f = { };
	unsigned int index;

	if (!(s->flags & SLAB_RED_ZONE) && !slub_poisons_objects(s))
		return false;
	for_each_set_bit(index, map, slab->objects)
		if (!check_object(s, slab_object(s, slab, index),
				  SLUB_RED_INACTIVE, &f))
			return false;
	return true;
}

/**
 * slub_check_slab - check all of a slab
 * @s: the cache
 * @slab: the slab
 * @map: bitmap of slab->objects bits, to be overwritten
 * @f: the first thing that is wrong
 *
 * Context: list_lock held.
 * Return: true if nothing is wrong.
 */
bool slub_check_slab(struct kmem_cache *s, struct slab *slab,
		     unsigned long *map, struct slub_finding *f)
{
	unsigned int index;
	void *object;
	u8 red;

	if (!check_slab_end(s, slab, f))
		return false;
	if (!check_free_list(s, slab, map, NULL, f)) {
		f->lost = !all_look_free(s, slab, map);
		return false;
	}
	for (index = 0; index < slab->objects; index++) {
		object = slab_object(s, slab, index);
		red = test_bit(index, map) ? SLUB_RED_INACTIVE : SLUB_RED_ACTIVE;
		/* A link that leads to an object in use: neither can be told. */
		if (red == SLUB_RED_INACTIVE &&
		    looks_like(s, object, SLUB_RED_ACTIVE)) {
			f->lost = true;
			return found(f, "Freechain corrupt", object);
		}
		if (!check_object(s, object, red, f))
			return false;
	}
	return true;
}

/**
 * slub_repair - repair what slub_check_slab() found
 * @s: the cache
 * @slab: the slab, owned by the caller
 * @map: bitmap of slab->objects bits, to be overwritten
 * @f: what it found
 *
 * Does nothing if the same is not found again: an object may have been freed
 * meanwhile.
 *
 * Context: list_lock held.
 * Return: whether something was repaired.
 */
bool slub_repair(struct kmem_cache *s, struct slab *slab, unsigned long *map,
		 const struct slub_finding *f)
{
	union slab_word word = word_of(slab);
	struct slub_finding again = { };

	if (slub_check_slab(s, slab, map, &again) || again.what != f->what ||
	    again.object != f->object || again.value != f->value)
		return false;
	if (again.from) {
		memset(again.from, again.value, again.to - again.from);
		return true;
	}
	/* The end of the list is lost; then the count has to be told. */
	if (again.object)
		set_freepointer(s, again.object, NULL);
	else
		word.free = again.count;
	if (!word.free)
		word.head = 0;
	WRITE_ONCE(slab->state, word.word);
	return true;
}
