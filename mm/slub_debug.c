// SPDX-License-Identifier: GPL-2.0-only
/*
 * SLUB: debugging. No option is implemented yet: this has what other parts of
 * the kernel need to find with CONFIG_SLUB_DEBUG=y, and validation of what can
 * be checked without options.
 */
#include <linux/cpu.h>
#include <linux/jump_label.h>
#include <linux/slab.h>

#include "slub.h"

#ifdef CONFIG_SLUB_DEBUG_ON
DEFINE_STATIC_KEY_TRUE(slub_debug_enabled);
#else
DEFINE_STATIC_KEY_FALSE(slub_debug_enabled);
#endif

/* Who allocated and freed an object is not recorded. */
void print_tracking(struct kmem_cache *s, void *object)
{
}

/**
 * validate_slab_cache - check the slabs of a cache that are in the pool
 * @s: the cache
 *
 * Context: may sleep.
 * Return: the number of slabs looked at.
 */
long validate_slab_cache(struct kmem_cache *s)
{
	cpus_read_lock();
	slub_flush_all(s);
	cpus_read_unlock();
	return slub_pool_validate(s);
}
EXPORT_SYMBOL(validate_slab_cache);

#ifdef CONFIG_DEBUG_FS
void debugfs_slab_release(struct kmem_cache *s)
{
}
#endif
