// SPDX-License-Identifier: GPL-2.0-only
/*
 * The idle check of one CPU, slub_idle_arm() and idle_work_fn() of mm/slub_flush.c,
 * for spin: as long as the CPU holds anything there will be a look at it.
 *
 * A task and an interrupt make the CPU hold something; with preemption off, so that
 * the check, which is a task, does not run amidst that, but interrupts do. The kick
 * is an interrupt that comes any time, even amidst the other one, and the timer ends
 * any time.
 *
 * Left out: other CPUs, which never arm this one's check; that the check finds
 * slab_mutex taken, which is as if it had found something in use; the CPU's death.
 *
 * Each of these takes one safeguard away, and the model must then fail:
 *  DISARM_LATE	idle_work_fn() clears @armed after it has looked
 *  NOT_AGAIN	idle_work_fn() does not arm what is still held
 *  LOOK_LATE	slub_idle_arm() sets @armed before it looks whether it was set
 */
bool held;			/* a place, or anything in it */
bool armed, kick, pending;	/* struct idle; the timer, or the work, is on its way */

/* The books. */
bool in_irq, section, checking;

inline slub_idle_arm()
{
#ifdef LOOK_LATE
	armed = true;
	seen = armed;
#else
	seen = armed;
#endif
	if
	:: !seen ->
		armed = true;
		kick = true
	:: else
	fi
}

/* It may be armed before or after there is something: nobody looks meanwhile. */
inline hold()
{
	if
	:: held = true; slub_idle_arm()
	:: slub_idle_arm(); held = true
	fi
}

active proctype task() provided (!in_irq)
{
	bool seen;

	do
	:: atomic { !section -> section = true };
	   hold();
	   atomic { section = false; seen = false }
	od
}

active proctype interrupt()
{
	bool seen;

	do
	:: in_irq = true;
	   hold();
	   atomic { in_irq = false; seen = false }
	od
}

/* irq_work */
active proctype kicked()
{
	do
	:: atomic { kick -> kick = false; pending = true }
	od
}

active proctype idle_work_fn() provided (!in_irq)
{
	bool again, seen;

	do
	:: atomic { pending && !section -> pending = false; checking = true };
#ifndef DISARM_LATE
	   atomic { !section -> armed = false };
#endif
	   /* give_back_if_idle() */
	   atomic {
		!section ->
		if
		:: held = false
		:: again = held
		fi
	   };
#ifdef DISARM_LATE
	   atomic { !section -> armed = false };
#endif
	   if
#ifndef NOT_AGAIN
	   :: again ->
		atomic { !section -> section = true };
		slub_idle_arm();
		section = false
#endif
	   :: else
	   fi;
	   atomic { checking = false; again = false; seen = false }
	od
}

active proctype invariants()
{
	do
	:: atomic {
		assert(!held || kick || pending || checking || section || in_irq)
	   }
	od
}
