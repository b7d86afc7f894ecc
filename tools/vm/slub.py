#!/usr/bin/env drgn
# SPDX-License-Identifier: GPL-2.0-only
"""
Look into SLUB's caches, in a vmcore or in the running kernel.

    drgn -c VMCORE -s VMLINUX slub.py COMMAND    (live: drgn slub.py COMMAND)

caches [NAME]...    what /proc/slabinfo says
names [NAME]...     the names of all users of each cache
objects [NAME]...   addresses of the objects in use
which ADDRESS...    cache, slab and object that an address belongs to
check [NAME]...     do the counters agree with the slabs and their free lists?

In an interactive drgn, with this directory in sys.path:

    import slub; slub.install(prog)

makes slab_cache_for_each_allocated_object() and slab_object_info() of
drgn.helpers.linux.slab work with this kernel.

What is said about a running kernel is as true as it can be of something that
changes meanwhile. Objects in KASAN's quarantine count as in use.
"""
import signal
import sys

from drgn import FaultError, Object, cast
from drgn.helpers.linux import slab as drgn_slab
from drgn.helpers.linux.cpumask import for_each_possible_cpu
from drgn.helpers.linux.list import list_for_each_entry
from drgn.helpers.linux.mm import compound_head, for_each_page, page_to_virt, virt_to_page
from drgn.helpers.linux.percpu import per_cpu_ptr

# As in mm/slub_info.c. Debugging information does not have the SLAB_* flags: they are macros.
DEBUG_LETTERS = set("FUZOT")
FLAG_LETTERS = (
    (0x00080000, "R"),  # SLAB_TYPESAFE_BY_RCU
    (0x00100000, "S"),  # SLAB_MEM_SPREAD
    (0x00004000, "d"),  # SLAB_CACHE_DMA
    (0x00020000, "r"),  # SLAB_RECLAIM_ACCOUNT
    (0x00040000, "P"),  # SLAB_PANIC
    (0x00002000, "a"),  # SLAB_HWCACHE_ALIGN
    (0x00000100, "F"),  # SLAB_CONSISTENCY_CHECKS
    (0x00010000, "U"),  # SLAB_STORE_USER
    (0x04000000, "A"),  # SLAB_ACCOUNT
    (0x00008000, "D"),  # SLAB_CACHE_DMA32
    (0x00000400, "Z"),  # SLAB_RED_ZONE
    (0x00000800, "O"),  # SLAB_POISON
    (0x00200000, "T"),  # SLAB_TRACE
)


def complain(text):
    print(f"slub.py: {text}", file=sys.stderr)


def variable(prog, name, default):
    """The value of a variable, or the default if the kernel does not have it."""
    try:
        return prog[name].value_()
    except KeyError:
        return default


class Slab:
    """A slab, as struct slab and its word say; see mm/slub.h."""

    def __init__(self, slab):
        prog = slab.prog_
        # Through their type: where the bits of a word are depends on the architecture.
        word, local = (Object(prog, "union slab_word", address=member.address_of_().value_()).read_()
                       for member in (slab.state, slab.local))
        self.address = slab.value_()
        self.cache = slab.slab_cache.value_()
        self.start = page_to_virt(cast("struct page *", slab)).value_()
        self.objects = slab.objects.value_()
        self.first = word.head.value_() - 1
        self.free = word.free.value_()
        self.owned = bool(word.owned)
        self.local_first = local.head.value_() - 1
        self.local_free = local.free.value_()
        self.local_fresh = bool(local.fresh)
        # Only 64 bit has it, of slabs that are not too large.
        self.map = slab.map.value_() if hasattr(slab, "map") and self.objects <= 64 else None


class Cache:
    """A struct kmem_cache."""

    def __init__(self, s):
        self.s = s
        self.prog = s.prog_
        self.address = s.value_()
        self.name = s.name.string_().decode()
        self.size = s.size.value_()
        self.offset = s.offset.value_()
        # Only some configurations have these.
        self.pad = s.red_left_pad.value_() if hasattr(s, "red_left_pad") else 0
        self.key = s.random.value_() if hasattr(s, "random") else None

    def places(self):
        """Where the CPUs that hold something keep it."""
        nothing = self.prog["slub_no_cpu"].address_
        places = (per_cpu_ptr(self.s.cpu_slab, cpu)[0].read_() for cpu in for_each_possible_cpu(self.prog))
        return [place for place in places if place.value_() != nothing]

    def areas(self):
        """What each of these CPUs holds just now."""
        return [place[0].read_() for place in self.places()]

    def owned(self):
        """Addresses of the slabs that CPUs own."""
        owned = {area.slab.value_() for area in self.areas() if area.slab}
        for place in self.places():
            for slab in list_for_each_entry("struct slab", place.partial.address_of_(), "slab_list"):
                owned.add(slab.value_())
        return owned

    @staticmethod
    def hand(place):
        """How many objects a CPU has at hand."""
        return (place.top.value_() - place.recent.address_of_().value_()) // place.recent[0].type_.size

    def at_hand(self):
        """Addresses of the objects that CPUs have at hand."""
        return {place.recent[i].value_() for place in self.places() for i in range(1, self.hand(place) + 1)}

    def nodes(self):
        return [self.s.node[node] for node in range(variable(self.prog, "nr_node_ids", 1))]

    def users(self):
        aliases = list_for_each_entry("struct slub_alias", self.s.aliases.address_of_(), "list")
        return [self.name] + [alias.name.string_().decode() for alias in aliases]

    def in_use(self):
        """The number of objects in use, by the counters."""
        count = self.s.uncounted.counter.value_()
        for place in self.places():
            count += place.objects.value_() - self.hand(place)
        # The counters are words, and wrap.
        bits = 8 * self.prog.type("unsigned long").size
        count &= (1 << bits) - 1
        return 0 if count >> (bits - 1) else count

    def slabs(self, node=None):
        """The number of slabs, of a node or of all."""
        count = sum(pool.nr_slabs.counter.value_() for number, pool in enumerate(self.nodes()) if node in (None, number))
        return count + sum(area.slabs.value_() for area in self.areas() if node in (None, area.node.value_()))

    def pool_length(self):
        return sum(node.nr_partial.value_() + node.nr_empty.value_() for node in self.nodes())

    def cpu_slabs(self):
        return sum(bool(area.slab) + area.nr_partial.value_() for area in self.areas())

    def flags(self):
        """Letters, as in /proc/slabinfo."""
        flags = self.s.flags.value_()
        letters = "C" if self.s.ctor else ""
        return letters + "".join(letter for flag, letter in FLAG_LETTERS if flags & flag)

    def debugged(self):
        """No CPU owns a slab then, and full slabs are listed."""
        return bool(DEBUG_LETTERS & set(self.flags()))

    def object(self, slab, index):
        return slab.start + index * self.size + self.pad

    def index(self, slab, address):
        """Index of the object that starts at an address, or None."""
        index, rest = divmod(address - slab.start - self.pad, self.size)
        return index if not rest and 0 <= index < slab.objects else None

    def next_free(self, address):
        """The link in a free object, decoded if CONFIG_SLAB_FREELIST_HARDENED encodes it."""
        where = address + self.offset
        link = self.prog.read_word(where)
        if self.key is not None:
            length = self.prog.type("unsigned long").size
            link ^= self.key ^ int.from_bytes(where.to_bytes(length, "little"), "big")
        return link

    def _follow(self, slab, address, most):
        """Indices of the objects on a free list, at most so many."""
        found = set()
        while address and len(found) < most:
            index = self.index(slab, address)
            if index is None or index in found:
                complain(f"{self.name}: free list of slab {slab.start:#x} corrupt at {address:#x}")
                break
            found.add(index)
            # The last link of the shared list is not needed, and a lone object has none.
            address = self.next_free(address) if len(found) < most else 0
        return found

    def free_objects(self, slab):
        """Indices of the free objects of a slab: on its lists, on that of its owner, and at hand."""
        free = {self.index(slab, address) for address in self.at_hand()} - {None}
        if slab.free:
            free |= self._follow(slab, self.object(slab, slab.first), slab.free)
        if slab.local_free and slab.local_fresh:
            free |= set(range(slab.local_first, slab.local_first + slab.local_free))
        elif slab.local_free and slab.local_first >= 0:
            free |= self._follow(slab, self.object(slab, slab.local_first), slab.local_free)
        elif slab.local_free:
            free |= {index for index in range(slab.objects) if slab.map >> index & 1}
        return free

    def objects(self, slab):
        """Addresses of the objects of a slab that are in use."""
        free = self.free_objects(slab)
        return [self.object(slab, i) for i in range(slab.objects) if i not in free]

    def listed(self):
        """Which list each slab is on that is on one: its name, by address."""
        names = {}
        for node in self.nodes():
            # Only some configurations have lists of full slabs.
            for name in ("partial", "empty") + (("full",) if hasattr(node, "full") else ()):
                head = getattr(node, name).address_of_()
                for slab in list_for_each_entry("struct slab", head, "slab_list"):
                    names[slab.value_()] = name
        return names


def all_caches(prog, names=()):
    """All caches, or those that one of the names is a user of."""
    caches = [Cache(s) for s in drgn_slab.for_each_slab_cache(prog)]
    if not names:
        return caches
    found = [cache for cache in caches if set(names) & set(cache.users())]
    for name in set(names).difference(*(cache.users() for cache in found)):
        sys.exit(f"slub.py: no cache {name}")
    return found


class Kfence:
    """KFENCE's pool. Its pages belong to caches, with an object each, but are no slabs."""

    def __init__(self, prog):
        self.prog = prog
        self.start = variable(prog, "__kfence_pool", 0)
        # Two pages an object, one of them a guard, and two more in front.
        self.share = 2 * prog["PAGE_SIZE"].value_()
        self.count = len(prog["kfence_metadata"]) if self.start else 0

    def __contains__(self, address):
        return 0 <= address - self.start < (self.count + 1) * self.share

    def _describe(self, index):
        meta = self.prog["kfence_metadata"][index]
        in_use = meta.state.value_() == self.prog.constant("KFENCE_OBJECT_ALLOCATED")
        return meta.cache.value_(), meta.addr.value_(), in_use

    def object(self, address):
        """Start of the object in the page of an address, and whether it is in use."""
        return self._describe((address - self.start) // self.share - 1)[1:]

    def objects(self, cache):
        """Addresses of a cache's objects that are in use."""
        for index in range(self.count):
            of, address, in_use = self._describe(index)
            if in_use and of == cache.address:
                yield address


def all_slabs(prog):
    """Pointers to all slabs, by address of the cache. Full ones are on no list: look at all pages."""
    mask = 1 << prog.constant("PG_slab")
    kfence = Kfence(prog)
    slabs = {}
    for page in for_each_page(prog):
        try:
            if not page.flags.value_() & mask:
                continue
        except FaultError:
            continue
        if page_to_virt(page).value_() not in kfence:
            slab = cast("struct slab *", page)
            slabs.setdefault(slab.slab_cache.value_(), []).append(slab)
    return slabs


def slabs_of(cache, slabs):
    """Those of a cache, as they are now: in a running kernel some may be gone."""
    for pointer in slabs.get(cache.address, ()):
        slab = Slab(pointer)
        if slab.cache == cache.address:
            yield slab


def show_caches(prog, *names):
    numa = variable(prog, "nr_node_ids", 0) > 0
    print("slubinfo - version: 1.0")
    print("# name            <objects> <order> <objsize> <slabs>/<partial>/<cpu> <flags>"
          + (" <nodes>" if numa else ""))
    for cache in all_caches(prog, names):
        slabs = f"{cache.slabs()}/{cache.pool_length()}/{cache.cpu_slabs()}"
        line = f"{cache.name:<21} {cache.in_use():>6} {cache.s.order.value_()}"
        line += f" {cache.size:>7} {slabs:>12}"
        if cache.flags() or (numa and cache.slabs()):
            line += f" {cache.flags():>5}"
        for node in range(len(cache.nodes()) if numa else 0):
            if cache.slabs(node) > 0:
                line += f" N{node}={cache.slabs(node)}"
        print(line)


def show_names(prog, *names):
    for cache in all_caches(prog, names):
        print(f"{cache.name}: {' '.join(cache.users())}")


def show_objects(prog, *names):
    slabs = all_slabs(prog)
    kfence = Kfence(prog)
    for cache in all_caches(prog, names):
        for slab in slabs_of(cache, slabs):
            for address in cache.objects(slab):
                print(f"{address:#x}")
        for address in kfence.objects(cache):
            print(f"{address:#x}")


def describe(prog, address):
    s = drgn_slab.find_containing_slab_cache(prog, address)
    if not s:
        return f"{address:#x}: in no slab"
    cache = Cache(s)
    text = f"{address:#x}: cache {'='.join(cache.users())}, "
    kfence = Kfence(prog)
    if address in kfence:
        start, in_use = kfence.object(address)
        state = "in use" if in_use else "free"
        return text + f"object of KFENCE at {start:#x} {address - start:+d}, {state}"
    slab = Slab(cast("struct slab *", compound_head(virt_to_page(prog, address))))
    text += f"slab {slab.start:#x}"
    index, inside = divmod(address - slab.start, cache.size)
    if index >= slab.objects:
        return text + ", behind the last object"
    state = "free" if index in cache.free_objects(slab) else "in use"
    return (text + f", object {index} of {slab.objects} at {cache.object(slab, index):#x}"
            f" {inside - cache.pad:+d}, {state}")


def show_which(prog, *addresses):
    for text in addresses:
        try:
            print(describe(prog, int(text, 16)))
        except ValueError:
            sys.exit(f"slub.py: {text} is no address")


def defects(cache, slabs):
    """In what the counters, the lists and the words of a cache's slabs do not agree."""
    listed = cache.listed()
    debugged = cache.debugged()
    owned = cache.owned()
    count = in_use = aside = 0
    for slab in slabs:
        free = len(cache.free_objects(slab))
        in_use += slab.objects - free
        where = listed.get(slab.address, "none")
        if slab.address in owned:
            right = slab.owned and where == "none"
        elif slab.owned:
            right = False
            aside += debugged
        elif slab.free == slab.objects and where == "none":
            continue  # on its way to the page allocator, and not counted any more
        elif 0 < slab.free < slab.objects:
            right = where == "partial"
        else:
            right = where == ("empty" if slab.free else "full" if debugged else "none")
        count += 1
        if not right:
            yield (f"slab {slab.start:#x}: {free} of {slab.objects} objects free,"
                   f" owned {int(slab.owned)}, listed as {where}")
    if aside:
        yield f"{aside} slabs set aside: what had been free in them seems to be in use"
    pooled = sum(where != "full" for where in listed.values())
    for what, counted, found in (
        ("objects in use", cache.in_use(), cache.in_use() if aside else in_use),
        ("slabs", cache.slabs(), count),
        ("slabs in the pool", cache.pool_length(), pooled),
    ):
        if counted != found:
            yield f"{what}: {counted} counted, {found} found"


def check(prog, *names):
    """Status 1 if something is wrong."""
    slabs = all_slabs(prog)
    caches = all_caches(prog, names)
    wrong = 0
    for cache in caches:
        for defect in defects(cache, slabs_of(cache, slabs)):
            wrong += 1
            print(f"{cache.name}: {defect}")
    print(f"{len(caches)} caches, {wrong} defects")
    return 1 if wrong else 0


def install(prog):
    """Make drgn's own helpers know this allocator."""

    # pylint: disable=protected-access
    class Helper(drgn_slab._SlabCacheHelper):
        def __init__(self, slab_cache):
            super().__init__(slab_cache)
            # A page of KFENCE that was never used has no cache.
            self._cache = Cache(self._slab_cache) if self._slab_cache else None
            self._kfence = Kfence(self._prog)

        def _page_objects(self, page, slab, pointer_type):
            words = Slab(slab)
            if words.start in self._kfence:
                address, in_use = self._kfence.object(words.start)
                addresses = [address] if in_use else []
            else:
                addresses = self._cache.objects(words)
            for address in addresses:
                yield Object(self._prog, pointer_type, value=address)

        def object_info(self, page, slab, addr):
            if not self._cache:
                return None
            if addr in self._kfence:
                return drgn_slab.SlabObjectInfo(self._slab_cache, slab, *self._kfence.object(addr))
            words = Slab(slab)
            index = min((addr - words.start) // self._cache.size, words.objects - 1)
            address = self._cache.object(words, index)
            in_use = index not in self._cache.free_objects(words)
            return drgn_slab.SlabObjectInfo(self._slab_cache, slab, address, in_use)

    prog.cache["slab_cache_helper_type"] = Helper


COMMANDS = {
    "caches": show_caches,
    "names": show_names,
    "objects": show_objects,
    "which": show_which,
    "check": check,
}


def main(prog, arguments):
    try:
        command = COMMANDS[arguments[0]]
    except (IndexError, KeyError):
        sys.exit(__doc__.strip())
    return command(prog, *arguments[1:])


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    sys.exit(main(prog, sys.argv[1:]))  # noqa: F821 (drgn provides prog)
