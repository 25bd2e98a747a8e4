//! Which units have a row in another source that holds in a period. Called by the counters.

use super::ground::NOWHERE;
use super::population::Snapshot;
use crate::declaration::Unit;
use crate::link::{SourceRows, Span};

/// Per unit of a snapshot whether one of the rows for which `chosen` is true holds in the period.
/// A row with a number of the unit's own kind is matched by it; a row without is matched through
/// the household: a person's household has what one of its persons has, and a person has what
/// the household as a whole has.
pub(crate) fn held(snapshot: &Snapshot, unit: Unit, rows: &SourceRows, chosen: &[bool], period: Span) -> Vec<bool> {
    let mut held = vec![false; snapshot.units(unit).len()];
    let mut by_household = vec![false; if unit == Unit::Person { snapshot.households.len() } else { 0 }];
    for (row, span) in rows.spans.iter().enumerate() {
        if !chosen[row] || !span.overlaps(period) {
            continue;
        }
        let person = snapshot.person_at.get(&rows.person[row]);
        let household = snapshot.household_at.get(&rows.household[row]);
        match unit {
            Unit::Person if rows.person[row] != 0 => mark(&mut held, person.copied()),
            Unit::Person => mark(&mut by_household, household.copied()),
            Unit::Household if rows.household[row] != 0 => mark(&mut held, household.copied()),
            Unit::Household => mark(&mut held, person.map(|at| snapshot.household_of[*at as usize])),
        }
    }
    if by_household.contains(&true) {
        for (person, household) in held.iter_mut().zip(&snapshot.household_of) {
            *person |= *household != NOWHERE && by_household[*household as usize];
        }
    }
    held
}

fn mark(units: &mut [bool], at: Option<u32>) {
    if let Some(unit) = at.and_then(|at| units.get_mut(at as usize)) {
        *unit = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Persons 1, 2 and 3; the first two form household 9.
    fn snapshot() -> Snapshot {
        Snapshot {
            day: 0,
            persons: vec![0, 1, 2],
            households: vec![0],
            household_of: vec![0, 0, NOWHERE],
            person_at: [(1, 0), (2, 1), (3, 2)].into(),
            household_at: [(9, 0)].into(),
        }
    }

    fn rows(person: u64, household: u64) -> SourceRows {
        SourceRows {
            person: vec![person],
            household: vec![household],
            spans: vec![Span { first: 10, last: 20 }],
            ..SourceRows::default()
        }
    }

    fn of(unit: Unit, rows: &SourceRows) -> Vec<bool> {
        held(&snapshot(), unit, rows, &[true], Span { first: 20, last: 30 })
    }

    #[test]
    fn a_person_is_matched_by_its_own_number() {
        assert_eq!(of(Unit::Person, &rows(2, 9)), [false, true, false]);
    }

    #[test]
    fn a_row_of_a_household_holds_for_its_persons() {
        assert_eq!(of(Unit::Person, &rows(0, 9)), [true, true, false]);
        assert_eq!(of(Unit::Household, &rows(0, 9)), [true]);
    }

    #[test]
    fn a_row_of_a_person_alone_holds_for_the_household() {
        assert_eq!(of(Unit::Household, &rows(2, 0)), [true]);
        assert_eq!(of(Unit::Household, &rows(3, 0)), [false]);
    }

    #[test]
    fn a_row_outside_the_period_or_not_chosen_holds_for_nobody() {
        let outside = Span { first: 21, last: 30 };
        assert_eq!(held(&snapshot(), Unit::Household, &rows(0, 9), &[true], outside), [false]);
        assert_eq!(held(&snapshot(), Unit::Household, &rows(0, 9), &[false], Span::ALWAYS), [false]);
    }
}
