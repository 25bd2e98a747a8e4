//! What a municipality declares in `towns/<name>/`: small TOML files, one concept each.
//!
//! | file | module | what it declares |
//! | --- | --- | --- |
//! | `town.toml` | [`town`] | the municipality, its vintage, the attributes of people and households |
//! | `areas/<level>.toml` | [`area`] | one area level: its vintages, files and how addresses get their code |
//! | `areas/addresses.toml` | [`area`] | the lists of addresses, one per vintage |
//! | `sources/<id>.toml` | [`source`] | one delivery: owner, legal basis, format, columns, recodes |
//! | `indicators/<id>.toml` | [`indicator`] | one indicator: texts, and what is counted |
//! | `rules.toml` | [`kubus_model::Ruleset`] | disclosure rules |
//!
//! Unknown keys are refused everywhere. Conditions and recodes are SQL *expressions* over declared
//! columns: no statement, no subquery, no function that reads a file. Read by [`crate::build`].

pub mod area;
pub(crate) mod columns;
pub(crate) mod expression;
pub mod indicator;
mod lines;
mod load;
mod nearest;
mod parse;
pub mod source;
pub mod town;
mod validate;

use std::collections::BTreeMap;

use kubus_model::Ruleset;

pub use area::{Addresses, AreaDeclaration, Assign, VintageDeclaration};
pub use indicator::{Count, IndicatorDeclaration, Linked, UnitSet};
pub use source::{ColumnDeclaration, ColumnType, FileDeclaration, SourceDeclaration, SourceFormat, SourceKind};
pub use town::{AttributeDeclaration, TownDeclaration, Unit};

/// Texts by language code; `nl` must be present.
pub type Texts = BTreeMap<String, String>;

/// Everything a town declares.
#[derive(Debug, Clone)]
pub struct Declarations {
    /// `town.toml`.
    pub town: TownDeclaration,
    /// `areas/*.toml` but for the addresses, coarse to fine.
    pub areas: Vec<AreaDeclaration>,
    /// `areas/addresses.toml`; empty when the town has no list of addresses.
    pub addresses: Vec<Addresses>,
    /// `sources/*.toml`, by identifier.
    pub sources: Vec<SourceDeclaration>,
    /// `indicators/*.toml`, by theme and identifier.
    pub indicators: Vec<IndicatorDeclaration>,
    /// `rules.toml`.
    pub rules: Ruleset,
}

/// Reads and validates the declarations of a town folder. Findings name the file, the line and
/// what was expected; there are no declarations when one of them is an error.
#[must_use]
pub fn load(town: &std::path::Path) -> (Option<Declarations>, Vec<kubus_model::Finding>) {
    load::load(town)
}
