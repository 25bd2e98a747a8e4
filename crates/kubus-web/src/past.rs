//! Earlier releases as far as the officer for data protection needs them: what they hold and what
//! was promised, without figures. Opened and checked like the release on show.

use std::collections::{BTreeMap, BTreeSet};

use kubus_model::release::{AreaEntry, Manifest};
use kubus_model::{AreaCode, AreaLevel, Release, Table};
use serde::Serialize;
use utoipa::ToSchema;

/// What a release publishes and hides at one level: numbers of figures, no figure itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LevelTally {
    /// Area level.
    pub level: AreaLevel,
    /// Areas.
    pub areas: usize,
    /// Tables.
    pub tables: usize,
    /// Figures that are published.
    pub published: usize,
    /// Figures that a rule withholds.
    pub withheld: usize,
    /// Places without a figure for another reason.
    pub empty: usize,
}

/// A release without its figures.
#[derive(Debug, Clone)]
pub struct Past {
    /// The manifest.
    pub manifest: Manifest,
    /// When it was published, ISO 8601.
    pub published_at: Option<String>,
    /// What it publishes and hides, coarse to fine.
    pub levels: Vec<LevelTally>,
    /// Codes of the areas by level.
    pub areas: BTreeMap<AreaLevel, BTreeSet<AreaCode>>,
}

impl Past {
    /// What is kept of a release.
    #[must_use]
    pub fn of(release: &Release, published_at: Option<String>) -> Self {
        let manifest = release.manifest().clone();
        let codes = |level: &AreaLevel| release.areas(level).iter().map(|entry: &AreaEntry| entry.code.clone());
        Self {
            levels: manifest.levels.iter().map(|entry| tally(release, &entry.level, entry.areas)).collect(),
            areas: manifest.levels.iter().map(|e| (e.level.clone(), codes(&e.level).collect())).collect(),
            manifest,
            published_at,
        }
    }
}

fn tally(release: &Release, level: &AreaLevel, areas: usize) -> LevelTally {
    let tables: Vec<&Table> = release.tables().iter().filter(|table| table.level() == level).collect();
    let mut tally =
        LevelTally { level: level.clone(), areas, tables: tables.len(), published: 0, withheld: 0, empty: 0 };
    for cell in tables.iter().flat_map(|table| table.cells()) {
        match cell.status {
            status if status.is_published() => tally.published += 1,
            kubus_model::CellStatus::Suppressed => tally.withheld += 1,
            _ => tally.empty += 1,
        }
    }
    tally
}
