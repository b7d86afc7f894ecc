// SPDX-License-Identifier: GPL-2.0-only
// Contestants, and what became of them.
#ifndef SLUB_NATIVE_CONTEST_HPP
#define SLUB_NATIVE_CONTEST_HPP

#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "count.hpp"
#include "process.hpp"

namespace contest
{

struct Contestant {
	std::string name;
	std::string program;
};

// Of each test, figure and contestant: what each round gave; NaN, where it gave none, since its
// CPUs were near to each other, say, and this figure is of CPUs that are far.
using Values = std::map<std::string, std::vector<double>>;
using Rounds = std::map<std::string, std::map<std::string, Values>>;

// Of each test, figure and contestant: for one operation.
using Counts = std::map<std::string, std::map<std::string, std::map<std::string, Count>>>;

struct Results {
	std::vector<std::string> contestants; // the one that is judged first
	Rounds cycles;
	Rounds memory;
	Counts counts;
	long seconds = 0; // that all of it took
};

// Names of the tests that match, of the quick ones only or of all. Throws if there are none.
std::vector<std::string> choose(const Contestant &one, const std::string &expression, bool quick);

// All contestants run each test by turns, round by round, in processes of their own, so that what
// the host does meanwhile befalls all of them alike. Throws if one of them dies.
void measure(Results &results, const std::vector<Contestant> &contestants,
	     const std::vector<std::string> &tests, unsigned rounds);

// One after the other, in QEMU with @plugin.
void count(Results &results, const std::vector<Contestant> &contestants,
	   const std::vector<std::string> &tests, const std::string &plugin);

// Of words of the form NAME=PROGRAM. Throws if one is not.
std::vector<Contestant> parse(const std::vector<std::string> &programs);

std::string today();

// How a file of results begins: what the user has typed, the date, and facts of the form KEY=VALUE.
nlohmann::json about(const std::string &command, const std::vector<std::string> &facts);

// Throws if the contestant of this name has died, or answers with an error.
nlohmann::json ask(Process &process, const std::string &name, const std::string &line);

// A line that says what is going on, on a terminal.
void show(const std::string &line);

} // namespace contest

#endif
