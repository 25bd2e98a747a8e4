//! Lists of signals on fictional towns with a known truth.

mod fictional;
mod order;

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
    Truth { seed, relative: Box::new(relative), mix: Box::new(mix), strength: 30.0, protected, ..Truth::default() }
        .draw()
}

fn at<'a>(list: &'a [Signal], code: &kubus_model::AreaCode) -> Option<&'a Signal> {
    list.iter().find(|s| s.area == *code)
}

/// Whether a reason says that benefit recipients have a higher rate, here or in the area around.
fn names_benefit(reason: &Reason) -> bool {
    matches!(reason, Reason::Behaviour { attribute, value, .. } | Reason::BehaviourAround { attribute, value, .. }
        if attribute == "benefit" && value == "ja")
}

#[test]
fn the_eilanden_are_in_the_first_ten_with_benefit_recipients_among_the_reasons() {
    let (mut found, mut named) = (0, 0);
    for seed in 1..9 {
        let town = eilanden(seed, true);
        let list = signals(&town.release, &SignalOptions::default());
        let home = neighbourhood(neighbourhood_of(HOT.start));
        let hot: Vec<&Signal> = HOT.filter_map(|p| at(&list[..list.len().min(10)], &postcode(p))).collect();
        assert!(!hot.is_empty(), "seed {seed}: none of 3 in the first ten of {}", list.len());
        assert!(at(&list, &home).is_none(), "seed {seed}: the average is unremarkable");
        for signal in &hot {
            let hidden = |r: &Reason| matches!(r, Reason::HiddenByAverage { area, .. } if *area == home);
            assert!(signal.why.iter().any(hidden), "seed {seed}: {:?}", signal.why);
            assert!(signal.rate > signal.reference * 1.5, "seed {seed}");
        }
        found += hot.len();
        named += hot.iter().filter(|signal| signal.why.iter().any(names_benefit)).count();
    }
    assert!(found >= 12 && named * 2 > found, "{found} of 24 found, {named} name benefit recipients");
}

#[test]
fn listed_neighbours_are_one_signal_that_names_the_others() {
    let relative = |at: usize, _: usize, _: usize| if (400..404).contains(&at) { 6.0 } else { 1.0 };
    let of = |touching| Truth { seed: 2, relative: Box::new(relative), touching, ..Truth::default() }.draw();
    let options = SignalOptions { level: Some(AreaLevel::new("pc6")), ..SignalOptions::default() };
    let (apart, together) = (of(false), of(true));
    let (apart, together) = (signals(&apart.release, &options), signals(&together.release, &options));
    let hot: Vec<_> = (400..404).map(postcode).filter(|code| at(&apart, code).is_some()).collect();
    assert!(hot.len() > 2, "{} of 4 listed apart", hot.len());
    let heads: Vec<&Signal> = together.iter().filter(|s| hot.contains(&s.area)).collect();
    assert_eq!(heads.len(), 1, "one speaks for all");
    let named =
        |code: &&kubus_model::AreaCode| heads[0].also.iter().any(|o| o.area == **code) || heads[0].area == **code;
    assert!(hot.iter().all(|code| named(&code)), "{:?}", heads[0].also);
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
    let position = |s: &Signal| (0..POSTCODES).find(|p| postcode(*p) == s.area);
    let hits = list.iter().filter_map(position).filter(|at| town.relative[*at] > 1.5).count();
    (list.len(), hits)
}

#[test]
fn a_town_in_which_nothing_deviates_has_almost_no_list() {
    let listed: usize = (1..11).map(|seed| truly(&Truth { seed, ..Truth::default() }.draw()).0).sum();
    assert!(listed <= 3, "{listed} listed in ten towns");
}

/// 10 % is promised; 7 % was measured (28 false of 404 listed over 60 towns).
#[test]
fn the_promised_share_of_false_alarms_is_kept_on_overdispersed_towns() {
    let draw = |seed| Truth { seed, strength: 3.0, ..Truth::default() }.draw();
    let totals = (1..61).map(|seed| truly(&draw(seed))).fold((0, 0), |sum, t| (sum.0 + t.0, sum.1 + t.1));
    let [listed, hits] = [totals.0, totals.1].map(|n| f64::from(u32::try_from(n).unwrap()));
    let false_share = 1.0 - hits / listed;
    assert!(listed > 200.0 && false_share < 0.10, "{totals:?} {false_share}");
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

/// `make study`: how the list behaves over many towns. Not a check; the figures stand, dated, in
/// `docs/methods/signalenlijst.md`.
#[test]
#[ignore = "a study over hundreds of towns: make study"]
fn study_of_false_alarms_and_of_the_eilanden() {
    eprintln!("spread of postcodes | towns | listed | false | share");
    for strength in [2.0, 3.0, 5.0, 10.0, f64::INFINITY] {
        let draw = |seed| Truth { seed, strength, ..Truth::default() }.draw();
        let (listed, hits) = (101..201).map(|seed| truly(&draw(seed))).fold((0, 0), |s, t| (s.0 + t.0, s.1 + t.1));
        let share = 100 * (listed - hits) / listed.max(1);
        eprintln!("{:.0} % | 100 | {listed} | {} | {share} %", 100.0 / strength.sqrt(), listed - hits);
    }
    let (mut any, mut hot, mut others) = (0, 0, 0);
    for seed in 101..151 {
        let town = eilanden(seed, true);
        let list = signals(&town.release, &SignalOptions::default());
        let found = HOT.filter(|p| at(&list[..list.len().min(10)], &postcode(*p)).is_some()).count();
        any += usize::from(found > 0);
        hot += found;
        others += list.len() - found;
    }
    eprintln!(
        "eilanden: at least one of three in the first ten in {any} of 50 towns; {hot} of 150; {others} other signals"
    );
}
