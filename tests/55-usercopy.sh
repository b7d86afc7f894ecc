#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Hardened usercopy knows the bounds of our objects, and what of them may be copied.
. "$(dirname "$0")/lib.sh"

name=usercopy
kernel=$("$SLUB_REPO/scripts/kernel.sh" slub lockdep kasan hardened lean)
image=$("$SLUB_REPO/scripts/guest.sh" plain)

# The kernel says much about a process that it has ended so.
boot() {
	guest "$name" "$kernel" "$image" usercopy \
		SLUB_EXPECT="Kernel BUG at usercopy_abort|invalid opcode|Call Trace|INFO: lockdep is turned off"
	ktap "$name" ""
}

remembered "$name" "$(guest_hash "$kernel" "$image")" boot
