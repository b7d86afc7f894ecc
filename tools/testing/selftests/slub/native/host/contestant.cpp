// SPDX-License-Identifier: GPL-2.0-only
// A contestant: one allocator, linked in, on a machine of its own; its parameters are the kernel's
// command line. It reads names of tests, or "replay FILE", a line each, and answers each with a
// line of JSON, so that several of them can take turns. "names" is answered with all names; each is
// true if the test belongs to the quick ones.
#include <unistd.h>

#include <exception>
#include <iostream>
#include <string>

#include <nlohmann/json.hpp>

#include "../kernel/host.h"
#include "count_json.hpp"
#include "machine.hpp"
#include "player.hpp"
#include "tests.hpp"
#include "trace.hpp"

namespace
{

const std::string replay = "replay ";

// The size of a cache's objects, and how many pages its slabs have. With stock SLUB that depends on
// the number of CPUs, and is part of what is compared.
nlohmann::json slabs()
{
	nlohmann::json slabs;

	machine::on(0, [&] {
		for (const unsigned size : {8, 64, 256, 1024, 4096, 8192}) {
			kmem_cache *cache = native_cache_create("slabs", size, 0, 0, nullptr);
			void *x = native_cache_alloc(cache, false);

			slabs.push_back({size, native_slab_pages(x, size)});
			native_cache_free(cache, x);
			native_cache_destroy(cache);
		}
	});
	return slabs;
}

nlohmann::json answer(const std::string &line)
{
	if (line == "names") {
		nlohmann::json quick;

		for (const auto &[name, test] : tests::all())
			quick[name] = test.quick;
		return quick;
	}
	if (line == "slabs")
		return slabs();
	try {
		if (line.rfind(replay, 0) == 0)
			return player::play(trace::read(line.substr(replay.size())));
		machine::take_messages();
		const Result result = tests::run(line);
		const std::string messages = machine::take_messages();

		if (!messages.empty())
			return {{"error", line + ": the kernel says: " + messages}};
		return {{"cycles", result.cycles},
			{"memory", result.memory},
			{"counts", result.counts}};
	} catch (const std::out_of_range &) {
		return {{"error", "no test '" + line + "'"}};
	} catch (const std::runtime_error &error) {
		return {{"error", error.what()}};
	}
}

} // namespace

int main(int argc, char **argv)
{
	machine::Settings settings;
	std::string line;

	settings.quiet = true;
	for (int i = 1; i < argc; i++)
		settings.command_line += std::string(i > 1 ? " " : "") + argv[i];
	machine::boot(settings);
	while (std::getline(std::cin, line))
		std::cout << answer(line) << std::endl;
	// The CPUs go on for ever: nothing is to be destroyed.
	std::cout.flush();
	_exit(0);
}
