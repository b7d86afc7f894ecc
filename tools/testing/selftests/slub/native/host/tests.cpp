// SPDX-License-Identifier: GPL-2.0-only
#include "tests.hpp"

#include "dice.hpp"
#include "machine.hpp"

namespace tests
{

const Table &all()
{
	static const Table table = [] {
		Table all;

		add_floor(all);
		add_lists(all);
		add_caches(all);
		add_live(all);
		add_cpus(all);
		return all;
	}();

	return table;
}

std::string named(const std::string &what, unsigned size)
{
	return what + "/" + (size ? std::to_string(size) : "mixed");
}

Result run(const std::string &name)
{
	const Test &test = all().at(name);
	Result result;

	// As if no test had been before.
	dice::start_anew();
	machine::on(0, native_shrink_all);
	native_pages_reset_peak();
	const unsigned long before = machine::pages_held();

	machine::keep_awake(true);
	if (test.on_cpu_0)
		machine::on(0, [&] { test.run(result); });
	else
		test.run(result);
	machine::keep_awake(false);
	struct native_pages pages;

	native_pages(&pages);
	result.memory["pages, at most"] = static_cast<double>(pages.peak) - before;
	machine::on(0, [] { native_run_later(true); });
	return result;
}

} // namespace tests
