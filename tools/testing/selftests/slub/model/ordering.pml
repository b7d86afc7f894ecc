// SPDX-License-Identifier: GPL-2.0-only
/*
 * What one CPU stores and another one loads, for spin: litmus tests of the places
 * where memory ordering alone counts. Of each CPU what nothing orders is done in
 * either order, which is all that two accesses each can show of weak memory.
 *
 *  emptied	Others free the last objects of a slab, by a cmpxchg of slab->state;
 *		slab_count_free(), mm/slub.h, tells the owner that it may discard
 *		the slab: what they did to the objects must be over.
 *  filled	cpu_take_whole(), mm/slub.c, stores slab->state; a user hands one of the
 *		objects on, as users do: published, or under a lock. Who frees it,
 *		in slub_pool_own(), must find the slab full, not owned. The same with
 *		a slab of one object: slub_pool_put() and free_single(), mm/slub_pool.c.
 *  sequence	add_sequence(), mm/slub_cache.c, has filled in the order of objects
 *		that slub_sequence_for(), mm/slub.h, finds.
 *  made	slub_new_slab(), mm/slub_slab.c, stores the number of objects and the owner
 *		of a slab into page_type, which was -1. Who frees the page beside it
 *		must not see PageBuddy() at any moment: a high half of before, and a bit
 *		that is clear in the low half.
 *  limit	slub_set_cpu_partial(), mm/slub_cache.c, sets the bound to 0, and flushes
 *		the CPUs that have a place. hand_open(), mm/slub_local.h, reads the bound
 *		with preemption off, maybe for a place that nobody finds yet. Nothing
 *		may be at hand by the old bound once all is flushed. A grace period waits
 *		for whoever has preemption off; that it orders memory, too, is assumed.
 *
 * Each of these takes one safeguard away, and the model must then fail:
 *  NO_ACQUIRE	slab_count_free() loads slab->state by READ_ONCE()
 *  NO_CMPXCHG	the word is changed without ordering what came before
 *  STORED_LATE	cpu_take_whole() stores the word after the object is handed out
 *  NO_RELEASE	s->random_seq is stored by WRITE_ONCE()
 *  NO_SEQUENCE_ACQUIRE	and loaded by READ_ONCE()
 *  TWO_STORES	page_type is stored half by half
 *  NO_LIMIT_GRACE	slub_set_cpu_partial() does not wait for a grace period
 */
#ifdef NO_ACQUIRE
#define LOADS_IN_ORDER	false
#else
#define LOADS_IN_ORDER	true
#endif
#ifdef NO_CMPXCHG
#define CMPXCHG_ORDERS	false
#else
#define CMPXCHG_ORDERS	true
#endif
#ifdef STORED_LATE
#define WORD_FIRST	false
#else
#define WORD_FIRST	true
#endif
#ifdef NO_RELEASE
#define RELEASED	false
#else
#define RELEASED	true
#endif
#ifdef NO_SEQUENCE_ACQUIRE
#define ACQUIRED	false
#else
#define ACQUIRED	true
#endif

/* Message passing: @data, and the @flag that says it is there. */
byte data[3], flag[3];

inline publish(what, ordered)
{
	if
	:: data[what] = 1; flag[what] = 1
	:: !ordered -> flag[what] = 1; data[what] = 1
	fi
}

inline find(what, ordered)
{
	if
	:: seen = flag[what]; got = data[what]
	:: !ordered -> got = data[what]; seen = flag[what]
	fi;
	assert(!seen || got)
}

proctype writer(byte what; bool ordered)
{
	publish(what, ordered)
}

proctype reader(byte what; bool ordered)
{
	byte seen, got;

	find(what, ordered)
}

bool page_type_high = true, page_type_bit = true;

proctype new_slab()
{
#ifdef TWO_STORES
	page_type_bit = false;
	page_type_high = false
#else
	d_step { page_type_bit = false; page_type_high = false }
#endif
}

proctype free_one_page()
{
	assert(!page_type_high || page_type_bit)
}

bool bound = true, preempt_off, at_hand, place;
byte ended;

inline end()
{
	d_step { ended++; assert(ended < 2 || !at_hand) }
}

proctype keeper()
{
	bool by;

	preempt_off = true;
	by = bound;
	at_hand = by;
	place = true;
	preempt_off = false;
	end()
}

proctype setter()
{
	bound = false;
#ifndef NO_LIMIT_GRACE
	!preempt_off;
#endif
	if
	:: place -> d_step { !preempt_off -> at_hand = false }
	:: else
	fi;
	end()
}

init
{
	atomic {
		/* emptied: the object's last use, slab->state */
		run writer(0, CMPXCHG_ORDERS);
		run reader(0, LOADS_IN_ORDER);
		/* filled: slab->state; the object's address, on which its use depends */
		run writer(1, WORD_FIRST);
		run reader(1, true);
		/* sequence: the numbers; where they are */
		run writer(2, RELEASED);
		run reader(2, ACQUIRED);
		/* made */
		run new_slab();
		run free_one_page();
		/* limit */
		run keeper();
		run setter()
	}
}
