#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-only
# The guest's first process: mount what is needed, run what slub.run= names, tell how it ended.

/bin/busybox --install -s /bin
export PATH=/bin HOME=/root
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t debugfs debug /sys/kernel/debug
mount -t tracefs trace /sys/kernel/tracing
mount -t tmpfs tmp /tmp
mkdir -p /dev/shm /dev/pts
mount -t tmpfs shm /dev/shm
mount -t devpts pts /dev/pts
exec </dev/ttyS0 >/dev/ttyS0 2>&1

. /lib.sh
run=$(parameter run)
. "/run-$run.sh"
echo "slub-guest: $run ended with status $?"
reboot -f
