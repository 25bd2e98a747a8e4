//! `kubus attack`: what can be derived from published releases, or from a bare system of cells.

use std::path::{Path, PathBuf};

use kubus_model::{Finding, Release};
use kubus_release::attack::published::attack_releases;
use kubus_release::attack::system::attackers::{Helped, Helpers, fitting, helped};
use kubus_release::attack::system::{BareAttack, BareCell, attack_system};
use kubus_release::suppress::suppress_against;
use kubus_store::file::{folder_of, write_atomic};
use kubus_store::open::verifying_key;
use kubus_store::publish::MANIFEST_FILE;
use kubus_store::{list, open_release};
use serde::Serialize;

use super::{Context, Failure, Outcome};
use crate::arguments::{AttackArguments, Format};

/// Cells told with who gives them away.
const EXAMPLES: usize = 20;

/// Atoms in cells, and the cells.
type System = (Vec<(u32, u32)>, Vec<BareCell>);

pub(super) fn run(context: &Context, asked: &AttackArguments) -> Outcome {
    let json = asked.json || context.format == Format::Json;
    match asked.system.as_deref().zip(asked.cells.as_deref()) {
        Some((system, cells)) if asked.repair => repair(context, asked, system_of(system, cells)?, json),
        Some((system, cells)) => {
            let (x, cells) = system_of(system, cells)?;
            by(context, asked, &x, &cells, json)
        }
        None if asked.attacker == "A0" => releases(context, &asked.releases, json),
        None => Err(Failure::user(vec![Finding::error("attack-only-on-system").with("attacker", &asked.attacker)])),
    }
}

/// What an attack on a bare system by an attacker who may know more found.
#[derive(Debug, Serialize)]
struct Told {
    attacker: String,
    /// Public figures that were used.
    public: usize,
    /// Sensitive cells that are certain with the help of contributors only.
    helped: usize,
    /// Some of them, with the atoms that the helpers know.
    examples: Vec<Helped>,
    #[serde(flatten)]
    attack: BareAttack,
}

/// Attacks a bare system as one of A0 to A3.
fn by(context: &Context, asked: &AttackArguments, x: &[(u32, u32)], cells: &[BareCell], json: bool) -> Outcome {
    let (known, helpers) = match (asked.attacker.as_str(), asked.known.as_deref()) {
        ("A3", Some(path)) => {
            (rows(path, &["cell", "freq"], |f| Some((f[0].parse().ok()?, f[1].parse().ok()?)))?, None)
        }
        ("A3", None) | (_, Some(_)) => return Err(Failure::user(vec![Finding::error("attack-known-with-a-three")])),
        ("A1", None) => (Vec::new(), Some(Helpers::One)),
        ("A2", None) => (Vec::new(), Some(Helpers::Two)),
        _ => (Vec::new(), None),
    };
    if let Some(cell) = known.iter().map(|row: &(usize, i64)| row.0).find(|cell| *cell >= cells.len()) {
        let finding = Finding::error("attack-public-unknown").with("cell", cell).with("count", cells.len());
        return Err(Failure::user(vec![finding]));
    }
    let informed = fitting(x, cells, asked.zeros_known, &known);
    let attack = attack_system(x, &informed, asked.zeros_known);
    let helped = helpers.map_or_else(Vec::new, |helpers| helped(x, cells, asked.zeros_known, helpers));
    let public = informed.iter().zip(cells).filter(|(now, before)| before.suppressed && !now.suppressed).count();
    let examples = helped.iter().take(EXAMPLES).cloned().collect();
    let told = Told { attacker: asked.attacker.clone(), public, helped: helped.len(), examples, attack };
    if json {
        context.say(&serde_json::to_string(&told).unwrap_or_default());
        return Ok(());
    }
    bare(context, &told.attack, false);
    let number = |name, value: usize| [("attacker", told.attacker.clone()), (name, value.to_string())];
    if helpers.is_some() {
        context.say(&context.messages.text("attack-helped", &number("count", told.helped)));
        for found in &told.examples {
            let atoms = found.atoms.iter().map(ToString::to_string).collect::<Vec<_>>().join(" + ");
            context.say(&context.messages.text("attack-proof", &[("cell", found.cell.to_string()), ("atoms", atoms)]));
        }
    }
    if !known.is_empty() {
        let told = [("used", told.public.to_string()), ("count", known.len().to_string())];
        context.say(&context.messages.text("attack-public", &told));
    }
    Ok(())
}

fn bare(context: &Context, found: &BareAttack, json: bool) {
    if json {
        context.say(&serde_json::to_string(found).unwrap_or_default());
    } else {
        context.say(&context.messages.text("attack-found", &parameters(found)));
    }
}

fn parameters(found: &BareAttack) -> [(&'static str, String); 7] {
    [
        ("cells", found.cells.to_string()),
        ("primary", found.primary.to_string()),
        ("exact", found.exact.to_string()),
        ("width", found.width_le_2.to_string()),
        ("below", found.below_threshold.to_string()),
        ("unsettled", found.unsettled.to_string()),
        ("seconds", format!("{:.1}", found.seconds)),
    ]
}

/// Suppresses further cells, writes the pattern, and tells what the attacker makes of it.
fn repair(context: &Context, asked: &AttackArguments, (x, cells): System, json: bool) -> Outcome {
    let against = match asked.attacker.as_str() {
        "A1" => Some(Helpers::One),
        "A2" => Some(Helpers::Two),
        "A3" => return Err(Failure::user(vec![Finding::error("attack-repair-not-a-three")])),
        _ => None,
    };
    let found = suppress_against(&x, &cells, asked.zeros_known, against);
    if let Some(out) = &asked.out {
        write_atomic(out, pattern(&cells, &found.suppressed).as_bytes())?;
    }
    if json {
        context.say(&serde_json::to_string(&found).unwrap_or_default());
    } else {
        let told = [("secondary", found.secondary.to_string()), ("without", found.exact_without.to_string())];
        context.say(&context.messages.text("attack-repaired", &told));
        bare(context, &found.attack, json);
    }
    let exposed = found.attack.exact + found.helped;
    if exposed == 0 {
        return Ok(());
    }
    Err(Failure::user(vec![Finding::error("attack-not-repaired").with("exact", exposed)]))
}

/// The cells in the form in which they are read.
fn pattern(cells: &[BareCell], suppressed: &[bool]) -> String {
    let word = |flag: bool| if flag { "TRUE" } else { "FALSE" };
    let line = |(cell, hidden): (&BareCell, &bool)| format!("{},{},{}\n", cell.freq, word(cell.primary), word(*hidden));
    std::iter::once("freq,primary,suppressed\n".to_owned()).chain(cells.iter().zip(suppressed).map(line)).collect()
}

/// Attacks sealed releases together.
fn releases(context: &Context, paths: &[PathBuf], json: bool) -> Outcome {
    let mut opened = Vec::new();
    for path in paths {
        opened.extend(open(path)?);
    }
    let found = attack_releases(&opened);
    if json {
        context.say(&serde_json::to_string(&found).unwrap_or_default());
    } else {
        context.say(&context.messages.text("attack-found", &parameters(&found.certain)));
        context.say(&context.messages.text("attack-supposed", &parameters(&found.supposed)));
    }
    let breaches = found.certain.exact + found.certain.below_threshold;
    if breaches == 0 {
        return Ok(());
    }
    Err(Failure::user(vec![Finding::error("attack-breach").with("count", breaches)]))
}

/// A release, or every release of a town or of a folder of releases; seals are checked.
fn open(path: &Path) -> Result<Vec<Release>, Failure> {
    let folders = if path.join(MANIFEST_FILE).is_file() {
        path.canonicalize().into_iter().collect()
    } else {
        let inside = path.join("releases");
        let found = list(if inside.is_dir() { &inside } else { path });
        found.into_iter().map(|(_, folder)| folder).collect::<Vec<_>>()
    };
    if folders.is_empty() {
        return Err(Failure::user(vec![Finding::error("release-not-found").with("path", path.display())]));
    }
    let mut opened = Vec::new();
    for folder in folders {
        opened.push(open_release(&folder, &verifying_key(folder_of(&folder))?)?);
    }
    Ok(opened)
}

/// Reads a bare system.
fn system_of(system: &Path, cells: &Path) -> Result<System, Failure> {
    let pairs = rows(system, &["i", "j"], |fields| Some((fields[0].parse().ok()?, fields[1].parse().ok()?)))?;
    let cells = rows(cells, &["freq", "primary", "suppressed"], |fields| {
        Some(BareCell { freq: fields[0].parse().ok()?, primary: flag(&fields[1])?, suppressed: flag(&fields[2])? })
    })?;
    if let Some(pair) = pairs.iter().find(|pair: &&(u32, u32)| pair.1 as usize >= cells.len()) {
        let finding = Finding::error("attack-cell-unknown").file(name(system)).with("cell", pair.1);
        return Err(Failure::user(vec![finding.with("count", cells.len())]));
    }
    Ok((pairs, cells))
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
