// SPDX-License-Identifier: GPL-2.0-only
/*
 * SLUB: KUnit suite slub_cpus: interrupts and tasks on one CPU, several CPUs
 * at once, CPUs that go idle or away.
 */
#include <linux/cpu.h>
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/irq_work.h>
#include <linux/prandom.h>
#include <linux/workqueue.h>

#include "slub_test.h"

static void need_interrupts(struct kunit *test)
{
	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		kunit_skip(test, "PREEMPT_RT: only tasks may allocate");
}

/* ---- One CPU ---- */

/* An interrupt that comes while the CPU's part is changed leaves it alone. */
static void interrupt_between(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 64, 0, NULL);
	void **p = test_pointers(test, s->objects + 1), *x, *y, *bulk[5];
	struct kmem_cache_cpu *c, before;
	bool same;
	int got;

	need_interrupts(test);
	test_full_slab(test, s, p);
	test_alloc(test, s, &x, 1);

	c = slub_cpu_enter(s);
	before = *c;
	y = kmem_cache_alloc(s, GFP_ATOMIC);
	got = kmem_cache_alloc_bulk(s, GFP_ATOMIC, 5, bulk);
	kmem_cache_free(s, p[0]);
	kmem_cache_free(s, x);
	kmem_cache_free_bulk(s, got, bulk);
	if (y)
		kmem_cache_free(s, y);
	same = c->top == before.top && c->slab == before.slab &&
	       c->allocs == before.allocs && c->objects == before.objects &&
	       c->busy;
	if (c->busy)
		slub_cpu_exit(c);
	else
		preempt_enable();

	KUNIT_EXPECT_TRUE(test, same);
	KUNIT_EXPECT_NOT_NULL(test, y);
	KUNIT_EXPECT_EQ(test, got, 5);
	KUNIT_EXPECT_PTR_NE(test, virt_to_slab(y), c->slab);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), s->objects - 1UL);
	/* What it freed into the CPU's slab is found when that runs out. */
	KUNIT_EXPECT_EQ(test, test_free_in(c->slab), 1U);
	test_alloc(test, s, p + s->objects, 1);
	kmem_cache_free(s, p[s->objects]);
	test_free(s, p + 1, s->objects - 1);
}

/* What remote CPUs and interrupts freed is used before another slab is. */
static void collected(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 64, 0, NULL);
	void **p = test_pointers(test, s->objects);
	struct kmem_cache_cpu *c;
	unsigned int i;

	need_interrupts(test);
	test_alloc(test, s, p, s->objects);
	c = slub_cpu_enter(s);
	for (i = 0; i < s->objects; i++)
		kmem_cache_free(s, p[i]);
	slub_cpu_exit(c);
	KUNIT_EXPECT_EQ(test, slub_cpu_slabs(s), 1UL);
	KUNIT_EXPECT_EQ(test, slub_pool_length(s), 0UL);
	test_alloc(test, s, p, s->objects);
	KUNIT_EXPECT_EQ(test, slub_pool_slabs(s), 1UL);
	KUNIT_EXPECT_EQ(test, slub_pool_length(s), 0UL);
	test_free(s, p, s->objects);
}

/* Interrupts off, preemption off, a spinlock held: all work with GFP_ATOMIC. */
static void atomic_context(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 1024, 0, NULL);
	unsigned int n = 2 * s->objects + 1, i, got = 0;
	static DEFINE_SPINLOCK(lock);
	void **p = test_pointers(test, n);
	unsigned long flags;

	need_interrupts(test);
	/* The first use of the cache is with interrupts off. */
	local_irq_save(flags);
	for (i = 0; i < n; i++) {
		p[i] = kmem_cache_alloc(s, GFP_ATOMIC);
		got += !!p[i];
	}
	local_irq_restore(flags);
	KUNIT_ASSERT_EQ(test, got, n);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), (unsigned long)n);
	local_irq_save(flags);
	test_free(s, p, n);
	local_irq_restore(flags);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), 0UL);

	spin_lock(&lock);
	got = kmem_cache_alloc_bulk(s, GFP_ATOMIC, n, p);
	if (got)
		kmem_cache_free_bulk(s, n, p);
	spin_unlock(&lock);
	KUNIT_EXPECT_EQ(test, got, n);

	preempt_disable();
	p[0] = kmem_cache_zalloc(s, GFP_NOWAIT);
	if (p[0])
		kmem_cache_free(s, p[0]);
	preempt_enable();
	KUNIT_EXPECT_NOT_NULL(test, p[0]);
}

/* An interrupt may be the first to use a cache; a task frees what it got. */
static void first_use_in_interrupt(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 1032, 0, NULL);
	struct test_irq *user = test_in_irq(test, s, 1);
	void *x;

	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), TEST_IRQ_OBJECTS - 1UL);

	/* From now on there is a place that counts. */
	test_alloc(test, s, &x, 1);
	KUNIT_EXPECT_NOT_NULL(test, test_cpu(s));
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), TEST_IRQ_OBJECTS + 0UL);
	test_free(s, user->p + 1, TEST_IRQ_OBJECTS - 1);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), 1UL);
	test_free(s, &x, 1);
}

/*
 * Both sides of a CPU: a timer that allocates and frees, whenever it comes,
 * and a task that does nothing else in the same cache.
 */
#define HAMMER_SIZE	48
#define HAMMER_HELD	61
#define HAMMER_FIRES	1500
/*
 * Debugging makes an interrupt take long. If it took longer than this the timer
 * would say so, from the interrupt, where lockdep forbids the console's lock.
 */
#define HAMMER_NS	(IS_ENABLED(CONFIG_PROVE_LOCKING) ? \
			 5 * NSEC_PER_MSEC : 50 * NSEC_PER_USEC)

struct hammer {
	struct kmem_cache *s;
	struct rnd_state random;
	unsigned long errors;
	void *held[HAMMER_HELD];
};

struct hammer_timer {
	struct hrtimer timer;
	struct hammer hammer;
	unsigned int fired;
};

/* Exchange one of the objects that are held for a new one, or for none. */
static void hammer_once(struct hammer *h, gfp_t gfp)
{
	u32 random = prandom_u32_state(&h->random);
	void **p = &h->held[random % HAMMER_HELD];

	if (*p) {
		h->errors += !test_intact(*p, HAMMER_SIZE);
		kmem_cache_free(h->s, *p);
		*p = NULL;
	}
	if (random & BIT(31))
		return;
	*p = kmem_cache_alloc(h->s, gfp);
	if (*p)
		test_fill(*p, HAMMER_SIZE);
	else
		h->errors++;
}

static unsigned long hammer_end(struct hammer *h)
{
	unsigned long held = 0;
	int i;

	for (i = 0; i < HAMMER_HELD; i++) {
		if (!h->held[i])
			continue;
		h->errors += !test_intact(h->held[i], HAMMER_SIZE);
		kmem_cache_free(h->s, h->held[i]);
		held++;
	}
	return held;
}

static enum hrtimer_restart hammer_timer_fn(struct hrtimer *timer)
{
	struct hammer_timer *t = container_of(timer, struct hammer_timer,
					      timer);
	int i;

	for (i = 0; i < 5; i++)
		hammer_once(&t->hammer, GFP_ATOMIC);
	if (++t->fired == HAMMER_FIRES)
		return HRTIMER_NORESTART;
	hrtimer_forward_now(timer, ns_to_ktime(HAMMER_NS));
	return HRTIMER_RESTART;
}

static void hammer_both(struct kunit *test, enum hrtimer_mode mode)
{
	struct kmem_cache *s = test_usual(test_cache(test, HAMMER_SIZE, 0,
						     NULL));
	struct hammer *task = kunit_kzalloc(test, sizeof(*task), GFP_KERNEL);
	unsigned long end = jiffies + 3 * HZ, held;
	struct hammer_timer *irq;

	irq = kunit_kzalloc(test, sizeof(*irq), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, task);
	KUNIT_ASSERT_NOT_NULL(test, irq);
	task->s = s;
	irq->hammer.s = s;
	prandom_seed_state(&task->random, 1);
	prandom_seed_state(&irq->hammer.random, 2);

	hrtimer_init(&irq->timer, CLOCK_MONOTONIC, mode);
	irq->timer.function = hammer_timer_fn;
	hrtimer_start(&irq->timer, ns_to_ktime(HAMMER_NS), mode);
	while (READ_ONCE(irq->fired) < HAMMER_FIRES &&
	       time_before(jiffies, end)) {
		hammer_once(task, GFP_KERNEL);
		if (READ_ONCE(irq->fired) % 64 == 0)
			slub_flush_this_cpu(s);
		cond_resched();
	}
	hrtimer_cancel(&irq->timer);
	kunit_info(test, "interrupted %u times\n", irq->fired);
	KUNIT_EXPECT_GT(test, irq->fired, 10U);

	held = slub_objects_in_use(s);
	held -= hammer_end(task);
	held -= hammer_end(&irq->hammer);
	KUNIT_EXPECT_EQ(test, held, 0UL);
	KUNIT_EXPECT_EQ(test, task->errors, 0UL);
	KUNIT_EXPECT_EQ(test, irq->hammer.errors, 0UL);
}

/* A hard interrupt and a task may use a cache on one CPU at any time. */
static void hardirq_against_task(struct kunit *test)
{
	need_interrupts(test);
	hammer_both(test, HRTIMER_MODE_REL_PINNED);
}

/* So may a soft interrupt and a task. */
static void softirq_against_task(struct kunit *test)
{
	hammer_both(test, HRTIMER_MODE_REL_PINNED_SOFT);
}

/* ---- Several CPUs ---- */

struct remote {
	struct kmem_cache *s;
	void **p;
	size_t count;
};

static long remote_free(void *arg)
{
	struct remote *remote = arg;

	test_free(remote->s, remote->p, remote->count);
	return 0;
}

static long remote_alloc(void *arg)
{
	struct remote *remote = arg;
	size_t i;

	for (i = 0; i < remote->count; i++) {
		remote->p[i] = kmem_cache_alloc(remote->s, GFP_KERNEL);
		if (!remote->p[i])
			return -ENOMEM;
	}
	return 0;
}

/* What another CPU frees comes back to where its slab is. */
static void remote_frees(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 640, 0, NULL);
	unsigned int cpu = test_other_cpu(test), n = 4 * s->objects;
	void **p = test_pointers(test, n);
	struct remote remote = { s, p, s->objects };

	test_alloc(test, s, p, n);
	remote.p = p + n - s->objects;
	work_on_cpu(cpu, remote_free, &remote);
	/* They are in our slab, not with the CPU that freed them. */
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), 3UL * s->objects);
	KUNIT_EXPECT_EQ(test, slub_cpu_slabs(s), 1UL);
	KUNIT_EXPECT_EQ(test, slub_pool_length(s), 0UL);
	KUNIT_EXPECT_EQ(test, test_free_in(test_cpu(s)->slab), s->objects);
	test_alloc(test, s, remote.p, s->objects);
	KUNIT_EXPECT_EQ(test, slub_pool_slabs(s), 4UL);

	remote.p = p;
	remote.count = n;
	work_on_cpu(cpu, remote_free, &remote);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), 0UL);
	KUNIT_EXPECT_LE(test, slub_pool_slabs(s), 3UL);
}

#define RACE_ROUNDS	300

struct race {
	struct kmem_cache *s;
	void **p;
	unsigned int count;
	unsigned int threads;
	atomic_t arrived;
};

/* Each thread frees its share of the slab's objects, all at the same time. */
static void race_free(struct test_thread *me)
{
	struct race *race = me->arg;
	unsigned int i;

	atomic_inc(&race->arrived);
	while (atomic_read(&race->arrived) < race->threads)
		cpu_relax();
	for (i = me->index; i < race->count; i += race->threads)
		kmem_cache_free(race->s, race->p[i]);
}

/* Nothing is lost when all CPUs free into one slab at the same time. */
static void race_into_one_slab(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 16, 0, NULL);
	struct race race = { s, test_pointers(test, s->objects), s->objects,
			     num_online_cpus() };
	unsigned long end = jiffies + 4 * HZ;
	unsigned int i, whole;
	struct slab *slab;

	test_other_cpu(test);
	for (i = 0; i < RACE_ROUNDS && time_before(jiffies, end) &&
	     !test->status; i++) {
		slab = test_full_slab(test, s, race.p);
		/* Every other time the slab is one that a CPU owns. */
		whole = i % 2;
		if (whole) {
			kmem_cache_free(s, race.p[0]);
			test_alloc(test, s, race.p, 1);
			KUNIT_ASSERT_PTR_EQ(test, test_cpu(s)->slab, slab);
		}
		atomic_set(&race.arrived, 0);
		KUNIT_EXPECT_EQ(test, 0UL,
				test_finish(test_start(test, race_free, &race)));
		slub_flush_this_cpu(s);
		KUNIT_ASSERT_EQ(test, test_free_in(slab), s->objects);
		KUNIT_ASSERT_EQ(test, slub_objects_in_use(s), 0UL);
		KUNIT_ASSERT_EQ(test, slub_pool_length(s), 1UL);
		KUNIT_ASSERT_EQ(test, slub_pool_slabs(s), 1UL);
	}
}

#define TRIM_ROUNDS	100
#define TRIM_SLABS	40

static void race_trim(struct test_thread *me)
{
	struct race *race = me->arg;

	atomic_inc(&race->arrived);
	while (atomic_read(&race->arrived) < race->threads)
		cpu_relax();
	slub_pool_trim(race->s, 0);
	me->errors += slub_pool_slabs(race->s) != 0;
}

/*
 * Who has given the empty slabs of a cache back finds that it has none, even if
 * another CPU did so at the same time: else destroying it would fail.
 */
static void race_to_trim(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 1024, 0, NULL);
	unsigned int i, n = TRIM_SLABS * s->objects;
	struct race race = { s, test_pointers(test, n), n, num_online_cpus() };
	unsigned long end = jiffies + 4 * HZ;

	test_other_cpu(test);
	KUNIT_ASSERT_EQ(test, slub_set_min_partial(s, TRIM_SLABS), 0);
	for (i = 0; i < TRIM_ROUNDS && time_before(jiffies, end) &&
	     !test->status; i++) {
		test_alloc(test, s, race.p, n);
		test_free(s, race.p, n);
		slub_flush_all(s);
		KUNIT_EXPECT_GE(test, slub_pool_slabs(s), 2UL);
		atomic_set(&race.arrived, 0);
		KUNIT_EXPECT_EQ(test, 0UL,
				test_finish(test_start(test, race_trim, &race)));
	}
}

/*
 * One CPU takes objects and hands them on, another one frees them: all that the
 * first has comes from collecting, at the moment when the other one frees.
 */
#define RELAY_RING	64
#define RELAY_OBJECTS	400000

struct relay {
	struct kmem_cache *s;
	unsigned long end;
	unsigned int in;
	unsigned int out;
	bool done;
	void *ring[RELAY_RING];
};

static void relay_take(struct test_thread *me, struct relay *relay)
{
	unsigned int i;
	void *x;

	for (i = 0; i < RELAY_OBJECTS && time_before(jiffies, relay->end); i++) {
		/* What was in the slot is freed. */
		while (i - smp_load_acquire(&relay->out) == RELAY_RING)
			cpu_relax();
		x = kmem_cache_alloc(relay->s, GFP_KERNEL);
		me->errors += !x;
		relay->ring[i % RELAY_RING] = x;
		/* The slot is filled. */
		smp_store_release(&relay->in, i + 1);
		cond_resched();
	}
	/* After the last of @in. */
	smp_store_release(&relay->done, true);
}

static void relay_free(struct relay *relay)
{
	unsigned int i = 0;

	for (;;) {
		/* Before the last of @in. */
		bool done = smp_load_acquire(&relay->done);

		/* Before the slot. */
		while (i != smp_load_acquire(&relay->in)) {
			if (relay->ring[i % RELAY_RING])
				kmem_cache_free(relay->s,
						relay->ring[i % RELAY_RING]);
			/* The slot was read. */
			smp_store_release(&relay->out, ++i);
		}
		if (done)
			return;
		cond_resched();
	}
}

static void relay_cpu(struct test_thread *me)
{
	if (me->index == 0)
		relay_take(me, me->arg);
	else if (me->index == 1)
		relay_free(me->arg);
}

static void collected_while_freed(struct kunit *test)
{
	struct relay *relay = kunit_kzalloc(test, sizeof(*relay), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, relay);
	test_other_cpu(test);
	relay->s = test_cache(test, 2048, 0, NULL);
	relay->end = jiffies + 4 * HZ;
	KUNIT_EXPECT_EQ(test, 0UL,
			test_finish(test_start(test, relay_cpu, relay)));
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(relay->s), 0UL);
	/* What was lost would keep its slab from getting empty. */
	kmem_cache_shrink(relay->s);
	KUNIT_EXPECT_EQ(test, slub_pool_slabs(relay->s), 0UL);
}

/* A CPU that goes away leaves no slab behind; it can come back. */
static void cpu_offline_online(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 328, 0, NULL), *t;
	unsigned int cpu = test_other_cpu(test), places = 0;
	void *x = NULL;
	struct remote remote = { s, &x, 1 };
	struct kmem_cache_cpu *c;

	if (!IS_ENABLED(CONFIG_HOTPLUG_CPU))
		kunit_skip(test, "needs CONFIG_HOTPLUG_CPU");
	KUNIT_ASSERT_EQ(test, work_on_cpu(cpu, remote_alloc, &remote), 0L);
	c = slub_cpu(s, cpu);
	KUNIT_ASSERT_NOT_NULL(test, c);
	KUNIT_EXPECT_PTR_EQ(test, c->slab, virt_to_slab(x));

	KUNIT_ASSERT_EQ(test, remove_cpu(cpu), 0);
	mutex_lock(&slab_mutex);
	list_for_each_entry(t, &slab_caches, list)
		places += !!slub_cpu(t, cpu);
	mutex_unlock(&slab_mutex);
	KUNIT_EXPECT_EQ(test, places, 0U);
	KUNIT_EXPECT_EQ(test, slub_pool_length(s), 1UL);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), 1UL);
	KUNIT_EXPECT_TRUE(test, kmem_ptr_validate(s, x));
	test_free(s, &x, 1);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(s), 0);

	KUNIT_ASSERT_EQ(test, add_cpu(cpu), 0);
	KUNIT_ASSERT_EQ(test, work_on_cpu(cpu, remote_alloc, &remote), 0L);
	KUNIT_EXPECT_PTR_EQ(test, slub_cpu(s, cpu)->slab, virt_to_slab(x));
	test_free(s, &x, 1);
}

/* Objects that go past the CPU's slab don't make it look used. */
static void idle_beside_traffic(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 344, 0, NULL);
	unsigned int tries;
	void *x;

	test_alloc(test, s, &x, 1);
	for (tries = 0; tries < 300 && slub_cpu_slabs(s); tries++) {
		slub_count(s, 1, 0);
		KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), 2UL);
		slub_count(s, 0, 1);
		msleep(50);
	}
	KUNIT_EXPECT_EQ(test, slub_cpu_slabs(s), 0UL);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), 1UL);
	test_free(s, &x, 1);
}

/* A cache that is used with interrupts off alone gets its place as well. */
static void place_for_interrupts(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 120, 0, NULL);
	unsigned long flags;
	void *x;

	need_interrupts(test);
	local_irq_save(flags);
	x = kmem_cache_alloc(s, GFP_ATOMIC);
	local_irq_restore(flags);
	KUNIT_ASSERT_NOT_NULL(test, x);
	KUNIT_EXPECT_EQ(test, slub_cpu_slabs(s), 1UL);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), 1UL);
	test_free(s, &x, 1);
}

/* What is not used is given back; where it is used there is a place for that. */
static void idle_slab_given_back(struct kunit *test)
{
	struct kmem_cache *idle = test_cache(test, 344, 0, NULL);
	struct kmem_cache *used = test_usual(test_cache(test, 344, 0, NULL));
	void **p = test_pointers(test, used->objects);
	unsigned int tries, lost = 0;
	unsigned long used_at;
	void *x;

	/* So that what is freed of it stays at hand: in the quickest way, uncounted. */
	test_full_slab(test, used, p);
	test_alloc(test, idle, &x, 1);
	KUNIT_EXPECT_EQ(test, slub_cpu_slabs(idle), 1UL);
	/* It takes two looks: the first one takes but what is there. */
	for (tries = 0; tries < 300 && test_cpu(idle); tries++) {
		used_at = jiffies;
		test_free(used, p, 1);
		test_alloc(test, used, p, 1);
		/* Being awake now and then lets deferred timers run. */
		msleep(50);
		/* It is idle, too, where a starved guest sleeps too long. */
		if (!test_cpu(used))
			lost += time_before(jiffies, used_at + HZ);
	}
	KUNIT_EXPECT_EQ(test, slub_cpu_slabs(idle), 0UL);
	KUNIT_EXPECT_EQ(test, slub_pool_length(idle), 1UL);
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(idle), 1UL);
	KUNIT_EXPECT_EQ(test, lost, 0U);

	/* And again: the timer is set anew by the next slab that is taken. */
	test_free(idle, &x, 1);
	test_free(used, p, used->objects);
	test_alloc(test, idle, &x, 1);
	for (tries = 0; tries < 300 && slub_cpu_slabs(idle); tries++)
		msleep(50);
	KUNIT_EXPECT_EQ(test, slub_cpu_slabs(idle), 0UL);
	test_free(idle, &x, 1);
}

/* The timer stops when this CPU owns no slab of any cache any more. */
static void idle_timer_stops(struct kunit *test)
{
	struct kmem_cache *s = test_cache(test, 344, 0, NULL);
	unsigned int tries;
	bool armed = true;
	void *x;

	/* On a CPU where there is nothing else to do. */
	test_pin(test, test_other_cpu(test));
	test_alloc(test, s, &x, 1);
	KUNIT_EXPECT_TRUE(test, slub_idle_armed(raw_smp_processor_id()));
	for (tries = 0; tries < 600 && armed; tries++) {
		msleep(50);
		armed = slub_idle_armed(raw_smp_processor_id());
	}
	KUNIT_EXPECT_FALSE(test, armed);
	KUNIT_EXPECT_EQ(test, slub_cpu_slabs(s), 0UL);
	test_free(s, &x, 1);

	test_alloc(test, s, &x, 1);
	KUNIT_EXPECT_TRUE(test, slub_idle_armed(raw_smp_processor_id()));
	test_free(s, &x, 1);
}

/*
 * Stress: all CPUs take objects of several caches, fill them, and put them
 * into rings that all share. Whoever finds one there checks and frees it. So
 * most objects are freed on another CPU than the one that they came from.
 */
#define STRESS_RING	200
#define STRESS_ROUNDS	100000
#define STRESS_BULK	13

struct stress {
	struct {
		struct kmem_cache *s;
		void *ring[STRESS_RING];
	} of[TEST_STRESS_CACHES];
	unsigned long end;
	atomic_t running;
};

static void stress_check(struct test_thread *me, struct kmem_cache *s, void *x)
{
	if (slab_holds(s, virt_to_slab(x), x) &&
	    test_intact(x, s->object_size))
		return;
	me->errors++;
}

static void stress_bulk(struct test_thread *me, struct kmem_cache *s)
{
	void *p[STRESS_BULK];
	int i;

	if (!kmem_cache_alloc_bulk(s, GFP_KERNEL, STRESS_BULK, p)) {
		me->errors++;
		return;
	}
	for (i = 0; i < STRESS_BULK; i++)
		test_fill(p[i], s->object_size);
	for (i = 0; i < STRESS_BULK; i++)
		stress_check(me, s, p[i]);
	kmem_cache_free_bulk(s, STRESS_BULK, p);
}

static void stress_cpu(struct test_thread *me)
{
	struct stress *stress = me->arg;
	unsigned int i, which, slot;
	struct rnd_state random;
	struct kmem_cache *s;
	void *x, *old;

	prandom_seed_state(&random, me->index);
	for (i = 0; i < STRESS_ROUNDS && time_before(jiffies, stress->end) &&
	     !me->errors; i++) {
		which = prandom_u32_state(&random) % TEST_STRESS_CACHES;
		slot = prandom_u32_state(&random) % STRESS_RING;
		s = stress->of[which].s;
		x = NULL;
		if (prandom_u32_state(&random) % 8) {
			x = kmem_cache_alloc(s, GFP_KERNEL);
			if (x)
				test_fill(x, s->object_size);
			else
				me->errors++;
		}
		old = xchg(&stress->of[which].ring[slot], x);
		if (old) {
			stress_check(me, s, old);
			kmem_cache_free(s, old);
		}
		if (i % 64 == 0)
			stress_bulk(me, s);
		cond_resched();
	}
	atomic_dec(&stress->running);
}

static void stress_end(struct kunit *test, struct kmem_cache *s, void **ring)
{
	unsigned long held = 0, bad = 0;
	int i;

	for (i = 0; i < STRESS_RING; i++) {
		if (!ring[i])
			continue;
		held++;
		bad += !test_intact(ring[i], s->object_size);
	}
	KUNIT_EXPECT_EQ(test, slub_objects_in_use(s), held);
	KUNIT_EXPECT_EQ(test, bad, 0UL);
	for (i = 0; i < STRESS_RING; i++)
		if (ring[i])
			kmem_cache_free(s, ring[i]);
}

/* All CPUs at once, with slabs taken from them meanwhile: nothing is lost. */
void test_stress(struct kunit *test, const unsigned int *sizes,
		 const slab_flags_t *flags)
{
	struct test_thread *threads;
	struct stress *stress;
	int i;

	stress = kunit_kzalloc(test, sizeof(*stress), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, stress);
	for (i = 0; i < TEST_STRESS_CACHES; i++)
		stress->of[i].s = test_usual(test_cache(test, sizes[i],
							flags[i], NULL));
	stress->end = jiffies + 6 * HZ;
	atomic_set(&stress->running, num_online_cpus());
	threads = test_start(test, stress_cpu, stress);
	for (i = 0; atomic_read(&stress->running); i++) {
		kmem_cache_shrink(stress->of[i % TEST_STRESS_CACHES].s);
		usleep_range(1000, 2000);
	}
	KUNIT_EXPECT_EQ(test, test_finish(threads), 0UL);
	for (i = 0; i < TEST_STRESS_CACHES; i++)
		stress_end(test, stress->of[i].s, stress->of[i].ring);
}

static void stress_all_cpus(struct kunit *test)
{
	static const unsigned int sizes[TEST_STRESS_CACHES] = {
		16, 96, 520, 2048,
	};
	static const slab_flags_t flags[TEST_STRESS_CACHES] = {
		0, SLAB_TYPESAFE_BY_RCU, SLAB_HWCACHE_ALIGN, 0,
	};

	test_stress(test, sizes, flags);
}

static struct kunit_case cpu_cases[] = {
	KUNIT_CASE(interrupt_between),
	KUNIT_CASE(collected),
	KUNIT_CASE(atomic_context),
	KUNIT_CASE(first_use_in_interrupt),
	KUNIT_CASE(hardirq_against_task),
	KUNIT_CASE(softirq_against_task),
	KUNIT_CASE(remote_frees),
	KUNIT_CASE(race_into_one_slab),
	KUNIT_CASE(race_to_trim),
	KUNIT_CASE(collected_while_freed),
	KUNIT_CASE(cpu_offline_online),
	KUNIT_CASE(place_for_interrupts),
	KUNIT_CASE(idle_slab_given_back),
	KUNIT_CASE(idle_beside_traffic),
	KUNIT_CASE(idle_timer_stops),
	KUNIT_CASE(stress_all_cpus),
	{}
};

SLUB_TEST_SUITE(slub_cpus, cpu_cases);
