//! A small fictional town with a known truth, protected as a release is: counted per postcode,
//! summed to coarser areas, perturbed, suppressed, sealed. Every draw has a fixed seed.
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::unwrap_used,
    reason = "small test towns"
)]

use std::collections::BTreeMap;

use ed25519_dalek::{Signer, SigningKey};
use kubus_model::{AreaCode, AreaLevel, Cell, CellStatus, DraftTable, Member, Period, Release};
use kubus_signal::statistic::noise::Noise;
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus as Random;
use sha2::{Digest, Sha256};

pub(crate) const DISTRICTS: usize = 6;
pub(crate) const NEIGHBOURHOODS: usize = 48;
pub(crate) const POSTCODES: usize = 768;
pub(crate) const PERIODS: [Period; 4] =
    [Period::Year(2021), Period::Year(2022), Period::Year(2023), Period::Year(2024)];

/// Who live in a postcode: households with and without benefit, by age class (young, middle, old).
pub(crate) type Households = [[i64; 3]; 2];

/// What is true of the town.
pub(crate) struct Truth {
    pub(crate) seed: u64,
    /// Relative rate by postcode, benefit (0 is yes) and period.
    pub(crate) relative: Box<dyn Fn(usize, usize, usize) -> f64>,
    /// Share with benefit and share of old by postcode.
    pub(crate) mix: Box<dyn Fn(usize) -> (f64, f64)>,
    /// Strength of the random spread of postcodes; infinite is none.
    pub(crate) strength: f64,
    /// Whether counts are perturbed and suppressed.
    pub(crate) protected: bool,
    /// Whether low values are the unfavourable ones (then the rates are those of a common thing).
    pub(crate) low: bool,
    /// Whether each postcode touches the one before and the one after it.
    pub(crate) touching: bool,
}

impl Default for Truth {
    fn default() -> Self {
        Self {
            seed: 1,
            relative: Box::new(|_, _, _| 1.0),
            mix: Box::new(|_| (0.08, 0.25)),
            strength: f64::INFINITY,
            protected: true,
            low: false,
            touching: false,
        }
    }
}

/// A town that was drawn: the release, and the true relative rate of every postcode.
pub(crate) struct Town {
    pub(crate) release: Release,
    pub(crate) relative: Vec<f64>,
    /// True count of every postcode in the last period.
    pub(crate) counts: Vec<i64>,
}

/// Base rate by benefit and age class.
pub(crate) const RATES: [[f64; 3]; 2] = [[0.15, 0.15, 0.10], [0.06, 0.05, 0.02]];

pub(crate) fn neighbourhood_of(postcode: usize) -> usize {
    postcode / (POSTCODES / NEIGHBOURHOODS)
}

pub(crate) fn district_of(postcode: usize) -> usize {
    postcode / (POSTCODES / DISTRICTS)
}

pub(crate) fn postcode(at: usize) -> AreaCode {
    AreaCode::new(format!("13{:02}{}{}", at / 676, letter(at / 26), letter(at)))
}

fn letter(at: usize) -> char {
    char::from(b'A' + (at % 26) as u8)
}

pub(crate) fn neighbourhood(at: usize) -> AreaCode {
    AreaCode::new(format!("BU9901{at:04}"))
}

fn district(at: usize) -> AreaCode {
    AreaCode::new(format!("WK9901{at:02}"))
}

const LEVELS: [(&str, usize, usize); 4] =
    [("gemeente", 0, 1), ("wijk", 1, DISTRICTS), ("buurt", 2, NEIGHBOURHOODS), ("pc6", 3, POSTCODES)];

fn code(level: usize, at: usize) -> AreaCode {
    [|_| AreaCode::new("GM9901"), district, neighbourhood, postcode][level](at)
}

fn area_of(level: usize, postcode: usize) -> usize {
    match level {
        0 => 0,
        1 => district_of(postcode),
        2 => neighbourhood_of(postcode),
        _ => postcode,
    }
}

impl Truth {
    /// Draws the town.
    pub(crate) fn draw(&self) -> Town {
        let mut random = Random::seed_from_u64(self.seed);
        let spread: Vec<f64> = (0..POSTCODES).map(|_| gamma(&mut random, self.strength)).collect();
        let homes: Vec<Households> = (0..POSTCODES).map(|at| self.households(&mut random, at)).collect();
        let mut counts = vec![vec![[[0i64; 3]; 2]; PERIODS.len()]; POSTCODES];
        for (at, periods) in counts.iter_mut().enumerate() {
            for (period, groups) in periods.iter_mut().enumerate() {
                for (benefit, ages) in groups.iter_mut().enumerate() {
                    let relative = (self.relative)(at, benefit, period) * spread[at];
                    for (age, count) in ages.iter_mut().enumerate() {
                        let rate = if self.low { 0.6 } else { RATES[benefit][age] };
                        let chance = (rate * relative).min(0.97);
                        *count =
                            (0..homes[at][benefit][age]).filter(|_| random.random::<f64>() < chance).count() as i64;
                    }
                }
            }
        }
        let last = PERIODS.len() - 1;
        let true_relative = |at: usize| {
            let expected = |b: usize, a: usize| homes[at][b][a] as f64 * if self.low { 0.6 } else { RATES[b][a] };
            let groups = (0..2).flat_map(|b| (0..3).map(move |a| (b, a)));
            let (mut real, mut base) = (0.0, 0.0);
            groups.for_each(|(b, a)| {
                real += expected(b, a) * (self.relative)(at, b, last) * spread[at];
                base += expected(b, a);
            });
            real / base
        };
        Town {
            relative: (0..POSTCODES).map(true_relative).collect(),
            counts: counts.iter().map(|periods| periods[last].iter().flatten().sum()).collect(),
            release: self.seal(&homes, &counts, random),
        }
    }

    fn households(&self, random: &mut Random, at: usize) -> Households {
        let (benefit, old) = (self.mix)(at);
        let mut homes = [[0; 3]; 2];
        for _ in 0..random.random_range(22..55) {
            let group = usize::from(random.random::<f64>() >= benefit);
            let age = if random.random::<f64>() < old { 2 } else { usize::from(random.random::<f64>() < 0.5) };
            homes[group][age] += 1;
        }
        homes
    }

    fn seal(&self, homes: &[Households], counts: &[Vec<Households>], mut random: Random) -> Release {
        let noise = if self.protected { Noise::declared(&parameters()) } else { Noise::none() };
        let tables: Vec<DraftTable> =
            (0..LEVELS.len()).map(|level| self.table(level, homes, counts, &noise, &mut random)).collect();
        let areas: Vec<Vec<u8>> = (0..LEVELS.len()).map(|level| areas(level, self.touching)).collect();
        let manifest = manifest(self, &areas);
        let key = SigningKey::from_bytes(&[7; 32]);
        let seal = key.sign(&manifest).to_bytes();
        let mut release = Release::open(&manifest, &seal, &key.verifying_key()).unwrap();
        for ((name, _, _), bytes) in LEVELS.iter().zip(&areas) {
            release.admit_areas(&AreaLevel::new(*name), &format!("areas/{name}.json"), bytes).unwrap();
        }
        for (table, (name, _, _)) in tables.into_iter().zip(LEVELS) {
            release.admit_table(&format!("tables/{name}"), name.as_bytes(), |_| Ok(table)).unwrap();
        }
        release
    }

    fn table(
        &self,
        level: usize,
        homes: &[Households],
        counts: &[Vec<Households>],
        noise: &Noise,
        random: &mut Random,
    ) -> DraftTable {
        let (name, _, areas) = LEVELS[level];
        let members = members();
        let codes: Vec<AreaCode> = (0..areas).map(|at| code(level, at)).collect();
        let mut table = DraftTable::new("debts", &AreaLevel::new(name), codes, PERIODS.to_vec(), members.clone());
        let groups: Vec<Vec<(usize, usize)>> = members.iter().map(groups_of).collect();
        for (period, _) in PERIODS.iter().enumerate() {
            let mut sums: BTreeMap<(usize, usize), (i64, i64)> = BTreeMap::new();
            for at in 0..POSTCODES {
                for (member, groups) in groups.iter().enumerate() {
                    let sum = sums.entry((area_of(level, at), member)).or_default();
                    for (benefit, age) in groups {
                        sum.0 += counts[at][period][*benefit][*age];
                        sum.1 += homes[at][*benefit][*age];
                    }
                }
            }
            for ((area, member), (count, whole)) in sums {
                let at = table.position(area, period, member);
                table.cells[at] = self.publish(count, whole, noise, random);
            }
        }
        table
    }

    fn publish(&self, count: i64, whole: i64, noise: &Noise, random: &mut Random) -> Cell {
        let shown = if self.protected { perturbed(whole, noise, random) } else { whole };
        let numerator = if self.protected { perturbed(count, noise, random) } else { count }.min(shown);
        let denominator = (!self.protected || shown >= 5).then_some(shown);
        let hidden = self.protected && (numerator < 5 || numerator as f64 > 0.9 * shown as f64);
        let status = if hidden || denominator.is_none() { CellStatus::Suppressed } else { CellStatus::Value };
        let numerator = (status == CellStatus::Value).then_some(numerator);
        Cell { numerator, denominator, ..Cell::missing(status) }
    }
}

fn members() -> Vec<Member> {
    let benefit = ["ja", "nee"].map(|v| Member::of("benefit", v));
    let age = ["jong", "midden", "oud"].map(|v| Member::of("age_group", v));
    std::iter::once(Member::total()).chain(benefit).chain(age).collect()
}

fn groups_of(member: &Member) -> Vec<(usize, usize)> {
    let fits = |benefit: usize, age: usize| {
        member.attributes.iter().all(|(a, v)| {
            if a == "benefit" { *v == ["ja", "nee"][benefit] } else { *v == ["jong", "midden", "oud"][age] }
        })
    };
    (0..2).flat_map(|b| (0..3).map(move |a| (b, a))).filter(|(b, a)| fits(*b, *a)).collect()
}

fn perturbed(count: i64, noise: &Noise, random: &mut Random) -> i64 {
    let mut left: f64 = random.random();
    let chance = |published: &i64| {
        left -= noise.chance(count, *published);
        left <= 0.0
    };
    (count - noise.bound()..=count + noise.bound()).find(chance).unwrap_or(count)
}

fn parameters() -> kubus_model::rule::PerturbationParameters {
    kubus_model::rule::PerturbationParameters { max_noise: 3, variance: 1.5, unused_small_counts: 0 }
}

/// A Gamma with mean 1 and this shape (Marsaglia and Tsang).
fn gamma(random: &mut Random, shape: f64) -> f64 {
    if shape.is_infinite() {
        return 1.0;
    }
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let (u, w): (f64, f64) = (random.random(), random.random());
        let x = (-2.0 * u.max(1e-300).ln()).sqrt() * (std::f64::consts::TAU * w).cos();
        let v = (1.0 + c * x).powi(3);
        let accept: f64 = random.random();
        if v > 0.0 && accept.max(1e-300).ln() < 0.5 * x * x + d - d * v + d * v.ln() {
            return d * v / shape;
        }
    }
}

fn areas(level: usize, touching: bool) -> Vec<u8> {
    let (_, _, number) = LEVELS[level];
    let entry = |at: usize| {
        let first = (0..POSTCODES).find(|p| area_of(level, *p) == at).unwrap();
        let within: BTreeMap<&str, AreaCode> =
            (0..level).map(|outer| (LEVELS[outer].0, code(outer, area_of(outer, first)))).collect();
        let beside = [at.checked_sub(1), (at + 1 < number).then_some(at + 1)];
        let beside: Vec<usize> = beside.into_iter().flatten().filter(|_| touching && number == POSTCODES).collect();
        serde_json::json!({"id": at, "code": code(level, at), "name": code(level, at), "within": within,
            "adjacent": beside, "bounds": null})
    };
    serde_json::to_vec(&(0..number).map(entry).collect::<Vec<_>>()).unwrap()
}

fn manifest(truth: &Truth, areas: &[Vec<u8>]) -> Vec<u8> {
    let sealed = |path: String, bytes: &[u8]| serde_json::json!({"path": path, "sha256": hex::encode(Sha256::digest(bytes)), "bytes": bytes.len()});
    let area_files = LEVELS.iter().zip(areas).map(|((name, _, _), b)| sealed(format!("areas/{name}.json"), b));
    let table_files = LEVELS.iter().map(|(name, _, _)| sealed(format!("tables/{name}"), name.as_bytes()));
    let levels = (0..LEVELS.len()).map(|at| {
        let (name, rank, number) = LEVELS[at];
        let parent = at.checked_sub(1).map(|up| LEVELS[up].0);
        serde_json::json!({"level": name, "name": {}, "vintage": 2025, "rank": rank, "parent": parent,
            "geometry": null, "areas": number})
    });
    let perturbation = truth.protected.then(parameters);
    let rules = serde_json::json!({"name": "test", "min_count": if truth.protected { 5 } else { 0 },
        "min_count_sensitive": 10, "max_group_share": 0.9, "perturbation": perturbation, "max_delay_days": null});
    let indicator = serde_json::json!({"id": "debts", "name": {"nl": "schulden"}, "description": {}, "guidance": {},
        "does_not_say": {}, "theme": "geld", "measure": "share", "unit": "household", "unit_name": {}, "per": 100.0,
        "decimals": 1, "direction": if truth.low { "low_is_unfavourable" } else { "high_is_unfavourable" },
        "levels": LEVELS.map(|l| l.0), "breakdowns": [["benefit"], ["age_group"]],
        "standardise": ["benefit", "age_group"], "evidence": "", "sources": [], "sensitive": false, "exceedance": 1.5,
        "take_up": {"entitled": [1.0, 1.0], "helped_elsewhere": [0.0, 0.0]}});
    serde_json::to_vec(&serde_json::json!({
        "format": 1, "town": "t", "municipality": "T", "number": 1, "program": "0", "rules": rules, "promise": {},
        "levels": levels.collect::<Vec<_>>(), "indicators": [indicator], "labels": {}, "tables": [], "sources": [],
        "attack": {"attacker": "A0", "cells": 0, "primary": 0, "exact": 0, "below_threshold": 0, "stages": []},
        "files": area_files.chain(table_files).collect::<Vec<_>>()
    }))
    .unwrap()
}
