// SPDX-License-Identifier: GPL-2.0-only
#include "system.hpp"

#include <cerrno>
#include <cstdlib>
#include <regex>
#include <sstream>

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fmt/format.h>

unsigned long page_size()
{
	return sysconf(_SC_PAGESIZE);
}

bool exists(const std::string &path)
{
	return access(path.c_str(), F_OK) == 0;
}

std::string read_file(const std::string &path, size_t piece)
{
	const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
	std::vector<char> buffer(piece);
	std::string text;
	ssize_t got;

	if (fd < 0)
		return text;
	while ((got = read(fd, buffer.data(), piece)) > 0)
		text.append(buffer.data(), got);
	close(fd);
	return text;
}

std::vector<std::string> lines(const std::string &text)
{
	std::istringstream stream(text);
	std::vector<std::string> result;

	for (std::string line; std::getline(stream, line);)
		result.push_back(line);
	return result;
}

std::vector<std::string> words(const std::string &text)
{
	std::istringstream stream(text);
	std::vector<std::string> result;

	for (std::string word; stream >> word;)
		result.push_back(word);
	return result;
}

std::map<std::string, unsigned long> read_counters(const std::string &path)
{
	static const std::regex format("(\\S+?):?\\s+(\\d+)(?: kB)?");
	std::map<std::string, unsigned long> counters;
	std::smatch field;

	for (const std::string &line : lines(read_file(path)))
		if (std::regex_match(line, field, format))
			counters[field[1]] = std::stoul(field[2]);
	return counters;
}

void refresh_counters()
{
	read_file("/proc/sys/vm/stat_refresh");
}

bool read_kernel_log(std::vector<std::string> &messages)
{
	const int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	char record[8192];
	bool complete = false;
	ssize_t got;

	messages.clear();
	if (fd < 0)
		return false;
	// "priority,number,time,flags;message\n", then lines that begin with a blank.
	while ((got = read(fd, record, sizeof(record))) > 0 || errno == EPIPE) {
		if (got <= 0)
			continue;
		const std::string text(record, got);
		const size_t begin = text.find(';') + 1;

		if (messages.empty())
			complete = text.find(",0,") != std::string::npos;
		messages.push_back(text.substr(begin, text.find('\n', begin) - begin));
	}
	close(fd);
	return complete;
}

std::vector<int> allowed_cpus()
{
	std::vector<int> result;
	cpu_set_t set;

	CPU_ZERO(&set);
	sched_getaffinity(0, sizeof(set), &set);
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &set))
			result.push_back(cpu);
	return result;
}

void run_on(const std::vector<int> &cpus)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	for (const int cpu : cpus)
		CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

Tmpfs::Tmpfs()
{
	char name[] = "/tmp/slub-XXXXXX";

	if (!mkdtemp(name))
		return;
	path = name;
	mounted = mount("slub-test", name, "tmpfs", 0, "nr_inodes=0") == 0;
}

Tmpfs::~Tmpfs()
{
	unmount();
	if (!path.empty())
		rmdir(path.c_str());
}

void Tmpfs::unmount()
{
	if (mounted)
		umount2(path.c_str(), MNT_DETACH);
	mounted = false;
}

bool Tmpfs::create_files(unsigned int count) const
{
	for (unsigned int i = 0; i < count; i++) {
		const std::string file = fmt::format("{}/{}", path, i);
		const int fd = open(file.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);

		if (fd < 0)
			return false;
		close(fd);
	}
	return true;
}

static void allow_descriptors(unsigned int count)
{
	const rlim_t wanted = count + 64;
	rlimit limit = {};

	getrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_cur >= wanted)
		return;
	limit.rlim_cur = wanted;
	limit.rlim_max = std::max(limit.rlim_max, wanted);
	setrlimit(RLIMIT_NOFILE, &limit);
}

bool Descriptors::open_files(unsigned int count)
{
	allow_descriptors(count);
	for (unsigned int i = 0; i < count; i++) {
		const int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

		if (fd < 0)
			return false;
		open_ones.push_back(fd);
	}
	return true;
}

bool Descriptors::make_pipes(unsigned int count)
{
	allow_descriptors(2 * count);
	for (unsigned int i = 0; i < count; i++) {
		int ends[2];

		if (pipe2(ends, O_CLOEXEC))
			return false;
		open_ones.insert(open_ones.end(), ends, ends + 2);
	}
	return true;
}

void Descriptors::close_all()
{
	for (const int fd : open_ones)
		close(fd);
	open_ones.clear();
}
