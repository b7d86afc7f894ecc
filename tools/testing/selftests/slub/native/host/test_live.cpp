// SPDX-License-Identifier: GPL-2.0-only
// Objects that live on, while others come and go: what most of a kernel's life is.
#include <unistd.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "account.hpp"
#include "cache.hpp"
#include "dice.hpp"
#include "machine.hpp"
#include "meter.hpp"
#include "tests.hpp"

namespace tests
{

namespace
{

using dice::below;
using meter::Meter;
using Indexes = std::vector<unsigned>;
using Pointers = std::vector<void *>;

constexpr unsigned live_objects = 10000;
constexpr unsigned at_once = 2000; // objects replaced in one window

// Objects of one cache, or of many sizes if @size is 0. Whoever has it frees them in the end.
class Population
{
public:
	Population(unsigned size, unsigned count)
		: s(size ? Cache::create(size) : nullptr), p(count), bytes(count, size)
	{
		if (s) {
			native_alloc_many(s, p.data(), count);
		} else {
			bytes = dice::mixed_sizes(count);
			native_kmalloc_many(p.data(), bytes.data(), count);
		}
	}

	~Population()
	{
		free(p);
		if (s)
			native_cache_destroy(s);
	}

	Population(const Population &) = delete;
	Population &operator=(const Population &) = delete;

	// Free all but @count that are left, in random order.
	void shrink_to(unsigned count)
	{
		Indexes order(p.size());
		Pointers kept(count), gone;
		Indexes kept_bytes(count);

		std::iota(order.begin(), order.end(), 0);
		std::shuffle(order.begin(), order.end(), dice::generator());
		for (size_t i = 0; i < order.size(); i++) {
			if (i < count) {
				kept[i] = p[order[i]];
				kept_bytes[i] = bytes[order[i]];
			} else {
				gone.push_back(p[order[i]]);
			}
		}
		free(gone);
		p = kept;
		bytes = kept_bytes;
	}

	// Replace @count objects, one after the other.
	void churn(Meter &meter, unsigned count)
	{
		Indexes which(count);

		std::generate(which.begin(), which.end(), [&] { return below(p.size()); });
		const Indexes sizes = s ? Indexes() : dice::mixed_sizes(count);

		meter.measure(count, [&] {
			if (s)
				native_churn(s, p.data(), which.data(), count);
			else
				native_churn_mixed(p.data(), which.data(), sizes.data(), count);
		});
		for (size_t i = 0; i < sizes.size(); i++)
			bytes[which[i]] = sizes[i];
	}

	// As churn(), but 1 to 200 objects are freed before as many are allocated.
	void bursts(Meter &meter, unsigned count)
	{
		Indexes lengths, which;

		while (which.size() < count)
			add_burst(lengths, which);
		const Indexes sizes = s ? Indexes() : dice::mixed_sizes(which.size());

		meter.measure(which.size(), [&] {
			if (s)
				native_bursts(s, p.data(), which.data(), lengths.data(),
					      lengths.size());
			else
				native_bursts_mixed(p.data(), which.data(), sizes.data(),
						    lengths.data(), lengths.size());
		});
		for (size_t i = 0; i < sizes.size(); i++)
			bytes[which[i]] = sizes[i];
	}

	void note(Result &result, const std::string &when) const
	{
		account.at(result, when, p.size(),
			   std::accumulate(bytes.begin(), bytes.end(), 0.0));
	}

	// Free all there is, and see what is held then.
	void finish(Result &result)
	{
		free(p);
		p.clear();
		account.at_end(result);
	}

private:
	void free(Pointers &objects)
	{
		if (s)
			native_free_many(s, objects.data(), objects.size());
		else
			native_kfree_many(objects.data(), objects.size());
	}

	// Within a burst no object is named twice.
	void add_burst(Indexes &lengths, Indexes &which)
	{
		std::vector<bool> part(p.size());
		const unsigned length = 1 + below(200);

		for (unsigned i = 0; i < length; i++) {
			unsigned one;

			do {
				one = below(p.size());
			} while (part[one]);
			part[one] = true;
			which.push_back(one);
		}
		lengths.push_back(length);
	}

	kmem_cache *const s;
	const Account account;
	Pointers p;
	Indexes bytes;
};

using Replace = void (Population::*)(Meter &meter, unsigned count);

// Replaced for a while, until it is as it will be; then measured.
void steady(Result &result, unsigned size, Replace replace)
{
	Population population(size, live_objects);
	Meter ignored(""), pair("pair");

	population.note(result, "all allocated");
	for (unsigned i = 0; i < 5; i++)
		(population.*replace)(ignored, at_once);
	for (unsigned i = 0; i < meter::windows(); i++)
		(population.*replace)(pair, at_once);
	population.note(result, "steady");
	pair.report(result);
	population.finish(result);
}

// Churn with cold caches: before each step, twice as much of other memory is touched as the first,
// or the second, level of the processor's caches holds.
void cold(Result &result, unsigned size, int level)
{
	constexpr size_t line_size = 64;
	const size_t lines = 2 * std::max(sysconf(level), 32768L) / line_size;
	const unsigned steps = std::max<size_t>(20, meter::counting() ? 0 : 500000 / lines);
	static std::vector<unsigned char> other(size_t{64} << 20);
	Population population(size, live_objects);
	Meter pair("pair", true);
	volatile unsigned char sink = 0;

	for (unsigned step = 0; step < steps * meter::windows(); step++) {
		const size_t from = below(other.size() / line_size - lines) * line_size;

		for (size_t line = 0; line < lines; line++)
			sink = sink + other[from + line * line_size];
		population.churn(pair, 1);
	}
	pair.report(result);
	population.finish(result);
}

// What is left after a peak: 40,000 objects, of which 30,000 at random go; and while others come
// and go after it.
void peak(Result &result, unsigned size, const std::string &name, Replace replace)
{
	Population population(size, 4 * live_objects);
	Meter pair("pair");

	population.note(result, "peak");
	population.shrink_to(live_objects);
	population.note(result, "after the peak");
	for (unsigned i = 0; i < 100; i++)
		(population.*replace)(pair, at_once);
	population.note(result, "after " + name);
	pair.report(result);
	population.finish(result);
}

} // namespace

void add_live(Table &table)
{
	for (const unsigned size : {64U, 256U, 1024U, 0U}) {
		const bool quick = size == 256 || size == 0;
		const auto add = [&](const std::string &what,
				     const std::function<void(Result &)> &run) {
			table[named(what, size)] = {quick, true, run};
		};

		add("churn", [=](Result &result) { steady(result, size, &Population::churn); });
		add("bursts", [=](Result &result) { steady(result, size, &Population::bursts); });
		add("cold/L1", [=](Result &result) { cold(result, size, _SC_LEVEL1_DCACHE_SIZE); });
		add("cold/L2", [=](Result &result) { cold(result, size, _SC_LEVEL2_CACHE_SIZE); });
		add("peak/churn",
		    [=](Result &result) { peak(result, size, "churn", &Population::churn); });
		add("peak/bursts",
		    [=](Result &result) { peak(result, size, "bursts", &Population::bursts); });
	}
}

} // namespace tests
