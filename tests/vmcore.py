# SPDX-License-Identifier: GPL-2.0-only
"""For drgn: do its own slab helpers give right answers once slub.py is installed?"""
import itertools
import os
import sys

from drgn import Object
from drgn.helpers.linux.pid import for_each_task
from drgn.helpers.linux.slab import (
    find_containing_slab_cache,
    get_slab_cache_aliases,
    slab_cache_for_each_allocated_object,
    slab_object_info,
)

sys.path.insert(0, os.environ["SLUB_REPO"] + "/tools/vm")
import slub

slub.install(prog)
debugged = "debugged" in sys.argv[1:]

# All tasks but the first one are objects in use. (Idle ones and dead ones are objects, too.)
cache = prog["task_struct_cachep"]
objects = {task.value_() for task in slab_cache_for_each_allocated_object(cache, "struct task_struct")}
tasks = {task.value_() for task in for_each_task(prog)} - {prog["init_task"].address_}
print(f"{len(tasks)} tasks, {len(objects)} objects")
assert tasks and tasks <= objects
for task in tasks:
    info = slab_object_info(prog, task + 8)
    assert info.slab_cache == cache and info.address == task and info.allocated, info

# What is on a free list is free, what is not is in use, and the sums agree.
slabs = slub.all_slabs(prog)
caches = slub.all_caches(prog)
free = allocated = 0
for cache in caches:
    for slab in slub.slabs_of(cache, slabs):
        indices = cache.free_objects(slab)
        free += len(indices)
        allocated += slab.objects - len(indices)
        for index in itertools.islice(indices, 2):
            info = slab_object_info(prog, cache.object(slab, index))
            assert not info.allocated and info.slab_cache.value_() == cache.address, info
print(f"{free} objects free, {allocated} in use")
assert free and allocated == sum(cache.in_use() for cache in caches)

# What lies around an object of a cache that is debugged, and in a free one, tells whether it is in
# use, whatever lists and counters say: SLUB_RED_ACTIVE or SLUB_RED_INACTIVE, POISON_FREE.
zones = poisoned = full = 0
for cache in caches:
    asked = cache.s.object_size.value_()
    for slab in slub.slabs_of(cache, slabs):
        in_use = set(cache.objects(slab))
        full += cache.debugged() and len(in_use) == slab.objects
        for index in range(slab.objects):
            address = cache.object(slab, index)
            if "Z" in cache.flags():
                zones += 1
                wanted = b"\xcc" if address in in_use else b"\xbb"
                assert cache.pad and cache.pad < cache.size
                found = prog.read(address - cache.pad, cache.pad)
                assert found == wanted * cache.pad, (cache.name, hex(address), found)
                assert prog.read(address + asked, 1) == wanted, (cache.name, hex(address))
            if "O" in cache.flags() and not set("CR") & set(cache.flags()) and address not in in_use:
                poisoned += 1
                assert prog.read(address, asked) == b"\x6b" * (asked - 1) + b"\xa5", (cache.name, hex(address))
print(f"{zones} objects in red zones, {poisoned} poisoned, {full} full slabs of debugged caches")
assert not debugged or (zones > 1000 and poisoned > 20 and full > 10)

# KFENCE's objects.
kfence = slub.Kfence(prog)
fenced = 0
for cache in caches:
    for address in kfence.objects(cache):
        fenced += 1
        info = slab_object_info(prog, address + 1)
        assert info.address == address and info.allocated, info
        assert info.slab_cache.value_() == cache.address
print(f"{fenced} objects of KFENCE")
assert fenced > 5

# Not an object, and merged caches.
assert slab_object_info(prog, prog["init_task"].address_) is None
assert not find_containing_slab_cache(prog, prog["init_task"].address_)
merged = [cache.users() for cache in caches if len(cache.users()) > 1]
print(merged)
assert merged
aliases = {alias: users[0] for users in merged for alias in users[1:]}
assert get_slab_cache_aliases(prog) == aliases, get_slab_cache_aliases(prog)

# A word that is not what it should be is named.
cache = next(cache for cache in caches if cache.name == "dentry")
assert cache.debugged() == debugged
slab = next(slab for slab in slub.slabs_of(cache, slabs) if not slab.owned and 0 < slab.free < slab.objects)
word = Object(prog, "struct slab", address=slab.address).state.address_of_().value_()
aside = bytes([0, 0, 0, 0x80])  # owned, and nothing free
prog.add_memory_segment(word, 4, lambda _, count, offset, __: aside[offset:offset + count])
found = list(slub.defects(cache, slub.slabs_of(cache, slabs)))
print(found)
assert f"slab {slab.start:#x}: 0 of {slab.objects} objects free, owned 1, listed as partial" in found
assert any("set aside" in line for line in found) == debugged
