//! What is asked, and what is known of the data.

use serde::{Deserialize, Serialize};

/// A level of areas.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Level {
    /// Its name.
    pub name: String,
    /// Areas.
    pub areas: u32,
    /// Persons (or households) in the usual area.
    pub units: f64,
}

/// What should be found, in data of which this is known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Question {
    /// Events per person (or household) and year.
    pub rate: f64,
    /// Levels, finest first.
    pub levels: Vec<Level>,
    /// Years that are collected.
    pub years: f64,
    /// Periods in a year: 12 for months.
    pub periods_per_year: u32,
    /// Smallest ratio to the usual rate that matters, above 1.
    pub ratio: f64,
    /// Smallest yearly change that matters: 0.10 is 10 % more or less every year.
    pub change: f64,
    /// How an intervention multiplies the count: 0.8 is a fifth less.
    pub effect: f64,
    /// Share of the areas with the intervention; it starts half-way.
    pub treated: f64,
    /// Variance of counts over their mean; 1 is pure chance.
    pub dispersion: f64,
    /// Share of the events that is in the data.
    pub coverage: f64,
    /// Periods by which the data are late.
    pub delay: u32,
}

impl Default for Question {
    /// Yearly 5 in 1,000; a deviation of 1.5 times, a change of 10 % a year, a fifth less by an
    /// intervention in half of the areas.
    fn default() -> Self {
        Self {
            rate: 0.005,
            levels: Vec::new(),
            years: 1.0,
            periods_per_year: 12,
            ratio: 1.5,
            change: 0.10,
            effect: 0.8,
            treated: 0.5,
            dispersion: 1.5,
            coverage: 1.0,
            delay: 0,
        }
    }
}

/// A number that a question cannot have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{name} is outside its range")]
pub struct OutsideRange {
    /// Name of the number.
    pub name: &'static str,
}

/// More events in one area than this need no calculation: everything is found.
const MOST_EVENTS: f64 = 1e6;

impl Question {
    /// Whether every number is within its range.
    ///
    /// # Errors
    /// The first that is not.
    pub fn checked(self) -> Result<Self, OutsideRange> {
        let events = |l: &Level| self.rate * l.units * self.years;
        let level = |l: &Level| l.areas > 0 && l.units >= 1.0 && events(l) <= MOST_EVENTS;
        let known = [
            ("rate", self.rate > 0.0 && self.rate <= 100.0),
            ("level", !self.levels.is_empty() && self.levels.len() <= 12 && self.levels.iter().all(level)),
            ("years", self.years > 0.0 && self.years <= 100.0),
            ("periods-per-year", (1..=366).contains(&self.periods_per_year)),
            ("ratio", self.ratio > 1.0 && self.ratio <= 100.0),
            ("change", self.change.abs() > 0.0 && self.change > -1.0 && self.change <= 10.0),
            ("effect", self.effect > 0.0 && self.effect <= 10.0 && (self.effect - 1.0).abs() > 1e-9),
            ("treated", self.treated > 0.0 && self.treated < 1.0),
            ("dispersion", (1.0..=100.0).contains(&self.dispersion)),
            ("coverage", self.coverage > 0.0 && self.coverage <= 1.0),
        ];
        match known.iter().find(|(_, inside)| !inside) {
            Some((name, _)) => Err(OutsideRange { name }),
            None => Ok(self),
        }
    }

    /// Whole periods that can be looked at: those collected, less those that are late.
    #[must_use]
    pub fn periods(&self) -> u32 {
        let collected = (self.years * f64::from(self.periods_per_year)).round();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 36,600")]
        let collected = collected as u32;
        collected.saturating_sub(self.delay)
    }
}
