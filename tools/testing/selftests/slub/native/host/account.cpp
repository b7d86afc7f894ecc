// SPDX-License-Identifier: GPL-2.0-only
#include "account.hpp"

#include <sstream>
#include <vector>

#include "machine.hpp"

namespace
{

// Objects in use, in all caches of /proc/slabinfo together, or 0 if there is none: stock SLUB
// without CONFIG_SLUB_DEBUG has none, nor has SLOB. Whatever else a line says, this comes first.
long listed()
{
	std::vector<char> text(1 << 16);
	std::istringstream lines(
		std::string(text.data(), native_slabinfo(text.data(), text.size())));
	long sum = 0;

	for (std::string line; std::getline(lines, line);) {
		std::istringstream words(line);
		std::string name;
		long objects;

		if (words >> name >> objects)
			sum += objects;
	}
	return sum;
}

} // namespace

Account::Account() : pages_before(machine::pages_held()), objects_before(listed())
{
}

double Account::pages() const
{
	return static_cast<double>(machine::pages_held()) - pages_before;
}

void Account::at(Result &result, const std::string &when, unsigned long objects, double bytes) const
{
	const long now = listed();

	result.memory["held, " + when] = pages() / (bytes / NATIVE_PAGE_SIZE);
	if (now)
		result.memory["parked, " + when] =
			now - objects_before - static_cast<long>(objects);
}

void Account::at_end(Result &result) const
{
	result.memory["pages, all freed"] = pages();
	machine::on(0, native_shrink_all);
	result.memory["pages, shrunk"] = pages();
}
