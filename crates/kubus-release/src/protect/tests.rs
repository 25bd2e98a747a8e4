use std::collections::BTreeMap;

use kubus_model::rule::PerturbationParameters;
use kubus_store::{SealingKey, open_release, table};
use proptest::prelude::*;

use super::*;
use crate::attack::judge::Proof;
use crate::sample;

fn key() -> LinkKey {
    LinkKey::from_bytes([9; 32])
}

fn protected(cube: &Cube) -> Protected {
    protect(cube, &sample::rules(), &key(), &[], &|_, _| ()).unwrap()
}

fn tables(protected: &Protected) -> BTreeMap<String, DraftTable> {
    let files = protected.draft.files.iter().filter(|(path, _)| path.starts_with("tables/"));
    files.map(|(path, bytes)| (path.clone(), table::decode(bytes).unwrap())).collect()
}

/// Publishes the draft in a fresh folder and opens it again.
fn published(protected: Protected) -> (Vec<Finding>, Release) {
    let folder = tempfile::tempdir().unwrap();
    let seal = SealingKey::from_bytes(&[7; 32]);
    let now = chrono::DateTime::from_timestamp(0, 0).unwrap();
    let done = kubus_store::publish(protected.draft, folder.path(), &seal, now).unwrap();
    (kubus_store::verify(folder.path()), open_release(&done.path, &seal.verifying_key()).unwrap())
}

/// The attack on a cube that was protected under `weak` rules, by the measure of `rules`.
fn attacked(cube: &Cube, weak: &Ruleset, noise: &PerturbationTable, rules: &Ruleset) -> Found {
    let shielded = shield(cube, weak, noise, &CellKeys::new(&key())).unwrap();
    let known = vec![None; shielded.len()];
    let found = (0..cube.indicators.len()).map(|at| attack_indicator(cube, at, rules, noise, &shielded, &known).0);
    found.fold(Found::default(), |mut all, one| {
        all.tally.add(one.tally);
        all.breaches.extend(one.breaches);
        all
    })
}

fn proves(found: &Found, proof: Proof) -> bool {
    found.breaches.iter().any(|breach| breach.proof == proof)
}

/// Rules with noise so small that a small published count proves itself small.
fn light() -> (Ruleset, PerturbationTable) {
    let asked = PerturbationParameters { max_noise: 2, variance: 1.0, unused_small_counts: 0 };
    (Ruleset { perturbation: Some(asked), ..sample::rules() }, PerturbationTable::new(asked).unwrap())
}

#[test]
fn a_published_draft_keeps_its_own_rules_and_the_attack_fails() {
    for seed in 1..4 {
        let protected = protected(&sample::cube(seed));
        assert_eq!((protected.attack.exact, protected.attack.below_threshold), (0, 0));
        assert!(protected.attack.cells > 1000 && protected.attack.primary > 50);
        let by_level = protected.attack.levels.iter().fold((0, 0), |sum, l| (sum.0 + l.cells, sum.1 + l.primary));
        assert_eq!(by_level, (protected.attack.cells, protected.attack.primary));
        let (findings, release) = published(protected);
        assert_eq!(findings, []);
        assert_eq!(release.tables().len(), 20);
    }
}

#[test]
fn zero_is_never_published_and_looks_like_any_small_count() {
    let shielded = tables(&protected(&sample::cube(2)));
    let statuses: Vec<CellStatus> = shielded.values().flat_map(|t| t.cells.iter().map(|c| c.status)).collect();
    assert!(!statuses.contains(&CellStatus::Zero) && statuses.contains(&CellStatus::Suppressed));
}

#[test]
fn the_same_households_get_the_same_noise_in_every_table() {
    let cube = sample::cube(3);
    let shown = tables(&protected(&cube));
    let mut by_key: BTreeMap<(u64, i64), i64> = BTreeMap::new();
    let mut compared = 0;
    for exact in cube.tables.iter().filter(|t| ["schulden", "huishoudens"].contains(&t.indicator.as_str())) {
        let table = &shown[&format!("tables/{}.{}.parquet", exact.indicator, exact.level)];
        for (cell, shown) in exact.cells.iter().zip(&table.cells) {
            let figure = if exact.indicator == "schulden" { shown.denominator } else { shown.numerator };
            if let Some(figure) = figure {
                let first = *by_key.entry((cell.denominator_key, cell.denominator)).or_insert(figure);
                assert_eq!(first, figure);
                compared += 1;
            }
        }
    }
    assert!(compared > 2 * by_key.len() - 50 && compared > 200, "{compared} figures of {} groups", by_key.len());
}

#[test]
fn the_same_bytes_come_out_with_any_number_of_threads() {
    let cube = sample::cube(4);
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let draft = pool.install(|| protected(&cube)).draft;
        (draft.files, serde_json::to_vec(&draft.manifest).unwrap())
    };
    assert!(with(1) == with(3));
}

#[test]
fn without_the_threshold_the_attacker_proves_small_groups() {
    let (rules, noise) = light();
    let cube = sample::cube(1);
    let weak = Ruleset { min_count: 1, min_count_sensitive: 1, min_population: BTreeMap::new(), ..rules.clone() };
    assert!(proves(&attacked(&cube, &weak, &noise, &rules), Proof::Below));
}

#[test]
fn without_noise_the_attacker_subtracts_and_knows() {
    let rules = sample::rules();
    let found = attacked(&sample::cube(1), &rules, &PerturbationTable::without_noise(), &rules);
    let hidden = found.breaches.iter().filter(|b| b.proof == Proof::Exact && b.count == Count::Numerator);
    assert!(hidden.count() > 100);
    let noise = PerturbationTable::new(rules.perturbation.unwrap()).unwrap();
    assert!(attacked(&sample::cube(1), &rules, &noise, &rules).breaches.len() < 5);
}

#[test]
fn without_the_minimum_population_small_areas_are_proven() {
    let (mut rules, noise) = light();
    rules.min_population = BTreeMap::from([("pc6".to_owned(), 30)]);
    let weak = Ruleset { min_population: BTreeMap::new(), ..rules.clone() };
    let small = |found: &Found| found.breaches.iter().any(|b| (b.count, b.proof) == (Count::Denominator, Proof::Below));
    let mut cube = sample::cube(1);
    cube.indicators.retain(|i| i.id == "schulden");
    cube.tables.retain(|t| t.indicator == "schulden");
    assert!(small(&attacked(&cube, &weak, &noise, &rules)));
    assert!(!small(&attacked(&cube, &rules, &noise, &rules)));
}

#[test]
fn without_the_group_rule_a_whole_group_is_disclosed() {
    let mut households = sample::households(5);
    households.iter_mut().filter(|h| h.postcode % 48 == 0).for_each(|h| h.debts = [true; 2]);
    let cube = sample::cube_of(&households);
    let (rules, noise) = light();
    let weak = Ruleset { max_group_share: 2.0, ..rules.clone() };
    let mut shielded = shield(&cube, &weak, &noise, &CellKeys::new(&key())).unwrap();
    assert!(!proves(&attacked(&cube, &rules, &noise, &rules), Proof::Group));
    show_all_shares(&cube, &mut shielded, &noise);
    let known = vec![None; shielded.len()];
    assert!(proves(&attack_indicator(&cube, 0, &rules, &noise, &shielded, &known).0, Proof::Group));
}

/// What would be published of the shares without any group rule.
fn show_all_shares(cube: &Cube, shielded: &mut [Shielded], noise: &PerturbationTable) {
    let keys = CellKeys::new(&key());
    for (exact, shown) in cube.tables.iter().zip(shielded) {
        for (at, hidden) in shown.hidden.iter_mut().enumerate().filter(|(_, h)| **h == Hidden::Group) {
            let count = noise.perturb(exact.cells[at].numerator, keys.uniform(exact.cells[at].numerator_key));
            shown.table.cells[at].numerator = Some(count);
            shown.table.cells[at].status = CellStatus::Value;
            *hidden = Hidden::No;
        }
    }
}

#[test]
fn a_postcode_where_all_have_debts_is_hidden_but_still_counts_its_households() {
    let mut households = sample::households(6);
    households.iter_mut().filter(|h| h.postcode == 40).for_each(|h| h.debts = [true; 2]);
    let shown = tables(&protected(&sample::cube_of(&households)));
    let table = &shown["tables/schulden.pc6.parquet"];
    let cell = &table.cells[table.position(40, 0, 0)];
    assert_eq!((cell.status, cell.numerator), (CellStatus::Suppressed, None));
    assert!(cell.denominator.is_some_and(|d| d >= 10));
}

#[test]
fn means_need_enough_answers_and_public_figures_are_rounded_only() {
    let shown = tables(&protected(&sample::cube(1)));
    assert!(shown["tables/koopkracht.pc6.parquet"].cells.iter().all(|c| c.value == Some(7.1)));
    assert!(shown["tables/rapportcijfer.pc6.parquet"].cells.iter().all(|c| c.status == CellStatus::Suppressed));
    assert!(shown["tables/rapportcijfer.gemeente.parquet"].cells.iter().all(|c| c.value == Some(7.1)));
}

#[test]
fn cells_without_data_stay_what_they_are() {
    let mut cube = sample::cube(1);
    cube.tables[0].cells[0].state = kubus_cube::exact::ExactState::NotAvailable;
    cube.tables[0].cells[1].state = kubus_cube::exact::ExactState::NotApplicable;
    let table = &tables(&protected(&cube))["tables/schulden.gemeente.parquet"];
    assert_eq!(table.cells[0].status, CellStatus::NotAvailable);
    assert_eq!(table.cells[1].status, CellStatus::NotApplicable);
}

#[test]
fn exact_small_counts_keys_and_names_of_reasons_are_in_no_file() {
    let cube = sample::cube(7);
    let protected = protected(&cube);
    let keys: Vec<u64> =
        cube.tables.iter().flat_map(|t| t.cells.iter().map(|c| c.numerator_key)).filter(|k| *k > 0).collect();
    for (path, bytes) in &protected.draft.files {
        for key in keys.iter().take(500) {
            let found = |needle: &[u8]| bytes.windows(needle.len()).any(|w| w == needle);
            assert!(!found(&key.to_le_bytes()) && !found(key.to_string().as_bytes()), "{path}");
        }
    }
    let shown = tables(&protected);
    let small = shown.values().flat_map(|t| &t.cells).filter_map(|c| c.numerator).filter(|n| *n < 5);
    assert_eq!(small.count(), 0);
}

#[test]
fn one_household_that_moves_changes_two_releases_by_noise_only() {
    let households = sample::households(8);
    let mut uncertain = 0;
    for mover in (0..households.len()).step_by(97) {
        let mut moved = households.clone();
        moved[mover].postcode = (moved[mover].postcode + 48) % 96;
        let of = |list: &[sample::Household]| {
            tables(&protected(&sample::cube_of(list)))["tables/huishoudens.pc6.parquet"].clone()
        };
        let (before, after) = (of(&households), of(&moved));
        let at = before.position(households[mover].postcode, 0, 0);
        let change = after.cells[at].numerator.zip(before.cells[at].numerator).map(|(a, b)| a - b);
        uncertain += u32::from(change != Some(-1));
    }
    assert!(uncertain >= 5, "the true change of -1 shows through");
}

#[test]
fn a_coincidence_that_exposes_a_figure_is_repaired_before_publication() {
    let (rules, noise) = light();
    let cube = sample::cube(1);
    assert!(!attacked(&cube, &rules, &noise, &rules).breaches.is_empty(), "nothing to repair: the test proves nothing");
    let protected = protect(&cube, &rules, &key(), &[], &|_, _| ()).unwrap();
    assert_eq!((protected.attack.exact, protected.attack.below_threshold), (0, 0));
    assert!(protected.findings.iter().any(|f| f.code == "release-repaired"));
    assert_eq!(published(protected).0, []);
}

#[test]
fn what_cannot_be_repaired_is_refused_with_the_account_of_the_attack() {
    let rules = sample::rules();
    let cube = sample::cube(1);
    let mut shielded = shield(&cube, &rules, &PerturbationTable::without_noise(), &CellKeys::new(&key())).unwrap();
    let (found, _) = attack_and_repair(&cube, &rules, &PerturbationTable::without_noise(), &[], &mut shielded).unwrap();
    assert!(proves(&found, Proof::Exact));
    assert!(matches!(accepted(&found, false), Err(ReleaseRefusal::Attack(told)) if told.exact > 0));
}

#[test]
fn an_earlier_release_under_other_noise_is_used_against_the_new_one() {
    let cube = sample::cube(9);
    let (_, first) = published(protected(&cube));
    let (rules, _) = light();
    let again = protect(&cube, &rules, &key(), &[first], &|_, _| ()).unwrap();
    assert!(again.attack.stages.contains(&"earlier-releases".to_owned()));
    assert_eq!((again.attack.exact, again.attack.below_threshold), (0, 0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn whatever_the_town_shown_counts_keep_to_the_rules(seed in 10u64..10_000) {
        let shown = tables(&protected(&sample::cube(seed)));
        for table in shown.values().filter(|t| t.indicator == "schulden" || t.indicator == "meldingen") {
            let least = if table.indicator == "meldingen" { 10 } else { 5 };
            for cell in &table.cells {
                prop_assert!(cell.numerator.is_none_or(|n| n >= least));
                prop_assert!(cell.denominator.is_none_or(|d| d >= least));
                prop_assert!(cell.status.is_published() || cell.numerator.is_none());
            }
        }
    }
}
