//! Checks a whole series of releases: seals, ledger, files and figures. Reads only.
//!
//! Called by `kubus verify`. No finding of severity error means: every release in the ledger is
//! there, unchanged, and nothing else is; and no table breaks its own published rules.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use ed25519_dalek::VerifyingKey;
use kubus_model::{Blame, Finding, Release};
use sha2::{Digest, Sha256};

use crate::file::{FileError, failed, names_in, read};
use crate::ledger::{LEDGER_FILE, Ledger, LedgerLine};
use crate::open::{open_release, release_number, verifying_key};
use crate::publish::{MANIFEST_FILE, SEAL_FILE, VERIFYING_KEY_FILE, release_name};
use crate::recover::{is_temporary, staging_number};

mod sums;

/// Checks everything under a releases folder and says what is wrong, worst things first found
/// first. An empty list is a series in order.
#[must_use]
pub fn verify(releases: &Path) -> Vec<Finding> {
    let key = match verifying_key(releases) {
        Ok(key) => key,
        Err(error) => return vec![error.finding()],
    };
    let ledger = match Ledger::read(releases) {
        Ok(ledger) => ledger,
        Err(error) => return vec![error.finding()],
    };
    let mut findings = Vec::new();
    if ledger.is_torn() {
        findings.push(Finding::warning("ledger-unfinished-line").file(LEDGER_FILE));
    }
    for line in ledger.lines() {
        findings.extend(verify_line(releases, line, &key));
    }
    findings.extend(unexpected_names(releases, &ledger));
    findings
}

/// Checks one release folder against a verifying key: seal, hashes, extra files, figures.
#[must_use]
pub fn verify_release(folder: &Path, key: &VerifyingKey) -> Vec<Finding> {
    match open_release(folder, key) {
        Err(error) => vec![error.finding()],
        Ok(release) => {
            let mut findings = extra_files(folder, &release);
            findings.extend(sums::verify_sums(&release));
            findings
        }
    }
}

fn verify_line(releases: &Path, line: &LedgerLine, key: &VerifyingKey) -> Vec<Finding> {
    let name = release_name(line.number);
    let folder = releases.join(&name);
    let about = |finding: Finding| finding.with("release", &name);
    if !folder.is_dir() {
        return vec![about(Finding::error("release-missing").with("line", line.number))];
    }
    let mut findings = Vec::new();
    let written = read(&folder.join(MANIFEST_FILE)).map(|bytes| hex::encode(Sha256::digest(bytes)));
    if written.is_ok_and(|hash| hash != line.manifest_sha256) {
        findings.push(Finding::error("ledger-manifest-differs").file(MANIFEST_FILE));
    }
    if line.key != hex::encode(key.as_bytes()) {
        findings.push(Finding::error("ledger-key-differs").file(LEDGER_FILE).row(u64::from(line.number)));
    }
    findings.extend(verify_release(&folder, key));
    findings.into_iter().map(about).collect()
}

/// Folders without a ledger line, leftovers of a killed publication, and foreign files.
fn unexpected_names(releases: &Path, ledger: &Ledger) -> Vec<Finding> {
    let names = match names_in(releases) {
        Ok(names) => names,
        Err(error) => return vec![error.finding()],
    };
    let ours = [LEDGER_FILE, VERIFYING_KEY_FILE, ".lock"];
    let judge = |name: &String| match release_number(name) {
        Some(number) if ledger.line(number).is_some() => None,
        Some(_) => Some(Finding::error("release-not-in-ledger").with("release", name)),
        None if ours.contains(&name.as_str()) => None,
        None if staging_number(name).is_some() || is_temporary(name) => {
            Some(Finding::warning("publication-unfinished").file(name))
        }
        None => Some(Finding::warning("file-foreign").file(name)),
    };
    names.iter().filter_map(judge).collect()
}

fn extra_files(folder: &Path, release: &Release) -> Vec<Finding> {
    let mut known: BTreeSet<&str> = release.manifest().files.iter().map(|f| f.path.as_str()).collect();
    known.extend([MANIFEST_FILE, SEAL_FILE]);
    match files_below(folder, "") {
        Err(error) => vec![error.finding()],
        Ok(found) => found
            .iter()
            .filter(|path| !known.contains(path.as_str()))
            .map(|path| Finding::error("file-not-sealed").file(path))
            .collect(),
    }
}

/// All files below a folder, by their path with `/`.
fn files_below(folder: &Path, prefix: &str) -> Result<Vec<String>, FileError> {
    let mut found = Vec::new();
    for name in names_in(folder)? {
        let (path, below) = (folder.join(&name), format!("{prefix}{name}"));
        let kind = fs::symlink_metadata(&path).map_err(failed("read", &path))?;
        if kind.is_dir() {
            found.extend(files_below(&path, &format!("{below}/"))?);
        } else {
            found.push(below);
        }
    }
    Ok(found)
}
