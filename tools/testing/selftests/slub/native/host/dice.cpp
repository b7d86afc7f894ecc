// SPDX-License-Identifier: GPL-2.0-only
#include "dice.hpp"

#include <algorithm>

namespace dice
{

namespace
{

// From 8 to 4096 bytes, small ones more often, as in a kernel: each power of two is as likely.
unsigned mixed_size()
{
	const unsigned top = 8U << below(10);

	return top / 2 + 1 + below(top / 2);
}

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
	std::vector<unsigned> sizes(count);

	std::generate(sizes.begin(), sizes.end(), mixed_size);
	return sizes;
}

} // namespace dice
