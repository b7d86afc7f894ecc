#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The benchmark module: it builds without a complaint for the patched tree and for the pristine one,
# runs all its tests in a guest with two CPUs, leaves nothing behind, and does so a second time.
. "$(dirname "$0")/lib.sh"

selftests=$SLUB_REPO/tools/testing/selftests/slub
sources=("$selftests"/module/* "$selftests"/native/kernel/{loops.c,floor.c,host.h} "$selftests/native/traces/sizes.txt" "$SLUB_REPO/scripts/module.sh")
stock=$BUILD/objects/stock-module

# W=1 and sparse speak of the headers, too: what counts is what they say of our files.
builds() {
	"$SLUB_REPO/scripts/module.sh" "$1" W=1 C=2 "${@:2}"
	! grep -E '(module|native/kernel)/[a-z]+\.[ch]:[0-9]+:.*(warning|error):' "$BUILD/log/module-${1##*/}.log"
}

# Without a kernel nobody knows which functions it would export.
builds_for_stock() {
	local tree
	tree=$(tree_of stock-slub)
	mkdir -p "$stock"
	"$SLUB_REPO/scripts/config.sh" "$tree" "$stock" "$SLUB_REPO"/configs/{small,alloc-stock-slub}.config
	kernel_make "$tree" "$stock" -j"$jobs" modules_prepare
	builds "$stock" KBUILD_MODPOST_WARN=1
}

# rows: what it prints when all is well
rows() {
	local size
	printf '%s\n' pair/{kmalloc/64,cache/256} bulk/hot/{{1,16,64,250}/64,16/256} create-destroy \
		list/random/{10,100,1000,100000}/256", "{alloc,free} \
		floor/{loop,clock,list,cmpxchg16b{,-locked},pushf-popf,spin-lock-irqsave,irqsave,cli-sti}
	for size in 8 64 256 512 1024 4096 8192; do
		printf '%s\n' list/{in-order,reverse,random,kmalloc}/$size", "{alloc,free} \
			{zeroed,first-touch}/$size", alloc" shrink/$size", "{page,"held, "{"one in 50 used",shrunk}} \
			{remote,both/one-cache}/$size", "{alloc,free,"round trip"}
	done
	for size in 256 mixed; do
		printf '%s\n' {churn,bursts}/$size{,", held, "{"all allocated",steady},", pages, all freed"} \
			peak/{churn,bursts}/$size{,", held, "{peak,"after the peak"},", pages, all freed"} \
			"peak/churn/$size, held, after churn" "peak/bursts/$size, held, after bursts"
	done
}

# printed LOG: every row as often as the module was loaded, no time of 0
printed() {
	diff <(rows | sed p | sort) <(sed -nE 's/.*slub_bench: (.*): [0-9.]+ \([0-9.]+-[0-9.]+\)$/\1/p' "$1" | sort)
	! grep -E 'slub_bench: .*: 0\.00 \(' "$1" | grep -vE ', (held|pages)'
}

name="bench module, 2 CPUs"
boot() {
	guest "$name" "$kernel" "$image" bench SMP=2 NODES=1 \
		CMDLINE="slub.loads=2 slub.bench=windows=1,objects=100"
	attempt "$name: all rows, twice" printed "$(console "$name")"
}

kernel=$("$SLUB_REPO/scripts/kernel.sh" slub)
unless_unchanged "bench module builds" "$(hash_of "${sources[@]}" <(tree_code) "$kernel/.config")" builds "$kernel"
unless_unchanged "bench module builds for stock" \
	"$(hash_of "${sources[@]}" "$BUILD/tree.version" "$SLUB_REPO"/configs/{small,alloc-stock-slub}.config)" builds_for_stock
image=$("$SLUB_REPO/scripts/guest.sh" bench "$("$SLUB_REPO/scripts/module.sh" "$kernel" W=1 C=2)")
remembered "$name" "$(guest_hash "$kernel" "$image")" boot
