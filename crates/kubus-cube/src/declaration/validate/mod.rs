//! Whether the declarations of a town fit each other: names that exist, texts that are there,
//! expressions that compile, numbers in range. Called by [`super::load`] when every file parsed.
//!
//! | module | what it checks |
//! | --- | --- |
//! | `place` | where a finding stands: file, key, line |
//! | `identity` | identifiers and the names of files |
//! | `town` | attributes and themes |
//! | `area` | levels and lists of addresses |
//! | `source` | deliveries |
//! | `indicator` | what is counted |
//! | `count` | the sets and sources of a count |
//! | `rules` | disclosure rules |

mod area;
mod count;
mod identity;
mod indicator;
mod place;
mod rules;
mod source;
#[cfg(test)]
mod tests;
mod town;

use std::collections::BTreeMap;

use arrow::datatypes::Schema;
use kubus_model::Finding;

use super::expression::{Gives, compile};
use super::nearest::nearest;
use super::{Declarations, SourceDeclaration, Texts};
use place::Place;

/// Checks the declarations; `texts` are the files they were read from, by path in the town folder.
pub(super) fn validate(declared: &Declarations, texts: &BTreeMap<String, String>) -> Vec<Finding> {
    let mut check = Check { declared, texts, findings: Vec::new() };
    identity::check(&mut check);
    town::check(&mut check);
    area::check(&mut check);
    source::check(&mut check);
    indicator::check(&mut check);
    rules::check(&mut check);
    check.findings
}

/// The declarations, and what was found in them so far.
struct Check<'a> {
    declared: &'a Declarations,
    texts: &'a BTreeMap<String, String>,
    findings: Vec<Finding>,
}

impl<'a> Check<'a> {
    /// Adds a finding about a key.
    fn found(&mut self, place: &Place, finding: Finding) {
        let finding = finding.with("key", place.key_name());
        self.findings.push(place.put(finding, self.texts));
    }

    /// Demands that a name is one of `known`; `what` says what it should be a name of.
    fn known<'n>(&mut self, place: &Place, what: &str, name: &str, known: impl IntoIterator<Item = &'n str>) -> bool {
        let known: Vec<&str> = known.into_iter().collect();
        if known.contains(&name) {
            return true;
        }
        let suggestion = nearest(name, known).unwrap_or("none");
        let finding = Finding::error("declaration-unknown-name").with("what", what).with("name", name);
        self.found(place, finding.with("suggestion", suggestion));
        false
    }

    /// Demands that a text is there in Dutch.
    fn dutch(&mut self, place: &Place, texts: &Texts) {
        if texts.get("nl").is_none_or(|text| text.trim().is_empty()) {
            self.found(place, Finding::error("declaration-text-missing"));
        }
    }

    /// Demands that a text that is not in several languages says something.
    fn filled(&mut self, place: &Place, text: &str) {
        if text.trim().is_empty() {
            self.found(place, Finding::error("declaration-text-missing"));
        }
    }

    /// Demands that a number lies between two bounds, both included.
    fn between(&mut self, place: &Place, number: f64, low: f64, high: f64) {
        if !(low..=high).contains(&number) {
            let finding = Finding::error("declaration-out-of-range");
            self.found(place, finding.with("low", low).with("high", high));
        }
    }

    /// Demands that an expression compiles over the columns.
    fn compiles(&mut self, place: &Place, sql: &str, schema: &Schema, gives: Gives) {
        if let Err(refusal) = compile(sql, schema, gives) {
            let finding = refusal.finding(&place.key_name());
            self.found(place, finding);
        }
    }

    /// Demands that a source exists, and gives it.
    fn source(&mut self, place: &Place, id: &str) -> Option<&'a SourceDeclaration> {
        let sources = &self.declared.sources;
        self.known(place, "source", id, sources.iter().map(|s| s.id.as_str()));
        sources.iter().find(|s| s.id == id)
    }

    /// Demands that an area level exists.
    fn level(&mut self, place: &Place, name: &str) {
        let areas = &self.declared.areas;
        self.known(place, "level", name, areas.iter().map(|a| a.level.as_str()));
    }
}
