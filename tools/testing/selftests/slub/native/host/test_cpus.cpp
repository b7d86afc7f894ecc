// SPDX-License-Identifier: GPL-2.0-only
// Two CPUs. What a cache line takes from one to the other and back is measured beside each figure:
// the host moves our processors about, and what is near now may be far in a minute.
#include <x86intrin.h>

#include <atomic>
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
using Pointers = std::vector<void *>;

constexpr unsigned count = 2000;

// Cycles for a cache line to go to the other CPU and back.
double round_trip()
{
	constexpr unsigned trips = 200;
	alignas(128) static std::atomic<unsigned> line;
	double cycles = 0;

	line = 0;
	machine::on_all([&](unsigned cpu) {
		const unsigned long start = meter::now();

		for (unsigned i = 0; i < trips; i++) {
			while (line.load(std::memory_order_acquire) != 2 * i + cpu)
				;
			line.store(2 * i + cpu + 1, std::memory_order_release);
		}
		if (!cpu)
			cycles = static_cast<double>(meter::now() - start) / trips;
	});
	return cycles;
}

// Two meters: one for when the CPUs are near to each other, one for when they are far. There is
// nothing between: they share a core, or they do not.
class Near_and_far
{
public:
	explicit Near_and_far(const std::string &name)
		: near(name + ", near"), far(name + ", far"), counted(name)
	{
	}

	Meter &at(double trip)
	{
		constexpr double limit = 250;

		if (meter::counting())
			return counted;
		return trip < limit ? near : far;
	}

	void report(Result &result) const
	{
		near.report(result);
		far.report(result);
		counted.report(result);
	}

private:
	Meter near, far, counted;
};

// Counting takes no time that could be measured, and turns by turns take it an age.
double trip_now(Near_and_far &trips)
{
	if (meter::counting())
		return 0;
	const double trip = round_trip();

	trips.at(trip).add(trip);
	return trip;
}

// One CPU allocates; then the other one frees.
void remote(Result &result, unsigned size)
{
	const Cache cache(size);
	const Account account;
	Near_and_far alloc("alloc"), free("free");
	Near_and_far trips("round trip");
	Pointers p(count);

	for (unsigned i = 0; i < meter::windows(); i++) {
		const double trip = trip_now(trips);

		machine::on(0, [&] {
			alloc.at(trip).measure(count,
					       [&] { native_alloc_many(*cache, p.data(), count); });
		});
		if (!i)
			account.at(result, "all allocated", count, double{1} * count * size);
		machine::on(1, [&] {
			free.at(trip).measure(count,
					      [&] { native_free_many(*cache, p.data(), count); });
		});
	}
	account.at_end(result);
	alloc.report(result);
	free.report(result);
	trips.report(result);
}

// One CPU allocates what the other one frees at the same time: they hand it over in a ring. How
// often it looks into the ring is not counted.
void pipe(Result &result, unsigned size)
{
	constexpr unsigned places = 256;
	static std::atomic<void *> ring[places];
	const Cache cache(size);
	const Account account;
	Near_and_far object("object");
	Near_and_far trips("round trip");

	for (unsigned i = 0; i < meter::windows(); i++) {
		const double trip = trip_now(trips);
		const auto produce = [&] {
			for (unsigned j = 0; j < count; j++) {
				void *x;

				native_alloc_many(*cache, &x, 1);
				while (ring[j % places].load(std::memory_order_acquire))
					_mm_pause();
				ring[j % places].store(x, std::memory_order_release);
			}
		};
		const auto consume = [&] {
			for (unsigned j = 0; j < count; j++) {
				void *x;

				while (!(x = ring[j % places].load(std::memory_order_acquire)))
					_mm_pause();
				ring[j % places].store(nullptr, std::memory_order_release);
				native_free_many(*cache, &x, 1);
			}
		};

		machine::on_all([&](unsigned cpu) {
			if (cpu)
				consume();
			else if (meter::counting())
				produce();
			else
				object.at(trip).measure(count, produce);
		});
	}
	account.at_end(result);
	object.report(result);
	trips.report(result);
}

// Both allocate, then both free what they have: of one cache, or each of its own.
void both(Result &result, unsigned size, bool one_cache)
{
	const Cache first(size, Cache::constructor), second(size, Cache::constructor);
	kmem_cache *const caches[NATIVE_CPUS] = {*first, one_cache ? *first : *second};
	const Account account;
	Near_and_far alloc("alloc"), free("free");
	Near_and_far trips("round trip");
	Pointers p[NATIVE_CPUS] = {Pointers(count), Pointers(count)};

	for (unsigned i = 0; i < meter::windows(); i++) {
		const double trip = trip_now(trips);
		const auto in_step = [&](Meter &meter, const auto &work) {
			double cycles[NATIVE_CPUS];

			machine::on_all([&](unsigned cpu) {
				if (meter::counting() && !cpu) {
					meter.measure(count, [&] { work(0); });
					return;
				}
				const unsigned long start = meter::now();

				work(cpu);
				cycles[cpu] = static_cast<double>(meter::now() - start) / count;
			});
			if (!meter::counting())
				meter.add((cycles[0] + cycles[1]) / 2);
		};

		in_step(alloc.at(trip), [&](unsigned cpu) {
			native_alloc_many(caches[cpu], p[cpu].data(), count);
		});
		if (!i)
			account.at(result, "all allocated", 2 * count, double{2} * count * size);
		in_step(free.at(trip),
			[&](unsigned cpu) { native_free_many(caches[cpu], p[cpu].data(), count); });
	}
	account.at_end(result);
	alloc.report(result);
	free.report(result);
	trips.report(result);
}

} // namespace

void add_cpus(Table &table)
{
	for (const unsigned size : {8U, 64U, 256U, 1024U, 4096U, 8192U}) {
		const auto add = [&](const std::string &what, bool quick,
				     const std::function<void(Result &)> &run) {
			table[named(what, size)] = {quick, false, run};
		};

		add("remote", size <= 4096, [=](Result &result) { remote(result, size); });
		add("pipe", size == 256, [=](Result &result) { pipe(result, size); });
		add("both/one-cache", size <= 4096,
		    [=](Result &result) { both(result, size, true); });
		add("both/own-caches", size == 256,
		    [=](Result &result) { both(result, size, false); });
	}
}

} // namespace tests
