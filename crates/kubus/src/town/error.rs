//! Why no town was made.

use std::fmt::Display;
use std::io;
use std::path::{Path, PathBuf};

use kubus_model::{Blame, Fault, Finding};

/// Why no town was made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TownError {
    /// An option is too small or too large.
    #[error("{what} is {given}, expected {low} to {high}")]
    OutOfRange {
        /// `residents` or `months`.
        what: &'static str,
        /// What was asked.
        given: usize,
        /// Smallest.
        low: usize,
        /// Largest.
        high: usize,
    },
    /// The folder of deliveries holds files that this program did not make.
    #[error("{} holds {count} files that are not ours, such as {example}", folder.display())]
    Foreign {
        /// The folder.
        folder: PathBuf,
        /// How many.
        count: usize,
        /// The first of them by name.
        example: String,
    },
    /// A file or folder could not be written.
    #[error("could not {action} {}: {source}", path.display())]
    File {
        /// What was tried.
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file could not be made in its format.
    #[error("could not make {}: {reason}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// What the writer of the format said.
        reason: String,
    },
}

impl TownError {
    /// A file that could not be written.
    pub(super) fn file(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self::File { action, path: path.to_owned(), source }
    }

    /// A file that could not be made in its format.
    pub(super) fn format(path: &Path, reason: impl Display) -> Self {
        Self::Format { path: path.to_owned(), reason: reason.to_string() }
    }
}

impl Blame for TownError {
    fn fault(&self) -> Fault {
        match self {
            Self::OutOfRange { .. } | Self::Foreign { .. } => Fault::User,
            Self::File { .. } | Self::Format { .. } => Fault::Ours,
        }
    }

    fn finding(&self) -> Finding {
        match self {
            Self::OutOfRange { what, given, low, high } => Finding::error("town-out-of-range")
                .with("what", what)
                .with("given", given)
                .with("low", low)
                .with("high", high),
            Self::Foreign { folder, count, example } => {
                Finding::error("town-foreign-files").file(example).with("path", folder.display()).with("count", count)
            }
            Self::File { action, path, source } => Finding::error("town-file-failed")
                .with("action", action)
                .with("path", path.display())
                .with("reason", source),
            Self::Format { path, reason } => {
                Finding::error("town-format-failed").with("path", path.display()).with("reason", reason)
            }
        }
    }
}
