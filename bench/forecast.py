"""The bound on backtests: python3 bench/forecast.py TARGET.

2,214 areas, 106 months, 24 origins, one month ahead, and the simple figures beside it: under 10
seconds and 1 GB on two cores.
"""

import argparse
import json
import math
import os
import random
import resource
import subprocess
import sys
import time
from pathlib import Path

CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "straatkubus-bench"
AREAS, MONTHS = 2214, 106
SECONDS, MEGABYTES = 10.0, 1024.0


def main() -> None:
    """Measures and prints; exit code 1 when a bound is broken."""
    parser = argparse.ArgumentParser(description="The bound on backtests")
    parser.add_argument("target", type=Path, help="cargo's output folder")
    program = parser.parse_args().target / "debug" / "kubus"
    command = [program, "--format", "json", "backtest", "--input", panel()]
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    wall, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    megabytes = after.ru_maxrss / 1024.0
    origins = json.loads(said)["origins"]
    sys.stdout.write(
        f"backtest of {AREAS} areas, {MONTHS} months, {origins} origins: {wall:.1f} s wall (bound {SECONDS:.0f}), "
        f"{cpu:.1f} CPU s, {megabytes:.0f} MB (bound {MEGABYTES:.0f})\n"
    )
    sys.exit(0 if origins == 24 and wall < SECONDS and megabytes < MEGABYTES else 1)


def panel() -> Path:
    """Counts by chance around rates that differ, with a season; written once."""
    path = CACHE / f"panel-{AREAS}x{MONTHS}.csv"
    if path.exists():
        return path
    CACHE.mkdir(parents=True, exist_ok=True)
    chance = random.Random(1)
    lines = ["area,period,count"]
    for area in range(AREAS):
        rate = chance.gammavariate(0.7, 1.2)
        for month in range(MONTHS):
            season = 1.0 + 0.15 * math.sin(month * math.tau / 12.0)
            count = poisson(chance, rate * season * chance.gammavariate(5.0, 0.2))
            lines.append(f"b{area:04d},{2016 + month // 12}-{month % 12 + 1:02d},{count}")
    part = path.with_suffix(".part")
    part.write_text("\n".join(lines) + "\n")
    part.rename(path)
    return path


def poisson(chance: random.Random, mean: float) -> int:
    """A count with this mean (Knuth 1969)."""
    limit, product, count = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count


if __name__ == "__main__":
    main()
