#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Boots: the workload on our allocator in several machines, on the others built from the same
# tree (for these a smaller kernel will do), and on a kernel with lockdep and KASAN.
. "$(dirname "$0")/lib.sh"

image=$("$SLUB_REPO/scripts/guest.sh" plain)

# workload NAME KERNEL [VARIABLE=VALUE]...
workload() { guest "workload $1" "$2" "$image" workload "${@:3}"; }

slub=$("$SLUB_REPO/scripts/kernel.sh" slub)
workload "slub, 2 CPUs, 2 nodes" "$slub" SMP=2 NODES=2
workload "slub, 1 CPU" "$slub" SMP=1 NODES=1
workload "slub, 4 CPUs, 4 nodes" "$slub" SMP=4 NODES=4
workload "slub, order 2, no merging" "$slub" CMDLINE="slab_min_order=2 slab_nomerge"
for alloc in slab slob; do
	kernel=$("$SLUB_REPO/scripts/kernel.sh" $alloc mini)
	workload "$alloc" "$kernel" NODES=1
done
debug=$("$SLUB_REPO/scripts/kernel.sh" slub lockdep kasan hardened)
workload "slub, lockdep, KASAN, hardened" "$debug" CMDLINE="slub.loops=20"
