//! The list of releases: one JSON line each, holding the hash of the line before.
//!
//! A line is durable before its release becomes visible, so a visible release without a line, or
//! a line that was changed afterwards, shows. The ledger is only ever appended to; a last line
//! without its line end was never finished and counts as not written. Called by [`crate::publish`],
//! [`mod@crate::recover`] and [`mod@crate::verify`].

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use fail::fail_point;
use kubus_model::{Blame, Fault, Finding};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::file::{FileError, failed, sync_folder};

/// The name of the ledger within the releases folder.
pub const LEDGER_FILE: &str = "ledger.jsonl";
/// What the first line names as the hash of the line before it.
pub const FIRST: &str = "0000000000000000000000000000000000000000000000000000000000000000";

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
pub struct Ledger {
    path: PathBuf,
    lines: Vec<LedgerLine>,
    head: String,
    finished: u64,
    torn: bool,
}

impl Ledger {
    /// Reads the ledger and checks its chain; an absent file is an empty ledger.
    ///
    /// # Errors
    /// [`LedgerError`]; lines are counted from 1.
    pub fn read(releases: &Path) -> Result<Self, LedgerError> {
        let path = releases.join(LEDGER_FILE);
        let text = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == ErrorKind::NotFound => Vec::new(),
            Err(e) => return Err(failed("read", &path)(e).into()),
        };
        let finished = text.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
        let mut ledger = Self { path, lines: Vec::new(), head: FIRST.into(), finished: 0, torn: finished < text.len() };
        for (at, line) in text[..finished].split_inclusive(|b| *b == b'\n').enumerate() {
            ledger.admit(at + 1, &line[..line.len() - 1])?;
        }
        Ok(ledger)
    }

    fn admit(&mut self, position: usize, line: &[u8]) -> Result<(), LedgerError> {
        let parsed: LedgerLine = serde_json::from_slice(line).map_err(|_| LedgerError::BadLine(position))?;
        if parsed.previous != self.head || parsed.number != self.last() + 1 {
            return Err(LedgerError::BrokenChain(position));
        }
        self.head = hex::encode(Sha256::digest(line));
        self.finished += line.len() as u64 + 1;
        self.lines.push(parsed);
        Ok(())
    }

    /// The lines, oldest first.
    #[must_use]
    pub fn lines(&self) -> &[LedgerLine] {
        &self.lines
    }

    /// The line of a release.
    #[must_use]
    pub fn line(&self, number: u32) -> Option<&LedgerLine> {
        self.lines.iter().find(|line| line.number == number)
    }

    /// The number of the last release; 0 when there is none.
    #[must_use]
    pub fn last(&self) -> u32 {
        self.lines.last().map_or(0, |line| line.number)
    }

    /// The hash of the last line, which the next line must name.
    #[must_use]
    pub fn head(&self) -> &str {
        &self.head
    }

    /// Whether the file ends in a line that was never finished.
    #[must_use]
    pub const fn is_torn(&self) -> bool {
        self.torn
    }

    /// Cuts off a line that was never finished: its release was not published.
    pub(crate) fn cut_torn_line(&mut self) -> Result<(), LedgerError> {
        if !self.torn {
            return Ok(());
        }
        let file = OpenOptions::new().write(true).open(&self.path).map_err(failed("write", &self.path))?;
        file.set_len(self.finished).map_err(failed("write", &self.path))?;
        file.sync_all().map_err(failed("sync", &self.path))?;
        self.torn = false;
        Ok(())
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
            previous: self.head.clone(),
            published_at,
            key: key.into(),
        };
        let mut text = serde_json::to_vec(&line).map_err(|_| LedgerError::BadLine(self.lines.len() + 1))?;
        text.push(b'\n');
        append_durably(&self.path, &text)?;
        let position = self.lines.len() + 1;
        self.admit(position, &text[..text.len() - 1])
    }
}

fn append_durably(path: &Path, line: &[u8]) -> Result<(), FileError> {
    fail_point!("ledger-before-append");
    let mut file: File = OpenOptions::new().create(true).append(true).open(path).map_err(failed("write", path))?;
    let half = line.len() / 2;
    file.write_all(&line[..half]).map_err(failed("write", path))?;
    fail_point!("ledger-half-written");
    file.write_all(&line[half..]).map_err(failed("write", path))?;
    fail_point!("ledger-before-sync");
    file.sync_all().map_err(failed("sync", path))?;
    sync_folder(crate::file::folder_of(path))?;
    fail_point!("ledger-synced");
    Ok(())
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
