/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MM_SLUB_DEBUG_H
#define MM_SLUB_DEBUG_H
/*
 * SLUB: what the files of CONFIG_SLUB_DEBUG share.
 *
 * An object and what debugging puts around it; brackets: only with the option
 * that is named there. The whole is s->size bytes, aligned as the object is.
 *
 *   [left red zone]      Z    s->red_left_pad bytes
 *   object                    s->object_size bytes
 *   [right red zone]     Z    up to s->inuse, one byte or more
 *   [free pointer]            where the object's content is not to be touched
 *   [two struct track]   U    who allocated it, who freed it
 *   [size asked for]     U    of kmalloc() caches
 *   [KASAN's data]
 *   padding                   [P] filled, one word or more with Z
 */
#include <linux/poison.h>
#include <linux/slab.h>
#include <linux/stackdepot.h>

#include "slub.h"

/**
 * struct slub_track - who did something to an object
 * @addr: return address of the caller of the allocator; 0 if nobody did
 * @when: jiffies of that time
 * @stack: its stack in the stack depot; 0 if there was no memory for it
 * @cpu: id of the CPU
 * @pid: id of the process
 */
struct slub_track {
	unsigned long addr;
	unsigned long when;
	depot_stack_handle_t stack;
	int cpu;
	int pid;
};

enum slub_track_item { TRACK_ALLOC, TRACK_FREE, TRACKS };

/* slub_debug.c */
bool slub_poisons_objects(const struct kmem_cache *s);
unsigned int slub_meta_end(struct kmem_cache *s);
struct slub_track *slub_track_of(const struct kmem_cache *s, void *object,
				 enum slub_track_item item);
unsigned int *slub_asked_for(const struct kmem_cache *s, void *object);

/* slub_check.c */
bool slub_check_slab(struct kmem_cache *s, struct slab *slab,
		     unsigned long *map, struct slub_finding *f);
bool slub_repair(struct kmem_cache *s, struct slab *slab, unsigned long *map,
		 const struct slub_finding *f);

/* slub_report.c */
void slub_report_finding(struct kmem_cache *s, struct slab *slab,
			 const struct slub_finding *f);
void slub_report_repair(struct kmem_cache *s, const struct slub_finding *f);
__printf(2, 3) void slub_report_fix(struct kmem_cache *s, const char *fmt, ...);
void slub_report_trace(struct kmem_cache *s, struct slab *slab,
		       const void *object, bool alloc);

/* slub_track.c */
void slub_track_make(struct slub_track *track, unsigned long caller,
		     unsigned long through);
ssize_t slub_track_calls(struct kmem_cache *s, enum slub_track_item item,
			 char *buf);

#endif /* MM_SLUB_DEBUG_H */
