// SPDX-License-Identifier: GPL-2.0-only
/*
 * CPUs: threads of a process, each pinned to a processor of the host.
 *
 * Userspace uses %fs for its own thread-local data and leaves %gs alone, which
 * is where the kernel has its per-CPU data. The section of per-CPU variables is
 * linked like any other; the base of %gs is the distance from there to the CPU's
 * copy, so that the kernel's "%gs:variable" finds the copy.
 */
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/topology.h>
#include <asm/processor.h>

#include "compat.h"
#include "host.h"
#include "sections.h"

static unsigned long cpu_bits[BITS_TO_LONGS(NR_CPUS)] = { (1UL << NATIVE_CPUS) - 1 };

struct cpumask __cpu_possible_mask __aligned(8);
struct cpumask __cpu_online_mask __aligned(8);
struct cpumask __cpu_present_mask __aligned(8);
struct cpumask __cpu_active_mask __aligned(8);
struct cpumask __cpu_dying_mask __aligned(8);
atomic_t __num_online_cpus = ATOMIC_INIT(NATIVE_CPUS);
unsigned int nr_cpu_ids = NATIVE_CPUS;
unsigned long __per_cpu_offset[NR_CPUS];
struct cpuinfo_x86 boot_cpu_data;

DEFINE_PER_CPU_READ_MOSTLY(unsigned long, this_cpu_off);
DEFINE_PER_CPU(int, numa_node);
DEFINE_PER_CPU_HOT();

/* What little of a task the allocators look at: flags, and no memory policy. */
static struct task_struct tasks[NATIVE_CPUS];

/* Memory of alloc_percpu(): behind the static part, the same place on each CPU. */
static size_t dynamic_end, dynamic_limit;
static unsigned long areas;	/* that are allocated */
static DEFINE_RAW_SPINLOCK(dynamic_lock);

void native_percpu_section(char **start, size_t *size)
{
	*start = __start_percpu;
	*size = __stop_percpu - __start_percpu;
}

/* @area has @size bytes, and a copy of the section at its start. */
void native_percpu_setup(unsigned int cpu, void *area, size_t size)
{
	unsigned long offset = (char *)area - __start_percpu;

	__per_cpu_offset[cpu] = offset;
	per_cpu(this_cpu_off, cpu) = offset;
	per_cpu(hot_cpu_number, cpu) = cpu;
	per_cpu(numa_node, cpu) = 0;
	per_cpu(hot_task, cpu) = &tasks[cpu];
	dynamic_end = ALIGN(__stop_percpu - __start_percpu, 64);
	dynamic_limit = size;
	memcpy(cpumask_bits(&__cpu_possible_mask), cpu_bits, sizeof(cpu_bits));
	memcpy(cpumask_bits(&__cpu_online_mask), cpu_bits, sizeof(cpu_bits));
	memcpy(cpumask_bits(&__cpu_present_mask), cpu_bits, sizeof(cpu_bits));
}

unsigned long native_gs_base(unsigned int cpu)
{
	return __per_cpu_offset[cpu];
}

/*
 * Areas that were freed, by size: benchmarks create and destroy caches without
 * end. An area knows its size from the eight bytes before it.
 */
#define AREA_SIZES 64
#define AREA_STEP 64
static unsigned long freed[AREA_SIZES];

void __percpu *pcpu_alloc_noprof(size_t size, size_t align, bool reserved, gfp_t gfp)
{
	size_t place, steps = DIV_ROUND_UP(size, AREA_STEP);
	unsigned long flags;
	int cpu;

	if (align > AREA_STEP || steps >= AREA_SIZES)
		panic("%zu bytes of per-CPU memory\n", size);
	if (!native_pages_may_succeed())
		return NULL;
	raw_spin_lock_irqsave(&dynamic_lock, flags);
	areas++;
	place = freed[steps];
	if (place) {
		freed[steps] = *(unsigned long *)per_cpu_ptr(__start_percpu + place, 0);
	} else {
		place = dynamic_end + AREA_STEP;
		if (place + steps * AREA_STEP > dynamic_limit)
			panic("out of per-CPU memory");
		dynamic_end = place + steps * AREA_STEP;
		*(unsigned long *)per_cpu_ptr(__start_percpu + place - sizeof(long), 0) = steps;
	}
	raw_spin_unlock_irqrestore(&dynamic_lock, flags);
	for_each_possible_cpu(cpu)
		memset(per_cpu_ptr(__start_percpu + place, cpu), 0, size);
	return (void __percpu *)(__start_percpu + place);
}

#ifndef __alloc_percpu
void __percpu *__alloc_percpu_gfp(size_t size, size_t align, gfp_t gfp)
{
	return pcpu_alloc_noprof(size, align, false, gfp);
}

void __percpu *__alloc_percpu(size_t size, size_t align)
{
	return pcpu_alloc_noprof(size, align, false, GFP_KERNEL);
}
#endif

void free_percpu(void __percpu *area)
{
	unsigned long flags, steps, *first;

	if (!area)
		return;
	first = per_cpu_ptr((unsigned long __percpu *)area, 0);
	steps = first[-1];
	raw_spin_lock_irqsave(&dynamic_lock, flags);
	areas--;
	*first = freed[steps];
	freed[steps] = (char __force *)area - __start_percpu;
	raw_spin_unlock_irqrestore(&dynamic_lock, flags);
}

unsigned long native_percpu_areas(void)
{
	return areas;
}

/* No CPU comes or goes, but for who wants to be told of all that are there. */
void cpus_read_lock(void) { }
void cpus_read_unlock(void) { }
void lockdep_assert_cpus_held(void) { }

static void call_startup(void *arg)
{
	int (*startup)(unsigned int cpu) = arg;

	startup(raw_smp_processor_id());
}

int __cpuhp_setup_state(enum cpuhp_state state, const char *name, bool invoke,
			int (*startup)(unsigned int cpu), int (*teardown)(unsigned int cpu),
			bool multi_instance)
{
	int cpu;

	for_each_online_cpu(cpu)
		if (invoke && startup)
			native_run_on(cpu, call_startup, startup);
	return 0;
}

/* ---- Calls from one CPU to another ---- */

/* For who wants all others to have seen something: they serve what they are asked. */
void kick_all_cpus_sync(void) { }

int smp_call_function_single(int cpu, smp_call_func_t fn, void *arg, int wait)
{
	native_run_on(cpu, fn, arg);
	return 0;
}

void on_each_cpu_cond_mask(smp_cond_func_t wanted, smp_call_func_t fn, void *arg, bool wait,
			   const struct cpumask *mask)
{
	int cpu;

	for_each_cpu(cpu, mask)
		if (!wanted || wanted(cpu, arg))
			native_run_on(cpu, fn, arg);
}
