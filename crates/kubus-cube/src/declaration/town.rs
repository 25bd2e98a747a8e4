//! `town.toml`: the municipality, the vintage on which it publishes, and the attributes by which
//! people and households may be broken down.

use kubus_model::AreaVintage;
use serde::{Deserialize, Serialize};

use super::{Linked, Texts};

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// A resident: a row of the population source.
    Person,
    /// A household: the rows of the population source that share a household key.
    Household,
}

/// One value of an attribute, in the order in which it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttributeValue {
    /// The value as it stands in the column: `huur`.
    pub id: String,
    /// Name for people.
    pub name: Texts,
}

/// An attribute of a unit. Exactly one of `column` and `linked` is given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttributeDeclaration {
    /// Identifier, snake case: `benefit`.
    pub id: String,
    /// Whose attribute it is; a household attribute also holds for its persons.
    pub unit: Unit,
    /// Name for people.
    pub name: Texts,
    /// Its values. For `linked` they are `ja` and `nee`. A value that is not listed counts as
    /// unknown: it is in the total and in no member.
    pub values: Vec<AttributeValue>,
    /// A column (mapped or recoded) of the population source that holds the value.
    #[serde(default)]
    pub column: Option<String>,
    /// `ja` when the unit has a row in another source that holds in the period.
    #[serde(default)]
    pub linked: Option<Linked>,
}

/// `town.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TownDeclaration {
    /// Identifier, also the name of the folder of its keys: `demo`.
    pub id: String,
    /// Name of the municipality.
    pub municipality: String,
    /// CBS code of the municipality: `GM0034`.
    pub code: String,
    /// The boundaries on which everything is published.
    pub vintage: AreaVintage,
    /// The population source: its rows are the persons. Absent for a town of public figures only.
    #[serde(default)]
    pub population: Option<String>,
    /// Attributes for breakdowns.
    #[serde(default, rename = "attribute")]
    pub attributes: Vec<AttributeDeclaration>,
    /// Themes by identifier with their names, in the order in which they are shown.
    #[serde(default, rename = "theme")]
    pub themes: Vec<AttributeValue>,
}
