#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What CONFIG_SLUB_DEBUG costs where no debugging is on: the fast paths with and without it, as compiled.
. "$(dirname "$0")/lib.sh"

with=$("$SLUB_REPO/scripts/kernel.sh" slub)
tree=$BUILD/tree
out=$BUILD/objects/fastpath
mkdir -p "$out"

# The same kernel but for this option.
compile_without() {
	printf '# CONFIG_%s is not set\n' SLUB_DEBUG SLUB_KUNIT_TEST >"$out/without.config"
	"$SLUB_REPO/scripts/config.sh" "$tree" "$out" \
		"$SLUB_REPO"/configs/{small,alloc-slub}.config "$out/without.config"
	kernel_make "$tree" "$out" -j"$jobs" mm/slub.o
}

# For kmalloc(), 2 instructions keep its caller and the size for the slow path, on the stack.
compare() {
	rm -f "$out/mm/slub.o"
	attempt "fast path compiles without CONFIG_SLUB_DEBUG" compile_without
	python3 "$SLUB_REPO/tests/fastpath.py" "$with/mm/slub.o" "$out/mm/slub.o" \
		kmem_cache_alloc=0/0/0 kmem_cache_alloc_lru=0/0/0 kmem_cache_alloc_node=0/0/0 __kmem_cache_alloc_node=4/0/0 \
		kmem_cache_free=0/0/0 kfree=0/0/0 2>"$(log_of fastpath)" ||
		not_ok "fast path" "see $(log_of fastpath)"
}

remembered "fast path" "$(hash_of <(tree_code) "$SLUB_REPO/tests/fastpath.py" \
	"$SLUB_REPO"/configs/{small,alloc-slub}.config)" compare
