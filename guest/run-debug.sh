# SPDX-License-Identifier: GPL-2.0-only
# The workload, and before it a look at the debugging options of each cache.
#
# slub.wanted= says which: "PATTERN:OPTIONS;...", the first pattern that a cache's name matches
# counts. OPTIONS are letters of slub_debug=, or "-" for none; the pattern "-" matches nothing. The
# pattern "O" stands for caches that need no larger slab for it, the others have none: "O:FZPU". A is
# to be seen at work with shmem_inode_cache, T with mqueue_inode_cache. Results are printed as TAP.

slab=/sys/kernel/slab
debugfs=/sys/kernel/debug

# configured OPTION: is the kernel built with it?
configured() { zcat /proc/config.gz | grep -q "^CONFIG_$1=y"; }

# wanted_for NAME: sets $options to those that a cache should have, or to "?"
wanted_for() {
	local rest=$wanted rule
	while [ -n "$rest" ]; do
		rule=${rest%%;*}
		case $rest in *\;*) rest=${rest#*;} ;; *) rest= ;; esac
		# shellcheck disable=SC2254 # a pattern it is
		case $1 in ${rule%%:*}) options=${rule#*:}; return ;; esac
	done
	options="?"
}

# has FLAGS LETTER: sets $has to 1 or 0. All this runs for each cache: no processes for it.
has() { case $1 in *$2*) has=1 ;; *) has=0 ;; esac; }

# compare NAME FLAGS OPTIONS: the cache has those options and no other, wherever it is looked up
compare() {
	local pair option value bad=
	for pair in F:F:sanity_checks Z:Z:red_zone P:O:poison U:U:store_user T:T:trace; do
		has "$3" "${pair%%:*}"
		option=$has
		read -r value <"$slab/$1/${pair##*:}"
		[ "$value" = "$option" ] || bad="$bad ${pair##*:}=$value"
		pair=${pair%:*}
		has "$2" "${pair#*:}"
		[ "$has" = "$option" ] || bad="$bad flags=$2"
	done
	# slabinfo has no letter for it: the A there is another one.
	if [ -n "$failslab" ]; then
		has "$3" A
		read -r value <"$slab/$1/failslab"
		[ "$has" = "$value" ] || bad="$bad failslab=$value"
	fi
	[ -z "$bad" ] || echo "# $1: wanted $3, has$bad"
	[ -z "$bad" ]
}

# list_caches: in /tmp/caches the name of each cache, and the letters of its flags, if any
list_caches() { awk 'NR > 2 { print $1, $6 ~ /^[A-Za-z]+$/ ? $6 : "" }' /proc/slabinfo >/tmp/caches; }

# Each line of /proc/slabinfo; caches of another rule than "O" or "?".
caches_have_options() {
	local name flags options failed=0
	list_caches
	while read -r name flags; do
		wanted_for "$name"
		[ "$options" = "?" ] && continue
		[ -d "$slab/$name" ] || { echo "# no directory for $name"; failed=1; continue; }
		compare "$name" "$flags" "$options" || failed=1
	done </tmp/caches
	return $failed
}

# slab_for BYTES: sets $slab_for to the size of the smallest slab that holds so much
slab_for() {
	slab_for=4096
	while [ $slab_for -lt "$1" ]; do
		slab_for=$((slab_for * 2))
	done
}

# With O, a cache whose object would need a larger slab for what is kept of it has no options.
large_caches_spared() {
	local name flags size all plain failed=0 spared=0 debugged=0
	list_caches
	while read -r name flags; do
		read -r size <"$slab/$name/object_size"
		case $flags in
		*[FZOU]*)
			debugged=$((debugged + 1))
			read -r all <"$slab/$name/slab_size"
			slab_for "$size"
			plain=$slab_for
			slab_for "$all"
			[ $slab_for -eq $plain ] || { echo "# $name has options and a larger slab"; failed=1; } ;;
		*)
			spared=$((spared + 1))
			[ $((size * 2)) -ge 4096 ] || { echo "# $name of $size has no options"; failed=1; } ;;
		esac
	done </tmp/caches
	echo "# $debugged caches with options, $spared without"
	[ $debugged -gt 0 ] && [ $spared -gt 0 ] || failed=1
	return $failed
}

# Files that tell of users are there for caches that track them, and have something to tell.
users_are_listed() {
	local name tracks line failed=0 dir=$debugfs/slab lines=0 calls=0
	list_caches
	while read -r name _; do
		read -r tracks <"$slab/$name/store_user"
		if [ "$tracks" = 1 ]; then
			[ -e "$dir/$name/alloc_traces" ] && [ -e "$dir/$name/free_traces" ] ||
				{ echo "# no traces for $name"; failed=1; }
			lines=$((lines + $(grep -c ' age=' "$dir/$name/alloc_traces")))
			calls=$((calls + $(grep -c ' age=' "$slab/$name/alloc_calls")))
			cat "$dir/$name/free_traces" "$slab/$name/free_calls" >/dev/null || failed=1
		elif [ -e "$dir/$name/alloc_traces" ]; then
			echo "# traces for $name, which has no tracking"
			failed=1
		elif ! read -r line <"$slab/$name/alloc_calls" || [ "$line" != "No data" ]; then
			echo "# calls of $name, which has no tracking"
			failed=1
		fi
	done </tmp/caches
	case $wanted in
	*U*) [ $lines -gt 0 ] && [ $calls -gt 0 ] || { echo "# no trace anywhere"; failed=1; } ;;
	esac
	return $failed
}

free_is_traced() {
	local tries=0
	until dmesg | grep -q "\bTRACE mqueue_inode_cache free 0x" || [ $tries -eq 60 ]; do
		sleep 1
		tries=$((tries + 1))
	done
}

# A message queue comes and goes; its inode after a grace period.
use_queue() {
	mkdir -p /tmp/queues && mount -t mqueue queues /tmp/queues &&
		touch /tmp/queues/one && rm /tmp/queues/one && umount /tmp/queues && free_is_traced
}

# With T, what is allocated and freed is printed, and of other caches nothing.
only_wanted_are_traced() {
	local cache=mqueue_inode_cache what failed=0
	case $wanted in
	*$cache:*T*)
		use_queue || failed=1
		for what in alloc free; do
			dmesg | grep -q "\bTRACE $cache $what 0x" || { echo "# no $what is traced"; failed=1; }
		done ;;
	*) cache=none ;;
	esac
	! dmesg | grep '\bTRACE ' | grep -v "TRACE $cache " && return $failed
}

# failslab makes allocations from caches with A fail, always, and none from any other.
only_wanted_fail() {
	local failed=0 fail=$debugfs/failslab
	echo Y >$fail/cache-filter
	echo N >$fail/ignore-gfp-wait
	echo 0 >$fail/verbose
	echo -1 >$fail/times
	echo 100 >$fail/probability
	if touch /tmp/refused 2>/dev/null; then
		case $wanted in *shmem_inode_cache:*A*) echo "# nothing fails"; failed=1 ;; esac
	else
		case $wanted in *shmem_inode_cache:*A*) ;; *) echo "# what should not fail does"; failed=1 ;; esac
	fi
	# Processes and a pipe are of other caches.
	echo text | cat >/dev/null && cat /proc/slabinfo >/dev/null || failed=1
	echo 0 >$fail/probability
	touch /tmp/taken && return $failed
}

# All caches are checked, and no error is found.
all_are_valid() {
	local name failed=0
	for name in "$slab"/*; do
		[ -d "$name" ] && echo 1 >"$name/validate" || failed=1
	done
	! dmesg | grep -E '\b(BUG|FIX) ' && return $failed
}

run_workload() (run=workload; . /run-workload.sh)

wanted=$(parameter wanted)
failslab=$(configured FAILSLAB && echo yes)
echo "# Subtest: slub_debug"
case $wanted in
O:*) check "each cache has the options that it should" large_caches_spared ;;
*) check "each cache has the options that it should" caches_have_options ;;
esac
if configured DEBUG_FS; then
	check "users are listed for caches that track them" users_are_listed
fi
check "caches are traced that should be" only_wanted_are_traced
if [ -n "$failslab" ]; then
	check "failures go to caches that are to have them" only_wanted_fail
fi
check "validation finds nothing" all_are_valid
check "the workload runs" run_workload
check "validation finds nothing after the workload" all_are_valid
echo "1..$number"
return $failed
