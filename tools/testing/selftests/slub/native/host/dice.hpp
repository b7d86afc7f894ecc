// SPDX-License-Identifier: GPL-2.0-only
// Random numbers, the same ones for each contestant and each run, whatever ran before.
#ifndef SLUB_NATIVE_DICE_HPP
#define SLUB_NATIVE_DICE_HPP

#include <random>
#include <vector>

namespace dice
{

std::mt19937 &generator();
void start_anew();

unsigned below(unsigned limit);

// Bytes that somebody asks kmalloc() for, as often as in a kernel at work.
std::vector<unsigned> mixed_sizes(size_t count);

} // namespace dice

#endif
