#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Tests inside the kernel: our KUnit suite and the tree's own that exercise an allocator.
# Every case of a KUnit suite counts as a test.
. "$(dirname "$0")/lib.sh"

# said NAME LOG PATTERN: the console says so
said() {
	if grep -qE "$3" "$2"; then
		ok "$1"
	else
		not_ok "$1" "no line '$3' in $2"
	fi
}

# inside LABEL KERNEL [VARIABLE=VALUE]...: boot, and run the suites
inside() {
	local label=$1 kernel=$2 image
	shift 2
	log=$logs/console-kunit-$label.log
	image=$("$SLUB_REPO/scripts/guest.sh" "modules-${kernel##*/}" $(find "$kernel" -name '*.ko'))
	attempt "kunit $label: console clean" env LOG="$log" "$@" \
		"$SLUB_REPO/scripts/qemu.sh" "$kernel" "$image" modules
	ktap "kunit $label: " "    " "$log"
}

slub=$("$SLUB_REPO/scripts/kernel.sh" slub)
debug=$("$SLUB_REPO/scripts/kernel.sh" slub lockdep kasan)
on="kunit.enable=1 slub.modules"

inside 2x2 "$slub" SMP=2 NODES=2 CMDLINE="$on=test_xarray,rcutorture,test_maple_tree"
said "test_xarray" "$log" 'XArray: ([0-9]+) of \1 tests passed'
said "rcutorture" "$log" 'End of test: SUCCESS'

inside init-on "$slub" CMDLINE="$on=test_meminit init_on_alloc=1 init_on_free=1"
said "test_meminit" "$log" 'all [0-9]+ tests passed'

inside 4x4 "$slub" SMP=4 NODES=4 CMDLINE="$on="
inside 1x1 "$slub" SMP=1 NODES=1 CMDLINE="$on="
inside debug "$debug" SMP=2 NODES=2 CMDLINE="$on="
