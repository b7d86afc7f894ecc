// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel does to its own text at boot, done here in a process.
 *
 * Alternatives: at places where a better instruction exists for some processors,
 * the kernel patches it in. Without that, the allocators would call an emulation
 * of cmpxchg16b. Applied in order, as several may be for the same place.
 *
 * BUG() and WARN() are an undefined instruction, and a table which says what it
 * means; the host calls native_trap() when it meets one.
 */
#include <linux/bug.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <asm/alternative.h>
#include <asm/cpufeature.h>
#include <asm/processor.h>

#include "compat.h"
#include "host.h"
#include "sections.h"

/*
 * The words of features that the code in question asks for. What is missing here
 * is not patched in, and costs a contestant what it would not pay in a kernel.
 */
static void find_features(void)
{
	u32 eax, ebx, ecx, edx, *words = boot_cpu_data.x86_capability;

	cpuid(1, &eax, &ebx, &ecx, &edx);
	words[CPUID_1_EDX] = edx;
	words[CPUID_1_ECX] = ecx;
	cpuid(0x80000001, &eax, &ebx, &ecx, &edx);
	words[CPUID_8000_0001_EDX] = edx;
	words[CPUID_8000_0001_ECX] = ecx;
	cpuid_count(7, 0, &eax, &ebx, &ecx, &edx);
	words[CPUID_7_0_EBX] = ebx;
	words[CPUID_7_EDX] = edx;
	cpuid_count(7, 1, &eax, &ebx, &ecx, &edx);
	words[CPUID_7_1_EAX] = eax;
	/* Supervisor features mean nothing here. */
	clear_bit(X86_FEATURE_SMAP, (unsigned long *)words);
	set_bit(X86_FEATURE_REP_GOOD, (unsigned long *)words);
	boot_cpu_data.x86_cache_alignment = 64;
}

/* Instructions of any length that do nothing. */
static void pad(u8 *text, size_t length)
{
	memset(text, 0x90, length);
}

static void replace(const struct alt_instr *a)
{
	u8 *text = (u8 *)&a->instr_offset + a->instr_offset;
	u8 *with = (u8 *)&a->repl_offset + a->repl_offset;
	u8 code[256];
	unsigned int i;

	memcpy(code, with, a->replacementlen);
	/* A call or jump is relative to where it stands. */
	if (a->replacementlen == 5 && (code[0] == 0xe8 || code[0] == 0xe9))
		*(s32 *)(code + 1) += with - text;
	/* So is a conditional jump, as in memmove(); nothing else here has these bytes. */
	for (i = 0; i + 6 <= a->replacementlen; i++)
		if (code[i] == 0x0f && (code[i + 1] & 0xf0) == 0x80)
			*(s32 *)(code + i + 2) += with - text;
	pad(code + a->replacementlen, a->instrlen - a->replacementlen);
	memcpy(text, code, a->instrlen);
}

/* Text must be writable. */
void native_alternatives(void)
{
	const struct alt_instr *a;

	find_features();
	for (a = __start_altinstructions; a < __stop_altinstructions; a++)
		if (!boot_cpu_has(alternative_feature(a)) != !alternative_inverted(a))
			replace(a);
}

static void say(const struct bug_entry *bug, unsigned long ip)
{
	const char *what = bug->flags & BUGFLAG_WARNING ? "WARNING" : "BUG";

#ifdef CONFIG_DEBUG_BUGVERBOSE
	pr_warn("%s at %s:%u\n", what, (char *)&bug->file_disp + bug->file_disp, bug->line);
#else
	pr_warn("%s at %lx\n", what, ip);
#endif
}

/* An undefined instruction at @ip. Return: whether to go on, and where. */
bool native_trap(unsigned long *ip)
{
	struct bug_entry *bug;

	for (bug = __start_bugtable; bug < __stop_bugtable; bug++) {
		if ((unsigned long)&bug->bug_addr_disp + bug->bug_addr_disp != *ip)
			continue;
		if (!(bug->flags & BUGFLAG_DONE))
			say(bug, *ip);
		if (bug->flags & BUGFLAG_ONCE)
			bug->flags |= BUGFLAG_DONE;
		if (!(bug->flags & BUGFLAG_WARNING))
			return false;
		*ip += 2;
		return true;
	}
	return false;
}
