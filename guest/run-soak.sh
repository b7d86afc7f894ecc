# SPDX-License-Identifier: GPL-2.0-only
# slub.minutes= of load on the allocator: processes, files, sockets, queues.

file_storm() {
	local i=0
	mkdir /tmp/storm
	while [ $i -lt 2000 ]; do
		echo $i >/tmp/storm/$i
		i=$((i + 1))
	done
	rm -r /tmp/storm
}

fork_storm() {
	local i=0
	while [ $i -lt 300 ]; do
		true | true &
		i=$((i + 1))
	done
	wait
}

# A CPU goes and comes, and users look at all caches and shrink them, amidst traffic.
machine_storm() {
	local i=0 cpu=/sys/devices/system/cpu/cpu1/online file load
	hackbench -g 2 -l 100 >/dev/null &
	load=$!
	while [ $i -lt 4 ]; do
		echo $((i % 2)) >$cpu || return
		cat /sys/kernel/slab/*/objects /sys/kernel/slab/*/slabs_cpu_partial /proc/slabinfo >/dev/null || return
		for file in /sys/kernel/slab/*/shrink; do
			echo 1 >"$file" || return
		done
		i=$((i + 1))
	done
	wait $load
}

stress() {
	stress-ng --temp-path /tmp --timeout 20 --metrics-brief \
		--dentry 1 --dir 1 --epoll 1 --eventfd 1 --fork 1 --inotify 1 --link 1 --mmapfork 1 \
		--mq 1 --msg 1 --open 1 --pipe 1 --poll 1 --rename 1 --sem-sysv 1 --shm-sysv 1 \
		--sigq 1 --sockpair 1 --symlink 1 --timerfd 1 --vfork 1
}

seconds=$(($(parameter minutes) * 60))
begin=$(date +%s)
elapsed() { echo $(($(date +%s) - begin)); }
rounds=0
status=0
show_memory before
while [ $status -eq 0 ] && [ "$(elapsed)" -lt $seconds ]; do
	timed hackbench hackbench -g 4 -l 50 &&
	timed "file storm" file_storm &&
	timed "fork storm" fork_storm &&
	timed "machine storm" machine_storm &&
	timed stress-ng stress
	status=$?
	rounds=$((rounds + 1))
done
show_memory after
find_leaks 2>/dev/null
echo "--- soak: $rounds rounds in $(elapsed) s"
[ $status -eq 0 ] && [ "$(elapsed)" -ge $seconds ]
