//! A forecast as a file that can be scored later: what was forecast, from which panel, when and by
//! which version. Written by `kubus forecast --record`, read by `kubus score`.

use std::path::Path;

use chrono::Utc;
use kubus_model::{Finding, Period};
use kubus_signal::forecast::baseline::Baseline;
use kubus_signal::forecast::recorded::{Step, steps};
use kubus_signal::forecast::{Panel, Seen, Surroundings};
use kubus_store::Records;
use kubus_store::record::record_name;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Failure;
use crate::arguments::PanelArguments;

/// A recorded forecast.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    /// Version of the program.
    pub(super) program: String,
    /// Last period of the panel.
    pub(super) origin: Period,
    /// Periods that were forecast.
    pub(super) horizon: u16,
    /// Seed of the draws.
    pub(super) seed: u64,
    /// Hash of the counts, see [`hashes`].
    pub(super) panel_sha256: String,
    /// Hashes of the other files that were given, by the name of their option.
    pub(super) others_sha256: Vec<(String, String)>,
    /// The simple figure that was best when this was recorded.
    pub(super) simple: String,
    /// The forecasts, nearest period first.
    pub(super) steps: Vec<Step>,
}

/// Records a forecast in a folder. Gives its number and the new hash of the list.
pub(super) fn write(
    folder: &Path,
    asked: &PanelArguments,
    panel: &Panel,
    around: &Surroundings,
    simple: Baseline,
) -> Result<(u32, String), Failure> {
    let mut records = Records::open(folder)?;
    let origin = panel.periods[panel.periods.len() - 1];
    if let Some((line, bytes)) = records.all().last() {
        let before = parse(line.number, bytes)?.origin;
        if before >= origin {
            let finding = Finding::error("record-origin-not-later").with("origin", origin).with("before", before);
            return Err(Failure::user(vec![finding]));
        }
    }
    let record = Record {
        program: concat!("kubus ", env!("CARGO_PKG_VERSION")).to_owned(),
        origin,
        horizon: asked.horizon,
        seed: asked.seed,
        panel_sha256: hashes(panel).pop().unwrap_or_default(),
        others_sha256: others(asked)?,
        simple: simple.name().to_owned(),
        steps: steps(panel, around, usize::from(asked.horizon), simple),
    };
    // Finite numbers and texts can always be written.
    let text = serde_json::to_string_pretty(&record).unwrap_or_default() + "\n";
    let number = records.add(text.as_bytes(), Utc::now())?;
    Ok((number, records.head().to_owned()))
}

fn others(asked: &PanelArguments) -> Result<Vec<(String, String)>, Failure> {
    let given = [("population", &asked.population), ("neighbours", &asked.neighbours), ("marks", &asked.marks)];
    let hash = |(name, path): (&str, &Option<std::path::PathBuf>)| {
        let unreadable = |path: &Path, e: std::io::Error| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            Failure::user(vec![Finding::error("panel-unreadable").file(name).with("reason", e)])
        };
        path.as_ref().map(|path| {
            let bytes = std::fs::read(path).map_err(|e| unreadable(path, e))?;
            Ok((name.to_owned(), hex::encode(Sha256::digest(bytes))))
        })
    };
    given.into_iter().filter_map(hash).collect()
}

/// A record that was read.
pub(super) fn parse(number: u32, bytes: &[u8]) -> Result<Record, Failure> {
    let wrong = |reason: serde_json::Error| {
        let finding = Finding::error("record-unreadable").file(record_name(number)).with("reason", reason);
        Failure::user(vec![finding])
    };
    serde_json::from_slice(bytes).map_err(wrong)
}

/// SHA-256 of the counts up to and with every period: one line of JSON per count, `[period, area,
/// count]`, sorted by period and area; a class is a text, and a count of which nothing is known an
/// empty one. The order and the form of the file do not matter.
pub(super) fn hashes(panel: &Panel) -> Vec<String> {
    let mut hash = Sha256::new();
    let of = |(period, counts): (&Period, &Vec<Seen>)| {
        for (area, seen) in panel.areas.iter().zip(counts) {
            // Texts and numbers can always be written.
            let line = match seen {
                Seen::Exactly(count) => serde_json::to_string(&(period, area, count)),
                other => serde_json::to_string(&(period, area, other.to_string())),
            };
            hash.update(line.unwrap_or_default() + "\n");
        }
        hex::encode(hash.clone().finalize())
    };
    panel.periods.iter().zip(&panel.seen).map(of).collect()
}
