// SPDX-License-Identifier: GPL-2.0-only
#include "cpus.hpp"

#include <asm/prctl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#include "../kernel/host.h"

namespace cpus
{

namespace
{

// What a CPU is asked to do. A CPU that waits for another one serves its own requests meanwhile, as
// one that waits for an interprocessor interrupt to be handled does.
struct Cpu {
	std::atomic<const std::function<void()> *> request{nullptr};
	std::atomic<bool> done{false};
	unsigned processor = 0;
	std::thread thread;
};

Cpu all[NATIVE_CPUS];
thread_local int current = -1;

// The processors that this process may use, the last ones first: the first one has interrupts to
// serve.
std::vector<unsigned> processors()
{
	std::vector<unsigned> usable;
	cpu_set_t set;

	sched_getaffinity(0, sizeof(set), &set);
	for (int i = CPU_SETSIZE - 1; i >= 0; i--)
		if (CPU_ISSET(i, &set))
			usable.push_back(i);
	return usable;
}

void pin(unsigned processor)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(processor, &set);
	pthread_setaffinity_np(pthread_self(), sizeof(set), &set);
}

bool serve(Cpu &cpu)
{
	const auto *what = cpu.request.exchange(nullptr, std::memory_order_acquire);

	if (!what)
		return false;
	(*what)();
	cpu.done.store(true, std::memory_order_release);
	return true;
}

void cpu_thread(unsigned number)
{
	Cpu &cpu = all[number];

	pin(cpu.processor);
	current = number;
	if (syscall(SYS_arch_prctl, ARCH_SET_GS, native_gs_base(number))) {
		perror("error: no base for the per-CPU segment");
		exit(1);
	}
	for (unsigned idle = 0;;) {
		idle = serve(cpu) ? 0 : idle + 1;
		if (idle > 10000)
			usleep(100);
	}
}

void post(Cpu &cpu, const std::function<void()> &what)
{
	const std::function<void()> *expected = nullptr;

	// Somebody else's request goes first.
	while (!cpu.request.compare_exchange_weak(expected, &what, std::memory_order_release)) {
		expected = nullptr;
		if (current < 0 || !serve(all[current]))
			sched_yield();
	}
}

void wait(Cpu &cpu)
{
	while (!cpu.done.exchange(false, std::memory_order_acquire))
		if (current < 0 || !serve(all[current]))
			sched_yield();
}

} // namespace

void start()
{
	const std::vector<unsigned> usable = processors();

	for (unsigned i = 0; i < NATIVE_CPUS; i++) {
		all[i].processor = usable[i % usable.size()];
		all[i].thread = std::thread(cpu_thread, i);
		all[i].thread.detach();
	}
}

void run(unsigned cpu, const std::function<void()> &what)
{
	if (current == static_cast<int>(cpu)) {
		what();
		return;
	}
	post(all[cpu], what);
	wait(all[cpu]);
}

void run_all(const std::function<void(unsigned cpu)> &what)
{
	std::atomic<unsigned> there{0};
	std::function<void()> parts[NATIVE_CPUS];

	for (unsigned i = 0; i < NATIVE_CPUS; i++) {
		parts[i] = [&, i] {
			there++;
			while (there < NATIVE_CPUS)
				;
			what(i);
		};
		post(all[i], parts[i]);
	}
	for (Cpu &cpu : all)
		wait(cpu);
}

unsigned host_processor(unsigned cpu)
{
	return all[cpu].processor;
}

} // namespace cpus

extern "C" void native_run_on(unsigned int cpu, void (*fn)(void *arg), void *arg)
{
	cpus::run(cpu, [fn, arg] { fn(arg); });
}

extern "C" void native_yield(void)
{
	sched_yield();
}
