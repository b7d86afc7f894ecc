#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# small-guest.sh: make the initramfs for a 32-bit guest, guest/small.c alone; print its path.
. "$(dirname "$0")/lib.sh"
lock

headers=$("$SLUB_REPO/scripts/tree.sh")/tools/include/nolibc
root=$BUILD/guest/small
image=$root.cpio

build() {
	mkdir -p "$root"
	# No 32-bit C library is needed, nor its headers: those of the kernel are enough.
	gcc -m32 -Os -Wall -Wextra -Werror -static -nostdlib -fno-builtin -fno-stack-protector \
		-fno-asynchronous-unwind-tables -isystem "$headers" \
		-idirafter "/usr/include/$(gcc -print-multiarch)" \
		-o "$root/init" "$SLUB_REPO/guest/small.c"
	pack "$root" "$image"
}

step "Making the small guest" guest-small.log build
echo "$image"
