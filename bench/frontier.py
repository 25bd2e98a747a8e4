"""What privacy costs: released rules against what is found of what was planted, on made-up towns.

    python3 bench/frontier.py [--residents 60000] [--seeds 5] [--kubus target/debug/kubus] [--out FILE.csv] [--picture FILE.svg]

Each town is built once and released under each policy with the real commands, so the attacker (A0)
judges every policy: a release he breaches is refused, and then there is nothing to find in it. Recall
is the share of planted areas (postcode, street or neighbourhood) that the list of signals names under
one of their topics. Precision is the share of signals that name a planted area. There is no figure for exact data: no release shows exact data.
"""

import argparse
import csv
import datetime
import itertools
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

GRID = [(d, v, t) for d, v in [(1, 0.25), (2, 0.5), (2, 1), (3, 1.5), (4, 2), (5, 3), (8, 4), (10, 5)] for t in (5, 10)]
RULES = """name = "proef-D{d}-V{v}-t{t}"
min_count = {t}
min_count_sensitive = 10
max_group_share = 0.9
min_completeness = 0.5

[min_population]
pc6 = 10
street = 10
grid100 = 10
grid500 = 10

[perturbation]
max_noise = {d}
variance = {v}
"""


def run(*command):
    """A command's answer, or nothing when it refuses."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else None


def planted(town):
    """The planted deviations, decoys left out: for each area its level and the topics that show it."""
    truths = [t for t in json.loads((town / "truth.json").read_text())["truths"] if t["signal"]]
    return [(t["level"], {(i, t["level"], a) for i in t["indicators"]}) for t in truths for a in t["areas"]]


def listed(release, kubus):
    """What the list names: topic, level and area, and for each signal all that it names."""
    signals = json.loads(run(kubus, "signal", release, "--format", "json") or "[]")
    each = []
    for signal in signals:
        names = [(signal["level"], signal["area"])] + [(a["level"], a["area"]) for a in signal.get("also", [])]
        each.append({(signal["indicator"], level, area) for level, area in names})
    return each


def measure(town, rules, kubus, folder):
    """Whether there is a release, and what the list finds in it."""
    copy = folder / "trial"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(town, copy)
    (copy / "proef.toml").write_text(rules)
    if run(kubus, "release", copy, "--rules", copy / "proef.toml") is None:
        return None
    truth, each = planted(town), listed(copy, kubus)
    named = set().union(*each) if each else set()
    found = {level: [bool(topics & named) for at, topics in truth if at == level] for level in ("pc6", "street", "buurt")}
    every = set().union(*(topics for _, topics in truth))
    first = [bool(names & every) for names in each]
    manifest = json.loads(next((copy / "releases").glob("0*/manifest.json")).read_text())
    return {"found": found, "first": first, "hidden": manifest["attack"]}


def share(flags):
    flags = list(flags)
    return f"{100 * sum(flags) / len(flags):.0f} % ({sum(flags)}/{len(flags)})" if flags else "-"


def picture(rows, path):
    """Recall of planted postcodes against the variance of the noise, a line for each threshold."""
    value = lambda cell: float(cell.split(" ")[0])
    x, y = lambda v: 60 + 100 * v, lambda recall: 320 - 2.8 * recall
    marks = ['<text x="60" y="20">Gevonden geplante postcodes (%) bij meer ruis</text>']
    for recall in range(0, 101, 20):
        marks.append(f'<path d="M60 {y(recall)}H580" stroke="#ccc"/><text x="52" y="{y(recall) + 4}" text-anchor="end">{recall}</text>')
    marks += [f'<text x="{x(v)}" y="340" text-anchor="middle">{v}</text>' for v in range(6)]
    marks.append('<text x="320" y="362" text-anchor="middle">variantie van de ruis (V)</text>')
    for threshold, colour, dash in ((5, "#154273", ""), (10, "#a90061", "6 4")):
        points = [(x(r[1]), y(value(r[4]))) for r in rows if r[2] == threshold and r[4] != "-"]
        line = " ".join(f"{a:.0f},{b:.0f}" for a, b in points)
        marks.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>')
        marks += [f'<circle cx="{a:.0f}" cy="{b:.0f}" r="4" fill="{colour}"/>' for a, b in points]
        marks.append(f'<text x="{points[0][0]:.0f}" y="{points[0][1] + (20 if dash else -10):.0f}" fill="{colour}">drempel {threshold}</text>')
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 375" font-family="sans-serif" font-size="13">'
    pathlib.Path(path).write_text("\n".join([head, '<rect width="600" height="375" fill="#fff"/>', *marks, "</svg>", ""]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--residents", type=int, default=60000)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--kubus", default="target/debug/kubus")
    parser.add_argument("--out", help="write the table here (CSV)")
    parser.add_argument("--picture", help="draw recall against noise here (SVG)")
    asked = parser.parse_args()
    results = {policy: [] for policy in GRID}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        os.environ["KUBUS_KEYS"] = str(folder / "keys")
        for seed in range(1, asked.seeds + 1):
            town = folder / f"town{seed}"
            run(asked.kubus, "town", "--out", town, "--residents", asked.residents, "--seed", seed)
            run(asked.kubus, "key", town)
            run(asked.kubus, "build", town)
            for d, v, t in GRID:
                results[d, v, t].append(measure(town, RULES.format(d=d, v=v, t=t), asked.kubus, folder))
    rows = []
    for (d, v, t), found in results.items():
        made = [f for f in found if f]
        flat = lambda level: itertools.chain.from_iterable(f["found"][level] for f in made)
        right = itertools.chain.from_iterable(f["first"] for f in made)
        shown = [1 - f["hidden"]["primary"] / f["hidden"]["cells"] for f in made]
        rows.append([d, v, t, f"{len(made)}/{len(found)}", share(flat("pc6")), share(flat("street")), share(flat("buurt")),
                     share(right), f"{100 * sum(shown) / len(shown):.0f} %" if shown else "-"])
    head = ["D", "V", "threshold", "released", "recall pc6", "recall street", "recall buurt", "precision", "shown"]
    print(f"{datetime.date.today()}, {asked.residents} residents, seeds 1 to {asked.seeds}")
    for row in [head, *rows]:
        print(" | ".join(str(value) for value in row))
    if asked.picture:
        picture(rows, asked.picture)
    if asked.out:
        with open(asked.out, "w", newline="") as out:
            csv.writer(out).writerows([head, *rows])


if __name__ == "__main__":
    main()
