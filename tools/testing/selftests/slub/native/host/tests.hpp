// SPDX-License-Identifier: GPL-2.0-only
// What is measured: tests by name, each of which gives some figures.
#ifndef SLUB_NATIVE_TESTS_HPP
#define SLUB_NATIVE_TESTS_HPP

#include <functional>
#include <map>
#include <string>

#include "result.hpp"

namespace tests
{

struct Test {
	bool quick;    // one of the few that tell the most
	bool on_cpu_0; // or it chooses its CPUs itself
	std::function<void(Result &)> run;
};

using Table = std::map<std::string, Test>;

// On a machine that is booted: all of them, by name.
const Table &all();

// Throws std::out_of_range if there is no such test.
Result run(const std::string &name);

// What a test is called: what it does, and to objects of how many bytes; 0 for many sizes.
std::string named(const std::string &what, unsigned size);

// Each adds those that its file has.
void add_floor(Table &table);
void add_lists(Table &table);
void add_caches(Table &table);
void add_live(Table &table);
void add_cpus(Table &table);

} // namespace tests

#endif
