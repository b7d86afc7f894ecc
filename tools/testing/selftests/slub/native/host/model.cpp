// SPDX-License-Identifier: GPL-2.0-only
#include "model.hpp"

#include <algorithm>
#include <cstring>
#include <random>

#include <fmt/format.h>

#include "machine.hpp"

// There if the kernel's objects are built for it.
#pragma weak __asan_poison_memory_region
#pragma weak __asan_unpoison_memory_region

namespace model
{

namespace
{

constexpr size_t live_max = 3000;
constexpr unsigned bulk_max = 64;
constexpr unsigned nodes = 2;

std::string name_of(const Model::Object &object)
{
	return fmt::format("object {} of {} bytes from {}", fmt::ptr(object.address), object.size,
			   object.cache ? "a cache" : "kmalloc");
}

// An object that is in use is its user's alone: the address sanitizer tells who else looks.
void keep_away(const Model::Object &object)
{
	if (__asan_poison_memory_region)
		__asan_poison_memory_region(object.address, object.size);
}

void open_again(const Model::Object &object)
{
	if (__asan_unpoison_memory_region)
		__asan_unpoison_memory_region(object.address, object.size);
}

bool is_all(const unsigned char *from, unsigned char value, size_t size)
{
	return std::all_of(from, from + size, [=](unsigned char byte) { return byte == value; });
}

// What a constructor leaves in an object is its own, so that one object is not taken for another.
uintptr_t mark(const void *object)
{
	return reinterpret_cast<uintptr_t>(object) ^ 0x5a5a5a5a5a5a5a5aUL;
}

void construct(void *object)
{
	const uintptr_t word = mark(object);

	memcpy(object, &word, sizeof(word));
}

bool is_constructed(const void *object)
{
	const uintptr_t word = mark(object);

	return !memcmp(object, &word, sizeof(word));
}

} // namespace

Dice seeded(unsigned seed)
{
	return [engine = std::mt19937(seed)](unsigned limit) mutable {
		return std::uniform_int_distribution<unsigned>(0, limit - 1)(engine);
	};
}

Cache create(const std::string &name, size_t size, size_t align, Kind kind)
{
	const unsigned long flags = kind == Kind::by_rcu ? native_constants.typesafe_by_rcu : 0;

	return {native_cache_create(name.c_str(), size, align, flags,
				    kind == Kind::constructed ? construct : nullptr),
		size, std::max<size_t>(align, 8), kind};
}

Wrong complaint(const std::string &said)
{
	for (const char *bad :
	     {"WARNING", "BUG", "cache kept", "double free", "corrupt", "object of"})
		if (said.find(bad) != std::string::npos)
			return "it says: " + said;
	return {};
}

Model::Model(const Settings &settings, Dice dice) : settings(settings), dice(std::move(dice))
{
}

unsigned Model::below(unsigned limit)
{
	return limit > 1 ? dice(limit) : 0;
}

size_t Model::in_use(const kmem_cache *cache) const
{
	const auto found = counts.find(cache);

	return found == counts.end() ? 0 : found->second;
}

bool Model::failing() const
{
	struct native_pages pages;

	native_pages(&pages);
	return pages.fail_after != ~0UL;
}

const Cache *Model::any_cache()
{
	const size_t which = below(settings.shared_count + own.size());

	if (which < settings.shared_count)
		return settings.shared + which;
	const Cache &mine = own[which - settings.shared_count];

	return mine.cache ? &mine : nullptr;
}

Wrong Model::nothing_came(const char *from) const
{
	if (settings.pages_fail && (could_fail || !settings.alone))
		return {};
	return std::string(from) + " has no memory, and there are pages";
}

Wrong Model::add(void *address, size_t size, const Cache *cache, bool zeroed)
{
	const Object object = {static_cast<unsigned char *>(address), size, cache,
			       static_cast<unsigned char>(1 + below(255))};
	const auto start = reinterpret_cast<uintptr_t>(address);
	const auto next = places.lower_bound(start);

	if (start % (cache ? cache->align : 8))
		return name_of(object) + " is not aligned";
	if (next != places.end() && next->first < start + size)
		return name_of(object) + " overlaps the one behind it";
	if (next != places.begin() && std::prev(next)->first + std::prev(next)->second > start)
		return name_of(object) + " overlaps the one before it";
	if (zeroed && !is_all(object.address, 0, size))
		return name_of(object) + " is not all zeroes";
	if (cache && cache->kind == Kind::constructed && !is_constructed(address))
		return name_of(object) + " is not as its constructor left it";
	if (cache && !native_ptr_validate(cache->cache, address))
		return name_of(object) + " is not of its cache";
	if (cache && cache->kind == Kind::by_rcu)
		freed.erase(start);
	memset(address, object.pattern, size);
	keep_away(object);
	places[start] = size;
	live.push_back(object);
	if (cache)
		counts[cache->cache]++;
	return {};
}

// Make an object ready to be freed: look at it, and let go of it.
Wrong Model::remove(size_t index, Object &object)
{
	object = live[index];
	live[index] = live.back();
	live.pop_back();
	places.erase(reinterpret_cast<uintptr_t>(object.address));
	open_again(object);
	if (!is_all(object.address, object.pattern, object.size))
		return name_of(object) + " was written to by somebody else";
	if (!object.cache)
		return {};
	counts[object.cache->cache]--;
	if (object.cache->kind == Kind::constructed)
		construct(object.address);
	// Others may be quicker to reuse what is shared.
	if (object.cache->kind == Kind::by_rcu && settings.alone)
		freed[reinterpret_cast<uintptr_t>(object.address)] = object;
	return {};
}

Wrong Model::allocate()
{
	if (!below(2))
		if (const Cache *cache = any_cache())
			return allocate_from(*cache);

	const unsigned how = below(4) ? 0 : NATIVE_ZERO;
	const size_t size = 1 + below(8U << below(13));
	void *address =
		below(4) ? native_kmalloc(size, how) : native_kmalloc_node(size, how, below(nodes));

	if (!address)
		return nothing_came("kmalloc()");
	if (!(size & (size - 1)) &&
	    reinterpret_cast<uintptr_t>(address) % std::min(size, NATIVE_PAGE_SIZE))
		return fmt::format("{} bytes at {}: not aligned", size, fmt::ptr(address));
	if (native_ksize(address) < size)
		return fmt::format("{} bytes, and ksize() says {}", size, native_ksize(address));
	return add(address, below(2) ? size : native_ksize(address), nullptr, how);
}

Wrong Model::allocate_from(const Cache &cache)
{
	const bool zero = cache.kind == Kind::plain && !below(8);
	const unsigned how = (zero ? NATIVE_ZERO : 0) | (below(2) ? NATIVE_THIS_NODE : 0);
	const int node = below(4) ? NATIVE_ANY_NODE : below(nodes);
	void *address = node == NATIVE_ANY_NODE ? native_cache_alloc(cache.cache, zero)
						: native_cache_alloc_node(cache.cache, how, node);

	if (!address)
		return nothing_came("a cache");
	if (node != NATIVE_ANY_NODE && (how & NATIVE_THIS_NODE) &&
	    native_pages_node(address) != node)
		return fmt::format("{} is not on node {}", fmt::ptr(address), node);
	return add(address, cache.size, &cache, zero);
}

Wrong Model::allocate_bulk()
{
	const Cache *cache = any_cache();

	if (!cache)
		return {};
	const int count = 1 + below(bulk_max);
	void *addresses[bulk_max];
	const int got = native_alloc_bulk(cache->cache, count, addresses);

	if (!got)
		return nothing_came("a bulk allocation");
	if (got != count)
		return fmt::format("{} objects of {} that were asked for at once", got, count);
	for (int i = 0; i < got; i++)
		if (const Wrong wrong = add(addresses[i], cache->size, cache, false))
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

	if (!address) {
		if (const Wrong wrong = nothing_came("krealloc()"))
			return wrong;
		return add(object.address, object.size, nullptr, false);
	}
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
		native_cache_free(object.cache->cache, object.address);
	else if (object.cache || below(16))
		native_kfree(object.address);
	else
		native_kfree_sensitive(object.address);
	return {};
}

// Objects of one cache, or of any and of none, in any order.
Wrong Model::free_bulk()
{
	const Cache *cache = any_cache();
	const bool mixed = !below(4);
	void *addresses[bulk_max];
	const size_t wanted = 1 + below(bulk_max);
	size_t count = 0;

	for (size_t tries = 0; tries < 4 * bulk_max && !live.empty() && count < wanted; tries++) {
		const size_t index = below(live.size());
		Object object;

		if (!mixed && live[index].cache != cache)
			continue;
		if (const Wrong wrong = remove(index, object))
			return wrong;
		addresses[count++] = object.address;
	}
	if (count)
		native_free_bulk(mixed || !cache ? nullptr : cache->cache, count, addresses);
	return {};
}

Wrong Model::free_all_of(const Cache &cache)
{
	Object object;

	for (size_t i = live.size(); i-- > 0;) {
		if (live[i].cache != &cache)
			continue;
		if (const Wrong wrong = remove(i, object))
			return wrong;
		native_cache_free(cache.cache, object.address);
	}
	return {};
}

// Destroy a cache of ours, or make it anew.
Wrong Model::renew(Cache &cache)
{
	if (cache.cache) {
		const Wrong wrong = free_all_of(cache);

		if (wrong)
			return wrong;
		native_cache_destroy(cache.cache);
		cache.cache = nullptr;
		return {};
	}
	cache = create(fmt::format("{}-{}", settings.name, made++), 8 + below(1U << below(14)),
		       1U << below(8), static_cast<Kind>(below(3)));
	return cache.cache ? Wrong() : nothing_came("kmem_cache_create()");
}

// When grace periods are over what was freed may be given back; until then it is as it was.
Wrong Model::run_later(bool timers)
{
	for (const auto &[address, object] : freed)
		if (!is_all(object.address, object.pattern, object.size))
			return name_of(object) + " was free, and written to before RCU let it go";
	freed.clear();
	native_run_later(timers);
	return {};
}

Wrong Model::now_and_then()
{
	switch (below(8)) {
	case 0:
		if (const Cache *cache = any_cache())
			native_cache_shrink(cache->cache);
		return {};
	case 1:
		return run_later(false);
	case 2:
		return run_later(true);
	case 3:
		growth = 32 + below(192);
		return {};
	case 4:
		if (settings.pages_fail)
			native_pages_fail_once(below(8));
		return {};
	case 5:
		if (settings.pages_fail)
			native_pages_fail_after(failing() ? ~0UL : below(8));
		return {};
	case 6:
		return look();
	default:
		return renew(own[below(own.size())]);
	}
}

// More of one kind for a while, then more of the other: it comes to full slabs and to empty ones.
Wrong Model::operation()
{
	const unsigned what = below(256);
	const bool grow = live.size() < 2 || (live.size() < live_max && what < growth);

	if (what == 255)
		return now_and_then();
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

Wrong Model::step()
{
	Wrong wrong;

	could_fail = settings.pages_fail && failing();
	if (settings.alone)
		machine::on(below(NATIVE_CPUS), [&] { wrong = operation(); });
	else
		wrong = operation();
	return wrong;
}

Wrong Model::look() const
{
	for (const Object &object : live)
		if (!is_all(object.address, object.pattern, object.size))
			return name_of(object) + " was written to by somebody else";
	return {};
}

Wrong Model::finish()
{
	if (settings.pages_fail)
		native_pages_fail_after(~0UL);
	while (!live.empty())
		if (const Wrong wrong = free_one())
			return wrong;
	for (Cache &cache : own)
		if (cache.cache)
			renew(cache);
	return settings.alone ? run_later(true) : Wrong();
}

Wrong Model::give_away(Object &object)
{
	object.address = nullptr;
	if (live.empty())
		return {};
	const size_t index = below(live.size());
	const auto is_own = [&](const Cache &cache) {
		return live[index].cache == &cache;
	};

	// When we destroy a cache of ours nobody else may have objects of it.
	if (std::any_of(own.begin(), own.end(), is_own))
		return {};
	return remove(index, object);
}

Wrong Model::take_over(const Object &object)
{
	const bool constructed = object.cache && object.cache->kind == Kind::constructed;
	const size_t skip = constructed ? sizeof(uintptr_t) : 0;

	if ((constructed && !is_constructed(object.address)) ||
	    !is_all(object.address + skip, object.pattern, object.size - skip))
		return name_of(object) + " was written to on its way";
	native_kfree(object.address);
	return {};
}

} // namespace model
