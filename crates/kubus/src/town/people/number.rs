//! Numbers of persons and households: nine digits, each used once, scattered so that neighbours do
//! not have consecutive numbers.

/// How many numbers of eight digits there are.
const SPACE: usize = 90_000_000;
/// A step that visits every one of them: it shares no factor with [`SPACE`].
const STEP: usize = 37_586_951;

/// The number of the person at a position. Its last digit never fits the eleven test (elfproef),
/// so that no number can be a citizen service number.
pub(in crate::town) fn person_number(position: usize) -> usize {
    let base = 10_000_000 + position * STEP % SPACE;
    base * 10 + (fitting_digit(base) + 5) % 10
}

/// The number of the household at a position.
pub(in crate::town) fn household_number(position: usize) -> usize {
    let base = 10_000_000 + (position * STEP + 41_000_003) % SPACE;
    base * 10 + (fitting_digit(base) + 3) % 10
}

/// The last digit with which a number would pass the eleven test; 10 when none does.
fn fitting_digit(base: usize) -> usize {
    let digits = (0..8).map(|at| base / 10_usize.pow(7 - at) % 10);
    digits.zip((2..=9).rev()).map(|(digit, weight)| digit * weight).sum::<usize>() % 11
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn passes_eleven_test(number: usize) -> bool {
        let digits: Vec<usize> = (0..9).map(|at| number / 10_usize.pow(8 - at) % 10).collect();
        let sum: usize = (0..8).map(|at| digits[at] * (9 - at)).sum();
        sum % 11 == digits[8]
    }

    #[test]
    fn the_eleven_test_knows_a_number_that_passes() {
        assert!(passes_eleven_test(111_222_333));
    }

    #[test]
    fn no_number_can_be_a_citizen_service_number() {
        let numbers = (0..50_000).flat_map(|at| [person_number(at), household_number(at)]);
        assert!(numbers.into_iter().all(|n| (100_000_000..1_000_000_000).contains(&n) && !passes_eleven_test(n)));
    }

    #[test]
    fn numbers_are_used_once() {
        let numbers: BTreeSet<usize> = (0..300_000).map(person_number).collect();
        assert_eq!(numbers.len(), 300_000);
    }
}
