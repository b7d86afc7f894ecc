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
 * a slab. An object is either in use, or free; a free object is linked into a
 * free list of its own slab through a pointer inside of it (or behind it, where
 * its content must survive: constructors, SLAB_TYPESAFE_BY_RCU). There is but one
 * other place where free objects are: a few that a CPU has at hand, see 5. All
 * that is known about a slab overlays its first struct page:
 *
 *   struct page        struct slab          who writes it, under what
 *   ---------------    -----------------    ----------------------------------
 *   flags              PG_slab              us, when the slab is made and freed
 *                      PG_active            same; pages came from the reserves
 *   lru                slab_list            the pool, under list_lock; the owner
 *   rcu_head           rcu_head             slub_discard(): off all lists
 *   mapping            slab_cache           us, when the slab is made
 *   index              state                anybody, by cmpxchg: slub_pool.c
 *                      local                the owner; 32 bit: _mapcount
 *   private            objects              us, when the slab is made
 *                      owner                the owner
 *   _mapcount          -                    reset when the slab is freed
 *   _refcount          __page_refcount      page allocator
 *   memcg_data         memcg_data           memcg: owners of the objects
 *
 * 2. Where slabs are
 *
 *   owned     by a CPU, which hands out its objects: one that it allocates from,
 *             and others that it frees into, on a list of its own
 *   partial   in the pool: no owner, some objects free
 *   empty     in the pool: no owner, all objects free; a short reserve
 *   full      nowhere: no owner, no object free; the first free finds it, and who
 *             frees owns it from then on
 *
 * The pool is one for the whole cache: any CPU may take any slab of it, the
 * nearest first. See slub_pool.c for the states and their protocol.
 *
 * 3. Ways to allocate, the quickest first
 *
 *   a. what is at hand: an address out of an array; the object is not looked at;
 *   b. from the free list that this CPU keeps for its slab (cpu_pop());
 *   c. what was freed into this CPU's slab meanwhile: all that the CPU freed, or
 *      else all that others did, becomes the CPU's free list (cpu_next()); if
 *      there is nothing the slab is full, and let go;
 *   d. the slab that the CPU came to own last by freeing into it;
 *   e. a partial slab of the pool, which the CPU then owns;
 *   f. a new slab from the page allocator.
 *
 * Some requests must not change what the CPU owns: an interrupt that came
 * while the CPU's part was being changed, a request for another node, a slab
 * from the emergency reserves. They take single objects out of e. and f.
 *
 * 4. Ways to free
 *
 *   a. if the slab is dense: keep the object at hand, as long as there is room;
 *   b. into a slab that this CPU owns: onto slab->local, by plain stores;
 *   c. into a full slab: own it by one cmpxchg, then as b.;
 *   d. into any other slab: onto the shared free list in the slab's word.
 *
 * 5. What is at hand
 *
 * Programs often free an object and allocate another one right after. A slab that
 * was full gets an object back then, and loses it: to keep its address in an array
 * instead costs next to nothing. This is what queues are for; and it is how they
 * lose memory: after a peak the objects that go round through a queue are those of
 * sparse slabs as well as of dense ones, so that no slab ever gets empty. So only
 * objects of slabs are kept that have no other one free: it does not matter for
 * what is held which object of a full slab is handed out again. Others go back
 * into their slabs, of which the fullest are used first.
 *
 * 6. Who keeps whom away
 *
 *   what                      by what
 *   -----------------------   ----------------------------------------------
 *   kmem_cache_cpu            preemption off and @busy: slub_cpu_enter()
 *   slab->local, slab->owner  the same, of the owner: no other CPU writes there
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
 * 7. What is held back
 *
 * A CPU has some 64 kB of objects of a cache at hand at most, and owns cpu_partial
 * slabs at most beside the one that it allocates from; if others had to make a
 * slab meanwhile it lets go of half of these when it gets the next one. It gives
 * all of that back if it has allocated nothing for a while (slub_flush.c), with
 * the struct kmem_cache_cpu that it is noted in: what a CPU holds of a cache that
 * it does not use is a pointer. A node holds at most min_partial empty slabs.
 *
 * The design is that of Christoph Lameter's posting of February 2007 for
 * 2.6.20-mm2, written anew for the interfaces of 6.1; the push onto the shared
 * list is R. K. Treiber's (IBM RJ 5118, 1986), taken off all at once. That a slab
 * has a list of its owner's beside a shared one is from D. Leijen, B. Zorn, L. de
 * Moura: Mimalloc, MSR-TR-2019-18.
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
 * Stands in for what a CPU holds of a cache until it first allocates of it. It is
 * always busy, so that the fast paths fail on it as they do in an interrupt that
 * came amidst another one, and need no test of their own.
 */
struct kmem_cache_cpu slub_no_cpu __ro_after_init = { .busy = true };

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

/* From the CPU's free list; between slub_cpu_enter() and slub_cpu_exit(). */
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

/* With init_on_free, the free pointer is all that is not zero in an object. */
static __always_inline void wipe_freepointer(struct kmem_cache *s, void *object)
{
	if (unlikely(slab_want_init_on_free(s)) && object)
		memset(kasan_reset_tag(object) + s->offset, 0, sizeof(void *));
}

/* Return: false if there is more to it. */
static __always_inline bool cpu_alloc(struct kmem_cache *s, int node,
				      void **object)
{
	struct kmem_cache_cpu *c;
	bool done = true;
	unsigned int n;

	if (unlikely(!slub_cpu_entered(s, &c)))
		return false;
	n = c->hand;
	if (likely(n && (!IS_ENABLED(CONFIG_NUMA) || node == NUMA_NO_NODE ||
			 c->home == HOME_NODE(node)))) {
		*object = c->recent[n];
		c->hand = n - 1;
	} else {
		*object = cpu_pop(s, c, node);
		done = *object;
		wipe_freepointer(s, *object);
	}
	slub_cpu_exit(c);
	if (likely(done))
		slub_stat(s, STAT_ALLOC_FASTPATH);
	return done;
}

/* Is no object of @slab on a list of its own? A guess, unless we own it. */
static __always_inline bool slab_dense(const struct slab *slab)
{
#ifdef CONFIG_64BIT
	static const union {
		struct {
			union slab_word state;
			union slab_word local;
		};
		u64 both;
	} lists = { .state.free = 0x7fff, .local.word = U32_MAX };

	return !(READ_ONCE(slab->both) & lists.both);
#else
	return !word_of(slab).free && !READ_ONCE(slab->local);
#endif
}

/*
 * Put @object into a slab that this CPU owns.
 * Return: false, and nothing done, if it was freed last, or none is in use.
 */
static __always_inline bool push_local(struct kmem_cache *s, struct slab *slab,
				       void *object)
{
	union slab_word local = { .word = slab->local };
	void *next = word_first(s, slab, local);

	if (unlikely(next == object || local.free >= slab->objects))
		return false;
	set_freepointer(s, object, next);
	local.head = slab_number(s, object - slab_address(slab)) + 1;
	local.free++;
	WRITE_ONCE(slab->local, local.word);
	return true;
}

/*
 * Keep @object at hand if its slab is dense, or put it into a slab that this CPU
 * owns; between slub_cpu_enter() and slub_cpu_exit(). What is at hand keeps what
 * it held, but for the free pointer's place with @init.
 * Return: false, and nothing done, if there is more to it.
 */
static __always_inline bool cpu_push(struct kmem_cache *s,
				     struct kmem_cache_cpu *c,
				     struct slab *slab, void *object, bool init)
{
	unsigned int n = c->hand;

	if (unlikely(c->recent[n] == object))
		return false;
	if (likely(n < c->room && slub_home(slab) == c->home &&
		   slab_dense(slab))) {
		if (init)
			memset(object + s->offset, 0, sizeof(void *));
		c->recent[n + 1] = object;
		c->hand = n + 1;
		return true;
	}
	if (READ_ONCE(slab->owner) != c->id || c->freelist == object ||
	    slab_local(slab).free + 1 >= slab->objects ||
	    !push_local(s, slab, object))
		return false;
	c->frees++;
	return true;
}

/* Return: false, and nothing done, if there is more to it than cpu_push(). */
static __always_inline bool cpu_free(struct kmem_cache *s, struct slab *slab,
				     void *object, bool init)
{
	struct kmem_cache_cpu *c;
	bool done;

	if (unlikely(!slub_cpu_entered(s, &c)))
		return false;
	done = cpu_push(s, c, slab, object, init);
	slub_cpu_exit(c);
	if (likely(done))
		slub_stat(s, STAT_FREE_FASTPATH);
	return done;
}

enum freed { KEPT, TWICE, NOT_OURS };

/* The CPU owns @slab from now on, or no more. */
static void cpu_own(struct kmem_cache *s, struct kmem_cache_cpu *c,
		    struct slab *slab)
{
	slub_stat(s, STAT_CPU_PARTIAL_FREE);
	WRITE_ONCE(slab->owner, c->id);
	list_add(&slab->slab_list, &c->partial);
	c->nr_partial++;
}

static void cpu_disown(struct kmem_cache_cpu *c, struct slab *slab,
		       struct list_head *leaving)
{
	WRITE_ONCE(slab->owner, 0);
	list_move(&slab->slab_list, leaving);
	c->nr_partial--;
}

/* So many at once: preemption is off, and each is another line to fetch. */
#define LET_GO_MAX	64

/**
 * slub_cpu_let_go - take half of the slabs that a CPU owns
 * @s: the cache
 * @c: what the CPU holds
 * @leaving: where to put them: those that it has owned for longest
 *
 * Context: between slub_cpu_enter() and slub_cpu_exit().
 */
void slub_cpu_let_go(struct kmem_cache *s, struct kmem_cache_cpu *c,
		     struct list_head *leaving)
{
	unsigned int go = min((c->nr_partial + 1) / 2, LET_GO_MAX);

	slub_stat_add(s, STAT_CPU_PARTIAL_DRAIN, go);
	for (; go; go--)
		cpu_disown(c, list_last_entry(&c->partial, struct slab,
					      slab_list), leaving);
}

/* Did somebody make a slab while this CPU owns many that are partial? */
static bool others_want(struct kmem_cache *s, struct kmem_cache_cpu *c,
			struct slab *slab)
{
	struct kmem_cache_node *pool = get_node(s, slab_nid(slab));

	if (likely(c->nr_partial <= SLUB_FEW_SLABS || !READ_ONCE(pool->wanted)))
		return false;
	WRITE_ONCE(pool->wanted, false);
	return true;
}

/*
 * Free @object into a slab that the CPU owns, or comes to own since it is full.
 * Slabs go to @leaving that have no object in use, and half of what the CPU owns
 * if that is too much, or if others want some.
 */
static enum freed cpu_keep(struct kmem_cache *s, struct kmem_cache_cpu *c,
			   struct slab *slab, void *object,
			   struct list_head *leaving)
{
	if (c->recent[c->hand] == object || c->freelist == object)
		return TWICE;
	c->room = c->max_room;
	c->cramped |= c->hand == c->room && !c->largest;
	if (READ_ONCE(slab->owner) == c->id) {
		if (!push_local(s, slab, object))
			return TWICE;
		c->frees++;
		if (slab_local(slab).free == slab->objects && slab != c->slab)
			cpu_disown(c, slab, leaving);
		return KEPT;
	}
	if (!READ_ONCE(s->cpu_partial) || slub_home(slab) != c->home ||
	    !slub_pool_own(s, slab))
		return NOT_OURS;
	push_local(s, slab, object);
	c->frees++;
	cpu_own(s, c, slab);
	if (unlikely(c->nr_partial > READ_ONCE(s->cpu_partial) ||
		     others_want(s, c, slab)))
		slub_cpu_let_go(s, c, leaving);
	return KEPT;
}

/*
 * All that cpu_free() could not do.
 * Return: false, and nothing done, if @object was free already.
 */
static noinline bool free_slow(struct kmem_cache *s, struct slab *slab,
			       void *object, unsigned long caller)
{
	struct kmem_cache_cpu *c = slub_cpu_enter(s);
	enum freed freed = NOT_OURS;
	LIST_HEAD(leaving);

	if (likely(c)) {
		freed = cpu_keep(s, c, slab, object, &leaving);
		slub_cpu_exit(c);
		slub_pool_put_all(s, &leaving);
	}
	if (freed != NOT_OURS) {
		if (freed == KEPT)
			slub_stat(s, STAT_FREE_FASTPATH);
		return freed == KEPT;
	}
	if (slub_debugged(s)) {
		slub_debug_free(s, slab, object, caller);
		return true;
	}
	if (unlikely(!slub_pool_free(s, slab, object)))
		return false;
	slub_count(s, 0, 1);
	slub_stat(s, STAT_FREE_SLOWPATH);
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
	slab->owner = 0;
	slab->local = 0;
	account_slab(slab, slab_order(slab), s, gfp);
	kasan_poison_slab(slab);

	pool = get_node(s, slab_nid(slab));
	if (!READ_ONCE(pool->wanted))
		WRITE_ONCE(pool->wanted, true);
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

/* What the CPU has freed into @slab, linked. It may be what had no place at hand. */
static void *take_local(struct kmem_cache *s, struct kmem_cache_cpu *c,
			struct slab *slab)
{
	union slab_word local = slab_local(slab);

	WRITE_ONCE(slab->local, 0);
	c->cramped |= local.free > c->room && !c->largest;
	return word_first(s, slab, local);
}

/*
 * Have a free list again: of what was freed into the CPU's slab, by itself or by
 * others; or of the slab that it came to own last.
 */
static void cpu_next(struct kmem_cache *s, struct kmem_cache_cpu *c)
{
	struct slab *slab = c->slab;

	c->room = c->max_room;
	if (slab) {
		c->freelist = take_local(s, c, slab);
		if (c->freelist)
			return;
		/* It can't be ours any more when others may have it. */
		WRITE_ONCE(slab->owner, 0);
		c->freelist = slub_pool_collect(s, slab);
		if (c->freelist) {
			WRITE_ONCE(slab->owner, c->id);
			slub_stat(s, STAT_ALLOC_REFILL);
			return;
		}
		slub_stat(s, STAT_DEACTIVATE_FULL);
		c->slab = NULL;
	}
	if (c->nr_partial) {
		slab = list_first_entry(&c->partial, struct slab, slab_list);
		list_del(&slab->slab_list);
		c->nr_partial--;
		c->slab = slab;
		c->freelist = take_local(s, c, slab);
		slub_stat(s, STAT_CPU_PARTIAL_ALLOC);
	}
}

/*
 * Look again at what the CPU owns: we may have moved to another CPU, or an
 * interrupt may have brought a slab, or others may have freed into this one.
 * A slab of another node is given back if this CPU's own node is asked for.
 * @own tells whether the CPU could own a slab that serves this request, @cramped
 * whether it should have a larger place.
 */
static void *cpu_refill(struct kmem_cache *s, int node, bool *own,
			bool *cramped)
{
	struct kmem_cache_cpu *c = slub_cpu_enter(s);
	void *object = NULL, *rest = NULL;
	struct slab *strange = NULL, *bad = NULL;

	*own = false;
	if (!c)
		return NULL;
	if (IS_ENABLED(CONFIG_SLAB_FREELIST_HARDENED))
		bad = cpu_mend(s, c);
	if (c->slab && !node_match(c->slab, node)) {
		slub_stat(s, STAT_ALLOC_NODE_MISMATCH);
		if (node == numa_mem_id()) {
			slub_stat(s, STAT_CPUSLAB_FLUSH);
			strange = c->slab;
			WRITE_ONCE(strange->owner, 0);
			rest = c->freelist;
			c->slab = NULL;
			c->freelist = NULL;
		}
	}
	if (!c->slab || node_match(c->slab, node)) {
		if (!c->freelist)
			cpu_next(s, c);
		object = cpu_pop(s, c, node);
	}
	if (!c->slab)
		*own = node == NUMA_NO_NODE || node == numa_mem_id();
	/* An interrupt may have come into slub_cpu_enter(): see cpu_busy.pml. */
	*cramped = c->cramped && in_task();
	if (*cramped)
		c->cramped = false;
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
		WRITE_ONCE(slab->owner, c->id);
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

/* Allocate without what this CPU holds, which may have no place yet. */
static void *alloc_past_cpu(struct kmem_cache *s, gfp_t gfp, int node,
			    size_t asked, unsigned long caller,
			    unsigned long through)
{
	void *object = take_or_make(s, gfp, node, NULL);

	if (unlikely(!object))
		return NULL;
	slub_count(s, 1, 0);
	if (slub_debugged(s))
		slub_debug_allocated(s, object, asked, caller, through);
	return object;
}

/* What a CPU may have at hand in bytes, about, and what a place for it takes. */
#define HAND_BYTES	(16 * PAGE_SIZE)
#define PLACE_MAX	2048
#define PLACE_MIN	128

/* The first place is small; who has more to free than fits in gets the full one. */
static size_t place_size(struct kmem_cache *s, bool full)
{
	size_t size = offsetof(struct kmem_cache_cpu, recent[1]);

	size += HAND_BYTES / s->size * sizeof(void *);
	size = clamp_t(size_t, size, PLACE_MIN, PLACE_MAX);
	return full ? rounddown_pow_of_two(size) : PLACE_MIN;
}

/*
 * An object itself, but one that is taken past the CPU: the first that kmalloc()
 * wants might be just such a place. kmemleak, which would allocate, is not told.
 */
static struct kmem_cache_cpu *make_place(struct kmem_cache *s, gfp_t gfp,
					 bool full)
{
	size_t size = place_size(s, full), room;
	struct kmem_cache *from = kmalloc_slab(size, 0);
	struct kmem_cache_cpu *c;

	gfp = (gfp & __GFP_KSWAPD_RECLAIM) | __GFP_NOMEMALLOC | __GFP_NOWARN;
	c = alloc_past_cpu(from, gfp, numa_mem_id(), size, _RET_IP_, 0);
	if (!c)
		return NULL;
	c = kasan_slab_alloc(from, c, gfp, false);
	memset(c, 0, size);
	room = (size - offsetof(struct kmem_cache_cpu, recent[1])) /
	       sizeof(void *);
	if (READ_ONCE(s->cpu_partial))
		c->max_room = min_t(size_t, HAND_BYTES / s->size, room);
	c->room = c->max_room;
	c->largest = !c->max_room || size == place_size(s, true);
	INIT_LIST_HEAD(&c->partial);
	return c;
}

/* Move what the CPU holds to a larger place. */
static void cpu_move(struct kmem_cache_cpu *c, struct kmem_cache_cpu *to)
{
	unsigned int room = to->max_room;

	/* For good: an interrupt may have found it before it finds the other. */
	WRITE_ONCE(c->busy, true);
	barrier();
	memcpy(to, c, struct_size(c, recent, c->hand + 1));
	INIT_LIST_HEAD(&to->partial);
	list_splice_init(&c->partial, &to->partial);
	to->room = room;
	to->max_room = room;
	to->largest = true;
	to->cramped = false;
	to->busy = false;
	to->outgrown = c;
}

/* Give this CPU a place for what it holds of a cache, or a larger one. */
static void make_cpu(struct kmem_cache *s, gfp_t gfp)
{
	struct kmem_cache_cpu *c, *made;

	if (slab_state < UP)
		return;
	made = make_place(s, gfp, raw_cpu_read(*s->cpu_slab) != &slub_no_cpu);
	if (!made)
		return;
	preempt_disable();
	/* Who changes it waits for us, and flushes then. */
	if (!READ_ONCE(s->cpu_partial)) {
		made->room = 0;
		made->max_room = 0;
	}
	c = raw_cpu_read(*s->cpu_slab);
	if (c == &slub_no_cpu) {
		made->id = smp_processor_id() + 1;
		made->home = HOME_NODE(numa_mem_id());
		slub_idle_arm();
	} else if (!READ_ONCE(c->busy) && c->max_room < made->max_room) {
		cpu_move(c, made);
	} else {
		c = NULL;
	}
	/* Others that find it find it filled in. */
	smp_wmb();
	if (c && this_cpu_cmpxchg(*s->cpu_slab, c, made) == c)
		made = NULL;
	preempt_enable();
	kfree(made);
}

/*
 * All that the fast path cannot do. Called with nothing held. @asked and @caller
 * are known for kmalloc() alone, else 0: nobody else should have to keep them.
 * @through is where in the allocator's function that was called this happens, or
 * 0 if that is what called this.
 */
static noinline void *alloc_slow(struct kmem_cache *s, gfp_t gfp, int node,
				 size_t asked, unsigned long caller,
				 unsigned long through)
{
	bool own = false, cramped = false;
	struct slab *slab = NULL;
	void *object;

	/* A node without memory is as good as none, unless it has to be it. */
	if (node != NUMA_NO_NODE && !(gfp & __GFP_THISNODE) &&
	    !node_state(node, N_NORMAL_MEMORY))
		node = NUMA_NO_NODE;

	slub_stat(s, STAT_ALLOC_SLOWPATH);
	object = cpu_refill(s, node, &own, &cramped);
	if (unlikely(cramped))
		make_cpu(s, gfp);
	if (object)
		return object;
	if (raw_cpu_read(*s->cpu_slab) == &slub_no_cpu && !slub_debugged(s)) {
		make_cpu(s, gfp);
		own = node == NUMA_NO_NODE || node == numa_mem_id();
	}
	if (!own) {
		object = alloc_past_cpu(s, gfp, node, asked, caller,
					through ?: _RET_IP_);
		if (unlikely(!object))
			slub_report_oom(s, gfp, node);
		return object;
	}

	object = take_or_make(s, gfp, node, &slab);
	if (unlikely(!object)) {
		slub_report_oom(s, gfp, node);
		return NULL;
	}
	if (!cpu_install(s, slab, object, node)) {
		slub_pool_put(s, slab, get_freepointer(s, object));
		slub_count(s, 1, 0);
	}
	return object;
}

/* ---- Giving back ---- */

/**
 * slub_cpu_empty_hand - take what a CPU has at hand
 * @s: the cache
 * @c: what the CPU holds
 * @held: initialised; what has to be done with it
 *
 * As much as can goes into slabs that the CPU owns, or comes to own.
 *
 * Context: between slub_cpu_enter() and slub_cpu_exit(), or the CPU is dead.
 */
void slub_cpu_empty_hand(struct kmem_cache *s, struct kmem_cache_cpu *c,
			 struct slub_held *held)
{
	struct slab *slab;
	void *object;

	for (; c->hand; c->hand--) {
		object = c->recent[c->hand];
		slab = virt_to_slab(object);
		if (READ_ONCE(slab->owner) != c->id &&
		    slub_home(slab) == c->home && slub_pool_own(s, slab))
			cpu_own(s, c, slab);
		if (READ_ONCE(slab->owner) != c->id) {
			set_freepointer(s, object, held->objects);
			held->objects = object;
			held->count++;
		} else if (c->freelist == object || !push_local(s, slab, object)) {
			held->twice = object;
			continue;
		} else if (slab_local(slab).free == slab->objects &&
			   slab != c->slab) {
			cpu_disown(c, slab, &held->slabs);
		}
		c->frees++;
	}
}

/**
 * slub_cpu_leave - take all that a CPU holds, and its place
 * @s: the cache
 * @place: where the CPU finds @c
 * @c: what the CPU holds
 * @held: initialised; what has to be given back
 *
 * Context: after slub_cpu_enter(), with no slub_cpu_exit() but preempt_enable()
 * to follow; or the CPU is dead.
 */
void slub_cpu_leave(struct kmem_cache *s, struct kmem_cache_cpu **place,
		    struct kmem_cache_cpu *c, struct slub_held *held)
{
	slub_cpu_empty_hand(s, c, held);
	while (c->nr_partial)
		cpu_disown(c, list_first_entry(&c->partial, struct slab,
					       slab_list), &held->slabs);
	held->slab = c->slab;
	held->freelist = c->freelist;
	if (c->slab)
		WRITE_ONCE(c->slab->owner, 0);
	held->cpu = c;
	/* In between its objects are counted twice: see slub_objects_in_use(). */
	atomic_inc_return(&s->leaving);
	atomic_long_add(c->allocs - c->frees, &s->uncounted);
	WRITE_ONCE(*place, &slub_no_cpu);
	atomic_inc_return_release(&s->left);
}

static void free_places(struct rcu_head *rcu)
{
	struct kmem_cache_cpu *c = container_of(rcu, struct kmem_cache_cpu, rcu);
	struct kmem_cache_cpu *outgrown;

	for (; c; c = outgrown) {
		outgrown = c->outgrown;
		kfree(c);
	}
}

/**
 * slub_give_back - give back what was taken from a CPU
 * @s: the cache
 * @held: what was taken
 *
 * Context: any but NMI; takes list_lock with interrupts off.
 */
void slub_give_back(struct kmem_cache *s, struct slub_held *held)
{
	void *object, *next;

	if (held->slab) {
		slub_stat(s, STAT_CPUSLAB_FLUSH);
		slub_pool_put(s, held->slab, held->freelist);
	}
	slub_pool_put_all(s, &held->slabs);
	/* What was freed twice makes a circle of the list. */
	for (object = held->objects; held->count; held->count--) {
		next = get_freepointer(s, object);
		if (!slub_pool_free(s, virt_to_slab(object), object))
			held->twice = object;
		object = next;
	}
	if (unlikely(held->twice))
		slub_report_free(s, held->twice, "double free", _RET_IP_);
	if (held->cpu)
		call_rcu(&held->cpu->rcu, free_places);
}

/* ---- Allocation ---- */

/* The rest of slub_alloc(), called last of all there. */
static noinline void *alloc_rest(struct kmem_cache *s, struct obj_cgroup *objcg,
				 gfp_t gfp, int node, size_t asked,
				 unsigned long caller)
{
	void *object = alloc_slow(s, gfp, node, asked, caller, _RET_IP_);

	wipe_freepointer(s, object);
	slab_post_alloc_hook(s, objcg, gfp, 1, &object,
			     slab_want_init_on_alloc(gfp, s));
	return object;
}

/* For the caller of the function that slub_alloc() is in: see where it is used. */
#define RET_IP		(~0UL)

static __always_inline void *slub_alloc(struct kmem_cache *s,
					struct list_lru *lru, gfp_t gfp,
					int node, size_t orig_size,
					unsigned long caller)
{
	struct obj_cgroup *objcg = NULL;
	void *object;

	/* It returns what it was given, or NULL. */
	if (unlikely(slab_pre_alloc_hook(s, lru, &objcg, 1, gfp) != s))
		return NULL;

	object = kfence_alloc(s, orig_size, gfp);
	if (unlikely(object)) {
		slab_post_alloc_hook(s, objcg, gfp, 1, &object, false);
		return object;
	}
	/* Where _RET_IP_ is not an argument, it has not to be kept in a register. */
	if (unlikely(!cpu_alloc(s, node, &object)))
		return alloc_rest(s, objcg, gfp, node, caller ? orig_size : 0,
				  caller == RET_IP ? _RET_IP_ : caller);
	/* Else the hook tests for it. */
	if (!object)
		__builtin_unreachable();
	slab_post_alloc_hook(s, objcg, gfp, 1, &object,
			     slab_want_init_on_alloc(gfp, s));
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
	void *ret = slub_alloc(s, NULL, gfpflags, NUMA_NO_NODE, size, RET_IP);

	trace_kmalloc(_RET_IP_, ret, size, s->size, gfpflags, NUMA_NO_NODE);
	return kasan_kmalloc(s, ret, size, gfpflags);
}
EXPORT_SYMBOL(kmalloc_trace);

/* Fill @p with what is at hand, and from the CPU's free list. Return: how many came. */
static size_t cpu_alloc_bulk(struct kmem_cache *s, size_t size, void **p)
{
	struct kmem_cache_cpu *c = slub_cpu_enter(s);
	size_t i;

	if (!c)
		return 0;
	for (i = 0; i < size && c->hand; i++)
		p[i] = c->recent[c->hand--];
	for (; i < size; i++) {
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
		p[i] = alloc_slow(s, gfp, NUMA_NO_NODE, 0, 0, 0);
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
	for (i = 0; slab_want_init_on_free(s) && i < got; i++)
		if (!is_kfence_address(p[i]))
			wipe_freepointer(s, p[i]);
	/* What did not come is uncharged by the hook if it finds NULL there. */
	if (unlikely(got < size))
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

static noinline void free_rest(struct slab *slab, void *x, unsigned long caller)
{
	struct kmem_cache *s = slab->slab_cache;
	void *object = kasan_reset_tag(x);

	if (unlikely(!free_slow(s, slab, object, caller)))
		slub_report_free(s, x, "double free", caller);
}

static __always_inline void free_ok(struct kmem_cache *s, struct slab *slab,
				    void *x, bool init, unsigned long caller)
{
	void *object = kasan_reset_tag(x);

	memcg_slab_free_hook(s, slab, &x, 1);
	if (free_hook(s, x, init) &&
	    unlikely(!cpu_free(s, slab, object, init)))
		free_rest(slab, x, caller);
}

/* @x is not where a plain object would be, or the cache's objects are wiped. */
static noinline void free_unusual(struct slab *slab, void *x,
				  unsigned long caller)
{
	struct kmem_cache *s = slab->slab_cache;

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
		free_unusual(slab, x, caller);
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
	if (unlikely(!cpu_free(s, virt_to_slab(x), x, slab_want_init_on_free(s))))
		free_rest(virt_to_slab(x), x, addr);
}
#endif

/* Not in a slab, or in one of another cache. */
static noinline void free_odd(struct kmem_cache *s, void *x,
			      unsigned long caller)
{
	struct folio *folio = virt_to_folio(x);

	if (folio_test_slab(folio))
		slub_report_free(s, x, "object of another cache", caller);
	else if (s)
		slub_report_free(s, x, "object of no cache", caller);
	else
		free_large_kmalloc(folio, x);
}

/* Is each object that is freed shown to somebody, who may keep it? */
#define FREES_ARE_WATCHED \
	(IS_ENABLED(CONFIG_KASAN) || IS_ENABLED(CONFIG_KMSAN) || \
	 IS_ENABLED(CONFIG_KCSAN) || IS_ENABLED(CONFIG_DEBUG_KMEMLEAK) || \
	 IS_ENABLED(CONFIG_DEBUG_LOCK_ALLOC) || \
	 IS_ENABLED(CONFIG_DEBUG_OBJECTS_FREE))

/* How many of the first objects are of @slab, and need no look at each. */
static __always_inline size_t run_length(struct kmem_cache *s,
					 struct slab *slab, size_t size,
					 void **p)
{
	void *address = slab_address(slab);
	size_t bytes = slab_size(slab), n;

	if (FREES_ARE_WATCHED || slab_want_init_on_free(s) ||
	    is_kfence_address(p[0]))
		return 0;
	for (n = 0; n < size; n++)
		if ((size_t)(p[n] - address) >= bytes ||
		    !object_ok(s, slab, p[n]) || (n && p[n] == p[n - 1]))
			break;
	return n;
}

/* As cpu_free(), for objects of one slab. Return: how many of the first are done. */
static __always_inline size_t cpu_free_run(struct kmem_cache *s,
					   struct slab *slab, size_t size,
					   void **p)
{
	struct kmem_cache_cpu *c = slub_cpu_enter(s);
	size_t done = 0, i;
	void **to;

	if (unlikely(!c))
		return 0;
	to = &c->recent[c->hand];
	if (likely(*to != p[0] && c->freelist != p[0] &&
		   c->hand < c->room && slub_home(slab) == c->home &&
		   slab_dense(slab))) {
		done = min_t(size_t, size, c->room - c->hand);
		c->hand += done;
		/* Whoever wants as many gets them in the same order. */
		for (i = 0; i < done; i++)
			to[done - i] = p[i];
	}
	while (done < size && cpu_push(s, c, slab, p[done], false))
		done++;
	slub_cpu_exit(c);
	slub_stat_add(s, STAT_FREE_FASTPATH, done);
	return done;
}

/* Free the first object, and others that follow. Return: how many that was. */
static __always_inline size_t free_some(struct kmem_cache *s, size_t size,
					void **p, unsigned long caller)
{
	struct folio *folio = virt_to_folio(p[0]);
	struct slab *slab = folio_slab(folio);
	size_t run, done;

	if (unlikely(!folio_test_slab(folio) ||
		     (s && slab->slab_cache != s))) {
		free_odd(s, p[0], caller);
		return 1;
	}
	s = slab->slab_cache;
	run = run_length(s, slab, size, p);
	if (run < 2) {
		slub_free(s, slab, p[0], caller);
		return 1;
	}
	memcg_slab_free_hook(s, slab, p, run);
	for (done = cpu_free_run(s, slab, run, p); done < run; done++)
		if (!cpu_free(s, slab, p[done], false))
			free_rest(slab, p[done], caller);
	return run;
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
	size_t done;

	for (; size; size -= done, p += done)
		done = free_some(s, size, p, _RET_IP_);
}
EXPORT_SYMBOL(kmem_cache_free_bulk);
