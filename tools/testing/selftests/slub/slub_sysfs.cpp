// SPDX-License-Identifier: GPL-2.0-only
/*
 * Selftests of SLUB: /sys/kernel/slab. Each file of each cache is read; each that can be written is
 * written, with good values and with bad ones; the counts agree with /proc/slabinfo in both of its
 * formats; links lead to directories. Documentation/ABI/testing/sysfs-kernel-slab says what the
 * files mean, Documentation/mm/slub.rst which of them have nothing to tell here.
 *
 * Run as root.
 */
#include "slabinfo.hpp"
#include "system.hpp"
#include "tap.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <regex>
#include <set>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using tap::fail;
using tap::Outcome;
using tap::pass;
using tap::patiently;
using tap::skip;

namespace
{

const std::string root = "/sys/kernel/slab/";
constexpr int rest = 10; // seconds until two looks at the same counts should agree

// ---- Files ----

std::vector<std::string> names_in(const std::string &path)
{
	std::vector<std::string> names;
	DIR *dir = opendir(path.c_str());

	while (const dirent *entry = dir ? readdir(dir) : nullptr)
		if (entry->d_name != std::string(".") && entry->d_name != std::string(".."))
			names.push_back(entry->d_name);
	if (dir)
		closedir(dir);
	std::sort(names.begin(), names.end());
	return names;
}

bool is_link(const std::string &path)
{
	struct stat info = {};

	return lstat(path.c_str(), &info) == 0 && S_ISLNK(info.st_mode);
}

mode_t mode_of(const std::string &path)
{
	struct stat info = {};

	return stat(path.c_str(), &info) == 0 ? info.st_mode & 07777 : 0;
}

// The directories, not the links to them.
std::vector<std::string> directories()
{
	std::vector<std::string> names;

	for (const std::string &name : names_in(root))
		if (!is_link(root + name))
			names.push_back(name);
	return names;
}

// 0 and the text, or the error.
int read_errno(const std::string &path, std::string &text)
{
	const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
	char buffer[8192];

	text.clear();
	if (fd < 0)
		return errno;
	const ssize_t got = read(fd, buffer, sizeof(buffer));
	const int error = got < 0 ? errno : 0;

	if (got > 0)
		text.assign(buffer, got);
	close(fd);
	return error;
}

int write_errno(const std::string &path, const std::string &text)
{
	const int fd = open(path.c_str(), O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return errno;
	const ssize_t put = write(fd, text.data(), text.size());
	const int error = put < 0 ? errno : size_t(put) == text.size() ? 0 : EIO;

	close(fd);
	return error;
}

std::string error_name(int error)
{
	return error ? std::strerror(error) : "no error";
}

// ---- What is in them ----

// The number that a file begins with, and what it says of nodes or CPUs: "12 N0=9 N1=3".
struct Count {
	long total = -1;
	std::map<unsigned int, long> parts;
	bool readable = false;
};

Count parse_count(const std::string &text, char letter)
{
	const std::regex format(std::string("(\\d+)((?: ") + letter + "\\d+=\\d+)*) *\n");
	const std::regex part(std::string(" ") + letter + "(\\d+)=(\\d+)");
	std::smatch field;
	Count count;

	if (!std::regex_match(text, field, format))
		return count;
	count.total = std::stol(field[1]);
	const std::string rest_of_line = field[2];
	for (std::sregex_iterator i(rest_of_line.begin(), rest_of_line.end(), part), end; i != end;
	     ++i)
		count.parts[std::stoul((*i)[1])] = std::stol((*i)[2]);
	count.readable = true;
	return count;
}

Count count_of(const std::string &cache, const std::string &file)
{
	return parse_count(read_file(root + cache + "/" + file), 'N');
}

long number_of(const std::string &cache, const std::string &file)
{
	return count_of(cache, file).total;
}

const std::set<std::string> flag_files = {
	"cache_dma", "destroy_by_rcu", "hwcache_align", "poison", "reclaim_account",
	"red_zone",  "sanity_checks",  "store_user",    "trace",
};

const std::set<std::string> number_files = {
	"aliases", "align",     "cpu_partial", "min_partial",   "object_size",
	"order",   "slab_size", "usersize",    "objs_per_slab",
};

const std::set<std::string> count_files = {
	"cpu_slabs", "objects", "objects_partial", "partial", "slabs", "total_objects",
};

// With CONFIG_SLUB_STATS.
const std::set<std::string> statistics = {
	"alloc_fastpath",      "alloc_from_partial",  "alloc_refill",
	"alloc_slab",          "alloc_node_mismatch", "cmpxchg_double_cpu_fail",
	"cmpxchg_double_fail", "cpu_partial_alloc",   "cpu_partial_drain",
	"cpu_partial_free",    "cpu_partial_node",    "deactivate_bypass",
	"alloc_slowpath",      "cpuslab_flush",       "deactivate_empty",
	"deactivate_full",     "deactivate_to_head",  "deactivate_remote_frees",
	"deactivate_to_tail",  "free_add_partial",    "free_fastpath",
	"free_frozen",         "free_slab",           "free_remove_partial",
	"free_slowpath",       "order_fallback",
};

// What the documentation says of files that no option of the kernel's takes away.
std::set<std::string> documented()
{
	std::set<std::string> files = {
		"ctor", "shrink", "validate", "slabs_cpu_partial", "alloc_calls", "free_calls",
	};

	for (const auto *more : {&flag_files, &number_files, &count_files})
		files.insert(more->begin(), more->end());
	return files;
}

// ---- Directories ----

Outcome need_sysfs()
{
	return exists(root) ? pass() : skip("no {}", root);
}

// The first outcome that is not good, of the check of each cache.
template <typename Check>
Outcome of_each_cache(Check check)
{
	const std::vector<std::string> caches = directories();

	if (caches.empty())
		return need_sysfs();
	for (const std::string &cache : caches) {
		const Outcome outcome = check(cache);

		if (outcome.kind != Outcome::Pass)
			return outcome;
	}
	return pass();
}

Outcome every_cache_is_there()
{
	if (need_sysfs().kind != Outcome::Pass)
		return need_sysfs();
	for (const Cache &cache : read_slabinfo().caches)
		if (!exists(root + cache.name + "/slabs"))
			return fail("no {}{}", root, cache.name);
	return pass();
}

Outcome every_file_is_there()
{
	const std::vector<std::string> caches = directories();
	// Absent without CONFIG_ZONE_DMA.
	const bool dma = exists(root + "kmalloc-64/cache_dma");

	if (caches.empty())
		return need_sysfs();
	for (const std::string &cache : caches)
		for (const std::string &file : documented())
			if ((file != "cache_dma" || dma) && !exists(root + cache + "/" + file))
				return fail("no {}/{}", cache, file);
	return pass();
}

Outcome all_have_the_same_files()
{
	std::vector<std::string> first;

	for (const std::string &cache : directories()) {
		const std::vector<std::string> files = names_in(root + cache);

		if (first.empty())
			first = files;
		if (files != first)
			return fail("{} has {} files, others {}", cache, files.size(),
				    first.size());
	}
	return first.empty() ? need_sysfs() : pass();
}

bool is_in(const std::string &name, const std::vector<std::string> &names)
{
	return std::find(names.begin(), names.end(), name) != names.end();
}

Outcome links_lead_to_directories()
{
	const std::vector<std::string> caches = directories();
	std::map<std::string, long> links;

	if (caches.empty())
		return need_sysfs();
	for (const std::string &name : names_in(root)) {
		char target[256] = {};

		if (!is_link(root + name))
			continue;
		if (readlink((root + name).c_str(), target, sizeof(target) - 1) < 0)
			return fail("{}: {}", name, std::strerror(errno));
		const std::string text = target;
		const std::string last = text.substr(text.rfind('/') + 1);

		if (!is_in(last, caches))
			return fail("{} leads to {}", name, text);
		links[last]++;
	}
	for (const std::string &cache : caches) {
		if (cache[0] == ':' && !links[cache])
			return fail("no link leads to {}", cache);
	}
	return pass();
}

// Who shares a cache is found by the own name, and finds what the others do.
Outcome aliases_are_links()
{
	Aliases shared;
	std::string error;

	if (need_sysfs().kind != Outcome::Pass)
		return need_sysfs();
	if (!read_aliases(shared, error))
		return fail("{}", error);
	if (shared.empty())
		return skip("no cache is shared");
	for (const auto &[first, others] : shared) {
		for (const std::string &name : others) {
			struct stat a = {}, b = {};

			if (stat((root + first + "/slabs").c_str(), &a) ||
			    stat((root + name + "/slabs").c_str(), &b))
				return fail("no directory for {} or {}", first, name);
			if (a.st_ino != b.st_ino)
				return fail("{} shares {}, but not its directory", name, first);
		}
		if (number_of(first, "aliases") < 1)
			return fail("{} is shared, and has aliases={}", first,
				    number_of(first, "aliases"));
	}
	return pass();
}

// ---- Reading ----

Outcome check_text(const std::string &where, const std::string &file, const std::string &text)
{
	static const std::regex number("\\d+\n"), flag("[01]\n"), partial("\\d+\\(\\d+\\).*\n");
	static const std::regex calls(
		"No data\n|( *\\d+ \\S+ (\\[\\w+\\] )?age=\\S+ pid=\\S+.*\n)+");

	if (count_files.count(file) && !parse_count(text, 'N').readable)
		return fail("{}: '{}'", where, text);
	if (statistics.count(file) && !parse_count(text, 'C').readable)
		return fail("{}: '{}'", where, text);
	if (number_files.count(file) && !std::regex_match(text, number))
		return fail("{}: '{}'", where, text);
	if (flag_files.count(file) && !std::regex_match(text, flag))
		return fail("{}: '{}'", where, text);
	if (file == "remote_node_defrag_ratio" && !std::regex_match(text, number))
		return fail("{}: '{}'", where, text);
	if ((file == "failslab" || file == "skip_kfence") && !std::regex_match(text, flag))
		return fail("{}: '{}'", where, text);
	if (file == "slabs_cpu_partial" && !std::regex_match(text, partial))
		return fail("{}: '{}'", where, text);
	if ((file == "alloc_calls" || file == "free_calls") && !std::regex_match(text, calls))
		return fail("{}: '{}'", where, text);
	if (!text.empty() && text.back() != '\n')
		return fail("{}: no end of line in '{}'", where, text);
	return pass();
}

Outcome all_can_be_read()
{
	unsigned int files = 0;

	for (const std::string &cache : directories()) {
		for (const std::string &file : names_in(root + cache)) {
			const std::string where = root + cache + "/" + file;
			std::string text;

			files++;
			if (!(mode_of(where) & 0400))
				continue;
			const int error = read_errno(where, text);

			if (error)
				return fail("{}: {}", where, std::strerror(error));
			const Outcome outcome = check_text(where, file, text);

			if (outcome.kind != Outcome::Pass)
				return outcome;
		}
	}
	if (!files)
		return need_sysfs();
	fmt::print("# {} files\n", files);
	return pass();
}

// A few of the files tell what the others, or /proc/slabinfo, tell as well.
Outcome check_geometry(const std::string &name)
{
	const long size = number_of(name, "slab_size"), order = number_of(name, "order");
	const long object = number_of(name, "object_size"), align = number_of(name, "align");
	const long objects = number_of(name, "objs_per_slab");

	if (object > size)
		return fail("{}: object_size {}, slab_size {}", name, object, size);
	if (align < 1 || (align & (align - 1)) || size % align)
		return fail("{}: align {}, slab_size {}", name, align, size);
	if (objects != std::min(long(page_size() << order) / size, 32767L))
		return fail("{}: order {}, slab_size {}, objs_per_slab {}", name, order, size,
			    objects);
	if (number_of(name, "usersize") > object)
		return fail("{}: usersize above object_size", name);
	return pass();
}

Outcome geometry_agrees()
{
	return of_each_cache(check_geometry);
}

Outcome flags_agree()
{
	const std::pair<const char *, char> pairs[] = {
		{"destroy_by_rcu", 'R'}, {"hwcache_align", 'a'}, {"reclaim_account", 'r'},
		{"sanity_checks", 'F'},  {"store_user", 'U'},    {"red_zone", 'Z'},
		{"poison", 'O'},         {"trace", 'T'},         {"cache_dma", 'd'},
	};

	if (need_sysfs().kind != Outcome::Pass)
		return need_sysfs();
	for (const Cache &cache : read_slabinfo().caches) {
		for (const auto &[file, letter] : pairs) {
			const long value = number_of(cache.name, file);

			if (value >= 0 && (value != 0) != cache.has(letter))
				return fail("{}={}, but '{}'", file, value, cache.line);
		}
		const std::string ctor = read_file(root + cache.name + "/ctor");

		if (ctor.empty() == cache.has('C'))
			return fail("ctor is '{}', but '{}'", ctor, cache.line);
	}
	return pass();
}

// ---- Counts ----

Outcome parts_add_up(const std::string &name, const std::string &file)
{
	const Count count = count_of(name, file);
	long sum = 0;

	if (!exists("/sys/devices/system/node/node0"))
		return count.parts.empty() ? pass() : fail("{}/{}: nodes", name, file);
	for (const auto &[node, part] : count.parts) {
		if (!exists(fmt::format("/sys/devices/system/node/node{}", node)))
			return fail("{}/{}: no node {}", name, file, node);
		sum += part;
	}
	if (sum != count.total)
		return fail("{}/{}: {} in all, nodes add up to {}", name, file, count.total, sum);
	return pass();
}

// Counts move while they are read: what does not agree is looked at again.
Outcome nodes_add_up()
{
	return of_each_cache([](const std::string &name) {
		for (const std::string &file : count_files) {
			const Outcome outcome = patiently(
				rest, [&name, &file] { return parts_add_up(name, file); });

			if (outcome.kind != Outcome::Pass)
				return outcome;
		}
		return pass();
	});
}

// The part is read before the whole: each file that is opened is one more object of filp.
Outcome counts_are_sane(const std::string &name)
{
	const long in_partial = number_of(name, "objects_partial");
	const long objects = number_of(name, "objects");
	const long total = number_of(name, "total_objects");
	const long partial = number_of(name, "partial");
	const long cpu = number_of(name, "cpu_slabs");
	const long slabs = number_of(name, "slabs");

	if (objects > total)
		return fail("{}: {} objects, total_objects {}", name, objects, total);
	if (partial + cpu > slabs)
		return fail("{}: {} slabs, {} partial, {} of CPUs", name, slabs, partial, cpu);
	if (in_partial > objects)
		return fail("{}: {} objects, objects_partial {}", name, objects, in_partial);
	return pass();
}

Outcome counts_agree()
{
	return of_each_cache([](const std::string &name) {
		return patiently(rest, [&name] { return counts_are_sane(name); });
	});
}

// To read a file takes objects: those of other sizes here than there.
constexpr long reading = 8;

bool near(long a, long b, bool exactly)
{
	return exactly ? a == b : std::abs(a - b) <= reading;
}

Outcome same_as_slabinfo(const std::string &name, bool exactly)
{
	const Slabinfo info = read_slabinfo();
	const Cache *line = info.find(name);

	if (!line)
		return exactly ? fail("no line for {}", name) : pass(); // gone meanwhile
	const std::pair<const char *, unsigned long> counts[] = {
		{"objects", line->objects},
		{"slabs", line->slabs},
		{"partial", line->partial},
		{"cpu_slabs", line->cpu},
	};

	for (const auto &[file, value] : counts)
		if (!near(number_of(name, file), value, exactly))
			return fail("{} is {}, but '{}'", file, number_of(name, file), line->line);
	if (number_of(name, "slab_size") != long(line->objsize) ||
	    number_of(name, "order") != long(line->order))
		return fail("slab_size or order differs from '{}'", line->line);
	const Count slabs = count_of(name, "slabs");

	for (const auto &[node, count] : line->nodes) {
		const auto part = slabs.parts.find(node);
		const long here = part == slabs.parts.end() ? 0 : part->second;

		if (!near(here, count, exactly))
			return fail("{} slabs of node {}, but '{}'", here, node, line->line);
	}
	return pass();
}

Outcome same_as_slabinfo_1()
{
	if (need_sysfs().kind != Outcome::Pass)
		return need_sysfs();
	for (const Cache &cache : read_slabinfo().caches) {
		const Outcome outcome =
			patiently(rest, [&cache] { return same_as_slabinfo(cache.name, false); });

		if (outcome.kind != Outcome::Pass)
			return outcome;
	}
	return pass();
}

// Nobody but us uses this one.
const std::string quiet = "shmem_inode_cache";

// At rest, and with objects on all kinds of slabs, counts are the same to the last one.
Outcome same_at_rest(Outcome (*check)(const std::string &name, bool exactly))
{
	const Tmpfs tmpfs;

	if (!exists(root + quiet) || !tmpfs.is_mounted())
		return skip("no {}, or no tmpfs", quiet);
	tmpfs.create_files(3000);
	return patiently(3 * rest, [check] { return check(quiet, true); });
}

Outcome exact_at_rest()
{
	return same_at_rest(same_as_slabinfo);
}

// ---- The other format of /proc/slabinfo ----

// The sysctl that chooses the format, as long as this lives in the one of SLAB.
class OtherFormat
{
	std::string before;

public:
	std::string path;

	OtherFormat()
	{
		for (const std::string &name : names_in("/proc/sys/vm"))
			if (name.find("slabinfo") != std::string::npos)
				path = "/proc/sys/vm/" + name;
		before = read_file(path);
	}
	~OtherFormat()
	{
		back();
	}
	OtherFormat(const OtherFormat &) = delete;
	OtherFormat &operator=(const OtherFormat &) = delete;

	bool choose() const
	{
		return write_errno(path, "2.1") == 0 && version() == "slabinfo - version: 2.1";
	}
	bool back() const
	{
		return path.empty() || write_errno(path, before) == 0;
	}
	static std::string version()
	{
		const std::vector<std::string> text = lines(read_file("/proc/slabinfo"));

		return text.empty() ? "" : text[0];
	}
	const std::string &value() const
	{
		return before;
	}
};

struct OtherLine {
	std::string name;
	long active, objects, size, per_slab, pages, active_slabs, slabs;
};

std::optional<OtherLine> parse_other(const std::string &line)
{
	static const std::regex format("(\\S+) +(\\d+) +(\\d+) +(\\d+) +(\\d+) +(\\d+) : tunables "
				       "+(\\d+) +(\\d+) +(\\d+) : slabdata +(\\d+) +(\\d+) "
				       "+(\\d+) *");
	std::smatch field;

	if (!std::regex_match(line, field, format))
		return std::nullopt;
	auto number = [&field](int n) {
		return std::stol(field[n]);
	};

	return OtherLine{field[1],  number(2), number(3),  number(4),
			 number(5), number(6), number(10), number(11)};
}

Outcome same_as_other(const std::string &name, bool exactly)
{
	for (const std::string &text : lines(read_file("/proc/slabinfo"))) {
		const std::optional<OtherLine> line = parse_other(text);

		if (!line || line->name != name)
			continue;
		const std::pair<const char *, long> counts[] = {
			{"objects", line->active},
			{"slabs", line->slabs},
		};

		for (const auto &[file, value] : counts)
			if (!near(number_of(name, file), value, exactly))
				return fail("{} is {}, but '{}'", file, number_of(name, file),
					    text);
		if (exactly && number_of(name, "total_objects") != line->objects)
			return fail("total_objects is {}, but '{}'",
				    number_of(name, "total_objects"), text);
		if (number_of(name, "slab_size") != line->size ||
		    number_of(name, "objs_per_slab") != line->per_slab)
			return fail("slab_size or objs_per_slab differs from '{}'", text);
		if (line->pages != 1L << number_of(name, "order"))
			return fail("order is {}, but '{}'", number_of(name, "order"), text);
		if (line->active_slabs > line->slabs)
			return fail("'{}'", text);
	}
	return pass();
}

Outcome check_other_format()
{
	const std::vector<std::string> text = lines(read_file("/proc/slabinfo"));

	if (text.size() < 3 || text[1].compare(0, 8, "# name  ") != 0)
		return fail("no heading, or no cache");
	for (size_t i = 2; i < text.size(); i++) {
		const std::optional<OtherLine> line = parse_other(text[i]);

		if (!line)
			return fail("line '{}'", text[i]);
		const Outcome outcome =
			patiently(rest, [&line] { return same_as_other(line->name, false); });

		if (outcome.kind != Outcome::Pass)
			return outcome;
	}
	return pass();
}

Outcome same_as_slabinfo_2()
{
	OtherFormat format;

	if (need_sysfs().kind != Outcome::Pass)
		return need_sysfs();
	if (format.path.empty())
		return skip("no sysctl for the format");
	if (!format.choose())
		return fail("{} does not bring version 2.1", format.path);
	Outcome outcome = check_other_format();

	if (outcome.kind == Outcome::Pass)
		outcome = same_at_rest(same_as_other);
	if (!format.back() || OtherFormat::version() != slabinfo_version)
		return fail("{} does not bring version 1.0 back", format.path);
	return outcome;
}

Outcome format_refuses()
{
	OtherFormat format;

	if (format.path.empty())
		return skip("no sysctl for the format");
	for (const char *bad : {"-1", "99", "x", "4294967296"}) {
		if (write_errno(format.path, bad) != EINVAL)
			return fail("{} takes '{}'", format.path, bad);
		if (read_file(format.path) != format.value())
			return fail("{} was changed by '{}'", format.path, bad);
	}
	return pass();
}

// ---- Writing ----

// Nothing that was written here is wanted: neither a number nor a boolean.
const std::vector<std::string> bad_values = {
	"x", "-1", "1x", "2147483648", "99999999999999999999", " ", "\n",
};

// All that is said of a cache but what may move by itself.
std::map<std::string, std::string> settings(const std::string &cache)
{
	std::map<std::string, std::string> values;

	for (const std::string &file : names_in(root + cache))
		if (flag_files.count(file) || number_files.count(file) || file == "ctor" ||
		    file == "failslab" || file == "skip_kfence")
			values[file] = read_file(root + cache + "/" + file);
	return values;
}

bool writable(const std::string &path)
{
	return mode_of(path) & 0200;
}

Outcome bad_values_refused(const std::string &cache)
{
	const auto before = settings(cache);

	for (const std::string &file : names_in(root + cache)) {
		const std::string path = root + cache + "/" + file;

		if (!writable(path))
			continue;
		for (const std::string &value : bad_values) {
			const int error = write_errno(path, value);

			if (error != EINVAL)
				return fail("{}: '{}' written: {}", path, value, error_name(error));
		}
	}
	if (settings(cache) != before)
		return fail("{} was changed by a bad value", cache);
	return pass();
}

Outcome bad_values_change_nothing()
{
	return of_each_cache(bad_values_refused);
}

Outcome read_only_is_refused()
{
	return of_each_cache([](const std::string &cache) {
		const auto before = settings(cache);

		for (const std::string &file : names_in(root + cache)) {
			const std::string path = root + cache + "/" + file;

			if (!writable(path) && write_errno(path, "1") == 0)
				return fail("{} takes a value", path);
		}
		if (settings(cache) != before)
			return fail("{} was changed through files that are read only", cache);
		return pass();
	});
}

// Write a value, see it there, and put back what was there.
Outcome takes(const std::string &path, const std::string &value)
{
	const std::string before = read_file(path);
	int error = write_errno(path, value);

	if (error)
		return fail("{}: '{}' written: {}", path, value, std::strerror(error));
	const std::string now = read_file(path);

	error = write_errno(path, before);
	if (now != value + "\n" && now != value)
		return fail("{}: '{}' written, '{}' read", path, value, now);
	if (error || read_file(path) != before)
		return fail("{}: '{}' does not come back", path, before);
	return pass();
}

// Those that make something happen, and tell nothing.
Outcome happens(const std::string &path)
{
	const int error = write_errno(path, "1\n");

	if (error)
		return fail("{}: {}", path, std::strerror(error));
	for (const char *value : {"0", "2"})
		if (write_errno(path, value) != EINVAL)
			return fail("{} takes '{}'", path, value);
	return pass();
}

Outcome good_values(const std::string &cache)
{
	const std::string dir = root + cache + "/";
	const long order = number_of(cache, "order");
	std::vector<Outcome> outcomes = {
		happens(dir + "shrink"),
		happens(dir + "validate"),
		takes(dir + "min_partial", "0"),
		takes(dir + "min_partial", "7"),
	};

	if (writable(dir + "order"))
		outcomes.push_back(takes(dir + "order", std::to_string(order)));
	if (exists(dir + "skip_kfence"))
		outcomes.push_back(takes(dir + "skip_kfence", "1"));
	// Not for all that share a cache.
	if (exists(dir + "failslab") && !number_of(cache, "aliases"))
		outcomes.push_back(takes(dir + "failslab", "1"));
	for (const Outcome &outcome : outcomes)
		if (outcome.kind != Outcome::Pass)
			return outcome;
	return pass();
}

// All that can be written is known here, so that none goes without a test.
Outcome writable_ones_are_known()
{
	const std::set<std::string> known = {
		"shrink", "validate", "min_partial", "cpu_partial",
		"order",  "failslab", "skip_kfence",
	};

	for (const std::string &cache : directories())
		for (const std::string &file : names_in(root + cache))
			if (writable(root + cache + "/" + file) && !known.count(file) &&
			    !statistics.count(file))
				return fail("{}/{} can be written", cache, file);
	return need_sysfs();
}

Outcome good_values_taken()
{
	return of_each_cache(good_values);
}

Outcome order_changes(const std::string &dir, const std::string &cache)
{
	const long order = number_of(cache, "order");
	const Tmpfs tmpfs;
	long other = order + 1;

	if (write_errno(dir + "order", std::to_string(other)) &&
	    write_errno(dir + "order", std::to_string(other = order - 1)))
		return skip("no order next to {} is allowed", order);
	const long now = number_of(cache, "order");
	const Outcome geometry = check_geometry(cache);
	// Slabs of both orders are in use now.
	const bool works = tmpfs.create_files(2000);

	if (write_errno(dir + "order", std::to_string(order)) || number_of(cache, "order") != order)
		return fail("{}order does not come back", dir);
	if (now != other)
		return fail("{}order was made {}, and is {}", dir, other, now);
	return works ? geometry : fail("no files with another order");
}

// Another order counts for new slabs; one that the page allocator does not have is refused.
Outcome order_in_force()
{
	const std::string cache = quiet, dir = root + cache + "/";

	if (!exists(dir + "order"))
		return skip("no {}order", dir);
	if (!writable(dir + "order"))
		return skip("the order can't be changed");
	const Outcome outcome = order_changes(dir, cache);

	if (outcome.kind != Outcome::Pass)
		return outcome;
	const std::string before = read_file(dir + "order");

	for (const char *bad : {"11", "64", "4294967295"})
		if (write_errno(dir + "order", bad) != EINVAL || read_file(dir + "order") != before)
			return fail("{}order takes '{}'", dir, bad);
	return pass();
}

// A cache that keeps no empty slab has none left once nothing is in use.
Outcome min_partial_in_force()
{
	const std::string cache = quiet, dir = root + cache + "/";
	const std::string before = read_file(dir + "min_partial");

	if (before.empty())
		return skip("no {}min_partial", dir);
	if (write_errno(dir + "min_partial", "0"))
		return fail("{}min_partial can't be written", dir);
	{
		Tmpfs tmpfs;

		tmpfs.create_files(2000);
		tmpfs.unmount();
	}
	const Outcome outcome = patiently(3 * rest, [&cache] {
		const long slabs = number_of(cache, "slabs"), objects = number_of(cache, "objects");
		const long cpu = number_of(cache, "cpu_slabs");

		return slabs <= objects + cpu ? pass()
					      : fail("{}: {} objects, {} slabs, {} of CPUs", cache,
						     objects, slabs, cpu);
	});

	write_errno(dir + "min_partial", before);
	return outcome;
}

// Shrinking leaves no slab that nobody has an object of.
Outcome shrink_in_force()
{
	const std::string cache = quiet, dir = root + cache + "/";

	if (!exists(dir + "shrink"))
		return need_sysfs();
	return patiently(rest, [&] {
		if (write_errno(dir + "shrink", "1"))
			return fail("{}shrink can't be written", dir);
		const long slabs = number_of(cache, "slabs"), objects = number_of(cache, "objects");

		return slabs <= objects ? pass()
					: fail("{}: {} objects, {} slabs", cache, objects, slabs);
	});
}

// Options that change the layout can't be changed while there are objects.
Outcome layout_stays()
{
	return of_each_cache([](const std::string &cache) {
		if (number_of(cache, "objects") <= 0)
			return pass();
		const long size = number_of(cache, "slab_size");

		for (const char *file : {"red_zone", "poison", "store_user"}) {
			const std::string path = root + cache + "/" + file;
			const std::string before = read_file(path);

			write_errno(path, before == "1\n" ? "0" : "1");
			if (read_file(path) != before || number_of(cache, "slab_size") != size)
				return fail("{} was changed in use", path);
		}
		return pass();
	});
}

// ---- Statistics ----

Outcome statistics_work()
{
	const std::string cache = quiet, dir = root + cache + "/";
	Tmpfs tmpfs;

	if (!exists(root + "kmalloc-64/alloc_fastpath"))
		return skip("no CONFIG_SLUB_STATS");
	for (const std::string &file : statistics) {
		if (write_errno(dir + file, "0"))
			return fail("{}{} can't be cleared", dir, file);
		if (write_errno(dir + file, "1") != EINVAL)
			return fail("{}{} takes another value than 0", dir, file);
	}
	if (!tmpfs.is_mounted() || !tmpfs.create_files(1000))
		return skip("cannot use a tmpfs in /tmp");
	auto count = [&dir](const char *file) {
		return parse_count(read_file(dir + file), 'C').total;
	};
	const long allocated = count("alloc_fastpath") + count("alloc_slowpath");

	if (allocated < 1000)
		return fail("1000 files, {} allocations", allocated);
	if (count("alloc_slab") < 1 || count("alloc_slab") > allocated)
		return fail("alloc_slab is {}", count("alloc_slab"));
	tmpfs.unmount();
	const Outcome freed = patiently(3 * rest, [&] {
		const long frees = count("free_fastpath") + count("free_slowpath");

		return frees >= 1000 ? pass() : fail("1000 files freed, {} frees", frees);
	});
	if (freed.kind != Outcome::Pass)
		return freed;
	return patiently(rest, [&] {
		for (const char *file :
		     {"alloc_fastpath", "alloc_slowpath", "free_fastpath", "free_slowpath"})
			if (write_errno(dir + file, "0") || count(file))
				return fail("{} is {} after 0 was written", file, count(file));
		return pass();
	});
}

Outcome statistics_add_up()
{
	if (!exists(root + "kmalloc-64/alloc_fastpath"))
		return skip("no CONFIG_SLUB_STATS");
	for (const std::string &cache : directories()) {
		for (const std::string &file : statistics) {
			const Outcome outcome = patiently(rest, [&cache, &file] {
				const Count count =
					parse_count(read_file(root + cache + "/" + file), 'C');
				long sum = 0;

				for (const auto &[cpu, part] : count.parts)
					sum += part;
				return sum == count.total
					       ? pass()
					       : fail("{}/{}: {} in all, CPUs add up to {}", cache,
						      file, count.total, sum);
			});

			if (outcome.kind != Outcome::Pass)
				return outcome;
		}
	}
	return pass();
}

const std::vector<tap::Test> tests = {
	{"sysfs: every cache of slabinfo is there", every_cache_is_there},
	{"sysfs: every documented file is there", every_file_is_there},
	{"sysfs: all caches have the same files", all_have_the_same_files},
	{"sysfs: links lead to directories", links_lead_to_directories},
	{"sysfs: those who share a cache are links", aliases_are_links},
	{"sysfs: all files can be read", all_can_be_read},
	{"sysfs: geometry", geometry_agrees},
	{"sysfs: flags are those of slabinfo", flags_agree},
	{"sysfs: counts of nodes add up", nodes_add_up},
	{"sysfs: counts agree with each other", counts_agree},
	{"sysfs: counts are those of slabinfo 1.0", same_as_slabinfo_1},
	{"sysfs: counts are those of slabinfo at rest", exact_at_rest},
	{"sysfs: counts are those of slabinfo 2.1", same_as_slabinfo_2},
	{"sysctl: bad formats are refused", format_refuses},
	{"sysfs: bad values are refused", bad_values_change_nothing},
	{"sysfs: what is read only is", read_only_is_refused},
	{"sysfs: what can be written is known", writable_ones_are_known},
	{"sysfs: good values are taken", good_values_taken},
	{"sysfs: order takes effect", order_in_force},
	{"sysfs: min_partial takes effect", min_partial_in_force},
	{"sysfs: shrink takes effect", shrink_in_force},
	{"sysfs: layouts in use stay", layout_stays},
	{"statistics: counted and cleared", statistics_work},
	{"statistics: counts of CPUs add up", statistics_add_up},
};

} // namespace

int main()
{
	const std::string version = read_slabinfo().version;

	if (version != slabinfo_version)
		return skip_all(version);
	return tap::run(tests) ? 1 : 0;
}
