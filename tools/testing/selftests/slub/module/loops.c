// SPDX-License-Identifier: GPL-2.0-only
/*
 * The very loops that the native harness measures, so that both measure the
 * same code: compiled once more, into this module.
 */
#include "../native/kernel/loops.c"
