/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MM_SLUB_TEST_H
#define MM_SLUB_TEST_H
/*
 * SLUB: what its KUnit suites share.
 *
 *   slub_test.c         the fixture, injected failures, the console, threads
 *   slub_test_object.c  slub_objects: what callers get and give back
 *   slub_test_pool.c    slub_pool: where slabs are, and on which node
 *   slub_test_cache.c   slub_caches: geometry, merging, destruction, counts
 *   slub_test_cpu.c     slub_cpus: interrupts, other CPUs, hotplug, stress
 *   slub_test_hand.c    slub_hand: objects at hand, and slabs owned for frees
 *   slub_test_error.c   slub_errors: no memory, bad frees, damaged slabs
 *   slub_test_debug.c   slub_debugging: the debugging options while all is well
 *   slub_test_damage.c  slub_damage: what they find, say and mend
 *
 * A test runs on the first CPU that is online and stays there, so that it
 * knows which slab the CPU owns. When it ends all of its caches are checked:
 * no object may be in use, and after a shrink no slab may be left.
 */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/hash.h>
#include <linux/irq_work.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "slub_pool.h"

/* slub_test.c: the fixture */
int slub_test_suite_init(struct kunit_suite *suite);
void slub_test_suite_exit(struct kunit_suite *suite);
int slub_test_init(struct kunit *test);
void slub_test_exit(struct kunit *test);

#define SLUB_TEST_SUITE(_name, _cases)					\
	SLUB_TEST_SUITE_INIT(_name, _cases, slub_test_init)

#define SLUB_TEST_SUITE_INIT(_name, _cases, _init)			\
static struct kunit_suite _name##_suite = {				\
	.name = #_name,							\
	.suite_init = slub_test_suite_init,				\
	.suite_exit = slub_test_suite_exit,				\
	.init = _init,							\
	.exit = slub_test_exit,						\
	.test_cases = _cases,						\
};									\
kunit_test_suite(_name##_suite)

struct kmem_cache *test_cache(struct kunit *test, unsigned int size,
			      slab_flags_t flags, void (*ctor)(void *));
void test_adopt(struct kunit *test, struct kmem_cache *s);
int test_shut_down(struct kmem_cache *s);
void test_keep(struct kunit *test, struct kmem_cache *s);
void **test_pointers(struct kunit *test, size_t count);
void test_alloc(struct kunit *test, struct kmem_cache *s, void **p,
		size_t count);
void test_free(struct kmem_cache *s, void **p, size_t count);
struct slab *test_full_slab(struct kunit *test, struct kmem_cache *s, void **p);

/* slub_test.c: injected failures */
void test_fail_pages(struct kmem_cache *s, unsigned int skip,
		     unsigned int count);
unsigned int test_pages_asked(void);
void test_set_busy(struct kmem_cache *s);

/* slub_test.c: the console */
void test_console_start(void);
void test_console_start_all(void);
void test_console_watch(struct kmem_cache *s);
unsigned int test_console_locked(void);
unsigned int test_console_count(const char *text);
bool test_console_has(const char *text);
bool test_console_has_line(const char *start, const char *end);
void test_console_expect(struct kunit *test, const char *format, ...)
	__printf(2, 3);

/* slub_test.c: CPUs and threads */
void test_pin(struct kunit *test, unsigned int cpu);
unsigned int test_other_cpu(struct kunit *test);

/**
 * struct test_thread - one of several that run together
 * @fn: what it does
 * @arg: shared by all of them
 * @index: 0, 1, 2, ...
 * @cpu: the CPU that it runs on
 * @errors: what it found wrong
 * @task: the thread itself
 * @done: it has done it
 */
struct test_thread {
	void (*fn)(struct test_thread *me);
	void *arg;
	unsigned int index;
	unsigned int cpu;
	unsigned long errors;
	struct task_struct *task;
	struct completion done;
};

struct test_thread *test_start(struct kunit *test,
			       void (*fn)(struct test_thread *me), void *arg);
unsigned long test_finish(struct test_thread *threads);

/* What caches have by themselves. */
#define TEST_CPU_SLABS	256

/* slub_test_cpu.c: all CPUs at once, in caches of these sizes and flags */
#define TEST_STRESS_CACHES	4
void test_stress(struct kunit *test, const unsigned int *sizes,
		 const slab_flags_t *flags);

/* slub_test_debug.c: caches with debugging options */
#define TEST_ALL_OPTIONS	(SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE | \
				 SLAB_POISON | SLAB_STORE_USER)

int test_debug_init(struct kunit *test);
struct kmem_cache *test_debug_cache(struct kunit *test, unsigned int size,
				    slab_flags_t flags);
void *test_take(struct kmem_cache *s);
void test_give(struct kmem_cache *s, void *x);

#ifdef CONFIG_SLUB_DEBUG
static inline long test_validate(struct kmem_cache *s)
{
	return validate_slab_cache(s);
}
#else
static inline long test_validate(struct kmem_cache *s)
{
	return 0;
}
#endif

static inline void test_need_no_kasan(struct kunit *test)
{
	if (IS_ENABLED(CONFIG_KASAN))
		kunit_skip(test, "KASAN reports it");
}

/* What this CPU holds of a cache, of which it must have allocated. */
static inline struct kmem_cache_cpu *test_cpu(struct kmem_cache *s)
{
	return slub_cpu(s, raw_smp_processor_id());
}

/* How many objects that are freed may be at hand. */
static inline unsigned int test_room(const struct kmem_cache_cpu *c)
{
	return c->limit - c->recent;
}

/*
 * The caches of test_cache() keep nothing at hand, and own no slab but those that
 * CPUs allocate from: what is freed is in its slab at once, for tests to look at.
 * This one is as others are.
 */
static inline struct kmem_cache *test_usual(struct kmem_cache *s)
{
	s->cpu_partial = TEST_CPU_SLABS;
	return s;
}

/* How many objects of @slab are on its shared free list. */
static inline unsigned int test_free_in(const struct slab *slab)
{
	return word_of(slab).free;
}

#define TEST_IRQ_OBJECTS	20

/**
 * struct test_irq - an interrupt that allocates objects, and frees some
 * @s: from which cache
 * @give: how many of the first ones it frees again
 * @p: what it got
 * @got: how many of them are objects
 * @work: how it gets there
 */
struct test_irq {
	struct kmem_cache *s;
	unsigned int give;
	void *p[TEST_IRQ_OBJECTS];
	unsigned int got;
	struct irq_work work;
};

struct test_irq *test_in_irq(struct kunit *test, struct kmem_cache *s,
			     unsigned int give);

/* A byte to fill an object with, different for its neighbours. */
static inline u8 test_pattern(const void *x)
{
	return hash_ptr((void *)x, 8);
}

static inline void test_fill(void *x, size_t size)
{
	memset(x, test_pattern(x), size);
}

/*
 * Is each byte of an object as given? The object may be free: unlike
 * memchr_inv(), this is not seen by KASAN.
 */
static inline bool test_is_all(const void *x, u8 byte, size_t size)
{
	const u8 *p = x;

	while (size && p[size - 1] == byte)
		size--;
	return !size;
}

static inline bool test_intact(const void *x, size_t size)
{
	return test_is_all(x, test_pattern(x), size);
}

/* How many of n objects lie behind the one that stands before them. */
static inline unsigned int test_rising(void **p, unsigned int n)
{
	unsigned int rising = 0, i;

	for (i = 1; i < n; i++)
		rising += p[i] > p[i - 1];
	return rising;
}

#endif /* MM_SLUB_TEST_H */
