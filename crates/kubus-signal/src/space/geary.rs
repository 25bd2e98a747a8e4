//! Geary's C: how far do areas differ from their neighbours. Below one: they are alike.
//!
//! Geary, R. (1954), The Incorporated Statistician 5; Cliff and Ord (1981); Anselin, L. (1995),
//! Geographical Analysis 27; moments of the local form: Sokal et al. (1998), Geographical
//! Analysis 30.

use super::{Graph, Moments, Sample, SpaceError, Weights};

/// Geary's C of all areas.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Global {
    /// The statistic.
    pub c: f64,
    /// When figures are normal.
    pub normality: Moments,
    /// When figures are shuffled over the areas.
    pub randomisation: Moments,
}

/// Geary's c of one area, on standardised figures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Local {
    /// The statistic.
    pub c: f64,
    /// When all figures are shuffled.
    pub total: Moments,
    /// When the area keeps its figure and the others are shuffled.
    pub conditional: Moments,
}

/// The squared differences with the neighbours, summed.
fn differences(figures: &[f64], graph: &Graph, area: usize) -> f64 {
    graph.neighbours(area).iter().map(|other| (figures[area] - figures[*other as usize]).powi(2)).sum()
}

/// Geary's C of all areas.
///
/// # Errors
/// [`SpaceError::NoEdges`].
pub fn global(sample: &Sample, graph: &Graph, weights: Weights) -> Result<Global, SpaceError> {
    let sums = graph.sums(weights).ok_or(SpaceError::NoEdges)?;
    let (n, b2, s0s) = (sample.size(), sample.kurtosis(), sums.s0 * sums.s0);
    let with = (0..graph.areas()).filter(|at| graph.degree(*at) > 0);
    let apart: f64 = with.map(|at| graph.weight(at, weights) * differences(&sample.figures, graph, at)).sum();
    let c = (n - 1.0) * apart / (2.0 * sums.s0 * n * sample.central[0]);
    let normality = ((2.0 * sums.s1 + sums.s2) * (n - 1.0) - 4.0 * s0s) / (2.0 * (n + 1.0) * s0s);
    let first = (n - 1.0) * sums.s1 * (n * n - 3.0 * n + 3.0 - (n - 1.0) * b2);
    let second = (n - 1.0) * sums.s2 * (n * n + 3.0 * n - 6.0 - (n * n - n + 2.0) * b2) / 4.0;
    let third = s0s * (n * n - 3.0 - (n - 1.0).powi(2) * b2);
    let randomisation = (first - second + third) / (n * (n - 2.0) * (n - 3.0) * s0s);
    let moments = |variance: f64| Moments::of(c, 1.0, variance);
    Ok(Global { c, normality: moments(normality), randomisation: moments(randomisation) })
}

/// Geary's c of each area; `None` for an area without neighbours.
#[must_use]
pub fn local(sample: &Sample, graph: &Graph, weights: Weights) -> Vec<Option<Local>> {
    let n = sample.size();
    let scale = sample.central[0].sqrt();
    let z: Vec<f64> = sample.deviations.iter().map(|deviation| deviation / scale).collect();
    let (b1, b2) = (sample.central[1] / scale.powi(3), sample.kurtosis());
    let of = |at: usize| {
        let degree = graph.degree(at) as f64;
        if degree == 0.0 {
            return None;
        }
        let w = graph.weight(at, weights);
        let c = w * differences(&z, graph, at);
        let (sum, squares) = (w * degree, w * w * degree);
        let expected = 2.0 * n * sum / (n - 1.0);
        let total = n / (n - 1.0) * (3.0 + b2) * (squares + sum * sum) - expected * expected;
        // The squared differences with all others: their mean and variance.
        let own = z[at] * z[at];
        let mean = n * (own + 1.0) / (n - 1.0);
        let square = n * (own * own + 6.0 * own - 4.0 * z[at] * b1 + b2) / (n - 1.0);
        let spread = (square - mean * mean) * (squares * (n - 1.0) - sum * sum) / (n - 2.0);
        Some(Local { c, total: Moments::of(c, expected, total), conditional: Moments::of(c, sum * mean, spread) })
    };
    (0..graph.areas()).map(of).collect()
}
