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

# wanted_for NAME ORDER-IS-RAISED: the options that a cache should have, or "?"
wanted_for() {
	local rest=$wanted rule
	while [ -n "$rest" ]; do
		rule=${rest%%;*}
		case $rest in *\;*) rest=${rest#*;} ;; *) rest= ;; esac
		# shellcheck disable=SC2254 # a pattern it is
		case $1 in ${rule%%:*}) echo "${rule#*:}"; return ;; esac
	done
	echo "?"
}

# has FLAGS LETTER: 1 or 0
has() { case $1 in *$2*) echo 1 ;; *) echo 0 ;; esac; }

# flags_of NAME: the letters of its line in /proc/slabinfo, or "none" if it has no line
flags_of() {
	awk -v name="$1" '$1 == name { found = 1
		if ($6 ~ /^[A-Za-z]+$/) print $6 }
		END { if (!found) print "none" }' /proc/slabinfo
}

# compare NAME FLAGS OPTIONS: the cache has those options and no other, wherever it is looked up
compare() {
	local pair option file bad=
	for pair in F:F:sanity_checks Z:Z:red_zone P:O:poison U:U:store_user T:T:trace; do
		option=$(has "$3" "${pair%%:*}")
		file=${pair##*:}
		pair=${pair%:*}
		[ "$(has "$2" "${pair#*:}")" = "$option" ] || bad="$bad flags=$2"
		[ "$(cat "$slab/$1/$file")" = "$option" ] || bad="$bad $file=$(cat "$slab/$1/$file")"
	done
	# slabinfo has no letter for it: the A there is another one.
	if [ -n "$failslab" ]; then
		file=$(cat "$slab/$1/failslab")
		[ "$(has "$3" A)" = "$file" ] || bad="$bad failslab=$file"
	fi
	[ -z "$bad" ] || echo "# $1: wanted $3, has$bad"
	[ -z "$bad" ]
}

# Each line of /proc/slabinfo; caches of another rule than "O" or "?".
caches_have_options() {
	local name options failed=0
	sed 1,2d /proc/slabinfo >/tmp/slabinfo
	while read -r name _; do
		options=$(wanted_for "$name")
		[ "$options" = "?" ] && continue
		[ -d "$slab/$name" ] || { echo "# no directory for $name"; failed=1; continue; }
		compare "$name" "$(flags_of "$name")" "$options" || failed=1
	done </tmp/slabinfo
	return $failed
}

# least_order BYTES: of pages that hold so much
least_order() {
	local bytes=4096 order=0
	while [ $bytes -lt "$1" ]; do
		bytes=$((bytes * 2))
		order=$((order + 1))
	done
	echo $order
}

# With O, a cache whose object would need a larger slab for what is kept of it has no options.
large_caches_spared() {
	local name size failed=0 spared=0 debugged=0
	sed 1,2d /proc/slabinfo >/tmp/slabinfo
	while read -r name _; do
		size=$(cat "$slab/$name/object_size")
		case $(flags_of "$name") in
		*[FZOU]*)
			debugged=$((debugged + 1))
			[ "$(least_order "$(cat "$slab/$name/slab_size")")" = "$(least_order "$size")" ] ||
				{ echo "# $name has options and a larger slab"; failed=1; } ;;
		*)
			spared=$((spared + 1))
			[ $((size * 2)) -ge 4096 ] || { echo "# $name of $size has no options"; failed=1; } ;;
		esac
	done </tmp/slabinfo
	echo "# $debugged caches with options, $spared without"
	[ $debugged -gt 0 ] && [ $spared -gt 0 ] || failed=1
	return $failed
}

# Files that tell of users are there for caches that track them, and have something to tell.
users_are_listed() {
	local name failed=0 dir=$debugfs/slab lines=0
	sed 1,2d /proc/slabinfo >/tmp/slabinfo
	while read -r name _; do
		if [ "$(cat "$slab/$name/store_user")" = 1 ]; then
			[ -e "$dir/$name/alloc_traces" ] && [ -e "$dir/$name/free_traces" ] ||
				{ echo "# no traces for $name"; failed=1; }
			lines=$((lines + $(grep -c ' age=' "$dir/$name/alloc_traces")))
			cat "$dir/$name/free_traces" >/dev/null || failed=1
		elif [ -e "$dir/$name/alloc_traces" ]; then
			echo "# traces for $name, which has no tracking"
			failed=1
		fi
	done </tmp/slabinfo
	case $wanted in *U*) [ $lines -gt 0 ] || { echo "# no trace anywhere"; failed=1; } ;; esac
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
