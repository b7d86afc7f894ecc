// SPDX-License-Identifier: GPL-2.0-only
// Counts as JSON, of a contestant, of the contest, and in the file of all results.
#ifndef SLUB_NATIVE_COUNT_JSON_HPP
#define SLUB_NATIVE_COUNT_JSON_HPP

#include <nlohmann/json.hpp>

#include "count.hpp"

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Count, instructions, atomics, irqs, misses)

#endif
