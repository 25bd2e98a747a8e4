//! What is planted is in the raw rows, and decoys differ in composition only.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Made, made};
use crate::town::people::household_number;
use crate::town::{TownOptions, make};

/// What the raw rows say about one household in 2025.
struct Household {
    postcode: String,
    neighbourhood: String,
    benefit: bool,
    debt: bool,
    help: bool,
    senior: bool,
}

struct Raw {
    town: Made,
    households: Vec<Household>,
}

const RESIDENTS: usize = 100_000;

fn year_of(date: &str) -> Option<&str> {
    date.split('-').nth(2)
}

impl Raw {
    fn new(seed: u64) -> Self {
        let town = made(RESIDENTS, 24, seed);
        let key = |row: &BTreeMap<String, String>| row["huishoudnummer"].clone();
        let in_2025 = |row: &&BTreeMap<String, String>| year_of(&row["melddatum"]) == Some("2025");
        let problem = |row: &&BTreeMap<String, String>| row["maanden_achterstand"].parse::<usize>().unwrap() >= 3;
        let debts: BTreeSet<String> =
            town.rows("vroegsignalen.csv", b';').iter().filter(in_2025).filter(problem).map(key).collect();
        let holds = |row: &&BTreeMap<String, String>| {
            year_of(&row["startdatum"]) <= Some("2025") && year_of(&row["einddatum"]).is_none_or(|year| year >= "2025")
        };
        let help: BTreeSet<String> = town.rows("schuldhulp.csv", b';').iter().filter(holds).map(key).collect();
        let benefits = on_benefit(seed);
        let places = places(&town);
        let heads = town.rows("bevolking_2025.csv", b';').into_iter().filter(|row| row["relatie"] == "hoofd");
        let good = heads.filter(|row| row["peildatum"] == "01-01-2025" && !row["huishoudnummer"].is_empty());
        let by_key: BTreeMap<String, Household> = good
            .map(|row| {
                let (postcode, neighbourhood) = places[&row["adres_id"]].clone();
                let household = key(&row);
                let (benefit, debt) = (benefits.contains(&household), debts.contains(&household));
                let senior = (65..120).contains(&row["leeftijd"].parse::<usize>().unwrap());
                let help = help.contains(&household);
                (household, Household { postcode, neighbourhood, benefit, debt, help, senior })
            })
            .collect();
        Self { town, households: by_key.into_values().collect() }
    }

    fn truth(&self, kind: &str) -> Value {
        let truth = self.town.truth();
        let found = truth["truths"].as_array().unwrap().iter().find(|t| t["kind"] == kind);
        found.unwrap_or_else(|| panic!("{kind} is planted")).clone()
    }

    /// The households in the areas of a truth.
    fn in_areas(&self, truth: &Value) -> Vec<&Household> {
        let here = |h: &&Household| {
            let code = if truth["level"] == "pc6" { &h.postcode } else { &h.neighbourhood };
            truth["areas"].as_array().unwrap().iter().any(|area| area == code)
        };
        self.households.iter().filter(here).collect()
    }

    /// Debts here relative to what social assistance alone lets expect.
    fn standardised(&self, here: &[&Household]) -> f64 {
        let all: Vec<&Household> = self.households.iter().collect();
        let of = |benefit: bool| share(&all, |h| h.benefit == benefit, |h| h.debt);
        let expected: f64 = here.iter().map(|h| of(h.benefit)).sum();
        here.iter().filter(|h| h.debt).count() as f64 / expected
    }
}

/// Households on social assistance on some day of 2025: the workbook is written from the same town.
fn on_benefit(seed: u64) -> BTreeSet<String> {
    let options = TownOptions { out: "town".into(), residents: RESIDENTS, months: 24, seed, force: false };
    let (town, ..) = make(&options, &|_, _| ());
    let all = town.people.households.iter().enumerate().filter(|(_, h)| h.on_benefit(2025));
    all.map(|(at, _)| household_number(at).to_string()).collect()
}

/// Postcode and neighbourhood by address.
fn places(town: &Made) -> BTreeMap<String, (String, String)> {
    let lookup: BTreeMap<(String, String), String> = town
        .rows("pc6hnr20250801_gwb.csv", b';')
        .into_iter()
        .map(|row| ((row["PC6"].clone(), row["Huisnummer"].clone()), format!("BU{}", row["Buurt2025"])))
        .collect();
    let place = |row: BTreeMap<String, String>| {
        let neighbourhood = lookup[&(row["postcode"].clone(), row["huisnummer"].clone())].clone();
        (row["identificatie"].clone(), (row["postcode"].clone(), neighbourhood))
    };
    town.rows("adressen_2025.csv", b',').into_iter().map(place).collect()
}

fn share(of: &[&Household], among: impl Fn(&Household) -> bool, has: impl Fn(&Household) -> bool) -> f64 {
    let group: Vec<&&Household> = of.iter().filter(|h| among(h)).collect();
    group.iter().filter(|h| has(h)).count() as f64 / group.len().max(1) as f64
}

#[test]
fn the_islands_hide_a_handful_of_postcodes_behind_an_ordinary_average() {
    for seed in [1, 2, 3] {
        let raw = Raw::new(seed);
        let truth = raw.truth("hidden_by_average");
        let (here, elsewhere): (Vec<&Household>, Vec<&Household>) =
            raw.households.iter().partition(|h| truth["areas"].as_array().unwrap().iter().any(|a| a == &h.postcode));
        let within: Vec<&Household> = raw.households.iter().filter(|h| truth["within"] == h.neighbourhood).collect();
        let all: Vec<&Household> = raw.households.iter().collect();
        let debt = |of: &[&Household]| share(of, |_| true, |h| h.debt);
        assert!((debt(&within) / debt(&all) - 1.0).abs() < 0.15, "seed {seed}: {} {}", debt(&within), debt(&all));
        let part = here.len() as f64 / within.len() as f64;
        assert!((0.06..0.16).contains(&part), "seed {seed}: {part}");
        let with_benefit = |of: &[&Household]| share(of, |h| h.benefit, |h| h.debt);
        let times = with_benefit(&here) / with_benefit(&elsewhere);
        assert!(times > 5.0, "seed {seed}: {times} times as often");
        assert!(share(&here, |h| h.debt, |h| h.benefit) > 0.6, "mostly on benefits");
        assert!(share(&here, |h| h.debt, |h| h.help) < 0.25, "seed {seed}: they use no debt assistance");
        assert!(raw.standardised(&here) > 2.5);
    }
}

#[test]
fn decoys_look_bad_in_the_raw_figure_and_ordinary_given_who_live_there() {
    for seed in [1, 2] {
        let raw = Raw::new(seed);
        let all: Vec<&Household> = raw.households.iter().collect();
        let benefits = raw.in_areas(&raw.truth("merely_more_benefits")).to_vec();
        let debt = |of: &[&Household]| share(of, |_| true, |h| h.debt);
        assert!(debt(&benefits) / debt(&all) > 1.45, "seed {seed}: {}", debt(&benefits) / debt(&all));
        let standardised = raw.standardised(&benefits);
        assert!((0.8..1.2).contains(&standardised), "seed {seed}: {standardised}");
        let older = raw.in_areas(&raw.truth("merely_older")).to_vec();
        let unused = |of: &[&Household], senior: bool| share(of, |h| h.debt && h.senior == senior, |h| !h.help);
        assert!(share(&older, |_| true, |h| h.senior) > 0.7);
        assert!(share(&older, |h| h.debt, |h| !h.help) > 1.2 * share(&all, |h| h.debt, |h| !h.help));
        assert!((unused(&older, true) - unused(&all, true)).abs() < 0.2, "seed {seed}");
    }
}

#[test]
fn nuisance_clusters_across_a_district_border() {
    let raw = Raw::new(1);
    let truth = raw.truth("cluster_across_border");
    let here = raw.in_areas(&truth);
    let districts: BTreeSet<&str> = here.iter().map(|h| &h.neighbourhood[..6 + 2]).collect();
    assert_eq!(districts.len(), 2);
    let reports = raw.town.rows("meldingen_openbare_ruimte.csv", b';');
    let postcodes: BTreeSet<&str> = here.iter().map(|h| h.postcode.as_str()).collect();
    let inside = reports.iter().filter(|row| postcodes.contains(row["Postcode"].as_str())).count() as f64;
    let rate = inside / here.len() as f64;
    let usual = reports.len() as f64 / raw.households.len() as f64;
    assert!(rate / usual > 2.5, "{rate} against {usual}");
}

#[test]
fn what_is_felt_and_what_is_measured_differ_where_that_is_planted() {
    let raw = Raw::new(1);
    let (answers, reports) =
        (raw.town.rows("leefbaarheidsenquete.csv", b';'), raw.town.rows("meldingen_openbare_ruimte.csv", b';'));
    let place: BTreeMap<&str, &str> =
        raw.households.iter().map(|h| (h.postcode.as_str(), h.neighbourhood.as_str())).collect();
    let mark = |area: &str| {
        let marks = answers.iter().filter(|row| row["buurtcode"] == area || area.is_empty());
        let marks: Vec<f64> = marks.map(|row| row["rapportcijfer"].parse().unwrap()).collect();
        marks.iter().sum::<f64>() / marks.len() as f64
    };
    let rate = |area: &str| {
        let there = |code: &str| area.is_empty() || code == area;
        let count = reports.iter().filter(|r| place.get(r["Postcode"].as_str()).is_some_and(|n| there(n))).count();
        count as f64 / raw.households.iter().filter(|h| there(&h.neighbourhood)).count() as f64
    };
    let area = |kind: &str| raw.truth(kind)["areas"][0].as_str().unwrap().to_owned();
    let (felt, measured) = (area("felt_not_measured"), area("measured_not_felt"));
    assert!(mark(&felt) < mark("") - 1.0 && rate(&felt) < 1.3 * rate(""));
    assert!(mark(&measured) > mark("") - 0.4 && rate(&measured) > 1.6 * rate(""));
}

#[test]
fn rent_arrears_rise_where_that_is_planted_and_not_elsewhere() {
    let raw = Raw::new(1);
    let area = raw.truth("rising_trend")["areas"][0].as_str().unwrap().to_owned();
    let bytes = raw.town.delivery("huurachterstand.csv");
    let text = encoding_rs::WINDOWS_1252.decode(&bytes).0.into_owned();
    let places = places(&raw.town);
    let (mut here, mut elsewhere) = ([0_usize; 2], [0_usize; 2]);
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split(';').collect();
        let count = if places[fields[2]].1 == area { &mut here } else { &mut elsewhere };
        match year_of(fields[4]) {
            Some("2024") => count[0] += 1,
            Some("2025") => count[1] += 1,
            _ => {}
        }
    }
    let grown = |count: [usize; 2]| count[1] as f64 / count[0] as f64;
    assert!(grown(here) > 1.4, "{here:?}");
    assert!((0.85..1.15).contains(&grown(elsewhere)), "{elsewhere:?}");
}
