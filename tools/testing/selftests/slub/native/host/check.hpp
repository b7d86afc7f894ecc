// SPDX-License-Identifier: GPL-2.0-only
// Common to the tests: a machine of two CPUs and two nodes, messages, counts, and that nothing
// leaks.
#ifndef SLUB_NATIVE_CHECK_HPP
#define SLUB_NATIVE_CHECK_HPP

#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "machine.hpp"

namespace check
{

// What was said while the machine came up.
extern std::string boot_messages;

// /proc/slabinfo, and a column of a cache's line in it: 1 is the first behind the name.
std::string slabinfo();
std::string listed(const std::string &cache, unsigned column);

// Of an allocator that is not ours nothing is expected.
void expect_listed(const std::string &cache, unsigned column, const std::string &value);

// Ours counts objects in use one by one; for the others what a CPU holds is in use.
bool is_ours();

// A test begins and ends with the same memory held, and says nothing that it does not expect.
class Machine : public testing::Test
{
protected:
	void SetUp() override;
	void TearDown() override;

	// On this thread, so that a failed assertion ends the test.
	static void run(const std::function<void()> &what)
	{
		machine::alone(what);
	}

	unsigned long pages = 0;
};

// A cache for as long as a test needs it.
class Cache
{
public:
	explicit Cache(kmem_cache *cache) : cache(cache)
	{
	}
	~Cache()
	{
		native_cache_destroy(cache);
	}
	Cache(const Cache &) = delete;
	Cache &operator=(const Cache &) = delete;

	operator kmem_cache *() const
	{
		return cache;
	}

private:
	kmem_cache *cache;
};

} // namespace check

#endif
