// SPDX-License-Identifier: GPL-2.0-only
// What an allocator has handed out, kept beside it: random operations, and what must be true of
// them.
#ifndef SLUB_NATIVE_MODEL_HPP
#define SLUB_NATIVE_MODEL_HPP

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "../kernel/host.h"

namespace model
{

// Caches of several sizes, and kmalloc. One thread at a time may use a model; several models may be
// used at once, and share their caches.
class Model
{
public:
	Model(std::vector<kmem_cache *> caches, unsigned seed);

	// One operation, of any kind. Return: what is wrong, if anything is.
	std::optional<std::string> step();

	// Look at all objects, then free them, in random order.
	std::optional<std::string> finish();

	// How many objects of this cache are in use.
	size_t in_use(const kmem_cache *cache) const;

	// Objects that somebody else is to free, and those that somebody else has handed over.
	struct Object {
		unsigned char *address;
		size_t size;
		kmem_cache *cache; // or nullptr: kmalloc
		unsigned char pattern;
	};
	std::optional<Object> give_away();
	std::optional<std::string> take_over(const Object &object);

private:
	std::optional<std::string> allocate();
	std::optional<std::string> allocate_bulk();
	std::optional<std::string> resize();
	std::optional<std::string> free_one();
	std::optional<std::string> free_bulk();
	std::optional<std::string> add(void *address, size_t size, kmem_cache *cache, bool zeroed);
	std::optional<std::string> remove(size_t index, Object &object);
	unsigned below(unsigned limit);

	std::vector<kmem_cache *> caches;
	std::mt19937 dice;
	std::vector<Object> live;
	std::map<uintptr_t, size_t> places; // where objects are, and how long
	std::map<const kmem_cache *, size_t> counts;
};

} // namespace model

#endif
