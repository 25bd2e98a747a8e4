//! Rates of areas with few people, made fit for comparison.
//!
//! Marshall, R. (1991), Applied Statistics 40: rates drawn to the mean of all areas or of the
//! areas around. Assunção, R. and Reis, E. (1999), Statistics in Medicine 18: rates divided by
//! their own spread, so that Moran's I does not see a large population as a pattern.

use super::{Graph, SpaceError};

/// Cases and the population they come from, area by area.
#[derive(Debug, Clone, Copy)]
pub struct Counts<'a> {
    cases: &'a [f64],
    population: &'a [f64],
}

/// The prior that all areas share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prior {
    /// Mean rate.
    pub mean: f64,
    /// Variance of the true rates; below zero when chance alone would give more variation.
    pub variance: f64,
}

impl<'a> Counts<'a> {
    /// Cases and populations of the same areas.
    ///
    /// # Errors
    /// [`SpaceError::Population`] names the first area that cannot be used.
    pub fn new(cases: &'a [f64], population: &'a [f64]) -> Result<Self, SpaceError> {
        if cases.len() != population.len() {
            return Err(SpaceError::Lengths { figures: cases.len(), areas: population.len() });
        }
        let usable = |at: &usize| {
            cases[*at] >= 0.0 && cases[*at].is_finite() && population[*at] > 0.0 && population[*at].is_finite()
        };
        match (0..cases.len()).find(|at| !usable(at)) {
            Some(at) => Err(SpaceError::Population(at)),
            None => Ok(Self { cases, population }),
        }
    }

    /// Cases over population.
    #[must_use]
    pub fn raw(&self) -> Vec<f64> {
        (0..self.cases.len()).map(|at| self.rate(at)).collect()
    }

    fn rate(&self, at: usize) -> f64 {
        self.cases[at] / self.population[at]
    }

    /// The prior by the method of moments, over the areas named.
    fn prior(&self, areas: impl Iterator<Item = usize> + Clone) -> Prior {
        let population: f64 = areas.clone().map(|at| self.population[at]).sum();
        let mean = areas.clone().map(|at| self.cases[at]).sum::<f64>() / population;
        let apart = areas.clone().map(|at| self.population[at] * (self.rate(at) - mean).powi(2)).sum::<f64>();
        let count = areas.count() as f64;
        Prior { mean, variance: apart / population - mean * count / population }
    }

    /// The prior of all areas together.
    #[must_use]
    pub fn shared_prior(&self) -> Prior {
        self.prior(0..self.cases.len())
    }

    /// Rates drawn to the mean of all areas, the more so the fewer people.
    #[must_use]
    pub fn empirical_bayes(&self) -> Vec<f64> {
        let prior = self.shared_prior();
        (0..self.cases.len()).map(|at| self.drawn(at, prior)).collect()
    }

    /// Rates drawn to the mean of the area and its neighbours; `None` for an area without any.
    ///
    /// # Panics
    /// When the graph has another number of areas.
    #[must_use]
    pub fn spatial_empirical_bayes(&self, graph: &Graph) -> Vec<Option<f64>> {
        let of = |at: usize| {
            let around = graph.neighbours(at).iter().map(|other| *other as usize).chain([at]);
            (graph.degree(at) > 0).then(|| self.drawn(at, self.prior(around)))
        };
        (0..self.cases.len()).map(of).collect()
    }

    fn drawn(&self, at: usize, prior: Prior) -> f64 {
        let variance = prior.variance.max(0.0);
        let own = variance + prior.mean / self.population[at];
        let weight = if own > 0.0 { variance / own } else { 0.0 };
        prior.mean + weight * (self.rate(at) - prior.mean)
    }

    /// The EB index: how many of its own standard deviations a rate is above the mean.
    #[must_use]
    pub fn standardised(&self) -> Vec<f64> {
        let prior = self.shared_prior();
        let of = |at: usize| {
            let chance = prior.mean / self.population[at];
            let spread = prior.variance + chance;
            let spread = if spread > 0.0 { spread } else { chance };
            if spread > 0.0 { (self.rate(at) - prior.mean) / spread.sqrt() } else { 0.0 }
        };
        (0..self.cases.len()).map(of).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn a_drawn_rate_lies_between_the_rate_and_the_mean(
            areas in proptest::collection::vec((0u32..40, 50u32..4000), 2..40),
        ) {
            let cases: Vec<f64> = areas.iter().map(|a| f64::from(a.0)).collect();
            let population: Vec<f64> = areas.iter().map(|a| f64::from(a.1)).collect();
            let counts = Counts::new(&cases, &population).unwrap();
            let mean = counts.shared_prior().mean;
            for (drawn, raw) in counts.empirical_bayes().iter().zip(counts.raw()) {
                proptest::prop_assert!(*drawn >= raw.min(mean) - 1e-12 && *drawn <= raw.max(mean) + 1e-12);
            }
        }
    }

    #[test]
    fn an_area_without_people_is_named() {
        assert_eq!(Counts::new(&[1.0, 1.0], &[5.0, 0.0]).err(), Some(SpaceError::Population(1)));
    }
}
