// SPDX-License-Identifier: GPL-2.0-only
// Caches: how they are made, what they promise about their objects, how they end.
#include <cstring>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "check.hpp"

namespace
{

using check::listed;

constexpr auto nothing = [](void *) {
};

std::vector<void *> take(kmem_cache *cache, size_t count)
{
	std::vector<void *> all(count);

	for (void *&x : all)
		x = native_cache_alloc(cache, false);
	return all;
}

void give(kmem_cache *cache, const std::vector<void *> &all)
{
	for (void *x : all)
		native_cache_free(cache, x);
}

class CacheOf : public check::Machine
{
};

TEST_F(CacheOf, AnySizeAndAlignment)
{
	run([] {
		for (const unsigned size : {8, 9, 24, 100, 192, 700, 1000, 4095, 4096, 5000, 33000})
			for (unsigned align = 0; align <= 512; align = align ? align * 2 : 1) {
				const check::Cache cache(
					native_cache_create("any", size, align, 0, nothing));

				ASSERT_NE(cache, nullptr) << size << ' ' << align;
				EXPECT_EQ(native_cache_size(cache), size);
				const auto all = take(cache, 10);

				for (void *x : all) {
					EXPECT_EQ(reinterpret_cast<uintptr_t>(x) %
							  std::max(8U, align),
						  0u);
					EXPECT_GE(native_ksize(x), size);
					memset(x, 0xff, size);
				}
				EXPECT_EQ(std::set(all.begin(), all.end()).size(), all.size());
				give(cache, all);
			}
	});
}

TEST_F(CacheOf, CacheLines)
{
	run([] {
		const check::Cache cache(native_cache_create(
			"lines", 72, 0, native_constants.hwcache_align, nothing));
		const auto all = take(cache, 50);

		for (void *x : all)
			EXPECT_EQ(reinterpret_cast<uintptr_t>(x) % 64, 0u);
		give(cache, all);
	});
}

TEST_F(CacheOf, AStruct)
{
	run([] {
		const check::Cache cache(native_cache_of_struct());

		EXPECT_EQ(native_cache_size(cache), 48u);
		give(cache, take(cache, 3));
	});
}

TEST_F(CacheOf, WhatUsersMayCopy)
{
	run([] {
		const check::Cache cache(native_cache_create_usercopy("copied", 300, 100, 50));

		ASSERT_NE(cache, nullptr);
		give(cache, take(cache, 3));
		EXPECT_EQ(machine::take_messages(), "");
	});
}

unsigned long constructed;

void construct(void *x)
{
	constructed++;
	memset(x, 0x77, 120);
}

// Each object once, when its slab is made; what it was left as it is given out as.
TEST_F(CacheOf, ConstructedObjects)
{
	run([] {
		const check::Cache cache(native_cache_create("made", 120, 0, 0, construct));
		std::set<void *> seen;

		constructed = 0;
		auto all = take(cache, 200);
		const unsigned long once = constructed;

		for (void *&x : all) {
			EXPECT_EQ(static_cast<char *>(x)[0], 0x77);
			EXPECT_EQ(memcmp(x, static_cast<char *>(x) + 1, 119), 0);
			native_cache_free(cache, x);
			x = native_cache_alloc(cache, false);
			EXPECT_EQ(memcmp(x, static_cast<char *>(x) + 1, 119), 0);
		}
		EXPECT_GE(once, 200u);
		EXPECT_EQ(constructed, once);
		give(cache, all);
	});
}

TEST_F(CacheOf, ObjectsOnANode)
{
	run([] {
		const check::Cache cache(native_cache_create("node", 500, 0, 0, nothing));

		for (int node : {0, 1, 1, 0, 1}) {
			void *x = native_cache_alloc_node(cache, NATIVE_THIS_NODE, node);
			void *y = native_cache_alloc_node(cache, NATIVE_ATOMIC, node);

			EXPECT_EQ(native_pages_node(x), node);
			EXPECT_EQ(native_pages_node(y), node);
			give(cache, {x, y});
		}
	});
}

TEST_F(CacheOf, ObjectsByAnyCall)
{
	run([] {
		const check::Cache cache(native_cache_create("call", 88, 0, 0, nullptr));
		void *x = native_cache_alloc_lru(cache);

		ASSERT_NE(x, nullptr);
		memset(x, 0xff, 88);
		native_cache_free(cache, x);
		auto *zero = static_cast<unsigned char *>(native_cache_zalloc(cache));

		EXPECT_EQ(std::count(zero, zero + 88, 0), 88);
		native_kfree(zero);
	});
}

TEST_F(CacheOf, ObjectsInBulk)
{
	run([] {
		const check::Cache cache(native_cache_create("bulk", 64, 0, 0, nothing));

		for (size_t count : {1, 2, 63, 64, 65, 500}) {
			std::vector<void *> all(count);

			ASSERT_EQ(native_alloc_bulk(cache, count, all.data()), int(count));
			EXPECT_EQ(std::set(all.begin(), all.end()).size(), count);
			check::expect_listed("bulk", 1, std::to_string(count));
			native_free_bulk(cache, count, all.data());
			check::expect_listed("bulk", 1, "0");
		}
	});
}

TEST_F(CacheOf, MixedObjectsFreedInBulk)
{
	run([] {
		std::vector<void *> all;

		for (unsigned i = 0; i < 100; i++)
			all.push_back(native_kmalloc(1 + i * i * i % 20000, false));
		native_free_bulk(nullptr, all.size(), all.data());
	});
}

// Pages that are held when a cache was used and is empty: the first use made what it needs for
// that.
unsigned long held_when_used(kmem_cache *cache, unsigned count)
{
	give(cache, take(cache, count));
	EXPECT_EQ(native_cache_shrink(cache), 0);
	native_run_later(false);
	return machine::pages_held();
}

// Who looks at a freed object without a lock finds it as it was until RCU says otherwise.
TEST_F(CacheOf, ObjectsFreedByRcu)
{
	run([this] {
		kmem_cache *cache = native_cache_create("rcu", 1024, 0,
							native_constants.typesafe_by_rcu, nullptr);
		const unsigned long held = held_when_used(cache, 100);
		const auto all = take(cache, 100);

		for (void *x : all)
			memset(x, 0x3c, 1024);
		give(cache, all);
		EXPECT_EQ(native_cache_shrink(cache), 0);
		EXPECT_GT(machine::pages_held(), held);
		for (void *x : all)
			EXPECT_EQ(static_cast<unsigned char *>(x)[1023], 0x3c);
		native_run_later(false);
		EXPECT_EQ(machine::pages_held(), held);
		native_cache_destroy(cache);
		machine::settle();
	});
}

TEST_F(CacheOf, LikeOnesIsShared)
{
	run([] {
		const check::Cache first(native_cache_create("like-first", 328, 0, 0, nullptr));
		kmem_cache *second = native_cache_create("like-second", 326, 0, 0, nullptr);
		const check::Cache apart(native_cache_create("apart", 328, 0, 0, nothing));
		const check::Cache rcu(native_cache_create(
			"rcu", 328, 0, native_constants.typesafe_by_rcu, nullptr));

		EXPECT_EQ(first, second);
		EXPECT_NE(first, apart);
		EXPECT_NE(first, rcu);
		// It stays for the first user when the second one leaves.
		void *x = native_cache_alloc(second, false);

		native_cache_destroy(second);
		memset(x, 1, 328);
		native_cache_free(first, x);
		give(first, take(first, 100));
	});
}

TEST_F(CacheOf, NothingGivesAllBack)
{
	run([] {
		const check::Cache cache(native_cache_create("empty", 256, 0, 0, nothing));
		const unsigned long held = held_when_used(cache, 1000);
		const auto all = take(cache, 1000);

		EXPECT_GE(machine::pages_held() - held, 1000u * 256 / NATIVE_PAGE_SIZE);
		EXPECT_TRUE(native_cache_shrink(cache) || !check::is_ours());
		give(cache, all);
		EXPECT_EQ(native_cache_shrink(cache), 0);
		EXPECT_EQ(machine::pages_held(), held);
	});
}

// A CPU that does not use its slab gives it back by itself.
TEST_F(CacheOf, IdleCpusHoldsNothing)
{
	if (!check::is_ours())
		GTEST_SKIP() << "what a CPU holds is its own here";
	run([] {
		const check::Cache cache(native_cache_create("idle", 256, 0, 0, nothing));

		for (unsigned cpu = 0; cpu < NATIVE_CPUS; cpu++)
			machine::on(cpu, [&] { give(cache, take(cache, 100)); });
		EXPECT_NE(listed("idle", 4), "2/2/0");
		for (unsigned i = 0; i < 3; i++)
			native_run_later(true);
		EXPECT_EQ(listed("idle", 4), "2/2/0");
	});
}

// Objects that are still in use keep the cache; it says which they are, and takes them back.
TEST_F(CacheOf, ObjectsInUseIsNotDestroyed)
{
	run([] {
		kmem_cache *cache = native_cache_create("used", 256, 0, 0, nothing);
		void *x = native_cache_alloc(cache, false);

		memset(x, 9, 256);
		native_cache_destroy(cache);
		const std::string said = machine::take_messages();

		EXPECT_NE(said.find("kmem_cache_destroy used: Slab cache still has objects"),
			  std::string::npos)
			<< said;
		EXPECT_NE(said.find("WARNING"), std::string::npos) << said;
		if (check::is_ours()) {
			EXPECT_NE(said.find(fmt::format("{} of used in use", fmt::ptr(x))),
				  std::string::npos)
				<< said;
		}
		native_cache_free(cache, x);
	});
	machine::alone(machine::settle);
	machine::take_messages();
	// Its name, and what its CPUs have, stay.
	pages = machine::pages_held();
}

TEST_F(CacheOf, NoNameOrSizeIsRefused)
{
	run([] {
		native_cache_destroy(nullptr);
		EXPECT_EQ(native_cache_create("huge", 1 << 23, 0, 0, nothing), nullptr);
		machine::take_messages();
	});
}

} // namespace
