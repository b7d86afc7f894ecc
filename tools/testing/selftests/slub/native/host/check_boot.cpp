// SPDX-License-Identifier: GPL-2.0-only
// What is there once the allocator is up.
#include <fmt/format.h>

#include "check.hpp"

namespace
{

using check::listed;

class Boot : public check::Machine
{
};

TEST_F(Boot, SaysWhatItFound)
{
	EXPECT_EQ(check::boot_messages.find("WARNING"), std::string::npos) << check::boot_messages;
	if (check::is_ours()) {
		EXPECT_EQ(check::boot_messages,
			  "SLUB: HWalign=64, Order=0-3, MinObjects=8, CPUs=2, Nodes=2\n");
	}
}

// The caches of kmalloc() are those that the kernel has always had.
TEST_F(Boot, MakesKmallocCaches)
{
	const size_t smallest = native_constants.kmalloc_min_size;

	for (const size_t size : {8, 16, 32, 64, 96, 128, 192, 256, 512, 1024, 2048, 4096, 8192}) {
		const std::string name = size < 1024 ? fmt::format("kmalloc-{}", size)
						     : fmt::format("kmalloc-{}k", size / 1024);

		if (size < smallest)
			continue;
		EXPECT_EQ(native_kmalloc_roundup(size), size);
		EXPECT_EQ(native_kmalloc_roundup(size - 1), size);
		check::expect_listed(name, 3, std::to_string(size));
	}
	EXPECT_EQ(native_kmalloc_roundup(0), 0u);
	EXPECT_EQ(native_constants.kmalloc_max_cache_size, 8192u);
}

// Each cache has its line, and no line says more objects than fit into its slabs.
TEST_F(Boot, ListsItsCaches)
{
	if (!check::is_ours())
		GTEST_SKIP() << "/proc/slabinfo has another format here, or is not there";
	const std::string heading =
		"slubinfo - version: 1.0\n# name            <objects> <order> <objsize> "
		"<slabs>/<partial>/<cpu> <flags> <nodes>\n";

	EXPECT_EQ(check::slabinfo().substr(0, heading.size()), heading);
	EXPECT_GE(std::stoul(listed("kmem_cache", 1)), 13u);
	EXPECT_EQ(listed("kmem_cache", 5).find_first_not_of("aP"), std::string::npos);
}

// Both nodes serve, and each CPU.
TEST_F(Boot, ServesEachCpuAndNode)
{
	for (unsigned cpu = 0; cpu < NATIVE_CPUS; cpu++)
		machine::on(cpu, [] {
			for (int node = 0; node < 2; node++) {
				void *x = native_kmalloc_node(100, NATIVE_THIS_NODE, node);

				ASSERT_NE(x, nullptr);
				EXPECT_EQ(native_pages_node(x), node);
				native_kfree(x);
			}
		});
}

} // namespace
