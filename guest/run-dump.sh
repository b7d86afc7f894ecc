# SPDX-License-Identifier: GPL-2.0-only
# Print /proc/slabinfo twice and fall quiet, so that whoever writes our memory to a file can compare.
# No process comes or goes between the first line and the last: all of this is built into the shell.

show() {
	echo "--- slabinfo $1"
	while read -r line; do
		echo "$line"
	done </proc/slabinfo
	echo "--- end"
}

# The first time longer than CPUs keep slabs that they do not use. Nobody writes into the pipe.
# shellcheck disable=SC3045 # busybox's shell has it
pause() { read -r -t "$1" line <&5; }

mkfifo /tmp/never
exec 5<>/tmp/never
mkdir /tmp/tree
tar -C /tmp/tree -xzf /archive.tar.gz
find /tmp/tree -type f | wc -l
pause 8
show first
pause 4
show second
echo "slub-guest: quiet"
pause 20
true
