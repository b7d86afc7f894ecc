// SPDX-License-Identifier: GPL-2.0-only
// All contestants side by side: they run each test by turns, round by round, in processes of their
// own, so that what the host does meanwhile befalls all of them alike. Medians over the rounds.
#include <unistd.h>

#include <ctime>
#include <fstream>
#include <map>
#include <regex>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "process.hpp"
#include "statistics.hpp"

namespace
{

using nlohmann::json;

struct Contestant {
	std::string name;
	Process process;
};

// Of each test, figure and contestant: what each round gave.
using Rounds =
	std::map<std::string, std::map<std::string, std::map<std::string, std::vector<double>>>>;

json ask(Contestant &contestant, const std::string &line)
{
	const json answer = json::parse(contestant.process.ask(line));

	if (answer.contains("error"))
		throw std::runtime_error(contestant.name + ": " +
					 answer["error"].get<std::string>());
	return answer;
}

std::vector<std::string> chosen_tests(Contestant &one, const std::string &expression)
{
	const std::regex wanted(expression);
	std::vector<std::string> chosen;

	for (const json &name : ask(one, "names"))
		if (std::regex_search(name.get<std::string>(), wanted))
			chosen.push_back(name);
	if (chosen.empty())
		throw std::runtime_error("no test matches '" + expression + "'");
	return chosen;
}

// Each round begins with another contestant: none is always the one behind the slowest.
Rounds run(std::vector<Contestant> &contestants, const std::vector<std::string> &tests,
	   unsigned rounds)
{
	Rounds results;

	for (unsigned round = 0; round < rounds; round++) {
		for (const std::string &test : tests) {
			for (size_t i = 0; i < contestants.size(); i++) {
				Contestant &one = contestants[(round + i) % contestants.size()];
				const json answer = ask(one, test);

				for (const auto &[figure, value] : answer.items())
					results[test][figure][one.name].push_back(value);
			}
			if (isatty(2))
				fmt::print(stderr, "\r\033[Kround {} of {}: {}", round + 1, rounds,
					   test);
		}
	}
	if (isatty(2))
		fmt::print(stderr, "\r\033[K");
	return results;
}

// The best of the others, by which the first contestant is judged in each row.
double best_of_others(const std::map<std::string, double> &medians, const std::string &name)
{
	double best = 0;

	for (const auto &[other, value] : medians)
		if (other != name && (best == 0 || value < best))
			best = value;
	return best;
}

bool is_time(const std::string &figure)
{
	return figure.rfind("held", 0) != 0;
}

void print_table(const Rounds &results, const std::vector<Contestant> &contestants)
{
	fmt::print("{:<34}", "cycles per object, or pages");
	for (const Contestant &one : contestants)
		fmt::print("{:>20}", one.name);
	fmt::print("{:>12}\n", "spread");
	for (const auto &[test, figures] : results) {
		for (const auto &[figure, by_name] : figures) {
			std::map<std::string, double> medians;
			double spread = 0;

			for (const auto &[name, values] : by_name) {
				medians[name] = statistics::median(values);
				spread = std::max(spread, statistics::spread(values));
			}
			fmt::print("{:<34}", test + (figure == "pair" ? "" : ", " + figure));
			for (const Contestant &one : contestants) {
				const double best = best_of_others(medians, one.name);

				fmt::print("{:>10.{}f}{:>10}", medians[one.name],
					   is_time(figure) ? 1 : 2,
					   best ? fmt::format("({:.2f})", medians[one.name] / best)
						: "");
			}
			fmt::print("{:>11.0f}%\n", 100 * spread);
		}
	}
}

std::string today()
{
	const time_t now = time(nullptr);
	char text[32];

	strftime(text, sizeof(text), "%F %H:%M", gmtime(&now));
	return text;
}

void write_json(const std::string &file, const Rounds &results, const std::string &command,
		const std::map<std::string, std::string> &about)
{
	json all = {{"command", command}, {"date", today()}, {"results", results}};

	for (const auto &[key, value] : about)
		all[key] = value;
	std::ofstream(file) << all.dump(1) << "\n";
}

int compare(int argc, char **argv)
{
	CLI::App app("Compare allocators of the kernel at native speed");
	std::string expression = ".", file, command;
	std::vector<std::string> programs;
	std::map<std::string, std::string> about;
	std::vector<std::string> facts;
	unsigned rounds = 11;

	app.add_option("contestants", programs, "NAME=PROGRAM, the one that is judged first")
		->required();
	app.add_option("--tests", expression, "only tests whose names match this expression");
	app.add_option("--rounds", rounds, "how often each test is run")
		->check(CLI::Range(1, 1000));
	app.add_option("--json", file, "where to write all that was measured");
	app.add_option("--command", command, "what the user has typed, for that file");
	app.add_option("--about", facts, "KEY=VALUE, for that file");
	CLI11_PARSE(app, argc, argv);

	std::vector<Contestant> contestants;

	for (const std::string &one : programs) {
		const size_t equals = one.find('=');

		if (equals == std::string::npos)
			throw std::runtime_error("'" + one + "' is not NAME=PROGRAM");
		contestants.push_back({one.substr(0, equals), Process(one.substr(equals + 1))});
	}
	for (const std::string &fact : facts)
		about[fact.substr(0, fact.find('='))] = fact.substr(fact.find('=') + 1);

	const Rounds results = run(contestants, chosen_tests(contestants[0], expression), rounds);

	print_table(results, contestants);
	if (!file.empty())
		write_json(file, results, command, about);
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
