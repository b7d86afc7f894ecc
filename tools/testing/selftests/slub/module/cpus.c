// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two CPUs: the process that loads the module goes from one to the other, or has
 * a kernel thread on the other one that does the same as it.
 */
#include <linux/atomic.h>
#include <linux/cpumask.h>
#include <linux/kthread.h>
#include <linux/sched/task.h>

#include "bench.h"

int bench_cpu[2];
static struct cpumask allowed;

/* Return: whether there are two. */
bool bench_cpus_init(void)
{
	cpumask_copy(&allowed, current->cpus_ptr);
	bench_cpu[0] = cpumask_first(cpu_online_mask);
	bench_cpu[1] = cpumask_next(bench_cpu[0], cpu_online_mask);
	return bench_cpu[1] < nr_cpu_ids;
}

void bench_cpus_exit(void)
{
	set_cpus_allowed_ptr(current, &allowed);
}

int bench_move_to(int cpu)
{
	return set_cpus_allowed_ptr(current, cpumask_of(cpu));
}

struct pair {
	void (*fn)(unsigned int which, void *arg);
	void *arg;
	atomic_t arrived;
};

static void meet_and_run(struct pair *pair, unsigned int which)
{
	atomic_inc(&pair->arrived);
	while (atomic_read(&pair->arrived) < 2)
		cpu_relax();
	pair->fn(which, pair->arg);
}

static int second(void *arg)
{
	meet_and_run(arg, 1);
	return 0;
}

/* Run @fn on both at once. */
static int on_both(void (*fn)(unsigned int which, void *arg), void *arg)
{
	struct pair pair = { .fn = fn, .arg = arg, .arrived = ATOMIC_INIT(0) };
	struct task_struct *other = kthread_create(second, &pair, "slub_bench");

	if (IS_ERR(other))
		return PTR_ERR(other);
	get_task_struct(other);
	kthread_bind(other, bench_cpu[1]);
	wake_up_process(other);
	meet_and_run(&pair, 0);
	/* It has begun: this waits until it has ended. */
	kthread_stop(other);
	put_task_struct(other);
	return 0;
}

/* ---- How far from each other the CPUs are ---- */

static atomic_t line ____cacheline_aligned_in_smp;

/* As emulated CPUs take turns on a busy host, this may take long: fewer for fewer objects. */
static void trips(unsigned int which, void *arg)
{
	const int count = bench_objects / 10;
	u64 start = bench_now();
	int i;

	for (i = 0; i < count; i++) {
		while (atomic_read_acquire(&line) != 2 * i + which)
			cpu_relax();
		atomic_set_release(&line, 2 * i + which + 1);
	}
	if (!which)
		bench_record(BENCH_TRIP, bench_now() - start, count);
}

static int round_trip(void)
{
	atomic_set(&line, 0);
	return on_both(trips, NULL);
}

/* ---- What is measured ---- */

struct work {
	struct kmem_cache *s;
	unsigned long count;
	void **p[2];
	unsigned long got[2];
	u64 cycles[2];
};

static int work_init(struct work *work, unsigned int size)
{
	*work = (struct work){ .count = DIV_ROUND_UP(bench_objects, 5) };
	work->s = bench_cache(size, NULL);
	work->p[0] = vmalloc_array(work->count, sizeof(void *));
	work->p[1] = vmalloc_array(work->count, sizeof(void *));
	return work->s && work->p[0] && work->p[1] ? 0 : -ENOMEM;
}

static void work_exit(struct work *work)
{
	kmem_cache_destroy(work->s);
	vfree(work->p[0]);
	vfree(work->p[1]);
}

static void allocate(unsigned int which, void *arg)
{
	struct work *work = arg;
	u64 start = bench_now();

	work->got[which] = native_alloc_many(work->s, work->p[which], work->count);
	work->cycles[which] = bench_now() - start;
}

static void release(unsigned int which, void *arg)
{
	struct work *work = arg;
	u64 start = bench_now();

	native_free_many(work->s, work->p[which], work->got[which]);
	work->cycles[which] = bench_now() - start;
}

static int remote_window(struct work *work)
{
	int error = round_trip();

	if (error)
		return error;
	allocate(0, work);
	bench_record(BENCH_ALLOC, work->cycles[0], work->count);
	error = bench_move_to(bench_cpu[1]);
	release(0, work);
	bench_record(BENCH_FREE, work->cycles[0], work->count);
	error = error ?: bench_move_to(bench_cpu[0]);
	return work->got[0] == work->count ? error : -ENOMEM;
}

static int both_window(struct work *work)
{
	int error = round_trip() ?: on_both(allocate, work);

	if (error)
		return error;
	bench_record(BENCH_ALLOC, work->cycles[0] + work->cycles[1], 2 * work->count);
	error = on_both(release, work);
	if (error) {
		release(0, work);
		release(1, work);
		return error;
	}
	bench_record(BENCH_FREE, work->cycles[0] + work->cycles[1], 2 * work->count);
	return work->got[0] + work->got[1] == 2 * work->count ? 0 : -ENOMEM;
}

static int measure(unsigned int size, int (*window)(struct work *work))
{
	struct work work;
	int error = work_init(&work, size);
	unsigned int i;

	for (i = 0; i < bench_windows && !error; i++)
		error = window(&work) ?: bench_pause();
	work_exit(&work);
	return error;
}

/* One CPU allocates, the other one frees. */
int bench_remote(unsigned int n)
{
	return measure(n, remote_window);
}

/* Both allocate, then both free what they have, of one cache. */
int bench_both(unsigned int n)
{
	return measure(n, both_window);
}
