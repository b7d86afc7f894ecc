// SPDX-License-Identifier: GPL-2.0-only
/*
 * SLUB: KUnit suite slub_hand: objects that a CPU keeps at hand, and slabs that it
 * comes to own because it frees into them.
 */
#include <linux/delay.h>
#include <linux/prandom.h>
#include <linux/rcupdate.h>

#include "slub_test.h"

/* What a CPU has room for at first. */
#define SMALL_HAND	4

/*
 * Fill @slabs slabs; the CPU owns the last one, which is full as well. Its place grows
 * on the way, but let there be as little room as in the beginning. Return: what the
 * CPU holds.
 */
static struct kmem_cache_cpu *fill(struct kunit *test, struct kmem_cache *s,
				   void **p, unsigned int slabs)
{
	struct kmem_cache_cpu *c;

	test_alloc(test, s, p, slabs * s->objects);
	KUNIT_ASSERT_EQ(test, slub_pool_slabs(s), slabs + 0UL);
	c = test_cpu(s);
	KUNIT_ASSERT_NOT_NULL(test, c);
	KUNIT_ASSERT_EQ(test, slub_hand(c), 0U);
	KUNIT_ASSERT_GE(test, s->objects, SMALL_HAND + 3U);
	c->max_room = SMALL_HAND;
	c->limit = c->recent + SMALL_HAND;
	c->largest = true;
	c->cramped = false;
	return c;
}

static struct kmem_cache *usual_cache(struct kunit *test, unsigned int size)
{
	struct kmem_cache *s = test_usual(test_cache(test, size, 0, NULL));

	test_set_busy(s);
	return s;
}

static unsigned int local_free(const struct slab *slab)
{
	return slab_local(slab).free;
}

/* What was freed last is handed out first; its slab has not heard of it. */
static void last_freed_first(struct kunit *test)
{
	struct kmem_cache *s = usual_cache(test, 64);
	unsigned int n = 2 * s->objects, i;
	void **p = test_pointers(test, n), *x;
	struct kmem_cache_cpu *c = fill(test, s, p, 2);

	for (i = 0; i < test_room(c); i++) {
		kmem_cache_free(s, p[i]);
		KUNIT_EXPECT_EQ(test, slub_hand(c), i + 1);
		KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), n - i - 1UL);
	}
	KUNIT_EXPECT_EQ(test, word_of(virt_to_slab(p[0])).word, 0U);
	KUNIT_EXPECT_EQ(test, slub_cpu_slabs(s), 1UL);
	while (i--) {
		test_alloc(test, s, &x, 1);
		KUNIT_EXPECT_PTR_EQ(test, x, p[i]);
	}
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), n + 0UL);
	test_free(s, p, n);
}

/* Who frees the first object of a full slab owns it; its next ones need no lock. */
static void owned_by_free(struct kunit *test)
{
	struct kmem_cache *s = usual_cache(test, 64);
	unsigned int n = 2 * s->objects, room, i;
	void **p = test_pointers(test, n);
	struct kmem_cache_cpu *c = fill(test, s, p, 2);
	struct slab *slab = virt_to_slab(p[0]);

	room = test_room(c);
	KUNIT_EXPECT_EQ(test, slab->owner, 0);
	test_free(s, p, room + 1);
	KUNIT_EXPECT_EQ(test, slab->owner, c->id);
	KUNIT_EXPECT_TRUE(test, word_of(slab).owned);
	KUNIT_EXPECT_EQ(test, local_free(slab), 1U);
	KUNIT_EXPECT_EQ(test, slub_cpu_slabs(s), 2UL);
	KUNIT_EXPECT_EQ(test, slub_pool_length(s), 0UL);

	/* It is sparse now: what comes from there goes back there. */
	test_alloc(test, s, p, room);
	test_free(s, p, room);
	KUNIT_EXPECT_EQ(test, slub_hand(c), 0U);
	KUNIT_EXPECT_EQ(test, local_free(slab), room + 1);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), n - room - 1UL);

	/* Without its last object it goes. */
	for (i = room + 1; i < s->objects - 1; i++)
		kmem_cache_free(s, p[i]);
	KUNIT_EXPECT_EQ(test, slub_cpu_slabs(s), 2UL);
	kmem_cache_free(s, p[i]);
	KUNIT_EXPECT_EQ(test, slab->owner, 0);
	KUNIT_EXPECT_EQ(test, slub_cpu_slabs(s), 1UL);
	KUNIT_EXPECT_EQ(test, get_node(s, slab_nid(slab))->nr_empty, 1U);
	test_free(s, p + s->objects, s->objects);
}

struct others {
	struct kmem_cache *s;
	void **p;
	unsigned int count;
};

static long others_alloc(void *arg)
{
	struct others *others = arg;
	unsigned int i;

	for (i = 0; i < others->count; i++) {
		others->p[i] = kmem_cache_alloc(others->s, GFP_KERNEL);
		if (!others->p[i])
			return -ENOMEM;
	}
	return 0;
}

static long others_free(void *arg)
{
	struct others *others = arg;

	test_free(others->s, others->p, others->count);
	return 0;
}

/* Another CPU's frees into an owned slab are found when it is used again. */
static void owned_and_freed_by_others(struct kunit *test)
{
	struct kmem_cache *s = usual_cache(test, 64);
	unsigned int n = 2 * s->objects, cpu = test_other_cpu(test);
	void **p = test_pointers(test, n);
	struct kmem_cache_cpu *c = fill(test, s, p, 2);
	struct slab *slab = virt_to_slab(p[0]);
	unsigned int gone = test_room(c) + 1;
	struct others others = { s, p + gone, 2 };

	test_free(s, p, gone);
	KUNIT_ASSERT_EQ(test, slab->owner, c->id);
	KUNIT_ASSERT_EQ(test, work_on_cpu(cpu, others_free, &others), 0L);
	KUNIT_EXPECT_EQ(test, test_free_in(slab), 2U);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), n - gone - 2UL);
	test_alloc(test, s, p, gone + 2);
	KUNIT_EXPECT_EQ(test, slub_pool_slabs(s), 2UL);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), n + 0UL);
	test_free(s, p, n);
}

/*
 * Slabs that others have emptied are noticed as their owner frees elsewhere, wherever
 * they are among those that it owns.
 */
static void emptied_by_others(struct kunit *test)
{
	struct kmem_cache *s = usual_cache(test, 64);
	unsigned int each = s->objects, cpu = test_other_cpu(test), slabs = 8, i;
	void **p = test_pointers(test, slabs * each);
	struct kmem_cache_cpu *c = fill(test, s, p, slabs);
	struct others others = { s, p + 3 * each + 1, each - 1 };

	KUNIT_ASSERT_EQ(test, slub_set_min_partial(s, 0), 0);
	/* To make the hand full, and then one each of four slabs. */
	test_free(s, p, test_room(c));
	for (i = 1; i <= 4; i++)
		test_free(s, p + i * each, 1);
	KUNIT_ASSERT_EQ(test, virt_to_slab(p[3 * each])->owner, c->id);
	KUNIT_ASSERT_EQ(test, work_on_cpu(cpu, others_free, &others), 0L);
	KUNIT_EXPECT_EQ(test, slub_pool_slabs(s), slabs + 0UL);
	/* It looks at one for each of these, and finds it at the third. */
	for (i = 5; i < slabs; i++)
		test_free(s, p + i * each, 1);
	test_free(s, p + test_room(c), 1);
	KUNIT_EXPECT_EQ(test, slub_pool_slabs(s), slabs - 1UL);
	i = test_room(c) + 7 + each;
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), slabs * each - i + 0UL);

	test_free(s, p + test_room(c) + 1, each - test_room(c) - 1);
	for (i = 1; i < slabs; i++)
		if (i != 3)
			test_free(s, p + i * each + 1, each - 1);
}

/* A slab that is at hand whole is full, for whoever frees into it. */
static void whole_slab_at_hand(struct kunit *test)
{
	struct kmem_cache *s = usual_cache(test, 512);
	unsigned int each = s->objects, cpu = test_other_cpu(test), n = 64 * each, i;
	void **p = test_pointers(test, n + each);
	struct others others = { s, p + n, 1 };
	struct kmem_cache_cpu *c;
	struct slab *slab;

	/* So many that the place is large. */
	test_alloc(test, s, p, n);
	c = test_cpu(s);
	KUNIT_ASSERT_NOT_NULL(test, c);
	KUNIT_ASSERT_GE(test, test_room(c), each);
	KUNIT_ASSERT_EQ(test, slub_hand(c), 0U);
	test_alloc(test, s, p + n, 1);
	slab = virt_to_slab(p[n]);
	KUNIT_EXPECT_EQ(test, slub_hand(c), each - 1);
	KUNIT_EXPECT_EQ(test, word_of(slab).word, 0U);
	KUNIT_EXPECT_EQ(test, slab->owner, 0U);
	KUNIT_EXPECT_EQ(test, slub_cpu_slabs(s), 0UL);
	KUNIT_ASSERT_EQ(test, work_on_cpu(cpu, others_free, &others), 0L);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), n + 0UL);
	for (i = 1; i < each; i++) {
		test_alloc(test, s, p + n + i, 1);
		KUNIT_EXPECT_PTR_EQ(test, virt_to_slab(p[n + i]), slab);
	}
	KUNIT_EXPECT_EQ(test, slub_pool_slabs(s), n / each + 1UL);
	test_free(s, p, n);
	test_free(s, p + n + 1, each - 1);
}

#define FEW_SLABS	4

/* A CPU lets go of half of its slabs when they are too many. */
static void slabs_let_go(struct kunit *test)
{
	struct kmem_cache *s = usual_cache(test, 64);
	unsigned int slabs = 3 * FEW_SLABS, each = s->objects, i, all;
	void **p = test_pointers(test, slabs * each);
	struct kmem_cache_cpu *c;

	s->cpu_partial = FEW_SLABS;
	c = fill(test, s, p, slabs);
	/* To make the hand full. */
	test_free(s, p, test_room(c));
	for (i = 0; i < slabs - 1; i++) {
		kmem_cache_free(s, p[i * each + each - 1]);
		KUNIT_EXPECT_LE(test, slub_cpu_slabs(s), FEW_SLABS + 1UL);
	}
	/* All but the last one, which is full, and the CPU's until it looks again. */
	KUNIT_EXPECT_EQ(test, c->nr_partial + slub_pool_length(s), slabs - 1UL);
	KUNIT_EXPECT_GE(test, slub_cpu_slabs(s), FEW_SLABS / 2 + 0UL);
	all = slabs - 1 + test_room(c);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), slabs * each - all + 0UL);

	/* And takes them again before it makes another. */
	for (i = 0; i < test_room(c); i++)
		test_alloc(test, s, p + i, 1);
	for (i = 0; i < slabs - 1; i++)
		test_alloc(test, s, p + i * each + each - 1, 1);
	KUNIT_EXPECT_EQ(test, slub_pool_slabs(s), slabs + 0UL);
	KUNIT_EXPECT_EQ(test, slub_pool_length(s), 0UL);
	test_free(s, p, slabs * each);
}

/* Own many partial slabs, while @more CPUs, beside this one, have made some. */
static void heard(struct kunit *test, unsigned int more)
{
	struct kmem_cache *s = usual_cache(test, 64);
	unsigned int slabs = SLUB_FEW_SLABS + 4, each = s->objects, i, room;
	void **p = test_pointers(test, slabs * each);
	struct kmem_cache_cpu *c = fill(test, s, p, slabs);
	struct kmem_cache_node *pool;

	room = test_room(c);
	test_free(s, p, room);
	pool = get_node(s, slab_nid(virt_to_slab(p[0])));
	KUNIT_EXPECT_EQ(test, pool->wanted_by, c->id);
	if (more)
		pool->wanted_by = more == 1 ? c->id + 1 : SLUB_SEVERAL;
	for (i = 0; i < slabs - 1; i++) {
		kmem_cache_free(s, p[i * each + each - 1]);
		if (more)
			KUNIT_EXPECT_LE(test, slub_cpu_slabs(s),
					SLUB_FEW_SLABS + 1UL);
	}
	KUNIT_EXPECT_EQ(test, !!slub_pool_length(s), !!more);
	KUNIT_EXPECT_EQ(test, pool->wanted_by, more ? 0 : c->id);
	test_alloc(test, s, p, room);
	for (i = 0; i < slabs - 1; i++)
		test_alloc(test, s, p + i * each + each - 1, 1);
	test_free(s, p, slabs * each);
}

/* Who made slabs is noted, as long as it was but one CPU. */
static void makers_noted(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 64, 0, NULL);
	unsigned int n = s->objects + 1;
	void **p = test_pointers(test, n);
	struct kmem_cache_node *pool;

	test_alloc(test, s, p, 1);
	pool = get_node(s, slab_nid(virt_to_slab(p[0])));
	KUNIT_EXPECT_EQ(test, pool->wanted_by,
			slub_cpu_id(raw_smp_processor_id()));
	pool->wanted_by++;
	test_alloc(test, s, p + 1, n - 1);
	KUNIT_EXPECT_EQ(test, pool->wanted_by, SLUB_SEVERAL);
	test_free(s, p, n);
}

/* And when others want some, as long as it owns many. */
static void others_are_heard(struct kunit *test)
{
	heard(test, 1);
	heard(test, 2);
}

/* What it has wanted itself is no reason. */
static void own_wish_not_heard(struct kunit *test)
{
	heard(test, 0);
}

/* Of a CPU that has more to free than fits at hand the place becomes larger. */
static void place_grows(struct kunit *test)
{
	struct kmem_cache *s = usual_cache(test, 64);
	unsigned int n = 8 * s->objects, i, small, bad = 0;
	void **p = test_pointers(test, n);
	struct kmem_cache_cpu *c;

	test_alloc(test, s, p, 1);
	c = test_cpu(s);
	KUNIT_ASSERT_NOT_NULL(test, c);
	KUNIT_EXPECT_FALSE(test, c->largest);
	small = c->max_room;
	/* A little more than fits in is no reason. */
	test_alloc(test, s, p + 1, 2 * small);
	KUNIT_EXPECT_PTR_EQ(test, test_cpu(s), c);
	/* More than fits in by far, to allocate and to free. */
	test_alloc(test, s, p + 2 * small + 1, n - 2 * small - 1);
	test_free(s, p, n / 2);
	test_alloc(test, s, p, n / 2);
	KUNIT_EXPECT_PTR_NE(test, test_cpu(s), c);
	c = test_cpu(s);
	KUNIT_ASSERT_NOT_NULL(test, c);
	KUNIT_EXPECT_GT(test, test_room(c), 4 * small);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), n + 0UL);
	KUNIT_EXPECT_EQ(test, slub_pool_slabs(s), 8UL);
	for (i = 0; i < n; i++)
		test_fill(p[i], 64);
	for (i = 0; i < n; i++)
		bad += !test_intact(p[i], 64);
	KUNIT_EXPECT_EQ(test, bad, 0U);
	test_free(s, p, n);
}

/* A flush gives all of it back, and the place. */
static void given_back_by_flush(struct kunit *test)
{
	struct kmem_cache *s = usual_cache(test, 64);
	unsigned int n = 3 * s->objects, i;
	void **p = test_pointers(test, n);
	struct kmem_cache_cpu *c = fill(test, s, p, 3);
	unsigned int gone = test_room(c) + 2;

	/* Some at hand, some in a slab that the CPU owns for it. */
	test_free(s, p, gone);
	kmem_cache_free(s, p[s->objects]);
	KUNIT_EXPECT_EQ(test, slub_cpu_slabs(s), 3UL);
	slub_flush_this_cpu(s);
	KUNIT_EXPECT_NULL(test, test_cpu(s));
	KUNIT_EXPECT_EQ(test, slub_cpu_slabs(s), 0UL);
	KUNIT_EXPECT_EQ(test, slub_pool_length(s), 2UL);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), n - gone - 1UL);
	KUNIT_EXPECT_EQ(test, test_free_in(virt_to_slab(p[0])), gone);
	KUNIT_EXPECT_EQ(test, test_free_in(virt_to_slab(p[n - 1])), 0U);
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_EQ(test, virt_to_slab(p[i * s->objects])->owner, 0);
	test_free(s, p + gone, s->objects - gone);
	test_free(s, p + s->objects + 1, n - s->objects - 1);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), 0UL);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(s), 0);
}

/* What is at hand belongs to slabs that others own by now: it goes there. */
static void at_hand_of_others_slab(struct kunit *test)
{
	struct kmem_cache *s = usual_cache(test, 64);
	unsigned int n = 2 * s->objects, cpu = test_other_cpu(test);
	void **p = test_pointers(test, n);
	struct kmem_cache_cpu *c = fill(test, s, p, 2);
	unsigned int in_pool = SMALL_HAND + 2;
	struct others others = { s, p + 8, in_pool };
	struct slab *slab = virt_to_slab(p[0]);

	test_free(s, p, 1);
	KUNIT_ASSERT_EQ(test, slub_hand(c), 1U);
	KUNIT_ASSERT_EQ(test, work_on_cpu(cpu, others_free, &others), 0L);
	if (cpu_to_mem(cpu) == slab_nid(slab) ||
	    !node_state(cpu_to_mem(cpu), N_NORMAL_MEMORY)) {
		/* Some are at hand there, the others in the slab, which it owns. */
		KUNIT_EXPECT_NE(test, slab->owner, 0);
		KUNIT_EXPECT_NE(test, slab->owner, c->id);
		in_pool = 0;
	}
	KUNIT_EXPECT_EQ(test, test_free_in(slab), in_pool);
	slub_flush_this_cpu(s);
	KUNIT_EXPECT_EQ(test, test_free_in(slab), in_pool + 1);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), n - SMALL_HAND - 3UL);
	test_free(s, p + 1, 7);
	test_free(s, p + SMALL_HAND + 10, n - SMALL_HAND - 10);
}

/* Who needs but a few objects gets them out of a slab that others use as well. */
static void few_out_of_the_pool(struct kunit *test)
{
	struct kmem_cache *s = usual_cache(test, 256);
	unsigned int cpu = test_other_cpu(test), i;
	void *p[SLUB_LIGHT_USE + 4], *x;
	struct others others = { s, &x, 1 };

	test_alloc(test, s, p, 2);
	KUNIT_ASSERT_EQ(test, work_on_cpu(cpu, others_alloc, &others), 0L);
	KUNIT_EXPECT_PTR_EQ(test, virt_to_slab(x), virt_to_slab(p[0]));
	KUNIT_EXPECT_EQ(test, slub_cpu_slabs(s), 0UL);
	KUNIT_EXPECT_EQ(test, slub_pool_slabs(s), 1UL);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), 3UL);
	/* What comes from there is handed out again, and does not go back. */
	i = slub_hand(test_cpu(s));
	test_free(s, p + 1, 1);
	KUNIT_EXPECT_EQ(test, slub_hand(test_cpu(s)), i + 1);

	/* Who needs many owns a slab. */
	test_alloc(test, s, p + 1, SLUB_LIGHT_USE + 3);
	KUNIT_EXPECT_EQ(test, slub_cpu_slabs(s), 1UL);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), SLUB_LIGHT_USE + 5UL);
	test_free(s, p, SLUB_LIGHT_USE + 4);
	test_free(s, &x, 1);
}

/* A CPU that does nothing but free has a place for that. */
static void place_to_free(struct kunit *test)
{
	struct kmem_cache *s = usual_cache(test, 64);
	unsigned int n = 2 * s->objects, cpu = test_other_cpu(test);
	void **p = test_pointers(test, n);
	struct others others = { s, p, s->objects };
	struct kmem_cache_cpu *c;

	fill(test, s, p, 2);
	KUNIT_EXPECT_NULL(test, slub_cpu(s, cpu));
	KUNIT_ASSERT_EQ(test, work_on_cpu(cpu, others_free, &others), 0L);
	c = slub_cpu(s, cpu);
	KUNIT_ASSERT_NOT_NULL(test, c);
	/* What is of another node goes there. */
	if (cpu_to_mem(cpu) == slab_nid(virt_to_slab(p[n - 1]))) {
		KUNIT_EXPECT_EQ(test, slub_hand(c), test_room(c));
		KUNIT_EXPECT_EQ(test, slub_pool_length(s), 0UL);
	}
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), n / 2 + 0UL);
	test_free(s, p + n / 2, n / 2);
}

/* The owner of a small slab sees that an object is free, whenever it was freed. */
static void free_again_seen(struct kunit *test)
{
	struct kmem_cache *s = usual_cache(test, 256);
	unsigned int n = 4 * s->objects;
	void **p = test_pointers(test, n);
	struct slab *slab;

	test_need_no_kasan(test);
	if (!IS_ENABLED(CONFIG_64BIT))
		kunit_skip(test, "no map of objects on 32 bit");
	fill(test, s, p, 4);
	slab = virt_to_slab(p[n - s->objects - 1]);
	test_free(s, p, SMALL_HAND);
	test_free(s, p + n - s->objects - 4, 3);
	KUNIT_ASSERT_EQ(test, local_free(slab), 3U);
	test_console_start();
	kmem_cache_free(s, p[n - s->objects - 4]);
	test_console_expect(test, "double free: 0x%p", p[n - s->objects - 4]);
	KUNIT_EXPECT_EQ(test, local_free(slab), 3U);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), n - SMALL_HAND - 3UL);
	test_free(s, p + SMALL_HAND, n - s->objects - 4 - SMALL_HAND);
	test_free(s, p + n - s->objects - 1, s->objects + 1);
}

/* An idle CPU has nothing at hand, and no place for it. */
static void given_back_when_idle(struct kunit *test)
{
	struct kmem_cache *s = usual_cache(test, 64);
	unsigned int n = 2 * s->objects, tries;
	void **p = test_pointers(test, n);

	fill(test, s, p, 2);
	test_free(s, p, 1);
	test_set_busy(NULL);
	for (tries = 0; tries < 300 && test_cpu(s); tries++)
		msleep(50);
	KUNIT_EXPECT_NULL(test, test_cpu(s));
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), n - 1UL);
	KUNIT_EXPECT_EQ(test, test_free_in(virt_to_slab(p[0])), 1U);
	test_free(s, p + 1, n - 1);
}

/* So it does with a large place that it hardly uses. */
static void large_place_given_back(struct kunit *test)
{
	struct kmem_cache *s = usual_cache(test, 64);
	unsigned int n = 8 * s->objects, tries;
	void **p = test_pointers(test, n);
	struct kmem_cache_cpu *c;

	test_alloc(test, s, p, n);
	KUNIT_ASSERT_NOT_NULL(test, test_cpu(s));
	KUNIT_ASSERT_GT(test, test_cpu(s)->bytes, SLUB_PLACE_MIN);
	test_set_busy(NULL);
	for (tries = 0; tries < 300 && test_cpu(s); tries++) {
		preempt_disable();
		c = test_cpu(s);
		if (c)
			c->allocs = 1;
		preempt_enable();
		msleep(50);
	}
	KUNIT_EXPECT_NULL(test, test_cpu(s));
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), n + 0UL);
	test_free(s, p, n);
}

/* An interrupt that comes while the CPU's part is changed leaves it alone. */
static void interrupt_leaves_hand(struct kunit *test)
{
	struct kmem_cache *s = usual_cache(test, 64);
	unsigned int n = 2 * s->objects;
	void **p = test_pointers(test, n), *x;
	struct kmem_cache_cpu *c = fill(test, s, p, 2);
	unsigned int hand;

	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		kunit_skip(test, "PREEMPT_RT: only tasks may allocate");
	test_free(s, p, 2);
	KUNIT_ASSERT_NOT_NULL(test, slub_cpu_enter(s));
	x = kmem_cache_alloc(s, GFP_ATOMIC);
	kmem_cache_free(s, p[2]);
	hand = slub_hand(c);
	slub_cpu_exit(c);
	KUNIT_EXPECT_EQ(test, hand, 2U);
	KUNIT_EXPECT_NOT_NULL(test, x);
	KUNIT_EXPECT_PTR_NE(test, x, p[1]);
	KUNIT_EXPECT_EQ(test, test_free_in(virt_to_slab(p[2])), 1U);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), n - 2UL);
	kmem_cache_free(s, x);
	test_free(s, p + 3, n - 3);
}

/* Objects of another node, or of the reserves, belong to nobody's hand. */
static void only_what_is_near(struct kunit *test)
{
	struct kmem_cache *s = usual_cache(test, 64);
	unsigned int n = 2 * s->objects;
	void **p = test_pointers(test, n), *x;
	struct kmem_cache_cpu *c = fill(test, s, p, 2);
	struct slab *slab = virt_to_slab(p[0]);
	int node, here = slab_nid(slab);

	slab_set_pfmemalloc(slab);
	kmem_cache_free(s, p[0]);
	KUNIT_EXPECT_EQ(test, slub_hand(c), 0U);
	KUNIT_EXPECT_EQ(test, slab->owner, 0);
	KUNIT_EXPECT_EQ(test, test_free_in(slab), 1U);
	__slab_clear_pfmemalloc(slab);
	kmem_cache_free(s, p[n - 1]);
	KUNIT_EXPECT_EQ(test, slub_hand(c), 1U);

	for_each_node_state(node, N_NORMAL_MEMORY) {
		if (node == here)
			continue;
		x = kmem_cache_alloc_node(s, GFP_KERNEL | __GFP_THISNODE, node);
		KUNIT_ASSERT_NOT_NULL(test, x);
		KUNIT_EXPECT_EQ(test, slab_nid(virt_to_slab(x)), node);
		kmem_cache_free(s, x);
		KUNIT_EXPECT_EQ(test, slub_hand(test_cpu(s)), 1U);
	}
	test_free(s, p + 1, n - 2);
}

/* Many at once go to the hand as far as there is room, and come in order. */
static void freed_in_bulk(struct kunit *test)
{
	struct kmem_cache *s = usual_cache(test, 64);
	unsigned int n = 2 * s->objects, i, room;
	void **p = test_pointers(test, n), *again[40];
	struct kmem_cache_cpu *c = fill(test, s, p, 2);

	room = test_room(c);
	KUNIT_ASSERT_LE(test, room + 3, ARRAY_SIZE(again) + 0U);
	kmem_cache_free_bulk(s, room + 3, p);
	KUNIT_EXPECT_EQ(test, slub_hand(c), room);
	KUNIT_EXPECT_EQ(test, local_free(virt_to_slab(p[0])), 3U);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), n - room - 3UL);
	KUNIT_ASSERT_EQ(test, kmem_cache_alloc_bulk(s, GFP_KERNEL, room + 3, again),
			(int)room + 3);
	/* If somebody wants to look at each they are freed one by one. */
	if (!IS_ENABLED(CONFIG_KASAN) && !IS_ENABLED(CONFIG_KCSAN) &&
	    !IS_ENABLED(CONFIG_DEBUG_LOCK_ALLOC) && !slab_want_init_on_free(s))
		for (i = 0; i < room; i++)
			KUNIT_EXPECT_PTR_EQ(test, again[i], p[i]);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), n + 0UL);
	test_free(s, p, n);
}

/* What was freed last is not taken again, where as many go to the hand at once. */
static void freed_again_in_bulk(struct kunit *test)
{
	struct kmem_cache *s = usual_cache(test, 64);
	unsigned int n = 2 * s->objects;
	void **p = test_pointers(test, n);
	struct kmem_cache_cpu *c;

	test_need_no_kasan(test);
	c = fill(test, s, p, 2);
	kmem_cache_free(s, p[0]);
	KUNIT_EXPECT_EQ(test, slub_hand(c), 1U);
	test_console_start();
	kmem_cache_free_bulk(s, 3, p);
	test_console_expect(test, "double free: 0x%p", p[0]);
	KUNIT_EXPECT_EQ(test, slub_hand(c), 3U);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), n - 3UL);
	test_alloc(test, s, p, 3);
	test_free(s, p, n);
}

/* Places are objects of kmalloc()'s, and free again when they are not needed. */
static void places_are_freed(struct kunit *test)
{
	struct kmem_cache *s = usual_cache(test, 64);
	struct kmem_cache *from = kmalloc_slab(SLUB_PLACE_MIN, 0);
	unsigned int i, rounds = 2000;
	unsigned long before = slub_objects_in_use(from);
	void *x;

	if (IS_ENABLED(CONFIG_KASAN))
		kunit_skip(test, "KASAN keeps what is freed for a while");
	for (i = 0; i < rounds; i++) {
		test_alloc(test, s, &x, 1);
		KUNIT_EXPECT_NOT_NULL(test, test_cpu(s));
		test_free(s, &x, 1);
		slub_flush_this_cpu(s);
	}
	rcu_barrier();
	/* Others use it, too. */
	KUNIT_EXPECT_LT(test, slub_objects_in_use(from), before + rounds / 2);
}

/* With init_on_free nothing is left of an object, be it at hand. */
static void wiped_at_hand(struct kunit *test)
{
	struct kmem_cache *s = usual_cache(test, 64);
	unsigned int n = 2 * s->objects;
	void **p = test_pointers(test, n);
	struct kmem_cache_cpu *c;

	if (!slab_want_init_on_free(s))
		kunit_skip(test, "needs init_on_free=1");
	c = fill(test, s, p, 2);
	test_fill(p[0], 64);
	kmem_cache_free(s, p[0]);
	KUNIT_EXPECT_EQ(test, slub_hand(c), 1U);
	if (!IS_ENABLED(CONFIG_KASAN))
		KUNIT_EXPECT_TRUE(test, test_is_all(p[0], 0, 64));
	test_free(s, p + 1, n - 1);
}

/* With cpu_partial 0 objects go back to their slabs at once. */
static void nothing_at_hand(struct kunit *test)
{
	struct kmem_cache *s = usual_cache(test, 64);
	unsigned int n = 2 * s->objects;
	void **p = test_pointers(test, n);

	fill(test, s, p, 2);
	test_free(s, p, 3);
	KUNIT_EXPECT_EQ(test, slub_set_cpu_partial(s, 100000), -EINVAL);
	KUNIT_EXPECT_EQ(test, slub_set_cpu_partial(s, 0), 0);
	KUNIT_EXPECT_EQ(test, test_free_in(virt_to_slab(p[0])), 3U);
	test_alloc(test, s, p, 3);
	test_free(s, p, 3);
	test_free(s, p + s->objects, 3);
	KUNIT_EXPECT_EQ(test, slub_hand(test_cpu(s)), 0U);
	KUNIT_EXPECT_EQ(test, slub_cpu_slabs(s), 1UL);
	KUNIT_EXPECT_EQ(test, slub_pool_length(s), 1UL);
	KUNIT_EXPECT_EQ(test, slub_set_cpu_partial(s, TEST_CPU_SLABS), 0);
	test_free(s, p + 3, s->objects - 3);
	test_free(s, p + s->objects + 3, s->objects - 3);
}

static struct kunit_case hand_cases[] = {
	KUNIT_CASE(last_freed_first),
	KUNIT_CASE(owned_by_free),
	KUNIT_CASE(owned_and_freed_by_others),
	KUNIT_CASE(emptied_by_others),
	KUNIT_CASE(whole_slab_at_hand),
	KUNIT_CASE(slabs_let_go),
	KUNIT_CASE(makers_noted),
	KUNIT_CASE(others_are_heard),
	KUNIT_CASE(own_wish_not_heard),
	KUNIT_CASE(place_grows),
	KUNIT_CASE(given_back_by_flush),
	KUNIT_CASE(at_hand_of_others_slab),
	KUNIT_CASE(few_out_of_the_pool),
	KUNIT_CASE(place_to_free),
	KUNIT_CASE(free_again_seen),
	KUNIT_CASE(given_back_when_idle),
	KUNIT_CASE(large_place_given_back),
	KUNIT_CASE(interrupt_leaves_hand),
	KUNIT_CASE(only_what_is_near),
	KUNIT_CASE(freed_in_bulk),
	KUNIT_CASE(freed_again_in_bulk),
	KUNIT_CASE(places_are_freed),
	KUNIT_CASE(wiped_at_hand),
	KUNIT_CASE(nothing_at_hand),
	{}
};

SLUB_TEST_SUITE(slub_hand, hand_cases);
