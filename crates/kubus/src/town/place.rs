//! From a temporary folder beside the town into the town's folder. Nothing is visible before all
//! files are whole; declarations that are there already stay as they are.

use std::fs;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

use super::TownError;
use super::delivery::is_ours;
use super::truth::TruthFile;

/// The declarations that go with the town: these and no more, for the folder they come from may
/// also hold what was made of them.
static FOLDERS: [(&str, Dir<'static>); 3] = [
    ("areas", include_dir!("$CARGO_MANIFEST_DIR/../../towns/demo/areas")),
    ("sources", include_dir!("$CARGO_MANIFEST_DIR/../../towns/demo/sources")),
    ("indicators", include_dir!("$CARGO_MANIFEST_DIR/../../towns/demo/indicators")),
];
static FILES: [(&str, &[u8]); 2] = [
    ("town.toml", include_bytes!("../../../../towns/demo/town.toml")),
    ("rules.toml", include_bytes!("../../../../towns/demo/rules.toml")),
];

/// The folder of a town that is being made. Its temporary folder goes when this is dropped.
pub(super) struct Site {
    out: PathBuf,
    temporary: tempfile::TempDir,
}

impl Site {
    /// Looks whether the town may be made here, and makes a temporary folder beside it.
    pub(super) fn open(out: &Path, force: bool) -> Result<Self, TownError> {
        let deliveries = out.join("deliveries");
        let foreign: Vec<String> = names_in(&deliveries)?.into_iter().filter(|name| !is_ours(name)).collect();
        if let Some(example) = foreign.first().filter(|_| !force) {
            return Err(TownError::Foreign { folder: deliveries, count: foreign.len(), example: example.clone() });
        }
        let beside = match out.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        fs::create_dir_all(beside).map_err(|source| TownError::file("make", beside, source))?;
        let temporary = tempfile::Builder::new()
            .prefix(".kubus-town-")
            .tempdir_in(beside)
            .map_err(|source| TownError::file("make", beside, source))?;
        let site = Self { out: out.to_owned(), temporary };
        make_folder(&site.temporary.path().join("deliveries"))?;
        Ok(site)
    }

    /// Where a delivery is written first.
    pub(super) fn delivery(&self, name: &str) -> PathBuf {
        self.temporary.path().join("deliveries").join(name)
    }

    /// Writes `truth.json`.
    pub(super) fn write_truth(&self, truth: &TruthFile) -> Result<(), TownError> {
        let path = self.temporary.path().join("truth.json");
        let text = serde_json::to_string_pretty(truth).map_err(|error| TownError::format(&path, error))?;
        fs::write(&path, text + "\n").map_err(|source| TownError::file("write", &path, source))
    }

    /// Writes the declarations that the town does not have yet.
    pub(super) fn write_declarations(&self) -> Result<(), TownError> {
        for (folder, files) in &FOLDERS {
            for file in files.files() {
                self.write_declaration(&Path::new(folder).join(file.path()), file.contents())?;
            }
        }
        FILES.iter().try_for_each(|(name, bytes)| self.write_declaration(Path::new(name), bytes))
    }

    fn write_declaration(&self, name: &Path, bytes: &[u8]) -> Result<(), TownError> {
        if self.out.join(name).exists() {
            return Ok(());
        }
        let path = self.temporary.path().join(name);
        make_folder(path.parent().unwrap_or(Path::new(".")))?;
        fs::write(&path, bytes).map_err(|source| TownError::file("write", &path, source))
    }

    /// Makes all bytes durable, then moves every file into place; deliveries of an earlier town that
    /// this one does not have are removed first, so that no pattern finds them.
    pub(super) fn finish(self) -> Result<(), TownError> {
        make_folder(&self.out)?;
        let deliveries = self.out.join("deliveries");
        let stale = |name: &String| is_ours(name) && !self.delivery(name).exists();
        for name in names_in(&deliveries)?.iter().filter(|name| stale(name)) {
            let path = deliveries.join(name);
            fs::remove_file(&path).map_err(|source| TownError::file("remove", &path, source))?;
        }
        move_into(self.temporary.path(), &self.out)
    }
}

fn make_folder(path: &Path) -> Result<(), TownError> {
    fs::create_dir_all(path).map_err(|source| TownError::file("make", path, source))
}

/// Moves the files of a folder, and of the folders in it, over those of another.
fn move_into(from: &Path, to: &Path) -> Result<(), TownError> {
    make_folder(to)?;
    for name in names_in(from)? {
        let (source, target) = (from.join(&name), to.join(&name));
        if source.is_dir() {
            move_into(&source, &target)?;
        } else {
            sync(&source)?;
            fs::rename(&source, &target).map_err(|error| TownError::file("rename", &target, error))?;
        }
    }
    sync(to)
}

fn sync(path: &Path) -> Result<(), TownError> {
    fs::File::open(path).and_then(|file| file.sync_all()).map_err(|source| TownError::file("sync", path, source))
}

/// The names in a folder, sorted; none when there is no such folder.
fn names_in(folder: &Path) -> Result<Vec<String>, TownError> {
    let failed = |source| TownError::file("list", folder, source);
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        names.push(entry.map_err(failed)?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}
