//! The unfinished file `<name>.part`, beside it `<name>.part.tag` with the server's proof of
//! which version it is. Without such a proof an unfinished file is not taken up again. Called by
//! [`super`].

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{FetchError, failed};

/// Where to go on, and the proof that it is still the same file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Resume {
    /// Bytes that are there already.
    pub(super) from: u64,
    /// Strong ETag or modification date of the version that they are from.
    pub(super) validator: String,
}

/// An unfinished file.
pub(super) struct Part {
    target: PathBuf,
    path: PathBuf,
    tag: PathBuf,
    file: Option<File>,
    length: u64,
}

impl Part {
    /// The unfinished file of a target, with what an earlier run left of it.
    pub(super) fn open(target: &Path) -> Result<Self, FetchError> {
        let beside = |ending: &str| {
            let mut name = target.as_os_str().to_owned();
            name.push(ending);
            PathBuf::from(name)
        };
        let (path, tag) = (beside(".part"), beside(".part.tag"));
        let length = fs::metadata(&path).map_or(0, |found| found.len());
        Ok(Self { target: target.to_owned(), path, tag, file: None, length })
    }

    /// Bytes so far.
    pub(super) const fn length(&self) -> u64 {
        self.length
    }

    /// Where a request may go on; `None` to start anew.
    pub(super) fn resume(&self) -> Option<Resume> {
        let validator = fs::read_to_string(&self.tag).ok().filter(|text| !text.is_empty())?;
        (self.length > 0).then_some(Resume { from: self.length, validator })
    }

    /// Prepares for bytes from a position: the end of what is there, or 0 to start anew.
    pub(super) fn begin(&mut self, from: u64, validator: Option<&str>) -> Result<(), FetchError> {
        let anew = from == 0;
        let mut options = OpenOptions::new();
        options.create(true).append(!anew).write(true).truncate(anew);
        self.file = Some(options.open(&self.path).map_err(failed("write", &self.path))?);
        if anew {
            self.length = 0;
            fs::write(&self.tag, validator.unwrap_or_default()).map_err(failed("write", &self.tag))?;
        }
        Ok(())
    }

    /// Adds bytes.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), FetchError> {
        if let Some(file) = &mut self.file {
            file.write_all(bytes).map_err(failed("write", &self.path))?;
            self.length += bytes.len() as u64;
        }
        Ok(())
    }

    /// Throws away what is there.
    pub(super) fn discard(&mut self) -> Result<(), FetchError> {
        self.file = None;
        self.length = 0;
        remove(&self.path)?;
        remove(&self.tag)
    }

    /// As [`Part::discard`], when nothing more will come.
    pub(super) fn discard_whole(mut self) -> Result<(), FetchError> {
        self.discard()
    }

    /// The checksum of what is there, lower-case hexadecimal.
    pub(super) fn sha256(&self) -> Result<String, FetchError> {
        sha256(&self.path)
    }

    /// Makes the bytes durable, then gives the file its name, then makes the name durable.
    pub(super) fn publish(self) -> Result<(), FetchError> {
        let file = File::open(&self.path).map_err(failed("read", &self.path))?;
        file.sync_all().map_err(failed("sync", &self.path))?;
        fs::rename(&self.path, &self.target).map_err(failed("rename", &self.target))?;
        let folder = self.target.parent().unwrap_or(Path::new("."));
        File::open(folder).and_then(|f| f.sync_all()).map_err(failed("sync", folder))?;
        remove(&self.tag)
    }
}

fn remove(path: &Path) -> Result<(), FetchError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed("remove", path)(error)),
        _ => Ok(()),
    }
}

/// The checksum of a file, lower-case hexadecimal.
pub(super) fn sha256(path: &Path) -> Result<String, FetchError> {
    let mut hasher = Sha256::new();
    let mut file = File::open(path).map_err(failed("read", path))?;
    let mut buffer = vec![0; 1 << 16];
    loop {
        let count = io::Read::read(&mut file, &mut buffer).map_err(failed("read", path))?;
        if count == 0 {
            return Ok(hex::encode(hasher.finalize()));
        }
        hasher.update(&buffer[..count]);
    }
}
