// SPDX-License-Identifier: GPL-2.0-only
// What is counted of an operation, and how a program asks for it: it makes a system call that no
// kernel has. QEMU shows it to the plugin; see plugin.cpp.
#ifndef SLUB_NATIVE_COUNT_HPP
#define SLUB_NATIVE_COUNT_HPP

struct Count {
	double instructions = 0;
	double atomics = 0; // locked instructions, and cmpxchg16b whether locked or not
	double irqs = 0;    // cli and sti
	double misses = 0;  // of the first level of data cache, simulated
};

constexpr long count_call = 0x51ab;
constexpr long count_begin = 1; // instructions from one address to another
constexpr long count_end = 2;   // into the Count that is pointed to

#endif
