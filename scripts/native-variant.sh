#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# native-variant.sh sanitized GOAL...: the tests of our allocator, checked by sanitizers, or its fuzzer
# native-variant.sh PATCH GOAL...: the tests, with a patch more in the allocator
#
# Print the directory. Kbuild takes the directory of the variant for that of an external module, whose
# files include the allocator's: what is built already stays as it is, and what is common is used.
. "$(dirname "$0")/lib.sh"
lock

native=$SLUB_REPO/tools/testing/selftests/slub/native
tree=$BUILD/tree
out=$BUILD/native/slub
variant=$1
shift

# Stacks are aligned for who reports. Globals lie in sections that must have no holes.
sanitizers="-fsanitize=address,undefined -fno-sanitize=alignment,pointer-overflow -fno-sanitize-recover=all
	--param asan-globals=0 --param asan-stack=0 -fsanitize-coverage=trace-pc -mpreferred-stack-boundary=4"

# wrap SOURCES: files that include those of the allocator, and the harness' own
wrap() {
	local file
	for file in $allocator; do
		echo "#include \"$1/$file\"" >"$dir/.new"
		put "$dir/.new" "$dir/$file"
	done
	for file in "$native"/kernel/*; do
		put "$file" "$dir/${file##*/}"
	done
	printf '%s\n' "obj-y := ${allocator//.c/.o} $runtime" "ccflags-y := -I\$(srctree) -I\$(srctree)/mm $flags" \
		"OBJECT_FILES_NON_STANDARD := y" >"$dir/.new"
	put "$dir/.new" "$dir/Kbuild"
}

patch_sources() {
	rm -rf "$dir/patched"
	mkdir -p "$dir/patched/mm"
	cp "$tree"/mm/sl[au]b*.[ch] "$dir/patched/mm"
	patch -d "$dir/patched" -p1 -F0 -s -f <"$1"
}

build() {
	local sources=$tree/mm common kept=
	common=$(xargs -n 1 <"$out.objects" | grep -v "^$out/\(mm/sl\|native/\)")
	allocator=$(xargs -n 1 <"$out.objects" | sed -n "s,^$out/mm/\(sl.*\)\.o$,\1.c,p" | xargs)
	runtime=$(sed -n 's/^obj-y := //p' "$native/kernel/Kbuild")
	flags=
	case $variant in
	sanitized)
		flags=$(xargs <<<"$sanitizers")
		common=$(grep -v '/lib/mem[a-z]*_64' <<<"$common")
		kept="SANITIZE=1" ;;
	*)
		patch_sources "$variant"
		sources=$dir/patched/mm ;;
	esac
	wrap "$sources"
	kernel_make "$tree" "$out" -j1 M="$dir" ${allocator//.c/.o} $runtime
	make -C "$native" -j"$jobs" OUT="$BUILD/native" NAME="slub-$name" $kept \
		OBJECTS="$(printf "$dir/%s " ${allocator//.c/.o} $runtime) $(xargs <<<"$common")" "$@"
}

name=sanitized
[ "$variant" = sanitized ] || name=patched
dir=$out/$name
mkdir -p "$dir" "$BUILD/native/slub-$name"
[ -n "${SLUB_NATIVE_BUILT:-}" ] || GOAL=check "$SLUB_REPO/scripts/native.sh" slub >/dev/null
step "Linking $name" "native-$name.log" build "$@"
echo "$BUILD/native/slub-$name"
