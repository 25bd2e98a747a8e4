//! `kubus attack --system X.csv --cells PUB.csv`: what can be derived from a bare system of cells.

use std::path::Path;

use kubus_model::Finding;
use kubus_release::attack::system::{BareCell, attack_system};

use super::{Context, Failure, Outcome};
use crate::arguments::Format;

pub(super) fn run(context: &Context, system: &Path, cells: &Path, zeros_known: bool, json: bool) -> Outcome {
    let pairs = rows(system, &["i", "j"], |fields| Some((fields[0].parse().ok()?, fields[1].parse().ok()?)))?;
    let cells = rows(cells, &["freq", "primary", "suppressed"], |fields| {
        Some(BareCell { freq: fields[0].parse().ok()?, primary: flag(&fields[1])?, suppressed: flag(&fields[2])? })
    })?;
    if let Some(pair) = pairs.iter().find(|pair: &&(u32, u32)| pair.1 as usize >= cells.len()) {
        let finding = Finding::error("attack-cell-unknown").file(name(system)).with("cell", pair.1);
        return Err(Failure::user(vec![finding.with("count", cells.len())]));
    }
    let found = attack_system(&pairs, &cells, zeros_known);
    if json || context.format == Format::Json {
        context.say(&serde_json::to_string(&found).unwrap_or_default());
        return Ok(());
    }
    let parameters = [
        ("cells", found.cells.to_string()),
        ("primary", found.primary.to_string()),
        ("exact", found.exact.to_string()),
        ("width", found.width_le_2.to_string()),
        ("below", found.below_threshold.to_string()),
        ("seconds", format!("{:.1}", found.seconds)),
    ];
    context.say(&context.messages.text("attack-found", &parameters));
    Ok(())
}

fn flag(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The rows of a file with the named columns, in that order; a wrong row is named.
fn rows<T>(path: &Path, columns: &[&str], row: impl Fn(&[String]) -> Option<T>) -> Result<Vec<T>, Failure> {
    let wrong = |code: &str| Finding::error(code).file(name(path));
    let unreadable = |e: csv::Error| Failure::user(vec![wrong("attack-file-unreadable").with("reason", e)]);
    let mut reader = csv::Reader::from_path(path).map_err(unreadable)?;
    let header = reader.headers().map_err(unreadable)?.clone();
    let missing = |column: &str| Failure::user(vec![wrong("attack-column-missing").column(column)]);
    let at: Vec<usize> = columns
        .iter()
        .map(|column| header.iter().position(|name| name == *column).ok_or_else(|| missing(column)))
        .collect::<Result<_, _>>()?;
    let mut found = Vec::new();
    for (line, record) in (2u64..).zip(reader.records()) {
        let record = record.map_err(unreadable)?;
        let fields: Vec<String> = at.iter().map(|at| record.get(*at).unwrap_or_default().trim().to_owned()).collect();
        found.push(row(&fields).ok_or_else(|| Failure::user(vec![wrong("attack-row-wrong").row(line)]))?);
    }
    Ok(found)
}
