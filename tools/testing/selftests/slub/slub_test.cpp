// SPDX-License-Identifier: GPL-2.0-only
/*
 * Selftests of SLUB: /proc/slabinfo against its format, against the kernel's own counters and
 * against a known load; boot parameters; merging.
 *
 * Run as root. What the kernel's command line asks for decides which tests apply: boot with
 * several, e.g. "", "slab_nomerge", "slab_min_order=2", "slab_min_order=99 slab_max_order=x
 * slab_min_objects=0", "slab_min_order=5".
 */
#include "slabinfo.hpp"
#include "system.hpp"
#include "tap.hpp"

#include <algorithm>
#include <optional>
#include <regex>

#include <sys/utsname.h>
#include <unistd.h>

using tap::fail;
using tap::Outcome;
using tap::pass;
using tap::patiently;
using tap::skip;

namespace
{

constexpr int rest = 5;                       // seconds until the system should have come to rest
constexpr int grace = 20;                     // seconds until what was freed should be seen as free
constexpr unsigned long most_objects = 32767; // in a slab
constexpr unsigned int reserve = 2;           // empty slabs that a cache keeps on each node
constexpr unsigned long small = 16;           // objects that others may use or free meanwhile

// ---- The format of /proc/slabinfo ----

Outcome test_header()
{
	const Slabinfo info = read_slabinfo();
	const std::string heading = slabinfo_heading;

	if (info.version != slabinfo_version)
		return fail("first line '{}', not '{}'", info.version, slabinfo_version);
	if (info.heading != heading && info.heading != heading + " <nodes>")
		return fail("second line '{}'", info.heading);
	if (info.numa != exists("/sys/devices/system/node/node0"))
		return fail("<nodes> is shown if and only if the kernel has no NUMA");
	return pass();
}

Outcome test_columns()
{
	const Slabinfo info = read_slabinfo();

	if (!info.unreadable.empty())
		return fail("line '{}'", info.unreadable[0]);
	if (info.caches.empty())
		return fail("no cache");
	for (const Cache &cache : info.caches) {
		const std::string wanted = format_line(cache);

		if (cache.line != wanted)
			return fail("line '{}', not '{}'", cache.line, wanted);
	}
	return pass();
}

Outcome test_flags()
{
	const std::string order = "CRSdrPaFUADZOT";

	for (const Cache &cache : read_slabinfo().caches) {
		size_t last = 0;

		for (const char letter : cache.flags) {
			const size_t at = order.find(letter, last);

			if (at == std::string::npos)
				return fail("{}: flags {}: {} is unknown, out of order or double",
					    cache.name, cache.flags, letter);
			last = at + 1;
		}
	}
	return pass();
}

// What is known of some caches, whatever the configuration.
Outcome test_known_flags()
{
	const std::pair<const char *, char> known[] = {
		{"inode_cache", 'C'}, {"inode_cache", 'r'},   {"inode_cache", 'S'},
		{"dentry", 'r'},      {"sighand_cache", 'R'}, {"kmem_cache", 'a'},
	};
	const Slabinfo info = read_slabinfo();

	for (const auto &[name, flag] : known) {
		const Cache *cache = info.find(name);

		if (cache && !cache->has(flag))
			return fail("{} has no flag {}: '{}'", name, flag, cache->line);
	}
	return pass();
}

Outcome test_numbers()
{
	return patiently(rest, [] {
		for (const Cache &cache : read_slabinfo().caches) {
			if (!cache.capacity())
				return fail("{}: object larger than slab", cache.line);
			if (cache.partial + cache.cpu > cache.slabs)
				return fail("{}: more slabs in parts than in all", cache.line);
			if (cache.objects > cache.slabs * cache.capacity())
				return fail("{}: more objects than fit", cache.line);
		}
		return pass();
	});
}

Outcome test_nodes()
{
	if (!read_slabinfo().numa)
		return skip("not a NUMA kernel");
	return patiently(rest, [] {
		for (const Cache &cache : read_slabinfo().caches) {
			unsigned long sum = 0;

			for (const auto &[node, slabs] : cache.nodes) {
				if (!exists(fmt::format("/sys/devices/system/node/node{}", node)))
					return fail("{}: no node {}", cache.line, node);
				if (!slabs)
					return fail("{}: node without slabs shown", cache.line);
				sum += slabs;
			}
			if (sum != cache.slabs)
				return fail("{}: nodes add up to {}", cache.line, sum);
		}
		return pass();
	});
}

Outcome test_pieces()
{
	return patiently(rest, [] {
		const Slabinfo whole = read_slabinfo(), pieces = read_slabinfo(23);

		if (pieces.version != whole.version || pieces.heading != whole.heading)
			return fail("heading differs if read in pieces");
		if (!pieces.unreadable.empty())
			return fail("read in pieces: line '{}'", pieces.unreadable[0]);
		if (!std::equal(whole.caches.begin(), whole.caches.end(), pieces.caches.begin(),
				pieces.caches.end(), [](const Cache &a, const Cache &b) {
					return a.name == b.name && a.objsize == b.objsize;
				}))
			return fail("other caches if read in pieces");
		return pass();
	});
}

// Every slab has an object in use, or is a CPU's, or is one of a node's few in reserve.
Outcome test_held_back()
{
	const unsigned long nodes = [] {
		unsigned long count = 0;

		while (exists(fmt::format("/sys/devices/system/node/node{}", count)))
			count++;
		return std::max(count, 1UL);
	}();

	return patiently(rest, [nodes] {
		for (const Cache &cache : read_slabinfo().caches)
			if (cache.slabs > cache.objects + cache.cpu + reserve * nodes)
				return fail("{}: slabs held back", cache.line);
		return pass();
	});
}

// ---- The kernel's own counters ----

struct Counts {
	unsigned long slab, reclaimable;    // bytes, as /proc/meminfo has it
	unsigned long sum, sum_reclaimable; // bytes, as /proc/slabinfo has it
};

Counts read_counts()
{
	refresh_counters();
	const Slabinfo info = read_slabinfo();
	auto meminfo = read_counters("/proc/meminfo");

	return {meminfo["Slab"] * 1024, meminfo["SReclaimable"] * 1024, info.bytes(),
		info.bytes_with('r')};
}

// Slab also counts what is too large for a slab: kmalloc() of more than two pages.
Outcome test_meminfo_slab()
{
	return patiently(rest, [] {
		const Counts now = read_counts();

		if (now.sum > now.slab)
			return fail("all slabs: {} bytes, Slab: {}", now.sum, now.slab);
		if (now.slab - now.sum > now.slab / 8 + (1UL << 20))
			return fail("all slabs: only {} bytes, Slab: {}", now.sum, now.slab);
		return pass();
	});
}

// Large allocations never count as reclaimable: this sum is exact.
Outcome test_meminfo_reclaimable()
{
	return patiently(rest, [] {
		const Counts now = read_counts();

		if (now.sum_reclaimable != now.reclaimable)
			return fail("slabs of caches with r: {} bytes, SReclaimable: {}",
				    now.sum_reclaimable, now.reclaimable);
		return pass();
	});
}

Outcome test_node_counters()
{
	if (!read_slabinfo().numa)
		return skip("not a NUMA kernel");
	return patiently(rest, [] {
		refresh_counters();
		std::map<unsigned int, unsigned long> all, reclaimable; // node -> pages

		for (const Cache &cache : read_slabinfo().caches) {
			for (const auto &[node, slabs] : cache.nodes) {
				all[node] += slabs << cache.order;
				if (cache.has('r'))
					reclaimable[node] += slabs << cache.order;
			}
		}
		for (const auto &[node, pages] : all) {
			auto vmstat = read_counters(
				fmt::format("/sys/devices/system/node/node{}/vmstat", node));
			const unsigned long r = vmstat["nr_slab_reclaimable"];
			const unsigned long u = vmstat["nr_slab_unreclaimable"];

			if (pages > r + u)
				return fail("node {}: {} pages in slabs, vmstat: {}", node, pages,
					    r + u);
			if (reclaimable[node] != r)
				return fail("node {}: {} reclaimable pages, vmstat: {}", node,
					    reclaimable[node], r);
		}
		return pass();
	});
}

// False as well if the kernel does not tell.
bool config_has(const std::string &option)
{
	FILE *pipe = popen("zcat /proc/config.gz 2>/dev/null", "r");
	char line[256];
	bool found = false;

	while (pipe && fgets(line, sizeof(line), pipe))
		found |= option + "\n" == line;
	if (pipe)
		pclose(pipe);
	return found;
}

// ---- A known load ----

// KASAN keeps what is freed in quarantine, for as long as there is room.
bool has_quarantine()
{
	return config_has("CONFIG_KASAN_GENERIC=y");
}

// Objects that KFENCE may have handed out, and that lie in no slab.
unsigned long fenced()
{
	const std::string interval = read_file("/sys/module/kfence/parameters/sample_interval");

	return interval.empty() || interval == "0\n" ? 0 : 255;
}

// The line in which the objects of a cache are counted, which may be another one's.
std::optional<Cache> line_of(const std::string &name)
{
	const Slabinfo info = read_slabinfo();
	const Cache *cache = info.find(name);
	Aliases shared;
	std::string error;

	if (!cache && read_aliases(shared, error))
		for (const auto &[first, others] : shared)
			if (others.count(name))
				cache = info.find(first);
	return cache ? std::optional<Cache>(*cache) : std::nullopt;
}

// The number of objects in use, once it has stopped moving.
unsigned long objects_at_rest(const std::string &name)
{
	unsigned long before = ~0UL, now = 0;
	int same = 0;

	patiently(grace, [&] {
		now = line_of(name)->objects;
		same = now == before ? same + 1 : 0;
		before = now;
		return same >= 5 ? pass() : fail("{} moves", name);
	});
	return now;
}

Outcome rose(const std::string &name, unsigned long before, unsigned long count)
{
	const unsigned long now = line_of(name)->objects;

	if (now + fenced() < before + count)
		return fail("{}: {} objects before, {} after {} more", name, before, now, count);
	if (now > before + count + count / 20 + small)
		return fail("{}: {} objects before, as many as {} after {} more", name, before, now,
			    count);
	return pass();
}

// What is freed after an RCU grace period takes its time.
Outcome fell(const std::string &name, unsigned long before)
{
	return patiently(grace, [&] {
		const unsigned long now = line_of(name)->objects;

		if (now > before + small)
			return fail("{}: {} objects before, {} after all were freed", name, before,
				    now);
		return pass();
	});
}

// Files on a tmpfs: as many inodes, and nothing of a size above two pages.
Outcome inode_load(int create_on, int remove_on)
{
	const std::string name = "shmem_inode_cache";
	const unsigned int count = 3000;

	if (has_quarantine())
		return skip("KASAN keeps freed objects");
	if (!line_of(name))
		return skip("no {}", name);
	Tmpfs mount;
	if (!mount.is_mounted())
		return skip("cannot mount a tmpfs in /tmp");
	const unsigned long before = objects_at_rest(name);
	{
		const Pinned pinned(create_on);

		if (!mount.create_files(count))
			return fail("cannot create {} files", count);
	}
	const Outcome result = rose(name, before, count);
	{
		const Pinned pinned(remove_on);

		mount.unmount();
	}
	return result.kind == Outcome::Pass ? fell(name, before) : result;
}

Outcome test_inodes()
{
	const int cpu = allowed_cpus().front();

	return inode_load(cpu, cpu);
}

Outcome test_inodes_two_cpus()
{
	const std::vector<int> cpus = allowed_cpus();

	if (cpus.size() < 2)
		return skip("one CPU");
	return inode_load(cpus.front(), cpus.back());
}

Outcome test_files()
{
	const std::string name = "filp";
	const unsigned int count = 1000;
	Descriptors files;

	if (has_quarantine())
		return skip("KASAN keeps freed objects");
	if (!line_of(name))
		return fail("no line for {}", name);
	const unsigned long before = objects_at_rest(name);
	if (!files.open_files(count))
		return fail("cannot open {} files", count);
	const Outcome result = rose(name, before, count);
	files.close_all();
	return result.kind == Outcome::Pass ? fell(name, before) : result;
}

Outcome test_pipes()
{
	const std::string name = "inode_cache";
	const unsigned int count = 500;
	Descriptors pipes;

	if (has_quarantine())
		return skip("KASAN keeps freed objects");
	if (!line_of(name))
		return fail("no line for {}", name);
	const unsigned long before = objects_at_rest(name);
	if (!pipes.make_pipes(count))
		return fail("cannot make {} pipes", count);
	const Outcome result = rose(name, before, count);
	pipes.close_all();
	return result.kind == Outcome::Pass ? fell(name, before) : result;
}

// Two sources are read one after the other, and earlier tests' objects wait for a grace period.
Counts counts_at_rest()
{
	Counts now = read_counts(), last;
	int tries = 50;

	do {
		last = now;
		std::this_thread::sleep_for(std::chrono::milliseconds(200));
		now = read_counts();
	} while ((now.sum != last.sum || now.slab != last.slab) && --tries);
	return now;
}

// What the slabs grow by is what Slab grows by.
Outcome test_growth()
{
	const Tmpfs mount;

	if (!mount.is_mounted())
		return skip("cannot mount a tmpfs in /tmp");
	const Counts before = counts_at_rest();
	if (!mount.create_files(5000))
		return fail("cannot create 5000 files");
	return patiently(rest, [&] {
		const Counts now = read_counts();
		const long slabs = now.sum - before.sum, slab = now.slab - before.slab;

		if (std::abs(slabs - slab) > slabs / 50)
			return fail("slabs grew by {} bytes, Slab by {}", slabs, slab);
		return pass();
	});
}

// A CPU that uses a cache holds objects and slabs of it; one that does not gives them back, but for
// an empty slab or two that are kept in reserve.
Outcome test_idle()
{
	const std::string name = "shmem_inode_cache";
	const Pinned pinned(allowed_cpus().front());
	utsname system = {};
	Tmpfs mount;

	uname(&system);
	if (std::string(system.version).find("SMP") == std::string::npos ||
	    read_file("/sys/devices/system/cpu/possible") == "0\n")
		return skip("one CPU has nobody to give slabs to");
	if (!line_of(name))
		return skip("no {}", name);
	// What tests before this one have left is given back within two looks, 2 s apart each.
	std::this_thread::sleep_for(std::chrono::seconds(rest));
	const unsigned long before = line_of(name)->slabs;

	if (!mount.is_mounted() || !mount.create_files(1000))
		return skip("cannot use a tmpfs in /tmp");
	if (line_of(name)->slabs <= before)
		return fail("{}: no slab for 1000 files, from {}", line_of(name)->line, before);
	mount.unmount();
	return patiently(grace, [&] {
		const Cache now = *line_of(name);

		return now.cpu || now.slabs > before + reserve
			       ? fail("{}: not given back, {} before", now.line, before)
			       : pass();
	});
}

// ---- Parameters ----

struct Parameters {
	unsigned long min_order = 0;
	unsigned long max_order = 3;
	unsigned long min_objects = 8;
	std::map<std::string, unsigned int> refused; // start of the line -> how often
	bool given = false;
};

// The orders that the page allocator has are the columns of /proc/buddyinfo.
unsigned long orders()
{
	const std::vector<std::string> zones = lines(read_file("/proc/buddyinfo"));

	return zones.empty() ? 11 : words(zones[0]).size() - 4;
}

void take_value(Parameters &parameters, const std::string &name, const std::string &text,
		unsigned long least, unsigned long most, unsigned long &value)
{
	static const std::regex number("\\+?(0[xX][0-9a-fA-F]{1,8}|[0-9]{1,9})");

	parameters.given = true;
	if (std::regex_match(text, number)) {
		const unsigned long given = std::stoul(text, nullptr, 0);

		if (given >= least && given <= most) {
			value = given;
			return;
		}
	}
	parameters.refused[fmt::format("SLUB: slab_{}={} refused: ", name, text)]++;
}

// What the kernel should have made of its command line.
Parameters parameters_wanted()
{
	static const std::regex format("sl[au]b_(min_order|max_order|min_objects)=(.*)");
	const Parameters defaults;
	Parameters wanted;
	std::smatch field;

	for (const std::string &word : words(read_file("/proc/cmdline"))) {
		if (!std::regex_match(word, field, format))
			continue;
		if (field[1] == "min_order")
			take_value(wanted, field[1], field[2], 0, orders() - 1, wanted.min_order);
		else if (field[1] == "max_order")
			take_value(wanted, field[1], field[2], 0, orders() - 1, wanted.max_order);
		else
			take_value(wanted, field[1], field[2], 1, most_objects, wanted.min_objects);
	}
	if (wanted.min_order > wanted.max_order) {
		wanted.refused[fmt::format("SLUB: slab_min_order={} refused: above "
					   "slab_max_order={};",
					   wanted.min_order, wanted.max_order)]++;
		wanted.min_order = defaults.min_order;
		wanted.max_order = defaults.max_order;
	}
	return wanted;
}

// A slab is never larger than what it takes to hold as many objects as can be counted.
unsigned long least_order(const Cache &cache, const Parameters &wanted)
{
	unsigned long order = wanted.min_order;

	while (order && (page_size() << order) / cache.objsize > most_objects)
		order--;
	return order;
}

Outcome test_orders()
{
	const Parameters wanted = parameters_wanted();

	for (const Cache &cache : read_slabinfo().caches) {
		if (cache.order < least_order(cache, wanted))
			return fail("{}: order below {}", cache.line, wanted.min_order);
		if (cache.order > wanted.max_order && cache.objsize <= page_size()
									       << wanted.max_order)
			return fail("{}: order above {}", cache.line, wanted.max_order);
	}
	return pass();
}

Outcome test_min_order()
{
	const Parameters wanted = parameters_wanted();
	const Cache *small_one;
	const Slabinfo info = read_slabinfo();

	if (!wanted.min_order)
		return skip("no slab_min_order= in force");
	small_one = info.find("kmalloc-64");
	if (!small_one)
		return skip("no kmalloc-64");
	if (small_one->order != least_order(*small_one, wanted))
		return fail("{}: order not {}", small_one->line, wanted.min_order);
	return pass();
}

Outcome test_default_orders()
{
	const Slabinfo info = read_slabinfo();
	const Cache *cache = info.find("kmalloc-64");

	if (parameters_wanted().given)
		return skip("parameters are given");
	if (cache && cache->order)
		return fail("{}: order not 0", cache->line);
	for (const Cache &c : info.caches)
		if (c.objsize <= page_size() / 8 && c.order > 1)
			return fail("{}: 8 objects fit into a page", c.line);
	return pass();
}

Outcome test_parameters_in_force()
{
	const Parameters wanted = parameters_wanted();
	const std::string start = "SLUB: HWalign=";
	const std::string part = fmt::format(" Order={}-{}, MinObjects={},", wanted.min_order,
					     wanted.max_order, wanted.min_objects);
	std::vector<std::string> log;

	if (!read_kernel_log(log))
		return skip("the beginning of the kernel's log is lost");
	for (const std::string &line : log) {
		if (line.compare(0, start.size(), start) != 0)
			continue;
		if (line.find(part) == std::string::npos)
			return fail("'{}' has no '{}'", line, part);
		return pass();
	}
	return fail("no line '{}...' in the kernel's log", start);
}

Outcome test_refused()
{
	static const std::regex format("SLUB: \\S+=\\S* refused: .*; using [0-9]+( and [0-9]+)?");
	auto expected = parameters_wanted().refused;
	std::vector<std::string> log;

	if (!read_kernel_log(log))
		return skip("the beginning of the kernel's log is lost");
	for (const std::string &line : log) {
		if (line.find("refused") == std::string::npos || line.compare(0, 5, "SLUB:") != 0)
			continue;
		const auto match = std::find_if(expected.begin(), expected.end(), [&](auto &e) {
			return e.second && line.compare(0, e.first.size(), e.first) == 0;
		});

		if (match == expected.end())
			return fail("'{}' was not to be said", line);
		if (!std::regex_match(line, format))
			return fail("'{}' does not tell what is used instead", line);
		match->second--;
	}
	for (const auto &[start, left] : expected)
		if (left)
			return fail("no line '{}...' in the kernel's log", start);
	return pass();
}

// ---- Merging ----

// In every kernel; some of them share their slabs with others unless told not to.
const std::vector<std::string> known_caches = {
	"anon_vma_chain",  "cred_jar",    "dentry",        "files_cache",  "filp",
	"fs_cache",        "inode_cache", "kmem_cache",    "maple_node",   "mm_struct",
	"mnt_cache",       "names_cache", "nsproxy",       "pid",          "proc_inode_cache",
	"radix_tree_node", "seq_file",    "sighand_cache", "signal_cache", "task_struct",
	"vm_area_struct",
};

// The last word on the command line counts, else the configuration.
bool merging_wanted()
{
	std::optional<bool> wanted;

	if (config_has("CONFIG_KASAN_GENERIC=y") || config_has("CONFIG_KASAN_SW_TAGS=y"))
		return false;
	for (const std::string &word : words(read_file("/proc/cmdline"))) {
		if (word == "slab_nomerge" || word == "slub_nomerge")
			wanted = false;
		if (word == "slab_merge" || word == "slub_merge")
			wanted = true;
	}
	if (wanted)
		return *wanted;
	return !exists("/proc/config.gz") || config_has("CONFIG_SLAB_MERGE_DEFAULT=y");
}

Outcome test_merging_off()
{
	const Slabinfo info = read_slabinfo();
	std::string error;
	Aliases shared;

	if (merging_wanted())
		return skip("caches may be merged");
	if (!read_aliases(shared, error))
		return fail("{}", error);
	if (!shared.empty())
		return fail("{} is shared with {}", shared.begin()->first,
			    *shared.begin()->second.begin());
	for (const std::string &name : known_caches)
		if (!info.find(name))
			return fail("no line for {}", name);
	return pass();
}

Outcome test_merging_on()
{
	const Slabinfo info = read_slabinfo();
	std::string error;
	Aliases shared;

	if (!merging_wanted())
		return skip("caches are not merged");
	if (!read_aliases(shared, error))
		return fail("{}", error);
	if (shared.empty())
		return fail("no cache is shared");
	for (const auto &[first, others] : shared) {
		const Cache *cache = info.find(first);

		if (!cache)
			return fail("no line for {}, which others share", first);
		if (cache->flags.find_first_of("CRFUZOT") != std::string::npos)
			return fail("{} is shared, and must not be", cache->line);
		for (const std::string &name : others)
			if (info.find(name))
				return fail("{} shares {}, and has a line of its own", name, first);
	}
	for (const std::string &name : known_caches)
		if (!line_of(name))
			return fail("{} is nowhere", name);
	return pass();
}

const std::vector<tap::Test> tests = {
	{"slabinfo: header", test_header},
	{"slabinfo: columns", test_columns},
	{"slabinfo: flag letters", test_flags},
	{"slabinfo: flags of known caches", test_known_flags},
	{"slabinfo: numbers agree with each other", test_numbers},
	{"slabinfo: nodes add up", test_nodes},
	{"slabinfo: read in pieces", test_pieces},
	{"slabinfo: few slabs are held back", test_held_back},
	{"counters: all slabs, Slab in meminfo", test_meminfo_slab},
	{"counters: reclaimable slabs, SReclaimable in meminfo", test_meminfo_reclaimable},
	{"counters: slabs of each node, vmstat of the node", test_node_counters},
	{"load: inodes of a tmpfs", test_inodes},
	{"load: inodes made on one CPU, freed on another", test_inodes_two_cpus},
	{"load: open files", test_files},
	{"load: pipes", test_pipes},
	{"load: slabs and Slab grow alike", test_growth},
	{"load: an idle CPU gives its slab back", test_idle},
	{"parameters: orders within their limits", test_orders},
	{"parameters: slab_min_order= takes effect", test_min_order},
	{"parameters: orders by default", test_default_orders},
	{"parameters: what is in force", test_parameters_in_force},
	{"parameters: one line for each bad value", test_refused},
	{"merging: off", test_merging_off},
	{"merging: on, and all names kept", test_merging_on},
};

} // namespace

// slub_test [-l] [TEXT]: run, or list, the tests whose names have TEXT in them.
// The exit status is that of kselftest: 1 if a test fails, 4 if none can be run.
int main(int argc, char **argv)
{
	const bool list = argc > 1 && std::string(argv[1]) == "-l";
	const std::string text = argc > 1 + list ? argv[1 + list] : "";
	std::vector<tap::Test> chosen;

	for (const tap::Test &test : tests)
		if (std::string(test.name).find(text) != std::string::npos)
			chosen.push_back(test);
	if (list) {
		for (const tap::Test &test : chosen)
			fmt::print("{}\n", test.name);
		return 0;
	}

	const std::string version = read_slabinfo().version;
	if (version.empty() || version.compare(0, 9, "slabinfo ") == 0)
		return skip_all(version);
	return tap::run(chosen) ? 1 : 0;
}
