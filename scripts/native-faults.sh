#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# native-faults.sh: show that the random operations of the native tests find faults by themselves.
#
# Of faults/*.patch those with a line "# native" break what those operations must notice, and no other
# test is run. FILTER= selects among them.
. "$(dirname "$0")/lib.sh"
lock

logs=$BUILD/log/faults
mkdir -p "$logs"
missed=0
caught=0
for fault in $(grep -l '^# native$' "$SLUB_REPO"/faults/*.patch); do
	name=$(basename "$fault" .patch)
	[[ $name =~ ${FILTER:-} ]] || continue
	# Once is enough.
	[ -n "${SLUB_NATIVE_BUILT:-}" ] || GOAL=check "$SLUB_REPO/scripts/native.sh" slub >/dev/null
	export SLUB_NATIVE_BUILT=1
	program=$("$SLUB_REPO/scripts/native-variant.sh" "$fault" check)/check
	log=$logs/$name.native
	run timeout 120 "$program" --gtest_filter='Random.*:TwoCpus.*' >"$log" 2>&1 </dev/null
	if [ $status -eq 0 ]; then
		missed=$((missed + 1))
		echo "MISSED natively $name: $(head -n 1 "$fault")"
	else
		caught=$((caught + 1))
		by=$(sed -n 's/^\[ RUN      \] //p' "$log" | tail -n 1)
		by=$(sed -nE 's/^\[  FAILED  \] ([A-Za-z.]+) .*/\1/p' "$log" | head -n 1 | grep . || echo "$by")
		echo "caught natively $name: by $by: $(grep -m 1 -E 'SEED|SLUB|error:|bytes|is held|Which is' "$log" || tail -n 1 "$log")"
	fi
done
echo "$caught caught, $missed missed natively"
exit $((missed > 0))
