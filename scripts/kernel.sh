#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# kernel.sh ALLOC [FLAVOUR]...: configure and build a kernel; print its build directory.
#
# ALLOC is slub, slab or slob, from the patched tree, or stock-slub, from the pristine source.
# A FLAVOUR adds configs/FLAVOUR.config to configs/small.config; with i386 the kernel is a 32-bit one.
. "$(dirname "$0")/lib.sh"
lock

alloc=$1
shift
tree=$(tree_of "$alloc")
name=$(IFS=-; echo "$alloc${*:+-$*}")
out=$BUILD/kernel/$name

case " $* " in *" i386 "*) export SLUB_ARCH=i386 ;; esac

configure() {
	local fragment files=()
	for fragment in small "alloc-$alloc" "$@"; do
		files+=("$SLUB_REPO/configs/$fragment.config")
	done
	"$SLUB_REPO/scripts/config.sh" "$tree" "$out" "${files[@]}"
}

# A new kernel starts as a copy of the one built last of the same tree and width: the kernel's make
# sees what is different.
start_from_another() {
	local other
	find "$BUILD/kernel" -mindepth 2 -maxdepth 2 -name vmlinux -printf '%T@ %h\n' | sort -rn | cut -d' ' -f2 |
		while read -r other; do
			case ${other##*/}:$name in stock-*) continue ;; *-i386*:*-i386*) ;; *-i386*) continue ;; esac
			rm -rf "$out.part"
			cp -a --reflink=auto "$other" "$out.part"
			mv "$out.part" "$out"
			break
		done
}

# KCSAN is for the allocator alone: of the rest of the kernel it has too much to say. But it must hear
# of what orders our accesses in the functions that we call.
find_sanitized() {
	local object objects
	sanitized=(KCSAN_SANITIZE=n)
	objects=$(slab_objects "$tree" "$out")
	for object in $objects; do
		case $object in mm/slub_test*) ;; mm/slub*) sanitized+=("KCSAN_SANITIZE_${object#mm/}=y") ;; esac
	done
	[ ${#sanitized[@]} -gt 1 ] || die "KCSAN would look at nothing: no object of the allocator is known"
	for object in spinlock mutex rwsem percpu-rwsem irq_work workqueue; do
		sanitized+=("KCSAN_INSTRUMENT_BARRIERS_$object.o=y")
	done
}

mkdir -p "$BUILD/kernel"
[ -e "$out/vmlinux" ] || need_space "$BUILD" 1500
[ -e "$out" ] || [ "$alloc" = stock-slub ] || start_from_another
mkdir -p "$out"
step "Configuring $name" "config-$name.log" configure "$@"
sanitized=()
case " $* " in *" kcsan "*) find_sanitized ;; esac
step "Building $name" "build-$name.log" kernel_make "$tree" "$out" "${sanitized[@]}" -j"$jobs" all
echo "$out"
