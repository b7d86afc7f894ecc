#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# module.sh KERNEL [ARGUMENT]...: build the benchmark module for a kernel of kernel.sh's; print its path.
#
# An ARGUMENT is one more for the kernel's make, e.g. W=1.
. "$(dirname "$0")/lib.sh"
lock

kernel=$1
shift
out=$BUILD/module/${kernel##*/}

# Kbuild writes beside the sources of a module: beside a copy of them.
cd "$SLUB_REPO/tools/testing/selftests/slub"
for file in module/Kbuild module/*.[ch] native/kernel/{loops.c,floor.c,host.h} native/traces/sizes.txt; do
	put "$file" "$out/$file"
done
step "Building the module for ${kernel##*/}" "module-${kernel##*/}.log" \
	kernel_make "$(realpath "$kernel/source")" "$kernel" -j"$jobs" M="$out/module" "$@" modules
echo "$out/module/slub_bench.ko"
