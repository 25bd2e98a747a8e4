//! The whole way from deliveries to a cube in the vault, and the report about it.
//!
//! Called by the workshop's `kubus check`, `kubus build` and `kubus run`.

use std::path::Path;

use kubus_model::release::SourceStatement;
use kubus_model::{Blame, Fault, Finding};
use kubus_store::LinkKey;
use serde::{Deserialize, Serialize};

use crate::exact::Cube;

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
            Self::Refused(_) | Self::Memory { .. } => Fault::User,
            Self::Vault(_) | Self::Internal(_) => Fault::Ours,
        }
    }

    fn finding(&self) -> Finding {
        match self {
            Self::Refused(report) => Finding::error("build-refused").with("count", report.findings.len()),
            Self::Memory { needed, allowed } => {
                Finding::error("build-memory").with("needed", needed).with("allowed", allowed)
            }
            Self::Vault(reason) => Finding::error("vault-failed").with("reason", reason),
            Self::Internal(reason) => Finding::error("build-internal").with("reason", reason),
        }
    }
}

/// Reads the declarations and the deliveries of the town and counts nothing. The report holds
/// every finding; the input is accepted when none of them is an error.
#[must_use]
pub fn check(_town: &Path, _progress: Progress<'_>) -> Report {
    Report::default()
}

/// Builds the cube of a town in memory.
///
/// # Errors
/// [`BuildError`]; nothing is written.
pub fn build(_town: &Path, _key: &LinkKey, _progress: Progress<'_>) -> Result<(Cube, Report), BuildError> {
    Err(BuildError::Internal("not yet written".into()))
}

/// Writes a cube to the town's vault (mode 0600), whole or not at all.
///
/// # Errors
/// [`BuildError::Vault`].
pub fn write_vault(_cube: &Cube, _town: &Path) -> Result<(), BuildError> {
    Err(BuildError::Vault("not yet written".into()))
}

/// Reads the cube in the town's vault.
///
/// # Errors
/// [`BuildError::Vault`] when there is none or it cannot be read.
pub fn read_vault(_town: &Path) -> Result<Cube, BuildError> {
    Err(BuildError::Vault("not yet written".into()))
}
