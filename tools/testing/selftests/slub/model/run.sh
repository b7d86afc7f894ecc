#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh [DIR]: let spin search the models here, results in DIR.
#
# A model must hold as it is, and must fail by one of its own assertions with
# any of its safeguards taken out: see the top of each. Prints a line for each:
# "ok model: NAME" or "not ok model: NAME - REASON". Needs spin and a compiler.

set -u
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd) || exit
failed=0

if [ $# -gt 0 ]; then
	mkdir -p "$1" || exit
	out=$1
else
	out=$(mktemp -d) || exit
	trap 'rm -rf "$out"' EXIT
fi
cd "$out" || exit

# Broken models fail so soon that optimising costs more than it gains.
search() {
	local model=$1 switch=${2:-} level=-O2

	[ -z "$switch" ] || level=-O0
	rm -f pan pan.? "$model.pml.trail"
	spin -a ${switch:+"-D$switch"} "$here/$model.pml" &&
		cc $level -w -DSAFETY -DCOLLAPSE -DMEMLIM=1500 ${reduce:+"$reduce"} -o pan pan.c &&
		timeout 60 ./pan -m4000000
}

# What is wrong with this log, if anything.
complaint() {
	local switch=$1 log=$2

	if ! grep -q 'errors: ' "$log"; then
		echo "search did not come to an end: $(tail -n 1 "$log")"
	elif [ -n "$switch" ]; then
		grep -q 'assertion violated' "$log" || echo "no assertion fails"
	elif ! grep -q 'errors: 0$' "$log"; then
		grep -m 1 '^pan:' "$log"
	elif grep -qE 'not completed|search depth too small' "$log"; then
		echo "search is not complete"
	fi
}

# model NAME SWITCH...: as it is, and with each of the switches
model() {
	local model=$1 switch log why

	shift
	for switch in '' "$@"; do
		log=$model${switch:+-$switch}.log
		search "$model" "$switch" >"$log" 2>&1 </dev/null
		why=$(complaint "$switch" "$log")
		if [ -z "$why" ]; then
			echo "ok model: $model${switch:+ $switch}"
		else
			echo "not ok model: $model${switch:+ $switch} - $why"
			failed=1
		fi
		[ ! -e "$model.pml.trail" ] || mv "$model.pml.trail" "${log%.log}.trail"
	done
}

# Partial order reduction takes no account of contexts that stop each other.
reduce=-DNOREDUCE model cpu_busy NO_BUSY EARLY_EXIT EARLY_LOOK NOT_FOR_GOOD ANYBODY_MOVES
reduce=-DNOREDUCE model place STORE_PLACE EARLY_EXIT NO_WMB NO_GRACE
reduce=-DNOREDUCE model idle DISARM_LATE NOT_AGAIN LOOK_LATE
reduce='' model counts NO_RETRY NO_RMB NO_ACQUIRE LEAVING_LATE LEFT_EARLY NO_WMB
reduce='' model ordering NO_ACQUIRE NO_CMPXCHG STORED_LATE NO_RELEASE \
	NO_SEQUENCE_ACQUIRE TWO_STORES NO_LIMIT_GRACE
reduce='' model slab_word NO_RETRY COLLECT_NO_RETRY PUT_NO_RETRY TAKE_NO_RETRY \
	NO_LOCK NO_OWNED_TEST NO_FIRST_TEST NO_LAST_TEST LOOK_AGAIN \
	OWN_NO_RETRY OWN_NO_TEST \
	PUT_TAIL_AGAIN UNLIST_LATE FILLED_LATE FILLED_UNTESTED LOOK_UNTESTED \
	LOCAL_LATE OWNER_LATE
exit $failed
