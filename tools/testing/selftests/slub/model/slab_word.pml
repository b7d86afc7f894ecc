// SPDX-License-Identifier: GPL-2.0-only
/*
 * The protocol of the slab word, mm/slub_pool.c, for spin: every interleaving
 * of two CPUs and two contexts that free, on one slab of three objects that is
 * made, used and discarded over and over. A search is finite and complete.
 *
 * A load of the word, the store of a link, the cmpxchg and each change of the
 * lists are steps of their own. An atomic or d_step holds one of them together
 * with the books that this model keeps; or what only concerns one CPU's list,
 * see cpu_busy.pml; or taking a lock and the first thing done under it.
 *
 * The inlines are named after the functions they stand for, of mm/slub_pool.c
 * if nothing else is said. Who calls them:
 *  cpu()		a CPU in slub_alloc(), cpu_free(), free_slow(),
 *		slub_flush_this_cpu() and slub_pool_shrink(); its locals are
 *		those of the functions
 *  freer()	any context in slub_pool_free() and free_and_settle()
 *  invariants()	nobody: what is always true, checked between any two steps
 *
 * Left out:
 *  - Weak memory ordering. Steps are sequentially consistent here. The kernel
 *    gets as much where it counts since a successful cmpxchg is fully ordered,
 *    and slab_count_free() has an acquire: see ordering.pml.
 *  - Other slabs. Of min_partial remains that an empty slab is kept or not.
 *  - Frees of what is free already, corrupt free lists, emergency reserves, nodes.
 *    RCU only delays what slub_discard() does.
 *  - Slabs of one object, which are never in the pool: see ordering.pml.
 *  - Who comes to own an object, and hands it to whom: anybody frees any.
 *
 * From when it is decided that a slab is discarded until it is, it is free and
 * on no list without list_lock. Nobody can reach it then, which is checked.
 *
 * Each of these takes one safeguard away, and the model must then fail:
 *  NO_RETRY		slub_pool_free() stores the word, compares nothing
 *  COLLECT_NO_RETRY	slub_pool_collect() does
 *  PUT_NO_RETRY		slub_pool_put() does
 *  TAKE_NO_RETRY	take_all() and take_objects() do
 *  NO_LOCK		free_and_settle() takes no list_lock
 *  NO_OWNED_TEST	free_and_settle() settles a slab that has an owner
 *  NO_FIRST_TEST	the first free into a full slab takes no list_lock
 *  NO_LAST_TEST		the free that makes a slab empty takes no list_lock
 *  LOOK_AGAIN		slub_pool_free() looks at the slab after its cmpxchg
 *  OWN_NO_RETRY		slub_pool_own() stores the word, compares nothing
 *  OWN_NO_TEST		slub_pool_own() takes a slab that is not full
 *  PUT_TAIL_AGAIN	give_up() looks for the tail of a list that it has linked on
 *  UNLIST_LATE		take_objects() fills the slab before it is off its list
 *  FILLED_LATE		cpu_take_whole() stores the word after an object is handed out
 *  FILLED_UNTESTED	cpu_take_whole(), though others have freed into the slab
 *  LOOK_UNTESTED	a slab is discarded in which others have freed, not all
 *  LOCAL_LATE		give_up() empties slab->local after the word has changed
 *  OWNER_LATE		cpu_next() gives up slab->owner after slub_pool_collect()
 */
#define OBJECTS	3
#define POISON	4	/* what a user may leave in place of a link */

/* union slab_word; objects are numbered from 1, as by @head there. */
#define WORD(head, free, owned)	((head) | (free) << 2 | (owned) << 4)
#define HEAD(word)		((word) & 3)
#define FREE(word)		((word) >> 2 & 3)
#define OWNED(word)		((word) >> 4)

#ifdef NO_RETRY
#define FREE_BLIND	true
#else
#define FREE_BLIND	false
#endif
#ifdef COLLECT_NO_RETRY
#define COLLECT_BLIND	true
#else
#define COLLECT_BLIND	false
#endif
#ifdef PUT_NO_RETRY
#define PUT_BLIND	true
#else
#define PUT_BLIND	false
#endif
#ifdef TAKE_NO_RETRY
#define TAKE_BLIND	true
#else
#define TAKE_BLIND	false
#endif
#ifdef OWN_NO_RETRY
#define OWN_BLIND	true
#else
#define OWN_BLIND	false
#endif
#ifdef OWN_NO_TEST
#define FULL(word)	(!OWNED(word))
#else
#define FULL(word)	((word) == WORD(0, 0, 0))
#endif
#ifdef NO_FIRST_TEST
#define FIRST(word)	false
#else
#define FIRST(word)	(FREE(word) == 0)
#endif
#ifdef NO_LAST_TEST
#define LAST(word)	false
#else
#define LAST(word)	(FREE(word) + count >= OBJECTS)
#endif
#ifdef FILLED_UNTESTED
#define WHOLE(word)	(count + FREE(word) == OBJECTS)
#else
#define WHOLE(word)	(count == OBJECTS)
#endif
#ifdef LOOK_UNTESTED
#define ALL_FREE(word)	(FREE(word) != 0)
#else
#define ALL_FREE(word)	(count + FREE(word) == OBJECTS)
#endif
#ifdef NO_OWNED_TEST
#define SETTLES(word)	true
#else
#define SETTLES(word)	(!OWNED(word))
#endif

mtype = {
	/* the list of the pool that the slab is on */
	no_list, partial_list, empty_list,
	/* where an object is */
	nowhere, used, freeing, shared, private, held
};

/* The slab, and the pool. */
byte word;
byte link[OBJECTS + 2];
mtype listed = no_list;
bool list_lock;

byte own_list;			/* the list of its owner, slab->local */
byte owner;			/* slab->owner: the CPU's number and 1, or 0 */

/* struct kmem_cache_cpu. */
bool owns[2];

/* The books: what should be. */
mtype place[OBJECTS + 2] = nowhere;
byte settling;			/* who works on the lists, lock or not */
bool doomed;			/* somebody will discard the slab */
bool gone = true;		/* it was discarded, or is not there yet */
bool between[2];		/* slub_pool_collect() is on its way */

/* For the use inside of d_step. */
hidden byte i, at, steps, on_shared, on_private;

#define touch()	assert(!gone && !doomed)

/*
 * READ_ONCE(slab->state). Where list_lock is taken just before, both are one
 * step: what others do between the two, they may as well do before.
 */
inline read_word()
{
	touch();
	old = word
}

inline lock()
{
	!list_lock -> list_lock = true;
	settling++
}

inline unlock()
{
	atomic {
		assert(list_lock);
		list_lock = false;
		settling--;
		forget()
	}
}

/* Locals that do not matter any more shall not make states different. */
inline forget()
{
	old = 0; new = 0; object = 0; next = 0; tail = 0; count = 0; ok = false
}

/* In the books only: all objects that were @from are @to. */
inline move_all(from, to)
{
	d_step {
		i = 1;
		do
		:: i <= OBJECTS ->
			if
			:: place[i] == from -> place[i] = to
			:: else
			fi;
			i++
		:: else -> break
		od;
		i = 0
	}
}

inline move(object, from, to)
{
	assert(place[object] == from);
	place[object] = to
}

/* word_change(): the try_cmpxchg(), or a plain store if @blind. */
inline word_change(blind)
{
	touch();
	ok = blind || word == old;
	if
	:: ok -> word = new
	:: else -> old = word; new = 0
	fi
}

/* list_partial(), list_empty_slab() */
inline enlist(list)
{
	d_step { touch(); assert(listed == no_list); listed = list }
}

inline unlist(free)
{
	atomic {
		touch();
		assert(listed == (free == OBJECTS -> empty_list : partial_list));
		listed = no_list
	}
}

inline settle(before, now)
{
	if
	:: now != OBJECTS ->
		if
		:: before == 0 && now != 0 -> enlist(partial_list)
		:: else
		fi
	:: else ->
		if
		:: before != 0 -> unlist(before)
		:: else
		fi;
		if
		:: enlist(empty_list)
		:: d_step { touch(); doomed = true; discard = true }
		fi
	fi
}

/* slub_discard(), mm/slub_slab.c */
inline slub_discard()
{
	d_step {
		assert(!gone && listed == no_list && !OWNED(word));
		i = 1;
		do
		:: i <= OBJECTS ->
			move(i, shared, nowhere);
			link[i] = 0;
			i++
		:: else -> break
		od;
		i = 0;
		word = 0;
		doomed = false;
		gone = true;
		discard = false
	}
}

/* slub_new_slab(), mm/slub_slab.c: the order of the objects does not matter. */
inline new_slab()
{
	gone = false;
	word = WORD(0, 0, 1);
	owner = me + 1;
	link[1] = 2; link[2] = 3; link[3] = 0;
	move_all(nowhere, private);
	own_list = 1;
	owns[me] = true
}

inline some_used(object)
{
	if
	:: place[1] == used -> object = 1
	:: place[2] == used -> object = 2
	:: place[3] == used -> object = 3
	fi
}

/* cpu_fill(), mm/slub.c */
inline pop()
{
	d_step {
		owns[me] && own_list != 0 ->
		at = own_list;
		own_list = link[at];
		link[at] = POISON;
		move(at, private, used);
		at = 0
	}
}

/* local_push(), mm/slub_local.h, into a slab that the CPU owns; one list is both. */
inline push()
{
	atomic {
		owns[me] -> some_used(object);
		link[object] = own_list;
		own_list = object;
		move(object, used, private);
		object = 0
	}
}

/* slub_pool_own(), called by cpu_keep(), for an object that is to be freed */
inline slub_pool_own()
{
	atomic {
		!owns[me] -> some_used(object);
		place[object] = freeing;
		read_word()
	};
	if
	:: FULL(old) ->
		atomic {
			new = WORD(0, 0, 1);
			word_change(OWN_BLIND);
			if
			:: ok ->
				/* cpu_own() has a list for it. */
				assert(listed == no_list);
				owns[me] = true;
				owner = me + 1;
				link[object] = 0;
				own_list = object;
				move(object, freeing, private)
			:: else -> place[object] = used
			fi;
			forget()
		}
	:: else -> atomic { place[object] = used; forget() }
	fi
}

/* slub_pool_take() for a CPU that wants a slab; under the lock: take_all() */
inline take_all()
{
	atomic { !list_lock && listed != no_list -> lock(); read_word() };
	do
	:: atomic {
		new = WORD(0, 0, 1);
		word_change(TAKE_BLIND);
		if
		:: ok ->
			own_list = HEAD(old);
			owns[me] = true;
			owner = me + 1;
			move_all(shared, private);
			break
		:: else
		fi
	   }
	od;
	unlist(FREE(old));
	unlock()
}

/* slub_pool_take_some(); under the lock: take_objects() */
inline take_objects()
{
	atomic { !list_lock && listed != no_list -> lock(); read_word() };
#ifndef UNLIST_LATE
	unlist(FREE(old));
#endif
	do
	:: atomic {
		object = HEAD(old);
		assert(object != 0);
		next = link[object];
		assert((next == 0) == (FREE(old) == 1))
	   };
	   atomic {
		new = WORD(next, FREE(old) - 1, OWNED(old));
		word_change(TAKE_BLIND);
		if
		:: ok ->
			move(object, shared, used);
			link[object] = POISON;
			object = 0; next = 0;
			break
		:: else
		fi
	   }
	od;
#ifdef UNLIST_LATE
	unlist(FREE(old));
#endif
	if
	:: FREE(new) != 0 -> enlist(partial_list)
	:: else
	fi;
	unlock()
}

/* slub_pool_collect(), called by cpu_next(), mm/slub.c, which has slab->owner */
inline slub_pool_collect()
{
	atomic {
		owns[me] && own_list == 0 ->
		between[me] = true;
#ifndef OWNER_LATE
		owner = 0;
#endif
		read_word()
	};
	do
	:: atomic {
		new = WORD(0, 0, (FREE(old) != 0 -> 1 : 0));
		word_change(COLLECT_BLIND);
		if
		:: ok ->
			own_list = HEAD(old);
			owns[me] = HEAD(old) != 0;
			move_all(shared, private);
#ifndef OWNER_LATE
			owner = (owns[me] -> me + 1 : owner);
			between[me] = false;
#endif
			forget();
			break
		:: else
		fi
	   }
	od;
#ifdef OWNER_LATE
	atomic {
		owner = (owns[me] -> me + 1 : 0);
		between[me] = false
	}
#endif
}

/* slub_pool_put() and slub_pool_put_all(), called by slub_give_back() and alloc_slow() */
inline slub_pool_put()
{
	/* local_link(): nobody else has these objects */
	d_step {
		owns[me] ->
		object = own_list;
		at = object;
		do
		:: at != 0 -> tail = at; count++; at = link[at]
		:: else -> break
		od;
		move_all(private, held);
#ifndef LOCAL_LATE
		own_list = 0;
#endif
		owner = 0;
		owns[me] = false
	};
	atomic { lock(); read_word() };
	do
	:: if
	   :: count != 0 -> link[tail] = HEAD(old)
	   :: else
	   fi;
	   atomic {
		new = WORD((count != 0 -> object : HEAD(old)), FREE(old) + count, 0);
		word_change(PUT_BLIND);
		if
		:: ok ->
			move_all(held, shared);
			object = 0; tail = 0; count = 0;
			break
		:: else ->
#ifdef PUT_TAIL_AGAIN
			at = object;
			do
			:: at != 0 -> tail = at; at = link[at]
			:: else -> break
			od
#else
			skip
#endif
		fi
	   }
	od;
#ifdef LOCAL_LATE
	own_list = 0;
#endif
	settle(0, FREE(new));
	unlock();
	if
	:: discard -> slub_discard()
	:: else
	fi
}

/* How many free objects the owner has for itself: slab_local(slab).free */
inline count_local()
{
	at = own_list;
	do
	:: at != 0 -> count++; at = link[at]
	:: else -> break
	od
}

/* In cpu_take_whole(), mm/slub.c: all that it has taken is handed out. */
inline hand_out_all()
{
	d_step {
		move_all(held, used);
		i = 1;
		do
		:: i <= OBJECTS ->
			if
			:: place[i] == used -> link[i] = POISON
			:: else
			fi;
			i++
		:: else -> break
		od;
		i = 0
	}
}

/* cpu_take_whole(), mm/slub.c: a plain store, and then the objects are handed out. */
inline cpu_take_whole()
{
	atomic { owns[me] && own_list != 0 -> read_word(); count_local() };
	if
	:: WHOLE(old) ->
		d_step { own_list = 0; move_all(private, held) };
#ifdef FILLED_LATE
		hand_out_all();
#endif
		atomic { touch(); word = WORD(0, 0, 0); owns[me] = false; owner = 0 };
#ifndef FILLED_LATE
		hand_out_all()
#endif
	:: else
	fi;
	forget()
}

/*
 * slab_all_free(), mm/slub_local.h, asked by cpu_look() and by not_wanted(); if so
 * the owner discards the slab, without list_lock and whatever the word is by now.
 */
inline discard_own()
{
	atomic { owns[me] -> read_word(); count_local() };
	if
	:: ALL_FREE(old) ->
		d_step {
			assert(!gone && listed == no_list && OWNED(word));
			i = 1;
			do
			:: i <= OBJECTS ->
				assert(place[i] == shared || place[i] == private);
				place[i] = nowhere;
				link[i] = 0;
				i++
			:: else -> break
			od;
			i = 0;
			own_list = 0;
			owns[me] = false;
			owner = 0;
			word = 0;
			gone = true
		}
	:: else
	fi;
	forget()
}

/* slub_pool_shrink() */
inline slub_pool_shrink()
{
	atomic { !list_lock && listed == empty_list -> lock() };
	d_step { unlist(OBJECTS); doomed = true };
	unlock();
	slub_discard()
}

/*
 * A CPU: allocates from its own list, and frees to it; takes, collects or
 * makes a slab, and gives it back; takes single objects; shrinks.
 */
proctype cpu(byte me)
{
	byte old, new, object, next, tail, count;
	bool ok, discard;

	do
	:: pop()
	:: push()
	:: slub_pool_own()
	:: slub_pool_collect()
	:: slub_pool_put()
	:: take_all()
	:: take_objects()
	:: slub_pool_shrink()
	:: cpu_take_whole()
	:: discard_own()
	:: atomic { gone && !owns[me] -> new_slab() }
	od
}

/* word_add(): the link and the word; word_refuses() never refuses here. */
#define ADDED(word)	WORD(object, FREE(word) + count, OWNED(word))

inline may_add()
{
	assert(HEAD(old) != object && FREE(old) + count <= OBJECTS)
}

inline added()
{
	place[object] = shared;
	place[tail] = shared;
	object = 0; tail = 0; count = 0
}

/* free_and_settle() */
inline free_and_settle()
{
	atomic {
#ifdef NO_LOCK
		settling++;
#else
		lock();
#endif
		read_word()
	};
	do
	:: atomic { may_add(); link[tail] = HEAD(old) };
	   atomic {
		new = ADDED(old);
		word_change(false);
		if
		:: ok -> added(); break
		:: else -> link[tail] = POISON
		fi
	   }
	od;
	if
	:: SETTLES(old) -> settle(FREE(old), FREE(new))
	:: else
	fi;
#ifdef NO_LOCK
	atomic { settling--; forget() };
#else
	unlock();
#endif
	if
	:: discard -> slub_discard()
	:: else
	fi
}

/* slub_pool_free(); word_refuses() must never refuse what is in use. */
inline slub_pool_free()
{
	do
	:: if
	   :: atomic { !OWNED(old) && (FIRST(old) || LAST(old)) -> old = 0 };
		free_and_settle();
		break
	   :: else
	   fi;
	   atomic { may_add(); link[tail] = HEAD(old) };
	   atomic {
		new = ADDED(old);
		word_change(FREE_BLIND);
		if
		:: ok ->
			added();
#ifndef LOOK_AGAIN
			forget();
			break
#endif
		:: else -> link[tail] = POISON
		fi
	   };
#ifdef LOOK_AGAIN
	   if
	   :: ok -> touch(); break
	   :: else
	   fi
#endif
	od
}

/* A context that frees an object that is in use. */
proctype freer()
{
	byte old, new, object, next, tail, count;
	bool ok, discard;

	do
	:: atomic {
		some_used(object);
		place[object] = freeing;
		tail = object;
		count = 1;
		read_word()
	   };
	   slub_pool_free()
	od
}

/* @start, and what is linked to it, is @what, and ends. */
inline walk(start, what, length)
{
	at = start;
	steps = 0;
	do
	:: at != 0 ->
		assert(place[at] == what);
		steps++;
		assert(steps <= OBJECTS);
		at = link[at]
	:: else -> break
	od;
	assert(steps == length)
}

/* True at any time: this may run between any two steps of the others. */
proctype invariants()
{
	do
	:: d_step {
		on_shared = 0;
		on_private = 0;
		i = 1;
		do
		:: i <= OBJECTS ->
			if
			:: place[i] == shared -> on_shared++
			:: place[i] == private -> on_private++
			:: else
			fi;
			assert((place[i] == nowhere) == gone);
			i++
		:: else -> break
		od;
		/* No object is lost, and none is in two places. */
		assert(FREE(word) == on_shared);
		walk(HEAD(word), shared, on_shared);
		if
		:: owns[0] || owns[1] -> walk(own_list, private, on_private)
		:: else -> assert(on_private == 0)
		fi;
		/* There is one owner at most. */
		assert(!(owns[0] && owns[1]));
		assert(!(owns[0] || owns[1]) || OWNED(word));
		assert(between[0] || !owns[0] || owner == 1);
		assert(between[1] || !owns[1] || owner == 2);
		assert(owner == 0 || between[owner - 1] || owns[owner - 1]);
		/* Invariants 1 and 2, as long as anybody can reach the slab. */
		assert(settling != 0 || doomed ||
		       listed == (OWNED(word) || FREE(word) == 0 -> no_list :
				  (FREE(word) == OBJECTS -> empty_list : partial_list)));
		i = 0; at = 0; steps = 0; on_shared = 0; on_private = 0
	   }
	od
}

init
{
	atomic {
		run cpu(0);
		run cpu(1);
		run freer();
		run freer();
		run invariants()
	}
}
