#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What users look at slabs with: /proc/slabinfo in both formats, slabtop and vmstat, the kernel's own
# slabinfo tool, unmodified, perf and trace-cmd, all of them in a guest.
. "$(dirname "$0")/lib.sh"

kernel=$("$SLUB_REPO/scripts/kernel.sh" slub)
stats=$("$SLUB_REPO/scripts/kernel.sh" slub mini debuginfo debugon)
out=$BUILD/objects/tools
mkdir -p "$out"

build_slabinfo() {
	local source=tools/vm/slabinfo.c
	cmp "$BUILD/tree/$source" "$("$SLUB_REPO/scripts/source.sh")/$source"
	gcc -O2 -static -o "$out/slabinfo" "$BUILD/tree/$source"
}

# boot NAME KERNEL PARAMETERS
boot() {
	guest "$1" "$2" "$image" tools CMDLINE="$3"
	ktap "$1" "" | sed "s,tools/,,"
}

# tools NAME KERNEL PARAMETERS
tools() { remembered "tools $1" "$(guest_hash "$2" "$image" "$3")" boot "tools $1" "$2" "$3"; }

attempt "slabinfo builds, unmodified" build_slabinfo
image=$("$SLUB_REPO/scripts/guest.sh" tools "$out/slabinfo" \
	/usr/bin/{slabtop,vmstat,perf,trace-cmd})
tools "slabinfo_version=2.0" "$kernel" "slabinfo_version=2.0 slub.version=2.0 slub.expect=1.0"
tools "slabinfo_version=2.1" "$kernel" "slabinfo_version=2.1 slub.version=2.1 slub.expect=2.1 slub.only=switch"
tools "CONFIG_SLUB_STATS" "$stats" "slub_debug=- slub.only=activity"
