//! `indicators/*.toml`: texts, themes, levels, breakdowns, and figures that can be shown.

use kubus_model::{Finding, Measure};

use super::{Check, Place, count};
use crate::declaration::{Count, IndicatorDeclaration, Unit};

pub(super) fn check(check: &mut Check<'_>) {
    for indicator in &check.declared.indicators {
        let place = Place::file(format!("indicators/{}.toml", indicator.id));
        described(check, &place, indicator);
        shown(check, &place, indicator);
        take_up(check, &place, indicator);
        broken_down(check, &place, indicator);
        measured(check, &place, indicator);
        count::check(check, &place, indicator);
    }
}

fn described(check: &mut Check<'_>, place: &Place, indicator: &IndicatorDeclaration) {
    let texts = [
        ("name", &indicator.name),
        ("description", &indicator.description),
        ("guidance", &indicator.guidance),
        ("does_not_say", &indicator.does_not_say),
    ];
    for (key, texts) in texts {
        check.dutch(&place.key(key), texts);
    }
    check.filled(&place.key("evidence"), &indicator.evidence);
    let themes = &check.declared.town.themes;
    check.known(&place.key("theme"), "theme", &indicator.theme, themes.iter().map(|t| t.id.as_str()));
}

fn shown(check: &mut Check<'_>, place: &Place, indicator: &IndicatorDeclaration) {
    check.between(&place.key("per"), indicator.per, 1e-6, 1e9);
    check.between(&place.key("decimals"), f64::from(indicator.decimals), 0.0, 6.0);
    check.between(&place.key("exceedance"), indicator.exceedance, 0.01, 100.0);
    if indicator.levels.is_empty() {
        check.found(&place.key("levels"), Finding::error("declaration-key-needed").with("kind", "indicator"));
    }
    for (at, level) in indicator.levels.iter().enumerate() {
        let place = place.key("levels").key(at);
        check.level(&place, level.as_str());
        if indicator.levels.iter().take(at).any(|earlier| earlier == level) {
            check.found(&place, Finding::error("declaration-duplicate").with("id", level));
        }
    }
}

/// Non-take-up is a share, and its errors are ranges of shares.
fn take_up(check: &mut Check<'_>, place: &Place, indicator: &IndicatorDeclaration) {
    let Some(declared) = indicator.take_up else { return };
    if indicator.measure != Measure::Share {
        let finding = Finding::error("declaration-measure-differs").with("kind", "take_up");
        check.found(&place.key("measure"), finding);
    }
    for (key, (low, high)) in [("entitled", declared.entitled), ("helped_elsewhere", declared.helped_elsewhere)] {
        let place = place.key("take_up").key(key);
        check.between(&place, low, 0.0, 1.0);
        check.between(&place, high, 0.0, 1.0);
        if low > high {
            check.found(&place, Finding::error("declaration-range-reversed"));
        }
    }
}

fn broken_down(check: &mut Check<'_>, place: &Place, indicator: &IndicatorDeclaration) {
    let attributes = &check.declared.town.attributes;
    for (at, breakdown) in indicator.breakdowns.iter().enumerate() {
        for (within, name) in breakdown.iter().enumerate() {
            let place = place.key("breakdowns").key(at).key(within);
            check.known(&place, "attribute", name, attributes.iter().map(|a| a.id.as_str()));
            let unit = attributes.iter().find(|a| a.id == *name).map(|a| a.unit);
            if indicator.counts == Some(Unit::Household) && unit == Some(Unit::Person) {
                check.found(&place, Finding::error("declaration-not-of-unit").with("name", name));
            }
        }
    }
    for (at, name) in indicator.standardise.iter().enumerate() {
        let place = place.key("standardise").key(at);
        let known = check.known(&place, "attribute", name, attributes.iter().map(|a| a.id.as_str()));
        if known && !indicator.breakdowns.iter().any(|b| b.len() == 1 && b[0] == *name) {
            check.found(&place, Finding::error("declaration-not-broken-down").with("name", name));
        }
    }
}

/// The kind of figure fits what is counted.
fn measured(check: &mut Check<'_>, place: &Place, indicator: &IndicatorDeclaration) {
    let (fits, kind) = match &indicator.count {
        Count::Units { numerator: Some(_), .. } => (indicator.measure == Measure::Share, "units with a numerator"),
        Count::Units { .. } => (indicator.measure == Measure::Count, "units"),
        Count::Events { denominator: Some(_), .. } => (indicator.measure == Measure::Rate, "events of units"),
        Count::Events { .. } => (indicator.measure == Measure::Count, "events"),
        Count::Survey { .. } => (indicator.measure == Measure::Mean, "survey"),
        Count::Figures { .. } => (indicator.measure == Measure::Mean, "figures"),
    };
    if !fits {
        check.found(&place.key("measure"), Finding::error("declaration-measure-differs").with("kind", kind));
    }
}
