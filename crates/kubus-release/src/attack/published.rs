//! The attacker A0 on sealed releases: an outsider who has only what was published, and all of it.
//!
//! He knows the rules and the noise table of each release, adds up areas and breakdowns, and reads
//! releases against each other. He does not know why a figure is hidden, for too small a count,
//! nearly everyone, and protection of another figure look alike. So there are two accounts: what
//! he is certain of, and what he would be certain of if every hidden figure were a small one,
//! which overstates it. In both he takes a breakdown as complete where no shown figure contradicts
//! that. Nobody tells him the true counts, so a claim of his may be false; the attack before
//! publication knows which are. Called by `kubus attack RELEASE…`.

use std::collections::BTreeSet;
use std::time::Instant;

use kubus_model::{CellStatus, DraftTable, Indicator, Measure, Period, Release, Table};
use serde::{Deserialize, Serialize};

use super::bounds::Bounds;
use super::certain;
use super::earlier::Known;
use super::judge::{Proof, claims};
use super::surface::{Face, Surface};
use super::system::BareAttack;
use crate::perturbation::PerturbationTable;
use crate::rule::{Hidden, Limits};

/// What an outsider derives from releases.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PublishedAttack {
    /// What he is certain of. `cells` are shown or hidden figures, `primary` the hidden ones;
    /// `exact` and `below_threshold` count figures, `width_le_2` hidden numerators.
    #[serde(flatten)]
    pub certain: BareAttack,
    /// What would be certain if every hidden figure were a small one. At least as much.
    pub supposed: BareAttack,
}

/// Attacks releases of one or more series together. Figures that are estimated or not counted
/// (means) are left out.
#[must_use]
pub fn attack_releases(releases: &[Release]) -> PublishedAttack {
    PublishedAttack { certain: attacked(releases, Hidden::No), supposed: attacked(releases, Hidden::Small) }
}

fn attacked(releases: &[Release], supposed: Hidden) -> BareAttack {
    let start = Instant::now();
    let mut found = nothing();
    for at in 0..releases.len() {
        let series = |other: &&Release| other.manifest().town == releases[at].manifest().town;
        let others = (0..releases.len()).filter(|other| *other != at).map(|other| &releases[other]).filter(series);
        let others: Vec<Release> = others.cloned().collect();
        for indicator in releases[at].manifest().indicators.iter().filter(|i| i.measure != Measure::Mean) {
            attack_indicator(&releases[at], indicator, &others, supposed, &mut found);
        }
    }
    BareAttack { seconds: start.elapsed().as_secs_f64(), ..found }
}

const fn nothing() -> BareAttack {
    BareAttack { cells: 0, primary: 0, exact: 0, width_le_2: 0, below_threshold: 0, unsettled: 0, seconds: 0.0 }
}

fn attack_indicator(
    release: &Release,
    indicator: &Indicator,
    others: &[Release],
    supposed: Hidden,
    found: &mut BareAttack,
) {
    let rules = &release.manifest().rules;
    let noise = rules.perturbation.and_then(|asked| PerturbationTable::new(asked).ok());
    let noise = noise.unwrap_or_else(PerturbationTable::without_noise);
    let tables: Vec<DraftTable> =
        release.tables().iter().filter(|t| t.indicator() == indicator.id).map(copied).collect();
    let hidden: Vec<Vec<Hidden>> = tables.iter().map(|table| reasons(table, supposed)).collect();
    let known: Vec<Option<Known>> = tables.iter().map(|t| Known::from_releases(t, rules, others)).collect();
    let faces = tables.iter().enumerate().map(|(id, table)| Face {
        table,
        hidden: &hidden[id],
        limits: Limits::of(rules, indicator, &table.level),
        known: known[id].as_ref(),
        id,
    });
    let levels = &release.manifest().levels;
    let areas = levels.iter().map(|l| (l.level.clone(), release.areas(&l.level).to_vec())).collect();
    let surface = Surface::new(faces.collect(), levels, &areas, noise.largest_change());
    let periods: BTreeSet<Period> = tables.iter().flat_map(|t| t.periods.iter().copied()).collect();
    for period in periods {
        let (numerators, denominators) = certain(&surface, period, indicator.measure, &noise);
        for (at, face) in surface.faces.iter().enumerate() {
            if let Some(position) = face.table.periods.iter().position(|p| *p == period) {
                count(face, position, &numerators[at], &denominators[at], noise.largest_change() > 0, found);
            }
        }
    }
}

fn copied(table: &Table) -> DraftTable {
    DraftTable {
        indicator: table.indicator().to_owned(),
        level: table.level().clone(),
        areas: table.areas().to_vec(),
        periods: table.periods().to_vec(),
        members: table.members().to_vec(),
        cells: table.cells().to_vec(),
    }
}

/// Why figures are hidden, as the attacker supposes.
fn reasons(table: &DraftTable, supposed: Hidden) -> Vec<Hidden> {
    let reason = |status| if status == CellStatus::Suppressed { supposed } else { Hidden::No };
    table.cells.iter().map(|cell| reason(cell.status)).collect()
}

/// Counts what the bounds of a table in a period prove. Without noise a shown figure is meant to
/// be exact, so only hidden ones count then.
fn count(
    face: &Face<'_>,
    period: usize,
    numerators: &Bounds,
    denominators: &Bounds,
    noisy: bool,
    found: &mut BareAttack,
) {
    for area in 0..face.table.areas.len() {
        for member in 0..face.table.members.len() {
            let cell = face.table.position(area, period, member);
            let (status, here) = (face.table.cells[cell].status, numerators.at(area, member));
            let hidden = status == CellStatus::Suppressed;
            if !(status.is_published() || hidden) {
                continue;
            }
            let range = |bounds: &Bounds| (bounds.low[here], bounds.high[here]);
            let (numerator, denominator) = (range(numerators), range(denominators));
            found.cells += 1;
            found.primary += u64::from(hidden);
            found.width_le_2 += u64::from(hidden && numerator.1 - numerator.0 <= 2);
            for (proof, _) in claims(face, cell, numerator, denominator).into_iter().flatten() {
                found.exact += u64::from(proof == Proof::Exact && (hidden || noisy));
                found.below_threshold += u64::from(proof != Proof::Exact);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use kubus_cube::exact::Cube;
    use kubus_model::Ruleset;
    use kubus_model::rule::PerturbationParameters;
    use kubus_store::{LinkKey, ReleaseDraft, SealingKey, open_release};

    use super::*;
    use crate::perturbation::CellKeys;
    use crate::protect::shield;
    use crate::{files, protect, sample};

    fn sealed(draft: ReleaseDraft) -> Release {
        let (folder, seal) = (tempfile::tempdir().unwrap(), SealingKey::from_bytes(&[7; 32]));
        let now = chrono::DateTime::from_timestamp(0, 0).unwrap();
        let done = kubus_store::publish(draft, folder.path(), &seal, now).unwrap();
        open_release(&done.path, &seal.verifying_key()).unwrap()
    }

    fn rules(variance: f64) -> Ruleset {
        let asked = PerturbationParameters { max_noise: 2, variance, unused_small_counts: 0 };
        Ruleset { perturbation: Some(asked), ..sample::rules() }
    }

    /// Published under the rules, but without the attack before publication.
    fn unchecked(cube: &Cube, rules: &Ruleset, key: u8) -> Release {
        let noise = rules
            .perturbation
            .map_or_else(PerturbationTable::without_noise, |asked| PerturbationTable::new(asked).unwrap());
        let shielded = shield(cube, rules, &noise, &CellKeys::new(&LinkKey::from_bytes([key; 32]))).unwrap();
        let nothing = super::super::statement(&super::super::Tallies::default(), false);
        sealed(files::draft(cube, rules, &shielded, &nothing).unwrap())
    }

    #[test]
    fn nothing_is_certain_from_a_sealed_release() {
        let key = LinkKey::from_bytes([9; 32]);
        let done = protect(&sample::cube(1), &sample::rules(), &key, &[], &|_, _| ()).unwrap();
        let found = attack_releases(&[sealed(done.draft)]);
        assert!(found.certain.cells > 1000 && found.certain.primary > 50);
        assert_eq!((found.certain.exact, found.certain.below_threshold), (0, 0));
        assert!(found.supposed.width_le_2 >= found.certain.width_le_2);
    }

    #[test]
    fn without_noise_hidden_figures_follow_by_subtraction() {
        let rules = Ruleset { perturbation: None, ..sample::rules() };
        assert!(attack_releases(&[unchecked(&sample::cube(1), &rules, 9)]).certain.exact > 100);
    }

    #[test]
    fn a_second_release_under_another_secret_and_other_noise_gives_counts_away() {
        let cube = sample::cube(2);
        let release = |variance, key| unchecked(&cube, &rules(variance), key);
        let (first, another, same) = (release(1.0, 9), release(1.2, 8), release(1.2, 9));
        let exact = |releases: &[&Release]| {
            attack_releases(&releases.iter().map(|r| (*r).clone()).collect::<Vec<_>>()).certain.exact
        };
        let alone = exact(&[&first]) + exact(&[&another]);
        assert!(exact(&[&first, &another]) > alone + 10);
        assert!(exact(&[&first, &same]) <= exact(&[&first]) + exact(&[&same]) + 2);
    }
}
