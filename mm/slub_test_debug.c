// SPDX-License-Identifier: GPL-2.0-only
/*
 * SLUB: KUnit suite slub_debugging: caches with debugging options while all is
 * well: nothing is reported, objects are where they should be and hold what
 * they should, users are recorded, counts are exact.
 */
#include <linux/init.h>
#include <linux/irq_work.h>
#include <linux/log2.h>
#include <linux/poison.h>

#include "slub_test.h"

/* ---- What the suites about debugging share ---- */

int test_debug_init(struct kunit *test)
{
	if (!IS_ENABLED(CONFIG_SLUB_DEBUG))
		kunit_skip(test, "needs CONFIG_SLUB_DEBUG");
	return slub_test_init(test);
}

/* A cache with these options, whatever slub_debug= says, shared with nobody. */
struct kmem_cache *test_debug_cache(struct kunit *test, unsigned int size,
				    slab_flags_t flags)
{
	struct kmem_cache *s;

	s = test_cache(test, size, flags | SLAB_NO_USER_FLAGS, NULL);
	KUNIT_ASSERT_TRUE_MSG(test,
			      (s->flags & SLAB_DEBUG_FLAGS) ==
			      (flags & SLAB_DEBUG_FLAGS),
			      "options %#x instead of %#x",
			      (__force unsigned int)s->flags,
			      (__force unsigned int)flags);
	return s;
}

/* These two are what reports shall name; no tail calls, else they can't be. */
noinline __noclone void *test_take(struct kmem_cache *s)
{
	void *x = kmem_cache_alloc(s, GFP_KERNEL);

	barrier();
	return x;
}

noinline __noclone void test_give(struct kmem_cache *s, void *x)
{
	kmem_cache_free(s, x);
	barrier();
}

/* Each set of options that caches are tested with. */
struct options {
	const char *name;
	slab_flags_t flags;
};

static const struct options options[] = {
	{ "F", SLAB_CONSISTENCY_CHECKS },
	{ "Z", SLAB_RED_ZONE },
	{ "P", SLAB_POISON },
	{ "U", SLAB_STORE_USER },
	{ "FZ", SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE },
	{ "FP", SLAB_CONSISTENCY_CHECKS | SLAB_POISON },
	{ "ZU", SLAB_RED_ZONE | SLAB_STORE_USER },
	{ "FZPU", TEST_ALL_OPTIONS },
};

static void options_name(const struct options *o, char *name)
{
	strscpy(name, o->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(options, options, options_name);

static slab_flags_t given(struct kunit *test)
{
	return ((const struct options *)test->param_value)->flags;
}

static void expect_no_report(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, test_console_has("BUG "));
	KUNIT_EXPECT_FALSE(test, test_console_has("FIX "));
	KUNIT_EXPECT_FALSE(test, test_console_has("SLUB: "));
}

/* ---- Flags ---- */

/* Options come from the creator, or from slub_debug=, and from nowhere else. */
static void flags_in_force(struct kunit *test)
{
	slab_flags_t asked = SLAB_HWCACHE_ALIGN | SLAB_NO_USER_FLAGS, got;
	int i;

	for (i = 0; i < ARRAY_SIZE(options); i++) {
		got = kmem_cache_flags(64, asked | options[i].flags,
				       "slub_test_flags");
		KUNIT_EXPECT_TRUE_MSG(test, got == (asked | options[i].flags),
				      "%s: %#x", options[i].name,
				      (__force unsigned int)got);
	}
	if (IS_ENABLED(CONFIG_SLUB_DEBUG_ON) ||
	    strstr(saved_command_line, "slub_debug"))
		return;
	got = kmem_cache_flags(64, SLAB_HWCACHE_ALIGN, "slub_test_flags");
	KUNIT_EXPECT_TRUE(test, got == SLAB_HWCACHE_ALIGN);
}

/* ---- Layout ---- */

static void layout_holds(struct kunit *test, struct kmem_cache *s)
{
	unsigned int left = slub_left_pad(s);
	unsigned int behind = s->size - left;

	KUNIT_EXPECT_GE(test, s->inuse, s->object_size);
	KUNIT_EXPECT_LE(test, s->inuse, behind);
	KUNIT_EXPECT_LE(test, s->offset + sizeof(void *), behind);
	KUNIT_EXPECT_TRUE(test, IS_ALIGNED(s->size, s->align));
	KUNIT_EXPECT_TRUE(test, IS_ALIGNED(left, s->align));
	KUNIT_EXPECT_EQ(test, left != 0, (s->flags & SLAB_RED_ZONE) != 0);
	if (s->flags & SLAB_RED_ZONE)
		KUNIT_EXPECT_GT(test, s->inuse, s->object_size);
	if (s->flags & SLAB_POISON)
		KUNIT_EXPECT_GE(test, s->offset, s->object_size);
	KUNIT_EXPECT_LE(test, (size_t)s->objects * s->size,
			PAGE_SIZE << s->order);
}

/* Objects are usable and aligned, and they don't touch each other. */
static void objects_hold(struct kunit *test, struct kmem_cache *s,
			 unsigned int align)
{
	unsigned int n = 2 * s->objects + 1, i, bad = 0;
	void **p = test_pointers(test, n);
	size_t usable;

	test_console_start();
	test_alloc(test, s, p, n);
	usable = ksize(p[0]);
	KUNIT_EXPECT_EQ(test, usable, slab_ksize(s));
	KUNIT_EXPECT_GE(test, usable, (size_t)s->object_size);
	for (i = 0; i < n; i++)
		test_fill(p[i], usable);
	for (i = 0; i < n; i++)
		bad += !IS_ALIGNED((unsigned long)p[i], align) ||
		       !kmem_ptr_validate(s, p[i]) ||
		       kmem_ptr_validate(s, p[i] + 1) ||
		       !test_intact(p[i], usable);
	KUNIT_EXPECT_EQ(test, bad, 0U);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), (unsigned long)n);
	KUNIT_EXPECT_EQ(test, slub_cpu_slabs(s), 0UL);
	test_validate(s);
	test_free(s, p, n);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), 0UL);
	test_validate(s);
	expect_no_report(test);
}

/* Objects of all sizes, also of one a slab, under each set of options. */
static void layout(struct kunit *test)
{
	static const unsigned int sizes[] = {
		1, 8, 13, 24, 64, 200, 1001, 2048, 5000, 20000,
	};
	struct kmem_cache *s;
	int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		s = test_debug_cache(test, sizes[i], given(test));
		layout_holds(test, s);
		objects_hold(test, s, sizeof(void *));
	}
}

/* What kmalloc() promises of powers of two holds under all options. */
static void natural_alignment(struct kunit *test)
{
	struct kmem_cache *s;
	unsigned int size;
	char name[32];

	for (size = 8; size <= PAGE_SIZE; size *= 2) {
		snprintf(name, sizeof(name), "slub_test_natural_%u_%s", size,
			 ((const struct options *)test->param_value)->name);
		s = kmem_cache_create_usercopy(name, size, size, given(test) |
					       SLAB_NO_USER_FLAGS, 0, 1, NULL);
		test_adopt(test, s);
		layout_holds(test, s);
		objects_hold(test, s, size);
	}
}

/* The kmalloc() caches themselves, whatever options they were given. */
static void kmalloc_alignment(struct kunit *test)
{
	unsigned int size;
	void *x;

	for (size = ARCH_KMALLOC_MINALIGN; size <= KMALLOC_MAX_CACHE_SIZE;
	     size *= 2) {
		x = kmalloc(size, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, x);
		KUNIT_EXPECT_TRUE_MSG(test, IS_ALIGNED((unsigned long)x, size),
				      "size %u", size);
		KUNIT_EXPECT_GE(test, ksize(x), (size_t)size);
		kfree(x);
	}
}

static bool red(const struct kmem_cache *s, const void *x, u8 byte)
{
	return test_is_all(x - slub_left_pad(s), byte, slub_left_pad(s)) &&
	       test_is_all(x + s->object_size, byte,
			   s->inuse - s->object_size);
}

static bool poisoned(const struct kmem_cache *s, const void *x)
{
	const u8 *last = x + s->object_size - 1;

	return test_is_all(x, POISON_FREE, s->object_size - 1) &&
	       *last == POISON_END;
}

/* Red zones and poison are the bytes that are documented. */
static void marks(struct kunit *test)
{
	static const unsigned int sizes[] = { 61, 64 };
	struct kmem_cache *s;
	void *x, *y;
	u8 first;
	int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		s = test_debug_cache(test, sizes[i], TEST_ALL_OPTIONS);
		test_alloc(test, s, &x, 1);
		test_alloc(test, s, &y, 1);
		KUNIT_EXPECT_TRUE(test, red(s, x, SLUB_RED_ACTIVE));
		first = *(u8 *)x;
		KUNIT_EXPECT_TRUE(test, slab_want_init_on_alloc(0, s) ?
				  !first : first == POISON_INUSE ||
				  first == POISON_FREE);
		test_fill(x, sizes[i]);
		kmem_cache_free(s, x);
		KUNIT_EXPECT_TRUE(test, red(s, x, SLUB_RED_INACTIVE));
		KUNIT_EXPECT_TRUE(test, poisoned(s, x));
		KUNIT_EXPECT_TRUE(test, red(s, y, SLUB_RED_ACTIVE));
		test_alloc(test, s, &x, 1);
		KUNIT_EXPECT_TRUE(test, red(s, x, SLUB_RED_ACTIVE));
		test_free(s, &x, 1);
		test_free(s, &y, 1);
	}
}

/* ---- Contents ---- */

#define KEPT_BYTE	0x3d
#define KEPT_SIZE	120

static void kept_ctor(void *x)
{
	memset(x, KEPT_BYTE, KEPT_SIZE);
}

static void content_kept(struct kunit *test, struct kmem_cache *s)
{
	unsigned int n = 2 * s->objects, i, bad = 0;
	void **p = test_pointers(test, n);

	test_console_start();
	test_alloc(test, s, p, n);
	if (!s->ctor)
		for (i = 0; i < n; i++)
			memset(p[i], KEPT_BYTE, KEPT_SIZE);
	/* One of each slab stays in use, so that no slab goes. */
	for (i = 0; i < n; i++)
		if (i % s->objects)
			kmem_cache_free(s, p[i]);
	for (i = 0; i < n; i++)
		bad += !test_is_all(p[i], KEPT_BYTE, KEPT_SIZE);
	for (i = 0; i < n; i++)
		if (i % s->objects)
			test_alloc(test, s, p + i, 1);
	for (i = 0; i < n; i++)
		bad += !test_is_all(p[i], KEPT_BYTE, KEPT_SIZE);
	KUNIT_EXPECT_EQ(test, bad, 0U);
	test_free(s, p, n);
	expect_no_report(test);
}

/* What must survive being free does: it is not poisoned. */
static void constructed(struct kunit *test)
{
	content_kept(test, test_cache(test, KEPT_SIZE, given(test) |
				      SLAB_NO_USER_FLAGS, kept_ctor));
}

static void typesafe_by_rcu(struct kunit *test)
{
	content_kept(test, test_cache(test, KEPT_SIZE, given(test) |
				      SLAB_NO_USER_FLAGS |
				      SLAB_TYPESAFE_BY_RCU, NULL));
}

/* Zeroed memory is zero, be it asked for or be it always. */
static void zeroed(struct kunit *test)
{
	struct kmem_cache *s = test_debug_cache(test, 200, given(test));
	unsigned int n = s->objects, i, bad = 0;
	void **p = test_pointers(test, n);

	test_console_start();
	test_alloc(test, s, p, n);
	if (slab_want_init_on_alloc(GFP_KERNEL, s))
		for (i = 0; i < n; i++)
			bad += !test_is_all(p[i], 0, 200);
	for (i = 0; i < n; i++)
		test_fill(p[i], 200);
	test_free(s, p + 1, n - 1);
	for (i = 1; i < n; i++) {
		p[i] = kmem_cache_zalloc(s, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, p[i]);
		bad += !test_is_all(p[i], 0, 200);
	}
	KUNIT_EXPECT_EQ(test, bad, 0U);
	test_free(s, p, n);
	expect_no_report(test);
}

/* With init_on_free a free object holds nothing; its red zones stay. */
static void wiped(struct kunit *test)
{
	struct kmem_cache *s;
	size_t offset;
	void *x, *y;

	s = test_debug_cache(test, 200, SLAB_RED_ZONE | SLAB_STORE_USER);
	if (!slab_want_init_on_free(s))
		kunit_skip(test, "needs init_on_free=1");
	test_alloc(test, s, &x, 1);
	test_alloc(test, s, &y, 1);
	test_fill(x, 200);
	kmem_cache_free(s, x);
	offset = min_t(size_t, s->offset, 200);
	KUNIT_EXPECT_TRUE(test, test_is_all(x, 0, offset));
	offset = min_t(size_t, offset + sizeof(void *), 200);
	KUNIT_EXPECT_TRUE(test, test_is_all(x + offset, 0, 200 - offset));
	KUNIT_EXPECT_TRUE(test, red(s, x, SLUB_RED_INACTIVE));
	test_free(s, &y, 1);
}

/* ---- Bulk, krealloc ---- */

/* Bulk allocation and freeing, the latter also without a cache. */
static void bulk_debugged(struct kunit *test)
{
	struct kmem_cache *s = test_debug_cache(test, 88, given(test));
	unsigned int n = 3 * s->objects + 5, i, round, bad = 0;
	void **p = test_pointers(test, n);

	test_console_start();
	for (round = 0; round < 4; round++) {
		KUNIT_ASSERT_EQ(test, n,
				kmem_cache_alloc_bulk(s, GFP_KERNEL, n, p));
		for (i = 0; i < n; i++)
			test_fill(p[i], 88);
		for (i = 0; i < n; i++)
			bad += !test_intact(p[i], 88);
		KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), (unsigned long)n);
		test_validate(s);
		kmem_cache_free_bulk(round % 2 ? NULL : s, n, p);
		KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), 0UL);
	}
	KUNIT_EXPECT_EQ(test, bad, 0U);
	expect_no_report(test);
}

/* Objects of several caches in one bulk free, and kfree() and krealloc(). */
static void any_cache(struct kunit *test)
{
	struct kmem_cache *s = test_debug_cache(test, 88, given(test));
	struct kmem_cache *plain = test_cache(test, 88, SLAB_NO_USER_FLAGS,
					      NULL);
	void *p[6], *x;
	int i;

	test_console_start();
	for (i = 0; i < 6; i++)
		test_alloc(test, i % 2 ? s : plain, p + i, 1);
	kmem_cache_free_bulk(NULL, 6, p);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), 0UL);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(plain), 0UL);

	test_alloc(test, s, &x, 1);
	memset(x, 0x3c, 88);
	KUNIT_EXPECT_PTR_EQ(test, krealloc(x, 40, GFP_KERNEL), x);
	KUNIT_EXPECT_TRUE(test, test_is_all(x, 0x3c, 40));
	p[0] = krealloc(x, 4000, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, p[0]);
	KUNIT_EXPECT_TRUE(test, test_is_all(p[0], 0x3c, 40));
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), 0UL);
	kfree(p[0]);
	test_alloc(test, s, &x, 1);
	kfree(x);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), 0UL);
	expect_no_report(test);
}

/* kmalloc() caches, debugged or not: bulk free without a cache, krealloc(). */
static void kmalloc_bulk(struct kunit *test)
{
	void *p[12], *x;
	size_t size;
	int i;

	test_console_start();
	for (i = 0, size = 5; i < 12; i++, size *= 2) {
		x = kmalloc(size, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, x);
		memset(x, i, size);
		p[i] = krealloc(x, 2 * size, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, p[i]);
		KUNIT_EXPECT_TRUE(test, test_is_all(p[i], i, size));
	}
	kmem_cache_free_bulk(NULL, 12, p);
	expect_no_report(test);
}

/* ---- Validation and counts ---- */

/* Validation looks at all slabs of a debugged cache, full ones as well. */
static void validate_all_slabs(struct kunit *test)
{
	struct kmem_cache *s = test_debug_cache(test, 200, given(test));
	unsigned int n = 3 * s->objects;
	void **p = test_pointers(test, n + 1);

	test_console_start();
	KUNIT_EXPECT_EQ(test, test_validate(s), 0L);
	test_alloc(test, s, p, n);
	KUNIT_EXPECT_EQ(test, test_validate(s), 3L);
	test_alloc(test, s, p + n, 1);
	KUNIT_EXPECT_EQ(test, test_validate(s), 4L);
	KUNIT_EXPECT_EQ(test, slub_pool_slabs(s), 4UL);
	KUNIT_EXPECT_EQ(test, slub_capacity(s), 4UL * s->objects);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), n + 1UL);
	KUNIT_EXPECT_EQ(test, slub_cpu_slabs(s), 0UL);
	test_free(s, p, n + 1);
	expect_no_report(test);
}

/* ---- Users ---- */

static noinline __noclone void *path_of_alloc(struct kmem_cache *s)
{
	void *x = test_take(s);

	barrier();
	return x;
}

static noinline __noclone void path_of_free(struct kmem_cache *s, void *x)
{
	test_give(s, x);
	barrier();
}

static void expect_track(struct kunit *test, const char *what,
			 const char *function, const char *path)
{
	char text[64];

	snprintf(text, sizeof(text), "%s in %s+", what, function);
	KUNIT_EXPECT_TRUE_MSG(test, test_console_has_line(text, " age="),
			      "%s", text);
	KUNIT_EXPECT_TRUE(test, test_console_has_line(text, " cpu="));
	snprintf(text, sizeof(text), " pid=%d", current->pid);
	test_console_expect(test, "%s", text);
	if (IS_ENABLED(CONFIG_STACKTRACE))
		test_console_expect(test, "%s+0x", path);
}

/* An object knows who allocated it, and who freed it last. */
static void tracking(struct kunit *test)
{
	struct kmem_cache *s = test_debug_cache(test, 200, SLAB_STORE_USER);
	void *x, *y;

	x = path_of_alloc(s);
	y = test_take(s);
	KUNIT_ASSERT_NOT_NULL(test, x);
	KUNIT_ASSERT_NOT_NULL(test, y);
	test_console_start();
	print_tracking(s, x);
	expect_track(test, "Allocated", "test_take", "path_of_alloc");
	KUNIT_EXPECT_FALSE(test, test_console_has("Freed in "));

	path_of_free(s, x);
	test_console_start();
	print_tracking(s, x);
	expect_track(test, "Freed", "test_give", "path_of_free");
	test_give(s, y);
}

/* kmem_dump_obj() tells that, too. */
static void dump_tracked(struct kunit *test)
{
	struct kmem_cache *s = test_debug_cache(test, 200, TEST_ALL_OPTIONS);
	void *x, *y;

	if (!IS_ENABLED(CONFIG_PRINTK))
		kunit_skip(test, "needs CONFIG_PRINTK");
	x = path_of_alloc(s);
	y = test_take(s);
	KUNIT_ASSERT_NOT_NULL(test, x);
	KUNIT_ASSERT_NOT_NULL(test, y);
	test_console_start();
	pr_info("SLUB: test of a dump:");
	KUNIT_EXPECT_TRUE(test, kmem_dump_obj(x + 21));
	test_console_expect(test, " slab %s\n", s->name);
	test_console_expect(test, " pointer offset 21\n");
	test_console_expect(test, " allocated at test_take+");
	test_console_expect(test, "    path_of_alloc+");

	path_of_free(s, x);
	test_console_start();
	pr_info("SLUB: test of a dump:");
	KUNIT_EXPECT_TRUE(test, kmem_dump_obj(x));
	test_console_expect(test, " pointer offset 0\n");
	test_console_expect(test, " Free path:");
	test_console_expect(test, "    path_of_free+");
	test_give(s, y);
}

/* Each allocation and each free of a traced cache is told, and only those. */
static void trace(struct kunit *test)
{
	struct kmem_cache *s = test_debug_cache(test, 200, SLAB_TRACE);
	struct kmem_cache *other;
	char text[64];
	void *x;

	other = test_debug_cache(test, 200, SLAB_CONSISTENCY_CHECKS);
	test_console_start();
	test_alloc(test, other, &x, 1);
	test_free(other, &x, 1);
	KUNIT_EXPECT_FALSE(test, test_console_has("TRACE "));

	test_console_watch(s);
	test_alloc(test, s, &x, 1);
	snprintf(text, sizeof(text), "TRACE %s alloc 0x%p ", s->name, x);
	KUNIT_EXPECT_TRUE(test, test_console_has_line(text, "inuse="));
	KUNIT_EXPECT_TRUE(test, test_console_has_line(text, "fp=0x"));
	KUNIT_EXPECT_EQ(test, test_console_count("TRACE "), 1U);
	KUNIT_EXPECT_EQ(test, test_console_locked(), 0U);

	test_console_watch(s);
	test_free(s, &x, 1);
	snprintf(text, sizeof(text), "TRACE %s free 0x%p ", s->name, x);
	KUNIT_EXPECT_TRUE(test, test_console_has_line(text, "inuse="));
	KUNIT_EXPECT_EQ(test, test_console_count("TRACE "), 1U);
	KUNIT_EXPECT_EQ(test, test_console_locked(), 0U);
}

/* ---- Contexts ---- */

/* Interrupts allocate and free in a debugged cache as well. */
static void interrupt_debugged(struct kunit *test)
{
	struct kmem_cache *s = test_debug_cache(test, 520, given(test));
	unsigned int give = TEST_IRQ_OBJECTS / 2;
	struct test_irq *user;

	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		kunit_skip(test, "PREEMPT_RT: only tasks may allocate");
	test_console_start_all();
	user = test_in_irq(test, s, give);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), TEST_IRQ_OBJECTS / 2UL);
	test_validate(s);
	test_free(s, user->p + give, TEST_IRQ_OBJECTS - give);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), 0UL);
	expect_no_report(test);
}

/* With interrupts off. */
static void atomic_debugged(struct kunit *test)
{
	struct kmem_cache *s = test_debug_cache(test, 520, given(test));
	unsigned long flags;
	void *x;

	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		kunit_skip(test, "PREEMPT_RT: only tasks may allocate");
	test_console_start();
	local_irq_save(flags);
	x = kmem_cache_alloc(s, GFP_ATOMIC);
	if (x)
		kmem_cache_free(s, x);
	local_irq_restore(flags);
	KUNIT_EXPECT_NOT_NULL(test, x);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), 0UL);
	expect_no_report(test);
}

/* All CPUs at once: nothing is reported, and counts are exact at the end. */
static void stress_debugged(struct kunit *test)
{
	static const unsigned int sizes[TEST_STRESS_CACHES] = {
		16, 96, 520, 2048,
	};
	static const slab_flags_t flags[TEST_STRESS_CACHES] = {
		SLAB_NO_USER_FLAGS | TEST_ALL_OPTIONS,
		SLAB_NO_USER_FLAGS | SLAB_CONSISTENCY_CHECKS |
			SLAB_TYPESAFE_BY_RCU,
		SLAB_NO_USER_FLAGS | SLAB_RED_ZONE | SLAB_POISON,
		SLAB_NO_USER_FLAGS | SLAB_STORE_USER | SLAB_HWCACHE_ALIGN,
	};

	test_console_start_all();
	test_stress(test, sizes, flags);
	expect_no_report(test);
}

static struct kunit_case debugging_cases[] = {
	KUNIT_CASE(flags_in_force),
	KUNIT_CASE_PARAM(layout, options_gen_params),
	KUNIT_CASE_PARAM(natural_alignment, options_gen_params),
	KUNIT_CASE(kmalloc_alignment),
	KUNIT_CASE(marks),
	KUNIT_CASE_PARAM(constructed, options_gen_params),
	KUNIT_CASE_PARAM(typesafe_by_rcu, options_gen_params),
	KUNIT_CASE_PARAM(zeroed, options_gen_params),
	KUNIT_CASE(wiped),
	KUNIT_CASE_PARAM(bulk_debugged, options_gen_params),
	KUNIT_CASE_PARAM(any_cache, options_gen_params),
	KUNIT_CASE(kmalloc_bulk),
	KUNIT_CASE_PARAM(validate_all_slabs, options_gen_params),
	KUNIT_CASE(tracking),
	KUNIT_CASE(dump_tracked),
	KUNIT_CASE(trace),
	KUNIT_CASE_PARAM(interrupt_debugged, options_gen_params),
	KUNIT_CASE_PARAM(atomic_debugged, options_gen_params),
	KUNIT_CASE(stress_debugged),
	{}
};

SLUB_TEST_SUITE_INIT(slub_debugging, debugging_cases, test_debug_init);
