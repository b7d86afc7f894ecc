// SPDX-License-Identifier: GPL-2.0-only
// The events of 6.1 do not say which cache an object comes from, but where it was asked for, its
// size, and the size that it takes. When it is freed the cache is named. What was freed tells of
// what was not: the same place and sizes, the same cache.
#include "recording.hpp"

#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <tuple>
#include <unordered_map>

#include <fmt/format.h>

// trace-cmd.h includes tracefs.h, uses nothing of it, and that is no C++: leave it out.
#define _TRACE_FS_H
#include <trace-cmd.h>

namespace recording
{

namespace
{

// As <linux/gfp_types.h> of 6.1 has them.
constexpr unsigned long gfp_reclaimable = 0x10, gfp_account = 0x400000;
// What kmalloc() gives for no bytes, and NULL below it, are no objects.
constexpr unsigned long zero_size = 16;
constexpr unsigned long long clocks_differ = 20000000; // nanoseconds, at most

using Place = std::tuple<unsigned long, unsigned long, unsigned long>;

struct Raw {
	unsigned long long time; // nanoseconds
	unsigned long object;
	Place place; // caller, bytes that were asked for, bytes it takes
	unsigned long gfp;
	int cpu;
	int cache; // index of its name; unknown, or kmalloc
	bool is_free;
};

constexpr int unknown = -1, kmalloc = -2;

// ---- Of trace-cmd's file ----

struct Input {
	std::vector<Raw> events;
	std::vector<std::string> names;
	std::unordered_map<std::string, int> index;
	unsigned long lost = 0;
	unsigned cpus = 1;
};

int index_of(Input &input, const std::string &name)
{
	const auto [place, is_new] = input.index.try_emplace(name, input.names.size());

	if (is_new)
		input.names.push_back(name);
	return place->second;
}

unsigned long number(tep_event *event, tep_record *record, const char *field)
{
	unsigned long long value = 0;

	if (tep_get_field_val(nullptr, event, field, record, &value, 0))
		throw std::runtime_error(fmt::format(
			"event {} has no field {}; is it of Linux 6.1?", event->name, field));
	return value;
}

Raw raw(tep_event *event, tep_record *record)
{
	Raw one = {};

	one.time = record->ts;
	one.cpu = record->cpu;
	one.object = number(event, record, "ptr");
	one.cache = unknown;
	return one;
}

using Callback = int(tracecmd_input *, tep_event *, tep_record *, int, void *);

int on_alloc(tracecmd_input *, tep_event *event, tep_record *record, int, void *data)
{
	Raw one = raw(event, record);

	one.place = {number(event, record, "call_site"), number(event, record, "bytes_req"),
		     number(event, record, "bytes_alloc")};
	one.gfp = number(event, record, "gfp_flags");
	if (std::string("kmalloc") == event->name)
		one.cache = kmalloc;
	if (one.object > zero_size)
		static_cast<Input *>(data)->events.push_back(one);
	return 0;
}

int on_free(tracecmd_input *, tep_event *event, tep_record *record, int, void *data)
{
	Input &input = *static_cast<Input *>(data);
	Raw one = raw(event, record);

	one.is_free = true;
	if (std::string("kmem_cache_free") == event->name) {
		int length = 0;
		const auto *name = static_cast<const char *>(
			tep_get_field_raw(nullptr, event, "name", record, &length, 0));

		if (name)
			one.cache = index_of(input, std::string(name, strnlen(name, length)));
	}
	if (one.object > zero_size)
		input.events.push_back(one);
	return 0;
}

int on_missed(tracecmd_input *, tep_event *, tep_record *record, int, void *data)
{
	static_cast<Input *>(data)->lost += std::max(1LL, record->missed_events);
	return 0;
}

Input read_input(const std::string &file)
{
	const std::unique_ptr<tracecmd_input, void (*)(tracecmd_input *)> handle(
		tracecmd_open(file.c_str(), TRACECMD_FL_LOAD_NO_PLUGINS), tracecmd_close);
	Input input;

	if (!handle)
		throw std::runtime_error(file + ": trace-cmd cannot read it; record it again");
	const std::pair<const char *, Callback *> events[] = {{"kmalloc", on_alloc},
							      {"kmem_cache_alloc", on_alloc},
							      {"kfree", on_free},
							      {"kmem_cache_free", on_free}};

	for (const auto &[name, callback] : events)
		if (tracecmd_follow_event(handle.get(), "kmem", name, callback, &input))
			throw std::runtime_error(
				fmt::format("{}: no event kmem:{} in it", file, name));
	tracecmd_follow_missed_events(handle.get(), on_missed, &input);
	if (tracecmd_iterate_events(handle.get(), nullptr, 0, nullptr, nullptr))
		throw std::runtime_error(file + ": trace-cmd cannot go through it");
	if (input.lost)
		throw std::runtime_error(fmt::format("{}: {} events were lost; record it again "
						     "with a larger buffer, BUFFER= megabytes",
						     file, input.lost));
	for (const Raw &one : input.events)
		input.cpus = std::max<unsigned>(input.cpus, one.cpu + 1);
	return input;
}

// ---- Which cache ----

struct Cache {
	unsigned long size, takes;
	trace::Class cls;
};

std::vector<Cache> read_caches(const std::string &file)
{
	std::ifstream in(file);
	std::vector<Cache> caches;
	Cache cache;

	while (in >> cache.cls.name >> cache.size >> cache.takes >> cache.cls.align >>
	       cache.cls.flags) {
		std::string flags;

		for (const char letter : std::string("CRraA"))
			if (cache.cls.has(letter))
				flags += letter;
		cache.cls.flags = flags;
		cache.cls.size = cache.size;
		caches.push_back(cache);
	}
	if (caches.empty())
		throw std::runtime_error(file + ": no caches in it; record it again");
	return caches;
}

// Tell each allocation its cache, as far as its end is in the recording, and count what places ask
// for.
std::map<Place, std::map<int, unsigned long>> name_those_freed(Input &input)
{
	std::map<Place, std::map<int, unsigned long>> seen;
	std::unordered_map<unsigned long, size_t> live;

	for (size_t i = 0; i < input.events.size(); i++) {
		const Raw &one = input.events[i];

		if (!one.is_free) {
			live[one.object] = i;
			continue;
		}
		const auto found = live.find(one.object);

		if (found == live.end())
			continue;
		Raw &start = input.events[found->second];

		if (one.cache >= 0 && start.cache == unknown) {
			start.cache = one.cache;
			seen[start.place][one.cache]++;
		}
		live.erase(found);
	}
	return seen;
}

// Of the caches with such objects, if there is but one; else a cache that stands for those of the
// size.
int by_size(Input &input, const std::vector<Cache> &caches, const Place &place, uint64_t &guessed)
{
	const auto [site, size, takes] = place;
	const Cache *found = nullptr;
	unsigned count = 0;

	for (const Cache &cache : caches)
		if (cache.size == size && cache.takes == takes && ++count)
			found = &cache;
	if (count == 1)
		return index_of(input, found->cls.name);
	guessed++;
	return index_of(input, fmt::format("size-{}", size));
}

// Return: how many had to be guessed by their size.
uint64_t name_the_others(Input &input, const std::vector<Cache> &caches)
{
	const auto seen = name_those_freed(input);
	uint64_t guessed = 0;

	for (Raw &one : input.events) {
		if (one.is_free || one.cache != unknown)
			continue;
		const auto found = seen.find(one.place);

		if (found == seen.end()) {
			one.cache = by_size(input, caches, one.place, guessed);
			continue;
		}
		unsigned long most = 0;

		for (const auto &[cache, count] : found->second)
			if (count > most) {
				most = count;
				one.cache = cache;
			}
	}
	return guessed;
}

// ---- The trace ----

class Converter
{
public:
	Converter(const Input &input, const std::vector<Cache> &caches) : input(input)
	{
		for (const Cache &cache : caches)
			known[cache.cls.name] = cache.cls;
	}

	trace::Trace run(size_t limit)
	{
		result.cpus = input.cpus;
		for (const Raw &one : input.events) {
			if (limit && result.events.size() >= limit)
				break;
			if (one.is_free)
				end(one);
			else
				start(one);
		}
		result.objects = numbers.used();
		return std::move(result);
	}

private:
	struct Live {
		uint32_t object;
		uint16_t cls;
	};

	void add(const Raw &one, const Live &live, bool is_free)
	{
		const uint64_t time = (one.time - input.events[0].time) / 1000;

		result.events.push_back(
			{time, live.object, live.cls, static_cast<uint8_t>(one.cpu), is_free});
	}

	// What the allocator takes for itself is its own business; here it is left out.
	bool is_internal(const Raw &one) const
	{
		return one.cache >= 0 && (input.names[one.cache] == "kmem_cache" ||
					  input.names[one.cache] == "kmem_cache_node");
	}

	uint16_t class_of(const Raw &one)
	{
		const auto size = static_cast<unsigned>(std::get<1>(one.place));
		trace::Class cls;

		if (one.cache == kmalloc) {
			cls.size = size;
			if (one.gfp & gfp_reclaimable)
				cls.flags += 'r';
			if (one.gfp & gfp_account)
				cls.flags += 'A';
		} else if (known.count(input.names[one.cache])) {
			cls = known.at(input.names[one.cache]);
		} else {
			cls.name = input.names[one.cache];
			cls.size = size;
		}
		const auto [place, is_new] =
			classes.try_emplace({cls.name, cls.size, cls.flags}, result.classes.size());

		if (is_new)
			result.classes.push_back(cls);
		if (result.classes.size() > UINT16_MAX)
			throw std::runtime_error("more sizes than the format has room for");
		return place->second;
	}

	void start(const Raw &one)
	{
		const auto old = live.find(one.object);

		if (old != live.end()) {
			result.unseen_ends++;
			late[one.object] = one.time;
			numbers.give_back(old->second.object);
			add(one, old->second, true);
			live.erase(old);
		}
		if (is_internal(one))
			return;
		const Live fresh = {numbers.take(), class_of(one)};

		live[one.object] = fresh;
		add(one, fresh, false);
	}

	// Clocks of CPUs differ a little: a free on one CPU may seem to come behind the next
	// allocation of that address on another one. It has been put in there.
	bool is_late(const Raw &one)
	{
		const auto found = late.find(one.object);

		if (found == late.end())
			return false;
		const bool soon = one.time - found->second < clocks_differ;

		late.erase(found);
		return soon;
	}

	void end(const Raw &one)
	{
		const auto found = live.find(one.object);

		if (is_late(one)) {
			result.unseen_ends--;
			return;
		}
		if (found == live.end()) {
			result.unseen_frees += !is_internal(one);
			return;
		}
		numbers.give_back(found->second.object);
		add(one, found->second, true);
		live.erase(found);
	}

	const Input &input;
	std::map<std::string, trace::Class> known;
	std::map<std::tuple<std::string, unsigned, std::string>, uint16_t> classes;
	std::unordered_map<unsigned long, Live> live;
	std::unordered_map<unsigned long, unsigned long long> late;
	trace::Numbers numbers;
	trace::Trace result;
};

} // namespace

trace::Trace convert(const std::string &file, const std::string &caches, size_t limit)
{
	Input input = read_input(file);
	const std::vector<Cache> known = read_caches(caches);

	if (input.events.empty())
		throw std::runtime_error(file + ": no events in it; record it again");
	const uint64_t guessed = name_the_others(input, known);
	trace::Trace result = Converter(input, known).run(limit);

	result.guessed = guessed;
	if (limit && input.events.size() > limit)
		result.notes.push_back(fmt::format("cut to the first {} of {} events", limit,
						   input.events.size()));
	return result;
}

} // namespace recording
