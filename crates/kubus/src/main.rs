//! The workshop's command line. Only `kubus town` so far.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use kubus_model::{Blame, Fault};

mod town;

/// Straatkubus, the workshop.
#[derive(Debug, Parser)]
#[command(name = "kubus", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a fictional municipality to try everything on.
    Town {
        /// The town's folder.
        #[arg(long)]
        out: PathBuf,
        /// About how many residents.
        #[arg(long, default_value_t = 200_000)]
        residents: usize,
        /// How many months, up to December 2025.
        #[arg(long, default_value_t = 48)]
        months: usize,
        /// Another seed gives another town.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Write although there are files that are not ours.
        #[arg(long)]
        force: bool,
    },
}

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line speaks through its streams")]
fn main() -> ExitCode {
    let Command::Town { out, residents, months, seed, force } = Arguments::parse().command;
    let options = town::TownOptions { out, residents, months, seed, force };
    match town::write_town(&options, &|_, _| ()) {
        Ok(summary) => {
            println!("{}", serde_json::to_string(&summary).unwrap_or_default());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(if error.fault() == Fault::User { 1 } else { 2 })
        }
    }
}
