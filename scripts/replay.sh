#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# replay.sh: TRACES= (those that come with it) through CONTESTANTS= (slub stock-slub slab slub-6.12),
# with caches merged and not, in ROUNDS= (5): a table, and a picture of each trace.
. "$(dirname "$0")/lib.sh"
rounds=${ROUNDS:-5}
positive "ROUNDS=$rounds"
lock

read_contestants slub stock-slub slab slub-6.12
none_twice "${contestants[@]}"
read -ra traces <<<"${TRACES:-$(echo "$SLUB_REPO"/tools/testing/selftests/slub/native/traces/*.trace.xz)}"
for trace in "${traces[@]}"; do
	[ -f "$trace" ] || die "TRACES=$trace: no such file; 'make record' makes traces"
done
mapfile -t facts < <(about)
programs=()
for contestant in "${contestants[@]}"; do
	name=${contestant%%=*}
	built=$("$SLUB_REPO/scripts/native.sh" "$contestant")
	programs+=("$name=$built/contestant")
	facts+=("kernel of $name=$(kernel_of "$built")")
done
out=$BUILD/replay
mkdir -p "$out"
# If it fails it has said why.
"$BUILD/native/host/replay" "${programs[@]}" --traces "${traces[@]}" --rounds "$rounds" --out "$out" \
	--command "make replay CONTESTANTS=\"${contestants[*]}\" ROUNDS=$rounds${TRACES:+ TRACES=\"$TRACES\"}" \
	"${facts[@]/#/--about=}" || exit 3
for trace in "${traces[@]}"; do
	name=${trace##*/}
	gnuplot -c "$SLUB_REPO/scripts/replay.gp" "$out/${name%%.*}"
done
say "all that was measured, and pictures: $out"
