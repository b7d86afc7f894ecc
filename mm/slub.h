/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MM_SLUB_H
#define MM_SLUB_H
/*
 * SLUB: what its files share, and nobody else.
 *
 *   slub.c        theory, fast path, slow path
 *   slub_local.h  what the owner of a slab has for itself
 *   slub_slab.c   slabs from pages and back
 *   slub_pool.c   the pool: slabs that no CPU owns, and the slab word; with
 *                 slub_pool.h and slub_pool_info.c
 *   slub_place.c  the place where it is noted what a CPU holds; giving all of it back
 *   slub_flush.c  when that is done: idle, shrink, CPU offline
 *   slub_cache.c  set-up: geometry, merging, boot, parameters, destruction
 *   slub_info.c   what users see: /proc/slabinfo, names, reports
 *   slub_sysfs.c  /sys/kernel/slab
 *
 * and with CONFIG_SLUB_DEBUG, sharing slub_debug.h:
 *
 *   slub_debug.c   options, and what they put around an object
 *   slub_check.c   checks: on each allocation and free, of all slabs
 *   slub_report.c  what is printed when a check finds something
 *   slub_track.c   who allocated and freed objects
 *   slub_pool_debug.c  the pool of a cache that is debugged
 *
 * The pool's interface is the slub_pool_*() functions below and nothing else.
 */
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/ratelimit_types.h>
#include <linux/swab.h>

#include "slab.h"

/*
 * Glossary
 *
 * at hand  Of what was freed on a CPU some objects stay with it, to be handed
 *          out again at once. Their slabs do not know that they are free.
 * fresh    The objects of a new slab are not linked as long as its owner hands them
 *          out one after the other, without ever having looked at them; nor are the
 *          links looked at that those of an empty slab have.
 * dense    A slab is dense if no object is on its lists. Objects of such slabs
 *          alone are kept at hand: others belong back to where they help a
 *          slab to become empty.
 * local    What the owner of a slab knows to be free in it: slab->local, slab->map.
 * owned    A slab is owned while a CPU hands out its objects. Whoever took it
 *          from the pool, or made it, or freed the first object of it while it
 *          was full, owns it until it gives it back.
 * word     slab->state: the shared free list of a slab and its owner bit, in
 *          the 32 bits that all changes of a slab's state go through.
 * settled  A slab without owner is settled if it is where its word says: on
 *          no list when full, else on its node's partial or empty list.
 */
union slab_word {
	u32 word;
	struct {
		u16 head;	/* 1 + index of the first free object, or 0 */
		u16 free : 15;	/* length of the shared free list */
		u16 owned : 1;	/* some CPU, or a task on the way, owns it */
	};
	/* What the owner has for itself, in slab->local. */
	struct {
		u16 first;	/* as @head */
		u16 count : 15;	/* as @free */
		u16 fresh : 1;	/* no links: all from @first on are free */
	};
};

static_assert(sizeof(union slab_word) == sizeof_field(struct slab, state));
static_assert(sizeof(union slab_word) == sizeof_field(struct slab, local));

/* What the fields of the word can hold. */
#define SLAB_OBJECTS_MAX	0x7fff

/* Stands in for what a CPU holds of a cache until it holds something. */
extern struct kmem_cache_cpu slub_no_cpu;

/*
 * What @cpu holds of a cache, or NULL if that is nothing. Under rcu_read_lock(),
 * if it is not the CPU that we run on.
 */
static inline struct kmem_cache_cpu *slub_cpu(const struct kmem_cache *s,
					      int cpu)
{
	struct kmem_cache_cpu *c = READ_ONCE(*per_cpu_ptr(s->cpu_slab, cpu));

	return c != &slub_no_cpu ? c : NULL;
}

/*
 * A field of another CPU's, of a moment: data_race() since that one changes it by
 * plain stores.
 */
#define of_other(field)		data_race(READ_ONCE(field))

/* How many objects are at hand. */
static inline unsigned int slub_hand(const struct kmem_cache_cpu *c)
{
	return READ_ONCE(c->top) - c->recent;
}

/*
 * What a CPU asks of the slabs that it keeps: that they are of its node, and
 * did not come from the emergency reserves. The page flags say both at once.
 */
#if defined(CONFIG_NUMA) && !defined(NODE_NOT_IN_PAGE_FLAGS)
#define HOME_NODE(nid)	((unsigned long)(nid) << NODES_PGSHIFT)

static __always_inline unsigned long slub_home(const struct slab *slab)
{
	return slab->__page_flags &
	       ((NODES_MASK << NODES_PGSHIFT) | BIT(PG_active));
}
#else
#define HOME_NODE(nid)	((unsigned long)(nid) << 1)

static __always_inline unsigned long slub_home(const struct slab *slab)
{
	return HOME_NODE(slab_nid(slab)) | slab_test_pfmemalloc(slab);
}
#endif

/* The node of this CPU's own memory; NUMA_NO_NODE if there is none on its node. */
static inline int slub_own_node(void)
{
	int node = numa_mem_id();

	return node_state(node, N_NORMAL_MEMORY) ? node : NUMA_NO_NODE;
}

/* What @x lies in. */
static __always_inline struct folio *folio_of(const void *x)
{
	/*
	 * The word of struct page whose lowest bit tells tails of a folio is a link of
	 * the list that a slab is on, where that bit is 0: it may change meanwhile.
	 */
	return data_race(virt_to_folio(x));
}

/* As virt_to_slab(): NULL if @x is in none. */
static __always_inline struct slab *slab_of(const void *x)
{
	/* As folio_of(). */
	return data_race(virt_to_slab(x));
}

/*
 * Objects and free pointers. Links carry no KASAN tags; with
 * CONFIG_SLAB_FREELIST_HARDENED a link is stored xored with the cache's key
 * and with the byte-swapped address that it is stored at, as for all freelists
 * of Linux: what leaks of it, or is written over it, is of no use by itself.
 */
static inline void *slab_object(const struct kmem_cache *s,
				const struct slab *slab, unsigned int index)
{
	return slab_address(slab) + (size_t)index * s->size + slub_left_pad(s);
}

static inline unsigned int slab_index(const struct kmem_cache *s,
				      const struct slab *slab, const void *x)
{
	return __obj_to_index(s, slab_address(slab), (void *)x);
}

static inline union slab_word word_of(const struct slab *slab)
{
	return (union slab_word){ .word = READ_ONCE(slab->state) };
}

/* The list of the CPU that owns @slab; nobody else may change it. */
static inline union slab_word slab_local(const struct slab *slab)
{
	return (union slab_word){ .word = slab->local };
}

/* How many objects of a slab that the caller owns are free. */
static inline unsigned int slab_count_free(const struct slab *slab)
{
	/* Pairs with the cmpxchg that adds to the shared list. */
	union slab_word shared = { .word = smp_load_acquire(&slab->state) };

	return slab_local(slab).free + shared.free;
}

/* The first object of such a list, or NULL. */
static inline void *word_first(const struct kmem_cache *s,
			       const struct slab *slab, union slab_word word)
{
	return word.head ? slab_object(s, slab, word.head - 1) : NULL;
}

/*
 * The number of the object that begins @offset bytes behind the first one, or
 * no number of an object at all: @size = odd * 2^twos, so that multiplying by
 * the inverse of odd divides if that is possible; what is left over is rotated
 * into the high bits. T. Granlund, P. L. Montgomery: Division by Invariant
 * Integers using Multiplication, PLDI 1994, section 9.
 */
static __always_inline u32 slab_number(const struct kmem_cache *s, u32 offset)
{
	return ror32(offset * s->inverse, s->twos);
}

/*
 * Is @x, which has no tag, the start of an object of @slab? Not true of objects
 * behind a left red zone: slab_holds() knows about those, too.
 */
static inline bool slab_holds_plain(const struct kmem_cache *s,
				    const struct slab *slab, const void *x)
{
	unsigned long offset = x - slab_address(slab);

	return offset <= U32_MAX && slab_number(s, offset) < slab->objects;
}

static inline bool slab_holds(const struct kmem_cache *s,
			      const struct slab *slab, const void *x)
{
	return slab_holds_plain(s, slab, x - slub_left_pad(s));
}

static inline unsigned long freepointer_code(const struct kmem_cache *s,
					     unsigned long link,
					     const void *where)
{
#ifdef CONFIG_SLAB_FREELIST_HARDENED
	link ^= s->random ^ swab((unsigned long)where);
#endif
	return link;
}

static inline __no_kmsan_checks void *
get_freepointer(const struct kmem_cache *s, void *object)
{
	void **where = object + s->offset;

	return (void *)freepointer_code(s, (unsigned long)*where, where);
}

static inline void set_freepointer(const struct kmem_cache *s, void *object,
				   void *next)
{
	void **where = object + s->offset;

	*where = (void *)freepointer_code(s, (unsigned long)next, where);
}

/*
 * Take the first @count objects off a list, which has as many: to where @top points,
 * and so down. Return: how many; fewer if a link is bad, and the list is empty then.
 */
static inline unsigned int list_take(struct kmem_cache *s, struct slab *slab,
				     union slab_word *list, unsigned int count,
				     void **top)
{
	void *object = word_first(s, slab, *list), *next;
	unsigned int taken = 0;

	if (list->fresh) {
		for (; taken < count; taken++, object += s->size)
			*top-- = object;
		list->head += count;
		list->free -= count;
		if (!list->free)
			list->word = 0;
		return taken;
	}
	while (taken < count) {
		next = get_freepointer(s, object);
		*top-- = object;
		taken++;
		list->free--;
		if (unlikely(next ? !slab_holds(s, slab, next) : list->free)) {
			list->head = 0;
			list->free = 0;
			break;
		}
		object = next;
	}
	if (list->free)
		list->head = slab_index(s, slab, object) + 1;
	else
		list->head = 0;
	return taken;
}

/* Count what CONFIG_SLUB_STATS wants to know; nothing at all without it. */
static __always_inline void slub_stat_add(struct kmem_cache *s,
					  enum slub_stat item,
					  unsigned int count)
{
#ifdef CONFIG_SLUB_STATS
	this_cpu_add(s->stats->item[item], count);
#endif
}

static __always_inline void slub_stat(struct kmem_cache *s,
				      enum slub_stat item)
{
	slub_stat_add(s, item, 1);
}

/* The word of a slab that can't go now went from @old to @new by a free. */
static inline void slub_stat_freed(struct kmem_cache *s, struct slab *slab,
				   union slab_word old, union slab_word new)
{
	if (!IS_ENABLED(CONFIG_SLUB_STATS))
		return;
	if (old.owned)
		slub_stat_add(s, STAT_FREE_FROZEN, new.free - old.free);
	else if (!old.free && new.free != slab->objects)
		slub_stat(s, STAT_FREE_ADD_PARTIAL);
	else if (old.free && new.free == slab->objects)
		slub_stat(s, STAT_FREE_REMOVE_PARTIAL);
}

/* A slab is given up: what is free in it, and how much of that by others. */
static inline void slub_stat_given_up(struct kmem_cache *s, struct slab *slab,
				      unsigned int remote, unsigned int free)
{
	if (!IS_ENABLED(CONFIG_SLUB_STATS))
		return;
	if (remote)
		slub_stat(s, STAT_DEACTIVATE_REMOTE_FREES);
	if (!free)
		slub_stat(s, STAT_DEACTIVATE_FULL);
	else if (free == slab->objects)
		slub_stat(s, STAT_DEACTIVATE_EMPTY);
	else if (slab_test_pfmemalloc(slab))
		slub_stat(s, STAT_DEACTIVATE_TO_TAIL);
	else
		slub_stat(s, STAT_DEACTIVATE_TO_HEAD);
}

/* slub_cpu_enter(), with the test for its result folded into its own. */
static __always_inline bool slub_cpu_entered(struct kmem_cache *s,
					     struct kmem_cache_cpu **c)
{
	preempt_disable();
	*c = raw_cpu_read(*s->cpu_slab);
	/* As it says at slub_cpu_enter(), interrupts set and clear it again. */
	if (unlikely(data_race((*c)->busy))) {
		preempt_enable();
		if (*c != &slub_no_cpu)
			slub_stat(s, STAT_CMPXCHG_DOUBLE_CPU_FAIL);
		return false;
	}
	WRITE_ONCE((*c)->busy, true);
	barrier();
	return true;
}

/**
 * slub_cpu_enter - begin to work on this CPU's part of a cache
 * @s: the cache
 *
 * The fields of struct kmem_cache_cpu belong to one CPU, but to all contexts
 * that run on it. With preemption off other tasks are kept away. An interrupt
 * is not: it may come at any instruction, and allocate and free. It finds
 * @busy set then, gets NULL from here, and takes the way through the pool,
 * which needs nothing of the CPU. Whatever comes between the test and the set
 * has left @busy as it found it, since contexts nest; so that a plain load and
 * a plain store do, which KCSAN takes for a race, and compiler barriers are the
 * only ones needed. The other fields are read after that.
 *
 * No lock may be taken before slub_cpu_exit(): under PREEMPT_RT it might sleep.
 *
 * Context: any but NMI. Turns preemption off unless it returns NULL.
 * Return: this CPU's part, or NULL if the interrupted context is at it, or if
 * there is none.
 */
static __always_inline struct kmem_cache_cpu *
slub_cpu_enter(struct kmem_cache *s)
{
	struct kmem_cache_cpu *c;

	return slub_cpu_entered(s, &c) ? c : NULL;
}

/**
 * slub_cpu_exit - end what slub_cpu_enter() began
 * @c: what it returned, not NULL
 *
 * Context: as slub_cpu_enter(). Restores preemption.
 */
static __always_inline void slub_cpu_exit(struct kmem_cache_cpu *c)
{
	barrier();
	WRITE_ONCE(c->busy, false);
	preempt_enable();
}

/*
 * Count what went past the CPU's part. The counts in there are changed like all
 * of it: an interrupt that came amidst a change must not add to them, or what it
 * adds may be lost.
 */
static inline void slub_count(struct kmem_cache *s, unsigned int allocs,
			      unsigned int frees)
{
	struct kmem_cache_cpu *c = slub_cpu_enter(s);

	if (unlikely(!c)) {
		atomic_long_add((long)allocs - (long)frees, &s->uncounted);
		return;
	}
	c->objects += (long)allocs - (long)frees;
	slub_cpu_exit(c);
}

/* slub_test.c: shall this request for pages fail, because a test wants it? */
#ifdef CONFIG_SLUB_CORE_KUNIT_TEST
bool slub_test_page_fails(struct kmem_cache *s);
bool slub_test_is_busy(struct kmem_cache *s);
#else
static inline bool slub_test_page_fails(struct kmem_cache *s)
{
	return false;
}

/* Shall the idle check pass this cache by, because a test wants that? */
static inline bool slub_test_is_busy(struct kmem_cache *s)
{
	return false;
}
#endif

struct kmem_obj_info;
struct slub_track;
/* In which order the objects of a fresh slab are linked: random ones. */
struct slub_sequence {
	struct slub_sequence *shorter;	/* for smaller slabs, or NULL */
	unsigned int count;
	unsigned int index[];	/* 0 to count - 1; random_seq points here */
};

/* The shortest one that has @objects indexes; NULL if none does. */
static inline struct slub_sequence *
slub_sequence_for(struct kmem_cache *s, unsigned int objects)
{
	struct slub_sequence *sequence = NULL;
#ifdef CONFIG_SLAB_FREELIST_RANDOM
	/* Sequences stay as they are until the cache is released. */
	unsigned int *index = smp_load_acquire(&s->random_seq);

	if (index)
		sequence = container_of(index, struct slub_sequence, index[0]);
	if (!sequence || sequence->count < objects)
		return NULL;
	while (sequence->shorter && sequence->shorter->count >= objects)
		sequence = sequence->shorter;
#endif
	return sequence;
}

/* slub_slab.c */
struct slab *slub_new_slab(struct kmem_cache *s, gfp_t gfp, int node);
void slub_discard(struct kmem_cache *s, struct slab *slab);

/* slub.c */
/**
 * struct slub_held - what was taken from a CPU, and is not yet given back
 * @slabs: slabs that it owned
 * @objects: objects that were at hand, of slabs that it could not own; linked
 * @count: how many these are
 * @twice: an object that was at hand, and free as well, or NULL
 * @cpu: the place where it was held, which is needed no more, or NULL
 */
struct slub_held {
	struct list_head slabs;
	void *objects;
	unsigned int count;
	void *twice;
	struct kmem_cache_cpu *cpu;
};

/*
 * A CPU that takes no more objects than that from slabs between two looks of the
 * idle check does not get slabs of its own, which would be nearly empty: on each of
 * many CPUs. It takes a few objects at a time out of one that is in the pool.
 */
#define SLUB_LIGHT_USE	32

/* A CPU lets go of so many slabs at once: preemption is off, each is a line to fetch. */
#define SLUB_LET_GO_MAX	64

/* What a CPU may have at hand of a cache in bytes, about. */
#define SLUB_HAND_BYTES	(12 * PAGE_SIZE)

/* What a CPU first gets for what it holds of a cache, in bytes. */
#define SLUB_PLACE_MIN	128

/* It gets more after so many times as many objects, between two looks, as fit in. */
#define SLUB_PLACE_USE	8

#define SLUB_HELD(held)	{ .slabs = LIST_HEAD_INIT((held).slabs) }

/* What kmem_cache_cpu.id is on a CPU: 0 stands for none. */
static inline u16 slub_cpu_id(unsigned int cpu)
{
	return cpu + 1;
}

/* More than one CPU made slabs: kmem_cache_node.wanted_by. */
#define SLUB_SEVERAL	U16_MAX

/* A CPU keeps so many slabs, whoever wants them. */
#define SLUB_FEW_SLABS	8

void *slub_alloc_past_cpu(struct kmem_cache *s, gfp_t gfp, int node);
void slub_free_past_cpu(void *x);
bool slub_cpu_let_go(struct kmem_cache *s, struct kmem_cache_cpu *c,
		     unsigned int keep, struct list_head *leaving);

/* slub_place.c */
void slub_place_make(struct kmem_cache *s, gfp_t gfp);
void slub_cpu_turn_home(struct kmem_cache *s, struct kmem_cache_cpu *c,
			struct slub_held *held);
void slub_cpu_empty_hand(struct kmem_cache *s, struct kmem_cache_cpu *c,
			 struct slub_held *held);
void slub_cpu_move_counts(struct kmem_cache *s, struct kmem_cache_cpu *c);
void slub_cpu_empty(struct kmem_cache *s, struct kmem_cache_cpu *c,
		    struct slub_held *held);
void slub_cpu_leave(struct kmem_cache *s, struct kmem_cache_cpu **place,
		    struct kmem_cache_cpu *c, struct slub_held *held);
void slub_give_back(struct kmem_cache *s, struct slub_held *held);

/* slub_pool.c */
void slub_pool_init(struct kmem_cache *s);
void slub_pool_move(struct kmem_cache *to, struct kmem_cache *from);
struct slab *slub_pool_take(struct kmem_cache *s, int node, gfp_t gfp);
unsigned int slub_pool_take_some(struct kmem_cache *s, int node, gfp_t gfp,
				 unsigned int count, void **top,
				 struct slab **from);
bool slub_pool_collect(struct kmem_cache *s, struct slab *slab);
void slub_pool_put(struct kmem_cache *s, struct slab *slab);
void slub_pool_put_all(struct kmem_cache *s, struct list_head *slabs);
bool slub_pool_own(struct kmem_cache *s, struct slab *slab);
bool slub_pool_free(struct kmem_cache *s, struct slab *slab, void *object);
void *slub_pool_take_checked(struct kmem_cache *s, int node, gfp_t gfp);
bool slub_pool_free_checked(struct kmem_cache *s, struct slab *slab,
			    void *object, const struct slub_track *track);
void slub_pool_trim(struct kmem_cache *s, unsigned int keep);
unsigned long slub_pool_slabs(struct kmem_cache *s);
unsigned long slub_pool_length(struct kmem_cache *s);
long slub_pool_validate(struct kmem_cache *s);
long slub_pool_validate_checked(struct kmem_cache *s, unsigned long *map);
void slub_pool_each_slab(struct kmem_cache *s,
			 bool (*look)(struct kmem_cache *s, struct slab *slab,
				      void *arg), void *arg);
void slub_pool_count(struct kmem_cache *s, int node, unsigned long *free,
		     unsigned long *used);
void slub_pool_sort(struct kmem_cache *s);
void slub_pool_mark_free(struct kmem_cache *s, struct slab *slab,
			 unsigned long *map, unsigned int objects);

/* Give the whole reserve of empty slabs back. */
static inline void slub_pool_shrink(struct kmem_cache *s)
{
	slub_pool_trim(s, 0);
}

/* slub_flush.c */
void slub_flush_this_cpu(struct kmem_cache *s);
void slub_flush_all(struct kmem_cache *s);
void __init slub_flush_init(void);
void slub_idle_arm(void);
bool slub_idle_armed(int cpu);

/* slub_cache.c */
int slub_set_order(struct kmem_cache *s, unsigned int order);
int slub_set_min_partial(struct kmem_cache *s, unsigned int slabs);
int slub_set_cpu_partial(struct kmem_cache *s, unsigned int slabs);
bool slub_has_name(struct kmem_cache *s, const char *name);

/* slub_sysfs.c */
#ifdef CONFIG_SYSFS
void slub_sysfs_link(struct kmem_cache *s, const char *name);
#else
static inline void slub_sysfs_link(struct kmem_cache *s, const char *name) { }
#endif

/*
 * Debugging. A cache with any of SLAB_DEBUG_FLAGS owns no slab on any CPU: all
 * of its slabs are on the partial, empty or full list of their node, and its
 * objects are checked and marked under list_lock, one at a time. The fast paths
 * find nothing on the CPU, and need not know about it. slub_debug.h has the
 * layout of an object. Without CONFIG_SLUB_DEBUG all of this is nothing.
 */
/* Options that make objects larger. */
#define SLAB_DEBUG_METADATA	(SLAB_RED_ZONE | SLAB_POISON | SLAB_STORE_USER)

static inline bool slub_debugged(struct kmem_cache *s)
{
	return kmem_cache_debug_flags(s, SLAB_DEBUG_FLAGS);
}

/**
 * struct slub_finding - what is wrong with a slab, or an object
 * @what: a name for it, or NULL if nothing is
 * @object: the object that it was found at, or NULL if none
 * @from: first byte that is not as it should be, or NULL
 * @to: behind the last such byte
 * @value: what these bytes should be
 * @first: what the first of them was
 * @count: number of objects found on the free list, if that is what is wrong
 * @aside: nothing of the slab's free list can be trusted
 * @lost: and it can't be repaired
 */
struct slub_finding {
	const char *what;
	void *object;
	u8 *from;
	u8 *to;
	u8 value;
	u8 first;
	unsigned int count;
	bool aside;
	bool lost;
};

/* slub_debug.c */
#ifdef CONFIG_SLUB_DEBUG
slab_flags_t slub_debug_flags(slab_flags_t flags, const char *name);
#else
static inline slab_flags_t slub_debug_flags(slab_flags_t flags,
					    const char *name)
{
	return flags;
}
#endif
unsigned int slub_debug_red_zone(struct kmem_cache *s, unsigned int size);
bool slub_debug_moves_link(const struct kmem_cache *s);
unsigned int slub_debug_tracks(struct kmem_cache *s, unsigned int size);
unsigned int slub_debug_pads(struct kmem_cache *s, unsigned int size);
bool slub_debug_too_big(const struct kmem_cache *s);
void slub_mark_object(struct kmem_cache *s, void *object, u8 red);
void slub_debug_setup_slab(struct kmem_cache *s, struct slab *slab);
void slub_debug_allocated(struct kmem_cache *s, void *object, size_t asked,
			  unsigned long caller, unsigned long through);
void slub_debug_free(struct kmem_cache *s, struct slab *slab, void *object,
		     unsigned long caller);

/* slub_check.c: with list_lock held, or of a slab that nobody else knows */
bool slub_debug_take(struct kmem_cache *s, struct slab *slab, void *object,
		     struct slub_finding *f);
bool slub_debug_give(struct kmem_cache *s, struct slab *slab, void *object,
		     const struct slub_track *track, struct slub_finding *f);
void slub_debug_discard(struct kmem_cache *s, struct slab *slab);

/* slub_report.c */
void slub_report_bad_free(struct kmem_cache *s, struct slab *slab,
			  const void *x);

/* slub_track.c */
void slub_track_files(struct kmem_cache *s);
void slub_track_info(struct kmem_obj_info *kpp, struct kmem_cache *s,
		     void *object);

/* slub_info.c */
extern struct dentry *slub_debugfs;
struct slub_alias {
	struct list_head list;
	const char *name;
};

extern struct ratelimit_state slub_report_limit;
unsigned long slub_objects_in_use(struct kmem_cache *s);
unsigned long slub_cpu_slabs(struct kmem_cache *s);
unsigned long slub_node_slabs(struct kmem_cache *s, int node);
unsigned long slub_capacity(struct kmem_cache *s);
unsigned long slub_node_capacity(struct kmem_cache *s, int node);
void slub_report_free(struct kmem_cache *s, const void *x, const char *what,
		      unsigned long caller);
void slub_report_slab(struct kmem_cache *s, struct slab *slab,
		      const char *what);
void slub_report_oom(struct kmem_cache *s, gfp_t gfp, int node);
void slub_report_live(struct kmem_cache *s);

#endif /* MM_SLUB_H */
