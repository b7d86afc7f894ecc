// SPDX-License-Identifier: GPL-2.0-only
// Operations on the allocator that libFuzzer makes up: it sees what code they reach. The bytes of
// an input are the decisions of the model. Each input finds, and must leave, the machine as it was.
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <fmt/format.h>

#include "machine.hpp"
#include "model.hpp"

namespace
{

using model::Kind;

std::vector<model::Cache> caches;
unsigned long held;

class Bytes
{
public:
	Bytes(const unsigned char *next, size_t left) : next(next), left(left)
	{
	}

	bool over() const
	{
		return !left;
	}

	// As many bytes as the answer needs. When there are no more it is 0.
	unsigned below(unsigned limit)
	{
		unsigned value = 0;

		for (unsigned needed = limit - 1; needed && left; needed >>= 8, left--)
			value = value << 8 | *next++;
		return value % limit;
	}

private:
	const unsigned char *next;
	size_t left;
};

void demand(const model::Wrong &wrong)
{
	if (!wrong)
		return;
	fmt::print(stderr, "error: {}\n", *wrong);
	abort();
}

void start()
{
	for (const unsigned size : {8, 100, 256, 1024, 3000})
		caches.push_back(
			model::create(fmt::format("fuzz-{}", size), size, 1, Kind::constructed));
	caches.push_back(model::create("fuzz-rcu", 512, 1, Kind::by_rcu));
}

void run(Bytes &bytes)
{
	const model::Settings settings = {"own", true, true, caches.data(), caches.size()};
	model::Model model(settings, [&](unsigned limit) { return bytes.below(limit); });

	while (!bytes.over())
		demand(model.step());
	demand(model.finish());
	machine::settle();
	demand(model::complaint(machine::take_messages()));
	if (machine::pages_held() != held)
		demand(fmt::format("{} pages are held, {} were", machine::pages_held(), held));
}

} // namespace

extern "C" int LLVMFuzzerInitialize(int *, char ***)
{
	machine::Settings settings;

	settings.quiet = true;
	settings.nodes = 2;
	settings.memory = size_t{256} << 20;
	machine::boot(settings);
	machine::alone([] {
		start();
		machine::settle();
		held = machine::pages_held();
	});
	return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	Bytes bytes(data, size);

	machine::alone([&] { run(bytes); });
	return 0;
}
