#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# native.sh CONTESTANT...: link allocators of the kernel into programs; print each one's directory.
#
# A CONTESTANT is slub, slab or slob, from the patched tree; stock-slub, from the pristine source;
# slub-6.12, from that of 6.12; or NAME=DIR, the allocator of the kernel source in DIR.
# With GOAL=check the tests, not the benchmarks.
. "$(dirname "$0")/lib.sh"
lock

native=$SLUB_REPO/tools/testing/selftests/slub/native

# What the allocators call, and what little of the kernel is linked as it is.
common="mm/mmzone.o kernel/locking/spinlock.o kernel/locking/qspinlock.o
	lib/find_bit.o lib/bitmap.o lib/cpumask.o lib/string.o lib/ctype.o lib/kstrtox.o lib/cmdline.o lib/hweight.o lib/math/reciprocal_div.o
	arch/x86/lib/memset_64.o arch/x86/lib/memcpy_64.o arch/x86/lib/memmove_64.o arch/x86/lib/cmpxchg16b_emu.o"

# refuse CONTESTANT WHY: end with the one line that says so
refuse() { die "contestant '$1': $2"; }

# prepared_tree NAME=DIR: the kernel source in DIR, which is only read
prepared_tree() {
	local name=${1%%=*} dir=${1#*=} file
	[[ $name =~ ^[A-Za-z0-9][A-Za-z0-9._-]*$ ]] || refuse "$1" "a name is made of letters, digits, '.', '_' and '-'"
	case $name in
	slub | stock-slub | slab | slob | slub-6.12 | host) refuse "$1" "the name is taken; choose another" ;;
	esac
	[ -d "$dir" ] || refuse "$1" "no such directory"
	dir=$(realpath "$dir")
	case $dir in *[[:space:]:]*) refuse "$1" "the kernel's make cannot work with a blank or a colon in a name" ;; esac
	[ -e "$dir/Kbuild" ] && [ -e "$dir/mm/slab_common.c" ] || refuse "$1" "not a kernel source: it has no mm/slab_common.c"
	# As the kernel's makefile does before it builds elsewhere.
	for file in .config include/config arch/x86/include/generated; do
		[ ! -e "$dir/$file" ] || refuse "$1" "not a clean source: it has $file; run 'make mrproper' there, or name a copy"
	done
	echo "$dir"
}

# source_of CONTESTANT: the directory of its kernel source
source_of() {
	case $1 in
	*=*) prepared_tree "$1" ;;
	slub-6.12) "$SLUB_REPO/scripts/source.sh" 6.12 ;;
	slub | stock-slub | slab | slob) tree_of "$1" ;;
	*) die "no contestant '$1'; it is one of slub, stock-slub, slab, slob, slub-6.12, or NAME=DIR with a kernel source" ;;
	esac
}

# options NAME: what chooses the allocator; SLUB, where there is a choice and no other is named
options() {
	case $1 in
	slab) echo CONFIG_SLAB=y ;;
	slob) echo CONFIG_SLOB=y; return ;;
	*) echo CONFIG_SLUB=y ;;
	esac
	echo CONFIG_SLAB_MERGE_DEFAULT=y
	# Stock's default, which "allnoconfig" would not give it.
	[ "$1" = slab ] || ! grep -q '^config SLUB_CPU_PARTIAL' "$tree/mm/Kconfig" || echo CONFIG_SLUB_CPU_PARTIAL=y
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
	echo "$objects" >"$out.objects"
	make -C "$native" -j"$jobs" OUT="$BUILD/native" NAME="${out##*/}" OBJECTS="${objects%% }" ${GOAL:-}
}

for contestant; do
	tree=$(source_of "$contestant")
	name=${contestant%%=*}
	out=$BUILD/native/$name
	# What was built from another source, of that name, is of no use.
	[ "$(cat "$out.tree" 2>/dev/null)" = "$tree" ] || rm -rf "$out"
	mkdir -p "$out"
	echo "$tree" >"$out.tree"
	step "Linking $name" "native-$name.log" build "$out"
	echo "$out"
done
