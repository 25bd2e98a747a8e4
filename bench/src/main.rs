//! Our side of the measurements against named peers. `bench/run.py` and `bench/drill.py` make the
//! input, run peers and this program in turn, and print ratios.

mod cube;
mod drill;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(about = "Our side of the measurements; bench/run.py and bench/drill.py run the peers beside it")]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Counts person records by 28 groupings: four levels, a period, and age, sex and benefit.
    Cube {
        /// Folder with persons.parquet, persons.csv and area.csv.
        #[arg(long)]
        data: PathBuf,
        /// `parquet` or `csv`.
        #[arg(long, default_value = "parquet")]
        source: cube::Source,
    },
    /// Looks for the groups with the largest deviation in a table whose last column is the target.
    Drill {
        /// CSV with the categories first and True or False last.
        #[arg(long)]
        table: PathBuf,
        /// Tables without a pattern.
        #[arg(long, default_value_t = 0)]
        draws: usize,
        /// Runs; the lowest counts.
        #[arg(long, default_value_t = 5)]
        repeats: usize,
    },
}

fn main() -> ExitCode {
    let summary = match Arguments::parse().what {
        What::Cube { data, source } => cube::run(&data, source),
        What::Drill { table, draws, repeats } => drill::run(&table, draws, repeats),
    };
    match summary {
        Ok(summary) => say(&summary),
        Err(error) => say(&format!("failed: {error}")),
    }
}

#[expect(clippy::print_stdout, reason = "the result of a command goes to standard output")]
fn say(text: &str) -> ExitCode {
    println!("{text}");
    if text.starts_with("failed") { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
