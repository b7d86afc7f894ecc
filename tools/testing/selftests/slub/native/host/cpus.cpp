// SPDX-License-Identifier: GPL-2.0-only
#include "cpus.hpp"

#include <asm/prctl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <x86intrin.h>

#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "../kernel/host.h"

namespace cpus
{

namespace
{

// What a CPU is asked to do, by who waits until it is done.
struct Request {
	Request(const std::function<void()> &what, bool from_outside)
		: what(what), from_outside(from_outside)
	{
	}

	const std::function<void()> &what;
	const bool from_outside; // by a thread that is no CPU
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

// CPUs that are awake look for what they are asked for without a pause, and answer at once, as
// those of a kernel do; those that are not leave the processors to others.
std::atomic<bool> awake{false};

// CPUs wait for ever: nothing of this is destroyed when the process ends.
auto &lock = *new std::mutex;
auto &asked = *new std::condition_variable;
auto &answered = *new std::condition_variable;

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
	if (!cpu.request.load(std::memory_order_relaxed))
		return false;
	Request *request = cpu.request.exchange(nullptr, std::memory_order_acquire);

	if (!request)
		return false;
	const bool from_outside = request->from_outside;

	request->what();
	request->done.store(true, std::memory_order_release);
	// It is gone now.
	if (from_outside) {
		const std::lock_guard guard(lock);

		answered.notify_all();
	}
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
	for (;;) {
		if (serve(cpu))
			continue;
		if (awake) {
			_mm_pause();
			continue;
		}
		std::unique_lock guard(lock);

		asked.wait(guard, [&] { return awake || cpu.request; });
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
	if (!awake) {
		const std::lock_guard guard(lock);

		asked.notify_all();
	}
}

// Who is no CPU has time, and takes none from those that are.
void wait(const Request &request)
{
	if (request.from_outside) {
		std::unique_lock guard(lock);

		answered.wait(guard, [&] { return request.done.load(); });
		return;
	}
	while (!request.done.load(std::memory_order_acquire))
		if (!poll())
			_mm_pause();
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
	Request request(what, current < 0);

	post(all[cpu], request);
	wait(request);
}

void keep_awake(bool on)
{
	const std::lock_guard guard(lock);

	awake = on;
	asked.notify_all();
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
		post(all[i], requests.emplace_back(parts[i], current < 0));
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
