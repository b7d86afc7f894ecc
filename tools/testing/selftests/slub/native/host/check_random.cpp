// SPDX-License-Identifier: GPL-2.0-only
// Random operations beside a model of what must come of them. SEED= and STEPS= in the environment
// replay a failure, whose message names them.
#include <array>
#include <cstdlib>
#include <mutex>

#include <fmt/format.h>

#include "check.hpp"
#include "model.hpp"

namespace
{

using check::listed;
using model::Kind;
using model::Model;

unsigned setting(const char *name, unsigned otherwise)
{
	const char *text = getenv(name);

	return text ? strtoul(text, nullptr, 0) : otherwise;
}

// The seeds of a test: those from @first on, or the one that was asked for.
std::vector<unsigned> seeds(unsigned first, unsigned count)
{
	std::vector<unsigned> all;

	if (getenv("SEED"))
		return {setting("SEED", 0)};
	for (unsigned i = 0; i < count; i++)
		all.push_back(first + i);
	return all;
}

class Random : public check::Machine
{
protected:
	void SetUp() override
	{
		Machine::SetUp();
		machine::alone([this] {
			for (const unsigned size : {8, 24, 64, 192, 256, 1000, 2048, 4096, 8192})
				add(size, Kind::constructed);
			for (const unsigned size : {40, 512, 3000})
				add(size, Kind::by_rcu);
		});
	}

	void TearDown() override
	{
		machine::alone([this] {
			for (const model::Cache &cache : caches) {
				EXPECT_EQ(native_cache_shrink(cache.cache), 0) << name(cache);
				check::expect_listed(name(cache), objects, "0");
				check::expect_listed(name(cache), slabs, "0/0/0");
				native_cache_destroy(cache.cache);
			}
		});
		Machine::TearDown();
	}

	void add(size_t size, Kind kind)
	{
		caches.push_back({nullptr, size, 1, kind});
		caches.back() = model::create(name(caches.back()), size, 1, kind);
	}

	static std::string name(const model::Cache &cache)
	{
		return fmt::format("check-{}", cache.size);
	}

	model::Settings settings(const std::string &name, bool alone, bool pages_fail) const
	{
		return {name, alone, pages_fail, caches.data(), caches.size()};
	}

	// What is listed of a cache is what the model has of it; its slabs have room for that.
	void compare(const Model &model) const
	{
		for (const model::Cache &cache : caches) {
			const size_t count = model.in_use(cache.cache);
			const auto number = [&](unsigned column) {
				return std::stoul(listed(name(cache), column));
			};

			ASSERT_EQ(number(objects), count) << name(cache);
			ASSERT_GE(number(slabs) * 4096 << number(order), count * number(objsize))
				<< name(cache);
		}
	}

	void run(unsigned seed, bool pages_fail) const
	{
		Model model(settings("own", true, pages_fail), model::seeded(seed));

		for (unsigned i = 0; i < steps; i++) {
			const auto wrong = model.step();

			ASSERT_FALSE(wrong) << *wrong << ", step " << i;
			if (i % 5000 == 0 && check::is_ours())
				compare(model);
			if (HasFatalFailure())
				FAIL() << "step " << i;
		}
		const auto wrong = model.finish();

		ASSERT_FALSE(wrong) << *wrong << ", at the end";
	}

	// Columns of /proc/slabinfo behind the name.
	static constexpr unsigned objects = 1, order = 2, objsize = 3, slabs = 4;

	const unsigned steps = setting("STEPS", 50000);
	std::vector<model::Cache> caches;
};

TEST_F(Random, OperationsLeaveObjectsAlone)
{
	for (const unsigned seed : seeds(1, 3)) {
		SCOPED_TRACE(fmt::format("SEED={} STEPS={}", seed, steps));
		machine::alone([&] { run(seed, false); });
	}
}

TEST_F(Random, OperationsSurviveLackOfPages)
{
	for (const unsigned seed : seeds(101, 3)) {
		SCOPED_TRACE(fmt::format("SEED={} STEPS={}", seed, steps));
		machine::alone([&] { run(seed, true); });
	}
	const auto wrong = model::complaint(machine::take_messages());

	EXPECT_FALSE(wrong) << *wrong;
}

// Objects on their way from one CPU to the other.
class Exchange
{
public:
	Model::Object swap(const Model::Object &object)
	{
		const std::lock_guard guard(lock);
		Model::Object other{};

		if (object.address)
			objects.push_back(object);
		if (objects.size() > 100) {
			other = objects.front();
			objects.erase(objects.begin());
		}
		return other;
	}

	std::vector<Model::Object> objects;

private:
	std::mutex lock;
};

model::Wrong work(Model &model, Exchange &exchange, unsigned steps)
{
	model::Wrong wrong;

	for (unsigned i = 0; i < steps && !wrong; i++) {
		Model::Object object{};

		wrong = model.step();
		machine::poll();
		if (wrong || i % 4)
			continue;
		wrong = model.give_away(object);
		if (!wrong)
			object = exchange.swap(object);
		if (!wrong && object.address)
			wrong = model.take_over(object);
	}
	return wrong ? wrong : model.finish();
}

class TwoCpus : public Random
{
protected:
	// Each CPU at random, and each frees objects of the other one.
	void run_both(unsigned seed, bool pages_fail) const
	{
		std::array<model::Wrong, NATIVE_CPUS> wrong;
		Exchange exchange;

		machine::on_all([&](unsigned cpu) {
			Model model(settings(fmt::format("own-{}", cpu), false, pages_fail),
				    model::seeded(2 * seed + cpu));

			wrong[cpu] = work(model, exchange, steps);
		});
		native_pages_fail_after(~0UL);
		machine::alone([&] {
			for (const auto &object : exchange.objects)
				native_kfree(object.address);
			if (check::is_ours())
				compare(Model(settings("", true, false), model::seeded(0)));
		});
		for (unsigned cpu = 0; cpu < NATIVE_CPUS; cpu++)
			EXPECT_FALSE(wrong[cpu]) << *wrong[cpu] << ", CPU " << cpu;
	}
};

TEST_F(TwoCpus, AtOnceLeaveObjectsAlone)
{
	SCOPED_TRACE(fmt::format("SEED={} STEPS={}", seeds(10, 1)[0], steps));
	run_both(seeds(10, 1)[0], false);
}

TEST_F(TwoCpus, AtOnceSurviveLackOfPages)
{
	SCOPED_TRACE(fmt::format("SEED={} STEPS={}", seeds(11, 1)[0], steps));
	run_both(seeds(11, 1)[0], true);
	const auto wrong = model::complaint(machine::take_messages());

	EXPECT_FALSE(wrong) << *wrong;
}

} // namespace
