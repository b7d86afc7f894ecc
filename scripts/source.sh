#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# source.sh [RELEASE]: unpack Debian's kernel source (of 6.1), once per version; print its directory.
. "$(dirname "$0")/lib.sh"

package=linux-source-${1:-6.1}
archive=/usr/src/$package.tar.xz
version=$(source_version "${1:-6.1}")
source=$CACHE/${package}_$version

unpack() {
	rm -rf "$source.part"
	mkdir "$source.part"
	tar -C "$source.part" --strip-components=1 --checkpoint=5000 --checkpoint-action=echo='%{read,}T' -xf "$archive"
	mv "$source.part" "$source"
}

if [ ! -d "$source" ]; then
	need_space "$CACHE" 3000
	# Others may share the cache and build elsewhere.
	exec 8>"$CACHE/.lock"
	flock 8
	[ -d "$source" ] || step "Unpacking $package $version" source.log unpack
fi
echo "$source"
