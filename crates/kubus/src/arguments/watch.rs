//! What can be asked of `kubus watch`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

const WATCH_EXAMPLES: &str = "\
Voorbeelden / Examples:
  kubus watch --input meldingen.csv
  kubus watch --input meldingen.csv --alpha 0.005 --ratio 1.5 --format csv
  kubus watch --input meldingen.csv --threshold delta --power half";

/// Which panel to watch, and how strictly.
#[derive(Debug, Args)]
#[command(after_help = WATCH_EXAMPLES)]
pub(crate) struct WatchArguments {
    /// CSV met `area,period,count` (maanden, kwartalen of weken als 2024-W05), en desgewenst `status`.
    #[arg(long)]
    pub(crate) input: PathBuf,
    /// Beloofd deel vals alarm: van de gebieden en perioden waarin niets bijzonders is.
    #[arg(long, default_value_t = 0.01, value_parser = alpha)]
    pub(crate) alpha: f64,
    /// Verhoging die gevonden moet worden: zoveel keer het verwachte aantal.
    #[arg(long, default_value_t = 2.0, value_parser = ratio)]
    pub(crate) ratio: f64,
    /// Geen alarm bij minder gevallen dan dit in vier perioden samen.
    #[arg(long, default_value_t = 5)]
    pub(crate) fewest: u32,
    /// Hoe de drempel uit de verwachting volgt.
    #[arg(long, value_enum, default_value_t = Threshold::Predictive)]
    pub(crate) threshold: Threshold,
    /// Bij --threshold delta: op welke macht van de aantallen.
    #[arg(long, value_enum, default_value_t = Power::TwoThirds)]
    pub(crate) power: Power,
    /// Voor de trekkingen.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Hetzelfde als --format json.
    #[arg(long)]
    pub(crate) json: bool,
}

/// How a threshold is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Threshold {
    /// Negatief-binomiaal, met de onzekerheid van de verwachting erbij.
    Predictive,
    /// Normale verdeling op een macht van de aantallen.
    Delta,
    /// Negatief-binomiaal rond de verwachting, zonder haar onzekerheid.
    Nb,
    /// Negatief-binomiaal rond de bovenkant van de verwachting.
    Muan,
}

/// A power of the counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Power {
    /// De aantallen zelf.
    One,
    /// De wortel.
    Half,
    /// Tot de macht 2/3.
    TwoThirds,
}

fn alpha(text: &str) -> Result<f64, String> {
    let within = |alpha: &f64| (0.0001..=0.2).contains(alpha);
    text.parse().ok().filter(within).ok_or_else(|| "van 0.0001 tot en met 0.2 / from 0.0001 to 0.2".to_owned())
}

fn ratio(text: &str) -> Result<f64, String> {
    let within = |ratio: &f64| (1.05..=20.0).contains(ratio);
    text.parse().ok().filter(within).ok_or_else(|| "van 1.05 tot en met 20 / from 1.05 to 20".to_owned())
}
