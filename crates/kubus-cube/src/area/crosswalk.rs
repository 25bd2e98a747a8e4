//! From the areas of every declared level and vintage to the same level and every coarser level in
//! the town's vintage, with the share of the old area that lies in each. Called by [`super::load`].
//!
//! For each old area the first way that gives an answer is taken:
//! 1. by address: where the addresses that had the old code lie now;
//! 2. there is one area only (the municipality);
//! 3. by code, where the declarations say that codes of that year nest in a coarser level, or where
//!    every old code still exists and nothing else is known;
//! 4. by surface ([`super::surface`]).

use std::collections::BTreeMap;

use kubus_model::{AreaCode, AreaLevel, AreaVintage, Finding};

use super::areas::{Area, Areas};
use super::assign::{BoundaryMap, Coded, Coder, NONE, example_code, vintage_in};
use super::atom::Atoms;
use super::level::Level;
use super::nested::coarser_code;
use super::within::{Within, shared};
use super::{Crosswalk, CrosswalkPart, surface};
use crate::declaration::{AreaDeclaration, Assign, Declarations, VintageDeclaration};

/// Crosswalks by level and vintage of the old code, and target level.
pub(crate) type CrosswalkMap = BTreeMap<(AreaLevel, AreaVintage, AreaLevel), Crosswalk>;

/// Parts of each old area, in the order of the old codes; none where a way gives no answer.
type Parts = Vec<Vec<CrosswalkPart>>;

/// What crosswalks are made of.
pub(crate) struct Crosswalks<'a> {
    /// What the town declares.
    pub(crate) declarations: &'a Declarations,
    /// Boundaries of all vintages.
    pub(crate) boundaries: &'a BoundaryMap,
    /// Levels in the town's vintage.
    pub(crate) levels: &'a [Level<'a>],
    /// Atoms.
    pub(crate) atoms: &'a Atoms,
    /// Which area lies in which.
    pub(crate) within: &'a Within,
}

/// The old areas of one level and vintage.
struct Old<'a> {
    area: &'a AreaDeclaration,
    year: AreaVintage,
    areas: Areas,
    coded: Option<Coded>,
}

impl Crosswalks<'_> {
    /// Makes all of them.
    pub(crate) fn all(&self, coder: &mut Option<Coder<'_>>) -> (CrosswalkMap, Vec<Finding>) {
        let mut made = CrosswalkMap::new();
        let mut findings = Vec::new();
        for area in &self.declarations.areas {
            for vintage in &area.vintages {
                match self.levels.iter().position(|l| std::ptr::eq(l.vintage, vintage)) {
                    Some(at) => self.within_vintage(at, &mut made),
                    None => self.between_vintages(area, vintage, coder, &mut made, &mut findings),
                }
            }
        }
        (made, findings)
    }

    /// From a level in the town's vintage to itself and to coarser levels; also under the town's
    /// own year when the level is older.
    fn within_vintage(&self, at: usize, made: &mut CrosswalkMap) {
        let level = &self.levels[at];
        for target in self.targets(level.declared) {
            let crosswalk = Crosswalk {
                parts: level.areas.list.iter().zip(self.current_parts(at, target)).map(keyed).filter(filled).collect(),
                by_address: !self.atoms.of_address.is_empty(),
            };
            for year in [level.vintage.year, self.declarations.town.vintage] {
                made.insert(self.key(level.declared, year, target), crosswalk.clone());
            }
        }
    }

    fn current_parts(&self, at: usize, target: usize) -> Parts {
        let count = self.levels[at].areas.list.len();
        if at == target {
            return (0..u32::try_from(count).unwrap_or(NONE)).map(whole).collect();
        }
        let by_address = shared(self.atoms, at, target, count);
        let otherwise = &self.within[at][&target];
        by_address.iter().zip(otherwise).map(|(weights, other)| by_weight(weights).or_whole(*other)).collect()
    }

    fn between_vintages(
        &self,
        area: &AreaDeclaration,
        vintage: &VintageDeclaration,
        coder: &mut Option<Coder<'_>>,
        made: &mut CrosswalkMap,
        findings: &mut Vec<Finding>,
    ) {
        let old = self.old(area, vintage, coder);
        let nested = self.nested_in(&old);
        for target in self.targets(area) {
            let (parts, by_address) = self.parts(&old, target, nested.as_ref(), findings);
            if !by_address && old.areas.has_shapes() && self.levels[target].areas.list.len() > 1 {
                let finding = Finding::info("area-crosswalk-surface").source(area.level.as_str());
                let target = &self.levels[target].declared.level;
                findings.push(finding.with("vintage", vintage.year).with("target", target));
            }
            let lost = parts.iter().filter(|p| p.is_empty()).count();
            if lost > 0 {
                let finding = Finding::warning("area-crosswalk-nowhere").source(area.level.as_str());
                findings.push(
                    finding
                        .with("vintage", vintage.year)
                        .with("target", &self.levels[target].declared.level)
                        .with("count", lost)
                        .with("of", parts.len()),
                );
            }
            if self.levels[target].declared.level == area.level {
                findings.extend(self.renumbered(&old, target, &parts));
            }
            let parts = old.areas.list.iter().zip(parts).map(keyed).filter(filled).collect();
            made.insert(self.key(area, vintage.year, target), Crosswalk { parts, by_address });
        }
    }

    /// The positions of the same level and of every coarser one.
    fn targets(&self, area: &AreaDeclaration) -> Vec<usize> {
        let fits = |at: &usize| {
            let declared = self.levels[*at].declared;
            declared.level == area.level || declared.rank < area.rank
        };
        (0..self.levels.len()).filter(fits).collect()
    }

    fn key(&self, area: &AreaDeclaration, year: AreaVintage, target: usize) -> (AreaLevel, AreaVintage, AreaLevel) {
        (area.level.clone(), year, self.levels[target].declared.level.clone())
    }

    fn old<'b>(
        &self,
        area: &'b AreaDeclaration,
        vintage: &VintageDeclaration,
        coder: &mut Option<Coder<'_>>,
    ) -> Old<'b> {
        let mut areas = self.boundaries.get(&(area.level.clone(), vintage.year)).cloned().unwrap_or_default();
        let coded = coder.as_mut().map(|coder| coder.code(area, vintage));
        let codes = match &coded {
            Some(coded) => coded.codes.clone(),
            None => self.codes_of_finer(area, vintage),
        };
        areas.add_codes(&codes);
        Old { area, year: vintage.year, areas, coded }
    }

    /// Without addresses the codes of a nested level are found in the codes of the finer one.
    fn codes_of_finer(&self, area: &AreaDeclaration, vintage: &VintageDeclaration) -> Vec<AreaCode> {
        let Some(Assign::Nested { finer }) = &vintage.assign else { return Vec::new() };
        let declared = self.declarations.areas.iter().find(|a| a.level == *finer);
        let year = declared.and_then(|d| vintage_in(d, vintage.year)).map(|v| v.year);
        let fine = year.and_then(|year| self.boundaries.get(&(finer.clone(), year)));
        let example = example_code(area, self.boundaries);
        let mut codes: Vec<AreaCode> =
            fine.into_iter().flat_map(|f| &f.list).filter_map(|a| coarser_code(&a.code, &example)).collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    }

    /// The parts of each old area in a level, and whether addresses were counted.
    fn parts(
        &self,
        old: &Old<'_>,
        target: usize,
        nested: Option<&(usize, Vec<u32>)>,
        findings: &mut Vec<Finding>,
    ) -> (Parts, bool) {
        let mut parts = self.by_address(old, target).unwrap_or_else(|| vec![Vec::new(); old.areas.list.len()]);
        let by_address = parts.iter().any(|p| !p.is_empty());
        fill(&mut parts, || self.by_only(old, target));
        fill(&mut parts, || self.by_nested(old, target, nested));
        fill(&mut parts, || self.by_same_codes(old, target, findings));
        fill(&mut parts, || surface::parts(&old.areas, &self.levels[target].areas));
        (parts, by_address)
    }

    fn by_address(&self, old: &Old<'_>, target: usize) -> Option<Parts> {
        let coded = old.coded.as_ref()?;
        let mut weights = vec![BTreeMap::new(); old.areas.list.len()];
        let to: Vec<u32> = coded.codes.iter().map(|code| old.areas.position(code).unwrap_or(NONE)).collect();
        for (of, now) in coded.of.iter().zip(&self.levels[target].of_address) {
            let at = to.get(*of as usize).and_then(|at| weights.get_mut(*at as usize));
            if let (Some(map), true) = (at, *now != NONE) {
                *map.entry(*now).or_insert(0) += 1_u64;
            }
        }
        Some(weights.iter().map(by_weight).collect())
    }

    fn by_only(&self, old: &Old<'_>, target: usize) -> Parts {
        let only = self.levels[target].areas.list.len() == 1;
        vec![if only { whole(0) } else { Vec::new() }; old.areas.list.len()]
    }

    /// The level in which the declarations say that codes of this year nest, and for each old area
    /// the position of the area that its code names there.
    fn nested_in(&self, old: &Old<'_>) -> Option<(usize, Vec<u32>)> {
        let says = |v: &VintageDeclaration| {
            v.year == old.year && matches!(&v.assign, Some(Assign::Nested { finer }) if *finer == old.area.level)
        };
        let found = self.levels.iter().rposition(|l| l.declared.vintages.iter().any(says))?;
        let areas = &self.levels[found].areas;
        let example = &areas.list.first()?.code;
        let position = |a: &Area| coarser_code(&a.code, example).and_then(|code| areas.position(&code));
        Some((found, old.areas.list.iter().map(|a| position(a).unwrap_or(NONE)).collect()))
    }

    fn by_nested(&self, old: &Old<'_>, target: usize, nested: Option<&(usize, Vec<u32>)>) -> Parts {
        let nowhere = vec![Vec::new(); old.areas.list.len()];
        let Some((level, positions)) = nested else { return nowhere };
        if *level == target {
            return positions.iter().map(|at| whole(*at)).collect();
        }
        let Some(further) = self.within[*level].get(&target) else { return nowhere };
        positions.iter().map(|at| whole(further.get(*at as usize).copied().unwrap_or(NONE))).collect()
    }

    /// Without shapes or addresses: the same codes, when every one of them still exists.
    fn by_same_codes(&self, old: &Old<'_>, target: usize, findings: &mut Vec<Finding>) -> Parts {
        let level = &self.levels[target];
        let positions: Vec<u32> =
            old.areas.list.iter().map(|a| level.areas.position(&a.code).unwrap_or(NONE)).collect();
        let same = level.declared.level == old.area.level && !old.areas.has_shapes() && !positions.contains(&NONE);
        if !same {
            return vec![Vec::new(); positions.len()];
        }
        let finding = Finding::info("area-same-codes").source(old.area.level.as_str()).with("vintage", old.year);
        findings.push(finding.with("count", positions.len()));
        positions.into_iter().map(whole).collect()
    }

    /// Old codes that are gone while the whole of the area, and nothing else, has a new code.
    fn renumbered(&self, old: &Old<'_>, target: usize, parts: &Parts) -> Option<Finding> {
        let mut sources: BTreeMap<u32, usize> = BTreeMap::new();
        parts.iter().flatten().for_each(|part| *sources.entry(part.target).or_default() += 1);
        let new = &self.levels[target].areas;
        let gone = |(area, parts): (&Area, &Vec<CrosswalkPart>)| {
            let [only] = parts.as_slice() else { return None };
            let moved = new.position(&area.code).is_none() && sources[&only.target] == 1;
            moved.then(|| format!("{} → {}", area.code, new.list[only.target as usize].code))
        };
        let found: Vec<String> = old.areas.list.iter().zip(parts).filter_map(gone).collect();
        let example = found.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
        let finding = Finding::info("area-renumbered").source(old.area.level.as_str()).with("vintage", old.year);
        (!found.is_empty()).then(|| finding.with("count", found.len()).with("example", example))
    }
}

fn keyed((area, parts): (&Area, Vec<CrosswalkPart>)) -> (AreaCode, Vec<CrosswalkPart>) {
    (area.code.clone(), parts)
}

fn filled((_, parts): &(AreaCode, Vec<CrosswalkPart>)) -> bool {
    !parts.is_empty()
}

/// The whole of an area in one other; nothing when there is none.
fn whole(target: u32) -> Vec<CrosswalkPart> {
    if target == NONE { Vec::new() } else { vec![CrosswalkPart { target, share: 1.0 }] }
}

/// Parts by numbers of addresses, largest first.
fn by_weight(weights: &BTreeMap<u32, u64>) -> Vec<CrosswalkPart> {
    let total: u64 = weights.values().sum();
    #[expect(clippy::cast_precision_loss, reason = "numbers of addresses stay far below 2^53")]
    let part = |(target, weight): (&u32, &u64)| CrosswalkPart { target: *target, share: *weight as f64 / total as f64 };
    let mut parts: Vec<CrosswalkPart> = weights.iter().map(part).collect();
    parts.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.target.cmp(&b.target)));
    parts
}

trait OrWhole {
    fn or_whole(self, target: u32) -> Self;
}

impl OrWhole for Vec<CrosswalkPart> {
    fn or_whole(self, target: u32) -> Self {
        if self.is_empty() { whole(target) } else { self }
    }
}

/// Takes the answers of another way for the areas that have none yet.
fn fill(parts: &mut Parts, otherwise: impl FnOnce() -> Parts) {
    if parts.iter().any(Vec::is_empty) {
        let other = otherwise();
        parts.iter_mut().zip(other).filter(|(p, _)| p.is_empty()).for_each(|(p, o)| *p = o);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_first_way_that_answers_counts() {
        let mut parts = vec![whole(1), Vec::new(), Vec::new()];
        fill(&mut parts, || vec![whole(7), whole(8), Vec::new()]);
        assert_eq!(parts, vec![whole(1), whole(8), Vec::new()]);
    }

    proptest! {
        #[test]
        fn shares_by_address_sum_to_one(weights in prop::collection::btree_map(0u32..50, 1u64..1000, 1..20)) {
            let parts = by_weight(&weights);
            prop_assert!((parts.iter().map(|p| p.share).sum::<f64>() - 1.0).abs() < 1e-9);
            prop_assert!(parts.windows(2).all(|w| w[0].share >= w[1].share));
        }
    }
}
