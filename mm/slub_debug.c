// SPDX-License-Identifier: GPL-2.0-only
/*
 * SLUB: debugging options, and what they put around an object.
 *
 * The options of a cache are flags of the cache. They come from its creator
 * or, for all others but those with SLAB_NO_USER_FLAGS, from slub_debug= on
 * the kernel's command line; Documentation/mm/slub.rst has its grammar. They
 * are fixed when the cache is made, since the layout of objects depends on
 * them.
 *
 * slub_debug.h has a picture of the layout.
 */
#include <linux/cpu.h>
#include <linux/ctype.h>
#include <linux/jump_label.h>
#include <linux/kasan.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "slub_debug.h"

/* ---- Options ---- */

#ifdef CONFIG_SLUB_DEBUG_ON
DEFINE_STATIC_KEY_TRUE(slub_debug_enabled);
#else
DEFINE_STATIC_KEY_FALSE(slub_debug_enabled);
#endif

/* What an option block without letters asks for. */
#define DEFAULT_FLAGS	(SLAB_CONSISTENCY_CHECKS | SLAB_DEBUG_METADATA)

#define ALL_FLAGS	(SLAB_DEBUG_FLAGS | SLAB_FAILSLAB)

/* Of caches that no block with names is for. */
static slab_flags_t common_flags __ro_after_init =
	IS_ENABLED(CONFIG_SLUB_DEBUG_ON) ? DEFAULT_FLAGS : 0;

/* What came with slub_debug=, or NULL; a part of the saved command line. */
static const char *given __ro_after_init;

/* O: caches whose slabs would need a higher order are not debugged. */
static bool keep_order __ro_after_init;

/**
 * struct block - one of the ';'-separated parts of slub_debug=
 * @flags: the options that it asks for
 * @names: the list of caches, up to ';' or the end, or NULL for all
 * @order: has the letter O
 * @only_order: has no other
 */
struct block {
	slab_flags_t flags;
	const char *names;
	bool order;
	bool only_order;
};

static slab_flags_t option_flag(char letter)
{
	switch (tolower(letter)) {
	case 'f':
		return SLAB_CONSISTENCY_CHECKS;
	case 'z':
		return SLAB_RED_ZONE;
	case 'p':
		return SLAB_POISON;
	case 'u':
		return SLAB_STORE_USER;
	case 't':
		return SLAB_TRACE;
	case 'a':
		return SLAB_FAILSLAB;
	}
	return 0;
}

/*
 * Parse the block that begins at @str. Return: where the next one begins, or
 * NULL after the last. A letter that is unknown is skipped; @say tells to say so.
 */
static const char *parse_block(const char *str, struct block *block, bool say)
{
	const char *letters = str;

	*block = (struct block){ };
	for (; *str && *str != ',' && *str != ';'; str++) {
		if (*str == '-')
			block->flags = 0;
		else if (tolower(*str) == 'o')
			block->order = true;
		else if (tolower(*str) == 'a' && !SLAB_FAILSLAB && say)
			pr_err("SLUB: slub_debug: option 'A' refused: kernel without CONFIG_FAILSLAB\n");
		else if (!option_flag(*str) && tolower(*str) != 'a' && say)
			pr_err("SLUB: slub_debug: option '%c' refused: not one of F Z P U T A O -; the others count\n",
			       *str);
		block->flags |= option_flag(*str);
	}
	block->only_order = block->order && str == letters + 1;
	if (str == letters)
		block->flags = DEFAULT_FLAGS;
	if (*str == ',')
		block->names = str + 1;
	str = strchrnul(str, ';');
	str += strspn(str, ";");
	return *str ? str : NULL;
}

static int __init setup_slub_debug(char *str)
{
	slab_flags_t any = 0;
	struct block block;
	const char *next;

	if (*str && *str != '=')
		return 0;
	if (*str)
		str++;
	for (next = str + strspn(str, ";"); next;) {
		next = parse_block(next, &block, true);
		keep_order |= block.order;
		/* By itself, O changes how debugging is done, not whether. */
		if (!block.names && !block.only_order)
			common_flags = block.flags;
		if (block.names)
			any |= block.flags;
	}
	given = str;
	any |= common_flags;
	if (any & SLAB_STORE_USER)
		stack_depot_want_early_init();
	if (any & SLAB_DEBUG_FLAGS)
		static_branch_enable(&slub_debug_enabled);
	else
		static_branch_disable(&slub_debug_enabled);
	return 1;
}
__setup("slub_debug", setup_slub_debug);

/* Is @name in the list @names, which ends at ';' or the end? */
static bool listed(const char *names, const char *name)
{
	size_t length;

	while (*names && *names != ';') {
		length = strcspn(names, ",;");
		if (length && names[length - 1] == '*') {
			if (!strncmp(names, name, length - 1))
				return true;
		} else if (length == strlen(name) &&
			   !strncmp(names, name, length)) {
			return true;
		}
		names += length;
		names += *names == ',';
	}
	return false;
}

/* The options of the first block that names the cache, else the common ones. */
static slab_flags_t flags_for(const char *name, bool *named)
{
	const char *next = given;
	struct block block;

	while (next) {
		next = parse_block(next, &block, false);
		*named = block.names && listed(block.names, name);
		if (*named)
			return block.flags;
	}
	return common_flags;
}

/**
 * slub_debug_flags - add to the flags of a cache what slub_debug= asks for
 * @flags: what its creator asked for
 * @name: its name
 *
 * Context: any. Return: these flags, and those of slub_debug=.
 */
slab_flags_t slub_debug_flags(slab_flags_t flags, const char *name)
{
	bool named = false;
	slab_flags_t more;

	if ((flags & SLAB_NO_USER_FLAGS) || !name)
		return flags;
	more = flags_for(name, &named);
	/* A leak detector's own objects: the stacks would be its own as well. */
	if ((flags & SLAB_NOLEAKTRACE) && !named)
		more &= ~(slab_flags_t)SLAB_STORE_USER;
	return flags | (more & ALL_FLAGS);
}

/* ---- Layout: hooks of slub_cache.c, in this order ---- */

/**
 * slub_debug_red_zone - make room for a right red zone
 * @s: the cache
 * @size: bytes of an object, rounded up to a word
 *
 * Context: any. Return: @size, or more if rounding up has left no room.
 */
unsigned int slub_debug_red_zone(struct kmem_cache *s, unsigned int size)
{
	if ((s->flags & SLAB_RED_ZONE) && size == s->object_size)
		size += sizeof(void *);
	return size;
}

/**
 * slub_poisons_objects - are free objects of a cache filled with poison?
 * @s: the cache
 *
 * Not if their content has to survive.
 *
 * Context: any.
 */
bool slub_poisons_objects(const struct kmem_cache *s)
{
	return (s->flags & SLAB_POISON) && !s->ctor &&
	       !(s->flags & SLAB_TYPESAFE_BY_RCU);
}

/**
 * slub_debug_moves_link - would a link in a free object spoil something?
 * @s: the cache
 *
 * Context: any. Return: true if the link has to lie behind the object.
 */
bool slub_debug_moves_link(const struct kmem_cache *s)
{
	return (s->flags & SLAB_POISON) || ((s->flags & SLAB_RED_ZONE) &&
					    s->object_size < sizeof(void *));
}

/* Bytes from the start of an object to its tracks. */
static unsigned int tracks_offset(const struct kmem_cache *s)
{
	return s->offset < s->inuse ? s->inuse : s->offset + sizeof(void *);
}

static unsigned int tracks_size(const struct kmem_cache *s)
{
	unsigned int size = 0;

	if (s->flags & SLAB_STORE_USER) {
		size = TRACKS * sizeof(struct slub_track);
		if (s->flags & SLAB_KMALLOC)
			size += sizeof(unsigned int);
	}
	return size;
}

/**
 * slub_debug_tracks - make room for tracks
 * @s: the cache
 * @size: bytes up to the end of the link
 *
 * Context: any. Return: bytes up to the end of the tracks.
 */
unsigned int slub_debug_tracks(struct kmem_cache *s, unsigned int size)
{
	return size + tracks_size(s);
}

/**
 * slub_debug_pads - make room for a left red zone, and for padding
 * @s: the cache
 * @size: bytes from the start of an object to the end of what is behind it
 *
 * Context: any. Return: bytes of all, not rounded up to the alignment yet.
 */
unsigned int slub_debug_pads(struct kmem_cache *s, unsigned int size)
{
	if (!(s->flags & SLAB_RED_ZONE)) {
		s->red_left_pad = 0;
		return size;
	}
	/* A word behind all shows writes before the next object's zone. */
	s->red_left_pad = ALIGN(sizeof(void *), s->align);
	return size + sizeof(void *) + s->red_left_pad;
}

/**
 * slub_debug_too_big - does O spare a cache?
 * @s: the cache, laid out
 *
 * Context: any. Return: true if debugging makes its slabs need a higher order.
 */
bool slub_debug_too_big(const struct kmem_cache *s)
{
	return keep_order && (s->flags & SLAB_DEBUG_METADATA) &&
	       get_order(s->size) > get_order(s->object_size);
}

/**
 * slub_meta_end - where the padding of an object begins
 * @s: the cache
 *
 * Context: any. Return: bytes from the start of the object.
 */
unsigned int slub_meta_end(struct kmem_cache *s)
{
	return tracks_offset(s) + tracks_size(s) + kasan_metadata_size(s);
}

/**
 * slub_track_of - one of the tracks of an object
 * @s: the cache, with SLAB_STORE_USER
 * @object: the object, in use or free
 * @item: which one
 *
 * Context: any.
 */
struct slub_track *slub_track_of(const struct kmem_cache *s, void *object,
				 enum slub_track_item item)
{
	return (struct slub_track *)(object + tracks_offset(s)) + item;
}

/**
 * slub_asked_for - where it is noted what kmalloc() was asked for
 * @s: a cache of kmalloc(), with SLAB_STORE_USER
 * @object: the object
 *
 * Context: any. Return: a number of bytes.
 */
unsigned int *slub_asked_for(const struct kmem_cache *s, void *object)
{
	return (unsigned int *)slub_track_of(s, object, TRACKS);
}

/* ---- Marks ---- */

/**
 * slub_mark_object - mark an object as free, or as in use
 * @s: the cache
 * @object: the object
 * @red: SLUB_RED_INACTIVE or SLUB_RED_ACTIVE
 *
 * Its red zones tell. It is filled with poison in either case, so that whoever
 * uses it without setting it up sees poison, not what was there before.
 *
 * Context: list_lock held, or nobody else knows the slab.
 */
void slub_mark_object(struct kmem_cache *s, void *object, u8 red)
{
	if (s->flags & SLAB_RED_ZONE) {
		memset(object - s->red_left_pad, red, s->red_left_pad);
		memset(object + s->object_size, red, s->inuse - s->object_size);
	}
	if (slub_poisons_objects(s)) {
		memset(object, POISON_FREE, s->object_size - 1);
		*(u8 *)(object + s->object_size - 1) = POISON_END;
	}
}

/**
 * slub_debug_setup_slab - prepare a fresh slab of a cache that is debugged
 * @s: the cache
 * @slab: the slab; its objects are not linked yet
 *
 * Context: nobody else knows the slab.
 */
void slub_debug_setup_slab(struct kmem_cache *s, struct slab *slab)
{
	unsigned int index;
	void *object;

	if (s->flags & SLAB_POISON)
		memset(slab_address(slab), POISON_INUSE, slab_size(slab));
	for (index = 0; index < slab->objects; index++) {
		object = slab_object(s, slab, index);
		slub_mark_object(s, object, SLUB_RED_INACTIVE);
		if (s->flags & SLAB_STORE_USER)
			memset(slub_track_of(s, object, 0), 0, tracks_size(s));
	}
}

/* ---- What happens to objects, beside what slub_check.c checks ---- */

/**
 * slub_debug_allocated - note down who allocated an object
 * @s: the cache
 * @object: an object that slub_debug_take() has let pass
 * @asked: bytes that kmalloc() was asked for, or 0
 * @caller: return address of the caller of kmalloc(), or 0
 * @through: return address into the function of the allocator that was called
 *
 * Context: any but NMI, nothing held.
 */
void slub_debug_allocated(struct kmem_cache *s, void *object, size_t asked,
			  unsigned long caller, unsigned long through)
{
	if (s->flags & SLAB_STORE_USER) {
		slub_track_make(slub_track_of(s, object, TRACK_ALLOC), caller,
				through);
		if (s->flags & SLAB_KMALLOC)
			*slub_asked_for(s, object) = asked ?: s->object_size;
	}
	if (s->flags & SLAB_TRACE)
		slub_report_trace(s, slab_of(object), object, true);
}

/**
 * slub_debug_free - free an object of a cache that is debugged
 * @s: the cache
 * @slab: the slab that @object lies in
 * @object: what is to be freed, without tag
 * @caller: return address of the caller of the allocator
 *
 * If something is wrong it is reported, and the object is not freed.
 *
 * Context: any but NMI; takes list_lock with interrupts off.
 */
void slub_debug_free(struct kmem_cache *s, struct slab *slab, void *object,
		     unsigned long caller)
{
	struct slub_track track = { };

	/* The start of a left red zone has passed for that of an object. */
	if (!slab_holds(s, slab, object)) {
		slub_report_bad_free(s, slab, object);
		return;
	}
	if (s->flags & SLAB_STORE_USER)
		slub_track_make(&track, caller, 0);
	if (s->flags & SLAB_TRACE)
		slub_report_trace(s, slab, object, false);
	if (!slub_pool_free_checked(s, slab, object, &track))
		return;
	slub_stat(s, STAT_FREE_SLOWPATH);
	slub_count(s, 0, 1);
}

/**
 * validate_slab_cache - check the slabs of a cache
 * @s: the cache
 *
 * Of a cache that is debugged all slabs are checked, and all that its options
 * tell about them. Else those that no CPU owns and that have a free object, and
 * their free lists.
 *
 * Context: may sleep.
 * Return: the number of slabs looked at, or -ENOMEM.
 */
long validate_slab_cache(struct kmem_cache *s)
{
	unsigned long *map;
	long slabs;

	if (slub_debugged(s)) {
		map = bitmap_alloc(SLAB_OBJECTS_MAX, GFP_KERNEL);
		if (!map)
			return -ENOMEM;
		slabs = slub_pool_validate_checked(s, map);
		bitmap_free(map);
		return slabs;
	}
	cpus_read_lock();
	slub_flush_all(s);
	cpus_read_unlock();
	return slub_pool_validate(s);
}
EXPORT_SYMBOL(validate_slab_cache);
