# SPDX-License-Identifier: GPL-2.0-only
# Copies to and from user space that go beyond an object, or beyond what its cache allows: the
# kernel's LKDTM makes a good one and a bad one of each kind. The bad ones end a process each.

refused() {
	local before
	before=$(dmesg | grep -c "$2")
	(echo "USERCOPY_SLAB_$1" >/sys/kernel/debug/provoke-crash/DIRECT)
	[ "$(dmesg | grep -c "$2")" -gt "$before" ]
}

good_ones_pass() { ! dmesg | grep -E 'lkdtm: .*(failed|FAIL|good.*unexpected)'; }

echo "# Subtest: usercopy"
check "beyond an object, to user space" \
	refused SIZE_TO "usercopy: Kernel memory exposure attempt detected from SLUB object 'kmalloc-[^']*' (offset"
check "beyond an object, from user space" \
	refused SIZE_FROM "usercopy: Kernel memory overwrite attempt detected to SLUB object 'kmalloc-[^']*' (offset"
check "where the cache forbids it, to user space" \
	refused WHITELIST_TO "usercopy: Kernel memory exposure attempt detected from SLUB object 'lkdtm-usercopy' (offset"
check "where the cache forbids it, from user space" \
	refused WHITELIST_FROM "usercopy: Kernel memory overwrite attempt detected to SLUB object 'lkdtm-usercopy' (offset"
check "copies within bounds pass" good_ones_pass
echo "1..$number"
return $failed
