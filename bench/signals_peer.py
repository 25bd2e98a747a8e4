"""CPU seconds of local Moran's I with 999 draws: signals_peer.py esda|pygeoda FOLDER."""

import csv
import sys
import time
from pathlib import Path


def main() -> None:
    """Prints the seconds."""
    engine, folder = sys.argv[1], Path(sys.argv[2])
    with (folder / "areas.csv").open() as file:
        values = [float(row["value"]) for row in csv.DictReader(file)]
    seconds = with_esda(values, folder) if engine == "esda" else with_pygeoda(values, folder)
    sys.stdout.write(f"{seconds}\n")


def with_esda(values: list[float], folder: Path) -> float:
    """A small run first, so that compiling is not counted."""
    import esda
    import numpy as np
    from libpysal.graph import Graph

    edges = np.loadtxt(folder / "edges.csv", delimiter=",", skiprows=1, dtype=int)
    weights = Graph.from_arrays(edges[:, 0], edges[:, 1], np.ones(len(edges)))
    ring = np.arange(200)
    small = Graph.from_arrays(ring, (ring + 1) % 200, np.ones(200))
    esda.Moran_Local(np.random.default_rng(1).random(200), small, permutations=99, n_jobs=1, seed=1)
    figures = np.array(values)
    start = time.process_time()
    esda.Moran_Local(figures, weights, permutations=999, n_jobs=1, seed=1)
    return time.process_time() - start


def with_pygeoda(values: list[float], folder: Path) -> float:
    """Its fastest way: one table of draws for all areas."""
    import pygeoda

    weights = pygeoda.weights.read_gal(str(folder / "w.gal"), [str(at) for at in range(len(values))])
    start = time.process_time()
    pygeoda.local_moran(weights, values, permutations=999, permutation_method="lookup", cpu_threads=1, seed=1)
    return time.process_time() - start


if __name__ == "__main__":
    main()
