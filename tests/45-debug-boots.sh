#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Boots with slub_debug=: the workload runs clean, and the guest finds, in /proc/slabinfo and in
# /sys/kernel/slab, that each cache has the options that the command line gives it.
. "$(dirname "$0")/lib.sh"

kernel=$("$SLUB_REPO/scripts/kernel.sh" slub)
image=$("$SLUB_REPO/scripts/guest.sh" plain)

# debug_boot PARAMETERS WANTED [NOT]: see guest/run-debug.sh for what WANTED says. The kernel's log
# must hold no complaint about slub_debug=, or one line alone that matches NOT.
debug_boot() {
	local name="slub_debug: '$1'" log refused
	log=$(console "$name")
	guest "$name" "$kernel" "$image" debug \
		CMDLINE="$1 slub.wanted=$2 slub.loops=50 $(nomerge "$1")" TIMEOUT=900
	ktap "$name" ""
	refused=$(grep -cE 'slub_debug.*(unknown|refused|invalid)' "$log" || :)
	if [ -z "${3:-}" ] && [ "$refused" -ne 0 ]; then
		not_ok "$name is understood" "see $log"
	elif [ -n "${3:-}" ] && { [ "$refused" -ne 1 ] || ! grep -qE "$3" "$log"; }; then
		not_ok "$name is refused in one line" "$refused lines; see $log"
	else
		ok "$name, what the log says of it"
	fi
}

# A cache that is merged has the name of another: let all have their own where one is asked for.
nomerge() { case $1 in *,*) echo slab_nomerge ;; esac; }

while read -r parameters wanted not; do
	name="slub_debug boot $parameters"
	remembered "$name" "$(guest_hash "$kernel" "$image" "$parameters" "$wanted" "$not")" \
		debug_boot "$parameters" "$wanted" "$not"
done <<'E2'
slub_debug               *:FZPU
slub_debug=FZPU          *:FZPU
slub_debug=,kmalloc-*    kmalloc-*:FZPU;*:-
slub_debug=Z,dentry;U,kmalloc-*   dentry:Z;kmalloc-*:U;*:-
slub_debug=FZ;-,dentry   dentry:-;*:FZ
slub_debug=FZPU;F,filp;-,kmalloc-*,dentry   filp:F;kmalloc-*:-;dentry:-;*:FZPU
slub_debug=FZPUO         O:FZPU
slub_debug=O             O:-
slub_debug=-             *:-
slub_debug=FQZ           *:FZ slub_debug.*[^A-Za-z]Q[^A-Za-z]
E2
