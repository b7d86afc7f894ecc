// SPDX-License-Identifier: GPL-2.0-only
// Caches as a whole.
#include <deque>
#include <vector>

#include "account.hpp"
#include "cache.hpp"
#include "meter.hpp"
#include "tests.hpp"

namespace tests
{

namespace
{

using meter::Meter;

void create_and_destroy(Result &result)
{
	constexpr unsigned count = 20;
	Meter pair("pair");

	for (unsigned i = 0; i < meter::windows(); i++)
		pair.measure(count, [] {
			for (unsigned j = 0; j < count; j++)
				const Cache cache(200);
		});
	pair.report(result);
}

// The first object of a cache: there is no slab, and no area for the CPU perhaps.
void first_touch(Result &result, unsigned size)
{
	constexpr unsigned count = 20;
	Meter alloc("alloc");

	for (unsigned i = 0; i < meter::windows(); i++) {
		std::deque<Cache> caches;
		void *p[count];

		for (unsigned j = 0; j < count; j++)
			caches.emplace_back(size);
		alloc.measure(count, [&] {
			for (unsigned j = 0; j < count; j++)
				native_alloc_many(*caches[j], &p[j], 1);
		});
		for (unsigned j = 0; j < count; j++)
			native_free_many(*caches[j], &p[j], 1);
	}
	alloc.report(result);
}

// 10,000 objects of which one in 50 is in use still: what shrinking takes for each page, and what
// is held before and after.
void shrink(Result &result, unsigned size)
{
	const Cache cache(size);
	const Account account;
	Meter page("page");
	std::vector<void *> p(10000), kept;

	for (unsigned i = 0; i < meter::windows(); i++) {
		native_alloc_many(*cache, p.data(), p.size());
		const double pages = account.pages();

		kept.clear();
		for (size_t j = 0; j < p.size(); j++) {
			if (j % 50)
				native_free_many(*cache, &p[j], 1);
			else
				kept.push_back(p[j]);
		}
		const double bytes = double{1} * kept.size() * size;

		if (!i)
			account.at(result, "one in 50 used", kept.size(), bytes);
		page.measure(pages, [&] { native_cache_shrink(*cache); });
		if (!i)
			account.at(result, "shrunk", kept.size(), bytes);
		native_free_many(*cache, kept.data(), kept.size());
	}
	account.at_end(result);
	page.report(result);
}

} // namespace

void add_caches(Table &table)
{
	table["create-destroy"] = {true, true, create_and_destroy};
	for (const unsigned size : {8U, 64U, 256U, 1024U, 4096U, 8192U}) {
		table[named("first-touch", size)] = {size == 256, true, [=](Result &result) {
							     first_touch(result, size);
						     }};
		table[named("shrink", size)] = {size == 256, true, [=](Result &result) {
							shrink(result, size);
						}};
	}
}

} // namespace tests
