//! Which memory to trust: a ridge Poisson regression, with a log link, of counts on the levels that
//! were known before them. What it may use: levels of other memories against the usual one, the
//! last count, the neighbours, and one factor for all. Everything is pulled towards using the usual
//! level unchanged (Hoerl and Kennard 1970; stacking: Wolpert 1992).

use super::level::{MEMORIES, USUAL};
use super::seen::{Seen, moments};
use super::surroundings::Surroundings;
use crate::math::{cholesky, gamma};

/// What the regression sees of a cell: the other memories, the last count, the neighbours, and 1.
pub(super) const FEATURES: usize = MEMORIES + 2;
/// Position of the factor for all.
const COMMON: usize = FEATURES - 1;
/// Pull to zero per event, of the common factor and of the rest: events of one month are no
/// independent evidence on what the whole town does.
const PULL: (f64, f64) = (1.0, 0.0025);
/// Rounds of Newton's method.
const ROUNDS: usize = 25;

/// An origin as the regression sees it: per area the logarithm of the usual level, and what the
/// regression may use.
#[derive(Debug, Clone)]
pub(super) struct View {
    pub(super) ln_level: Vec<f64>,
    pub(super) features: Vec<[f64; FEATURES]>,
}

/// The view of an origin with these levels and counts.
pub(super) fn view(means: &[[f64; MEMORIES]], counts: &[f64], around: &Surroundings) -> View {
    let ln_level = means.iter().map(|means| means[USUAL].ln()).collect();
    let features = means.iter().zip(counts).enumerate().map(|(area, (levels, count))| {
        let usual = levels[USUAL];
        let mut features = [0.0; FEATURES];
        let others = (0..MEMORIES).filter(|memory| *memory != USUAL);
        features.iter_mut().zip(others).for_each(|(feature, memory)| *feature = (levels[memory] / usual).ln());
        features[MEMORIES - 1] = count.ln_1p() - usual.ln_1p();
        if let Some(neighbours) = around.neighbours.as_ref().map(|all| &all[area]).filter(|n| !n.is_empty()) {
            let sum: f64 = neighbours.iter().map(|other| means[*other][USUAL]).sum();
            features[MEMORIES] = ((sum / super::season::real(neighbours.len()) + 0.05) / (usual + 0.05)).ln();
        }
        features[COMMON] = 1.0;
        features
    });
    View { ln_level, features: features.collect() }
}

/// The weights that past origins and the counts that followed them give.
pub(super) fn weights(past: &[(&View, &[Seen])]) -> [f64; FEATURES] {
    let events: f64 = past.iter().flat_map(|(_, counts)| *counts).map(at_least).sum();
    let pull: [f64; FEATURES] = std::array::from_fn(|at| events.max(1.0) * if at == COMMON { PULL.0 } else { PULL.1 });
    let mut weights = [0.0; FEATURES];
    let mut loss = loss(past, &weights, &pull);
    for _ in 0..ROUNDS {
        let Some(step) = newton(past, &weights, &pull) else { break };
        let mut length = 1.0;
        let (next, less) = loop {
            let next: [f64; FEATURES] = std::array::from_fn(|at| weights[at] + length * step[at]);
            let less = self::loss(past, &next, &pull);
            if less <= loss || length < 1e-4 {
                break (next, less);
            }
            length /= 2.0;
        };
        if less > loss {
            break;
        }
        let gained = loss - less;
        (weights, loss) = (next, less);
        if gained < 1e-8 * loss.abs() {
            break;
        }
    }
    weights
}

/// Events of which it is sure that they happened.
fn at_least(seen: &Seen) -> f64 {
    seen.bounds().map_or(0.0, |(low, _)| f64::from(low))
}

/// The means that weights give.
pub(super) fn apply(view: &View, weights: &[f64; FEATURES]) -> Vec<f64> {
    view.ln_level.iter().zip(&view.features).map(|(level, features)| ln_mean(*level, features, weights).exp()).collect()
}

fn ln_mean(level: f64, features: &[f64; FEATURES], weights: &[f64; FEATURES]) -> f64 {
    let change: f64 = features.iter().zip(weights).map(|(feature, weight)| feature * weight).sum();
    (level + change).clamp(-12.0, 20.0)
}

/// Poisson deviance (without what does not depend on the weights), and the pull.
fn loss(past: &[(&View, &[Seen])], weights: &[f64; FEATURES], pull: &[f64; FEATURES]) -> f64 {
    let of_cell = |((level, features), count): ((&f64, &[f64; FEATURES]), &Seen)| {
        let ln = ln_mean(*level, features, weights);
        match *count {
            Seen::Exactly(count) => ln.exp() - f64::from(count) * ln,
            Seen::Within { low, high } => ln.exp() - moments(low, high, poisson(ln)).ln_chance,
            Seen::Nothing => 0.0,
        }
    };
    let of = |(view, counts): &(&View, &[Seen])| {
        view.ln_level.iter().zip(&view.features).zip(*counts).map(of_cell).sum::<f64>()
    };
    let held: f64 = weights.iter().zip(pull).map(|(weight, pull)| 0.5 * pull * weight * weight).sum();
    past.iter().map(of).sum::<f64>() + held
}

/// ln of the chance of a count in a Poisson, without the part that does not depend on the count.
fn poisson(ln_mean: f64) -> impl Fn(u32) -> f64 {
    move |count| f64::from(count) * ln_mean - gamma::ln_gamma(f64::from(count) + 1.0)
}

/// One step of Newton's method.
fn newton(past: &[(&View, &[Seen])], weights: &[f64; FEATURES], pull: &[f64; FEATURES]) -> Option<[f64; FEATURES]> {
    let mut gradient = [0.0; FEATURES];
    let mut curvature = [[0.0; FEATURES]; FEATURES];
    for (view, counts) in past {
        for ((level, features), count) in view.ln_level.iter().zip(&view.features).zip(*counts) {
            let mean = ln_mean(*level, features, weights).exp();
            let (off, bend) = match *count {
                Seen::Exactly(count) => (f64::from(count) - mean, mean),
                Seen::Within { low, high } => {
                    let cut = moments(low, high, poisson(mean.ln()));
                    (cut.mean - mean, (mean - cut.variance).max(0.0))
                }
                Seen::Nothing => continue,
            };
            for (row, feature) in features.iter().enumerate() {
                gradient[row] += off * feature;
                let scaled = bend * feature;
                curvature[row].iter_mut().zip(features).take(row + 1).for_each(|(c, other)| *c += scaled * other);
            }
        }
    }
    for at in 0..FEATURES {
        gradient[at] -= pull[at] * weights[at];
        curvature[at][at] += pull[at] + 1e-9;
    }
    cholesky::solve(curvature, gradient)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Areas whose counts follow the short memory.
    fn past() -> (View, Vec<Seen>) {
        let means: Vec<[f64; MEMORIES]> =
            (0..60u32).map(|area| [4.0, 4.0, 4.0, 4.0, 4.0, if area % 2 == 0 { 2.0 } else { 8.0 }]).collect();
        let unknown = Surroundings { population: vec![1.0; 60], neighbours: None };
        let counts = (0..60).map(|area| Seen::Exactly(if area % 2 == 0 { 2 } else { 8 })).collect();
        (view(&means, &[4.0; 60], &unknown), counts)
    }

    #[test]
    fn the_memory_that_was_right_is_trusted() {
        let (view, counts) = past();
        let found = weights(&vec![(&view, counts.as_slice()); 24]);
        let means = apply(&view, &found);
        assert!(found[4] > 0.9 && (means[0] - 2.0).abs() < 0.1 && (means[1] - 8.0).abs() < 0.3, "{found:?} {means:?}");
    }

    #[test]
    fn without_events_the_usual_level_stays() {
        let (view, counts) = past();
        let quiet = vec![Seen::Exactly(0); counts.len()];
        let found = weights(&[(&view, quiet.as_slice())]);
        assert!(found.iter().all(|weight| weight.is_finite()), "{found:?}");
        assert!(weights(&[]).iter().all(|weight| *weight == 0.0));
    }

    #[test]
    fn withheld_counts_teach_what_their_class_tells_and_nothing_teaches_nothing() {
        let (view, _) = past();
        let hidden: Vec<Seen> = (0..60)
            .map(|area| if area % 2 == 0 { Seen::Within { low: 0, high: 4 } } else { Seen::Exactly(8) })
            .collect();
        let means = apply(&view, &weights(&vec![(&view, hidden.as_slice()); 24]));
        assert!(means[0] < 4.0 && (means[1] - 8.0).abs() < 0.5, "{means:?}");
        assert!(weights(&[(&view, [Seen::Nothing; 60].as_slice())]).iter().all(|weight| weight.abs() < 1e-9));
    }

    #[test]
    fn the_weights_are_where_the_loss_is_lowest() {
        let (view, counts) = past();
        let past = [(&view, counts.as_slice())];
        let found = weights(&past);
        let pull = std::array::from_fn(|at| 300.0 * if at == COMMON { PULL.0 } else { PULL.1 });
        let lowest = loss(&past, &found, &pull);
        for at in 0..FEATURES {
            for step in [-0.01, 0.01] {
                let mut other = found;
                other[at] += step;
                assert!(loss(&past, &other, &pull) >= lowest - 1e-9);
            }
        }
    }
}
