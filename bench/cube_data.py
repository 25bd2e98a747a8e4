"""Makes the records of the cube benchmark: cube_data.py ROWS FOLDER. Same numbers, same records.

Residents of 90,000 postcodes, crowded in the first ones, 2.2 to a household; debts follow benefits.
Runs in the benchmark's own virtual environment, because DuckDB writes the files.
"""

import sys
from pathlib import Path

import duckdb

POSTCODE = "(1000 + {0} // 676)::varchar || chr((65 + ({0} // 26) % 26)::int) || chr((65 + {0} % 26)::int)"

AREAS = f"""
select {POSTCODE.format("i")} pc6, 'BU' || lpad((i // 60)::varchar, 8, '0') buurt,
  'WK' || lpad((i // 300)::varchar, 6, '0') wijk, 'GM' || lpad((i // 4500)::varchar, 4, '0') gemeente
from range(90000) t(i)"""

PERSONS = f"""
with draws as (
  select i, i * 10 // 22 home, hash(i, 1) a, hash(i, 2) b, hash(i, 3) c, hash(i, 4) d, hash(i, 5) e, hash(i, 6) f
  from range({{rows}}) t(i)),
placed as (
  select *, floor(90000 * power((hash(home, 7) % 1000003)::double / 1000003, 1.3))::bigint place from draws)
select i::ubigint person_id, home::ubigint household_id, {POSTCODE.format("place")} pc6,
  (1925 + a % 98)::int birth_year, if(b % 2 = 0, 'M', 'V') sex, (1 + c % 10)::tinyint income_class,
  d % 100 < 6 + place % 11 benefit, e % 100 < if(d % 100 < 6 + place % 11, 30, 5) debt,
  f % 1000 < 18 school_dropout, (f // 1000) % 1000 < 35 youth_care,
  date '2024-01-01' + ((c // 10) % 366)::int date
from placed"""


def make(rows: int, folder: Path) -> None:
    """Writes area.csv, persons.parquet and persons.csv; the latter two hold the same records in order."""
    folder.mkdir(parents=True, exist_ok=True)
    base = duckdb.connect()
    base.execute("set threads = 2; set preserve_insertion_order = true")
    base.execute(f"copy ({AREAS}) to '{folder}/area.csv' (header)")
    parquet = f"{folder}/persons.parquet"
    options = "format parquet, compression zstd, row_group_size 500000"
    base.execute(f"copy ({PERSONS.format(rows=rows)}) to '{parquet}' ({options})")
    base.execute(f"copy (from '{parquet}') to '{folder}/persons.csv' (header)")


if __name__ == "__main__":
    make(int(sys.argv[1]), Path(sys.argv[2]))
