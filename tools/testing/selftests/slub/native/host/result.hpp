// SPDX-License-Identifier: GPL-2.0-only
// What a test has to say.
#ifndef SLUB_NATIVE_RESULT_HPP
#define SLUB_NATIVE_RESULT_HPP

#include <map>
#include <string>

#include "count.hpp"

// By name. Cycles are of the time stamp counter, per object unless the name says otherwise. Memory
// is in what the name says: pages over pages, pages, or objects.
struct Result {
	std::map<std::string, double> cycles;
	std::map<std::string, double> memory;
	std::map<std::string, Count> counts; // for one operation
};

#endif
