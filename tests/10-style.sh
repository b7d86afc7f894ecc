#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The kernel's own checks of style and types on our files and on the series.
. "$(dirname "$0")/lib.sh"

tree=$("$SLUB_REPO/scripts/tree.sh")
series=$("$SLUB_REPO/scripts/series.sh")
out=$BUILD/objects/style
cd "$tree"

ours() { grep -E "$1" "$BUILD/series.git.added" || :; }

# check NAME FILE COMMAND...: not again while the file, and what it is judged by or includes, is unchanged
check() { unless_unchanged "$1 ${2##*/}" "$(hash_of "$2" .clang-format ../tree.version $(ours '\.hpp$'))" "${@:3}" "$2"; }

# Not for us: MAINTAINERS, whose mm/sl?b* covers our files; parameters that another patch of the
# series documents; a line of kmem_dump_obj(), which continues its callers'; "Group group" in C++.
ignored=FILE_PATH_CHANGES,UNDOCUMENTED_SETUP,LOGGING_CONTINUATION,REPEATED_WORD
checkpatch() { scripts/checkpatch.pl --strict --terse --show-types --ignore $ignored "$@"; }

# compile LOG ARGUMENT...: all our objects anew
compile() {
	rm -f $(slab_objects "$tree" "$out" | sed "s,mm/,$out/&,g")
	kernel_make "$tree" "$out" -k -j"$jobs" "${@:2}" $(slab_objects "$tree" "$out") 2>&1 | tee "$1"
}

# W=1 and sparse speak of the headers too: what counts is what they say of our files.
no_complaint() {
	! grep -E '(mm/slub|slub_def\.h)[^ ]*:[0-9]+:.*(warning|error):' "$1"
}

kernel_objects() {
	mkdir -p "$out"
	# With these options on there is more to look at.
	"$SLUB_REPO/scripts/config.sh" "$tree" "$out" "$SLUB_REPO"/configs/{small,alloc-slub,hardened}.config
	compile "$logs/sparse.log" C=2
	compile "$logs/W=1.log" W=1
	no_complaint "$logs/sparse.log"
	no_complaint "$logs/W=1.log"
}

patches_apply() {
	local patch
	for patch in "$SLUB_REPO"/{faults,bench}/*.patch; do
		patch -d "$SLUB_REPO" -p1 -F0 -s -f --dry-run <"$patch"
	done
}

attempt "shellcheck" shellcheck -S warning -s bash "$SLUB_REPO"/{scripts,tests}/*.sh "$SLUB_REPO/.ci/run"
attempt "faults and bench apply" patches_apply
attempt "python" env PYTHONPYCACHEPREFIX="$out/python" python3 -m py_compile \
	"$SLUB_REPO"/{tests,scripts}/*.py "$SLUB_REPO/tools/vm/slub.py"
attempt "shellcheck guest" shellcheck -S warning -s dash "$SLUB_REPO"/guest/*.sh
for patch in "$series"/000[1-9]*.patch "$series"/00[1-9]*.patch; do
	beside check "checkpatch" "$patch" checkpatch
done
for file in $(ours '^mm/.*\.[ch]$|^include/.*\.h$'); do
	beside check "kernel-doc" "$file" scripts/kernel-doc -none -Werror
done
for file in $(ours '\.[ch]pp$'); do
	beside check "clang-format" "$file" clang-format --style=file --dry-run --Werror
	beside check "g++ -Wall -Wextra" "$file" g++ -std=c++17 -Wall -Wextra -Werror -fsyntax-only
done
# The harness is not part of the series. It names what the kernel names, and is built with several kernels.
native=$SLUB_REPO/tools/testing/selftests/slub/native
attempt "checkpatch native" scripts/checkpatch.pl --strict --terse --show-types --no-tree \
	--ignore CAMELCASE,PREFER_DEFINED_ATTRIBUTE_MACRO,LINUX_VERSION_CODE,CONSIDER_KSTRTO -f "$native"/kernel/*.[ch] "$native"/../module/*.[ch]
attempt "clang-format native" clang-format --style=file --dry-run --Werror "$native"/host/*.[ch]pp
wait
unless_unchanged "sparse and W=1" "$(hash_of <(tree_code) "$SLUB_REPO"/configs/*.config)" kernel_objects
