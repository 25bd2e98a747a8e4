//! What a killed publication left behind becomes the old or the new, by a fixed rule:
//!
//! | found | becomes |
//! | --- | --- |
//! | a last ledger line without its line end | cut off: not published |
//! | a hidden folder whose number is in the ledger | made visible: it was whole before the line was |
//! | a hidden folder whose number is not in the ledger | removed: not published |
//! | a temporary file | removed |
//!
//! Runs under the lock, at the start of the next publication. Readers never need it: they look at
//! numbered folders only.

use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::file::{FileError, failed, names_in, read, sync_folder};
use crate::ledger::{Ledger, LedgerError};
use crate::publish::{MANIFEST_FILE, make_visible};

/// Brings the releases folder to a state without leftovers, and gives its ledger.
pub(crate) fn recover(releases: &Path) -> Result<Ledger, LedgerError> {
    let mut ledger = Ledger::read(releases)?;
    ledger.cut_torn_line()?;
    for name in names_in(releases)? {
        if let Some(number) = staging_number(&name) {
            settle(releases, &name, number, &ledger)?;
        } else if is_temporary(&name) {
            let path = releases.join(&name);
            fs::remove_file(&path).map_err(failed("remove", &path))?;
        }
    }
    sync_folder(releases)?;
    Ok(ledger)
}

/// Rolls a hidden folder forward when the ledger has its line and its manifest fits, else back.
fn settle(releases: &Path, name: &str, number: u32, ledger: &Ledger) -> Result<(), FileError> {
    let staging = releases.join(name);
    let promised = ledger.line(number).map(|line| line.manifest_sha256.as_str());
    let written = read(&staging.join(MANIFEST_FILE)).ok().map(|bytes| hex::encode(Sha256::digest(&bytes)));
    if promised.is_some() && promised == written.as_deref() {
        make_visible(releases, number).map(|_| ())
    } else {
        fs::remove_dir_all(&staging).map_err(failed("remove", &staging))
    }
}

/// The number in the name of a hidden folder.
pub(crate) fn staging_number(name: &str) -> Option<u32> {
    name.strip_prefix('.')?.strip_suffix(".partial")?.parse().ok()
}

/// Whether a name is one of our temporary files.
pub(crate) fn is_temporary(name: &str) -> bool {
    name.starts_with('.') && name.ends_with(".tmp")
}
