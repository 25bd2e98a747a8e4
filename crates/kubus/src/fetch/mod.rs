//! `kubus fetch TOWN`: gets the public files that a town declares into its `deliveries/`.
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`host`] | from which hosts may be fetched |
//! | [`http`] | one request: redirects checked, ranges, what the answer is |
//! | [`part`] | the unfinished file, and how it becomes the whole one |
//! | [`content`] | whether bytes can be what the file's name says |
//!
//! A file that is already there is used as it is. A download that was cut off goes on where it
//! stopped, if the server can prove that the file is still the same. Nothing appears under its
//! own name before it is whole, checked and on disk. What goes wrong with one file is a finding;
//! the other files are still fetched. Called by `main`.

mod content;
mod host;
mod http;
mod part;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use kubus_cube::declaration::Declarations;
use kubus_cube::declaration::source::PublicDeclaration;
use kubus_model::{Blame, Fault, Finding};
use url::Url;

use content::Content;
use http::{Answer, Fetched};
use part::Part;

/// How often a download is taken up again within one run.
const ATTEMPTS: u32 = 5;

/// What may be fetched.
#[derive(Debug, Clone)]
pub(crate) struct FetchOptions {
    /// Further hosts, for tests on this machine: `127.0.0.1`. From these plain HTTP is allowed.
    pub(crate) allow_hosts: Vec<String>,
    /// Largest file in bytes.
    pub(crate) max_bytes: u64,
}

impl Default for FetchOptions {
    fn default() -> Self {
        Self { allow_hosts: Vec::new(), max_bytes: 4 << 30 }
    }
}

/// Told about progress: the file's name and the part done (0 to 1).
pub(crate) type Progress<'a> = &'a (dyn Fn(&str, f64) + Sync);

/// Why fetching stopped altogether.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FetchError {
    /// The folder or a file in it could not be written.
    #[error("could not {action} {}: {source}", path.display())]
    File {
        /// What was tried: `create`, `write`, `read`, `sync`, `rename`, `remove`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

impl Blame for FetchError {
    fn fault(&self) -> Fault {
        Fault::Ours
    }

    fn finding(&self) -> Finding {
        let Self::File { action, path, source } = self;
        let finding = Finding::error("store-file-failed").with("action", action);
        finding.with("path", path.display()).with("reason", source)
    }
}

/// Turns an [`std::io::Error`] into a [`FetchError`] that names what was tried and where.
fn failed(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> FetchError {
    let path = path.to_owned();
    move |source| FetchError::File { action, path, source }
}

/// Gets every file that a `[[public]]` entry names and that is not in `deliveries/` yet. Returns
/// one finding per file: that it was there, that it was fetched, or why not.
///
/// # Errors
/// [`FetchError`] when the town's folder cannot be written.
pub(crate) fn fetch(
    town: &Path,
    declarations: &Declarations,
    options: &FetchOptions,
    progress: Progress<'_>,
) -> Result<Vec<Finding>, FetchError> {
    let deliveries = town.join("deliveries");
    std::fs::create_dir_all(&deliveries).map_err(failed("create", &deliveries))?;
    let mut seen = BTreeSet::new();
    let mut findings = Vec::new();
    for source in &declarations.sources {
        for public in &source.public {
            if seen.insert(&public.file) {
                let finding = fetch_one(&deliveries, public, options, progress)?;
                findings.push(finding.source(&source.id).file(&public.file));
            }
        }
    }
    Ok(findings)
}

fn fetch_one(
    deliveries: &Path,
    public: &PublicDeclaration,
    options: &FetchOptions,
    progress: Progress<'_>,
) -> Result<Finding, FetchError> {
    if !is_plain_name(&public.file) {
        return Ok(Finding::error("fetch-bad-name"));
    }
    let path = deliveries.join(&public.file);
    if path.exists() {
        return present(&path, public);
    }
    let address = match host::allowed(&public.address, options) {
        Ok(address) => address,
        Err(finding) => return Ok(*finding),
    };
    let mut part = Part::open(&path)?;
    match download(&address, &mut part, public, options, progress)? {
        Some(finding) => Ok(finding),
        None => finish(part, public),
    }
}

/// A bare file name: not empty, no folder, not hidden.
fn is_plain_name(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    let plain = matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None));
    plain && !name.starts_with('.') && !name.contains('/')
}

fn present(path: &Path, public: &PublicDeclaration) -> Result<Finding, FetchError> {
    let Some(declared) = &public.sha256 else { return Ok(Finding::info("fetch-present")) };
    let found = part::sha256(path)?;
    if found.eq_ignore_ascii_case(declared) {
        return Ok(Finding::info("fetch-present"));
    }
    Ok(Finding::error("fetch-present-differs").with("expected", declared).with("found", found))
}

/// Fills the part, taking it up again when the connection is lost; a finding when it cannot.
fn download(
    address: &Url,
    part: &mut Part,
    public: &PublicDeclaration,
    options: &FetchOptions,
    progress: Progress<'_>,
) -> Result<Option<Finding>, FetchError> {
    let mut last = Finding::error("fetch-cut-off");
    for _ in 0..ATTEMPTS {
        match http::request(address, part.resume().as_ref(), options) {
            Answer::Refused(finding) => {
                part.discard()?;
                return Ok(Some(finding));
            }
            Answer::TryAgain(finding) => last = finding,
            Answer::Restart => part.discard()?,
            Answer::Body(body) => match take(*body, part, public, options, progress)? {
                Taken::Whole => return Ok(None),
                Taken::CutOff => last = Finding::error("fetch-cut-off"),
                Taken::Refused(finding) => {
                    part.discard()?;
                    return Ok(Some(finding));
                }
            },
        }
    }
    Ok(Some(last))
}

/// What became of one answer's body.
enum Taken {
    Whole,
    CutOff,
    Refused(Finding),
}

fn take(
    mut body: Fetched,
    part: &mut Part,
    public: &PublicDeclaration,
    options: &FetchOptions,
    progress: Progress<'_>,
) -> Result<Taken, FetchError> {
    part.begin(body.from, body.validator.as_deref())?;
    let mut buffer = vec![0; 1 << 16];
    loop {
        let Ok(count) = std::io::Read::read(&mut body.reader, &mut buffer) else { return Ok(Taken::CutOff) };
        if count == 0 {
            break;
        }
        if part.length() == 0 && !Content::named(&public.file).can_begin(&buffer[..count]) {
            return Ok(Taken::Refused(content::refusal(&buffer[..count])));
        }
        if part.length() + count as u64 > options.max_bytes {
            return Ok(Taken::Refused(Finding::error("fetch-too-large").with("limit", options.max_bytes)));
        }
        part.write(&buffer[..count])?;
        progress(&public.file, done(part.length(), body.total));
    }
    let whole = body.total.is_none_or(|total| part.length() == total);
    Ok(if whole { Taken::Whole } else { Taken::CutOff })
}

#[expect(clippy::cast_precision_loss, reason = "a share for a progress bar")]
fn done(length: u64, total: Option<u64>) -> f64 {
    total.filter(|total| *total > 0).map_or(0.0, |total| length as f64 / total as f64)
}

/// Checks the whole part and gives it its name.
fn finish(part: Part, public: &PublicDeclaration) -> Result<Finding, FetchError> {
    let found = part.sha256()?;
    if let Some(declared) = public.sha256.as_ref().filter(|d| !found.eq_ignore_ascii_case(d)) {
        let finding = Finding::error("fetch-checksum").with("expected", declared).with("found", found);
        part.discard_whole()?;
        return Ok(finding);
    }
    if part.length() == 0 {
        part.discard_whole()?;
        return Ok(Finding::error("fetch-empty"));
    }
    let bytes = part.length();
    part.publish()?;
    Ok(Finding::info("fetch-fetched").with("bytes", bytes).with("sha256", found))
}
