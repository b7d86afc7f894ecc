// SPDX-License-Identifier: GPL-2.0-only
/*
 * SLUB: who allocated and freed the objects of caches with SLAB_STORE_USER.
 *
 * Each object has two tracks behind it, with the stack as a handle of the stack
 * depot. They are printed in reports, by kmem_dump_obj(), and, summed up for
 * each stack, in /sys/kernel/debug/slab/<cache>/{alloc,free}_traces, for each
 * caller in /sys/kernel/slab/<cache>/{alloc,free}_calls.
 */
#include <linux/bitmap.h>
#include <linux/cpumask.h>
#include <linux/debugfs.h>
#include <linux/kasan.h>
#include <linux/kfence.h>
#include <linux/math64.h>
#include <linux/nodemask.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/stacktrace.h>

#include "slub_debug.h"

/* ---- Tracks ---- */

/* The functions of ours that a stack begins with say nothing to anybody. */
#define STACK_SKIP	3
#define STACK_DEPTH	16

#ifdef CONFIG_STACKDEPOT

/* In a stack, the caller of the function that @through returns to. */
static unsigned long caller_behind(const unsigned long *entries,
				   unsigned int count, unsigned long through)
{
	unsigned int i;

	for (i = 0; i + 1 < count; i++)
		if (entries[i] == through)
			return entries[i + 1];
	return through;
}

static noinline void save_stack(struct slub_track *track, unsigned long through)
{
	unsigned long entries[STACK_DEPTH];
	unsigned int count;

	count = stack_trace_save(entries, STACK_DEPTH, STACK_SKIP);
	if (!track->addr)
		track->addr = caller_behind(entries, count, through);
	track->stack = stack_depot_save(entries, count,
					GFP_NOWAIT | __GFP_NOWARN);
}

static unsigned int fetch_stack(depot_stack_handle_t stack,
				unsigned long **entries)
{
	/* The handle may have been overwritten, with the object before it. */
	if (stack)
		return min_t(unsigned int, stack_depot_fetch(stack, entries),
			     STACK_DEPTH);
	return 0;
}

#else /* an architecture without stack traces */

static void save_stack(struct slub_track *track, unsigned long through)
{
	if (!track->addr)
		track->addr = through;
}

static unsigned int fetch_stack(depot_stack_handle_t stack,
				unsigned long **entries)
{
	return 0;
}

#endif

/**
 * slub_track_make - note down who does something to an object, and when
 * @track: where to note it
 * @caller: return address of the caller of the allocator, or 0
 * @through: return address of whom it has called, if @caller is 0
 *
 * Context: any but NMI.
 */
void slub_track_make(struct slub_track *track, unsigned long caller,
		     unsigned long through)
{
	track->addr = caller;
	track->when = jiffies;
	track->stack = 0;
	save_stack(track, through);
	track->cpu = raw_smp_processor_id();
	track->pid = current->pid;
}

static void print_track(const char *what, const struct slub_track *track)
{
	unsigned long *entries;
	unsigned int count, i;

	if (!track->addr)
		return;
	pr_err("%s in %pS age=%lu cpu=%d pid=%d\n", what, (void *)track->addr,
	       jiffies - track->when, track->cpu, track->pid);
	count = fetch_stack(track->stack, &entries);
	for (i = 0; i < count; i++)
		pr_err(" %pS\n", (void *)entries[i]);
}

/**
 * print_tracking - print who allocated and freed an object
 * @s: its cache
 * @object: the object, in use or free
 *
 * Context: any but NMI, no list_lock held. Does nothing if it is not known.
 */
void print_tracking(struct kmem_cache *s, void *object)
{
	if (!(s->flags & SLAB_STORE_USER) || is_kfence_address(object))
		return;
	object = kasan_reset_tag(object);
	print_track("Allocated", slub_track_of(s, object, TRACK_ALLOC));
	print_track("Freed", slub_track_of(s, object, TRACK_FREE));
}

#ifdef CONFIG_PRINTK
static_assert(STACK_DEPTH <= KS_ADDRS_COUNT);

/**
 * slub_track_info - fill in what kmem_dump_obj() prints of tracks
 * @kpp: what to fill
 * @s: the cache of the object
 * @object: start of the object
 *
 * Context: any.
 */
void slub_track_info(struct kmem_obj_info *kpp, struct kmem_cache *s,
		     void *object)
{
	struct slub_track *track;
	unsigned long *entries;
	unsigned int count;

	if (!(s->flags & SLAB_STORE_USER))
		return;
	track = slub_track_of(s, object, TRACK_ALLOC);
	kpp->kp_ret = (void *)track->addr;
	count = fetch_stack(track->stack, &entries);
	memcpy(kpp->kp_stack, entries, count * sizeof(*entries));

	track = slub_track_of(s, object, TRACK_FREE);
	count = fetch_stack(track->stack, &entries);
	memcpy(kpp->kp_free_stack, entries, count * sizeof(*entries));
}
#endif

#if IS_ENABLED(CONFIG_SYSFS) || IS_ENABLED(CONFIG_DEBUG_FS)
/* ---- Sites ---- */

/**
 * struct origin - what the objects of a site have in common
 * @addr: return address of the caller of the allocator, or 0 if not known
 * @stack: the stack, unless sites are places alone
 * @waste: bytes of each that kmalloc() was not asked for; as @stack
 */
struct origin {
	unsigned long addr;
	depot_stack_handle_t stack;
	unsigned int waste;
};

/**
 * struct site - objects whose tracks have the same origin
 * @origin: that origin
 * @count: how many
 * @age: sum of their ages, in jiffies
 * @min_age: the least of them
 * @max_age: the greatest of them
 * @min_pid: least id of the processes
 * @max_pid: greatest id of the processes
 * @cpus: the CPUs
 * @nodes: the nodes that the objects are on
 */
struct site {
	struct origin origin;
	unsigned long count;
	u64 age;
	unsigned long min_age;
	unsigned long max_age;
	int min_pid;
	int max_pid;
	cpumask_t cpus;
	nodemask_t nodes;
};

/**
 * struct sites - all of a cache, sorted by address, then stack, then waste
 * @site: the array
 * @count: how many
 * @room: how many would fit
 * @short_of: there was no room for one
 * @item: which track counts
 * @places: whether the address is all that tells sites from each other
 * @map: to find out which objects are free
 */
struct sites {
	struct site *site;
	size_t count;
	size_t room;
	bool short_of;
	enum slub_track_item item;
	bool places;
	unsigned long *map;
};

static int compare(const struct origin *a, const struct origin *b)
{
	if (a->addr != b->addr)
		return a->addr < b->addr ? -1 : 1;
	if (a->stack != b->stack)
		return a->stack < b->stack ? -1 : 1;
	if (a->waste != b->waste)
		return a->waste < b->waste ? -1 : 1;
	return 0;
}

/* The site of @origin; made where the order wants it if there is none. */
static struct site *site_of(struct sites *sites, const struct origin *origin)
{
	size_t from = 0, to = sites->count, middle;
	int order;

	while (from < to) {
		middle = from + (to - from) / 2;
		order = compare(origin, &sites->site[middle].origin);
		if (!order)
			return &sites->site[middle];
		if (order < 0)
			to = middle;
		else
			from = middle + 1;
	}
	if (sites->count == sites->room) {
		sites->short_of = true;
		return NULL;
	}
	memmove(&sites->site[from + 1], &sites->site[from],
		(sites->count - from) * sizeof(*sites->site));
	sites->count++;
	memset(&sites->site[from], 0, sizeof(*sites->site));
	sites->site[from].origin = *origin;
	return &sites->site[from];
}

static void add_object(struct sites *sites, struct kmem_cache *s, void *object)
{
	struct slub_track *track = slub_track_of(s, object, sites->item);
	unsigned long age = track->addr ? jiffies - track->when : 0;
	struct origin origin = { .addr = track->addr };
	struct site *site;

	if (!sites->places) {
		origin.stack = track->stack;
		if (sites->item == TRACK_ALLOC && (s->flags & SLAB_KMALLOC))
			origin.waste = s->object_size -
				       *slub_asked_for(s, object);
	}
	site = site_of(sites, &origin);
	if (!site)
		return;
	if (!site->count++) {
		site->min_age = age;
		site->min_pid = track->pid;
		site->max_pid = track->pid;
	}
	site->age += age;
	site->min_age = min(site->min_age, age);
	site->max_age = max(site->max_age, age);
	site->min_pid = min(site->min_pid, track->pid);
	site->max_pid = max(site->max_pid, track->pid);
	if ((unsigned int)track->cpu < nr_cpu_ids)
		cpumask_set_cpu(track->cpu, &site->cpus);
	node_set(page_to_nid(virt_to_page(object)), site->nodes);
}

/* With list_lock held. Return: whether to go on. */
static bool add_slab(struct kmem_cache *s, struct slab *slab, void *arg)
{
	struct sites *sites = arg;
	unsigned int index;

	slub_pool_mark_free(s, slab, sites->map, slab->objects);
	for_each_clear_bit(index, sites->map, slab->objects)
		add_object(sites, s, slab_object(s, slab, index));
	return !sites->short_of;
}

static int by_count(const void *a, const void *b)
{
	const struct site *left = a, *right = b;

	if (left->count != right->count)
		return left->count > right->count ? -1 : 1;
	return 0;
}

/* Sum up all tracks; no memory can be had with list_lock held. */
static int collect_sites(struct kmem_cache *s, struct sites *sites)
{
	sites->map = bitmap_alloc(SLAB_OBJECTS_MAX, GFP_KERNEL);
	if (!sites->map)
		return -ENOMEM;
	for (sites->room = 256; ; sites->room *= 2) {
		sites->site = kvcalloc(sites->room, sizeof(*sites->site),
				       GFP_KERNEL);
		if (!sites->site)
			break;
		sites->count = 0;
		sites->short_of = false;
		slub_pool_each_slab(s, add_slab, sites);
		if (!sites->short_of)
			break;
		kvfree(sites->site);
	}
	bitmap_free(sites->map);
	if (!sites->site)
		return -ENOMEM;
	sort(sites->site, sites->count, sizeof(*sites->site), by_count, NULL);
	return 0;
}

static void show_site(struct seq_file *m, const struct site *site,
		      enum slub_track_item item)
{
	seq_printf(m, "%7lu ", site->count);
	if (site->origin.addr)
		seq_printf(m, "%pS", (void *)site->origin.addr);
	else
		seq_puts(m, "<not-available>");
	if (site->origin.waste)
		seq_printf(m, " waste=%lu/%u", site->count * site->origin.waste,
			   site->origin.waste);
	if (site->min_age != site->max_age)
		seq_printf(m, " age=%lu/%llu/%lu", site->min_age,
			   div64_u64(site->age, site->count), site->max_age);
	else
		seq_printf(m, " age=%lu", site->min_age);
	if (site->min_pid != site->max_pid)
		seq_printf(m, " pid=%d-%d", site->min_pid, site->max_pid);
	else
		seq_printf(m, " pid=%d", site->min_pid);
	if (num_online_cpus() > 1)
		seq_printf(m, " cpus=%*pbl", cpumask_pr_args(&site->cpus));
	if (nr_online_nodes > 1 && item == TRACK_ALLOC)
		seq_printf(m, " nodes=%*pbl", nodemask_pr_args(&site->nodes));
	seq_putc(m, '\n');
}

/**
 * slub_track_calls - from where a cache is called
 * @s: the cache
 * @item: who has allocated the objects in use, or who had freed them before
 * @buf: a page, of sysfs, to print into; what does not fit is left out
 *
 * Context: may sleep; takes list_lock with interrupts off, for all of a node.
 * Return: the length of the text, or -ENOMEM.
 */
ssize_t slub_track_calls(struct kmem_cache *s, enum slub_track_item item,
			 char *buf)
{
	struct sites sites = { .item = item, .places = true };
	struct seq_file m = { .buf = buf, .size = PAGE_SIZE };
	size_t length = 0, i;
	int err;

	if (s->flags & SLAB_STORE_USER) {
		err = collect_sites(s, &sites);
		if (err)
			return err;
	}
	for (i = 0; i < sites.count; i++) {
		show_site(&m, &sites.site[i], item);
		if (seq_has_overflowed(&m))
			break;
		length = m.count;
	}
	kvfree(sites.site);
	return length ?: sysfs_emit(buf, "No data\n");
}
#endif

#ifdef CONFIG_DEBUG_FS
/* ---- alloc_traces and free_traces ---- */

static void show_stack_of(struct seq_file *m, const struct site *site)
{
	unsigned long *entries;
	unsigned int count, i;

	count = fetch_stack(site->origin.stack, &entries);
	for (i = 0; i < count; i++)
		seq_printf(m, "        %pS\n", (void *)entries[i]);
	seq_putc(m, '\n');
}

static void *sites_start(struct seq_file *m, loff_t *pos)
{
	struct sites *sites = m->private;

	if (!sites->count && !*pos)
		return SEQ_START_TOKEN;
	return *pos < sites->count ? &sites->site[*pos] : NULL;
}

static void *sites_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct sites *sites = m->private;

	++*pos;
	return *pos < sites->count ? &sites->site[*pos] : NULL;
}

static void sites_stop(struct seq_file *m, void *v)
{
}

static int sites_show(struct seq_file *m, void *v)
{
	struct sites *sites = m->private;

	if (v == SEQ_START_TOKEN) {
		seq_puts(m, "No data\n");
	} else {
		show_site(m, v, sites->item);
		show_stack_of(m, v);
	}
	return 0;
}

static const struct seq_operations sites_ops = {
	.start = sites_start,
	.next = sites_next,
	.stop = sites_stop,
	.show = sites_show,
};

static int sites_open(struct inode *inode, struct file *file,
		      enum slub_track_item item)
{
	struct sites *sites;
	int err;

	sites = __seq_open_private(file, &sites_ops, sizeof(*sites));
	if (!sites)
		return -ENOMEM;
	sites->item = item;
	err = collect_sites(inode->i_private, sites);
	if (err)
		seq_release_private(inode, file);
	return err;
}

static int alloc_traces_open(struct inode *inode, struct file *file)
{
	return sites_open(inode, file, TRACK_ALLOC);
}

static int free_traces_open(struct inode *inode, struct file *file)
{
	return sites_open(inode, file, TRACK_FREE);
}

static int sites_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;
	struct sites *sites = m->private;

	kvfree(sites->site);
	return seq_release_private(inode, file);
}

static const struct file_operations alloc_traces_fops = {
	.open = alloc_traces_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = sites_release,
};

static const struct file_operations free_traces_fops = {
	.open = free_traces_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = sites_release,
};

/**
 * slub_track_files - make the files of a cache in debugfs
 * @s: a cache, in the list of caches or about to be
 *
 * Does nothing before debugfs is up: slub_debugfs_init() comes again then. Of
 * two caches of one name the first has the files.
 *
 * Context: slab_mutex held; may sleep.
 */
void slub_track_files(struct kmem_cache *s)
{
	if (!slub_debugfs || !(s->flags & SLAB_STORE_USER))
		return;
	s->traces = debugfs_create_dir(s->name, slub_debugfs);
	debugfs_create_file("alloc_traces", 0400, s->traces, s,
			    &alloc_traces_fops);
	debugfs_create_file("free_traces", 0400, s->traces, s,
			    &free_traces_fops);
}

/**
 * debugfs_slab_release - remove the files of a cache that goes away
 * @s: the cache; nothing happens if it has none any more
 *
 * Context: may sleep; waits until nobody is in the middle of opening them.
 */
void debugfs_slab_release(struct kmem_cache *s)
{
	debugfs_remove(s->traces);
	s->traces = NULL;
}
#else
void slub_track_files(struct kmem_cache *s)
{
}
#endif
