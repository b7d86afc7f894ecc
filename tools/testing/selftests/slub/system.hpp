// SPDX-License-Identifier: GPL-2.0-only
// What the tests ask the system, and what they make it do.
#ifndef SLUB_SYSTEM_HPP
#define SLUB_SYSTEM_HPP

#include <map>
#include <string>
#include <vector>

unsigned long page_size();
bool exists(const std::string &path);

// Empty if it can't be read. At most piece bytes are read at a time.
std::string read_file(const std::string &path, size_t piece = 65536);
std::vector<std::string> lines(const std::string &text);
std::vector<std::string> words(const std::string &text);

// "Name: 123 kB" or "name 123" -> name, 123
std::map<std::string, unsigned long> read_counters(const std::string &path);

// Makes every CPU add what it has counted for itself to the system's counters.
void refresh_counters();

// The kernel's log, oldest message first; false if its beginning is lost.
bool read_kernel_log(std::vector<std::string> &messages);

std::vector<int> allowed_cpus();
void run_on(const std::vector<int> &cpus);

// Runs on one CPU until it goes out of scope.
class Pinned
{
	std::vector<int> before = allowed_cpus();

public:
	explicit Pinned(int cpu)
	{
		run_on({cpu});
	}
	~Pinned()
	{
		run_on(before);
	}
	Pinned(const Pinned &) = delete;
	Pinned &operator=(const Pinned &) = delete;
};

// A tmpfs of our own.
class Tmpfs
{
	std::string path;
	bool mounted = false;

public:
	Tmpfs();
	~Tmpfs();
	Tmpfs(const Tmpfs &) = delete;
	Tmpfs &operator=(const Tmpfs &) = delete;

	bool is_mounted() const
	{
		return mounted;
	}
	bool create_files(unsigned int count) const;
	void unmount();
};

// Open file descriptors that are closed when it goes out of scope.
class Descriptors
{
	std::vector<int> open_ones;

public:
	Descriptors() = default;
	~Descriptors()
	{
		close_all();
	}
	Descriptors(const Descriptors &) = delete;
	Descriptors &operator=(const Descriptors &) = delete;

	bool open_files(unsigned int count);
	bool make_pipes(unsigned int count);
	void close_all();
};

#endif
