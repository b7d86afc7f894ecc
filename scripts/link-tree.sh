#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# link-tree.sh DIRECTORY: a second kernel tree, of hard links to the patched one.
#
# Cheap, and safe as long as its files are replaced and never written into: see put in lib.sh.
. "$(dirname "$0")/lib.sh"

tree=$BUILD/tree
made_from=$(cat "$tree.version" "$tree.files" | sha256sum)
[ "$(cat "$1.made-from" 2>/dev/null)" != "$made_from" ] || exit 0
rm -rf "$1"
mkdir -p "${1%/*}"
cp -al "$tree" "$1"
echo "$made_from" >"$1.made-from"
