// SPDX-License-Identifier: GPL-2.0-only
/*
 * SLUB: taking slabs back from the CPUs that own them.
 *
 * Only a CPU itself can let go of its slab. So whoever wants it sends work to
 * that CPU: slub_flush_all(), for shrinking, destroying, taking memory
 * offline. A CPU that is dead can't race with anybody: whoever is told of its
 * death flushes it in its stead.
 *
 * And a slab that its CPU does not use should be there for others. After a CPU
 * took a slab from the pool it looks through all caches every IDLE_INTERVAL,
 * and gives back slabs from which nothing was allocated since the last look;
 * it goes on until it owns none. The timer is deferrable: a CPU that sleeps is
 * not woken up for it. Where there is but one CPU there is no timer.
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

/* Take what a CPU holds; its fields must be the caller's to write. */
static struct slab *detach(struct kmem_cache_cpu *c, void **freelist)
{
	struct slab *slab = c->slab;

	*freelist = c->freelist;
	c->freelist = NULL;
	c->slab = NULL;
	return slab;
}

/* To the pool with what was detached, if it was anything. */
static void give_back(struct kmem_cache *s, struct slab *slab, void *freelist)
{
	if (!slab)
		return;
	slub_stat(s, STAT_CPUSLAB_FLUSH);
	slub_pool_put(s, slab, freelist);
}

/**
 * slub_flush_this_cpu - give back the slab of the CPU that we run on
 * @s: the cache
 *
 * Context: a task or softirq with interrupts on, preemption allowed as
 * PREEMPT_RT wants it for list_lock.
 */
void slub_flush_this_cpu(struct kmem_cache *s)
{
	struct kmem_cache_cpu *c = slub_cpu_enter(s);
	struct slab *slab;
	void *freelist;

	if (!c)
		return;
	slab = detach(c, &freelist);
	slub_cpu_exit(c);
	give_back(s, slab, freelist);
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

static bool owns_slab(struct kmem_cache *s, int cpu)
{
	return READ_ONCE(per_cpu_ptr(s->cpu_slab, cpu)->slab);
}

/**
 * slub_flush_all - make all CPUs give back their slabs
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

	if (!slub_has_cpu_area(s))
		return;
	if (!slub_wq) {
		/* Boot: no workqueues yet, and no other CPUs. */
		slub_flush_this_cpu(s);
		return;
	}

	lockdep_assert_cpus_held();
	mutex_lock(&slub_flush_lock);
	for_each_online_cpu(cpu) {
		f = per_cpu_ptr(&slub_flush, cpu);
		f->s = owns_slab(s, cpu) ? s : NULL;
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

#ifdef CONFIG_SMP
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

	/* Early interrupts may get lost; and one CPU has nobody to give to. */
	if (READ_ONCE(idle->armed) || system_state < SYSTEM_SCHEDULING ||
	    num_possible_cpus() == 1)
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

/* Return: whether this CPU still owns a slab of @s. */
static bool give_back_if_idle(struct kmem_cache *s)
{
	struct kmem_cache_cpu *c;
	struct slab *slab = NULL;
	void *freelist = NULL;
	bool owns;

	if (!slub_has_cpu_area(s))
		return false;
	c = slub_cpu_enter(s);
	if (!c)
		return true;
	if (c->seen == (unsigned int)c->allocs)
		slab = detach(c, &freelist);
	c->seen = c->allocs;
	owns = c->slab;
	slub_cpu_exit(c);
	give_back(s, slab, freelist);
	return owns;
}

static void idle_work_fn(struct work_struct *work)
{
	struct idle *idle = container_of(work, struct idle, work.work);
	bool again = false;
	struct kmem_cache *s;

	/* Whoever takes a slab from now on arms anew. */
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
	struct slab *slab;
	void *freelist;

	cancel_delayed_work(&idle->work);
	WRITE_ONCE(idle->armed, false);

	mutex_lock(&slab_mutex);
	list_for_each_entry(s, &slab_caches, list) {
		if (!slub_has_cpu_area(s))
			continue;
		c = per_cpu_ptr(s->cpu_slab, cpu);
		slab = detach(c, &freelist);
		give_back(s, slab, freelist);
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
#else
static void __init idle_init(void) { }
#endif

/*
 * Memory that is to go offline must not be held by empty slabs or idle CPUs.
 * Nothing is to be done for memory that comes: the pool has a part for each
 * possible node from the start.
 */
static int slub_memory_callback(struct notifier_block *self,
				unsigned long action, void *arg)
{
	struct kmem_cache *s;

	if (action != MEM_GOING_OFFLINE)
		return NOTIFY_OK;
	mutex_lock(&slab_mutex);
	list_for_each_entry(s, &slab_caches, list) {
		slub_flush_all(s);
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
