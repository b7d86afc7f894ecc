// SPDX-License-Identifier: GPL-2.0-only
// A program that answers lines with lines.
#ifndef SLUB_NATIVE_PROCESS_HPP
#define SLUB_NATIVE_PROCESS_HPP

#include <sys/types.h>

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

class Process
{
public:
	explicit Process(std::vector<std::string> command);
	~Process();
	Process(Process &&other) noexcept
	{
		swap(other);
	}
	Process &operator=(Process &&other) noexcept
	{
		swap(other);
		return *this;
	}

	// Throws std::runtime_error if it has ended instead.
	std::string ask(const std::string &line);

private:
	void swap(Process &other)
	{
		std::swap(name, other.name);
		std::swap(to, other.to);
		std::swap(from, other.from);
		std::swap(id, other.id);
	}

	std::string name;
	FILE *to = nullptr;
	FILE *from = nullptr;
	pid_t id = 0;
};

#endif
