//! The keys a town keeps outside its folder: the link key for pseudonyms and noise, and the
//! sealing key for releases.
//!
//! A key file is 32 bytes in hexadecimal, mode 0600, in the folder `KUBUS_KEYS` or else
//! `${XDG_CONFIG_HOME:-~/.config}/straatkubus/<town id>/`. A key inside the town folder would
//! travel with every copy of the town, and a key that others can read is no secret: both are
//! refused. Called by the workshop only.

use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use kubus_model::{Blame, Fault, Finding};
use sha2::{Digest, Sha256};

use crate::file::{FileError, failed, write_atomic_private};

const LINK_FILE: &str = "link.key";
const SEAL_FILE: &str = "seal.key";

/// Why a key was not accepted or not made.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// There is no key yet; `command` makes one.
    #[error("no key at {}; make one with: {command}", path.display())]
    Absent {
        /// Where the key was looked for.
        path: PathBuf,
        /// The command that makes it.
        command: String,
    },
    /// There is a key already; it is never overwritten.
    #[error("there is a key at {} already; it is not overwritten", .0.display())]
    Exists(PathBuf),
    /// The key lies inside the town folder.
    #[error("the key {} lies inside the town folder {}", path.display(), town.display())]
    InsideTown {
        /// The key file.
        path: PathBuf,
        /// The town folder.
        town: PathBuf,
    },
    /// Others than the owner can read or write the key.
    #[error("others can read {} (mode {mode:o})", path.display())]
    Exposed {
        /// The key file.
        path: PathBuf,
        /// Its mode bits.
        mode: u32,
    },
    /// The file does not hold 32 bytes in hexadecimal.
    #[error("{} does not hold 64 hexadecimal digits", .0.display())]
    Malformed(PathBuf),
    /// Neither `KUBUS_KEYS` nor `XDG_CONFIG_HOME` nor `HOME` says where keys are kept.
    #[error("no folder for keys: set KUBUS_KEYS")]
    NoFolder,
    /// The system gave no random bytes.
    #[error("the system gave no random bytes: {0}")]
    NoRandomness(String),
    /// The file could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
}

impl Blame for KeyError {
    fn fault(&self) -> Fault {
        match self {
            Self::NoRandomness(_) => Fault::Ours,
            Self::File(error) => error.fault(),
            _ => Fault::User,
        }
    }

    fn finding(&self) -> Finding {
        match self {
            Self::Absent { path, command } => {
                Finding::error("key-absent").with("path", path.display()).with("command", command)
            }
            Self::Exists(path) => Finding::error("key-exists").with("path", path.display()),
            Self::InsideTown { path, town } => {
                Finding::error("key-inside-town").with("path", path.display()).with("town", town.display())
            }
            Self::Exposed { path, mode } => {
                Finding::error("key-exposed").with("path", path.display()).with("mode", format!("{mode:o}"))
            }
            Self::Malformed(path) => Finding::error("key-malformed").with("path", path.display()),
            Self::NoFolder => Finding::error("key-no-folder"),
            Self::NoRandomness(reason) => Finding::error("key-no-randomness").with("reason", reason),
            Self::File(error) => error.finding(),
        }
    }
}

/// The folder in which the keys of the town with identifier `town_id` are kept.
///
/// # Errors
/// [`KeyError::NoFolder`] when the environment names none.
pub fn folder(town_id: &str) -> Result<PathBuf, KeyError> {
    choose_folder(town_id, |name| std::env::var_os(name))
}

fn choose_folder(town_id: &str, variable: impl Fn(&str) -> Option<OsString>) -> Result<PathBuf, KeyError> {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(keys) = set("KUBUS_KEYS") {
        return Ok(keys);
    }
    let config = set("XDG_CONFIG_HOME").or_else(|| set("HOME").map(|home| home.join(".config")));
    Ok(config.ok_or(KeyError::NoFolder)?.join("straatkubus").join(town_id))
}

/// The secret from which pseudonyms, record keys and noise are derived. One per town, for ever:
/// with another key the same people would get other noise, and averaging would become possible.
#[derive(Clone)]
pub struct LinkKey([u8; 32]);

impl LinkKey {
    /// Reads `link.key` from the folder of keys; `town` is the town folder, for the check that the
    /// key lies outside it and for the command in the message.
    ///
    /// # Errors
    /// [`KeyError`]; [`KeyError::Absent`] says which command makes the key.
    pub fn load(keys: &Path, town: &Path) -> Result<Self, KeyError> {
        read_key(&keys.join(LINK_FILE), town).map(Self)
    }

    /// Makes a fresh link key from the system's random bytes.
    ///
    /// # Errors
    /// [`KeyError::Exists`] when there is one already, and as [`LinkKey::load`].
    pub fn create(keys: &Path, town: &Path) -> Result<Self, KeyError> {
        create_key(keys, LINK_FILE, town).map(Self)
    }

    /// A key from its bytes: for tests and for keys that come from elsewhere.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes, for keyed hashing.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// A secret for one purpose (HMAC-SHA-256 of `purpose`, RFC 2104): knowing it does not tell
    /// the key or the secret of another purpose.
    #[must_use]
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        let pad = |byte: u8| {
            let mut block = [byte; 64];
            block.iter_mut().zip(self.0).for_each(|(b, k)| *b ^= k);
            block
        };
        let inner = Sha256::new().chain_update(pad(0x36)).chain_update(purpose).finalize();
        Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize().into()
    }
}

impl fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkKey(secret)")
    }
}

/// The Ed25519 key with which the workshop seals releases.
#[derive(Clone)]
pub struct SealingKey(SigningKey);

impl SealingKey {
    /// Reads `seal.key` from the folder of keys.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn load(keys: &Path, town: &Path) -> Result<Self, KeyError> {
        Ok(Self::from_bytes(&read_key(&keys.join(SEAL_FILE), town)?))
    }

    /// Makes a fresh sealing key.
    ///
    /// # Errors
    /// [`KeyError::Exists`] when there is one already, and as [`SealingKey::load`].
    pub fn create(keys: &Path, town: &Path) -> Result<Self, KeyError> {
        Ok(Self::from_bytes(&create_key(keys, SEAL_FILE, town)?))
    }

    /// Reads the sealing key, or makes it when there is none.
    ///
    /// # Errors
    /// As [`SealingKey::load`], without [`KeyError::Absent`].
    pub fn load_or_create(keys: &Path, town: &Path) -> Result<Self, KeyError> {
        match Self::load(keys, town) {
            Err(KeyError::Absent { .. }) => Self::create(keys, town),
            other => other,
        }
    }

    /// A key from its 32 secret bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(bytes))
    }

    /// The key with which everyone can check a seal.
    #[must_use]
    pub fn verifying_key(&self) -> VerifyingKey {
        self.0.verifying_key()
    }

    /// The seal (64 bytes) of a manifest's bytes.
    #[must_use]
    pub fn seal(&self, manifest: &[u8]) -> [u8; 64] {
        self.0.sign(manifest).to_bytes()
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealingKey({})", hex::encode(self.verifying_key().as_bytes()))
    }
}

fn read_key(path: &Path, town: &Path) -> Result<[u8; 32], KeyError> {
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            let command = format!("kubus key {}", town.display());
            return Err(KeyError::Absent { path: path.to_owned(), command });
        }
        Err(e) => return Err(failed("read", path)(e).into()),
    };
    refuse_inside(path, town)?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(KeyError::Exposed { path: path.to_owned(), mode });
    }
    let text = fs::read_to_string(path).map_err(|_| KeyError::Malformed(path.to_owned()))?;
    let mut bytes = [0; 32];
    hex::decode_to_slice(text.trim(), &mut bytes).map_err(|_| KeyError::Malformed(path.to_owned()))?;
    Ok(bytes)
}

fn create_key(keys: &Path, name: &str, town: &Path) -> Result<[u8; 32], KeyError> {
    fs::create_dir_all(keys).map_err(failed("write", keys))?;
    let path = keys.join(name);
    refuse_inside(keys, town)?;
    if path.exists() {
        return Err(KeyError::Exists(path));
    }
    fs::set_permissions(keys, fs::Permissions::from_mode(0o700)).map_err(failed("write", keys))?;
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|e| KeyError::NoRandomness(e.to_string()))?;
    write_atomic_private(&path, format!("{}\n", hex::encode(bytes)).as_bytes())?;
    Ok(bytes)
}

/// Refuses a path inside the town folder, symbolic links followed.
fn refuse_inside(path: &Path, town: &Path) -> Result<(), KeyError> {
    let (Ok(real_path), Ok(real_town)) = (path.canonicalize(), town.canonicalize()) else {
        return Ok(());
    };
    if real_path.starts_with(&real_town) {
        return Err(KeyError::InsideTown { path: path.to_owned(), town: town.to_owned() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_made_once_reads_back_and_is_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let (keys, town) = (folder.path().join("keys"), folder.path().join("town"));
        fs::create_dir(&town).unwrap();
        let made = LinkKey::create(&keys, &town).unwrap();
        assert_eq!(LinkKey::load(&keys, &town).unwrap().bytes(), made.bytes());
        assert!(matches!(LinkKey::create(&keys, &town), Err(KeyError::Exists(_))));
        let seal = SealingKey::load_or_create(&keys, &town).unwrap();
        assert_eq!(SealingKey::load_or_create(&keys, &town).unwrap().verifying_key(), seal.verifying_key());
    }

    #[test]
    fn an_absent_key_is_refused_with_its_path_and_the_command_that_makes_it() {
        let folder = tempfile::tempdir().unwrap();
        let finding = LinkKey::load(folder.path(), Path::new("towns/x")).unwrap_err().finding();
        assert_eq!(finding.code, "key-absent");
        assert_eq!(finding.parameters["command"], "kubus key towns/x");
        assert!(finding.parameters["path"].ends_with("link.key"));
    }

    #[test]
    fn a_key_inside_the_town_folder_is_refused() {
        let town = tempfile::tempdir().unwrap();
        assert!(matches!(LinkKey::create(&town.path().join("keys"), town.path()), Err(KeyError::InsideTown { .. })));
        let keys = town.path().join("keys");
        write_atomic_private(&keys.join("link.key"), "00".repeat(32).as_bytes()).unwrap();
        assert!(matches!(LinkKey::load(&keys, town.path()), Err(KeyError::InsideTown { .. })));
    }

    #[test]
    fn a_key_that_others_can_read_is_refused() {
        let (keys, town) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        LinkKey::create(keys.path(), town.path()).unwrap();
        let path = keys.path().join("link.key");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(LinkKey::load(keys.path(), town.path()), Err(KeyError::Exposed { mode: 0o640, .. })));
    }

    #[test]
    fn a_file_that_is_no_key_is_refused() {
        let (keys, town) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        write_atomic_private(&keys.path().join("link.key"), b"geheim").unwrap();
        assert!(matches!(LinkKey::load(keys.path(), town.path()), Err(KeyError::Malformed(_))));
    }

    #[test]
    fn the_environment_decides_where_keys_are_kept() {
        let with = |set: &'static [(&str, &str)]| {
            choose_folder("t", |name| set.iter().find(|(n, _)| *n == name).map(|(_, v)| v.into()))
        };
        assert_eq!(with(&[("KUBUS_KEYS", "/k"), ("HOME", "/h")]).unwrap(), Path::new("/k"));
        assert_eq!(with(&[("HOME", "/h")]).unwrap(), Path::new("/h/.config/straatkubus/t"));
        assert_eq!(with(&[("XDG_CONFIG_HOME", "/x"), ("HOME", "/h")]).unwrap(), Path::new("/x/straatkubus/t"));
        assert!(matches!(with(&[]), Err(KeyError::NoFolder)));
    }

    #[test]
    fn derived_secrets_follow_rfc_4231_and_differ_by_purpose() {
        // RFC 4231, test case 1: a key of 20 bytes 0x0b, padded with zeros to the block.
        let mut bytes = [0; 32];
        bytes[..20].fill(0x0b);
        let secret = LinkKey::from_bytes(bytes).derive("Hi There");
        assert_eq!(hex::encode(secret), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
        assert_ne!(LinkKey::from_bytes(bytes).derive("noise"), LinkKey::from_bytes(bytes).derive("pseudonym"));
    }

    #[test]
    fn a_secret_is_not_printed() {
        assert_eq!(format!("{:?}", LinkKey::from_bytes([0x41; 32])), "LinkKey(secret)");
    }
}
