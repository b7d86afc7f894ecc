#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What tools/vm/slub.py, drgn and crash find in the memory of a guest is what the guest itself says:
# of a guest as users have it, and of one in which some caches are debugged.
. "$(dirname "$0")/lib.sh"

kernel=$("$SLUB_REPO/scripts/kernel.sh" slub mini debuginfo debugon)
image=$("$SLUB_REPO/scripts/guest.sh" plain)
script=$SLUB_REPO/tools/vm/slub.py
core=$BUILD/guest/vmcore
figures=$logs/vmcore-figures

drgn_on_core() { PYTHONDONTWRITEBYTECODE=1 drgn -q -c "$core" -s "$kernel/vmlinux" "$@"; }

# from_guest NAME WHICH: the lines of /proc/slabinfo that the guest printed the first or second time
from_guest() { sed -n "/^--- slabinfo $2/,/^--- end/ { /^---/d; /^\[/d; p }" "$(console "$1")"; }

# The guest is quiet, but no kernel is quite: of the caches whose lines stayed the same while it
# waited, most are so in its memory, too, and none is far off. All names are there.
caches() {
	drgn_on_core "$script" caches >"$figures"
	awk '{ $1 = $1; at[FILENAME] = at[FILENAME] " " $1 }
	     FILENAME == ARGV[1] { first[$1] = $0; next }
	     FILENAME == ARGV[2] { if (first[$1] == $0) { quiet[$1] = $0; objects[$1] = $2 } next }
	     !($1 in quiet) { next }
	     { caches++ }
	     quiet[$1] == $0 { same++; next }
	     { print quiet[$1] " became " $0 }
	     $2 - objects[$1] > 4 || $2 - objects[$1] < -4 { far++ }
	     END {
		printf "%d quiet, %d the same, %d far off\n", caches, same, far
		exit !(at[ARGV[2]] == at[ARGV[3]] && caches >= 30 && same >= 0.75 * caches && !far)
	     }' <(from_guest "$1" first) <(from_guest "$1" second) "$figures"
}

# Stopped between two instructions a guest may have objects on the way. This one was idle.
check() { drgn_on_core "$script" check; }

# All objects that are listed are in use when asked for one by one.
objects_and_which() {
	local cache=kmem_cache listed in_use
	drgn_on_core "$script" objects $cache >"$figures.objects"
	listed=$(wc -l <"$figures.objects")
	# shellcheck disable=SC2046 # addresses
	in_use=$(drgn_on_core "$script" which $(cat "$figures.objects") | grep -c "cache $cache.* +0, in use")
	echo "$listed listed, $in_use in use"
	[ "$listed" -gt 30 ]
	[ "$listed" -eq "$in_use" ]
	drgn_on_core "$script" which ffffffff81000000 | grep 'in no slab'
}

# Of crash's own commands this is the one that fits, see the documentation.
crash_list() {
	printf 'kmem -s list\nquit\n' >"$figures.crash-in"
	crash -s -i "$figures.crash-in" "$kernel/vmlinux" "$core" | tee "$figures.crash"
	diff <(from_guest "$1" second | awk 'NR > 2 { print $1 }') \
		<(awk 'NF == 2 && /^ffff/ { print $2 }' "$figures.crash")
}

# look_into NAME PARAMETERS [WORD]: boot, take the memory, and read it; see vmcore.py for WORD
look_into() {
	local result
	result=$(guest "$1" "$kernel" "$image" dump SMP=2 NODES=1 MEM=256 SLUB_DUMP="$core" \
		CMDLINE="numa=fake=2 qemu_fw_cfg.ioport=12@0x510:0:1:4 kfence.sample_interval=10 $2")
	echo "$result"
	case $result in 'not ok '*) rm -f "$core"; return ;; esac
	attempt "$1: slub.py caches" caches "$1"
	attempt "$1: slub.py check" check
	attempt "$1: slub.py objects, which" objects_and_which
	attempt "$1: drgn's helpers" drgn_on_core "$SLUB_REPO/tests/vmcore.py" "${@:3}"
	attempt "$1: crash, kmem -s list" crash_list "$1"
	rm -f "$core"
}

# vmcore NAME PARAMETERS [WORD]
vmcore() {
	local hash
	hash="$(guest_hash "$kernel" "$image" "${@:2}") $(hash_of "$script" "$SLUB_REPO/tests/vmcore.py")"
	remembered "$1" "$hash" look_into "$@"
}

vmcore "vmcore" "slub_debug=-"
vmcore "vmcore, debugged" \
	"slub_debug=-;FZPU,kmalloc-*,kmem_cache,task_struct;Z,dentry;P,radix_tree_node;U,filp;F,inode_cache" debugged
