//! One cell: from exact to protected. Noise first, then the rules, which see perturbed counts only.

use kubus_cube::exact::{ExactCell, ExactState};
use kubus_model::{Cell, CellStatus, Indicator, Measure};

use crate::perturbation::{CellKeys, PerturbationTable};
use crate::rule::{Hidden, Limits, judge};

/// What is needed to protect the cells of one table.
#[derive(Clone, Copy)]
pub(crate) struct Protector<'a> {
    /// The indicator.
    pub(crate) indicator: &'a Indicator,
    /// The rules at this level.
    pub(crate) limits: Limits,
    /// The noise by count.
    pub(crate) noise: &'a PerturbationTable,
    /// The secret that picks it.
    pub(crate) keys: &'a CellKeys,
}

impl Protector<'_> {
    /// The published cell, and why its figure is hidden.
    pub(crate) fn protect(&self, exact: &ExactCell) -> (Cell, Hidden) {
        let (cell, hidden) = match exact.state {
            ExactState::NotAvailable => return (Cell::missing(CellStatus::NotAvailable), Hidden::No),
            ExactState::NotApplicable => return (Cell::missing(CellStatus::NotApplicable), Hidden::No),
            ExactState::Counted if self.indicator.measure == Measure::Mean => self.mean(exact),
            ExactState::Counted => self.counts(exact),
        };
        (Cell { estimated_share: exact.estimated_share, provisional: exact.provisional, ..cell }, hidden)
    }

    fn counts(&self, exact: &ExactCell) -> (Cell, Hidden) {
        let (count, key) = counted(exact, self.limits.has_denominator);
        let numerator = self.noise.perturb(count, self.keys.uniform(key));
        let denominator = self.noise.perturb(exact.denominator, self.keys.uniform(exact.denominator_key));
        let hidden = judge(&self.limits, numerator, denominator);
        let shown = self.limits.has_denominator && hidden != Hidden::Population;
        let denominator = shown.then_some(denominator);
        let cell = match hidden {
            Hidden::No => Cell { numerator: Some(numerator), denominator, ..Cell::missing(CellStatus::Value) },
            _ => Cell { denominator, ..Cell::missing(CellStatus::Suppressed) },
        };
        (cell, hidden)
    }

    /// A mean of respondents needs enough of them; another publisher's figure is public already.
    fn mean(&self, exact: &ExactCell) -> (Cell, Hidden) {
        if exact.value.is_nan() {
            return (Cell::missing(CellStatus::NotAvailable), Hidden::No);
        }
        if self.indicator.unit != PUBLIC_UNIT && exact.contributors < self.limits.min_count {
            return (Cell::missing(CellStatus::Suppressed), Hidden::Small);
        }
        let value = Some(rounded(exact.value, self.indicator.decimals));
        (Cell { value, ..Cell::missing(CellStatus::Value) }, Hidden::No)
    }
}

/// The unit of figures taken over from another publisher.
const PUBLIC_UNIT: &str = "figure";

/// The count that is shown and its key: of a plain count of units, the units themselves.
pub(crate) const fn counted(exact: &ExactCell, has_denominator: bool) -> (i64, u64) {
    if !has_denominator && exact.numerator == 0 && exact.numerator_key == 0 {
        (exact.denominator, exact.denominator_key)
    } else {
        (exact.numerator, exact.numerator_key)
    }
}

fn rounded(value: f64, decimals: u8) -> f64 {
    let scale = 10f64.powi(i32::from(decimals));
    (value * scale).round() / scale
}
