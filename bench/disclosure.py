"""Disclosure control on made-up towns: time and outcome of protecting and auditing one joint system.

    python3 bench/disclosure.py [--postcodes 1930] [--grid] [--seed 3] [--kubus target/debug/kubus]

A town has postcodes of 15 to 60 households by six ages and four kinds of benefit; counts below five
are sensitive, and empty cells are known. Geographies: postcode, neighbourhood, district, municipality,
and with --grid squares that cut through the postcodes. GaussSuppression does not run where there is no
R; its figures (CPU seconds) are those recorded with it: 48,401 non-empty cells 110 s; the same joined
with a grid, none in 900 s.
"""

import argparse
import collections
import json
import os
import pathlib
import random
import resource
import subprocess
import tempfile
import time


def town(postcodes, grid, seed):
    """The counts of the atoms, and for each cell its atoms."""
    draw = random.Random(seed)
    counts = collections.Counter()
    for postcode in range(postcodes):
        squares = (postcode // 3, postcode // 3 + 1) if grid else (0,)
        for _ in range(draw.randint(15, 60)):
            age = min(5, int(draw.triangular(0, 6, 2)))
            benefit = draw.choices(range(4), [70, 15, 10, 5])[0]
            counts[postcode, draw.choice(squares), age, benefit] += 1
    cells = collections.defaultdict(list)
    for number, (postcode, square, age, benefit) in enumerate(counts):
        areas = [("p", postcode), ("b", postcode // 20), ("w", postcode // 120), ("g", 0)]
        areas += [("s", square), ("t", square // 25)] if grid else []
        for area in areas:
            for a in (age, "T"):
                for b in (benefit, "T"):
                    cells[area, a, b].append(number)
    return list(counts.values()), cells


def write(folder, counts, cells):
    """The system in the form in which `kubus attack --system` reads it."""
    with open(folder / "x.csv", "w") as x, open(folder / "cells.csv", "w") as out:
        x.write("i,j\n")
        out.write("freq,primary,suppressed\n")
        for number, atoms in enumerate(cells.values()):
            count = sum(counts[atom] for atom in atoms)
            word = "TRUE" if count < 5 else "FALSE"
            out.write(f"{count},{word},{word}\n")
            x.writelines(f"{atom},{number}\n" for atom in atoms)


def timed(command):
    """The answer of a command, its CPU and wall seconds, and the most memory a child had (MB)."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    answer = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return json.loads(answer), cpu, time.perf_counter() - start, after.ru_maxrss // 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postcodes", type=int, default=1930)
    parser.add_argument("--grid", action="store_true")
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--kubus", default="target/debug/kubus")
    asked = parser.parse_args()
    counts, cells = town(asked.postcodes, asked.grid, asked.seed)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write(folder, counts, cells)
        files = ["--system", folder / "x.csv", "--cells", folder / "cells.csv", "--zeros-known", "--json"]
        found, cpu, wall, memory = timed([asked.kubus, "attack", *files, "--repair"])
    attack = found["attack"]
    print(f"disclosure: {attack['cells']} cells{' joined with a grid' if asked.grid else ''}, {os.cpu_count()} cores, seed {asked.seed}")
    print(f"  sensitive {attack['primary']}, secondary {found['secondary']}, exact without {found['exact_without']}, after {attack['exact']}")
    print(f"  protecting {found['seconds']:.1f} s, audit {attack['seconds']:.1f} s, with reading and reporting {cpu:.1f} CPU s, {wall:.1f} s, {memory} MB")
    print(f"  at most two wide {attack['width_le_2']}, below the threshold {attack['below_threshold']}, not settled {attack['unsettled']}")
    if not asked.grid and 48_000 < attack["cells"] < 49_000:
        print(f"  GaussSuppression (recorded, 48,401 cells): 110 CPU s; that is {110 / cpu:.0f} times all of ours")


if __name__ == "__main__":
    main()
