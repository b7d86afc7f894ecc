#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Tests inside the kernel: our KUnit suites and the tree's own tests that exercise an allocator.
# Every case of a KUnit suite counts as a test.
. "$(dirname "$0")/lib.sh"

# said NAME LOG PATTERN: the console says so
said() {
	if grep -qE "$3" "$2"; then
		ok "$1"
	else
		not_ok "$1" "no line '$3' in $2"
	fi
}

# What the tests that are modules say when all is well.
module_result() {
	case $1 in
	test_xarray) said "$1" "$2" 'XArray: ([0-9]+) of \1 tests passed' ;;
	test_meminit) said "$1" "$2" 'all [0-9]+ tests passed' ;;
	test_maple_tree) said "$1" "$2" 'maple_tree: [0-9]+ of [0-9]+ tests passed' ;;
	rcutorture) said "$1" "$2" 'End of test: SUCCESS' ;;
	esac
}

# suites_ran NAME PARAMETERS: pass the results on; none at all of our suites is a failure, too
suites_ran() {
	awk -v name="$1" -v wanted="$([[ $2 = *filter_glob=none* || $2 != *kunit.enable=1* ]] || echo 1)" '
		{ print; seen += $0 ~ ": slub_[a-z_]*/" }
		END { if (wanted && !seen) print "not ok " name ": suites - none of them ran" }'
}

# boot NAME KERNEL IMAGE MODULES PARAMETERS [VARIABLE=VALUE]...
boot() {
	local module
	guest "$1" "$2" "$3" modules CMDLINE="slub.modules=$4 $5" "${@:6}"
	ktap "$1" "    " | suites_ran "$1" "$5"
	for module in ${4//,/ }; do
		module_result "$module" "$(console "$1")"
	done
}

# inside NAME KERNEL MODULES PARAMETERS [VARIABLE=VALUE]...: the results of suites and modules
inside() {
	local name="kunit $1" image
	image=$("$SLUB_REPO/scripts/guest.sh" "modules-${2##*/}" /bin/kmod $(find "$2" -name '*.ko' | sort))
	remembered "$name" "$(guest_hash "$2" "$image" "$@")" boot "$name" "$2" "$image" "${@:3}"
}

slub=$("$SLUB_REPO/scripts/kernel.sh" slub)
debug=$("$SLUB_REPO/scripts/kernel.sh" slub lockdep kasan hardened)
# Reports have addresses, which the suites compare as they are printed: hashed in the first guest.
ours="kunit.enable=1 kunit.filter_glob=slub_* no_hash_pointers"

inside "2 CPUs, 2 nodes" "$slub" test_xarray,rcutorture "kunit.enable=1" SMP=2 NODES=2
inside "4 CPUs, 4 nodes" "$slub" "" "$ours" SMP=4 NODES=4
inside "1 CPU" "$slub" "" "$ours" SMP=1 NODES=1
inside "init on" "$slub" test_meminit "$ours init_on_alloc=1 init_on_free=1"
inside "lockdep, KASAN, hardened" "$debug" "" "$ours"

# One of its 12 million checks fails on this kernel, whatever the allocator is.
inside "maple tree" "$slub" test_maple_tree "" SLUB_EXPECT="BUG at next_prev_test|Call Trace"

# strict COUNT NAME...: as inside; the kernel's suite must have so many cases, and none is skipped
strict() {
	local count=$1 results
	shift
	results=$(inside "$@")
	echo "$results"
	if [ "$(grep -cE '^ok .*: slub_test/' <<<"$results" || :)" -eq "$count" ]; then
		ok "kunit $1: $count of $count cases of slub_test"
	else
		not_ok "kunit $1: $count of $count cases of slub_test" "see $(console "kunit $1")"
	fi
}

# The tree's suite, as it is. On KASAN's kernels it leaves three of its cases out.
strict 5 "slub_kunit" "$slub" slub_kunit "kunit.enable=1 kunit.filter_glob=none"
strict 2 "slub_kunit, lockdep, KASAN, hardened" "$debug" slub_kunit "kunit.enable=1 kunit.filter_glob=none"
