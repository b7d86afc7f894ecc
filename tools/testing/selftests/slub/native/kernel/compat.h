/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SLUB_NATIVE_COMPAT_H
#define SLUB_NATIVE_COMPAT_H
/*
 * Kernels from 6.1 to 6.12: the files beside this one use the newer names, and
 * older kernels learn them here. For each, the release that brought it.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/percpu.h>
#include <linux/version.h>
#include <asm/alternative.h>
#include <asm/current.h>

#define SINCE(minor) (KERNEL_VERSION(6, minor, 0) <= LINUX_VERSION_CODE)

/* 6.10: who allocates is recorded; what one calls is a macro around the function. */
#if !SINCE(10)
#define alloc_pages_noprof	alloc_pages
#define __alloc_pages_noprof	__alloc_pages
#define get_free_pages_noprof	__get_free_pages
#endif

/* 6.10: seq_puts() is an inline function, which calls this or seq_write(). */
#if !SINCE(10)
#define __seq_puts		seq_puts
#endif

/* 6.8; and since 6.4 MAX_ORDER was the greatest order, no longer one above it. */
#if !SINCE(4)
#define NR_PAGE_ORDERS		MAX_ORDER
#elif !SINCE(8)
#define NR_PAGE_ORDERS		(MAX_ORDER + 1)
#endif

/* 6.2: what a CPU needs most is in one structure, of which there is an alias for the compiler. */
#if SINCE(2)
#define DEFINE_PER_CPU_HOT()						\
	DEFINE_PER_CPU_ALIGNED(struct pcpu_hot, pcpu_hot);		\
	asm(".globl const_pcpu_hot\n.set const_pcpu_hot, pcpu_hot")
#define hot_task		pcpu_hot.current_task
#define hot_cpu_number		pcpu_hot.cpu_number
#else
#define DEFINE_PER_CPU_HOT()						\
	DEFINE_PER_CPU_READ_MOSTLY(int, cpu_number);			\
	DEFINE_PER_CPU(int, __preempt_count);				\
	DEFINE_PER_CPU(struct task_struct *, current_task)
#define hot_task		current_task
#define hot_cpu_number		cpu_number
#endif

/* 6.3: flags of an alternative have a field of their own. */
#if SINCE(3)
#define alternative_feature(a)	((a)->cpuid)
#define alternative_inverted(a)	((a)->flags & ALT_FLAG_NOT)
#else
#define alternative_feature(a)	((a)->cpuid & ~ALTINSTR_FLAG_INV)
#define alternative_inverted(a)	((a)->cpuid & ALTINSTR_FLAG_INV)
#endif

/* 6.6: the order of a block of pages is in flags of its second page. */
static inline void compat_set_order(struct page *page, unsigned int order)
{
#if SINCE(6)
	page[1].flags = (page[1].flags & ~0xffUL) | order;
	((struct folio *)page)->_folio_nr_pages = 1U << order;
#else
	set_compound_page_dtor(page, COMPOUND_PAGE_DTOR);
	set_compound_order(page, order);
#endif
}

#endif /* SLUB_NATIVE_COMPAT_H */
