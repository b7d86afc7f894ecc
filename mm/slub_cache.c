// SPDX-License-Identifier: GPL-2.0-only
/*
 * SLUB: setting caches up, sharing them, and taking them down.
 *
 * Geometry: an object takes its size rounded up to a word; a free pointer
 * behind it if its content has to survive being free; what KASAN wants; all
 * rounded up to the alignment. The order of a slab is the least with which it
 * holds enough objects and wastes little at its end.
 *
 * Merging: mm/slab_common.c says which caches may share one set of slabs. We
 * keep the names of all users.
 *
 * Boot: descriptors of caches come from a cache as well. The first one lies
 * in init memory, serves just one object, and is moved into that.
 */
#include <linux/cache.h>
#include <linux/cpu.h>
#include <linux/init.h>
#include <linux/kasan.h>
#include <linux/kstrtox.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/mutex.h>
#include <linux/prandom.h>
#include <linux/random.h>
#include <linux/rculist.h>
#include <linux/slab.h>

#include "slub.h"

/* ---- Parameters ---- */

#define DEFAULT_MAX_ORDER	PAGE_ALLOC_COSTLY_ORDER
#define DEFAULT_MIN_OBJECTS	8

static unsigned int slab_min_order __ro_after_init;
static unsigned int slab_max_order __ro_after_init = DEFAULT_MAX_ORDER;
static unsigned int slab_min_objects __ro_after_init = DEFAULT_MIN_OBJECTS;

static int __init parse_parameter(const char *name, char *str,
				  unsigned int least, unsigned int most,
				  unsigned int *value)
{
	unsigned int given;

	if (kstrtouint(str, 0, &given) || given < least || given > most)
		pr_err("SLUB: %s=%s refused: not a number from %u to %u; using %u\n",
		       name, str, least, most, *value);
	else
		*value = given;
	return 1;
}

static int __init setup_min_order(char *str)
{
	return parse_parameter("slab_min_order", str, 0, MAX_ORDER - 1,
			       &slab_min_order);
}

static int __init setup_max_order(char *str)
{
	return parse_parameter("slab_max_order", str, 0, MAX_ORDER - 1,
			       &slab_max_order);
}

static int __init setup_min_objects(char *str)
{
	return parse_parameter("slab_min_objects", str, 1, SLAB_OBJECTS_MAX,
			       &slab_min_objects);
}

__setup("slab_min_order=", setup_min_order);
__setup("slab_max_order=", setup_max_order);
__setup("slab_min_objects=", setup_min_objects);
__setup_param("slub_min_order=", slub_min_order, setup_min_order, 0);
__setup_param("slub_max_order=", slub_max_order, setup_max_order, 0);
__setup_param("slub_min_objects=", slub_min_objects, setup_min_objects, 0);

/* What can only be seen once all parameters are known. */
static void __init check_parameters(void)
{
	/* Guard pages make room around small blocks: ask for no others. */
	if (debug_guardpage_minorder()) {
		slab_min_order = 0;
		slab_max_order = 0;
	}
	if (slab_min_order <= slab_max_order)
		return;
	pr_err("SLUB: slab_min_order=%u refused: above slab_max_order=%u; using 0 and %u\n",
	       slab_min_order, slab_max_order, DEFAULT_MAX_ORDER);
	slab_min_order = 0;
	slab_max_order = DEFAULT_MAX_ORDER;
}

/* ---- Geometry ---- */

static unsigned int objects_in(unsigned int order, unsigned int size)
{
	unsigned long objects = (PAGE_SIZE << order) / size;

	return min_t(unsigned long, objects, SLAB_OBJECTS_MAX);
}

/* Least order from slab_min_order to slab_max_order that will do, or -1. */
static int order_for(unsigned int size, unsigned int objects,
		     unsigned int fraction)
{
	unsigned int order = get_order(objects * size);
	unsigned long bytes;

	for (order = max(order, slab_min_order); order <= slab_max_order;
	     order++) {
		bytes = PAGE_SIZE << order;
		if (bytes % size <= bytes / fraction &&
		    bytes / size <= SLAB_OBJECTS_MAX)
			return order;
	}
	return -1;
}

/*
 * Ask for slab_min_objects with at most a sixteenth wasted. If no order does
 * that let it waste an eighth, then a quarter; then ask for half as many
 * objects. An object that does not fit into slab_max_order at all gets a slab
 * of its own.
 *
 * A slab that is hardly used is a waste as well. So half as many objects will do,
 * and an eighth be wasted, if they need more than two pages; and half as many of
 * those if they need more than four.
 */
static int calculate_order(unsigned int size)
{
	unsigned int objects = slab_min_objects, fraction, least = 16;
	unsigned long enough;
	int order;

	for (enough = 2 * PAGE_SIZE; enough <= 4 * PAGE_SIZE; enough *= 2) {
		if (objects < 4 || (unsigned long)objects * size <= enough)
			break;
		objects /= 2;
		least = 8;
	}
	for (; objects; objects /= 2) {
		for (fraction = least; fraction >= 4; fraction /= 2) {
			order = order_for(size, objects, fraction);
			if (order >= 0)
				return order;
		}
	}
	order = max_t(unsigned int, get_order(size), slab_min_order);
	/* There is no use for more than can be counted. */
	while (order > 0 && (PAGE_SIZE << order) / size > SLAB_OBJECTS_MAX)
		order--;
	return order < MAX_ORDER ? order : -E2BIG;
}

/* Must the content of an object survive while the object is free? */
static bool content_survives(struct kmem_cache *s)
{
	return s->ctor || (s->flags & SLAB_TYPESAFE_BY_RCU);
}

static gfp_t page_flags(slab_flags_t flags)
{
	gfp_t gfp = __GFP_COMP;

	if (flags & SLAB_CACHE_DMA)
		gfp |= GFP_DMA;
	if (flags & SLAB_CACHE_DMA32)
		gfp |= GFP_DMA32;
	if (flags & SLAB_RECLAIM_ACCOUNT)
		gfp |= __GFP_RECLAIMABLE;
	return gfp;
}

/* Modulo 2^32, by Newton's iteration: each step doubles the bits, from 3 on. */
static u32 inverse_of(u32 odd)
{
	u32 inverse = odd;
	int i;

	for (i = 0; i < 4; i++)
		inverse *= 2 - odd * inverse;
	return inverse;
}

static int set_geometry(struct kmem_cache *s)
{
	unsigned int size = ALIGN(s->object_size, sizeof(void *));
	int order;

#ifdef CONFIG_SLUB_DEBUG
	s->red_left_pad = 0;
#endif
	if (slub_debugged(s))
		size = slub_debug_red_zone(s, size);
	s->inuse = size;
	s->offset = 0;
	if (content_survives(s) ||
	    (slub_debugged(s) && slub_debug_moves_link(s))) {
		s->offset = size;
		size += sizeof(void *);
	} else if (IS_ENABLED(CONFIG_SLAB_FREELIST_HARDENED)) {
		/* Out of reach of small overruns from both sides. */
		s->offset = ALIGN_DOWN(s->object_size / 2, sizeof(void *));
	}
	if (slub_debugged(s))
		size = slub_debug_tracks(s, size);
	kasan_cache_create(s, &size, &s->flags);
	if (slub_debugged(s))
		size = slub_debug_pads(s, size);

	s->size = ALIGN(size, s->align);
	s->reciprocal_size = reciprocal_value(s->size);
	s->twos = __ffs(s->size);
	s->inverse = inverse_of(s->size >> s->twos);
	s->mask = is_power_of_2(s->size) && !slub_left_pad(s) &&
		  !slab_want_init_on_free(s) ? s->size - 1 : ~0UL;
	order = calculate_order(s->size);
	if (order < 0)
		return order;
	s->order = order;
	s->min_order = min_t(unsigned int, get_order(s->size), order);
	s->objects = objects_in(order, s->size);
	s->allocflags = page_flags(s->flags);
	return 0;
}

/* ---- What can be changed at run time ---- */

#ifdef CONFIG_SLAB_FREELIST_RANDOM
/*
 * Have a random sequence of @count indexes for fresh slabs. Those that the
 * cache has had so far stay: some CPU may be following one, and smaller slabs
 * go on using them. Each is longer than all that came before.
 */
static int add_sequence(struct kmem_cache *s, unsigned int count, gfp_t gfp)
{
	struct slub_sequence *sequence, *shorter = NULL;
	struct rnd_state state;
	unsigned int i, other;

	if (s->random_seq)
		shorter = container_of(s->random_seq, struct slub_sequence,
				       index[0]);
	if (count < 2 || (shorter && shorter->count >= count))
		return 0;
	sequence = kmalloc(struct_size(sequence, index, count), gfp);
	if (!sequence)
		return -ENOMEM;
	sequence->shorter = shorter;
	sequence->count = count;
	/* R. Durstenfeld's shuffle, CACM 7(7), 1964 */
	prandom_seed_state(&state, get_random_long());
	for (i = 0; i < count; i++)
		sequence->index[i] = i;
	for (i = count - 1; i > 0; i--) {
		other = prandom_u32_state(&state) % (i + 1);
		swap(sequence->index[i], sequence->index[other]);
	}
	/* Who finds it finds it filled in. */
	smp_store_release(&s->random_seq, sequence->index);
	return 0;
}

static void free_sequences(struct kmem_cache *s)
{
	struct slub_sequence *sequence, *shorter;

	if (!s->random_seq)
		return;
	sequence = container_of(s->random_seq, struct slub_sequence, index[0]);
	for (; sequence; sequence = shorter) {
		shorter = sequence->shorter;
		kfree(sequence);
	}
}
#else
static int add_sequence(struct kmem_cache *s, unsigned int count, gfp_t gfp)
{
	return 0;
}

static void free_sequences(struct kmem_cache *s) { }
#endif

static DEFINE_MUTEX(order_lock);	/* changes of order, and sequences */

/**
 * slub_set_order - set the page order of new slabs
 * @s: the cache
 * @order: an order in which an object fits, and no more of them than a slab
 *         can count
 *
 * Slabs that there are stay as they are.
 *
 * Context: may sleep.
 * Return: 0, -EINVAL if the order won't do or must not be changed because of
 * debug_guardpage_minorder=, or -ENOMEM.
 */
int slub_set_order(struct kmem_cache *s, unsigned int order)
{
	unsigned int objects;
	int err;

	if (debug_guardpage_minorder() || order >= MAX_ORDER ||
	    order < get_order(s->size) ||
	    (PAGE_SIZE << order) / s->size > SLAB_OBJECTS_MAX)
		return -EINVAL;

	objects = objects_in(order, s->size);
	mutex_lock(&order_lock);
	err = add_sequence(s, objects, GFP_KERNEL);
	if (!err) {
		WRITE_ONCE(s->order, order);
		WRITE_ONCE(s->objects, objects);
	}
	mutex_unlock(&order_lock);
	return err;
}

/* Bounds for what users may make a node and a CPU hold back. */
#define EMPTY_SLABS_MAX	1024
#define CPU_SLABS_MAX	2048

/**
 * slub_set_min_partial - set how many empty slabs a node keeps
 * @s: the cache
 * @slabs: how many, at most EMPTY_SLABS_MAX
 *
 * What a node has above that is given back.
 *
 * Context: may sleep.
 * Return: 0, or -EINVAL if it is too many.
 */
int slub_set_min_partial(struct kmem_cache *s, unsigned int slabs)
{
	if (slabs > EMPTY_SLABS_MAX)
		return -EINVAL;
	WRITE_ONCE(s->min_partial, slabs);
	/* Whoever takes a list_lock after us sees the new bound. */
	slub_pool_trim(s, slabs);
	return 0;
}

/**
 * slub_set_cpu_partial - set how many slabs a CPU may own
 * @s: the cache
 * @slabs: how many, beside the one that it allocates from, at most
 *         CPU_SLABS_MAX; if none, it keeps no objects at hand either
 *
 * All CPUs give back what they hold; what they hold from now on is as said.
 *
 * Context: may sleep.
 * Return: 0, or -EINVAL if it is too many.
 */
int slub_set_cpu_partial(struct kmem_cache *s, unsigned int slabs)
{
	if (slabs > CPU_SLABS_MAX)
		return -EINVAL;
	WRITE_ONCE(s->cpu_partial, slabs);
	/*
	 * A CPU that goes by the old value has preemption off: hand_open(). Its place
	 * can be found after that.
	 * tools/testing/selftests/slub/model/ordering.pml, "limit", fails without.
	 */
	synchronize_rcu();
	cpus_read_lock();
	slub_flush_all(s);
	cpus_read_unlock();
	return 0;
}

/* ---- Creation and merging ---- */

/*
 * How many empty slabs of a page a node keeps, and half as many of two, and so on;
 * as many of any size if the cache is debugged, since CPUs own none then.
 */
#define EMPTY_SLABS	2

/* How many slabs a CPU may own beside the one that it allocates from. */
#define CPU_SLABS	2048

/**
 * kmem_cache_flags - what flags a cache gets
 * @object_size: bytes of an object
 * @flags: what its creator asked for
 * @name: its name
 *
 * Context: any. Return: these flags, and those of slub_debug=.
 */
slab_flags_t kmem_cache_flags(unsigned int object_size, slab_flags_t flags,
			      const char *name)
{
	return slub_debug_flags(flags, name);
}

/* A place for each CPU; what is in it is made when the CPU first uses the cache. */
static int set_up_cpus(struct kmem_cache *s)
{
	struct kmem_cache_cpu **place;
	int cpu;

	s->cpu_slab = alloc_percpu(struct kmem_cache_cpu *);
	if (!s->cpu_slab)
		return -ENOMEM;
	for_each_possible_cpu(cpu) {
		place = per_cpu_ptr(s->cpu_slab, cpu);
		*place = &slub_no_cpu;
	}
#ifdef CONFIG_SLUB_STATS
	s->stats = alloc_percpu(struct slub_stats);
	if (!s->stats) {
		free_percpu(s->cpu_slab);
		return -ENOMEM;
	}
#endif
	return 0;
}

static void free_cpus(struct kmem_cache *s)
{
	free_percpu(s->cpu_slab);
#ifdef CONFIG_SLUB_STATS
	free_percpu(s->stats);
#endif
}

/**
 * __kmem_cache_create - set up a cache
 * @s: the cache, zeroed but for name, sizes, alignment and constructor
 * @flags: SLAB_* flags
 *
 * Context: slab_mutex held, or boot; may sleep after boot.
 * Return: 0, -E2BIG if an object is larger than the largest slab, or -ENOMEM.
 */
int __kmem_cache_create(struct kmem_cache *s, slab_flags_t flags)
{
	int err;

	s->flags = kmem_cache_flags(s->object_size, flags, s->name);
	INIT_LIST_HEAD(&s->aliases);
#ifdef CONFIG_SLAB_FREELIST_HARDENED
	s->random = get_random_long();
#endif
	err = set_geometry(s);
	if (!err && slub_debugged(s) && slub_debug_too_big(s)) {
		s->flags &= ~(slab_flags_t)SLAB_DEBUG_FLAGS;
		err = set_geometry(s);
	}
	if (err)
		return err;
	s->min_partial = slub_debugged(s) ? EMPTY_SLABS : EMPTY_SLABS >> s->order;
	/* Of large objects even one is much. */
	if (!slub_debugged(s) && s->size <= SLUB_HAND_BYTES)
		s->cpu_partial = CPU_SLABS;
	slub_pool_init(s);
	err = set_up_cpus(s);
	/* Of caches that come earlier, kmem_cache_init() makes the order. */
	if (err || slab_state < UP)
		return err;
	err = add_sequence(s, s->objects, GFP_KERNEL);
	if (err)
		free_cpus(s);
	return err;
}

/**
 * slub_has_name - has a cache had a user of this name?
 * @s: the cache
 * @name: the name
 *
 * Context: slab_mutex held. Return: whether it has.
 */
bool slub_has_name(struct kmem_cache *s, const char *name)
{
	struct slub_alias *alias;

	if (!strcmp(s->name, name))
		return true;
	list_for_each_entry(alias, &s->aliases, list)
		if (!strcmp(alias->name, name))
			return true;
	return false;
}

/*
 * A cache does not know which of its users leaves: names stay until all have
 * left, and one that comes back is not listed twice.
 */
static int add_name(struct kmem_cache *s, const char *name)
{
	struct slub_alias *alias;

	if (slub_has_name(s, name))
		return 0;
	alias = kmalloc(sizeof(*alias), GFP_KERNEL);
	if (!alias)
		return -ENOMEM;
	alias->name = kstrdup_const(name, GFP_KERNEL);
	if (!alias->name) {
		kfree(alias);
		return -ENOMEM;
	}
	/* Reports read the list without slab_mutex. */
	list_add_tail_rcu(&alias->list, &s->aliases);
	return 0;
}

/**
 * __kmem_cache_alias - find a cache that a new user can share
 * @name: name of the new user
 * @size: bytes of its objects
 * @align: alignment in bytes that it needs
 * @flags: SLAB_* flags
 * @ctor: its constructor
 *
 * Context: slab_mutex held; may sleep.
 * Return: the cache, with one more user, or NULL if there is none to share.
 */
struct kmem_cache *__kmem_cache_alias(const char *name, unsigned int size,
				      unsigned int align, slab_flags_t flags,
				      void (*ctor)(void *))
{
	struct kmem_cache *s = find_mergeable(size, align, flags, name, ctor);

	if (!s || add_name(s, name))
		return NULL;
	s->refcount++;
	/* What the largest user may touch is in use for all of them. */
	s->object_size = max(s->object_size, size);
	s->inuse = max_t(unsigned int, s->inuse, ALIGN(size, sizeof(void *)));
	slub_sysfs_link(s, name);
	return s;
}

/* ---- Shrinking and destruction ---- */

/**
 * __kmem_cache_shrink - give back all memory that can be
 * @s: the cache
 *
 * Partial slabs with few free objects will be the first to be used: others may
 * become empty.
 *
 * Context: may sleep.
 * Return: 0 if the cache has no slab left, else 1.
 */
int __kmem_cache_shrink(struct kmem_cache *s)
{
	cpus_read_lock();
	slub_flush_all(s);
	cpus_read_unlock();
	slub_pool_shrink(s);
	slub_pool_sort(s);
	return slub_pool_slabs(s) != 0;
}

/**
 * __kmem_cache_empty - is no object of a cache in use?
 * @s: the cache
 *
 * Context: any. Return: true if all objects are free.
 */
bool __kmem_cache_empty(struct kmem_cache *s)
{
	return slub_objects_in_use(s) == 0;
}

/**
 * __kmem_cache_shutdown - give back all slabs of a cache that has no users
 * @s: the cache
 *
 * If objects are in use they are named in the log, and the cache is kept: it
 * takes them back, and is shared with nobody.
 *
 * Context: may sleep; cpus_read_lock() and slab_mutex held.
 * Return: 0, or 1 if objects are in use.
 */
int __kmem_cache_shutdown(struct kmem_cache *s)
{
	slub_flush_all(s);
	slub_pool_shrink(s);
	if (!slub_pool_slabs(s)) {
		/* From now on another cache may have the name. */
		debugfs_slab_release(s);
		return 0;
	}
	slub_report_live(s);
	s->refcount = -1;
	return 1;
}

/**
 * __kmem_cache_release - free what a cache holds beside its slabs
 * @s: the cache, shut down
 *
 * Context: may sleep.
 */
void __kmem_cache_release(struct kmem_cache *s)
{
	struct slub_alias *alias, *next;

	list_for_each_entry_safe(alias, next, &s->aliases, list) {
		kfree_const(alias->name);
		kfree(alias);
	}
	free_sequences(s);
	free_cpus(s);
}

/* ---- Boot ---- */

static struct {
	struct kmem_cache s;
	struct kmem_cache_node node[MAX_NUMNODES];
} first_cache __initdata;
static_assert(offsetof(typeof(first_cache), node) ==
	      offsetof(struct kmem_cache, node));

/* Move the first cache out of init memory, into the first object it gave. */
static void __init settle_first_cache(void)
{
	struct kmem_cache *first = &first_cache.s, *s;
	size_t size = struct_size(s, node, nr_node_ids);

	s = kmem_cache_zalloc(first, GFP_NOWAIT);
	if (!s)
		panic("SLUB: no memory for the first cache\n");
	slub_flush_this_cpu(first);
	memcpy(s, first, size);
	INIT_LIST_HEAD(&s->aliases);
	slub_pool_move(s, first);
	virt_to_slab(s)->slab_cache = s;
	list_add(&s->list, &slab_caches);
	kmem_cache = s;
}

/**
 * kmem_cache_init - bring the allocator up
 *
 * Context: boot, page and per-CPU allocators can be used.
 */
void __init kmem_cache_init(void)
{
	struct kmem_cache *s;

	check_parameters();
	create_boot_cache(&first_cache.s, "kmem_cache",
			  struct_size(s, node, nr_node_ids),
			  SLAB_HWCACHE_ALIGN, 0, 0);
	settle_first_cache();
	slab_state = PARTIAL;

	setup_kmalloc_cache_index_table();
	create_kmalloc_caches(0);
	list_for_each_entry(s, &slab_caches, list)
		if (add_sequence(s, s->objects, GFP_NOWAIT))
			pr_err("SLUB: %s: no memory for a random order, using that of addresses\n",
			       s->name);

	pr_info("SLUB: HWalign=%d, Order=%u-%u, MinObjects=%u, CPUs=%u, Nodes=%u\n",
		cache_line_size(), slab_min_order, slab_max_order,
		slab_min_objects, nr_cpu_ids, nr_node_ids);
}

/**
 * kmem_cache_init_late - bring up what needs interrupts and workqueues
 *
 * Context: boot, interrupts on.
 */
void __init kmem_cache_init_late(void)
{
	slub_flush_init();
	slab_state = FULL;
}
