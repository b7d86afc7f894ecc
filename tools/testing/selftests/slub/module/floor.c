// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an allocator cannot do without, or might want to: single steps of one, as
 * the processor does them in the kernel, of which userspace knows those of the
 * native harness. Like all figures these have the loop in them; it is measured,
 * too.
 */
#include <linux/irqflags.h>

#include "bench.h"
#include "../native/kernel/floor.c"

static void loops(unsigned long count)
{
	while (count--)
		barrier();
}

static void read_clock(unsigned long count)
{
	while (count--)
		bench_now();
}

static void save_and_restore(unsigned long count)
{
	unsigned long flags;

	while (count--) {
		local_irq_save(flags);
		local_irq_restore(flags);
	}
}

static void disable_and_enable(unsigned long count)
{
	while (count--) {
		local_irq_disable();
		local_irq_enable();
	}
}

/* A function that measures a LOOP. */
#define FLOOR(name, loop)						\
	int bench_floor_##name(unsigned int n)				\
	{								\
		unsigned int i;						\
									\
		for (i = 0; i < bench_windows && !bench_pause(); i++) {	\
			u64 start = bench_now();			\
									\
			loop(bench_objects);				\
			bench_record(BENCH_PAIR, bench_now() - start,	\
				     bench_objects);			\
		}							\
		return bench_pause();					\
	}

FLOOR(loop, loops)
FLOOR(clock, read_clock)
FLOOR(list, native_floor_list)
#ifdef CONFIG_X86_64
FLOOR(cmpxchg16b, native_floor_cmpxchg16b)
FLOOR(cmpxchg16b_locked, native_floor_cmpxchg16b_locked)
FLOOR(pushf_popf, native_floor_pushf_popf)
#endif
FLOOR(spin_lock_irqsave, native_floor_spin_lock)
FLOOR(irqsave, save_and_restore)
FLOOR(cli_sti, disable_and_enable)
