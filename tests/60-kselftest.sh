#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The kselftest of the series, in guests with several command lines. Every TAP line is a test.
. "$(dirname "$0")/lib.sh"

kernel=$("$SLUB_REPO/scripts/kernel.sh" slub)
source=$BUILD/tree/tools/testing/selftests/slub
out=$BUILD/objects/kselftest

rm -rf "$out"
mkdir -p "$out"
attempt "kselftest builds" env -i PATH="$PATH" TMPDIR="$TMPDIR" make -C "$source" OUTPUT="$out"
programs=$(find "$out" -maxdepth 1 -type f -executable | sort)
image=$("$SLUB_REPO/scripts/guest.sh" kselftest $programs)
names=$(for program in $programs; do basename "$program"; done | paste -sd,)

# boot NAME KERNEL PARAMETERS PROGRAMS
boot() {
	guest "$1" "$2" "$image" kselftest CMDLINE="slub.programs=$4 $3"
	ktap "$1" ""
}

# selftest KERNEL PARAMETERS [PROGRAMS]
selftest() {
	local name="kselftest ${1##*/} '$2'" programs=${3:-$names}
	remembered "$name" "$(guest_hash "$1" "$image" "$2" "$programs")" \
		boot "$name" "$1" "$2" "$programs"
}

beside selftest "$kernel" ""
while read -r parameters; do
	beside selftest "$kernel" "$parameters" slub_test
done <<'E'
slab_nomerge
slab_min_order=2
slub_min_order=1 slub_max_order=2
slab_min_order=5
slab_min_order=99 slab_max_order=x slab_min_objects=-1
E

# Where options of debugging are on, what /proc/slabinfo is tested for otherwise need not hold.
beside selftest "$kernel" "slub_debug=FZPU" slub_sysfs
beside selftest "$kernel" "slub_debug=U,kmalloc-*;FZ,shmem_inode_cache slab_nomerge" slub_sysfs

# Statistics; all caches have options of debugging there by default.
stats=$("$SLUB_REPO/scripts/kernel.sh" slub mini debuginfo debugon)
beside selftest "$stats" "slub_debug=-" slub_sysfs
wait
