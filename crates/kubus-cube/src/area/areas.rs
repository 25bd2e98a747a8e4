//! The areas of one level and vintage: codes, names and shapes. Read by [`super::boundary`], made
//! of addresses by [`super::assign`], [`super::hull`] and [`super::grid`].

use geo::{Area as _, MultiPolygon};
use kubus_model::AreaCode;

/// An area of which only the drawing is kept.
#[derive(Debug, Clone)]
pub(crate) struct Water {
    /// Code.
    pub(crate) code: AreaCode,
    /// Name.
    pub(crate) name: String,
    /// Shape in RD metres.
    pub(crate) shape: MultiPolygon,
}

/// One area.
#[derive(Debug, Clone)]
pub(crate) struct Area {
    /// Code.
    pub(crate) code: AreaCode,
    /// Name for people; the code when there is none.
    pub(crate) name: String,
    /// Shape in RD metres; empty when there is none.
    pub(crate) shape: MultiPolygon,
}

/// The areas of one level and vintage, sorted by code, water apart.
#[derive(Debug, Clone, Default)]
pub(crate) struct Areas {
    /// Land, sorted by code.
    pub(crate) list: Vec<Area>,
    /// Water, sorted by code.
    pub(crate) water: Vec<Water>,
}

impl Area {
    /// An area without a name or a shape.
    pub(crate) fn bare(code: AreaCode) -> Self {
        Self { name: code.0.clone(), code, shape: MultiPolygon::new(Vec::new()) }
    }
}

impl Areas {
    /// The position of a code.
    pub(crate) fn position(&self, code: &AreaCode) -> Option<u32> {
        let at = self.list.binary_search_by(|a| a.code.cmp(code)).ok()?;
        u32::try_from(at).ok()
    }

    /// Whether any area has a shape.
    pub(crate) fn has_shapes(&self) -> bool {
        self.list.iter().any(|a| !a.shape.0.is_empty())
    }

    /// Adds the codes that are not in the list, without shapes. Returns how many were added.
    pub(crate) fn add_codes(&mut self, codes: &[AreaCode]) -> usize {
        let new: Vec<Area> =
            codes.iter().filter(|c| self.position(c).is_none()).map(|c| Area::bare(c.clone())).collect();
        let added = new.len();
        self.list.extend(new);
        self.list.sort_by(|a, b| a.code.cmp(&b.code));
        added
    }

    /// The surface of all land, in square metres.
    pub(crate) fn surface(&self) -> f64 {
        self.list.iter().map(|a| a.shape.unsigned_area()).sum()
    }
}

/// Whether a code or a water column means water: `JA` (large water) or `B` (abroad), or a CBS code
/// that ends in 9997, 9998 or 9999. Postcode 9997 is not water.
pub(crate) fn is_water(code: &str, column: Option<&str>) -> bool {
    let said = column.is_some_and(|v| matches!(v.trim(), "JA" | "B" | "Ja" | "ja"));
    let cbs = code.starts_with("BU") || code.starts_with("WK");
    said || (cbs && ["9997", "9998", "9999"].iter().any(|end| code.ends_with(end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn water_is_told_by_its_column_or_by_its_code() {
        assert!(is_water("BU00349997", Some("NEE")));
        assert!(is_water("BU00340101", Some("JA")));
        assert!(is_water("BU00340101", Some("B")));
        assert!(!is_water("BU00340101", Some("NEE")));
        assert!(!is_water("BU00340101", None));
    }

    #[test]
    fn a_postcode_that_ends_as_water_does_is_land() {
        assert!(!is_water("9997", None));
        assert!(!is_water("9998AB", None));
    }

    #[test]
    fn codes_of_addresses_are_added_once_and_sorted() {
        let mut areas = Areas { list: vec![Area::bare(AreaCode::new("B"))], water: Vec::new() };
        let added = areas.add_codes(&[AreaCode::new("A"), AreaCode::new("B"), AreaCode::new("C")]);
        assert_eq!(added, 2);
        assert_eq!(areas.position(&AreaCode::new("A")), Some(0));
        assert_eq!(areas.position(&AreaCode::new("C")), Some(2));
    }
}
