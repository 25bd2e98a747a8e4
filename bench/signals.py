"""Local Moran's I beside esda and pygeoda: python3 bench/signals.py TARGET [--areas N].

The peers report the CPU seconds of the statistic alone, with 999 draws; reading and weights are
left out. Ours is a whole process with a million draws, once as it is and once less the same
process without draws.
"""

import argparse
import os
import random
import resource
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "straatkubus-bench"
ROWS = {-1: (-1, 0), 0: (-1, 1), 1: (-1, 0)}


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description="Local Moran's I beside esda and pygeoda")
    parser.add_argument("target", type=Path, help="cargo's output folder")
    parser.add_argument("--areas", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=5, help="runs of each program; the best counts")
    options = parser.parse_args()
    python, folder = environment("signals"), grid(options.areas)
    program = str(options.target / "debug" / "kubus")
    files = ["--areas", str(folder / "areas.csv"), "--edges", str(folder / "edges.csv")]

    def ours(draws: int) -> float:
        command = [program, "space", *files, "--perms", str(draws), "--jobs", "1"]
        return min(cpu_of(command) for _ in range(options.repeats))

    def peer(engine: str, repeats: int) -> float:
        command = [str(python), str(HERE / "signals_peer.py"), engine, str(folder)]
        runs = (subprocess.run(command, check=True, capture_output=True, text=True) for _ in range(repeats))
        return min(float(run.stdout.split()[-1]) for run in runs)

    whole, without = ours(1_000_000), ours(0)
    lookup = peer("pygeoda", options.repeats)
    rows = {
        "Straatkubus, a million draws, whole process": whole,
        "Straatkubus, the draws alone": whole - without,
        "pygeoda lookup, 999 draws": lookup,
        "esda, 999 draws": peer("esda", 1),
    }
    for what, seconds in rows.items():
        sys.stdout.write(f"{what:45s} {seconds:8.3f} CPU s\n")
    ratio = lookup / max(whole - without, 1e-9)
    sys.stdout.write(f"pygeoda lookup over our draws: {ratio:.1f} (target 10)\n")


def cpu_of(command: list[str]) -> float:
    """CPU seconds of a process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def environment(peers: str) -> Path:
    """The Python with these pinned peers, made when absent or when the pins changed."""
    pins, folder = HERE / f"requirements-{peers}.txt", CACHE / f"venv-{peers}"
    python, stamp = folder / "bin" / "python", folder / "pins.txt"
    if not stamp.exists() or stamp.read_text() != pins.read_text():
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", pins], check=True)
        stamp.write_text(pins.read_text())
    return python


def grid(count: int) -> Path:
    """A lattice of hexagons with figures by chance, written once per size."""
    folder = CACHE / f"signals-{count}"
    if (folder / "w.gal").exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    draw = random.Random(count)
    columns = int(count**0.5) + 1
    with (folder / "areas.csv").open("w") as areas:
        areas.write("id,x,y,pop,cases,value\n")
        for at in range(count):
            row, column = divmod(at, columns)
            people = draw.randrange(20, 201)
            cases = sum(draw.random() < 0.05 for _ in range(people))
            place = f"{(column + row % 2 / 2) * 100},{row * 86.6:.3f}"
            areas.write(f"{at},{place},{people},{cases},{cases / people:.10f}\n")
    with (folder / "edges.csv").open("w") as edges, (folder / "w.gal").open("w") as weights:
        edges.write("i,j\n")
        weights.write(f"0 {count} areas id\n")
        for at in range(count):
            around = neighbours(at, columns, count)
            edges.writelines(f"{at},{other}\n" for other in around)
            weights.write(f"{at} {len(around)}\n{' '.join(map(str, around))}\n")
    return folder


def neighbours(at: int, columns: int, count: int) -> list[int]:
    """The areas that touch one, ascending."""
    row, column = divmod(at, columns)
    found = []
    for down, sides in ROWS.items():
        shift = row % 2 if down else 0
        for side in sides:
            beside = column + side + shift
            other = (row + down) * columns + beside
            if row + down >= 0 and 0 <= beside < columns and other < count:
                found.append(other)
    return found


if __name__ == "__main__":
    main()
