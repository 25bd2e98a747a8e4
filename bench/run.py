"""Our programs against named peers, measured in one run: python3 bench/run.py TARGET [--rows N].

TARGET is the folder of cargo's output. Prints CPU seconds, wall seconds, peak memory and the
ratios against the targets. Exit code 0 whether or not a target is reached; 1 when two programs
that should have counted the same did not.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
import venv
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "straatkubus-bench"
THREADS = "2"
SAMPLE_SECONDS = 0.05
NOISE = 1.25
TOWN_SECONDS, TOWN_MEMORY_MB = 60.0, 2000.0


@dataclass
class Run:
    """One process with its children, from start to end."""

    cpu: float
    wall: float
    memory_mb: float
    output: str


@dataclass
class Result:
    """The best of some runs: each figure its own lowest. `spread` is highest over lowest CPU time."""

    cpu: float
    wall: float
    memory_mb: float
    spread: float
    runs: int


@dataclass
class Verdict:
    """A figure beside its target."""

    what: str
    measured: float
    target: float
    reached: bool


def main() -> int:
    """Measures, prints and, with --json, writes."""
    options = arguments()
    python = environment()
    data = records(python, options.rows)
    where = machine(python, options)
    say(where)
    contest = measure(commands(options.target, python, data), options.repeats)
    if contest is None:
        return 1
    verdicts = cube_verdicts(contest)
    if not options.skip_town:
        contest["kubus run"] = result = town(options)
        verdicts.append(at_most("kubus run, wall seconds", result.wall, TOWN_SECONDS))
        verdicts.append(at_most("kubus run, MB", result.memory_mb, TOWN_MEMORY_MB))
    report(contest, verdicts)
    if options.json:
        write_json(options.json, contest, verdicts, where)
    return 0


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Our programs against named peers")
    parser.add_argument("target", type=Path, help="cargo's output folder")
    parser.add_argument("--rows", type=int, default=20_000_000, help="person records of the cube benchmark")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each program; the best counts")
    parser.add_argument("--residents", type=int, default=200_000, help="of the demo town")
    parser.add_argument("--months", type=int, default=48, help="of the demo town")
    parser.add_argument("--skip-town", action="store_true", help="the cube benchmark only")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    return parser.parse_args()


def environment() -> Path:
    """The Python with the pinned peers, made when absent or when the pins changed."""
    pins, folder = HERE / "requirements.txt", CACHE / "venv"
    python, stamp = folder / "bin" / "python", folder / "pins.txt"
    if not stamp.exists() or stamp.read_text() != pins.read_text():
        say(f"installing the peers in {folder}")
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", pins], check=True)
        stamp.write_text(pins.read_text())
    return python


def records(python: Path, rows: int) -> Path:
    """The folder with the records, made once for each size."""
    folder = CACHE / f"cube-{rows}"
    if not (folder / "done").exists():
        say(f"making {rows} records in {folder}")
        subprocess.run([python, HERE / "cube_data.py", str(rows), folder], check=True)
        (folder / "done").touch()
    return folder


def commands(target: Path, python: Path, data: Path) -> dict[str, list[str]]:
    """What is measured."""
    ours = [str(target / "debug" / "kubus-bench"), "cube", "--data", str(data), "--source"]
    peer = [str(python), str(HERE / "cube_peer.py")]
    return {
        "kubus parquet": [*ours, "parquet"],
        "DuckDB parquet": [*peer, "duckdb", str(data)],
        "Polars parquet": [*peer, "polars", str(data)],
        "kubus csv": [*ours, "csv"],
        "DuckDB csv, one grouping": [*peer, "duckdb-single", str(data)],
    }


def measure(programs: dict[str, list[str]], repeats: int) -> dict[str, Result] | None:
    """Runs the programs in turn. `None` when they do not agree."""
    runs: dict[str, list[Run]] = {name: [] for name in programs}
    for turn in range(repeats):
        for name, command in programs.items():
            runs[name].append(run(command))
            say(f"  turn {turn + 1}: {name}: {shown(runs[name][-1])}  [load {os.getloadavg()[0]:.1f}]")
        if not agree({name: done[-1].output for name, done in runs.items()}):
            return None
    return {name: best(done) for name, done in runs.items()}


def run(command: list[str], environment: dict[str, str] | None = None) -> Run:
    """Runs a program to its end; stops everything, with its messages, when it fails."""
    limits = {"RAYON_NUM_THREADS": THREADS, "POLARS_MAX_THREADS": THREADS}
    everything = os.environ | limits | (environment or {})
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as messages:
        begin = time.monotonic()
        process = subprocess.Popen(command, stdout=output, stderr=messages, env=everything)
        sampler = Sampler(process.pid)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        memory = max(sampler.stop(), usage.ru_maxrss)
        output.seek(0)
        messages.seek(0)
        if process.returncode != 0:
            sys.exit(f"{' '.join(command)} ended with code {process.returncode}: {output.read()}{messages.read()}")
        return Run(usage.ru_utime + usage.ru_stime, wall, memory / 1024, output.read())


class Sampler:
    """Follows the memory of a process with its children, added up, in KiB.

    `wait4` gives the exact peak of the largest single process; this adds those that live together.
    """

    def __init__(self, root: int) -> None:
        self.root, self.peak, self.ended = root, 0, threading.Event()
        self.thread = threading.Thread(target=self.follow, daemon=True)
        self.thread.start()

    def follow(self) -> None:
        """Measures until `stop`."""
        while not self.ended.wait(SAMPLE_SECONDS):
            self.peak = max(self.peak, tree_memory(self.root))

    def stop(self) -> int:
        """The highest sum seen."""
        self.ended.set()
        self.thread.join()
        return self.peak


def tree_memory(root: int) -> int:
    """KiB in memory of a process and its children. Shared pages count for each, so never too low."""
    try:
        status = Path(f"/proc/{root}/status").read_text()
        tasks = Path(f"/proc/{root}/task").glob("*/children")
        children = {int(pid) for task in tasks for pid in task.read_text().split()}
    except OSError:
        return 0
    own = next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")), 0)
    return own + sum(tree_memory(child) for child in children)


def pairs(output: str) -> dict[str, int]:
    """`cells 5 checksum 7` as a table."""
    words = output.split()
    return {name: int(value) for name, value in zip(words[::2], words[1::2], strict=True)}


def agree(outputs: dict[str, str]) -> bool:
    """Whether every program counted what the first did; each must say at least the neighbourhoods."""
    counted = {name: pairs(output) for name, output in outputs.items()}
    first = next(iter(counted.values()))
    for name, figures in counted.items():
        if "buurt_checksum" not in figures or any(first.get(key) != value for key, value in figures.items()):
            say(f"DIFFERENT: {name} counted {figures}, the first program {first}")
            return False
    return True


def best(runs: list[Run]) -> Result:
    """The lowest of each figure, and how far the CPU times lie apart."""
    cpu = [done.cpu for done in runs]
    wall, memory = min(done.wall for done in runs), min(done.memory_mb for done in runs)
    return Result(min(cpu), wall, memory, max(cpu) / min(cpu), len(runs))


def cube_verdicts(results: dict[str, Result]) -> list[Verdict]:
    """The cube's ratios beside their targets; Polars is held to the ones set for DuckDB."""
    ours, csv = results["kubus parquet"], results["kubus csv"]
    duckdb, single = results["DuckDB parquet"], results["DuckDB csv, one grouping"]
    polars = results["Polars parquet"]
    return [
        at_most("parquet, CPU time ÷ DuckDB", ours.cpu / duckdb.cpu, 0.5),
        at_most("parquet, memory ÷ DuckDB", ours.memory_mb / duckdb.memory_mb, 0.35),
        at_most("parquet, CPU time ÷ Polars", ours.cpu / polars.cpu, 0.5),
        at_most("parquet, memory ÷ Polars", ours.memory_mb / polars.memory_mb, 0.35),
        at_most("csv checked, 28 groupings, CPU time ÷ DuckDB's one", csv.cpu / single.cpu, 1.0),
        at_most("csv checked, 28 groupings, wall time ÷ DuckDB's one", csv.wall / single.wall, 1.0),
    ]


def town(options: argparse.Namespace) -> Result:
    """`kubus run` on a fresh demo town, each time in a new folder with its own keys."""
    kubus, runs = str(options.target / "debug" / "kubus"), []
    for turn in range(options.repeats):
        with tempfile.TemporaryDirectory() as folder:
            place, keys = f"{folder}/town", {"KUBUS_KEYS": f"{folder}/keys"}
            size = ["--residents", str(options.residents), "--months", str(options.months)]
            run([kubus, "town", "--out", place, *size], keys)
            run([kubus, "key", place], keys)
            runs.append(run([kubus, "run", place], keys))
        say(f"  turn {turn + 1}: kubus run: {shown(runs[-1])}  [load {os.getloadavg()[0]:.1f}]")
    return best(runs)


def at_most(what: str, measured: float, target: float) -> Verdict:
    """Reached when the figure is not above the target."""
    return Verdict(what, measured, target, measured <= target)


def machine(python: Path, options: argparse.Namespace) -> str:
    """Where and with what was measured."""
    info = Path("/proc/cpuinfo").read_text().splitlines()
    processor = next((line.split(":")[1].strip() for line in info if line.startswith("model name")), platform.machine())
    pins = ", ".join((HERE / "requirements.txt").read_text().split())
    version = subprocess.run([python, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    size = f"{options.rows} records; town of {options.residents} residents, {options.months} months"
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return f"{now}; {processor}, {os.cpu_count()} CPUs, {THREADS} threads each; {pins}, {version}; {size}"


def shown(figures: Run | Result) -> str:
    """The three figures in a line."""
    return f"{figures.cpu:7.1f} CPU s {figures.wall:7.1f} wall s {figures.memory_mb:7.0f} MB"


def report(results: dict[str, Result], verdicts: list[Verdict]) -> None:
    """The figures, then the verdicts."""
    say("\nBest of the runs (each figure its own lowest):")
    for name, result in results.items():
        noise = f"  noisy: highest CPU time is {result.spread:.2f} × the lowest" if result.spread > NOISE else ""
        say(f"  {name:26}{shown(result)}{noise}")
    say("\nAgainst the targets:")
    for verdict in verdicts:
        word = "reached" if verdict.reached else "not reached"
        say(f"  {verdict.what:54}{verdict.measured:8.2f}  at most {verdict.target:g}: {word}")


def write_json(path: Path, results: dict[str, Result], verdicts: list[Verdict], where: str) -> None:
    """The figures for programs."""
    found = {
        "machine": where,
        "results": {name: asdict(result) for name, result in results.items()},
        "verdicts": [asdict(verdict) for verdict in verdicts],
    }
    path.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")


def say(text: str) -> None:
    """A line to standard output, at once."""
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
