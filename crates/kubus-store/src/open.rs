//! From a release folder to a [`Release`] whose seal and every file hash were checked.
//!
//! This is the whole reading side of the store; `kubus-web`, `kubus-signal` and the attacker come
//! in through here. Reads only; never recovers or repairs.

use std::path::{Path, PathBuf};

use ed25519_dalek::VerifyingKey;
use kubus_model::{AreaLevel, Blame, Fault, Finding, Release, ReleaseError};

use crate::file::{FileError, failed, names_in, read};
use crate::publish::{MANIFEST_FILE, SEAL_FILE, VERIFYING_KEY_FILE, is_plain};
use crate::table;

/// Why a release was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The seal, a hash or a table is not right.
    #[error(transparent)]
    Release(#[from] ReleaseError),
    /// The file with the verifying key does not hold one.
    #[error("{} does not hold an Ed25519 verifying key", .0.display())]
    BadKey(PathBuf),
    /// A file could not be read.
    #[error(transparent)]
    File(#[from] FileError),
}

impl Blame for OpenError {
    fn fault(&self) -> Fault {
        Fault::User
    }

    fn finding(&self) -> Finding {
        match self {
            Self::Release(error) => release_finding(error),
            Self::BadKey(path) => Finding::error("seal-key-malformed").with("path", path.display()),
            Self::File(error) => error.finding(),
        }
    }
}

/// A [`ReleaseError`] as a finding.
pub(crate) fn release_finding(error: &ReleaseError) -> Finding {
    match error {
        ReleaseError::BadSeal => Finding::error("seal-broken").file(MANIFEST_FILE),
        ReleaseError::BadManifest(reason) => {
            Finding::error("manifest-unreadable").file(MANIFEST_FILE).with("reason", reason)
        }
        ReleaseError::UnknownFile(path) => Finding::error("file-not-sealed").file(path),
        ReleaseError::BadHash(path) => Finding::error("file-changed").file(path),
        ReleaseError::BadTable(path, reason) => Finding::error("table-unreadable").file(path).with("reason", reason),
    }
}

/// Opens a release folder with everything in it: checks the seal and the hash of every file, and
/// loads tables and areas.
///
/// # Errors
/// [`OpenError`]; there is no half-opened release.
pub fn open_release(folder: &Path, key: &VerifyingKey) -> Result<Release, OpenError> {
    let manifest = read(&folder.join(MANIFEST_FILE))?;
    let seal = read(&folder.join(SEAL_FILE))?;
    let mut release = Release::open(&manifest, &seal, key)?;
    let tables: Vec<String> = release.manifest().tables.iter().map(|t| t.path.clone()).collect();
    let paths: Vec<String> = release.manifest().files.iter().map(|f| f.path.clone()).collect();
    for path in &paths {
        let bytes = read_sealed(folder, path)?;
        if let Some(level) = areas_level(path) {
            release.admit_areas(&level, path, &bytes)?;
        } else if tables.contains(path) {
            release.admit_table(path, &bytes, |b| table::decode(b).map_err(|e| e.to_string()))?;
        } else {
            release.check(path, &bytes)?;
        }
    }
    match tables.into_iter().find(|path| !paths.contains(path)) {
        Some(missing) => Err(ReleaseError::UnknownFile(missing).into()),
        None => Ok(release),
    }
}

fn read_sealed(folder: &Path, path: &str) -> Result<Vec<u8>, OpenError> {
    if !is_plain(path) {
        return Err(ReleaseError::UnknownFile(path.to_owned()).into());
    }
    Ok(read(&folder.join(path))?)
}

/// The level whose list of areas `areas/<level>.json` is.
fn areas_level(path: &str) -> Option<AreaLevel> {
    path.strip_prefix("areas/")?.strip_suffix(".json").map(AreaLevel::new)
}

/// Reads the verifying key of a releases folder (`seal.pub`).
///
/// # Errors
/// [`OpenError::BadKey`] or [`OpenError::File`].
pub fn verifying_key(releases: &Path) -> Result<VerifyingKey, OpenError> {
    let path = releases.join(VERIFYING_KEY_FILE);
    let text = std::fs::read_to_string(&path).map_err(failed("read", &path))?;
    let mut bytes = [0; 32];
    hex::decode_to_slice(text.trim(), &mut bytes).map_err(|_| OpenError::BadKey(path.clone()))?;
    VerifyingKey::from_bytes(&bytes).map_err(|_| OpenError::BadKey(path))
}

/// The numbers and folders of the visible releases, oldest first; empty when there are none.
#[must_use]
pub fn list(releases: &Path) -> Vec<(u32, PathBuf)> {
    let names = names_in(releases).unwrap_or_default();
    let mut found: Vec<(u32, PathBuf)> =
        names.iter().filter_map(|name| Some((release_number(name)?, releases.join(name)))).collect();
    found.sort();
    found
}

/// The folder of the newest visible release.
#[must_use]
pub fn latest(releases: &Path) -> Option<PathBuf> {
    list(releases).pop().map(|(_, path)| path)
}

/// The number in the name of a release folder.
pub(crate) fn release_number(name: &str) -> Option<u32> {
    let digits = name.len() >= 4 && name.bytes().all(|b| b.is_ascii_digit());
    name.parse().ok().filter(|number| digits && crate::publish::release_name(*number) == name)
}
