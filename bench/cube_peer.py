"""The peers of the cube benchmark: cube_peer.py (duckdb|polars|duckdb-single) FOLDER.

`duckdb` and `polars` follow the best plan found for each: group to the finest level once, then
roll up. `duckdb-single` reads the CSV and makes one grouping, by neighbourhood and every attribute.
Prints the same line as `kubus-bench cube`; its source defines the checksum.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ATTRIBUTES = ["age", "sex", "benefit"]
SUMS = ["n", "debt", "dropout", "youth", "income"]
UPPER = [
    [level, "period", *(name for bit, name in enumerate(ATTRIBUTES) if subset >> bit & 1)]
    for level in ("gemeente", "wijk", "buurt")
    for subset in range(8)
]
LOWER = [["pc6", "period"], *(["pc6", "period", name] for name in ATTRIBUTES)]

COLUMNS = (
    "{'person_id':'ubigint','household_id':'ubigint','pc6':'varchar','birth_year':'int','sex':'varchar',"
    "'income_class':'tinyint','benefit':'boolean','debt':'boolean','school_dropout':'boolean',"
    "'youth_care':'boolean','date':'date'}"
)
GROUP = "quarter(date)::int period, (2024 - birth_year) // 13 age, sex, benefit"
COUNT = (
    "count(*) n, sum(debt::int)::bigint debt, sum(school_dropout::int)::bigint dropout,"
    " sum(youth_care::int)::bigint youth, sum(income_class::int)::bigint income"
)
ADD = ", ".join(f"sum({name})::bigint {name}" for name in SUMS)
TALLY = "count(*), sum(income * (n + 3 * debt + 5 * dropout + 7 * youth))::bigint"


def sets(groupings: list[list[str]]) -> str:
    """The groupings as SQL grouping sets."""
    return ", ".join(f"({', '.join(grouping)})" for grouping in groupings)


def duckdb_base(folder: str) -> DuckDBPyConnection:
    """A connection with two threads that knows the areas."""
    import duckdb

    base = duckdb.connect()
    base.execute("set threads = 2; set preserve_insertion_order = false")
    base.execute(f"create temp table area as from read_csv('{folder}/area.csv', header = true)")
    return base


def duckdb_cube(folder: str) -> str:
    """All 28 groupings from Parquet."""
    base = duckdb_base(folder)
    make = {
        "fine": f"select pc6, {GROUP}, {COUNT} from '{folder}/persons.parquet' group by all",
        "areas": "select buurt, wijk, gemeente, period, age, sex, benefit, "
        f"{ADD} from fine join area using (pc6) group by all",
        "up": f"select gemeente, wijk, buurt, period, age, sex, benefit, {ADD} from areas "
        f"group by grouping sets ({sets(UPPER)})",
        "low": f"select pc6, period, age, sex, benefit, {ADD} from fine group by grouping sets ({sets(LOWER)})",
    }
    for name, query in make.items():
        base.execute(f"create temp table {name} as {query}")
    tally = [base.execute(f"select {TALLY} from {name}").fetchone() for name in ("up", "low", "areas")]
    groups = base.execute("select count(*) from fine").fetchone()[0]
    (up, up_sum), (low, low_sum), (buurt, buurt_sum) = tally
    return line(groups, up + low, up_sum + low_sum, buurt, buurt_sum)


def duckdb_single(folder: str) -> str:
    """One grouping from CSV."""
    base = duckdb_base(folder)
    rows = f"read_csv('{folder}/persons.csv', header = true, columns = {COLUMNS})"
    base.execute(
        f"create temp table r as select buurt, {GROUP}, {COUNT} from {rows} join area using (pc6) group by all"
    )
    cells, total = base.execute(f"select {TALLY} from r").fetchone()
    return f"buurt_cells {cells} buurt_checksum {total}"


def polars_cube(folder: str) -> str:
    """All 28 groupings from Parquet."""
    import polars as pl

    keys = ["period", *ATTRIBUTES]
    rows = pl.scan_parquet(f"{folder}/persons.parquet").with_columns(
        period=pl.col("date").dt.quarter(), age=(2024 - pl.col("birth_year")) // 13
    )
    flags = {"debt": "debt", "dropout": "school_dropout", "youth": "youth_care", "income": "income_class"}
    count = [pl.len().cast(pl.Int64).alias("n"), *(pl.col(c).cast(pl.Int64).sum().alias(s) for s, c in flags.items())]
    add = [pl.col(name).sum() for name in SUMS]
    fine = rows.group_by("pc6", *keys).agg(count).collect(engine="streaming")
    joined = fine.lazy().join(pl.scan_csv(f"{folder}/area.csv"), on="pc6")
    areas = joined.group_by("buurt", "wijk", "gemeente", *keys).agg(add).collect(engine="streaming")
    weight = pl.col("n") + 3 * pl.col("debt") + 5 * pl.col("dropout") + 7 * pl.col("youth")

    def tally(cells: pl.DataFrame) -> tuple[int, int]:
        return cells.height, cells.select((pl.col("income") * weight).sum()).item()

    done = [areas.group_by(names).agg(add) for names in UPPER] + [fine.group_by(names).agg(add) for names in LOWER]
    tallies = [tally(cells) for cells in done]
    return line(fine.height, sum(cells for cells, _ in tallies), sum(total for _, total in tallies), *tally(areas))


def line(groups: int, cells: int, checksum: int, buurt_cells: int, buurt_checksum: int) -> str:
    """The line that `kubus-bench cube` prints too."""
    head = f"groups {groups} cells {cells} checksum {checksum}"
    return f"{head} buurt_cells {buurt_cells} buurt_checksum {buurt_checksum}"


if __name__ == "__main__":
    run = {"duckdb": duckdb_cube, "polars": polars_cube, "duckdb-single": duckdb_single}[sys.argv[1]]
    print(run(sys.argv[2]))
