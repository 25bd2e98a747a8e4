//! Area schemes, vintages, atoms, crosswalks by address weight, adjacency and boundaries.
//!
//! An *atom* is the set of addresses that share all their area codes in the town's vintage.
//! Registers are counted per atom; every area at every level is a sum of atoms. Called by
//! [`crate::build`].
//!
//! | module | what it holds |
//! | --- | --- |
//! | `load` | the whole way, step by step |
//! | `boundary`, `condition`, `areas`, `project` | boundary files, in RD metres |
//! | `addresses`, `lookup` | lists of addresses, and `pc6hnr` |
//! | `assign`, `locate`, `grid`, `nested` | which code an address has |
//! | `level`, `hull`, `adjacency`, `check` | a level in the town's vintage |
//! | `atom`, `within`, `placement` | the smallest pieces and what lies in what |
//! | `crosswalk`, `surface` | older vintages on the town's |
//! | `drawing` | `GeoJSON` |

mod addresses;
mod adjacency;
mod areas;
mod assign;
mod atom;
mod boundary;
mod check;
mod condition;
mod crosswalk;
mod drawing;
mod grid;
mod hull;
mod level;
mod load;
mod locate;
mod lookup;
mod nested;
mod placement;
mod project;
mod surface;
mod within;

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use kubus_model::release::{AreaEntry, LevelEntry};
use kubus_model::{AreaCode, AreaLevel, AreaVintage, Finding};

use crate::declaration::Declarations;

/// Where a row is placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placement {
    /// The atom.
    pub atom: u32,
    /// Part of the placement that was estimated, in thousandths: 0 for an address; for a postcode
    /// that is cut by a border, the share of its addresses that lie outside this atom.
    pub estimated: u16,
}

/// A part of an old area in a new one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CrosswalkPart {
    /// Position of the target area in its level.
    pub target: u32,
    /// Share (0 to 1) of the old area's addresses (or surface, when there are no addresses) that
    /// lie in the target. The shares of one old area sum to 1.
    pub share: f64,
}

/// From the areas of one level and vintage to the areas of a level of the town's vintage.
#[derive(Debug, Clone, Default)]
pub struct Crosswalk {
    /// Parts by old code, largest share first.
    pub parts: HashMap<AreaCode, Vec<CrosswalkPart>>,
    /// Made by counting addresses (true) or by surface (false).
    pub by_address: bool,
}

/// The geography of a town in its vintage.
#[derive(Debug, Clone, Default)]
pub struct Geography {
    /// Levels, coarse to fine.
    pub levels: Vec<LevelEntry>,
    /// Areas by level, sorted by code; water is in the boundaries and not in here.
    pub areas: BTreeMap<AreaLevel, Vec<AreaEntry>>,
    /// Boundaries by level: GeoJSON, WGS84, properties `code`, `name`, `parent`, integer ids.
    pub geometry: BTreeMap<AreaLevel, Vec<u8>>,
    /// Number of atoms.
    pub atoms: u32,
    /// For each level the position of the area in which each atom lies; `u32::MAX` for none.
    pub area_of_atom: BTreeMap<AreaLevel, Vec<u32>>,
    /// Number of addresses of each atom; 1 where there is no list of addresses.
    pub addresses_of_atom: Vec<u32>,
    /// The atom of each address identifier.
    pub atom_of_address: HashMap<String, u32>,
    /// Where a row with only the code of an area is placed, by level (town's vintage).
    pub placement: BTreeMap<AreaLevel, HashMap<AreaCode, Placement>>,
    /// Crosswalks by (level and vintage of the old code, target level).
    pub crosswalks: BTreeMap<(AreaLevel, AreaVintage, AreaLevel), Crosswalk>,
    /// What was found.
    pub findings: Vec<Finding>,
}

impl Geography {
    /// Reads everything that `declarations.areas` and `declarations.addresses` name in
    /// `deliveries`. What went wrong is in [`Geography::findings`]; an error finding there means
    /// that the geography must not be used.
    #[must_use]
    pub fn load(declarations: &Declarations, deliveries: &Path) -> Self {
        load::load(declarations, deliveries)
    }
}
