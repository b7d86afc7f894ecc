// SPDX-License-Identifier: GPL-2.0-only
// What a test says, and how it is printed: the kernel's TAP.
#ifndef SLUB_TAP_HPP
#define SLUB_TAP_HPP

#include <chrono>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace tap
{

struct Outcome {
	enum Kind { Pass, Fail, Skip } kind = Pass;
	std::string why = {};
};

inline Outcome pass()
{
	return {};
}

template <typename... T>
Outcome fail(fmt::format_string<T...> text, T &&...values)
{
	return {Outcome::Fail, fmt::format(text, std::forward<T>(values)...)};
}

template <typename... T>
Outcome skip(fmt::format_string<T...> text, T &&...values)
{
	return {Outcome::Skip, fmt::format(text, std::forward<T>(values)...)};
}

struct Test {
	const char *name;
	Outcome (*run)();
};

// A running kernel is never quite at rest: try again until it passes or time is up.
template <typename Check>
Outcome patiently(int seconds, Check check)
{
	const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
	Outcome result = check();

	while (result.kind == Outcome::Fail && std::chrono::steady_clock::now() < end) {
		std::this_thread::sleep_for(std::chrono::milliseconds(100));
		result = check();
	}
	return result;
}

// Returns how many failed.
inline int run(const std::vector<Test> &tests)
{
	int number = 0, failed = 0;

	fmt::print("TAP version 13\n1..{}\n", tests.size());
	for (const Test &test : tests) {
		const Outcome result = test.run();

		if (result.kind == Outcome::Fail) {
			fmt::print("# {}\n", result.why);
			failed++;
		}
		fmt::print("{} {} - {}{}\n", result.kind == Outcome::Fail ? "not ok" : "ok",
			   ++number, test.name,
			   result.kind == Outcome::Skip ? " # SKIP " + result.why : "");
		std::fflush(stdout);
	}
	return failed;
}

} // namespace tap

#endif
