//! The whole way from deliveries to a cube in the vault, and the report about it.
//!
//! Called by the workshop's `kubus check`, `kubus build` and `kubus run`.
//!
//! | module | what it holds |
//! | --- | --- |
//! | `ground`, `population`, `held` | where rows are placed, who lives there, which units have a row elsewhere |
//! | `world` | everything that is counted from |
//! | `calendar` | which periods can be counted |
//! | `units`, `events`, `survey`, `figures` | one way of counting each; `tally` makes tables by area of it |
//! | `sums` | children sum to parents |
//! | `account`, `cube` | what is said about the sources; the cube put together |
//! | `vault`, `html` | the cube on disk; the report as a page |

mod account;
mod calendar;
mod count;
mod cube;
mod events;
mod figures;
mod ground;
mod held;
mod html;
mod population;
mod sums;
mod survey;
mod tally;
mod units;
mod vault;
mod world;

use std::path::Path;

use kubus_model::release::SourceStatement;
use kubus_model::{Blame, Fault, Finding, Severity};
use kubus_store::LinkKey;
use serde::{Deserialize, Serialize};

use crate::aggregate::AggregateError;
use crate::area::Geography;
use crate::declaration::{self, Declarations};
use crate::exact::{Cube, ExactTable};
use crate::link::{LinkError, Linked, Secrets, link};
use count::CountError;
pub use html::report_html;
use world::World;

/// Told about progress: a stage (message key), and the part done (0 to 1).
pub type Progress<'a> = &'a (dyn Fn(&str, f64) + Sync);

/// What was delivered in one file, and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FileReport {
    /// Source identifier, or the area level.
    pub source: String,
    /// File name without its folder.
    pub file: String,
    /// Rows in the file.
    pub rows: u64,
    /// Rows counted.
    pub counted: u64,
    /// Rows refused, each with a finding.
    pub refused: u64,
    /// Rows left out because the declared condition is false for them.
    pub left_out: u64,
    /// What was sniffed: delimiter, encoding, decimal sign, header.
    pub sniffed: std::collections::BTreeMap<String, String>,
}

/// The account of a check or a build: `report.json`, and what `report.html` is made of.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Town identifier.
    pub town: String,
    /// One entry per file.
    pub files: Vec<FileReport>,
    /// Per source: how late, how complete, at what level, since when.
    pub sources: Vec<SourceStatement>,
    /// Everything that was found.
    pub findings: Vec<Finding>,
}

/// Why there is no cube.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The declarations or deliveries are not accepted; the report says why.
    #[error("the deliveries are not accepted: {} errors", .0.findings.len())]
    Refused(Box<Report>),
    /// The build needs more memory than it may use.
    #[error("the build would need {needed} bytes where {allowed} are allowed")]
    Memory {
        /// Bytes asked for.
        needed: u64,
        /// Bytes allowed.
        allowed: u64,
    },
    /// There is no vault yet.
    #[error("nothing was counted yet for {0}")]
    NoVault(String),
    /// The vault could not be written or read.
    #[error("the vault: {0}")]
    Vault(String),
    /// A fault of ours: totals that do not add up, a plan that fails.
    #[error("{0}")]
    Internal(String),
}

impl Blame for BuildError {
    fn fault(&self) -> Fault {
        match self {
            Self::Refused(_) | Self::Memory { .. } | Self::NoVault(_) => Fault::User,
            Self::Vault(_) | Self::Internal(_) => Fault::Ours,
        }
    }

    fn finding(&self) -> Finding {
        match self {
            Self::Refused(report) => Finding::error("build-refused").with("count", report.findings.len()),
            Self::Memory { needed, allowed } => {
                Finding::error("build-memory").with("needed", needed).with("allowed", allowed)
            }
            Self::NoVault(town) => Finding::error("vault-absent").with("path", town),
            Self::Vault(reason) => Finding::error("vault-failed").with("reason", reason),
            Self::Internal(reason) => Finding::error("build-internal").with("reason", reason),
        }
    }
}

/// Reads the declarations and the deliveries of the town and counts nothing. The report holds
/// every finding; the input is accepted when none of them is an error.
#[must_use]
pub fn check(town: &Path, progress: Progress<'_>) -> Report {
    match read_town(town, progress, &Secrets::new(&LinkKey::from_bytes(throwaway()))) {
        Ok(read) => read.report,
        Err(BuildError::Refused(report)) => *report,
        Err(error) => Report { findings: vec![error.finding()], ..Report::default() },
    }
}

/// Builds the cube of a town in memory.
///
/// # Errors
/// [`BuildError`]; nothing is written.
pub fn build(town: &Path, key: &LinkKey, progress: Progress<'_>) -> Result<(Cube, Report), BuildError> {
    let secrets = Secrets::new(key);
    let Read { declarations, geography, linked, delivered, mut report } = read_town(town, progress, &secrets)?;
    report.accepted()?;
    let counted = World::new(&declarations, &geography, &linked, &secrets, &delivered)
        .map_err(CountError::from)
        .and_then(|world| count::count(&world, progress));
    let tables = counted.map_err(|error| report.refusal(error))?;
    drop(linked);
    report.findings.extend(sums::check(&declarations, &geography, &tables));
    report.findings.extend(not_counted(&declarations, &tables));
    report.accepted()?;
    let cube = cube::assemble(declarations, geography, tables, report.sources.clone(), report.findings.clone());
    Ok((cube, report))
}

/// Everything that was read of a town.
struct Read {
    declarations: Declarations,
    geography: Geography,
    linked: Linked,
    delivered: std::collections::BTreeMap<String, i32>,
    report: Report,
}

fn read_town(town: &Path, progress: Progress<'_>, secrets: &Secrets) -> Result<Read, BuildError> {
    progress("declarations", 0.0);
    let (declarations, findings) = declaration::load(town);
    let mut report = Report { findings, ..Report::default() };
    let Some(declarations) = declarations else { return Err(BuildError::Refused(Box::new(report))) };
    report.town.clone_from(&declarations.town.id);
    let deliveries = town.join("deliveries");
    progress("areas", 0.0);
    let geography = Geography::load(&declarations, &deliveries);
    report.findings.extend(geography.findings.iter().cloned());
    let linked = link(&declarations, &deliveries, secrets, progress).map_err(|error| report.not_linked(error))?;
    report.findings.extend(linked.findings.iter().cloned());
    report.files.clone_from(&linked.files);
    report.findings.extend(report.files.iter().filter_map(unaccounted));
    let delivered = account::delivered(&declarations, &deliveries);
    match World::new(&declarations, &geography, &linked, secrets, &delivered) {
        Ok(world) => report.sources = account::statements(&world, &linked, &delivered),
        Err(finding) => report.findings.push(*finding),
    }
    report.findings.extend(account::warnings(&report.sources));
    Ok(Read { declarations, geography, linked, delivered, report })
}

/// A warning for every indicator without a period in which all its sources are there.
fn not_counted(declarations: &Declarations, tables: &[ExactTable]) -> Vec<Finding> {
    let counted = |id: &str| tables.iter().any(|table| table.indicator == id);
    let missing = declarations.indicators.iter().filter(|indicator| !counted(&indicator.id));
    missing.map(|indicator| Finding::warning("indicator-not-counted").with("indicator", &indicator.id)).collect()
}

/// Rows in = rows counted + rows refused + rows left out.
fn unaccounted(file: &FileReport) -> Option<Finding> {
    let told = file.counted + file.refused + file.left_out;
    let finding = Finding::error("rows-unaccounted").source(&file.source).file(&file.file);
    (told != file.rows).then(|| finding.with("rows", file.rows).with("told", told))
}

/// A key for a check, which keeps nothing: no two runs have the same pseudonyms.
fn throwaway() -> [u8; 32] {
    let state = std::hash::RandomState::new();
    let word = |at: u8| std::hash::BuildHasher::hash_one(&state, at).to_le_bytes();
    let mut key = [0; 32];
    (0..).zip(key.chunks_mut(8)).for_each(|(at, chunk)| chunk.copy_from_slice(&word(at)));
    key
}

impl Report {
    /// The report as an error when one of its findings is one.
    fn accepted(&self) -> Result<(), BuildError> {
        let refused = self.findings.iter().any(|finding| finding.severity == Severity::Error);
        if refused { Err(BuildError::Refused(Box::new(self.clone()))) } else { Ok(()) }
    }

    /// The report as an error, with one more finding.
    fn refused_for(&self, finding: Finding) -> BuildError {
        let mut report = self.clone();
        report.findings.push(finding);
        BuildError::Refused(Box::new(report))
    }

    fn not_linked(&self, error: LinkError) -> BuildError {
        match error {
            LinkError::Declared(finding) => self.refused_for(*finding),
            LinkError::Memory { needed, allowed } => BuildError::Memory { needed, allowed },
            broken @ LinkError::Broken(_) => BuildError::Internal(broken.to_string()),
        }
    }

    fn refusal(&self, error: CountError) -> BuildError {
        match error {
            CountError::Declared(finding) => self.refused_for(*finding),
            CountError::Kernel(AggregateError::Memory { needed, allowed }) => BuildError::Memory { needed, allowed },
            CountError::Kernel(other) => BuildError::Internal(other.to_string()),
        }
    }
}

/// Writes a cube to the town's vault (mode 0600), whole or not at all.
///
/// # Errors
/// [`BuildError::Vault`].
pub fn write_vault(cube: &Cube, town: &Path) -> Result<(), BuildError> {
    vault::write(cube, town)
}

/// Reads the cube in the town's vault.
///
/// # Errors
/// [`BuildError::NoVault`] when there is none, [`BuildError::Vault`] when it cannot be read.
pub fn read_vault(town: &Path) -> Result<Cube, BuildError> {
    vault::read(town)
}
