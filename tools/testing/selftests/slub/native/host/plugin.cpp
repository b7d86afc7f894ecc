// SPDX-License-Identifier: GPL-2.0-only
// A plugin for QEMU's emulation of one program, which counts what the processors that we have show
// no counters of to a guest. Exact, the same each time, and no measure of time.
//
// Debian has no header for plugins; what is declared here is what QEMU 7.2 documents of its
// interface, version 1, in "QEMU TCG Plugins".
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <set>
#include <string>
#include <utility>

#include "count.hpp"

extern "C" {

struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_info_t;

size_t qemu_plugin_tb_n_insns(const qemu_plugin_tb *block);
qemu_plugin_insn *qemu_plugin_tb_get_insn(const qemu_plugin_tb *block, size_t index);
const void *qemu_plugin_insn_data(const qemu_plugin_insn *instruction);
size_t qemu_plugin_insn_size(const qemu_plugin_insn *instruction);
uint64_t qemu_plugin_insn_vaddr(const qemu_plugin_insn *instruction);
void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id,
					   void (*callback)(uint64_t id, qemu_plugin_tb *block));
void qemu_plugin_register_vcpu_insn_exec_cb(qemu_plugin_insn *instruction,
					    void (*callback)(unsigned cpu, void *data), int flags,
					    void *data);
void qemu_plugin_register_vcpu_mem_cb(qemu_plugin_insn *instruction,
				      void (*callback)(unsigned cpu, uint32_t info,
						       uint64_t address, void *data),
				      int flags, int accesses, void *data);
void qemu_plugin_register_vcpu_syscall_cb(
	uint64_t id,
	void (*callback)(uint64_t id, unsigned cpu, int64_t number, uint64_t first, uint64_t second,
			 uint64_t third, uint64_t fourth, uint64_t fifth, uint64_t sixth,
			 uint64_t seventh, uint64_t eighth));

// Of the interface that this was written for.
__attribute__((visibility("default"))) int qemu_plugin_version = 1;
}

namespace
{

constexpr int no_registers = 0, reads_and_writes = 3;

// Where cli and sti were: the link has left a list.
std::set<uint64_t> irq_sites;

// A first level cache of data: 48 KiB in lines of 64 bytes, 12 in a set, the one not used for the
// longest time goes.
class Cache
{
public:
	// Return: whether the line was there.
	bool touch(uint64_t address)
	{
		const uint64_t line = address / 64 + 1;
		auto &set = sets[line % sets.size()];
		size_t place = 0;

		while (place < set.size() - 1 && set[place] != line)
			place++;
		const bool there = set[place] == line;

		// The latest one is first.
		memmove(&set[1], &set[0], place * sizeof(set[0]));
		set[0] = line;
		return there;
	}

private:
	std::array<std::array<uint64_t, 12>, 64> sets{};
};

// Each thread of the program is a CPU of QEMU's.
struct Thread {
	uint64_t from = 0, to = 0; // the instructions that count now
	uint64_t last = 0;         // the address of the one before
	Count count;
	Cache cache;
};
std::array<Thread, 64> threads;

enum Kind : uintptr_t { Plain = 0, Atomic = 1, Irq = 2 };

const std::set<uint8_t> prefixes = {0xf0, 0xf2, 0xf3, 0x2e, 0x36, 0x3e,
				    0x26, 0x64, 0x65, 0x66, 0x67};

// Of an instruction's bytes. What swaps with memory locks it without saying so.
bool is_atomic(const uint8_t *code, size_t size)
{
	size_t at = 0;
	bool locked = false;

	while (at < size && prefixes.count(code[at]))
		locked |= code[at++] == 0xf0;
	if (at < size && (code[at] & 0xf0) == 0x40)
		at++;
	if (locked || at + 1 >= size)
		return locked;
	if (code[at] == 0x86 || code[at] == 0x87)
		return code[at + 1] >> 6 != 3;
	return at + 2 < size && code[at] == 0x0f && code[at + 1] == 0xc7 &&
	       (code[at + 2] >> 3 & 7) == 1;
}

// What there is to know of an instruction fits into a pointer: its address and its kind.
void on_instruction(unsigned cpu, void *data)
{
	Thread &thread = threads[cpu % threads.size()];
	const auto value = reinterpret_cast<uintptr_t>(data);
	const uint64_t address = value / 4;
	const uint64_t before = std::exchange(thread.last, address);

	// What repeats itself, as "rep stos" does, is one instruction.
	if (address < thread.from || address >= thread.to || address == before)
		return;
	thread.count.instructions++;
	thread.count.atomics += value % 4 == Atomic;
	thread.count.irqs += value % 4 == Irq;
}

void on_access(unsigned cpu, uint32_t, uint64_t address, void *)
{
	Thread &thread = threads[cpu % threads.size()];
	const bool there = thread.cache.touch(address);

	thread.count.misses += !there && thread.last >= thread.from && thread.last < thread.to;
}

void on_block(uint64_t, qemu_plugin_tb *block)
{
	for (size_t i = 0; i < qemu_plugin_tb_n_insns(block); i++) {
		qemu_plugin_insn *one = qemu_plugin_tb_get_insn(block, i);
		const auto *code = static_cast<const uint8_t *>(qemu_plugin_insn_data(one));
		const uint64_t address = qemu_plugin_insn_vaddr(one);
		Kind kind = Plain;

		if (irq_sites.count(address))
			kind = Irq;
		else if (is_atomic(code, qemu_plugin_insn_size(one)))
			kind = Atomic;
		qemu_plugin_register_vcpu_insn_exec_cb(
			one, on_instruction, no_registers,
			reinterpret_cast<void *>(address * 4 + kind));
		qemu_plugin_register_vcpu_mem_cb(one, on_access, no_registers, reads_and_writes,
						 nullptr);
	}
}

// The program's memory is where it thinks that it is: one of 64 bits on a host of 64 bits.
void on_call(uint64_t, unsigned cpu, int64_t number, uint64_t what, uint64_t first, uint64_t second,
	     uint64_t, uint64_t, uint64_t, uint64_t, uint64_t)
{
	Thread &thread = threads[cpu % threads.size()];

	if (number != count_call)
		return;
	if (what == count_end) {
		*reinterpret_cast<Count *>(first) = thread.count;
		thread.from = thread.to = 0;
	} else {
		thread.from = first;
		thread.to = second;
	}
	thread.count = {};
}

} // namespace

extern "C" __attribute__((visibility("default"))) int
qemu_plugin_install(uint64_t id, const qemu_info_t *, int count, char **arguments)
{
	static const std::string label = "irq=";

	for (int i = 0; i < count; i++) {
		const std::string argument = arguments[i];

		if (argument.rfind(label, 0) != 0)
			return 1;
		std::ifstream list(argument.substr(label.size()));

		list >> std::hex;
		for (uint64_t address; list >> address;)
			irq_sites.insert(address);
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_block);
	qemu_plugin_register_vcpu_syscall_cb(id, on_call);
	return 0;
}
