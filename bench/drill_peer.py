"""CPU seconds of pysubgroup at depth 3: drill_peer.py apriori|dfs TABLE."""

import sys
import time
import warnings

import pandas
import pysubgroup


def main() -> None:
    """Prints the seconds and the first group."""
    warnings.filterwarnings("ignore")
    algorithm, path = sys.argv[1], sys.argv[2]
    table = pandas.read_csv(path)
    start = time.process_time()
    task = pysubgroup.SubgroupDiscoveryTask(
        table,
        pysubgroup.BinaryTarget("target", True),
        pysubgroup.create_selectors(table, ignore=["target"]),
        result_set_size=10,
        depth=3,
        qf=pysubgroup.StandardQF(0.5),
    )
    algorithms = {
        "apriori": pysubgroup.Apriori,
        "dfs": lambda: pysubgroup.DFS(pysubgroup.BitSetRepresentation),
    }
    first = str(algorithms[algorithm]().execute(task).to_dataframe().subgroup[0])
    seconds = time.process_time() - start
    sys.stdout.write(f"seconds {seconds} first {first.replace(chr(39), '').replace('==', '=')}\n")


if __name__ == "__main__":
    main()
