// SPDX-License-Identifier: GPL-2.0-only
/*
 * SLUB: what users see. /proc/slabinfo, names of merged caches, reports in the
 * log, and the questions that other parts of the kernel ask about objects.
 *
 * Counts are sums that are read without stopping anybody: exact if nothing
 * goes on in the cache, near enough if something does, and never more work
 * than one look at each CPU and each node.
 *
 * /proc/slabinfo has two formats: ours, "slubinfo - version: 1.0", and what
 * slabtop and vmstat -m know, "slabinfo - version: 2.1", which slab_common.c
 * prints from get_slabinfo(). The parameter slabinfo_version= and the sysctl
 * vm.slabinfo_version choose.
 */
#include <linux/bitmap.h>
#include <linux/debugfs.h>
#include <linux/kfence.h>
#include <linux/memblock.h>
#include <linux/memory_hotplug.h>
#include <linux/ratelimit.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysctl.h>
#include <linux/uaccess.h>

#include "slub_pool.h"

/* ---- Counts ---- */

/**
 * struct counts - what is counted of a cache
 * @objects: in use
 * @slabs: on one node, or on all
 * @capacity: how many objects fit into those
 */
struct counts {
	long objects;
	long slabs;
	long capacity;
};

static struct counts count_once(struct kmem_cache *s, int node)
{
	struct counts sum = { .objects = atomic_long_read(&s->uncounted) };
	struct kmem_cache_node *pool;
	struct kmem_cache_cpu *c;
	int nid, cpu;

	for_each_kmem_cache_node(s, nid, pool) {
		if (node != NUMA_NO_NODE && node != nid)
			continue;
		sum.slabs += atomic_long_read(&pool->nr_slabs);
		sum.capacity += atomic_long_read(&pool->total_objects);
	}
	rcu_read_lock();
	for_each_possible_cpu(cpu) {
		c = slub_cpu(s, cpu);
		if (!c)
			continue;
		/* As of_other(). */
		sum.objects += of_other(c->objects) - data_race(slub_hand(c));
		if (node != NUMA_NO_NODE && node != c->node)
			continue;
		sum.slabs += of_other(c->slabs);
		sum.capacity += of_other(c->capacity);
	}
	rcu_read_unlock();
	return sum;
}

/* It may be what keeps a CPU from ending what it began. */
#define COUNT_TRIES	10

/*
 * What a CPU counted moves from one place to another when it holds nothing any
 * more. If one did so meanwhile all is counted again. The acquire and the barrier
 * pair with those of slub_cpu_move_counts(); tools/testing/selftests/slub/model/
 * counts.pml fails without any of them.
 */
static struct counts count(struct kmem_cache *s, int node)
{
	int tries = COUNT_TRIES, left;
	struct counts sum;

	do {
		left = atomic_read_acquire(&s->left);
		sum = count_once(s, node);
		/* What was read above belongs to what is read below. */
		smp_rmb();
	} while (left != atomic_read(&s->leaving) && --tries);
	return sum;
}

/**
 * slub_objects_in_use - how many objects of a cache are in use
 * @s: the cache
 *
 * Context: any. Return: the number; objects on any free list are free.
 */
unsigned long slub_objects_in_use(struct kmem_cache *s)
{
	return max(count(s, NUMA_NO_NODE).objects, 0L);
}

/**
 * slub_pool_slabs - how many slabs a cache has, in the pool or not
 * @s: the cache
 *
 * Context: any. Return: the number.
 */
unsigned long slub_pool_slabs(struct kmem_cache *s)
{
	return max(count(s, NUMA_NO_NODE).slabs, 0L);
}

/**
 * slub_node_slabs - how many slabs of a cache are on a node
 * @s: the cache
 * @node: its id
 *
 * Context: any. Return: the number.
 */
unsigned long slub_node_slabs(struct kmem_cache *s, int node)
{
	return max(count(s, node).slabs, 0L);
}

/**
 * slub_cpu_slabs - how many slabs of a cache are owned by CPUs
 * @s: the cache
 *
 * Context: any. Return: the number.
 */
unsigned long slub_cpu_slabs(struct kmem_cache *s)
{
	struct kmem_cache_cpu *c;
	unsigned long slabs = 0;
	int cpu;

	rcu_read_lock();
	for_each_possible_cpu(cpu) {
		c = slub_cpu(s, cpu);
		if (c)
			slabs += !!of_other(c->slab) + of_other(c->nr_partial);
	}
	rcu_read_unlock();
	return slabs;
}

/**
 * slub_capacity - how many objects fit into the slabs that a cache has
 * @s: the cache
 *
 * Context: any. Return: the number.
 */
unsigned long slub_capacity(struct kmem_cache *s)
{
	return max(count(s, NUMA_NO_NODE).capacity, 0L);
}

/**
 * slub_node_capacity - how many objects fit into those on a node
 * @s: the cache
 * @node: its id
 *
 * Context: any. Return: the number.
 */
unsigned long slub_node_capacity(struct kmem_cache *s, int node)
{
	return max(count(s, node).capacity, 0L);
}

/* ---- /proc/slabinfo ---- */

static const char * const format_versions[] = { "1.0", "2.1" };
static unsigned int format;	/* index of the one in force */

static int set_format(const char *version)
{
	int found = match_string(format_versions, ARRAY_SIZE(format_versions),
				 version);

	if (found < 0)
		return found;
	WRITE_ONCE(format, found);
	return 0;
}

static int __init setup_format(char *str)
{
	if (set_format(str))
		pr_err("SLUB: slabinfo_version=%s refused: neither 1.0 nor 2.1; using %s\n",
		       str, format_versions[format]);
	return 1;
}
__setup("slabinfo_version=", setup_format);

static int format_sysctl(struct ctl_table *table, int write, void *buffer,
			 size_t *lenp, loff_t *ppos)
{
	/* Longer than any version, lest a bad one is cut to a good one. */
	char version[16];
	struct ctl_table copy = *table;
	int err;

	strscpy(version, format_versions[READ_ONCE(format)], sizeof(version));
	copy.data = version;
	copy.maxlen = sizeof(version);
	err = proc_dostring(&copy, write, buffer, lenp, ppos);
	if (err || !write)
		return err;
	return set_format(version);
}

static struct ctl_table slabinfo_table[] = {
	{
		.procname	= "slabinfo_version",
		.mode		= 0644,
		.proc_handler	= format_sysctl,
	},
	{ }
};

static int __init slabinfo_sysctl_init(void)
{
	register_sysctl_init("vm", slabinfo_table);
	return 0;
}
late_initcall(slabinfo_sysctl_init);

/**
 * slub_format_is_own - in which format is /proc/slabinfo, if opened now?
 *
 * Context: any.
 * Return: true for that of slub_show(), false for the one of SLAB.
 */
bool slub_format_is_own(void)
{
	return READ_ONCE(format) == 0;
}

static const struct {
	slab_flags_t flag;
	char letter;
} flag_letters[] = {
	{ SLAB_TYPESAFE_BY_RCU, 'R' },
	{ SLAB_MEM_SPREAD, 'S' },
	{ SLAB_CACHE_DMA, 'd' },
	{ SLAB_RECLAIM_ACCOUNT, 'r' },
	{ SLAB_PANIC, 'P' },
	{ SLAB_HWCACHE_ALIGN, 'a' },
	{ SLAB_CONSISTENCY_CHECKS, 'F' },
	{ SLAB_STORE_USER, 'U' },
	/* What 6.1 added. */
	{ SLAB_ACCOUNT, 'A' },
	{ SLAB_CACHE_DMA32, 'D' },
	{ SLAB_RED_ZONE, 'Z' },
	{ SLAB_POISON, 'O' },
	{ SLAB_TRACE, 'T' },
};

#define FLAG_STRING	(ARRAY_SIZE(flag_letters) + 2)

static void flag_string(struct kmem_cache *s, char *to)
{
	int i;

	if (s->ctor)
		*to++ = 'C';
	for (i = 0; i < ARRAY_SIZE(flag_letters); i++)
		if (s->flags & flag_letters[i].flag)
			*to++ = flag_letters[i].letter;
	*to = '\0';
}

static void show_header(struct seq_file *m)
{
	seq_puts(m, "slubinfo - version: 1.0\n");
	seq_puts(m, "# name            <objects> <order> <objsize> <slabs>/<partial>/<cpu> <flags>");
	seq_puts(m, IS_ENABLED(CONFIG_NUMA) ? " <nodes>\n" : "\n");
}

static void show_nodes(struct seq_file *m, struct kmem_cache *s)
{
	struct kmem_cache_node *pool;
	unsigned long slabs;
	int node;

	for_each_kmem_cache_node(s, node, pool) {
		slabs = slub_node_slabs(s, node);
		if (slabs)
			seq_printf(m, " N%d=%lu", node, slabs);
	}
}

/**
 * slub_show - print the line of a cache for /proc/slabinfo
 * @m: where to print
 * @s: the cache
 * @first: print the heading, too
 *
 * Context: slab_mutex held. Allocates nothing and takes no lock.
 */
void slub_show(struct seq_file *m, struct kmem_cache *s, bool first)
{
	char slabs[64], flags[FLAG_STRING];

	if (first)
		show_header(m);
	snprintf(slabs, sizeof(slabs), "%lu/%lu/%lu", slub_pool_slabs(s),
		 slub_pool_length(s), slub_cpu_slabs(s));
	flag_string(s, flags);
	seq_printf(m, "%-21s %6lu %1u %7u %12s", s->name,
		   slub_objects_in_use(s), s->order, s->size, slabs);
	if (flags[0] || (IS_ENABLED(CONFIG_NUMA) && slub_pool_slabs(s)))
		seq_printf(m, " %5s", flags);
	if (IS_ENABLED(CONFIG_NUMA))
		show_nodes(m, s);
	seq_putc(m, '\n');
}

/**
 * get_slabinfo - the figures of version 2.1, which memory reports use as well
 * @s: the cache
 * @sinfo: where to put them; objects and slabs, and pages as an order
 *
 * Context: any but NMI.
 */
void get_slabinfo(struct kmem_cache *s, struct slabinfo *sinfo)
{
	memset(sinfo, 0, sizeof(*sinfo));
	sinfo->active_objs = slub_objects_in_use(s);
	sinfo->num_objs = slub_capacity(s);
	sinfo->num_slabs = slub_pool_slabs(s);
	sinfo->active_slabs = sinfo->num_slabs;
	sinfo->objects_per_slab = s->objects;
	sinfo->cache_order = s->order;
}

/**
 * slabinfo_show_stats - nothing: version 2.1 needs no statistics of each cache
 * @m: where they would be printed
 * @s: the cache
 *
 * Context: any.
 */
void slabinfo_show_stats(struct seq_file *m, struct kmem_cache *s)
{
}

/**
 * slabinfo_write - refuse to tune a cache: there is nothing that could be tuned
 * @file: /proc/slabinfo
 * @buffer: what is written to it
 * @count: how many bytes
 * @ppos: where
 *
 * Context: a task.
 * Return: -EIO.
 */
ssize_t slabinfo_write(struct file *file, const char __user *buffer,
		       size_t count, loff_t *ppos)
{
	return -EIO;
}

/* ---- Names ---- */

/**
 * kmem_cache_users - the names of all users of a cache
 * @s: the cache, or NULL
 * @buf: where to put them if there are several; KMEM_CACHE_USERS bytes
 *
 * Context: any.
 * Return: "first=second=third", cut short with "..." if @buf is too small.
 */
const char *kmem_cache_users(struct kmem_cache *s, char *buf)
{
	struct slub_alias *alias;
	size_t length;

	if (!s)
		return "unknown";
	length = scnprintf(buf, KMEM_CACHE_USERS, "%s", s->name);
	/* Without slab_mutex: names are only ever added while it is in use. */
	list_for_each_entry_rcu(alias, &s->aliases, list, true)
		length += scnprintf(buf + length, KMEM_CACHE_USERS - length,
				    "=%s", alias->name);
	if (length == KMEM_CACHE_USERS - 1)
		strcpy(buf + length - 3, "...");
	return buf;
}

#ifdef CONFIG_DEBUG_FS
/* /sys/kernel/debug/slab, once debugfs is there. */
struct dentry *slub_debugfs;

static int aliases_show(struct seq_file *m, void *unused)
{
	struct slub_alias *alias;
	struct kmem_cache *s;

	mutex_lock(&slab_mutex);
	list_for_each_entry(s, &slab_caches, list) {
		if (list_empty(&s->aliases))
			continue;
		seq_printf(m, "%s:", s->name);
		list_for_each_entry(alias, &s->aliases, list)
			seq_printf(m, " %s", alias->name);
		seq_putc(m, '\n');
	}
	mutex_unlock(&slab_mutex);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(aliases);

static int __init slub_debugfs_init(void)
{
	struct kmem_cache *s;

	mutex_lock(&slab_mutex);
	slub_debugfs = debugfs_create_dir("slab", NULL);
	debugfs_create_file("aliases", 0400, slub_debugfs, NULL, &aliases_fops);
	list_for_each_entry(s, &slab_caches, list)
		if (slub_debugged(s))
			slub_track_files(s);
	mutex_unlock(&slab_mutex);
	return 0;
}
late_initcall(slub_debugfs_init);
#endif

/* ---- Reports ---- */

DEFINE_RATELIMIT_STATE(slub_report_limit, DEFAULT_RATELIMIT_INTERVAL,
		       DEFAULT_RATELIMIT_BURST);

/**
 * slub_report_free - report a free that can't be trusted
 * @s: the cache that it was meant for, or NULL if unknown
 * @x: what was to be freed; it is leaked
 * @what: what is wrong with it
 * @caller: who wanted to free it
 *
 * Context: any but NMI.
 */
void slub_report_free(struct kmem_cache *s, const void *x, const char *what,
		      unsigned long caller)
{
	struct slab *slab = virt_addr_valid(x) ? slab_of(x) : NULL;
	char meant[KMEM_CACHE_USERS], found[KMEM_CACHE_USERS];

	/* Pages of KFENCE's are slabs before they belong to any cache. */
	if (is_kfence_address(x))
		slab = NULL;
	if (slab && slub_debugged(slab->slab_cache)) {
		slub_report_bad_free(s, slab, x);
		return;
	}
	if (!__ratelimit(&slub_report_limit))
		return;
	if (!slab || slab->slab_cache == s)
		pr_err("SLUB: bad free: %s: 0x%p freed by %pS, cache %s; leaked\n",
		       what, x, (void *)caller, kmem_cache_users(s, meant));
	else
		pr_err("SLUB: bad free: %s: 0x%p freed by %pS into %s, belongs to %s; leaked\n",
		       what, x, (void *)caller, kmem_cache_users(s, meant),
		       kmem_cache_users(slab->slab_cache, found));
}

/**
 * slub_report_slab - report a slab that is damaged
 * @s: the cache
 * @slab: the slab
 * @what: what is wrong, and what was done
 *
 * Context: any but NMI.
 */
void slub_report_slab(struct kmem_cache *s, struct slab *slab,
		      const char *what)
{
	static DEFINE_RATELIMIT_STATE(slab_limit, DEFAULT_RATELIMIT_INTERVAL,
				      DEFAULT_RATELIMIT_BURST);
	char names[KMEM_CACHE_USERS];

	if (!__ratelimit(&slab_limit))
		return;
	pr_err("SLUB: %s: slab 0x%p of cache %s, %u objects of %u bytes\n",
	       what, slab_address(slab), kmem_cache_users(s, names),
	       slab->objects, s->size);
}

/**
 * slub_report_oom - report that there was no memory for a slab
 * @s: the cache
 * @gfp: GFP_* flags of the request; __GFP_NOWARN keeps it quiet
 * @node: id of the node asked for, or NUMA_NO_NODE
 *
 * Context: any but NMI.
 */
void slub_report_oom(struct kmem_cache *s, gfp_t gfp, int node)
{
	static DEFINE_RATELIMIT_STATE(oom_limit, DEFAULT_RATELIMIT_INTERVAL,
				      DEFAULT_RATELIMIT_BURST);
	char names[KMEM_CACHE_USERS];
	struct kmem_cache_node *pool;
	int nid;

	if ((gfp & __GFP_NOWARN) || !__ratelimit(&oom_limit))
		return;
	pr_warn("SLUB: out of memory for cache %s, node %d, gfp=%#x(%pGg), order %u or %u\n",
		kmem_cache_users(s, names), node, gfp, &gfp, s->order,
		s->min_order);
	pr_warn("SLUB:   objects of %u bytes (%u asked for), %lu in use\n",
		s->size, s->object_size, slub_objects_in_use(s));
	for_each_kmem_cache_node(s, nid, pool)
		pr_warn("SLUB:   node %d: %lu slabs for %lu objects, %lu partial, %u empty\n",
			nid, slub_node_slabs(s, nid), slub_node_capacity(s, nid),
			READ_ONCE(pool->nr_partial), READ_ONCE(pool->nr_empty));
}

#define LIVE_LIMIT	16

static unsigned long report_live_in(struct kmem_cache *s, struct slab *slab,
				    unsigned long *map, unsigned long seen)
{
	/* A page that RCU frees just now may have anything in there. */
	unsigned int objects = min_t(unsigned int, READ_ONCE(slab->objects),
				     SLAB_OBJECTS_MAX);
	unsigned int index;

	if (slub_debugged(s) && word_of(slab).owned) {
		pr_err("SLUB:   slab 0x%p of %s had been set aside\n",
		       slab_address(slab), s->name);
		return seen;
	}
	slub_pool_mark_free(s, slab, map, objects);
	for_each_clear_bit(index, map, objects) {
		if (seen++ >= LIVE_LIMIT)
			continue;
		pr_err("SLUB:   object 0x%p of %s in use, number %u of slab 0x%p\n",
		       slab_object(s, slab, index), s->name, index,
		       slab_address(slab));
		print_tracking(s, slab_object(s, slab, index));
	}
	return seen;
}

/**
 * slub_report_live - name the objects of a cache that are in use
 * @s: the cache; nobody allocates from it or frees into it any more
 *
 * Full slabs are on no list. This is the one place that needs them, and rare
 * enough to look at all pages of the machine instead.
 *
 * Context: may sleep.
 */
void slub_report_live(struct kmem_cache *s)
{
	unsigned long pfn, seen = 0, left = slub_pool_slabs(s);
	char names[KMEM_CACHE_USERS];
	unsigned long *map, live;
	struct page *page;
	struct slab *slab;

	pr_err("SLUB: objects in use, cache kept: %s, %lu objects, %lu slabs\n",
	       kmem_cache_users(s, names), slub_objects_in_use(s),
	       slub_pool_slabs(s));
	map = bitmap_alloc(SLAB_OBJECTS_MAX, GFP_KERNEL);
	if (!map)
		return;
	/* No get_online_mems(): memory going offline waits for slab_mutex. */
	for (pfn = min_low_pfn; pfn < max_pfn && left; pfn++) {
		if (!(pfn % 1024))
			cond_resched();
		page = pfn_to_online_page(pfn);
		if (!page || PageTail(page) || !PageSlab(page))
			continue;
		slab = page_slab(page);
		if (slab->slab_cache != s || is_kfence_address(slab_address(slab)))
			continue;
		live = report_live_in(s, slab, map, seen);
		/* One that waits for the end of a grace period was not counted. */
		left -= live != seen;
		seen = live;
	}
	bitmap_free(map);
	if (seen > LIVE_LIMIT)
		pr_err("SLUB:   and %lu more\n", seen - LIVE_LIMIT);
}

/* ---- Questions about objects ---- */

/**
 * kmem_ptr_validate - is a pointer an object of a cache?
 * @s: the cache
 * @ptr: any value at all
 *
 * Free objects count as well: the cache can't know what its user has freed.
 *
 * Context: any. The caller sees to it that the slab does not go away.
 * Return: 1 if @ptr is the start of an object of @s, else 0.
 */
int kmem_ptr_validate(struct kmem_cache *s, const void *ptr)
{
	struct slab *slab;

	if ((unsigned long)ptr < PAGE_SIZE || !virt_addr_valid(ptr))
		return 0;
	slab = slab_of(ptr);
	if (!slab || slab->slab_cache != s)
		return 0;
	if (is_kfence_address(ptr))
		return kfence_object_start(ptr) == ptr;
	return slab_holds(s, slab, kasan_reset_tag(ptr));
}
EXPORT_SYMBOL_GPL(kmem_ptr_validate);

#ifdef CONFIG_HARDENED_USERCOPY
/**
 * __check_heap_object - reject a copy to or from user space beyond an object, or
 *                       beyond the bytes that its cache has opened for that
 * @ptr: where the copy begins
 * @n: bytes
 * @slab: the slab that @ptr points into
 * @to_user: the direction, for the report
 *
 * Context: any; does not return if it rejects.
 */
void __check_heap_object(const void *ptr, unsigned long n,
			 const struct slab *slab, bool to_user)
{
	struct kmem_cache *s = slab->slab_cache;
	char users[KMEM_CACHE_USERS];
	unsigned long offset;

	ptr = kasan_reset_tag(ptr);
	if (ptr < slab_address(slab))
		usercopy_abort("SLUB object not in slab page?!", NULL, to_user,
			       0, n);
	if (is_kfence_address(ptr))
		offset = ptr - kfence_object_start(ptr);
	else
		offset = (ptr - slab_address(slab)) % s->size - slub_left_pad(s);

	if (offset < s->useroffset || n > s->usersize ||
	    offset - s->useroffset > s->usersize - n)
		usercopy_abort("SLUB object", kmem_cache_users(s, users),
			       to_user, offset, n);
}
#endif

#ifdef CONFIG_PRINTK
/**
 * __kmem_obj_info - fill in what kmem_dump_obj() prints
 * @kpp: what to fill
 * @object: a pointer to or into an object
 * @slab: the slab that it points into
 *
 * Context: any.
 */
void __kmem_obj_info(struct kmem_obj_info *kpp, void *object, struct slab *slab)
{
	struct kmem_cache *s = slab->slab_cache;

	kpp->kp_ptr = object;
	kpp->kp_slab = slab;
	kpp->kp_slab_cache = s;
	/* What begins there may be a left red zone, and then the data. */
	kpp->kp_data_offset = slub_left_pad(s);
	object = nearest_obj(s, slab, kasan_reset_tag(object));
	kpp->kp_objp = object - kpp->kp_data_offset;
	if (slub_debugged(s))
		slub_track_info(kpp, s, object);
}
#endif
