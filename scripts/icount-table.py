#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""What the benchmark module has said in each contestant's log, as a table; beside a reference, if there
is one, and with all of it as JSON in a file, if that is wanted."""

import argparse
import datetime
import json
import re
import sys

LINE = re.compile(r"slub_bench: (.+): ([\d.]+) \(([\d.]+)-([\d.]+)\)$")


def read_log(path):
    """Of each figure: median, and between what the middle half of the windows is."""
    rows = {}
    try:
        with open(path, encoding="ascii", errors="replace") as log:
            for line in log:
                if match := LINE.search(line.rstrip()):
                    rows[match[1]] = [float(match[i]) for i in (2, 3, 4)]
    except OSError as why:
        sys.exit(f"error: {path}: {why.strerror}")
    if not rows:
        sys.exit(f"error: {path} holds no results; is there a test of that name?")
    return rows


def read_reference(path):
    """Of each figure: that of each contestant, by name."""
    if not path:
        return [], {}
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


def print_table(results, unit, names, reference):
    print(f"{unit + ' per object, or pages':<42}", end="")
    for name in results:
        print(f"{name:>19}", end="")
    print("   reference: " + ", ".join(names) if names else "")
    for row in next(iter(results.values())):
        cells = "".join(cell(row, name, results) for name in results)
        known = ", ".join(reference[row].values()) if row in reference else ""
        print(f"{row:<42}{cells}   {known}".rstrip())


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("logs", metavar="NAME=LOG", nargs="+", help="a contestant, and its console or dmesg")
    parser.add_argument("--unit", default="cycles", help="of what is no number of pages (%(default)s)")
    parser.add_argument("--reference", metavar="FILE", help="a table to print beside this one")
    parser.add_argument("--json", metavar="FILE", help="where to write all figures")
    parser.add_argument("--command", default="", help="what the user has typed, for that file")
    parser.add_argument("--about", metavar="KEY=VALUE", action="append", default=[], help="for that file")
    given = parser.parse_args()
    for log in given.logs:
        if "=" not in log:
            sys.exit(f"error: '{log}' is not NAME=LOG")
    return given


def write_json(given, results):
    about = dict(fact.split("=", 1) for fact in given.about) | {
        "command": given.command,
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M"),
        "unit": given.unit,
        "figures": "median, and the quartiles, of the windows",
        "results": results,
    }
    with open(given.json, "w", encoding="ascii") as file:
        json.dump(about, file, indent=1)
        file.write("\n")


def main():
    given = arguments()
    results = {name: read_log(path) for name, path in (log.split("=", 1) for log in given.logs)}
    print_table(results, given.unit, *read_reference(given.reference))
    if given.json:
        write_json(given, results)


main()
