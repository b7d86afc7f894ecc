#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# bench-memory.sh: slab memory of guests with the kernels of CONTESTANTS= (slub stock-slub slab), by turns,
# ROUNDS= times (3) on each of MACHINES=: CPUs:nodes.
. "$(dirname "$0")/lib.sh"
find_qemu
lock

read_contestants slub stock-slub slab
none_twice "${contestants[@]}"
rounds=${ROUNDS:-3}
positive ROUNDS="$rounds"
read -ra machines <<<"${MACHINES:-1:1 8:1 32:1 32:4 64:1}"
for machine in "${machines[@]}"; do
	[[ $machine =~ ^[1-9][0-9]*:[1-9][0-9]*$ ]] || die "MACHINES: what is '$machine'? It takes CPUs:nodes, as in 32:4"
done
for contestant in "${contestants[@]}"; do
	case $contestant in
	slub | stock-slub | slab) ;;
	*) die "contestant '$contestant': bench-memory runs a kernel of this release, slub, stock-slub or slab" ;;
	esac
done
image=$("$SLUB_REPO/scripts/guest.sh" plain)
mapfile -t facts < <(about)
declare -A kernels
for contestant in "${contestants[@]}"; do
	kernels[$contestant]=$("$SLUB_REPO/scripts/kernel.sh" "$contestant")
	facts+=("kernel of $contestant=$(kernel_of "${kernels[$contestant]}")")
done
logs=$BUILD/bench/memory-$(date -u +%Y%m%d-%H%M%S)
mkdir -p "$logs"

# boot CONTESTANT MACHINE ROUND
boot() {
	SMP=${2%:*} NODES=${2#*:} MEM=1024 TIMEOUT=$((300 + 20 * ${2%:*})) SLUB_LOG=$logs/$2-$3-$1.log \
		"$SLUB_REPO/scripts/qemu.sh" "${kernels[$1]}" "$image" memory
}

for machine in "${machines[@]}"; do
	for ((round = 1; round <= rounds; round++)); do
		for contestant in "${contestants[@]}"; do
			step "$machine, round $round, $contestant" bench-memory.log boot "$contestant" "$machine" "$round"
		done
	done
done

# If it fails it has said why.
"$SLUB_REPO/scripts/memory-table.py" --json "$logs.json" "${facts[@]/#/--about=}" \
	--command "make bench-memory CONTESTANTS=\"${contestants[*]}\" MACHINES=\"${machines[*]}\" ROUNDS=$rounds" \
	"$logs" || exit 3
say "all that was measured: $logs.json"
