#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# series.sh: write the series as files for "git am", with a cover letter; print their directory.
. "$(dirname "$0")/lib.sh"
lock

source=$("$SLUB_REPO/scripts/source.sh")
repo=$("$SLUB_REPO/scripts/steps.sh" "$source")
out=$BUILD/series

# git makes the cover letter's subject and text from the description of the branch.
branch=$(git -C "$repo" symbolic-ref --short HEAD)
git -C "$repo" config "branch.$branch.description" "$(cat "$SLUB_REPO/patches/cover-letter.txt")"

git -C "$repo" config user.name "SLUB developers"
git -C "$repo" config user.email slub@example.org

rm -rf "$out"
git -C "$repo" format-patch -q --no-signature --cover-letter --cover-from-description=subject \
	-o "$out" pristine..HEAD
# "git am" would stumble over it.
mv "$out/0000-cover-letter.patch" "$out/0000-cover-letter.txt"
echo "$out"
