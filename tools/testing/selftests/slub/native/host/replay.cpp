// SPDX-License-Identifier: GPL-2.0-only
// Traces through all contestants, with caches merged and not, round by round. Each time it is a new
// process, so that nothing is left of the time before.
#include <filesystem>
#include <fstream>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "contest.hpp"
#include "process.hpp"
#include "statistics.hpp"

namespace
{

using contest::Contestant;
using nlohmann::json;

const std::vector<std::string> modes = {"merge", "nomerge"};
const std::vector<std::string> figures = {
	"held/live, mean", "held/live, peaks", "held/live, end",   "held/live, end shrunk",
	"cycles/event",    "pages when freed", "pages when shrunk"};

// What one contestant has answered in one mode, a round each.
using Answers = std::vector<json>;
// By mode and contestant.
using Results = std::map<std::string, std::map<std::string, Answers>>;

json replay(const Contestant &contestant, const std::string &mode, const std::string &file)
{
	Process process({contestant.program, "slab_" + mode});

	return contest::ask(process, contestant.name, "replay " + file);
}

double sum(const std::vector<double> &values)
{
	return std::accumulate(values.begin(), values.end(), 0.0);
}

// The trace is in parts, the same in all rounds. The host disturbs some of them, others each time:
// the median of each part, and then their sum.
double cycles_per_event(const Answers &answers)
{
	const std::vector<double> events = answers[0]["samples"]["events"];
	double cycles = 0;

	for (size_t part = 0; part < events.size(); part++) {
		std::vector<double> of_part;

		for (const json &answer : answers)
			of_part.push_back(answer["samples"]["cycles"][part]);
		cycles += statistics::median(of_part);
	}
	return cycles / sum(events);
}

// Of one round. The mean is over the samples, between which there are equally many events.
double held_over_live(const json &answer, const std::string &when)
{
	const std::vector<double> held = answer["samples"]["held"],
				  live = answer["samples"]["live"];

	if (when == "mean")
		return sum(held) / sum(live);
	if (when == "end")
		return live.back() ? held.back() / live.back() : 0;
	if (when == "end shrunk")
		return live.back() ? answer["bytes"]["end shrunk"].get<double>() / live.back() : 0;
	return answer["bytes"]["peak held"].get<double>() /
	       answer["bytes"]["peak live"].get<double>();
}

std::vector<double> of_rounds(const Answers &answers, const std::string &figure)
{
	std::vector<double> values;

	for (const json &answer : answers) {
		if (figure == "cycles/event")
			values.push_back(sum(answer["samples"]["cycles"]) /
					 sum(answer["samples"]["events"]));
		else if (figure.rfind("pages when ", 0) == 0)
			values.push_back(answer["pages"][figure.substr(11)]);
		else
			values.push_back(held_over_live(answer, figure.substr(11)));
	}
	return values;
}

double value_of(const Answers &answers, const std::string &figure)
{
	if (figure == "cycles/event")
		return cycles_per_event(answers);
	return statistics::median(of_rounds(answers, figure));
}

std::string name_of(const std::string &file)
{
	const std::string name = std::filesystem::path(file).filename();

	return name.substr(0, name.find('.'));
}

void print_heading(const std::vector<Contestant> &contestants)
{
	fmt::print("{:<40}", "trace, caches, figure");
	for (const Contestant &one : contestants)
		fmt::print("{:>20}", one.name);
	fmt::print("{:>10}\n", "spread");
}

// Behind each figure its ratio to the best of the others.
void print_row(const std::string &label, const std::string &figure,
	       const std::map<std::string, Answers> &by_name,
	       const std::vector<Contestant> &contestants)
{
	std::map<std::string, double> values;
	double spread = 0;

	for (const auto &[name, answers] : by_name) {
		values[name] = value_of(answers, figure);
		spread = std::max(spread, statistics::spread(of_rounds(answers, figure)));
	}
	fmt::print("{:<40}", label);
	for (const Contestant &one : contestants) {
		double best = 0;

		for (const auto &[name, value] : values)
			if (name != one.name && (!best || value < best))
				best = value;
		const double mine = values.at(one.name);
		const bool fine = figure.rfind("held", 0) == 0;

		fmt::print("{:>11.{}f}{:>9}", mine, fine ? 3 : 0,
			   fine || figure == "cycles/event"
				   ? best ? fmt::format("({:.2f})", mine / best) : ""
				   : "");
	}
	fmt::print("{:>9.1f}%\n", 100 * spread);
}

void print_rows(const std::string &name, const Results &results,
		const std::vector<Contestant> &contestants)
{
	for (const std::string &figure : figures)
		for (const std::string &mode : modes)
			print_row(fmt::format("{} {}, {}", name, mode, figure), figure,
				  results.at(mode), contestants);
}

// A column for the time, one for live megabytes, one for those held by each contestant and mode.
// The last round is as good as any.
void write_samples(const std::string &file, const Results &results,
		   const std::vector<Contestant> &contestants)
{
	const json &first = results.begin()->second.begin()->second.back()["samples"];
	std::ofstream out(file);

	out << "seconds live";
	for (const Contestant &one : contestants)
		for (const std::string &mode : modes)
			out << fmt::format(" \"{}, {}\"", one.name, mode);
	for (size_t i = 0; i < first["time"].size(); i++) {
		out << fmt::format("\n{:.6f} {:.4f}", first["time"][i].get<double>(),
				   first["live"][i].get<double>() / (1 << 20));
		for (const Contestant &one : contestants)
			for (const std::string &mode : modes)
				out << fmt::format(" {:.4f}",
						   results.at(mode).at(one.name)
								   .back()["samples"]["held"][i]
								   .get<double>() /
							   (1 << 20));
	}
	out << "\n";
}

json raw(const Results &results)
{
	json all;

	for (const auto &[mode, by_name] : results)
		for (const auto &[name, answers] : by_name)
			for (const std::string &figure : figures) {
				json &place = all[mode][name][figure];

				place["rounds"] = of_rounds(answers, figure);
				place["value"] = value_of(answers, figure);
			}
	return all;
}

// Each round begins with another contestant: none is always the one behind the slowest.
Results run(const std::vector<Contestant> &contestants, const std::string &file, unsigned rounds)
{
	Results results;

	for (unsigned round = 0; round < rounds; round++)
		for (const std::string &mode : modes)
			for (size_t i = 0; i < contestants.size(); i++) {
				const Contestant &one =
					contestants[(round + i) % contestants.size()];

				contest::show(fmt::format("{}, round {} of {}: {} {}",
							  name_of(file), round + 1, rounds,
							  one.name, mode));
				results[mode][one.name].push_back(replay(one, mode, file));
			}
	contest::show("");
	return results;
}

int compare(int argc, char **argv)
{
	CLI::App app("Replay traces through allocators of the kernel");
	std::string directory, command;
	std::vector<std::string> programs, traces, facts;
	unsigned rounds = 5;

	app.add_option("contestants", programs, "NAME=PROGRAM, the one that is judged first")
		->required();
	app.add_option("--traces", traces, "the traces")->required();
	app.add_option("--rounds", rounds, "how often each is replayed")
		->check(CLI::PositiveNumber);
	app.add_option("--out", directory, "where to write all.json, and samples of each trace")
		->required();
	app.add_option("--command", command, "what the user has typed, for that file");
	app.add_option("--about", facts, "KEY=VALUE, for that file");
	CLI11_PARSE(app, argc, argv);

	const std::vector<Contestant> contestants = contest::parse(programs);
	json all = contest::about(command, facts);

	print_heading(contestants);
	for (const std::string &file : traces) {
		const Results results = run(contestants, file, rounds);

		print_rows(name_of(file), results, contestants);
		write_samples(directory + "/" + name_of(file) + ".dat", results, contestants);
		all["results"][name_of(file)] = raw(results);
	}
	std::ofstream(directory + "/all.json") << all.dump(1) << "\n";
	return 0;
}

} // namespace

int main(int argc, char **argv)
{
	try {
		return compare(argc, argv);
	} catch (const std::exception &error) {
		fmt::print(stderr, "error: {}\n", error.what());
		return 1;
	}
}
