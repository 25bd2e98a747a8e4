//! One published figure and its status.

use serde::{Deserialize, Serialize};

/// The state of a cell. Six states are not a value; none of them may ever look like another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum CellStatus {
    /// A figure is published.
    Value = 0,
    /// The published figure is exactly zero.
    Zero = 1,
    /// Withheld by a disclosure rule (onderdrukt); primary and secondary look the same.
    Suppressed = 2,
    /// No data were delivered for this cell (geen gegevens).
    NotAvailable = 3,
    /// The question has no meaning here (niet van toepassing).
    NotApplicable = 4,
    /// Too few data to say anything (te onzeker).
    TooUncertain = 5,
    /// This user may not see it (geen toegang).
    NotAuthorised = 6,
}

impl CellStatus {
    /// All states, in their stored order.
    pub const ALL: [Self; 7] = [
        Self::Value,
        Self::Zero,
        Self::Suppressed,
        Self::NotAvailable,
        Self::NotApplicable,
        Self::TooUncertain,
        Self::NotAuthorised,
    ];

    /// The state stored as `code`, or `None` for a code that does not exist.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }

    /// Whether a figure is present: a value or a published zero.
    #[must_use]
    pub const fn is_published(self) -> bool {
        matches!(self, Self::Value | Self::Zero)
    }
}

/// A published cell: what a reader of the release may know, and nothing else.
///
/// * counts and shares: `numerator` (units or events) over `denominator` (units), both after
///   protection; either may be absent.
/// * means and figures taken over from another publisher: `value`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// The state of the figure.
    pub status: CellStatus,
    /// Protected numerator, a count.
    pub numerator: Option<i64>,
    /// Protected denominator, a count. May be published while the numerator is suppressed.
    pub denominator: Option<i64>,
    /// A mean or a figure by another publisher, in the indicator's unit.
    pub value: Option<f64>,
    /// The part of the figure (0 to 1) that was estimated by converting between area vintages
    /// or by placing coarser data.
    pub estimated_share: f32,
    /// Whether the source calls the figure provisional.
    pub provisional: bool,
}

impl Cell {
    /// A cell without a figure, in the given state.
    #[must_use]
    pub const fn missing(status: CellStatus) -> Self {
        Self { status, numerator: None, denominator: None, value: None, estimated_share: 0.0, provisional: false }
    }

    /// The figure in the indicator's unit: `value`, or `per` × numerator / denominator, or the
    /// numerator when there is no denominator. `None` unless the status is published.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
    pub fn figure(&self, per: f64) -> Option<f64> {
        if !self.status.is_published() {
            return None;
        }
        self.value.or_else(|| match (self.numerator, self.denominator) {
            (Some(n), Some(d)) if d > 0 => Some(per * n as f64 / d as f64),
            (Some(n), None) => Some(n as f64),
            _ => None,
        })
    }
}
