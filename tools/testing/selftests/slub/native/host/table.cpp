// SPDX-License-Identifier: GPL-2.0-only
#include "table.hpp"

#include <x86intrin.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>

#include <fmt/format.h>
#include <fmt/ostream.h>

#include "statistics.hpp"

namespace table
{

namespace
{

using contest::Results;
using contest::Values;

constexpr int label_width = 42;

// "pair" says nothing that the test's name does not.
std::string label(const std::string &test, const std::string &figure)
{
	return figure == "pair" || figure == "object" ? test : test + ", " + figure;
}

// Of how few rounds a figure says little: the CPUs may have been near to each other in some only.
bool enough(const std::vector<double> &rounds)
{
	return statistics::present(rounds).size() >= std::min<size_t>(5, rounds.size());
}

bool is_round_trip(const std::string &figure)
{
	return figure.rfind("round trip", 0) == 0;
}

// The best of the others, by which each contestant is judged; 0 if there is no other.
double best_of_others(const Values &values, const std::string &name)
{
	double best = 0;

	for (const auto &[other, rounds] : values) {
		if (other == name || !enough(rounds))
			continue;
		const double value = statistics::median(rounds);

		best = best ? std::min(best, value) : value;
	}
	return best;
}

// "alloc, near" was counted as "alloc": instructions do not depend on the distance.
const Count *count_of(const Results &results, const std::string &test, const std::string &figure,
		      const std::string &name)
{
	const auto found_test = results.counts.find(test);

	if (found_test == results.counts.end())
		return nullptr;
	const auto found_figure = found_test->second.find(figure.substr(0, figure.find(',')));

	if (found_figure == found_test->second.end())
		return nullptr;
	const auto found = found_figure->second.find(name);

	return found == found_figure->second.end() ? nullptr : &found->second;
}

std::string cycles_cell(const Values &values, const std::string &name, const Count *count,
			double irq_cost, bool judged)
{
	const auto found = values.find(name);

	if (found == values.end())
		return std::string(29, ' ');
	const double median = statistics::median(found->second);
	const double best = best_of_others(values, name);

	if (!enough(found->second))
		return fmt::format("{:>10.1f}{:>11}r{:>7}", median,
				   statistics::present(found->second).size(), "");
	return fmt::format("{:>10.1f}{:>7}{:>4.0f}%{:>7}", median,
			   judged && best ? fmt::format("{:.2f}", median / best) : "",
			   100 * statistics::spread(found->second),
			   count && count->irqs > 0.05
				   ? fmt::format("{:.0f}", median + count->irqs * irq_cost)
				   : "");
}

// What is behind the last slash: bytes, or "mixed".
std::string size_of(const std::string &test)
{
	return test.substr(test.rfind('/') + 1);
}

struct Row {
	std::string label;
	std::map<std::string, double> ratios;
};

// All sizes of a test together; what is not of one size stays alone.
std::string group_of(const std::string &test, const std::string &figure)
{
	const std::string size = size_of(test);
	const bool one_size = std::all_of(size.begin(), size.end(), isdigit);

	return label(one_size ? test.substr(0, test.rfind('/')) : test, figure);
}

// A mean over sizes says nothing if one contestant's is of fewer sizes.
bool all_have_enough(const Values &values, const Results &results)
{
	return values.size() == results.contestants.size() &&
	       std::all_of(values.begin(), values.end(),
			   [](const auto &one) { return enough(one.second); });
}

std::vector<Row> summary(const Results &results, const std::string &reference)
{
	std::map<std::string, std::map<std::string, std::vector<double>>> logarithms;
	std::vector<Row> rows;

	for (const auto &[test, figures] : results.cycles) {
		for (const auto &[figure, values] : figures) {
			const auto base = values.find(reference);

			if (base == values.end() || is_round_trip(figure) ||
			    size_of(test) == "8192" || !all_have_enough(values, results))
				continue;
			for (const auto &[name, rounds] : values)
				logarithms[group_of(test, figure)][name].push_back(
					std::log(statistics::median(rounds) /
						 statistics::median(base->second)));
		}
	}
	for (const auto &[group, names] : logarithms) {
		Row row = {group, {}};

		for (const auto &[name, values] : names) {
			double sum = 0;

			for (const double value : values)
				sum += value;
			row.ratios[name] = std::exp(sum / values.size());
		}
		rows.push_back(row);
	}
	return rows;
}

bool all_zero(const Values &values)
{
	return std::all_of(values.begin(), values.end(),
			   [](const auto &one) { return statistics::median(one.second) == 0; });
}

void print_names(const Results &results, const std::string &title, int width)
{
	fmt::print("\n{:<{}}", title, label_width);
	for (const std::string &name : results.contestants)
		fmt::print("{:>{}}", name, width);
	fmt::print("\n");
}

} // namespace

void print_cycles(const Results &results, double irq_cost)
{
	print_names(results, "cycles of the time stamp counter", 29);
	fmt::print("{:<{}}", "for one operation", label_width);
	for (size_t i = 0; i < results.contestants.size(); i++)
		fmt::print("{:>10}{:>7}{:>5}{:>7}", "cycles", "/best", "+-", "irq");
	fmt::print("\n");
	for (const auto &[test, figures] : results.cycles) {
		for (const auto &[figure, values] : figures) {
			fmt::print("{:<{}}", label(test, figure), label_width);
			for (const std::string &name : results.contestants)
				fmt::print("{}", cycles_cell(values, name,
							     count_of(results, test, figure, name),
							     irq_cost, !is_round_trip(figure)));
			fmt::print("\n");
		}
	}
	fmt::print(
		"/best: over the best of the others. +-: between the quartiles of the rounds, over "
		"their median;\n3r: of three rounds only, of which nothing follows. irq: cycles "
		"with {} "
		"for each cli and sti, which\ncost nothing here. near, far: so the CPUs were to "
		"each "
		"other, by the round trip of a cache line.\n",
		irq_cost);
}

void print_counts(const Results &results)
{
	if (results.counts.empty())
		return;
	print_names(results, "for one operation", 29);
	fmt::print("{:<{}}", "", label_width);
	for (size_t i = 0; i < results.contestants.size(); i++)
		fmt::print("{:>11}{:>6}{:>6}{:>6}", "instr", "lock", "irq", "miss");
	fmt::print("\n");
	for (const auto &[test, figures] : results.counts) {
		for (const auto &[figure, counts] : figures) {
			fmt::print("{:<{}}", label(test, figure), label_width);
			for (const std::string &name : results.contestants) {
				const Count *count = count_of(results, test, figure, name);

				if (count)
					fmt::print("{:>11.1f}{:>6.1f}{:>6.1f}{:>6.1f}",
						   count->instructions, count->atomics, count->irqs,
						   count->misses);
				else
					fmt::print("{:>29}", "");
			}
			fmt::print("\n");
		}
	}
	fmt::print("lock: locked instructions, and cmpxchg16b whether locked or not. irq: cli and "
		   "sti. "
		   "miss: of a first\nlevel cache of data, 48 KiB in 12 ways, simulated. Of two "
		   "CPUs at once: "
		   "what one of them does.\n");
}

void print_memory(const Results &results)
{
	print_names(results, "memory", 14);
	for (const auto &[test, figures] : results.memory) {
		for (const auto &[figure, values] : figures) {
			if (all_zero(values))
				continue;
			fmt::print("{:<{}}", label(test, figure), label_width);
			for (const std::string &name : results.contestants) {
				const auto found = values.find(name);

				if (found == values.end())
					fmt::print("{:>14}", "");
				else
					fmt::print("{:>14.{}f}", statistics::median(found->second),
						   figure.rfind("held", 0) == 0 ? 2 : 0);
			}
			fmt::print("\n");
		}
	}
	fmt::print("held: pages over pages that the bytes in use need. parked: objects that nobody "
		   "has "
		   "and that\n/proc/slabinfo takes for used; stock SLUB has no such file here, and "
		   "no queues. "
		   "pages: those held\nbeside what was held before the test. Rows in which all "
		   "have 0 are left "
		   "out.\n");
}

void print_summary(const Results &results, const std::string &reference)
{
	const std::vector<Row> rows = summary(results, reference);

	if (rows.empty())
		return;
	print_names(results, "cycles over those of " + reference, 14);
	for (const Row &row : rows) {
		fmt::print("{:<{}}", row.label, label_width);
		for (const std::string &name : results.contestants) {
			const auto found = row.ratios.find(name);

			fmt::print("{:>14}", found == row.ratios.end()
						     ? ""
						     : fmt::format("{:.2f}", found->second));
		}
		fmt::print("\n");
	}
	fmt::print("Geometric means over the sizes up to 4096 bytes that were measured of all.\n");
}

// The least that two readings of the clock differ by, if they do.
unsigned long clock_step()
{
	unsigned long least = std::numeric_limits<unsigned long>::max(), last = __rdtsc();

	for (unsigned i = 0; i < 100000; i++) {
		const unsigned long now = __rdtsc();

		if (now != last)
			least = std::min(least, now - last);
		last = now;
	}
	return least;
}

void print_what_is_missing()
{
	fmt::print(
		"\nWhat is not in these figures: cli and sti, but for the column irq; interrupts; "
		"retpolines and\nother mitigations; a page allocator that has more to do than "
		"lists and "
		"a lock; accounting, tracing\nand debugging, which are off; misses of the address "
		"translation, since all memory is in huge pages;\nother CPUs than two, and neither "
		"idles nor sleeps. SLAB reaps, and CPUs give back what is idle, between\ntests "
		"only. "
		"struct page has 56 bytes with SLAB and SLOB of 6.1, 64 with SLUB, as memcg is "
		"off.\nThe clock goes in steps of {} cycles: of short tests many operations make a "
		"window, or the mean\nof the windows in the middle half is taken (cold).\n",
		clock_step());
}

void write_plot_data(const Results &results, const std::string &reference,
		     const std::string &directory)
{
	std::ofstream cycles(directory + "/cycles.tsv"), memory(directory + "/memory.tsv");

	fmt::print(cycles, "test");
	fmt::print(memory, "test");
	for (const std::string &name : results.contestants) {
		fmt::print(cycles, "\t{}", name);
		fmt::print(memory, "\t{}", name);
	}
	for (const Row &row : summary(results, reference)) {
		fmt::print(cycles, "\n\"{}\"", row.label);
		for (const std::string &name : results.contestants)
			fmt::print(cycles, "\t{:.3f}",
				   row.ratios.count(name) ? row.ratios.at(name) : NAN);
	}
	for (const auto &[test, figures] : results.memory) {
		for (const auto &[figure, values] : figures) {
			if (figure.rfind("held", 0) != 0 || test.rfind("list", 0) == 0)
				continue;
			fmt::print(memory, "\n\"{}\"", label(test, figure));
			for (const std::string &name : results.contestants)
				fmt::print(memory, "\t{:.3f}",
					   values.count(name) ? statistics::median(values.at(name))
							      : NAN);
		}
	}
	fmt::print(cycles, "\n");
	fmt::print(memory, "\n");
}

} // namespace table
