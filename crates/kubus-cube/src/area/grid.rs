//! Squares of CBS: a square of `size` metres is named after its south-west corner in hundreds of
//! metres, `E1385N4567`. Source: CBS, *Vierkantstatistieken*. Called by [`super::assign`].

use geo::{Coord, MultiPolygon, Rect};
use kubus_model::AreaCode;

/// The code of the square that holds a point in RD metres.
pub(crate) fn code(at: Coord, size: u32) -> Option<AreaCode> {
    let (east, north) = (corner(at.x, size)?, corner(at.y, size)?);
    Some(AreaCode(format!("E{:04}N{:04}", east / 100, north / 100)))
}

/// The largest multiple of `size` that is not above a coordinate; `None` outside RD.
fn corner(metres: f64, size: u32) -> Option<u32> {
    if !(0.0..1_000_000.0).contains(&metres) || size == 0 {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and a million")]
    let whole = metres as u32;
    Some(whole / size * size)
}

/// The south-west corner of a square in metres.
pub(crate) fn origin(code: &AreaCode) -> Option<(u32, u32)> {
    let (east, north) = code.as_str().strip_prefix('E')?.split_once('N')?;
    Some((east.parse::<u32>().ok()?.checked_mul(100)?, north.parse::<u32>().ok()?.checked_mul(100)?))
}

/// The square itself, in RD metres.
pub(crate) fn square(code: &AreaCode, size: u32) -> Option<MultiPolygon> {
    let (east, north) = origin(code)?;
    let low = Coord { x: f64::from(east), y: f64::from(north) };
    let high = Coord { x: low.x + f64::from(size), y: low.y + f64::from(size) };
    Some(MultiPolygon::new(vec![Rect::new(low, high).to_polygon()]))
}

/// The codes of the four squares that share a side.
pub(crate) fn neighbours(code: &AreaCode, size: u32) -> Vec<AreaCode> {
    let Some((east, north)) = origin(code) else { return Vec::new() };
    let name = |e: Option<u32>, n: Option<u32>| Some(AreaCode(format!("E{:04}N{:04}", e? / 100, n? / 100)));
    [
        name(east.checked_sub(size), Some(north)),
        name(east.checked_add(size), Some(north)),
        name(Some(east), north.checked_sub(size)),
        name(Some(east), north.checked_add(size)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{BoundingRect, Intersects};
    use proptest::prelude::*;

    #[test]
    fn squares_are_named_as_cbs_names_them() {
        let at = Coord { x: 138_512.3, y: 456_799.9 };
        assert_eq!(code(at, 100), Some(AreaCode::new("E1385N4567")));
        assert_eq!(code(at, 500), Some(AreaCode::new("E1385N4565")));
        assert_eq!(code(Coord { x: -1.0, y: 0.0 }, 100), None);
        assert_eq!(code(Coord { x: f64::NAN, y: 0.0 }, 100), None);
    }

    proptest! {
        #[test]
        fn a_point_lies_in_the_square_that_is_named_after_it(x in 0.0f64..300_000.0, y in 300_000.0f64..630_000.0) {
            for size in [100, 500] {
                let name = code(Coord { x, y }, size).unwrap();
                let shape = square(&name, size).unwrap();
                prop_assert!(shape.intersects(&geo::Point::new(x, y)));
                prop_assert!((shape.bounding_rect().unwrap().width() - f64::from(size)).abs() < 1e-9);
                for neighbour in neighbours(&name, size) {
                    prop_assert!(neighbours(&neighbour, size).contains(&name));
                }
            }
        }
    }
}
