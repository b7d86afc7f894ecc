// SPDX-License-Identifier: GPL-2.0-only
// What is measured: tests by name, each of which gives some figures.
#ifndef SLUB_NATIVE_TESTS_HPP
#define SLUB_NATIVE_TESTS_HPP

#include <map>
#include <string>
#include <vector>

namespace tests
{

// By name: "alloc" and "free" are in cycles of the time stamp counter per object, what begins with
// "held" is pages held over pages that the live objects need.
using Figures = std::map<std::string, double>;

std::vector<std::string> names();

// On a machine that is booted. Throws std::out_of_range if there is no such test.
Figures run(const std::string &name);

} // namespace tests

#endif
