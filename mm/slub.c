// SPDX-License-Identifier: GPL-2.0-only
/*
 * SLUB: a slab allocator without queues of objects.
 *
 * Theory of operation
 * ===================
 *
 * 1. Objects and slabs
 *
 * A cache hands out objects of one size. It gets them from slabs: blocks of
 * 2^order pages, cut into objects from the first byte on. Nothing else lies in
 * a slab. An object is either in use, or free; a free object is linked into
 * the free list of its own slab through a pointer inside of it (or behind it,
 * where its content must survive: constructors, SLAB_TYPESAFE_BY_RCU). There
 * is no other place where free objects could be. All that is known about a
 * slab overlays its first struct page:
 *
 *   struct page        struct slab          who writes it, under what
 *   ---------------    -----------------    ----------------------------------
 *   flags              PG_slab              us, when the slab is made and freed
 *                      PG_active            same; pages came from the reserves
 *   lru                slab_list            the pool, under list_lock
 *   rcu_head           rcu_head             slub_discard(): off all lists
 *   mapping            slab_cache           us, when the slab is made
 *   index              state                anybody, by cmpxchg: slub_pool.c
 *   index/private      objects              us, when the slab is made
 *   _mapcount          -                    reset when the slab is freed
 *   _refcount          __page_refcount      page allocator
 *   memcg_data         memcg_data           memcg: owners of the objects
 *
 * 2. Where slabs are
 *
 *   owned     by a CPU, which hands out its objects; one slab a CPU and cache
 *   partial   in the pool: no owner, some objects free
 *   empty     in the pool: no owner, all objects free; a short reserve
 *   full      nowhere: no owner, no object free; the first free finds it
 *
 * The pool is one for the whole cache: any CPU may take any slab of it, the
 * nearest first. See slub_pool.c for the states and their protocol.
 *
 * 3. Ways to allocate, the quickest first
 *
 *   a. from the free list that this CPU keeps for its slab (cpu_pop());
 *   b. what others freed into this CPU's slab meanwhile: all of it becomes the
 *      CPU's free list (cpu_refill()); if there is nothing the slab is full,
 *      and let go;
 *   c. a partial slab of the pool, which the CPU then owns;
 *   d. a new slab from the page allocator.
 *
 * Some requests must not change what the CPU owns: an interrupt that came
 * while the CPU's part was being changed, a request for another node, a slab
 * from the emergency reserves. They take single objects out of c. and d.
 *
 * 4. Ways to free
 *
 *   a. into the CPU's own slab: onto the CPU's free list;
 *   b. into any other slab: onto the shared free list in the slab's word.
 *
 * 5. Who keeps whom away
 *
 *   what                      by what
 *   -----------------------   ----------------------------------------------
 *   kmem_cache_cpu            preemption off and @busy: slub_cpu_enter()
 *   slab->state               cmpxchg on the whole word
 *   lists of the pool         list_lock of the node, innermost
 *   list of caches, aliases   slab_mutex
 *   flushing all CPUs         slub_flush_lock, inside slab_mutex if both
 *
 * Locks nest in this order: cpu_hotplug_lock, slab_mutex, slub_flush_lock,
 * list_lock. No order is ever reversed, so that nothing needs a trylock but
 * the idle check, which rather comes again than waits for slab_mutex.
 * The page allocator, RCU and whoever may allocate is called with none of
 * list_lock, @busy and disabled preemption of ours held, so that all of this
 * holds under PREEMPT_RT, where list_lock sleeps.
 *
 * 6. What is held back
 *
 * A CPU holds at most one slab of a cache, and gives it back if it was not
 * used for a while (slub_flush.c). A node holds at most min_partial empty
 * slabs of a cache. A cache that was never used has no slab, and no memory on
 * any CPU.
 *
 * The design is that of Christoph Lameter's posting of February 2007 for
 * 2.6.20-mm2, written anew for the interfaces of 6.1; the push onto the shared
 * list is R. K. Treiber's (IBM RJ 5118, 1986), taken off all at once.
 */
#include <linux/cpuset.h>
#include <linux/debugobjects.h>
#include <linux/irq_work.h>
#include <linux/kasan.h>
#include <linux/kcsan-checks.h>
#include <linux/kfence.h>
#include <linux/kmemleak.h>
#include <linux/kmsan.h>
#include <linux/poison.h>
#include <linux/random.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/swap.h>
#include <linux/workqueue.h>
#include <trace/events/kmem.h>

#include "internal.h"
#include "slub.h"

/*
 * All caches that nobody has used share this. It never owns a slab and has
 * never a free object, so that the fast paths fail on it as on any CPU that
 * has run out, and need no test of their own.
 */
DEFINE_PER_CPU(struct kmem_cache_cpu, slub_no_cpu);

/* ---- Fast path ---- */

static __always_inline bool node_match(const struct slab *slab, int node)
{
	return !IS_ENABLED(CONFIG_NUMA) || node == NUMA_NO_NODE ||
	       slab_nid(slab) == node;
}

/*
 * With hardening a link is not followed out of its slab; whoever finds one that
 * leads there ends in the slow path, where cpu_mend() deals with it.
 */
static __always_inline bool link_ok(struct kmem_cache *s,
				    const struct slab *slab, const void *next)
{
	return !IS_ENABLED(CONFIG_SLAB_FREELIST_HARDENED) || !next ||
	       slab_holds_plain(s, slab, next);
}

/* Between slub_cpu_enter() and slub_cpu_exit(). */
static __always_inline void *cpu_pop(struct kmem_cache *s,
				     struct kmem_cache_cpu *c, int node)
{
	void *object = c->freelist, *next;

	if (unlikely(!object || !node_match(c->slab, node)))
		return NULL;
	next = get_freepointer(s, object);
	if (unlikely(!link_ok(s, c->slab, next)))
		return NULL;
	c->freelist = next;
	c->allocs++;
	return object;
}

static __always_inline void *cpu_alloc(struct kmem_cache *s, int node)
{
	struct kmem_cache_cpu *c = slub_cpu_enter(s);
	void *object;

	if (unlikely(!c))
		return NULL;
	object = cpu_pop(s, c, node);
	slub_cpu_exit(c);
	if (likely(object))
		slub_stat(s, STAT_ALLOC_FASTPATH);
	return object;
}

/*
 * Objects that are linked to each other, all of @slab, onto the free list of
 * the CPU if @slab is its own.
 * Return: false, and nothing done, if it is not, or if @head was freed last.
 */
static __always_inline bool cpu_free(struct kmem_cache *s, struct slab *slab,
				     void *head, void *tail,
				     unsigned int count)
{
	struct kmem_cache_cpu *c = slub_cpu_enter(s);
	bool done;

	if (unlikely(!c))
		return false;
	done = c->slab == slab && c->freelist != head;
	if (likely(done)) {
		set_freepointer(s, tail, c->freelist);
		c->freelist = head;
		c->frees += count;
	}
	slub_cpu_exit(c);
	if (likely(done))
		slub_stat_add(s, STAT_FREE_FASTPATH, count);
	return done;
}

/*
 * Was @object the last that was freed into the CPU's own slab? One in use is first
 * on no list while this looks, on whatever CPU, so that the answer can't be wrong
 * for one.
 */
static __always_inline bool cpu_freed_last(struct kmem_cache *s,
					   const void *object)
{
	struct kmem_cache_cpu *c = raw_cpu_ptr(READ_ONCE(s->cpu_slab));

	return READ_ONCE(c->freelist) == object;
}

/*
 * All that cpu_free() could not do.
 * Return: false, and nothing done, if @head was free already.
 */
static noinline bool free_slow(struct kmem_cache *s, struct slab *slab,
			       void *head, void *tail, unsigned int count,
			       unsigned long caller)
{
	if (unlikely(cpu_freed_last(s, head)))
		return false;
	if (slub_debugged(s)) {
		slub_debug_free(s, slab, head, caller);
		return true;
	}
	if (unlikely(!slub_pool_free(s, slab, head, tail, count)))
		return false;
	slub_count(s, 0, count);
	slub_stat_add(s, STAT_FREE_SLOWPATH, count);
	return true;
}

/* ---- Slabs from pages and back ---- */

static void *setup_object(struct kmem_cache *s, void *object)
{
	object = kasan_init_slab_obj(s, object);
	if (unlikely(s->ctor)) {
		kasan_unpoison_object_data(s, object);
		s->ctor(object);
		kasan_poison_object_data(s, object);
	}
	return kasan_reset_tag(object);
}

/*
 * In which order the objects of a fresh slab are linked: that of the random
 * sequence, from a random point of it on, or that of their addresses. A slab
 * that is smaller than usual skips what it does not have.
 */
static unsigned int next_index(const struct slub_sequence *sequence,
			       struct slab *slab, unsigned int *at)
{
	unsigned int index;

	if (!sequence)
		return (*at)++;
	do {
		index = sequence->index[*at];
		*at = *at + 1 < sequence->count ? *at + 1 : 0;
	} while (index >= slab->objects);
	return index;
}

/* Link all objects of a fresh slab. Return: the first one. */
static void *carve(struct kmem_cache *s, struct slab *slab)
{
	struct slub_sequence *sequence = slub_sequence_for(s, slab->objects);
	unsigned int at = 0, i;
	void *head, *object, *next;

	if (sequence)
		at = get_random_u32_below(sequence->count);
	head = slab_object(s, slab, next_index(sequence, slab, &at));
	head = setup_object(s, head);
	object = head;
	for (i = 1; i < slab->objects; i++) {
		next = slab_object(s, slab, next_index(sequence, slab, &at));
		next = setup_object(s, next);
		set_freepointer(s, object, next);
		object = next;
	}
	set_freepointer(s, object, NULL);
	return head;
}

static struct page *slab_pages(struct kmem_cache *s, gfp_t gfp, int node,
			       unsigned int order)
{
	if (slub_test_page_fails(s))
		return NULL;
	if (node == NUMA_NO_NODE)
		return alloc_pages(gfp, order);
	return __alloc_pages_node(node, gfp, order);
}

/* Pages for a slab: the usual order if it costs nothing, else the least. */
static struct slab *new_pages(struct kmem_cache *s, gfp_t gfp, int node)
{
	unsigned int order = READ_ONCE(s->order);
	struct page *page = NULL;
	struct slab *slab;
	gfp_t light;

	if (order > s->min_order) {
		light = gfp | __GFP_NOWARN | __GFP_NORETRY | __GFP_NOMEMALLOC;
		light &= ~(__GFP_NOFAIL | __GFP_RECLAIM);
		page = slab_pages(s, light, node, order);
	}
	if (!page) {
		page = slab_pages(s, gfp, node, s->min_order);
		if (!page)
			return NULL;
		if (order > s->min_order)
			slub_stat(s, STAT_ORDER_FALLBACK);
	}

	slab = page_slab(page);
	__folio_set_slab(slab_folio(slab));
	if (page_is_pfmemalloc(page))
		slab_set_pfmemalloc(slab);
	return slab;
}

static unsigned int slab_capacity(struct kmem_cache *s, struct slab *slab)
{
	unsigned long objects = slab_size(slab) / s->size;

	return min_t(unsigned long, objects, SLAB_OBJECTS_MAX);
}

static gfp_t slab_gfp(struct kmem_cache *s, gfp_t gfp)
{
	if (unlikely(gfp & GFP_SLAB_BUG_MASK))
		gfp = kmalloc_fix_flags(gfp);
	WARN_ON_ONCE(s->ctor && (gfp & __GFP_ZERO));
	gfp &= GFP_RECLAIM_MASK | GFP_CONSTRAINT_MASK;
	return (gfp | s->allocflags) & gfp_allowed_mask;
}

/*
 * Make a slab, owned by the caller. Must be called with preemption as the
 * caller of the allocator had it: the page allocator may sleep, constructors
 * and memcg may allocate.
 * Return: its objects, linked, or NULL if there is no memory.
 */
static void *new_slab(struct kmem_cache *s, gfp_t gfp, int node,
		      struct slab **slabp)
{
	union slab_word word = { .owned = 1 };
	struct kmem_cache_node *pool;
	struct slab *slab;

	gfp = slab_gfp(s, gfp);
	slab = new_pages(s, gfp, node);
	if (!slab)
		return NULL;

	slab->slab_cache = s;
	slab->objects = slab_capacity(s, slab);
	slab->state = word.word;
	account_slab(slab, slab_order(slab), s, gfp);
	kasan_poison_slab(slab);

	pool = get_node(s, slab_nid(slab));
	atomic_long_inc(&pool->nr_slabs);
	atomic_long_add(slab->objects, &pool->total_objects);
	if (slub_debugged(s))
		slub_debug_setup_slab(s, slab);
	slub_stat(s, STAT_ALLOC_SLAB);
	*slabp = slab;
	return carve(s, slab);
}

static void free_pages_of(struct kmem_cache *s, struct slab *slab)
{
	struct folio *folio = slab_folio(slab);
	unsigned int order = slab_order(slab);

	if (current->reclaim_state)
		current->reclaim_state->reclaimed_slab += 1UL << order;
	unaccount_slab(slab, order, s);
	__slab_clear_pfmemalloc(slab);
	folio->mapping = NULL;
	page_mapcount_reset(folio_page(folio, 0));
	/* From here on a stray pointer into it is no object any more. */
	__folio_clear_slab(folio);
	__free_pages(folio_page(folio, 0), order);
}

static void free_after_grace_period(struct rcu_head *rcu)
{
	struct slab *slab = container_of(rcu, struct slab, rcu_head);

	free_pages_of(slab->slab_cache, slab);
}

/**
 * slub_discard - give a slab back to the page allocator
 * @s: the cache
 * @slab: a slab that has no owner, is on no list and has no object in use
 *
 * Waits for a grace period first, without sleeping, if the cache is
 * SLAB_TYPESAFE_BY_RCU: readers may still look at objects that are free.
 *
 * Context: any but NMI, no list_lock held.
 */
void slub_discard(struct kmem_cache *s, struct slab *slab)
{
	struct kmem_cache_node *pool = get_node(s, slab_nid(slab));

	if (slub_debugged(s))
		slub_debug_discard(s, slab);
	atomic_long_dec(&pool->nr_slabs);
	atomic_long_sub(slab->objects, &pool->total_objects);
	slub_stat(s, STAT_FREE_SLAB);
	if (unlikely(s->flags & SLAB_TYPESAFE_BY_RCU))
		call_rcu(&slab->rcu_head, free_after_grace_period);
	else
		free_pages_of(s, slab);
}

/* ---- Slow path ---- */

static void make_wanted_areas(struct work_struct *work);
static DECLARE_WORK(wanted_areas_work, make_wanted_areas);

static void kick_wanted_areas(struct irq_work *kick)
{
	schedule_work(&wanted_areas_work);
}

static DEFINE_IRQ_WORK(wanted_areas_kick, kick_wanted_areas);

/*
 * A cache gets its per-CPU area when it is first used. Not with interrupts
 * off: the per-CPU allocator may wake up its worker, and who calls us from
 * inside of the scheduler, a timer or a workqueue has interrupts off; a work
 * of ours makes it then. And not while it is about to get one: kmemleak, told
 * of the area, may want an object of this very cache to note it down.
 */
static bool make_cpu_area(struct kmem_cache *s)
{
	struct kmem_cache_cpu __percpu *area;

	if (irqs_disabled() && !early_boot_irqs_disabled) {
		if (!READ_ONCE(s->area_wanted) && system_state >= SYSTEM_SCHEDULING) {
			WRITE_ONCE(s->area_wanted, true);
			irq_work_queue(&wanted_areas_kick);
		}
		return false;
	}
	if (READ_ONCE(s->area_coming))
		return false;
	WRITE_ONCE(s->area_coming, true);
	area = alloc_percpu_gfp(struct kmem_cache_cpu,
				GFP_NOWAIT | __GFP_NOWARN);
	WRITE_ONCE(s->area_coming, false);
	if (!area)
		return false;
	/* The area is zeroed before anybody can find it: cmpxchg orders. */
	if (cmpxchg(&s->cpu_slab, &slub_no_cpu, area) != &slub_no_cpu)
		free_percpu(area);
	return true;
}

static void make_wanted_areas(struct work_struct *work)
{
	struct kmem_cache *s;

	mutex_lock(&slab_mutex);
	list_for_each_entry(s, &slab_caches, list) {
		if (!READ_ONCE(s->area_wanted))
			continue;
		WRITE_ONCE(s->area_wanted, false);
		if (!slub_has_cpu_area(s))
			make_cpu_area(s);
	}
	mutex_unlock(&slab_mutex);
}

/*
 * Drop a free list whose first link leads out of its slab; what was on it is
 * lost. Return: the slab if so, to be reported; it stays, for it never gets
 * empty any more.
 */
static struct slab *cpu_mend(struct kmem_cache *s, struct kmem_cache_cpu *c)
{
	if (!c->freelist ||
	    link_ok(s, c->slab, get_freepointer(s, c->freelist)))
		return NULL;
	c->freelist = NULL;
	return c->slab;
}

/*
 * Look again at the CPU's own slab: we may have moved to another CPU, or an
 * interrupt may have brought a slab, or others may have freed into this one.
 * A slab of another node is given back if this CPU's own node is asked for.
 * @own tells whether the CPU could own a slab that serves this request.
 */
static void *cpu_refill(struct kmem_cache *s, int node, bool *own)
{
	struct kmem_cache_cpu *c = slub_cpu_enter(s);
	void *object = NULL, *rest = NULL;
	struct slab *strange = NULL, *bad = NULL;

	*own = false;
	if (!c)
		return NULL;
	if (IS_ENABLED(CONFIG_SLAB_FREELIST_HARDENED))
		bad = cpu_mend(s, c);
	if (c->slab && !node_match(c->slab, node) && node == numa_mem_id()) {
		slub_stat(s, STAT_ALLOC_NODE_MISMATCH);
		slub_stat(s, STAT_CPUSLAB_FLUSH);
		strange = c->slab;
		rest = c->freelist;
		c->slab = NULL;
		c->freelist = NULL;
	}
	if (c->slab && node_match(c->slab, node)) {
		if (!c->freelist) {
			c->freelist = slub_pool_collect(s, c->slab);
			slub_stat(s, c->freelist ? STAT_ALLOC_REFILL :
						   STAT_DEACTIVATE_FULL);
		}
		if (!c->freelist)
			c->slab = NULL;
		else
			object = cpu_pop(s, c, node);
	} else if (c->slab) {
		slub_stat(s, STAT_ALLOC_NODE_MISMATCH);
	}
	if (!c->slab && !slub_debugged(s))
		*own = node == NUMA_NO_NODE || node == numa_mem_id();
	slub_cpu_exit(c);
	if (strange)
		slub_pool_put(s, strange, rest);
	if (unlikely(bad))
		slub_report_slab(s, bad, "free list corrupt, objects set aside");
	return object;
}

/* Make @slab, with @object taken out of it, the CPU's own. */
static bool cpu_install(struct kmem_cache *s, struct slab *slab, void *object,
			int node)
{
	void *next = get_freepointer(s, object);
	struct kmem_cache_cpu *c;
	bool done;

	if (slab->objects == 1 || slab_test_pfmemalloc(slab) ||
	    !node_match(slab, node) || !link_ok(s, slab, next))
		return false;
	c = slub_cpu_enter(s);
	if (!c)
		return false;
	done = !c->slab;
	if (done) {
		c->freelist = next;
		c->slab = slab;
		c->allocs++;
		slub_idle_arm();
	}
	slub_cpu_exit(c);
	return done;
}

/*
 * The pool's nodes but @node, the nearest first, as far as the task may use them.
 * Its memory policy is asked when a slab is made: with MPOL_INTERLEAVE each
 * question is a step.
 */
static void *take_elsewhere(struct kmem_cache *s, gfp_t gfp, int node,
			    struct slab **whole)
{
#ifdef CONFIG_NUMA
	enum zone_type highest = gfp_zone(gfp | s->allocflags);
	struct zoneref *z;
	struct zone *zone;
	void *object;
	int last = node;

	for_each_zone_zonelist(zone, z, node_zonelist(node, gfp), highest) {
		if (zone_to_nid(zone) == last || !cpuset_zone_allowed(zone, gfp))
			continue;
		last = zone_to_nid(zone);
		object = slub_pool_take(s, last, gfp, whole);
		if (object)
			return object;
	}
#endif
	return NULL;
}

/*
 * Objects from the pool, or else from a new slab; a whole slab of them if
 * @whole is given, as for slub_pool_take().
 *
 * Who names a node gets memory of that node as long as there is any, even if
 * other nodes have partial slabs; with __GFP_THISNODE, nothing else. Who names
 * none gets what is nearest, and a new slab only if no partial one is left.
 */
static void *take_or_make(struct kmem_cache *s, gfp_t gfp, int node,
			  struct slab **whole)
{
	int nearest = node == NUMA_NO_NODE ? numa_mem_id() : node;
	struct slab *slab;
	void *object;

	object = slub_pool_take(s, nearest, gfp, whole);
	if (object)
		return object;

	if (IS_ENABLED(CONFIG_NUMA) && !(gfp & __GFP_THISNODE)) {
		if (node != NUMA_NO_NODE) {
			gfp_t here = gfp | __GFP_THISNODE | __GFP_NOWARN;

			here &= ~(__GFP_DIRECT_RECLAIM | __GFP_NOFAIL);
			object = new_slab(s, here, node, &slab);
			if (object)
				goto made;
		}
		object = take_elsewhere(s, gfp, nearest, whole);
		if (object)
			return object;
	}

	object = new_slab(s, gfp, node, &slab);
	if (!object)
		return NULL;
made:
	if (slub_debugged(s))
		slub_mark_object(s, object, SLUB_RED_ACTIVE);
	if (whole)
		*whole = slab;
	else
		slub_pool_put(s, slab, get_freepointer(s, object));
	return object;
}

/*
 * All that the fast path cannot do. Called with nothing held. @asked and @caller
 * are known for kmalloc() alone, else 0: nobody else should have to keep them.
 */
static noinline void *alloc_slow(struct kmem_cache *s, gfp_t gfp, int node,
				 size_t asked, unsigned long caller)
{
	struct slab *slab = NULL;
	bool own = false;
	void *object;

	/* A node without memory is as good as none, unless it has to be it. */
	if (node != NUMA_NO_NODE && !(gfp & __GFP_THISNODE) &&
	    !node_state(node, N_NORMAL_MEMORY))
		node = NUMA_NO_NODE;

	if (slub_has_cpu_area(s) || make_cpu_area(s)) {
		slub_stat(s, STAT_ALLOC_SLOWPATH);
		object = cpu_refill(s, node, &own);
		if (object)
			return object;
	}

	object = take_or_make(s, gfp, node, own ? &slab : NULL);
	if (unlikely(!object)) {
		slub_report_oom(s, gfp, node);
		return NULL;
	}
	if (slab && cpu_install(s, slab, object, node))
		return object;
	if (slab)
		slub_pool_put(s, slab, get_freepointer(s, object));
	slub_count(s, 1, 0);
	if (slub_debugged(s))
		slub_debug_allocated(s, object, asked, caller, _RET_IP_);
	return object;
}

/* ---- Allocation ---- */

/* With init_on_free, the free pointer is all that is not zero in an object. */
static __always_inline void wipe_freepointer(struct kmem_cache *s, void *object)
{
	if (unlikely(slab_want_init_on_free(s)) && object)
		memset(kasan_reset_tag(object) + s->offset, 0, sizeof(void *));
}

static __always_inline void *slub_alloc(struct kmem_cache *s,
					struct list_lru *lru, gfp_t gfp,
					int node, size_t orig_size,
					unsigned long caller)
{
	struct obj_cgroup *objcg = NULL;
	bool init = false;
	void *object;

	s = slab_pre_alloc_hook(s, lru, &objcg, 1, gfp);
	if (unlikely(!s))
		return NULL;

	object = kfence_alloc(s, orig_size, gfp);
	if (likely(!object)) {
		object = cpu_alloc(s, node);
		if (unlikely(!object))
			object = alloc_slow(s, gfp, node,
					    caller ? orig_size : 0, caller);
		wipe_freepointer(s, object);
		init = slab_want_init_on_alloc(gfp, s);
	}
	slab_post_alloc_hook(s, objcg, gfp, 1, &object, init);
	return object;
}

/**
 * kmem_cache_alloc - allocate an object
 * @s: the cache
 * @gfpflags: GFP_* flags: may it sleep, zero it, which reserves
 *
 * Context: any but NMI. May sleep if @gfpflags has __GFP_DIRECT_RECLAIM. Under
 * PREEMPT_RT, not with interrupts or preemption off.
 * Return: the object, or NULL if there is no memory.
 */
void *kmem_cache_alloc(struct kmem_cache *s, gfp_t gfpflags)
{
	void *ret = slub_alloc(s, NULL, gfpflags, NUMA_NO_NODE, s->object_size, 0);

	trace_kmem_cache_alloc(_RET_IP_, ret, s, gfpflags, NUMA_NO_NODE);
	return ret;
}
EXPORT_SYMBOL(kmem_cache_alloc);

/**
 * kmem_cache_alloc_lru - allocate an object that will be on a list_lru
 * @s: the cache
 * @lru: the list; its memcg part is made ready
 * @gfpflags: GFP_* flags
 *
 * Context and return: as kmem_cache_alloc().
 */
void *kmem_cache_alloc_lru(struct kmem_cache *s, struct list_lru *lru,
			   gfp_t gfpflags)
{
	void *ret = slub_alloc(s, lru, gfpflags, NUMA_NO_NODE, s->object_size, 0);

	trace_kmem_cache_alloc(_RET_IP_, ret, s, gfpflags, NUMA_NO_NODE);
	return ret;
}
EXPORT_SYMBOL(kmem_cache_alloc_lru);

/**
 * kmem_cache_alloc_node - allocate an object on a node
 * @s: the cache
 * @gfpflags: GFP_* flags; with __GFP_THISNODE other nodes won't do
 * @node: id of the node, or NUMA_NO_NODE
 *
 * Context and return: as kmem_cache_alloc().
 */
void *kmem_cache_alloc_node(struct kmem_cache *s, gfp_t gfpflags, int node)
{
	void *ret = slub_alloc(s, NULL, gfpflags, node, s->object_size, 0);

	trace_kmem_cache_alloc(_RET_IP_, ret, s, gfpflags, node);
	return ret;
}
EXPORT_SYMBOL(kmem_cache_alloc_node);

/* For kmalloc(), which traces itself; @orig_size is what its caller wanted. */
void *__kmem_cache_alloc_node(struct kmem_cache *s, gfp_t gfpflags, int node,
			      size_t orig_size, unsigned long caller)
{
	return slub_alloc(s, NULL, gfpflags, node, orig_size, caller);
}

/**
 * kmalloc_trace - what kmalloc() of a constant size is
 * @s: the kmalloc() cache for it
 * @gfpflags: GFP_* flags
 * @size: bytes that are wanted
 *
 * Context and return: as kmem_cache_alloc().
 */
void *kmalloc_trace(struct kmem_cache *s, gfp_t gfpflags, size_t size)
{
	void *ret = slub_alloc(s, NULL, gfpflags, NUMA_NO_NODE, size, _RET_IP_);

	trace_kmalloc(_RET_IP_, ret, size, s->size, gfpflags, NUMA_NO_NODE);
	return kasan_kmalloc(s, ret, size, gfpflags);
}
EXPORT_SYMBOL(kmalloc_trace);

/* Fill @p from the CPU's free list. Return: how many came. */
static size_t cpu_alloc_bulk(struct kmem_cache *s, size_t size, void **p)
{
	struct kmem_cache_cpu *c = slub_cpu_enter(s);
	size_t i;

	if (!c)
		return 0;
	for (i = 0; i < size; i++) {
		p[i] = cpu_pop(s, c, NUMA_NO_NODE);
		if (!p[i])
			break;
	}
	slub_cpu_exit(c);
	slub_stat_add(s, STAT_ALLOC_FASTPATH, i);
	return i;
}

static size_t alloc_bulk(struct kmem_cache *s, gfp_t gfp, size_t size, void **p)
{
	size_t i = 0;

	while (i < size) {
		p[i] = kfence_alloc(s, s->object_size, gfp);
		if (unlikely(p[i])) {
			i++;
			continue;
		}
		i += cpu_alloc_bulk(s, size - i, p + i);
		if (i == size)
			break;
		p[i] = alloc_slow(s, gfp, NUMA_NO_NODE, 0, 0);
		if (unlikely(!p[i]))
			break;
		i++;
	}
	return i;
}

/**
 * kmem_cache_alloc_bulk - allocate many objects
 * @s: the cache
 * @flags: GFP_* flags
 * @size: how many
 * @p: where to store their addresses
 *
 * All or nothing: if one is not to be had, the others are freed again.
 *
 * Context: as kmem_cache_alloc().
 * Return: @size, or 0.
 */
int kmem_cache_alloc_bulk(struct kmem_cache *s, gfp_t flags, size_t size,
			  void **p)
{
	struct obj_cgroup *objcg = NULL;
	size_t i, got;
	bool init;

	s = slab_pre_alloc_hook(s, NULL, &objcg, size, flags);
	if (unlikely(!s))
		return 0;

	got = alloc_bulk(s, flags, size, p);
	for (i = 0; i < got; i++)
		if (!is_kfence_address(p[i]))
			wipe_freepointer(s, p[i]);
	/* What did not come is uncharged by the hook if it finds NULL there. */
	memset(p + got, 0, (size - got) * sizeof(*p));
	init = got == size && slab_want_init_on_alloc(flags, s);
	slab_post_alloc_hook(s, objcg, flags, size, p, init);

	if (likely(got == size))
		return size;
	kmem_cache_free_bulk(s, got, p);
	return 0;
}
EXPORT_SYMBOL(kmem_cache_alloc_bulk);

/* ---- Freeing ---- */

/*
 * Zero an object that is freed: all of it, since ksize() lets users write
 * behind what they asked for. Only where its free pointer will be nothing is
 * written: if it is free already, against all rules, that is part of a list.
 */
static void wipe_object(struct kmem_cache *s, void *object)
{
	unsigned int behind = s->offset + sizeof(void *);

	/* The start of a left red zone has passed for an object so far. */
	if (!slab_holds(s, virt_to_slab(object), object))
		return;
	memset(object, 0, min_t(size_t, s->offset, slab_ksize(s)));
	if (slab_ksize(s) > behind)
		memset(object + behind, 0, slab_ksize(s) - behind);
}

/*
 * What others want to know or do when an object is freed, and zero it if @init.
 * Return: true if it is ours to free: not KFENCE's, not in KASAN's quarantine.
 */
static __always_inline bool free_hook(struct kmem_cache *s, void *x, bool init)
{
	kmemleak_free_recursive(x, s->flags);
	kmsan_slab_free(s, x);
	debug_check_no_locks_freed(x, s->object_size);
	if (!(s->flags & SLAB_DEBUG_OBJECTS))
		debug_check_no_obj_freed(x, s->object_size);
	/* An RCU reader may look at it for some time yet. */
	if (!(s->flags & SLAB_TYPESAFE_BY_RCU))
		__kcsan_check_access(x, s->object_size,
				     KCSAN_ACCESS_WRITE | KCSAN_ACCESS_ASSERT);
	if (kfence_free(x))
		return false;
	if (init && !kasan_has_integrated_init())
		wipe_object(s, kasan_reset_tag(x));
	return !kasan_slab_free(s, x, init);
}

/*
 * Objects whose size is a power of two are aligned to it, and nothing is left
 * behind the last one. KFENCE reports bad pointers itself.
 */
static __always_inline bool object_ok(struct kmem_cache *s, struct slab *slab,
				      void *x)
{
	return likely(!((unsigned long)x & s->mask)) ||
	       likely(slab_holds_plain(s, slab, x)) || is_kfence_address(x);
}

/*
 * A pointer that is not where objects begin, unless the cache is debugged and
 * has left red zones. KASAN has more to say about it, if it is there, and names
 * whoever called the function that this is in.
 * Return: true if it is an object.
 */
static __always_inline bool odd_object_ok(struct kmem_cache *s,
					  struct slab *slab, void *x,
					  unsigned long caller)
{
	if (slab_holds(s, slab, kasan_reset_tag(x)))
		return true;
	if (!kasan_enabled() || !kasan_slab_free(s, x, false))
		slub_report_free(s, x, "not the start of an object", caller);
	return false;
}

static noinline void free_rest(struct kmem_cache *s, struct slab *slab,
			       void *x, unsigned long caller)
{
	void *object = kasan_reset_tag(x);

	if (unlikely(!free_slow(s, slab, object, object, 1, caller)))
		slub_report_free(s, x, "double free", caller);
}

static __always_inline void free_ok(struct kmem_cache *s, struct slab *slab,
				    void *x, bool init, unsigned long caller)
{
	void *object = kasan_reset_tag(x);

	memcg_slab_free_hook(s, slab, &x, 1);
	if (free_hook(s, x, init) &&
	    unlikely(!cpu_free(s, slab, object, object, 1)))
		free_rest(s, slab, x, caller);
}

/* @x is not where a plain object would be, or the cache's objects are wiped. */
static noinline void free_unusual(struct kmem_cache *s, struct slab *slab,
				  void *x, unsigned long caller)
{
	if (likely(object_ok(s, slab, kasan_reset_tag(x))) ||
	    odd_object_ok(s, slab, x, caller))
		free_ok(s, slab, x, slab_want_init_on_free(s), caller);
}

/* What is rare is called last of all, so that nothing has to be saved for it. */
static __always_inline void slub_free(struct kmem_cache *s, struct slab *slab,
				      void *x, unsigned long caller)
{
	if (unlikely(!object_ok(s, slab, kasan_reset_tag(x)) ||
		     slab_want_init_on_free(s)))
		free_unusual(s, slab, x, caller);
	else
		free_ok(s, slab, x, false, caller);
}

/**
 * kmem_cache_free - free an object
 * @s: the cache that it was allocated from
 * @x: the object
 *
 * A pointer that is no object of @s is reported, and what it points to is
 * leaked rather than trusted.
 *
 * Context: any but NMI. Under PREEMPT_RT, not with interrupts or preemption
 * off.
 */
void kmem_cache_free(struct kmem_cache *s, void *x)
{
	struct slab *slab = virt_to_slab(x);

	if (unlikely(!slab || slab->slab_cache != s)) {
		slub_report_free(s, x, "object of another cache or of none",
				 _RET_IP_);
		return;
	}
	trace_kmem_cache_free(_RET_IP_, x, s);
	slub_free(s, slab, x, _RET_IP_);
}
EXPORT_SYMBOL(kmem_cache_free);

/* For kfree(), which found the slab through the object itself. */
void __kfree_slab(struct slab *slab, void *x, unsigned long caller)
{
	slub_free(slab->slab_cache, slab, x, caller);
}

#ifdef CONFIG_KASAN_GENERIC
/* What KASAN's quarantine lets go; the hooks have been called for it. */
void ___cache_free(struct kmem_cache *s, void *x, unsigned long addr)
{
	x = kasan_reset_tag(x);
	if (unlikely(!cpu_free(s, virt_to_slab(x), x, x, 1)))
		free_rest(s, virt_to_slab(x), x, addr);
}
#endif

/*
 * Freeing many: objects of the same slab are linked to each other first, then
 * freed at once. A few such lists are open at a time, so that objects of a few
 * slabs may come in any order.
 */
#define FREE_LISTS	4

struct free_list {
	struct kmem_cache *s;
	struct slab *slab;
	void *head;
	void *tail;
	unsigned int count;
};

static void close_list(struct free_list *list, unsigned long caller)
{
	if (list->count &&
	    !cpu_free(list->s, list->slab, list->head, list->tail,
		      list->count) &&
	    unlikely(!free_slow(list->s, list->slab, list->head, list->tail,
				list->count, caller)))
		slub_report_free(list->s, list->head, "double free", caller);
	list->count = 0;
}

/* The open list of @slab; if there is none, one that is empty now. */
static struct free_list *open_list(struct free_list *lists, unsigned int *next,
				   struct slab *slab, unsigned long caller)
{
	struct free_list *list;

	for (list = lists; list < lists + FREE_LISTS; list++)
		if (list->count && list->slab == slab)
			return list;
	list = lists + (*next)++ % FREE_LISTS;
	close_list(list, caller);
	return list;
}

/*
 * Was @object the last that was freed into @slab? Its link is needed then, and
 * must not be written to. No more than cpu_freed_last() can this be wrong.
 */
static __always_inline bool freed_last(struct kmem_cache *s, struct slab *slab,
				       const void *object)
{
	return cpu_freed_last(s, object) ||
	       word_first(s, slab, word_of(slab)) == object;
}

static void add_to_list(struct free_list *list, struct slab *slab,
			void *object, unsigned long caller)
{
	struct kmem_cache *s = slab->slab_cache;

	if (unlikely(freed_last(s, slab, object) ||
		     (list->count && object == list->head))) {
		slub_report_free(s, object, "double free", caller);
		return;
	}
	if (list->count) {
		set_freepointer(s, object, list->head);
	} else {
		list->s = s;
		list->slab = slab;
		list->tail = object;
	}
	list->head = object;
	list->count++;
}

/*
 * Check and hook one object of a bulk free.
 * Return: its slab if it is to be freed, NULL if it is done with.
 */
static struct slab *bulk_object(struct kmem_cache *s, void *x,
				unsigned long caller)
{
	struct folio *folio = virt_to_folio(x);
	struct slab *slab = folio_slab(folio);

	if (unlikely(!folio_test_slab(folio))) {
		if (s)
			slub_report_free(s, x, "object of no cache", caller);
		else
			free_large_kmalloc(folio, x);
		return NULL;
	}
	if (unlikely(s && slab->slab_cache != s)) {
		slub_report_free(s, x, "object of another cache", caller);
		return NULL;
	}
	s = slab->slab_cache;
	if (unlikely(!object_ok(s, slab, kasan_reset_tag(x))) &&
	    !odd_object_ok(s, slab, x, caller))
		return NULL;
	memcg_slab_free_hook(s, slab, &x, 1);
	if (!free_hook(s, x, slab_want_init_on_free(s)))
		return NULL;
	/* Its link must not be written to before it is checked. */
	if (slub_debugged(s)) {
		slub_debug_free(s, slab, kasan_reset_tag(x), caller);
		return NULL;
	}
	return slab;
}

/**
 * kmem_cache_free_bulk - free many objects
 * @s: the cache they were allocated from, or NULL if kmalloc() gave them, from
 *     any cache
 * @size: how many
 * @p: their addresses; the array is left as it is
 *
 * Context: as kmem_cache_free().
 */
void kmem_cache_free_bulk(struct kmem_cache *s, size_t size, void **p)
{
	struct free_list lists[FREE_LISTS] = { };
	unsigned int next = 0, i;
	struct slab *slab;
	size_t done;

	for (done = 0; done < size; done++) {
		slab = bulk_object(s, p[done], _RET_IP_);
		if (!slab)
			continue;
		add_to_list(open_list(lists, &next, slab, _RET_IP_), slab,
			    kasan_reset_tag(p[done]), _RET_IP_);
	}
	for (i = 0; i < FREE_LISTS; i++)
		close_list(&lists[i], _RET_IP_);
}
EXPORT_SYMBOL(kmem_cache_free_bulk);
