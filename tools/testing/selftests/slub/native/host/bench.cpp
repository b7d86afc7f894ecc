// SPDX-License-Identifier: GPL-2.0-only
// All contestants side by side: what they take and hold, in tables, and in a file of all that was
// measured.
//
// Google Benchmark is not in it: it repeats one program until that is steady, and reports on it.
// Here several programs take turns of less than a millisecond, since the machine is never steady.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <regex>
#include <stdexcept>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "contest.hpp"
#include "count_json.hpp"
#include "table.hpp"

namespace
{

using nlohmann::json;

struct Options {
	std::vector<std::string> contestants, facts;
	std::string tests = ".", json_file, directory = ".", plugin, command;
	std::string reference = "stock-slub";
	unsigned rounds = 11;
	bool quick = false;
	double irq_cost = 3.5; // 7 cycles for both: the kernel's commit fbd02630c6e3
};

// Five digits are more than any of it is worth. Where a round gave nothing is null.
json rounded(const contest::Rounds &rounds)
{
	json all;

	for (const auto &[test, figures] : rounds)
		for (const auto &[figure, values] : figures)
			for (const auto &[name, numbers] : values)
				for (const double number : numbers)
					all[test][figure][name].push_back(
						std::isnan(number) ? json()
								   : json(std::stod(fmt::format(
									     "{:.5g}", number))));
	return all;
}

// A line for each key of the first level, and for each test.
void write_json(const Options &options, const contest::Results &results)
{
	json head = contest::about(options.command, options.facts);
	std::ofstream file(options.json_file);

	head["rounds"] = options.rounds;
	head["seconds"] = results.seconds;
	head["cycles for each cli and sti"] = options.irq_cost;
	file << "{";
	for (const auto &[key, value] : head.items())
		file << json(key) << ": " << value << ",\n";
	const json cycles = rounded(results.cycles), memory = rounded(results.memory),
		   counts = results.counts;
	const char *separator = "";

	for (const auto &[name, section] :
	     {std::pair{"cycles", &cycles}, {"memory", &memory}, {"counts", &counts}}) {
		file << separator << json(name) << ": {";
		separator = "";
		for (const auto &[test, values] : section->items()) {
			file << separator << "\n" << json(test) << ": " << values;
			separator = ",";
		}
		file << "}";
		separator = ",\n";
	}
	file << "}\n";
	if (!file.flush())
		throw std::runtime_error("cannot write " + options.json_file);
}

int compare(int argc, char **argv)
{
	CLI::App app("Compare allocators of the kernel at native speed");
	Options options;

	app.add_option("--contestant,contestants", options.contestants,
		       "NAME=PROGRAM, the one that is judged first")
		->required();
	app.add_option("--tests", options.tests, "only tests whose names match this expression");
	app.add_option("--rounds", options.rounds, "how often each test is run")
		->check(CLI::Range(1, 1000));
	app.add_flag("--quick", options.quick, "only the tests that tell the most");
	app.add_option("--irq-cost", options.irq_cost,
		       "cycles that each cli and sti is credited with in a column of its own");
	app.add_option("--reference", options.reference,
		       "the contestant that the summary compares to");
	app.add_option("--json", options.json_file, "where to write all that was measured");
	app.add_option("--directory", options.directory, "where data for plots go");
	app.add_option("--plugin", options.plugin,
		       "for QEMU: it counts instructions; without it nothing is counted");
	app.add_option("--command", options.command, "what the user has typed, for that file");
	app.add_option("--about", options.facts, "KEY=VALUE, for that file");
	CLI11_PARSE(app, argc, argv);

	const auto contestants = contest::parse(options.contestants);
	const auto tests = contest::choose(contestants[0], options.tests, options.quick);
	const auto begin = std::chrono::steady_clock::now();
	contest::Results results;

	contest::measure(results, contestants, tests, options.rounds);
	// Should anything happen while it counts, what was measured is there.
	if (!options.json_file.empty())
		write_json(options, results);
	if (!options.plugin.empty())
		contest::count(results, contestants, tests, options.plugin);
	results.seconds = std::chrono::duration_cast<std::chrono::seconds>(
				  std::chrono::steady_clock::now() - begin)
				  .count();
	// If it does not take part, whoever is judged first.
	const bool takes_part = std::count(results.contestants.begin(), results.contestants.end(),
					   options.reference);
	const std::string reference = takes_part ? options.reference : results.contestants[0];

	if (!options.json_file.empty())
		write_json(options, results);
	table::print_cycles(results, options.irq_cost);
	table::print_counts(results);
	table::print_memory(results);
	table::print_summary(results, reference);
	table::print_what_is_missing();
	fmt::print("{}, {} rounds, {} s\n", contest::today(), options.rounds, results.seconds);
	table::write_plot_data(results, reference, options.directory);
	return 0;
}

} // namespace

int main(int argc, char **argv)
{
	try {
		return compare(argc, argv);
	} catch (const std::regex_error &error) {
		fmt::print(stderr, "error: TESTS= is not a regular expression: {}\n", error.what());
		return 1;
	} catch (const std::exception &error) {
		fmt::print(stderr, "error: {}\n", error.what());
		return 1;
	}
}
