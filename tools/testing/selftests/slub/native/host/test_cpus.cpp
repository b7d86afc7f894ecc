// SPDX-License-Identifier: GPL-2.0-only
// Two CPUs. What a cache line takes from one to the other and back is measured beside each figure:
// the host moves our processors about, and what is near now may be far in a minute.
#include <x86intrin.h>

#include <atomic>
#include <map>
#include <vector>

#include "account.hpp"
#include "cache.hpp"
#include "meter.hpp"
#include "statistics.hpp"
#include "tests.hpp"

namespace tests
{

namespace
{

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

// What is measured while the CPUs are near to each other, and while they are far, kept apart. There
// is nothing between: they share a core, or they do not.
class Windows
{
public:
	// As many as there are to be. What @work measures counts if the CPUs were as near to each
	// other after it as before it.
	void run(const std::function<void(Windows &)> &work)
	{
		for (window = 0; window <= meter::windows(); window++) {
			// Turns by turns take an emulator an age.
			const double before = meter::counting() ? 0 : round_trip();

			figures.clear();
			native_pages_want_peak(is_first());
			work(*this);
			const double after = meter::counting() ? 0 : round_trip();

			// In the first one pages are counted.
			if (is_near(before) != is_near(after) || is_first())
				continue;
			figures["round trip"] = (before + after) / 2;
			for (const auto &[figure, cycles] : figures)
				(is_near(before) ? near : far)[figure].push_back(cycles);
		}
		native_pages_want_peak(true);
	}

	// On the CPU that this runs on.
	void measure(const std::string &figure, const std::function<void()> &what)
	{
		if (meter::counting())
			counters.try_emplace(figure, figure).first->second.measure(count, what);
		else
			figures[figure] = meter::cycles_of(what) / count;
	}

	// On both CPUs at once: the mean of the two.
	void measure_both(const std::string &figure, const std::function<void(unsigned cpu)> &what)
	{
		double cycles[NATIVE_CPUS] = {};

		machine::on_all([&](unsigned cpu) {
			if (!meter::counting())
				cycles[cpu] = meter::cycles_of([&] { what(cpu); });
			else if (cpu)
				what(cpu);
			else
				measure(figure, [&] { what(0); });
		});
		if (!meter::counting())
			figures[figure] = (cycles[0] + cycles[1]) / NATIVE_CPUS / count;
	}

	bool is_first() const
	{
		return !window;
	}

	void report(Result &result) const
	{
		for (const auto &[figure, meter] : counters)
			meter.report(result);
		if (meter::counting())
			return;
		for (const auto &[figure, cycles] : near)
			result.cycles[figure + ", near"] = statistics::median(cycles);
		for (const auto &[figure, cycles] : far)
			result.cycles[figure + ", far"] = statistics::median(cycles);
	}

private:
	static bool is_near(double trip)
	{
		return trip < 250;
	}

	unsigned window = 0;
	std::map<std::string, double> figures;
	std::map<std::string, std::vector<double>> near, far;
	std::map<std::string, meter::Meter> counters;
};

// One CPU allocates; then the other one frees.
void remote(Result &result, unsigned size)
{
	const Cache cache(size);
	const Account account;
	Pointers p(count);
	Windows windows;

	windows.run([&](Windows &window) {
		machine::on(0, [&] {
			window.measure("alloc",
				       [&] { native_alloc_many(*cache, p.data(), count); });
		});
		if (window.is_first())
			account.at(result, "all allocated", count, double{1} * count * size);
		machine::on(1, [&] {
			window.measure("free", [&] { native_free_many(*cache, p.data(), count); });
		});
	});
	account.at_end(result);
	windows.report(result);
}

// One CPU allocates what the other one frees at the same time: they hand it over in a ring. How
// often it looks into the ring is not counted.
void pipe(Result &result, unsigned size)
{
	constexpr unsigned places = 256;
	static std::atomic<void *> ring[places];
	const Cache cache(size);
	const Account account;
	Windows windows;
	const auto produce = [&] {
		for (unsigned i = 0; i < count; i++) {
			void *x;

			native_alloc_many(*cache, &x, 1);
			while (ring[i % places].load(std::memory_order_acquire))
				_mm_pause();
			ring[i % places].store(x, std::memory_order_release);
		}
	};
	const auto consume = [&] {
		for (unsigned i = 0; i < count; i++) {
			void *x;

			while (!(x = ring[i % places].load(std::memory_order_acquire)))
				_mm_pause();
			ring[i % places].store(nullptr, std::memory_order_release);
			native_free_many(*cache, &x, 1);
		}
	};

	windows.run([&](Windows &window) {
		machine::on_all([&](unsigned cpu) {
			if (cpu)
				consume();
			else if (meter::counting())
				produce();
			else
				window.measure("object", produce);
		});
	});
	account.at_end(result);
	windows.report(result);
}

// Both allocate, then both free what they have: of one cache, or each of its own.
void both(Result &result, unsigned size, bool one_cache)
{
	const Cache first(size), second(size);
	kmem_cache *const caches[NATIVE_CPUS] = {*first, one_cache ? *first : *second};
	const Account account;
	Pointers p[NATIVE_CPUS] = {Pointers(count), Pointers(count)};
	Windows windows;

	windows.run([&](Windows &window) {
		window.measure_both("alloc", [&](unsigned cpu) {
			native_alloc_many(caches[cpu], p[cpu].data(), count);
		});
		if (window.is_first())
			account.at(result, "all allocated", 2 * count, double{2} * count * size);
		window.measure_both("free", [&](unsigned cpu) {
			native_free_many(caches[cpu], p[cpu].data(), count);
		});
	});
	account.at_end(result);
	windows.report(result);
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
