// SPDX-License-Identifier: GPL-2.0-only
// A machine for an allocator of the kernel: memory, processors, and the allocator booted on them.
#ifndef SLUB_NATIVE_MACHINE_HPP
#define SLUB_NATIVE_MACHINE_HPP

#include <cstddef>
#include <functional>
#include <string>

#include "../kernel/host.h"

namespace machine
{

struct Settings {
	size_t memory = size_t{4} << 30; // bytes of the arena
	unsigned nodes = 1;
	bool quiet = false;       // do not show what the kernel prints
	std::string command_line; // the kernel's, of what the allocator's files know
};

// Once in a process. Ends the process, with one line, if it cannot be done.
void boot(const Settings &settings);

// Run on a CPU, and wait until it is done.
void on(unsigned cpu, const std::function<void()> &what);

// Run on all CPUs; each begins when all are there.
void on_all(const std::function<void(unsigned cpu)> &what);

// Run on this thread, which is all CPUs in turn as on() says, CPU 0 first: what is done twice
// happens in the same order twice.
void alone(const std::function<void()> &what);

// CPUs that have nothing to do wait for it awake: they answer each other at once, and take all of
// their processors' time.
void keep_awake(bool on);

// Let the CPU that this runs on do what others want of it, as an interrupt would.
void poll();

// On a CPU: let pass what RCU, timers and work have put off, and give back all that can be given
// back.
void settle();

// Pages that the allocator holds now.
unsigned long pages_held();

// What the kernel has printed since it was asked last.
std::string take_messages();

} // namespace machine

#endif
