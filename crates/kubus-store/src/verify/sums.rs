//! Checks that can be made on published figures alone: a table keeps to the rules it was
//! published under, and lists only areas that the release lists.

use kubus_model::{Cell, Finding, Indicator, Measure, Release, Ruleset, Table};

/// Every table of a release against its rules and its list of areas.
pub(super) fn verify_sums(release: &Release) -> Vec<Finding> {
    let rules = &release.manifest().rules;
    release.tables().iter().flat_map(|table| verify_table(release, table, rules)).collect()
}

fn verify_table(release: &Release, table: &Table, rules: &Ruleset) -> Vec<Finding> {
    let about = |code: &str, count: usize| {
        Finding::error(code).with("indicator", table.indicator()).with("level", table.level()).with("cells", count)
    };
    let Some(indicator) = release.indicator(table.indicator()) else {
        return vec![about("table-without-indicator", table.cells().len())];
    };
    let unlisted = table.areas().iter().filter(|code| release.area(table.level(), code).is_none()).count();
    let count = |broken: &dyn Fn(&Cell) -> bool| table.cells().iter().filter(|cell| broken(cell)).count();
    let checks = [
        ("area-not-listed", unlisted),
        ("share-above-whole", count(&|cell| exceeds_whole(indicator, cell))),
        ("count-below-threshold", count(&|cell| below_threshold(indicator, rules, cell))),
        ("suppressed-with-figure", count(&has_hidden_figure)),
    ];
    checks.into_iter().filter(|(_, found)| *found > 0).map(|(code, found)| about(code, found)).collect()
}

fn exceeds_whole(indicator: &Indicator, cell: &Cell) -> bool {
    let both = cell.numerator.zip(cell.denominator);
    indicator.measure == Measure::Share && both.is_some_and(|(part, whole)| part > whole)
}

/// Zeros and small counts are one class and do not occur as figures, unless figures were public
/// already (rules without perturbation).
fn below_threshold(indicator: &Indicator, rules: &Ruleset, cell: &Cell) -> bool {
    let least = if indicator.sensitive { rules.min_count_sensitive } else { rules.min_count };
    let counted = indicator.measure != Measure::Mean && rules.perturbation.is_some();
    counted && cell.numerator.is_some_and(|count| count < least)
}

fn has_hidden_figure(cell: &Cell) -> bool {
    !cell.status.is_published() && (cell.numerator.is_some() || cell.value.is_some())
}
