// SPDX-License-Identifier: GPL-2.0-only
#include "slabinfo.hpp"
#include "system.hpp"

#include <regex>

#include <fmt/format.h>

const char slabinfo_version[] = "slubinfo - version: 1.0";
const char slabinfo_heading[] =
	"# name            <objects> <order> <objsize> <slabs>/<partial>/<cpu> <flags>";

unsigned long Cache::slab_bytes() const
{
	return page_size() << order;
}

unsigned long Cache::capacity() const
{
	return slab_bytes() / objsize;
}

bool Cache::has(char flag) const
{
	return flags.find(flag) != std::string::npos;
}

const Cache *Slabinfo::find(const std::string &name) const
{
	for (const Cache &cache : caches)
		if (cache.name == name)
			return &cache;
	return nullptr;
}

unsigned long Slabinfo::bytes() const
{
	unsigned long sum = 0;

	for (const Cache &cache : caches)
		sum += cache.slabs * cache.slab_bytes();
	return sum;
}

unsigned long Slabinfo::bytes_with(char flag) const
{
	unsigned long sum = 0;

	for (const Cache &cache : caches)
		if (cache.has(flag))
			sum += cache.slabs * cache.slab_bytes();
	return sum;
}

static bool parse_line(const std::string &line, Cache &cache)
{
	static const std::regex format("(\\S+) +(\\d+) +(\\d+) +(\\d+) +(\\d+)/(\\d+)/(\\d+)"
				       "(?: +([A-Za-z]+))?((?: +N\\d+=\\d+)*) *");
	static const std::regex node(" +N(\\d+)=(\\d+)");
	std::smatch field;

	if (!std::regex_match(line, field, format))
		return false;
	cache.line = line;
	cache.name = field[1];
	cache.objects = std::stoul(field[2]);
	cache.order = std::stoul(field[3]);
	cache.objsize = std::stoul(field[4]);
	cache.slabs = std::stoul(field[5]);
	cache.partial = std::stoul(field[6]);
	cache.cpu = std::stoul(field[7]);
	cache.flags = field[8];

	const std::string nodes = field[9];
	for (std::sregex_iterator i(nodes.begin(), nodes.end(), node), end; i != end; ++i)
		cache.nodes[std::stoul((*i)[1])] = std::stoul((*i)[2]);
	return cache.objsize != 0;
}

Slabinfo read_slabinfo(size_t piece)
{
	const std::vector<std::string> text = lines(read_file("/proc/slabinfo", piece));
	Slabinfo info;

	if (text.size() > 0)
		info.version = text[0];
	if (text.size() > 1)
		info.heading = text[1];
	info.numa = info.heading.find("<nodes>") != std::string::npos;
	for (size_t i = 2; i < text.size(); i++) {
		Cache one;

		if (parse_line(text[i], one))
			info.caches.push_back(one);
		else
			info.unreadable.push_back(text[i]);
	}
	return info;
}

std::string format_line(const Cache &cache)
{
	std::string line = fmt::format(
		"{:<21} {:>6} {} {:>7} {:>12}", cache.name, cache.objects, cache.order,
		cache.objsize, fmt::format("{}/{}/{}", cache.slabs, cache.partial, cache.cpu));

	if (!cache.flags.empty() || !cache.nodes.empty())
		line += fmt::format(" {:>5}", cache.flags);
	for (const auto &[node, slabs] : cache.nodes)
		line += fmt::format(" N{}={}", node, slabs);
	return line;
}

bool read_aliases(Aliases &aliases, std::string &error)
{
	const char path[] = "/sys/kernel/debug/slab/aliases";
	static const std::regex format("(\\S+):((?: \\S+)+)");
	static const std::regex word("\\S+");

	aliases.clear();
	if (!exists(path)) {
		error = fmt::format("no {}", path);
		return false;
	}
	for (const std::string &line : lines(read_file(path))) {
		std::smatch field;

		if (!std::regex_match(line, field, format)) {
			error = fmt::format("'{}' in {}", line, path);
			return false;
		}
		const std::string names = field[2];
		for (std::sregex_iterator i(names.begin(), names.end(), word), end; i != end; ++i)
			aliases[field[1]].insert(i->str());
	}
	return true;
}

int skip_all(const std::string &version)
{
	fmt::print("TAP version 13\n1..0 # SKIP {}\n",
		   version.empty() ? "cannot read /proc/slabinfo: not root?"
				   : "not in SLUB's format: " + version);
	return 4;
}
