#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# fuzz.sh: operations that a fuzzer makes up, for SECONDS= (60), on our allocator under sanitizers.
duration=${FUZZ_SECONDS:-60}
. "$(dirname "$0")/lib.sh"
positive "SECONDS=$duration"
lock

fuzz=$("$SLUB_REPO/scripts/native-variant.sh" sanitized fuzz)/fuzz
corpus=$BUILD/native/corpus
log=$BUILD/log/fuzz.log
mkdir -p "$corpus"
say "its log: $log; what it has learned: $corpus"
run "$fuzz" -max_total_time="$duration" -max_len=4096 -timeout=60 -artifact_prefix="$BUILD/native/" \
	"$corpus" >"$log" 2>&1 </dev/null
if [ $status -ne 0 ]; then
	grep -E '^error:|ERROR|runtime error' "$log" >&2 || tail "$log" >&2
	input=$(sed -n 's/.*Test unit written to //p' "$log" | tail -n 1)
	[ -n "$input" ] || die "the allocator failed, without an input that does so again; see $log"
	die "the allocator failed; once more: $fuzz $input"
fi
grep -E '^Done|DONE' "$log" | tail -n 1
