#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# guest.sh NAME [FILE]...: make an initramfs for the guest; print its path.
#
# It holds busybox, hackbench, the scripts of guest/, an archive to unpack, and in /bin each FILE:
# a program, with the libraries that it needs, or a module.
. "$(dirname "$0")/lib.sh"
lock

source=$("$SLUB_REPO/scripts/source.sh")
name=$1
shift
root=$BUILD/guest/$name
image=$root.cpio
archive=$BUILD/guest/headers_${source##*_}.tar.gz

# add FILE: into /bin, its shared libraries where they are on the host
add() {
	local library
	cp "$1" "$root/bin"
	{ ldd "$1" 2>/dev/null || :; } | sed -nE 's,.*\s(/[^ ]*) .*,\1,p' | while read -r library; do
		mkdir -p "$root${library%/*}"
		cp -L "$library" "$root$library"
	done
}

mkdir -p "$BUILD/guest"
if [ ! -e "$archive" ]; then
	tar -C "$source" -czf "$archive.part" include/net arch/x86/include
	mv "$archive.part" "$archive"
fi

rm -rf "$root"
mkdir -p "$root"/{bin,dev,proc,sys,tmp,etc,root}
cp "$SLUB_REPO"/guest/*.sh "$root"
install -m 755 "$SLUB_REPO/guest/init.sh" "$root/init"
cp "$archive" "$root/archive.tar.gz"
for file in /bin/busybox /usr/bin/hackbench "$@"; do
	add "$file"
done
pack "$root" "$image"
echo "$image"
