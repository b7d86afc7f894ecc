// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tests of the native harness in a kernel: loading the module runs them, and
 * the log has a line for each figure.
 *
 * What stands there is in cycles of the processor's time stamp counter for each
 * object, loop included: real time on hardware, instructions in QEMU with
 * -icount. What is "held" is pages of slabs over pages that the objects need.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/string.h>
#include <linux/timex.h>

#include "bench.h"

unsigned int bench_windows = 15;
module_param_named(windows, bench_windows, uint, 0444);
MODULE_PARM_DESC(windows, "how often a test is repeated; its result is the median (15; 1 to 40)");

unsigned int bench_objects = 10000;
module_param_named(objects, bench_objects, uint, 0444);
MODULE_PARM_DESC(objects, "how many there are in most tests (10000; 100 to 1000000)");

static char *tests = "";
module_param(tests, charp, 0444);
MODULE_PARM_DESC(tests, "only tests with this in their names");

#define ALONE (~0U)
#define END (~0U - 1)
#define OF(...) ((const unsigned int []){ __VA_ARGS__, END })
#define SIZES OF(8, 64, 256, 512, 1024, 4096, 8192)

/*
 * A kind of test, and with what numbers it is run: bytes, 0 for mixed sizes; or,
 * if it is for objects of so many bytes, how many at once.
 */
static const struct kind {
	const char *name;
	int (*run)(unsigned int n);
	const unsigned int *numbers;
	unsigned int bytes;
	bool two_cpus;
} kinds[] = {
	{ "pair/kmalloc", bench_pair_kmalloc, OF(64) },
	{ "pair/cache", bench_pair_cache, OF(256) },
	{ "list/in-order", bench_list_in_order, SIZES },
	{ "list/reverse", bench_list_reverse, SIZES },
	{ "list/random", bench_list_random, SIZES },
	{ "list/kmalloc", bench_list_kmalloc, SIZES },
	{ "list/random", bench_list_random_256, OF(10, 100, 1000, 100000), 256 },
	{ "bulk/hot", bench_bulk_64, OF(1, 16, 64, 250), 64 },
	{ "bulk/hot", bench_bulk_256, OF(16), 256 },
	{ "zeroed", bench_zeroed, SIZES },
	{ "churn", bench_churn, OF(256, 0) },
	{ "bursts", bench_bursts, OF(256, 0) },
	{ "peak/churn", bench_peak_churn, OF(256, 0) },
	{ "peak/bursts", bench_peak_bursts, OF(256, 0) },
	{ "create-destroy", bench_create_destroy, OF(ALONE) },
	{ "first-touch", bench_first_touch, SIZES },
	{ "shrink", bench_shrink, SIZES },
	{ "remote", bench_remote, SIZES, 0, true },
	{ "both/one-cache", bench_both, SIZES, 0, true },
	{ "floor/loop", bench_floor_loop, OF(ALONE) },
	{ "floor/clock", bench_floor_clock, OF(ALONE) },
	{ "floor/list", bench_floor_list, OF(ALONE) },
#ifdef CONFIG_X86_64
	{ "floor/cmpxchg16b", bench_floor_cmpxchg16b, OF(ALONE) },
	{ "floor/cmpxchg16b-locked", bench_floor_cmpxchg16b_locked, OF(ALONE) },
	{ "floor/pushf-popf", bench_floor_pushf_popf, OF(ALONE) },
#endif
	{ "floor/spin-lock-irqsave", bench_floor_spin_lock_irqsave, OF(ALONE) },
	{ "floor/irqsave", bench_floor_irqsave, OF(ALONE) },
	{ "floor/cli-sti", bench_floor_cli_sti, OF(ALONE) },
};

/* Pages of slabs are counted: what the test before has put off is to be over. */
static void settle(void)
{
	rcu_barrier();
	msleep(20);
}

static int run(const struct kind *kind, unsigned int n)
{
	char name[40];
	int error;

	if (n == ALONE)
		snprintf(name, sizeof(name), "%s", kind->name);
	else if (kind->bytes)
		snprintf(name, sizeof(name), "%s/%u/%u", kind->name, n, kind->bytes);
	else if (n)
		snprintf(name, sizeof(name), "%s/%u", kind->name, n);
	else
		snprintf(name, sizeof(name), "%s/mixed", kind->name);
	if (!strstr(name, tests))
		return 0;
	settle();
	bench_seed();
	error = bench_pause() ?: kind->run(n == ALONE ? 200 : n);
	if (error)
		pr_err("%s failed: error %d; the tests end here\n", name, error);
	else
		bench_report(name);
	return error;
}

static int run_all(bool two_cpus)
{
	const struct kind *kind;
	const unsigned int *n;
	int error = bench_move_to(bench_cpu[0]);

	for (kind = kinds; kind < kinds + ARRAY_SIZE(kinds); kind++)
		for (n = kind->numbers; *n != END && !error; n++)
			if (two_cpus || !kind->two_cpus)
				error = run(kind, *n);
	return error;
}

static int __init slub_bench_init(void)
{
	bool two_cpus = bench_cpus_init();
	int error;

	if (!bench_windows || bench_windows > BENCH_WINDOWS_MAX ||
	    bench_objects < 100 || bench_objects > 1000000) {
		pr_err("windows=%u objects=%u: out of range; see modinfo\n", bench_windows,
		       bench_objects);
		return -EINVAL;
	}
	if (!get_cycles()) {
		pr_err("this processor has no counter of cycles\n");
		return -ENODEV;
	}
	error = bench_measure_init();
	if (error)
		return error;
	pr_info("%u windows, %u objects, CPU %d%s\n", bench_windows, bench_objects, bench_cpu[0],
		two_cpus ? " and another" : "");
	error = run_all(two_cpus);
	bench_cpus_exit();
	bench_measure_exit();
	pr_info("ended with status %d\n", error);
	return error;
}

/* All that was allocated is free again: there is nothing to do when it is unloaded. */
static void __exit slub_bench_exit(void)
{
}

module_init(slub_bench_init);
module_exit(slub_bench_exit);
MODULE_DESCRIPTION("Benchmarks of the slab allocator");
MODULE_LICENSE("GPL");
