/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_SLUB_DEF_H
#define _LINUX_SLUB_DEF_H

/*
 * SLUB, the unqueued slab allocator: the structures.
 *
 *   struct kmem_cache --cpu_slab--> struct kmem_cache_cpu, one a CPU
 *     | node[]                        | slab, partial: what the CPU owns
 *     |                               | recent: objects at hand
 *     v                               v
 *   struct kmem_cache_node <------> struct slab (overlays struct page)
 *     one part of the pool a node     |
 *     partial: <-> slab <-> slab      +-> objects; the free ones are linked
 *     empty:   <-> slab                   through themselves
 *
 * mm/slub.c begins with the theory of operation.
 */
#include <linux/kfence.h>
#include <linux/kobject.h>
#include <linux/reciprocal_div.h>
#include <linux/spinlock.h>

/*
 * What CONFIG_SLUB_STATS counts: a file each in /sys/kernel/slab/<cache>/, by
 * the name in lower case. Documentation/mm/slub.rst says what each one means.
 */
enum slub_stat {
	STAT_ALLOC_FASTPATH,
	STAT_ALLOC_SLOWPATH,
	STAT_FREE_FASTPATH,
	STAT_FREE_SLOWPATH,
	STAT_FREE_FROZEN,
	STAT_FREE_ADD_PARTIAL,
	STAT_FREE_REMOVE_PARTIAL,
	STAT_ALLOC_FROM_PARTIAL,
	STAT_ALLOC_SLAB,
	STAT_ALLOC_REFILL,
	STAT_ALLOC_NODE_MISMATCH,
	STAT_FREE_SLAB,
	STAT_CPUSLAB_FLUSH,
	STAT_DEACTIVATE_FULL,
	STAT_DEACTIVATE_EMPTY,
	STAT_DEACTIVATE_TO_HEAD,
	STAT_DEACTIVATE_TO_TAIL,
	STAT_DEACTIVATE_REMOTE_FREES,
	STAT_DEACTIVATE_BYPASS,
	STAT_ORDER_FALLBACK,
	STAT_CMPXCHG_DOUBLE_CPU_FAIL,
	STAT_CMPXCHG_DOUBLE_FAIL,
	STAT_CPU_PARTIAL_ALLOC,
	STAT_CPU_PARTIAL_FREE,
	STAT_CPU_PARTIAL_NODE,
	STAT_CPU_PARTIAL_DRAIN,
	NR_SLUB_STATS
};

/**
 * struct kmem_cache_cpu - what one CPU holds of a cache
 * @top: the last of the objects at hand, in @recent
 * @limit: where it may be at most after a free; at @recent until something else is
 *         used again
 * @slab: the slab that this CPU allocates from, or NULL
 * @last: where objects at hand came from last; that slab may be gone
 * @home: what slub_home() says of the slabs whose objects may be at hand
 * @busy: all of this is being changed right now: an interrupt that finds it set
 *        keeps its hands off
 * @largest: there is no larger place for all this
 * @cramped: there was an object that did not fit in
 * @node: whose slabs are counted in @slabs and @capacity
 * @max_room: how many objects fit in
 * @nr_partial: length of @partial
 * @id: what slab->owner is for the slabs that this CPU owns
 * @bytes: of all this
 * @allocs: objects taken out of slabs, and those that were freed in another way than
 *          the quickest, since the idle check last came by
 * @slabs: slabs made less slabs given back to the page allocator on this CPU, ever; only
 *         sums mean something, as of what follows
 * @capacity: how many objects fit into those
 * @objects: objects taken out of slabs less those put back into slabs on this CPU, ever;
 *           they may have been handed out on another one
 * @partial: further slabs that this CPU owns, each with objects in slab->local
 * @rcu: others may still look at it when it goes
 * @outgrown: what this was before it was made larger
 * @random: where in the random order of objects to begin, if there is one
 * @recent: NULL, and the objects at hand, the last one handed out first
 *
 * Only the CPU itself writes these fields, between slub_cpu_enter() and
 * slub_cpu_exit(); a CPU that is dead is written by the one that buries it.
 */
struct kmem_cache_cpu {
	void **top;
	void **limit;
	bool busy;
	u8 largest : 1;
	u8 cramped : 1;
	u16 node;
	u32 allocs;
	unsigned long home;
	struct slab *last;
	struct slab *slab;
	u16 id;
	u16 nr_partial;
	u16 max_room;
	u16 bytes;
	s32 slabs;
	s32 capacity;
	long objects;
	union {
		struct list_head partial;
		struct rcu_head rcu;
	};
	struct kmem_cache_cpu *outgrown;
#ifdef CONFIG_SLAB_FREELIST_RANDOM
	u32 random;
#endif
	void *recent[];
};

#ifdef CONFIG_SLUB_STATS
/**
 * struct slub_stats - what happened on one CPU
 * @item: see enum slub_stat; any context adds to it
 */
struct slub_stats {
	unsigned long item[NR_SLUB_STATS];
};
#endif

/**
 * struct kmem_cache_node - the part of a cache's pool that lies on one node
 * @list_lock: protects the lists and their lengths, and serialises whoever
 *             takes objects out of a slab that no CPU owns
 * @nr_partial: length of @partial
 * @nr_empty: length of @empty, at most kmem_cache.min_partial
 * @partial: slabs without owner in which some objects are free
 * @empty: slabs without owner in which all objects are free: the reserve
 * @wanted_by: the kmem_cache_cpu.id of a CPU that found no slab here, and made one, or
 *             SLUB_SEVERAL: others that own many let go; 0 if nobody
 * @nr_slabs: all slabs that the cache has on this node, in the pool or not, as far as
 *            no kmem_cache_cpu counts them
 * @total_objects: objects that fit into those slabs
 * @full: slabs without owner in which no object is free; only those of a cache
 *        that is debugged are listed
 */
struct kmem_cache_node {
	spinlock_t list_lock;	/* lists, and taking objects: see above */
	unsigned int nr_empty;
	unsigned long nr_partial;
	struct list_head partial;
	struct list_head empty;
	u16 wanted_by;
	atomic_long_t nr_slabs;
	atomic_long_t total_objects;
#ifdef CONFIG_SLUB_DEBUG
	struct list_head full;
#endif
} ____cacheline_aligned_in_smp;

/**
 * struct kmem_cache - a slab cache
 * @cpu_slab: what each CPU holds; &slub_no_cpu while that is nothing
 * @stats: what happened on each CPU
 * @flags: SLAB_* flags in force
 * @size: bytes from one object to the next
 * @object_size: bytes that the creator asked for
 * @offset: bytes from the start of a free object to its free pointer
 * @reciprocal_size: for dividing by @size
 * @inverse: of the odd part of @size, modulo 2^32
 * @twos: how often 2 divides @size
 * @mask: the low bits that are 0 in the address of each object and in no other
 *        one: @size - 1 if it is a power of two; all bits if there is no such mask,
 *        or if objects are to be wiped when they are freed
 * @objects: objects in a slab of @order
 * @order: page order of a slab
 * @min_order: page order to fall back to when memory is fragmented
 * @min_partial: empty slabs kept in reserve on each node
 * @cpu_partial: slabs that a CPU may own beside the one that it allocates from;
 *               if none, nothing that it frees is at hand either
 * @allocflags: GFP_* flags for pages, beside those of the caller
 * @uncounted: objects handed out less those taken back, as far as no
 *             kmem_cache_cpu could count them
 * @leaving: how often a CPU began to give up its kmem_cache_cpu
 * @left: how often that was done
 * @refcount: users that share the cache; negative: never shared
 * @ctor: constructor, called for each object when its slab is made
 * @inuse: bytes from the start of an object to whatever the allocator
 *         keeps behind it
 * @align: alignment of objects in bytes
 * @name: name of the first user
 * @list: on slab_caches, under slab_mutex
 * @aliases: names of further users of a merged cache, under slab_mutex
 * @red_left_pad: bytes before an object that are its left red zone
 * @traces: its directory in debugfs, if it has one
 * @random: key that free pointers are encoded with
 * @random_seq: order in which the objects of a fresh slab are linked: the
 *              indexes of a struct slub_sequence
 * @kobj: its directory in /sys/kernel/slab
 * @kasan_info: where KASAN keeps its data
 * @useroffset: start of the bytes that user space may copy
 * @usersize: number of the bytes that user space may copy
 * @node: the pool, one part a node
 */
struct kmem_cache {
	struct kmem_cache_cpu * __percpu *cpu_slab;
#ifdef CONFIG_SLUB_STATS
	struct slub_stats __percpu *stats;
#endif
	slab_flags_t flags;
	unsigned int size;
	unsigned int object_size;
	unsigned int offset;
	struct reciprocal_value reciprocal_size;
	u32 inverse;
	unsigned int twos;
	unsigned long mask;
	unsigned int objects;
	unsigned int order;
	unsigned int min_order;
	unsigned int min_partial;
	unsigned int cpu_partial;
	gfp_t allocflags;
	atomic_long_t uncounted;
	atomic_t leaving;
	atomic_t left;
	int refcount;
	void (*ctor)(void *object);
	unsigned int inuse;
	unsigned int align;
	const char *name;
	struct list_head list;
	struct list_head aliases;
#ifdef CONFIG_SLUB_DEBUG
	unsigned int red_left_pad;
	struct dentry *traces;
#endif
#ifdef CONFIG_SLAB_FREELIST_HARDENED
	unsigned long random;
#endif
#ifdef CONFIG_SLAB_FREELIST_RANDOM
	unsigned int *random_seq;
#endif
#ifdef CONFIG_SYSFS
	struct kobject kobj;
#endif
#ifdef CONFIG_KASAN
	struct kasan_cache kasan_info;
#endif
	unsigned int useroffset;
	unsigned int usersize;
	struct kmem_cache_node node[];
};

#ifdef CONFIG_SYSFS
#define SLAB_SUPPORTS_SYSFS
void sysfs_slab_add(struct kmem_cache *s);
void sysfs_slab_unlink(struct kmem_cache *s);
void sysfs_slab_release(struct kmem_cache *s);
#endif

/* Bytes from the start of an object's share of a slab to the object itself. */
static inline unsigned int slub_left_pad(const struct kmem_cache *cache)
{
#ifdef CONFIG_SLUB_DEBUG
	return cache->red_left_pad;
#else
	return 0;
#endif
}

/* Index of the object that byte @obj of a slab at @addr belongs to. */
static inline unsigned int __obj_to_index(const struct kmem_cache *cache,
					  void *addr, void *obj)
{
	return reciprocal_divide(kasan_reset_tag(obj) - addr,
				 cache->reciprocal_size);
}

static inline unsigned int obj_to_index(const struct kmem_cache *cache,
					const struct slab *slab, void *obj)
{
	/* A KFENCE page holds one object, at any offset. */
	if (is_kfence_address(obj))
		return 0;
	return __obj_to_index(cache, slab_address(slab), obj);
}

static inline int objs_per_slab(const struct kmem_cache *cache,
				const struct slab *slab)
{
	return slab->objects;
}

/* Start of the object that @x points into, or of the last one of the slab. */
static inline void *nearest_obj(struct kmem_cache *cache,
				const struct slab *slab, void *x)
{
	unsigned int index = __obj_to_index(cache, slab_address(slab), x);
	void *slot = slab_address(slab) +
		     min_t(unsigned int, index, slab->objects - 1) * cache->size;

	return slot + slub_left_pad(cache);
}

#endif /* _LINUX_SLUB_DEF_H */
