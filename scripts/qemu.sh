#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# qemu.sh KERNEL INITRAMFS RUN: boot with guest/run-RUN.sh, show and log the console, judge it.
#
# SMP=, NODES= and MEM= (megabytes) size the guest, CMDLINE= adds to the kernel's command line. With
# SLUB_BARE= the last processor is on one node more, without memory.
# After TIMEOUT= seconds the guest counts as hung. SLUB_LOG= names the console's log.
# With SLUB_ICOUNT= an instruction takes a nanosecond, and nothing else takes time or varies: the same
# kernel and initramfs write the same log.
# Console lines that match SLUB_EXPECT= are no complaints.
# SLUB_DISK= is the image of a disk for it.
# When the guest says that it is quiet, its memory is written to SLUB_DUMP=, as an ELF core.
. "$(dirname "$0")/lib.sh"

kernel=$1
image=$2
run=$3
: "${SMP:=2}" "${NODES:=2}" "${MEM:=1024}" "${CMDLINE:=}"
positive "SMP=$SMP" "NODES=$NODES" "MEM=$MEM"
: "${TIMEOUT:=$((300 + 20 * SMP))}"
log=${SLUB_LOG:-$BUILD/log/console.log}
end="slub-guest: $run ended with status"

complaints='\bBUG\b|\bWARNING:|\bOops|Call Trace|Kernel panic|general protection fault|Unable to handle'
complaints+='|possible (circular|recursive|irq)|inconsistent lock state|Invalid wait context'
complaints+='|suspicious RCU|rcu:.*(stall|detected)|INFO: |DEBUG_LOCKS_WARN_ON|Failed to execute'
complaints+='|SLUB: (bad free|free list corrupt|double free|objects in use)|kmemleak: .* new suspected'
# What a guest complains of when the host does not give it its time.
starved='soft lockup|\brcu[:_].*(stall|detected|starved)|blocked for more than|Call Trace|interrupt took'
# With several CPUs the emulation may run the breakpoint that patching code puts there for a moment when
# it is gone: the code that the kernel prints is a whole nop, or a jump, by then.
stale='int3: 0000 .*Code: [0-9a-f ]*(0f <1f> 44 00 00|e9 <[0-9a-f]{2}>) '

# What our KUnit suites and the kernel's slub_kunit provoke: reports about caches of theirs, and the
# stack that may end such a report. What slub_debug=T prints is none. Print all other lines of the
# console, numbered.
unprovoked() {
	awk '/BUG (slub_test_|TestSlub_)|TRACE [^ ]+ (alloc|free) 0x/ { stack = 1; next }
	     stack && /Call Trace/ { stack = 0; next }
	     /SLUB: .*(slub_test_|TestSlub_)/ { next }
	     { print NR ":" $0 }'
}

accelerator=(-accel tcg)
if [ -n "${SLUB_ICOUNT:-}" ]; then
	accelerator+=(-icount "shift=0,sleep=off" -rtc "base=2020-01-01T00:00:00,clock=vm" -seed 1
		-cpu "qemu64,+rdtscp")
elif grep -qwE 'svm|vmx' /proc/cpuinfo && [ -w /dev/kvm ]; then
	accelerator=(-accel kvm -cpu host)
fi

nodes() {
	local node first next cpus=$((${SLUB_BARE:+-1} + SMP))
	for ((node = 0; node < NODES; node++)); do
		first=$((node * cpus / NODES))
		next=$(((node + 1) * cpus / NODES))
		echo "-object memory-backend-ram,id=m$node,size=$((MEM / NODES))M"
		echo "-numa node,nodeid=$node,memdev=m$node$( ((next > first)) && echo ",cpus=$first-$((next - 1))")"
	done
	[ -z "${SLUB_BARE:-}" ] || echo "-numa node,nodeid=$NODES,cpus=$cpus"
}

# The 8250's own console takes a spinlock: with CONFIG_PROVE_RAW_LOCK_NESTING every message from a
# hard interrupt would be a complaint of lockdep's. The early console takes none.
console="console=ttyS0"
if grep -q '^CONFIG_PROVE_RAW_LOCK_NESTING=y' "$kernel/.config"; then
	console="console=null earlycon=uart8250,io,0x3f8 keep_bootcon"
fi

# A kernel without ACPI cannot be told of nodes; one with CONFIG_NUMA_EMU makes its own. Workqueues warn
# of one of those without a processor.
fake_nodes=
if ! grep -q '^CONFIG_ACPI=y' "$kernel/.config" && grep -q '^CONFIG_NUMA_EMU=y' "$kernel/.config"; then
	fake_nodes="numa=fake=$((NODES < SMP ? NODES : SMP))"
fi

command=("$QEMU" "${accelerator[@]}" -bios qboot.rom -nodefaults -display none -serial mon:stdio -no-reboot
	-smp "$SMP,sockets=$SMP" -m "$((MEM / NODES * NODES))" $(nodes)
	-kernel "$kernel/arch/x86/boot/bzImage" -initrd "$image"
	-append "$console panic=-1 reboot=t $fake_nodes slub.run=$run $CMDLINE")

[ -z "${SLUB_DISK:-}" ] || command+=(-drive "file=$SLUB_DISK,format=raw,if=virtio,cache=unsafe")

if [ "$run" = shell ]; then
	exec "${command[@]}"
fi

# Give the order when the guest is quiet. It does not run while its memory is written. With -p, which
# adds virtual addresses, drgn finds page tables.
dump_when_quiet() {
	until grep -q '^slub-guest: quiet' "$log"; do
		sleep 0.2
	done
	echo "dump-guest-memory -p \"$SLUB_DUMP\"" >"$monitor/pipe.in"
}

if [ -n "${SLUB_DUMP:-}" ]; then
	monitor=$(mktemp -d)
	mkfifo "$monitor"/pipe.{in,out}
	command+=(-device vmcoreinfo -chardev "pipe,id=monitor,path=$monitor/pipe" -mon monitor)
	rm -f "$SLUB_DUMP"
	: >"$log"
	dump_when_quiet &
	watcher=$!
	trap 'kill $watcher 2>/dev/null || :; rm -rf "$monitor"' EXIT
fi

status=0
timeout --foreground "$TIMEOUT" "${command[@]}" </dev/null | stdbuf -oL tr -d '\r' | tee "$log" || status=$?
[ $status -ne 124 ] || die "the guest starved or hung: not ended after $TIMEOUT s (TIMEOUT=); the console's end is above, all of it in $log"
[ $status -eq 0 ] || die "QEMU failed with status $status; see $log"

found=$(unprovoked <"$log" | grep -E "$complaints" | grep -vE "${SLUB_EXPECT:-^$}" || :)
if [ -n "$found" ]; then
	head -n 30 <<<"$found" >&2 || :
	! tr '\n' ' ' <"$log" | grep -qE "$stale" || die "the guest starved: its emulation ran a breakpoint that was gone; the console's log is $log"
	! grep -qvE "$starved" <<<"$found" || die "the kernel complained (lines above); the console's log is $log"
	die "the guest starved (lines above); the console's log is $log"
fi
ended=$(sed -n "s/^$end //p" "$log")
[ -n "$ended" ] || die "the guest died before its end; see $log"
[ "$ended" = 0 ] || die "the guest's $run failed with status $ended; see $log"
[ -z "${SLUB_DUMP:-}" ] || [ -s "$SLUB_DUMP" ] || die "the guest starved: QEMU wrote no $SLUB_DUMP; see $log"
