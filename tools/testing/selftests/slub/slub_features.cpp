// SPDX-License-Identifier: GPL-2.0-only
// What the kernel builds upon the allocator: events, memory control groups, hotplug, injected
// failures. Run as root.
#include "slabinfo.hpp"
#include "system.hpp"
#include "tap.hpp"

#include <fcntl.h>
#include <glob.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

using tap::fail;
using tap::Outcome;
using tap::pass;
using tap::skip;

namespace
{

const std::string tracing = "/sys/kernel/tracing/";
const std::string failslab = "/sys/kernel/debug/failslab/";

bool write_file(const std::string &path, const std::string &text)
{
	const int fd = open(path.c_str(), O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	const bool written = write(fd, text.data(), text.size()) == ssize_t(text.size());

	return close(fd) == 0 && written;
}

std::vector<std::string> files_like(const std::string &pattern)
{
	std::vector<std::string> files;
	glob_t found = {};

	if (glob(pattern.c_str(), 0, nullptr, &found) == 0)
		files.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
	globfree(&found);
	return files;
}

// KASAN keeps what is freed in quarantine, for as long as there is room.
bool quarantine()
{
	return read_file("/proc/kallsyms").find(" kasan_quarantine_put") != std::string::npos;
}

unsigned long objects_in(const std::string &cache)
{
	const Slabinfo info = read_slabinfo();
	const Cache *found = info.find(cache);

	return found ? found->objects : 0;
}

Outcome events_fire()
{
	const std::map<std::string, std::string> fields = {
		{"kmem_cache_alloc", "call_site= ptr= bytes_req= bytes_alloc= gfp_flags= node="},
		{"kmem_cache_free", "call_site= ptr= name="},
		{"kmalloc", "call_site= ptr= bytes_req= bytes_alloc= gfp_flags= node="},
		{"kfree", "call_site= ptr="},
	};
	Descriptors files;

	if (!exists(tracing + "events/kmem/kmem_cache_alloc"))
		return skip("the kernel has no kmem events");
	write_file(tracing + "trace", "");
	for (const auto &[event, names] : fields)
		write_file(tracing + "events/kmem/" + event + "/enable", "1");
	files.open_files(10);
	files.make_pipes(10);
	files.close_all();
	for (const auto &[event, names] : fields)
		write_file(tracing + "events/kmem/" + event + "/enable", "0");

	const std::string trace = read_file(tracing + "trace");

	for (const auto &[event, names] : fields) {
		const size_t at = trace.find(" " + event + ": ");

		if (at == std::string::npos)
			return fail("{} never fired", event);
		const std::string line = trace.substr(at, trace.find('\n', at) - at);

		for (const std::string &name : words(names))
			if (line.find(name) == std::string::npos)
				return fail("no {} in '{}'", name, line);
	}
	return pass();
}

// A control group that this process is in until it goes out of scope.
class Group
{
	std::string top = "/tmp/cgroup";

public:
	std::string path = top + "/slub";
	bool ready = false;

	Group()
	{
		mkdir(top.c_str(), 0700);
		if (mount("slub", top.c_str(), "cgroup2", 0, nullptr))
			return;
		write_file(top + "/cgroup.subtree_control", "+memory");
		mkdir(path.c_str(), 0700);
		ready = exists(path + "/memory.stat") &&
			write_file(path + "/cgroup.procs", std::to_string(getpid()));
	}
	~Group()
	{
		write_file(top + "/cgroup.procs", std::to_string(getpid()));
		rmdir(path.c_str());
		umount(top.c_str());
		rmdir(top.c_str());
	}
	// Objects are freed, and counts added up, some time after the fact.
	unsigned long slab_bytes() const
	{
		unsigned long bytes = 0, last;
		int same = 0;

		for (int tries = 0; same < 6 && tries < 60; tries++) {
			std::this_thread::sleep_for(std::chrono::milliseconds(500));
			last = bytes;
			bytes = read_counters(path + "/memory.stat")["slab"];
			same = bytes == last ? same + 1 : 0;
		}
		return bytes;
	}
};

// Every object of an accounted cache is charged with the bytes it takes, and a pointer's more.
Outcome group_is_charged()
{
	const unsigned int count = 2000;

	if (quarantine())
		return skip("KASAN keeps freed objects");
	const Slabinfo info = read_slabinfo();
	const Cache *filp = info.find("filp");

	if (!filp || !filp->has('A'))
		return skip("filp is merged, or not accounted");
	Group group;

	if (!group.ready)
		return skip("the kernel has no memory control groups");

	const unsigned long wanted = count * (filp->objsize + sizeof(void *));
	// Each CPU may hold back a page of counts.
	const unsigned long slack = allowed_cpus().size() * page_size();
	Descriptors files;

	// The table of descriptors grows, and stays as large as it got.
	files.open_files(count);
	files.close_all();
	const unsigned long before = group.slab_bytes();

	files.open_files(count);
	const unsigned long during = group.slab_bytes();

	// Neither less nor, charged twice say, much more: a few other objects come with a file.
	if (during + slack < before + wanted || during > before + slack + wanted + wanted / 4)
		return fail("{} files charge {} bytes, not {}", count, during - before, wanted);
	files.close_all();
	const unsigned long after = group.slab_bytes();

	if (after > before + slack)
		return fail("{} bytes before, {} after all was closed", before, after);
	return pass();
}

Outcome memory_goes_offline()
{
	unsigned int tried = 0, gone = 0;
	Tmpfs tmpfs;

	tmpfs.create_files(1000);
	for (const std::string &state : files_like("/sys/devices/system/memory/memory*/state")) {
		if (read_file(state) != "online\n" || tried == 4)
			continue;
		tried++;
		if (!write_file(state, "offline"))
			continue;
		gone++;
		if (!write_file(state, "online"))
			return fail("{} does not come back", state);
	}
	if (!tried)
		return skip("no memory block can go offline here");
	fmt::print("# {} of {} blocks went offline and came back\n", gone, tried);
	if (!gone)
		return fail("no block goes offline");
	return tmpfs.create_files(0) ? pass() : fail("tmpfs is broken");
}

Outcome cpu_leaves_nothing()
{
	const std::vector<int> cpus = allowed_cpus();
	std::vector<std::string> offline;

	if (cpus.size() < 2)
		return skip("one CPU only");
	for (const int cpu : cpus) {
		const Pinned pinned(cpu);
		Descriptors files;

		files.open_files(100);
	}
	for (const int cpu : cpus) {
		const std::string file = fmt::format("/sys/devices/system/cpu/cpu{}/online", cpu);

		if (cpu != cpus[0] && write_file(file, "0"))
			offline.push_back(file);
	}
	Outcome outcome = tap::patiently(10, [&]() -> Outcome {
		/* The others may own more than one each, until they are told not to. */
		for (const Cache &cache : read_slabinfo().caches)
			if (cache.cpu > cpus.size() - offline.size())
				write_file("/sys/kernel/slab/" + cache.name + "/shrink", "1");
		for (const Cache &cache : read_slabinfo().caches)
			if (cache.cpu > cpus.size() - offline.size())
				return fail("dead CPUs own slabs: {}", cache.line);
		return pass();
	});
	for (const std::string &file : offline)
		if (!write_file(file, "1"))
			outcome = fail("{} does not come back", file);
	return offline.empty() ? skip("no CPU can go offline") : outcome;
}

Outcome failures_lose_nothing()
{
	unsigned int failed = 0;

	if (!exists(failslab + "probability"))
		return skip("the kernel has no failslab");
	const unsigned long kept = quarantine() ? 300 : 0;
	const unsigned long before = objects_in("filp");

	write_file(failslab + "task-filter", "Y");
	write_file(failslab + "ignore-gfp-wait", "N");
	write_file(failslab + "verbose", "0");
	write_file(failslab + "times", "-1");
	write_file(failslab + "interval", "1");
	write_file(failslab + "probability", "20");
	write_file("/proc/self/make-it-fail", "1");
	for (int round = 0; round < 300; round++) {
		const int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

		if (fd < 0)
			failed++;
		else
			close(fd);
	}
	write_file(failslab + "probability", "0");
	write_file("/proc/self/make-it-fail", "0");

	if (!failed)
		return fail("no allocation failed");
	return tap::patiently(10, [&]() -> Outcome {
		const unsigned long after = objects_in("filp");

		if (after > before + kept + 8)
			return fail("{} files before, {} after", before, after);
		return pass();
	});
}

} // namespace

int main()
{
	return tap::run({
		       {"kmem events fire with their fields", events_fire},
		       {"a control group is charged for its objects", group_is_charged},
		       {"memory goes offline and comes back", memory_goes_offline},
		       {"a CPU that goes leaves no slab behind", cpu_leaves_nothing},
		       {"injected failures lose nothing", failures_lose_nothing},
	       }) != 0;
}
