//! One figure per area with its moments, and a statistic with what was to be expected of it.

use super::{Graph, SpaceError};
use crate::math::gamma;

/// Figures of areas, at least four and not all the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// The figures.
    pub figures: Vec<f64>,
    /// Figures minus their mean.
    pub deviations: Vec<f64>,
    /// Mean.
    pub mean: f64,
    /// Mean of the deviations to the powers 2, 3 and 4.
    pub central: [f64; 3],
}

/// A statistic and what chance would give.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moments {
    /// Expected value.
    pub expected: f64,
    /// Variance.
    pub variance: f64,
    /// How many standard deviations the statistic is above what was expected.
    pub z: f64,
}

impl Moments {
    /// Of a statistic with this expectation and variance.
    #[must_use]
    pub fn of(statistic: f64, expected: f64, variance: f64) -> Self {
        Self { expected, variance, z: (statistic - expected) / variance.sqrt() }
    }

    /// The two-sided p-value when the statistic is close to normal.
    #[must_use]
    pub fn normal_p(&self) -> f64 {
        gamma::upper(0.5, self.z * self.z / 2.0)
    }
}

impl Sample {
    /// Figures of the areas of a graph.
    ///
    /// # Errors
    /// [`SpaceError`], when there is no variation or a figure is not finite.
    pub fn new(figures: Vec<f64>, graph: &Graph) -> Result<Self, SpaceError> {
        if figures.len() != graph.areas() {
            return Err(SpaceError::Lengths { figures: figures.len(), areas: graph.areas() });
        }
        if figures.len() < 4 {
            return Err(SpaceError::TooFew(figures.len()));
        }
        if let Some(at) = figures.iter().position(|figure| !figure.is_finite()) {
            return Err(SpaceError::NotFinite(at));
        }
        if figures.iter().all(|figure| figure.to_bits() == figures[0].to_bits()) {
            return Err(SpaceError::Constant);
        }
        let n = figures.len() as f64;
        let mean = figures.iter().sum::<f64>() / n;
        let deviations: Vec<f64> = figures.iter().map(|figure| figure - mean).collect();
        let central = [2, 3, 4].map(|power| deviations.iter().map(|z| z.powi(power)).sum::<f64>() / n);
        if central[0] > 0.0 { Ok(Self { figures, deviations, mean, central }) } else { Err(SpaceError::Constant) }
    }

    /// How many areas, as a real number.
    #[must_use]
    pub fn size(&self) -> f64 {
        self.figures.len() as f64
    }

    /// Fourth moment over the square of the second.
    #[must_use]
    pub fn kurtosis(&self) -> f64 {
        self.central[2] / self.central[0].powi(2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_normal_p_value_is_two_sided() {
        assert!((Moments::of(1.959_963_984_540_054, 0.0, 1.0).normal_p() - 0.05).abs() < 1e-12);
        assert!((Moments::of(-3.0, 0.0, 1.0).normal_p() - 0.002_699_796_063_260_19).abs() < 1e-14);
    }

    #[test]
    fn figures_without_variation_are_refused() {
        let graph = Graph::new(4, &[(0, 1)]).unwrap();
        assert_eq!(Sample::new(vec![0.1; 4], &graph), Err(SpaceError::Constant));
        assert_eq!(Sample::new(vec![1.0, 2.0, f64::NAN, 1.0], &graph), Err(SpaceError::NotFinite(2)));
    }
}
