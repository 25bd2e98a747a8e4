//! Cross-checks of everything that a town declares, after each file was read on its own. Every
//! finding names the file and the line. Called by [`super::load`].
//!
//! | module | what it checks |
//! | --- | --- |
//! | `texts` | identifiers, and texts in Dutch |
//! | `names` | every name that stands for another declaration, or for a column |
//! | `expressions` | every SQL expression, over the columns that it may see |

mod expressions;
mod names;
mod texts;

use std::collections::BTreeMap;

use kubus_model::Finding;

use super::Declarations;
use super::lines::line_of;
use super::load::placed;
use super::nearest::nearest;

/// See [`super::load`]. `texts` are the declaration files by their path in the town folder.
pub(super) fn validate(declarations: &Declarations, texts: &BTreeMap<String, String>) -> Vec<Finding> {
    let mut check = Check { declarations, texts, findings: Vec::new() };
    texts::check(&mut check);
    names::check(&mut check);
    if check.findings.is_empty() {
        expressions::check(&mut check);
    }
    check.findings
}

/// What is checked, and what was found so far.
struct Check<'a> {
    declarations: &'a Declarations,
    texts: &'a BTreeMap<String, String>,
    findings: Vec<Finding>,
}

impl Check<'_> {
    /// Adds a finding about a key of a file; the key is written as `count.numerator.with.0.source`.
    fn report(&mut self, file: &str, key: &str, finding: Finding) {
        let path: Vec<&str> = key.split('.').collect();
        let line = self.texts.get(file).and_then(|text| line_of(text, &path));
        let finding = placed(finding.with("key", key), file);
        self.findings.push(match line {
            Some(line) => finding.row(line),
            None => finding,
        });
    }

    /// Reports a name that is not among the known ones.
    fn known<'n>(
        &mut self,
        file: &str,
        key: &str,
        kind: &str,
        name: &str,
        known: impl IntoIterator<Item = &'n str> + Clone,
    ) {
        if known.clone().into_iter().any(|other| other == name) {
            return;
        }
        let suggestion = nearest(name, known).unwrap_or("none").to_owned();
        let finding = Finding::error("declaration-unknown-name").with("kind", kind).with("name", name);
        self.report(file, key, finding.with("suggestion", suggestion));
    }
}

/// The path of the file in which a source is declared.
fn source_file(id: &str) -> String {
    format!("sources/{id}.toml")
}

/// The path of the file in which an indicator is declared.
fn indicator_file(id: &str) -> String {
    format!("indicators/{id}.toml")
}

/// The path of the file in which an area level is declared.
fn area_file(level: &str) -> String {
    format!("areas/{level}.toml")
}

#[cfg(test)]
mod tests;
