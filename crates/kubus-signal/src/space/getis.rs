//! Getis and Ord's G: where do high figures lie together, and where low ones.
//!
//! Getis, A. and Ord, J. (1992), Geographical Analysis 24; Ord, J. and Getis, A. (1995),
//! Geographical Analysis 27. G leaves the area itself out, G* counts it in; the weights are those
//! of [`Weights::Binary`], on which the Z-scores of the local forms do not depend.

use super::{Graph, Moments, Sample, SpaceError, Weights};

/// G of all areas.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Global {
    /// The statistic.
    pub g: f64,
    /// When figures are shuffled over the areas.
    pub randomisation: Moments,
}

/// G or G* of one area.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Local {
    /// The share of the sum of figures that lies around the area.
    pub g: f64,
    /// For G when the others are shuffled; for G* when all are.
    pub moments: Moments,
}

/// G of all areas.
///
/// # Errors
/// [`SpaceError::NoEdges`].
pub fn global(sample: &Sample, graph: &Graph) -> Result<Global, SpaceError> {
    let s = graph.sums(Weights::Binary).ok_or(SpaceError::NoEdges)?;
    let (n, x) = (sample.size(), &sample.figures);
    let [m1, m2, m3, m4] = [1, 2, 3, 4].map(|power| x.iter().map(|x| x.powi(power)).sum::<f64>());
    let product: f64 = (0..graph.areas()).map(|at| x[at] * graph.around(at, x)).sum();
    let pairs = m1 * m1 - m2;
    let (nn, s0s) = (n * n, s.s0 * s.s0);
    let terms = [
        ((nn - 3.0 * n + 3.0) * s.s1 - n * s.s2 + 3.0 * s0s) * m2 * m2,
        -((nn - n) * s.s1 - 2.0 * n * s.s2 + 6.0 * s0s) * m4,
        -(2.0 * n * s.s1 - (n + 3.0) * s.s2 + 6.0 * s0s) * m1 * m1 * m2,
        (4.0 * (n - 1.0) * s.s1 - 2.0 * (n + 1.0) * s.s2 + 8.0 * s0s) * m1 * m3,
        (s.s1 - s.s2 + s0s) * m1.powi(4),
    ];
    let square = terms.iter().sum::<f64>() / (pairs * pairs * n * (n - 1.0) * (n - 2.0) * (n - 3.0));
    let expected = s.s0 / (n * (n - 1.0));
    let g = product / pairs;
    Ok(Global { g, randomisation: Moments::of(g, expected, square - expected * expected) })
}

/// G of each area: of its neighbours without itself. `None` for an area without neighbours.
#[must_use]
pub fn local(sample: &Sample, graph: &Graph) -> Vec<Option<Local>> {
    let others = sample.size() - 1.0;
    let of = |at: usize| {
        let z = sample.deviations[at];
        let mean = sample.mean - z / others;
        let variance = (sample.size() * sample.central[0] - z * z) / others - (z / others).powi(2);
        share(sample, graph, at, &Around { count: graph.degree(at), own: 0.0, areas: others, mean, variance })
    };
    (0..graph.areas()).map(of).collect()
}

/// G* of each area: of its neighbours and itself. `None` for an area without neighbours.
#[must_use]
pub fn local_star(sample: &Sample, graph: &Graph) -> Vec<Option<Local>> {
    let (mean, variance) = (sample.mean, sample.central[0]);
    let of = |at: usize| {
        let own = sample.figures[at];
        share(sample, graph, at, &Around { count: graph.degree(at) + 1, own, areas: sample.size(), mean, variance })
    };
    (0..graph.areas()).map(of).collect()
}

/// What lies around an area, and what it could have been drawn from.
struct Around {
    count: usize,
    own: f64,
    areas: f64,
    mean: f64,
    variance: f64,
}

fn share(sample: &Sample, graph: &Graph, at: usize, around: &Around) -> Option<Local> {
    if graph.degree(at) == 0 {
        return None;
    }
    let count = around.count as f64;
    let all = around.areas * around.mean;
    let g = (around.own + graph.around(at, &sample.figures)) / all;
    let expected = count / around.areas;
    let spread = around.variance * count * (around.areas - count) / (around.areas - 1.0);
    Some(Local { g, moments: signed(g, expected, spread, all) })
}

/// The Z-score is that of the sum, whatever the sign of the total of all figures.
fn signed(g: f64, expected: f64, spread: f64, all: f64) -> Moments {
    let moments = Moments::of(g, expected, spread / (all * all));
    Moments { z: moments.z * all.signum(), ..moments }
}
