//! What differs between two releases: which tables, periods, areas and rules. Never a figure: that a
//! table's figures differ is said, not which and how much.

use std::collections::{BTreeMap, BTreeSet};

use kubus_model::release::{LevelEntry, Manifest, TableEntry};
use kubus_model::{AreaLevel, AreaVintage, Period};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::past::Past;

/// Whether something is new, gone, or other than it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Only the later release has it.
    Added,
    /// Only the earlier release has it.
    Removed,
    /// Both have it, and it differs.
    Changed,
}

/// A table that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TableChange {
    /// Indicator identifier.
    pub indicator: String,
    /// Area level.
    pub level: AreaLevel,
    /// What happened to it.
    pub change: Change,
    /// Periods that only the later release has.
    pub periods_added: Vec<Period>,
    /// Periods that only the earlier release has.
    pub periods_removed: Vec<Period>,
    /// Breakdowns that only the later release has.
    pub breakdowns_added: Vec<Vec<String>>,
    /// Breakdowns that only the earlier release has.
    pub breakdowns_removed: Vec<Vec<String>>,
    /// Same periods and breakdowns, and other figures: a correction, or other rules.
    pub figures_differ: bool,
}

/// A level whose areas differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LevelChange {
    /// Area level.
    pub level: AreaLevel,
    /// What happened to it.
    pub change: Change,
    /// Boundaries of which year, in the earlier and in the later release.
    pub vintages: Vec<AreaVintage>,
    /// Areas that only the later release has.
    pub areas_added: usize,
    /// Areas that only the earlier release has.
    pub areas_removed: usize,
    /// Whether lines on the map moved.
    pub boundaries_differ: bool,
}

/// A rule that differs. Rules are public.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RuleChange {
    /// The rule, with a dot before a part of it: `min_population.pc6`.
    pub rule: String,
    /// What it was; nothing when the rule is new.
    #[schema(required)]
    pub before: Option<String>,
    /// What it is; nothing when the rule is gone.
    #[schema(required)]
    pub after: Option<String>,
}

/// An indicator whose description, or presence, differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct IndicatorChange {
    /// Indicator identifier.
    pub indicator: String,
    /// What happened to it.
    pub change: Change,
    /// Names of what differs in its description.
    pub parts: Vec<String>,
}

/// What differs between an earlier and a later release.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Difference {
    /// Number of the earlier release.
    pub before: u32,
    /// Number of the later release.
    pub after: u32,
    /// Rules.
    pub rules: Vec<RuleChange>,
    /// Areas.
    pub levels: Vec<LevelChange>,
    /// Indicators.
    pub indicators: Vec<IndicatorChange>,
    /// Tables.
    pub tables: Vec<TableChange>,
    /// Tables that are the same to the byte.
    pub tables_alike: usize,
}

/// What differs from `before` to `after`.
#[must_use]
pub fn between(before: &Past, after: &Past) -> Difference {
    let (old, new) = (&before.manifest, &after.manifest);
    let tables = tables(old, new);
    let entries =
        |m: &Manifest| m.tables.iter().map(|t| (t.indicator.clone(), t.level.clone())).collect::<BTreeSet<_>>();
    let both = entries(old).intersection(&entries(new)).count();
    let changed = tables.iter().filter(|table| table.change == Change::Changed).count();
    Difference {
        before: old.number,
        after: new.number,
        rules: rules(old, new),
        levels: levels(before, after),
        indicators: indicators(old, new),
        tables_alike: both - changed,
        tables,
    }
}

/// Everything of two lists by key, with both sides.
fn paired<'a, T, K: Ord>(old: &'a [T], new: &'a [T], key: impl Fn(&'a T) -> K) -> Vec<(Option<&'a T>, Option<&'a T>)> {
    let mut pairs: BTreeMap<K, (Option<&T>, Option<&T>)> = BTreeMap::new();
    old.iter().for_each(|one| pairs.entry(key(one)).or_default().0 = Some(one));
    new.iter().for_each(|one| pairs.entry(key(one)).or_default().1 = Some(one));
    pairs.into_values().collect()
}

/// What only the second has.
fn beyond<T: PartialEq + Clone>(one: &[T], other: &[T]) -> Vec<T> {
    other.iter().filter(|item| !one.contains(item)).cloned().collect()
}

fn seal<'a>(manifest: &'a Manifest, path: &str) -> Option<&'a str> {
    manifest.files.iter().find(|file| file.path == path).map(|file| file.sha256.as_str())
}

fn tables(old: &Manifest, new: &Manifest) -> Vec<TableChange> {
    let made = |(one, other): (Option<&TableEntry>, Option<&TableEntry>)| {
        let named = other.or(one)?;
        let change = change(one, other);
        let (was, is) = (one.unwrap_or(named), other.unwrap_or(named));
        let found = TableChange {
            indicator: named.indicator.clone(),
            level: named.level.clone(),
            change,
            periods_added: beyond(&was.periods, &is.periods),
            periods_removed: beyond(&is.periods, &was.periods),
            breakdowns_added: beyond(&was.breakdowns, &is.breakdowns),
            breakdowns_removed: beyond(&is.breakdowns, &was.breakdowns),
            figures_differ: false,
        };
        let shape = (&was.periods, &was.breakdowns) == (&is.periods, &is.breakdowns);
        let bytes = seal(old, &was.path) == seal(new, &is.path);
        let alike = change == Change::Changed && bytes;
        (!alike).then_some(TableChange { figures_differ: change == Change::Changed && shape && !bytes, ..found })
    };
    let key = |table: &TableEntry| (table.indicator.clone(), table.level.clone());
    paired(&old.tables, &new.tables, key).into_iter().filter_map(made).collect()
}

const fn change<T>(one: Option<T>, other: Option<T>) -> Change
where
    T: Copy,
{
    match (one, other) {
        (None, _) => Change::Added,
        (_, None) => Change::Removed,
        _ => Change::Changed,
    }
}

fn levels(before: &Past, after: &Past) -> Vec<LevelChange> {
    let (old, new) = (&before.manifest, &after.manifest);
    let none = BTreeSet::new();
    let made = |(one, other): (Option<&LevelEntry>, Option<&LevelEntry>)| {
        let level = &other.or(one)?.level;
        let codes = |past: &'_ Past| past.areas.get(level).unwrap_or(&none).clone();
        let (was, is) = (codes(before), codes(after));
        let lines = |manifest, entry: Option<&LevelEntry>| {
            entry.and_then(|entry| entry.geometry.as_deref()).and_then(|path| seal(manifest, path)).map(str::to_owned)
        };
        let found = LevelChange {
            level: level.clone(),
            change: change(one, other),
            vintages: [one, other].into_iter().flatten().map(|entry| entry.vintage).collect(),
            areas_added: is.difference(&was).count(),
            areas_removed: was.difference(&is).count(),
            boundaries_differ: lines(old, one) != lines(new, other),
        };
        let same_year = found.vintages.windows(2).all(|years| years[0] == years[1]);
        let alike = same_year && was == is && !found.boundaries_differ;
        (found.change != Change::Changed || !alike).then_some(found)
    };
    paired(&old.levels, &new.levels, |entry| (entry.rank, entry.level.clone())).into_iter().filter_map(made).collect()
}

fn indicators(old: &Manifest, new: &Manifest) -> Vec<IndicatorChange> {
    let made = |(one, other): (Option<&kubus_model::Indicator>, Option<&kubus_model::Indicator>)| {
        let fields = |side| written(side).as_object().cloned().unwrap_or_default();
        let parts = match (one, other) {
            (Some(one), Some(other)) => {
                let (was, is) = (fields(one), fields(other));
                let names: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
                names.into_iter().filter(|name| was.get(*name) != is.get(*name)).cloned().collect()
            }
            _ => Vec::new(),
        };
        let change = change(one, other);
        let alike = change == Change::Changed && parts.is_empty();
        (!alike).then_some(IndicatorChange { indicator: other.or(one)?.id.clone(), change, parts })
    };
    paired(&old.indicators, &new.indicators, |one| one.id.clone()).into_iter().filter_map(made).collect()
}

fn rules(old: &Manifest, new: &Manifest) -> Vec<RuleChange> {
    let (was, is) = (flat(&written(&old.rules)), flat(&written(&new.rules)));
    let names: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    let made = |rule: &String| {
        let (before, after) = (was.get(rule).cloned(), is.get(rule).cloned());
        (before != after).then(|| RuleChange { rule: rule.clone(), before, after })
    };
    names.into_iter().filter_map(made).collect()
}

fn written(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// Every value that is not an object or null, by its place.
fn flat(value: &Value) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for (name, part) in value.as_object().into_iter().flatten() {
        match part {
            Value::Null => {}
            Value::Object(_) => found.extend(flat(part).into_iter().map(|(inner, v)| (format!("{name}.{inner}"), v))),
            Value::String(text) => drop(found.insert(name.clone(), text.clone())),
            other => drop(found.insert(name.clone(), other.to_string())),
        }
    }
    found
}

#[cfg(test)]
mod tests;
