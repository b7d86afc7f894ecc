// SPDX-License-Identifier: GPL-2.0-only
#include "meter.hpp"

#include <unistd.h>
#include <x86intrin.h>

#include <algorithm>
#include <limits>

#include "statistics.hpp"

extern "C" char __start_ktext[], __stop_ktext[];

namespace meter
{

namespace
{

// What the clock itself takes, and the call of a function: no operation pays for that.
unsigned long clock_cycles()
{
	const std::function<void()> nothing = [] {
	};
	unsigned long least = std::numeric_limits<unsigned long>::max();

	for (unsigned i = 0; i < 1000; i++) {
		const unsigned long start = now();

		nothing();
		least = std::min(least, now() - start);
	}
	return least;
}

} // namespace

// Nobody answers such a call but the emulator's plugin.
bool counting()
{
	static const bool answered = [] {
		Count count;

		count.instructions = -1;
		syscall(count_call, count_end, &count);
		return count.instructions >= 0;
	}();

	return answered;
}

unsigned windows()
{
	return counting() ? 2 : 15;
}

unsigned long now()
{
	_mm_lfence();
	const unsigned long cycles = __rdtsc();

	_mm_lfence();
	return cycles;
}

double cycles_of(const std::function<void()> &what)
{
	static const unsigned long overhead = clock_cycles();
	const unsigned long start = now();

	what();
	const unsigned long passed = now() - start;

	return passed - std::min(passed, overhead);
}

void Meter::measure(unsigned long count, const std::function<void()> &what)
{
	if (!counting()) {
		cycles.push_back(cycles_of(what) / count);
	} else if (!warm) {
		// The first time is like no other.
		warm = true;
		what();
	} else {
		Count one;

		syscall(count_call, count_begin, __start_ktext, __stop_ktext);
		what();
		syscall(count_call, count_end, &one);
		counted.instructions += one.instructions;
		counted.atomics += one.atomics;
		counted.irqs += one.irqs;
		counted.misses += one.misses;
		operations += count;
	}
}

void Meter::report(Result &result) const
{
	if (!cycles.empty())
		result.cycles[name] =
			single ? statistics::middle_mean(cycles) : statistics::median(cycles);
	if (operations)
		result.counts[name] = {counted.instructions / operations,
				       counted.atomics / operations, counted.irqs / operations,
				       counted.misses / operations};
}

} // namespace meter
