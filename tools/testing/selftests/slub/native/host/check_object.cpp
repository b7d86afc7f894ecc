// SPDX-License-Identifier: GPL-2.0-only
// The calls that hand out objects and take them back: kmalloc() and its kin.
#include <algorithm>
#include <array>
#include <cstring>

#include <fmt/format.h>

#include "check.hpp"

namespace
{

bool is_all(const void *from, unsigned char value, size_t size)
{
	const auto *bytes = static_cast<const unsigned char *>(from);

	return std::all_of(bytes, bytes + size, [=](unsigned char byte) { return byte == value; });
}

class Object : public check::Machine
{
};

TEST_F(Object, OfKmallocHasTheSizeAskedFor)
{
	run([] {
		for (size_t size = 1; size <= 4 * native_constants.kmalloc_max_cache_size;
		     size += 1 + size / 7) {
			void *x = native_kmalloc(size, false);

			ASSERT_NE(x, nullptr);
			EXPECT_GE(native_ksize(x), size);
			EXPECT_EQ(native_ksize(x), native_kmalloc_roundup(size));
			memset(x, 0xff, native_ksize(x));
			native_kfree(x);
		}
	});
}

TEST_F(Object, OfKmallocIsAligned)
{
	run([] {
		for (size_t size = 8; size <= 32768; size *= 2) {
			std::array<void *, 20> all{};

			for (void *&x : all) {
				x = native_kmalloc(size, false);
				EXPECT_EQ(reinterpret_cast<uintptr_t>(x) %
						  std::min(size, NATIVE_PAGE_SIZE),
					  0u)
					<< size;
			}
			for (void *x : all)
				native_kfree(x);
		}
	});
}

TEST_F(Object, IsZeroIfAskedFor)
{
	run([] {
		for (size_t size = 8; size <= 32768; size *= 2) {
			void *x = native_kmalloc(size, false);

			memset(x, 0xff, size);
			native_kfree(x);
			x = native_kmalloc(size, true);
			EXPECT_TRUE(is_all(x, 0, size)) << size;
			native_kfree(x);
			x = native_kmalloc_node(size, NATIVE_ZERO, 1);
			EXPECT_TRUE(is_all(x, 0, size)) << size;
			EXPECT_EQ(native_pages_node(x), 1);
			native_kfree(x);
		}
	});
}

TEST_F(Object, OfNoSizeIsNoObject)
{
	run([] {
		void *x = native_kmalloc(0, false);

		EXPECT_EQ(x, native_constants.zero_size_ptr);
		EXPECT_EQ(native_ksize(x), 0u);
		native_kfree(x);
		native_kfree(nullptr);
		native_kfree_sensitive(nullptr);
		native_kfree_sensitive(x);
		EXPECT_EQ(native_ksize(nullptr), 0u);
		x = native_krealloc(nullptr, 0);
		EXPECT_EQ(x, native_constants.zero_size_ptr);
		x = native_krealloc(x, 50);
		EXPECT_GE(native_ksize(x), 50u);
		EXPECT_EQ(native_krealloc(x, 0), native_constants.zero_size_ptr);
	});
}

TEST_F(Object, ThatIsTooLargeIsRefused)
{
	run([] {
		EXPECT_EQ(native_kmalloc_array(SIZE_MAX / 2, 3), nullptr);
		EXPECT_EQ(native_kcalloc(SIZE_MAX, SIZE_MAX), nullptr);
		void *x = native_kcalloc(10, 50);

		EXPECT_TRUE(is_all(x, 0, 500));
		memset(x, 7, 500);
		EXPECT_EQ(native_krealloc_array(x, SIZE_MAX / 2, 3), nullptr);
		x = native_krealloc_array(x, 100, 50);
		EXPECT_TRUE(is_all(x, 7, 500));
		native_kfree(x);
		x = native_kmalloc_array(3, 5);
		EXPECT_GE(native_ksize(x), 15u);
		native_kfree(x);
	});
}

// Above the largest cache the page allocator serves, and nothing else is held.
TEST_F(Object, ThatIsLargeComesAsPages)
{
	run([] {
		for (size_t size = native_constants.kmalloc_max_cache_size + 1; size <= 1 << 22;
		     size = 2 * size - 1) {
			const unsigned long held = machine::pages_held();
			void *x = native_kmalloc(size, false);

			ASSERT_NE(x, nullptr) << size;
			EXPECT_EQ((machine::pages_held() - held) * NATIVE_PAGE_SIZE,
				  native_ksize(x));
			memset(x, 1, size);
			native_kfree(x);
			EXPECT_EQ(machine::pages_held(), held);
		}
	});
}

TEST_F(Object, KeepsItsContentInKrealloc)
{
	run([] {
		auto *x = static_cast<unsigned char *>(native_kmalloc(1, false));

		x[0] = 42;
		for (size_t size = 2; size <= 40000; size = size * 3 / 2 + 1) {
			x = static_cast<unsigned char *>(native_krealloc(x, size));
			ASSERT_NE(x, nullptr);
			EXPECT_EQ(x[0], 42);
			EXPECT_EQ(x[size / 2 - 1], 42);
			memset(x, 42, size);
		}
		// What fits stays where it is.
		EXPECT_EQ(native_krealloc(x, 10), x);
		native_kfree(x);
	});
}

TEST_F(Object, IsWipedIfSensitive)
{
	run([] {
		auto *x = static_cast<unsigned char *>(native_kmalloc(256, false));

		memset(x, 0xaa, 256);
		native_kfree_sensitive(x);
		// The link of a free object is the one thing in it.
		EXPECT_LE(std::count_if(x, x + 256, [](unsigned char byte) { return byte; }), 8);
	});
}

TEST_F(Object, IsKnownByItsAddress)
{
	run([] {
		const check::Cache cache(native_cache_create("known", 200, 0, 0, [](void *) {}));
		auto *x = static_cast<char *>(native_cache_alloc(cache, false));
		void *large = native_kmalloc(100000, false);

		native_dump_obj(x + 10);
		EXPECT_NE(machine::take_messages().find("known"), std::string::npos);
		if (native_ptr_validate(cache, x) >= 0) {
			EXPECT_EQ(native_ptr_validate(cache, x), 1);
			EXPECT_EQ(native_ptr_validate(cache, x + 8), 0);
			EXPECT_EQ(native_ptr_validate(cache, large), 0);
			EXPECT_EQ(native_ptr_validate(cache, nullptr), 0);
			EXPECT_EQ(native_ptr_validate(cache, &cache), 0);
		}
		native_kfree(large);
		native_cache_free(cache, x);
	});
}

// What is freed wrongly is reported, and nothing is handed out twice.
TEST_F(Object, ThatIsFreedWronglyIsReported)
{
	if (!check::is_ours())
		GTEST_SKIP() << "this allocator checks nothing unless it is debugged";
	run([] {
		const check::Cache cache(native_cache_create("wrong", 200, 0, 0, [](void *) {}));
		const check::Cache other(native_cache_create("other", 200, 0, 0, [](void *) {}));
		auto *x = static_cast<char *>(native_cache_alloc(cache, false));
		auto *y = static_cast<char *>(native_cache_alloc(cache, false));

		native_cache_free(other, x);
		EXPECT_NE(machine::take_messages().find("object of another cache"),
			  std::string::npos);
		native_cache_free(cache, x + 8);
		EXPECT_NE(machine::take_messages().find("not the start of an object"),
			  std::string::npos);
		native_cache_free(cache, x);
		EXPECT_EQ(machine::take_messages(), "");
		native_cache_free(cache, x);
		EXPECT_NE(machine::take_messages().find("double free"), std::string::npos);
		native_cache_free(cache, y);
		EXPECT_EQ(machine::take_messages(), "");
	});
}

} // namespace
