// SPDX-License-Identifier: GPL-2.0-only
// The machine's memory: an arena, its struct pages, and an area for each CPU.
#ifndef SLUB_NATIVE_MEMORY_HPP
#define SLUB_NATIVE_MEMORY_HPP

#include <cstddef>

namespace memory
{

void prepare_per_cpu();
void prepare_arena(size_t size, unsigned nodes);

} // namespace memory

#endif
