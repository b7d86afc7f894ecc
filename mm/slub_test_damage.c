// SPDX-License-Identifier: GPL-2.0-only
/*
 * SLUB: KUnit suite slub_damage: one deliberate error of each kind in a cache
 * with debugging options. It is found, its report says what is wrong with
 * which object of which cache, and the cache goes on: what can be mended is
 * mended, what can't be trusted is not handed out any more.
 */
#include <kunit/resource.h>
#include <linux/kfence.h>
#include <linux/poison.h>

#include "slub_test.h"

#define BAD	0x12	/* what damage is written with */

/* ---- Reports ---- */

/* One report, about @s and its other users, says @what, under no list_lock. */
static void expect_report(struct kunit *test, struct kmem_cache *s,
			  const char *what)
{
	char users[KMEM_CACHE_USERS], bug[KMEM_CACHE_USERS + 8], said[64];

	snprintf(bug, sizeof(bug), "BUG %s (", kmem_cache_users(s, users));
	snprintf(said, sizeof(said), "): %s", what);
	KUNIT_EXPECT_TRUE_MSG(test, test_console_has_line(bug, said),
			      "%s...%s", bug, said);
	KUNIT_EXPECT_EQ(test, test_console_count("BUG "), 1U);
	KUNIT_EXPECT_TRUE(test, test_console_has("===="));
	KUNIT_EXPECT_TRUE(test, test_console_has("----"));
	KUNIT_EXPECT_EQ(test, test_console_locked(), 0U);
}

/* The report has @what was done in the end. */
static void expect_fix(struct kunit *test, struct kmem_cache *s,
		       const char *what)
{
	char fix[64];

	snprintf(fix, sizeof(fix), "FIX %s", s->name);
	KUNIT_EXPECT_TRUE_MSG(test, test_console_has_line(fix, what),
			      "%s...%s", fix, what);
}

static void expect_nothing(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, test_console_has("BUG "));
	KUNIT_EXPECT_FALSE(test, test_console_has("FIX "));
	KUNIT_EXPECT_FALSE(test, test_console_has("SLUB: "));
}

/* The report shows the slab, the object and the bytes around. */
static void expect_object(struct kunit *test, struct kmem_cache *s,
			  const void *x)
{
	struct slab *slab = virt_to_slab(x);
	char text[32];

	snprintf(text, sizeof(text), " objects=%u ", slab->objects);
	KUNIT_EXPECT_TRUE(test, test_console_has_line("Slab 0x", text));
	KUNIT_EXPECT_TRUE(test, test_console_has_line("Slab 0x", " used="));
	KUNIT_EXPECT_TRUE(test, test_console_has_line("Slab 0x", " flags="));
	test_console_expect(test, "Object 0x%p @offset=%tu fp=0x", x,
			    x - slab_address(slab));
	KUNIT_EXPECT_TRUE(test, test_console_has("Object  "));
	if (s->flags & SLAB_RED_ZONE)
		KUNIT_EXPECT_TRUE(test, test_console_has("Redzone "));
}

/* With user tracking it also has who allocated, and who freed the object. */
static void expect_users(struct kunit *test, struct kmem_cache *s, bool freed)
{
	if (!(s->flags & SLAB_STORE_USER)) {
		KUNIT_EXPECT_FALSE(test, test_console_has("Allocated in "));
		return;
	}
	KUNIT_EXPECT_TRUE(test, test_console_has_line("Allocated in test_take+",
						      " age="));
	if (freed)
		KUNIT_EXPECT_TRUE(test,
				  test_console_has_line("Freed in test_give+",
							" age="));
}

/* ---- Objects ---- */

static void take_all(struct kunit *test, struct kmem_cache *s, void **p,
		     unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++) {
		p[i] = test_take(s);
		KUNIT_ASSERT_NOT_NULL(test, p[i]);
	}
}

static void give_all(struct kmem_cache *s, void **p, unsigned int count)
{
	while (count)
		test_give(s, p[--count]);
}

/* A slab of which all objects are in use. */
static void **full_slab(struct kunit *test, struct kmem_cache *s)
{
	void **p = test_pointers(test, s->objects);

	take_all(test, s, p, s->objects);
	KUNIT_ASSERT_PTR_EQ(test, virt_to_slab(p[0]),
			    virt_to_slab(p[s->objects - 1]));
	return p;
}

static unsigned int found_in(const void *x, void **p, unsigned int count)
{
	unsigned int found = 0;

	while (count)
		found += p[--count] == x;
	return found;
}

/* Objects come, are usable, each once, and none is one of those @aside. */
static void expect_goes_on(struct kunit *test, struct kmem_cache *s,
			   void **aside, unsigned int count)
{
	unsigned int n = 3 * s->objects + 1, i, bad = 0;
	void **p = test_pointers(test, n);

	test_console_start();
	test_alloc(test, s, p, n);
	for (i = 0; i < n; i++)
		test_fill(p[i], s->object_size);
	for (i = 0; i < n; i++)
		bad += !kmem_ptr_validate(s, p[i]) ||
		       !test_intact(p[i], s->object_size) ||
		       found_in(p[i], aside, count);
	KUNIT_EXPECT_EQ(test, bad, 0U);
	test_free(s, p, n);
	expect_nothing(test);
}

/* ---- Bytes that were written over ---- */

/**
 * struct damage - bytes of an object that are written over
 * @name: for the result
 * @what: what the report says
 * @option: the debugging option that finds it
 * @in_use: of an object that is in use, else of one that is free
 * @good: what the bytes were
 * @count: how many bytes
 * @at: where they begin, relative to the object
 */
struct damage {
	const char *name;
	const char *what;
	slab_flags_t option;
	bool in_use;
	u8 good;
	unsigned int count;
	long (*at)(const struct kmem_cache *s);
};

static long left_start(const struct kmem_cache *s)
{
	return -(long)slub_left_pad(s);
}

static long left_end(const struct kmem_cache *s)
{
	return -1;
}

static long start(const struct kmem_cache *s)
{
	return 0;
}

static long middle(const struct kmem_cache *s)
{
	return s->object_size / 2;
}

static long last(const struct kmem_cache *s)
{
	return s->object_size - 1;
}

static long right_start(const struct kmem_cache *s)
{
	return s->object_size;
}

static long right_end(const struct kmem_cache *s)
{
	return s->inuse - 1;
}

static const struct damage damages[] = {
	{ "left red zone, first byte, in use", "Left Redzone overwritten",
	  SLAB_RED_ZONE, true, SLUB_RED_ACTIVE, 1, left_start },
	{ "left red zone, last byte, in use", "Left Redzone overwritten",
	  SLAB_RED_ZONE, true, SLUB_RED_ACTIVE, 1, left_end },
	{ "right red zone, first byte, in use", "Right Redzone overwritten",
	  SLAB_RED_ZONE, true, SLUB_RED_ACTIVE, 1, right_start },
	{ "right red zone, three bytes, in use", "Right Redzone overwritten",
	  SLAB_RED_ZONE, true, SLUB_RED_ACTIVE, 3, right_start },
	{ "right red zone, last byte, in use", "Right Redzone overwritten",
	  SLAB_RED_ZONE, true, SLUB_RED_ACTIVE, 1, right_end },
	{ "left red zone, free", "Left Redzone overwritten",
	  SLAB_RED_ZONE, false, SLUB_RED_INACTIVE, 1, left_end },
	{ "right red zone, free", "Right Redzone overwritten",
	  SLAB_RED_ZONE, false, SLUB_RED_INACTIVE, 1, right_start },
	{ "poison, first byte", "Poison overwritten",
	  SLAB_POISON, false, POISON_FREE, 1, start },
	{ "poison, three bytes", "Poison overwritten",
	  SLAB_POISON, false, POISON_FREE, 3, middle },
	{ "poison, end marker", "Poison overwritten",
	  SLAB_POISON, false, POISON_END, 1, last },
};

static void damage_name(const struct damage *d, char *name)
{
	strscpy(name, d->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(damage, damages, damage_name);

/* Return: the first of the bytes, which were what they should be. */
static u8 *do_damage(struct kunit *test, struct kmem_cache *s, void *x,
		     const struct damage *d)
{
	u8 *bytes = x + d->at(s);

	KUNIT_EXPECT_TRUE(test, test_is_all(bytes, d->good, d->count));
	memset(bytes, BAD, d->count);
	return bytes;
}

static void expect_bytes(struct kunit *test, const u8 *bytes,
			 const struct damage *d)
{
	void *slab = slab_address(virt_to_slab(bytes));

	test_console_expect(test,
			    "0x%p-0x%p @offset=%tu. First byte 0x%x instead of 0x%x",
			    bytes, bytes + d->count - 1, (void *)bytes - slab,
			    BAD, d->good);
}

/* 61: the red zone is what the object leaves of a word, 64: a word more. */
static const unsigned int damage_sizes[] = { 61, 64, 200 };

static void damage_validated(struct kunit *test, const struct damage *d,
			     unsigned int size, slab_flags_t flags)
{
	struct kmem_cache *s = test_debug_cache(test, size, flags);
	void **p = full_slab(test, s);
	u8 *bytes;

	if (!d->in_use)
		test_give(s, p[1]);
	bytes = do_damage(test, s, p[1], d);
	test_console_watch(s);
	KUNIT_EXPECT_EQ(test, test_validate(s), 1L);
	expect_report(test, s, d->what);
	expect_bytes(test, bytes, d);
	expect_object(test, s, p[1]);
	expect_users(test, s, !d->in_use);
	expect_fix(test, s, "Restoring ");
	KUNIT_EXPECT_TRUE(test, test_is_all(bytes, d->good, d->count));

	/* Mended: as if nothing had been. */
	test_console_start();
	KUNIT_EXPECT_EQ(test, test_validate(s), 1L);
	expect_nothing(test);
	if (!d->in_use)
		take_all(test, s, p + 1, 1);
	expect_goes_on(test, s, p, s->objects);
	give_all(s, p, s->objects);
}

/* Validation finds it, tells, and mends it. */
static void found_by_validation(struct kunit *test)
{
	const struct damage *d = test->param_value;
	int i;

	for (i = 0; i < ARRAY_SIZE(damage_sizes); i++) {
		damage_validated(test, d, damage_sizes[i], d->option);
		damage_validated(test, d, damage_sizes[i], TEST_ALL_OPTIONS);
	}
}

/*
 * A test that has a resource of this name wants reports and repairs counted;
 * lib/slub_kunit.c does.
 */
static void counted(struct kunit *test)
{
	static struct kunit_resource resource;
	static int errors;
	const struct damage *d = test->param_value;
	struct kmem_cache *s = test_debug_cache(test, 64, d->option);
	void **p = full_slab(test, s);

	if (!d->in_use)
		test_give(s, p[1]);
	do_damage(test, s, p[1], d);
	errors = 0;
	kunit_add_named_resource(test, NULL, NULL, &resource, "slab_errors",
				 &errors);
	test_validate(s);
	KUNIT_EXPECT_EQ(test, errors, 2);
	test_validate(s);
	KUNIT_EXPECT_EQ(test, errors, 2);
	kunit_destroy_named_resource(test, "slab_errors");
	if (!d->in_use)
		take_all(test, s, p + 1, 1);
	give_all(s, p, s->objects);
}

/* An object in use is checked when it is freed; a damaged one is kept. */
static void damage_freed(struct kunit *test, const struct damage *d,
			 unsigned int size)
{
	struct kmem_cache *s = test_debug_cache(test, size, TEST_ALL_OPTIONS);
	void **p = full_slab(test, s), *x = p[1];
	unsigned int n = s->objects;
	u8 *bytes = do_damage(test, s, x, d);
	char text[48];

	test_console_watch(s);
	test_give(s, x);
	expect_report(test, s, d->what);
	expect_bytes(test, bytes, d);
	expect_object(test, s, x);
	expect_users(test, s, false);
	snprintf(text, sizeof(text), "Object at 0x%p not freed", x);
	expect_fix(test, s, text);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), (unsigned long)n);

	expect_goes_on(test, s, p, n);
	p[1] = p[0];
	test_console_start();
	give_all(s, p + 1, n - 1);
	expect_nothing(test);
	expect_goes_on(test, s, &x, 1);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), 1UL);
	test_keep(test, s);
}

/* A free one is checked when it is allocated; its slab is set aside. */
static void damage_taken(struct kunit *test, const struct damage *d,
			 unsigned int size)
{
	struct kmem_cache *s = test_debug_cache(test, size, TEST_ALL_OPTIONS);
	void **p = full_slab(test, s), *x = p[1], *y;
	unsigned int n = s->objects;
	u8 *bytes;

	test_give(s, x);
	bytes = do_damage(test, s, x, d);
	test_console_watch(s);
	y = test_take(s);
	expect_report(test, s, d->what);
	expect_bytes(test, bytes, d);
	expect_object(test, s, x);
	expect_users(test, s, true);
	expect_fix(test, s, "Marking all objects used");
	KUNIT_ASSERT_NOT_NULL(test, y);
	KUNIT_EXPECT_PTR_NE(test, y, x);
	KUNIT_EXPECT_PTR_NE(test, virt_to_slab(y), virt_to_slab(x));
	test_give(s, y);

	/* Its other objects stay in use, and can be freed. */
	expect_goes_on(test, s, p, n);
	p[1] = p[0];
	test_console_start();
	give_all(s, p + 1, n - 1);
	expect_nothing(test);
	expect_goes_on(test, s, &x, 1);
	test_keep(test, s);
}

/* Use finds it as well: freeing the object, or allocating it. */
static void found_by_use(struct kunit *test)
{
	const struct damage *d = test->param_value;
	int i;

	for (i = 0; i < ARRAY_SIZE(damage_sizes); i++) {
		if (d->in_use)
			damage_freed(test, d, damage_sizes[i]);
		else
			damage_taken(test, d, damage_sizes[i]);
	}
}

/* A byte of padding of an object in use is written over: found, told, mended. */
static void padding_validated(struct kunit *test, struct kmem_cache *s,
			      void *x, u8 *padding, const char *what)
{
	const struct damage d = { .good = POISON_INUSE, .count = 1 };

	KUNIT_ASSERT_EQ(test, *padding, POISON_INUSE);
	*padding = BAD;
	test_console_watch(s);
	test_validate(s);
	expect_report(test, s, what);
	expect_bytes(test, padding, &d);
	expect_object(test, s, x);
	expect_fix(test, s, "Restoring ");
	KUNIT_EXPECT_EQ(test, *padding, POISON_INUSE);
}

/* Bytes between the last that is kept of an object, and the next object. */
static void object_padding(struct kunit *test)
{
	struct kmem_cache *s;
	void **p;

	s = kmem_cache_create_usercopy("slub_test_padded", 72, 256,
				       TEST_ALL_OPTIONS | SLAB_NO_USER_FLAGS,
				       0, 1, NULL);
	test_adopt(test, s);
	p = full_slab(test, s);
	padding_validated(test, s, p[1],
			  p[1] - slub_left_pad(s) + s->size - 1,
			  "Object padding overwritten");
	expect_users(test, s, false);
	KUNIT_EXPECT_TRUE(test, test_console_has("Padding "));
	expect_goes_on(test, s, p, s->objects);
	give_all(s, p, s->objects);
}

/* Bytes between an object and what is kept behind it, without red zones. */
static void alignment_padding(struct kunit *test)
{
	struct kmem_cache *s = test_debug_cache(test, 61, SLAB_POISON);
	void **p = full_slab(test, s);

	padding_validated(test, s, p[1], p[1] + 61,
			  "Alignment padding overwritten");
	expect_goes_on(test, s, p, s->objects);
	give_all(s, p, s->objects);
}

/* A cache whose slabs have bytes left behind the last object. */
static struct kmem_cache *cache_with_rest(struct kunit *test)
{
	static const unsigned int sizes[] = { 200, 328, 456, 712, 1000, 1304 };
	struct kmem_cache *s;
	int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		s = test_debug_cache(test, sizes[i], TEST_ALL_OPTIONS);
		if ((PAGE_SIZE << s->order) % s->size >= 8)
			return s;
	}
	kunit_skip(test, "all slabs are filled to the last byte");
	return NULL;
}

/* Bytes behind the last object of a slab. */
static void slab_padding(struct kunit *test)
{
	struct damage d = { .good = POISON_INUSE, .count = 4 };
	struct kmem_cache *s = cache_with_rest(test);
	void **p = full_slab(test, s);
	struct slab *slab = virt_to_slab(p[0]);
	u8 *end = slab_address(slab) + slab_size(slab);
	u8 *rest = slab_address(slab) + slab->objects * s->size;

	KUNIT_EXPECT_TRUE(test, test_is_all(rest, POISON_INUSE, end - rest));
	memset(end - 4, BAD, 4);
	test_console_watch(s);
	test_validate(s);
	expect_report(test, s, "Padding overwritten");
	expect_bytes(test, end - 4, &d);
	expect_fix(test, s, "Restoring ");
	KUNIT_EXPECT_TRUE(test, test_is_all(rest, POISON_INUSE, end - rest));
	test_console_start();
	test_validate(s);
	expect_nothing(test);
	expect_goes_on(test, s, p, s->objects);
	give_all(s, p, s->objects);
}

/* Of a slab that was set aside nothing is looked at but what is in use. */
static void rest_of_slab_aside(struct kunit *test)
{
	struct kmem_cache *s = cache_with_rest(test);
	void **p = full_slab(test, s), *x = p[0], *y;
	struct slab *slab = virt_to_slab(x);

	test_give(s, x);
	*(u8 *)x = BAD;
	test_console_watch(s);
	y = test_take(s);
	expect_fix(test, s, "Marking all objects used");
	test_give(s, y);
	*((u8 *)slab_address(slab) + slab_size(slab) - 1) = BAD;
	test_console_start();
	give_all(s, p + 1, s->objects - 1);
	expect_nothing(test);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), 0UL);
	expect_goes_on(test, s, &x, 1);
	test_keep(test, s);
}

/* Several objects are damaged: each is reported and mended by itself. */
static void several_damaged(struct kunit *test)
{
	struct kmem_cache *s = test_debug_cache(test, 64, TEST_ALL_OPTIONS);
	void **p = full_slab(test, s);
	u8 *a = p[0] + 64, *b = p[2] - 1, *c = p[3];

	test_give(s, p[3]);
	*a = BAD;
	*b = BAD;
	*c = BAD;
	test_console_watch(s);
	KUNIT_EXPECT_EQ(test, test_validate(s), 1L);
	KUNIT_EXPECT_EQ(test, test_console_count("BUG "), 3U);
	KUNIT_EXPECT_EQ(test, test_console_count("): Right Redzone over"), 1U);
	KUNIT_EXPECT_EQ(test, test_console_count("): Left Redzone over"), 1U);
	KUNIT_EXPECT_EQ(test, test_console_count("): Poison over"), 1U);
	KUNIT_EXPECT_EQ(test, test_console_locked(), 0U);
	KUNIT_EXPECT_EQ(test, test_console_count("FIX "), 3U);
	KUNIT_EXPECT_EQ(test, *a, SLUB_RED_ACTIVE);
	KUNIT_EXPECT_EQ(test, *b, SLUB_RED_ACTIVE);
	KUNIT_EXPECT_EQ(test, *c, POISON_FREE);
	take_all(test, s, p + 3, 1);
	expect_goes_on(test, s, p, s->objects);
	give_all(s, p, s->objects);
}

/* ---- Free lists ---- */

/* Either says that a list leads nowhere. */
static void expect_chain_report(struct kunit *test, struct kmem_cache *s)
{
	char bug[64];

	snprintf(bug, sizeof(bug), "BUG %s (", s->name);
	KUNIT_EXPECT_TRUE(test,
			  test_console_has_line(bug, "): Freechain corrupt") ||
			  test_console_has_line(bug, "): Freepointer corrupt"));
	KUNIT_EXPECT_EQ(test, test_console_locked(), 0U);
}

/*
 * Three objects of a full slab are freed, and the link of the last one, which
 * is next to be handed out, is made to lead to @next. The other two are lost.
 */
static void chain_met(struct kunit *test, struct kmem_cache *s, void **p,
		      void *next)
{
	unsigned int n = s->objects;
	void *got[2];

	give_all(s, p, 3);
	set_freepointer(s, p[0], next);
	test_console_watch(s);
	take_all(test, s, got, 2);
	expect_chain_report(test, s);
	expect_fix(test, s, "Marking all objects used");
	KUNIT_EXPECT_PTR_NE(test, got[0], got[1]);
	KUNIT_EXPECT_EQ(test, found_in(got[0], p + 1, n - 1), 0U);
	KUNIT_EXPECT_EQ(test, found_in(got[1], p + 1, n - 1), 0U);
	KUNIT_EXPECT_PTR_NE(test, got[0], next);
	KUNIT_EXPECT_PTR_NE(test, got[1], next);
	give_all(s, got, 2);
	expect_goes_on(test, s, p + 1, n - 1);

	test_console_start();
	give_all(s, p + 3, n - 3);
	expect_nothing(test);
	expect_goes_on(test, s, p + 1, 2);
}

static const slab_flags_t chain_flags[] = {
	SLAB_CONSISTENCY_CHECKS,		/* links in the objects */
	SLAB_CONSISTENCY_CHECKS | SLAB_POISON,	/* links behind them */
	SLAB_POISON,				/* met when it is to be handed out */
	TEST_ALL_OPTIONS,
};

/* A link that leads out of its slab, or between two objects. */
static void next_outside(struct kunit *test)
{
	struct kmem_cache *s;
	void **p, **q;
	int i;

	for (i = 0; i < ARRAY_SIZE(chain_flags); i++) {
		s = test_debug_cache(test, 200, chain_flags[i]);
		p = full_slab(test, s);
		chain_met(test, s, p, p[3] + 1);
		test_keep(test, s);

		s = test_debug_cache(test, 200, chain_flags[i]);
		p = full_slab(test, s);
		chain_met(test, s, p, (void *)test);
		test_keep(test, s);

		/* An object of the same cache, which is in use elsewhere. */
		s = test_debug_cache(test, 200, chain_flags[i]);
		p = full_slab(test, s);
		q = full_slab(test, s);
		chain_met(test, s, p, q[0]);
		expect_goes_on(test, s, q, s->objects);
		give_all(s, q, s->objects);
		test_keep(test, s);
	}
}

/* A link of which a byte is written over, as users do. */
static void pointer_damaged(struct kunit *test)
{
	struct kmem_cache *s;
	void **p;
	u8 *link;
	int i;

	for (i = 0; i < ARRAY_SIZE(chain_flags); i++) {
		s = test_debug_cache(test, 200, chain_flags[i]);
		p = full_slab(test, s);
		give_all(s, p, 3);
		link = p[0] + s->offset;
		link[sizeof(void *) - 2] ^= 0xff;
		test_console_watch(s);
		KUNIT_EXPECT_EQ(test, test_validate(s), 1L);
		expect_chain_report(test, s);

		/* Validation made the list end there, or set it aside. */
		test_console_start();
		test_validate(s);
		KUNIT_EXPECT_FALSE(test, test_console_has("chain corrupt"));
		KUNIT_EXPECT_FALSE(test, test_console_has("pointer corrupt"));
		expect_goes_on(test, s, p + 1, s->objects - 1);
		test_keep(test, s);
	}
}

static const slab_flags_t use_flags[] = {
	SLAB_CONSISTENCY_CHECKS,
	SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE,
	SLAB_CONSISTENCY_CHECKS | SLAB_POISON,
	SLAB_POISON,
	SLAB_STORE_USER,
	TEST_ALL_OPTIONS,
};

/*
 * The link of the first of @freed free objects leads to @to, the fourth one of
 * its slab, or back to where it is. In @to a list ends, if @ends, or its user's
 * bytes are no link.
 */
static void chain_validated(struct kunit *test, slab_flags_t flags,
			    unsigned int freed, bool back, bool ends)
{
	struct kmem_cache *s = test_debug_cache(test, 200, flags);
	void **p = full_slab(test, s), *to = p[back ? 0 : 3], *got[3];
	unsigned int n = s->objects - 3, i;
	u8 *before = kunit_kmalloc(test, s->object_size, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, before);
	test_fill(p[3], s->object_size);
	if (ends)
		set_freepointer(s, p[3], NULL);
	memcpy(before, p[3], s->object_size);
	give_all(s, p, freed);
	set_freepointer(s, p[0], to);
	test_console_watch(s);
	test_validate(s);
	KUNIT_EXPECT_TRUE(test, test_console_has("BUG "));
	KUNIT_EXPECT_EQ(test, test_console_locked(), 0U);
	test_validate(s);

	take_all(test, s, got, freed);
	for (i = 0; i < freed; i++) {
		KUNIT_EXPECT_EQ(test, found_in(got[i], p + 3, n), 0U);
		KUNIT_EXPECT_EQ(test, found_in(got[i], got, freed), 1U);
	}
	give_all(s, got, freed);
	expect_goes_on(test, s, p + 3, n);
	KUNIT_EXPECT_EQ(test, memcmp(before, p[3], s->object_size), 0);
	test_keep(test, s);
}

/*
 * A link that leads to an object in use, or back to where it is: what is in
 * use is not handed out again, nor written to, and nobody goes round for ever.
 */
static void next_in_use(struct kunit *test)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(use_flags); i++) {
		chain_validated(test, use_flags[i], 1, false, true);
		chain_validated(test, use_flags[i], 1, false, false);
		chain_validated(test, use_flags[i], 3, false, true);
		chain_validated(test, use_flags[i], 3, false, false);
		chain_validated(test, use_flags[i], 3, true, false);
	}
}

/*
 * The link of a slab's last free object leads to one in use. Its count says
 * better, without F, too; and that one can be freed.
 */
static void last_link_in_use(struct kunit *test)
{
	struct kmem_cache *s;
	void **p, *got;
	int i;

	for (i = 0; i < ARRAY_SIZE(use_flags); i++) {
		s = test_debug_cache(test, 200, use_flags[i]);
		p = full_slab(test, s);
		give_all(s, p, 1);
		set_freepointer(s, p[0], p[3]);
		test_console_watch(s);
		take_all(test, s, &got, 1);
		KUNIT_EXPECT_EQ(test, found_in(got, p, s->objects), 0U);
		KUNIT_EXPECT_EQ(test, test_console_count("BUG "), 1U);
		expect_fix(test, s, "Marking all objects used");

		test_console_start();
		give_all(s, p + 3, 1);
		expect_nothing(test);
		KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), s->objects - 1UL);
		give_all(s, &got, 1);
		test_keep(test, s);
	}
}

/* ---- Frees that can't be right ---- */

static const slab_flags_t free_flags[] = {
	SLAB_CONSISTENCY_CHECKS,
	SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE,
	TEST_ALL_OPTIONS,
};

static void expect_refused(struct kunit *test, struct kmem_cache *s,
			   const char *what, unsigned long in_use)
{
	expect_report(test, s, what);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), in_use);
}

/* A double free changes nothing, however many frees are in between. */
static void double_free_debugged(struct kunit *test)
{
	struct kmem_cache *s;
	unsigned int n, i, k;
	char text[48];
	void **p;

	test_need_no_kasan(test);
	for (i = 0; i < ARRAY_SIZE(free_flags); i++) {
		s = test_debug_cache(test, 200, free_flags[i]);
		p = full_slab(test, s);
		n = s->objects;
		for (k = 0; k < 4; k++) {
			test_give(s, p[k]);
			test_console_watch(s);
			test_give(s, p[0]);
			expect_refused(test, s, "Object already free",
				       n - k - 1);
			expect_users(test, s, true);
			snprintf(text, sizeof(text), "Object at 0x%p not freed",
				 p[0]);
			expect_fix(test, s, text);
		}
		test_console_start();
		KUNIT_EXPECT_EQ(test, test_validate(s), 1L);
		expect_nothing(test);
		expect_goes_on(test, s, p + 4, n - 4);
		give_all(s, p + 4, n - 4);
	}
}

/* The same for the last object of a slab, which is empty then, and kfree(). */
static void double_free_empty(struct kunit *test)
{
	struct kmem_cache *s;
	void *x;
	int i;

	test_need_no_kasan(test);
	for (i = 0; i < ARRAY_SIZE(free_flags); i++) {
		s = test_debug_cache(test, 200, free_flags[i]);
		x = test_take(s);
		KUNIT_ASSERT_NOT_NULL(test, x);
		test_give(s, x);
		KUNIT_ASSERT_EQ(test, slub_pool_slabs(s), 1UL);
		test_console_watch(s);
		test_give(s, x);
		expect_refused(test, s, "Object already free", 0);
		test_console_watch(s);
		kfree(x);
		expect_refused(test, s, "Object already free", 0);
		KUNIT_EXPECT_EQ(test, slub_pool_slabs(s), 1UL);
		expect_goes_on(test, s, NULL, 0);
	}
}

/* What is noticed without any option is noticed with every one of them. */
static void double_free_any_option(struct kunit *test)
{
	static const slab_flags_t options[] = {
		SLAB_STORE_USER, SLAB_POISON, SLAB_RED_ZONE,
		SLAB_STORE_USER | SLAB_TYPESAFE_BY_RCU,
	};
	struct kmem_cache *s;
	void *x, *y;
	int i;

	test_need_no_kasan(test);
	for (i = 0; i < ARRAY_SIZE(options); i++) {
		s = test_debug_cache(test, 200, options[i]);
		x = test_take(s);
		y = test_take(s);
		KUNIT_ASSERT_NOT_NULL(test, x);
		KUNIT_ASSERT_NOT_NULL(test, y);
		test_give(s, x);
		test_console_watch(s);
		test_give(s, x);
		expect_refused(test, s, "Object already free", 1);
		test_give(s, y);
		test_console_watch(s);
		test_give(s, y);
		expect_refused(test, s, "Object already free", 0);
		expect_goes_on(test, s, NULL, 0);
	}
}

/* A bulk free frees what is good, and refuses the rest, one by one. */
static void bulk_free_debugged(struct kunit *test)
{
	struct kmem_cache *other, *s;
	void **p, *y, *bad[6];
	int i;

	test_need_no_kasan(test);
	for (i = 0; i < ARRAY_SIZE(free_flags); i++) {
		s = test_debug_cache(test, 200, free_flags[i]);
		other = test_debug_cache(test, 200, free_flags[i]);
		p = full_slab(test, s);
		y = test_take(other);
		KUNIT_ASSERT_NOT_NULL(test, y);
		bad[0] = p[0];
		bad[1] = y;
		bad[2] = p[1];
		bad[3] = p[0];
		bad[4] = p[3] + 8;
		bad[5] = p[2];
		test_console_watch(s);
		kmem_cache_free_bulk(s, 6, bad);
		KUNIT_EXPECT_EQ(test, test_console_locked(), 0U);
		KUNIT_EXPECT_GE(test, test_console_count("BUG "), 2U);
		KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), s->objects - 3UL);
		KUNIT_EXPECT_EQ(test, slub_objects_in_use(other), 1UL);
		test_console_start();
		test_validate(s);
		expect_nothing(test);
		expect_goes_on(test, s, p + 3, s->objects - 3);
		give_all(s, p + 3, s->objects - 3);
		test_give(other, y);
	}
}

/* An object of another cache: both are named, and it stays in use. */
static void wrong_cache(struct kunit *test)
{
	struct kmem_cache *s, *other;
	void *x, *y;
	int i;

	test_need_no_kasan(test);
	for (i = 0; i < ARRAY_SIZE(free_flags); i++) {
		s = test_debug_cache(test, 200, free_flags[i]);
		other = test_debug_cache(test, 200, free_flags[i]);
		x = test_take(s);
		y = test_take(other);
		KUNIT_ASSERT_NOT_NULL(test, x);
		KUNIT_ASSERT_NOT_NULL(test, y);
		test_console_watch(s);
		test_give(s, y);
		KUNIT_EXPECT_TRUE(test,
				  test_console_has_line("BUG slub_test_",
							"): Object of another cache"));
		test_console_expect(test, "%s", s->name);
		test_console_expect(test, "%s", other->name);
		KUNIT_EXPECT_EQ(test, test_console_count("BUG "), 1U);
		KUNIT_EXPECT_EQ(test, test_console_locked(), 0U);
		expect_users(test, other, false);
		KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), 1UL);
		KUNIT_EXPECT_EQ(test, slub_objects_in_use(other), 1UL);
		expect_goes_on(test, s, &x, 1);
		expect_goes_on(test, other, &y, 1);
		test_give(s, x);
		test_give(other, y);
	}
}

static void refuse_around(struct kunit *test, struct kmem_cache *s, void *x)
{
	static const long offsets[] = { 1, 8, 100, 199, -1, -8 };
	char text[48];
	int i;

	for (i = 0; i < ARRAY_SIZE(offsets); i++) {
		test_console_watch(s);
		test_give(s, x + offsets[i]);
		expect_refused(test, s, "Invalid object pointer", s->objects);
		snprintf(text, sizeof(text), "Object at 0x%p not freed",
			 x + offsets[i]);
		expect_fix(test, s, text);
	}
}

/* A pointer that is not the start of an object, which is not touched. */
static void misaligned_free(struct kunit *test)
{
	struct kmem_cache *s;
	void **p, *x;
	int i;

	test_need_no_kasan(test);
	for (i = 0; i < ARRAY_SIZE(free_flags); i++) {
		s = test_debug_cache(test, 200, free_flags[i]);
		p = full_slab(test, s);
		/* Not the first one: bytes before that are in another page. */
		x = max(p[0], p[1]);
		test_fill(x, s->object_size);
		refuse_around(test, s, x);
		KUNIT_EXPECT_TRUE(test, test_intact(x, s->object_size));
		expect_goes_on(test, s, p, s->objects);
		test_console_start();
		give_all(s, p, s->objects);
		expect_nothing(test);
	}
}

/* Memory that is in no slab, or not any more: it is left as it is. */
static void not_in_a_slab(struct kunit *test)
{
	struct kmem_cache *s = test_debug_cache(test, 200, TEST_ALL_OPTIONS);
	void *page, *x;

	test_need_no_kasan(test);
	page = (void *)__get_free_page(GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, page);
	memset(page, BAD, PAGE_SIZE);
	test_console_watch(s);
	test_give(s, page + 16);
	KUNIT_EXPECT_TRUE(test, test_console_has(s->name));
	KUNIT_EXPECT_EQ(test, test_console_locked(), 0U);
	KUNIT_EXPECT_EQ(test, page_ref_count(virt_to_page(page)), 1);
	KUNIT_EXPECT_TRUE(test, test_is_all(page, BAD, PAGE_SIZE));
	free_page((unsigned long)page);

	/* An object whose slab went back to the page allocator. */
	x = test_take(s);
	KUNIT_ASSERT_NOT_NULL(test, x);
	get_page(virt_to_head_page(x));
	test_give(s, x);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(s), 0);
	test_console_watch(s);
	test_give(s, x);
	KUNIT_EXPECT_TRUE(test, test_console_has(s->name));
	KUNIT_EXPECT_EQ(test, page_ref_count(virt_to_head_page(x)), 1);
	put_page(virt_to_head_page(x));
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), 0UL);
	expect_goes_on(test, s, NULL, 0);
}

/* A page of KFENCE's that may never have been used: it belongs to no cache. */
static void not_in_use_by_kfence(struct kunit *test)
{
#ifdef CONFIG_KFENCE
	struct kmem_cache *s = test_debug_cache(test, 200, TEST_ALL_OPTIONS);
	char *x = __kfence_pool;

	if (!x)
		kunit_skip(test, "KFENCE is off");
	/* Objects are between pages that are none; the last ones are used last. */
	x += KFENCE_POOL_SIZE - 2 * PAGE_SIZE;
	KUNIT_EXPECT_NOT_NULL(test, virt_to_slab(x));
	test_console_watch(s);
	kmem_cache_free(s, x);
	KUNIT_EXPECT_TRUE(test, test_console_has_line("SLUB: bad free: ",
						      s->name));
	KUNIT_EXPECT_EQ(test, test_console_locked(), 0U);
	expect_goes_on(test, s, NULL, 0);
#else
	kunit_skip(test, "needs CONFIG_KFENCE");
#endif
}

/* ---- Names ---- */

/* A report of a merged cache has the names of all its users. */
static void merged_names(struct kunit *test)
{
	const slab_flags_t flags = SLAB_CONSISTENCY_CHECKS | SLAB_NO_USER_FLAGS;
	struct kmem_cache *s, *t, *plain;
	void *x;

	test_need_no_kasan(test);
	s = kmem_cache_create("slub_test_checked", 1736, 0, flags, NULL);
	test_adopt(test, s);
	if (slab_unmergeable(s))
		kunit_skip(test, "merging is off");
	plain = kmem_cache_create("slub_test_unchecked", 1736, 0,
				  SLAB_NO_USER_FLAGS, NULL);
	KUNIT_ASSERT_NOT_NULL(test, plain);
	KUNIT_EXPECT_PTR_NE(test, plain, s);
	kmem_cache_destroy(plain);

	t = kmem_cache_create("slub_test_checked_too", 1736, 0, flags, NULL);
	if (t != s) {
		kmem_cache_destroy(t);
		kunit_skip(test, "caches with checks are not merged");
	}
	x = test_take(s);
	KUNIT_ASSERT_NOT_NULL(test, x);
	test_give(s, x);
	test_console_watch(s);
	test_give(s, x);
	test_console_expect(test,
			    "BUG slub_test_checked=slub_test_checked_too (");
	expect_refused(test, s, "Object already free", 0);
	kmem_cache_destroy(t);
}

#define MANY_USERS	24

/* However many there are. */
static void many_names(struct kunit *test)
{
	const slab_flags_t flags = SLAB_CONSISTENCY_CHECKS | SLAB_NO_USER_FLAGS;
	struct kmem_cache *s, *t[MANY_USERS];
	unsigned int count = 0, i;
	char text[32];
	void *x;

	test_need_no_kasan(test);
	s = kmem_cache_create("slub_test_shared", 1864, 0, flags, NULL);
	test_adopt(test, s);
	if (slab_unmergeable(s))
		kunit_skip(test, "merging is off");
	for (i = 0; i < MANY_USERS; i++) {
		snprintf(text, sizeof(text), "slub_test_user_%u_", i);
		t[i] = kmem_cache_create(text, 1864, 0, flags, NULL);
		count += t[i] == s;
	}
	x = test_take(s);
	test_give(s, x);
	test_console_start();
	test_give(s, x);
	for (i = 0; i < MANY_USERS; i++) {
		snprintf(text, sizeof(text), "slub_test_user_%u_", i);
		if (count == MANY_USERS)
			KUNIT_EXPECT_TRUE(test, test_console_has(text));
		kmem_cache_destroy(t[i]);
	}
	if (count < MANY_USERS)
		kunit_skip(test, "caches with checks are not merged");
}

/* ---- Without options ---- */

/* One line, as ever, in a cache without options beside debugged ones. */
static void plain_cache(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 200, SLAB_NO_USER_FLAGS, NULL);
	struct kmem_cache *debugged;
	void *x, *y;

	test_need_no_kasan(test);
	debugged = test_debug_cache(test, 200, TEST_ALL_OPTIONS);
	x = test_take(s);
	y = test_take(debugged);
	KUNIT_ASSERT_NOT_NULL(test, x);
	KUNIT_ASSERT_NOT_NULL(test, y);
	test_give(s, x);
	test_console_start();
	test_give(s, x);
	test_console_expect(test, "SLUB: bad free: double free: 0x%p freed by test_give+",
			    x);
	KUNIT_EXPECT_FALSE(test, test_console_has("BUG "));
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), 0UL);

	/* Between the two kinds the pointer is refused, whoever reports it. */
	test_console_start();
	test_give(s, y);
	test_console_expect(test, "%s", s->name);
	test_console_expect(test, "%s", debugged->name);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), 0UL);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(debugged), 1UL);
	expect_goes_on(test, debugged, &y, 1);
	expect_goes_on(test, s, &y, 1);
	test_give(debugged, y);
}

static struct kunit_case damage_cases[] = {
	KUNIT_CASE_PARAM(found_by_validation, damage_gen_params),
	KUNIT_CASE_PARAM(counted, damage_gen_params),
	KUNIT_CASE_PARAM(found_by_use, damage_gen_params),
	KUNIT_CASE(object_padding),
	KUNIT_CASE(alignment_padding),
	KUNIT_CASE(slab_padding),
	KUNIT_CASE(rest_of_slab_aside),
	KUNIT_CASE(several_damaged),
	KUNIT_CASE(next_outside),
	KUNIT_CASE(pointer_damaged),
	KUNIT_CASE(next_in_use),
	KUNIT_CASE(last_link_in_use),
	KUNIT_CASE(double_free_debugged),
	KUNIT_CASE(double_free_empty),
	KUNIT_CASE(double_free_any_option),
	KUNIT_CASE(bulk_free_debugged),
	KUNIT_CASE(wrong_cache),
	KUNIT_CASE(misaligned_free),
	KUNIT_CASE(not_in_a_slab),
	KUNIT_CASE(not_in_use_by_kfence),
	KUNIT_CASE(merged_names),
	KUNIT_CASE(many_names),
	KUNIT_CASE(plain_cache),
	{}
};

SLUB_TEST_SUITE_INIT(slub_damage, damage_cases, test_debug_init);
