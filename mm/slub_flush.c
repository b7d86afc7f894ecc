// SPDX-License-Identifier: GPL-2.0-only
/*
 * SLUB: taking back what CPUs hold: slabs that they own, and objects at hand.
 *
 * Only a CPU itself can let go of what it holds. So whoever wants it sends work to
 * that CPU: slub_flush_all(), for shrinking, destroying, taking memory
 * offline. A CPU that is dead can't race with anybody: whoever is told of its
 * death flushes it in its stead.
 *
 * And what its CPU does not use should be there for others. As long as a CPU has a
 * place for what it holds of any cache it looks through all of them every
 * IDLE_INTERVAL. What is at hand goes back to its slabs each time, and some of many
 * slabs to the pool; and where nothing was taken from a slab since the last look, nor
 * freed otherwise than in the quickest ways, or little for so large a place, all is
 * given back, and the place is freed. The timer is deferrable: a CPU that sleeps is
 * not woken up for it.
 */
#include <linux/cpu.h>
#include <linux/irq_work.h>
#include <linux/memory.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

#include "slub.h"

/* WQ_MEM_RECLAIM: caches are shrunk and destroyed when memory is short. */
static struct workqueue_struct *slub_wq;

/*
 * Half of many slabs that this CPU owns, or all of them if it is idle or @all are
 * wanted; a few at a time with preemption off.
 */
static void let_go(struct kmem_cache *s, bool all)
{
	struct kmem_cache_cpu *c;
	unsigned int keep = 0;
	bool more = true;
	LIST_HEAD(leaving);

	while (more) {
		c = slub_cpu_enter(s);
		if (!c)
			return;
		all |= !c->allocs;
		if (!all && !keep)
			keep = max(c->nr_partial / 2, SLUB_FEW_SLABS);
		more = slub_cpu_let_go(s, c, min(keep, READ_ONCE(s->cpu_partial)),
				       &leaving);
		slub_cpu_exit(c);
		slub_pool_put_all(s, &leaving);
	}
}

/**
 * slub_flush_this_cpu - give back what the CPU that we run on holds
 * @s: the cache
 *
 * Context: a task, for what a task was amidst of must not be taken from it;
 * interrupts on, preemption allowed as PREEMPT_RT wants it for list_lock.
 */
void slub_flush_this_cpu(struct kmem_cache *s)
{
	struct slub_held held = SLUB_HELD(held);
	struct kmem_cache_cpu *c;

	WARN_ON_ONCE(!in_task());
	let_go(s, true);
	c = slub_cpu_enter(s);
	if (!c)
		return;
	slub_cpu_leave(s, raw_cpu_ptr(s->cpu_slab), c, &held);
	preempt_enable();
	slub_give_back(s, &held);
}

struct flush {
	struct work_struct work;
	struct kmem_cache *s;
};

static DEFINE_PER_CPU(struct flush, slub_flush);
static DEFINE_MUTEX(slub_flush_lock);	/* protects all of slub_flush */

static void flush_work_fn(struct work_struct *work)
{
	slub_flush_this_cpu(container_of(work, struct flush, work)->s);
}

/* What is queued is done from the early initcalls on: other CPUs come later. */
static bool works_run __ro_after_init;

static int __init slub_works_run(void)
{
	works_run = true;
	return 0;
}
early_initcall(slub_works_run);

/**
 * slub_flush_all - make all CPUs give back what they hold
 * @s: the cache
 *
 * Slabs that CPUs take while this runs may be missed.
 *
 * Context: may sleep; the caller holds cpus_read_lock().
 */
void slub_flush_all(struct kmem_cache *s)
{
	struct flush *f;
	int cpu;

	if (!works_run) {
		/* Boot: there are no other CPUs. */
		slub_flush_this_cpu(s);
		return;
	}

	lockdep_assert_cpus_held();
	mutex_lock(&slub_flush_lock);
	for_each_online_cpu(cpu) {
		f = per_cpu_ptr(&slub_flush, cpu);
		f->s = slub_cpu(s, cpu) ? s : NULL;
		if (!f->s)
			continue;
		INIT_WORK(&f->work, flush_work_fn);
		queue_work_on(cpu, slub_wq, &f->work);
	}
	for_each_online_cpu(cpu) {
		f = per_cpu_ptr(&slub_flush, cpu);
		if (f->s)
			flush_work(&f->work);
	}
	mutex_unlock(&slub_flush_lock);
}

#define IDLE_INTERVAL	(2 * HZ)

/*
 * @armed is set while @work is pending or on its way there. Allocation may
 * happen under any lock, even that of timers and workqueues; so it only raises
 * @kick, which arms the timer from an interrupt of its own.
 */
struct idle {
	struct irq_work kick;
	struct delayed_work work;
	bool armed;
};

static DEFINE_PER_CPU(struct idle, slub_idle);

static void idle_start(struct idle *idle, int cpu)
{
	queue_delayed_work_on(cpu, slub_wq, &idle->work,
			      round_jiffies_relative(IDLE_INTERVAL));
}

static void idle_kick_fn(struct irq_work *kick)
{
	idle_start(container_of(kick, struct idle, kick), smp_processor_id());
}

/**
 * slub_idle_arm - see to it that this CPU looks for idle slabs in a while
 *
 * Context: any, with preemption off.
 */
void slub_idle_arm(void)
{
	struct idle *idle = this_cpu_ptr(&slub_idle);

	/* Early interrupts may get lost. */
	if (READ_ONCE(idle->armed) || system_state < SYSTEM_SCHEDULING)
		return;
	/* An interrupt that comes between finds the kick pending already. */
	WRITE_ONCE(idle->armed, true);
	irq_work_queue(&idle->kick);
}

#ifdef CONFIG_SLUB_CORE_KUNIT_TEST
/**
 * slub_idle_armed - whether a CPU is going to look for idle slabs
 * @cpu: its number
 *
 * Context: any but NMI. Return: that; in a moment it may be otherwise.
 */
bool slub_idle_armed(int cpu)
{
	struct idle *idle = per_cpu_ptr(&slub_idle, cpu);

	return READ_ONCE(idle->armed) || work_busy(&idle->work.work);
}
#endif

/*
 * What is at hand goes into its slabs each time, and there is no room for more: so
 * that whatever the CPU does next has to do with a slab, and is counted.
 * Return: whether this CPU still holds anything of @s.
 */
static bool give_back_if_idle(struct kmem_cache *s)
{
	struct slub_held held = SLUB_HELD(held);
	struct kmem_cache_cpu *c;
	u32 used;

	if (slub_test_is_busy(s))
		return true;
	let_go(s, false);
	c = slub_cpu_enter(s);
	/* A task finds none amidst a change. */
	if (!c)
		return false;
	used = c->allocs;
	c->allocs = 0;
	if (!used || (used < SLUB_LIGHT_USE && c->bytes > SLUB_PLACE_MIN)) {
		slub_cpu_leave(s, raw_cpu_ptr(s->cpu_slab), c, &held);
		preempt_enable();
	} else {
		slub_cpu_empty_hand(s, c, &held);
		if (used < SLUB_LIGHT_USE)
			slub_cpu_empty(s, c, &held);
		c->limit = c->recent;
		slub_cpu_exit(c);
	}
	slub_give_back(s, &held);
	return !held.cpu;
}

static void idle_work_fn(struct work_struct *work)
{
	struct idle *idle = container_of(work, struct idle, work.work);
	bool again = false;
	struct kmem_cache *s;

	/* Whoever takes a slab or keeps an object from now on arms anew. */
	WRITE_ONCE(idle->armed, false);
	if (mutex_trylock(&slab_mutex)) {
		list_for_each_entry(s, &slab_caches, list)
			again |= give_back_if_idle(s);
		mutex_unlock(&slab_mutex);
	} else {
		again = true;
	}
	if (again) {
		preempt_disable();
		slub_idle_arm();
		preempt_enable();
	}
}

static int slub_cpu_dead(unsigned int cpu)
{
	struct idle *idle = per_cpu_ptr(&slub_idle, cpu);
	struct kmem_cache_cpu *c;
	struct kmem_cache *s;

	cancel_delayed_work(&idle->work);
	WRITE_ONCE(idle->armed, false);

	mutex_lock(&slab_mutex);
	list_for_each_entry(s, &slab_caches, list) {
		struct slub_held held = SLUB_HELD(held);

		c = slub_cpu(s, cpu);
		if (!c)
			continue;
		slub_cpu_leave(s, per_cpu_ptr(s->cpu_slab, cpu), c, &held);
		slub_give_back(s, &held);
	}
	mutex_unlock(&slab_mutex);
	return 0;
}

static void __init idle_init(void)
{
	struct idle *idle;
	int cpu;

	for_each_possible_cpu(cpu) {
		idle = per_cpu_ptr(&slub_idle, cpu);
		init_irq_work(&idle->kick, idle_kick_fn);
		INIT_DEFERRABLE_WORK(&idle->work, idle_work_fn);
	}
	cpuhp_setup_state_nocalls(CPUHP_SLUB_DEAD, "slub:dead", NULL,
				  slub_cpu_dead);
}

/*
 * Memory that is to go offline must not be held by empty slabs or idle CPUs.
 * For memory that comes the pool has a part for each possible node from the
 * start; but a CPU's own node may be another one from now on.
 */
static int slub_memory_callback(struct notifier_block *self,
				unsigned long action, void *arg)
{
	struct kmem_cache *s;

	if (action != MEM_GOING_OFFLINE && action != MEM_ONLINE)
		return NOTIFY_OK;
	mutex_lock(&slab_mutex);
	list_for_each_entry(s, &slab_caches, list) {
		slub_flush_all(s);
		if (action == MEM_GOING_OFFLINE)
			slub_pool_shrink(s);
	}
	mutex_unlock(&slab_mutex);
	return NOTIFY_OK;
}

/**
 * slub_flush_init - make ready for giving slabs back
 *
 * Context: boot, kmalloc() and workqueues can be used.
 */
void __init slub_flush_init(void)
{
	slub_wq = alloc_workqueue("slub", WQ_MEM_RECLAIM, 0);
	if (!slub_wq)
		panic("SLUB: no memory for a workqueue\n");
	idle_init();
	hotplug_memory_notifier(slub_memory_callback, SLAB_CALLBACK_PRI);
}
