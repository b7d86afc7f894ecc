// SPDX-License-Identifier: GPL-2.0-only
// Results for people to read: tables, and the same as data for gnuplot.
#ifndef SLUB_NATIVE_TABLE_HPP
#define SLUB_NATIVE_TABLE_HPP

#include <string>

#include "contest.hpp"

namespace table
{

// @irq_cost: cycles that one cli or sti is credited with, in a column of its own.
void print_cycles(const contest::Results &results, double irq_cost);
void print_counts(const contest::Results &results);
void print_memory(const contest::Results &results);

// Geometric means over sizes up to 4096 bytes, as ratios to the contestant named @reference.
void print_summary(const contest::Results &results, const std::string &reference);

// What a kernel has and a process has not.
void print_what_is_missing();

// The summary, and what is held over what is needed: columns for gnuplot, in two files of
// @directory.
void write_plot_data(const contest::Results &results, const std::string &reference,
		     const std::string &directory);

} // namespace table

#endif
