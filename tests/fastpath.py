#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
# fastpath.py WITH WITHOUT NAME=MORE...: compare the fast paths of two x86-64 SMP objects.
#
# The fast path of a function is the shortest way from its entry to this CPU's part of the cache, which it
# finds in a per-CPU pointer, and on to its return, with no call but those that always are. Static branches
# are as objtool has left them: a nop where what they lead to is off. A function NAME may have so many
# instructions, conditional branches and static branches more in WITH as MORE says: "4/0/0". Results as in
# lib.sh, the code to the standard error.
import functools
import heapq
import re
import subprocess
import sys

ALWAYS = re.compile(r"should_failslab|__cond_resched")
IDLE = re.compile(r"jmp|nop|xchg +%ax,%ax|data16|cs nop")  # what costs next to nothing
RETURN = -1


@functools.cache
def objdump(obj, *options):
    return subprocess.run(["objdump", *options, obj],
                          check=True, capture_output=True, text=True).stdout


class Function:
    """Its instructions, by address, and what their operands refer to."""

    def __init__(self, obj, name):
        dump = objdump(obj, "-dr", "--no-show-raw-insn", "-j", ".text")
        body = re.search(rf"^([0-9a-f]+) <{name}>:\n(.*?)(?:\n\n|\Z)", dump, re.S | re.M)
        if not body:
            sys.exit(f"error: no function {name} in {obj}")
        self.entry = int(body[1], 16)
        self.code, self.symbol = {}, {}
        for line in body[2].splitlines():
            if found := re.search(r"R_X86_64_\w+\s+(\S+)", line):
                self.symbol[at] = found[1]
            elif found := re.match(r"\s+([0-9a-f]+):\s+([^#]*)", line):
                at = int(found[1], 16)
                self.code[at] = found[2].strip()
        # An entry has 16 bytes; the first field is where the branch is.
        table = objdump(obj, "-r", "-j", "__jump_table")
        self.static = {int(to, 16) for to in re.findall(r"^\w+0 R_X86_64_PC32 +\.text\+0x(\w+)", table, re.M)}
        order = sorted(self.code)
        self.after = dict(zip(order, order[1:]))

    def steps(self, at):
        """Where to go from here."""
        code, symbol = self.code[at], self.symbol.get(at, "")
        if code.startswith("ret") or symbol.startswith("__x86_return_thunk"):
            return [RETURN]
        if code.startswith("call") and not ALWAYS.match(symbol):
            return []
        ways = [] if code.startswith("jmp") else [self.after.get(at)]
        if code.startswith("j") and not symbol:
            ways.append(int(code.split()[1], 16))
        return [way for way in ways if way in self.code]

    def way(self, start, goal):
        """The instructions of the shortest way from start to goal, or None."""
        todo, seen = [(0, start, [])], set()
        while todo:
            length, at, path = heapq.heappop(todo)
            if at == goal:
                return path
            if at in seen or at == RETURN:
                continue
            seen.add(at)
            length += not IDLE.match(self.code[at])
            for step in self.steps(at):
                heapq.heappush(todo, (length, step, path + [at]))
        return None

    def fast_path(self):
        parts = [at for at, code in self.code.items() if re.match(r"mov +%gs:\(%r", code)]
        halves = [(self.way(self.entry, at), self.way(at, RETURN)) for at in parts]
        ways = [first + second for first, second in halves if first and second]
        if not ways:
            sys.exit(f"error: no fast path from {self.entry:x}")
        return min(ways, key=len)

    def count(self, path):
        """Instructions that do something, conditional branches, static branches."""
        code = [self.code[at] for at in path]
        busy = [line for line in code if not IDLE.match(line)]
        return (len(busy), sum(line.startswith("j") for line in busy), len(self.static & set(path)))


for wanted in sys.argv[3:]:
    name, limits = wanted.split("=")
    functions = [Function(obj, name) for obj in sys.argv[1:3]]
    paths = [function.fast_path() for function in functions]
    counts = [function.count(path) for function, path in zip(functions, paths)]
    for title, function, path, numbers in zip(("with", "without"), functions, paths, counts):
        print(f"--- {name} {title}: {numbers}", *(function.code[at] for at in path), sep="\n", file=sys.stderr)
    more = [a - b for a, b in zip(*counts)]
    result = "fast path: %s, %d instructions, %d branches, %d static branches more" % (name, *more)
    if all(n <= int(limit) for n, limit in zip(more, limits.split("/"))):
        print("ok", result)
    else:
        print("not ok", result, "- documented are", limits)
