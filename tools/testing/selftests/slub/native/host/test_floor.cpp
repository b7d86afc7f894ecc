// SPDX-License-Identifier: GPL-2.0-only
// What no allocator can do without, on its own: what is below is out of reach.
#include "meter.hpp"
#include "tests.hpp"

#include "../kernel/host.h"

namespace tests
{

namespace
{

void floor_of(Result &result, void (*loop)(unsigned long count))
{
	constexpr unsigned long count = 10000;
	meter::Meter pair("pair");

	for (unsigned i = 0; i < meter::windows(); i++)
		pair.measure(count, [&] { loop(count); });
	pair.report(result);
}

} // namespace

void add_floor(Table &table)
{
	const auto add = [&](const std::string &what, void (*loop)(unsigned long count)) {
		table["floor/" + what] = {true, true, [=](Result &result) {
						  floor_of(result, loop);
					  }};
	};

	add("list", native_floor_list);
	add("cmpxchg16b", native_floor_cmpxchg16b);
	add("cmpxchg16b-locked", native_floor_cmpxchg16b_locked);
	add("pushf-popf", native_floor_pushf_popf);
	add("spin-lock-irqsave", native_floor_spin_lock);
}

} // namespace tests
