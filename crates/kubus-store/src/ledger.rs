//! The list of releases: one JSON line each, holding the hash of the line before.
//!
//! A line is durable before its release becomes visible, so a visible release without a line, or
//! a line that was changed afterwards, shows. The ledger is only ever appended to; a last line
//! without its line end was never finished and counts as not written. Called by [`crate::publish`],
//! [`mod@crate::recover`] and [`mod@crate::verify`].

use std::path::Path;

use chrono::{DateTime, Utc};
use kubus_model::{Blame, Fault, Finding};
use serde::{Deserialize, Serialize};

use crate::chain::{Chain, ChainError, Link};
use crate::file::FileError;

/// The name of the ledger within the releases folder.
pub const LEDGER_FILE: &str = "ledger.jsonl";

/// One line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LedgerLine {
    /// Number of the release, from 1.
    pub number: u32,
    /// SHA-256 of the manifest's bytes, lower-case hexadecimal.
    pub manifest_sha256: String,
    /// SHA-256 of the previous line without its line end; zeros for the first.
    pub previous: String,
    /// When it was published (UTC). The only place where the clock enters a release.
    pub published_at: DateTime<Utc>,
    /// The verifying key, hexadecimal.
    pub key: String,
}

impl Link for LedgerLine {
    fn number(&self) -> u32 {
        self.number
    }

    fn previous(&self) -> &str {
        &self.previous
    }
}

/// Why the ledger cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// A line does not follow from the line before: changed, removed or out of order.
    #[error("ledger line {0} does not follow from the line before")]
    BrokenChain(usize),
    /// A line cannot be read.
    #[error("ledger line {0} cannot be read")]
    BadLine(usize),
    /// The file could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
}

impl From<ChainError> for LedgerError {
    fn from(error: ChainError) -> Self {
        match error {
            ChainError::Broken(line) => Self::BrokenChain(line),
            ChainError::Unreadable(line) => Self::BadLine(line),
            ChainError::File(error) => Self::File(error),
        }
    }
}

impl Blame for LedgerError {
    fn fault(&self) -> Fault {
        match self {
            Self::BrokenChain(_) | Self::BadLine(_) => Fault::User,
            Self::File(error) => error.fault(),
        }
    }

    fn finding(&self) -> Finding {
        let about = |code: &str, line: usize| Finding::error(code).file(LEDGER_FILE).row(line as u64);
        match self {
            Self::BrokenChain(line) => about("ledger-chain-broken", *line),
            Self::BadLine(line) => about("ledger-line-unreadable", *line),
            Self::File(error) => error.finding(),
        }
    }
}

/// The ledger of a releases folder, with its chain checked.
#[derive(Debug, Clone)]
pub struct Ledger(Chain<LedgerLine>);

impl Ledger {
    /// Reads the ledger and checks its chain; an absent file is an empty ledger.
    ///
    /// # Errors
    /// [`LedgerError`]; lines are counted from 1.
    pub fn read(releases: &Path) -> Result<Self, LedgerError> {
        Ok(Self(Chain::read(releases.join(LEDGER_FILE))?))
    }

    /// The lines, oldest first.
    #[must_use]
    pub fn lines(&self) -> &[LedgerLine] {
        self.0.lines()
    }

    /// The line of a release.
    #[must_use]
    pub fn line(&self, number: u32) -> Option<&LedgerLine> {
        self.lines().iter().find(|line| line.number == number)
    }

    /// The number of the last release; 0 when there is none.
    #[must_use]
    pub fn last(&self) -> u32 {
        self.0.last()
    }

    /// The hash of the last line, which the next line must name.
    #[must_use]
    pub fn head(&self) -> &str {
        self.0.head()
    }

    /// Whether the file ends in a line that was never finished.
    #[must_use]
    pub const fn is_torn(&self) -> bool {
        self.0.is_torn()
    }

    /// Cuts off a line that was never finished: its release was not published.
    pub(crate) fn cut_torn_line(&mut self) -> Result<(), LedgerError> {
        Ok(self.0.cut_torn_line()?)
    }

    /// Appends a line and makes it durable, its folder entry included.
    pub(crate) fn append(
        &mut self,
        manifest_sha256: &str,
        published_at: DateTime<Utc>,
        key: &str,
    ) -> Result<(), LedgerError> {
        let line = LedgerLine {
            number: self.last() + 1,
            manifest_sha256: manifest_sha256.into(),
            previous: self.head().to_owned(),
            published_at,
            key: key.into(),
        };
        Ok(self.0.append(&line)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three_lines(folder: &Path) -> Ledger {
        let mut ledger = Ledger::read(folder).unwrap();
        for sha in ["aa", "bb", "cc"] {
            ledger.append(sha, DateTime::UNIX_EPOCH, "key").unwrap();
        }
        ledger
    }

    #[test]
    fn numbers_count_up_and_each_line_names_the_one_before() {
        let folder = tempfile::tempdir().unwrap();
        let written = three_lines(folder.path());
        let read = Ledger::read(folder.path()).unwrap();
        assert_eq!(read.lines(), written.lines());
        assert_eq!((read.last(), read.head()), (3, written.head()));
        assert_eq!(read.line(2).unwrap().manifest_sha256, "bb");
    }

    #[test]
    fn a_changed_or_removed_line_breaks_the_chain() {
        let folder = tempfile::tempdir().unwrap();
        three_lines(folder.path());
        let path = folder.path().join(LEDGER_FILE);
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, text.replacen("aa", "ab", 1)).unwrap();
        assert!(matches!(Ledger::read(folder.path()), Err(LedgerError::BrokenChain(2))));
        let without_second: Vec<&str> = text.lines().enumerate().filter(|(at, _)| *at != 1).map(|(_, l)| l).collect();
        std::fs::write(&path, without_second.join("\n") + "\n").unwrap();
        assert!(matches!(Ledger::read(folder.path()), Err(LedgerError::BrokenChain(2))));
        std::fs::write(&path, "rubbish\n").unwrap();
        assert!(matches!(Ledger::read(folder.path()), Err(LedgerError::BadLine(1))));
    }

    #[test]
    fn an_unfinished_last_line_counts_as_not_written() {
        let folder = tempfile::tempdir().unwrap();
        three_lines(folder.path());
        let path = folder.path().join(LEDGER_FILE);
        let text = std::fs::read(&path).unwrap();
        std::fs::write(&path, &text[..text.len() - 9]).unwrap();
        let mut ledger = Ledger::read(folder.path()).unwrap();
        assert!(ledger.is_torn());
        assert_eq!(ledger.last(), 2);
        ledger.cut_torn_line().unwrap();
        ledger.append("dd", DateTime::UNIX_EPOCH, "key").unwrap();
        assert_eq!(Ledger::read(folder.path()).unwrap().line(3).unwrap().manifest_sha256, "dd");
    }
}
