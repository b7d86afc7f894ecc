// SPDX-License-Identifier: GPL-2.0-only
#include "dice.hpp"

namespace dice
{

namespace
{

struct Size {
	unsigned bytes;
	double weight;
};

// From traces of a kernel: the makefile has made it of traces/sizes.txt. Beyond these sizes it is
// the page allocator that answers.
const std::vector<Size> recorded = {
#include "sizes.inc"
};

} // namespace

std::mt19937 &generator()
{
	static std::mt19937 one;

	return one;
}

void start_anew()
{
	generator().seed(20261122);
}

unsigned below(unsigned limit)
{
	return std::uniform_int_distribution<unsigned>(0, limit - 1)(generator());
}

std::vector<unsigned> mixed_sizes(size_t count)
{
	std::vector<unsigned> sizes;
	std::vector<double> weights;

	for (const Size &size : recorded)
		weights.push_back(size.weight);
	std::discrete_distribution<size_t> which(weights.begin(), weights.end());

	while (sizes.size() < count)
		sizes.push_back(recorded[which(generator())].bytes);
	return sizes;
}

} // namespace dice
