// SPDX-License-Identifier: GPL-2.0-only
/*
 * SLUB: the places where it is noted what a CPU holds of a cache.
 *
 * A place is a struct kmem_cache_cpu. A CPU gets one when it first uses a cache,
 * a larger one when it uses many objects of it, and loses it when it gives back
 * all that it holds. Places are objects of kmalloc()'s caches, which have places
 * of their own: they are allocated past the CPU, and freed so that it takes no place
 * to do that.
 *
 * Whoever looks at the place of another CPU may do so in an RCU read-side critical
 * section, so that one is freed after a grace period: that CPU may have got
 * another place by then.
 */
#include <linux/kasan.h>
#include <linux/random.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "slub_local.h"

/*
 * Stands in for what a CPU holds of a cache until it first uses it. It is always
 * busy, so that the fast paths fail on it as they do in an interrupt that came amidst
 * another one, and need no test of their own.
 */
struct kmem_cache_cpu slub_no_cpu __ro_after_init = { .busy = true };

/* ---- Making places ---- */

/* What a place takes, in bytes, at most. */
#define PLACE_MAX	2048

/* The first place is small; who has more than fits in gets one of twice the size. */
static size_t place_max(struct kmem_cache *s)
{
	size_t size = offsetof(struct kmem_cache_cpu, recent[1]);

	size += SLUB_HAND_BYTES / s->size * sizeof(void *);
	size = clamp_t(size_t, size, SLUB_PLACE_MIN, PLACE_MAX);
	return roundup_pow_of_two(size);
}

/*
 * An object itself, but one that is taken past the CPU: the first that kmalloc()
 * wants might be just such a place. kmemleak, which would allocate, is not told.
 * Without @gfp it is for somebody who frees, and may come from the pool alone.
 */
static struct kmem_cache_cpu *make_place(struct kmem_cache *s, gfp_t gfp,
					 size_t size)
{
	struct kmem_cache *from = kmalloc_slab(size, 0);
	struct kmem_cache_cpu *c;

	if (gfp)
		gfp = (gfp & __GFP_KSWAPD_RECLAIM) | __GFP_NOMEMALLOC |
		      __GFP_NOWARN;
	c = slub_alloc_past_cpu(from, gfp, numa_mem_id());
	if (!c)
		return NULL;
	if (slub_debugged(from))
		slub_debug_allocated(from, c, size, _RET_IP_, 0);
	c = kasan_slab_alloc(from, c, gfp, false);
	memset(c, 0, size);
	c->max_room = (size - offsetof(struct kmem_cache_cpu, recent[1])) /
		      sizeof(void *);
	c->max_room = clamp_t(size_t, SLUB_HAND_BYTES / s->size, 1, c->max_room);
	c->top = c->recent;
	c->limit = c->recent;
	c->bytes = size;
#ifdef CONFIG_SLAB_FREELIST_RANDOM
	c->random = get_random_u32();
#endif
	c->largest = size == place_max(s);
	INIT_LIST_HEAD(&c->partial);
	return c;
}

/* Move what the CPU holds to a larger place. */
static void cpu_move(struct kmem_cache *s, struct kmem_cache_cpu *c,
		     struct kmem_cache_cpu *to)
{
	struct kmem_cache_cpu larger = *to;

	/* For good: an interrupt may have found it before it finds the other. */
	WRITE_ONCE(c->busy, true);
	barrier();
	memcpy(to, c, struct_size(c, recent, slub_hand(c) + 1));
	INIT_LIST_HEAD(&to->partial);
	list_splice_init(&c->partial, &to->partial);
	to->max_room = larger.max_room;
	to->bytes = larger.bytes;
	to->largest = larger.largest;
	to->top = to->recent + slub_hand(c);
	/* Who changes what it depends on waits for us, and flushes then. */
	hand_open(s, to);
	to->cramped = false;
	to->busy = false;
	to->outgrown = c;
}

/**
 * slub_place_make - give this CPU a place for what it holds of a cache, or a larger one
 * @s: the cache
 * @gfp: GFP_* flags of the request that needs it; or 0 if that is a free
 *
 * It stays as it is if there is no memory, or no larger place.
 *
 * Context: any but NMI, with nothing held.
 */
void slub_place_make(struct kmem_cache *s, gfp_t gfp)
{
	struct kmem_cache_cpu *c, *made;
	size_t size = SLUB_PLACE_MIN;

	if (slab_state < UP || slub_debugged(s))
		return;
	preempt_disable();
	c = raw_cpu_read(*s->cpu_slab);
	if (c != &slub_no_cpu)
		size = c->largest ? 0 : 2 * c->bytes;
	preempt_enable();
	if (!size)
		return;
	made = make_place(s, gfp, size);
	if (!made)
		return;
	preempt_disable();
	c = raw_cpu_read(*s->cpu_slab);
	if (c == &slub_no_cpu) {
		made->id = slub_cpu_id(smp_processor_id());
		made->node = numa_mem_id();
		made->home = HOME_NODE(numa_mem_id());
		slub_idle_arm();
	} else if (in_task() && !READ_ONCE(c->busy) && !c->largest &&
		   c->max_room < made->max_room) {
		/*
		 * It may be another CPU, or another place, by now. An interrupt must
		 * not move it: what it interrupted may have found the old one.
		 */
		cpu_move(s, c, made);
	} else {
		c = NULL;
	}
	/*
	 * Others that find it find it filled in. An interrupt that comes here may
	 * have put a place of its own there, which must not get lost.
	 */
	smp_wmb();
	if (c && this_cpu_cmpxchg(*s->cpu_slab, c, made) == c)
		made = NULL;
	preempt_enable();
	if (made)
		slub_free_past_cpu(made);
}

/* ---- Giving back ---- */

/**
 * slub_cpu_empty_hand - take what a CPU has at hand
 * @s: the cache
 * @c: what the CPU holds
 * @held: initialised; what has to be done with it
 *
 * As much as can goes into slabs that the CPU owns, or comes to own if it may have
 * more.
 *
 * Context: between slub_cpu_enter() and slub_cpu_exit(), or the CPU is dead.
 */
void slub_cpu_empty_hand(struct kmem_cache *s, struct kmem_cache_cpu *c,
			 struct slub_held *held)
{
	struct slab *slab;
	void *object;

	for (; slub_hand(c); c->top--) {
		object = *c->top;
		slab = slab_of(object);
		if (READ_ONCE(slab->owner) != c->id &&
		    c->nr_partial < READ_ONCE(s->cpu_partial) &&
		    slub_home(slab) == c->home && slub_pool_own(s, slab))
			cpu_own(s, c, slab);
		if (READ_ONCE(slab->owner) == c->id && slab_local(slab).fresh)
			local_link(s, slab);
		if (READ_ONCE(slab->owner) != c->id) {
			set_freepointer(s, object, held->objects);
			held->objects = object;
			held->count++;
		} else if (!local_push(s, slab, object)) {
			held->twice = object;
			continue;
		} else if (slab_local(slab).free == slab->objects &&
			   slab != c->slab) {
			cpu_disown(c, slab, &held->slabs);
		}
		c->objects--;
	}
}

/* The slab that the CPU allocates from is its own no more. */
static void cpu_give_slab(struct kmem_cache *s, struct kmem_cache_cpu *c,
			  struct slub_held *held)
{
	slub_stat(s, STAT_CPUSLAB_FLUSH);
	WRITE_ONCE(c->slab->owner, 0);
	list_add(&c->slab->slab_list, &held->slabs);
	c->slab = NULL;
}

/**
 * slub_cpu_turn_home - take what a CPU holds of other nodes' memory
 * @s: the cache
 * @c: what the CPU holds
 * @held: initialised; what has to be given back: what is at hand, and slabs that are
 *        not of the CPU's own node
 *
 * Context: between slub_cpu_enter() and slub_cpu_exit().
 */
void slub_cpu_turn_home(struct kmem_cache *s, struct kmem_cache_cpu *c,
			struct slub_held *held)
{
	unsigned long home = HOME_NODE(numa_mem_id());
	unsigned int left = SLUB_LET_GO_MAX;
	struct slab *slab, *next;

	/* First: it shall not come to own slabs of other nodes instead. */
	c->home = home;
	slub_cpu_empty_hand(s, c, held);
	if (c->slab && slub_home(c->slab) != home)
		cpu_give_slab(s, c, held);
	list_for_each_entry_safe(slab, next, &c->partial, slab_list) {
		if (!left--)
			break;
		if (slub_home(slab) != home)
			cpu_disown(c, slab, &held->slabs);
	}
}

/**
 * slub_cpu_empty - take all that a CPU holds
 * @s: the cache
 * @c: what the CPU holds
 * @held: initialised; what has to be given back
 *
 * Context: as slub_cpu_empty_hand().
 */
void slub_cpu_empty(struct kmem_cache *s, struct kmem_cache_cpu *c,
		    struct slub_held *held)
{
	slub_cpu_empty_hand(s, c, held);
	while (c->nr_partial)
		cpu_disown(c, list_first_entry(&c->partial, struct slab,
					       slab_list), &held->slabs);
	if (c->slab)
		cpu_give_slab(s, c, held);
}

/**
 * slub_cpu_move_counts - count for all what a CPU has counted
 * @s: the cache
 * @c: what the CPU holds
 *
 * Context: as slub_cpu_empty_hand().
 */
void slub_cpu_move_counts(struct kmem_cache *s, struct kmem_cache_cpu *c)
{
	/*
	 * In between all of it is counted twice. Fully ordered, before what follows:
	 * pairs with smp_rmb() in count(), slub_info.c.
	 */
	atomic_inc_return(&s->leaving);
	atomic_long_add(c->objects, &s->uncounted);
	atomic_long_add(c->slabs, &get_node(s, c->node)->nr_slabs);
	atomic_long_add(c->capacity, &get_node(s, c->node)->total_objects);
	WRITE_ONCE(c->objects, 0);
	WRITE_ONCE(c->slabs, 0);
	WRITE_ONCE(c->capacity, 0);
	/* After what precedes: pairs with atomic_read_acquire() there. */
	atomic_inc_return_release(&s->left);
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
	slub_cpu_empty(s, c, held);
	held->cpu = c;
	slub_cpu_move_counts(s, c);
	/* What is counted of it is nothing by now. */
	smp_wmb();
	WRITE_ONCE(*place, &slub_no_cpu);
}

static void free_places(struct rcu_head *rcu)
{
	struct kmem_cache_cpu *c = container_of(rcu, struct kmem_cache_cpu, rcu);
	struct kmem_cache_cpu *outgrown;

	for (; c; c = outgrown) {
		outgrown = c->outgrown;
		slub_free_past_cpu(c);
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
	struct slab *slab;

	/* What was freed twice makes a circle of the list, or cuts it off. */
	for (object = held->objects; held->count && object; held->count--) {
		slab = slab_of(object);
		if (unlikely(!slab || slab->slab_cache != s)) {
			held->twice = object;
			break;
		}
		next = get_freepointer(s, object);
		if (!slub_pool_free(s, slab, object))
			held->twice = object;
		object = next;
	}
	slub_pool_put_all(s, &held->slabs);
	if (unlikely(held->twice))
		slub_report_free(s, held->twice, "double free", _RET_IP_);
	if (held->cpu)
		call_rcu(&held->cpu->rcu, free_places);
}
