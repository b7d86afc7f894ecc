// SPDX-License-Identifier: GPL-2.0-only
// What an allocator has handed out, kept beside it: random operations, and what must be true of
// them.
#ifndef SLUB_NATIVE_MODEL_HPP
#define SLUB_NATIVE_MODEL_HPP

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "../kernel/host.h"

namespace model
{

// What of an object survives while it is free: nothing, what its constructor wrote, or all of it
// until nobody can look at it any more.
enum class Kind { plain, constructed, by_rcu };

struct Cache {
	kmem_cache *cache = nullptr;
	size_t size = 0;
	size_t align = 1;
	Kind kind = Kind::plain;
};

// Makes a cache, or one without an address if there is no memory. With a constructor it is shared
// with nobody, so that what is counted of it is ours.
Cache create(const std::string &name, size_t size, size_t align, Kind kind);

// Where decisions come from: a number below the given one.
using Dice = std::function<unsigned(unsigned limit)>;
Dice seeded(unsigned seed);

// What is wrong, if anything is.
using Wrong = std::optional<std::string>;

// What the kernel has said that it says only if something is wrong: not of lack of memory.
Wrong complaint(const std::string &said);

struct Settings {
	std::string name;              // of the model, unlike all others that are used at once
	bool alone = false;            // the caller's thread is all CPUs: use them all
	bool pages_fail = false;       // page allocations fail now and then, here or elsewhere
	const Cache *shared = nullptr; // caches that others may use, too
	size_t shared_count = 0;
};

// One thread at a time may use a model; several models may be used at once, and share caches.
class Model
{
public:
	Model(const Settings &settings, Dice dice);

	// One operation, of any kind.
	Wrong step();

	// Look at all objects that are in use.
	Wrong look() const;

	// Free all, in random order.
	Wrong finish();

	// How many objects of this cache are in use.
	size_t in_use(const kmem_cache *cache) const;

	// Objects that somebody else is to free, if there are any, and those that somebody else has
	// handed over.
	struct Object {
		unsigned char *address;
		size_t size;
		const Cache *cache; // or nullptr: kmalloc
		unsigned char pattern;
	};
	Wrong give_away(Object &object);
	Wrong take_over(const Object &object);

private:
	Wrong operation();
	Wrong now_and_then();
	Wrong allocate();
	Wrong allocate_from(const Cache &cache);
	Wrong allocate_bulk();
	Wrong resize();
	Wrong free_one();
	Wrong free_bulk();
	Wrong free_all_of(const Cache &cache);
	Wrong renew(Cache &cache);
	Wrong run_later(bool timers);
	Wrong nothing_came(const char *from) const;
	Wrong add(void *address, size_t size, const Cache *cache, bool zeroed);
	Wrong remove(size_t index, Object &object);
	const Cache *any_cache();
	bool failing() const;
	unsigned below(unsigned limit);

	Settings settings;
	Dice dice;
	std::array<Cache, 4> own; // caches that come and go
	unsigned made = 0;
	unsigned growth = 128; // of 256 steps so many allocate
	bool could_fail = false;
	std::vector<Object> live;
	std::map<uintptr_t, size_t> places; // where objects are, and how long
	std::map<const kmem_cache *, size_t> counts;
	std::map<uintptr_t, Object> freed; // by RCU, and not reused
};

} // namespace model

#endif
