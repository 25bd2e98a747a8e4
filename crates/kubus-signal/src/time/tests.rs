//! Detectors against figures of others, and against the rate of false alarms that they promise.

use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::backtest::Verdict;
use super::threshold::{Method, Scale};
use super::watch::{Newest, Said, watch};
use super::*;
use crate::statistic::gamma_poisson::draw;

const MONTHS: Setting = Setting { season: 12, alpha: 0.01, method: Method::Predictive, fewest: 0, ratio: 2.0, seed: 1 };
/// An excess so large that it could be found in any area.
const ANY: Setting = Setting { ratio: 20.0, ..MONTHS };
const WEEKS: Setting = Setting { season: 52, ..MONTHS };

fn counted(counts: &[u32]) -> Vec<Reading> {
    counts.iter().copied().map(Ok).collect()
}

fn salmonella() -> Option<Vec<Reading>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/reference/signals/oracle/salmonella_agona.csv");
    let Ok(text) = std::fs::read_to_string(path) else {
        eprintln!("skipped: shared/reference is absent");
        return None;
    };
    Some(text.lines().skip(1).map(|line| Ok(line.split(',').nth(1).unwrap().trim().parse().unwrap())).collect())
}

/// Week (counted from zero), expected count, its standard error, dispersion: statsmodels 0.15
/// (`GLM` with `var_weights`, tolerance 1e-14), with the design and the weights of this module
/// written anew in numpy.
const STATSMODELS: [(usize, f64, f64, f64); 4] = [
    (200, 3.132_154_023_259_287, 0.639_906_597_604_741_7, 1.783_594_594_610_096_4),
    (272, 1.250_534_434_460_623_7, 0.257_881_978_595_266_4, 1.613_148_706_640_554),
    (290, 3.453_995_122_098_573, 0.542_713_800_217_809_2, 1.680_168_165_677_229_2),
    (311, 1.736_724_474_595_369_4, 0.339_864_731_906_557_4, 1.678_065_749_332_212_9),
];

#[test]
fn the_model_of_salmonella_agona_equals_that_of_statsmodels() {
    let Some(counts) = salmonella() else { return };
    for (week, mean, error, dispersion) in STATSMODELS {
        let found = farrington::expected(&counts[..week], &WEEKS).unwrap();
        for (found, expected) in [(found.mean, mean), (found.error, error), (found.dispersion, dispersion)] {
            assert!((found - expected).abs() < 1e-6, "{week}: {found} against {expected}");
        }
    }
}

/// By hand: seven counts with mean 4 and variance 14/3, then by R's formula for C3.
#[test]
fn the_thresholds_of_ears_equal_those_worked_out_by_hand() {
    let past = counted(&[3, 5, 4, 1, 7, 2, 6, 9, 4]);
    let z = 2.326_347_874_040_841;
    let bar = Detector::EarsC2.bar(&past, &ANY).unwrap();
    assert!((bar.expected - 4.0).abs() < 1e-12);
    assert!((bar.threshold - (4.0 + z * (14.0_f64 / 3.0).sqrt())).abs() < 1e-7);
    let bar = Detector::EarsC1.bar(&past, &ANY).unwrap();
    assert!((bar.expected - 33.0 / 7.0).abs() < 1e-12);
    assert!((bar.threshold - (33.0 / 7.0 + z * variance(&past[2..]).sqrt())).abs() < 1e-7);
    assert_eq!(Detector::EarsC3.bar(&past, &ANY), Err(Silent::ShortPast));

    let past = counted(&[2, 4, 3, 5, 4, 1, 7, 2, 6, 9, 4]);
    let bar = Detector::EarsC3.bar(&past, &ANY).unwrap();
    // One period ago a count of 4 against 4, 3, 5, 4, 1, 7, 2; two periods ago 9 against the seven
    // from 2, of which only 9 lies beyond one standard deviation.
    let (mean, deviation) = (26.0 / 7.0, variance(&past[..7]).sqrt());
    let lowered = z - ((9.0 - mean) / deviation - 1.0);
    assert!((bar.threshold - (4.0 + (14.0_f64 / 3.0).sqrt() * lowered)).abs() < 1e-7);
}

fn variance(counts: &[Reading]) -> f64 {
    let counts: Vec<f64> = counts.iter().map(|count| f64::from(count.unwrap())).collect();
    let mean = counts.iter().sum::<f64>() / counts.len() as f64;
    counts.iter().map(|count| (count - mean).powi(2)).sum::<f64>() / (counts.len() - 1) as f64
}

/// Monthly counts with a season, a trend and overdispersion, in which nothing special happens.
fn ordinary(seed: u64, months: usize, level: f64) -> Vec<Reading> {
    drawn(seed, months, level, (0.4, 1.6))
}

/// The same with this swing of the season and this dispersion.
fn drawn(seed: u64, months: usize, level: f64, (swing, dispersion): (f64, f64)) -> Vec<Reading> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let of = |month: usize| {
        let season = 1.0 + swing * (std::f64::consts::TAU * month as f64 / 12.0).cos();
        let mean = level * season * 1.003_f64.powf(month as f64);
        let size = mean / (dispersion - 1.0);
        draw::negative_binomial(&mut random, size, size, mean)
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small counts")]
    let whole = |count: f64| Ok(count as u32);
    (0..months).map(of).map(whole).collect()
}

/// The share of series whose newest count, in any month of the year, is an alarm.
fn alarms(detector: Detector, setting: &Setting, series: u64, level: f64, added: u32) -> f64 {
    let alarm = |seed: u64| {
        let series = ordinary(seed, 60 + usize::try_from(seed % 12).unwrap(), level);
        let (last, past) = series.split_last().unwrap();
        f64::from(last.unwrap() + added) > detector.bar(past, setting).unwrap().threshold
    };
    (0..series).filter(|seed| alarm(*seed)).count() as f64 / series as f64
}

#[test]
fn series_without_anything_special_give_no_more_alarms_than_promised() {
    for level in [3.0, 12.0, 60.0] {
        for (detector, alpha) in [(Detector::Farrington, 0.01), (Detector::Farrington, 0.05), (Detector::Cusum, 0.05)] {
            let setting = Setting { alpha, ..if detector == Detector::Cusum { MONTHS } else { ANY } };
            let found = alarms(detector, &setting, 1500, level, 0);
            // Three standard errors above the promise.
            let most = alpha + 3.0 * (alpha / 1500.0).sqrt();
            eprintln!("RATE {detector:?} {level} {alpha}: {found}");
            assert!(found <= most, "{detector:?} {level} {alpha}: {found}");
        }
    }
}

#[test]
fn a_doubled_count_is_found() {
    for detector in [Detector::Farrington, Detector::Cusum] {
        let found = alarms(detector, &MONTHS, 300, 40.0, 50);
        assert!(found > 0.9, "{detector:?}: {found}");
    }
}

#[test]
fn an_excess_that_lasts_is_found_by_adding_up() {
    let lasting = |detector: Detector| {
        let alarm = |seed: u64| {
            let mut series = ordinary(seed, 66, 20.0);
            series[61..].iter_mut().flatten().for_each(|count| *count = *count * 3 / 2);
            let (last, past) = series.split_last().unwrap();
            let ratio = if detector == Detector::Cusum { 1.5 } else { 20.0 };
            f64::from(last.unwrap()) > detector.bar(past, &Setting { ratio, ..MONTHS }).unwrap().threshold
        };
        (0..300).filter(|seed| alarm(*seed)).count()
    };
    let (summed, single) = (lasting(Detector::Cusum), lasting(Detector::Farrington));
    assert!(summed > single + 30, "{summed} against {single}");
}

fn panel(areas: u64, months: usize, level: f64) -> Vec<Vec<Reading>> {
    (0..areas).map(|seed| ordinary(seed + 900, months, level)).collect()
}

#[test]
fn with_a_long_past_the_season_is_known_and_with_a_short_one_ears_is_switched_off() {
    let setting = Setting { alpha: 0.01, fewest: 5, ..MONTHS };
    let long = watch(&panel(40, 72, 12.0), &setting);
    let verdicts: Vec<(Detector, Verdict)> = long.trials.iter().map(|t| (t.detector, t.verdict)).collect();
    assert_eq!(verdicts[0], (Detector::Farrington, Verdict::Kept), "{:?}", long.trials);
    assert!(long.trials.iter().all(|trial| trial.tried == 40 * 24), "{:?}", long.trials);

    // Seven counts tell too little of a standard deviation to take a normal curve.
    let flat: Vec<Vec<Reading>> = (0..40).map(|seed| drawn(seed + 900, 30, 60.0, (0.0, 1.6))).collect();
    let short = watch(&flat, &setting);
    let verdicts: Vec<(Detector, Verdict)> = short.trials.iter().map(|t| (t.detector, t.verdict)).collect();
    let off = [Detector::EarsC1, Detector::EarsC2, Detector::EarsC3].map(|ears| (ears, Verdict::TooManyAlarms));
    assert_eq!(verdicts[..3], off, "{:?}", short.trials);
    assert_eq!(verdicts[3..], [(Detector::Seven, Verdict::Kept)], "{:?}", short.trials);
    assert_eq!(short.speaking, [Detector::Seven]);
}

#[test]
fn with_a_short_past_and_a_season_nobody_speaks() {
    let short = watch(&panel(40, 30, 12.0), &Setting { fewest: 5, ..MONTHS });
    assert!(short.speaking.is_empty(), "{:?}", short.trials);
    assert!(short.newest.iter().all(|newest| matches!(newest, Newest::Counted { said, .. } if said.is_empty())));
}

#[test]
fn seven_counts_with_their_doubt_give_the_threshold_of_a_prediction_interval() {
    let bar = Detector::Seven.bar(&counted(&[3, 5, 4, 1, 7, 2, 6]), &ANY).unwrap();
    // Student's t with six degrees of freedom exceeds 3.142668 once in a hundred times.
    let threshold = 4.0 + 3.142_668_403_3 * (14.0_f64 / 3.0 * 8.0 / 7.0).sqrt();
    assert!((bar.threshold - threshold).abs() < 1e-6, "{} against {threshold}", bar.threshold);
}

#[test]
fn a_detector_that_finds_nothing_is_off_and_one_that_cannot_be_tested_says_so() {
    let rare = watch(&panel(40, 72, 0.3), &MONTHS);
    assert_eq!(rare.trials[0].verdict, Verdict::NeverSpoke, "{:?}", rare.trials);
    assert!(rare.speaking.is_empty(), "{:?}", rare.trials);
    let wild: Vec<Vec<Reading>> = (0..40).map(|seed| drawn(seed, 72, 8.0, (0.0, 12.0))).collect();
    let wild = watch(&wild, &MONTHS);
    assert_eq!(wild.trials[0].verdict, Verdict::TooLittlePower, "{:?}", wild.trials);
    let single = watch(&panel(1, 72, 12.0), &MONTHS);
    assert_eq!(single.trials[0].verdict, Verdict::Untested);
    assert!(single.trials[0].verdict.speaks());
}

#[test]
fn a_cell_without_a_count_keeps_its_status_and_gaps_in_the_past_silence() {
    let mut areas = panel(8, 60, 12.0);
    for (series, status) in areas.iter_mut().zip(CellStatus::ALL).filter(|(_, status)| !status.is_published()) {
        series[59] = Err(status);
    }
    areas[7][10..40].fill(Err(CellStatus::Suppressed));
    let found = watch(&areas, &MONTHS);
    assert!(!found.speaking.is_empty(), "{:?}", found.trials);
    for (newest, status) in found.newest.iter().zip(CellStatus::ALL) {
        if !status.is_published() {
            assert_eq!(*newest, Newest::Missing(status));
        }
    }
    let Newest::Counted { said, .. } = &found.newest[7] else { panic!("the last area has a count") };
    assert!(said.iter().all(|said| *said == Said::Silent(Silent::Gaps)), "{said:?}");
}

#[test]
fn where_too_little_is_expected_to_see_the_excess_nothing_is_said() {
    for detector in [Detector::Farrington, Detector::Cusum] {
        assert_eq!(detector.bar(&[Ok(0); 60], &ANY), Err(Silent::TooSmall), "{detector:?}");
    }
    let past = ordinary(3, 66, 3.0);
    assert_eq!(Detector::Farrington.bar(&past, &MONTHS), Err(Silent::TooSmall));
    // An excess that lasts for seven months shows in a seventh of the cases.
    assert!(Detector::Cusum.bar(&past, &MONTHS).is_ok());
    assert!((Detector::Farrington.least(&MONTHS) - 2.326_347_874_f64.powi(2)).abs() < 1e-6);
}

#[test]
fn few_cases_in_the_last_four_periods_are_no_alarm() {
    let past = ordinary(3, 66, 3.0);
    let recent: u32 = past[63..].iter().map(|count| count.unwrap()).sum();
    let bar = Detector::Farrington.bar(&past, &Setting { fewest: 100, ..ANY }).unwrap();
    assert!((bar.threshold - f64::from(99 - recent)).abs() < 1e-9);
}

#[test]
fn a_handful_of_cases_in_one_part_of_the_year_gives_a_modest_threshold() {
    // One case in the window, and many in the other parts of the year.
    for place in [0, 12, 24, 30, 36, 48, 55] {
        let mut past: Vec<Reading> = (0..66).map(|month| Ok(if month % 12 == 1 { 9 } else { 0 })).collect();
        past[place] = Ok(1);
        for detector in [Detector::Farrington, Detector::Cusum] {
            match detector.bar(&past, &ANY) {
                Ok(bar) => assert!(bar.expected <= 9.0 && bar.threshold < 60.0, "{detector:?} {place}: {bar:?}"),
                Err(why) => assert!(matches!(why, Silent::NoFit | Silent::TooSmall), "{why:?}"),
            }
        }
    }
}

#[test]
fn wild_counts_are_not_judged_and_large_ones_are() {
    let mut wild: Vec<Reading> = (0..66).map(|month| Ok(month % 3)).collect();
    (2..60).step_by(11).for_each(|month| wild[month] = Ok(4_000_000));
    let large: Vec<Reading> = (0..66).map(|month| Ok(3_000_000 + month % 12 * 1000)).collect();
    for detector in [Detector::Farrington, Detector::Cusum] {
        assert_eq!(detector.bar(&wild, &MONTHS), Err(Silent::NoFit), "{detector:?}");
        let bar = detector.bar(&large, &MONTHS).unwrap();
        assert!(bar.threshold > bar.expected && bar.threshold < 1.5 * bar.expected, "{detector:?}: {bar:?}");
    }
}

#[test]
fn the_methods_of_the_paper_are_in_their_order() {
    let past = ordinary(4, 66, 12.0);
    let threshold = |method: Method| Detector::Farrington.bar(&past, &Setting { method, ..MONTHS }).unwrap().threshold;
    let plain = threshold(Method::NegativeBinomial);
    assert!(plain <= threshold(Method::Predictive) && threshold(Method::Predictive) <= threshold(Method::UpperMean));
    // The square root straightens skew less than the power 2/3 does, so it bends further up.
    assert!(threshold(Method::Delta(Scale::TwoThirds)) < threshold(Method::Delta(Scale::Half)));
    assert!(threshold(Method::Delta(Scale::Identity)) < threshold(Method::Delta(Scale::TwoThirds)));
}

#[test]
fn a_large_count_of_the_past_weighs_less() {
    let mut past = ordinary(8, 66, 12.0);
    let before = farrington::expected(&past, &MONTHS).unwrap();
    past[66 - 24] = Ok(400);
    let after = farrington::expected(&past, &MONTHS).unwrap();
    assert!(after.mean < before.mean * 1.6, "{} against {}", after.mean, before.mean);
}
