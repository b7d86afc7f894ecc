#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The format of traces, and the traces that come with the harness.
. "$(dirname "$0")/lib.sh"

native=$SLUB_REPO/tools/testing/selftests/slub/native
out=$BUILD/objects/native

unit() {
	make -C "$native" OUT="$out" unit
	cd "$native"
	"$out/host/unit"
}

unless_unchanged "traces" "$(hash_of "$native"/Makefile "$native"/host/{trace,unit}.?pp "$native"/traces/*)" unit
