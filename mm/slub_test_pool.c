// SPDX-License-Identifier: GPL-2.0-only
/*
 * SLUB: KUnit suite slub_pool: where slabs are, on which node, and how long.
 */
#include <linux/cpu.h>
#include <linux/math.h>
#include <linux/memory.h>
#include <linux/mempolicy.h>
#include <linux/mmzone.h>
#include <linux/nodemask.h>
#include <linux/rcupdate.h>
#include <linux/topology.h>

#include "internal.h"
#include "slub_local.h"
#include "slub_test.h"

/* A CPU owns one slab of a cache; full slabs are on no list. */
static void cpu_owns_one_slab(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 256, 0, NULL);
	unsigned int n = 5 * s->objects;
	void **p = test_pointers(test, n);

	test_alloc(test, s, p, n);
	KUNIT_EXPECT_EQ(test, slub_pool_slabs(s), 5UL);
	KUNIT_EXPECT_EQ(test, slub_pool_length(s), 0UL);
	KUNIT_EXPECT_EQ(test, slub_cpu_slabs(s), 1UL);
	KUNIT_EXPECT_PTR_EQ(test, test_cpu(s)->slab, virt_to_slab(p[n - 1]));
	test_free(s, p, n);
}

/* The first free finds a full slab, the last one moves it to the reserve. */
static void full_partial_empty(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 256, 0, NULL);
	void **p = test_pointers(test, s->objects);
	struct kmem_cache_node *n;
	struct slab *slab;
	unsigned int i;

	slab = test_full_slab(test, s, p);
	n = get_node(s, slab_nid(slab));
	for (i = 0; i < s->objects; i++) {
		KUNIT_EXPECT_EQ(test, n->nr_partial, i ? 1UL : 0UL);
		KUNIT_EXPECT_EQ(test, n->nr_empty, 0U);
		KUNIT_EXPECT_EQ(test, test_free_in(slab), i);
		kmem_cache_free(s, p[i]);
	}
	KUNIT_EXPECT_EQ(test, n->nr_partial, 0UL);
	KUNIT_EXPECT_EQ(test, n->nr_empty, 1U);
	KUNIT_EXPECT_PTR_EQ(test, slab,
			    list_first_entry(&n->empty, struct slab,
					     slab_list));
	KUNIT_EXPECT_TRUE(test, list_empty(&n->partial));
}

/*
 * What users wrote into the objects of an empty slab is not read when it is taken:
 * they come as those of a new one do. Many in a random order must be linked.
 */
static void empty_as_new(struct kunit *test)
{
	static const unsigned int sizes[] = { 16, 128 };
	unsigned int i, k;

	test_need_no_kasan(test);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct kmem_cache *s = test_cache(test, sizes[i], 0, NULL);
		unsigned int n = s->objects;
		void **p = test_pointers(test, n);
		struct slab *slab = test_full_slab(test, s, p);
		bool linked = local_needs_links(s, slab);

		KUNIT_EXPECT_EQ(test, linked,
				IS_ENABLED(CONFIG_SLAB_FREELIST_HARDENED) ||
				(IS_ENABLED(CONFIG_SLAB_FREELIST_RANDOM) &&
				 !slab_mapped(slab)));
		s->min_partial = 1;
		for (k = 0; k < n; k++)
			kmem_cache_free(s, p[k]);
		if (!linked)
			memset(slab_address(slab), 0x5a, slab_size(slab));

		slab = slub_pool_take(s, slab_nid(slab), GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, slab);
		KUNIT_EXPECT_TRUE(test, local_adopt(s, slab));
		KUNIT_EXPECT_EQ(test, local_take(s, slab, slub_random(), n,
						 &p[n - 1]), n);
		/* The first of them stands last. */
		if (IS_ENABLED(CONFIG_SLAB_FREELIST_RANDOM))
			KUNIT_EXPECT_GT(test, test_rising(p, n), 1U);
		else if (!linked)
			KUNIT_EXPECT_EQ(test, test_rising(p, n), 0U);
		for (k = 0; k < n; k++)
			KUNIT_EXPECT_TRUE(test, local_push(s, slab, p[k]));
		slub_pool_put(s, slab);
	}
}

/* Partial slabs are used up before a new one is made. */
static void partial_before_new(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 192, 0, NULL);
	unsigned int n = 4 * s->objects, i, holes = 0;
	void **p = test_pointers(test, n + 1);

	test_alloc(test, s, p, n);
	for (i = 0; i < n; i += 3, holes++) {
		kmem_cache_free(s, p[i]);
		p[i] = NULL;
	}
	KUNIT_EXPECT_EQ(test, slub_pool_slabs(s), 4UL);
	for (i = 0; i < n; i += 3)
		test_alloc(test, s, &p[i], 1);
	KUNIT_EXPECT_EQ(test, slub_pool_slabs(s), 4UL);
	KUNIT_EXPECT_EQ(test, slub_pool_length(s), 0UL);
	test_alloc(test, s, &p[n], 1);
	KUNIT_EXPECT_EQ(test, slub_pool_slabs(s), 5UL);
	test_free(s, p, n + 1);
}

/* Any CPU may take any partial slab. */
static void pool_shared_by_cpus(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 320, 0, NULL);
	void **p = test_pointers(test, s->objects);
	unsigned int cpu = test_other_cpu(test);
	struct slab *slab = test_full_slab(test, s, p);

	kmem_cache_free(s, p[0]);
	test_pin(test, cpu);
	test_alloc(test, s, p, 1);
	KUNIT_EXPECT_PTR_EQ(test, virt_to_slab(p[0]), slab);
	KUNIT_EXPECT_PTR_EQ(test, test_cpu(s)->slab, slab);
	KUNIT_EXPECT_EQ(test, slub_pool_slabs(s), 1UL);
	test_free(s, p, s->objects);
}

/* The reserve of empty slabs is bounded, and what is beyond it is freed. */
static void reserve_bounded(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 512, 0, NULL);
	unsigned int n = 10 * s->objects;
	void **p = test_pointers(test, n);
	struct kmem_cache_node *node;
	unsigned long empty = 0;
	int nid;

	test_alloc(test, s, p, n);
	test_free(s, p, n);
	for_each_kmem_cache_node(s, nid, node) {
		KUNIT_EXPECT_LE(test, node->nr_empty, 2U);
		KUNIT_EXPECT_EQ(test, node->nr_partial, 0UL);
		empty += node->nr_empty;
	}
	KUNIT_EXPECT_GE(test, empty, 1UL);
	KUNIT_EXPECT_EQ(test, slub_pool_slabs(s), empty + slub_cpu_slabs(s));

	/* The reserve is used before a new slab is made. */
	slub_flush_this_cpu(s);
	empty = slub_pool_slabs(s);
	test_alloc(test, s, p, 1);
	KUNIT_EXPECT_EQ(test, slub_pool_slabs(s), empty);
	test_free(s, p, 1);

	/* Of large slabs there is none, but where CPUs own none. */
	s = test_cache(test, PAGE_SIZE, 0, NULL);
	KUNIT_EXPECT_EQ(test, s->min_partial,
			slub_debugged(s) ? 2U : 2U >> s->order);
}

/*
 * Of a long list the first 10,000 slabs are counted, the others taken to be like
 * them. So that it doesn't matter which end is the first, both ends are alike.
 */
static void long_list_estimated(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 1000, 0, NULL);
	unsigned long slabs = 10100, ends = 100, free, used, i;
	struct kmem_cache_node *node;
	unsigned int n;
	void **p;

	if (debug_guardpage_minorder())
		kunit_skip(test, "slabs are large");
	KUNIT_ASSERT_EQ(test, slub_set_order(s, 0), 0);
	n = s->objects;
	KUNIT_ASSERT_GE(test, n, 3U);
	p = test_pointers(test, slabs * n);
	test_alloc(test, s, p, slabs * n);
	slub_flush_this_cpu(s);
	for (i = 0; i < slabs; i++)
		test_free(s, p + i * n, i < ends || i >= slabs - ends ? 2 : 1);

	node = get_node(s, slab_nid(virt_to_slab(p[1])));
	KUNIT_EXPECT_EQ(test, node->nr_partial, slabs);
	slub_pool_count(s, slab_nid(virt_to_slab(p[1])), &free, &used);
	/* 10,100 are free among the first 10,000 slabs, 10,300 in fact. */
	KUNIT_EXPECT_EQ(test, free, 10201UL);
	KUNIT_EXPECT_EQ(test, used, mult_frac(10000UL * n - 10100, 101, 100));
	for (i = 0; i < slabs; i++)
		test_free(s, p + i * n + 2, n - 2);
	for (i = ends; i < slabs - ends; i++)
		test_free(s, p + i * n + 1, 1);
}

/* Shrinking gives back all slabs without an object in use, and no other. */
static void shrink(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 448, 0, NULL);
	unsigned int n = 4 * s->objects;
	void **p = test_pointers(test, n);

	test_alloc(test, s, p, n);
	test_free(s, p + 1, n - 1);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(s), 1);
	KUNIT_EXPECT_EQ(test, slub_pool_slabs(s), 1UL);
	KUNIT_EXPECT_EQ(test, slub_cpu_slabs(s), 0UL);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), 1UL);
	test_free(s, p, 1);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(s), 0);
	KUNIT_EXPECT_EQ(test, slub_pool_slabs(s), 0UL);
}

/* After it the slabs with the fewest free objects are used first. */
static void shrink_sorts(struct kunit *test)
{
	static const unsigned int holes[] = { 3, 40, 1, 41, 2, 32, 3 };
	static const unsigned int sorted[] = { 1, 2, 3, 3, 32, 41, 40 };
	struct kmem_cache *s = test_cache(test, 64, 0, NULL);
	unsigned int n = s->objects, i;
	struct kmem_cache_node *node;
	struct slab *slab;
	void **p;

	KUNIT_ASSERT_GT(test, n, 41U);
	p = test_pointers(test, ARRAY_SIZE(holes) * n);
	test_alloc(test, s, p, ARRAY_SIZE(holes) * n);
	slub_flush_this_cpu(s);
	for (i = 0; i < ARRAY_SIZE(holes); i++)
		test_free(s, p + i * n, holes[i]);
	kmem_cache_shrink(s);

	i = 0;
	node = get_node(s, slab_nid(virt_to_slab(p[n - 1])));
	KUNIT_EXPECT_EQ(test, node->nr_partial, ARRAY_SIZE(holes));
	list_for_each_entry(slab, &node->partial, slab_list)
		KUNIT_EXPECT_EQ(test, test_free_in(slab), sorted[i++]);
	KUNIT_EXPECT_EQ(test, i, ARRAY_SIZE(sorted));
	for (i = 0; i < ARRAY_SIZE(holes); i++)
		test_free(s, p + i * n + holes[i], n - holes[i]);
}

/* Memory that goes offline gets back what no object is in. */
static void memory_goes_offline(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 448, 0, NULL);
	struct memory_notify nothing = { .status_change_nid = NUMA_NO_NODE };
	unsigned int n = 4 * s->objects;
	void **p = test_pointers(test, n);

	if (!IS_ENABLED(CONFIG_MEMORY_HOTPLUG))
		kunit_skip(test, "needs CONFIG_MEMORY_HOTPLUG");
	test_alloc(test, s, p, n);
	test_free(s, p, n);
	KUNIT_EXPECT_GT(test, slub_pool_slabs(s), 0UL);
	cpus_read_lock();
	memory_notify(MEM_GOING_OFFLINE, &nothing);
	memory_notify(MEM_CANCEL_OFFLINE, &nothing);
	cpus_read_unlock();
	KUNIT_EXPECT_EQ(test, slub_pool_slabs(s), 0UL);
}

/* A slab of a single object passes by CPU and pool, to and from pages. */
static void single_object(struct kunit *test)
{
	unsigned int size = (PAGE_SIZE << PAGE_ALLOC_COSTLY_ORDER) * 3 / 4;
	struct kmem_cache *s = test_cache(test, size, 0, NULL);
	struct slab *slab;
	void *p[3];
	int i;

	if (s->objects > 1)
		kunit_skip(test, "slab_max_order allows for larger slabs");
	test_alloc(test, s, p, 3);
	KUNIT_EXPECT_EQ(test, slub_pool_slabs(s), 3UL);
	KUNIT_EXPECT_EQ(test, slub_cpu_slabs(s), 0UL);
	KUNIT_EXPECT_EQ(test, slub_pool_length(s), 0UL);
	for (i = 0; i < 3; i++) {
		slab = virt_to_slab(p[i]);
		KUNIT_EXPECT_PTR_EQ(test, p[i], slab_address(slab));
		/* A reference keeps the pages from being used again. */
		get_page(slab_page(slab));
		kmem_cache_free(s, p[i]);
		KUNIT_EXPECT_NULL(test, virt_to_slab(p[i]));
		KUNIT_EXPECT_EQ(test, slub_pool_slabs(s), 2UL - i);
		put_page(virt_to_page(p[i]));
	}
	KUNIT_EXPECT_EQ(test, slub_pool_length(s), 0UL);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), 0UL);
}

/* SLAB_TYPESAFE_BY_RCU: a slab stays, as it was, until readers are gone. */
static void rcu_delays_slab(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 96, SLAB_TYPESAFE_BY_RCU, NULL);
	unsigned int n = s->objects, i, bad = 0;
	void **p = test_pointers(test, n);
	struct slab *slab;

	KUNIT_EXPECT_GE(test, s->offset, 96U);
	s->min_partial = 0;
	slab = test_full_slab(test, s, p);
	for (i = 0; i < n; i++)
		test_fill(p[i], 96);
	get_page(slab_page(slab));

	rcu_read_lock();
	for (i = 0; i < n; i++)
		kmem_cache_free(s, p[i]);
	for (i = 0; i < n; i++)
		bad += !test_intact(p[i], 96);
	KUNIT_EXPECT_EQ(test, bad, 0U);
	KUNIT_EXPECT_PTR_EQ(test, virt_to_slab(p[0]), slab);
	KUNIT_EXPECT_PTR_EQ(test, slab->slab_cache, s);
	KUNIT_EXPECT_EQ(test, page_ref_count(slab_page(slab)), 2);
	rcu_read_unlock();

	rcu_barrier();
	KUNIT_EXPECT_NULL(test, virt_to_slab(p[0]));
	KUNIT_EXPECT_EQ(test, page_ref_count(virt_to_page(p[0])), 1);
	put_page(virt_to_page(p[0]));
	KUNIT_EXPECT_EQ(test, slub_pool_slabs(s), 0UL);
}

/* A slab from the emergency reserves serves those who may use them alone. */
static void emergency_reserves(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 224, 0, NULL);
	unsigned int n = s->objects, i;
	void **p = test_pointers(test, n), *x, *y;
	struct slab *slab = test_full_slab(test, s, p);

	slab_set_pfmemalloc(slab);
	test_free(s, p, 2);
	KUNIT_EXPECT_EQ(test, slub_pool_length(s), 1UL);
	test_alloc(test, s, &x, 1);
	KUNIT_EXPECT_PTR_NE(test, virt_to_slab(x), slab);
	slub_flush_this_cpu(s);
	test_alloc(test, s, &y, 1);
	KUNIT_EXPECT_PTR_NE(test, virt_to_slab(y), slab);
	KUNIT_EXPECT_EQ(test, slub_pool_slabs(s), 2UL);
	test_free(s, &x, 1);
	test_free(s, &y, 1);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(s), 1);

	for (i = 0; i < 2; i++) {
		p[i] = kmem_cache_alloc(s, GFP_KERNEL | __GFP_MEMALLOC);
		KUNIT_ASSERT_NOT_NULL(test, p[i]);
		KUNIT_EXPECT_PTR_EQ(test, virt_to_slab(p[i]), slab);
		KUNIT_EXPECT_EQ(test, slub_cpu_slabs(s), 0UL);
	}
	/* It is not kept when it is empty. */
	test_free(s, p, n);
	KUNIT_EXPECT_EQ(test, slub_pool_slabs(s), 0UL);
}

/* ---- Nodes ---- */

static void *alloc_on(struct kunit *test, struct kmem_cache *s, gfp_t gfp,
		      int node)
{
	void *x = kmem_cache_alloc_node(s, GFP_KERNEL | gfp, node);

	KUNIT_ASSERT_NOT_NULL(test, x);
	return x;
}

static int nid_of(const void *x)
{
	return slab_nid(virt_to_slab(x));
}

/* A node with memory that is not the CPU's. */
static int other_node(struct kunit *test)
{
	int node;

	for_each_node_state(node, N_NORMAL_MEMORY)
		if (node != numa_mem_id())
			return node;
	kunit_skip(test, "needs two nodes");
	return NUMA_NO_NODE;
}

/* A CPU whose node has no memory keeps what it frees as any other does. */
static void kept_on_bare_node(struct kunit *test)
{
	struct kmem_cache *s = test_usual(test_cache(test, 256, 0, NULL));
	unsigned int n = 3 * s->objects;
	void **p = test_pointers(test, n);
	struct kmem_cache_cpu *c;
	unsigned int cpu;

	for_each_online_cpu(cpu)
		if (!node_state(cpu_to_node(cpu), N_NORMAL_MEMORY))
			break;
	if (cpu >= nr_cpu_ids)
		kunit_skip(test, "needs a CPU on a node without memory");
	test_alloc(test, s, p, n);
	test_pin(test, cpu);
	test_free(s, p, n);
	c = test_cpu(s);
	KUNIT_ASSERT_NOT_NULL(test, c);
	KUNIT_EXPECT_GT(test, slub_hand(c) + c->nr_partial, 0U);
	slub_flush_this_cpu(s);
}

/* A slab on @node of which all objects are in use but one. */
static struct slab *partial_on(struct kunit *test, struct kmem_cache *s,
			       void **p, int node)
{
	unsigned int i;

	for (i = 0; i < s->objects; i++)
		p[i] = alloc_on(test, s, __GFP_THISNODE, node);
	slub_flush_this_cpu(s);
	kmem_cache_free(s, p[--i]);
	KUNIT_ASSERT_PTR_EQ(test, virt_to_slab(p[0]), virt_to_slab(p[i]));
	return virt_to_slab(p[0]);
}

/* Who names a node gets objects of that node, strictly or not. */
static void node_honoured(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 160, 0, NULL);
	unsigned int n = 2 * s->objects + 1, i, bad = 0;
	void **p = test_pointers(test, n);
	gfp_t strict = 0;
	int node;

	do {
		strict ^= __GFP_THISNODE;
		for_each_node_state(node, N_NORMAL_MEMORY) {
			for (i = 0; i < n; i++) {
				p[i] = alloc_on(test, s, strict, node);
				bad += nid_of(p[i]) != node;
			}
			test_free(s, p, n);
		}
	} while (strict);
	KUNIT_EXPECT_EQ(test, bad, 0U);
	for_each_node_state(node, N_NORMAL_MEMORY)
		KUNIT_EXPECT_GE(test, slub_node_slabs(s, node), 1UL);
}

/* A node without memory is as good as none. */
static void node_without_memory(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 160, 0, NULL);
	int node, found = 0;
	void *x;

	for_each_node(node) {
		if (node_state(node, N_NORMAL_MEMORY))
			continue;
		x = alloc_on(test, s, 0, node);
		test_free(s, &x, 1);
		found++;
	}
	if (!found)
		kunit_skip(test, "needs a node without memory");
}

/* A slab of another node that the CPU owns makes room if its own is asked for. */
static void own_node_before_other(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 64, 0, NULL);
	int here = numa_mem_id(), there = other_node(test);
	void *x, *y;

	x = alloc_on(test, s, __GFP_THISNODE, there);
	y = alloc_on(test, s, 0, NUMA_NO_NODE);
	KUNIT_EXPECT_EQ(test, slab_nid(test_cpu(s)->slab), there);
	test_free(s, &y, 1);

	y = alloc_on(test, s, 0, here);
	KUNIT_EXPECT_EQ(test, nid_of(y), here);
	KUNIT_ASSERT_NOT_NULL(test, test_cpu(s)->slab);
	KUNIT_EXPECT_EQ(test, slab_nid(test_cpu(s)->slab), here);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), 2UL);
	test_free(s, &x, 1);
	test_free(s, &y, 1);
}

/* What a CPU holds of another node goes to the pool then: objects and slabs. */
static void own_node_before_hand(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 64, 0, NULL);
	int here = numa_mem_id(), there = other_node(test);
	unsigned int n = s->objects, batch, i;
	void **p = test_pointers(test, 2 * n);
	struct slab *slab;
	void *x;

	for (i = 0; i < 2 * n; i++)
		p[i] = alloc_on(test, s, __GFP_THISNODE, there);
	test_alloc(test, s, &x, 1);
	batch = min(4U, test_cpu(s)->max_room + 1U);
	test_free(s, &x, 1);
	slub_flush_this_cpu(s);
	kmem_cache_shrink(s);
	slab = virt_to_slab(p[0]);
	test_free(s, p, batch);
	KUNIT_ASSERT_EQ(test, test_free_in(slab), batch);

	/* The slab is full, and at hand is all that is free of it. */
	test_usual(s);
	test_alloc(test, s, &p[0], 1);
	KUNIT_ASSERT_PTR_EQ(test, virt_to_slab(p[0]), slab);
	KUNIT_ASSERT_EQ(test, slub_hand(test_cpu(s)), batch - 1);
	/* Of another one there is more than fits in: the CPU owns it. */
	test_free(s, &p[n + 1], n - 1);
	KUNIT_EXPECT_EQ(test, test_cpu(s)->nr_partial, 1);
	x = alloc_on(test, s, 0, here);
	KUNIT_EXPECT_EQ(test, nid_of(x), here);
	KUNIT_EXPECT_EQ(test, test_cpu(s)->nr_partial, 0);
	KUNIT_EXPECT_EQ(test, test_free_in(slab), batch - 1);
	KUNIT_EXPECT_EQ(test, test_free_in(virt_to_slab(p[n])), n - 1);
	test_free(s, &x, 1);
	test_free(s, &p[0], 1);
	test_free(s, &p[batch], n + 1 - batch);
}

/* A request for another node leaves the CPU the slab that it owns. */
static void other_node_beside_own(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 160, 0, NULL);
	int there = other_node(test);
	struct slab *own;
	void *x, *y;

	test_alloc(test, s, &x, 1);
	own = test_cpu(s)->slab;
	KUNIT_EXPECT_PTR_EQ(test, own, virt_to_slab(x));
	KUNIT_EXPECT_EQ(test, nid_of(x), numa_mem_id());
	y = alloc_on(test, s, __GFP_THISNODE, there);
	KUNIT_EXPECT_EQ(test, nid_of(y), there);
	KUNIT_EXPECT_PTR_EQ(test, test_cpu(s)->slab, own);
	KUNIT_EXPECT_EQ(test, slub_cpu_slabs(s), 1UL);
	test_free(s, &x, 1);
	test_free(s, &y, 1);
}

/* Partial slabs: the nearest first, others next, and then a new one. */
static void nearest_first(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 208, 0, NULL);
	int here = numa_mem_id(), there = other_node(test);
	void **p = test_pointers(test, s->objects);
	void **q = test_pointers(test, s->objects);
	unsigned int last = s->objects - 1;
	void *x;

	partial_on(test, s, p, there);
	partial_on(test, s, q, here);
	test_alloc(test, s, &q[last], 1);
	KUNIT_EXPECT_EQ(test, nid_of(q[last]), here);
	test_alloc(test, s, &p[last], 1);
	KUNIT_EXPECT_EQ(test, nid_of(p[last]), there);
	KUNIT_EXPECT_EQ(test, slub_pool_slabs(s), 2UL);
	test_alloc(test, s, &x, 1);
	KUNIT_EXPECT_EQ(test, nid_of(x), here);
	KUNIT_EXPECT_EQ(test, slub_pool_slabs(s), 3UL);
	test_free(s, &x, 1);
	test_free(s, p, last + 1);
	test_free(s, q, last + 1);
}

/* A memory policy is asked where a slab is made, once for each slab. */
static void policy_interleaves(struct kunit *test)
{
#ifdef CONFIG_NUMA
	struct kmem_cache *s = test_cache(test, 1000, 0, NULL);
	struct mempolicy *before = current->mempolicy;
	struct mempolicy policy = {
		.refcnt = ATOMIC_INIT(1),
		.mode = MPOL_INTERLEAVE,
	};
	int here = numa_mem_id(), there = other_node(test);
	unsigned int n = 20 * s->objects;
	void **p = test_pointers(test, n);

	node_set(here, policy.nodes);
	node_set(there, policy.nodes);
	current->mempolicy = &policy;
	test_alloc(test, s, p, n);
	current->mempolicy = before;
	/* Ten each, but for steps that were taken to remember a stack, say. */
	KUNIT_EXPECT_GE(test, slub_node_slabs(s, here), 5UL);
	KUNIT_EXPECT_GE(test, slub_node_slabs(s, there), 5UL);
	test_free(s, p, n);
#else
	kunit_skip(test, "needs CONFIG_NUMA");
#endif
}

/* Who names a node gets a new slab there rather than a partial one elsewhere. */
static void named_node_before_partial(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 208, 0, NULL);
	int here = numa_mem_id(), there = other_node(test);
	void **p = test_pointers(test, s->objects), *x, *y;

	partial_on(test, s, p, there);
	x = alloc_on(test, s, 0, here);
	KUNIT_EXPECT_EQ(test, nid_of(x), here);
	slub_flush_this_cpu(s);
	test_free(s, &x, 1);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(s), 1);
	y = alloc_on(test, s, __GFP_THISNODE, here);
	KUNIT_EXPECT_EQ(test, nid_of(y), here);
	test_free(s, &y, 1);
	test_free(s, p, s->objects - 1);
}

/* A node that has no memory left: others do, but not with __GFP_THISNODE. */
static void node_exhausted(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 208, 0, NULL);
	int here = numa_mem_id(), there = other_node(test);
	void **p = test_pointers(test, s->objects), *x;

	partial_on(test, s, p, there);
	test_fail_pages(s, 0, UINT_MAX);
	x = kmem_cache_alloc_node(s, GFP_KERNEL | __GFP_THISNODE |
				  __GFP_NOWARN, here);
	KUNIT_EXPECT_NULL(test, x);
	if (x)
		kmem_cache_free(s, x);
	x = kmem_cache_alloc_node(s, GFP_KERNEL | __GFP_NOWARN, here);
	KUNIT_EXPECT_NOT_NULL(test, x);
	if (x) {
		KUNIT_EXPECT_EQ(test, nid_of(x), there);
		kmem_cache_free(s, x);
	}
	test_fail_pages(NULL, 0, 0);
	test_free(s, p, s->objects - 1);
}

static struct kunit_case pool_cases[] = {
	KUNIT_CASE(cpu_owns_one_slab),
	KUNIT_CASE(full_partial_empty),
	KUNIT_CASE(empty_as_new),
	KUNIT_CASE(kept_on_bare_node),
	KUNIT_CASE(partial_before_new),
	KUNIT_CASE(pool_shared_by_cpus),
	KUNIT_CASE(reserve_bounded),
	KUNIT_CASE(long_list_estimated),
	KUNIT_CASE(shrink),
	KUNIT_CASE(shrink_sorts),
	KUNIT_CASE(memory_goes_offline),
	KUNIT_CASE(single_object),
	KUNIT_CASE(rcu_delays_slab),
	KUNIT_CASE(emergency_reserves),
	KUNIT_CASE(node_honoured),
	KUNIT_CASE(node_without_memory),
	KUNIT_CASE(other_node_beside_own),
	KUNIT_CASE(own_node_before_other),
	KUNIT_CASE(own_node_before_hand),
	KUNIT_CASE(nearest_first),
	KUNIT_CASE(named_node_before_partial),
	KUNIT_CASE(policy_interleaves),
	KUNIT_CASE(node_exhausted),
	{}
};

SLUB_TEST_SUITE(slub_pool, pool_cases);
