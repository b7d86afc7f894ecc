#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# soak.sh: MINUTES= (10) of load on 4 CPUs and 2 nodes, under each debugging kernel in turn; they
# are those of FLAVOURS= (lockdep kcsan kasan), where + joins what one kernel has at once.
. "$(dirname "$0")/lib.sh"
find_qemu
lock

export SMP=${SMP:-4} NODES=${NODES:-2} MEM=${MEM:-2048}
minutes=${MINUTES:-10}
positive "MINUTES=$minutes" "SMP=$SMP"
[ "$SMP" -gt 1 ] || die "soak takes a CPU away: SMP= must be 2 at least"
# What the console says of each one when it is at work.
declare -A sign=([lockdep]='Lock dependency validator: Copyright' [kcsan]='kcsan: enabled early'
	[kasan]='KernelAddressSanitizer initialized')
image=$("$SLUB_REPO/scripts/guest.sh" soak /usr/bin/stress-ng)
for flavour in ${FLAVOURS:-lockdep kcsan kasan}; do
	kernel=$("$SLUB_REPO/scripts/kernel.sh" slub ${flavour//+/ })
	say "$minutes minutes under $flavour"
	SLUB_LOG=$BUILD/log/soak-$flavour.log TIMEOUT=$((minutes * 60 + 600)) \
		CMDLINE="slub.minutes=$minutes ${CMDLINE:-}" \
		"$SLUB_REPO/scripts/qemu.sh" "$kernel" "$image" soak
	for debugger in ${flavour//+/ }; do
		grep -q "${sign[$debugger]:-}" "$BUILD/log/soak-$flavour.log" ||
			die "$debugger was not at work: see $BUILD/log/soak-$flavour.log"
	done
	say "$flavour: $(grep -aoE '[0-9]+ rounds in [0-9]+ s' "$BUILD/log/soak-$flavour.log" | tail -n 1), clean"
done
say "soak: the consoles are clean"
