#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# record.sh: record what WORKLOADS= (boot unpack hackbench network forks) ask of the allocator, in a
# guest with two CPUs and caches that are not merged. EVENTS= cuts the traces to so many events;
# BUFFER= (64) is the room for them, in megabytes a CPU. SCALE= (1) times as long all but boot run.
. "$(dirname "$0")/lib.sh"
megabytes=${BUFFER:-64}
scale=${SCALE:-1}
positive "BUFFER=$megabytes" "SCALE=$scale" ${EVENTS:+"EVENTS=$EVENTS"}
find_qemu
lock

out=$BUILD/traces
events="kmem:kmalloc,kmem:kfree,kmem:kmem_cache_alloc,kmem:kmem_cache_free"
declare -A what=(
	[boot]="boot until the first process"
	[unpack]="unpack kernel headers onto a disk, read them, remove some"
	[hackbench]="hackbench over local sockets, 2 groups, 60 loops"
	[network]="hackbench over TCP, a stream of 20 MB, 40 requests to a web server"
	[forks]="400 processes that execute a program, 50 at a time"
)
read -ra workloads <<<"${WORKLOADS:-boot unpack hackbench network forks}"
for workload in "${workloads[@]}"; do
	[ -n "${what[$workload]:-}" ] || die "no workload '$workload'; WORKLOADS= are of ${!what[*]}"
done

# The kernel with events for what is allocated in bulk, kept beside the one without. The tree is put
# back after it.
bulk_kernel() {
	local kernel=$1 patch=$SLUB_REPO/bench/trace-bulk.patch
	patched_kernel "$patch" "$kernel"
	mkdir -p "$out/kernel/arch/x86/boot"
	cp "$kernel/arch/x86/boot/bzImage" "$out/kernel/arch/x86/boot"
	cp "$kernel/.config" "$out/kernel"
}

# said WORKLOAD: what it is, and how much of it
said() {
	local times=
	[ "$scale" -eq 1 ] || [ "$1" = boot ] || times=", SCALE=$scale"
	echo "${what[$1]}$times"
}

# from_disk FILE: get it out of the guest's file system; debugfs says what is wrong, but does not fail
from_disk() {
	rm -f "$out/$1"
	/sbin/debugfs -R "dump /$1 $out/$1" "$out/disk"
	[ -s "$out/$1" ] || die "the guest has written no $1; see $BUILD/log/record.log"
}

guest() {
	local workload=$1 boot=
	[ "$workload" != boot ] ||
		boot="trace_event=$events trace_buf_size=${megabytes}M trace_clock=global"
	rm -f "$out/disk"
	truncate -s 1G "$out/disk"
	/sbin/mke2fs -q -t ext4 "$out/disk"
	SLUB_DISK=$out/disk SMP=2 NODES=1 \
		CMDLINE="slab_nomerge slub.workload=$workload slub.buffer=$((megabytes * 1024)) slub.scale=$scale $boot" \
		"$SLUB_REPO/scripts/qemu.sh" "$out/kernel" "$image" record
	from_disk record.dat
	from_disk caches
	"$BUILD/native/host/trace" convert "$out/record.dat" "$out/caches" "$out/$workload.trace.xz" \
		--events "${EVENTS:-0}" --workload "$(said "$workload")" --date "$(date -u +%F)" \
		--kernel "Linux $(source_version 6.1), our SLUB with slab_nomerge, 2 CPUs, 1 node, 1 GB, in QEMU"
	rm -f "$out"/{disk,record.dat,caches}
}

mkdir -p "$out"
kernel=$("$SLUB_REPO/scripts/kernel.sh" slub trace)
trap restore_tree EXIT
step "Adding events for bulk" record-build.log bulk_kernel "$kernel"
restore_tree
image=$("$SLUB_REPO/scripts/guest.sh" record /usr/bin/trace-cmd)
step "Building the tool for traces" record-tool.log \
	make -C "$SLUB_REPO/tools/testing/selftests/slub/native" OUT="$BUILD/native" trace
for workload in "${workloads[@]}"; do
	step "Recording $workload" record.log guest "$workload"
	"$BUILD/native/host/trace" show "$out/$workload.trace.xz" | sed '/^$/,$d' >&2
done
echo "$out"
