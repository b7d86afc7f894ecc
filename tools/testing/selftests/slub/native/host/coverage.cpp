// SPDX-License-Identifier: GPL-2.0-only
// Tells the fuzzer which parts of the kernel's code an input has reached. GCC has each of them call
// a function, as for KCOV, which the link has given this name; the fuzzer looks at what is in this
// section, too.
#include <cstdint>

namespace
{

constexpr uintptr_t places = 1 << 16;
__attribute__((section("__libfuzzer_extra_counters"))) unsigned char reached[places];

} // namespace

extern "C" char __start_ktext[];

extern "C" void native_reached()
{
	const auto from = reinterpret_cast<uintptr_t>(__builtin_return_address(0));
	unsigned char &count =
		reached[(from - reinterpret_cast<uintptr_t>(__start_ktext)) % places];

	if (count < 255)
		count++;
}
