#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The allocator's objects in a process: every call, lack of memory, random operations on two CPUs; the
# same under sanitizers; operations that a fuzzer makes up. The stock allocators pass what applies to
# them: the machine around ours is right.
. "$(dirname "$0")/lib.sh"

# cases LABEL LOG: what is skipped is not of this allocator
cases() {
	sed -nE "s/^\[       OK \] ([A-Za-z.]+) .*/ok $1: \1/p
		s,^\[  FAILED  \] ([A-Za-z.]+) \(.*,not ok $1: \1 - see $2,p" "$2"
}

# program LABEL COMMAND...: a result for each test, and one for the program
program() {
	local log status
	log=$(log_of "$1")
	run timeout 300 "${@:2}" >"$log" 2>&1 </dev/null
	cases "$1" "$log"
	if [ $status -eq 0 ]; then
		ok "$1"
	else
		show_end "$log"
		not_ok "$1" "status $status, see $log"
	fi
}

# The seeds are fixed; only two CPUs at once may do otherwise another time.
tested() { remembered "$1" "$(hash_of "$2")" program "$@"; }

export GOAL=check
for contestant in stock-slub slab slub; do
	dir=$("$SLUB_REPO/scripts/native.sh" "$contestant")
	tested "native $contestant" "$dir/check"
done
dir=$(SLUB_NATIVE_BUILT=1 "$SLUB_REPO/scripts/native-variant.sh" sanitized check fuzz)
export STEPS=10000
tested "native sanitized" "$dir/check"
tested "native fuzz" "$dir/fuzz" -runs=3000 -seed=1 -max_len=4096 -len_control=0 -artifact_prefix="$BUILD/native/"
