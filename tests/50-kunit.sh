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

# all_but_one NAME LOG: of millions of checks, in one run of the test
all_but_one() {
	if awk '/maple_tree: [0-9]+ of [0-9]+ tests passed/ { runs++; good = $(NF - 4) > 1e6 && $(NF - 4) + 1 == $(NF - 2) }
		END { exit !(good && runs == 1) }' <(tr -d '\r' <"$2"); then
		ok "$1"
	else
		not_ok "$1" "not all but one passed in one run; see $2"
	fi
}

# module_result MODULE LOG PARAMETERS: what a test that is a module says when all is well
module_result() {
	case $1 in
	test_xarray) said "$1" "$2" 'XArray: ([0-9]+) of \1 tests passed' ;;
	test_meminit)
		# Poison is what 34 of them find where they want zeroes: it comes first, in any allocator.
		case $3 in
		*slub_debug=*P*) said "$1, poisoned" "$2" 'test_meminit: failures: 34 out of 131' ;;
		*) said "$1" "$2" 'test_meminit: all 131 tests passed' ;;
		esac ;;
	# One fails on this kernel, whatever the allocator is.
	test_maple_tree) all_but_one "$1" "$2" ;;
	rcutorture) said "$1" "$2" 'End of test: SUCCESS' ;;
	esac
}

# This one looks at a global variable of a module, and fails on this kernel whatever the allocator is.
known() { sed -E 's,^not ok (.*: kasan/kasan_global_oob_right) - .*,skip \1 - fails with stock SLUB\, too,'; }

# boot NAME KERNEL IMAGE MODULES PARAMETERS [VARIABLE=VALUE]...
boot() {
	local module
	guest "$1" "$2" "$3" modules CMDLINE="slub.modules=$4 $5" "${@:6}"
	ktap "$1" "    " | known | suites_ran "$1" "$5"
	for module in ${4//,/ }; do
		module_result "$module" "$(console "$1")" "$5"
	done
}

# image_for KERNEL: a guest with its modules
image_for() { "$SLUB_REPO/scripts/guest.sh" "modules-${1##*/}" /bin/kmod $(find "$1" -name '*.ko' | sort); }

# inside NAME KERNEL MODULES PARAMETERS [VARIABLE=VALUE]...: the results of suites and modules
inside() {
	local name="kunit $1" image=${images[$2]}
	remembered "$name" "$(guest_hash "$2" "$image" "$@")" boot "$name" "$2" "$image" "${@:3}"
}

# strict SUITE=COUNT[,...] NAME...: as inside; so many cases of each suite must pass
strict() {
	local wanted=$1 results suite count passes
	shift
	results=$(inside "$@")
	at_once echo "$results"
	for suite in ${wanted//,/ }; do
		count=${suite#*=}
		suite=${suite%=*}
		passes=$(grep -cE "^ok .*: $suite/" <<<"$results" || :)
		if [ "$passes" -eq "$count" ]; then
			ok "kunit $1: $count cases of $suite"
		else
			not_ok "kunit $1: $count cases of $suite" "$passes; see $(console "kunit $1")"
		fi
	done
}

slub=$("$SLUB_REPO/scripts/kernel.sh" slub)
debug=$("$SLUB_REPO/scripts/kernel.sh" slub lockdep kasan hardened lean)
declare -A images
images[$slub]=$(image_for "$slub")
images[$debug]=$(image_for "$debug")
# Reports have addresses, which the suites compare as they are printed: hashed in the first guest.
ours="kunit.enable=1 kunit.filter_glob=slub_* no_hash_pointers"

beside strict list-kunit-test=39 "2 CPUs, 2 nodes" "$slub" test_xarray,rcutorture "kunit.enable=1" SMP=2 NODES=2
beside inside "4 CPUs, 5 nodes, one bare" "$slub" "" "$ours" SMP=4 NODES=4 SLUB_BARE=1
beside inside "1 CPU" "$slub" "" "$ours" SMP=1 NODES=1
beside inside "init on" "$slub" test_meminit "$ours init_on_alloc=1 init_on_free=1"
beside inside "init on, debugging" "$slub" test_meminit "slub_debug=FZU init_on_alloc=1 init_on_free=1"
beside inside "init on, poison" "$slub" test_meminit "slub_debug=FZPU init_on_alloc=1 init_on_free=1"
# With so few of KFENCE's objects some are never used.
beside inside "lockdep, KASAN, hardened" "$debug" "" "$ours kfence.sample_interval=2000"

beside inside "maple tree" "$slub" test_maple_tree "" SLUB_EXPECT="BUG at next_prev_test|Call Trace"

# The tree's suites, as they are; the counts are those of stock SLUB. On KASAN's kernels slub_test leaves
# three of its cases out. What KASAN and KFENCE are to report is no complaint; kmemleak would add to it
# from where kfence_test may not listen.
beside strict slub_test=5 "slub_kunit" "$slub" slub_kunit "kunit.enable=1 kunit.filter_glob=none"
provoked='BUG: KASAN: .* in (.*\[kasan_test\]|(mem|str)[a-z]+\+|kfree|kmem_cache_free|free_unusual)'
provoked+='|BUG: KFENCE: .*\[kfence_test\]|Call Trace'
# KFENCE may serve what slub_test writes behind, and has its own word for that: it is off there.
beside strict slub_test=2 "slub_kunit, KASAN" "$debug" slub_kunit \
	"kunit.enable=1 kunit.filter_glob=none kmemleak=off kfence.sample_interval=0"
beside strict kasan=43,kfence=23 "kasan_test, kfence_test" "$debug" \
	kasan_test,kfence_test "kunit.enable=1 kunit.filter_glob=none kmemleak=off" \
	SLUB_EXPECT="$provoked"
wait
