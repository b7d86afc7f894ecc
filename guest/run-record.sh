# SPDX-License-Identifier: GPL-2.0-only
# Record what slub.workload= asks of the allocator, with the kernel's own events, and write that to the
# disk: record.dat, and the list of caches. For "boot" the command line has turned the events on, and
# boot is over now. slub.buffer= is the room for events, in kilobytes a CPU; all other workloads run
# slub.scale= times as long.

tracing=/sys/kernel/tracing
disk=/tmp/disk
scale=$(parameter scale)

mount_disk() { mount -t ext4 /dev/vda $disk; }

# Onto a disk, then read with nothing of it in memory, then removed.
unpack_once() {
	mkdir $disk/tree &&
	tar -C $disk/tree -xzf /archive.tar.gz &&
	umount $disk && mount_disk &&
	find $disk/tree -type f | wc -l &&
	grep -rl kmem_cache_alloc $disk/tree | wc -l &&
	rm -rf $disk/tree/include
}

# What the last round has left, the next one removes.
run_unpack() {
	local i=0
	while [ $i -lt "$scale" ]; do
		rm -rf $disk/tree && unpack_once || return
		i=$((i + 1))
	done
}

run_hackbench() { hackbench -g 2 -l $((60 * scale)); }

# hackbench does not wait for a connection that it is about to accept: now and then it is too early.
run_connections() {
	local try
	for try in 1 2 3 4 5; do
		! hackbench -i -g 1 -l $((60 * scale)) || return 0
	done
	return 1
}

# Messages over connections that stay, a stream, and short connections.
run_network() {
	local i=0
	run_connections &&
	dd if=/dev/zero bs=64k count=$((320 * scale)) 2>/dev/null | nc 127.0.0.1 9 &&
	while [ $i -lt $((40 * scale)) ]; do
		wget -q -O /dev/null http://127.0.0.1/archive.tar.gz || return
		i=$((i + 1))
	done
}

# Fifty processes at a time, each of which executes a program.
run_forks() {
	local i=0
	while [ $i -lt $((400 * scale)) ]; do
		/bin/true &
		i=$((i + 1))
		[ $((i % 50)) -ne 0 ] || wait
	done
	wait
}

start_network() {
	ifconfig lo 127.0.0.1 up &&
	httpd -h / &&
	{ nc -l -p 9 >/dev/null & }
}

# No event may have been lost, on any CPU.
none_lost() {
	! grep -HE '^(overrun|commit overrun|dropped events): [^0]' $tracing/per_cpu/cpu*/stats
}

# A line a cache: name, size of an object, size that it takes, alignment, flags. Names of merged caches
# are aliases, and there must be none.
list_caches() {
	local name flags size takes align
	awk 'NR > 2 { print $1, $6 ~ /^[A-Za-z]+$/ ? $6 : "-" }' /proc/slabinfo |
		while read -r name flags; do
			read -r size <"/sys/kernel/slab/$name/object_size" &&
			read -r takes <"/sys/kernel/slab/$name/slab_size" &&
			read -r align <"/sys/kernel/slab/$name/align" &&
			echo "$name $size $takes $align $flags" || return
		done
}

record() {
	local workload=$1
	mkdir -p $disk && mount_disk || return
	if [ "$workload" != boot ]; then
		[ "$workload" != network ] || start_network || return
		echo 0 >$tracing/tracing_on
		trace-cmd start -C global -b "$(parameter buffer)" -e kmem:kmalloc -e kmem:kfree \
			-e kmem:kmem_cache_alloc -e kmem:kmem_cache_free || return
		timed "$workload" "run_$workload" || return
	fi
	echo 0 >$tracing/tracing_on
	none_lost &&
	list_caches >$disk/caches &&
	trace-cmd extract -o $disk/record.dat &&
	umount $disk
}

record "$(parameter workload)"
