// SPDX-License-Identifier: GPL-2.0-only
// cli and sti are not for a process: each becomes an instruction of the same length that does
// nothing. Where they are, the link has written to a file beside the program.
#include "text.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "../kernel/host.h"

extern "C" char __start_ktext[], __stop_ktext[];

namespace text
{

namespace
{

constexpr unsigned char cli = 0xfa, sti = 0xfb, nop = 0x90;

[[noreturn]] void fail(const std::string &what)
{
	fprintf(stderr, "error: %s\n", what.c_str());
	exit(1);
}

bool in_kernel(unsigned long ip)
{
	return ip >= reinterpret_cast<unsigned long>(__start_ktext) &&
	       ip < reinterpret_cast<unsigned long>(__stop_ktext);
}

void on_signal(int number, siginfo_t *, void *context)
{
	auto *registers = static_cast<ucontext_t *>(context)->uc_mcontext.gregs;
	unsigned long ip = registers[REG_RIP];

	if (number == SIGILL && in_kernel(ip) && native_trap(&ip)) {
		registers[REG_RIP] = ip;
		return;
	}
	// Who watches this process, a fuzzer, say, waits for nothing but that.
	fprintf(stderr, "error: signal %d at %#lx\n", number, ip);
	abort();
}

void catch_signals()
{
	struct sigaction action = {};

	action.sa_sigaction = on_signal;
	action.sa_flags = SA_SIGINFO;
	sigaction(SIGSEGV, &action, nullptr);
	sigaction(SIGILL, &action, nullptr);
}

std::string sites_file()
{
	char path[4096];
	const ssize_t length = readlink("/proc/self/exe", path, sizeof(path));

	if (length <= 0)
		fail("no /proc/self/exe");
	return std::string(path, length) + ".irq";
}

void leave_out_irq()
{
	std::ifstream sites(sites_file());
	unsigned long address, count = 0;

	for (sites >> std::hex; sites >> address; count++) {
		auto *at = reinterpret_cast<unsigned char *>(address);

		if (!in_kernel(address) || (*at != cli && *at != sti))
			fail(sites_file() + " is not of this program; build it again");
		*at = nop;
	}
	if (!count)
		fail(sites_file() + ": no cli, no sti; build it again");
}

void protect(int protection)
{
	const unsigned long start =
		reinterpret_cast<unsigned long>(__start_ktext) & ~(NATIVE_PAGE_SIZE - 1);
	const unsigned long end = reinterpret_cast<unsigned long>(__stop_ktext);

	if (mprotect(reinterpret_cast<void *>(start), end - start, protection))
		fail("the kernel's text cannot be made writable");
}

} // namespace

void prepare()
{
	protect(PROT_READ | PROT_WRITE | PROT_EXEC);
	native_alternatives();
	leave_out_irq();
	protect(PROT_READ | PROT_EXEC);
	catch_signals();
}

} // namespace text
