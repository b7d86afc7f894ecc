#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# config.sh TREE OUT FRAGMENT...: make OUT/.config from nothing but these fragments.
#
# Later fragments override earlier ones. Kconfig drops silently what it cannot grant (a missing
# dependency, say), so every line is compared with the result.
. "$(dirname "$0")/lib.sh"

tree=$1
out=$2
shift 2

# One line an option, the last one given.
cat "$@" | sed -nE '/^(# )?(CONFIG_[A-Za-z0-9_]+)(=| is not set)/p' |
	awk '{ name = $0; sub(/^# /, "", name); sub(/[= ].*/, "", name); line[name] = $0 }
	     END { for (name in line) print line[name] }' | sort >"$out/wanted.config"

kernel_make "$tree" "$out" KCONFIG_ALLCONFIG="$out/wanted.config" allnoconfig

# An option that is off may also be absent altogether.
dropped=$(awk -F'[= ]' '
	NR == FNR { if (/^CONFIG_/) got[$1] = $0; next }
	/^#/ ? $2 in got : got[$1] != $0' "$out/.config" "$out/wanted.config" | paste -sd';')
[ -z "$dropped" ] || die "the kernel's configuration did not take: $dropped; is a dependency missing?"
