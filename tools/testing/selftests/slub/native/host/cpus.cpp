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
#include <deque>
#include <thread>
#include <vector>

#include "../kernel/host.h"

namespace cpus
{

namespace
{

// What a CPU is asked to do, by who waits until it is done.
struct Request {
	explicit Request(const std::function<void()> &what) : what(what)
	{
	}

	const std::function<void()> &what;
	std::atomic<bool> done{false};
};

// A CPU that waits for another one serves what it is asked meanwhile, as one that waits for an
// interprocessor interrupt to be handled does.
struct Cpu {
	std::atomic<Request *> request{nullptr};
	unsigned processor = 0;
	std::thread thread;
};

Cpu all[NATIVE_CPUS];
thread_local int current = -1;
thread_local bool alone; // this thread is each CPU in turn

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
	Request *request = cpu.request.exchange(nullptr, std::memory_order_acquire);

	if (!request)
		return false;
	request->what();
	request->done.store(true, std::memory_order_release);
	return true;
}

void become(int number)
{
	current = number;
	if (number < 0)
		return;
	if (syscall(SYS_arch_prctl, ARCH_SET_GS, native_gs_base(number))) {
		perror("error: no base for the per-CPU segment");
		exit(1);
	}
}

void cpu_thread(unsigned number)
{
	Cpu &cpu = all[number];

	pin(cpu.processor);
	become(number);
	for (unsigned idle = 0;;) {
		idle = serve(cpu) ? 0 : idle + 1;
		if (idle > 10000)
			usleep(100);
	}
}

void post(Cpu &cpu, Request &request)
{
	Request *expected = nullptr;

	// Somebody else's goes first.
	while (!cpu.request.compare_exchange_weak(expected, &request, std::memory_order_release)) {
		expected = nullptr;
		if (!poll())
			sched_yield();
	}
}

void wait(const Request &request)
{
	for (unsigned tries = 0; !request.done.load(std::memory_order_acquire); tries++) {
		if (poll())
			continue;
		// Who is no CPU has time, and takes none from those that are.
		if (current < 0 && tries > 1000)
			usleep(100);
		else
			sched_yield();
	}
}

} // namespace

void start()
{
	const std::vector<unsigned> usable = processors();

	// On one processor, who waits for the other would only keep it from going on.
	if (usable.size() < NATIVE_CPUS) {
		fprintf(stderr, "error: %u processors are needed, and this process may use %zu\n",
			NATIVE_CPUS, usable.size());
		exit(1);
	}
	for (unsigned i = 0; i < NATIVE_CPUS; i++) {
		all[i].processor = usable[i];
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
	if (alone) {
		const int before = current;

		become(cpu);
		what();
		become(before);
		return;
	}
	Request request(what);

	post(all[cpu], request);
	wait(request);
}

// The threads of the CPUs are idle meanwhile: nobody asks them for anything.
void run_alone(const std::function<void()> &what)
{
	alone = true;
	run(0, what);
	alone = false;
}

void run_all(const std::function<void(unsigned cpu)> &what)
{
	std::atomic<unsigned> there{0};
	std::vector<std::function<void()>> parts;
	std::deque<Request> requests;

	for (unsigned i = 0; i < NATIVE_CPUS; i++)
		parts.push_back([&, i] {
			there++;
			while (there < NATIVE_CPUS)
				;
			what(i);
		});
	for (unsigned i = 0; i < NATIVE_CPUS; i++)
		post(all[i], requests.emplace_back(parts[i]));
	for (const Request &request : requests)
		wait(request);
}

// Return: whether there was something to do.
bool poll()
{
	return current >= 0 && serve(all[current]);
}

} // namespace cpus

extern "C" void native_run_on(unsigned int cpu, void (*fn)(void *arg), void *arg)
{
	cpus::run(cpu, [fn, arg] { fn(arg); });
}

extern "C" void native_yield(void)
{
	// Who has the lock may wait for this CPU.
	if (!cpus::poll())
		sched_yield();
}
