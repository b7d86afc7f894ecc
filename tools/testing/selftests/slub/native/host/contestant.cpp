// SPDX-License-Identifier: GPL-2.0-only
// A contestant: one allocator, linked in, on a machine of its own. It reads names of tests, a line
// each, and answers each with a line of JSON, so that several of them can take turns. "names" is
// answered with all names; each is true if the test belongs to the quick ones.
#include <unistd.h>

#include <exception>
#include <iostream>
#include <string>

#include <nlohmann/json.hpp>

#include "machine.hpp"
#include "tests.hpp"

namespace
{

nlohmann::json counts_of(const Result &result)
{
	nlohmann::json all = nlohmann::json::object();

	for (const auto &[figure, count] : result.counts)
		all[figure] = {{"instructions", count.instructions},
			       {"atomics", count.atomics},
			       {"irqs", count.irqs},
			       {"misses", count.misses}};
	return all;
}

nlohmann::json answer(const std::string &line)
{
	if (line == "names") {
		nlohmann::json quick;

		for (const auto &[name, test] : tests::all())
			quick[name] = test.quick;
		return quick;
	}
	try {
		machine::take_messages();
		const Result result = tests::run(line);
		const std::string messages = machine::take_messages();

		if (!messages.empty())
			return {{"error", line + ": the kernel says: " + messages}};
		return {{"cycles", result.cycles},
			{"memory", result.memory},
			{"counts", counts_of(result)}};
	} catch (const std::out_of_range &) {
		return {{"error", "no test '" + line + "'"}};
	}
}

} // namespace

int main()
{
	machine::Settings settings;
	std::string line;

	settings.quiet = true;
	machine::boot(settings);
	while (std::getline(std::cin, line))
		std::cout << answer(line) << std::endl;
	// The CPUs go on for ever: nothing is to be destroyed.
	std::cout.flush();
	_exit(0);
}
