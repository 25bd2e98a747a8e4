//! Tests over whole towns, through the files they write.

mod declarations;
mod files;
mod place;
mod planted;

use std::collections::BTreeMap;
use std::path::Path;

use super::{TownOptions, TownSummary, write_town};

/// A town in a temporary folder.
struct Made {
    folder: tempfile::TempDir,
    summary: TownSummary,
}

fn options(out: &Path, residents: usize, months: usize, seed: u64) -> TownOptions {
    TownOptions { out: out.to_owned(), residents, months, seed, force: false }
}

fn made(residents: usize, months: usize, seed: u64) -> Made {
    let folder = tempfile::tempdir().unwrap();
    let summary = write_town(&options(&folder.path().join("town"), residents, months, seed), &|_, _| ()).unwrap();
    Made { folder, summary }
}

impl Made {
    fn out(&self) -> std::path::PathBuf {
        self.folder.path().join("town")
    }

    fn delivery(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.out().join("deliveries").join(name)).unwrap()
    }

    fn truth(&self) -> serde_json::Value {
        serde_json::from_slice(&std::fs::read(self.out().join("truth.json")).unwrap()).unwrap()
    }

    /// The rows of a text file, each by column name.
    fn rows(&self, name: &str, delimiter: u8) -> Vec<BTreeMap<String, String>> {
        let bytes = self.delivery(name);
        let text = String::from_utf8_lossy(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes)).into_owned();
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
        reader.deserialize().map(Result::unwrap).collect()
    }

    /// Every file below the town's folder with its bytes.
    fn everything(&self) -> BTreeMap<String, Vec<u8>> {
        let mut found = BTreeMap::new();
        collect(&self.out(), "", &mut found);
        found
    }
}

fn collect(folder: &Path, prefix: &str, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = format!("{prefix}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &name, found);
        } else {
            found.insert(name, std::fs::read(entry.path()).unwrap());
        }
    }
}
