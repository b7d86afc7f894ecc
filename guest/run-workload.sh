# SPDX-License-Identifier: GPL-2.0-only
# A short real workload, and what the slabs hold before and after.
# slub.loops= (200) says how long: messages that hackbench passes, processes that are forked.

unpack_and_walk() {
	mkdir /tmp/tree &&
	tar -C /tmp/tree -xzf /archive.tar.gz &&
	find /tmp/tree -type f | wc -l &&
	grep -rl kmem_cache_alloc /tmp/tree | wc -l &&
	rm -rf /tmp/tree
}

fork_storm() {
	local i=0
	while [ $i -lt $((100 + loops)) ]; do
		/bin/true &
		i=$((i + 1))
		[ $((i % 50)) -ne 0 ] || wait
	done
	wait
}

workload() {
	timed "unpack and walk" unpack_and_walk &&
	timed "hackbench" hackbench $pipes -g $((1 + loops / 60)) -l "$loops" &&
	timed "fork storm" fork_storm
}

loops=$(parameter loops)
: "${loops:=200}"
# Without sockets it has to be pipes.
pipes=
[ -e /proc/net ] || pipes=-p
echo "--- Linux $(uname -r), allocator $(allocator), $(nproc) CPUs"
show_memory before
workload
status=$?
show_memory after
find_leaks 2>/dev/null
return $status
