//! The drill-down benchmark: the groups of at most three conditions in a table, on one thread. The
//! file is read first, and its reading is not counted.

use std::path::Path;

use kubus_signal::drill::{self, Measure, Options, Side, TableBuilder};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Rows as they were read: the values of each, and whether it is a case.
struct Rows {
    columns: Vec<String>,
    rows: Vec<(csv::StringRecord, bool)>,
}

/// CPU seconds of counting the rows and searching, the lowest of so many repeats.
pub(crate) fn run(path: &Path, draws: usize, repeats: usize) -> Result<String, Failure> {
    let rows = read(path)?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build()?;
    let once = || pool.install(|| measured(&rows, draws));
    let mut best = once()?;
    for _ in 1..repeats {
        let next = once()?;
        if next.0 < best.0 {
            best = next;
        }
    }
    Ok(format!("seconds {:.6} first {}", best.0, best.1))
}

/// The last column says whether a row is a case.
fn read(path: &Path) -> Result<Rows, Failure> {
    let mut reader = csv::Reader::from_path(path)?;
    let mut columns: Vec<String> = reader.headers()?.iter().map(str::to_owned).collect();
    columns.pop();
    let row = |record: Result<csv::StringRecord, csv::Error>| {
        let record = record?;
        let case = record.get(columns.len()) == Some("True");
        Ok::<_, csv::Error>((record, case))
    };
    let rows = reader.records().map(row).collect::<Result<Vec<_>, _>>()?;
    Ok(Rows { columns, rows })
}

fn measured(rows: &Rows, draws: usize) -> Result<(f64, String), Failure> {
    let start = cpu()?;
    let columns: Vec<&str> = rows.columns.iter().map(String::as_str).collect();
    let mut table = TableBuilder::new(Measure::Share, &columns);
    for (values, case) in &rows.rows {
        table.row(values.iter(), *case)?;
    }
    let options = Options { depth: 3, top: 10, side: Side::Higher, smallest: 10.0, draws, seed: 1 };
    let found = drill::drill(&table.finish()?, &options)?;
    let seconds = cpu()? - start;
    let conditions = found.list.first().map(|group| group.conditions.as_slice()).unwrap_or_default();
    let words: Vec<String> = conditions.iter().map(|(column, value)| format!("{column}={value}")).collect();
    Ok((seconds, words.join(" AND ")))
}

/// CPU seconds of this thread so far.
fn cpu() -> Result<f64, Failure> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds: f64 = text.split_whitespace().next().unwrap_or_default().parse()?;
    Ok(nanoseconds / 1e9)
}
