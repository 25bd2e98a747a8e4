//! Our side of the measurements against named peers. `bench/run.py` makes the input, runs peers
//! and this program in turn, and prints ratios of CPU time and memory.

mod cube;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(about = "Our side of the measurements; bench/run.py runs the peers beside it")]
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
}

fn main() -> ExitCode {
    let What::Cube { data, source } = Arguments::parse().what;
    match cube::run(&data, source) {
        Ok(summary) => say(&summary),
        Err(error) => say(&format!("failed: {error}")),
    }
}

#[expect(clippy::print_stdout, reason = "the result of a command goes to standard output")]
fn say(text: &str) -> ExitCode {
    println!("{text}");
    if text.starts_with("failed") { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
