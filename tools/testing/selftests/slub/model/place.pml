// SPDX-License-Identifier: GPL-2.0-only
/*
 * The place of a CPU, mm/slub_place.c, for spin: how it comes and goes, while
 * contexts of that CPU interrupt each other, and another CPU looks at it.
 *
 * Three contexts, a task, an interrupt, and one that interrupts that one too, make
 * the CPU a place if it has none, and put an object at hand or take it. The task
 * makes the CPU leave its place. As in cpu_busy.pml, which has what happens inside
 * of a place and how it is made larger, what an interrupt came into does not go on
 * until it is over.
 *
 * Weak ordering: stores that nothing orders are done in either order.
 *
 * Each of these takes one safeguard away, and the model must then fail:
 *  STORE_PLACE	slub_place_make() stores the pointer, compares nothing
 *  EARLY_EXIT	slub_cpu_leave() lets others in before the place is gone
 *  NO_WMB	slub_place_make() does not order what is in it before the pointer
 *  NO_GRACE	slub_give_back() frees the place at once
 */
#define PLACES	3
#define TASK	1	/* its _pid; interrupts have the next ones */

mtype = { free, made, live, left };

/* s->cpu_slab: slub_no_cpu is 0; and what is in places. */
byte cpu_slab;
bool busy[PLACES + 1];
bool filled[PLACES + 1];
bool at_hand[PLACES + 1];

/* The books: what should be. */
mtype state[PLACES + 1] = free;
byte running = TASK;
bool reading;		/* rcu_read_lock() */

/* slub_alloc_past_cpu(), if there is any memory */
inline new_place()
{
	if
	:: state[1] == free -> made_one = 1
	:: state[2] == free -> made_one = 2
	:: state[3] == free -> made_one = 3
	fi;
	state[made_one] = made
}

inline store_place()
{
	atomic {
#ifdef STORE_PLACE
		cpu_slab = made_one;
		state[made_one] = live;
		made_one = 0
#else
		if
		:: cpu_slab == 0 ->
			cpu_slab = made_one;
			state[made_one] = live;
			made_one = 0
		:: else
		fi
#endif
	}
}

inline fill()
{
	atomic { busy[which] = false; filled[which] = true }
}

inline slub_place_make()
{
	atomic {
		cpu_slab == 0 && (state[1] == free || state[2] == free || state[3] == free);
		new_place()
	};
	which = made_one;
#ifndef NO_WMB
	fill();
#endif
	c = cpu_slab;
	if
	:: c == 0 -> store_place()
	:: else
	fi;
#ifdef NO_WMB
	fill();
#endif
	/* slub_free_past_cpu(), of a place that nobody has seen */
	atomic {
		if
		:: made_one != 0 -> filled[made_one] = false; state[made_one] = free
		:: else
		fi;
		made_one = 0;
		which = 0
	}
}

/* cpu_alloc() or cpu_free() */
inline use()
{
	c = cpu_slab;
	if
	:: c != 0 && !busy[c] ->
		busy[c] = true;
		at_hand[c] = !at_hand[c];
		busy[c] = false
	:: else
	fi
}

/* slub_cpu_leave(), and slub_give_back() */
inline leave()
{
	c = cpu_slab;
	if
	:: c != 0 && !busy[c] ->
		busy[c] = true;
		at_hand[c] = false;
#ifdef EARLY_EXIT
		busy[c] = false;
#endif
		atomic { cpu_slab = 0; state[c] = left };
#ifdef NO_GRACE
		atomic { filled[c] = false; state[c] = free }
#else
		skip
#endif
	:: else
	fi
}

proctype context() provided (running <= _pid)
{
	byte c, made_one, which, interrupted;

	do
	:: atomic {
		_pid == TASK || running < _pid ->
		interrupted = running;
		running = _pid
	   };
	   if
	   :: slub_place_make()
	   :: use()
	   :: _pid == TASK -> leave()
	   :: skip
	   fi;
	   d_step { c = 0; running = interrupted; interrupted = 0 }
	od
}

/* Another CPU, in count() or the like */
proctype reader()
{
	byte c;

	do
	:: reading = true;
	   c = cpu_slab;
	   if
	   :: c != 0 -> assert(filled[c] && state[c] != free)
	   :: else
	   fi;
	   atomic { c = 0; reading = false }
	od
}

/* call_rcu(): nobody who may have found the place is at it any more. */
proctype grace()
{
	byte p;

	do
	:: atomic {
		!reading && (state[1] == left || state[2] == left || state[3] == left);
		if
		:: state[1] == left -> p = 1
		:: state[2] == left -> p = 2
		:: state[3] == left -> p = 3
		fi;
		filled[p] = false;
		state[p] = free;
		p = 0
	   }
	od
}

/* True at any time: what is at hand can be found, and no place is lost. */
proctype invariants()
{
	do
	:: d_step {
		assert(!at_hand[1] || cpu_slab == 1);
		assert(!at_hand[2] || cpu_slab == 2);
		assert(!at_hand[3] || cpu_slab == 3);
		assert(state[1] != live || cpu_slab == 1);
		assert(state[2] != live || cpu_slab == 2);
		assert(state[3] != live || cpu_slab == 3)
	   }
	od
}

init
{
	atomic {
		run context();
		run context();
		run context();
		run reader();
		run grace();
		run invariants()
	}
}
