// SPDX-License-Identifier: GPL-2.0-only
// Make traces of recordings, and show what is in them.
#include <cmath>
#include <fstream>
#include <map>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "recording.hpp"
#include "trace.hpp"

namespace
{

// From what size on objects count as this one: four steps from each power of two to the next.
unsigned step_above(unsigned size)
{
	unsigned step = 8;

	while (step < size)
		step += std::max(8U, 1U << (31 - __builtin_clz(step)) >> 2);
	return step;
}

struct Summary {
	uint64_t allocations = 0, frees = 0, elsewhere = 0;
	uint64_t live = 0, peak = 0; // bytes
	std::map<unsigned, uint64_t> sizes;
	std::map<std::string, uint64_t> caches;
};

Summary summarise(const trace::Trace &trace)
{
	std::vector<uint8_t> cpu_of(trace.objects);
	Summary sum;

	for (const trace::Event &event : trace.events) {
		const trace::Class &cls = trace.classes[event.cls];

		if (event.is_free) {
			sum.frees++;
			sum.elsewhere += cpu_of[event.object] != event.cpu;
			sum.live -= cls.size;
			continue;
		}
		sum.allocations++;
		sum.sizes[step_above(cls.size)]++;
		sum.caches[cls.name.empty() ? "kmalloc" : cls.name]++;
		cpu_of[event.object] = event.cpu;
		sum.live += cls.size;
		sum.peak = std::max(sum.peak, sum.live);
	}
	return sum;
}

void show_heading(const trace::Trace &trace)
{
	fmt::print("workload      {}\nkernel        {}\nrecorded      {}\n", trace.workload,
		   trace.kernel, trace.date);
	for (const std::string &note : trace.notes)
		fmt::print("note          {}\n", note);
	fmt::print("left out      {} frees of objects that were there before\n"
		   "put in        {} frees that were not seen\n"
		   "guessed       the caches of {} allocations, by their size\n",
		   trace.unseen_frees, trace.unseen_ends, trace.guessed);
}

void show(const trace::Trace &trace)
{
	const Summary sum = summarise(trace);
	const double seconds = trace.events.empty() ? 0 : trace.events.back().time / 1e6;

	show_heading(trace);
	fmt::print("events        {}: {} allocations, {} frees\n", trace.events.size(),
		   sum.allocations, sum.frees);
	fmt::print("time          {:.3f} s\nCPUs          {}\n", seconds, trace.cpus);
	fmt::print("live at once  {} objects at most, {} bytes; in the end {} bytes\n",
		   trace.objects, sum.peak, sum.live);
	fmt::print("other CPU     {:.1f}% of the frees\n",
		   sum.frees ? 100.0 * sum.elsewhere / sum.frees : 0);
	fmt::print("\n{:>10}{:>12}   allocations of up to so many bytes\n", "bytes", "number");
	for (const auto &[size, count] : sum.sizes)
		fmt::print("{:>10}{:>12}\n", size, count);
	fmt::print("\n{:>10}{:>12}   class with flags; the {} most used\n", "", "number", 20);
	std::multimap<uint64_t, std::string, std::greater<>> by_use;

	for (const auto &[name, count] : sum.caches)
		by_use.emplace(count, name);
	unsigned left = 20;

	for (const auto &[count, name] : by_use)
		if (left && left--)
			fmt::print("{:>10}{:>12}   {}\n", "", count, name);
}

// Lines "SIZE WEIGHT": how often each size is allocated, of a million, all traces counted alike.
void write_sizes(const std::vector<trace::Trace> &traces, const std::string &file)
{
	std::map<unsigned, double> weights;
	std::ofstream out(file);

	for (const trace::Trace &trace : traces) {
		const Summary sum = summarise(trace);

		for (const auto &[size, count] : sum.sizes)
			weights[size] += 1e6 * count / sum.allocations / traces.size();
	}
	out << "# Bytes, and how many of a million allocations are of so many, rounded up.\n";
	out << "# Made by \"trace sizes\" of these traces, each of the same weight:\n";
	for (const trace::Trace &trace : traces)
		out << fmt::format("#   {}; {}, {}\n", trace.workload, trace.kernel, trace.date);
	for (const auto &[size, weight] : weights)
		if (weight >= 0.5)
			out << fmt::format("{} {:.0f}\n", size, weight);
	if (!out.flush())
		throw std::runtime_error(file + ": cannot be written; is there room?");
}

int run(int argc, char **argv)
{
	CLI::App app("Traces of what a kernel asks of its allocator: see trace.hpp");
	std::string from, caches, to, workload, kernel, date;
	std::vector<std::string> files;
	size_t limit = 0;

	app.require_subcommand(1);
	CLI::App *convert = app.add_subcommand("convert", "make a trace of a recording");

	convert->add_option("recording", from, "what trace-cmd has written")->required();
	convert->add_option("caches", caches, "the list of caches")->required();
	convert->add_option("trace", to, "the trace to write")->required();
	convert->add_option("--events", limit, "only so many events, the first ones");
	convert->add_option("--workload", workload, "what ran");
	convert->add_option("--kernel", kernel, "which kernel");
	convert->add_option("--date", date, "when");
	CLI::App *shown = app.add_subcommand("show", "say what is in a trace");

	shown->add_option("trace", files, "the traces")->required();
	CLI::App *sizes = app.add_subcommand("sizes", "write how often which size is asked for");

	sizes->add_option("file", to, "the file to write")->required();
	sizes->add_option("traces", files, "the traces")->required();
	CLI11_PARSE(app, argc, argv);

	if (*convert) {
		trace::Trace trace = recording::convert(from, caches, limit);

		trace.workload = workload;
		trace.kernel = kernel;
		trace.date = date;
		trace::write(trace, to);
		return 0;
	}
	std::vector<trace::Trace> traces;

	for (const std::string &file : files)
		traces.push_back(trace::read(file));
	if (*sizes)
		write_sizes(traces, to);
	else
		for (const trace::Trace &trace : traces)
			show(trace);
	return 0;
}

} // namespace

int main(int argc, char **argv)
{
	try {
		return run(argc, argv);
	} catch (const std::exception &error) {
		fmt::print(stderr, "error: {}\n", error.what());
		return 1;
	}
}
