#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Boots: the workload on our allocator in several machines, and on a kernel with lockdep and KASAN;
# a shorter one, on small 32-bit kernels without SMP and NUMA, on ours, with its KUnit suites, and on
# the other allocators of the same tree.
. "$(dirname "$0")/lib.sh"

image=$("$SLUB_REPO/scripts/guest.sh" plain)

# image_of KERNEL: what is booted holds what was built, whatever the compiler's cache made of it
image_of() {
	attempt "image of ${1##*/}" cmp "$1/arch/x86/boot/compressed/vmlinux.bin" \
		<("$BUILD/tree/scripts/extract-vmlinux" "$1/arch/x86/boot/bzImage")
}

# workload NAME KERNEL [VARIABLE=VALUE]...
workload() { guest "workload $1" "$2" "$image" workload "${@:3}"; }

slub=$("$SLUB_REPO/scripts/kernel.sh" slub)
image_of "$slub"
beside workload "slub, 2 CPUs, 2 nodes" "$slub" SMP=2 NODES=2
beside workload "slub, 1 CPU" "$slub" SMP=1 NODES=1
beside workload "slub, 4 CPUs, 4 nodes" "$slub" SMP=4 NODES=4
beside workload "slub, order 2, no merging" "$slub" CMDLINE="slab_min_order=2 slab_nomerge"
debug=$("$SLUB_REPO/scripts/kernel.sh" slub lockdep kasan hardened lean)
image_of "$debug"
beside workload "slub, lockdep, KASAN, hardened" "$debug" CMDLINE="slub.loops=10"

# What make boot ALLOC= would build: it is not built here, but can be.
configurable() {
	local tree out=$BUILD/objects/configurable
	tree=$(tree_of "$1")
	mkdir -p "$out"
	"$SLUB_REPO/scripts/config.sh" "$tree" "$out" "$SLUB_REPO/configs/small.config" "$SLUB_REPO/configs/alloc-$1.config"
}

for alloc in stock-slub slab slob; do
	attempt "configuration of $alloc" configurable "$alloc"
done

# small NAME KERNEL PARAMETERS: a kernel for 32 bits, one processor and no NUMA
small() {
	guest "$1" "$2" "$small_image" small NODES=1 SMP=1 MEM=512 CMDLINE="$3"
	ktap "$1" "    " | suites_ran "$1" "$3"
}

small_image=$("$SLUB_REPO/scripts/small-guest.sh")
for alloc in slab slob; do
	kernel=$("$SLUB_REPO/scripts/kernel.sh" $alloc mini i386)
	image_of "$kernel"
	beside small "workload $alloc, 32 bit" "$kernel" ""
done
kernel=$("$SLUB_REPO/scripts/kernel.sh" slub mini i386 kunit)
image_of "$kernel"
name="slub, 32 bit, no SMP, no NUMA"
parameters="kunit.enable=1 kunit.filter_glob=slub_* no_hash_pointers"
beside remembered "$name" "$(guest_hash "$kernel" "$small_image" "$parameters")" small "$name" "$kernel" "$parameters"
wait
