# SPDX-License-Identifier: GPL-2.0-only
# The front door: see "make help". The work is done by scripts/.

MAKEFLAGS += --no-print-directory
export ALLOC CACHE BUILD SMP NODES MEM CMDLINE TIMEOUT QEMU FILTER MINUTES FLAVOURS PATCH RUNS CONTESTANTS TESTS ROUNDS MODE IRQ_COST WORKLOADS SCALE EVENTS BUFFER TRACES MACHINES

help:
	@sed -n 's/^#: \{0,1\}//p' Makefile

#: make boot          build the kernel, boot it in QEMU, run a workload in it
#: make shell         the same kernel, with a shell in the guest
#: make check         all tests; the last line counts them
#: make tree          the patched kernel source; the last line is its directory
#: make series        the patches for "git am"; the last line is their directory
#: make faults        break the allocator on purpose; every fault must be caught
#: make fuzz          operations that a fuzzer makes up, on the allocator in a process
#: make soak          ten minutes of load under the debugging kernels
#: make icount        what PATCH= of the allocator costs, in instructions
#: make bench         allocators side by side at native speed: tables and plots
#: make bench-icount  the same in the kernel, in QEMU: a table of instructions
#: make bench-memory  what the slabs of guests with many CPUs take, allocators side by side
#: make record        what workloads in a guest ask of the allocator: traces
#: make replay        such traces through allocators side by side: memory and time
#: make clean         remove the build directory
#:
#: Variables, with their defaults:
#:   ALLOC=slub       or stock-slub (the tree's own), slab, slob
#:   SMP=2 NODES=2 MEM=1024    processors, NUMA nodes and megabytes of the guest
#:   CMDLINE=         more for the kernel's command line, e.g. "slab_min_order=2 slab_nomerge"
#:   TIMEOUT=         seconds until a guest counts as hung (300, and 20 for each processor)
#:   FILTER=          only the tests, or faults, whose file name matches this expression
#:   MINUTES=10       of soak under each kernel
#:   FLAVOURS="lockdep kcsan kasan"  the kernels of soak; lockdep+kasan+hardened is one with all three
#:   CONTESTANTS="slub stock-slub slab slub-6.12"  of make bench and replay; also slob, and NAME=DIR:
#:                    the allocator of the kernel source in DIR
#:   CONTESTANTS="slub stock-slub slab slob"       of make bench-icount; no other release
#:   MODE=quick       for 3 minutes, the tests that tell the most; or full, for 10 to 30 minutes
#:   TESTS=. ROUNDS=15        which of its tests, and how often each contestant runs them (41 if full);
#:                    of make bench-icount: those with TESTS= in their names
#:   IRQ_COST=3.5     cycles that make bench credits each cli and sti with, in a column of its own
#:   MACHINES="1:1 8:1 32:1 32:4 64:1"   of make bench-memory: CPUs:nodes; ROUNDS=3
#:   ROUNDS=5         of make replay: how often each trace goes through each contestant
#:   WORKLOADS=       of make record: boot unpack hackbench network forks; EVENTS= cuts, BUFFER=64 (MB)
#:   SCALE=1          of make record: how many times as long all but boot run
#:   TRACES=          of make replay, files; those that come with it, if none is named
#:   SECONDS=60       of make fuzz
#:   PATCH= RUNS=5    for make icount, e.g. PATCH=bench/no-checks.patch
#:   QEMU=qemu-system-x86_64
#:   CACHE=~/.cache/slub       the unpacked source and the compiler's cache
#:   BUILD=$CACHE/build        all that is built

boot:
	@scripts/deps.sh boot
	@scripts/boot.sh workload

shell:
	@scripts/deps.sh boot
	@scripts/boot.sh shell

tree series:
	@scripts/deps.sh boot
	@scripts/$@.sh

check:
	@scripts/deps.sh boot check native
	@scripts/check.sh

soak:
	@scripts/deps.sh boot soak
	@scripts/soak.sh

faults:
	@scripts/deps.sh boot native
	@scripts/native-faults.sh
	@scripts/faults.sh

# It is a variable of the shell's, too.
unexport SECONDS
fuzz:
	@scripts/deps.sh boot native
	@FUZZ_SECONDS=$(or $(SECONDS),60) scripts/fuzz.sh

icount:
	@scripts/deps.sh boot
	@scripts/icount.sh

bench:
	@scripts/deps.sh boot bench
	@scripts/bench.sh

bench-icount:
	@scripts/deps.sh boot bench
	@scripts/bench-icount.sh

bench-memory:
	@scripts/deps.sh boot
	@scripts/bench-memory.sh

record:
	@scripts/deps.sh boot record
	@scripts/record.sh

replay:
	@scripts/deps.sh boot bench
	@scripts/replay.sh

clean:
	@scripts/clean.sh

.PHONY: help boot shell tree series check soak faults fuzz icount bench bench-icount bench-memory record replay clean
