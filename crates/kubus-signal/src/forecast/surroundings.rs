//! What is known about the areas of a panel besides their counts: how many live there, and which
//! touch.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kubus_model::{Blame, Fault, Finding};

use super::panel::Panel;
use super::season::real;

/// Population and neighbours of the areas of a panel, in its order.
#[derive(Debug, Clone, PartialEq)]
pub struct Surroundings {
    /// Population relative to the mean of all areas; 1 for every area when it is not known.
    pub population: Vec<f64>,
    /// Positions of the areas that touch; `None` when it is not known.
    pub neighbours: Option<Vec<Vec<usize>>>,
}

/// Why rows do not describe the surroundings of a panel.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SurroundingsError {
    /// An area of the panel has no population, or none above zero.
    #[error("no population of {0}")]
    NoPopulation(String),
    /// None of the pairs is about two areas of the panel.
    #[error("no pair of neighbours is in the panel")]
    NoNeighbours,
}

impl Blame for SurroundingsError {
    fn fault(&self) -> Fault {
        Fault::User
    }

    fn finding(&self) -> Finding {
        match self {
            Self::NoPopulation(area) => Finding::error("panel-no-population").with("area", area),
            Self::NoNeighbours => Finding::error("panel-no-neighbours"),
        }
    }
}

impl Surroundings {
    /// Nothing is known but the counts.
    #[must_use]
    pub fn unknown(panel: &Panel) -> Self {
        Self { population: vec![1.0; panel.areas.len()], neighbours: None }
    }

    /// With the population of every area (`area`, number above zero).
    ///
    /// # Errors
    /// [`SurroundingsError::NoPopulation`]. Areas that are not in the panel are not looked at.
    pub fn with_population(mut self, panel: &Panel, rows: &[(String, f64)]) -> Result<Self, SurroundingsError> {
        let known: BTreeMap<&str, f64> = rows.iter().map(|(area, number)| (area.as_str(), *number)).collect();
        let of = |area: &String| {
            let number = known.get(area.as_str()).copied().filter(|number| *number > 0.0 && number.is_finite());
            number.ok_or_else(|| SurroundingsError::NoPopulation(area.clone()))
        };
        let numbers = panel.areas.iter().map(of).collect::<Result<Vec<f64>, _>>()?;
        let mean = numbers.iter().sum::<f64>() / real(numbers.len());
        self.population = numbers.into_iter().map(|number| number / mean).collect();
        Ok(self)
    }

    /// With pairs of areas that touch, in either order. An area without a pair has no neighbours.
    ///
    /// # Errors
    /// [`SurroundingsError::NoNeighbours`] when no pair is in the panel.
    pub fn with_neighbours(mut self, panel: &Panel, pairs: &[(String, String)]) -> Result<Self, SurroundingsError> {
        let at: HashMap<&str, usize> = panel.areas.iter().enumerate().map(|(at, area)| (area.as_str(), at)).collect();
        let mut found: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); panel.areas.len()];
        for (one, other) in pairs {
            if let (Some(one), Some(other)) = (at.get(one.as_str()), at.get(other.as_str()))
                && one != other
            {
                found[*one].insert(*other);
                found[*other].insert(*one);
            }
        }
        if found.iter().all(BTreeSet::is_empty) {
            return Err(SurroundingsError::NoNeighbours);
        }
        self.neighbours = Some(found.into_iter().map(|areas| areas.into_iter().collect()).collect());
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use kubus_model::Period;

    use super::*;

    fn panel() -> Panel {
        let months = (1..=12u8).flat_map(|m| ["a", "b", "c"].map(|area| (area.to_owned(), Period::Month(2024, m), 1)));
        Panel::new(months.collect()).unwrap()
    }

    #[test]
    fn population_is_relative_and_must_be_known_for_every_area() {
        let (panel, known) = (panel(), [("a", 10.0), ("b", 20.0), ("c", 30.0), ("elsewhere", 5.0)]);
        let rows: Vec<(String, f64)> = known.map(|(area, number)| (area.to_owned(), number)).into();
        let found = Surroundings::unknown(&panel).with_population(&panel, &rows).unwrap();
        assert!((found.population[0] - 0.5).abs() < 1e-12 && (found.population[2] - 1.5).abs() < 1e-12);
        let found = Surroundings::unknown(&panel).with_population(&panel, &rows[1..]);
        assert_eq!(found, Err(SurroundingsError::NoPopulation("a".into())));
    }

    #[test]
    fn neighbours_go_both_ways_and_an_island_has_none() {
        let panel = panel();
        let pair = |one: &str, other: &str| (one.to_owned(), other.to_owned());
        let pairs = [pair("a", "b"), pair("b", "a"), pair("c", "c"), pair("c", "elsewhere")];
        let found = Surroundings::unknown(&panel).with_neighbours(&panel, &pairs).unwrap();
        assert_eq!(found.neighbours, Some(vec![vec![1], vec![0], vec![]]));
        let found = Surroundings::unknown(&panel).with_neighbours(&panel, &pairs[2..]);
        assert_eq!(found, Err(SurroundingsError::NoNeighbours));
    }
}
