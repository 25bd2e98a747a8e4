//! What can be asked of `kubus drill`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

const DRILL_EXAMPLES: &str = "\
Voorbeelden / Examples:
  kubus drill --input huishoudens.csv --target schulden
  kubus drill --input huishoudens.csv --target schulden --significance 999 --json
  kubus drill --input cellen.csv --target meldingen --exposure inwoners --columns leeftijd,huishouden";

/// In which groups of a table to look, and for what.
#[derive(Debug, Args)]
#[command(after_help = DRILL_EXAMPLES)]
pub(crate) struct DrillArguments {
    /// CSV: kenmerken in kolommen, en een kolom die zegt of (of hoe vaak) het voorkwam.
    #[arg(long)]
    pub(crate) input: PathBuf,
    /// Kolom met 0/1 (of false/true); met --exposure een aantal.
    #[arg(long)]
    pub(crate) target: String,
    /// Kolom met de omvang waarop het aantal sloeg (mensen, jaren).
    #[arg(long)]
    pub(crate) exposure: Option<String>,
    /// De kenmerken; anders alle andere kolommen.
    #[arg(long, value_delimiter = ',')]
    pub(crate) columns: Vec<String>,
    /// Hoogstens zoveel kenmerken tegelijk.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=3))]
    pub(crate) depth: u8,
    /// Zoveel groepen in de lijst.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) top: u16,
    /// Vaker dan gemiddeld, minder vaak, of beide.
    #[arg(long, value_enum, default_value_t = DrillSide::Higher)]
    pub(crate) side: DrillSide,
    /// Kijk niet naar kleinere groepen.
    #[arg(long, default_value_t = 10.0, value_parser = size)]
    pub(crate) smallest: f64,
    /// Zoveel tabellen zonder patroon om mee te vergelijken; zonder deze keus een bovengrens van p.
    #[arg(long, value_name = "DRAWS", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    pub(crate) significance: u32,
    /// Voor de tabellen zonder patroon.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Zoveel processorkernen; anders alle.
    #[arg(long)]
    pub(crate) jobs: Option<usize>,
    /// Hetzelfde als --format json.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Which deviations to look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DrillSide {
    /// Vaker dan gemiddeld.
    Higher,
    /// Minder vaak dan gemiddeld.
    Lower,
    /// Beide.
    Both,
}

fn size(text: &str) -> Result<f64, String> {
    let within = |size: &f64| size.is_finite() && *size >= 0.0;
    text.parse().ok().filter(within).ok_or_else(|| "nul of meer / zero or more".to_owned())
}
