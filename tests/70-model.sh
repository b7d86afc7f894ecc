#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The models of the slab word, of a CPU and its place, of counts and of orderings: spin searches all
# interleavings, with every safeguard in its place and with each of them taken out.
. "$(dirname "$0")/lib.sh"

model=$SLUB_REPO/tools/testing/selftests/slub/model
out=$BUILD/objects/model

mkdir -p "$out"
remembered model "$(hash_of "$model"/*)" run "$model/run.sh" "$out"
