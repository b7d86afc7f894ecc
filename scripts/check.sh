#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# check.sh: run the tests in tests/ and count. FILTER= selects them by file name.
. "$(dirname "$0")/lib.sh"
find_qemu
lock

results=$BUILD/log/check.results
: >"$results"
for test in "$SLUB_REPO"/tests/[0-9]*.sh; do
	name=${test##*/}
	[[ $name =~ ${FILTER:-} ]] || continue
	start=$SECONDS
	say "--- $name"
	"$test" </dev/null | tee -a "$results" ||
		echo "not ok $name - the test itself failed" | tee -a "$results"
	say "--- $name: $((SECONDS - start)) s"
done

count() { grep -cE "^$1 " "$results" || :; }
passed=$(count ok)
failed=$(count 'not ok')
skipped=$(count skip)

[ "$failed" -eq 0 ] || { say "--- failed:"; grep '^not ok ' "$results" >&2; }
[ $((passed + failed)) -gt 0 ] || die "no test was run; does FILTER=${FILTER:-} match a file in tests/?"
sum="$passed passed, $failed failed"
[ "$skipped" -eq 0 ] || sum+=", $skipped skipped"
say "--- all: $SECONDS s"
echo "$sum"
exit $((failed > 0))
