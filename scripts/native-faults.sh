#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# native-faults.sh: show that the random operations of the native tests find faults by themselves.
#
# Of faults/*.patch those with a line "# native: PART" break what those operations must notice, in that
# part of the allocator; no other test is run. FILTER= selects among them. The allocator as it is must
# pass, or else what is "caught" says nothing.
. "$(dirname "$0")/lib.sh"
lock

logs=$BUILD/log/faults
mkdir -p "$logs"
missed=0
caught=0

# tried PATCH LOG: the random operations with it; their status is in $status
tried() {
	local program
	program=$("$SLUB_REPO/scripts/native-variant.sh" "$1" check)/check
	run timeout 120 "$program" --gtest_filter='Random.*:TwoCpus.*' >"$2" 2>&1 </dev/null
}

# verdict LOG: which test has failed, and what it says
verdict() {
	local by
	by=$(sed -n 's/^\[ RUN      \] //p' "$1" | tail -n 1)
	by=$(sed -nE 's/^\[  FAILED  \] ([A-Za-z.]+) .*/\1/p' "$1" | head -n 1 | grep . || echo "$by")
	echo "by $by: $(grep -m 1 -E 'SEED|SLUB|error:|bytes|is held|Which is' "$1" || tail -n 1 "$1")"
}

faults=()
for fault in $(grep -l '^# native: ' "$SLUB_REPO"/faults/*.patch); do
	[[ ! $(basename "$fault" .patch) =~ ${FILTER:-} ]] || faults+=("$fault")
done
if [ ${#faults[@]} -gt 0 ]; then
	# Once is enough.
	[ -n "${SLUB_NATIVE_BUILT:-}" ] || GOAL=check "$SLUB_REPO/scripts/native.sh" slub >/dev/null
	export SLUB_NATIVE_BUILT=1
	tried /dev/null "$logs/none.native"
	[ $status -eq 0 ] || die "the allocator without a fault fails (status $status), see $logs/none.native"
	echo "passed natively without a fault"
fi
for fault in "${faults[@]}"; do
	name=$(basename "$fault" .patch)
	part=$(sed -n 's/^# native: //p' "$fault")
	log=$logs/$name.native
	tried "$fault" "$log"
	case $status in
	0 | 124)
		missed=$((missed + 1))
		echo "MISSED natively $name ($part), status $status: $(head -n 1 "$fault")" ;;
	*)
		caught=$((caught + 1))
		echo "caught natively $name ($part): $(verdict "$log")" ;;
	esac
done
echo "$caught caught, $missed missed natively"
exit $((missed > 0))
