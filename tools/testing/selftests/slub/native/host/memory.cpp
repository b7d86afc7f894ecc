// SPDX-License-Identifier: GPL-2.0-only
#include "memory.hpp"

#include <sys/mman.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "../kernel/host.h"

namespace memory
{

namespace
{

constexpr size_t alignment = size_t{1} << 30; // of more than any block of pages
constexpr size_t populated = size_t{64} << 20;
constexpr size_t per_cpu_size = size_t{4} << 20;

// Huge pages, so that the host's address translation is not what is measured.
void *map(size_t size)
{
	void *all = mmap(nullptr, size + alignment, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (all == MAP_FAILED) {
		perror("error: no address space for the machine's memory");
		exit(1);
	}
	const uintptr_t start = reinterpret_cast<uintptr_t>(all) + alignment - 1;
	void *aligned = reinterpret_cast<void *>(start & ~(alignment - 1));

	madvise(aligned, size, MADV_HUGEPAGE);
	return aligned;
}

} // namespace

void prepare_per_cpu()
{
	char *section;
	size_t size;

	native_percpu_section(&section, &size);
	for (unsigned cpu = 0; cpu < NATIVE_CPUS; cpu++) {
		void *area = map(per_cpu_size);

		memcpy(area, section, size);
		native_percpu_setup(cpu, area, per_cpu_size);
	}
}

void prepare_arena(size_t size, unsigned nodes)
{
	char *arena = static_cast<char *>(map(size));
	char *map_of_pages = static_cast<char *>(map(native_pages_map_size(size)));

	native_pages_setup(arena, size, map_of_pages, nodes);
	// The last pages are handed out first: for those, no fault is to be measured.
	if (madvise(arena + size - populated, populated, MADV_POPULATE_WRITE))
		perror("warning: the host's faults for pages will be in the figures");
}

} // namespace memory
