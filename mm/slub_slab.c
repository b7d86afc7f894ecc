// SPDX-License-Identifier: GPL-2.0-only
/*
 * SLUB: slabs from pages and back.
 */
#include <linux/kasan.h>
#include <linux/random.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/swap.h>

#include "internal.h"
#include "slub_local.h"

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

/*
 * The objects of a fresh slab are as if its owner had freed them. There is nothing
 * to do if they need not be set up, and come in the order of their addresses.
 */
static void carve(struct kmem_cache *s, struct slab *slab)
{
	struct slub_sequence *sequence = slub_sequence_for(s, slab->objects);
	bool plain = !sequence && !s->ctor && !IS_ENABLED(CONFIG_KASAN);
	union slab_word local = { .free = slab->objects };
	void *head, *object, *next;
	unsigned int at = 0, i;

	if (!slub_debugged(s) && (plain || slab_mapped(slab))) {
		for (i = 0; !plain && i < slab->objects; i++)
			setup_object(s, slab_object(s, slab, i));
		local_fresh(slab);
		return;
	}
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
	local.head = slab_index(s, slab, head) + 1;
	slab->local = local.word;
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
	u32 objects = reciprocal_divide(slab_size(slab), s->reciprocal_size);

	return min_t(u32, objects, SLAB_OBJECTS_MAX);
}

static gfp_t slab_gfp(struct kmem_cache *s, gfp_t gfp)
{
	if (unlikely(gfp & GFP_SLAB_BUG_MASK))
		gfp = kmalloc_fix_flags(gfp);
	WARN_ON_ONCE(s->ctor && (gfp & __GFP_ZERO));
	gfp &= GFP_RECLAIM_MASK | GFP_CONSTRAINT_MASK;
	return (gfp | s->allocflags) & gfp_allowed_mask;
}

/* One slab more, or less; where all CPUs count it would be a line that they share. */
static void count_slab(struct kmem_cache *s, struct slab *slab, int slabs)
{
	struct kmem_cache_node *pool = get_node(s, slab_nid(slab));
	int objects = slabs * (int)slab->objects;
	struct kmem_cache_cpu *c = slub_cpu_enter(s);
	bool ours = c && c->node == slab_nid(slab);

	if (likely(ours)) {
		c->slabs += slabs;
		c->capacity += objects;
		if (unlikely(abs(c->capacity) > INT_MAX / 2))
			slub_cpu_move_counts(s, c);
	}
	if (c)
		slub_cpu_exit(c);
	if (likely(ours))
		return;
	atomic_long_add(slabs, &pool->nr_slabs);
	atomic_long_add(objects, &pool->total_objects);
}

/* Few write it, however many slabs are made: it is a line that others read. */
static void want_slabs(struct kmem_cache_node *pool)
{
	u16 id = slub_cpu_id(raw_smp_processor_id());
	u16 by = READ_ONCE(pool->wanted_by);

	if (by != id && by != SLUB_SEVERAL)
		WRITE_ONCE(pool->wanted_by, by ? SLUB_SEVERAL : id);
}

/**
 * slub_new_slab - make a slab
 * @s: the cache
 * @gfp: GFP_* flags of whoever allocates
 * @node: id of the node that it should be on, or NUMA_NO_NODE
 *
 * Context: as whoever allocates has it: the page allocator may sleep, constructors
 * and memcg may allocate.
 * Return: the slab, owned by the caller, with its objects in slab->local; or NULL if
 * there is no memory.
 */
struct slab *slub_new_slab(struct kmem_cache *s, gfp_t gfp, int node)
{
	union slab_word word = { .owned = 1 };
	struct kmem_cache_node *pool;
	struct slab *slab;

	gfp = slab_gfp(s, gfp);
	slab = new_pages(s, gfp, node);
	if (!slab)
		return NULL;

	slab->slab_cache = s;
	slab_set_objects(slab, slab_capacity(s, slab));
	slab->state = word.word;
	account_slab(slab, slab_order(slab), s, gfp);
	kasan_poison_slab(slab);

	pool = get_node(s, slab_nid(slab));
	want_slabs(pool);
	count_slab(s, slab, 1);
	if (slub_debugged(s))
		slub_debug_setup_slab(s, slab);
	slub_stat(s, STAT_ALLOC_SLAB);
	carve(s, slab);
	return slab;
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
	if (slub_debugged(s))
		slub_debug_discard(s, slab);
	count_slab(s, slab, -1);
	slub_stat(s, STAT_FREE_SLAB);
	if (unlikely(s->flags & SLAB_TYPESAFE_BY_RCU))
		call_rcu(&slab->rcu_head, free_after_grace_period);
	else
		free_pages_of(s, slab);
}
