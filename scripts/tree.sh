#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tree.sh: assemble the patched tree; print its directory.
#
# The tree is a copy of the pristine source in which the files that the series touches are
# replaced by those at the head of the series' scratch repository. A file is written only when
# its content changes, so that the kernel's make rebuilds as little as can be.
. "$(dirname "$0")/lib.sh"
lock

source=$("$SLUB_REPO/scripts/source.sh")
series=$("$SLUB_REPO/scripts/steps.sh" "$source")
tree=$BUILD/tree

copy_pristine() {
	rm -rf "$tree" "$tree.part" "$tree.files"
	cp -a --reflink=auto "$source" "$tree.part"
	mv "$tree.part" "$tree"
	basename "$source" >"$tree.version"
}

if [ "$(cat "$tree.version" 2>/dev/null)" != "$(basename "$source")" ]; then
	need_space "$BUILD" 3000
	step "Copying the source" tree.log copy_pristine
fi

touch "$tree.files"
sort -u "$series.files" "$tree.files" | while read -r path; do
	if grep -qxF "$path" "$series.files"; then
		put "$series/$path" "$tree/$path"
	else
		put "$source/$path" "$tree/$path"
	fi
done
cp "$series.files" "$tree.files"
echo "$tree"
