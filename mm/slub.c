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
 * a slab. An object is either in use, or free; a free object is known to its own
 * slab: linked into a free list through a pointer inside of it (or behind it,
 * where its content must survive: constructors, SLAB_TYPESAFE_BY_RCU), or, if a CPU
 * owns the slab, as a bit of a map or one of a row: slub_local.h. There is but one
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
 *                      local                the owner; 32 bit: private
 *   private            map                  the owner; 64 bit alone
 *   _mapcount          objects              us, when the slab is made
 *                      owner                the owner
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
 *      the array is filled out of what follows, as far as there is room:
 *   b. what is free of the CPU's slab: all that the CPU itself freed into it, or
 *      else all that others did (cpu_next()); if there is nothing the slab is
 *      full, and let go;
 *   c. the slab that the CPU came to own last by freeing into it;
 *   d. a partial slab of the pool, which the CPU then owns;
 *   e. a new slab from the page allocator.
 *
 * A CPU that needs but a few objects owns no slab: it takes some out of d. and e.,
 * and the slab is in the pool for others. Some requests must not change what the CPU
 * holds: an interrupt that came while the CPU's part was being changed, a request for
 * another node, a slab from the emergency reserves. They take single objects.
 *
 * 4. Ways to free
 *
 *   a. if the slab is dense, or the one that objects come from: keep the object at
 *      hand, as long as there is room;
 *   b. into a slab that this CPU owns, by plain stores: see slub_local.h;
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
 * into their slabs, of which those are used first that the CPU came to own last.
 *
 * 6. Who keeps whom away
 *
 *   what                      by what
 *   -----------------------   ----------------------------------------------
 *   kmem_cache_cpu            preemption off and @busy: slub_cpu_enter()
 *   slab->local, map, owner   the same, of the owner: no other CPU writes there
 *   slab->state               cmpxchg on the whole word, as long as anybody else may
 *                             know of the slab
 *   lists of the pool         list_lock of the node, innermost
 *   list of caches, aliases   slab_mutex
 *   flushing all CPUs         slub_flush_lock, inside slab_mutex if both
 *
 * Locks nest in this order: cpu_hotplug_lock, slab_mutex, slub_flush_lock, order_lock,
 * slub_trim_lock, list_lock. No order is ever reversed, so that nothing needs a trylock but
 * the idle check, which rather comes again than waits for slab_mutex.
 * The page allocator, RCU and whoever may allocate is called with none of
 * list_lock, @busy and disabled preemption of ours held, so that all of this
 * holds under PREEMPT_RT, where list_lock sleeps.
 *
 * 7. What is held back
 *
 * A CPU has some 48 kB of objects of a cache at hand at most, fewer until it has
 * used many, and owns cpu_partial slabs at most beside the one that it allocates
 * from; if others had to make a slab meanwhile it lets go of half of these when it
 * gets the next one. When it frees into a slab that it does not own it looks at one
 * of those that it does: others may have freed all that was in use. It gives
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
#include <linux/kasan.h>
#include <linux/kcsan-checks.h>
#include <linux/kfence.h>
#include <linux/kmemleak.h>
#include <linux/kmsan.h>
#include <linux/prandom.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/swap.h>
#include <trace/events/kmem.h>

#include "internal.h"
#include "slub_local.h"

/* ---- Fast path ---- */

static __always_inline bool node_match(const struct slab *slab, int node)
{
	return !IS_ENABLED(CONFIG_NUMA) || node == NUMA_NO_NODE ||
	       slab_nid(slab) == node;
}

/* May what is at hand serve a request for @node? */
static __always_inline bool hand_match(const struct kmem_cache_cpu *c, int node)
{
	return !IS_ENABLED(CONFIG_NUMA) || node == NUMA_NO_NODE ||
	       c->home == HOME_NODE(node);
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
	bool done;

	if (unlikely(!slub_cpu_entered(s, &c)))
		return false;
	*object = *c->top;
	done = *object && hand_match(c, node);
	if (likely(done))
		c->top--;
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
 * Keep @object at hand if its slab is dense; between slub_cpu_enter() and
 * slub_cpu_exit(). It keeps what it held, but for the free pointer's place with
 * @init. Return: false, and nothing done, if that can't be.
 */
static __always_inline bool cpu_hold(struct kmem_cache *s,
				     struct kmem_cache_cpu *c,
				     struct slab *slab, void *object, bool init)
{
	void **top = c->top;

	if (unlikely(*top == object || top >= c->limit ||
		     slub_home(slab) != c->home ||
		     !(slab_dense(slab) || slab == c->last)))
		return false;
	if (init)
		memset(object + s->offset, 0, sizeof(void *));
	top[1] = object;
	c->top = top + 1;
	return true;
}

/*
 * Put @object into a slab that this CPU owns; as cpu_hold(), if that failed.
 * Return: false, and nothing done, if there is more to it.
 */
static __always_inline bool cpu_put(struct kmem_cache *s,
				    struct kmem_cache_cpu *c,
				    struct slab *slab, void *object)
{
	if (READ_ONCE(slab->owner) != c->id || slab_local(slab).fresh ||
	    slab_local(slab).free + 1 >= slab->objects ||
	    unlikely(*c->top == object) || !local_push(s, slab, object))
		return false;
	c->objects--;
	return true;
}

static __always_inline bool cpu_push(struct kmem_cache *s,
				     struct kmem_cache_cpu *c,
				     struct slab *slab, void *object, bool init)
{
	return likely(cpu_hold(s, c, slab, object, init)) ||
	       cpu_put(s, c, slab, object);
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

/**
 * slub_cpu_let_go - take some of the slabs that a CPU owns
 * @s: the cache
 * @c: what the CPU holds
 * @keep: how many of them are to stay, if there are so many
 * @leaving: where to put them: those that it has not looked at for longest
 *
 * Context: between slub_cpu_enter() and slub_cpu_exit().
 * Return: whether there are still more than @keep.
 */
bool slub_cpu_let_go(struct kmem_cache *s, struct kmem_cache_cpu *c,
		     unsigned int keep, struct list_head *leaving)
{
	unsigned int go = c->nr_partial - min_t(unsigned int, keep,
						c->nr_partial);

	go = min(go, SLUB_LET_GO_MAX);
	slub_stat_add(s, STAT_CPU_PARTIAL_DRAIN, go);
	for (; go; go--)
		cpu_disown(c, list_last_entry(&c->partial, struct slab,
					      slab_list), leaving);
	return c->nr_partial > keep;
}

/*
 * Did another CPU make a slab while this one owns many that are partial? It is a
 * hint, which may get lost: who makes the next slab gives it again.
 */
static bool others_want(struct kmem_cache *s, struct kmem_cache_cpu *c,
			struct slab *slab)
{
	struct kmem_cache_node *pool = get_node(s, slab_nid(slab));
	u16 by = READ_ONCE(pool->wanted_by);

	if (likely(c->nr_partial <= SLUB_FEW_SLABS || !by || by == c->id))
		return false;
	WRITE_ONCE(pool->wanted_by, 0);
	return true;
}

/*
 * Others free into slabs that this CPU owns, and can't tell it when one is empty.
 * So it looks at one now and then, the one that it has not looked at for longest;
 * each is another line to fetch. What it came to own last stays the first to be used.
 */
static void cpu_look(struct kmem_cache_cpu *c, struct list_head *leaving)
{
	struct slab *slab;

	if (!c->nr_partial)
		return;
	slab = list_last_entry(&c->partial, struct slab, slab_list);
	if (slab_all_free(slab))
		cpu_disown(c, slab, leaving);
	else if (c->nr_partial > 1)
		list_move(&slab->slab_list, c->partial.next);
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
	/* Where there is no memory any slab is as near. */
	int node = slub_own_node();
	unsigned long home = HOME_NODE(node != NUMA_NO_NODE ? node :
				       slab_nid(slab));
	bool more;

	if (*c->top == object)
		return TWICE;
	more = hand_open(s, c);
	if (!slub_hand(c) && c->home != home) {
		c->home = home;
		more = true;
	}
	/* It is not idle. */
	c->allocs++;
	if (more &&
	    cpu_push(s, c, slab, object, slab_want_init_on_free(s)))
		return KEPT;
	c->cramped |= slub_hand(c) && c->top == c->limit && !c->largest;
	if (READ_ONCE(slab->owner) == c->id) {
		if (slab_local(slab).fresh)
			local_link(s, slab);
		if (!local_push(s, slab, object))
			return TWICE;
		c->objects--;
		if (slab_local(slab).free == slab->objects && slab != c->slab)
			cpu_disown(c, slab, leaving);
		return KEPT;
	}
	cpu_look(c, leaving);
	if (!READ_ONCE(s->cpu_partial) || slub_home(slab) != c->home ||
	    !slub_pool_own(s, slab))
		return NOT_OURS;
	local_push(s, slab, object);
	c->objects--;
	cpu_own(s, c, slab);
	if (unlikely(c->nr_partial > READ_ONCE(s->cpu_partial) ||
		     others_want(s, c, slab)))
		slub_cpu_let_go(s, c, c->nr_partial / 2, leaving);
	return KEPT;
}

/* Return: false, and nothing done, if @object was free already. */
static bool free_past_cpu(struct kmem_cache *s, struct slab *slab, void *object,
			  unsigned long caller)
{
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

/*
 * All that cpu_free() could not do.
 * Return: false, and nothing done, if @object was free already.
 */
static noinline bool free_slow(struct kmem_cache *s, struct slab *slab,
			       void *object, unsigned long caller)
{
	enum freed freed = NOT_OURS;
	struct kmem_cache_cpu *c;
	LIST_HEAD(leaving);

	if (raw_cpu_read(*s->cpu_slab) == &slub_no_cpu)
		slub_place_make(s, 0);
	c = slub_cpu_enter(s);
	if (likely(c)) {
		freed = cpu_keep(s, c, slab, object, &leaving);
		slub_cpu_exit(c);
		if (!list_empty(&leaving))
			slub_pool_put_all(s, &leaving);
	}
	if (freed != NOT_OURS) {
		if (freed == KEPT)
			slub_stat(s, STAT_FREE_FASTPATH);
		return freed == KEPT;
	}
	return free_past_cpu(s, slab, object, caller);
}

/* ---- Slow path ---- */

static void wipe_freepointers(struct kmem_cache *s, unsigned int count,
			      void **objects)
{
	while (slab_want_init_on_free(s) && count--)
		wipe_freepointer(s, objects[count]);
}

/* No lock may be taken for it: see slub_cpu_enter(). */
static u32 cpu_random(struct kmem_cache_cpu *c)
{
#ifdef CONFIG_SLAB_FREELIST_RANDOM
	c->random = next_pseudo_random32(c->random);
	return c->random;
#else
	return 0;
#endif
}

/* @count objects of @slab are in @recent now. */
static inline void cpu_got(struct kmem_cache *s, struct kmem_cache_cpu *c,
			   struct slab *slab, unsigned int count)
{
	wipe_freepointers(s, count, &c->recent[1]);
	c->top = c->recent + count;
	c->objects += count;
	c->allocs += count;
	c->home = slub_home(slab);
	c->last = slab;
}

/*
 * Fill the empty hand from the list of the CPU's slab.
 * Return: the slab, to be reported, if that list is corrupt: what was left of it is
 * lost then. The slab stays, for it never gets empty any more.
 */
static struct slab *cpu_fill(struct kmem_cache *s, struct kmem_cache_cpu *c)
{
	struct slab *slab = c->slab;
	bool sound = local_adopt(s, slab);
	unsigned int n, got;

	n = min_t(unsigned int, slab_local(slab).free, c->max_room);
	got = local_take(s, slab, cpu_random(c), n, &c->recent[n]);
	if (unlikely(got < n))
		memmove(&c->recent[1], &c->recent[n - got + 1],
			got * sizeof(void *));
	cpu_got(s, c, slab, got);
	c->cramped |= slab_local(slab).free && !c->largest;
	return likely(sound && got == n) ? NULL : slab;
}

/*
 * Have objects at hand again: what was freed into the CPU's slab, by itself or by
 * others; or into the slab that it came to own last. Return: as cpu_fill().
 */
static struct slab *cpu_next(struct kmem_cache *s, struct kmem_cache_cpu *c)
{
	struct slab *slab = c->slab;

	hand_open(s, c);
	if (slab) {
		if (slab_local(slab).free)
			return cpu_fill(s, c);
		/* It can't be ours any more when others may have it. */
		WRITE_ONCE(slab->owner, 0);
		if (slub_pool_collect(s, slab)) {
			WRITE_ONCE(slab->owner, c->id);
			slub_stat(s, STAT_ALLOC_REFILL);
			return cpu_fill(s, c);
		}
		slub_stat(s, STAT_DEACTIVATE_FULL);
		c->slab = NULL;
	}
	if (!c->nr_partial)
		return NULL;
	slab = list_first_entry(&c->partial, struct slab, slab_list);
	list_del(&slab->slab_list);
	c->nr_partial--;
	c->slab = slab;
	slub_stat(s, STAT_CPU_PARTIAL_ALLOC);
	return cpu_fill(s, c);
}

/* So many objects at once go from the pool to a CPU. */
#define BATCH_MAX	4

/**
 * struct batch - objects on their way to a CPU
 * @want: how many it wants; or 0 for a whole slab
 * @got: how many there are
 * @slab: what they are objects of; or a slab that is ours, with its objects in
 *        slab->local
 * @objects: the objects, the first one to be handed out in [@want - 1], and so down
 */
struct batch {
	unsigned int want;
	unsigned int got;
	struct slab *slab;
	void *objects[BATCH_MAX];
};

static void **batch_top(struct batch *batch)
{
	return &batch->objects[batch->want - 1];
}

/* How many objects of slabs in the pool a CPU should take; 0 if whole slabs. */
static unsigned int batch_size(struct kmem_cache *s, struct kmem_cache_cpu *c)
{
	/* One of them is handed out at once, the others must fit in. */
	unsigned int most = min_t(unsigned int, BATCH_MAX, c->max_room + 1);

	if (c->allocs >= SLUB_LIGHT_USE || !READ_ONCE(s->cpu_partial))
		return 0;
	return clamp_t(unsigned int, PAGE_SIZE / s->size, 1, most);
}

static const char objects_lost[] = "free list corrupt, objects set aside";

/*
 * Look again at what the CPU owns: we may have moved to another CPU, or an
 * interrupt may have brought objects, or others may have freed into its slab.
 * What is of another node is given back if this CPU's own node is asked for.
 * @batch says what the CPU should get, @own whether it could have something that
 * serves this request, @cramped whether it should have a larger place.
 */
static void *cpu_refill(struct kmem_cache *s, int node, struct batch *batch,
			bool *own, bool *cramped)
{
	struct kmem_cache_cpu *c = slub_cpu_enter(s);
	struct slub_held held = SLUB_HELD(held);
	bool strange = false;
	struct slab *bad = NULL;
	void *object = NULL;

	if (!c)
		return NULL;
	if ((slub_hand(c) && !hand_match(c, node)) ||
	    (c->slab && !node_match(c->slab, node))) {
		slub_stat(s, STAT_ALLOC_NODE_MISMATCH);
		strange = node == slub_own_node();
		if (strange)
			slub_cpu_turn_home(s, c, &held);
	}
	if (!slub_hand(c) && (!c->slab || node_match(c->slab, node)))
		bad = cpu_next(s, c);
	if (slub_hand(c) && hand_match(c, node))
		object = *c->top--;
	*own = !slub_hand(c) && !c->slab &&
	       (node == NUMA_NO_NODE || node == slub_own_node());
	batch->want = batch_size(s, c);
	/* An interrupt may have come into slub_cpu_enter(): see cpu_busy.pml. */
	*cramped = c->cramped && in_task() &&
		   c->allocs >= SLUB_PLACE_USE * c->max_room;
	if (*cramped)
		c->cramped = false;
	slub_cpu_exit(c);
	if (unlikely(strange))
		slub_give_back(s, &held);
	if (unlikely(bad))
		slub_report_slab(s, bad, objects_lost);
	return object;
}

/* Take objects of a slab that is ours, and put it into the pool. */
static void take_and_put(struct kmem_cache *s, struct batch *batch)
{
	struct slab *slab = batch->slab;

	if (!batch->want || slab_test_pfmemalloc(slab))
		batch->want = 1;
	batch->got = local_take(s, slab, slub_random(), batch->want,
				batch_top(batch));
	if (slub_debugged(s))
		slub_mark_object(s, *batch_top(batch), SLUB_RED_ACTIVE);
	slub_pool_put(s, slab);
}

/*
 * Have all objects of a slab at hand, of which nobody else has any or has freed any: it
 * is full then, and nobody's. Nobody can look at it before one of them is handed out,
 * and whoever hands that on to another CPU sees to it that this sees what came before:
 * so that plain stores do, before that.
 * Return: false, and nothing done, if that can't be.
 */
static bool cpu_take_whole(struct kmem_cache *s, struct kmem_cache_cpu *c,
			   struct slab *slab)
{
	unsigned int n = slab->objects;
	void **top = &c->recent[n], *object;

	/* Who can't own a full slab shall find this one owned. */
	if (slab_local(slab).free != n || n > c->max_room ||
	    !READ_ONCE(s->cpu_partial) || !local_unlinked(slab))
		return false;
	if (slub_sequence_for(s, n)) {
		local_take(s, slab, cpu_random(c), n, top);
	} else {
		object = slab_object(s, slab, 0);
		for (; top > c->recent; top--, object += s->size)
			*top = object;
		local_none(slab);
	}
	WRITE_ONCE(slab->state, 0);
	cpu_got(s, c, slab, n);
	slub_stat(s, STAT_DEACTIVATE_FULL);
	return true;
}

/* The CPU takes a slab, or all objects of it. Return: the first object. */
static void *cpu_install(struct kmem_cache *s, struct slab *slab, int node)
{
	struct slab *bad = NULL;
	struct kmem_cache_cpu *c;
	void *object = NULL;

	if (slab->objects == 1 || slab_test_pfmemalloc(slab) ||
	    !node_match(slab, node))
		return NULL;
	c = slub_cpu_enter(s);
	if (!c)
		return NULL;
	if (!c->slab && !slub_hand(c)) {
		if (!cpu_take_whole(s, c, slab)) {
			c->slab = slab;
			WRITE_ONCE(slab->owner, c->id);
			bad = cpu_fill(s, c);
		}
		object = *c->top--;
		slub_idle_arm();
	}
	slub_cpu_exit(c);
	if (unlikely(bad))
		slub_report_slab(s, bad, objects_lost);
	return object;
}

/* All objects of @batch but the first go to the CPU's hand, or back. */
static void cpu_keep_batch(struct kmem_cache *s, struct batch *batch)
{
	struct kmem_cache_cpu *c = slub_cpu_enter(s);
	unsigned int n = batch->got - 1, i;
	void **first = batch_top(batch) - n;

	if (c && !slub_hand(c) && n <= c->max_room) {
		memcpy(&c->recent[1], first, n * sizeof(void *));
		wipe_freepointers(s, n, first);
		c->top = c->recent + n;
		c->objects += batch->got;
		c->allocs += batch->got;
		c->home = slub_home(batch->slab);
		c->last = batch->slab;
		slub_idle_arm();
		slub_cpu_exit(c);
		return;
	}
	if (c)
		slub_cpu_exit(c);
	slub_count(s, 1, 0);
	for (i = 0; i < n; i++)
		slub_pool_free(s, batch->slab, first[i]);
}

/* Out of the pool. */
static bool take(struct kmem_cache *s, int node, gfp_t gfp, struct batch *batch)
{
	struct kmem_cache_node *pool = get_node(s, node);

	/* May miss a slab that comes just now; the lock is not worth it. */
	if (!READ_ONCE(pool->nr_partial) && !READ_ONCE(pool->nr_empty))
		return false;
	if (!batch->want) {
		batch->slab = slub_pool_take(s, node, gfp);
		return batch->slab;
	}
	batch->got = slub_pool_take_some(s, node, gfp, batch->want,
					 batch_top(batch), &batch->slab);
	return batch->got;
}

/*
 * The pool's nodes but @node, the nearest first, as far as the task may use them.
 * Its memory policy is asked when a slab is made: with MPOL_INTERLEAVE each
 * question is a step.
 */
static bool take_elsewhere(struct kmem_cache *s, gfp_t gfp, int node,
			   struct batch *batch)
{
#ifdef CONFIG_NUMA
	enum zone_type highest = gfp_zone(gfp | s->allocflags);
	struct zoneref *z;
	struct zone *zone;
	int last = node;

	for_each_zone_zonelist(zone, z, node_zonelist(node, gfp), highest) {
		if (zone_to_nid(zone) == last || !cpuset_zone_allowed(zone, gfp))
			continue;
		last = zone_to_nid(zone);
		if (take(s, last, gfp, batch))
			return true;
	}
#endif
	return false;
}

/*
 * What @batch wants, from the pool or else from a new slab.
 *
 * Who names a node gets memory of that node as long as there is any, even if
 * other nodes have partial slabs; with __GFP_THISNODE, nothing else. Who names
 * none gets what is nearest, and a new slab only if no partial one is left.
 * Return: false if there is no memory.
 */
static bool take_or_make(struct kmem_cache *s, gfp_t gfp, int node,
			 struct batch *batch)
{
	int nearest = node == NUMA_NO_NODE ? numa_mem_id() : node;

	if (take(s, nearest, gfp, batch))
		return true;

	if (IS_ENABLED(CONFIG_NUMA) && !(gfp & __GFP_THISNODE)) {
		if (node != NUMA_NO_NODE) {
			gfp_t here = gfp | __GFP_THISNODE | __GFP_NOWARN;

			here &= ~(__GFP_DIRECT_RECLAIM | __GFP_NOFAIL);
			batch->slab = slub_new_slab(s, here, node);
			if (batch->slab)
				goto made;
		}
		if (nr_online_nodes > 1 &&
		    take_elsewhere(s, gfp, nearest, batch))
			return true;
	}

	batch->slab = slub_new_slab(s, gfp, node);
	if (!batch->slab)
		return false;
made:
	if (batch->want)
		take_and_put(s, batch);
	return true;
}

/**
 * slub_alloc_past_cpu - allocate an object without what this CPU holds
 * @s: the cache
 * @gfp: GFP_* flags; or 0 if there must not be a new slab for it
 * @node: id of the node that it should be of
 *
 * Its user is told nothing: no hook is called, no content of it is set.
 *
 * Context: as kmem_cache_alloc(). Return: the object, or NULL if there is none.
 */
void *slub_alloc_past_cpu(struct kmem_cache *s, gfp_t gfp, int node)
{
	struct batch batch = { .want = 1 };
	bool done;

	if (gfp)
		done = take_or_make(s, gfp, node, &batch);
	else	/* HARDWALL: no lock is taken to find out where it may be from. */
		done = take(s, node, __GFP_NOMEMALLOC, &batch) ||
		       take_elsewhere(s, __GFP_NOMEMALLOC | __GFP_HARDWALL,
				      node, &batch);
	if (unlikely(!done))
		return NULL;
	slub_count(s, 1, 0);
	return batch.objects[0];
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
	struct batch batch = { };
	void *object;

	/* A node without memory is as good as none, unless it has to be it. */
	if (node != NUMA_NO_NODE && !(gfp & __GFP_THISNODE) &&
	    !node_state(node, N_NORMAL_MEMORY))
		node = NUMA_NO_NODE;

	slub_stat(s, STAT_ALLOC_SLOWPATH);
	object = cpu_refill(s, node, &batch, &own, &cramped);
	if (unlikely(cramped))
		slub_place_make(s, gfp);
	if (object)
		return object;
	if (raw_cpu_read(*s->cpu_slab) == &slub_no_cpu) {
		slub_place_make(s, gfp);
		object = cpu_refill(s, node, &batch, &own, &cramped);
		if (object)
			return object;
	}
	if (!own)
		batch.want = 1;

	if (unlikely(!take_or_make(s, gfp, node, &batch))) {
		slub_report_oom(s, gfp, node);
		return NULL;
	}
	if (!batch.want) {
		object = cpu_install(s, batch.slab, node);
		if (object)
			return object;
		take_and_put(s, &batch);
	}
	object = *batch_top(&batch);
	if (own && !slab_test_pfmemalloc(batch.slab))
		cpu_keep_batch(s, &batch);
	else
		slub_count(s, 1, 0);
	if (slub_debugged(s))
		slub_debug_allocated(s, object, asked, caller,
				     through ?: _RET_IP_);
	return object;
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

/* Fill @p with what is at hand. Return: how many came. */
static size_t cpu_alloc_bulk(struct kmem_cache *s, size_t size, void **p)
{
	struct kmem_cache_cpu *c = slub_cpu_enter(s);
	size_t i;

	if (!c)
		return 0;
	size = min_t(size_t, size, slub_hand(c));
	for (i = 0; i < size; i++)
		p[i] = *c->top--;
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
	if (!slab_holds(s, slab_of(object), object))
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

/* Not to be kept at hand; begun by slub_cpu_enter(). */
static noinline void free_own(struct kmem_cache_cpu *c, struct slab *slab,
			      void *x, unsigned long caller)
{
	struct kmem_cache *s = slab->slab_cache;
	bool done = cpu_put(s, c, slab, kasan_reset_tag(x));

	slub_cpu_exit(c);
	if (likely(done))
		slub_stat(s, STAT_FREE_FASTPATH);
	else
		free_rest(slab, x, caller);
}

/*
 * Each way ends with a call of the next one, if with any: what is on this one needs
 * no register saved.
 */
static __always_inline void free_ok(struct kmem_cache *s, struct slab *slab,
				    void *x, bool init, unsigned long caller)
{
	struct kmem_cache_cpu *c;

	memcg_slab_free_hook(s, slab, &x, 1);
	if (!free_hook(s, x, init))
		return;
	if (unlikely(!slub_cpu_entered(s, &c))) {
		free_rest(slab, x, caller);
	} else if (likely(cpu_hold(s, c, slab, kasan_reset_tag(x), init))) {
		slub_cpu_exit(c);
		slub_stat(s, STAT_FREE_FASTPATH);
	} else {
		free_own(c, slab, x, caller);
	}
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

/*
 * What is rare is called last of all, so that nothing has to be saved for it. Of a
 * cache whose objects are wiped no address passes for one by its low bits.
 */
static __always_inline void slub_free(struct kmem_cache *s, struct slab *slab,
				      void *x, unsigned long caller)
{
	if (likely(!((unsigned long)kasan_reset_tag(x) & s->mask)) ||
	    likely(object_ok(s, slab, kasan_reset_tag(x)) &&
		   !slab_want_init_on_free(s)))
		free_ok(s, slab, x, false, caller);
	else
		free_unusual(slab, x, caller);
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
	struct slab *slab = slab_of(x);

	if (unlikely(!slab || slab->slab_cache != s)) {
		slub_report_free(s, x, "object of another cache or of none",
				 _RET_IP_);
		return;
	}
	trace_kmem_cache_free(_RET_IP_, x, s);
	slub_free(s, slab, x, _RET_IP_);
}
EXPORT_SYMBOL(kmem_cache_free);

/* Not in a slab, or in one of another cache. */
static noinline void free_odd(struct kmem_cache *s, void *x,
			      unsigned long caller)
{
	struct folio *folio = folio_of(x);

	if (folio_test_slab(folio))
		slub_report_free(s, x, "object of another cache", caller);
	else if (s)
		slub_report_free(s, x, "object of no cache", caller);
	else
		free_large_kmalloc(folio, x);
}

/*
 * All that kmalloc() gives is in the direct mapping. Where that is linear, as the
 * array of struct page is, this takes fewer steps than virt_to_folio(), which knows
 * of the kernel's image as well.
 */
#if defined(CONFIG_X86_64) && defined(CONFIG_SPARSEMEM_VMEMMAP)
static __always_inline bool not_mapped(const void *x)
{
	/* Of what is next to nothing the difference is above the image, too. */
	return (unsigned long)x - (unsigned long)ZERO_SIZE_PTR - 1 >=
	       __START_KERNEL_map;
}

static __always_inline struct folio *mapped_folio(const void *x)
{
	return page_folio(pfn_to_page(((unsigned long)x - PAGE_OFFSET) >>
				      PAGE_SHIFT));
}
#else
static __always_inline bool not_mapped(const void *x)
{
	return ZERO_OR_NULL_PTR(x);
}

static __always_inline struct folio *mapped_folio(const void *x)
{
	return virt_to_folio(x);
}
#endif

/**
 * kfree - free what kmalloc() or kmem_cache_alloc() gave
 * @object: the object, or NULL
 *
 * A pointer that is no object is reported, and what it points to is leaked.
 *
 * Context: as kmem_cache_free().
 */
void kfree(const void *object)
{
	struct folio *folio;
	struct slab *slab;

	trace_kfree(_RET_IP_, object);
	if (unlikely(not_mapped(object))) {
		if (!ZERO_OR_NULL_PTR(object))
			free_odd(NULL, (void *)object, _RET_IP_);
		return;
	}
	/* As folio_of(). */
	folio = data_race(mapped_folio(object));
	if (unlikely(!folio_test_slab(folio))) {
		free_large_kmalloc(folio, (void *)object);
		return;
	}
	slab = folio_slab(folio);
	slub_free(slab->slab_cache, slab, (void *)object, _RET_IP_);
}
EXPORT_SYMBOL(kfree);

/**
 * slub_free_past_cpu - free an object without what this CPU holds
 * @x: the object
 *
 * As kfree(), which might make a place to free this one.
 *
 * Context: as kmem_cache_free().
 */
void slub_free_past_cpu(void *x)
{
	struct slab *slab = slab_of(x);
	struct kmem_cache *s = slab->slab_cache;

	if (free_hook(s, x, slab_want_init_on_free(s)))
		free_past_cpu(s, slab, kasan_reset_tag(x), _RET_IP_);
}

#ifdef CONFIG_KASAN_GENERIC
/* What KASAN's quarantine lets go; the hooks have been called for it. */
void ___cache_free(struct kmem_cache *s, void *x, unsigned long addr)
{
	struct slab *slab;

	x = kasan_reset_tag(x);
	slab = slab_of(x);
	if (unlikely(!cpu_free(s, slab, x, slab_want_init_on_free(s))))
		free_rest(slab, x, addr);
}
#endif

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
	to = c->top;
	if (likely(*to != p[0] && to < c->limit &&
		   slub_home(slab) == c->home &&
		   (slab_dense(slab) || slab == c->last))) {
		done = min_t(size_t, size, c->limit - to);
		c->cramped |= done < size && !c->largest;
		c->top += done;
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
	struct folio *folio = folio_of(p[0]);
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
	for (done = cpu_free_run(s, slab, run, p); done < run; done++) {
		/* It is gone if one of its objects is there twice. */
		if (unlikely(slab_of(p[done]) != slab ||
			     slab->slab_cache != s))
			slub_report_free(s, p[done], "double free", caller);
		else if (!cpu_free(s, slab, p[done], false))
			free_rest(slab, p[done], caller);
	}
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
