//! How often the verdict is right on panels of which the truth is known: a small number in every
//! test run, two hundred by `make study`.

use kubus_model::Period;
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

use super::annual::annual;
use super::panel::Panel;
use super::season::real;
use super::surroundings::Surroundings;
use super::verdict::{Verdict, Worth, verdict};
use crate::statistic::gamma_poisson::draw;

/// Counts drawn as negative binomials around `mean(month, area)`.
pub(crate) fn drawn(areas: usize, months: usize, seed: u64, mean: impl Fn(usize, usize) -> f64) -> Panel {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut rows = Vec::new();
    let mut period = Period::Month(2015, 1);
    for month in 0..months {
        for area in 0..areas {
            let count = draw::negative_binomial(&mut random, 6.0, 6.0, mean(month, area));
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small count")]
            rows.push((format!("a{area:03}"), period, count as u32));
        }
        period = period.next();
    }
    Panel::new(rows).unwrap()
}

/// Rates of 120 areas, most of them low.
fn rates(random: &mut Xoshiro256PlusPlus) -> Vec<f64> {
    (0..120).map(|_| draw::gamma(random, 0.8, 0.5)).collect()
}

/// Nothing changes but by chance.
fn still(seed: u64) -> Panel {
    let rates = rates(&mut Xoshiro256PlusPlus::seed_from_u64(seed ^ 0xa5a5));
    drawn(120, 84, seed, |_, area| rates[area])
}

/// A year's rhythm of 30 % up and down.
fn seasonal(seed: u64) -> Panel {
    let rates = rates(&mut Xoshiro256PlusPlus::seed_from_u64(seed ^ 0xa5a5));
    drawn(120, 84, seed, |month, area| rates[area] * (1.0 + 0.3 * (real(month) * std::f64::consts::TAU / 12.0).sin()))
}

/// Every area drifts on its own: its logarithm takes steps of 0.12 a month.
fn drifting(seed: u64) -> Panel {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed ^ 0x5a5a);
    let mut path: Vec<Vec<f64>> = vec![rates(&mut random).iter().map(|rate| rate + 0.5).collect()];
    for month in 1..84 {
        let step = |rate: &f64| {
            let sum: f64 = (0..12).map(|_| random.random::<f64>()).sum::<f64>() - 6.0;
            (rate * (0.12 * sum).exp()).clamp(0.02, 60.0)
        };
        let next = path[month - 1].iter().map(step).collect();
        path.push(next);
    }
    drawn(120, 84, seed, |month, area| path[month][area])
}

fn verdicts(seeds: std::ops::Range<u64>, panel: fn(u64) -> Panel) -> Vec<Verdict> {
    let of = |seed| {
        let panel = panel(seed);
        verdict(&panel, &Surroundings::unknown(&panel), 1, seed)
    };
    seeds.into_par_iter().map(of).collect()
}

fn share(verdicts: &[Verdict], of: impl Fn(&Verdict) -> bool) -> f64 {
    real(verdicts.iter().filter(|v| of(v)).count()) / real(verdicts.len())
}

/// Skill is claimed, or a map of the next period.
fn claims(found: &Verdict) -> bool {
    matches!(found.worth, Worth::Small | Worth::Useful) || found.ranking.is_some_and(|gain| gain.earned)
}

fn study(seeds: std::ops::Range<u64>) -> (f64, f64, f64) {
    let still = verdicts(seeds.clone(), still);
    let season = |v: &Verdict| v.season_p_value < 0.01;
    println!(
        "nothing changes: skill claimed {:.1} %, season {:.1} %, uncertainty right {:.1} %",
        100.0 * share(&still, claims),
        100.0 * share(&still, season),
        100.0 * share(&still, |v| v.calibration.right)
    );
    let seasonal = share(&verdicts(seeds.clone(), seasonal), season);
    let drifting = share(&verdicts(seeds, drifting), claims);
    println!("season found {:.1} %, drift found {:.1} %", 100.0 * seasonal, 100.0 * drifting);
    (share(&still, claims), seasonal, drifting)
}

/// Share of panels in which nothing changes for which a gain on the total of the next year is claimed.
fn annual_claims(seeds: std::ops::Range<u64>) -> f64 {
    let of = |seed| {
        let panel = still(seed);
        annual(&panel, &Surroundings::unknown(&panel), seed)
    };
    let found: Vec<Verdict> = seeds.into_par_iter().filter_map(of).collect();
    let right = share(&found, |verdict| verdict.calibration.right);
    let claimed = share(&found, |verdict| matches!(verdict.worth, Worth::Small | Worth::Useful));
    println!(
        "total of a year, nothing changes: claimed {:.1} %, uncertainty right {:.1} %",
        100.0 * claimed,
        100.0 * right
    );
    claimed
}

#[test]
fn a_few_panels_of_which_the_truth_is_known() {
    let (false_claims, season, drift) = study(0..12);
    assert!(false_claims <= 1.0 / 12.0 && season >= 0.8 && drift >= 0.8, "{false_claims} {season} {drift}");
}

#[test]
fn a_gain_on_the_total_of_a_year_is_not_claimed_where_nothing_changes() {
    assert!(annual_claims(0..12) <= 1.0 / 12.0);
}

#[test]
#[ignore = "two hundred panels of three kinds: make study"]
fn two_hundred_panels_of_which_the_truth_is_known() {
    let (false_claims, season, drift) = study(0..200);
    assert!(annual_claims(0..200) <= 0.05);
    assert!(false_claims <= 0.05 && season >= 0.8 && drift >= 0.8, "{false_claims} {season} {drift}");
}
