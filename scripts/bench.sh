#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# bench.sh: CONTESTANTS= (slub stock-slub slab) side by side in processes, TESTS= of them, in ROUNDS= (11).
. "$(dirname "$0")/lib.sh"
lock

read -ra contestants <<<"${CONTESTANTS:-slub stock-slub slab}"
programs=()
for contestant in "${contestants[@]}"; do
	programs+=("$contestant=$("$SLUB_REPO/scripts/native.sh" "$contestant")/contestant")
done
mkdir -p "$BUILD/bench"
result=$BUILD/bench/$(date -u +%Y%m%d-%H%M%S).json
"$BUILD/native/host/bench" "${programs[@]}" --tests "${TESTS:-.}" --rounds "${ROUNDS:-11}" --json "$result" \
	--command "make bench CONTESTANTS=\"${contestants[*]}\" TESTS=${TESTS:-.} ROUNDS=${ROUNDS:-11}" \
	--about "source=linux-source-6.1 $(dpkg-query -W -f '${Version}' linux-source-6.1)" \
	--about "compiler=$(gcc --version | head -n 1)" \
	--about "processor=$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)" \
	--about "commit=$(git -C "$SLUB_REPO" rev-parse --short HEAD 2>/dev/null || echo unknown)"
say "all that was measured: $result"
