//! Codes that hold the code of the coarser area: `BU00340101` lies in `WK003401`, which lies in
//! `GM0034`; `1315XA` lies in `1315`. Called by [`super::assign`] and [`super::crosswalk`].

use kubus_model::AreaCode;

/// Digits of a CBS code by its two letters.
const CBS_WIDTHS: [(&str, usize); 3] = [("GM", 4), ("WK", 6), ("BU", 8)];

/// The coarser code within `finer`, in the form that `example` (any code of the coarser level)
/// has. `None` when the codes do not nest by their form.
///
/// A CBS code gives its first digits behind the letters of the coarser level; any other code its
/// first characters.
pub(crate) fn coarser_code(finer: &AreaCode, example: &AreaCode) -> Option<AreaCode> {
    let (fine, coarse) = match (cbs_form(finer), cbs_form(example)) {
        (Some(fine), Some(coarse)) => (fine, coarse),
        (None, None) => {
            let length = example.as_str().chars().count();
            let longer = finer.as_str().chars().count() > length;
            return longer.then(|| AreaCode(finer.as_str().chars().take(length).collect()));
        }
        _ => return None,
    };
    let digits = finer.as_str().get(2..2 + coarse.1)?;
    (fine.1 > coarse.1).then(|| AreaCode(format!("{}{digits}", coarse.0)))
}

/// The letters and the number of digits of a CBS code.
fn cbs_form(code: &AreaCode) -> Option<(&'static str, usize)> {
    let digits = code.as_str().get(2..)?;
    let (letters, width) = CBS_WIDTHS.into_iter().find(|(letters, _)| code.as_str().starts_with(letters))?;
    (digits.len() == width && digits.bytes().all(|b| b.is_ascii_digit())).then_some((letters, width))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn within(finer: &str, example: &str) -> Option<String> {
        coarser_code(&AreaCode::new(finer), &AreaCode::new(example)).map(|c| c.0)
    }

    #[test]
    fn a_cbs_code_holds_the_codes_of_its_district_and_municipality() {
        assert_eq!(within("BU00345104", "WK000000").as_deref(), Some("WK003451"));
        assert_eq!(within("BU00345104", "GM0000").as_deref(), Some("GM0034"));
        assert_eq!(within("WK003451", "GM0000").as_deref(), Some("GM0034"));
    }

    #[test]
    fn another_code_holds_its_first_characters() {
        assert_eq!(within("1315XA", "1311").as_deref(), Some("1315"));
    }

    #[test]
    fn codes_that_do_not_nest_give_nothing() {
        assert_eq!(within("WK003451", "BU00000000"), None);
        assert_eq!(within("BU00345104", "1315"), None);
        assert_eq!(within("13", "1311"), None);
        assert_eq!(within("BU003451x4", "WK000000"), None);
    }
}
