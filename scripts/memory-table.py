#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""What guests have said about their memory, in logs that are named MACHINE-ROUND-CONTESTANT.log: a table of
medians, and all of it as JSON."""

import argparse
import datetime
import json
import pathlib
import re
import statistics
import sys

LINE = re.compile(r"memory: (\w+) (.*\d)")
WHEN = ("boot", "work", "idle")


def read_log(path):
    """Of each moment: what each line of /proc/meminfo says."""
    said = {}
    for line in path.read_text(encoding="ascii", errors="replace").splitlines():
        if match := LINE.match(line):
            words = match[2].split()
            said[match[1]] = {name.rstrip(":"): int(kb) for name, kb in zip(words[::2], words[1::2])}
    if set(said) != set(WHEN):
        sys.exit(f"error: {path} does not tell the memory at each of: {', '.join(WHEN)}")
    return said


def read_logs(directory):
    """results[machine][contestant]: what each round said."""
    results = {}
    for path in sorted(pathlib.Path(directory).glob("*.log")):
        machine, _, contestant = path.stem.split("-", 2)
        results.setdefault(machine, {}).setdefault(contestant, []).append(read_log(path))
    if not results:
        sys.exit(f"error: {directory} holds no logs")
    return results


def median(rounds, when, what):
    return statistics.median(said[when][what] for said in rounds)


def print_table(results):
    print("kB of slabs after boot, after some work, and 10 s later; kB of per-CPU areas; slabs and per-CPU")
    print("areas after the work over those of the best of the others\n")
    print(f"{'CPUs:nodes':<12}{'':<12}{'boot':>8}{'work':>8}{'idle':>8}{'percpu':>8}{'ratio':>8}")
    for machine, contestants in sorted(results.items(), key=lambda item: [int(n) for n in item[0].split(":")]):
        total = {name: median(said, "work", "Slab") + median(said, "work", "Percpu") for name, said in contestants.items()}
        for name, said in contestants.items():
            slab = "".join(f"{median(said, when, 'Slab'):>8.0f}" for when in WHEN)
            others = [total[other] for other in total if other != name]
            ratio = f"{total[name] / min(others):>8.2f}" if others else ""
            print(f"{machine:<12}{name:<12}{slab}{median(said, 'work', 'Percpu'):>8.0f}{ratio}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", help="where the logs are")
    parser.add_argument("--json", metavar="FILE", required=True, help="where to write all figures")
    parser.add_argument("--command", default="", help="what the user has typed, for that file")
    parser.add_argument("--about", metavar="KEY=VALUE", action="append", default=[], help="for that file")
    given = parser.parse_args()
    results = read_logs(given.directory)
    print_table(results)
    about = dict(fact.split("=", 1) for fact in given.about) | {
        "command": given.command,
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M"),
        "unit": "kB",
        "results": results,
    }
    with open(given.json, "w", encoding="ascii") as file:
        json.dump(about, file, indent=1)
        file.write("\n")


main()
