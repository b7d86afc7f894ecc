// SPDX-License-Identifier: GPL-2.0-only
/*
 * Caches as a whole: made and gone again, used for the first time, shrunk.
 */
#include "bench.h"

int bench_create_destroy(unsigned int n)
{
	const unsigned int count = 20;
	int error = 0;
	unsigned int i, j;

	for (i = 0; i < bench_windows && !error; i++) {
		u64 start = bench_now();

		for (j = 0; j < count && !error; j++) {
			struct kmem_cache *s = bench_cache(n, bench_constructor);

			error = s ? 0 : -ENOMEM;
			kmem_cache_destroy(s);
		}
		bench_record(BENCH_PAIR, bench_now() - start, count);
		error = error ?: bench_pause();
	}
	return error;
}

/* The first object of a cache: there is no slab, and no area for the CPU perhaps. */
int bench_first_touch(unsigned int n)
{
	int error = 0;
	unsigned int i;

	for (i = 0; i < 4 * bench_windows && !error; i++) {
		struct kmem_cache *s = bench_cache(n, bench_constructor);
		unsigned long got;
		void *x;
		u64 start;

		if (!s)
			return -ENOMEM;
		start = bench_now();
		got = native_alloc_many(s, &x, 1);
		bench_record(BENCH_ALLOC, bench_now() - start, 1);
		native_free_many(s, &x, got);
		kmem_cache_destroy(s);
		error = got ? bench_pause() : -ENOMEM;
	}
	return error;
}

static void record_held(enum bench_figure figure, long before, unsigned long bytes)
{
	long pages = bench_pages_held() - before;

	bench_record(figure, max(pages, 0L) * PAGE_SIZE, max(bytes, 1UL));
}

/* What it takes for each page when one object in 50 is in use; what is held before and after. */
static int shrink_window(struct kmem_cache *s, unsigned int size, void **p, long before)
{
	unsigned long got = native_alloc_many(s, p, bench_objects), kept = 0, i;
	long pages = bench_pages_held() - before;
	u64 cycles;

	for (i = 0; i < got; i++) {
		if (i % 50)
			kmem_cache_free(s, p[i]);
		else
			p[kept++] = p[i];
	}
	record_held(BENCH_HELD_USED, before, kept * size);
	cycles = bench_now();
	kmem_cache_shrink(s);
	cycles = bench_now() - cycles;
	bench_record(BENCH_PAGE, cycles, max(pages, 1L));
	record_held(BENCH_HELD_SHRUNK, before, kept * size);
	native_free_many(s, p, kept);
	return got == bench_objects ? bench_pause() : -ENOMEM;
}

int bench_shrink(unsigned int n)
{
	void **p = vmalloc_array(bench_objects, sizeof(*p));
	long before = bench_pages_held();
	struct kmem_cache *s = bench_cache(n, NULL);
	int error = p && s ? 0 : -ENOMEM;
	unsigned int i;

	for (i = 0; i < bench_windows && !error; i++)
		error = shrink_window(s, n, p, before);
	kmem_cache_destroy(s);
	vfree(p);
	return error;
}
