// SPDX-License-Identifier: GPL-2.0-only
// CPUs go on side by side, but not far: a trace is cut into windows, and none begins the next one
// before all have ended theirs. Within a window who frees an object waits until it is there.
// Between two windows time passes, as much as in the trace, and timers run that come due in it.
#include "player.hpp"

#include <unistd.h>

#include <array>
#include <atomic>
#include <numeric>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "machine.hpp"
#include "meter.hpp"

namespace player
{

namespace
{

constexpr size_t samples_wanted = 500;
constexpr size_t window_most = 256;         // events
constexpr uint64_t window_longest = 100000; // microseconds

// ---- What is to be done, worked out before anything is measured ----

struct Step {
	uint32_t slot; // where the object's address is kept
	uint16_t cls;
	bool is_free;
};

struct Window {
	std::array<size_t, NATIVE_CPUS> end; // of the CPU's steps
	uint64_t time = 0;                   // of the last event, in microseconds
	uint64_t live = 0, peak = 0;         // bytes, when it ends, and at most
	size_t events = 0;
};

struct Plan {
	std::array<std::vector<Step>, NATIVE_CPUS> steps;
	std::vector<Window> windows;
	size_t slots = 0;
};

// A slot that is empty is not used again in the same window: whoever finds it filled has found the
// right object.
class Planner
{
public:
	explicit Planner(const trace::Trace &trace)
		: trace(trace), slot_of(trace.objects),
		  size(std::clamp<size_t>(trace.events.size() / samples_wanted, 1, window_most))
	{
	}

	Plan run()
	{
		for (const trace::Event &event : trace.events) {
			if (now.events == size ||
			    (now.events && event.time > now.time + window_longest))
				end_window();
			now.time = event.time;
			now.events++;
			add(event);
		}
		end_window();
		return std::move(plan);
	}

private:
	void add(const trace::Event &event)
	{
		const unsigned bytes = trace.classes[event.cls].size;

		if (event.is_free) {
			emptied.push_back(slot_of[event.object]);
			now.live -= bytes;
		} else {
			slot_of[event.object] = take_slot();
			now.live += bytes;
			now.peak = std::max(now.peak, now.live);
		}
		plan.steps[event.cpu].push_back({slot_of[event.object], event.cls, event.is_free});
	}

	uint32_t take_slot()
	{
		if (empty.empty())
			return plan.slots++;
		const uint32_t slot = empty.back();

		empty.pop_back();
		return slot;
	}

	void end_window()
	{
		for (unsigned cpu = 0; cpu < NATIVE_CPUS; cpu++)
			now.end[cpu] = plan.steps[cpu].size();
		plan.windows.push_back(now);
		now.events = 0;
		now.peak = now.live;
		empty.insert(empty.end(), emptied.begin(), emptied.end());
		emptied.clear();
	}

	const trace::Trace &trace;
	std::vector<uint32_t> slot_of, empty, emptied;
	const size_t size;
	Window now;
	Plan plan;
};

// ---- Caches ----

void constructor(void *)
{
}

// What a class is to the allocator.
struct Source {
	kmem_cache *cache; // or nullptr: kmalloc
	size_t size;
	bool reclaimable;
};

class Caches
{
public:
	explicit Caches(const trace::Trace &trace)
	{
		machine::on(0, [&] {
			for (const trace::Class &cls : trace.classes)
				add(cls);
		});
	}
	~Caches()
	{
		machine::on(0, [&] {
			for (const Source &source : sources)
				if (source.cache)
					native_cache_destroy(source.cache);
			native_run_later(true);
		});
	}
	Caches(const Caches &) = delete;
	Caches &operator=(const Caches &) = delete;

	void *allocate(unsigned cls) const
	{
		const Source &source = sources[cls];

		if (source.cache)
			return native_cache_alloc(source.cache, false);
		return source.reclaimable ? native_kmalloc_reclaimable(source.size)
					  : native_kmalloc(source.size, false);
	}

	void free(unsigned cls, void *object) const
	{
		if (sources[cls].cache)
			native_cache_free(sources[cls].cache, object);
		else
			native_kfree(object);
	}

private:
	static unsigned long flags_of(const trace::Class &cls)
	{
		unsigned long flags = 0;

		if (cls.has('R'))
			flags |= native_constants.typesafe_by_rcu;
		if (cls.has('r'))
			flags |= native_constants.reclaim_account;
		if (cls.has('a'))
			flags |= native_constants.hwcache_align;
		return flags;
	}

	void add(const trace::Class &cls)
	{
		Source source = {nullptr, cls.size, cls.has('r')};

		if (!cls.name.empty())
			source.cache = native_cache_create(cls.name.c_str(), cls.size, cls.align,
							   flags_of(cls),
							   cls.has('C') ? constructor : nullptr);
		if (!cls.name.empty() && !source.cache)
			native_die(("no cache " + cls.name).c_str());
		sources.push_back(source);
	}

	std::vector<Source> sources;
};

// ---- Doing it ----

void pause_until(const std::function<bool()> &done)
{
	for (unsigned tries = 0; !done(); tries++) {
		machine::poll();
		// On a busy host, who sleeps is woken sooner than who spins is let run.
		if (tries > 1000)
			usleep(20);
	}
}

class Player
{
public:
	Player(const trace::Trace &trace, Plan plan)
		: plan(std::move(plan)), caches(trace), slots(this->plan.slots),
		  class_of(this->plan.slots), before(machine::pages_held())
	{
	}

	nlohmann::json run()
	{
		machine::take_messages();
		native_pages_reset_peak();
		machine::keep_awake(true);
		machine::on_all([this](unsigned cpu) { run_cpu(cpu); });
		machine::keep_awake(false);
		struct native_pages pages;

		native_pages(&pages);
		const unsigned long peak = pages.peak - before;

		const long end = shrink();

		machine::on(0, [this] { free_all(); });
		// What was held before may be less by now.
		const long freed = machine::pages_held() - before;

		const long shrunk = shrink();
		const std::string said = machine::take_messages();

		if (!said.empty())
			throw std::runtime_error("the kernel's side complains: " +
						 said.substr(0, said.find('\n')));
		return {{"pages", {{"freed", freed}, {"shrunk", shrunk}}},
			{"bytes",
			 {{"peak held", peak * NATIVE_PAGE_SIZE},
			  {"peak live", peak_live()},
			  {"end shrunk", end * NATIVE_PAGE_SIZE}}},
			{"samples", samples()}};
	}

private:
	void run_cpu(unsigned cpu)
	{
		size_t at = 0;

		for (size_t i = 0; i < plan.windows.size(); i++) {
			const unsigned long start = meter::now();

			waited[cpu] = 0;
			for (; at < plan.windows[i].end[cpu]; at++)
				run_step(cpu, plan.steps[cpu][at]);
			cycles[cpu].push_back(meter::now() - start - waited[cpu]);
			arrived++;
			pause_until([&] { return arrived >= (i + 1) * NATIVE_CPUS; });
			if (cpu == 0) {
				end_window(i);
				ended++;
			}
			pause_until([&] { return ended > i; });
		}
	}

	void run_step(unsigned cpu, const Step &step)
	{
		std::atomic<void *> &slot = slots[step.slot];
		void *object;

		if (!step.is_free) {
			object = caches.allocate(step.cls);
			if (!object)
				native_die("the machine has not enough memory for this trace");
			class_of[step.slot] = step.cls;
			slot.store(object, std::memory_order_release);
			return;
		}
		object = slot.load(std::memory_order_acquire);
		if (!object) {
			const unsigned long start = meter::now();

			pause_until(
				[&] { return (object = slot.load(std::memory_order_acquire)); });
			waited[cpu] += meter::now() - start;
		}
		slot.store(nullptr, std::memory_order_relaxed);
		caches.free(step.cls, object);
	}

	void end_window(size_t i)
	{
		const uint64_t last = i ? plan.windows[i - 1].time : 0;

		held.push_back(machine::pages_held() - before);
		native_pass_time(plan.windows[i].time / 1000 - last / 1000);
	}

	// Return: pages held then.
	long shrink() const
	{
		machine::on(0, [] {
			native_shrink_all();
			native_run_later(false);
		});
		return machine::pages_held() - before;
	}

	// Long enough for whatever is done when nothing happens.
	void free_all()
	{
		for (size_t i = 0; i < slots.size(); i++)
			if (slots[i])
				caches.free(class_of[i], slots[i]);
		for (unsigned second = 0; second < 60; second++)
			native_pass_time(1000);
	}

	uint64_t peak_live() const
	{
		uint64_t peak = 0;

		for (const Window &window : plan.windows)
			peak = std::max(peak, window.peak);
		return peak;
	}

	nlohmann::json samples() const
	{
		const size_t windows = plan.windows.size();
		const size_t step = std::max<size_t>(1, windows / samples_wanted);
		std::vector<double> time;
		std::vector<uint64_t> held_then, live, events, took;

		for (size_t from = 0; from < windows; from += step) {
			const size_t end = std::min(from + step, windows);
			uint64_t all_events = 0, all_cycles = 0;

			for (size_t i = from; i < end; i++) {
				all_events += plan.windows[i].events;
				for (const auto &of_cpu : cycles)
					all_cycles += of_cpu[i];
			}
			time.push_back(plan.windows[end - 1].time / 1e6);
			held_then.push_back(held[end - 1] * NATIVE_PAGE_SIZE);
			live.push_back(plan.windows[end - 1].live);
			events.push_back(all_events);
			took.push_back(all_cycles);
		}
		return {{"time", time},
			{"held", held_then},
			{"live", live},
			{"events", events},
			{"cycles", took}};
	}

	const Plan plan;
	const Caches caches;
	std::vector<std::atomic<void *>> slots;
	std::vector<uint16_t> class_of;
	const unsigned long before;
	std::vector<unsigned long> held;
	std::array<std::vector<unsigned long>, NATIVE_CPUS> cycles;
	std::array<unsigned long, NATIVE_CPUS> waited;
	std::atomic<size_t> arrived{0}, ended{0};
};

} // namespace

nlohmann::json play(const trace::Trace &trace)
{
	if (trace.events.empty())
		throw std::runtime_error("a trace without events");
	if (trace.cpus > NATIVE_CPUS)
		throw std::runtime_error(fmt::format("the trace has {} CPUs, the machine {}",
						     trace.cpus, NATIVE_CPUS));
	return Player(trace, Planner(trace).run()).run();
}

} // namespace player
