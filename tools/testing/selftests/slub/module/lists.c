// SPDX-License-Identifier: GPL-2.0-only
/*
 * An object at a time; many, then all of them again; many at once.
 */
#include <linux/minmax.h>

#include "bench.h"

int bench_pair_kmalloc(unsigned int n)
{
	unsigned int i;

	for (i = 0; i < bench_windows && !bench_pause(); i++) {
		u64 start = bench_now();

		native_pair_kmalloc(bench_objects, n);
		bench_record(BENCH_PAIR, bench_now() - start, bench_objects);
	}
	return bench_pause();
}

int bench_pair_cache(unsigned int n)
{
	struct kmem_cache *s = bench_cache(n, NULL);
	unsigned int i;

	if (!s)
		return -ENOMEM;
	for (i = 0; i < bench_windows && !bench_pause(); i++) {
		u64 start = bench_now();

		native_pair_cache(s, bench_objects);
		bench_record(BENCH_PAIR, bench_now() - start, bench_objects);
	}
	kmem_cache_destroy(s);
	return bench_pause();
}

enum order { AS_ALLOCATED, REVERSE, RANDOM };

static void arrange(void **p, unsigned int count, enum order order)
{
	unsigned int i;

	if (order == RANDOM)
		bench_shuffle(p, count);
	if (order == REVERSE)
		for (i = 0; i < count / 2; i++)
			swap(p[i], p[count - 1 - i]);
}

static int list_window(struct kmem_cache *s, void **p, unsigned int count, enum order order)
{
	unsigned long got;
	u64 start = bench_now();

	got = native_alloc_many(s, p, count);
	bench_record(BENCH_ALLOC, bench_now() - start, count);
	arrange(p, got, order);
	start = bench_now();
	native_free_many(s, p, got);
	bench_record(BENCH_FREE, bench_now() - start, count);
	return got == count ? bench_pause() : -ENOMEM;
}

static int list(unsigned int size, unsigned int count, enum order order)
{
	unsigned int i, repeat = clamp(1000 / count, 1U, (unsigned int)BENCH_REPEAT_MAX);
	void **p = vmalloc_array(count, sizeof(*p));
	struct kmem_cache *s = bench_cache(size, NULL);
	int error = p && s ? 0 : -ENOMEM;

	for (i = 0; i < bench_windows * repeat && !error; i++)
		error = list_window(s, p, count, order);
	kmem_cache_destroy(s);
	vfree(p);
	return error;
}

int bench_list_in_order(unsigned int n)
{
	return list(n, bench_objects, AS_ALLOCATED);
}

int bench_list_reverse(unsigned int n)
{
	return list(n, bench_objects, REVERSE);
}

int bench_list_random(unsigned int n)
{
	return list(n, bench_objects, RANDOM);
}

int bench_list_random_256(unsigned int n)
{
	return list(256, n, RANDOM);
}

/* As most of the kernel does it: by a size that only the caller knows. */
int bench_list_kmalloc(unsigned int n)
{
	void **p = vmalloc_array(bench_objects, sizeof(*p));
	unsigned int *sizes = vmalloc_array(bench_objects, sizeof(*sizes));
	int error = p && sizes ? 0 : -ENOMEM;
	unsigned long got;
	unsigned int i;

	for (i = 0; i < bench_objects && !error; i++)
		sizes[i] = n;
	for (i = 0; i < bench_windows && !error; i++) {
		u64 start = bench_now();

		got = native_kmalloc_many(p, sizes, bench_objects);
		bench_record(BENCH_ALLOC, bench_now() - start, bench_objects);
		start = bench_now();
		native_kfree_many(p, got);
		bench_record(BENCH_FREE, bench_now() - start, bench_objects);
		error = got == bench_objects ? bench_pause() : -ENOMEM;
	}
	vfree(sizes);
	vfree(p);
	return error;
}

static int bulk(unsigned int size, unsigned int at_once)
{
	unsigned long count = max(bench_objects / at_once, 1U) * at_once, done;
	void **p = vmalloc_array(at_once, sizeof(*p));
	struct kmem_cache *s = bench_cache(size, NULL);
	int error = p && s ? 0 : -ENOMEM;
	unsigned int i;

	for (i = 0; i < bench_windows && !error; i++) {
		u64 start = bench_now();

		done = native_bulk(s, p, at_once, count);
		bench_record(BENCH_PAIR, bench_now() - start, count);
		error = done == count ? bench_pause() : -ENOMEM;
	}
	kmem_cache_destroy(s);
	vfree(p);
	return error;
}

int bench_bulk_64(unsigned int n)
{
	return bulk(64, n);
}

int bench_bulk_256(unsigned int n)
{
	return bulk(256, n);
}

int bench_zeroed(unsigned int n)
{
	unsigned long got, count = DIV_ROUND_UP(bench_objects, 5);
	void **p = vmalloc_array(count, sizeof(*p));
	struct kmem_cache *s = bench_cache(n, NULL);
	int error = p && s ? 0 : -ENOMEM;
	unsigned int i;

	for (i = 0; i < bench_windows && !error; i++) {
		u64 start = bench_now();

		got = native_alloc_many_zeroed(s, p, count);
		bench_record(BENCH_ALLOC, bench_now() - start, count);
		native_free_many(s, p, got);
		error = got == count ? bench_pause() : -ENOMEM;
	}
	kmem_cache_destroy(s);
	vfree(p);
	return error;
}
