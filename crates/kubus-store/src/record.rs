//! Forecasts that were recorded before their outcome was known: one file each, and a list that
//! holds the hash of every file and of the line before.
//!
//! What a record says is up to who writes it; here it is bytes. A changed, removed or added record
//! is refused and named. The last records can be cut off without a trace in the folder itself: the
//! hash of the last line is to be kept elsewhere, and [`Records::knows`] tells whether it is there.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use kubus_model::{Blame, Fault, Finding};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::chain::{Chain, ChainError, Link};
use crate::file::{FileError, failed, names_in, read, write_atomic};
use crate::publish::lock;

/// The name of the list within a folder of records.
pub const RECORDS_FILE: &str = "records.jsonl";

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordLine {
    /// Number of the record, from 1.
    pub number: u32,
    /// SHA-256 of the bytes of the record, lower-case hexadecimal.
    pub record_sha256: String,
    /// SHA-256 of the previous line without its line end; zeros for the first.
    pub previous: String,
    /// When it was recorded (UTC).
    pub recorded_at: DateTime<Utc>,
}

impl Link for RecordLine {
    fn number(&self) -> u32 {
        self.number
    }

    fn previous(&self) -> &str {
        &self.previous
    }
}

/// Why records cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// A line does not follow from the line before.
    #[error("line {0} of the records does not follow from the line before")]
    BrokenChain(usize),
    /// A line cannot be read.
    #[error("line {0} of the records cannot be read")]
    BadLine(usize),
    /// A record is not what was recorded.
    #[error("record {0} was changed")]
    Changed(String),
    /// A record is gone.
    #[error("record {0} is gone")]
    Missing(String),
    /// A record that is in no line: the line was cut off, or recording was broken off.
    #[error("record {0} is not in the list")]
    Unlisted(String),
    /// Another record was added meanwhile.
    #[error("another record was added meanwhile")]
    Moved,
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
}

impl From<ChainError> for RecordError {
    fn from(error: ChainError) -> Self {
        match error {
            ChainError::Broken(line) => Self::BrokenChain(line),
            ChainError::Unreadable(line) => Self::BadLine(line),
            ChainError::File(error) => Self::File(error),
        }
    }
}

impl Blame for RecordError {
    fn fault(&self) -> Fault {
        match self {
            Self::File(error) => error.fault(),
            _ => Fault::User,
        }
    }

    fn finding(&self) -> Finding {
        let line = |code: &str, line: usize| Finding::error(code).file(RECORDS_FILE).row(line as u64);
        match self {
            Self::BrokenChain(at) => line("record-chain-broken", *at),
            Self::BadLine(at) => line("record-line-unreadable", *at),
            Self::Changed(file) => Finding::error("record-changed").file(file.clone()),
            Self::Missing(file) => Finding::error("record-missing").file(file.clone()),
            Self::Unlisted(file) => Finding::error("record-unlisted").file(file.clone()),
            Self::Moved => Finding::error("record-moved"),
            Self::File(error) => error.finding(),
        }
    }
}

/// The records of a folder: chain and hashes checked.
#[derive(Debug, Clone)]
pub struct Records {
    folder: PathBuf,
    chain: Chain<RecordLine>,
    bytes: Vec<Vec<u8>>,
}

impl Records {
    /// Reads all records and checks each; an absent folder has none.
    ///
    /// # Errors
    /// [`RecordError`] names the record or the line.
    pub fn open(folder: &Path) -> Result<Self, RecordError> {
        let chain: Chain<RecordLine> = Chain::read(folder.join(RECORDS_FILE))?;
        let bytes = chain.lines().iter().map(|line| checked(folder, line)).collect::<Result<_, _>>()?;
        let known: Vec<String> = chain.lines().iter().map(|line| record_name(line.number)).collect();
        let names = if folder.exists() { names_in(folder)? } else { Vec::new() };
        let unlisted = |name: &String| name.ends_with(".json") && !name.starts_with('.') && !known.contains(name);
        if let Some(name) = names.into_iter().find(unlisted) {
            return Err(RecordError::Unlisted(name));
        }
        Ok(Self { folder: folder.to_owned(), chain, bytes })
    }

    /// Every record with its line, oldest first.
    pub fn all(&self) -> impl Iterator<Item = (&RecordLine, &[u8])> {
        self.chain.lines().iter().zip(self.bytes.iter().map(Vec::as_slice))
    }

    /// The hash of the last line: keep it elsewhere.
    #[must_use]
    pub fn head(&self) -> &str {
        self.chain.head()
    }

    /// Whether a hash that was kept elsewhere is that of a line.
    #[must_use]
    pub fn knows(&self, head: &str) -> bool {
        self.chain.hashes().iter().any(|hash| hash.eq_ignore_ascii_case(head))
    }

    /// Adds a record: first its file, whole, then its line. Gives its number.
    ///
    /// # Errors
    /// [`RecordError`]; [`RecordError::Moved`] when a record was added since these were opened.
    pub fn add(&mut self, bytes: &[u8], now: DateTime<Utc>) -> Result<u32, RecordError> {
        fs::create_dir_all(&self.folder).map_err(failed("write", &self.folder))?;
        let _lock = lock(&self.folder)?;
        let mut current = Self::open(&self.folder)?;
        if current.head() != self.head() {
            return Err(RecordError::Moved);
        }
        current.chain.cut_torn_line()?;
        let line = RecordLine {
            number: current.chain.last() + 1,
            record_sha256: hex::encode(Sha256::digest(bytes)),
            previous: current.head().to_owned(),
            recorded_at: now,
        };
        write_atomic(&self.folder.join(record_name(line.number)), bytes)?;
        current.chain.append(&line)?;
        current.bytes.push(bytes.to_vec());
        *self = current;
        Ok(line.number)
    }
}

/// The file name of a record.
#[must_use]
pub fn record_name(number: u32) -> String {
    format!("{number:04}.json")
}

fn checked(folder: &Path, line: &RecordLine) -> Result<Vec<u8>, RecordError> {
    let name = record_name(line.number);
    let path = folder.join(&name);
    if !path.exists() {
        return Err(RecordError::Missing(name));
    }
    let bytes = read(&path)?;
    if hex::encode(Sha256::digest(&bytes)) == line.record_sha256 { Ok(bytes) } else { Err(RecordError::Changed(name)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three(folder: &Path) -> Records {
        let mut records = Records::open(folder).unwrap();
        for text in ["one", "two", "three"] {
            records.add(text.as_bytes(), DateTime::UNIX_EPOCH).unwrap();
        }
        records
    }

    #[test]
    fn records_are_read_back_in_order_and_the_head_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let written = three(folder.path());
        let read = Records::open(folder.path()).unwrap();
        let texts: Vec<&[u8]> = read.all().map(|(_, bytes)| bytes).collect();
        assert_eq!(texts, [b"one".as_slice(), b"two", b"three"]);
        assert!(read.knows(written.head()) && !read.knows("00"));
        assert!(Records::open(&folder.path().join("none")).unwrap().all().next().is_none());
    }

    #[test]
    fn a_changed_byte_and_a_removed_or_added_record_are_named() {
        let folder = tempfile::tempdir().unwrap();
        three(folder.path());
        let at = |name: &str| folder.path().join(name);
        fs::write(at("0002.json"), "twO").unwrap();
        assert!(matches!(Records::open(folder.path()), Err(RecordError::Changed(name)) if name == "0002.json"));
        fs::remove_file(at("0002.json")).unwrap();
        assert!(matches!(Records::open(folder.path()), Err(RecordError::Missing(name)) if name == "0002.json"));
        fs::write(at("0002.json"), "two").unwrap();
        fs::write(at("0004.json"), "four").unwrap();
        assert!(matches!(Records::open(folder.path()), Err(RecordError::Unlisted(name)) if name == "0004.json"));
    }

    #[test]
    fn a_removed_line_breaks_the_chain_and_cut_off_last_lines_show_by_a_head_kept_elsewhere() {
        let folder = tempfile::tempdir().unwrap();
        let kept = three(folder.path()).head().to_owned();
        let list = folder.path().join(RECORDS_FILE);
        let text = fs::read_to_string(&list).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        fs::write(&list, format!("{}\n{}\n", lines[0], lines[2])).unwrap();
        assert!(matches!(Records::open(folder.path()), Err(RecordError::BrokenChain(2))));
        fs::write(&list, format!("{}\n{}\n", lines[0], lines[1])).unwrap();
        assert!(matches!(Records::open(folder.path()), Err(RecordError::Unlisted(name)) if name == "0003.json"));
        fs::remove_file(folder.path().join("0003.json")).unwrap();
        assert!(!Records::open(folder.path()).unwrap().knows(&kept));
    }

    #[test]
    fn who_looked_before_another_added_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let mut early = Records::open(folder.path()).unwrap();
        three(folder.path());
        assert!(matches!(early.add(b"late", DateTime::UNIX_EPOCH), Err(RecordError::Moved)));
    }
}
