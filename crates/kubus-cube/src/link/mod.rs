//! Pseudonyms, record keys, recodes and spans: from delivered files to linked rows.
//!
//! Every person and household number is replaced by a keyed hash as soon as it is read; nothing
//! downstream sees the number. Expressions run as `DataFusion` physical expressions over the
//! batches of one file. Called by [`crate::build`].
//!
//! | module | what it holds |
//! | --- | --- |
//! | `secret` | pseudonyms and record keys |
//! | `evaluate` | recodes and conditions over a batch |
//! | `span` | from which day to which a row holds |
//! | `read` | one delivered file becomes linked rows, and an account of every row |
//! | `rows` | the rows of a source |

mod evaluate;
mod read;
mod rows;
mod secret;
mod span;

use std::path::{Path, PathBuf};

use arrow::error::ArrowError;
use kubus_model::Finding;
use rayon::prelude::*;

use crate::build::{FileReport, Progress};
use crate::declaration::{Declarations, SourceDeclaration};
use crate::source::find_files;

pub(crate) use evaluate::{number_of, numbers_of, text_of, truth_of};
pub(crate) use rows::SourceRows;
pub(crate) use secret::Secrets;
pub(crate) use span::{Span, date, day};

/// What was declared does not fit what was delivered.
pub(crate) type Refused = Box<Finding>;

/// What was read and linked: the rows of every source, in declared order, and the account.
#[derive(Debug, Default)]
pub(crate) struct Linked {
    pub(crate) sources: Vec<SourceRows>,
    pub(crate) files: Vec<FileReport>,
    pub(crate) findings: Vec<Finding>,
}

/// Why rows were not linked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LinkError {
    /// What was declared does not fit what was delivered.
    #[error("{}", .0.code)]
    Declared(Refused),
    /// A fault of ours: columns do not fit.
    #[error("linked columns do not fit: {0}")]
    Broken(#[from] ArrowError),
    /// The linked rows together take more bytes than they may.
    #[error("the rows take {needed} bytes where {allowed} are allowed")]
    Memory { needed: u64, allowed: u64 },
}

impl From<Refused> for LinkError {
    fn from(refused: Refused) -> Self {
        Self::Declared(refused)
    }
}

/// Names the bytes that linked rows may take together, when it is not [`MEMORY`].
const MEMORY_VARIABLE: &str = "KUBUS_MEMORY";
/// Bytes that linked rows may take together.
const MEMORY: u64 = 4 << 30;

/// The bytes that linked rows may take together.
fn allowed() -> u64 {
    std::env::var(MEMORY_VARIABLE).ok().and_then(|bytes| bytes.parse().ok()).unwrap_or(MEMORY)
}

/// Reads and links every file of every source.
pub(crate) fn link(
    declarations: &Declarations,
    deliveries: &Path,
    secrets: &Secrets,
    progress: Progress<'_>,
) -> Result<Linked, LinkError> {
    let mut linked = Linked::default();
    let jobs = jobs(declarations, deliveries, &mut linked.findings);
    let done = std::sync::atomic::AtomicUsize::new(0);
    let (taken, allowed) = (std::sync::atomic::AtomicU64::new(0), allowed());
    let files: Vec<read::LinkedFile> = jobs
        .par_iter()
        .map(|(source, path)| {
            let file = read::link_file(source, path, secrets);
            let so_far = done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
            progress("read", share(so_far, jobs.len()));
            let file = file?;
            let own = file.rows.as_ref().map_or(0, SourceRows::bytes);
            let needed = own + taken.fetch_add(own, std::sync::atomic::Ordering::Relaxed);
            if needed > allowed { Err(LinkError::Memory { needed, allowed }) } else { Ok(file) }
        })
        .collect::<Result<_, _>>()?;
    let mut files = jobs.iter().map(|(source, _)| &source.id).zip(files).collect::<Vec<_>>();
    for source in &declarations.sources {
        let (own, others) = files.into_iter().partition(|(id, _)| **id == source.id);
        files = others;
        let own: Vec<read::LinkedFile> = own.into_iter().map(|(_, file): (_, read::LinkedFile)| file).collect();
        linked.add(source, own)?;
    }
    Ok(linked)
}

impl Linked {
    fn add(&mut self, source: &SourceDeclaration, files: Vec<read::LinkedFile>) -> Result<(), LinkError> {
        let mut parts = Vec::with_capacity(files.len());
        for mut file in files {
            self.findings.append(&mut file.findings);
            self.files.push(file.report);
            parts.extend(file.rows);
        }
        self.sources.push(SourceRows::concat(source, parts)?);
        Ok(())
    }

    /// The rows of a source; none when it is not declared.
    pub(crate) fn source(&self, id: &str) -> Option<&SourceRows> {
        self.sources.iter().find(|rows| rows.id == id)
    }
}

fn jobs<'a>(
    declarations: &'a Declarations,
    deliveries: &Path,
    findings: &mut Vec<Finding>,
) -> Vec<(&'a SourceDeclaration, PathBuf)> {
    let mut jobs = Vec::new();
    for source in &declarations.sources {
        let found = find_files(deliveries, &source.file);
        if found.is_empty() {
            findings.push(Finding::error("source-no-files").source(&source.id).with("name", &source.file.name));
        }
        jobs.extend(found.into_iter().map(|path| (source, path)));
    }
    jobs
}

#[expect(clippy::cast_precision_loss, reason = "a part of a progress bar")]
pub(crate) fn share(done: usize, all: usize) -> f64 {
    done as f64 / all.max(1) as f64
}
