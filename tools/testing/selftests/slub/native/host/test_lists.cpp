// SPDX-License-Identifier: GPL-2.0-only
// An object at a time, many at a time, and many until all are freed again.
#include <algorithm>
#include <vector>

#include "account.hpp"
#include "cache.hpp"
#include "dice.hpp"
#include "meter.hpp"
#include "tests.hpp"

namespace tests
{

namespace
{

using meter::Meter;
using Pointers = std::vector<void *>;

constexpr unsigned many = 10000;

// ---- An object at a time ----

void pair_kmalloc(Result &result, unsigned size)
{
	constexpr unsigned long count = many;
	const Account account;
	Meter pair("pair");

	for (unsigned i = 0; i < meter::windows(); i++)
		pair.measure(count, [&] { native_pair_kmalloc(count, size); });
	pair.report(result);
	account.at_end(result);
}

void pair_cache(Result &result, unsigned size)
{
	constexpr unsigned long count = many;
	const Cache cache(size);
	const Account account;
	Meter pair("pair");

	for (unsigned i = 0; i < meter::windows(); i++)
		pair.measure(count, [&] { native_pair_cache(*cache, count); });
	pair.report(result);
	account.at_end(result);
}

// ---- Many, then all of them again ----

enum class Order { As_allocated, Reverse, Random };

void arrange(Pointers &p, Order order)
{
	if (order == Order::Reverse)
		std::reverse(p.begin(), p.end());
	else if (order == Order::Random)
		std::shuffle(p.begin(), p.end(), dice::generator());
}

void list(Result &result, unsigned size, unsigned count, Order order)
{
	const Cache cache(size);
	const Account account;
	// Short lists are over before the clock has been read.
	const unsigned repeat = std::max(1U, 1000 / count);
	const unsigned windows = count > many ? 3 : meter::windows() * repeat;
	Meter alloc("alloc"), free("free");
	Pointers p(count);

	for (unsigned i = 0; i < windows; i++) {
		alloc.measure(count, [&] { native_alloc_many(*cache, p.data(), count); });
		if (!i)
			account.at(result, "all allocated", count, double{1} * count * size);
		arrange(p, order);
		free.measure(count, [&] { native_free_many(*cache, p.data(), count); });
	}
	account.at_end(result);
	alloc.report(result);
	free.report(result);
}

// The same with a page allocator whose lists for each CPU never spill: what a page costs matters
// less.
void list_no_spill(Result &result, unsigned size)
{
	native_pages_policy(false);
	list(result, size, many, Order::As_allocated);
	native_pages_policy(true);
}

void zeroed(Result &result, unsigned size)
{
	constexpr unsigned count = 2000;
	const Cache cache(size);
	const Account account;
	Meter alloc("alloc");
	Pointers p(count);

	for (unsigned i = 0; i < meter::windows(); i++) {
		alloc.measure(count, [&] { native_alloc_many_zeroed(*cache, p.data(), count); });
		native_free_many(*cache, p.data(), count);
	}
	alloc.report(result);
	account.at_end(result);
}

// ---- Bulk ----

// The same few objects again and again.
void bulk_hot(Result &result, unsigned size, unsigned at_once)
{
	const Cache cache(size);
	const Account account;
	const unsigned long count = many / at_once * at_once;
	Meter pair("pair");
	Pointers p(at_once);

	for (unsigned i = 0; i < meter::windows(); i++)
		pair.measure(count, [&] { native_bulk(*cache, p.data(), at_once, count); });
	pair.report(result);
	account.at_end(result);
}

// Many lots, and then all of them are freed: as they came, or, the worst case, with the objects of
// each lot from all over the place.
void bulk_many(Result &result, unsigned size, unsigned at_once, bool scattered)
{
	const Cache cache(size);
	const Account account;
	const unsigned long count = many / at_once * at_once;
	Meter alloc("alloc"), free("free");
	Pointers p(count);

	for (unsigned i = 0; i < meter::windows(); i++) {
		alloc.measure(count, [&] { native_bulk_alloc(*cache, p.data(), at_once, count); });
		if (!i)
			account.at(result, "all allocated", count, double{1} * count * size);
		if (scattered)
			arrange(p, Order::Random);
		free.measure(count, [&] { native_bulk_free(*cache, p.data(), at_once, count); });
	}
	account.at_end(result);
	alloc.report(result);
	free.report(result);
}

void add_bulk(Table &table)
{
	const unsigned size = 64;

	for (const unsigned at_once : {1U, 2U, 4U, 8U, 16U, 32U, 64U, 128U, 250U}) {
		const bool quick = at_once == 16 || at_once == 64;
		const auto name = [=](const std::string &what) {
			return named("bulk/" + what + "/" + std::to_string(at_once), size);
		};

		table[name("hot")] = {quick, true, [=](Result &result) {
					      bulk_hot(result, size, at_once);
				      }};
		table[name("deep")] = {quick, true, [=](Result &result) {
					       bulk_many(result, size, at_once, false);
				       }};
		table[name("scattered")] = {quick, true, [=](Result &result) {
						    bulk_many(result, size, at_once, true);
					    }};
	}
}

} // namespace

void add_lists(Table &table)
{
	const auto add = [&](const std::string &name, bool quick,
			     const std::function<void(Result &)> &run) {
		table[name] = {quick, true, run};
	};

	for (const unsigned size : {8U, 64U, 256U, 1024U, 4096U, 8192U}) {
		const bool quick = size <= 4096;

		add(named("pair/kmalloc", size), size == 64,
		    [=](Result &result) { pair_kmalloc(result, size); });
		add(named("pair/cache", size), size == 256,
		    [=](Result &result) { pair_cache(result, size); });
		add(named("list/no-spill", size), false,
		    [=](Result &result) { list_no_spill(result, size); });
		add(named("zeroed", size), size == 64 || size == 4096,
		    [=](Result &result) { zeroed(result, size); });
		for (const unsigned count : {10U, 100U, 1000U, 10000U, 100000U}) {
			const auto name = [=](const std::string &order) {
				const std::string number =
					count == many ? "" : "/" + std::to_string(count);

				return named("list/" + order + number, size);
			};

			add(name("in-order"), quick && count == many, [=](Result &result) {
				list(result, size, count, Order::As_allocated);
			});
			add(name("reverse"), false,
			    [=](Result &result) { list(result, size, count, Order::Reverse); });
			add(name("random"), quick && count == many,
			    [=](Result &result) { list(result, size, count, Order::Random); });
		}
	}
	add_bulk(table);
}

} // namespace tests
