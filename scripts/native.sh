#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# native.sh CONTESTANT...: link allocators of the kernel into programs; print each one's directory.
#
# A CONTESTANT is slub, slab or slob, from the patched tree, or stock-slub, from the pristine source.
. "$(dirname "$0")/lib.sh"
lock

native=$SLUB_REPO/tools/testing/selftests/slub/native

# What the allocators call, and what little of the kernel is linked as it is.
common="mm/mmzone.o kernel/locking/spinlock.o kernel/locking/qspinlock.o
	lib/find_bit.o lib/bitmap.o lib/cpumask.o lib/string.o lib/ctype.o lib/hweight.o lib/math/reciprocal_div.o
	arch/x86/lib/memset_64.o arch/x86/lib/memcpy_64.o arch/x86/lib/memmove_64.o arch/x86/lib/cmpxchg16b_emu.o"

# options ALLOC: what chooses it
options() {
	case $1 in
	slub) echo CONFIG_SLUB=y ;;
	stock-slub) echo CONFIG_SLUB=y; echo CONFIG_SLUB_CPU_PARTIAL=y ;;
	slab) echo CONFIG_SLAB=y ;;
	slob) echo CONFIG_SLOB=y; return ;;
	esac
	echo CONFIG_SLAB_MERGE_DEFAULT=y
}

# Single targets have to be made one at a time.
build() {
	local out=$1 file objects
	options "${out##*/}" >"$out.options"
	"$SLUB_REPO/scripts/config.sh" "$tree" "$out" "$SLUB_REPO/configs/native.config" "$out.options"
	objects="$(slab_objects "$tree" "$out") $common"
	kernel_make "$tree" "$out" -j1 $objects
	for file in "$native"/kernel/*; do
		put "$file" "$out/native/${file##*/}"
	done
	kernel_make "$tree" "$out" -j1 M="$out/native" $(sed -n 's/^obj-y := //p' "$native/kernel/Kbuild")
	objects=$(printf "$out/%s " $objects "native/*.o")
	make -C "$native" OUT="$BUILD/native" NAME="${out##*/}" OBJECTS="${objects%% }"
}

for contestant; do
	tree=$(tree_of "$contestant")
	out=$BUILD/native/$contestant
	mkdir -p "$out"
	step "Linking $contestant" "native-$contestant.log" build "$out"
	echo "$out"
done
