//! `areas/*.toml`: area levels and lists of addresses. Read by [`crate::area`].

use kubus_model::{AreaLevel, AreaVintage};
use serde::{Deserialize, Serialize};

use super::{FileDeclaration, Texts};

/// How an address gets its area code at a level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Assign {
    /// From a column of the list of addresses (`pc6`, `street`), or its first `length`
    /// characters (`pc4` out of `pc6`).
    Column {
        /// Column of the list of addresses.
        column: String,
        /// Number of characters to take; all when absent.
        #[serde(default)]
        length: Option<usize>,
    },
    /// From the polygon of this level in which the address lies (RD New).
    Polygon,
    /// From a file by postcode and house number (`pc6hnr…_gwb.csv`).
    Lookup {
        /// The file.
        file: FileDeclaration,
    },
    /// The square of `size` metres that holds the address; code by CBS: `E1385N4567` per 100 m.
    Grid {
        /// Side in metres.
        size: u32,
    },
    /// From the code of a finer level that nests in this one: `BU00340101` lies in `WK003401`.
    Nested {
        /// The finer level.
        finer: AreaLevel,
    },
    /// Everything lies in the one area of this level.
    Whole,
}

/// The areas of a level in one year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VintageDeclaration {
    /// Boundaries of which year.
    pub year: AreaVintage,
    /// File with polygons, if there is one.
    #[serde(default)]
    pub file: Option<FileDeclaration>,
    /// Column with the code.
    #[serde(default)]
    pub code: Option<String>,
    /// Column with the name.
    #[serde(default)]
    pub label: Option<String>,
    /// Column that says `JA` for water; codes ending in 9997, 9998 and 9999 are water too.
    #[serde(default)]
    pub water: Option<String>,
    /// Condition for rows of a national file: an SQL expression over its columns.
    #[serde(default, rename = "where")]
    pub condition: Option<String>,
    /// Coordinate system when the file does not say: `EPSG:28992` or `EPSG:4326`.
    #[serde(default)]
    pub crs: Option<String>,
    /// How addresses get their code.
    #[serde(default)]
    pub assign: Option<Assign>,
}

/// `areas/<level>.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AreaDeclaration {
    /// The level.
    pub level: AreaLevel,
    /// Name for people.
    pub name: Texts,
    /// Fineness: 0 is the municipality, larger is finer.
    pub rank: u8,
    /// The next coarser level in which these areas nest wholly, if any.
    #[serde(default)]
    pub parent: Option<AreaLevel>,
    /// Draw the convex hull of its addresses when there is no file with polygons (streets).
    #[serde(default)]
    pub hull: bool,
    /// Its vintages. The town's vintage must be one of them, or the newest before it.
    #[serde(rename = "vintage")]
    pub vintages: Vec<VintageDeclaration>,
}

/// One list of addresses: `[[addresses]]` in `areas/addresses.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Addresses {
    /// Boundaries of which year it goes with.
    pub year: AreaVintage,
    /// The file.
    pub file: FileDeclaration,
    /// Column with the address identifier.
    pub id: String,
    /// Column with the postcode.
    pub pc6: String,
    /// Column with the house number.
    pub number: String,
    /// Column with the street name.
    pub street: String,
    /// Column with the RD x coordinate in metres.
    pub x: String,
    /// Column with the RD y coordinate in metres.
    pub y: String,
}
