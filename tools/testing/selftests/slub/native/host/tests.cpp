// SPDX-License-Identifier: GPL-2.0-only
#include "tests.hpp"

#include <x86intrin.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <numeric>
#include <random>

#include "machine.hpp"
#include "statistics.hpp"

namespace tests
{

namespace
{

using machine::pages_held;
using statistics::median;

using Indexes = std::vector<unsigned>;
using Pointers = std::vector<void *>;

constexpr unsigned windows = 15; // of one run; each is shorter than a millisecond
constexpr unsigned live_objects = 10000;

// Cycles of the time stamp counter; what stands before is over, what stands behind has not begun.
unsigned long now()
{
	_mm_lfence();
	const unsigned long cycles = __rdtsc();

	_mm_lfence();
	return cycles;
}

double per(unsigned long count, const std::function<void()> &what)
{
	const unsigned long start = now();

	what();
	return static_cast<double>(now() - start) / count;
}

// The same numbers for each contestant and each run.
std::mt19937 &dice()
{
	static std::mt19937 generator(20261122);

	return generator;
}

unsigned below(unsigned limit)
{
	return std::uniform_int_distribution<unsigned>(0, limit - 1)(dice());
}

// Sizes from 8 to 4096 bytes, small ones more often, as in a kernel: each power of two is as
// likely.
unsigned mixed_size()
{
	const unsigned top = 8U << below(10);

	return top / 2 + 1 + below(top / 2);
}

Indexes mixed_sizes(size_t count)
{
	Indexes sizes(count);

	std::generate(sizes.begin(), sizes.end(), mixed_size);
	return sizes;
}

// A cache of the size that is asked for, gone when the test is over.
class Cache
{
public:
	explicit Cache(unsigned size, void (*constructor)(void *) = nullptr)
	{
		machine::on(0, [=] { s = native_cache_create("bench", size, 0, 0, constructor); });
	}
	~Cache()
	{
		machine::on(0, [this] { native_cache_destroy(s); });
	}
	Cache(const Cache &) = delete;
	Cache &operator=(const Cache &) = delete;
	kmem_cache *operator*() const
	{
		return s;
	}

private:
	kmem_cache *s = nullptr;
};

double pages_of(double bytes)
{
	return bytes / NATIVE_PAGE_SIZE;
}

// ---- An object at a time ----

Figures pair_kmalloc(unsigned size)
{
	constexpr unsigned long count = 10000;
	std::vector<double> cycles;

	for (unsigned i = 0; i < windows; i++)
		cycles.push_back(per(count, [&] { native_pair_kmalloc(count, size); }));
	return {{"pair", median(cycles)}};
}

Figures pair_cache(unsigned size)
{
	constexpr unsigned long count = 10000;
	const Cache cache(size);
	std::vector<double> cycles;

	for (unsigned i = 0; i < windows; i++)
		cycles.push_back(per(count, [&] { native_pair_cache(*cache, count); }));
	return {{"pair", median(cycles)}};
}

// ---- Many, then all of them again ----

enum class Order { As_allocated, Reverse, Random };

void arrange(Pointers &p, Order order)
{
	if (order == Order::Reverse)
		std::reverse(p.begin(), p.end());
	else if (order == Order::Random)
		std::shuffle(p.begin(), p.end(), dice());
}

Figures list(unsigned size, unsigned count, Order order)
{
	const Cache cache(size);
	const unsigned repeat = std::max(1U, 1000 / count);
	std::vector<double> alloc, free;
	Pointers p(count);

	for (unsigned i = 0; i < windows * repeat; i++) {
		alloc.push_back(per(count, [&] { native_alloc_many(*cache, p.data(), count); }));
		arrange(p, order);
		free.push_back(per(count, [&] { native_free_many(*cache, p.data(), count); }));
	}
	return {{"alloc", median(alloc)}, {"free", median(free)}};
}

Figures bulk(unsigned size, unsigned at_once)
{
	const Cache cache(size);
	const unsigned long count = 10000 / at_once * at_once;
	std::vector<double> cycles;
	Pointers p(at_once);

	for (unsigned i = 0; i < windows; i++)
		cycles.push_back(
			per(count, [&] { native_bulk(*cache, p.data(), at_once, count); }));
	return {{"pair", median(cycles)}};
}

Figures zeroed(unsigned size)
{
	constexpr unsigned count = 2000;
	const Cache cache(size);
	std::vector<double> alloc;
	Pointers p(count);

	for (unsigned i = 0; i < windows; i++) {
		alloc.push_back(
			per(count, [&] { native_alloc_many_zeroed(*cache, p.data(), count); }));
		native_free_many(*cache, p.data(), count);
	}
	return {{"alloc", median(alloc)}};
}

// ---- Caches as a whole ----

// A cache with a constructor is shared with no other one.
void constructor(void *)
{
}

Figures create_and_destroy()
{
	constexpr unsigned count = 20;
	std::vector<double> cycles;

	for (unsigned i = 0; i < windows; i++)
		cycles.push_back(per(count, [] {
			for (unsigned j = 0; j < count; j++)
				const Cache cache(200, constructor);
		}));
	return {{"pair", median(cycles)}};
}

// The first object of a cache: there is no slab, and no area for the CPU perhaps.
Figures first_touch(unsigned size)
{
	std::vector<double> alloc;

	for (unsigned i = 0; i < 4 * windows; i++) {
		const Cache cache(size, constructor);
		void *x;

		alloc.push_back(per(1, [&] { native_alloc_many(*cache, &x, 1); }));
		native_free_many(*cache, &x, 1);
	}
	return {{"alloc", median(alloc)}};
}

// What shrinking takes for each slab of 10,000 objects of which one in 50 is in use, and what is
// held.
Figures shrink(unsigned size)
{
	const unsigned long before = pages_held();
	const Cache cache(size);
	std::vector<double> cycles, left;
	Pointers p(live_objects), kept;

	for (unsigned i = 0; i < windows; i++) {
		native_alloc_many(*cache, p.data(), p.size());
		const double pages = pages_held() - before;

		kept.clear();
		for (size_t j = 0; j < p.size(); j++) {
			if (j % 50)
				native_free_many(*cache, &p[j], 1);
			else
				kept.push_back(p[j]);
		}
		cycles.push_back(per(1, [&] { native_cache_shrink(*cache); }) / pages);
		left.push_back((pages_held() - before) /
			       pages_of(static_cast<double>(kept.size()) * size));
		native_free_many(*cache, kept.data(), kept.size());
	}
	return {{"per page", median(cycles)}, {"held", median(left)}};
}

// ---- Objects that live on ----

// Objects of one cache, or of many sizes if @size is 0. Whoever has it frees them in the end.
class Population
{
public:
	Population(unsigned size, unsigned count)
		: before(pages_held()), size(size), p(count), bytes(count, size)
	{
		if (size) {
			s = native_cache_create("bench", size, 0, 0, nullptr);
			native_alloc_many(s, p.data(), count);
		} else {
			bytes = mixed_sizes(count);
			native_kmalloc_many(p.data(), bytes.data(), count);
		}
	}

	~Population()
	{
		if (s) {
			native_free_many(s, p.data(), p.size());
			native_cache_destroy(s);
		} else {
			native_kfree_many(p.data(), p.size());
		}
	}

	Population(const Population &) = delete;
	Population &operator=(const Population &) = delete;

	// Free all but the first @count, in random order.
	void shrink_to(unsigned count)
	{
		Indexes order(p.size());
		Pointers kept(count), gone;
		Indexes kept_bytes(count);

		std::iota(order.begin(), order.end(), 0);
		std::shuffle(order.begin(), order.end(), dice());
		for (size_t i = 0; i < order.size(); i++) {
			if (i < count) {
				kept[i] = p[order[i]];
				kept_bytes[i] = bytes[order[i]];
			} else {
				gone.push_back(p[order[i]]);
			}
		}
		if (s)
			native_free_many(s, gone.data(), gone.size());
		else
			native_kfree_many(gone.data(), gone.size());
		p = kept;
		bytes = kept_bytes;
	}

	// Replace @count objects, one after the other. Return: cycles for each.
	double churn(unsigned count)
	{
		Indexes which(count);

		std::generate(which.begin(), which.end(), [&] { return below(p.size()); });
		if (s)
			return per(count, [&] { native_churn(s, p.data(), which.data(), count); });
		const Indexes sizes = mixed_sizes(count);
		const double cycles = per(count, [&] {
			native_churn_mixed(p.data(), which.data(), sizes.data(), count);
		});

		for (unsigned i = 0; i < count; i++)
			bytes[which[i]] = sizes[i];
		return cycles;
	}

	// As churn(), but 1 to 200 objects are freed before as many are allocated.
	double bursts(unsigned count)
	{
		Indexes lengths, which;

		while (which.size() < count) {
			Indexes part(p.size());
			const unsigned length = 1 + below(200);

			for (unsigned i = 0; i < length; i++) {
				unsigned one;

				do {
					one = below(p.size());
				} while (part[one]);
				part[one] = 1;
				which.push_back(one);
			}
			lengths.push_back(length);
		}
		if (s)
			return per(which.size(), [&] {
				native_bursts(s, p.data(), which.data(), lengths.data(),
					      lengths.size());
			});
		const Indexes sizes = mixed_sizes(which.size());
		const double cycles = per(which.size(), [&] {
			native_bursts_mixed(p.data(), which.data(), sizes.data(), lengths.data(),
					    lengths.size());
		});

		for (size_t i = 0; i < which.size(); i++)
			bytes[which[i]] = sizes[i];
		return cycles;
	}

	// Pages held over pages that the objects need.
	double held_over_needed() const
	{
		const double needed = std::accumulate(bytes.begin(), bytes.end(), 0.0);

		return (pages_held() - before) / pages_of(needed);
	}

private:
	unsigned long before;
	unsigned size;
	Pointers p;
	Indexes bytes;
	kmem_cache *s = nullptr;
};

Figures churn(unsigned size)
{
	Population population(size, live_objects);
	std::vector<double> cycles;

	for (unsigned i = 0; i < 5; i++)
		population.churn(2000);
	for (unsigned i = 0; i < windows; i++)
		cycles.push_back(population.churn(2000));
	return {{"pair", median(cycles)}, {"held", population.held_over_needed()}};
}

Figures bursts(unsigned size)
{
	Population population(size, live_objects);
	std::vector<double> cycles;

	for (unsigned i = 0; i < 5; i++)
		population.bursts(2000);
	for (unsigned i = 0; i < windows; i++)
		cycles.push_back(population.bursts(2000));
	return {{"pair", median(cycles)}, {"held", population.held_over_needed()}};
}

// Churn with cold caches: before each step, so much other memory is touched as the first level
// holds.
Figures cold(unsigned size)
{
	constexpr unsigned steps = 500, lines = 512, line_size = 64;
	static std::vector<unsigned char> other(size_t{64} << 20);
	Population population(size, live_objects);
	std::vector<double> cycles;
	volatile unsigned char sink = 0;

	for (unsigned i = 0; i < windows; i++) {
		double sum = 0;

		for (unsigned step = 0; step < steps; step++) {
			const size_t from =
				size_t{below(other.size() / line_size - lines)} * line_size;

			for (unsigned line = 0; line < lines; line++)
				sink = sink + other[from + line * line_size];
			sum += population.churn(1);
		}
		cycles.push_back(sum / steps);
	}
	return {{"pair", median(cycles)}};
}

// What is left after a peak: 40,000 objects, of which 30,000 at random go; then churn.
Figures peak(unsigned size)
{
	const unsigned long before = pages_held();
	Figures figures;

	{
		Population population(size, 4 * live_objects);
		std::vector<double> cycles;

		figures["held at the peak"] = population.held_over_needed();
		population.shrink_to(live_objects);
		figures["held after the peak"] = population.held_over_needed();
		for (unsigned i = 0; i < 100; i++)
			cycles.push_back(population.churn(2000));
		figures["pair"] = median(cycles);
		figures["held after churn"] = population.held_over_needed();
	}
	figures["pages left"] = static_cast<double>(pages_held()) - before;
	return figures;
}

// ---- Two CPUs ----

// Cycles for a cache line to go to the other CPU and back.
double round_trip()
{
	constexpr unsigned trips = 1000;
	alignas(128) static std::atomic<unsigned> line;
	double cycles = 0;

	line = 0;
	machine::on_all([&](unsigned cpu) {
		const unsigned long start = now();

		for (unsigned i = 0; i < trips; i++) {
			while (line.load(std::memory_order_acquire) != 2 * i + cpu)
				;
			line.store(2 * i + cpu + 1, std::memory_order_release);
		}
		if (!cpu)
			cycles = static_cast<double>(now() - start) / trips;
	});
	return cycles;
}

// One CPU allocates, the other one frees.
Figures remote(unsigned size)
{
	constexpr unsigned count = 2000;
	const Cache cache(size);
	std::vector<double> alloc, free, trips;
	Pointers p(count);

	for (unsigned i = 0; i < windows; i++) {
		trips.push_back(round_trip());
		machine::on(0, [&] {
			alloc.push_back(
				per(count, [&] { native_alloc_many(*cache, p.data(), count); }));
		});
		machine::on(1, [&] {
			free.push_back(
				per(count, [&] { native_free_many(*cache, p.data(), count); }));
		});
	}
	return {{"alloc", median(alloc)}, {"free", median(free)}, {"round trip", median(trips)}};
}

// Both allocate, then both free what they have, of one cache.
Figures both(unsigned size)
{
	constexpr unsigned count = 2000;
	const Cache cache(size);
	std::vector<double> alloc, free, trips;
	Pointers p[NATIVE_CPUS] = {Pointers(count), Pointers(count)};

	for (unsigned i = 0; i < windows; i++) {
		double cycles[NATIVE_CPUS][2];

		trips.push_back(round_trip());
		machine::on_all([&](unsigned cpu) {
			cycles[cpu][0] = per(
				count, [&] { native_alloc_many(*cache, p[cpu].data(), count); });
		});
		machine::on_all([&](unsigned cpu) {
			cycles[cpu][1] =
				per(count, [&] { native_free_many(*cache, p[cpu].data(), count); });
		});
		alloc.push_back((cycles[0][0] + cycles[1][0]) / 2);
		free.push_back((cycles[0][1] + cycles[1][1]) / 2);
	}
	return {{"alloc", median(alloc)}, {"free", median(free)}, {"round trip", median(trips)}};
}

// ---- Their names ----

struct Test {
	bool on_cpu_0; // or it chooses its CPUs itself
	std::function<Figures()> run;
};

std::string named(const std::string &what, unsigned size)
{
	return what + "/" + (size ? std::to_string(size) : "mixed");
}

std::map<std::string, Test> all()
{
	std::map<std::string, Test> tests;
	// Most run on CPU 0; the others choose their CPUs themselves.
	const auto add = [&](const std::string &name, const std::function<Figures()> &run) {
		tests[name] = {true, run};
	};
	const auto add_both = [&](const std::string &name, const std::function<Figures()> &run) {
		tests[name] = {false, run};
	};

	add("pair/kmalloc/64", [] { return pair_kmalloc(64); });
	add("pair/cache/256", [] { return pair_cache(256); });
	for (const unsigned size : {8U, 64U, 256U, 1024U, 4096U, 8192U}) {
		add(named("list/in-order", size),
		    [=] { return list(size, live_objects, Order::As_allocated); });
		add(named("list/reverse", size),
		    [=] { return list(size, live_objects, Order::Reverse); });
		add(named("list/random", size),
		    [=] { return list(size, live_objects, Order::Random); });
		add(named("zeroed", size), [=] { return zeroed(size); });
		add(named("first-touch", size), [=] { return first_touch(size); });
		add(named("shrink", size), [=] { return shrink(size); });
		add_both(named("remote", size), [=] { return remote(size); });
		add_both(named("both", size), [=] { return both(size); });
	}
	for (const unsigned count : {10U, 100U, 1000U, 100000U})
		add("list/random/256/" + std::to_string(count),
		    [=] { return list(256, count, Order::Random); });
	add("create-destroy", create_and_destroy);
	for (const unsigned at_once : {1U, 16U, 64U, 250U})
		add("bulk/64/" + std::to_string(at_once), [=] { return bulk(64, at_once); });
	for (const unsigned size : {256U, 0U}) {
		add(named("cold", size), [=] { return cold(size); });
		add(named("churn", size), [=] { return churn(size); });
		add(named("bursts", size), [=] { return bursts(size); });
		add(named("peak", size), [=] { return peak(size); });
	}
	return tests;
}

} // namespace

std::vector<std::string> names()
{
	std::vector<std::string> names;

	for (const auto &[name, test] : all())
		names.push_back(name);
	return names;
}

Figures run(const std::string &name)
{
	const std::map<std::string, Test> tests = all();
	const Test &test = tests.at(name);
	Figures figures;

	// The same numbers, whatever ran before.
	dice().seed(20261122);
	if (test.on_cpu_0)
		machine::on(0, [&] { figures = test.run(); });
	else
		figures = test.run();
	native_run_later(true);
	return figures;
}

} // namespace tests
