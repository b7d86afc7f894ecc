#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The kernel's own checks of style and types on our files and on the series.
. "$(dirname "$0")/lib.sh"

tree=$("$SLUB_REPO/scripts/tree.sh")
series=$("$SLUB_REPO/scripts/series.sh" 2>"$logs/series.log")
out=$BUILD/objects/style
cd "$tree"

ours() { grep -E "$1" "$BUILD/series.git.added" || :; }

checkpatch() { scripts/checkpatch.pl --strict --terse --show-types "$@"; }

kernel_doc() { scripts/kernel-doc -none -Werror "$1"; }

# W=1 and sparse speak of the headers too: what counts is what they say of our files.
configure() {
	mkdir -p "$out"
	"$SLUB_REPO/scripts/config.sh" "$tree" "$out" "$SLUB_REPO"/configs/{small,alloc-slub}.config
}

compile() {
	rm -f "$out/$1"
	kernel_make "$tree" "$out" CC=gcc "${@:2}" "$1" 2>&1 | tee "$logs/compile.log"
	! grep -E '(mm/slub|slub_def\.h).*(warning|error)' "$logs/compile.log"
}

clang_format() { clang-format --style=file --dry-run --Werror "$1"; }

cplusplus() { g++ -std=c++17 -Wall -Wextra -Werror -fsyntax-only "$1"; }

for file in $(ours '\.[ch]$|\.cpp$|Makefile|\.rst$'); do
	attempt "checkpatch $file" checkpatch -f "$file"
done
for patch in "$series"/000[1-9]*.patch "$series"/00[1-9]*.patch; do
	attempt "checkpatch ${patch##*/}" checkpatch "$patch"
done
for file in $(ours '^mm/.*\.[ch]$|^include/.*\.h$'); do
	attempt "kernel-doc $file" kernel_doc "$file"
done
attempt "configure" configure
for file in $(ours '^mm/.*\.c$'); do
	grep -q "${file##*/}" mm/Makefile || continue
	attempt "sparse $file" compile "${file%.c}.o" C=2
	attempt "W=1 $file" compile "${file%.c}.o" W=1
done
for file in $(ours '\.(cpp|cc|hpp)$'); do
	attempt "clang-format $file" clang_format "$file"
	attempt "g++ -Wall -Wextra $file" cplusplus "$file"
done
