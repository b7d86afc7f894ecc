# SPDX-License-Identifier: GPL-2.0-only
# Common to the tests. A test prints lines "ok NAME", "not ok NAME - REASON", "skip NAME - REASON".
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/lib.sh"

logs=$BUILD/log/check
passed=$BUILD/passed
mkdir -p "$logs" "$passed"
# Tests say themselves what guest they want: nothing of the user's makes it another one.
unset ALLOC SMP NODES MEM CMDLINE TIMEOUT FLAVOURS MINUTES PATCH RUNS

ok() { echo "ok $1"; }
not_ok() { echo "not ok $1 - $2"; }
skip() { echo "skip $1 - $2"; }

log_of() { echo "$logs/${1//[^A-Za-z0-9_.-]/-}.log"; }

# attempt NAME COMMAND...: ok if it succeeds; else the end of its log is shown
attempt() {
	local name=$1 log status
	log=$(log_of "$1")
	shift
	run "$@" >"$log" 2>&1 </dev/null
	if [ $status -eq 0 ]; then
		ok "$name"
	else
		show_end "$log"
		not_ok "$name" "status $status, see $log"
	fi
}

# remembered NAME HASH COMMAND...: the result lines that COMMAND prints; if none is a failure or took
# a second try, they are kept, and printed again, marked, as long as HASH is the same
remembered() {
	local stamp=$passed/${1//[^A-Za-z0-9_.-]/-}
	if [ "$(head -n 1 "$stamp" 2>/dev/null)" = "$2" ]; then
		at_once sed -n '2,$ { /^ok /s/$/ (unchanged)/; p }' "$stamp"
		return
	fi
	echo "$2" >"$stamp.new"
	"${@:3}" >>"$stamp.new"
	at_once sed 1d "$stamp.new"
	grep -qE '^not ok |\(second try\)$' "$stamp.new" || mv "$stamp.new" "$stamp"
}

# at_once COMMAND...: its output whole, even if others print beside it
at_once() { (flock 8; "$@") 8>"$BUILD/log/.output"; }

# beside COMMAND...: in the background, as many at a time as there are processors; "wait" waits for all
beside() {
	local all=$*
	while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do
		wait -n || :
	done
	(
		trap '[ $? -eq 0 ] || echo "not ok $all - the test itself failed"' EXIT
		"$@"
	) </dev/null &
}

# unless_unchanged NAME HASH COMMAND...: as attempt, but not again once it passed with this hash
unless_unchanged() { remembered "$1" "$2" attempt "$1" "${@:3}"; }

# hash_of FILE...: of their contents and, so that a test's own text counts, of the test and what it uses
hash_of() { cat "$0" "$SLUB_REPO"/{tests/lib.sh,scripts/lib.sh,scripts/ktap.awk} "$@" | sha256sum; }

# tree_code: all that the series changes in the kernel's code, and the version of the rest
tree_code() {
	cat "$BUILD/tree.version"
	sed -E '/^(Documentation|tools)\//d; s,^,'"$BUILD"'/tree/,' "$BUILD/series.git.files" |
		xargs cat 2>/dev/null
}

# guest NAME KERNEL IMAGE RUN [VARIABLE=VALUE]...: ok if the guest ends well, its console clean
#
# An emulated guest on a busy host may be starved until its own watchdogs complain. If that is all
# it gets a second try; the console of the first is kept, and the result says so.
guest() {
	local result boot=(env SLUB_LOG="$(console "$1")" "${@:5}" "$SLUB_REPO/scripts/qemu.sh" "$2" "$3" "$4")
	result=$(attempt "$1" "${boot[@]}")
	if [ "$result" != "ok $1" ] && grep -q '^error: the guest starved' "$(log_of "$1")"; then
		say "$result; trying again"
		put "$(console "$1")" "$(console "$1").first"
		result=$(attempt "$1" "${boot[@]}")
		[ "$result" != "ok $1" ] || result+=" (second try)"
	fi
	echo "$result"
}

# our_suites: the names of our KUnit suites
our_suites() { sed -nE 's/^SLUB_TEST_SUITE(_INIT)?\(([a-z_]+),.*/\2/p' "$SLUB_REPO"/mm/slub_test*.c; }

# suites_ran NAME PARAMETERS: pass the results on; one of our suites of which there is none is a failure, too
suites_ran() {
	local wanted
	wanted=$([[ $2 = *filter_glob=none* || $2 != *kunit.enable=1* ]] || our_suites | xargs)
	awk -v name="$1" -v wanted="$wanted" '
		{ print }
		match($0, /: slub_[a-z_]*\//) { seen[substr($0, RSTART + 2, RLENGTH - 3)] = 1 }
		END {
			count = split(wanted, suites, " ")
			for (i = 1; i <= count; i++)
				if (!(suites[i] in seen)) print "not ok " name ": " suites[i] " - the suite did not run"
		}'
}

# console NAME: where guest logs it
console() { echo "$logs/console-${1//[^A-Za-z0-9_.-]/-}.log"; }

# guest_hash KERNEL IMAGE WORD...: of all that a guest's result depends on
guest_hash() {
	hash_of "$1/arch/x86/boot/bzImage" "$2" "$SLUB_REPO/scripts/qemu.sh" <(echo "${@:3}")
}

# ktap NAME INDENT: the results that the console of a guest holds
ktap() { awk -f "$SLUB_REPO/scripts/ktap.awk" -v label="$1: " -v indent="$2" "$(console "$1")"; }
