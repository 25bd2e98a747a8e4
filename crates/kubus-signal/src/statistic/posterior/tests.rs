//! The closed forms against sums and integrals done the long way.

use super::*;

const EVENTS: Exposure = Exposure::Events { expected: 6.0 };
const SHARE: Exposure = Exposure::Share { units: 40.0, share: 0.15 };
const PRIOR: Prior = Prior { mean: 1.2, strength: 3.0 };

fn mixed() -> Counts {
    let low = Run { first: 0.0, likelihood: vec![1.0, 1.0, 1.0, 0.9, 0.5, 0.1] };
    let high = Run { first: 37.0, likelihood: vec![1.0; 4] };
    Counts { runs: vec![low, high] }
}

/// Integrates likelihood × prior over a fine grid of relative rates.
fn by_quadrature(exposure: Exposure, counts: &Counts, limit: f64) -> (f64, f64, f64) {
    let top = match exposure {
        Exposure::Events { .. } => 30.0,
        Exposure::Share { share, .. } => 1.0 / share,
    };
    let (a, b) = exposure.shapes(PRIOR);
    let n = 400_000;
    let (mut total, mut first, mut above) = (0.0, 0.0, 0.0);
    for i in 0..n {
        let x = top * (f64::from(i) + 0.5) / f64::from(n);
        let density: f64 =
            counts.runs.iter().map(|run| likelihood(exposure, run, x)).sum::<f64>() * prior(exposure, (a, b), x);
        total += density;
        first += density * x;
        above += if x > limit { density } else { 0.0 };
    }
    (total * top / f64::from(n), first / total, above / total)
}

fn prior(exposure: Exposure, (a, b): (f64, f64), x: f64) -> f64 {
    match exposure {
        Exposure::Events { .. } => (a * b.ln() + (a - 1.0) * x.ln() - b * x - gamma::ln_gamma(a)).exp(),
        Exposure::Share { share, .. } => {
            let p = x * share;
            share * ((a - 1.0) * p.ln() + (b - 1.0) * (1.0 - p).ln() - beta::ln_beta(a, b)).exp()
        }
    }
}

fn likelihood(exposure: Exposure, run: &Run, x: f64) -> f64 {
    let one = |y: f64| match exposure {
        Exposure::Events { expected } => (y * (x * expected).ln() - x * expected - gamma::ln_gamma(y + 1.0)).exp(),
        Exposure::Share { units, share } => {
            let p = x * share;
            let ways = gamma::ln_gamma(units + 1.0) - gamma::ln_gamma(y + 1.0) - gamma::ln_gamma(units - y + 1.0);
            (ways + y * p.ln() + (units - y) * (1.0 - p).ln()).exp()
        }
    };
    (0u32..).zip(&run.likelihood).map(|(i, l)| l * one(run.first + f64::from(i))).sum()
}

#[test]
fn the_mixture_equals_brute_force_integration() {
    for exposure in [EVENTS, SHARE] {
        let posterior = Posterior::new(exposure, PRIOR, &mixed());
        let (marginal, mean, above) = by_quadrature(exposure, &mixed(), 1.5);
        assert!((ln_marginal(exposure, PRIOR, &mixed()) - marginal.ln()).abs() < 1e-6);
        assert!((posterior.mean() - mean).abs() < 1e-6, "{} {mean}", posterior.mean());
        assert!((posterior.exceeds(1.5) - above).abs() < 2e-5, "{} {above}", posterior.exceeds(1.5));
    }
}

#[test]
fn quantiles_invert_the_tail() {
    for exposure in [EVENTS, SHARE] {
        for counts in [mixed(), Counts::exactly(0.0), Counts::exactly(17.0)] {
            let posterior = Posterior::new(exposure, PRIOR, &counts);
            for p in [0.025, 0.5, 0.975] {
                assert!((posterior.is_below(posterior.quantile(p)) - p).abs() < 1e-7);
            }
        }
    }
}

#[test]
fn the_mean_count_of_an_exact_count_is_that_count() {
    assert!((Posterior::new(SHARE, PRIOR, &Counts::exactly(11.0)).count() - 11.0).abs() < 1e-12);
}

#[test]
fn a_huge_count_in_a_huge_area_stays_finite() {
    let exposure = Exposure::Share { units: 90_000.0, share: 0.93 };
    let run = Run { first: 83_995.0, likelihood: vec![0.1; 11] };
    let posterior = Posterior::new(exposure, Prior { mean: 1.0, strength: 100.0 }, &Counts { runs: vec![run] });
    assert!((posterior.mean() - 84_000.0 / 83_700.0).abs() < 1e-4);
    assert!(posterior.quantile(0.975) < 1.0 / 0.93);
}

proptest::proptest! {
    #[test]
    fn a_higher_count_never_lowers_the_certainty(y in 0u32..40, mean in 0.3f64..3.0, strength in 0.3f64..60.0) {
        let prior = Prior { mean, strength };
        for exposure in [EVENTS, SHARE] {
            let prior = exposure.bounded(prior);
            let at = |count: u32| Posterior::new(exposure, prior, &Counts::exactly(f64::from(count))).exceeds(1.5);
            proptest::prop_assert!(at(y + 1) >= at(y) - 1e-12 || y + 1 > 40);
        }
    }

    #[test]
    fn hiding_a_count_never_moves_its_posterior_outside_what_is_compatible(strength in 0.3f64..60.0) {
        let prior = Prior { mean: 1.0, strength };
        let hidden = Counts { runs: vec![Run { first: 0.0, likelihood: vec![1.0; 6] }] };
        let mean = Posterior::new(EVENTS, prior, &hidden).mean();
        let least = Posterior::new(EVENTS, prior, &Counts::exactly(0.0)).mean();
        let most = Posterior::new(EVENTS, prior, &Counts::exactly(5.0)).mean();
        proptest::prop_assert!(mean > least && mean < most);
    }
}
