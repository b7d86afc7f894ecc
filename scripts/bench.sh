#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# bench.sh [--contestant NAME=DIR]...: CONTESTANTS= and these side by side in processes, TESTS= of them,
# in ROUNDS=, MODE=quick or full.
. "$(dirname "$0")/lib.sh"
lock

mode=${MODE:-quick}
case $mode in
quick) rounds=${ROUNDS:-15} ;;
full) rounds=${ROUNDS:-41} ;;
*) die "no mode '$mode'; MODE is quick or full" ;;
esac
positive ROUNDS="$rounds"
read_contestants slub stock-slub slab slub-6.12
while [ $# -gt 0 ]; do
	[ "$1" = --contestant ] && [ $# -ge 2 ] || die "bench.sh: what is '$1'? It takes --contestant NAME=DIR"
	contestants+=("$2")
	shift 2
done
none_twice "${contestants[@]}"

options=(--tests "${TESTS:-.}" --rounds "$rounds" --irq-cost "${IRQ_COST:-3.5}")
slabs=()
for contestant in "${contestants[@]}"; do
	name=${contestant%%=*}
	out=$("$SLUB_REPO/scripts/native.sh" "$contestant")
	options+=(--contestant "$name=$out/contestant")
	# [[8,1],[64,1]] becomes 8:1 64:1
	pages=$(echo slabs | "$out/contestant" | sed 's/\],\[/ /g; s/[][]//g; s/,/:/g')
	slabs+=("$(printf '%-20s %s' "$name" "$pages")")
	options+=(--about "pages of slabs of $name=$pages")
	options+=(--about "kernel of $name=$(kernel_of "$out")")
done
[ "$mode" = full ] || options+=(--quick)
mapfile -t facts < <(about; echo "qemu=$(qemu-x86_64 --version | head -n 1)")
options+=("${facts[@]/#/--about=}")

result=$BUILD/bench/$(date -u +%Y%m%d-%H%M%S)
mkdir -p "$result"
host=$BUILD/native/host
# Its errors it tells itself.
"$host/bench" "${options[@]}" --json "$result/all.json" --directory "$result" --plugin "$host/count.so" \
	--command "make bench MODE=$mode CONTESTANTS=\"${contestants[*]}\" TESTS=\"${TESTS:-.}\" ROUNDS=$rounds" |
	tee "$result/table.txt" || exit 3

{
	echo "Pages that a slab has, by the size of its objects:"
	printf '  %s\n' "${slabs[@]}"
} | tee -a "$result/table.txt"

# plot NAME TITLE
plot() {
	local kind
	# A few tests may give nothing of it.
	[ "$(wc -l <"$result/$1.tsv")" -gt 1 ] || return 0
	for kind in svg:svg png:pngcairo; do
		gnuplot -e "data='$result/$1.tsv'; picture='$result/$1.${kind%:*}'; kind='${kind#*:}'" \
			-e "title='$2'; bars=${#contestants[@]}" \
			"$SLUB_REPO/tools/testing/selftests/slub/native/plots.gp"
	done
}
plot cycles "cycles for one operation over those of stock SLUB"
plot memory "pages held over pages needed"
say "tables, plots, and all that was measured:"
echo "$result"
