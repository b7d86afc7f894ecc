#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# steps.sh PRISTINE: turn patches/ into a scratch git repository, one commit a step.
#
# The repository holds only the files that the series touches: its first commit, tagged
# "pristine", has them as they are in PRISTINE. Prints its directory; DIRECTORY.files lists them,
# DIRECTORY.added those of them that are ours.
#
# A step is either patches/NNNN-name.patch, a mail-format patch to the kernel's own files, or
# patches/NNNN-name.add: "Subject: ...", a blank line, text, "---", and then lines "add PATH"
# (the file at PATH in this repository) and "remove PATH".
. "$(dirname "$0")/lib.sh"
lock

pristine=$1
version=${pristine##*_}
series=$BUILD/series.git
patches=$SLUB_REPO/patches

# The same input gives the same commits: nothing of the user's, nor of the time, goes in.
export GIT_AUTHOR_NAME="SLUB developers" GIT_COMMITTER_NAME="SLUB developers"
export GIT_AUTHOR_EMAIL=slub@example.org GIT_COMMITTER_EMAIL=slub@example.org
export GIT_AUTHOR_DATE=2026-11-22T12:00:00Z GIT_COMMITTER_DATE=2026-11-22T12:00:00Z
# A repository around $BUILD may have no say.
export GIT_CEILING_DIRECTORIES=$BUILD

steps() { find "$patches" -name '[0-9]*.patch' -o -name '[0-9]*.add' | sort; }

# The "add" and "remove" lines of a step.
actions() { case $1 in *.add) sed '1,/^---$/d' "$1" ;; esac; }

# The files that a step touches.
touched() {
	case $1 in
	*.add) actions "$1" | awk '{ print $2 }' ;;
	*) sed -nE 's,^(---|\+\+\+) [ab]/,,p' "$1" ;;
	esac
}

added() { actions "$1" | sed -n 's/^add //p'; }

# All that the scratch repository is made from.
inputs_hash() {
	local step path
	{
		echo "$version"
		cat "$0"
		for step in $(steps); do
			sha256sum <"$step"
			for path in $(added "$step"); do
				sha256sum "$SLUB_REPO/$path" || :
			done
		done
	} 2>/dev/null | sha256sum
}

commit_pristine() {
	local path
	while read -r path; do
		[ ! -e "$pristine/$path" ] || (cd "$pristine" && cp --parents -p "$path" "$series")
	done <"$series.files"
	git add -A
	git commit -q --allow-empty -m pristine
	git tag pristine
}

edit_files() {
	local step=$1 action path
	actions "$step" | while read -r action path; do
		case $action in
		add)
			[ -f "$SLUB_REPO/$path" ] || die "$step adds $path, which is not in this repository"
			mkdir -p "$(dirname "$path")"
			cp -p "$SLUB_REPO/$path" "$path" ;;
		remove)
			rm "$path" || die "$step removes $path, which linux-source-6.1 $version does not have" ;;
		*)
			die "$step: neither 'add' nor 'remove': $action $path" ;;
		esac
	done
}

commit_step() {
	local step=$1 why
	case $step in
	*.add)
		edit_files "$step" ;;
	*)
		why=$(git apply --whitespace=nowarn "$step" 2>&1) ||
			die "patches/${step##*/} does not apply to linux-source-6.1 $version:" $why ;;
	esac
	git mailinfo "$TMPDIR/message" /dev/null <"$step" >"$TMPDIR/headers"
	git add -A
	{ sed -n 's/^Subject: //p' "$TMPDIR/headers"; echo; cat "$TMPDIR/message"; } |
		git commit -q -s -F -
}

hash=$(inputs_hash)
if [ "$(cat "$series.hash" 2>/dev/null)" != "$hash" ]; then
	rm -rf "$series" "$series.hash"
	for step in $(steps); do touched "$step"; done | sort -u >"$series.files"
	for step in $(steps); do added "$step"; done >"$series.added"
	git init -q "$series"
	cd "$series"
	commit_pristine
	for step in $(steps); do
		commit_step "$step"
	done
	echo "$hash" >"$series.hash"
fi
echo "$series"
