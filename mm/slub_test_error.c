// SPDX-License-Identifier: GPL-2.0-only
/*
 * SLUB: KUnit suite slub_errors: no memory, bad frees, damaged free lists.
 */
#include "slub_test.h"

/* ---- No memory ---- */

#define QUIET	(GFP_KERNEL | __GFP_NOWARN)

/*
 * Everything that may ask for pages, one after the other. Return: how many
 * objects it got, all of them in @p.
 */
static size_t ask_for_all(struct kmem_cache *s, void **p)
{
	size_t got = 0;
	unsigned int i;
	int node;

	for (i = 0; i < 2 * s->objects; i++) {
		p[got] = kmem_cache_alloc(s, QUIET);
		got += !!p[got];
	}
	for_each_online_node(node) {
		for (i = 0; i < s->objects + 1; i++) {
			p[got] = kmem_cache_alloc_node(s, QUIET, node);
			got += !!p[got];
			p[got] = kmem_cache_alloc_node(s, QUIET | __GFP_THISNODE,
						       node);
			got += !!p[got];
		}
	}
	p[got] = kmem_cache_zalloc(s, QUIET);
	got += !!p[got];
	slub_flush_this_cpu(s);
	got += kmem_cache_alloc_bulk(s, QUIET, 3 * s->objects, p + got);
	return got;
}

/* Return: whether there was a request for pages that could fail. */
static bool fail_and_check(struct kunit *test, struct kmem_cache *s, void **p,
			   unsigned int skip, unsigned int count)
{
	size_t got, i;
	bool failed;

	test_fail_pages(s, skip, count);
	got = ask_for_all(s, p);
	failed = test_pages_asked() > skip;
	test_fail_pages(NULL, 0, 0);

	if (failed && !skip && count == UINT_MAX)
		KUNIT_EXPECT_EQ(test, got, 0UL);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), got);
	for (i = 0; i < got; i++)
		test_fill(p[i], s->object_size);
	for (i = 0; i < got; i++)
		if (!kmem_ptr_validate(s, p[i]) ||
		    !test_intact(p[i], s->object_size))
			break;
	KUNIT_EXPECT_EQ(test, i, got);
	kmem_cache_free_bulk(s, got, p);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), 0UL);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(s), 0);
	return failed;
}

/* The page allocator fails, at each point in turn: nothing is lost. */
static void pages_fail_everywhere(struct kunit *test)
{
	static const unsigned int sizes[] = { 96, 1000, 20000 };
	struct kmem_cache *s;
	unsigned int i, k;
	void **p;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		s = test_cache(test, sizes[i], 0, NULL);
		p = test_pointers(test, 6 * s->objects + 2 +
				  2 * (s->objects + 1) * num_online_nodes());
		for (k = 0; !test->status; k++)
			if (!fail_and_check(test, s, p, k, UINT_MAX))
				break;
		KUNIT_EXPECT_GE(test, k, 2U);
		for (k = 0; !test->status; k++)
			if (!fail_and_check(test, s, p, k, 1))
				break;
	}
}

/* When pages of the usual order are short, a slab of the least order does. */
static void smaller_slab(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 1000, 0, NULL);
	unsigned int n, i, outside = 0;
	struct slab *slab;
	void **p;

	if (s->order == s->min_order)
		kunit_skip(test, "has but one order");
	n = (PAGE_SIZE << s->min_order) / s->size;
	p = test_pointers(test, n);
	test_fail_pages(s, 0, 1);
	test_alloc(test, s, p, n);
	test_fail_pages(NULL, 0, 0);
	slab = virt_to_slab(p[0]);
	KUNIT_EXPECT_EQ(test, slab_order(slab), s->min_order);
	KUNIT_EXPECT_EQ(test, slab->objects, n);
	KUNIT_EXPECT_EQ(test, slub_capacity(s), (unsigned long)n);
	KUNIT_EXPECT_EQ(test, slub_pool_slabs(s), 1UL);
	for (i = 0; i < n; i++)
		outside += !kmem_ptr_validate(s, p[i]) ||
			   virt_to_slab(p[i]) != slab;
	KUNIT_EXPECT_EQ(test, outside, 0U);
	test_free(s, p, n);
}

/* Bulk allocation is all or nothing. */
static void bulk_all_or_nothing(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 304, 0, NULL);
	size_t n = 2 * s->objects + 1;
	void **p = test_pointers(test, n);

	test_alloc(test, s, p, 1);
	test_fail_pages(s, 1, UINT_MAX);
	KUNIT_EXPECT_EQ(test, 0, kmem_cache_alloc_bulk(s, QUIET, n, p + 1));
	test_fail_pages(NULL, 0, 0);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), 1UL);
	test_free(s, p, 1);
}

/* Out of memory is reported with the cache's numbers, unless not wanted. */
static void out_of_memory_report(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 304, 0, NULL);
	void **p = test_pointers(test, s->objects + 1);

	test_alloc(test, s, p, s->objects);
	test_fail_pages(s, 0, UINT_MAX);
	test_console_start();
	KUNIT_EXPECT_NULL(test, kmem_cache_alloc(s, QUIET));
	KUNIT_EXPECT_FALSE(test, test_console_has("SLUB"));
	KUNIT_EXPECT_NULL(test, kmem_cache_alloc(s, GFP_NOWAIT));
	test_fail_pages(NULL, 0, 0);
	test_console_expect(test, "SLUB: out of memory for cache %s,", s->name);
	test_console_expect(test, "(304 asked for), %u in use", s->objects);
	test_console_expect(test,
			    "node %d: 1 slabs for %u objects, 0 partial, 0 empty",
			    slab_nid(virt_to_slab(p[0])), s->objects);
	test_free(s, p, s->objects);
}

/* ---- Bad frees ---- */

/* A double free in a row is reported, and undone, wherever the slab is. */
static void double_free(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 176, 0, NULL);
	unsigned int n = s->objects, i;
	void **p = test_pointers(test, n);
	struct slab *slab;

	test_need_no_kasan(test);
	/* Of the pool. */
	slab = test_full_slab(test, s, p);
	kmem_cache_free(s, p[0]);
	kmem_cache_free(s, p[1]);
	test_console_start();
	kmem_cache_free(s, p[1]);
	test_console_expect(test,
			    "SLUB: bad free: double free: 0x%p freed by %s+",
			    p[1], __func__);
	test_console_expect(test, "cache %s", s->name);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), n - 2UL);
	KUNIT_EXPECT_EQ(test, test_free_in(slab), 2U);

	/* Of this CPU. */
	test_alloc(test, s, p, 2);
	KUNIT_EXPECT_PTR_EQ(test, test_cpu(s)->slab, slab);
	kmem_cache_free(s, p[2]);
	kmem_cache_free(s, p[3]);
	test_console_start();
	kmem_cache_free(s, p[3]);
	test_console_expect(test, "double free: 0x%p", p[3]);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), n - 2UL);

	/* No object is lost by that, or handed out twice. */
	test_alloc(test, s, p + 2, 2);
	for (i = 0; i < n; i++)
		test_fill(p[i], 176);
	for (i = 0; i < n; i++)
		KUNIT_EXPECT_TRUE(test, test_intact(p[i], 176));
	KUNIT_EXPECT_EQ(test, slub_pool_slabs(s), 1UL);
	test_free(s, p, n);
}

/* The same where what is freed stays at hand. */
static void double_free_at_hand(struct kunit *test)
{
	struct kmem_cache *s = test_usual(test_cache(test, 176, 0, NULL));
	unsigned int n = s->objects;
	void **p = test_pointers(test, n);

	test_need_no_kasan(test);
	test_full_slab(test, s, p);
	/* Room for it comes with a first one. */
	kmem_cache_free(s, p[0]);
	test_alloc(test, s, p, 1);
	kmem_cache_free(s, p[1]);
	KUNIT_EXPECT_EQ(test, slub_hand(test_cpu(s)), 1U);
	test_console_start();
	kmem_cache_free(s, p[1]);
	test_console_expect(test, "double free: 0x%p", p[1]);
	KUNIT_EXPECT_EQ(test, slub_hand(test_cpu(s)), 1U);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), n - 1UL);
	test_alloc(test, s, p + 1, 1);
	test_free(s, p, n);
}

/* What is no object of the cache is reported and left as it is. */
static void foreign_free(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 176, 0, NULL);
	struct kmem_cache *other = test_cache(test, 176, 0, NULL);
	void *x, *y, *page;

	test_need_no_kasan(test);
	page = (void *)__get_free_page(GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, page);
	test_alloc(test, s, &x, 1);
	test_alloc(test, other, &y, 1);

	test_console_start();
	kmem_cache_free(s, x + 8);
	test_console_expect(test, "not the start of an object: 0x%p", x + 8);
	test_console_start();
	kmem_cache_free(s, y);
	test_console_expect(test, ": 0x%p freed by ", y);
	test_console_expect(test, "into %s, belongs to %s; leaked",
			    s->name, other->name);
	test_console_start();
	kmem_cache_free(s, page);
	test_console_expect(test, "SLUB: bad free: ");
	KUNIT_EXPECT_EQ(test, page_ref_count(virt_to_page(page)), 1);
	free_page((unsigned long)page);

	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), 1UL);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(other), 1UL);
	test_free(s, &x, 1);
	test_free(other, &y, 1);
}

/* The same holds for each object of a bulk free; good ones are freed. */
static void bad_bulk_free(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 176, 0, NULL);
	struct kmem_cache *other = test_cache(test, 176, 0, NULL);
	void *x[3], *y, *page, *p[6];

	test_need_no_kasan(test);
	page = (void *)__get_free_page(GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, page);
	test_alloc(test, s, x, 3);
	test_alloc(test, other, &y, 1);

	p[0] = x[0];
	p[1] = y;
	p[2] = page;
	p[3] = x[2] + 16;
	p[4] = x[1];
	p[5] = x[1];
	test_console_start();
	kmem_cache_free_bulk(s, 6, p);
	test_console_expect(test, "object of another cache: 0x%p", y);
	test_console_expect(test, "object of no cache: 0x%p", page);
	test_console_expect(test, "not the start of an object: 0x%p", p[3]);
	test_console_expect(test, "double free: 0x%p", x[1]);
	KUNIT_EXPECT_EQ(test, page_ref_count(virt_to_page(page)), 1);
	free_page((unsigned long)page);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), 1UL);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(other), 1UL);
	test_free(s, x + 2, 1);
	test_free(other, &y, 1);
}

/*
 * Free two objects, and the last one once more, before others. It alone is refused,
 * and all objects are there afterwards, each once.
 */
static void free_again_first(struct kunit *test, bool on_cpu, bool at_hand)
{
	struct kmem_cache *s = test_cache(test, 176, 0, NULL);
	unsigned int n = s->objects, i, bad = 0;
	void **p = test_pointers(test, n), *some[4];
	struct slab *slab;

	if (at_hand)
		test_usual(s);
	slab = test_full_slab(test, s, p);
	kmem_cache_free(s, p[n - 2]);
	if (on_cpu) {
		test_alloc(test, s, p + n - 2, 1);
		if (!at_hand)
			KUNIT_EXPECT_PTR_EQ(test, test_cpu(s)->slab, slab);
		kmem_cache_free(s, p[n - 2]);
	}
	kmem_cache_free(s, p[n - 1]);
	some[0] = p[n - 1];
	for (i = 1; i < ARRAY_SIZE(some); i++)
		some[i] = p[n - 6 + i];
	test_console_start();
	kmem_cache_free_bulk(s, ARRAY_SIZE(some), some);
	test_console_expect(test, "double free: 0x%p", p[n - 1]);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), n - 5UL);

	test_alloc(test, s, p + n - 5, 5);
	for (i = 0; i < n; i++)
		test_fill(p[i], 176);
	for (i = 0; i < n; i++)
		bad += !test_intact(p[i], 176) || virt_to_slab(p[i]) != slab;
	KUNIT_EXPECT_EQ(test, bad, 0U);
	test_free(s, p, n);
}

static void bulk_free_again(struct kunit *test)
{
	test_need_no_kasan(test);
	free_again_first(test, false, false);
	free_again_first(test, true, false);
	free_again_first(test, false, true);
	free_again_first(test, true, true);
}

/* ---- Damaged free lists ---- */

static void damage(struct kmem_cache *s, void *x)
{
	set_freepointer(s, x, x + 1);
}

/* Put an object, lost with the rest of a damaged list, back into its slab. */
static void put_back(struct kunit *test, struct kmem_cache *s, void *x)
{
	KUNIT_EXPECT_TRUE(test, slub_pool_free(s, virt_to_slab(x), x));
}

/* One by one: the last one freed is the first one to come. */
static void free_three(struct kmem_cache *s, void **p)
{
	int i;

	for (i = 0; i < 3; i++)
		kmem_cache_free(s, p[i]);
}

/* A slab of the pool whose free list is damaged is reported and set aside. */
static void damaged_in_pool(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 240, 0, NULL);
	void **p = test_pointers(test, s->objects), *x, *own;
	struct kmem_cache_cpu *c;
	struct slab *slab;

	test_need_no_kasan(test);
	slab = test_full_slab(test, s, p);
	test_alloc(test, s, &own, 1);
	kmem_cache_free(s, p[0]);
	kmem_cache_free(s, p[1]);
	KUNIT_EXPECT_EQ(test, slub_pool_validate(s), 1L);
	damage(s, p[1]);
	test_console_start();
	slub_pool_validate(s);
	test_console_expect(test,
			    "SLUB: free list corrupt: slab 0x%p of cache %s",
			    slab_address(slab), s->name);

	/* A single object is wanted if this CPU's part can't be changed. */
	test_console_start();
	c = slub_cpu_enter(s);
	x = kmem_cache_alloc(s, GFP_ATOMIC);
	slub_cpu_exit(c);
	test_console_expect(test, "slab set aside");
	KUNIT_EXPECT_PTR_EQ(test, x, p[1]);
	KUNIT_EXPECT_EQ(test, word_of(slab).word, 0U);
	KUNIT_EXPECT_EQ(test, slub_pool_length(s), 0UL);
	test_alloc(test, s, &x, 1);
	KUNIT_EXPECT_PTR_NE(test, virt_to_slab(x), slab);
	kmem_cache_free(s, x);
	kmem_cache_free(s, own);

	/* It takes back what is in use. */
	test_free(s, p + 1, s->objects - 1);
	KUNIT_EXPECT_EQ(test, test_free_in(slab), s->objects - 1);
	put_back(test, s, p[0]);
}

/*
 * The same for the free list of a CPU, when it needs what is on it: of a slab that has
 * too many objects for a map.
 */
static void damaged_on_cpu(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 48, 0, NULL);
	void **p = test_pointers(test, s->objects), *x[2];
	struct slab *slab;

	test_need_no_kasan(test);
	test_alloc(test, s, p, s->objects);
	slab = virt_to_slab(p[0]);
	free_three(s, p);
	damage(s, p[1]);
	test_console_start();
	test_alloc(test, s, x, 2);
	test_console_expect(test,
			    "SLUB: free list corrupt, objects set aside: slab 0x%p of cache %s",
			    slab_address(slab), s->name);
	KUNIT_EXPECT_PTR_EQ(test, x[0], p[2]);
	KUNIT_EXPECT_PTR_EQ(test, x[1], p[1]);
	slub_flush_this_cpu(s);
	KUNIT_EXPECT_EQ(test, word_of(slab).word, 0U);
	test_free(s, p + 1, s->objects - 1);
	put_back(test, s, p[0]);
}

/* And for a list that comes from the pool, to a CPU that keeps a map. */
static void damaged_on_the_way(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 240, 0, NULL);
	void **p = test_pointers(test, s->objects), *x[2];
	struct slab *slab;

	test_need_no_kasan(test);
	slab = test_full_slab(test, s, p);
	free_three(s, p);
	damage(s, p[1]);
	test_console_start();
	test_alloc(test, s, x, 2);
	test_console_expect(test,
			    "SLUB: free list corrupt, objects set aside: slab 0x%p of cache %s",
			    slab_address(slab), s->name);
	KUNIT_EXPECT_TRUE(test, x[0] == p[1] || x[0] == p[2]);
	KUNIT_EXPECT_TRUE(test, x[1] == p[1] || x[1] == p[2]);
	slub_flush_this_cpu(s);
	KUNIT_EXPECT_EQ(test, word_of(slab).word, 0U);
	test_free(s, p + 1, s->objects - 1);
	put_back(test, s, p[0]);
}

static struct kunit_case error_cases[] = {
	KUNIT_CASE(pages_fail_everywhere),
	KUNIT_CASE(smaller_slab),
	KUNIT_CASE(bulk_all_or_nothing),
	KUNIT_CASE(out_of_memory_report),
	KUNIT_CASE(double_free),
	KUNIT_CASE(double_free_at_hand),
	KUNIT_CASE(foreign_free),
	KUNIT_CASE(bad_bulk_free),
	KUNIT_CASE(bulk_free_again),
	KUNIT_CASE(damaged_in_pool),
	KUNIT_CASE(damaged_on_cpu),
	KUNIT_CASE(damaged_on_the_way),
	{}
};

SLUB_TEST_SUITE(slub_errors, error_cases);
