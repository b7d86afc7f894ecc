// SPDX-License-Identifier: GPL-2.0-only
/*
 * SLUB: KUnit suite slub_objects: what callers get and give back.
 */
#include <linux/bitmap.h>
#include <linux/delay.h>
#include <linux/kfence.h>
#include <linux/log2.h>
#include <linux/mmzone.h>

#include "slub_test.h"

/* Take one object more than a slab has, and look where each of them is. */
static void take_whole_slab(struct kunit *test, unsigned int size)
{
	struct kmem_cache *s = test_cache(test, size, 0, NULL);
	unsigned int n = s->objects, i, bad = 0;
	void **p = test_pointers(test, n + 1);
	unsigned long *seen;
	struct slab *slab;

	seen = kunit_kcalloc(test, BITS_TO_LONGS(n), sizeof(long), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, seen);

	test_alloc(test, s, p, n + 1);
	slab = virt_to_slab(p[0]);
	KUNIT_EXPECT_EQ(test, slab->objects, n);
	for (i = 0; i < n; i++) {
		unsigned long offset = p[i] - slab_address(slab);

		if (offset + s->size > slab_size(slab) || offset % s->size ||
		    __test_and_set_bit(offset / s->size, seen))
			bad++;
		else
			test_fill(p[i], size);
	}
	for (i = 0; i < n && !bad; i++)
		bad += !test_intact(p[i], size);
	KUNIT_EXPECT_EQ_MSG(test, bad, 0U, "size %u", size);
	KUNIT_EXPECT_PTR_NE(test, virt_to_slab(p[n]), slab);
	test_free(s, p, n + 1);
}

/* Each object of a slab is handed out, once, and lies apart from all others. */
static void every_object_once(struct kunit *test)
{
	static const unsigned int sizes[] = {
		8, 16, 24, 64, 100, 192, 520, 1024, 2000, 4096, 9000,
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		take_whole_slab(test, sizes[i]);
}

/* A fresh slab is handed out from its start on, or in a random order, which is no rotation. */
static void order_of_fresh_slab(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 128, 0, NULL);
	unsigned int n = s->objects;
	void **p = test_pointers(test, n);

	test_alloc(test, s, p, n);
	if (IS_ENABLED(CONFIG_SLAB_FREELIST_RANDOM))
		KUNIT_EXPECT_LT(test, test_rising(p, n), n - 2);
	else
		KUNIT_EXPECT_EQ(test, test_rising(p, n), n - 1);
	test_free(s, p, n);
}

/* kmalloc() of a power of two is aligned to it; all sizes fit. */
static void kmalloc_aligned(struct kunit *test)
{
	size_t size;
	void *p;

	for (size = 1; size <= 2 * KMALLOC_MAX_CACHE_SIZE; size *= 2) {
		p = kmalloc(size, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, p);
		KUNIT_EXPECT_TRUE_MSG(test, IS_ALIGNED((unsigned long)p, size),
				      "size %zu", size);
		kfree(p);
	}
}

/* An object comes zeroed to its last byte if asked for, whatever it held. */
static void zeroed_on_request(struct kunit *test)
{
	static const unsigned int sizes[] = { 8, 72, 600, 4096 };
	unsigned int i, k, n, bad;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct kmem_cache *s = test_cache(test, sizes[i], 0, NULL);
		void **p;

		n = s->objects + 1;
		p = test_pointers(test, n);
		test_alloc(test, s, p, n);
		for (k = 0; k < n; k++)
			memset(p[k], 0xa5, sizes[i]);
		test_free(s, p, n);

		for (k = 0, bad = 0; k < n / 2; k++) {
			p[k] = kmem_cache_zalloc(s, GFP_KERNEL);
			KUNIT_ASSERT_NOT_NULL(test, p[k]);
			bad += !!memchr_inv(p[k], 0, sizes[i]);
		}
		KUNIT_EXPECT_EQ(test, bad, 0U);
		KUNIT_ASSERT_EQ(test, n - k,
				kmem_cache_alloc_bulk(s, GFP_KERNEL | __GFP_ZERO,
						      n - k, p + k));
		for (; k < n; k++)
			bad += !!memchr_inv(p[k], 0, sizes[i]);
		KUNIT_EXPECT_EQ(test, bad, 0U);
		test_free(s, p, n);
	}
}

#define CTOR_SIZE	120
#define CTOR_BYTE	0xc5

static atomic_t constructed;

static void test_ctor(void *x)
{
	atomic_inc(&constructed);
	memset(x, CTOR_BYTE, CTOR_SIZE);
}

static unsigned int spoiled(void **p, unsigned int count)
{
	unsigned int bad = 0;

	while (count)
		bad += !test_is_all(p[--count], CTOR_BYTE, CTOR_SIZE);
	return bad;
}

/* An object is constructed once in the life of its slab, and stays so. */
static void constructed_once(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, CTOR_SIZE, 0, test_ctor);
	unsigned int n = 3 * s->objects, i;
	void **p = test_pointers(test, n);
	void **q = test_pointers(test, n);

	KUNIT_EXPECT_GE(test, s->offset, CTOR_SIZE);
	atomic_set(&constructed, 0);
	test_alloc(test, s, p, n);
	KUNIT_EXPECT_EQ(test, atomic_read(&constructed), n);
	KUNIT_EXPECT_EQ(test, spoiled(p, n), 0U);

	/* All but the last one of each slab: partial slabs, and the CPU's. */
	for (i = 0; i < n; i++)
		if ((i + 1) % s->objects)
			kmem_cache_free(s, p[i]);
	KUNIT_EXPECT_EQ(test, spoiled(p, n), 0U);
	test_alloc(test, s, q, n - 3);
	KUNIT_EXPECT_EQ(test, atomic_read(&constructed), n);
	KUNIT_EXPECT_EQ(test, spoiled(q, n - 3), 0U);

	test_free(s, q, n - 3);
	for (i = s->objects - 1; i < n; i += s->objects)
		kmem_cache_free(s, p[i]);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(s), 0);
	test_alloc(test, s, p, 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&constructed), n + s->objects);
	KUNIT_EXPECT_EQ(test, spoiled(p, 1), 0U);
	test_free(s, p, 1);
}

/* ksize() tells what may be written to, and krealloc() keeps contents. */
static void ksize_and_krealloc(struct kunit *test)
{
	size_t size, usable;
	u8 *p, *q;

	for (size = 1; size <= 3 * PAGE_SIZE; size += 1 + size / 3) {
		p = kmalloc(size, GFP_KERNEL);
		q = kmalloc(size, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, p);
		KUNIT_ASSERT_NOT_NULL(test, q);
		usable = ksize(p);
		KUNIT_EXPECT_GE(test, usable, size);
		if (!IS_ENABLED(CONFIG_KASAN)) {
			KUNIT_EXPECT_EQ(test, usable,
					kmalloc_size_roundup(size));
			test_fill(q, usable);
			test_fill(p, usable);
			KUNIT_EXPECT_TRUE(test, test_intact(q, usable));
		}
		kfree(q);

		memset(p, 0x3c, size);
		q = krealloc(p, usable, GFP_KERNEL);
		KUNIT_EXPECT_PTR_EQ(test, q, p);
		q = krealloc(p, 4 * size + 64, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, q);
		KUNIT_EXPECT_NULL(test, memchr_inv(q, 0x3c, size));
		p = krealloc(q, size, GFP_KERNEL);
		KUNIT_EXPECT_PTR_EQ(test, p, q);
		KUNIT_EXPECT_NULL(test, memchr_inv(p, 0x3c, size));
		KUNIT_EXPECT_PTR_EQ(test, krealloc(p, 0, GFP_KERNEL),
				    ZERO_SIZE_PTR);
	}
	KUNIT_EXPECT_PTR_EQ(test, kmalloc(0, GFP_KERNEL), ZERO_SIZE_PTR);
	KUNIT_EXPECT_EQ(test, ksize(ZERO_SIZE_PTR), 0UL);
}

/* Bulk allocation gives different objects, of which each can be used. */
static void bulk(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 88, 0, NULL);
	size_t n = 3 * s->objects + 7, i, bad = 0;
	void **p = test_pointers(test, n);

	KUNIT_ASSERT_EQ(test, n, kmem_cache_alloc_bulk(s, GFP_KERNEL, n, p));
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), n);
	KUNIT_EXPECT_EQ(test, slub_pool_slabs(s), 4UL);
	for (i = 0; i < n; i++)
		test_fill(p[i], 88);
	for (i = 0; i < n; i++)
		bad += !test_intact(p[i], 88);
	KUNIT_EXPECT_EQ(test, bad, 0UL);
	kmem_cache_free_bulk(s, n, p);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), 0UL);
	KUNIT_EXPECT_EQ(test, 0, kmem_cache_alloc_bulk(s, GFP_KERNEL, 0, p));
}

/* Bulk free takes objects of any slabs in any order. */
static void bulk_free_any_order(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 136, 0, NULL);
	size_t n = 9 * s->objects, i;
	void **p = test_pointers(test, n);
	void **q = test_pointers(test, n);

	test_alloc(test, s, p, n);
	/* Neighbours in the array are of different slabs. */
	for (i = 0; i < n; i++)
		q[i] = p[i % 9 * s->objects + i / 9];
	kmem_cache_free_bulk(s, n / 2, q);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), n - n / 2);
	KUNIT_EXPECT_EQ(test, slub_pool_slabs(s), 9UL);
	kmem_cache_free_bulk(s, n - n / 2, q + n / 2);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), 0UL);

	/* What was freed can be had again, each object once. */
	test_alloc(test, s, p, n);
	for (i = 0; i < n; i++)
		test_fill(p[i], 136);
	for (i = 0; i < n; i++)
		KUNIT_ASSERT_TRUE(test, test_intact(p[i], 136));
	kmem_cache_free_bulk(s, n, p);
}

/* kfree_bulk() takes what kmalloc() gave, of all sizes at once. */
static void kfree_bulk_any_size(struct kunit *test)
{
	void **p = test_pointers(test, 64);
	size_t i;

	for (i = 0; i < 64; i++) {
		p[i] = kmalloc(8UL << (i % 13), GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, p[i]);
	}
	kfree_bulk(64, p);
	/* The pages of the large ones are nobody's now. */
	for (i = 0; i < 64; i++)
		if (8UL << (i % 13) > KMALLOC_MAX_CACHE_SIZE)
			KUNIT_EXPECT_NULL(test, virt_to_slab(p[i]));
}

struct late {
	struct rcu_head rcu;
	char more[100];
};

/* What is freed with kfree_rcu(), many at once and into several slabs, all goes. */
static void kfree_rcu_all(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, sizeof(struct late), 0, NULL);
	unsigned int n = 5 * s->objects, i;
	void **p = test_pointers(test, n);

	test_alloc(test, s, p, n);
	for (i = 0; i < n; i++)
		kfree_rcu((struct late *)p[i], rcu);
	/* It waits some seconds for more to come. */
	for (i = 0; i < 600 && slub_objects_in_use(s); i++)
		msleep(50);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), 0UL);
}

/* Objects of DMA caches, and of kmalloc() for DMA, lie in the zone asked for. */
static void dma_zones(struct kunit *test)
{
#ifdef CONFIG_ZONE_DMA
	void *p;
	struct kmem_cache *s = test_cache(test, 200, SLAB_CACHE_DMA, NULL);

	test_alloc(test, s, &p, 1);
	KUNIT_EXPECT_EQ(test, page_zonenum(virt_to_page(p)), ZONE_DMA);
	test_free(s, &p, 1);
	p = kmalloc(200, GFP_KERNEL | GFP_DMA);
	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_EQ(test, page_zonenum(virt_to_page(p)), ZONE_DMA);
	kfree(p);
#else
	kunit_skip(test, "needs CONFIG_ZONE_DMA");
#endif
}

/* Objects of DMA32 caches lie in the first 4 GiB. */
static void dma32_zone(struct kunit *test)
{
#ifdef CONFIG_ZONE_DMA32
	struct kmem_cache *s = test_cache(test, 200, SLAB_CACHE_DMA32, NULL);
	void *p;

	test_alloc(test, s, &p, 1);
	KUNIT_EXPECT_TRUE(test, s->allocflags & GFP_DMA32);
	KUNIT_EXPECT_LE(test, page_zonenum(virt_to_page(p)), ZONE_DMA32);
	test_free(s, &p, 1);
#else
	kunit_skip(test, "needs CONFIG_ZONE_DMA32");
#endif
}

/* Who looks for free pages must not take KFENCE's for such. */
static void kfence_pages_not_free(struct kunit *test)
{
#ifdef CONFIG_KFENCE
	unsigned int used = 0, looks_free = 0, i;
	struct page *page;

	if (!__kfence_pool)
		kunit_skip(test, "KFENCE is off");
	for (i = 0; i < KFENCE_POOL_SIZE / PAGE_SIZE; i++) {
		page = virt_to_page(__kfence_pool + i * PAGE_SIZE);
		used += PageSlab(page) && page_slab(page)->slab_cache;
		looks_free += PageBuddy(page) || PageOffline(page);
	}
	KUNIT_EXPECT_EQ(test, looks_free, 0U);
	if (!used)
		kunit_skip(test, "KFENCE has not given an object yet");
#else
	kunit_skip(test, "needs CONFIG_KFENCE");
#endif
}

static struct kunit_case object_cases[] = {
	KUNIT_CASE(every_object_once),
	KUNIT_CASE(order_of_fresh_slab),
	KUNIT_CASE(kmalloc_aligned),
	KUNIT_CASE(zeroed_on_request),
	KUNIT_CASE(constructed_once),
	KUNIT_CASE(ksize_and_krealloc),
	KUNIT_CASE(bulk),
	KUNIT_CASE(bulk_free_any_order),
	KUNIT_CASE(kfree_bulk_any_size),
	KUNIT_CASE(kfree_rcu_all),
	KUNIT_CASE(kfence_pages_not_free),
	KUNIT_CASE(dma_zones),
	KUNIT_CASE(dma32_zone),
	{}
};

SLUB_TEST_SUITE(slub_objects, object_cases);
