// SPDX-License-Identifier: GPL-2.0-only
// What a stretch of work costs: in cycles; or, when an emulator runs this program, in instructions.
#ifndef SLUB_NATIVE_METER_HPP
#define SLUB_NATIVE_METER_HPP

#include <functional>
#include <string>
#include <vector>

#include "result.hpp"

namespace meter
{

// Instructions are counted, not cycles: all that is measured is the same each time, and slow.
bool counting();

// How often something is measured: the median of windows, most of which are shorter than a
// millisecond, so that the host rarely takes the processor away meanwhile.
unsigned windows();

// Cycles of the time stamp counter; what stands before is over, what stands behind has not begun.
unsigned long now();

// What it takes, less what the clock itself does.
double cycles_of(const std::function<void()> &what);

class Meter
{
public:
	// One operation a window is less than the clock's steps: @single takes means, not medians.
	explicit Meter(const std::string &name, bool single = false) : name(name), single(single)
	{
	}

	// Of @count operations that @what does.
	void measure(unsigned long count, const std::function<void()> &what);

	// The median or mean, or the counts, under the meter's name, unless nothing was measured.
	void report(Result &result) const;

private:
	std::string name;
	bool single;
	std::vector<double> cycles;
	Count counted;
	unsigned long operations = 0; // that were counted
	bool warm = false;
};

} // namespace meter

#endif
