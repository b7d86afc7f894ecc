/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SLUB_NATIVE_HOST_H
#define SLUB_NATIVE_HOST_H
/*
 * Where the two worlds meet: functions that one side has and the other calls.
 *
 * Files in kernel/ are C, compiled by the kernel's makefiles like the allocator
 * itself: they stand in for the rest of the kernel. Files in host/ are C++, know
 * nothing of the kernel's headers, and have libc. What both include is this file.
 */
#ifdef __cplusplus
#include <cstdarg>
#include <cstddef>
#define __noreturn __attribute__((noreturn))
extern "C" {
#else
#include <linux/types.h>
#include <linux/stdarg.h>
#endif

#define NATIVE_CPUS		2
#define NATIVE_PAGE_SIZE	4096UL

/* ---- Of the host, called by the kernel's side ---- */

void native_write(const char *text, size_t length);
int native_format(char *text, size_t size, const char *format, va_list arguments);
void __noreturn native_die(const char *why);
void native_yield(void);
void native_run_on(unsigned int cpu, void (*fn)(void *arg), void *arg);

/* ---- Of the address sanitizer, which both may be compiled for ---- */

void __asan_poison_memory_region(const void *address, size_t size);
void __asan_unpoison_memory_region(const void *address, size_t size);

/* ---- Of the kernel's side, called by the host ---- */

/* cpu.c: per-CPU areas */
void native_percpu_section(char **start, size_t *size);
void native_percpu_setup(unsigned int cpu, void *area, size_t size);
unsigned long native_gs_base(unsigned int cpu);
unsigned long native_percpu_areas(void);

/* text.c: what the kernel patches in its own text when it boots */
void native_alternatives(void);
bool native_trap(unsigned long *ip);

/* pages.c: page allocator */
struct native_pages {
	unsigned long held;		/* pages that are allocated now */
	unsigned long peak;		/* most there were since the last reset, while wanted */
	unsigned long fail_after;	/* so many more allocations succeed, if not ~0 */
};

void native_pages_setup(void *arena, size_t size, void *map, unsigned int nodes);
size_t native_pages_map_size(size_t size);
void native_pages(struct native_pages *pages);
void native_pages_reset_peak(void);
void native_pages_want_peak(bool wanted);
/* So many more allocations succeed, if it is not ~0; then none does, or that one does not. */
void native_pages_fail_after(unsigned long allocations);
void native_pages_fail_once(unsigned long allocations);
bool native_pages_may_succeed(void);
int native_pages_node(const void *address);
void native_pages_policy(bool spilling);

/* later.c: what is put off: timers, work, RCU */
unsigned int native_run_later(bool timers);
unsigned int native_pass_time(unsigned long milliseconds);

/* boot.c */
const char *native_boot(const char *parameters);
size_t native_slabinfo(char *text, size_t size);

/* api.c: the interface of <linux/slab.h>, for who cannot include that */
struct kmem_cache;

#define NATIVE_ZERO		1U
#define NATIVE_THIS_NODE	2U
#define NATIVE_ATOMIC		4U
#define NATIVE_ANY_NODE		(-1)

extern const struct native_constants {
	unsigned long hwcache_align, typesafe_by_rcu, reclaim_account, never_merged;
	size_t kmalloc_min_size, kmalloc_max_cache_size;
	void *zero_size_ptr;
} native_constants;

struct kmem_cache *native_cache_create(const char *name, unsigned int size, unsigned int align,
				       unsigned long flags, void (*ctor)(void *));
struct kmem_cache *native_cache_create_usercopy(const char *name, unsigned int size,
						unsigned int from, unsigned int bytes);
struct kmem_cache *native_cache_of_struct(void);
void native_cache_destroy(struct kmem_cache *s);
int native_cache_shrink(struct kmem_cache *s);
void native_shrink_all(void);
unsigned int native_cache_size(struct kmem_cache *s);
void *native_cache_alloc(struct kmem_cache *s, bool zero);
void *native_cache_zalloc(struct kmem_cache *s);
void *native_cache_alloc_lru(struct kmem_cache *s);
void *native_cache_alloc_node(struct kmem_cache *s, unsigned int how, int node);
void native_cache_free(struct kmem_cache *s, void *x);
void *native_kmalloc(size_t size, bool zero);
void *native_kmalloc_reclaimable(size_t size);
void *native_kmalloc_node(size_t size, unsigned int how, int node);
void *native_kmalloc_array(size_t count, size_t size);
void *native_kcalloc(size_t count, size_t size);
size_t native_kmalloc_roundup(size_t size);
void *native_krealloc_array(void *x, size_t count, size_t size);
void *native_krealloc(void *x, size_t size);
void native_kfree(void *x);
void native_kfree_sensitive(void *x);
size_t native_ksize(void *x);
unsigned int native_slab_pages(const void *x, size_t size);
int native_alloc_bulk(struct kmem_cache *s, size_t count, void **p);
void native_free_bulk(struct kmem_cache *s, size_t count, void **p);
int native_ptr_validate(struct kmem_cache *s, const void *x);
void native_dump_obj(void *x);

/* loops.c: what is measured */
void native_pair_kmalloc(unsigned long count, size_t size);
void native_pair_cache(struct kmem_cache *s, unsigned long count);
unsigned long native_alloc_many(struct kmem_cache *s, void **p, unsigned long count);
unsigned long native_alloc_many_zeroed(struct kmem_cache *s, void **p, unsigned long count);
void native_free_many(struct kmem_cache *s, void **p, unsigned long count);
unsigned long native_kmalloc_many(void **p, const unsigned int *sizes, unsigned long count);
void native_kfree_many(void **p, unsigned long count);
unsigned long native_churn(struct kmem_cache *s, void **p, const unsigned int *which,
			   unsigned long count);
unsigned long native_churn_mixed(void **p, const unsigned int *which, const unsigned int *sizes,
				 unsigned long count);
unsigned long native_bursts(struct kmem_cache *s, void **p, const unsigned int *which,
			    const unsigned int *lengths, unsigned long bursts);
unsigned long native_bursts_mixed(void **p, const unsigned int *which, const unsigned int *sizes,
				  const unsigned int *lengths, unsigned long bursts);
unsigned long native_bulk(struct kmem_cache *s, void **p, unsigned long size, unsigned long count);
unsigned long native_bulk_alloc(struct kmem_cache *s, void **p, unsigned long size,
				unsigned long count);
void native_bulk_free(struct kmem_cache *s, void **p, unsigned long size, unsigned long count);

/* floor.c: what an allocator is made of */
void native_floor_list(unsigned long count);
void native_floor_cmpxchg16b(unsigned long count);
void native_floor_cmpxchg16b_locked(unsigned long count);
void native_floor_pushf_popf(unsigned long count);
void native_floor_spin_lock(unsigned long count);

#ifdef __cplusplus
}
#endif

#endif /* SLUB_NATIVE_HOST_H */
