//! The order of a list with how sure it is, and how many can be reached, on fictional towns with a
//! known truth.

use crate::fictional::{NEIGHBOURHOODS, PERIODS, POSTCODES, Truth, neighbourhood_of, postcode};
use kubus_model::AreaLevel;
use kubus_signal::take_up;
use kubus_signal::{Listed, Priority, RankDraws, SignalOptions, listed, priorities};

fn order(truth: &Truth) -> (Vec<Listed>, Vec<Priority>) {
    let town = truth.draw();
    let list = listed(&town.release, &SignalOptions::default());
    let borrowed: Vec<&Listed> = list.iter().collect();
    let found = priorities(&borrowed, &RankDraws::default());
    (list, found)
}

fn uneven(seed: u64) -> Truth {
    Truth { seed, strength: 3.0, ..Truth::default() }
}

#[test]
fn the_same_release_gives_the_same_order_and_another_choice_the_same_draws() {
    let (list, all) = order(&uneven(3));
    assert!(list.len() > 5, "{}", list.len());
    assert_eq!(all, order(&uneven(3)).1);
    let first: Vec<&Listed> = list.iter().take(1).collect();
    let alone = priorities(&first, &RankDraws::default());
    assert_eq!((alone[0].place, alone[0].ranks, alone[0].reach_interval), (1, (1, 1), all[0].reach_interval));
}

#[test]
fn the_most_urgent_signal_is_likely_in_the_first_tenth_and_the_last_is_not() {
    let (list, found) = order(&uneven(5));
    let last = found.len() - 1;
    assert!(found[0].in_first_tenth > found[last].in_first_tenth, "{:?} {:?}", found[0], found[last]);
    assert!(found[0].expected_rank < found[last].expected_rank);
    let tenth: f64 = found.iter().map(|one| one.in_first_tenth).sum();
    let wanted = f64::from(u32::try_from(list.len().div_ceil(10)).unwrap());
    assert!((tenth - wanted).abs() < 0.2 * wanted + 0.5, "{tenth} {wanted}");
    for (one, priority) in list.iter().zip(&found) {
        let (low, high) = priority.reach_interval;
        assert!(low <= one.signal.reach && one.signal.reach <= high, "{priority:?}");
        assert!(priority.since <= one.signal.period);
    }
}

/// 95 % is promised; the share that was measured stands in `docs/methods/niet-gebruik.md`.
#[test]
fn intervals_of_who_can_be_reached_cover_the_truth() {
    for (name, least) in [("buurt", 0.93), ("pc6", 0.93)] {
        let level = AreaLevel::new(name);
        let (mut covered, mut told) = (0, 0);
        for seed in 1..7 {
            let town = uneven(seed).draw();
            let answers = take_up::areas(&town.release, "debts", &level, PERIODS[3]);
            let truth = |at: usize| match name {
                "pc6" => town.counts[at],
                _ => (0..POSTCODES).filter(|p| neighbourhood_of(*p) == at).map(|p| town.counts[p]).sum(),
            };
            assert_eq!(answers.len(), if name == "pc6" { POSTCODES } else { NEIGHBOURHOODS });
            for (at, answer) in answers.iter().enumerate() {
                let Some(between) = answer.reachable else { continue };
                #[expect(clippy::cast_precision_loss, reason = "small test towns")]
                let real = truth(at) as f64;
                told += 1;
                covered += u32::from(between.low <= real && real <= between.high);
            }
        }
        let share = f64::from(covered) / f64::from(told);
        println!("{name}: {covered} of {told} covered ({share:.3})");
        assert!(share >= least, "{name}: {covered} of {told}");
    }
}

#[test]
fn an_area_whose_entitled_are_hidden_is_not_estimated() {
    let town = uneven(2).draw();
    let level = AreaLevel::new("pc6");
    let answers = take_up::areas(&town.release, "debts", &level, PERIODS[3]);
    for answer in &answers {
        assert_eq!(answer.refused.is_some(), answer.reachable.is_none());
        assert!(answer.entitled.is_some() || answer.refused.is_some());
    }
    assert!(take_up::areas(&town.release, "unknown", &level, PERIODS[3]).is_empty());
}

/// The rank that a listed postcode truly has: its urgency at its true rate.
fn true_urgency(listed: &Listed, relative: f64) -> f64 {
    let signal = &listed.signal;
    let at = |relative: f64| relative * ((relative - 1.0) * signal.expected).max(0.0).sqrt();
    at(relative) * signal.urgency / at(signal.rate / signal.reference)
}

/// 95 % is promised; the shares that were measured stand in `docs/methods/rangorde.md`.
#[test]
fn rank_intervals_cover_the_true_ranks() {
    let options = SignalOptions { level: Some(AreaLevel::new("pc6")), ..SignalOptions::default() };
    let (mut covered, mut all, mut together, mut towns) = (0, 0, 0, 0);
    for seed in 1..41 {
        let town = uneven(seed).draw();
        let list = listed(&town.release, &options);
        if list.len() < 3 {
            continue;
        }
        let borrowed: Vec<&Listed> = list.iter().collect();
        let found = priorities(&borrowed, &RankDraws::default());
        let place = |one: &Listed| (0..POSTCODES).find(|at| postcode(*at) == one.signal.area).unwrap();
        let truth: Vec<f64> = list.iter().map(|one| true_urgency(one, town.relative[place(one)])).collect();
        let inside = |at: usize, (low, high): (usize, usize)| {
            let above = truth.iter().filter(|other| **other > truth[at]).count();
            let equal = truth.iter().filter(|other| other.total_cmp(&truth[at]).is_eq()).count();
            above < high && low <= above + equal
        };
        covered += (0..list.len()).filter(|at| inside(*at, found[*at].ranks)).count();
        together += usize::from((0..list.len()).all(|at| inside(at, found[at].ranks_together)));
        (all, towns) = (all + list.len(), towns + 1);
    }
    println!("one by one {covered} of {all}; all at once in {together} of {towns} towns");
    assert!(covered * 100 >= all * 90 && together * 100 >= towns * 85, "{covered} of {all}, {together} of {towns}");
}
