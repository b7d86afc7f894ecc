// SPDX-License-Identifier: GPL-2.0-only
// A contestant: one allocator, linked in, on a machine of its own. It reads names of tests, a line
// each, and answers each with a line of JSON, so that several of them can take turns.
#include <unistd.h>

#include <exception>
#include <iostream>
#include <string>

#include <nlohmann/json.hpp>

#include "machine.hpp"
#include "tests.hpp"

namespace
{

nlohmann::json answer(const std::string &line)
{
	if (line == "names")
		return tests::names();
	try {
		return tests::run(line);
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
