#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The commands' own errors: one line that says what and where; and what in a console is no success.
. "$(dirname "$0")/lib.sh"

fake=$BUILD/objects/fake
rm -rf "$fake"
mkdir -p "$fake"/{bin,kernel,empty}
touch "$fake/kernel/.config"

# fake NAME LINE...: a program of that name, for who has $fake/bin first in PATH
fake() { { echo "#!/bin/bash"; printf '%s\n' "${@:2}"; } >"$fake/bin/$1"; chmod +x "$fake/bin/$1"; }

# refused NAME PATTERN COMMAND...: it fails, and says one line "error:", which matches
refused() {
	local status log
	log=$(log_of "$1")
	run "${@:3}" >"$log" 2>&1 </dev/null
	if [ $status -eq 0 ]; then
		not_ok "$1" "no error"
	elif [ "$(grep -c '^error: ' "$log")" -ne 1 ] || ! grep -qE "^error: .*$2" "$log"; then
		not_ok "$1" "not one line with '$2' in $log"
	else
		ok "$1"
	fi
}

scripts=$SLUB_REPO/scripts
# As a user calls them, without what this test has set.
afresh() { env -u SLUB_REPO -u SLUB_LOCKED "$@"; }
refused "directory with a blank" "blank or a colon: '.*/a b'" afresh BUILD="$fake/a b" "$scripts/tree.sh"
touch "$fake/empty/letter"
refused "directory with other files" "not empty, and was not made by us" afresh BUILD="$fake/empty" "$scripts/tree.sh"
refused "no QEMU" "no QEMU: .* install the Debian package qemu-system-x86" env QEMU=no-qemu "$scripts/boot.sh" workload
refused "no such allocator" "no allocator 'slab2'; ALLOC is one of" "$scripts/kernel.sh" slab2
refused "no number" "SMP=many: not a positive number" env SMP=many "$scripts/qemu.sh" "$fake/kernel" none workload
refused "no number for record" "BUFFER=0: not a positive number" env BUFFER=0 "$scripts/record.sh"
refused "no number of times" "SCALE=half: not a positive number" env SCALE=half "$scripts/record.sh"
refused "no number of events" "EVENTS=few: not a positive number" env EVENTS=few "$scripts/record.sh"
refused "no number for replay" "ROUNDS=0: not a positive number" env ROUNDS=0 "$scripts/replay.sh"
refused "no number for fuzz" "SECONDS=1m: not a positive number" env FUZZ_SECONDS=1m "$scripts/fuzz.sh"
refused "no such fault" "FILTER=none: no fault has such a name" env FILTER=none "$scripts/faults.sh"
refused "no such workload" "no workload 'games'; WORKLOADS= are of" env WORKLOADS=games "$scripts/record.sh"
refused "no such trace" "TRACES=.*/none: no such file; 'make record' makes" env TRACES="$fake/none" "$scripts/replay.sh"
refused "no patch to measure" "no such file; which patch" env PATCH="$fake/none" "$scripts/icount.sh"
refused "no results" "/dev/null holds no results" "$scripts/icount-table.py" slub=/dev/null
refused "no log" "$fake/none: No such file" "$scripts/icount-table.py" "slub=$fake/none"
native=$scripts/native.sh
mkdir -p "$fake/source/mm"
touch "$fake/source"/{Kbuild,mm/slab_common.c,.config}
refused "no such contestant" "no contestant 'slub-7'; it is one of slub, .* or NAME=DIR" "$native" slub-7
refused "contestant without a source" "contestant 'mine=$fake/none': no such directory" "$native" "mine=$fake/none"
refused "contestant of something else" "'mine=$fake/empty': not a kernel source" "$native" "mine=$fake/empty"
refused "contestant built in its source" "not a clean source: it has .config; run 'make mrproper'" "$native" "mine=$fake/source"
refused "contestant of a taken name" "'slab=$fake/source': the name is taken" "$native" "slab=$fake/source"
for command in bench replay; do
	refused "contestant twice in $command" "contestant 'mine' is there twice" \
		env CONTESTANTS="mine=/a mine=/b" "$scripts/$command.sh"
done
refused "bench-memory of another release" "contestant 'slub-6.12': bench-memory runs a kernel of this release" \
	env CONTESTANTS="slub slub-6.12" "$scripts/bench-memory.sh"
refused "bench-memory of no machine" "MACHINES: what is '32'" \
	env MACHINES="1:1 32" "$scripts/bench-memory.sh"
refused "bench-icount of another release" "contestant 'slub-6.12': bench-icount runs a kernel of this release" \
	env CONTESTANTS="slub slub-6.12" "$scripts/bench-icount.sh"

fake df 'echo "Filesystem 1M-blocks Used Available"; echo "full 10 10 0"'
refused "no disk space" "not enough disk space in .*: [0-9]+ MB needed, 0 MB free; make room" \
	afresh BUILD="$fake/build" PATH="$fake/bin:$PATH" "$scripts/tree.sh"
rm "$fake/bin/df"

# A copy of this repository that wants a package that there is not, and has a patch that does not fit.
copy=$fake/repository
mkdir "$copy"
cp -r "$SLUB_REPO"/{scripts,patches,mm,include,tools,Documentation,packages.list} "$copy"
sed -i 's/^\[boot\]/&\nno-such-package/' "$copy/packages.list"
fake id "echo 1000"
fake sudo "exit 1"
refused "neither root nor sudo" "neither root nor sudo.*; as root run: apt-get install no-such-package" \
	afresh PATH="$fake/bin:$PATH" "$copy/scripts/deps.sh" boot
rm "$fake/bin"/{id,sudo}
sed -i 's/^ \(.*slab.*\)/ other \1/' "$copy/patches/0005-mm-slab-proc.patch"
refused "patch that does not apply" "patches/0005.* does not apply to linux-source-6.1 6\.1\." \
	afresh BUILD="$fake/build" "$copy/scripts/series.sh"

# What a program has explained is not explained again by the script that has called it.
fake_script() { fake "$@"; mv "$fake/bin/$1" "$copy/scripts/$1"; }
touch "$fake/trace"
mkdir -p "$fake/build/native/host"
fake_script native.sh "echo $fake/kernel"
fake replay 'echo "error: a trace of nothing" >&2' "exit 1"
mv "$fake/bin/replay" "$fake/build/native/host/replay"
refused "replay that fails" "a trace of nothing" \
	afresh BUILD="$fake/build" TRACES="$fake/trace" CONTESTANTS=slub "$copy/scripts/replay.sh"
fake_script kernel.sh "echo $fake/kernel"
fake_script module.sh "echo $fake/none"
fake_script guest.sh "echo $fake/none"
fake_script qemu.sh ': >"$SLUB_LOG"'
refused "nothing counted" "icount-slub.log holds no results; is there a test of that name" \
	afresh BUILD="$fake/build" TESTS=none CONTESTANTS=slub "$copy/scripts/bench-icount.sh"

# ---- The judge of consoles ----

end='echo "slub-guest: workload ended with status 0"'
guest() { env QEMU="$fake/bin/qemu" SLUB_LOG="$fake/console" "$@" "$scripts/qemu.sh" "$fake/kernel" none workload; }

fake qemu 'echo "[    1.0] all is well"' "$end"
attempt "console: clean" guest
fake qemu 'exec sleep 60'
refused "console: a guest that hangs" "not ended after 1 s" guest TIMEOUT=1
fake qemu 'echo "[    1.0] all is well"'
refused "console: no end" "died before its end" guest
fake qemu 'echo "slub-guest: workload ended with status 4"'
refused "console: a workload that fails" "failed with status 4" guest
while read -r line; do
	fake qemu "echo '[    1.0] $line'" "$end"
	refused "console: $line" "the (kernel complained|guest starved)" guest
done <<'END'
WARNING: CPU: 0 PID: 1 at mm/slub.c:1
BUG: kernel NULL pointer dereference
BUG kmalloc-64: Redzone overwritten
Oops: 0002
Kernel panic - not syncing
WARNING: possible circular locking dependency detected
WARNING: possible recursive locking detected
WARNING: inconsistent lock state
BUG: sleeping function called from invalid context
[ BUG: Invalid wait context ]
WARNING: suspicious RCU usage
rcu: INFO: rcu_sched self-detected stall on CPU
INFO: task init:1 blocked for more than 120 seconds.
SLUB: bad free: object of another cache
SLUB: free list corrupt, objects set aside
kmemleak: 3 new suspected memory leaks
general protection fault
END
nop='echo "[    1.0] int3: 0000 [#1] SMP"; echo "[    1.0] Code: 84 60 02 00 00 0f <1f> 44 00 00 4d 89"; echo "[    1.0] Kernel panic - not syncing"'
fake qemu "$nop"
refused "console: a breakpoint that is gone" "guest starved: its emulation ran a breakpoint" guest
fake qemu "${nop/0f <1f>/cc <1f>}"
refused "console: a breakpoint that is there" "kernel complained" guest
fake qemu 'echo "[    1.0] BUG slub_test_a: Redzone overwritten"' 'echo "[    1.0] SLUB: bad free: cache slub_test_a; leaked"' "$end"
attempt "console: what KUnit provokes" guest
