# SPDX-License-Identifier: GPL-2.0-only
# The workload, and before it a look at the debugging options of each cache.
#
# slub.wanted= says which: "PATTERN:OPTIONS;...", the first pattern that a cache's name matches
# counts. OPTIONS are letters of slub_debug=, or "-" for none; the pattern "-" matches nothing. The
# pattern "O" stands for caches that need no larger slab for it, the others have none: "O:FZPU";
# or, with "O:-", it may be that none has any. Results are printed as TAP.

slab=/sys/kernel/slab
number=0

# result STATUS NAME
result() {
	number=$((number + 1))
	[ "$1" -eq 0 ] && echo "ok $number - $2" || echo "not ok $number - $2"
	return "$1"
}

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
			[ "$wanted" = "O:-" ] || [ $((size * 2)) -ge 4096 ] || { echo "# $name of $size has no options"; failed=1; } ;;
		esac
	done </tmp/slabinfo
	echo "# $debugged caches with options, $spared without"
	[ "$wanted" = "O:-" ] || { [ $debugged -gt 0 ] && [ $spared -gt 0 ]; } || failed=1
	return $failed
}

# Files that tell of users are there for caches that track them, and have something to tell.
users_are_listed() {
	local name failed=0 dir=/sys/kernel/debug/slab lines=0
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

# All caches are checked, and no error is found.
all_are_valid() {
	local name failed=0
	for name in "$slab"/*; do
		[ -d "$name" ] && echo 1 >"$name/validate" || failed=1
	done
	! dmesg | grep -E '\b(BUG|FIX) ' && return $failed
}

run_workload() { run=workload; . /run-workload.sh; }

wanted=$(parameter wanted)
status=0
echo "# Subtest: slub_debug"
echo "1..5"
case $wanted in
O:*) large_caches_spared ;;
*) caches_have_options ;;
esac
result $? "each cache has the options that it should" || status=1
users_are_listed
result $? "users are listed for caches that track them" || status=1
all_are_valid
result $? "validation finds nothing" || status=1
(run_workload)
result $? "the workload runs" || status=1
all_are_valid
result $? "validation finds nothing after the workload" || status=1
return $status
