// SPDX-License-Identifier: GPL-2.0-only
/*
 * SLUB: what its KUnit suites share; see slub_test.h.
 */
#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/kthread.h>
#include <linux/preempt.h>
#include <linux/spinlock.h>
#include <linux/tracepoint.h>
#include <trace/events/printk.h>

#include "slub_test.h"
#ifdef CONFIG_KASAN_GENERIC
#include "kasan/kasan.h"
#endif

/* ---- Injected failures ---- */

static struct {
	struct kmem_cache *s;
	unsigned int skip;
	unsigned int count;
	atomic_t asked;
} page_failure;

/**
 * slub_test_page_fails - shall a request for pages fail?
 * @s: the cache that asks
 *
 * Context: any. Return: true if a test wants it to.
 */
bool slub_test_page_fails(struct kmem_cache *s)
{
	unsigned int asked;

	if (likely(READ_ONCE(page_failure.s) != s))
		return false;
	asked = atomic_inc_return(&page_failure.asked) - 1;
	return asked >= page_failure.skip &&
	       asked - page_failure.skip < page_failure.count;
}

static struct kmem_cache *busy_cache;

/**
 * slub_test_is_busy - shall the idle check pass a cache by?
 * @s: the cache
 *
 * Context: any. Return: true if a test wants it to.
 */
bool slub_test_is_busy(struct kmem_cache *s)
{
	return READ_ONCE(busy_cache) == s;
}

/* What CPUs hold of @s is not to change by itself, however long a test takes. */
void test_set_busy(struct kmem_cache *s)
{
	WRITE_ONCE(busy_cache, s);
}

/* Let @count requests of @s for pages fail, after @skip that don't. */
void test_fail_pages(struct kmem_cache *s, unsigned int skip,
		     unsigned int count)
{
	WRITE_ONCE(page_failure.s, NULL);
	page_failure.skip = skip;
	page_failure.count = count;
	atomic_set(&page_failure.asked, 0);
	WRITE_ONCE(page_failure.s, s);
}

/* How many requests there were since test_fail_pages(). */
unsigned int test_pages_asked(void)
{
	return atomic_read(&page_failure.asked);
}

/* ---- The console ---- */

static struct {
	raw_spinlock_t lock;
	bool on;
	struct task_struct *task;	/* whose messages, or NULL for all */
	struct kmem_cache *watched;
	unsigned int locked;
	size_t length;
	char text[32768];
} console = { .lock = __RAW_SPIN_LOCK_UNLOCKED(console.lock) };

#ifdef CONFIG_PREEMPT_RT
static bool is_locked(spinlock_t *lock)
{
	return false;	/* may be somebody else's: tasks sleep with it */
}
#else
static bool is_locked(spinlock_t *lock)
{
	return raw_spin_is_locked(&lock->rlock);
}
#endif

static bool list_locked(struct kmem_cache *s)
{
	struct kmem_cache_node *pool;
	int node;

	if (s)
		for_each_kmem_cache_node(s, node, pool)
			if (is_locked(&pool->list_lock))
				return true;
	return false;
}

static void append(const char *text, size_t length)
{
	length = min(length, sizeof(console.text) - 2 - console.length);
	memcpy(console.text + console.length, text, length);
	console.length += length;
}

/* Called for each message, or part of one, without the newline at its end. */
static void probe_console(void *ignore, const char *text, size_t length)
{
	unsigned long flags;

	if (!READ_ONCE(console.on))
		return;
	if (console.task && (console.task != current || !in_task()))
		return;
	raw_spin_lock_irqsave(&console.lock, flags);
	append(text, length);
	if (console.length < sizeof(console.text) - 2)
		append("\n", 1);
	console.text[console.length] = '\0';
	console.locked += list_locked(console.watched);
	raw_spin_unlock_irqrestore(&console.lock, flags);
}

static void listen_to(struct task_struct *task, struct kmem_cache *s)
{
	unsigned long flags;

	WRITE_ONCE(console.on, false);
	raw_spin_lock_irqsave(&console.lock, flags);
	console.task = task;
	console.watched = s;
	console.locked = 0;
	console.length = 0;
	console.text[0] = '\0';
	raw_spin_unlock_irqrestore(&console.lock, flags);
	WRITE_ONCE(console.on, true);
}

/* Forget what the console showed, and listen to what this task prints. */
void test_console_start(void)
{
	listen_to(current, NULL);
}

/* The same; see whether a list_lock of @s is held when something is printed. */
void test_console_watch(struct kmem_cache *s)
{
	listen_to(current, s);
}

/* The same, but listen to everybody. */
void test_console_start_all(void)
{
	listen_to(NULL, NULL);
}

/* How many messages were printed with a list_lock held that was watched? */
unsigned int test_console_locked(void)
{
	return READ_ONCE(console.locked);
}

/* How often did the console show @text since test_console_start()? */
unsigned int test_console_count(const char *text)
{
	unsigned int count = 0;
	unsigned long flags;
	const char *at;

	raw_spin_lock_irqsave(&console.lock, flags);
	for (at = strstr(console.text, text); at; at = strstr(at + 1, text))
		count++;
	raw_spin_unlock_irqrestore(&console.lock, flags);
	return count;
}

/* Did the console show @text at all? */
bool test_console_has(const char *text)
{
	return test_console_count(text) > 0;
}

/* Did it show a line with @start in it and, behind that, @end? */
bool test_console_has_line(const char *start, const char *end)
{
	const char *at, *behind;
	unsigned long flags;
	bool found = false;

	raw_spin_lock_irqsave(&console.lock, flags);
	for (at = strstr(console.text, start); at && !found;
	     at = strstr(at + 1, start)) {
		behind = at + strlen(start);
		found = strnstr(behind, end,
				strchrnul(behind, '\n') - behind);
	}
	raw_spin_unlock_irqrestore(&console.lock, flags);
	return found;
}

/* The console must have shown this text. */
void test_console_expect(struct kunit *test, const char *format, ...)
{
	char text[160];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	KUNIT_EXPECT_TRUE_MSG(test, test_console_has(text), "%s", text);
}

/* ---- The fixture ---- */

#define TEST_CACHES	24

struct slub_test {
	struct kmem_cache *caches[TEST_CACHES];
	unsigned int count;
};

int slub_test_suite_init(struct kunit_suite *suite)
{
	return register_trace_console(probe_console, NULL);
}

void slub_test_suite_exit(struct kunit_suite *suite)
{
	unregister_trace_console(probe_console, NULL);
	tracepoint_synchronize_unregister();
}

int slub_test_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct slub_test), GFP_KERNEL);
	if (!test->priv)
		return -ENOMEM;
	/* What other cases had reported is none of this one's business. */
	ratelimit_state_init(&slub_report_limit, DEFAULT_RATELIMIT_INTERVAL,
			     DEFAULT_RATELIMIT_BURST);
	test_pin(test, cpumask_first(cpu_online_mask));
	return 0;
}

/* All objects must be free by now, and no slab be lost. */
static void check_and_destroy(struct kunit *test, struct kmem_cache *s)
{
	unsigned long in_use = slub_objects_in_use(s);

	KUNIT_EXPECT_EQ_MSG(test, in_use, 0UL, "objects of %s", s->name);
	KUNIT_EXPECT_EQ_MSG(test, kmem_cache_shrink(s), 0, "%s", s->name);
	KUNIT_EXPECT_EQ_MSG(test, slub_pool_slabs(s), 0UL, "%s", s->name);
	KUNIT_EXPECT_EQ_MSG(test, slub_capacity(s), 0UL, "%s", s->name);
	KUNIT_EXPECT_EQ_MSG(test, slub_pool_length(s), 0UL, "%s", s->name);
	KUNIT_EXPECT_EQ_MSG(test, slub_cpu_slabs(s), 0UL, "%s", s->name);
	/* Of no use any more, and in nobody's way. */
	if (in_use || slub_pool_slabs(s))
		s->refcount = -1;
	else
		kmem_cache_destroy(s);
}

/* What kmem_cache_destroy() does, without the warning of its own. */
int test_shut_down(struct kmem_cache *s)
{
	int err;

	cpus_read_lock();
	mutex_lock(&slab_mutex);
	err = __kmem_cache_shutdown(s);
	mutex_unlock(&slab_mutex);
	cpus_read_unlock();
	return err;
}

/*
 * The end of a cache that has lost objects for good: it can't be destroyed, and
 * says so. It stays, of no use to anybody.
 */
void test_keep(struct kunit *test, struct kmem_cache *s)
{
	struct slub_test *priv = test->priv;
	unsigned int i;

	for (i = 0; i < priv->count; i++)
		if (priv->caches[i] == s)
			priv->caches[i] = priv->caches[--priv->count];
	test_console_start();
	KUNIT_EXPECT_EQ(test, test_shut_down(s), 1);
	test_console_expect(test, "SLUB: objects in use, cache kept: %s,",
			    s->name);
	s->refcount = -1;
}

void slub_test_exit(struct kunit *test)
{
	struct slub_test *priv = test->priv;

	test_fail_pages(NULL, 0, 0);
	test_set_busy(NULL);
	WRITE_ONCE(console.on, false);
	while (priv && priv->count)
		check_and_destroy(test, priv->caches[--priv->count]);
}

/* Check and destroy @s when the test ends. */
void test_adopt(struct kunit *test, struct kmem_cache *s)
{
	struct slub_test *priv = test->priv;

	KUNIT_ASSERT_NOT_NULL(test, s);
	/* What KFENCE or KASAN's quarantine has is in no slab of ours. */
	s->flags |= SLAB_SKIP_KFENCE;
#ifdef CONFIG_KASAN_GENERIC
	s->kasan_info.free_meta_offset = KASAN_NO_FREE_META;
#endif
	KUNIT_ASSERT_LT(test, priv->count, TEST_CACHES);
	priv->caches[priv->count++] = s;
}

/* A cache that shares its slabs with nobody. */
struct kmem_cache *test_cache(struct kunit *test, unsigned int size,
			      slab_flags_t flags, void (*ctor)(void *))
{
	static atomic_t number;
	struct kmem_cache *s;
	char name[24];

	snprintf(name, sizeof(name), "slub_test_%d",
		 atomic_inc_return(&number));
	/* What user space may copy, be it a byte, is never merged. */
	s = kmem_cache_create_usercopy(name, size, 0, flags, 0, 1, ctor);
	test_adopt(test, s);
	s->cpu_partial = 0;
	return s;
}

/* An array that goes away with the test. */
void **test_pointers(struct kunit *test, size_t count)
{
	void **p = kunit_kcalloc(test, count, sizeof(*p), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, p);
	return p;
}

void test_alloc(struct kunit *test, struct kmem_cache *s, void **p,
		size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		p[i] = kmem_cache_alloc(s, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, p[i]);
	}
}

void test_free(struct kmem_cache *s, void **p, size_t count)
{
	while (count)
		kmem_cache_free(s, p[--count]);
}

/*
 * A slab of which all objects, in @p, are in use, and that nobody owns; for a
 * cache in which no object is free.
 */
struct slab *test_full_slab(struct kunit *test, struct kmem_cache *s, void **p)
{
	struct slab *slab;

	slub_flush_this_cpu(s);
	test_alloc(test, s, p, s->objects);
	slub_flush_this_cpu(s);
	slab = virt_to_slab(p[0]);
	KUNIT_ASSERT_PTR_EQ(test, slab, virt_to_slab(p[s->objects - 1]));
	KUNIT_ASSERT_EQ(test, word_of(slab).word, 0U);
	return slab;
}

/* ---- CPUs and threads ---- */

void test_pin(struct kunit *test, unsigned int cpu)
{
	KUNIT_ASSERT_EQ(test, 0,
			set_cpus_allowed_ptr(current, cpumask_of(cpu)));
	KUNIT_ASSERT_EQ(test, raw_smp_processor_id(), cpu);
}

/* The last CPU that is online, which is not the one that tests run on. */
unsigned int test_other_cpu(struct kunit *test)
{
	if (num_online_cpus() < 2)
		kunit_skip(test, "needs two CPUs");
	return cpumask_last(cpu_online_mask);
}

static int thread_fn(void *data)
{
	struct test_thread *me = data;

	me->fn(me);
	complete(&me->done);
	return 0;
}

/* Start a thread on each CPU; the array ends with one that has no task. */
struct test_thread *test_start(struct kunit *test,
			       void (*fn)(struct test_thread *me), void *arg)
{
	unsigned int cpu, count = 0;
	struct test_thread *threads;

	threads = kunit_kcalloc(test, num_online_cpus() + 1, sizeof(*threads),
				GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, threads);
	for_each_online_cpu(cpu) {
		struct test_thread *t = &threads[count];

		t->fn = fn;
		t->arg = arg;
		t->index = count;
		t->cpu = cpu;
		init_completion(&t->done);
		t->task = kthread_create_on_cpu(thread_fn, t, cpu,
						"slub_test/%u");
		if (IS_ERR(t->task)) {
			t->task = NULL;
			KUNIT_FAIL(test, "no thread on CPU %u", cpu);
			break;
		}
		count++;
	}
	while (count)
		wake_up_process(threads[--count].task);
	return threads;
}

/* Wait for them all. Return: the number of errors that they found. */
unsigned long test_finish(struct test_thread *threads)
{
	unsigned long errors = 0;

	for (; threads->task; threads++) {
		wait_for_completion(&threads->done);
		errors += threads->errors;
	}
	return errors;
}

/* ---- Interrupts ---- */

static void irq_alloc(struct irq_work *work)
{
	struct test_irq *user = container_of(work, struct test_irq, work);
	unsigned int i;

	for (i = 0; i < TEST_IRQ_OBJECTS; i++) {
		user->p[i] = kmem_cache_alloc(user->s, GFP_ATOMIC);
		user->got += !!user->p[i];
	}
	for (i = 0; i < user->give; i++)
		kmem_cache_free(user->s, user->p[i]);
}

/* Allocate from an interrupt, and free @give objects there. */
struct test_irq *test_in_irq(struct kunit *test, struct kmem_cache *s,
			     unsigned int give)
{
	struct test_irq *user = kunit_kzalloc(test, sizeof(*user), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, user);
	user->s = s;
	user->give = give;
	init_irq_work(&user->work, irq_alloc);
	irq_work_queue(&user->work);
	irq_work_sync(&user->work);
	KUNIT_ASSERT_EQ(test, user->got, TEST_IRQ_OBJECTS);
	return user;
}
