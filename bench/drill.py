"""Drill-down beside pysubgroup: python3 bench/drill.py TARGET [--rows N].

A table of ten columns with three to eight values and one planted group. Both report the CPU
seconds of counting and searching on one thread; reading the file is left out on both sides.
"""

import argparse
import random
import subprocess
import sys
from pathlib import Path

from signals import CACHE, HERE, environment

DRAWS = 999
WITHOUT, WITH = 0.05, 1.0


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description="Drill-down beside pysubgroup")
    parser.add_argument("target", type=Path, help="cargo's output folder")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=5, help="runs of each program; the best counts")
    options = parser.parse_args()
    python, path = environment("drill"), table(options.rows)

    def ours(draws: int) -> tuple[float, str]:
        command = [str(options.target / "debug" / "kubus-bench"), "drill", "--table", str(path)]
        return answer([*command, "--draws", str(draws), "--repeats", str(options.repeats)])

    def peer(algorithm: str, repeats: int) -> tuple[float, str]:
        command = [str(python), str(HERE / "drill_peer.py"), algorithm, str(path)]
        return min(answer(command) for _ in range(repeats))

    rows = {
        "Straatkubus": ours(0),
        f"Straatkubus with {DRAWS} draws": ours(DRAWS),
        "pysubgroup, apriori": peer("apriori", 2),
        "pysubgroup, depth first with bit sets": peer("dfs", options.repeats),
    }
    for what, (seconds, first) in rows.items():
        sys.stdout.write(f"{what:40s} {seconds:8.4f} CPU s  first: {first}\n")
    without, with_draws = list(rows.values())[:2]
    best = min(list(rows.values())[2:])
    sys.stdout.write(f"pysubgroup's best over ours: {best[0] / without[0]:.1f}\n")
    sys.stdout.write(f"without significance {without[0]:.4f} s (target {WITHOUT}), with {with_draws[0]:.3f} s ({WITH})\n")
    if any(first != without[1] for _, first in rows.values()):
        sys.exit("the first group is not the same")


def answer(command: list[str]) -> tuple[float, str]:
    """Seconds and the first group of `seconds S first GROUP`."""
    words = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    seconds, first = words.removeprefix("seconds ").split(" first ")
    return float(seconds), first


def table(rows: int) -> Path:
    """Categories by chance, three times as many cases in one of twelve groups; written once per size."""
    path = CACHE / f"drill-{rows}.csv"
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    draw = random.Random(7)
    sizes = [3 + column % 6 for column in range(10)]
    with path.open("w") as file:
        file.write(",".join(f"c{column}" for column in range(10)) + ",target\n")
        for _ in range(rows):
            codes = [draw.randrange(size) for size in sizes]
            rate = 0.15 if codes[:2] == [1, 2] else 0.05
            file.write(",".join(f"v{code}" for code in codes) + f",{draw.random() < rate}\n")
    return path


if __name__ == "__main__":
    main()
