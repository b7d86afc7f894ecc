#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Boots with slub_debug=: the workload runs clean, and the guest finds, in /proc/slabinfo and in
# /sys/kernel/slab, that each cache has the options that the command line gives it.
. "$(dirname "$0")/lib.sh"

image=$("$SLUB_REPO/scripts/guest.sh" plain)

# debug_boot NAME KERNEL PARAMETERS WANTED [NOT]: see guest/run-debug.sh for what WANTED says. The
# kernel's log must hold no complaint about slub_debug=, or one line alone that matches NOT.
debug_boot() {
	local name=$1 log refused
	log=$(console "$name")
	guest "$name" "$2" "$image" debug SMP=1 \
		CMDLINE="$3 slub.wanted=$4 slub.loops=20 $(nomerge "$3")" TIMEOUT=900
	ktap "$name" ""
	refused=$(grep -cE 'slub_debug.*(unknown|refused|invalid)' "$log" || :)
	if [ -z "${5:-}" ] && [ "$refused" -ne 0 ]; then
		not_ok "$name is understood" "see $log"
	elif [ -n "${5:-}" ] && { [ "$refused" -ne 1 ] || ! grep -qE "$5" "$log"; }; then
		not_ok "$name is refused in one line" "$refused lines; see $log"
	else
		ok "$name, what the log says of it"
	fi
}

# A cache that is merged has the name of another: let all have their own where one is asked for.
nomerge() { case $1 in *,*) echo slab_nomerge ;; esac; }

# row KERNEL PARAMETERS WANTED [NOT]
row() {
	local name="slub_debug: ${1##*/} '$2'"
	remembered "$name" "$(guest_hash "$1" "$image" "${@:2}")" debug_boot "$name" "$@"
}

kernel=$("$SLUB_REPO/scripts/kernel.sh" slub)
while read -r parameters wanted not; do
	beside row "$kernel" "$parameters" "$wanted" "$not"
done <<'E2'
slub_debug               *:FZPU
slub_debug=FZPU          *:FZPU
slub_debug=,kmalloc-*    kmalloc-*:FZPU;*:-
slub_debug=FZ;-,dentry   dentry:-;*:FZ
slub_debug=FZPU;F,filp;-,kmalloc-*,dentry   filp:F;kmalloc-*:-;dentry:-;*:FZPU
slub_debug=FZPUO         O:FZPU
slub_debug=O             *:-
slub_debug=-             *:-
slub_debug=T,mqueue_inode_cache;A,shmem_inode_cache    mqueue_inode_cache:T;shmem_inode_cache:A;*:-
slub_debug=FQZ           *:FZ slub_debug.*[^A-Za-z]Q[^A-Za-z]
E2

# CONFIG_SLUB_DEBUG_ON: all of them by default, or where they cost no order; none if they are not wanted.
kernel_on=$("$SLUB_REPO/scripts/kernel.sh" slub mini debuginfo debugon)
beside row "$kernel_on" "" "*:FZPU"
beside row "$kernel_on" "slub_debug=O" "O:FZPU"
beside row "$kernel_on" "slub_debug=-" "*:-"
wait
