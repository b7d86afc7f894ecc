# SPDX-License-Identifier: GPL-2.0-only
# What several of the guest's scripts use.

# parameter NAME: what the kernel's command line says about slub.NAME=
parameter() { sed -n "s/.*slub\.$1=\([^ ]*\).*/\1/p" /proc/cmdline; }

allocator() { zcat /proc/config.gz | sed -n 's/^CONFIG_\(SL[AUO]B\)=y/\1/p'; }

# show_memory WHEN: what the slabs hold
show_memory() {
	echo "--- slab memory $1"
	grep -E '^(MemFree|Slab|SReclaimable|SUnreclaim|Percpu):' /proc/meminfo
	cat /proc/slabinfo 2>/dev/null || echo "no /proc/slabinfo"
}

# find_leaks: have kmemleak look, if there is one. What it meets first may be on its way still; of what
# it meets twice the kernel complains.
find_leaks() {
	local leaks=/sys/kernel/debug/kmemleak
	[ -e $leaks ] && echo scan >$leaks || return 0
	sleep 6
	echo scan >$leaks
	cat $leaks
	echo "--- kmemleak has looked"
}

number=0
failed=0

# result ok|"not ok" NAME: a line of TAP
result() {
	number=$((number + 1))
	echo "$1 $number - $2"
	[ "$1" = ok ] || failed=1
}

# check NAME COMMAND...: ok if it succeeds
check() {
	local name=$1
	shift
	if "$@"; then
		result ok "$name"
	else
		result "not ok" "$name"
	fi
}

# timed LABEL COMMAND...
timed() {
	local label=$1 start end status
	shift
	read -r start _ </proc/uptime
	"$@"
	status=$?
	read -r end _ </proc/uptime
	echo "--- $label: status $status, $(echo "$end $start" | awk '{ printf "%.2f", $1 - $2 }') s"
	return $status
}
