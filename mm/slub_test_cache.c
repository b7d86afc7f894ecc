// SPDX-License-Identifier: GPL-2.0-only
/*
 * SLUB: KUnit suite slub_caches: setting caches up, sharing them, taking them
 * down, and what they tell about themselves.
 */
#include <linux/cache.h>
#include <linux/cpu.h>
#include <linux/delay.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kallsyms.h>
#include <linux/log2.h>
#include <linux/mount.h>
#include <linux/seq_file.h>
#include <linux/tracepoint.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>
#include <trace/events/kmem.h>

#include "slub_test.h"

/* ---- Geometry ---- */

static void no_ctor(void *x)
{
}

/* What a cache would be like; no such cache comes to be. */
static struct kmem_cache *plan(struct kunit *test, struct kmem_cache *s,
			       unsigned int size, unsigned int align,
			       slab_flags_t flags, void (*ctor)(void *))
{
	memset(s, 0, sizeof(*s));
	s->name = "slub_test_plan";
	s->size = size;
	s->object_size = size;
	s->align = align;
	s->ctor = ctor;
	KUNIT_ASSERT_EQ(test, 0, __kmem_cache_create(s, flags));
	__kmem_cache_release(s);
	return s;
}

static struct kmem_cache *room_for_plan(struct kunit *test)
{
	struct kmem_cache *s;

	s = kunit_kzalloc(test, struct_size(s, node, nr_node_ids), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, s);
	return s;
}

static bool orders_are_default(void)
{
	return !strstr(saved_command_line, "_order=") &&
	       !strstr(saved_command_line, "_min_objects=");
}

static bool good_plan(const struct kmem_cache *s)
{
	size_t bytes = PAGE_SIZE << s->order;

	return s->size >= s->object_size && IS_ALIGNED(s->size, s->align) &&
	       s->objects >= 1 && s->objects <= SLAB_OBJECTS_MAX &&
	       (s->objects == bytes / s->size ||
		s->objects == SLAB_OBJECTS_MAX) &&
	       s->min_order <= s->order &&
	       (PAGE_SIZE << s->min_order) >= s->size;
}

/* At most a quarter of a slab is wasted, no order is higher than need be. */
static bool thrifty_plan(const struct kmem_cache *s)
{
	size_t bytes = PAGE_SIZE << s->order;

	if (s->order > PAGE_ALLOC_COSTLY_ORDER)
		return s->objects == 1 && s->order == get_order(s->size);
	return s->objects == 1 || 4 * (bytes % s->size) <= bytes;
}

/* For all sizes, slabs hold whole objects and waste a bounded part. */
static void geometry(struct kunit *test)
{
	struct kmem_cache *s = room_for_plan(test);
	unsigned int size;

	for (size = 1; size <= PAGE_SIZE << 5; size += 1 + size / 512) {
		plan(test, s, size, sizeof(void *), 0, NULL);
		KUNIT_ASSERT_TRUE_MSG(test, good_plan(s), "size %u", size);
		if (orders_are_default())
			KUNIT_ASSERT_TRUE_MSG(test, thrifty_plan(s),
					      "size %u: order %u, %u objects",
					      size, s->order, s->objects);
		if (IS_ENABLED(CONFIG_KASAN))
			continue;
		KUNIT_ASSERT_EQ(test, s->size, ALIGN(size, sizeof(void *)));
		KUNIT_ASSERT_LE(test, s->offset + sizeof(void *), s->size);
	}
}

/* How many objects a slab should hold. */
static unsigned int few_of(unsigned int size)
{
	if (8 * size <= 2 * PAGE_SIZE)
		return 8;
	return 4 * size <= 4 * PAGE_SIZE ? 4 : 2;
}

/* Powers of two fill their slabs to the last byte, in small slabs already. */
static void no_byte_lost(struct kunit *test)
{
	struct kmem_cache *s = room_for_plan(test);
	unsigned int size;

	if (IS_ENABLED(CONFIG_KASAN))
		kunit_skip(test, "KASAN adds to objects");
	for (size = 8; size <= 2 * PAGE_SIZE; size *= 2) {
		plan(test, s, size, size, 0, NULL);
		KUNIT_EXPECT_EQ(test, s->size, size);
		KUNIT_EXPECT_EQ(test, (size_t)s->objects * size,
				min_t(size_t, PAGE_SIZE << s->order,
				      SLAB_OBJECTS_MAX * (size_t)size));
		if (orders_are_default())
			KUNIT_EXPECT_EQ(test, s->order,
					get_order(few_of(size) * size));
	}
}

/* Objects are aligned as asked for, and hot ones to cache lines. */
static void alignment(struct kunit *test)
{
	struct kmem_cache *s, *hot;
	void *p[40];
	int i;

	s = kmem_cache_create("slub_test_align", 72, 256, 0, no_ctor);
	test_adopt(test, s);
	hot = test_cache(test, 200, SLAB_HWCACHE_ALIGN, NULL);
	test_alloc(test, s, p, 40);
	for (i = 0; i < 40; i++)
		KUNIT_ASSERT_TRUE(test, IS_ALIGNED((unsigned long)p[i], 256));
	test_free(s, p, 40);
	test_alloc(test, hot, p, 40);
	for (i = 0; i < 40; i++)
		KUNIT_ASSERT_TRUE(test, IS_ALIGNED((unsigned long)p[i],
						   cache_line_size()));
	test_free(hot, p, 40);
}

/* The free pointer is behind objects whose content survives, else in them. */
static void free_pointer(struct kunit *test)
{
	struct kmem_cache *s = room_for_plan(test);
	unsigned int size;

	for (size = 1; size <= 1024; size++) {
		plan(test, s, size, sizeof(void *), 0, no_ctor);
		KUNIT_ASSERT_GE(test, s->offset, size);
		KUNIT_ASSERT_LE(test, s->offset + sizeof(void *), s->size);
		plan(test, s, size, sizeof(void *), SLAB_TYPESAFE_BY_RCU, NULL);
		KUNIT_ASSERT_GE(test, s->offset, size);
		KUNIT_ASSERT_LE(test, s->offset + sizeof(void *), s->size);
		plan(test, s, size, sizeof(void *), 0, NULL);
		KUNIT_ASSERT_LT(test, s->offset, size);
	}
}

/* Of a cache that is not used there is no slab, and no memory on any CPU. */
static void unused_costs_nothing(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 64, 0, NULL);
	void *x;

	KUNIT_EXPECT_NULL(test, test_cpu(s));
	KUNIT_EXPECT_EQ(test, slub_pool_slabs(s), 0UL);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(s), 0);
	KUNIT_EXPECT_NULL(test, test_cpu(s));
	test_alloc(test, s, &x, 1);
	KUNIT_EXPECT_NOT_NULL(test, test_cpu(s));
	test_free(s, &x, 1);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(s), 0);
	KUNIT_EXPECT_NULL(test, test_cpu(s));
}

/* The cache of caches lies in a slab of its own, as all caches do. */
static void cache_of_caches(struct kunit *test)
{
	struct kmem_cache *s;

	mutex_lock(&slab_mutex);
	list_for_each_entry(s, &slab_caches, list)
		KUNIT_EXPECT_TRUE_MSG(test, kmem_ptr_validate(kmem_cache, s),
				      "%s", s->name);
	mutex_unlock(&slab_mutex);
	KUNIT_EXPECT_TRUE(test, kmem_ptr_validate(kmem_cache, kmem_cache));
}

/* ---- Merging ---- */

#define MERGE_SIZE	1816

static struct kmem_cache *merge_base(struct kunit *test)
{
	struct kmem_cache *s;

	s = kmem_cache_create("slub_test_base", MERGE_SIZE - 4, 0, 0, NULL);
	test_adopt(test, s);
	if (slab_unmergeable(s))
		kunit_skip(test, "merging is off");
	KUNIT_ASSERT_EQ(test, s->refcount, 1);
	return s;
}

static int names_of(struct kmem_cache *s, const char *name)
{
	struct slub_alias *alias;
	int count = 0;

	mutex_lock(&slab_mutex);
	list_for_each_entry(alias, &s->aliases, list)
		count += !strcmp(alias->name, name);
	mutex_unlock(&slab_mutex);
	return count;
}

/* Caches of like size and properties share slabs; all names are kept. */
static void merge_compatible(struct kunit *test)
{
	struct kmem_cache *s = merge_base(test), *t;
	char users[KMEM_CACHE_USERS];
	void *x;
	int i;

	for (i = 0; i < 2; i++) {
		t = kmem_cache_create("slub_test_alias", MERGE_SIZE, 0, 0,
				      NULL);
		KUNIT_EXPECT_PTR_EQ(test, t, s);
		KUNIT_EXPECT_EQ(test, s->refcount, 2);
		KUNIT_EXPECT_EQ(test, names_of(s, "slub_test_alias"), 1);
		KUNIT_EXPECT_EQ(test, kmem_cache_size(t), MERGE_SIZE);
		KUNIT_EXPECT_STREQ(test, kmem_cache_users(s, users),
				   "slub_test_base=slub_test_alias");
		test_alloc(test, s, &x, 1);
		kmem_cache_destroy(t);
		KUNIT_EXPECT_EQ(test, s->refcount, 1);
		/* The other user's objects are still there. */
		KUNIT_EXPECT_TRUE(test, kmem_ptr_validate(s, x));
		test_free(s, &x, 1);
	}
}

/* What differs in size, flags, constructor or user copies is not merged. */
static void merge_incompatible(struct kunit *test)
{
	static const struct {
		const char *name;
		unsigned int size;
		unsigned int align;
		slab_flags_t flags;
		void (*ctor)(void *x);
		unsigned int usersize;
	} others[] = {
		{ "slub_test_ctor", MERGE_SIZE, 0, 0, no_ctor, 0 },
		{ "slub_test_rcu", MERGE_SIZE, 0, SLAB_TYPESAFE_BY_RCU,
		  NULL, 0 },
		{ "slub_test_user", MERGE_SIZE, 0, 0, NULL, 64 },
		{ "slub_test_larger", MERGE_SIZE + 8, 0, 0, NULL, 0 },
		{ "slub_test_smaller", MERGE_SIZE - 8, 0, 0, NULL, 0 },
		{ "slub_test_aligned", MERGE_SIZE, 512, 0, NULL, 0 },
		{ "slub_test_reclaim", MERGE_SIZE, 0, SLAB_RECLAIM_ACCOUNT,
		  NULL, 0 },
		{ "slub_test_noleak", MERGE_SIZE, 0, SLAB_NOLEAKTRACE,
		  NULL, 0 },
#ifdef CONFIG_ZONE_DMA
		{ "slub_test_dma", MERGE_SIZE, 0, SLAB_CACHE_DMA, NULL, 0 },
#endif
#ifdef CONFIG_MEMCG_KMEM
		{ "slub_test_account", MERGE_SIZE, 0, SLAB_ACCOUNT, NULL, 0 },
#endif
	};
	struct kmem_cache *s = merge_base(test), *t;
	int i;

	for (i = 0; i < ARRAY_SIZE(others); i++) {
		t = kmem_cache_create_usercopy(others[i].name, others[i].size,
					       others[i].align, others[i].flags,
					       0, others[i].usersize,
					       others[i].ctor);
		KUNIT_ASSERT_NOT_NULL(test, t);
		KUNIT_EXPECT_PTR_NE_MSG(test, t, s, "%s", others[i].name);
		kmem_cache_destroy(t);
	}
	KUNIT_EXPECT_EQ(test, s->refcount, 1);
	KUNIT_EXPECT_TRUE(test, list_empty(&s->aliases));
}

/* ---- Destruction ---- */

static bool listed(struct kmem_cache *s)
{
	struct kmem_cache *other;
	bool found = false;

	mutex_lock(&slab_mutex);
	list_for_each_entry(other, &slab_caches, list)
		found |= other == s;
	mutex_unlock(&slab_mutex);
	return found;
}

/* A cache without objects in use goes, and takes its slabs along. */
static void destroy(struct kunit *test)
{
	struct kmem_cache *s;
	struct slab *slab;
	void *x;

	s = kmem_cache_create("slub_test_destroy", 64, 0, 0, no_ctor);
	KUNIT_ASSERT_NOT_NULL(test, s);
	s->flags |= SLAB_SKIP_KFENCE;
	test_alloc(test, s, &x, 1);
	slab = virt_to_slab(x);
	get_page(slab_page(slab));
	test_free(s, &x, 1);
	KUNIT_EXPECT_TRUE(test, listed(s));
	kmem_cache_destroy(s);
	KUNIT_EXPECT_FALSE(test, listed(s));
	KUNIT_EXPECT_NULL(test, virt_to_slab(x));
	KUNIT_EXPECT_EQ(test, page_ref_count(virt_to_page(x)), 1);
	put_page(virt_to_page(x));
}

/* How often slabs were left, or something failed; negative if nobody tried. */
static int left_early = -1;

/* There are workqueues when consoles are set up, but no works are done yet. */
static int __init shrink_early(void)
{
	struct kmem_cache *s;
	void *x;
	int i;

	left_early = 1;
	s = kmem_cache_create("slub_test_early", 64, 0, 0, no_ctor);
	if (!s)
		return -ENOMEM;
	for (i = 0, left_early = 0; i < 2; i++) {
		x = kmem_cache_alloc(s, GFP_KERNEL);
		if (x)
			kmem_cache_free(s, x);
		left_early += !x + kmem_cache_shrink(s);
	}
	kmem_cache_destroy(s);
	return 0;
}
console_initcall(shrink_early);

/* What CPUs hold can be taken from them before works are done. */
static void shrunk_early(struct kunit *test)
{
	if (left_early < 0)
		kunit_skip(test, "nobody set up consoles");
	KUNIT_EXPECT_EQ(test, left_early, 0);
}

/* Objects in use are named in the log; the cache is kept and can be used. */
static void destroy_in_use(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 72, 0, NULL);
	unsigned int n = 2 * s->objects;
	void **p = test_pointers(test, n);

	/* One object in a full slab, which is on no list; one in a partial. */
	test_alloc(test, s, p, n);
	test_free(s, p + s->objects, s->objects - 1);
	KUNIT_EXPECT_FALSE(test, __kmem_cache_empty(s));
	test_console_start();
	KUNIT_EXPECT_EQ(test, test_shut_down(s), 1);
	test_console_expect(test, "SLUB: objects in use, cache kept: ");
	test_console_expect(test, "%u objects, 2 slabs", s->objects + 1);
	test_console_expect(test, "%s in use", s->name);
	test_console_expect(test, "and %u more", s->objects + 1 - 16);
	KUNIT_EXPECT_TRUE(test, listed(s));
	KUNIT_EXPECT_EQ(test, s->refcount, -1);

	test_free(s, p + 1, s->objects - 1);
	kmem_cache_free(s, p[n - 1]);
	test_console_start();
	KUNIT_EXPECT_EQ(test, test_shut_down(s), 1);
	test_console_expect(test, "object 0x%p of %s in use, number %u of slab",
			    p[0], s->name,
			    slab_index(s, virt_to_slab(p[0]), p[0]));
	test_alloc(test, s, p + 1, n - 1);
	test_free(s, p, n);
	KUNIT_EXPECT_TRUE(test, __kmem_cache_empty(s));
	KUNIT_EXPECT_EQ(test, test_shut_down(s), 0);
	s->refcount = 1;
}

/* ---- Counts ---- */

static void counts_are(struct kunit *test, struct kmem_cache *s,
		       unsigned long objects, unsigned long slabs,
		       unsigned long pool, unsigned long cpu)
{
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), objects);
	KUNIT_EXPECT_EQ(test, slub_pool_slabs(s), slabs);
	KUNIT_EXPECT_EQ(test, slub_pool_length(s), pool);
	KUNIT_EXPECT_EQ(test, slub_cpu_slabs(s), cpu);
	KUNIT_EXPECT_EQ(test, slub_capacity(s), slabs * s->objects);
}

/* Counts are exact at each step; objects on a CPU's free list are free. */
static void exact_counts(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 400, 0, NULL);
	unsigned int n = s->objects;
	void **p = test_pointers(test, 2 * n + 1);
	struct slabinfo info;

	s->min_partial = 2;
	counts_are(test, s, 0, 0, 0, 0);
	test_alloc(test, s, p, 1);
	counts_are(test, s, 1, 1, 0, 1);
	test_alloc(test, s, p + 1, 2 * n);
	counts_are(test, s, 2 * n + 1, 3, 0, 1);
	kmem_cache_free(s, p[2 * n]);
	counts_are(test, s, 2 * n, 3, 0, 1);
	kmem_cache_free(s, p[0]);
	counts_are(test, s, 2 * n - 1, 3, 1, 1);
	test_free(s, p + 1, n - 1);
	counts_are(test, s, n, 3, 1, 1);
	slub_flush_this_cpu(s);
	counts_are(test, s, n, 3, 2, 0);

	get_slabinfo(s, &info);
	KUNIT_EXPECT_EQ(test, info.active_objs, (unsigned long)n);
	KUNIT_EXPECT_EQ(test, info.num_objs, 3UL * n);
	KUNIT_EXPECT_EQ(test, info.num_slabs, 3UL);
	KUNIT_EXPECT_EQ(test, info.objects_per_slab, n);
	KUNIT_EXPECT_EQ(test, info.cache_order, s->order);

	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(s), 1);
	counts_are(test, s, n, 1, 0, 0);
	test_free(s, p + n, n);
}

struct reading {
	struct work_struct work;
	struct kmem_cache *s;
	struct seq_file m;
	struct slabinfo info;
	bool go;
	bool done;
};

static void read_fn(struct work_struct *work)
{
	struct reading *reading = container_of(work, struct reading, work);

	while (!READ_ONCE(reading->go))
		cpu_relax();
	slub_show(&reading->m, reading->s, false);
	get_slabinfo(reading->s, &reading->info);
	WRITE_ONCE(reading->done, true);
}

/* /proc/slabinfo walks no list in either format: it asks for no list's lock. */
static void no_list_walked(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 424, 0, NULL);
	unsigned int cpu = test_other_cpu(test), tries;
	struct kmem_cache_node *node;
	struct reading *reading;
	unsigned long flags;
	void *x;

	reading = kunit_kzalloc(test, sizeof(*reading), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, reading);
	reading->s = s;
	reading->m.size = 1024;
	reading->m.buf = kunit_kzalloc(test, reading->m.size, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, reading->m.buf);
	INIT_WORK(&reading->work, read_fn);
	test_alloc(test, s, &x, 1);
	slub_flush_this_cpu(s);

	node = get_node(s, slab_nid(virt_to_slab(x)));
	KUNIT_ASSERT_EQ(test, node->nr_partial, 1UL);
	schedule_work_on(cpu, &reading->work);
	/* What comes now takes no lock: list_lock is innermost. */
	spin_lock_irqsave(&node->list_lock, flags);
	WRITE_ONCE(reading->go, true);
	for (tries = 0; tries < 5000; tries++) {
		if (READ_ONCE(reading->done))
			break;
		mdelay(1);
	}
	spin_unlock_irqrestore(&node->list_lock, flags);
	flush_work(&reading->work);
	KUNIT_EXPECT_LT(test, tries, 5000U);
	KUNIT_EXPECT_EQ(test, reading->info.active_objs, 1UL);
	test_free(s, &x, 1);
}

/* Free objects that a walk over the pool finds, and those in partial slabs. */
static void walked_are(struct kunit *test, struct kmem_cache *s,
		       unsigned long free, unsigned long used)
{
	unsigned long node_free, node_used;
	int node;

	for (node = 0; node < nr_node_ids; node++) {
		slub_pool_count(s, node, &node_free, &node_used);
		free -= node_free;
		used -= node_used;
	}
	KUNIT_EXPECT_EQ(test, free, 0UL);
	KUNIT_EXPECT_EQ(test, used, 0UL);
}

/* Walking the pool and the CPU's slab finds each free object once. */
static void walked_counts(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 400, 0, NULL);
	unsigned int n = s->objects;
	void **p = test_pointers(test, 2 * n);
	struct kmem_cache_cpu *c;

	s->min_partial = 2;
	test_alloc(test, s, p, 2 * n);
	walked_are(test, s, 0, 0);
	/* The CPU owns the slab of the last object, and is its only user. */
	test_free(s, p + n, 3);
	test_free(s, p, 1);
	walked_are(test, s, 1, n - 1);
	c = slub_cpu_enter(s);
	KUNIT_ASSERT_NOT_NULL(test, c);
	n = slab_count_free(c->slab) + slub_hand(c);
	slub_cpu_exit(c);
	KUNIT_EXPECT_EQ(test, n, 3U);

	slub_flush_this_cpu(s);
	walked_are(test, s, 4, 2 * s->objects - 4);
	test_free(s, p + 1, s->objects - 1);
	test_free(s, p + s->objects + 3, s->objects - 3);
	walked_are(test, s, 2 * s->objects, 0);
}

/* ---- Statistics ---- */

#ifdef CONFIG_SLUB_STATS
/* All counters are as in @want; those that it does not name are 0. */
static void stats_are(struct kunit *test, struct kmem_cache *s,
		      const unsigned long *want)
{
	unsigned long sum;
	int item, cpu;

	for (item = 0; item < NR_SLUB_STATS; item++) {
		sum = 0;
		for_each_possible_cpu(cpu)
			sum += per_cpu_ptr(s->stats, cpu)->item[item];
		KUNIT_EXPECT_EQ_MSG(test, sum, want[item], "counter %d", item);
	}
}

/*
 * How often the hand is filled once more for the @n objects of a slab: the place is
 * small at first, and becomes larger when it was filled SLUB_PLACE_USE times.
 */
static unsigned int more_fills(unsigned int n)
{
	unsigned int room = (SLUB_PLACE_MIN -
			     offsetof(struct kmem_cache_cpu, recent[1])) /
			    sizeof(void *);

	return min_t(unsigned int, DIV_ROUND_UP(n, room) - 1, SLUB_PLACE_USE);
}

/* Each object and slab is counted once, for the way that it went. */
static void stats_exact(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 400, 0, NULL);
	unsigned int n = s->objects;
	void **p = test_pointers(test, n + 1);
	unsigned long want[NR_SLUB_STATS] = { };

	test_alloc(test, s, p, n + 1);
	want[STAT_ALLOC_FASTPATH] = n - 1 - more_fills(n);
	want[STAT_ALLOC_SLOWPATH] = 2 + more_fills(n);
	want[STAT_ALLOC_SLAB] = 2;
	want[STAT_DEACTIVATE_FULL] = 1;
	stats_are(test, s, want);

	test_free(s, p, n + 1);
	want[STAT_FREE_FASTPATH] = 1;
	want[STAT_FREE_SLOWPATH] = n;
	want[STAT_FREE_ADD_PARTIAL] = 1;
	want[STAT_FREE_REMOVE_PARTIAL] = 1;
	stats_are(test, s, want);

	slub_flush_this_cpu(s);
	kmem_cache_shrink(s);
	want[STAT_CPUSLAB_FLUSH] = 1;
	want[STAT_DEACTIVATE_EMPTY] = 1;
	want[STAT_FREE_SLAB] = 2;
	stats_are(test, s, want);
}

/* What another CPU frees into the slab of this one, and what becomes of that. */
static void stats_remote(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 400, 0, NULL);
	unsigned int n = s->objects, here = raw_smp_processor_id();
	unsigned int other = test_other_cpu(test);
	void **p = test_pointers(test, n);
	unsigned long want[NR_SLUB_STATS] = { };

	test_alloc(test, s, p, n);
	test_pin(test, other);
	test_free(s, p, 2);
	test_pin(test, here);
	want[STAT_ALLOC_FASTPATH] = n - 1 - more_fills(n);
	want[STAT_ALLOC_SLOWPATH] = 1 + more_fills(n);
	want[STAT_ALLOC_SLAB] = 1;
	want[STAT_FREE_SLOWPATH] = 2;
	want[STAT_FREE_FROZEN] = 2;
	stats_are(test, s, want);

	test_alloc(test, s, p, 2);
	want[STAT_ALLOC_FASTPATH]++;
	want[STAT_ALLOC_SLOWPATH]++;
	want[STAT_ALLOC_REFILL] = 1;
	stats_are(test, s, want);

	test_pin(test, other);
	test_free(s, p, 2);
	test_pin(test, here);
	slub_flush_this_cpu(s);
	test_alloc(test, s, p, 2);
	want[STAT_FREE_SLOWPATH] += 2;
	want[STAT_FREE_FROZEN] += 2;
	want[STAT_CPUSLAB_FLUSH] = 1;
	want[STAT_DEACTIVATE_REMOTE_FREES] = 1;
	want[STAT_DEACTIVATE_TO_HEAD] = 1;
	want[STAT_ALLOC_FROM_PARTIAL] = 1;
	want[STAT_ALLOC_FASTPATH]++;
	want[STAT_ALLOC_SLOWPATH]++;
	stats_are(test, s, want);
	test_free(s, p, n);
}
#endif /* CONFIG_SLUB_STATS */

/* ---- What can be changed at run time ---- */

/* New slabs are of the new order, and no two of their objects overlap. */
static void order_changes(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 192, 0, NULL);
	unsigned int order = s->order, i, n;
	void **p;

	if (debug_guardpage_minorder())
		kunit_skip(test, "the order is fixed");
	KUNIT_EXPECT_EQ(test, slub_set_order(s, MAX_ORDER), -EINVAL);
	KUNIT_EXPECT_EQ(test, s->order, order);
	KUNIT_ASSERT_EQ(test, slub_set_order(s, order + 1), 0);
	n = (PAGE_SIZE << (order + 1)) / s->size;
	KUNIT_EXPECT_EQ(test, s->objects, n);
	p = test_pointers(test, 2 * n);
	test_alloc(test, s, p, 2 * n);
	for (i = 0; i < 2 * n; i++)
		memset(p[i], i, 192);
	for (i = 0; i < 2 * n; i++)
		KUNIT_ASSERT_NULL(test, memchr_inv(p[i], i, 192));

	KUNIT_ASSERT_EQ(test, slub_set_order(s, order), 0);
	test_free(s, p, 2 * n);
	kmem_cache_shrink(s);
	test_alloc(test, s, p, 1);
	KUNIT_EXPECT_EQ(test, virt_to_slab(p[0])->objects, s->objects);
	test_free(s, p, 1);
}

/* An object needs room, and a slab counts no further than it can. */
static void order_bounds(struct kunit *test)
{
	struct kmem_cache *large = test_cache(test, 3 * PAGE_SIZE, 0, NULL);
	struct kmem_cache *small = test_cache(test, 8, 0, NULL);
	unsigned int order = get_order(SLAB_OBJECTS_MAX * small->size);

	KUNIT_EXPECT_EQ(test, slub_set_order(large, 1), -EINVAL);
	KUNIT_EXPECT_GE(test, large->objects, 1U);
	if (order < MAX_ORDER)
		KUNIT_EXPECT_EQ(test, slub_set_order(small, order), -EINVAL);
}

/* A reserve that is lowered gives back what it has too much. */
static void reserve_changes(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 400, 0, NULL);
	unsigned int n = 8 * s->objects;
	void **p = test_pointers(test, n);

	KUNIT_EXPECT_EQ(test, slub_set_min_partial(s, 1025), -EINVAL);
	KUNIT_ASSERT_EQ(test, slub_set_min_partial(s, 8), 0);
	test_alloc(test, s, p, n);
	test_free(s, p, n);
	slub_flush_this_cpu(s);
	counts_are(test, s, 0, 8, 8, 0);
	KUNIT_EXPECT_EQ(test, slub_set_min_partial(s, 0), 0);
	counts_are(test, s, 0, 0, 0, 0);
}

static long slab_pages_of(int node)
{
	struct pglist_data *pgdat = NODE_DATA(node);
	long pages = atomic_long_read(&pgdat->vm_stat[NR_SLAB_RECLAIMABLE_B]);
	int cpu;

	for_each_online_cpu(cpu)
		pages += per_cpu_ptr(pgdat->per_cpu_nodestats, cpu)->
			 vm_node_stat_diff[NR_SLAB_RECLAIMABLE_B];
	return pages;
}

/* The node's counter of slab pages before, with, and without @n slabs. */
static bool pages_counted(struct kunit *test, struct kmem_cache *s, void **p,
			  unsigned int slabs, int node)
{
	unsigned int n = slabs * s->objects, i;
	long before, with, after;

	before = slab_pages_of(node);
	for (i = 0; i < n; i++) {
		p[i] = kmem_cache_alloc_node(s, GFP_KERNEL | __GFP_THISNODE,
					     node);
		KUNIT_ASSERT_NOT_NULL(test, p[i]);
	}
	with = slab_pages_of(node);
	test_free(s, p, n);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(s), 0);
	after = slab_pages_of(node);
	return with - before == (long)slabs << s->order && after == before;
}

/* The counters of slab pages in vmstat, for each node, are exact. */
static void vmstat_counters(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 400, SLAB_RECLAIM_ACCOUNT,
					  NULL);
	void **p = test_pointers(test, 7 * s->objects);
	int node, tries;

	for_each_node_state(node, N_NORMAL_MEMORY) {
		/* Others may have reclaimable slabs come and go meanwhile. */
		for (tries = 0; tries < 20; tries++)
			if (pages_counted(test, s, p, 7, node))
				break;
		KUNIT_EXPECT_LT(test, tries, 20);
	}
}

/* /proc/slabinfo has the heading and columns that are documented. */
static void slabinfo_format(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 392, SLAB_HWCACHE_ALIGN |
					  SLAB_RECLAIM_ACCOUNT, no_ctor);
	unsigned int n = s->objects + 1;
	void **p = test_pointers(test, n);
	struct seq_file m = { .size = 1024 };
	char expected[512], nodes[32] = "";

	m.buf = kunit_kzalloc(test, m.size, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, m.buf);
	test_alloc(test, s, p, n);
	kmem_cache_free(s, p[0]);
	if (IS_ENABLED(CONFIG_NUMA))
		snprintf(nodes, sizeof(nodes), " N%d=2", slab_nid(virt_to_slab(p[1])));

	mutex_lock(&slab_mutex);
	slub_show(&m, s, true);
	slub_show(&m, s, false);
	mutex_unlock(&slab_mutex);
	snprintf(expected, sizeof(expected),
		 "slubinfo - version: 1.0\n"
		 "# name            <objects> <order> <objsize> <slabs>/<partial>/<cpu> <flags>%s\n"
		 "%-21s %6u %u %7u        2/1/1   Cra%s\n"
		 "%-21s %6u %u %7u        2/1/1   Cra%s\n",
		 IS_ENABLED(CONFIG_NUMA) ? " <nodes>" : "",
		 s->name, n - 1, s->order, s->size, nodes,
		 s->name, n - 1, s->order, s->size, nodes);
	m.buf[min(m.count, m.size - 1)] = '\0';
	KUNIT_EXPECT_STREQ(test, m.buf, expected);
	test_free(s, p + 1, n - 1);
}

struct traced {
	struct kmem_cache *s;
	unsigned long code;
	unsigned int allocs;
	unsigned int frees;
	unsigned int elsewhere;
};

static void called_from(struct traced *traced, unsigned long where)
{
	unsigned long size, offset;

	kallsyms_lookup_size_offset(where, &size, &offset);
	traced->elsewhere += where - offset != traced->code;
}

static void probe_alloc(void *data, unsigned long call_site, const void *ptr,
			struct kmem_cache *s, gfp_t gfp, int node)
{
	struct traced *traced = data;

	if (s != traced->s)
		return;
	traced->allocs++;
	called_from(traced, call_site);
}

static void probe_free(void *data, unsigned long call_site, const void *ptr,
		       const struct kmem_cache *s)
{
	struct traced *traced = data;

	if (s != traced->s)
		return;
	traced->frees++;
	called_from(traced, call_site);
}

/* Tracepoints tell of each object, and who it was for. */
static void tracepoints(struct kunit *test)
{
	struct traced traced = { .code = (unsigned long)tracepoints };
	int node = numa_mem_id();
	void *p[3];

	traced.s = test_cache(test, 88, 0, NULL);
	KUNIT_ASSERT_EQ(test, 0, register_trace_kmem_cache_alloc(probe_alloc,
								 &traced));
	KUNIT_EXPECT_EQ(test, 0, register_trace_kmem_cache_free(probe_free,
								&traced));
	p[0] = kmem_cache_alloc(traced.s, GFP_KERNEL);
	p[1] = kmem_cache_alloc_node(traced.s, GFP_KERNEL, node);
	p[2] = kmem_cache_alloc_lru(traced.s, NULL, GFP_KERNEL);
	kmem_cache_free(traced.s, p[0]);
	kmem_cache_free(traced.s, p[1]);
	kmem_cache_free(traced.s, p[2]);
	unregister_trace_kmem_cache_alloc(probe_alloc, &traced);
	unregister_trace_kmem_cache_free(probe_free, &traced);
	tracepoint_synchronize_unregister();
	KUNIT_EXPECT_EQ(test, traced.allocs, 3U);
	KUNIT_EXPECT_EQ(test, traced.frees, 3U);
	if (IS_ENABLED(CONFIG_KALLSYMS))
		KUNIT_EXPECT_EQ(test, traced.elsewhere, 0U);
}

/* ---- Pointers ---- */

/* kmem_dump_obj() names cache and object, wherever into it the pointer is. */
static void dump_object(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 88, 0, NULL);
	void **p = test_pointers(test, 3);

	if (!IS_ENABLED(CONFIG_PRINTK))
		kunit_skip(test, "needs CONFIG_PRINTK");
	test_alloc(test, s, p, 3);
	test_console_start();
	pr_info("SLUB: test of a dump:");
	KUNIT_EXPECT_TRUE(test, kmem_dump_obj(p[1] + 21));
	test_console_expect(test, " slab %s\n start ", s->name);
	test_console_expect(test, " pointer offset 21");
	KUNIT_EXPECT_FALSE(test, kmem_dump_obj(NULL));
	test_console_start();
	pr_info("SLUB: test of a dump:");
	mem_dump_obj(p[2]);
	test_console_expect(test, " slab %s\n start ", s->name);
	test_free(s, p, 3);
}

/* What is printed when the machine has no memory left. */
static void dump_all(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 4096, 0, NULL);
	void **p = test_pointers(test, s->objects);

	if (!IS_ENABLED(CONFIG_PRINTK))
		kunit_skip(test, "needs CONFIG_PRINTK");
	test_alloc(test, s, p, s->objects);
	test_console_start();
	dump_unreclaimable_slab();
	test_console_expect(test, "%-17s %10uKB %10uKB\n", s->name,
			    s->objects * s->size / 1024,
			    s->objects * s->size / 1024);
	test_free(s, p, s->objects);
}

static void not_an_object(struct kunit *test, struct kmem_cache *s,
			  const void *x, const char *what)
{
	KUNIT_EXPECT_EQ_MSG(test, kmem_ptr_validate(s, x), 0, "%s", what);
}

/* Each start of an object of a cache is one, and nothing else in its slab. */
static void validate_objects(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 1352, 0, NULL);
	struct slab *slab;
	size_t offset;
	void *x;

	test_alloc(test, s, &x, 1);
	slab = virt_to_slab(x);
	for (offset = 0; offset < slab_size(slab); offset++)
		KUNIT_ASSERT_EQ_MSG(test,
				    kmem_ptr_validate(s, slab_address(slab) +
						      offset),
				    offset % s->size == 0 &&
				    offset / s->size < s->objects,
				    "offset %zu", offset);
	KUNIT_EXPECT_NE(test, offset % s->size, 0UL);
	get_page(slab_page(slab));
	test_free(s, &x, 1);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(s), 0);
	not_an_object(test, s, x, "object of a slab that is gone");
	put_page(virt_to_page(x));
}

/* Any value at all can be asked about. */
static void validate_anything(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 128, 0, NULL);
	struct kmem_cache *other = test_cache(test, 128, 0, NULL);
	void *x, *y, *large, *far, *page;
	unsigned int bit;

	test_alloc(test, s, &x, 1);
	test_alloc(test, other, &y, 1);
	large = kmalloc(2 * KMALLOC_MAX_CACHE_SIZE, GFP_KERNEL);
	far = vmalloc(PAGE_SIZE);
	page = (void *)__get_free_page(GFP_KERNEL);

	KUNIT_EXPECT_EQ(test, kmem_ptr_validate(s, x), 1);
	KUNIT_EXPECT_EQ(test, kmem_ptr_validate(other, y), 1);
	not_an_object(test, s, y, "object of another cache");
	not_an_object(test, other, x, "object of another cache");
	not_an_object(test, s, NULL, "NULL");
	not_an_object(test, s, ZERO_SIZE_PTR, "ZERO_SIZE_PTR");
	not_an_object(test, s, ERR_PTR(-ENOMEM), "error");
	not_an_object(test, s, large, "large kmalloc");
	not_an_object(test, s, far, "vmalloc");
	not_an_object(test, s, page, "page");
	not_an_object(test, s, &bit, "stack");
	not_an_object(test, s, &slab_caches, "static data");
	not_an_object(test, s, validate_anything, "code");
	for (bit = 0; bit < BITS_PER_LONG; bit++) {
		not_an_object(test, s, (void *)BIT(bit), "one bit");
		not_an_object(test, s, (void *)~BIT(bit), "all bits but one");
		not_an_object(test, s, (void *)(BIT(bit) - 1), "mask");
	}

	free_page((unsigned long)page);
	vfree(far);
	kfree(large);
	test_free(s, &x, 1);
	test_free(other, &y, 1);
}

/* ---- Looking into /sys/kernel/slab ---- */

#define LOOK_ROUNDS	100

/**
 * struct looks - a cache comes and goes while others look for its files
 * @sysfs: where they look
 * @found: how often they found a file
 * @over: they need look no more
 */
struct looks {
	struct vfsmount *sysfs;
	atomic_t found;
	bool over;
};

static void look(struct looks *looks)
{
	struct file *file;

	while (!READ_ONCE(looks->over)) {
		file = file_open_root_mnt(looks->sysfs,
					  "kernel/slab/slub_test_looked/objects",
					  O_RDONLY, 0);
		if (!IS_ERR(file)) {
			atomic_inc(&looks->found);
			fput(file);
			flush_delayed_fput();
		}
		cond_resched();
	}
}

/* Every other cache is there until somebody has seen a file of it. */
static void come_and_go(struct test_thread *me)
{
	struct looks *looks = me->arg;
	unsigned long until;
	struct kmem_cache *s;
	int round, found;

	if (me->index) {
		look(looks);
		return;
	}
	for (round = 0; round < LOOK_ROUNDS; round++) {
		found = atomic_read(&looks->found);
		s = kmem_cache_create("slub_test_looked", 64, 0, 0, no_ctor);
		if (!s) {
			me->errors++;
			break;
		}
		until = jiffies + 20 * HZ;
		while (round & 1 && atomic_read(&looks->found) == found &&
		       time_before(jiffies, until))
			cond_resched();
		me->errors += round & 1 && atomic_read(&looks->found) == found;
		kmem_cache_destroy(s);
	}
	WRITE_ONCE(looks->over, true);
}

/* Files are made when somebody looks for one, and that may be when all of them go. */
static void looked_at_while_destroyed(struct kunit *test)
{
	struct file_system_type *type = get_fs_type("sysfs");
	struct looks looks = { };

	if (!type || num_online_cpus() == 1)
		kunit_skip(test, "no sysfs, or nobody else to look");
	looks.sysfs = kern_mount(type);
	KUNIT_ASSERT_FALSE(test, IS_ERR(looks.sysfs));
	KUNIT_EXPECT_EQ(test, 0, test_finish(test_start(test, come_and_go, &looks)));
	kern_unmount(looks.sysfs);
	module_put(type->owner);
}

static struct kunit_case cache_cases[] = {
	KUNIT_CASE(geometry),
	KUNIT_CASE(no_byte_lost),
	KUNIT_CASE(alignment),
	KUNIT_CASE(free_pointer),
	KUNIT_CASE(unused_costs_nothing),
	KUNIT_CASE(cache_of_caches),
	KUNIT_CASE(merge_compatible),
	KUNIT_CASE(merge_incompatible),
	KUNIT_CASE(destroy),
	KUNIT_CASE(shrunk_early),
	KUNIT_CASE(destroy_in_use),
	KUNIT_CASE(exact_counts),
	KUNIT_CASE(no_list_walked),
	KUNIT_CASE(walked_counts),
#ifdef CONFIG_SLUB_STATS
	KUNIT_CASE(stats_exact),
	KUNIT_CASE(stats_remote),
#endif
	KUNIT_CASE(order_changes),
	KUNIT_CASE(order_bounds),
	KUNIT_CASE(reserve_changes),
	KUNIT_CASE(vmstat_counters),
	KUNIT_CASE(slabinfo_format),
	KUNIT_CASE(tracepoints),
	KUNIT_CASE(dump_object),
	KUNIT_CASE(dump_all),
	KUNIT_CASE(validate_objects),
	KUNIT_CASE(validate_anything),
	KUNIT_CASE(looked_at_while_destroyed),
	{}
};

SLUB_TEST_SUITE(slub_caches, cache_cases);
