// SPDX-License-Identifier: GPL-2.0-only
// A trace: what a kernel asked of its allocator, in order, small enough to be kept.
//
// A file is text, then numbers; all of it may be compressed by xz, whose magic number tells. The
// text is lines that end with a newline, the last of them empty:
//
//	slub-trace 1
//	workload: what ran
//	kernel: its version, and its options that matter
//	date: when it was recorded
//	note: anything else that one should know, such as where it was cut; any number of these
//	cpus: 2
//	unseen-frees: objects that were there before the recording; their frees are left out
//	unseen-ends: objects that were allocated anew without a free; it was put in just before
//	guessed: allocations whose cache is not known, but its size
//	classes: how many lines like these follow; a number in an event counts them from 0
//	cache SIZE ALIGN FLAGS NAME
//	kmalloc SIZE 0 FLAGS -
//	events: how many follow
//
// FLAGS are letters as in /proc/slabinfo, or "-": C has a constructor, R SLAB_TYPESAFE_BY_RCU,
// r reclaimable, a SLAB_HWCACHE_ALIGN, A accounted. SIZE is what was asked for, in bytes.
//
// Numbers are little-endian groups of 7 bits, with the eighth bit set in all but the last. An event
// begins with one: bit 0 is set for a free, bit 1 if the CPU is another one than that of the event
// before (0 before the first); the rest are microseconds since then. The CPU follows if it is
// another one; then for an allocation the class, for a free the object.
//
// An object is a number, too. An allocation does not say which: it is that which was freed last
// among those that are free now, or else the lowest that was not used yet. So numbers stay small,
// and whoever reads can keep a table as long as the most objects that were live at once.
//
// The last four bytes are a CRC-32 of all before, the least significant one first.
#ifndef SLUB_NATIVE_TRACE_HPP
#define SLUB_NATIVE_TRACE_HPP

#include <cstdint>
#include <string>
#include <vector>

namespace trace
{

struct Class {
	std::string name; // of a cache; empty for kmalloc
	unsigned size = 0;
	unsigned align = 0;
	std::string flags;

	bool has(char flag) const
	{
		return flags.find(flag) != std::string::npos;
	}
};

struct Event {
	uint64_t time; // microseconds since the trace began
	uint32_t object;
	uint16_t cls; // of the object, also when it is freed
	uint8_t cpu;
	bool is_free;
};

struct Trace {
	std::string workload, kernel, date;
	std::vector<std::string> notes;
	unsigned cpus = 1;
	uint64_t unseen_frees = 0, unseen_ends = 0, guessed = 0;
	std::vector<Class> classes;
	std::vector<Event> events;
	unsigned objects = 0; // most that were live at once
};

// Gives objects their numbers, by the rule above.
class Numbers
{
public:
	uint32_t take();
	void give_back(uint32_t object)
	{
		unused.push_back(object);
	}
	unsigned used() const
	{
		return next;
	}

private:
	std::vector<uint32_t> unused;
	uint32_t next = 0;
};

// Throw std::runtime_error, with one line, if the file is not what it should be.
Trace read(const std::string &file);
void write(const Trace &trace, const std::string &file);

// The same without files. What is given to decode() may be compressed, what encode() gives is not.
Trace decode(std::string bytes);
std::string encode(const Trace &trace);
std::string compressed(const std::string &bytes);

} // namespace trace

#endif
