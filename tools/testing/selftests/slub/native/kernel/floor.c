// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an allocator is made of, each in a loop of its own.
 */
#include <linux/compiler.h>
#include <linux/percpu.h>
#include <linux/spinlock.h>

#include "host.h"

struct cell {
	struct cell *next;
};

/* The first of a list is taken off, and put back: no protection of any kind. */
void native_floor_list(unsigned long count)
{
	static struct cell cells[2], *first = &cells[0];
	struct cell *one;

	cells[0].next = &cells[1];
	while (count--) {
		one = READ_ONCE(first);
		WRITE_ONCE(first, one->next);
		barrier();
		WRITE_ONCE(one->next, READ_ONCE(first));
		WRITE_ONCE(first, one);
	}
}

#ifdef CONFIG_X86_64
static u64 pair[2] __aligned(16);

#define FLOOR_CMPXCHG16B(lock)								\
do {											\
	u64 low = 0, high = 0;								\
											\
	asm volatile(lock "cmpxchg16b %0"						\
		     : "+m" (pair), "+a" (low), "+d" (high) : "b" (0UL), "c" (0UL));	\
} while (0)

void native_floor_cmpxchg16b(unsigned long count)
{
	while (count--)
		FLOOR_CMPXCHG16B("");
}

void native_floor_cmpxchg16b_locked(unsigned long count)
{
	while (count--)
		FLOOR_CMPXCHG16B("lock ");
}

void native_floor_pushf_popf(unsigned long count)
{
	while (count--)
		asm volatile("pushf; popf" : : : "memory", "cc");
}
#endif

void native_floor_spin_lock(unsigned long count)
{
	static DEFINE_SPINLOCK(lock);
	unsigned long flags;

	while (count--) {
		spin_lock_irqsave(&lock, flags);
		spin_unlock_irqrestore(&lock, flags);
	}
}
