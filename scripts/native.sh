#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# native.sh CONTESTANT...: link allocators of the kernel into programs; print each one's directory.
#
# A CONTESTANT is slub, slab or slob, from the patched tree, or stock-slub, from the pristine source.
. "$(dirname "$0")/lib.sh"
lock

native=$SLUB_REPO/tools/testing/selftests/slub/native

# What the allocators call, and what little of the kernel is linked as it is.
common="mm/slab_common.o mm/mmzone.o kernel/locking/spinlock.o kernel/locking/qspinlock.o
	lib/find_bit.o lib/bitmap.o lib/cpumask.o lib/string.o lib/ctype.o lib/hweight.o lib/math/reciprocal_div.o
	arch/x86/lib/memset_64.o arch/x86/lib/memcpy_64.o arch/x86/lib/memmove_64.o arch/x86/lib/cmpxchg16b_emu.o"

# choose NAME: set $tree, and $options, which choose the allocator
choose() {
	options=CONFIG_SLAB_MERGE_DEFAULT=y
	case $1 in
	slub) tree=$("$SLUB_REPO/scripts/tree.sh"); options+=" CONFIG_SLUB=y" ;;
	slab) tree=$("$SLUB_REPO/scripts/tree.sh"); options+=" CONFIG_SLAB=y" ;;
	slob) tree=$("$SLUB_REPO/scripts/tree.sh"); options="CONFIG_SLOB=y" ;;
	stock-slub) tree=$("$SLUB_REPO/scripts/source.sh"); options+=" CONFIG_SLUB=y CONFIG_SLUB_CPU_PARTIAL=y" ;;
	*) die "no contestant '$1'; there are slub, stock-slub, slab and slob" ;;
	esac
}

# allocator OUT: its objects
allocator() {
	case $options in
	*SLAB=y*) echo mm/slab.o; return ;;
	*SLOB=y*) echo mm/slob.o; return ;;
	esac
	make -s -f - objects <<-END
		include $1/.config
		include $tree/mm/Makefile
		objects: ; @echo \$(addprefix mm/,\$(filter slub%,\$(obj-y)))
	END
}

# Single targets have to be made one at a time.
build() {
	local out=$1 file objects
	tr ' ' '\n' <<<"$options" >"$out.options"
	"$SLUB_REPO/scripts/config.sh" "$tree" "$out" "$SLUB_REPO/configs/native.config" "$out.options"
	objects="$(allocator "$out") $common"
	kernel_make "$tree" "$out" -j1 $objects
	for file in "$native"/kernel/*; do
		put "$file" "$out/native/${file##*/}"
	done
	kernel_make "$tree" "$out" -j1 M="$out/native" $(sed -n 's/^obj-y := //p' "$native/kernel/Kbuild")
	objects=$(printf "$out/%s " $objects "native/*.o")
	make -C "$native" OUT="$BUILD/native" NAME="${out##*/}" OBJECTS="${objects%% }"
}

for contestant; do
	choose "$contestant"
	out=$BUILD/native/$contestant
	mkdir -p "$out"
	step "Linking $contestant" "native-$contestant.log" build "$out"
	echo "$out"
done
