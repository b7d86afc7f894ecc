#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The documentation builds, and sphinx has nothing to say about our part of it.
. "$(dirname "$0")/lib.sh"

tree=$("$SLUB_REPO/scripts/tree.sh")
out=$BUILD/objects/docs

htmldocs() {
	# Anew: of a page that is there sphinx has no more to say.
	rm -rf "$out"
	mkdir -p "$out"
	# Other warnings are those of the kernel's own files.
	kernel_make "$tree" "$out" SPHINXDIRS=mm htmldocs 2>&1 | tee "$logs/sphinx.log"
	[ -s "$out/Documentation/output/mm/slub.html" ]
	! grep -E '(mm/slub[a-z_]*|slub_def)\.[a-z]+.*(WARNING|ERROR|warning|error)' "$logs/sphinx.log"
}

# shellcheck disable=SC2046 # a list of files, without blanks
hash=$(hash_of $(find "$SLUB_REPO"/mm "$SLUB_REPO"/{include,Documentation} -type f | sort))
unless_unchanged "htmldocs" "$hash" htmldocs
