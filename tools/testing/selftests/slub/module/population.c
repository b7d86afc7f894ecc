// SPDX-License-Identifier: GPL-2.0-only
/*
 * Objects that live on, of one cache or of many sizes, while single ones of
 * them, or up to 200 at a time, are freed and replaced.
 */
#include "bench.h"

#define BURST_MAX 200

struct population {
	struct kmem_cache *s;	/* none if they have all sizes */
	unsigned int count;
	void **p;
	unsigned int *bytes;	/* of each */
	long before;		/* pages held when there were none */
	/* Replaced in one window: how many, which they are, their new sizes, lengths of bursts. */
	unsigned int steps;
	unsigned int *which, *sizes, *lengths;
	unsigned long *marked;
};

/* From traces of a kernel: the makefile has made it of native/traces/sizes.txt. */
static const struct {
	unsigned int bytes, weight;
} recorded[] = {
#include "sizes.inc"
};

static unsigned int mixed_size(void)
{
	unsigned int i, rest, total = 0;

	for (i = 0; i < ARRAY_SIZE(recorded); i++)
		total += recorded[i].weight;
	rest = bench_below(total);
	for (i = 0; rest >= recorded[i].weight; i++)
		rest -= recorded[i].weight;
	return recorded[i].bytes;
}

static void release(struct population *all)
{
	if (all->s)
		native_free_many(all->s, all->p, all->count);
	else
		native_kfree_many(all->p, all->count);
	kmem_cache_destroy(all->s);
	vfree(all->p);
	vfree(all->bytes);
	vfree(all->which);
	vfree(all->sizes);
	vfree(all->lengths);
	vfree(all->marked);
}

static int populate(struct population *all, unsigned int size, unsigned int count)
{
	unsigned int i;

	*all = (struct population){ .steps = DIV_ROUND_UP(bench_objects, 5) };
	all->p = vmalloc_array(count, sizeof(*all->p));
	all->bytes = vmalloc_array(count, sizeof(*all->bytes));
	all->which = vmalloc_array(all->steps + BURST_MAX, sizeof(*all->which));
	all->sizes = vmalloc_array(all->steps + BURST_MAX, sizeof(*all->sizes));
	all->lengths = vmalloc_array(all->steps, sizeof(*all->lengths));
	all->marked = vzalloc(BITS_TO_LONGS(count) * sizeof(long));
	all->before = bench_pages_held();
	all->s = size ? bench_cache(size, NULL) : NULL;
	if (!all->p || !all->bytes || !all->which || !all->sizes || !all->lengths || !all->marked ||
	    (size && !all->s)) {
		release(all);
		return -ENOMEM;
	}
	for (i = 0; i < count; i++)
		all->bytes[i] = size ?: mixed_size();
	all->count = size ? native_alloc_many(all->s, all->p, count) :
			    native_kmalloc_many(all->p, all->bytes, count);
	if (all->count == count)
		return 0;
	release(all);
	return -ENOMEM;
}

/* Pages held over pages that the objects need. */
static void record_held(struct population *all, enum bench_figure figure)
{
	long pages = bench_pages_held() - all->before;
	unsigned int i;
	u64 needed = 0;

	for (i = 0; i < all->count; i++)
		needed += all->bytes[i];
	bench_record(figure, max(pages, 0L) * PAGE_SIZE, needed);
}

/* New sizes for what is replaced; an object that is replaced twice has the last one. */
static void draw_sizes(struct population *all, unsigned int steps)
{
	unsigned int i;

	for (i = 0; i < steps; i++)
		all->sizes[i] = all->bytes[all->which[i]] = mixed_size();
}

/* One after the other. Return: cycles; @done is how many objects. */
static u64 churn(struct population *all, unsigned int *done)
{
	unsigned int i;
	u64 start;

	for (i = 0; i < all->steps; i++)
		all->which[i] = bench_below(all->count);
	*done = all->steps;
	if (!all->s)
		draw_sizes(all, all->steps);
	start = bench_now();
	if (all->s)
		native_churn(all->s, all->p, all->which, all->steps);
	else
		native_churn_mixed(all->p, all->which, all->sizes, all->steps);
	return bench_now() - start;
}

/* @length different objects. */
static void draw_burst(struct population *all, unsigned int *which, unsigned int length)
{
	unsigned int i;

	for (i = 0; i < length; i++) {
		do {
			which[i] = bench_below(all->count);
		} while (__test_and_set_bit(which[i], all->marked));
	}
	for (i = 0; i < length; i++)
		__clear_bit(which[i], all->marked);
}

/* In bursts. Return: cycles; @done is how many objects. */
static u64 bursts(struct population *all, unsigned int *done)
{
	unsigned int lengths = 0, most = min_t(unsigned int, BURST_MAX, all->count);
	u64 start;

	for (*done = 0; *done < all->steps; *done += all->lengths[lengths++]) {
		all->lengths[lengths] = 1 + bench_below(most);
		draw_burst(all, all->which + *done, all->lengths[lengths]);
	}
	if (!all->s)
		draw_sizes(all, *done);
	start = bench_now();
	if (all->s)
		native_bursts(all->s, all->p, all->which, all->lengths, lengths);
	else
		native_bursts_mixed(all->p, all->which, all->sizes, all->lengths, lengths);
	return bench_now() - start;
}

/* Nothing is recorded of the first windows, in which free objects get their places. */
#define SETTLE 5

typedef u64 (*replace_fn)(struct population *all, unsigned int *done);

/* Free all, and see what is held then. */
static void finish(struct population *all, long before)
{
	long left;

	release(all);
	left = bench_pages_held() - before;
	bench_record(BENCH_PAGES_LEFT, max(left, 0L), 1);
}

static int steady(unsigned int n, replace_fn replace)
{
	long before = bench_pages_held();
	struct population all;
	int error = populate(&all, n, bench_objects);
	unsigned int i, done;

	if (error)
		return error;
	record_held(&all, BENCH_HELD_ALL);
	for (i = 0; i < SETTLE + bench_windows && !error; i++) {
		u64 cycles = replace(&all, &done);

		if (i >= SETTLE)
			bench_record(BENCH_PAIR, cycles, done);
		error = bench_pause();
	}
	record_held(&all, BENCH_HELD_STEADY);
	finish(&all, before);
	return error;
}

int bench_churn(unsigned int n)
{
	return steady(n, churn);
}

int bench_bursts(unsigned int n)
{
	return steady(n, bursts);
}

/* Free all but @count of them, at random. */
static void shrink_to(struct population *all, unsigned int count)
{
	while (all->count > count) {
		unsigned int last = all->count - 1, gone = bench_below(all->count);

		if (all->s)
			kmem_cache_free(all->s, all->p[gone]);
		else
			kfree(all->p[gone]);
		all->p[gone] = all->p[last];
		all->bytes[gone] = all->bytes[last];
		all->count = last;
	}
}

/* What is left after four times as many objects; then they are replaced. */
static int peak(unsigned int n, replace_fn replace, enum bench_figure afterwards)
{
	long before = bench_pages_held();
	struct population all;
	int error = populate(&all, n, 4 * bench_objects);
	unsigned int i, done;

	if (error)
		return error;
	record_held(&all, BENCH_HELD_PEAK);
	shrink_to(&all, bench_objects);
	record_held(&all, BENCH_HELD_AFTER);
	for (i = 0; i < 100 && !error; i++) {
		u64 cycles = replace(&all, &done);

		bench_record(BENCH_PAIR, cycles, done);
		error = bench_pause();
	}
	record_held(&all, afterwards);
	finish(&all, before);
	return error;
}

int bench_peak_churn(unsigned int n)
{
	return peak(n, churn, BENCH_HELD_CHURN);
}

int bench_peak_bursts(unsigned int n)
{
	return peak(n, bursts, BENCH_HELD_BURSTS);
}
