// SPDX-License-Identifier: GPL-2.0-only
/*
 * SLUB: /sys/kernel/slab, a directory a cache. The files are those that
 * Documentation/ABI/testing/sysfs-kernel-slab names; Documentation/mm/slub.rst
 * says what they mean here, and which have nothing to tell.
 *
 * Names: a cache that others can share has a directory that is named after
 * what they share, ":a-0000192" say, and a symlink by the name of each user.
 * Any other cache has a directory of its own name, and so has one whose id is
 * taken: by a cache that is about to go, or that was kept as objects of it are
 * in use. A link by a name that somebody needs is that of a user who has left.
 *
 * Lifetime: a directory comes when its cache is complete, its files when
 * somebody first looks into it, and it goes when nobody can use the cache any
 * more. kobject_del() waits for those who are in one of its files; whoever comes
 * later gets -ENODEV. Only then is the cache freed, and its name offered to
 * others: one that came while the directory was about to go, after a grace period
 * perhaps, may wait for it. If an entry can't be made for any other reason the log
 * says so, and the cache does without; if that happens to its files, whoever looks
 * gets the error, and they are tried again for the next one.
 *
 * Locks: directories and links are made, and links removed, under slab_mutex.
 * Files are made without it. Directories and files are removed without it, since
 * that waits for those who are in a file, and may be waiting for
 * cpu_hotplug_lock, which comes before it. No events are sent to user space.
 */
#include <linux/cpu.h>
#include <linux/kernfs.h>
#include <linux/kobject.h>
#include <linux/kstrtox.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/sysfs.h>

#include "slub_debug.h"

/*
 * A file. Writing is the same for all: one number, which @store judges.
 * @of_node, @flag and @item are for those who share a function.
 */
struct slub_file {
	struct attribute attr;
	ssize_t (*show)(struct kmem_cache *s, const struct slub_file *file,
			char *buf);
	int (*store)(struct kmem_cache *s, const struct slub_file *file,
		     unsigned int value);
	unsigned long (*of_node)(struct kmem_cache *s, int node);
	slab_flags_t flag;
	enum slub_stat item;
};

#define SLUB_FILE(_name, _mode, ...)					\
	static struct slub_file file_##_name = {			\
		.attr = { .name = #_name, .mode = _mode },		\
		__VA_ARGS__						\
	}

/* What fits into the page of a file behind a list: a new line and no item. */
#define LIST_END	(PAGE_SIZE - 32)

/* ---- Numbers by node ---- */

/* One number for each node. Return: NULL if there is no memory. */
static long *alloc_nodes(void)
{
	return kcalloc(nr_node_ids, sizeof(long), GFP_KERNEL);
}

/* "12 N0=9 N1=3". Consumes @nodes, which may be NULL. */
static ssize_t emit_nodes(char *buf, long total, long *nodes)
{
	int node, length;

	if (!nodes)
		return -ENOMEM;
	length = sysfs_emit(buf, "%ld", max(total, 0L));
	for (node = 0; node < nr_node_ids && IS_ENABLED(CONFIG_NUMA); node++)
		if (nodes[node] > 0 && length < LIST_END)
			length += sysfs_emit_at(buf, length, " N%d=%ld", node,
						nodes[node]);
	kfree(nodes);
	return length + sysfs_emit_at(buf, length, "\n");
}

static long sum_nodes(const long *nodes)
{
	long sum = 0;
	int node;

	for (node = 0; nodes && node < nr_node_ids; node++)
		sum += nodes[node];
	return sum;
}

/* A number that each part of the pool knows by itself. */
static ssize_t show_pool(struct kmem_cache *s, const struct slub_file *file,
			 char *buf)
{
	struct kmem_cache_node *pool;
	long *nodes = alloc_nodes();
	int node;

	if (nodes)
		for_each_kmem_cache_node(s, node, pool)
			nodes[node] = file->of_node(s, node);
	return emit_nodes(buf, sum_nodes(nodes), nodes);
}

/* The reserve, too, as in /proc/slabinfo. */
static unsigned long pool_length(struct kmem_cache *s, int node)
{
	struct kmem_cache_node *pool = get_node(s, node);

	return READ_ONCE(pool->nr_partial) + READ_ONCE(pool->nr_empty);
}

SLUB_FILE(slabs, 0400, .show = show_pool, .of_node = slub_node_slabs);
SLUB_FILE(total_objects, 0400, .show = show_pool, .of_node = slub_node_capacity);
SLUB_FILE(partial, 0400, .show = show_pool, .of_node = pool_length);

static ssize_t show_cpu_slabs(struct kmem_cache *s,
			      const struct slub_file *file, char *buf)
{
	long *nodes = alloc_nodes();
	struct kmem_cache_cpu *c;
	struct slab *slab;
	int cpu;

	rcu_read_lock();
	for_each_possible_cpu(cpu) {
		c = nodes ? slub_cpu(s, cpu) : NULL;
		if (!c)
			continue;
		/* May be gone by now; its struct page says where. */
		slab = of_other(c->slab);
		if (slab)
			nodes[slab_nid(slab)]++;
		nodes[cpu_to_mem(cpu)] += of_other(c->nr_partial);
	}
	rcu_read_unlock();
	return emit_nodes(buf, sum_nodes(nodes), nodes);
}

SLUB_FILE(cpu_slabs, 0400, .show = show_cpu_slabs);

/*
 * Objects in use. How many there are is known exactly. On which node they are
 * is what is left of the slabs there after all free objects were found: in the
 * pool, and on the CPUs, which look at what they own and have at hand. What was
 * lost to a corrupt free list can't be found, and counts for its node.
 */
struct cpu_count {
	struct kmem_cache *s;
	long *nodes;
	bool pool;	/* only what is at hand of the pool's slabs */
	bool busy;
};

/* Is @slab partial, in the pool? It is not locked: of a moment. */
static bool in_pool(const struct slab *slab)
{
	union slab_word word = word_of(slab);

	return !word.owned && word.free;
}

/* An interrupt, or called, on the CPU that is to be looked at. */
static void count_cpu(void *info)
{
	struct cpu_count *count = info;
	struct kmem_cache_cpu *c = slub_cpu_enter(count->s);
	struct slab *slab;
	unsigned int n;

	count->busy = !c && slub_cpu(count->s, raw_smp_processor_id());
	if (!c)
		return;
	for (n = 1; n <= slub_hand(c); n++) {
		slab = slab_of(c->recent[n]);
		if (!count->pool || in_pool(slab))
			count->nodes[slab_nid(slab)]--;
	}
	if (count->pool)
		goto out;
	if (c->slab)
		count->nodes[slab_nid(c->slab)] -=
			slab_count_free(c->slab);
	list_for_each_entry(slab, &c->partial, slab_list)
		count->nodes[slab_nid(slab)] -=
			slab_count_free(slab);
out:
	slub_cpu_exit(c);
}

/* How often a CPU is asked anew if it was amidst a change. */
#define BUSY_LIMIT	100

static void subtract_cpus(struct kmem_cache *s, long *nodes, bool pool)
{
	struct cpu_count count = { .s = s, .nodes = nodes, .pool = pool };
	int cpu, tries;

	/* CPUs that are not online own nothing, and none comes or goes now. */
	cpus_read_lock();
	for_each_online_cpu(cpu) {
		if (!slub_cpu(s, cpu))
			continue;
		for (tries = 0; tries < BUSY_LIMIT; tries++) {
			smp_call_function_single(cpu, count_cpu, &count, 1);
			if (!count.busy)
				break;
			cond_resched();
		}
	}
	cpus_read_unlock();
}

static ssize_t show_objects_partial(struct kmem_cache *s,
				    const struct slub_file *file, char *buf)
{
	long *nodes = alloc_nodes();
	unsigned long free, used;
	int node;

	for (node = 0; nodes && node < nr_node_ids; node++) {
		slub_pool_count(s, node, &free, &used);
		nodes[node] = used;
	}
	if (nodes)
		subtract_cpus(s, nodes, true);
	return emit_nodes(buf, sum_nodes(nodes), nodes);
}

SLUB_FILE(objects_partial, 0400, .show = show_objects_partial);

static ssize_t show_objects(struct kmem_cache *s, const struct slub_file *file,
			    char *buf)
{
	long *nodes = alloc_nodes();
	struct kmem_cache_node *pool;
	unsigned long free, used;
	int node;

	if (nodes && nr_node_ids == 1) {
		nodes[0] = slub_objects_in_use(s);
	} else if (nodes) {
		for_each_kmem_cache_node(s, node, pool) {
			slub_pool_count(s, node, &free, &used);
			nodes[node] = slub_node_capacity(s, node) - free;
		}
		subtract_cpus(s, nodes, false);
	}
	return emit_nodes(buf, slub_objects_in_use(s), nodes);
}

SLUB_FILE(objects, 0400, .show = show_objects);

/* ---- What a cache is like ---- */

static ssize_t show_aliases(struct kmem_cache *s, const struct slub_file *file,
			    char *buf)
{
	return sysfs_emit(buf, "%d\n", max(READ_ONCE(s->refcount) - 1, 0));
}

SLUB_FILE(aliases, 0400, .show = show_aliases);

static ssize_t show_align(struct kmem_cache *s, const struct slub_file *file,
			  char *buf)
{
	return sysfs_emit(buf, "%u\n", s->align);
}

SLUB_FILE(align, 0400, .show = show_align);

static ssize_t show_ctor(struct kmem_cache *s, const struct slub_file *file,
			 char *buf)
{
	return s->ctor ? sysfs_emit(buf, "%pS\n", s->ctor) : 0;
}

SLUB_FILE(ctor, 0400, .show = show_ctor);

static ssize_t show_object_size(struct kmem_cache *s,
				const struct slub_file *file, char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(s->object_size));
}

SLUB_FILE(object_size, 0400, .show = show_object_size);

static ssize_t show_objs_per_slab(struct kmem_cache *s,
				  const struct slub_file *file, char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(s->objects));
}

SLUB_FILE(objs_per_slab, 0400, .show = show_objs_per_slab);

static ssize_t show_slab_size(struct kmem_cache *s,
			      const struct slub_file *file, char *buf)
{
	return sysfs_emit(buf, "%u\n", s->size);
}

SLUB_FILE(slab_size, 0400, .show = show_slab_size);

static ssize_t show_usersize(struct kmem_cache *s,
			     const struct slub_file *file, char *buf)
{
	return sysfs_emit(buf, "%u\n", s->usersize);
}

SLUB_FILE(usersize, 0400, .show = show_usersize);

static ssize_t show_flag(struct kmem_cache *s, const struct slub_file *file,
			 char *buf)
{
	return sysfs_emit(buf, "%d\n", !!(READ_ONCE(s->flags) & file->flag));
}

#define SLUB_FLAG(_name, _flag) \
	SLUB_FILE(_name, 0400, .show = show_flag, .flag = (_flag))

SLUB_FLAG(cache_dma, SLAB_CACHE_DMA);
SLUB_FLAG(destroy_by_rcu, SLAB_TYPESAFE_BY_RCU);
SLUB_FLAG(hwcache_align, SLAB_HWCACHE_ALIGN);
SLUB_FLAG(poison, SLAB_POISON);
SLUB_FLAG(reclaim_account, SLAB_RECLAIM_ACCOUNT);
SLUB_FLAG(red_zone, SLAB_RED_ZONE);
SLUB_FLAG(sanity_checks, SLAB_CONSISTENCY_CHECKS);
SLUB_FLAG(store_user, SLAB_STORE_USER);
SLUB_FLAG(trace, SLAB_TRACE);

/* In percent: other nodes' partial slabs are always asked before a new one. */
static ssize_t show_always(struct kmem_cache *s, const struct slub_file *file,
			   char *buf)
{
	return sysfs_emit(buf, "100\n");
}

SLUB_FILE(remote_node_defrag_ratio, 0400, .show = show_always);

/*
 * "640(20) C0=320(10) C1=320(10)": free objects, in how many slabs. They are not
 * counted but guessed, as everywhere: half of each slab.
 */
static ssize_t show_slabs_cpu_partial(struct kmem_cache *s,
				      const struct slub_file *file, char *buf)
{
	unsigned int half = READ_ONCE(s->objects) / 2;
	unsigned long sum = 0, slabs;
	struct kmem_cache_cpu *c;
	int cpu, length;

	rcu_read_lock();
	for_each_possible_cpu(cpu) {
		c = slub_cpu(s, cpu);
		sum += c ? of_other(c->nr_partial) : 0;
	}
	length = sysfs_emit(buf, "%lu(%lu)", sum * half, sum);
	for_each_possible_cpu(cpu) {
		c = slub_cpu(s, cpu);
		slabs = c ? of_other(c->nr_partial) : 0;
		if (IS_ENABLED(CONFIG_SMP) && slabs && length < LIST_END)
			length += sysfs_emit_at(buf, length, " C%d=%lu(%lu)",
						cpu, slabs * half, slabs);
	}
	rcu_read_unlock();
	return length + sysfs_emit_at(buf, length, "\n");
}

SLUB_FILE(slabs_cpu_partial, 0400, .show = show_slabs_cpu_partial);

/* ---- What can be changed ---- */

/* A file that only makes something happen has nothing to show. */
static ssize_t show_nothing(struct kmem_cache *s, const struct slub_file *file,
			    char *buf)
{
	return 0;
}

static ssize_t show_order(struct kmem_cache *s, const struct slub_file *file,
			  char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(s->order));
}

static int store_order(struct kmem_cache *s, const struct slub_file *file,
		       unsigned int value)
{
	return slub_set_order(s, value);
}

SLUB_FILE(order, 0600, .show = show_order, .store = store_order);

static ssize_t show_min_partial(struct kmem_cache *s,
				const struct slub_file *file, char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(s->min_partial));
}

static int store_min_partial(struct kmem_cache *s,
			     const struct slub_file *file, unsigned int value)
{
	return slub_set_min_partial(s, value);
}

SLUB_FILE(min_partial, 0600, .show = show_min_partial,
	  .store = store_min_partial);

static ssize_t show_cpu_partial(struct kmem_cache *s,
				const struct slub_file *file, char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(s->cpu_partial));
}

static int store_cpu_partial(struct kmem_cache *s,
			     const struct slub_file *file, unsigned int value)
{
	/* CPUs hold nothing of a cache that is debugged. */
	if (value && slub_debugged(s))
		return -EINVAL;
	return slub_set_cpu_partial(s, value);
}

SLUB_FILE(cpu_partial, 0600, .show = show_cpu_partial,
	  .store = store_cpu_partial);

static int store_shrink(struct kmem_cache *s, const struct slub_file *file,
			unsigned int value)
{
	if (value != 1)
		return -EINVAL;
	kmem_cache_shrink(s);
	return 0;
}

SLUB_FILE(shrink, 0600, .show = show_nothing, .store = store_shrink);

#ifdef CONFIG_SLUB_DEBUG
static int store_validate(struct kmem_cache *s, const struct slub_file *file,
			  unsigned int value)
{
	long slabs;

	if (value != 1)
		return -EINVAL;
	slabs = validate_slab_cache(s);
	return min(slabs, 0L);
}

SLUB_FILE(validate, 0600, .show = show_nothing, .store = store_validate);

static ssize_t show_alloc_calls(struct kmem_cache *s,
				const struct slub_file *file, char *buf)
{
	return slub_track_calls(s, TRACK_ALLOC, buf);
}

static ssize_t show_free_calls(struct kmem_cache *s,
			       const struct slub_file *file, char *buf)
{
	return slub_track_calls(s, TRACK_FREE, buf);
}

SLUB_FILE(alloc_calls, 0400, .show = show_alloc_calls);
SLUB_FILE(free_calls, 0400, .show = show_free_calls);
#endif

static int change_flag(struct kmem_cache *s, slab_flags_t flag, bool on)
{
	static DEFINE_MUTEX(lock);

	mutex_lock(&lock);
	WRITE_ONCE(s->flags, on ? s->flags | flag : s->flags & ~flag);
	mutex_unlock(&lock);
	return 0;
}

static int store_failslab(struct kmem_cache *s, const struct slub_file *file,
			  unsigned int value)
{
	/* Who wants one cache to fail does not mean all that share it. */
	if (value > 1 || READ_ONCE(s->refcount) > 1)
		return -EINVAL;
	return change_flag(s, file->flag, value);
}

SLUB_FILE(failslab, 0600, .show = show_flag, .store = store_failslab,
	  .flag = SLAB_FAILSLAB);

static int store_skip_kfence(struct kmem_cache *s,
			     const struct slub_file *file, unsigned int value)
{
	return value > 1 ? -EINVAL : change_flag(s, file->flag, value);
}

SLUB_FILE(skip_kfence, 0600, .show = show_flag, .store = store_skip_kfence,
	  .flag = SLAB_SKIP_KFENCE);

/* ---- Statistics ---- */

#ifdef CONFIG_SLUB_STATS
static unsigned long *stat_of(struct kmem_cache *s, int cpu,
			      enum slub_stat item)
{
	return &per_cpu_ptr(s->stats, cpu)->item[item];
}

/* "12 C0=9 C3=3" */
static ssize_t show_stat(struct kmem_cache *s, const struct slub_file *file,
			 char *buf)
{
	unsigned long sum = 0, count;
	int cpu, length;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(*stat_of(s, cpu, file->item));
	length = sysfs_emit(buf, "%lu", sum);
	for_each_possible_cpu(cpu) {
		count = READ_ONCE(*stat_of(s, cpu, file->item));
		if (IS_ENABLED(CONFIG_SMP) && count && length < LIST_END)
			length += sysfs_emit_at(buf, length, " C%d=%lu", cpu,
						count);
	}
	return length + sysfs_emit_at(buf, length, "\n");
}

static int store_stat(struct kmem_cache *s, const struct slub_file *file,
		      unsigned int value)
{
	int cpu;

	if (value)
		return -EINVAL;
	/* What is counted at this moment may be lost, or survive. */
	for_each_possible_cpu(cpu)
		WRITE_ONCE(*stat_of(s, cpu, file->item), 0);
	return 0;
}

#define SLUB_STAT(_name, _item) \
	SLUB_FILE(_name, 0600, .show = show_stat, .store = store_stat, \
		  .item = (_item))

SLUB_STAT(alloc_fastpath, STAT_ALLOC_FASTPATH);
SLUB_STAT(alloc_slowpath, STAT_ALLOC_SLOWPATH);
SLUB_STAT(free_fastpath, STAT_FREE_FASTPATH);
SLUB_STAT(free_slowpath, STAT_FREE_SLOWPATH);
SLUB_STAT(free_frozen, STAT_FREE_FROZEN);
SLUB_STAT(free_add_partial, STAT_FREE_ADD_PARTIAL);
SLUB_STAT(free_remove_partial, STAT_FREE_REMOVE_PARTIAL);
SLUB_STAT(alloc_from_partial, STAT_ALLOC_FROM_PARTIAL);
SLUB_STAT(alloc_slab, STAT_ALLOC_SLAB);
SLUB_STAT(alloc_refill, STAT_ALLOC_REFILL);
SLUB_STAT(alloc_node_mismatch, STAT_ALLOC_NODE_MISMATCH);
SLUB_STAT(free_slab, STAT_FREE_SLAB);
SLUB_STAT(cpuslab_flush, STAT_CPUSLAB_FLUSH);
SLUB_STAT(deactivate_full, STAT_DEACTIVATE_FULL);
SLUB_STAT(deactivate_empty, STAT_DEACTIVATE_EMPTY);
SLUB_STAT(deactivate_to_head, STAT_DEACTIVATE_TO_HEAD);
SLUB_STAT(deactivate_to_tail, STAT_DEACTIVATE_TO_TAIL);
SLUB_STAT(deactivate_remote_frees, STAT_DEACTIVATE_REMOTE_FREES);
SLUB_STAT(deactivate_bypass, STAT_DEACTIVATE_BYPASS);
SLUB_STAT(order_fallback, STAT_ORDER_FALLBACK);
SLUB_STAT(cmpxchg_double_cpu_fail, STAT_CMPXCHG_DOUBLE_CPU_FAIL);
SLUB_STAT(cmpxchg_double_fail, STAT_CMPXCHG_DOUBLE_FAIL);
SLUB_STAT(cpu_partial_alloc, STAT_CPU_PARTIAL_ALLOC);
SLUB_STAT(cpu_partial_free, STAT_CPU_PARTIAL_FREE);
SLUB_STAT(cpu_partial_node, STAT_CPU_PARTIAL_NODE);
SLUB_STAT(cpu_partial_drain, STAT_CPU_PARTIAL_DRAIN);
#endif

/* ---- Directories ---- */

#define ENTRY(_name)	(&file_##_name.attr)

static struct attribute *slub_files[] = {
	ENTRY(aliases),
	ENTRY(align),
	ENTRY(cache_dma),
	ENTRY(cpu_partial),
	ENTRY(cpu_slabs),
	ENTRY(ctor),
	ENTRY(destroy_by_rcu),
	ENTRY(failslab),
	ENTRY(hwcache_align),
	ENTRY(min_partial),
	ENTRY(object_size),
	ENTRY(objects),
	ENTRY(objects_partial),
	ENTRY(objs_per_slab),
	ENTRY(order),
	ENTRY(partial),
	ENTRY(poison),
	ENTRY(reclaim_account),
	ENTRY(red_zone),
	ENTRY(remote_node_defrag_ratio),
	ENTRY(sanity_checks),
	ENTRY(shrink),
	ENTRY(skip_kfence),
	ENTRY(slab_size),
	ENTRY(slabs),
	ENTRY(slabs_cpu_partial),
	ENTRY(store_user),
	ENTRY(total_objects),
	ENTRY(trace),
	ENTRY(usersize),
#ifdef CONFIG_SLUB_DEBUG
	ENTRY(alloc_calls),
	ENTRY(free_calls),
	ENTRY(validate),
#endif
#ifdef CONFIG_SLUB_STATS
	ENTRY(alloc_fastpath),
	ENTRY(alloc_from_partial),
	ENTRY(alloc_node_mismatch),
	ENTRY(alloc_refill),
	ENTRY(alloc_slab),
	ENTRY(alloc_slowpath),
	ENTRY(cmpxchg_double_cpu_fail),
	ENTRY(cmpxchg_double_fail),
	ENTRY(cpu_partial_alloc),
	ENTRY(cpu_partial_drain),
	ENTRY(cpu_partial_free),
	ENTRY(cpu_partial_node),
	ENTRY(cpuslab_flush),
	ENTRY(deactivate_bypass),
	ENTRY(deactivate_empty),
	ENTRY(deactivate_full),
	ENTRY(deactivate_remote_frees),
	ENTRY(deactivate_to_head),
	ENTRY(deactivate_to_tail),
	ENTRY(free_add_partial),
	ENTRY(free_fastpath),
	ENTRY(free_frozen),
	ENTRY(free_remove_partial),
	ENTRY(free_slab),
	ENTRY(free_slowpath),
	ENTRY(order_fallback),
#endif
	NULL
};

/* A file about what this kernel does not have is not there. */
static bool file_wanted(const struct attribute *attr)
{
	if (attr == ENTRY(cache_dma))
		return IS_ENABLED(CONFIG_ZONE_DMA);
	if (attr == ENTRY(remote_node_defrag_ratio))
		return IS_ENABLED(CONFIG_NUMA);
	if (attr == ENTRY(failslab))
		return IS_ENABLED(CONFIG_FAILSLAB);
	if (attr == ENTRY(skip_kfence))
		return IS_ENABLED(CONFIG_KFENCE);
	if (attr == ENTRY(poison) || attr == ENTRY(red_zone) ||
	    attr == ENTRY(sanity_checks) || attr == ENTRY(store_user) ||
	    attr == ENTRY(trace))
		return IS_ENABLED(CONFIG_SLUB_DEBUG);
	return true;
}

static struct kmem_cache *to_cache(struct kobject *kobj)
{
	return container_of(kobj, struct kmem_cache, kobj);
}

static ssize_t file_show(struct kobject *kobj, struct attribute *attr,
			 char *buf)
{
	const struct slub_file *file;

	file = container_of(attr, const struct slub_file, attr);
	return file->show(to_cache(kobj), file, buf);
}

static ssize_t file_store(struct kobject *kobj, struct attribute *attr,
			  const char *buf, size_t length)
{
	const struct slub_file *file;
	unsigned int value;
	int err;

	file = container_of(attr, const struct slub_file, attr);
	if (!file->store)
		return -EIO;
	/* Not a number, or too large for one: the same to the user. */
	if (kstrtouint(buf, 10, &value))
		return -EINVAL;
	err = file->store(to_cache(kobj), file, value);
	return err ? err : length;
}

static const struct sysfs_ops slub_sysfs_ops = {
	.show = file_show,
	.store = file_store,
};

static void slub_kobj_release(struct kobject *kobj)
{
	slab_kmem_cache_release(to_cache(kobj));
}

static umode_t file_mode(struct kobject *kobj, struct attribute *attr, int index)
{
	return file_wanted(attr) ? attr->mode : 0;
}

/*
 * Most of these files are never looked at, and would take more memory than many a
 * cache: they are made when somebody first looks into the directory.
 */
static const struct attribute_group slub_file_group = {
	.attrs = slub_files,
	.is_visible = file_mode,
};

static const struct kobj_type slub_ktype = {
	.sysfs_ops = &slub_sysfs_ops,
	.release = slub_kobj_release,
	.lazy_group = &slub_file_group,
};

/*
 * /sys/kernel/slab, or NULL: boot is not that far, or there was no memory. drgn
 * knows it by this name and type.
 */
static struct kset *slab_kset;

/* ---- Names; all of this with slab_mutex held ---- */

static const struct {
	slab_flags_t flag;
	char letter;
} id_letters[] = {
	{ SLAB_CACHE_DMA, 'd' },
	{ SLAB_CACHE_DMA32, 'D' },
	{ SLAB_RECLAIM_ACCOUNT, 'a' },
	{ SLAB_CONSISTENCY_CHECKS, 'F' },
	{ SLAB_ACCOUNT, 'A' },
};

/* A colon, all letters, "-", size, the end. */
#define ID_LENGTH	(1 + ARRAY_SIZE(id_letters) + 1 + 10 + 1)

/* What caches must have in common to share slabs: ":aA-0000192". */
static void write_id(struct kmem_cache *s, char *id)
{
	char letters[ARRAY_SIZE(id_letters) + 2], *p = letters;
	int i;

	for (i = 0; i < ARRAY_SIZE(id_letters); i++)
		if (s->flags & id_letters[i].flag)
			*p++ = id_letters[i].letter;
	if (p != letters)
		*p++ = '-';
	*p = '\0';
	snprintf(id, ID_LENGTH, ":%s%07u", letters, s->size);
}

/*
 * Make room for @name, if it is that of a link that does not lead to @s.
 * Return: 0; -EALREADY for a link that does; -EEXIST for a directory.
 */
static int make_room(struct kmem_cache *s, const char *name)
{
	struct kernfs_node *node = kernfs_find_and_get(slab_kset->kobj.sd, name);
	int err = 0;

	if (!node)
		return 0;
	if (kernfs_type(node) != KERNFS_LINK)
		err = -EEXIST;
	else if (s->kobj.sd && node->symlink.target_kn == s->kobj.sd)
		err = -EALREADY;
	else
		kernfs_remove(node);
	kernfs_put(node);
	return err;
}

static int add_link(struct kmem_cache *s, const char *name)
{
	int err;

	if (!strcmp(name, kobject_name(&s->kobj)))
		return 0;
	err = make_room(s, name);
	if (err)
		return err == -EALREADY ? 0 : err;
	return sysfs_create_link(&slab_kset->kobj, &s->kobj, name);
}

static void remove_link(struct kmem_cache *s, const char *name)
{
	struct kernfs_node *node = kernfs_find_and_get(slab_kset->kobj.sd, name);

	if (node && kernfs_type(node) == KERNFS_LINK &&
	    node->symlink.target_kn == s->kobj.sd)
		kernfs_remove(node);
	kernfs_put(node);
}

static int add_directory(struct kmem_cache *s, const char *name)
{
	int err = make_room(s, name);

	if (err)
		return err;
	if (!s->kobj.state_initialized)
		kobject_init(&s->kobj, &slub_ktype);
	return kobject_add(&s->kobj, &slab_kset->kobj, "%s", name);
}

/* Directory and links of a cache that has none yet. */
static int publish(struct kmem_cache *s)
{
	struct slub_alias *alias;
	char id[ID_LENGTH];
	int err = -EEXIST;

	if (!slab_unmergeable(s)) {
		write_id(s, id);
		err = add_directory(s, id);
	}
	if (err == -EEXIST)
		err = add_directory(s, s->name);
	if (err)
		return err;

	/* None is taken away again if another can't be made: see "Locks". */
	err = add_link(s, s->name);
	list_for_each_entry(alias, &s->aliases, list)
		err = add_link(s, alias->name) ?: err;
	return err;
}

/* Is the directory of this name that of a cache which is not about to go? */
static bool name_in_use(const char *name)
{
	struct kmem_cache *s;

	list_for_each_entry(s, &slab_caches, list)
		if (s->kobj.state_in_sysfs &&
		    !strcmp(kobject_name(&s->kobj), name))
			return true;
	return false;
}

static void report(const char *name, int err)
{
	if (err && (err != -EEXIST || name_in_use(name)))
		pr_err("SLUB: no entry, or not all of it, in /sys/kernel/slab for %s: error %d\n",
		       name, err);
}

/* A directory has gone: who has been waiting for its name? */
static void offer_name(const char *name)
{
	struct kernfs_node *node;
	struct kmem_cache *s;

	list_for_each_entry(s, &slab_caches, list) {
		if (!s->kobj.state_in_sysfs) {
			publish(s);
			continue;
		}
		node = kernfs_find_and_get(slab_kset->kobj.sd, name);
		if (!node && slub_has_name(s, name))
			add_link(s, name);
		kernfs_put(node);
	}
}

/**
 * sysfs_slab_add - give a cache a directory, and its files in debugfs
 * @s: the cache, complete
 *
 * If that fails the log says so, and the cache has none.
 *
 * Context: slab_mutex held; may sleep.
 */
void sysfs_slab_add(struct kmem_cache *s)
{
	if (slab_kset)
		report(s->name, publish(s));
	if (slub_debugged(s))
		slub_track_files(s);
}

/**
 * slub_sysfs_link - link a further user's name to a cache's directory
 * @s: the cache
 * @name: the user
 *
 * A link of that name that leads elsewhere is replaced.
 *
 * Context: slab_mutex held; may sleep.
 */
void slub_sysfs_link(struct kmem_cache *s, const char *name)
{
	if (s->kobj.state_in_sysfs)
		report(name, add_link(s, name));
}

/**
 * sysfs_slab_unlink - remove the directory of a cache and the links to it
 * @s: the cache, shut down and off the list of caches
 *
 * Waits for those who are in one of its files.
 *
 * Context: may sleep; neither slab_mutex nor cpus_read_lock() held.
 */
void sysfs_slab_unlink(struct kmem_cache *s)
{
	struct slub_alias *alias;

	if (!s->kobj.state_in_sysfs)
		return;
	mutex_lock(&slab_mutex);
	remove_link(s, s->name);
	list_for_each_entry(alias, &s->aliases, list)
		remove_link(s, alias->name);
	mutex_unlock(&slab_mutex);

	kobject_del(&s->kobj);

	mutex_lock(&slab_mutex);
	offer_name(kobject_name(&s->kobj));
	mutex_unlock(&slab_mutex);
}

/**
 * sysfs_slab_release - free a cache that has no directory any more
 * @s: the cache
 *
 * Context: may sleep.
 */
void sysfs_slab_release(struct kmem_cache *s)
{
	if (s->kobj.state_initialized)
		kobject_put(&s->kobj);
	else
		slab_kmem_cache_release(s);
}

static int __init slub_sysfs_init(void)
{
	struct kmem_cache *s;

	mutex_lock(&slab_mutex);
	slab_kset = kset_create_and_add("slab", NULL, kernel_kobj);
	if (!slab_kset)
		pr_err("SLUB: no memory for /sys/kernel/slab\n");
	list_for_each_entry(s, &slab_caches, list)
		if (slab_kset)
			report(s->name, publish(s));
	mutex_unlock(&slab_mutex);
	return 0;
}
late_initcall(slub_sysfs_init);
