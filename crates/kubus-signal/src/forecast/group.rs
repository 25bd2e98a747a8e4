//! How the forecast fared in groups of areas: areas of one type, and areas that are marked. Skill,
//! coverage, observed over predicted, and what pointing at a tenth of the areas does there: flags
//! where nothing happened, and events outside the areas pointed at.
//!
//! A low count is no low need: where less is reported, less is forecast and fewer areas are pointed
//! at. These figures show it; they do not mend it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::bootstrap;
use super::panel::Panel;
use super::ranking::flagged;
use super::score::{Played, Scored, Truth, crps, placed};
use super::season::real;
use super::seen::Seen;
use super::verdict::{Fifth, fifth, skill};

/// What a group has in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "kind", content = "name", rename_all = "snake_case")]
pub enum Common {
    /// The type of its areas.
    Type(String),
    /// A mark that its areas have, in any period.
    Marked(String),
    /// Its areas have no mark, while others have.
    Unmarked,
}

/// A group of areas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// What they have in common.
    pub common: Common,
    /// Their positions in the panel.
    pub areas: Vec<usize>,
}

/// The types of a panel's areas, by area; and its marks. Areas without a type are in no such group.
#[must_use]
pub fn groups(panel: &Panel, types: &[(String, String)]) -> Vec<Group> {
    let types: BTreeMap<&str, &str> = types.iter().map(|(area, kind)| (area.as_str(), kind.as_str())).collect();
    let mut found: BTreeMap<Common, Vec<usize>> = BTreeMap::new();
    for (at, area) in panel.areas.iter().enumerate() {
        let kind = types.get(area.as_str()).map(|kind| Common::Type((*kind).to_owned()));
        let marks = panel.marked.iter().filter(|(_, areas)| areas[at]);
        let mut all: Vec<Common> = marks.map(|(why, _)| Common::Marked(why.name().to_owned())).collect();
        if all.is_empty() && !panel.marked.is_empty() {
            all.push(Common::Unmarked);
        }
        all.into_iter().chain(kind).for_each(|common| found.entry(common).or_default().push(at));
    }
    found.into_iter().map(|(common, areas)| Group { common, areas }).collect()
}

/// A group in one origin: sums over its areas.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    cells: f64,
    crps: f64,
    simple: [f64; 4],
    within80: f64,
    within95: f64,
    observed: f64,
    expected: f64,
    /// Areas pointed at, and those of them in which nothing happened.
    flags: f64,
    false_flags: f64,
    /// Events, and those in areas that were not pointed at.
    events: f64,
    missed: f64,
}

/// Every group in one origin.
pub(super) fn parts(truth: Truth<'_>, played: &Played<'_>, groups: &[Group], seed: u64) -> Vec<Part> {
    if groups.is_empty() {
        return Vec::new();
    }
    let flags = flagged(played.means);
    groups.iter().map(|group| part(truth, played, &group.areas, &flags, seed)).collect()
}

fn part(truth: Truth<'_>, played: &Played<'_>, areas: &[usize], flags: &[bool], seed: u64) -> Part {
    let pick = |values: &[f64]| areas.iter().map(|area| values[*area]).collect::<Vec<f64>>();
    let seen: Vec<Seen> = areas.iter().map(|area| truth.seen[*area]).collect();
    let (means, values) = (pick(played.means), pick(truth.values));
    let own = Truth { seen: &seen, values: &values, blind: truth.blind };
    let cells = real(seen.iter().filter(|seen| **seen != Seen::Nothing).count());
    let place = placed(&seen, &means, played.size, seed);
    let known = || seen.iter().zip(&means).filter(|(seen, _)| **seen != Seen::Nothing);
    let flagged = || areas.iter().zip(&values).filter(|(area, _)| flags[**area]).map(|(_, value)| *value);
    let events: f64 = values.iter().sum();
    Part {
        cells,
        crps: cells * crps(own, &means, played.size),
        simple: played.baselines.map(|(means, size)| cells * crps(own, &pick(means), size)),
        within80: cells * place.within80,
        within95: cells * place.within95,
        observed: known().map(|(seen, mean)| seen.expected(*mean, played.size)).sum(),
        expected: known().map(|(_, mean)| mean).sum(),
        flags: real(flagged().count()),
        false_flags: real(flagged().filter(|value| *value < 0.5).count()),
        events,
        missed: events - flagged().sum::<f64>(),
    }
}

/// A share with its 95 % interval over periods.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Share {
    /// The share.
    pub share: f64,
    /// Its interval; nothing with too few periods.
    pub interval: Option<(f64, f64)>,
}

/// How the forecast fared in a group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GroupScore {
    /// What its areas have in common.
    pub common: Common,
    /// Areas.
    pub areas: usize,
    /// Mean CRPS of the forecast, and of the best simple figure of all areas together.
    pub crps: f64,
    /// See `crps`.
    pub simple_crps: f64,
    /// 1 − the one over the other.
    pub skill: f64,
    /// 95 % interval of the skill.
    pub skill_interval: Option<(f64, f64)>,
    /// Share of counts within the 80 % and the 95 % interval.
    pub coverage: (f64, f64),
    /// Observed over predicted.
    pub ratio: Fifth,
    /// Times that one of its areas was among the tenth pointed at.
    pub flags: f64,
    /// Share of those in which nothing happened.
    pub false_flags: Share,
    /// Events.
    pub events: f64,
    /// Share of those outside the areas pointed at.
    pub missed: Share,
}

/// Every group over all origins, against the simple figure at a position.
pub(super) fn scores(groups: &[Group], scored: &[Scored], simple: usize, block: usize, seed: u64) -> Vec<GroupScore> {
    let of = |(at, group): (usize, &Group)| {
        let parts: Vec<Part> = scored.iter().map(|scored| scored.groups[at]).collect();
        score(group, &parts, simple, block, seed)
    };
    groups.iter().enumerate().map(of).collect()
}

fn score(group: &Group, parts: &[Part], simple: usize, block: usize, seed: u64) -> GroupScore {
    let sum = |of: &dyn Fn(&Part) -> f64| parts.iter().map(of).sum::<f64>();
    let cells = sum(&|part| part.cells).max(1.0);
    let pairs: Vec<(f64, f64)> = parts.iter().map(|part| (part.crps, part.simple[simple])).collect();
    let ratios: Vec<(f64, f64)> = parts.iter().map(|part| (part.observed, part.expected)).collect();
    let share = |of: &dyn Fn(&Part) -> (f64, f64)| {
        let pairs: Vec<(f64, f64)> = parts.iter().map(of).collect();
        Share { share: part_of(&pairs), interval: bootstrap::interval(&pairs, block, seed, part_of) }
    };
    GroupScore {
        common: group.common.clone(),
        areas: group.areas.len(),
        crps: sum(&|part| part.crps) / cells,
        simple_crps: sum(&|part| part.simple[simple]) / cells,
        skill: skill(&pairs),
        skill_interval: bootstrap::interval(&pairs, block, seed, skill),
        coverage: (sum(&|part| part.within80) / cells, sum(&|part| part.within95) / cells),
        ratio: fifth(&ratios, block, seed),
        flags: sum(&|part| part.flags),
        false_flags: share(&|part| (part.false_flags, part.flags)),
        events: sum(&|part| part.events),
        missed: share(&|part| (part.missed, part.events)),
    }
}

/// Sum of the firsts over the sum of the seconds.
fn part_of(pairs: &[(f64, f64)]) -> f64 {
    let (part, whole) = pairs.iter().fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0, sum.1 + pair.1));
    if whole > 0.0 { part / whole } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use kubus_model::Period;

    use super::*;
    use crate::forecast::Surroundings;
    use crate::forecast::marks::{Mark, Why};
    use crate::forecast::study::drawn;
    use crate::forecast::verdict::played;

    /// Half the areas are busy; area 3 gets an approach after three years and then halves.
    fn panel() -> Panel {
        let level = |area: usize| if area.is_multiple_of(2) { 6.0 } else { 0.4 };
        let halved = |month: usize, area: usize| if area == 3 && month >= 60 { 0.5 } else { 1.0 };
        let mark = Mark { area: "a003".into(), from: Period::Month(2020, 1), to: None, why: Why::Intervention };
        drawn(60, 84, 9, |month, area| level(area) * halved(month, area)).with_marks(&[mark]).unwrap()
    }

    fn found() -> Vec<GroupScore> {
        let panel = panel();
        let kind =
            |area: &String| (area.clone(), if area.ends_with(['0', '2', '4', '6', '8']) { "centrum" } else { "dorp" });
        let types: Vec<(String, String)> = panel.areas.iter().map(kind).map(|(a, t)| (a, t.to_owned())).collect();
        played(&panel, &Surroundings::unknown(&panel), 1, &groups(&panel, &types), 1).1
    }

    #[test]
    fn every_type_and_the_marked_areas_are_told_apart() {
        let found = found();
        let names: Vec<(Common, usize)> = found.iter().map(|group| (group.common.clone(), group.areas)).collect();
        let kind = |name: &str| Common::Type(name.to_owned());
        let marked = Common::Marked("intervention".to_owned());
        assert_eq!(names, [(kind("centrum"), 30), (kind("dorp"), 30), (marked, 1), (Common::Unmarked, 59)]);
        let (town, village) = (&found[0], &found[1]);
        assert!(town.ratio.right && village.ratio.right && town.events > 5.0 * village.events, "{found:?}");
        assert!((town.coverage.0 - 0.8).abs() < 0.06, "{found:?}");
        // All flags are in the busy half, so everything that happened in the other was missed.
        assert!(village.flags < 1.0 && village.missed.share > 0.99 && town.missed.share < 0.9, "{found:?}");
    }

    #[test]
    fn the_parts_of_the_whole_add_up() {
        let found = found();
        let sum = |at: std::ops::Range<usize>| found[at].iter().map(|group| group.events).sum::<f64>();
        assert!((sum(0..2) - sum(2..4)).abs() < 1e-6);
        let flags = |at: std::ops::Range<usize>| found[at].iter().map(|group| group.flags).sum::<f64>();
        assert!((flags(0..2) - 24.0 * 6.0).abs() < 1e-9 && (flags(2..4) - 24.0 * 6.0).abs() < 1e-9);
    }

    #[test]
    fn what_is_learnt_from_marked_cells_is_nothing_but_they_are_scored() {
        let found = found();
        let marked = found.iter().find(|group| matches!(group.common, Common::Marked(_))).unwrap();
        assert!(marked.ratio.expected > 0.0 && marked.crps > 0.0 && marked.areas == 1, "{marked:?}");
    }
}
