// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel puts off: timers, work, interrupts that a CPU sends itself, RCU.
 *
 * Nothing happens by itself here, so that a measurement is not disturbed by it:
 * all of it is queued, and runs when native_run_later() is called, on the CPU
 * that it is for. Time, too, passes only when it or native_pass_time() says so. A
 * flush of work, and a wait for RCU, run what is queued at once.
 */
#include <linux/irq_work.h>
#include <linux/rcupdate.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

#include "host.h"

#define QUEUE_MAX 256

struct queued {
	struct work_struct *work;
	unsigned int cpu;
	unsigned long due;	/* in jiffies */
	bool running;
};

static DEFINE_RAW_SPINLOCK(queue_lock);
static struct queued queue[QUEUE_MAX];
static unsigned int queue_length;
static struct rcu_head *callbacks;
static struct irq_work *kicks[NATIVE_CPUS];

typeof(jiffies) jiffies __cacheline_aligned_in_smp;

struct workqueue_struct { int unused; };
static struct workqueue_struct the_queue;
struct workqueue_struct *system_wq = &the_queue;

struct workqueue_struct *alloc_workqueue(const char *format, unsigned int flags, int max, ...)
{
	return &the_queue;
}

static bool enqueue(struct work_struct *work, unsigned int cpu, unsigned long delay)
{
	unsigned long flags;
	unsigned int i;
	bool is_new = true;

	raw_spin_lock_irqsave(&queue_lock, flags);
	for (i = 0; i < queue_length; i++)
		if (queue[i].work == work && !queue[i].running)
			is_new = false;
	if (is_new) {
		if (queue_length == QUEUE_MAX)
			panic("too much work\n");
		queue[queue_length++] = (struct queued){ work, cpu, jiffies + delay, false };
	}
	raw_spin_unlock_irqrestore(&queue_lock, flags);
	return is_new;
}

/*
 * Take one that is wanted: that very @work, or, if it is NULL, any that is due in time. It
 * counts as running.
 */
static bool dequeue(struct queued *one, struct work_struct *work, unsigned long until)
{
	unsigned long flags;
	unsigned int i;
	bool found = false;

	raw_spin_lock_irqsave(&queue_lock, flags);
	for (i = 0; i < queue_length && !found; i++) {
		if (queue[i].running ||
		    (work ? queue[i].work != work : time_after(queue[i].due, until)))
			continue;
		queue[i].running = true;
		*one = queue[i];
		found = true;
	}
	raw_spin_unlock_irqrestore(&queue_lock, flags);
	return found;
}

/* Where @work is in the queue while it runs, for this CPU or another; -1 if it does not. */
static int place_of_running(struct work_struct *work)
{
	unsigned int i;

	for (i = 0; i < queue_length; i++)
		if (queue[i].running && queue[i].work == work)
			return i;
	return -1;
}

static bool is_running(struct work_struct *work)
{
	unsigned long flags;
	int place;

	raw_spin_lock_irqsave(&queue_lock, flags);
	place = place_of_running(work);
	raw_spin_unlock_irqrestore(&queue_lock, flags);
	return place >= 0;
}

/* What was taken from the queue has run, or is not to. */
static void finish(struct queued *one)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&queue_lock, flags);
	queue[place_of_running(one->work)] = queue[queue_length - 1];
	queue_length--;
	raw_spin_unlock_irqrestore(&queue_lock, flags);
}

static void run_work(void *arg)
{
	struct work_struct *work = arg;

	work->func(work);
}

static void run_one(struct queued *one)
{
	native_run_on(one->cpu, run_work, one->work);
	finish(one);
}

bool queue_work_on(int cpu, struct workqueue_struct *wq, struct work_struct *work)
{
	return enqueue(work, cpu == WORK_CPU_UNBOUND ? 0 : cpu, 0);
}

bool queue_delayed_work_on(int cpu, struct workqueue_struct *wq, struct delayed_work *work,
			   unsigned long delay)
{
	return enqueue(&work->work, cpu == WORK_CPU_UNBOUND ? 0 : cpu, delay);
}

bool flush_work(struct work_struct *work)
{
	struct queued one;

	if (dequeue(&one, work, 0))
		run_one(&one);
	else if (!is_running(work))
		return false;
	/* Another CPU may have taken it. */
	while (is_running(work))
		native_yield();
	return true;
}

bool cancel_delayed_work(struct delayed_work *work)
{
	struct queued one;

	if (!dequeue(&one, &work->work, 0))
		return false;
	finish(&one);
	return true;
}

bool cancel_delayed_work_sync(struct delayed_work *work)
{
	return cancel_delayed_work(work);
}

void delayed_work_timer_fn(struct timer_list *timer) { }

void init_timer_key(struct timer_list *timer, void (*fn)(struct timer_list *), unsigned int flags,
		    const char *name, struct lock_class_key *key)
{
}

unsigned long round_jiffies_relative(unsigned long j) { return j; }
unsigned long __round_jiffies_relative(unsigned long j, int cpu) { return j; }

/* One is enough for each CPU: the allocators have but one. */
bool irq_work_queue(struct irq_work *kick)
{
	unsigned int cpu = raw_smp_processor_id();

	if (kicks[cpu])
		return false;
	kicks[cpu] = kick;
	return true;
}

static void run_kick(void *arg)
{
	struct irq_work **kick = arg, *one = *kick;

	*kick = NULL;
	/* Another CPU may have asked for it, too. */
	if (one)
		one->func(one);
}

void call_rcu(struct rcu_head *head, rcu_callback_t fn)
{
	unsigned long flags;

	head->func = fn;
	raw_spin_lock_irqsave(&queue_lock, flags);
	head->next = (struct callback_head *)callbacks;
	callbacks = head;
	raw_spin_unlock_irqrestore(&queue_lock, flags);
}

void rcu_barrier(void)
{
	struct rcu_head *head, *next;
	unsigned long flags;

	raw_spin_lock_irqsave(&queue_lock, flags);
	head = callbacks;
	callbacks = NULL;
	raw_spin_unlock_irqrestore(&queue_lock, flags);
	for (; head; head = next) {
		next = (struct rcu_head *)head->next;
		head->func(head);
	}
}

/* Nobody reads what the allocators wait for with this. */
void synchronize_rcu(void) { }

/* What is freed after RCU is among the callbacks. */
void kvfree_rcu_barrier(void)
{
	rcu_barrier();
}

/* Run what is queued; until when it is due, time passes. Return: how much it was. */
static unsigned int run_until(unsigned long until)
{
	struct queued one;
	unsigned int count = 0, cpu, left = QUEUE_MAX;

	for (cpu = 0; cpu < NATIVE_CPUS; cpu++)
		if (kicks[cpu])
			native_run_on(cpu, run_kick, &kicks[cpu]);
	/* What sets its timer anew without end is for the next time. */
	while (left-- && dequeue(&one, NULL, until)) {
		if (time_before(jiffies, one.due))
			jiffies = one.due;
		run_one(&one);
		count++;
	}
	rcu_barrier();
	return count;
}

/*
 * Run what is queued, and what comes due meanwhile; what is less than a jiffy is
 * not lost. Return: how much it was.
 */
unsigned int native_pass_time(unsigned long milliseconds)
{
	static unsigned long passed;
	unsigned long until = jiffies - passed * HZ / MSEC_PER_SEC;
	unsigned int count;

	passed += milliseconds;
	until += passed * HZ / MSEC_PER_SEC;
	count = run_until(until);

	jiffies = until;
	return count;
}

/*
 * Run what is queued; and if @timers two seconds pass, which is the period of
 * SLAB's as of our own. Return: how much it was.
 */
unsigned int native_run_later(bool timers)
{
	return timers ? native_pass_time(2000) : run_until(jiffies);
}
