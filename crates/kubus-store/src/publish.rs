//! A draft becomes a numbered, sealed, immutable release.
//!
//! The order is what makes it safe:
//! 1. take the lock, bring what an earlier kill left behind to old or new ([`mod@crate::recover`]);
//! 2. write every file, the manifest and the seal to the hidden folder `.NNNN.partial`, all durable;
//! 3. append the line to the ledger, durable: from here on the release exists;
//! 4. rename the hidden folder to `NNNN`: from here on it is visible.
//!
//! A reader lists numbered folders only, so it sees the release before or the release after.
//! Called by the workshop's release step.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use fail::fail_point;
use kubus_model::release::FileSeal;
use kubus_model::{Blame, Fault, Finding, Manifest};
use sha2::{Digest, Sha256};

use crate::file::{Access, FileError, failed, sync_folder, write_atomic, write_new};
use crate::key::SealingKey;
use crate::ledger::LedgerError;
use crate::recover::recover;

/// The manifest's name within a release folder.
pub const MANIFEST_FILE: &str = "manifest.json";
/// The seal's name within a release folder.
pub const SEAL_FILE: &str = "manifest.sig";
/// The verifying key's name within the releases folder.
pub const VERIFYING_KEY_FILE: &str = "seal.pub";
const LOCK_FILE: &str = ".lock";

/// A release in the making: a manifest whose number and file list are still to be filled in, and
/// the files by their path within the release folder.
#[derive(Debug, Clone)]
pub struct ReleaseDraft {
    /// The manifest; `number` and `files` are set by [`publish`].
    pub manifest: Manifest,
    /// File contents by path, with `/`.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// A release that is visible to readers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Its number.
    pub number: u32,
    /// Its folder.
    pub path: PathBuf,
}

/// Why nothing was published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// Earlier releases were sealed with another key.
    #[error("the releases in {} were sealed with another key", .0.display())]
    OtherKey(PathBuf),
    /// A path in the draft is not a plain relative path.
    #[error("not a path within a release: {0}")]
    BadPath(String),
    /// The manifest cannot be written.
    #[error("the manifest cannot be written: {0}")]
    BadManifest(String),
    /// The ledger cannot be used.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A file could not be written.
    #[error(transparent)]
    File(#[from] FileError),
}

impl Blame for PublishError {
    fn fault(&self) -> Fault {
        match self {
            Self::OtherKey(_) => Fault::User,
            Self::BadPath(_) | Self::BadManifest(_) => Fault::Ours,
            Self::Ledger(error) => error.fault(),
            Self::File(error) => error.fault(),
        }
    }

    fn finding(&self) -> Finding {
        match self {
            Self::OtherKey(path) => Finding::error("publish-other-key").with("path", path.display()),
            Self::BadPath(path) => Finding::error("publish-bad-path").with("path", path),
            Self::BadManifest(reason) => Finding::error("publish-bad-manifest").with("reason", reason),
            Self::Ledger(error) => error.finding(),
            Self::File(error) => error.finding(),
        }
    }
}

/// Publishes a draft as the next release of the series in `releases`. `now` enters the ledger
/// line and nothing else, so the same draft and key give the same bytes.
///
/// Waits while another publication is under way; each gets its own number.
///
/// # Errors
/// [`PublishError`]; whatever happens, readers see the release before or the release after.
pub fn publish(
    draft: ReleaseDraft,
    releases: &Path,
    key: &SealingKey,
    now: DateTime<Utc>,
) -> Result<Published, PublishError> {
    if let Some(bad) = draft.files.keys().find(|path| !is_plain(path)) {
        return Err(PublishError::BadPath(bad.clone()));
    }
    fs::create_dir_all(releases).map_err(failed("write", releases))?;
    let _lock = lock(releases)?;
    ensure_key(releases, key)?;
    let mut ledger = recover(releases)?;
    let number = ledger.last() + 1;
    let sealed = seal(draft, number, key)?;
    let staging = releases.join(staging_name(number));
    write_staging(&staging, &sealed)?;
    ledger.append(&sealed.manifest_sha256, now, &hex::encode(key.verifying_key().as_bytes()))?;
    let path = make_visible(releases, number)?;
    Ok(Published { number, path })
}

/// Whether a path is relative, stays inside its folder, and names nothing that the store writes.
pub(crate) fn is_plain(path: &str) -> bool {
    let parts_plain = path.split('/').all(|part| !part.is_empty() && !part.starts_with('.') && !part.contains('\\'));
    parts_plain && path != MANIFEST_FILE && path != SEAL_FILE
}

/// The folder name of a release.
#[must_use]
pub fn release_name(number: u32) -> String {
    format!("{number:04}")
}

/// The hidden folder in which a release is written.
pub(crate) fn staging_name(number: u32) -> String {
    format!(".{number:04}.partial")
}

/// Exclusive until dropped; the lock dies with the process.
pub(crate) fn lock(releases: &Path) -> Result<File, FileError> {
    let path = releases.join(LOCK_FILE);
    let file =
        OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(failed("lock", &path))?;
    file.lock().map_err(failed("lock", &path))?;
    Ok(file)
}

fn ensure_key(releases: &Path, key: &SealingKey) -> Result<(), PublishError> {
    let path = releases.join(VERIFYING_KEY_FILE);
    let ours = hex::encode(key.verifying_key().as_bytes());
    match fs::read_to_string(&path) {
        Ok(text) if text.trim() == ours => Ok(()),
        Ok(_) => Err(PublishError::OtherKey(releases.to_owned())),
        Err(_) => Ok(write_atomic(&path, format!("{ours}\n").as_bytes())?),
    }
}

/// A draft with its number, file hashes, manifest bytes and seal.
struct Sealed {
    files: BTreeMap<String, Vec<u8>>,
    manifest: Vec<u8>,
    manifest_sha256: String,
    signature: [u8; 64],
}

fn seal(draft: ReleaseDraft, number: u32, key: &SealingKey) -> Result<Sealed, PublishError> {
    let ReleaseDraft { mut manifest, files } = draft;
    manifest.number = number;
    manifest.files = files.iter().map(|(path, bytes)| file_seal(path, bytes)).collect();
    let manifest = serde_json::to_vec_pretty(&manifest).map_err(|e| PublishError::BadManifest(e.to_string()))?;
    let manifest_sha256 = hex::encode(Sha256::digest(&manifest));
    let signature = key.seal(&manifest);
    Ok(Sealed { files, manifest, manifest_sha256, signature })
}

fn file_seal(path: &str, bytes: &[u8]) -> FileSeal {
    FileSeal { path: path.to_owned(), sha256: hex::encode(Sha256::digest(bytes)), bytes: bytes.len() as u64 }
}

fn write_staging(staging: &Path, sealed: &Sealed) -> Result<(), FileError> {
    fs::create_dir(staging).map_err(failed("write", staging))?;
    fail_point!("staging-created");
    let mut folders = Vec::new();
    for (path, bytes) in &sealed.files {
        let target = staging.join(path);
        let folder = crate::file::folder_of(&target).to_owned();
        fs::create_dir_all(&folder).map_err(failed("write", &folder))?;
        write_new(&target, bytes, Access::Public)?;
        folders.push(folder);
    }
    write_new(&staging.join(SEAL_FILE), &sealed.signature, Access::Public)?;
    fail_point!("staging-before-manifest");
    write_new(&staging.join(MANIFEST_FILE), &sealed.manifest, Access::Public)?;
    folders.sort();
    folders.dedup();
    folders.iter().try_for_each(|folder| sync_folder(folder))?;
    sync_folder(staging)?;
    sync_folder(crate::file::folder_of(staging))?;
    fail_point!("staging-synced");
    Ok(())
}

/// The step by which a release in the ledger becomes visible.
pub(crate) fn make_visible(releases: &Path, number: u32) -> Result<PathBuf, FileError> {
    let path = releases.join(release_name(number));
    fail_point!("publish-before-rename");
    fs::rename(releases.join(staging_name(number)), &path).map_err(failed("rename", &path))?;
    fail_point!("publish-after-rename");
    sync_folder(releases)?;
    fail_point!("publish-synced");
    Ok(path)
}
