// SPDX-License-Identifier: GPL-2.0-only
/*
 * SLUB: what is printed when a check of a cache that is debugged finds
 * something. First what was found and where, then who had to do with the object,
 * then bytes, then how we got here; a line that begins with FIX tells what was
 * done about it. Documentation/mm/slub.rst explains the lines.
 *
 * All of this runs with no lock of ours held, since consoles allocate memory.
 */
#include <kunit/test.h>
#include <linux/kasan.h>
#include <linux/slab.h>

#include "slub_debug.h"
#include "slub_pool.h"

/*
 * A KUnit test that provokes errors counts them in a resource of its own; then
 * they are no news for anybody else. Return: true if there is such a test.
 */
static bool kunit_counts(void)
{
#if IS_ENABLED(CONFIG_KUNIT)
	struct kunit_resource *errors;

	if (likely(!current->kunit_test))
		return false;
	errors = kunit_find_named_resource(current->kunit_test, "slab_errors");
	if (!errors)
		return false;
	(*(int *)errors->data)++;
	kunit_put_resource(errors);
	return true;
#else
	return false;
#endif
}

/* ---- Pieces ---- */

static void print_bytes(const char *label, const void *from, size_t bytes)
{
	kasan_disable_current();
	print_hex_dump(KERN_ERR, label, DUMP_PREFIX_ADDRESS, 16, 1,
		       kasan_reset_tag(from), bytes, true);
	kasan_enable_current();
}

static void print_slab(struct kmem_cache *s, struct slab *slab)
{
	union slab_word word = word_of(slab);

	pr_err("Slab 0x%p objects=%u used=%u fp=0x%p flags=%pGp\n", slab,
	       slab->objects, slab->objects - word.free,
	       word_first(s, slab, word), &slab_folio(slab)->flags);
}

/* The object, and what debugging put around it. */
static void print_object(struct kmem_cache *s, struct slab *slab, void *object)
{
	unsigned int end = slub_meta_end(s);
	size_t before;

	pr_err("Object 0x%p @offset=%tu fp=0x%p\n\n", object,
	       object - slab_address(slab), get_freepointer(s, object));
	if (s->red_left_pad)
		print_bytes("Redzone  ", object - s->red_left_pad,
			    s->red_left_pad);
	before = min_t(size_t, 16, object - slab_address(slab));
	if (before && !s->red_left_pad)
		print_bytes("Bytes b4 ", object - before, before);
	print_bytes("Object   ", object,
		    min_t(unsigned int, s->object_size, PAGE_SIZE));
	if (s->flags & SLAB_RED_ZONE)
		print_bytes("Redzone  ", object + s->object_size,
			    s->inuse - s->object_size);
	if (s->size - s->red_left_pad > end)
		print_bytes("Padding  ", object + end,
			    s->size - s->red_left_pad - end);
}

static void print_header(struct kmem_cache *s, const struct slub_finding *f)
{
	char names[KMEM_CACHE_USERS];
	struct slub_alias *alias;

	pr_err("=============================================================================\n");
	pr_err("BUG %s (%s): %s%s\n", kmem_cache_users(s, names),
	       print_tainted(), f->what, f->from ? " overwritten" : "");
	pr_err("-----------------------------------------------------------------------------\n\n");
	/* All of those who share it, if one line did not hold them. */
	if (strlen(names) == KMEM_CACHE_USERS - 1)
		list_for_each_entry_rcu(alias, &s->aliases, list, true)
			pr_err("Used by %s\n", alias->name);
	add_taint(TAINT_BAD_PAGE, LOCKDEP_STILL_OK);
}

/* ---- Reports ---- */

/**
 * slub_report_finding - report what a check found
 * @s: the cache
 * @slab: the slab that it was found in; the caller sees to it that it stays
 * @f: what was found
 *
 * Context: any but NMI, nothing held.
 */
void slub_report_finding(struct kmem_cache *s, struct slab *slab,
			 const struct slub_finding *f)
{
	if (kunit_counts())
		return;
	print_header(s, f);
	if (f->from)
		pr_err("0x%p-0x%p @offset=%tu. First byte 0x%x instead of 0x%x\n",
		       f->from, f->to - 1, (void *)f->from - slab_address(slab),
		       f->first, f->value);
	if (f->aside && !f->object && !f->from)
		pr_err("%u objects are on the free list\n", f->count);
	if (f->object)
		print_tracking(s, f->object);
	print_slab(s, slab);
	if (f->object)
		print_object(s, slab, f->object);
	else if (f->from)
		print_bytes("Padding  ", f->from, f->to - f->from);
	dump_stack();
}

/**
 * slub_report_bad_free - report a pointer that can't be freed
 * @s: the cache that it should be freed into
 * @slab: the slab that it points into, of a cache that is debugged
 * @x: the pointer
 *
 * Context: any but NMI, nothing held.
 */
void slub_report_bad_free(struct kmem_cache *s, struct slab *slab,
			  const void *x)
{
	struct kmem_cache *owner = slab->slab_cache;
	char what[sizeof("Object of another cache, freed into ") +
		  KMEM_CACHE_USERS], names[KMEM_CACHE_USERS];
	struct slub_finding f = { .what = what };

	if (s && s != owner)
		snprintf(what, sizeof(what),
			 "Object of another cache, freed into %s",
			 kmem_cache_users(s, names));
	else
		snprintf(what, sizeof(what), "Invalid object pointer 0x%p", x);
	s = owner;
	f.object = nearest_obj(s, slab, kasan_reset_tag(x));
	slub_report_finding(s, slab, &f);
	slub_report_fix(s, "Object at 0x%p not freed", x);
}

/**
 * slub_report_fix - tell what was done about something that was reported
 * @s: the cache
 * @fmt: what, as for printf()
 *
 * Context: any but NMI, nothing held.
 */
void slub_report_fix(struct kmem_cache *s, const char *fmt, ...)
{
	struct va_format vaf;
	va_list args;

	if (kunit_counts())
		return;
	va_start(args, fmt);
	vaf.fmt = fmt;
	vaf.va = &args;
	pr_err("FIX %s: %pV\n", s->name, &vaf);
	va_end(args);
}

/**
 * slub_report_repair - tell how validation repaired something
 * @s: the cache
 * @f: what was wrong
 *
 * Context: any but NMI, nothing held.
 */
void slub_report_repair(struct kmem_cache *s, const struct slub_finding *f)
{
	if (f->from)
		slub_report_fix(s, "Restoring %s 0x%p-0x%p=0x%x", f->what,
				f->from, f->to - 1, f->value);
	else if (!f->object)
		slub_report_fix(s, "Object count adjusted to %u", f->count);
}

/**
 * slub_report_trace - print that an object is allocated, or freed
 * @s: the cache, with SLAB_TRACE
 * @slab: its slab
 * @object: the object
 * @alloc: which of both
 *
 * Context: any but NMI, nothing held.
 */
void slub_report_trace(struct kmem_cache *s, struct slab *slab,
		       const void *object, bool alloc)
{
	union slab_word word = word_of(slab);

	pr_info("TRACE %s %s 0x%p inuse=%u fp=0x%p\n", s->name,
		alloc ? "alloc" : "free", object, slab->objects - word.free,
		word_first(s, slab, word));
	if (!alloc)
		print_bytes("Object   ", object,
			    min_t(unsigned int, s->object_size, PAGE_SIZE));
	dump_stack();
}
