//! Moran's I: do areas resemble their neighbours.
//!
//! Moran, P. (1950), Biometrika 37; Cliff, A. and Ord, J. (1981), *Spatial Processes*; Anselin, L.
//! (1995), Geographical Analysis 27; the conditional moments: Sokal, R., Oden, N. and Thomson, B.
//! (1998), Geographical Analysis 30.

use super::{Graph, Moments, Sample, SpaceError, Weights};

/// Moran's I of all areas.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Global {
    /// The statistic.
    pub i: f64,
    /// When figures are normal.
    pub normality: Moments,
    /// When figures are shuffled over the areas.
    pub randomisation: Moments,
}

/// How an area and its neighbours lie about the mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pattern {
    /// High among high.
    HighHigh,
    /// Low among low.
    LowLow,
    /// High among low.
    HighLow,
    /// Low among high.
    LowHigh,
}

/// Moran's I of one area.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Local {
    /// The statistic.
    pub i: f64,
    /// When all figures are shuffled.
    pub total: Moments,
    /// When the area keeps its figure and the others are shuffled.
    pub conditional: Moments,
    /// Which way.
    pub pattern: Pattern,
}

/// Moran's I of all areas. An area without neighbours counts in the mean and the variance only.
///
/// # Errors
/// [`SpaceError::NoEdges`].
pub fn global(sample: &Sample, graph: &Graph, weights: Weights) -> Result<Global, SpaceError> {
    let sums = graph.sums(weights).ok_or(SpaceError::NoEdges)?;
    let (n, z) = (sample.size(), &sample.deviations);
    let with = (0..graph.areas()).filter(|at| graph.degree(*at) > 0);
    let product: f64 = with.map(|at| z[at] * graph.weight(at, weights) * graph.around(at, z)).sum();
    let i = product / sums.s0 / sample.central[0];
    let (b2, s0s) = (sample.kurtosis(), sums.s0 * sums.s0);
    let expected = -1.0 / (n - 1.0);
    let normality = (n * n * sums.s1 - n * sums.s2 + 3.0 * s0s) / ((n * n - 1.0) * s0s) - expected.powi(2);
    let left = n * ((n * n - 3.0 * n + 3.0) * sums.s1 - n * sums.s2 + 3.0 * s0s);
    let right = b2 * ((n * n - n) * sums.s1 - 2.0 * n * sums.s2 + 6.0 * s0s);
    let randomisation = (left - right) / ((n - 1.0) * (n - 2.0) * (n - 3.0) * s0s) - expected.powi(2);
    let moments = |variance: f64| Moments::of(i, expected, variance);
    Ok(Global { i, normality: moments(normality), randomisation: moments(randomisation) })
}

/// Moran's I of each area; `None` for an area without neighbours.
#[must_use]
pub fn local(sample: &Sample, graph: &Graph, weights: Weights) -> Vec<Option<Local>> {
    let (n, m2, b2) = (sample.size(), sample.central[0], sample.kurtosis());
    let of = |at: usize| {
        let degree = graph.degree(at) as f64;
        if degree == 0.0 {
            return None;
        }
        let (z, w) = (sample.deviations[at], graph.weight(at, weights));
        let around = graph.around(at, &sample.deviations);
        let i = z / m2 * w * around;
        let (sum, squares) = (w * degree, w * w * degree);
        let expected = -sum / (n - 1.0);
        let (a, b) = ((n - b2) / (n - 1.0), (2.0 * b2 - n) / ((n - 1.0) * (n - 2.0)));
        let total = a * squares + b * (sum * sum - squares) - expected * expected;
        let given = -z * z / m2 * sum / (n - 1.0);
        let spread = n / (n - 2.0) * (squares - sum * sum / (n - 1.0)) * (m2 - z * z / (n - 1.0));
        Some(Local {
            i,
            total: Moments::of(i, expected, total),
            conditional: Moments::of(i, given, (z / m2).powi(2) * spread),
            pattern: Pattern::of(z, around),
        })
    };
    (0..graph.areas()).map(of).collect()
}

impl Pattern {
    fn of(own: f64, around: f64) -> Self {
        match (own > 0.0, around > 0.0) {
            (true, true) => Self::HighHigh,
            (false, false) => Self::LowLow,
            (true, false) => Self::HighLow,
            (false, true) => Self::LowHigh,
        }
    }

    /// How it is written in tables: `HH`, `LL`, `HL`, `LH`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::HighHigh => "HH",
            Self::LowLow => "LL",
            Self::HighLow => "HL",
            Self::LowHigh => "LH",
        }
    }
}
