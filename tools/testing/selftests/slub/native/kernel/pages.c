// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory: struct pages, nodes and zones, and an allocator of pages.
 *
 * The host gives an arena and a place for the struct pages. page_offset_base and
 * vmemmap_base say where the two are, so that virt_to_page() and all that is
 * made of it work as they are.
 *
 * Pages come from a buddy allocator, one for each node, with lists for each CPU
 * and order before it, as in the kernel. Two policies, since what the page
 * allocator costs is none of the contestants' doing: lists that spill, to 64
 * pages at most as in a small kernel, and lists that do not.
 */
#include <linux/gfp.h>
#include <linux/mempolicy.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/nodemask.h>
#include <linux/percpu.h>
#include <linux/spinlock.h>
#include <linux/vmstat.h>

#include "../../mm/internal.h"
#include "compat.h"
#include "host.h"

unsigned long page_offset_base, vmemmap_base, phys_base;
unsigned long max_pfn, max_low_pfn, min_low_pfn;
atomic_long_t _totalram_pages;
void *high_memory;
unsigned int nr_node_ids = 1, nr_online_nodes = 1;
unsigned int __pgtable_l5_enabled;
nodemask_t node_states[NR_NODE_STATES];
struct pglist_data *node_data[MAX_NUMNODES];
gfp_t gfp_allowed_mask = __GFP_BITS_MASK & ~(__GFP_RECLAIM | __GFP_IO | __GFP_FS);

static struct pglist_data nodes[2];

/* Who looks for the slabs of a cache in all pages asks whether there is a page. */
static struct mem_section sections[SECTIONS_PER_ROOT];
static struct mem_section *section_root = sections;
struct mem_section **mem_section = &section_root;

/* ---- Free pages ---- */

#define LIST_ORDERS	4	/* orders that CPUs keep lists of: 0 to 3 */
#define SPILL_PAGES	64
#define BATCH_PAGES	32

struct free_pages {
	struct list_head list[LIST_ORDERS];
	unsigned int pages[LIST_ORDERS];
};

static DEFINE_PER_CPU(struct free_pages, cpu_pages);
static struct list_head buddies[2][NR_PAGE_ORDERS];
static __cacheline_aligned DEFINE_RAW_SPINLOCK(buddy_lock);

/* What each allocation reads, and none writes in general, apart from what is written. */
static bool spills __read_mostly = true;
static bool peak_wanted __read_mostly = true;
static bool fail_once __read_mostly;
static unsigned long fail_after __read_mostly = ~0UL;
static unsigned long peak;

/*
 * The address sanitizer, if there is one, is told which pages are free: who
 * looks at one is caught.
 */
#ifdef __SANITIZE_ADDRESS__
#define forbid(address, size) __asan_poison_memory_region(address, size)
#define allow(address, size) __asan_unpoison_memory_region(address, size)
#else
static void forbid(const void *address, size_t size) { }
static void allow(const void *address, size_t size) { }
#endif

/* The order of a block that is free among the buddies, or -1. */
static int free_order(struct page *page)
{
	return PageBuddy(page) ? (int)page_private(page) : -1;
}

static void buddy_add(struct page *page, unsigned int order)
{
	set_page_private(page, order);
	__SetPageBuddy(page);
	list_add(&page->lru, &buddies[page_to_nid(page)][order]);
}

static void buddy_remove(struct page *page)
{
	list_del(&page->lru);
	__ClearPageBuddy(page);
	set_page_private(page, 0);
}

static struct page *buddy_alloc(int nid, unsigned int order)
{
	struct page *page;
	unsigned int from;

	for (from = order; from < NR_PAGE_ORDERS; from++) {
		page = list_first_entry_or_null(&buddies[nid][from], struct page, lru);
		if (!page)
			continue;
		buddy_remove(page);
		while (from-- > order)
			buddy_add(page + (1UL << from), from);
		return page;
	}
	return NULL;
}

static void buddy_free(struct page *page, unsigned int order)
{
	unsigned long pfn = page_to_pfn(page), other;

	for (; order < NR_PAGE_ORDERS - 1; order++) {
		other = pfn ^ (1UL << order);
		if (other >= max_pfn || free_order(pfn_to_page(other)) != (int)order ||
		    page_to_nid(pfn_to_page(other)) != page_to_nid(page))
			break;
		buddy_remove(pfn_to_page(other));
		pfn &= ~(1UL << order);
	}
	buddy_add(pfn_to_page(pfn), order);
}

/* Each CPU counts for itself, as with the kernel's statistics. */
static DEFINE_PER_CPU(long, held);

static unsigned long all_held(void)
{
	long sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu(held, cpu));
	return max(sum, 0L);
}

static void count(long pages)
{
	this_cpu_add(held, pages);
	if (pages > 0 && READ_ONCE(peak_wanted))
		peak = max(peak, all_held());
}

/* The lists are filled, and spill, a batch at a time: the lock is for many pages. */
static void refill(struct free_pages *mine, int nid, unsigned int order)
{
	struct page *page;
	unsigned long flags;

	raw_spin_lock_irqsave(&buddy_lock, flags);
	while (mine->pages[order] < BATCH_PAGES) {
		page = buddy_alloc(nid, order);
		if (!page)
			break;
		list_add_tail(&page->lru, &mine->list[order]);
		mine->pages[order] += 1U << order;
	}
	raw_spin_unlock_irqrestore(&buddy_lock, flags);
}

static void spill(struct free_pages *mine, unsigned int order, unsigned int left)
{
	struct page *page;
	unsigned long flags;

	raw_spin_lock_irqsave(&buddy_lock, flags);
	while (mine->pages[order] > left) {
		page = list_last_entry(&mine->list[order], struct page, lru);
		list_del(&page->lru);
		mine->pages[order] -= 1U << order;
		buddy_free(page, order);
	}
	raw_spin_unlock_irqrestore(&buddy_lock, flags);
}

static struct page *take(int nid, unsigned int order)
{
	struct free_pages *mine = this_cpu_ptr(&cpu_pages);
	struct page *page;
	unsigned long flags;

	if (order < LIST_ORDERS && nid == numa_node_id()) {
		if (list_empty(&mine->list[order]))
			refill(mine, nid, order);
		page = list_first_entry_or_null(&mine->list[order], struct page, lru);
		if (page) {
			list_del(&page->lru);
			mine->pages[order] -= 1U << order;
		}
		return page;
	}
	raw_spin_lock_irqsave(&buddy_lock, flags);
	page = buddy_alloc(nid, order);
	raw_spin_unlock_irqrestore(&buddy_lock, flags);
	return page;
}

static void give(struct page *page, unsigned int order)
{
	struct free_pages *mine = this_cpu_ptr(&cpu_pages);
	unsigned long flags;

	if (order < LIST_ORDERS && page_to_nid(page) == numa_node_id()) {
		list_add(&page->lru, &mine->list[order]);
		mine->pages[order] += 1U << order;
		if (spills && mine->pages[order] > SPILL_PAGES)
			spill(mine, order, SPILL_PAGES - BATCH_PAGES);
		return;
	}
	raw_spin_lock_irqsave(&buddy_lock, flags);
	buddy_free(page, order);
	raw_spin_unlock_irqrestore(&buddy_lock, flags);
}

/* ---- The kernel's interface ---- */

static void make_compound(struct page *page, unsigned int order)
{
	unsigned long i;

	__SetPageHead(page);
	for (i = 1; i < 1UL << order; i++) {
		page[i].mapping = TAIL_MAPPING;
		set_compound_head(&page[i], page);
	}
	compat_set_order(page, order);
}

static void break_compound(struct page *page, unsigned int order)
{
	unsigned long i;

	compat_set_order(page, 0);
	for (i = 1; i < 1UL << order; i++) {
		page[i].mapping = NULL;
		clear_compound_head(&page[i]);
	}
	__ClearPageHead(page);
}

/* May one more allocation succeed? */
bool native_pages_may_succeed(void)
{
	if (likely(fail_after == ~0UL))
		return true;
	if (!fail_after) {
		if (fail_once)
			fail_after = ~0UL;
		return false;
	}
	fail_after--;
	return true;
}

struct page *__alloc_pages_noprof(gfp_t gfp, unsigned int order, int nid, nodemask_t *allowed)
{
	struct page *page = NULL;
	unsigned int i;

	if (nid == NUMA_NO_NODE)
		nid = numa_node_id();
	if (!native_pages_may_succeed())
		return NULL;
	for (i = 0; i < nr_node_ids && !page; i++) {
		page = take((nid + i) % nr_node_ids, order);
		if (gfp & __GFP_THISNODE)
			break;
	}
	if (!page) {
		/* Nobody measures what comes to nothing: a message ends a test. */
		if (!(gfp & __GFP_NOWARN))
			pr_warn("out of memory: no %lu pages\n", 1UL << order);
		return NULL;
	}
	allow(page_address(page), PAGE_SIZE << order);
	set_page_refcounted(page);
	if (order && (gfp & __GFP_COMP))
		make_compound(page, order);
	if (gfp & __GFP_ZERO)
		memset(page_address(page), 0, PAGE_SIZE << order);
	count(1L << order);
	return page;
}

struct page *alloc_pages_noprof(gfp_t gfp, unsigned int order)
{
	return __alloc_pages_noprof(gfp, order, NUMA_NO_NODE, NULL);
}

static void release(struct page *page, unsigned int order)
{
	if (order && PageHead(page))
		break_compound(page, order);
	page->mapping = NULL;
	atomic_set(&page->_mapcount, -1);
	count(-(1L << order));
	forbid(page_address(page), PAGE_SIZE << order);
	give(page, order);
}

void __free_pages(struct page *page, unsigned int order)
{
	if (put_page_testzero(page))
		release(page, order);
}

/* The last reference to it is gone. */
void __folio_put(struct folio *folio)
{
	release(&folio->page, folio_order(folio));
}

unsigned long get_free_pages_noprof(gfp_t gfp, unsigned int order)
{
	struct page *page = alloc_pages(gfp, order);

	return page ? (unsigned long)page_address(page) : 0;
}

void free_pages(unsigned long address, unsigned int order)
{
	if (address)
		__free_pages(virt_to_page((void *)address), order);
}

/* No task has a memory policy. */
unsigned int mempolicy_slab_node(void)
{
	return numa_node_id();
}

bool __virt_addr_valid(unsigned long x)
{
	return x - page_offset_base < max_pfn << PAGE_SHIFT;
}

bool gfp_pfmemalloc_allowed(gfp_t gfp)
{
	return false;
}

/* Nobody asks how much it is. */
static DEFINE_PER_CPU(long, vm_stat[NR_VM_NODE_STAT_ITEMS]);

void mod_node_page_state(struct pglist_data *node, enum node_stat_item item, long delta)
{
	this_cpu_add(vm_stat[item], delta);
}

/* ---- Set-up ---- */

size_t native_pages_map_size(size_t size)
{
	return (size >> PAGE_SHIFT) * sizeof(struct page);
}

static void add_zone(struct zonelist *list, unsigned int place, int nid)
{
	list->_zonerefs[place].zone = &nodes[nid].node_zones[ZONE_NORMAL];
	list->_zonerefs[place].zone_idx = ZONE_NORMAL;
}

static void setup_node(int nid, unsigned int count)
{
	struct zone *zone = &nodes[nid].node_zones[ZONE_NORMAL];
	unsigned int i;

	node_data[nid] = &nodes[nid];
	nodes[nid].node_id = nid;
	zone->zone_pgdat = &nodes[nid];
	zone->node = nid;
	zone->present_pages = 1;
	atomic_long_set(&zone->managed_pages, 1);
	for (i = 0; i < NR_PAGE_ORDERS; i++)
		INIT_LIST_HEAD(&buddies[nid][i]);
	for (i = 0; i < count; i++)
		add_zone(&nodes[nid].node_zonelists[ZONELIST_FALLBACK], i, (nid + i) % count);
	add_zone(&nodes[nid].node_zonelists[ZONELIST_NOFALLBACK], 0, nid);
	for (i = 0; i < NR_NODE_STATES; i++)
		node_set(nid, node_states[i]);
}

/*
 * The first page is left out: nothing has the address 0 of physical memory, and
 * SLAB takes the address of its first object for "none".
 */
void native_pages_setup(void *arena, size_t size, void *map, unsigned int count)
{
	const unsigned int largest = NR_PAGE_ORDERS - 1;
	unsigned long pfn;
	unsigned int i, cpu;

	forbid(arena, size);
	page_offset_base = (unsigned long)arena;
	vmemmap_base = (unsigned long)map;
	max_pfn = size >> PAGE_SHIFT;
	max_low_pfn = max_pfn;
	atomic_long_set(&_totalram_pages, max_pfn);
	high_memory = arena + size;
	nr_node_ids = count;
	nr_online_nodes = count;
	for (i = 0; i < count; i++)
		setup_node(i, count);
	for_each_possible_cpu(cpu)
		for (i = 0; i < LIST_ORDERS; i++)
			INIT_LIST_HEAD(&per_cpu(cpu_pages, cpu).list[i]);
	for (pfn = 0; pfn < max_pfn; pfn += PAGES_PER_SECTION)
		sections[pfn_to_section_nr(pfn)].section_mem_map =
			SECTION_HAS_MEM_MAP | SECTION_IS_EARLY;
	for (pfn = 0; pfn < max_pfn; pfn++) {
		set_page_links(pfn_to_page(pfn), ZONE_NORMAL, pfn * count / max_pfn, pfn);
		atomic_set(&pfn_to_page(pfn)->_mapcount, -1);
	}
	for (pfn = 1UL << largest; pfn < max_pfn; pfn += 1UL << largest)
		buddy_add(pfn_to_page(pfn), largest);
}

void native_pages(struct native_pages *pages)
{
	pages->held = all_held();
	pages->peak = peak;
	pages->fail_after = fail_after;
}

void native_pages_reset_peak(void)
{
	peak = all_held();
}

/* Whoever measures two CPUs does not want: each would look at what the other one writes. */
void native_pages_want_peak(bool wanted)
{
	peak_wanted = wanted;
}

void native_pages_fail_after(unsigned long allocations)
{
	fail_after = allocations;
	fail_once = false;
}

void native_pages_fail_once(unsigned long allocations)
{
	fail_after = allocations;
	fail_once = true;
}

int native_pages_node(const void *address)
{
	return page_to_nid(virt_to_page(address));
}

/* For the CPU that this runs on, whose lists are made as short as they are to be. */
void native_pages_policy(bool spilling)
{
	struct free_pages *mine = this_cpu_ptr(&cpu_pages);
	unsigned int order;

	spills = spilling;
	for (order = 0; spilling && order < LIST_ORDERS; order++)
		spill(mine, order, SPILL_PAGES);
}
