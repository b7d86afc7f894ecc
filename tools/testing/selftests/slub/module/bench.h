/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SLUB_BENCH_H
#define SLUB_BENCH_H
/*
 * What the files of the module share. A test runs on the CPU bench_cpu[0], in
 * the process that loads the module, and records its figures.
 */
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "../native/kernel/host.h"

/* main.c: parameters */
extern unsigned int bench_windows;
extern unsigned int bench_objects;

/* ---- measure.c ---- */

/*
 * What a test tells. All but those held and left are times, in cycles for each
 * object.
 */
enum bench_figure {
	BENCH_PAIR,
	BENCH_ALLOC,
	BENCH_FREE,
	BENCH_TRIP,
	BENCH_PAGE,
	BENCH_HELD_ALL,
	BENCH_HELD_STEADY,
	BENCH_HELD_USED,
	BENCH_HELD_SHRUNK,
	BENCH_HELD_PEAK,
	BENCH_HELD_AFTER,
	BENCH_HELD_CHURN,
	BENCH_HELD_BURSTS,
	BENCH_PAGES_LEFT,
	BENCH_FIGURES
};

#define BENCH_WINDOWS_MAX 40
/* Of a list so short that clock and noise would matter there are more windows. */
#define BENCH_REPEAT_MAX 100

u64 bench_now(void);
void bench_record(enum bench_figure figure, u64 sum, u64 count);
int bench_measure_init(void);
void bench_measure_exit(void);
void bench_report(const char *test);
int bench_pause(void);

/* The same numbers for each allocator and each run. */
void bench_seed(void);
unsigned int bench_below(unsigned int limit);
void bench_shuffle(void **p, unsigned int count);

long bench_pages_held(void);
struct kmem_cache *bench_cache(unsigned int size, void (*ctor)(void *));
void bench_constructor(void *x);

/* ---- cpus.c ---- */

extern int bench_cpu[2];
bool bench_cpus_init(void);
void bench_cpus_exit(void);
int bench_move_to(int cpu);

/*
 * Tests. What @n is depends on the test: a size in bytes (0: all sizes), or a
 * number of objects. Return: 0, or why there is no result.
 */
int bench_pair_kmalloc(unsigned int n);
int bench_pair_cache(unsigned int n);
int bench_list_in_order(unsigned int n);
int bench_list_reverse(unsigned int n);
int bench_list_random(unsigned int n);
int bench_list_random_256(unsigned int n);
int bench_list_kmalloc(unsigned int n);
int bench_bulk_64(unsigned int n);
int bench_bulk_256(unsigned int n);
int bench_zeroed(unsigned int n);

int bench_create_destroy(unsigned int n);
int bench_first_touch(unsigned int n);
int bench_shrink(unsigned int n);

int bench_churn(unsigned int n);
int bench_bursts(unsigned int n);
int bench_peak_churn(unsigned int n);
int bench_peak_bursts(unsigned int n);

int bench_remote(unsigned int n);
int bench_both(unsigned int n);

int bench_floor_loop(unsigned int n);
int bench_floor_clock(unsigned int n);
int bench_floor_list(unsigned int n);
int bench_floor_cmpxchg16b(unsigned int n);
int bench_floor_cmpxchg16b_locked(unsigned int n);
int bench_floor_pushf_popf(unsigned int n);
int bench_floor_spin_lock_irqsave(unsigned int n);
int bench_floor_irqsave(unsigned int n);
int bench_floor_cli_sti(unsigned int n);

#endif /* SLUB_BENCH_H */
