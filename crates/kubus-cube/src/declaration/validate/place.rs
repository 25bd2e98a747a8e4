//! Where a finding stands: the declaration file, and the key in it. Called by the other checks.

use std::collections::BTreeMap;

use kubus_model::Finding;

use crate::declaration::lines::line_of;
use crate::declaration::load::placed;

/// A key in a declaration file.
#[derive(Debug, Clone)]
pub(super) struct Place {
    path: String,
    keys: Vec<String>,
}

impl Place {
    /// A whole file, by its path in the town folder.
    pub(super) fn file(path: impl Into<String>) -> Self {
        Self { path: path.into(), keys: Vec::new() }
    }

    /// A key below this place: a name, or the position in an array.
    #[expect(clippy::needless_pass_by_value, reason = "names and positions are passed as they are")]
    pub(super) fn key(&self, key: impl ToString) -> Self {
        let mut below = self.clone();
        below.keys.push(key.to_string());
        below
    }

    /// The keys with dots between them.
    pub(super) fn key_name(&self) -> String {
        self.keys.join(".")
    }

    /// Puts a finding at this place: source, file and line.
    pub(super) fn put(&self, finding: Finding, texts: &BTreeMap<String, String>) -> Finding {
        let keys: Vec<&str> = self.keys.iter().map(String::as_str).collect();
        let line = texts.get(&self.path).and_then(|text| line_of(text, &keys));
        placed(finding, &self.path).row(line.unwrap_or(1))
    }
}
