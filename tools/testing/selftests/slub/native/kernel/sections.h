/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SLUB_NATIVE_SECTIONS_H
#define SLUB_NATIVE_SECTIONS_H
/*
 * Where sections begin and end: kernel.lds has named them. Some may be missing.
 */
#include <linux/bug.h>
#include <linux/init.h>
#include <asm/alternative.h>

extern char __start_percpu[], __stop_percpu[];
extern struct alt_instr __start_altinstructions[], __stop_altinstructions[];
extern struct bug_entry __start_bugtable[] __weak, __stop_bugtable[] __weak;
extern initcall_entry_t __start_initcalls[] __weak, __stop_initcalls[] __weak;
extern struct obs_kernel_param __start_setup[] __weak, __stop_setup[] __weak;

#endif /* SLUB_NATIVE_SECTIONS_H */
