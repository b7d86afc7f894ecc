// SPDX-License-Identifier: GPL-2.0-only
/*
 * slub_cpu_enter() and slub_cpu_exit(), mm/slub.h, for spin: what keeps the
 * contexts of one CPU out of each other's way in its struct kmem_cache_cpu.
 *
 * Three contexts, a task, an interrupt, and one that interrupts that one too,
 * allocate and free the objects of the CPU's slab; the task makes the CPU's place
 * larger.
 * An interrupt comes between any two statements, and what it came into does not
 * go on until it is over.
 *
 * Left out:
 *  - That more than one object may be at hand. What the CPU takes out of its slab
 *    goes straight to who wants it; that is linked here, be it a map or a list.
 *  - That the CPU has no place at first, which is a place always busy: see place.pml.
 *  - Other tasks: preemption is off from before @busy is tested.
 *  - The compiler: steps are those of the text, which is what barrier() and
 *    READ_ONCE() are for. There is one CPU, so that memory ordering is none.
 *  - Other CPUs, and the slab coming and going: see slab_word.pml. What goes
 *    around the CPU's part, because @busy is set, is one step here.
 *
 * Each of these takes one safeguard away, and the model must then fail:
 *  NO_BUSY	@busy is set, but not tested
 *  EARLY_EXIT	cpu_fill() clears @busy before it stores the list
 *  EARLY_LOOK	cpu_alloc() looks at what is at hand before it sets @busy
 *  NOT_FOR_GOOD	cpu_move() clears @busy of the smaller place
 *  ANYBODY_MOVES	slub_place_make() makes a place larger in an interrupt, too
 */
#define OBJECTS	3
#define POISON	4	/* what a user may leave in place of a link */

#define TASK	1	/* its _pid; interrupts have the next ones */

mtype = { used, freeing, free };

/*
 * s->cpu_slab; struct kmem_cache_cpu, the first place and the larger one; the
 * shared list of the slab's word, and links.
 */
byte cpu_slab;
bool busy[2];
byte freelist[2] = { 1, 0 };
byte recent[2];			/* the object at hand, or 0 */
byte shared_list;
byte link[OBJECTS + 2];

/* The books: what should be. */
mtype place[OBJECTS + 2] = free;
byte running = TASK;		/* the latest that came and is not over */
byte inside;			/* contexts that are at the fields above */

hidden byte i, at, steps, count;

inline slub_cpu_enter()
{
	c = cpu_slab;
#ifdef NO_BUSY
	entered = true;
#else
	entered = !busy[c];
#endif
#ifdef EARLY_LOOK
	next = recent[c];
#endif
	if
	:: entered -> atomic { busy[c] = true; inside++ }
	:: else
	fi
}

inline slub_cpu_exit()
{
	atomic { busy[c] = false; inside-- }
}

#ifdef ANYBODY_MOVES
#define MOVES	true
#else
#define MOVES	(_pid == TASK)
#endif

/* slub_place_make(), of the larger place */
inline slub_place_make()
{
	c = cpu_slab;
	if
	:: MOVES && c == 0 && !busy[c] ->
		atomic { busy[c] = true; inside++ };
		freelist[1] = freelist[0];
		recent[1] = recent[0];
#ifdef NOT_FOR_GOOD
		busy[0] = false;
#endif
		/* What is left behind shall not make states different. */
		atomic { cpu_slab = 1; freelist[0] = 0; recent[0] = 0; inside-- }
	:: else
	fi
}

/* cpu_refill(): slub_pool_collect() takes all at once. */
inline cpu_refill()
{
	if
	:: freelist[c] == 0 ->
		d_step { object = shared_list; shared_list = 0 };
		freelist[c] = object;
		object = 0
	:: else
	fi
}

/* The user has @object from now on, and writes to it. */
inline hand_out()
{
	d_step {
		assert(place[object] == free);
		place[object] = used;
		link[object] = POISON
	}
}

/* cpu_alloc(), of what is at hand */
inline take_from_hand()
{
#ifndef EARLY_LOOK
	next = recent[c];
#endif
	if
	:: next != 0 ->
		atomic { object = next; recent[c] = 0; hand_out() }
	:: else
	fi
}

/* cpu_fill(), and the first object of that */
inline cpu_fill()
{
	object = freelist[c];
	if
	:: object != 0 ->
		next = link[object];
#ifdef EARLY_EXIT
		busy[c] = false;
#endif
		atomic { freelist[c] = next; hand_out() }
	:: else
	fi
}

/* cpu_free(), to the hand or to the slab; who is not let in uses slub_pool_free(). */
inline cpu_free()
{
	slub_cpu_enter();
	if
	:: entered ->
		assert(freelist[c] != object && recent[c] != object);
		if
		:: recent[c] == 0 ->
			atomic { recent[c] = object; place[object] = free }
		:: link[object] = freelist[c];
			atomic { freelist[c] = object; place[object] = free }
		fi;
		slub_cpu_exit()
	:: else ->
		d_step {
			link[object] = shared_list;
			shared_list = object;
			place[object] = free
		}
	fi
}

/* cpu_alloc(), or the part of alloc_slow() that has to do with the CPU's slab */
inline slub_alloc()
{
	slub_cpu_enter();
	if
	:: entered ->
		if
		:: skip;
		   take_from_hand()
		:: cpu_refill();
		   cpu_fill()
		:: cpu_fill()
		fi;
		slub_cpu_exit()
	:: else		/* another slab's object, from the pool */
	fi
}

inline some_used()
{
	if
	:: place[1] == used -> object = 1
	:: place[2] == used -> object = 2
	:: place[3] == used -> object = 3
	fi;
	place[object] = freeing
}

/*
 * A context, in slub_alloc() or cpu_free() of mm/slub.c, and what it
 * interrupted. An interrupt ends with what it does.
 */
proctype context() provided (running <= _pid)
{
	byte object, next, interrupted, c;
	bool entered;

	do
	:: atomic {
		_pid == TASK || running < _pid ->
		interrupted = running;
		running = _pid
	   };
	   if
	   :: slub_alloc()
	   :: atomic { some_used() };
	      cpu_free()
	   :: slub_place_make()
	   :: skip
	   fi;
	   d_step {
		object = 0; next = 0; entered = false; c = 0;
		running = interrupted;
		interrupted = 0
	   }
	od
}

/* All on the list that starts there is free, and the list ends. */
inline walk(start)
{
	at = start;
	do
	:: at != 0 ->
		assert(place[at] == free);
		steps++;
		assert(steps <= OBJECTS);
		at = link[at]
	:: else -> break
	od
}

/* True whenever nobody is inside: no object is lost or in two places. */
proctype invariants()
{
	do
	:: d_step {
		inside == 0 ->
		assert(!busy[cpu_slab]);
		i = 1; count = 0; steps = 0;
		do
		:: i <= OBJECTS ->
			if
			:: place[i] == free -> count++
			:: else
			fi;
			i++
		:: else -> break
		od;
		walk(freelist[cpu_slab]);
		walk(shared_list);
		if
		:: recent[cpu_slab] != 0 ->
			assert(place[recent[cpu_slab]] == free);
			steps++
		:: else
		fi;
		assert(steps == count);
		i = 0; count = 0; steps = 0; at = 0
	   }
	od
}

init
{
	atomic {
		link[1] = 2;
		link[2] = 3;
		run context();
		run context();
		run context();
		run invariants()
	}
}
