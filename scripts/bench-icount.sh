#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# bench-icount.sh: the benchmark module in the kernels of CONTESTANTS= (slub stock-slub slab slob), in
# QEMU, whose clock counts instructions. TESTS=: only tests with this in their names.
#
# The kernels are for SMP; the guest has the one CPU that -icount allows.
. "$(dirname "$0")/lib.sh"
find_qemu
lock

read_contestants slub stock-slub slab slob
none_twice "${contestants[@]}"
for contestant in "${contestants[@]}"; do
	case $contestant in
	slub | stock-slub | slab | slob) ;;
	*) die "contestant '$contestant': bench-icount runs a kernel of this release, slub, stock-slub, slab or slob; 'make bench' takes others" ;;
	esac
done
mkdir -p "$BUILD/bench"
result=$BUILD/bench/icount-$(date -u +%Y%m%d-%H%M%S).json

# What takes the same number of instructions each time need not be repeated often. The timer ticks every
# four million: with five windows the median of most tests is of one without a tick.
counted() {
	SLUB_ICOUNT=1 SLUB_LOG=$BUILD/bench/icount-$1.log SMP=1 NODES=1 TIMEOUT=1200 \
		CMDLINE="tsc=reliable slub.bench=windows=5,tests=${TESTS:-}" \
		"$SLUB_REPO/scripts/qemu.sh" "$2" "$3" bench
}

logs=()
mapfile -t facts < <(about)
facts+=("qemu=$("$QEMU" --version | head -n 1)")
for contestant in "${contestants[@]}"; do
	kernel=$("$SLUB_REPO/scripts/kernel.sh" "$contestant" mini bench)
	module=$("$SLUB_REPO/scripts/module.sh" "$kernel")
	image=$("$SLUB_REPO/scripts/guest.sh" "bench-$contestant" "$module")
	step "Counting in $contestant" "icount-$contestant.log" counted "$contestant" "$kernel" "$image"
	facts+=("kernel of $contestant=$(kernel_of "$kernel")")
	logs+=("$contestant=$BUILD/bench/icount-$contestant.log")
done

# If it fails it has said why.
"$SLUB_REPO/scripts/icount-table.py" --unit instructions --reference "$SLUB_REPO/bench/icount-reference.txt" \
	--json "$result" "${facts[@]/#/--about=}" \
	--command "make bench-icount CONTESTANTS=\"${contestants[*]}\" TESTS=${TESTS:-}" "${logs[@]}" || exit 3
say "all that was counted: $result"
