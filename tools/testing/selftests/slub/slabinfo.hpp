// SPDX-License-Identifier: GPL-2.0-only
// /proc/slabinfo in the format "slubinfo - version: 1.0", and the names of merged caches.
#ifndef SLUB_SLABINFO_HPP
#define SLUB_SLABINFO_HPP

#include <map>
#include <set>
#include <string>
#include <vector>

struct Cache {
	std::string line; // as it was read
	std::string name;
	unsigned long objects = 0;
	unsigned int order = 0;
	unsigned long objsize = 0;
	unsigned long slabs = 0;
	unsigned long partial = 0;
	unsigned long cpu = 0;
	std::string flags;
	std::map<unsigned int, unsigned long> nodes; // node -> slabs

	unsigned long slab_bytes() const;
	unsigned long capacity() const; // objects that a slab holds
	bool has(char flag) const;
};

struct Slabinfo {
	std::string version;
	std::string heading;
	bool numa = false;
	std::vector<Cache> caches;
	std::vector<std::string> unreadable; // lines that are no cache's

	const Cache *find(const std::string &name) const;
	unsigned long bytes() const;
	unsigned long bytes_with(char flag) const;
};

extern const char slabinfo_version[];
extern const char slabinfo_heading[];

// At most piece bytes at a time are asked of the kernel.
Slabinfo read_slabinfo(size_t piece = 65536);

// With this version no test applies: says so in TAP, and returns kselftest's exit status for it.
int skip_all(const std::string &version);

// A cache's line, written anew from what was read of it.
std::string format_line(const Cache &cache);

// Name of a cache -> the names of its further users.
using Aliases = std::map<std::string, std::set<std::string>>;

// False if the file is absent or has a line that is not "NAME: NAME...".
bool read_aliases(Aliases &aliases, std::string &error);

#endif
