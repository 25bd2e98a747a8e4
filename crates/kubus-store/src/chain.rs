//! A list in a file to which is only ever added: one JSON line each, holding the hash of the line
//! before. A line that was changed, removed or moved breaks the chain at the next line.
//!
//! A last line without its line end was never finished and counts as not written. What the lines
//! say is up to [`crate::ledger`] (releases) and [`crate::record`] (recorded forecasts).

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use fail::fail_point;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::file::{FileError, failed, folder_of, sync_folder};

/// What the first line names as the hash of the line before it.
pub const FIRST: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A line that knows its number and the hash of the line before.
pub trait Link: Serialize + DeserializeOwned {
    /// From 1, without gaps.
    fn number(&self) -> u32;
    /// SHA-256 of the previous line without its line end; [`FIRST`] for the first.
    fn previous(&self) -> &str;
}

/// Why a chain cannot be used; lines are counted from 1.
#[derive(Debug, thiserror::Error)]
pub enum ChainError {
    /// A line does not follow from the line before: changed, removed or out of order.
    #[error("line {0} does not follow from the line before")]
    Broken(usize),
    /// A line cannot be read.
    #[error("line {0} cannot be read")]
    Unreadable(usize),
    /// The file could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
}

/// The lines of a file, with their chain checked.
#[derive(Debug, Clone)]
pub struct Chain<L> {
    path: PathBuf,
    lines: Vec<L>,
    /// SHA-256 of every line.
    hashes: Vec<String>,
    finished: u64,
    torn: bool,
}

impl<L: Link> Chain<L> {
    /// Reads a chain and checks it; an absent file is an empty chain.
    ///
    /// # Errors
    /// [`ChainError`].
    pub fn read(path: PathBuf) -> Result<Self, ChainError> {
        let text = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == ErrorKind::NotFound => Vec::new(),
            Err(e) => return Err(failed("read", &path)(e).into()),
        };
        let finished = text.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
        let torn = finished < text.len();
        let mut chain = Self { path, lines: Vec::new(), hashes: Vec::new(), finished: 0, torn };
        for line in text[..finished].split_inclusive(|b| *b == b'\n') {
            chain.admit(&line[..line.len() - 1])?;
        }
        Ok(chain)
    }

    fn admit(&mut self, line: &[u8]) -> Result<(), ChainError> {
        let position = self.lines.len() + 1;
        let parsed: L = serde_json::from_slice(line).map_err(|_| ChainError::Unreadable(position))?;
        if parsed.previous() != self.head() || parsed.number() != self.last() + 1 {
            return Err(ChainError::Broken(position));
        }
        self.hashes.push(hex::encode(Sha256::digest(line)));
        self.finished += line.len() as u64 + 1;
        self.lines.push(parsed);
        Ok(())
    }

    /// The lines, oldest first.
    #[must_use]
    pub fn lines(&self) -> &[L] {
        &self.lines
    }

    /// The number of the last line; 0 when there is none.
    #[must_use]
    pub fn last(&self) -> u32 {
        self.lines.last().map_or(0, Link::number)
    }

    /// The hash of the last line, which the next line must name.
    #[must_use]
    pub fn head(&self) -> &str {
        self.hashes.last().map_or(FIRST, String::as_str)
    }

    /// The hash of every line.
    #[must_use]
    pub fn hashes(&self) -> &[String] {
        &self.hashes
    }

    /// Whether the file ends in a line that was never finished.
    #[must_use]
    pub const fn is_torn(&self) -> bool {
        self.torn
    }

    /// Cuts off a line that was never finished.
    pub(crate) fn cut_torn_line(&mut self) -> Result<(), ChainError> {
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
    pub(crate) fn append(&mut self, line: &L) -> Result<(), ChainError> {
        let mut text = serde_json::to_vec(line).map_err(|_| ChainError::Unreadable(self.lines.len() + 1))?;
        text.push(b'\n');
        append_durably(&self.path, &text)?;
        self.admit(&text[..text.len() - 1])
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
    sync_folder(folder_of(path))?;
    fail_point!("ledger-synced");
    Ok(())
}
