// SPDX-License-Identifier: GPL-2.0-only
// Without pages: each allocation of pages, or of per-CPU memory, fails in turn.
#include <cstring>
#include <vector>

#include "check.hpp"
#include "model.hpp"

namespace
{

class Pages : public check::Machine
{
protected:
	// A bit of everything. Whatever it can't get it goes without.
	static void live_a_little()
	{
		kmem_cache *cache = native_cache_create("poor", 1000, 0, 0, [](void *) {});
		std::vector<void *> mine, others;

		for (unsigned i = 0; cache && i < 30; i++)
			keep(mine, native_cache_alloc_node(cache, i & NATIVE_THIS_NODE, i % 2),
			     1000);
		std::vector<void *> many(40);

		if (cache && native_alloc_bulk(cache, many.size(), many.data()))
			for (void *x : many)
				keep(mine, x, 1000);
		for (const size_t size : {20, 500, 3000, 8000, 20000, 100000})
			keep(others, native_kmalloc_node(size, NATIVE_ZERO, size / 100 % 2), size);
		machine::on(1, [&] {
			if (cache)
				keep(mine, native_cache_alloc(cache, false), 1000);
			grow(others);
		});
		for (void *x : mine)
			native_cache_free(cache, x);
		native_free_bulk(nullptr, others.size(), others.data());
		EXPECT_TRUE(!cache || native_cache_shrink(cache) == 0);
		native_cache_destroy(cache);
	}

	// None of this ever needs more pages than what was there before.
	static void keep(std::vector<void *> &all, void *x, size_t size)
	{
		if (!x)
			return;
		memset(x, 0xee, size);
		all.push_back(x);
	}

	static void grow(std::vector<void *> &all)
	{
		for (void *&x : all)
			if (void *larger = native_krealloc(x, 2 * native_ksize(x)))
				x = larger;
	}

	// Fail the first one, then the second one ... until nothing has to fail any more.
	static void fail_each(void (*fail)(unsigned long), unsigned &rounds, bool &done)
	{
		const unsigned long held = machine::pages_held(), areas = native_percpu_areas();
		struct native_pages now;

		for (rounds = 0, done = false; !done && rounds < 1000; rounds++) {
			fail(rounds);
			live_a_little();
			native_pages(&now);
			done = now.fail_after != ~0UL && now.fail_after > 0;
			native_pages_fail_after(~0UL);
			machine::settle();
			ASSERT_EQ(machine::pages_held(), held) << "allocation " << rounds;
			ASSERT_EQ(native_percpu_areas(), areas) << "allocation " << rounds;
			const auto wrong = model::complaint(machine::take_messages());

			ASSERT_FALSE(wrong) << *wrong << ", allocation " << rounds;
		}
	}

	void SetUp() override
	{
		// Caches get per-CPU memory when they are first used: that stays.
		machine::alone(live_a_little);
		Machine::SetUp();
	}
};

TEST_F(Pages, OneAllocationFails)
{
	unsigned rounds;
	bool done;

	machine::alone([&] { fail_each(native_pages_fail_once, rounds, done); });
	EXPECT_TRUE(done);
	EXPECT_GT(rounds, 20u);
}

TEST_F(Pages, OneAllocationAndAllThatFollowFail)
{
	unsigned rounds;
	bool done;

	machine::alone([&] { fail_each(native_pages_fail_after, rounds, done); });
	EXPECT_TRUE(done);
	EXPECT_GT(rounds, 20u);
}

// All or nothing; and what it had got by then it gives back.
TEST_F(Pages, BulkAllocationFailsAsAWhole)
{
	machine::alone([] {
		const check::Cache cache(native_cache_create("bulk", 1000, 0, 0, [](void *) {}));
		std::vector<void *> many(1000);

		for (unsigned long n = 0; n < 10; n++) {
			native_pages_fail_after(n);
			EXPECT_EQ(native_alloc_bulk(cache, many.size(), many.data()), 0);
			native_pages_fail_after(~0UL);
			check::expect_listed("bulk", 1, "0");
			EXPECT_EQ(native_cache_shrink(cache), 0);
		}
		machine::take_messages();
	});
}

TEST_F(Pages, CacheIsNotMadeWithoutMemory)
{
	machine::alone([] {
		std::vector<void *> hoard;
		unsigned made = 0;

		native_pages_fail_after(0);
		// What its descriptor and name need may be there still.
		while (kmem_cache *cache = native_cache_create("none", 40, 0, 0, [](void *) {})) {
			hoard.push_back(cache);
			ASSERT_LT(++made, 1000u);
		}
		native_pages_fail_after(~0UL);
		for (void *cache : hoard)
			native_cache_destroy(static_cast<kmem_cache *>(cache));
		machine::take_messages();
	});
}

} // namespace
