// SPDX-License-Identifier: GPL-2.0-only
// Is the allocator right? Each test drives the kernel's own object code. See check_*.cpp.
#include "check.hpp"

#include <unistd.h>

#include <array>
#include <cstdio>
#include <sstream>

namespace check
{

std::string boot_messages;

std::string slabinfo()
{
	static std::array<char, 65536> text;

	return std::string(text.data(), native_slabinfo(text.data(), text.size()));
}

std::string listed(const std::string &cache, unsigned column)
{
	std::istringstream lines(slabinfo());
	std::string line, word;

	while (std::getline(lines, line)) {
		std::istringstream words(line);

		if (words >> word && word == cache) {
			for (unsigned i = 0; i < column; i++)
				words >> word;
			return word;
		}
	}
	return "";
}

void expect_listed(const std::string &cache, unsigned column, const std::string &value)
{
	if (is_ours()) {
		EXPECT_EQ(listed(cache, column), value) << cache;
	}
}

bool is_ours()
{
	return slabinfo().rfind("slubinfo", 0) == 0;
}

void Machine::SetUp()
{
	machine::alone(machine::settle);
	machine::take_messages();
	pages = machine::pages_held();
}

void Machine::TearDown()
{
	native_pages_fail_after(~0UL);
	machine::alone(machine::settle);
	EXPECT_EQ(machine::pages_held(), pages) << "pages were lost";
	EXPECT_EQ(machine::take_messages(), "");
}

} // namespace check

int main(int argc, char **argv)
{
	machine::Settings settings;

	testing::InitGoogleTest(&argc, argv);
	settings.quiet = true;
	settings.nodes = 2;
	settings.memory = size_t{512} << 20;
	machine::boot(settings);
	check::boot_messages = machine::take_messages();
	const int status = RUN_ALL_TESTS();

	fflush(stdout);
	// The CPUs go on for ever: nothing is to be destroyed.
	_exit(status);
}
