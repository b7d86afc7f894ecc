#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""icount-table.py REFERENCE RESULT COMMAND NAME=LOG...: what the benchmark module has said in each
contestant's console, as a table, beside the reference; and all of it as JSON in the file RESULT.

Facts about the measurement come from the standard input, KEY=VALUE in a line."""

import datetime
import json
import re
import sys

LINE = re.compile(r"slub_bench: (.+): ([\d.]+) \(([\d.]+)-([\d.]+)\)$")


def read_log(path):
    """Of each figure: median, and between what the middle half of the windows is."""
    rows = {}
    with open(path, encoding="ascii", errors="replace") as log:
        for line in log:
            if match := LINE.search(line.rstrip()):
                rows[match[1]] = [float(match[i]) for i in (2, 3, 4)]
    if not rows:
        sys.exit(f"error: {path} holds no results; is there a test that TESTS= names?")
    return rows


def read_reference(path):
    """Of each figure: that of each contestant, by name."""
    with open(path, encoding="ascii") as file:
        lines = [line.split() for line in file if line.strip() and not line.startswith("#")]
    names = lines.pop(0)
    return names, {
        " ".join(line[: -len(names)]): dict(zip(names, line[-len(names) :])) for line in lines
    }


def cell(row, name, results):
    """A contestant's figure, and its ratio to the best of the others."""
    value = results[name].get(row, [0])[0]
    others = [results[other][row][0] for other in results if other != name and row in results[other]]
    ratio = f"({value / min(others):.2f})" if others and min(others) and row[:6] != "floor/" else ""
    return f"{value:{'10.2f' if ', held' in row else '10.1f'}}{ratio:>9}"


def print_table(results, names, reference):
    print(f"{'instructions per object, or pages':<34}", end="")
    for name in results:
        print(f"{name:>19}", end="")
    print("   reference: " + ", ".join(names))
    for row in next(iter(results.values())):
        cells = "".join(cell(row, name, results) for name in results)
        known = ", ".join(reference[row].values()) if row in reference else ""
        print(f"{row:<34}{cells}   {known}".rstrip())


def main(reference, result, command, *logs):
    about = dict(line.rstrip("\n").split("=", 1) for line in sys.stdin)
    results = {name: read_log(path) for name, path in (log.split("=", 1) for log in logs)}
    print_table(results, *read_reference(reference))
    about |= {
        "command": command,
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M"),
        "figures": "median, and the quartiles, of the windows",
        "results": results,
    }
    with open(result, "w", encoding="ascii") as file:
        json.dump(about, file, indent=1)
        file.write("\n")


main(*sys.argv[1:])
