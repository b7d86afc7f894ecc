// SPDX-License-Identifier: GPL-2.0-only
#include "contest.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <numeric>
#include <random>
#include <regex>
#include <stdexcept>

#include "count_json.hpp"
#include "process.hpp"
#include <fmt/format.h>

namespace contest
{

using nlohmann::json;

namespace
{

void note(std::map<std::string, Values> &figures, const std::string &name, unsigned round,
	  const json &values)
{
	for (const auto &[figure, value] : values.items()) {
		std::vector<double> &rounds = figures[figure][name];

		rounds.resize(round, NAN);
		rounds.push_back(value);
	}
}

void complete(Rounds &all, unsigned rounds)
{
	for (auto &[test, figures] : all)
		for (auto &[figure, values] : figures)
			for (auto &[name, numbers] : values)
				numbers.resize(rounds, NAN);
}

} // namespace

std::vector<Contestant> parse(const std::vector<std::string> &programs)
{
	std::vector<Contestant> contestants;

	for (const std::string &one : programs) {
		const size_t equals = one.find('=');

		if (equals == std::string::npos)
			throw std::runtime_error("'" + one + "' is not NAME=PROGRAM");
		contestants.push_back({one.substr(0, equals), one.substr(equals + 1)});
	}
	return contestants;
}

json ask(Process &process, const std::string &name, const std::string &line)
{
	const json answer = json::parse(process.ask(line));

	if (answer.contains("error"))
		throw std::runtime_error(name + ": " + answer["error"].get<std::string>());
	return answer;
}

std::string today()
{
	const time_t now = time(nullptr);
	char text[32];

	strftime(text, sizeof(text), "%F %H:%M", gmtime(&now));
	return text;
}

json about(const std::string &command, const std::vector<std::string> &facts)
{
	json head = {{"command", command}, {"date", today()}};

	for (const std::string &fact : facts)
		head[fact.substr(0, fact.find('='))] = fact.substr(fact.find('=') + 1);
	return head;
}

void show(const std::string &line)
{
	if (isatty(2))
		fmt::print(stderr, "\r\033[K{}", line);
}

std::vector<std::string> choose(const Contestant &one, const std::string &expression, bool quick)
{
	const std::regex wanted(expression);
	Process process({one.program});
	const json names = ask(process, one.name, "names");
	std::vector<std::string> chosen;

	for (const auto &[name, is_quick] : names.items())
		if (std::regex_search(name, wanted) && (is_quick || !quick))
			chosen.push_back(name);
	if (chosen.empty())
		throw std::runtime_error("no test matches TESTS='" + expression +
					 "'; 'make bench MODE=full' names them all");
	return chosen;
}

// In each round the processes are new, and lie elsewhere in the host's memory; and they take their
// turns in another order for each test.
void measure(Results &results, const std::vector<Contestant> &contestants,
	     const std::vector<std::string> &tests, unsigned rounds)
{
	std::mt19937 dice(20261122);
	std::vector<size_t> turns(contestants.size());

	std::iota(turns.begin(), turns.end(), 0);
	for (const Contestant &one : contestants)
		results.contestants.push_back(one.name);
	for (unsigned round = 0; round < rounds; round++) {
		std::vector<Process> processes;

		for (const Contestant &one : contestants)
			processes.emplace_back(std::vector{one.program});
		for (const std::string &test : tests) {
			show(fmt::format("round {} of {}: {}", round + 1, rounds, test));
			std::shuffle(turns.begin(), turns.end(), dice);
			for (const size_t turn : turns) {
				const std::string &name = contestants[turn].name;
				const json answer = ask(processes[turn], name, test);

				note(results.cycles[test], name, round, answer["cycles"]);
				note(results.memory[test], name, round, answer["memory"]);
			}
		}
	}
	complete(results.cycles, rounds);
	complete(results.memory, rounds);
	show("");
}

void count(Results &results, const std::vector<Contestant> &contestants,
	   const std::vector<std::string> &tests, const std::string &plugin)
{
	for (const Contestant &one : contestants) {
		Process process({"qemu-x86_64", "-cpu", "max", "-plugin",
				 plugin + ",irq=" + one.program + ".irq", one.program});

		for (const std::string &test : tests) {
			show(fmt::format("counting what {} does: {}", one.name, test));
			const json answer = ask(process, one.name, test);

			for (const auto &[figure, count] : answer["counts"].items())
				results.counts[test][figure][one.name] = count;
		}
	}
	show("");
}

} // namespace contest
