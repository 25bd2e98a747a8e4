//! `kubus verify`: seals, ledger and figures of a series of releases.

use std::path::{Path, PathBuf};

use kubus_model::Finding;
use kubus_store::file::folder_of;
use kubus_store::publish::MANIFEST_FILE;
use kubus_store::{list, verify};

use super::{Context, Failure, Outcome, has_errors};

pub(super) fn run(context: &Context, path: &Path) -> Outcome {
    let releases = releases_of(path);
    if list(&releases).is_empty() {
        return Err(Failure::user(vec![Finding::error("release-not-found").with("path", path.display())]));
    }
    let findings = verify(&releases);
    if has_errors(&findings) {
        return Err(Failure::user(findings));
    }
    findings.iter().for_each(|finding| context.complain(finding));
    context.say(&context.messages.text("verified", &[("count", list(&releases).len().to_string())]));
    Ok(())
}

/// The folder of releases that a town, a release or the folder itself means.
fn releases_of(path: &Path) -> PathBuf {
    if path.join(MANIFEST_FILE).is_file() {
        let whole = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        return folder_of(&whole).to_owned();
    }
    if path.join("releases").is_dir() { path.join("releases") } else { path.to_owned() }
}
