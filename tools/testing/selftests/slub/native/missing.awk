# SPDX-License-Identifier: GPL-2.0-only
# From what "nm -u" prints: for each symbol that neither side has, a function that tells its name.
# What sanitizers and coverage need is the compiler's; they also want to see memset() and the like.
BEGIN { print ".section .note.GNU-stack, \"\", @progbits\n.text" }
$2 !~ /^(native_|__start_|__stop_|__asan_|__ubsan_|__sanitizer_|mem(set|cpy|move)$)/ {
	printf ".globl %s\n%s:\n\tlea name_%d(%%rip), %%rdi\n\tcall native_missing\nname_%d: .asciz \"%s\"\n", $2, $2, NR, NR, $2
}
