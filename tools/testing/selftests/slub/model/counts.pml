// SPDX-License-Identifier: GPL-2.0-only
/*
 * What CPUs have counted moves to where all is counted, slub_cpu_move_counts() of
 * mm/slub_place.c, while another CPU adds it up, count() of mm/slub_info.c: for spin.
 *
 * Two CPUs have counted an object each, and leave their places. Whoever finds that
 * as many have begun to leave as were done before must have counted two.
 *
 * Weak ordering: what no barrier orders is done in any order.
 *
 * Each of these takes one safeguard away, and the model must then fail:
 *  NO_RETRY	count() does not look whether somebody left meanwhile
 *  NO_RMB	count() looks at @leaving before it adds up
 *  NO_ACQUIRE	count() looks at @left after it has added up
 *  LEAVING_LATE	slub_cpu_move_counts() adds to @leaving when it has moved them
 *  LEFT_EARLY	slub_cpu_move_counts() adds to @left before it has moved them
 *  NO_WMB	slub_cpu_leave() takes the place away before they are moved
 */
/* s->uncounted, s->leaving, s->left; c->objects, and is c in s->cpu_slab? */
byte uncounted, leaving, left;
byte objects[2] = 1;
bool placed[2] = true;

inline move_counts()
{
	if
	:: uncounted = uncounted + objects[me]; objects[me] = 0
	:: moved = objects[me]; objects[me] = 0; uncounted = uncounted + moved
	fi
}

proctype leaver(byte me)
{
	byte moved;

#ifdef NO_WMB
	placed[me] = false;
#endif
#ifndef LEAVING_LATE
	leaving++;
#endif
#ifdef LEFT_EARLY
	left++;
#endif
	move_counts();
#ifdef LEAVING_LATE
	leaving++;
#endif
#ifndef LEFT_EARLY
	left++;
#endif
	placed[me] = false
}

/* c->objects, if there is a c: the one load depends on the other. */
inline add(cpu)
{
	atomic { !seen[cpu] -> seen[cpu] = true; found = placed[cpu] };
	if
	:: found -> sum = sum + objects[cpu]
	:: else
	fi
}

inline count_once()
{
	do
	:: add(0)
	:: add(1)
	:: atomic { !seen[2] -> seen[2] = true; sum = sum + uncounted }
	:: seen[0] && seen[1] && seen[2] -> break
	od
}

active proctype reader()
{
	byte sum, before, after;
	bool seen[3], found;

	atomic { run leaver(0); run leaver(1) };
	do
	:: atomic { sum = 0; seen[0] = false; seen[1] = false; seen[2] = false };
#ifndef NO_ACQUIRE
	   before = left;
#endif
#ifdef NO_RMB
	   after = leaving;
#endif
	   count_once();
#ifdef NO_ACQUIRE
	   before = left;
#endif
#ifndef NO_RMB
	   after = leaving;
#endif
#ifdef NO_RETRY
	   after = before;
#endif
	   assert(before != after || sum == 2)
	od
}
