// SPDX-License-Identifier: GPL-2.0-only
// The order in which a machine comes up: text, memory, per-CPU areas, CPUs, and then the allocator.
#include "machine.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <utility>

#include "cpus.hpp"
#include "memory.hpp"
#include "text.hpp"

namespace machine
{

namespace
{

bool quiet;
std::mutex messages_lock;
std::string messages;

} // namespace

void boot(const Settings &settings)
{
	quiet = settings.quiet;
	text::prepare();
	memory::prepare_per_cpu();
	memory::prepare_arena(settings.memory, settings.nodes);
	cpus::start();
	on(0, [&] {
		const char *unknown = native_boot(settings.command_line.c_str());

		if (unknown) {
			fprintf(stderr, "error: the allocator knows no parameter '%s'\n", unknown);
			exit(1);
		}
	});
}

void on(unsigned cpu, const std::function<void()> &what)
{
	cpus::run(cpu, what);
}

void on_all(const std::function<void(unsigned cpu)> &what)
{
	cpus::run_all(what);
}

void alone(const std::function<void()> &what)
{
	cpus::run_alone(what);
}

void keep_awake(bool on)
{
	cpus::keep_awake(on);
}

void poll()
{
	cpus::poll();
}

void settle()
{
	// The second time what is owned by a CPU is idle.
	for (unsigned i = 0; i < 3; i++)
		native_run_later(true);
	// What is shrunk may end with a work of its own, which leaves empty slabs elsewhere.
	for (unsigned i = 0; i < 2; i++) {
		native_shrink_all();
		native_run_later(false);
	}
}

unsigned long pages_held()
{
	struct native_pages pages;

	native_pages(&pages);
	return pages.held;
}

std::string take_messages()
{
	const std::lock_guard guard(messages_lock);

	return std::exchange(messages, std::string());
}

} // namespace machine

extern "C" void native_write(const char *text, size_t length)
{
	const std::lock_guard guard(machine::messages_lock);

	machine::messages.append(text, length);
	if (!machine::quiet)
		fwrite(text, 1, length, stderr);
}

extern "C" int native_format(char *text, size_t size, const char *format, va_list arguments)
{
	return vsnprintf(text, size, format, arguments);
}

extern "C" void native_die(const char *why)
{
	fprintf(stderr, "error: the kernel's side gives up: %s\n", why);
	abort();
}

extern "C" void native_missing(const char *name)
{
	fprintf(stderr, "error: %s() of the kernel was called, and is not there\n", name);
	abort();
}
