#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# faults.sh: show that the tests can fail.
#
# Each of faults/*.patch (or those that FILTER= matches) breaks the allocator in one place. Apply
# them one at a time to the assembled tree, boot with our KUnit suites, and tell what caught it. A
# line "# with PARAMETERS" in a patch adds to the kernel's command line.
. "$(dirname "$0")/lib.sh"
find_qemu
lock

faults=()
for fault in "$SLUB_REPO"/faults/*.patch; do
	[[ ! $(basename "$fault" .patch) =~ ${FILTER:-} ]] || faults+=("$fault")
done
[ ${#faults[@]} -gt 0 ] || die "FILTER=$FILTER: no fault has such a name; see faults/"

logs=$BUILD/log/faults
mkdir -p "$logs"
kernel=$("$SLUB_REPO/scripts/kernel.sh" slub hardened)
image=$("$SLUB_REPO/scripts/guest.sh" plain)
trap restore_tree EXIT

# boot_once PARAMETERS
boot_once() {
	run env SLUB_LOG="$log" TIMEOUT=180 CMDLINE="kunit.enable=1 kunit.filter_glob=slub* no_hash_pointers oops=panic $1" \
		"$SLUB_REPO/scripts/qemu.sh" "$kernel" "$image" modules >/dev/null 2>"$said" </dev/null
}

# boot NAME PARAMETERS: status 0 if the suite passed on a clean console, else print what failed first.
# A guest that starved must do so twice, once may be the host, unless a test had failed before; what
# is no guest's failure ends it all.
boot() {
	local log=$logs/$1.console said=$logs/$1.said failed status
	boot_once "$2"
	if grep -q '^error: the guest starved' "$said" && ! grep -qE '^(\[[^]]*\] )? *not ok ' "$log"; then
		boot_once "$2"
	fi
	[ $status -eq 0 ] || grep -qE '^error: the (guest|kernel)' "$said" || die "$1: $(tail -n 1 "$said")"
	failed=$(awk -f "$SLUB_REPO/scripts/ktap.awk" -v indent="    " "$log" | sed -n 's/^not ok //p')
	[ -n "$failed" ] || [ $status -ne 0 ] || return 0
	{ echo "${failed:-$(tail -n 1 "$said")}"; } | head -n 1
	return 1
}

boot unbroken "" >&2 || die "the suite fails without any fault, see $logs/unbroken.console"

missed=0
caught=0
for fault in "${faults[@]}"; do
	name=$(basename "$fault" .patch)
	restore_tree
	step "Building with $name" "fault-$name.log" patched_kernel "$fault" "$kernel"
	status=0
	by=$(boot "$name" "$(sed -n 's/^# with //p' "$fault")") || status=$?
	case $status in
	0)
		missed=$((missed + 1))
		echo "MISSED $name: $(head -n 1 "$fault")" ;;
	1)
		caught=$((caught + 1))
		echo "caught $name: by $by" ;;
	*)
		exit $status ;;
	esac
done
echo "$caught caught, $missed missed"
exit $((missed > 0))
