# SPDX-License-Identifier: GPL-2.0-only
# Load the benchmark module with the parameters that slub.bench= names, and unload it; slub.loads=
# (1) times. Its results are in the kernel's log.

# No cache of the module's, and no array.
nothing_left() { ! grep -s slub_bench /proc/slabinfo && ! grep -E 'slub_bench|vmalloc_array' /proc/vmallocinfo; }

load() { insmod /bin/slub_bench.ko $(parameter bench | tr , ' ') && nothing_left && rmmod slub_bench; }

loads=$(parameter loads)
while [ "${loads:=1}" -gt 0 ]; do
	load || return
	loads=$((loads - 1))
done
