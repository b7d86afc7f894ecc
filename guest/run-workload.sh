# SPDX-License-Identifier: GPL-2.0-only
# A short real workload, and what the slabs hold before and after.
# slub.loops= (200) is the messages that hackbench passes.

unpack_and_walk() {
	mkdir /tmp/tree &&
	tar -C /tmp/tree -xzf /archive.tar.gz &&
	find /tmp/tree -type f | wc -l &&
	grep -rl kmem_cache_alloc /tmp/tree | wc -l &&
	rm -rf /tmp/tree
}

fork_storm() {
	local i=0
	while [ $i -lt 300 ]; do
		/bin/true &
		i=$((i + 1))
		[ $((i % 50)) -ne 0 ] || wait
	done
	wait
}

workload() {
	timed "unpack and walk" unpack_and_walk &&
	timed "hackbench" hackbench $pipes -g 4 -l "${loops:-200}" &&
	timed "fork storm" fork_storm
}

loops=$(parameter loops)
# Without sockets it has to be pipes.
pipes=
[ -e /proc/net ] || pipes=-p
echo "--- Linux $(uname -r), allocator $(allocator), $(nproc) CPUs"
show_memory before
workload
status=$?
show_memory after
return $status
