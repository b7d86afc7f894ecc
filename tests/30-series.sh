#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The series: "git am" takes it, the result is the tree, and every commit builds.
. "$(dirname "$0")/lib.sh"

tree=$("$SLUB_REPO/scripts/tree.sh")
pristine=$("$SLUB_REPO/scripts/source.sh")
series=$("$SLUB_REPO/scripts/series.sh")
commits=$BUILD/series.git
files=$commits.files
am=$BUILD/objects/am
each=$BUILD/objects/each
# Small, for a quick build, but with our KUnit suites; the last commit is built with more, to be booted.
configs=("$SLUB_REPO"/configs/{small,mini,kunit,alloc-slub}.config)
state=$BUILD/objects/state

# The directories that the series touches, as they are in Debian's package.
make_pristine_repository() {
	rm -rf "$am"
	git init -q "$am"
	(cd "$pristine" && xargs -n 1 dirname <"$files" | sort -u | while read -r dir; do
		[ ! -d "$dir" ] || find "$dir" -maxdepth 1 -type f -print0
	done | xargs -0 cp --parents -t "$am")
	cd "$am"
	git config user.name "SLUB developers"
	git config user.email slub@example.org
	git add -A -f
	git commit -q -m pristine
}

apply_series() {
	make_pristine_repository
	git -C "$am" am --no-3way "$series"/*.patch
}

same_as_tree() {
	local path
	while read -r path; do
		if [ -e "$tree/$path" ] || [ -e "$am/$path" ]; then
			diff -u "$tree/$path" "$am/$path"
		fi
	done <"$files"
}

build_commit() {
	local commit=$1 path
	rm -rf "$state"
	git clone -q -n "$commits" "$state"
	git -C "$state" checkout -q "$commit"
	"$SLUB_REPO/scripts/link-tree.sh" "$each"
	while read -r path; do
		put "$state/$path" "$each/$path"
	done <"$files"
	# Between two of the steps CONFIG_SLUB cannot be chosen: take what there is.
	mkdir -p "$each.out"
	find "$state" -name 'Kconfig*' | sort | xargs cat "${configs[@]}" >"$each.out/choices"
	if ! cmp -s "$each.out/choices" "$each.out/chosen"; then
		cat "${configs[@]}" >"$each.out/wanted.config"
		kernel_make "$each" "$each.out" KCONFIG_ALLCONFIG="$each.out/wanted.config" allnoconfig
		mv "$each.out/choices" "$each.out/chosen"
	fi
	kernel_make "$each" "$each.out" -j"$jobs" mm/
}

attempt "git am" apply_series
attempt "git am gives the tree" same_as_tree

version=${pristine##*_}
number=0
for commit in $(git -C "$commits" rev-list --reverse pristine..HEAD); do
	number=$((number + 1))
	subject=$(git -C "$commits" show -s --format=%f "$commit")
	hash=$(hash_of "${configs[@]}" <(echo "$version"; git -C "$commits" rev-parse "$commit^{tree}"))
	unless_unchanged "$(printf 'commit %04d builds: %s' $number "$subject")" "$hash" build_commit "$commit"
done
