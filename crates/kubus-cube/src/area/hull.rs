//! Drawings of areas that are known by their addresses only (streets): the convex hull of the
//! addresses, rounded outwards so that no single address can be pointed at.
//!
//! Every address stands for a square of 25 m, its corners rounded outwards to 5 m; the hull is
//! drawn around the squares. A street with fewer than five addresses is not drawn. Called by
//! [`super::assign`].

use geo::{ConvexHull, Coord, MultiPoint, MultiPolygon};

/// Fewest addresses of an area that is drawn.
pub(crate) const FEWEST: usize = 5;

/// Half the side, in metres, of the square that stands for an address.
const HALF: f64 = 12.5;

/// Corners are rounded outwards to this many metres.
const STEP: f64 = 5.0;

/// The hull of addresses in RD metres; empty for fewer than [`FEWEST`].
pub(crate) fn hull(points: &[Coord]) -> MultiPolygon {
    if points.len() < FEWEST {
        return MultiPolygon::new(Vec::new());
    }
    let corners: Vec<geo::Point> = points.iter().flat_map(|p| square(*p)).collect();
    MultiPolygon::new(vec![MultiPoint::new(corners).convex_hull()])
}

/// The four corners of the square around a point.
fn square(at: Coord) -> [geo::Point; 4] {
    let down = |v: f64| ((v - HALF) / STEP).floor() * STEP;
    let up = |v: f64| ((v + HALF) / STEP).ceil() * STEP;
    let (west, east, south, north) = (down(at.x), up(at.x), down(at.y), up(at.y));
    [(west, south), (east, south), (east, north), (west, north)].map(geo::Point::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Area, BoundingRect, Contains};
    use proptest::prelude::*;

    #[test]
    fn a_street_of_four_addresses_is_not_drawn() {
        let points = [Coord { x: 1000.0, y: 1000.0 }; 4];
        assert!(hull(&points).0.is_empty());
    }

    proptest! {
        #[test]
        fn a_hull_holds_its_addresses_and_is_never_smaller_than_25_metres(
            points in prop::collection::vec((0.0f64..400.0, 0.0f64..400.0), 5..30)
        ) {
            let points: Vec<Coord> = points.into_iter().map(|(x, y)| Coord { x, y }).collect();
            let shape = hull(&points);
            for point in &points {
                prop_assert!(shape.contains(&geo::Point::from(*point)));
            }
            let bounds = shape.bounding_rect().unwrap();
            prop_assert!(bounds.width() >= 25.0 && bounds.height() >= 25.0 && shape.unsigned_area() >= 625.0);
        }

        #[test]
        fn five_addresses_on_one_spot_do_not_show_the_spot(x in 0.0f64..100.0, y in 0.0f64..100.0) {
            let bounds = hull(&[Coord { x, y }; 5]).bounding_rect().unwrap();
            prop_assert!((bounds.min().x / STEP).fract().abs() < 1e-9);
            prop_assert!((bounds.max().y / STEP).fract().abs() < 1e-9);
        }
    }
}
