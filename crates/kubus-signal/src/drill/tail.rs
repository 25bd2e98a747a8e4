//! The chance that a part holds so many of the cases of a whole, when cases fall anywhere: exact,
//! given how many cases the whole has.

use super::scale::Side;
use super::table::{Measure, Weight};
use crate::math::beta;
use crate::math::gamma::ln_gamma;

/// A term this much smaller than the sum no longer changes it.
const NEGLIGIBLE: f64 = 1e-18;

/// The chance of as many cases in the part, or as few, or either (twice the smaller).
pub(super) fn chance(measure: Measure, side: Side, part: Weight, whole: Weight) -> f64 {
    let above = || match measure {
        Measure::Rate => binomial(part[1], whole[1], part[0] / whole[0]),
        Measure::Share => hypergeometric(part[1], whole[0], whole[1], part[0]),
    };
    // As few cases in the part is as many of them in the rest.
    let rest = [whole[0] - part[0], whole[1] - part[1]];
    let below = || match measure {
        Measure::Rate => binomial(rest[1], whole[1], rest[0] / whole[0]),
        Measure::Share => hypergeometric(rest[1], whole[0], whole[1], rest[0]),
    };
    match side {
        Side::Higher => above(),
        Side::Lower => below(),
        Side::Both => (2.0 * above().min(below())).min(1.0),
    }
}

/// P(X ≥ `cases`) of so many trials.
fn binomial(cases: f64, trials: f64, share: f64) -> f64 {
    if cases <= 0.0 { 1.0 } else { beta::lower(cases, trials - cases + 1.0, share) }
}

/// P(X ≥ `cases`) of `drawn` rows out of `rows`, `all` of which are cases.
fn hypergeometric(cases: f64, rows: f64, all: f64, drawn: f64) -> f64 {
    let (fewest, most) = ((all + drawn - rows).max(0.0), all.min(drawn));
    if cases <= fewest {
        return 1.0;
    }
    let ways = |from: f64, taken: f64| ln_gamma(from + 1.0) - ln_gamma(taken + 1.0) - ln_gamma(from - taken + 1.0);
    let logarithm = ways(all, cases) + ways(rows - all, drawn - cases) - ways(rows, drawn);
    let (mut term, mut sum, mut at) = (1.0, 1.0, cases);
    while at < most {
        term *= (all - at) / (at + 1.0) * ((drawn - at) / (rows - all - drawn + at + 1.0));
        sum += term;
        at += 1.0;
        if term < sum * NEGLIGIBLE {
            break;
        }
    }
    (logarithm + sum.ln()).exp().min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expected: f64) {
        assert!((found / expected - 1.0).abs() < 1e-8, "{found:e} against {expected:e}");
    }

    /// scipy 1.17: `hypergeom.sf(c - 1, N, K, n)` and `binom.sf(c - 1, C, share)`; the second also
    /// by whole numbers without rounding.
    #[test]
    fn the_tails_equal_those_of_scipy() {
        near(hypergeometric(3.0, 20.0, 7.0, 5.0), 0.206_785_345_717_234_25);
        near(hypergeometric(1288.0, 100_000.0, 5807.0, 8320.0), 1.802_322_542_731_25e-249);
        near(hypergeometric(40.0, 1000.0, 200.0, 250.0), 0.974_119_138_637_097_9);
        near(binomial(12.0, 100.0, 0.05), 0.004_274_182_466_365_919);
    }

    #[test]
    fn as_few_in_the_part_is_as_many_in_the_rest() {
        let (part, whole) = ([5.0, 1.0], [20.0, 7.0]);
        let few = chance(Measure::Share, Side::Lower, part, whole);
        let more = hypergeometric(2.0, 20.0, 7.0, 5.0);
        near(few, 1.0 - more);
        near(
            chance(Measure::Share, Side::Both, part, whole),
            (2.0 * few.min(hypergeometric(1.0, 20.0, 7.0, 5.0))).min(1.0),
        );
    }
}
