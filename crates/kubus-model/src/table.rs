//! The figures of one indicator at one level, as a dense block: area × period × member.
//!
//! [`DraftTable`] is what the protector writes. [`Table`] is what a reader holds; it can only be
//! made by a [`crate::Release`] that has checked the file's hash.

use serde::{Deserialize, Serialize};

use crate::{AreaCode, AreaLevel, Cell, CellStatus, Period};

/// A member of a breakdown: attribute names with their values, empty for the total.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Member {
    /// `(attribute, value)` pairs in declared order.
    pub attributes: Vec<(String, String)>,
}

impl Member {
    /// The total: no attribute is fixed.
    #[must_use]
    pub const fn total() -> Self {
        Self { attributes: Vec::new() }
    }

    /// A member of a breakdown by one attribute.
    pub fn of(attribute: impl Into<String>, value: impl Into<String>) -> Self {
        Self { attributes: vec![(attribute.into(), value.into())] }
    }

    /// The attribute names, in order: which breakdown this member belongs to.
    pub fn breakdown(&self) -> impl Iterator<Item = &str> {
        self.attributes.iter().map(|(name, _)| name.as_str())
    }

    /// Written as `benefit=ja;tenure=huur`; the empty text for the total.
    #[must_use]
    pub fn key(&self) -> String {
        self.attributes.iter().map(|(a, v)| format!("{a}={v}")).collect::<Vec<_>>().join(";")
    }

    /// Reads what [`Member::key`] wrote.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        let pair = |part: &str| part.split_once('=').map(|(a, v)| (a.to_owned(), v.to_owned()));
        key.split(';')
            .filter(|part| !part.is_empty())
            .map(pair)
            .collect::<Option<Vec<_>>>()
            .map(|attributes| Self { attributes })
    }
}

/// A table in the making. Cells start as [`CellStatus::NotAvailable`].
#[derive(Debug, Clone, PartialEq)]
pub struct DraftTable {
    /// Indicator identifier.
    pub indicator: String,
    /// Area level.
    pub level: AreaLevel,
    /// Area codes, sorted.
    pub areas: Vec<AreaCode>,
    /// Periods, sorted.
    pub periods: Vec<Period>,
    /// Members; the first is always the total.
    pub members: Vec<Member>,
    /// `areas × periods × members` cells, the member running fastest.
    pub cells: Vec<Cell>,
}

impl DraftTable {
    /// An empty table of the given shape.
    #[must_use]
    pub fn new(
        indicator: &str,
        level: &AreaLevel,
        areas: Vec<AreaCode>,
        periods: Vec<Period>,
        members: Vec<Member>,
    ) -> Self {
        let cells = vec![Cell::missing(CellStatus::NotAvailable); areas.len() * periods.len() * members.len()];
        Self { indicator: indicator.to_owned(), level: level.clone(), areas, periods, members, cells }
    }

    /// The position of a cell in `cells`.
    #[must_use]
    pub const fn position(&self, area: usize, period: usize, member: usize) -> usize {
        (area * self.periods.len() + period) * self.members.len() + member
    }
}

/// A published table, read from a sealed release.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    draft: DraftTable,
}

impl Table {
    /// Only a release makes tables of drafts: it has checked where they came from.
    pub(crate) const fn sealed(draft: DraftTable) -> Self {
        Self { draft }
    }

    /// Indicator identifier.
    #[must_use]
    pub fn indicator(&self) -> &str {
        &self.draft.indicator
    }

    /// Area level.
    #[must_use]
    pub const fn level(&self) -> &AreaLevel {
        &self.draft.level
    }

    /// Area codes, sorted.
    #[must_use]
    pub fn areas(&self) -> &[AreaCode] {
        &self.draft.areas
    }

    /// Periods, sorted.
    #[must_use]
    pub fn periods(&self) -> &[Period] {
        &self.draft.periods
    }

    /// Members, the total first.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        &self.draft.members
    }

    /// All cells, the member running fastest, then the period.
    #[must_use]
    pub fn cells(&self) -> &[Cell] {
        &self.draft.cells
    }

    /// The cell at the given positions.
    ///
    /// # Panics
    /// When a position is outside the table.
    #[must_use]
    pub fn cell(&self, area: usize, period: usize, member: usize) -> &Cell {
        &self.draft.cells[self.draft.position(area, period, member)]
    }

    /// The position of an area code.
    #[must_use]
    pub fn area_position(&self, code: &AreaCode) -> Option<usize> {
        self.draft.areas.binary_search(code).ok()
    }

    /// The position of a period.
    #[must_use]
    pub fn period_position(&self, period: Period) -> Option<usize> {
        self.draft.periods.iter().position(|p| *p == period)
    }

    /// The position of a member.
    #[must_use]
    pub fn member_position(&self, member: &Member) -> Option<usize> {
        self.draft.members.iter().position(|m| m == member)
    }
}
