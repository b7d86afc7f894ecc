# SPDX-License-Identifier: GPL-2.0-only
# Common to the tests. A test prints lines "ok NAME", "not ok NAME - REASON", "skip NAME - REASON".
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/lib.sh"

logs=$BUILD/log/check
passed=$BUILD/passed
mkdir -p "$logs" "$passed"

ok() { echo "ok $1"; }
not_ok() { echo "not ok $1 - $2"; }
skip() { echo "skip $1 - $2"; }

# attempt NAME COMMAND...: ok if it succeeds; else the end of its log is shown
attempt() {
	local name=$1 log=$logs/${1//[ \/]/-}.log status
	shift
	run "$@" >"$log" 2>&1 </dev/null
	if [ $status -eq 0 ]; then
		ok "$name"
	else
		show_end "$log"
		not_ok "$name" "status $status, see $log"
	fi
}

# unless_unchanged NAME HASH COMMAND...: as attempt, but not again once it passed with this hash
unless_unchanged() {
	local name=$1 hash=$2 stamp=$passed/${1//[ \/]/-} result
	shift 2
	if [ "$(cat "$stamp" 2>/dev/null)" = "$hash" ]; then
		ok "$name (unchanged)"
		return
	fi
	result=$(attempt "$name" "$@")
	echo "$result"
	[ "$result" != "ok $name" ] || echo "$hash" >"$stamp"
}

# hash_of FILE...: of their contents and, so that a test's own text counts, of the test
hash_of() { cat "$0" "$@" | sha256sum; }

# tree_hash: of all that the series changes in the kernel's code
tree_hash() {
	sed -E '/^(Documentation|tools)\//d; s,^,'"$BUILD"'/tree/,' "$BUILD/series.git.files" |
		xargs cat 2>/dev/null | sha256sum
}

# slab_objects TREE OUT: the allocator's objects in OUT's configuration
slab_objects() {
	make -s -f - slab-objects <<-END
		include $2/.config
		include $1/mm/Makefile
		# An object made of others stands for these.
		parts = \$(or \$(\$(1:.o=-y)),\$(1))
		slab-objects: ; @echo \$(addprefix mm/,\$(foreach o,\$(filter slub% slab%,\$(obj-y)),\$(call parts,\$o)))
	END
}

# ktap LABEL INDENT LOG: the results that a console's log holds
ktap() { awk -f "$SLUB_REPO/scripts/ktap.awk" -v label="$1" -v indent="$2" "$3"; }
