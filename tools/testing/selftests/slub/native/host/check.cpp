// SPDX-License-Identifier: GPL-2.0-only
// Is the allocator right? Each test drives the kernel's own object code on a machine of two CPUs.
#include <unistd.h>

#include <array>
#include <mutex>
#include <regex>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "machine.hpp"
#include "model.hpp"

namespace
{

const std::vector<unsigned> sizes = {8, 24, 64, 192, 256, 1000, 2048, 4096, 8192};

// What must be as it was when a test is over.
class Allocator : public testing::Test
{
protected:
	void SetUp() override
	{
		machine::on(0, [this] {
			for (const unsigned size : sizes)
				caches.push_back(
					native_cache_create(fmt::format("check-{}", size).c_str(),
							    size, 0, 0, constructor));
		});
		machine::take_messages();
		before = machine::pages_held();
	}

	void TearDown() override
	{
		native_pages_fail_after(~0UL);
		machine::on(0, [this] {
			for (kmem_cache *cache : caches)
				EXPECT_EQ(native_cache_shrink(cache), 0);
			for (kmem_cache *cache : caches)
				native_cache_destroy(cache);
		});
		EXPECT_EQ(machine::take_messages(), "");
	}

	// A cache with a constructor is not merged with another one.
	static void constructor(void *)
	{
	}

	std::vector<kmem_cache *> caches;
	unsigned long before = 0;
};

std::string slabinfo()
{
	static std::array<char, 65536> text;

	return std::string(text.data(), native_slabinfo(text.data(), text.size()));
}

// Objects in use, as /proc/slabinfo has them.
long listed(unsigned size)
{
	const std::regex line(fmt::format("(?:^|\n)check-{} +([0-9]+) ", size));
	const std::string all = slabinfo();
	std::smatch match;

	return std::regex_search(all, match, line) ? std::stol(match[1]) : -1;
}

// Of ours they are; the others count what CPUs hold as in use.
bool counts_are_exact()
{
	return slabinfo().rfind("slubinfo", 0) == 0;
}

TEST_F(Allocator, HandsOutWhatWasAskedFor)
{
	machine::on(0, [this] {
		for (size_t i = 0; i < sizes.size(); i++) {
			void *x = native_cache_alloc(caches[i], false);

			ASSERT_NE(x, nullptr);
			EXPECT_EQ(native_cache_size(caches[i]), sizes[i]);
			EXPECT_GE(native_ksize(x), sizes[i]);
			native_cache_free(caches[i], x);
		}
		for (size_t size = 1; size <= 65536; size += 1 + size / 3) {
			void *x = native_kmalloc(size, false);

			ASSERT_NE(x, nullptr);
			EXPECT_GE(native_ksize(x), size);
			native_kfree(x);
		}
	});
}

// Each page allocation fails once, and all that come after it: what there is stays as it is.
TEST_F(Allocator, LosesNothingWithoutPages)
{
	machine::on(0, [this] {
		for (size_t i = 0; i < sizes.size(); i++) {
			for (unsigned long n = 0; n < 5; n++) {
				std::vector<void *> got;

				native_pages_fail_after(n);
				while (void *x = native_cache_alloc(caches[i], false))
					got.push_back(x);
				void *many[16];

				EXPECT_EQ(native_alloc_bulk(caches[i], 16, many), 0);
				native_pages_fail_after(~0UL);
				for (void *x : got)
					native_cache_free(caches[i], x);
				native_run_later(true);
				EXPECT_EQ(native_cache_shrink(caches[i]), 0) << sizes[i];
			}
		}
		EXPECT_EQ(machine::pages_held(), before);
	});
	machine::take_messages();
}

TEST_F(Allocator, SurvivesRandomOperations)
{
	machine::on(0, [this] {
		for (unsigned seed = 1; seed <= 3; seed++) {
			model::Model model(caches, seed);

			for (unsigned i = 0; i < 100000; i++) {
				const auto wrong = model.step();

				ASSERT_FALSE(wrong)
					<< *wrong << ", seed " << seed << ", step " << i;
				if (i % 10000 || !counts_are_exact())
					continue;
				for (size_t c = 0; c < sizes.size(); c++)
					ASSERT_EQ(listed(sizes[c]), model.in_use(caches[c]))
						<< sizes[c] << " bytes, step " << i;
			}
			const auto wrong = model.finish();

			ASSERT_FALSE(wrong) << *wrong;
		}
	});
}

// Both CPUs at random, and each frees objects of the other one.
TEST_F(Allocator, SurvivesTwoCpusAtOnce)
{
	std::mutex lock;
	std::vector<model::Model::Object> on_the_way;
	std::array<std::string, NATIVE_CPUS> said;

	machine::on_all([&](unsigned cpu) {
		model::Model model(caches, 10 + cpu);
		std::optional<std::string> wrong;

		for (unsigned i = 0; i < 100000 && !wrong; i++) {
			wrong = model.step();
			machine::poll();
			if (wrong || i % 4)
				continue;
			const auto object = model.give_away();
			model::Model::Object other{};

			{
				const std::lock_guard guard(lock);

				if (object)
					on_the_way.push_back(*object);
				if (on_the_way.size() > 100) {
					other = on_the_way.front();
					on_the_way.erase(on_the_way.begin());
				}
			}
			if (other.address)
				wrong = model.take_over(other);
		}
		if (!wrong)
			wrong = model.finish();
		said[cpu] = wrong.value_or("");
	});
	machine::on(0, [&] {
		for (const auto &object : on_the_way)
			native_kfree(object.address);
		if (!counts_are_exact())
			return;
		for (const unsigned size : sizes) {
			EXPECT_EQ(listed(size), 0) << size;
		}
	});
	for (const std::string &wrong : said)
		EXPECT_EQ(wrong, "");
}

} // namespace

int main(int argc, char **argv)
{
	machine::Settings settings;

	testing::InitGoogleTest(&argc, argv);
	settings.quiet = true;
	settings.nodes = 2;
	machine::boot(settings);
	const int status = RUN_ALL_TESTS();

	fflush(stdout);
	// The CPUs go on for ever: nothing is to be destroyed.
	_exit(status);
}
