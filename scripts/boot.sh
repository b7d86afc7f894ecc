#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# boot.sh RUN: build the kernel that ALLOC= names and boot it with guest/run-RUN.sh.
. "$(dirname "$0")/lib.sh"
find_qemu
lock

run=$1
kernel=$("$SLUB_REPO/scripts/kernel.sh" "${ALLOC:-slub}")
image=$("$SLUB_REPO/scripts/guest.sh" plain)
"$SLUB_REPO/scripts/qemu.sh" "$kernel" "$image" "$run"
