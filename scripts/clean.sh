#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# clean.sh: remove what was built; the unpacked source and the compiler's cache stay.
. "$(dirname "$0")/lib.sh"
lock

rm -rf "${BUILD:?}"/{guest,icount,kernel,log,objects,passed,series,tmp,tree}*
