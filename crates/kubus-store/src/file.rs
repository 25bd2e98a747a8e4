//! A file is written whole or not at all: temporary file, fsync, rename, fsync of the folder.
//!
//! Here live the only calls in the workspace that create files under a town or a release. Called by
//! the other modules of this crate and by everyone who writes a report, a vault or a key.
//! After a failed fsync we stop and say so; a retry could report success for lost bytes.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use fail::fail_point;
use kubus_model::{Blame, Fault, Finding};

/// A file or folder that could not be written or read.
#[derive(Debug, thiserror::Error)]
#[error("could not {action} {}: {source}", path.display())]
pub struct FileError {
    /// What was tried: `write`, `sync`, `rename`, `read`, `list`, `lock`, `remove`.
    pub action: &'static str,
    /// The file or folder.
    pub path: PathBuf,
    /// What the system said.
    pub source: io::Error,
}

impl Blame for FileError {
    fn fault(&self) -> Fault {
        Fault::Ours
    }

    fn finding(&self) -> Finding {
        Finding::error("store-file-failed")
            .with("action", self.action)
            .with("path", self.path.display())
            .with("reason", &self.source)
    }
}

/// Turns an [`io::Error`] into a [`FileError`] that names what was tried and where.
pub(crate) fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> FileError {
    let path = path.to_owned();
    move |source| FileError { action, path, source }
}

/// Who may read a new file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Mode 0644: what others may see.
    Public,
    /// Mode 0600: keys and exact counts.
    Private,
}

impl Access {
    const fn mode(self) -> u32 {
        match self {
            Self::Public => 0o644,
            Self::Private => 0o600,
        }
    }
}

/// Replaces `path` by `bytes`, atomically and durably, readable by others (mode 0644).
///
/// ```
/// let folder = tempfile::tempdir().unwrap();
/// let path = folder.path().join("report.json");
/// kubus_store::write_atomic(&path, b"{}").unwrap();
/// assert_eq!(std::fs::read(&path).unwrap(), b"{}");
/// ```
///
/// # Errors
/// [`FileError`] naming the step that failed; the old file, if any, is then still there.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    replace(path, bytes, Access::Public)
}

/// As [`write_atomic`], for keys and exact counts: mode 0600.
///
/// # Errors
/// As [`write_atomic`].
pub fn write_atomic_private(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    replace(path, bytes, Access::Private)
}

fn replace(path: &Path, bytes: &[u8], access: Access) -> Result<(), FileError> {
    let temporary = temporary_name(path);
    write_new(&temporary, bytes, access)?;
    fail_point!("atomic-before-rename");
    fs::rename(&temporary, path).map_err(failed("rename", path))?;
    fail_point!("atomic-after-rename");
    sync_folder(folder_of(path))
}

/// A name beside `path` that no other writer uses: process, then a counter.
fn temporary_name(path: &Path) -> PathBuf {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let turn = COUNTER.fetch_add(1, Ordering::Relaxed);
    folder_of(path).join(format!(".{name}.{}-{turn}.tmp", std::process::id()))
}

/// The folder a path lies in; the current folder for a bare name.
pub fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Writes a file that must not exist yet, and makes its bytes durable.
pub(crate) fn write_new(path: &Path, bytes: &[u8], access: Access) -> Result<(), FileError> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(access.mode())
        .open(path)
        .map_err(failed("write", path))?;
    fail_point!("file-created");
    let half = bytes.len() / 2;
    file.write_all(&bytes[..half]).map_err(failed("write", path))?;
    fail_point!("file-half-written");
    file.write_all(&bytes[half..]).map_err(failed("write", path))?;
    fail_point!("file-before-sync");
    file.sync_all().map_err(failed("sync", path))?;
    fail_point!("file-synced");
    Ok(())
}

/// Makes the names in a folder durable.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), FileError> {
    File::open(folder).and_then(|f| f.sync_all()).map_err(failed("sync", folder))
}

/// Reads a whole file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, FileError> {
    fs::read(path).map_err(failed("read", path))
}

/// The names in a folder, sorted; names that are not Unicode are left out (none of ours are).
pub(crate) fn names_in(folder: &Path) -> Result<Vec<String>, FileError> {
    let entries = fs::read_dir(folder).map_err(failed("list", folder))?;
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(failed("list", folder))?;
        names.extend(entry.file_name().into_string().ok());
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_file_is_replaced_whole_and_leaves_no_temporary_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        write_atomic(&path, b"old").unwrap();
        write_atomic(&path, b"new and longer").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new and longer");
        assert_eq!(names_in(folder.path()).unwrap(), ["a.json"]);
    }

    #[test]
    fn a_private_file_is_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("link.key");
        write_atomic_private(&path, b"secret").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_folder_that_does_not_exist_is_named_in_the_error() {
        let folder = tempfile::tempdir().unwrap();
        let error = write_atomic(&folder.path().join("none/a"), b"").unwrap_err();
        assert_eq!(error.action, "write");
        assert!(error.finding().parameters["path"].contains("none"));
    }
}
