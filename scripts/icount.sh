#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# icount.sh: what PATCH= of the allocator costs, in instructions of all that a guest runs.
#
# Two kernels, without the patch and with it, run the workload by turns, RUNS= (5) times, in an emulated
# guest with one CPU whose clock counts instructions: one is a nanosecond, and idle time counts, too. The
# results are printed, one run a line, and in the end the ratio of the medians.
. "$(dirname "$0")/lib.sh"
find_qemu
lock

[ -f "${PATCH:-}" ] || die "PATCH=${PATCH:-}: no such file; which patch of the allocator is to be measured?"
patch=$(realpath "$PATCH")
runs=${RUNS:-5}
kernel=$("$SLUB_REPO/scripts/kernel.sh" slub)
image=$("$SLUB_REPO/scripts/guest.sh" plain)
pair=$BUILD/icount
trap restore_tree EXIT

# keep NAME: the kernel as it is now, and what qemu.sh wants to know of it
keep() {
	mkdir -p "$pair/$1/arch/x86/boot"
	cp "$kernel/arch/x86/boot/bzImage" "$pair/$1/arch/x86/boot"
	cp "$kernel/.config" "$pair/$1"
}

# counted NAME: its name, and the seconds of guest time that the parts of the workload took
counted() {
	local log=$pair/console.log
	SLUB_ICOUNT=1 SLUB_LOG=$log SMP=1 NODES=1 TIMEOUT=1200 CMDLINE="tsc=reliable" \
		"$SLUB_REPO/scripts/qemu.sh" "$pair/$1" "$image" workload >/dev/null
	sed -nE 's/^--- .*: status 0, ([0-9.]+) s$/\1/p' "$log" | paste -sd' ' | sed "s/^/$1 /"
}

# median NAME: of the sums of its runs
median() {
	awk -v name="$1" '$1 == name { print $2 + $3 + $4 }' "$pair/runs" | sort -n |
		awk '{ sum[NR] = $1 } END { print sum[int((NR + 1) / 2)] }'
}

keep without
step "Building with ${patch##*/}" icount-build.log patched_kernel "$patch" "$kernel"
keep with

echo "# kernel, guest seconds: unpack and walk, hackbench, fork storm"
for ((run = 0; run < runs; run++)); do
	counted without
	counted with
done | tee "$pair/runs"
awk -v a="$(median without)" -v b="$(median with)" \
	'BEGIN { printf "# medians of the sums: without the patch %.2f, with it %.2f; ratio %.4f\n", a, b, b / a }'
