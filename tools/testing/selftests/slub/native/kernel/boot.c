// SPDX-License-Identifier: GPL-2.0-only
/*
 * The order in which the kernel brings up an allocator.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "../../mm/slab.h"
#include "host.h"
#include "sections.h"

void native_boot(void)
{
	initcall_entry_t *call;

	kmem_cache_init();
	kmem_cache_init_late();
	system_state = SYSTEM_SCHEDULING;
	for (call = __start_initcalls; call < __stop_initcalls; call++)
		initcall_from_entry(call)();
	system_state = SYSTEM_RUNNING;
	gfp_allowed_mask = __GFP_BITS_MASK;
}
