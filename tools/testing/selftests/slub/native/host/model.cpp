// SPDX-License-Identifier: GPL-2.0-only
#include "model.hpp"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

namespace model
{

namespace
{

constexpr size_t live_max = 3000;
constexpr unsigned bulk_max = 64;

using Wrong = std::optional<std::string>;

std::string name_of(const Model::Object &object)
{
	return fmt::format("object {} of {} bytes from {}", fmt::ptr(object.address), object.size,
			   object.cache ? "a cache" : "kmalloc");
}

bool is_all(const unsigned char *from, unsigned char value, size_t size)
{
	return std::all_of(from, from + size, [=](unsigned char byte) { return byte == value; });
}

} // namespace

Model::Model(std::vector<kmem_cache *> caches, unsigned seed)
	: caches(std::move(caches)), dice(seed)
{
}

unsigned Model::below(unsigned limit)
{
	return std::uniform_int_distribution<unsigned>(0, limit - 1)(dice);
}

size_t Model::in_use(const kmem_cache *cache) const
{
	const auto found = counts.find(cache);

	return found == counts.end() ? 0 : found->second;
}

Wrong Model::add(void *address, size_t size, kmem_cache *cache, bool zeroed)
{
	const Object object = {static_cast<unsigned char *>(address), size, cache,
			       static_cast<unsigned char>(1 + below(255))};
	const auto start = reinterpret_cast<uintptr_t>(address);
	const auto next = places.lower_bound(start);

	if (start % 8)
		return name_of(object) + " is not aligned";
	if (next != places.end() && next->first < start + size)
		return name_of(object) + " overlaps the one behind it";
	if (next != places.begin() && std::prev(next)->first + std::prev(next)->second > start)
		return name_of(object) + " overlaps the one before it";
	if (zeroed && !is_all(object.address, 0, size))
		return name_of(object) + " is not all zeroes";
	memset(address, object.pattern, size);
	places[start] = size;
	live.push_back(object);
	counts[cache]++;
	return {};
}

Wrong Model::remove(size_t index, Object &object)
{
	object = live[index];
	live[index] = live.back();
	live.pop_back();
	places.erase(reinterpret_cast<uintptr_t>(object.address));
	counts[object.cache]--;
	if (!is_all(object.address, object.pattern, object.size))
		return name_of(object) + " was written to by somebody else";
	return {};
}

Wrong Model::allocate()
{
	if (below(2)) {
		const bool zero = !below(4);
		const size_t size = 1 + below(8U << below(11));
		void *address = native_kmalloc(size, zero);

		return address ? add(address, size, nullptr, zero) : Wrong();
	}
	kmem_cache *cache = caches[below(caches.size())];
	void *address = native_cache_alloc(cache, false);

	return address ? add(address, native_cache_size(cache), cache, false) : Wrong();
}

Wrong Model::allocate_bulk()
{
	kmem_cache *cache = caches[below(caches.size())];
	const int count = 1 + below(bulk_max);
	void *addresses[bulk_max];
	const int got = native_alloc_bulk(cache, count, addresses);

	if (got && got != count)
		return fmt::format("{} objects of {} that were asked for at once", got, count);
	for (int i = 0; i < got; i++)
		if (const Wrong wrong = add(addresses[i], native_cache_size(cache), cache, false))
			return wrong;
	return {};
}

// krealloc(): what there was is there still, as far as there is room.
Wrong Model::resize()
{
	const size_t index = below(live.size());
	Object object = live[index];

	if (object.cache)
		return {};
	const size_t size = 1 + below(4096);

	if (const Wrong wrong = remove(index, object))
		return wrong;
	if (native_ksize(object.address) < object.size)
		return name_of(object) + ": ksize() says that it is smaller";
	auto *address = static_cast<unsigned char *>(native_krealloc(object.address, size));

	if (!address)
		return add(object.address, object.size, nullptr, false);
	if (!is_all(address, object.pattern, std::min(size, object.size)))
		return name_of(object) + " was lost by krealloc()";
	return add(address, size, nullptr, false);
}

Wrong Model::free_one()
{
	Object object;

	if (const Wrong wrong = remove(below(live.size()), object))
		return wrong;
	if (object.cache && below(2))
		native_cache_free(object.cache, object.address);
	else
		native_kfree(object.address);
	return {};
}

// Objects of one cache, in any order.
Wrong Model::free_bulk()
{
	kmem_cache *cache = caches[below(caches.size())];
	void *addresses[bulk_max];
	size_t count = 0;

	for (size_t tries = 0; tries < 4 * bulk_max && !live.empty() && count < bulk_max; tries++) {
		const size_t index = below(live.size());
		Object object;

		if (live[index].cache != cache)
			continue;
		if (const Wrong wrong = remove(index, object))
			return wrong;
		addresses[count++] = object.address;
	}
	if (count)
		native_free_bulk(cache, count, addresses);
	return {};
}

// More of one kind for a while, then more of the other: it comes to full slabs and to empty ones.
Wrong Model::step()
{
	const bool grow =
		live.size() < 2 || (live.size() < live_max && below(1000) < 500 + live_max / 100);

	if (!below(20000))
		native_cache_shrink(caches[below(caches.size())]);
	if (grow)
		return below(20) ? allocate() : allocate_bulk();
	switch (below(20)) {
	case 0:
		return free_bulk();
	case 1:
		return resize();
	default:
		return free_one();
	}
}

Wrong Model::finish()
{
	while (!live.empty())
		if (const Wrong wrong = free_one())
			return wrong;
	return {};
}

std::optional<Model::Object> Model::give_away()
{
	Object object;

	if (live.empty() || remove(below(live.size()), object))
		return {};
	return object;
}

Wrong Model::take_over(const Object &object)
{
	if (!is_all(object.address, object.pattern, object.size))
		return name_of(object) + " was written to on its way";
	native_kfree(object.address);
	return {};
}

} // namespace model
