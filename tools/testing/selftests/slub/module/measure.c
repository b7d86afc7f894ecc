// SPDX-License-Identifier: GPL-2.0-only
/*
 * Clock, figures, random numbers, and how many pages all slabs have.
 *
 * A figure is the median over windows of well below a millisecond: a tick of the
 * timer, or what else interrupts one of them, is not in it. Nothing is disabled
 * meanwhile: an allocation may sleep.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpumask.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/prandom.h>
#include <linux/sched/signal.h>
#include <linux/sort.h>
#include <linux/timex.h>

#include "bench.h"

#define VALUES_MAX (BENCH_WINDOWS_MAX * BENCH_REPEAT_MAX)

/* In hundredths. */
static struct bench_values {
	unsigned int count;
	u64 value[VALUES_MAX];
} *figures;

static const char * const names[BENCH_FIGURES] = {
	[BENCH_PAIR] = "",
	[BENCH_ALLOC] = ", alloc",
	[BENCH_FREE] = ", free",
	[BENCH_TRIP] = ", round trip",
	[BENCH_PAGE] = ", page",
	[BENCH_HELD_ALL] = ", held, all allocated",
	[BENCH_HELD_STEADY] = ", held, steady",
	[BENCH_HELD_USED] = ", held, one in 50 used",
	[BENCH_HELD_SHRUNK] = ", held, shrunk",
	[BENCH_HELD_PEAK] = ", held, peak",
	[BENCH_HELD_AFTER] = ", held, after the peak",
	[BENCH_HELD_CHURN] = ", held, after churn",
	[BENCH_HELD_BURSTS] = ", held, after bursts",
	[BENCH_PAGES_LEFT] = ", pages, all freed",
};

/* What stands before is over, what stands behind has not begun. */
u64 bench_now(void)
{
	u64 cycles;

	rmb();	/* on x86 it is lfence, for which all before has to be done */
	cycles = get_cycles();
	rmb();	/* and all behind has to wait */
	return cycles;
}

/* One window: @sum cycles for @count objects, or one quantity over another. */
void bench_record(enum bench_figure figure, u64 sum, u64 count)
{
	struct bench_values *values = &figures[figure];

	if (!WARN_ON_ONCE(values->count == VALUES_MAX))
		values->value[values->count++] = div64_u64(100 * sum, count);
}

int bench_measure_init(void)
{
	figures = vzalloc(BENCH_FIGURES * sizeof(*figures));
	return figures ? 0 : -ENOMEM;
}

void bench_measure_exit(void)
{
	vfree(figures);
}

static int compare(const void *a, const void *b)
{
	const u64 *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static const char *as_text(char *text, size_t size, u64 hundredths)
{
	u32 rest;
	u64 whole = div_u64_rem(hundredths, 100, &rest);

	snprintf(text, size, "%llu.%02u", whole, rest);
	return text;
}

/*
 * A line a figure: its median, and between what the middle half of the windows
 * is. Scripts read them: "slub_bench: TEST[, FIGURE]: MEDIAN (LOW-HIGH)".
 */
void bench_report(const char *test)
{
	unsigned int i;

	for (i = 0; i < BENCH_FIGURES; i++) {
		unsigned int last = figures[i].count - 1;
		u64 *value = figures[i].value;
		char low[24], middle[24], high[24];

		if (!figures[i].count)
			continue;
		sort(value, figures[i].count, sizeof(*value), compare, NULL);
		pr_info("%s%s: %s (%s-%s)\n", test, names[i],
			as_text(middle, sizeof(middle), value[last / 2]),
			as_text(low, sizeof(low), value[last / 4]),
			as_text(high, sizeof(high), value[last - last / 4]));
		figures[i].count = 0;
	}
}

/* Between windows: let others run, and end if the user wants it. */
int bench_pause(void)
{
	cond_resched();
	return fatal_signal_pending(current) ? -EINTR : 0;
}

static struct rnd_state dice;

void bench_seed(void)
{
	prandom_seed_state(&dice, 20261122);
}

unsigned int bench_below(unsigned int limit)
{
	return ((u64)prandom_u32_state(&dice) * limit) >> 32;
}

void bench_shuffle(void **p, unsigned int count)
{
	for (; count > 1; count--) {
		unsigned int other = bench_below(count);

		swap(p[count - 1], p[other]);
	}
}

/*
 * Of all slabs in the system. Each CPU has changes that it has not told yet;
 * they are not many, but neither are the pages of a small test.
 */
long bench_pages_held(void)
{
	static const enum node_stat_item items[] = {
		NR_SLAB_RECLAIMABLE_B, NR_SLAB_UNRECLAIMABLE_B,
	};
	long pages = 0;
	int node, cpu, i;

	for_each_online_node(node) {
		for (i = 0; i < ARRAY_SIZE(items); i++) {
			pages += atomic_long_read(&NODE_DATA(node)->vm_stat[items[i]]);
#ifdef CONFIG_SMP
			for_each_online_cpu(cpu)
				pages += per_cpu_ptr(NODE_DATA(node)->per_cpu_nodestats, cpu)
						 ->vm_node_stat_diff[items[i]];
#endif
		}
	}
	return pages;
}

void bench_constructor(void *x)
{
}

/*
 * Merged with one of the kernel's caches it would have slabs that are not of the
 * test's making. Of the flags that forbid it this one costs nothing: it is for
 * kmemleak alone.
 */
struct kmem_cache *bench_cache(unsigned int size, void (*ctor)(void *))
{
	return kmem_cache_create("slub_bench", size, 0, SLAB_NOLEAKTRACE, ctor);
}
