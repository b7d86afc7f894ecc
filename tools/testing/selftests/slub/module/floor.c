// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an allocator cannot do without, or might want to: single steps of one, as
 * the processor does them in the kernel. Like all figures these have the loop in
 * them; it is measured, too.
 */
#include <linux/irqflags.h>
#include <linux/spinlock.h>

#include "bench.h"

/* A function that measures STEP. */
#define FLOOR(name, step)						\
	int bench_floor_##name(unsigned int n)				\
	{								\
		unsigned int i, j;					\
									\
		for (i = 0; i < bench_windows && !bench_pause(); i++) {	\
			u64 start = bench_now();			\
									\
			for (j = 0; j < bench_objects; j++)		\
				step;					\
			bench_record(BENCH_PAIR, bench_now() - start,	\
				     bench_objects);			\
		}							\
		return bench_pause();					\
	}

FLOOR(loop, barrier())
FLOOR(clock, bench_now())

/* A list of free objects that nobody else looks at: take the first, put it back. */
struct object {
	struct object *next;
};

static struct object objects[2] = { { &objects[1] } };
static struct object *first = &objects[0];

static __always_inline void pop_and_push(void)
{
	struct object *x = READ_ONCE(first);

	WRITE_ONCE(first, READ_ONCE(x->next));
	WRITE_ONCE(x->next, READ_ONCE(first));
	WRITE_ONCE(first, x);
}

FLOOR(list, pop_and_push())

#ifdef CONFIG_X86_64
/* How kernels name it changed: it is always this instruction. */
static u64 words[2] __aligned(16);

#define cmpxchg16b(prefix)						\
	do {								\
		u64 low = words[0], high = words[1];			\
									\
		asm volatile(prefix "cmpxchg16b %0"			\
			     : "+m" (words), "+a" (low), "+d" (high)	\
			     : "b" (low + 1), "c" (high)		\
			     : "memory", "cc");				\
	} while (0)

FLOOR(cmpxchg16b, cmpxchg16b("lock "))
FLOOR(cmpxchg16b_unlocked, cmpxchg16b(""))
#endif

static DEFINE_SPINLOCK(lock);

static __always_inline void lock_and_unlock(void)
{
	spin_lock(&lock);
	spin_unlock(&lock);
}

static __always_inline void lock_irqsave_and_unlock(void)
{
	unsigned long flags;

	spin_lock_irqsave(&lock, flags);
	spin_unlock_irqrestore(&lock, flags);
}

static __always_inline void save_and_restore(void)
{
	unsigned long flags;

	local_irq_save(flags);
	local_irq_restore(flags);
}

static __always_inline void disable_and_enable(void)
{
	local_irq_disable();
	local_irq_enable();
}

FLOOR(spin_lock, lock_and_unlock())
FLOOR(spin_lock_irqsave, lock_irqsave_and_unlock())
FLOOR(irqsave, save_and_restore())
FLOOR(cli_sti, disable_and_enable())
