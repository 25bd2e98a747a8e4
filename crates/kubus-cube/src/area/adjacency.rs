//! Which areas of a level are adjacent.
//!
//! * polygons: they share at least [`SHARED`] metres of border, where borders within [`GAP`] of
//!   each other count as one (drawings of different makers never fit exactly);
//! * squares: they share a side;
//! * hulls of addresses: they come within [`NEAR`] of each other.
//!
//! Corners that touch do not make areas adjacent (rook, not queen). Called by [`super::level`].

use geo::line_measures::Distance;
use geo::{Euclidean, Line, LinesIter, MultiPolygon};
use rayon::prelude::*;
use rstar::RTree;
use rstar::primitives::GeomWithData;

use super::areas::Areas;
use super::grid;
use super::locate::{box_tree, near};

/// Borders within this many metres of each other are the same border.
const GAP: f64 = 1.0;

/// Least length of a shared border, in metres. Two squares that touch at a corner share at most 4.
const SHARED: f64 = 5.0;

/// Streets whose hulls are within this many metres are adjacent.
const NEAR: f64 = 30.0;

/// How a level was drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Drawing {
    /// From a file.
    Polygons,
    /// Hulls of addresses.
    Hulls,
    /// Squares of this side in metres.
    Squares(u32),
}

/// For each area the positions of its neighbours, ascending.
pub(crate) fn adjacency(areas: &Areas, drawing: Drawing) -> Vec<Vec<u32>> {
    match drawing {
        Drawing::Polygons => pairs(areas, GAP, |a, b| shared_border(a, b) >= SHARED),
        Drawing::Hulls => pairs(areas, NEAR, |a, b| Euclidean.distance(a, b) < NEAR),
        Drawing::Squares(size) => squares(areas, size),
    }
}

fn squares(areas: &Areas, size: u32) -> Vec<Vec<u32>> {
    let of = |code| {
        let mut found: Vec<u32> = grid::neighbours(code, size).iter().filter_map(|n| areas.position(n)).collect();
        found.sort_unstable();
        found
    };
    areas.list.iter().map(|a| of(&a.code)).collect()
}

/// Tests every pair whose boxes come within `margin`, once, and lists both ways.
fn pairs(areas: &Areas, margin: f64, test: impl Fn(&MultiPolygon, &MultiPolygon) -> bool + Sync) -> Vec<Vec<u32>> {
    let tree = box_tree(areas.list.iter().map(|a| &a.shape));
    let later = |at: usize| -> Vec<u32> {
        let shape = &areas.list[at].shape;
        let found = near(&tree, shape, margin).into_iter();
        found.filter(|other| *other as usize > at && test(shape, &areas.list[*other as usize].shape)).collect()
    };
    let found: Vec<Vec<u32>> = (0..areas.list.len()).into_par_iter().map(later).collect();
    both_ways(&found)
}

fn both_ways(later: &[Vec<u32>]) -> Vec<Vec<u32>> {
    let mut all = vec![Vec::new(); later.len()];
    for (at, others) in (0_u32..).zip(later) {
        for other in others {
            all[at as usize].push(*other);
            all[*other as usize].push(at);
        }
    }
    all.iter_mut().for_each(|list| list.sort_unstable());
    all
}

/// The length of the border of `a` that lies within [`GAP`] of the border of `b`, in metres.
fn shared_border(a: &MultiPolygon, b: &MultiPolygon) -> f64 {
    let lines: Vec<_> = b.lines_iter().map(|line| GeomWithData::new(segment(line), line)).collect();
    let tree = RTree::bulk_load(lines);
    a.lines_iter().map(|line| shared_length(line, &tree)).sum()
}

type Segment = rstar::primitives::Line<[f64; 2]>;

fn segment(line: Line) -> Segment {
    Segment::new(line.start.x_y().into(), line.end.x_y().into())
}

fn shared_length(line: Line, tree: &RTree<GeomWithData<Segment, Line>>) -> f64 {
    let (low, high) = (line.start, line.end);
    let reach = rstar::AABB::from_corners(
        [low.x.min(high.x) - GAP, low.y.min(high.y) - GAP],
        [low.x.max(high.x) + GAP, low.y.max(high.y) + GAP],
    );
    let mut spans: Vec<(f64, f64)> =
        tree.locate_in_envelope_intersecting(reach).filter_map(|other| span(line, other.data)).collect();
    spans.sort_by(|p, q| p.0.total_cmp(&q.0));
    let mut covered = 0.0;
    let mut end = 0.0;
    for (from, to) in spans {
        covered += (to - from.max(end)).max(0.0);
        end = to.max(end);
    }
    covered
}

/// The part of `line` (from, to in metres along it) that lies within [`GAP`] of `other`. That set
/// is where a straight line crosses a box with round ends, so it is one stretch: the hull of the
/// stretches in the two discs and the box.
fn span(line: Line, other: Line) -> Option<(f64, f64)> {
    let length = line.dx().hypot(line.dy());
    if length <= 0.0 {
        return None;
    }
    let (ux, uy) = (line.dx() / length, line.dy() / length);
    let along = |x: f64, y: f64| {
        ((x - line.start.x) * ux + (y - line.start.y) * uy, (y - line.start.y) * ux - (x - line.start.x) * uy)
    };
    let (s, e) = (along(other.start.x, other.start.y), along(other.end.x, other.end.y));
    let stretches = [disc(s), disc(e), band(s, e)];
    let found = stretches.into_iter().flatten();
    let (from, to) = found.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), (c, d)| (a.min(c), b.max(d)));
    let (from, to) = (from.max(0.0), to.min(length));
    (from < to).then_some((from, to))
}

/// Where the axis crosses a disc around a point.
fn disc((along, aside): (f64, f64)) -> Option<(f64, f64)> {
    let half = (GAP * GAP - aside * aside).max(0.0).sqrt();
    (aside.abs() < GAP).then_some((along - half, along + half))
}

/// Where the axis crosses the box around a segment from `s` to `e` (along, aside).
fn band(s: (f64, f64), e: (f64, f64)) -> Option<(f64, f64)> {
    let length = (e.0 - s.0).hypot(e.1 - s.1);
    if length <= 0.0 {
        return None;
    }
    let (ux, uy) = ((e.0 - s.0) / length, (e.1 - s.1) / length);
    let across = limits(-s.0 * -uy - s.1 * ux, -uy, -GAP, GAP)?;
    let within = limits(-s.0 * ux - s.1 * uy, ux, 0.0, length)?;
    let (from, to) = (across.0.max(within.0), across.1.min(within.1));
    (from < to).then_some((from, to))
}

/// The t for which `low <= offset + t × slope <= high`.
fn limits(offset: f64, slope: f64, low: f64, high: f64) -> Option<(f64, f64)> {
    if slope.abs() < 1e-12 {
        return (low..=high).contains(&offset).then_some((f64::NEG_INFINITY, f64::INFINITY));
    }
    let (p, q) = ((low - offset) / slope, (high - offset) / slope);
    Some((p.min(q), p.max(q)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::area::areas::Area;
    use geo::{MultiPolygon, Rect, polygon};
    use kubus_model::AreaCode;
    use proptest::prelude::*;

    fn rectangle(x: f64, y: f64, width: f64, height: f64) -> MultiPolygon {
        let (low, high) = (geo::Coord { x, y }, geo::Coord { x: x + width, y: y + height });
        MultiPolygon::new(vec![Rect::new(low, high).to_polygon()])
    }

    fn areas(shapes: Vec<MultiPolygon>) -> Areas {
        let area = |(at, shape): (usize, MultiPolygon)| {
            let code = AreaCode(format!("{at:02}"));
            Area { name: code.0.clone(), code, shape }
        };
        Areas { list: shapes.into_iter().enumerate().map(area).collect(), water: Vec::new() }
    }

    #[test]
    fn areas_that_share_a_border_within_a_metre_are_adjacent() {
        let shapes = vec![rectangle(0.0, 0.0, 100.0, 100.0), rectangle(100.8, 40.0, 50.0, 30.0)];
        assert_eq!(adjacency(&areas(shapes), Drawing::Polygons), vec![vec![1], vec![0]]);
    }

    #[test]
    fn a_corner_or_a_gap_of_two_metres_does_not_make_areas_adjacent() {
        let first = rectangle(0.0, 0.0, 100.0, 100.0);
        for other in [rectangle(100.0, 100.0, 50.0, 50.0), rectangle(102.0, 0.0, 50.0, 100.0)] {
            let found = adjacency(&areas(vec![first.clone(), other]), Drawing::Polygons);
            assert_eq!(found, vec![Vec::<u32>::new(), Vec::new()]);
        }
    }

    #[test]
    fn a_border_is_measured_once_however_its_other_side_is_cut_up() {
        let left = rectangle(0.0, 0.0, 10.0, 100.0);
        let right = polygon![
            (x: 10.0, y: 0.0), (x: 30.0, y: 0.0), (x: 30.0, y: 100.0), (x: 10.0, y: 100.0), (x: 10.0, y: 50.0),
            (x: 10.0, y: 20.0), (x: 10.0, y: 0.0)
        ];
        let length = shared_border(&left, &MultiPolygon::new(vec![right]));
        assert!((100.0..=103.0).contains(&length), "{length}");
    }

    #[test]
    fn hulls_within_thirty_metres_are_adjacent() {
        let shapes =
            vec![rectangle(0.0, 0.0, 25.0, 25.0), rectangle(50.0, 0.0, 25.0, 25.0), rectangle(110.0, 0.0, 25.0, 25.0)];
        assert_eq!(adjacency(&areas(shapes), Drawing::Hulls), vec![vec![1], vec![0], vec![]]);
    }

    proptest! {
        #[test]
        fn adjacency_goes_both_ways_and_never_to_itself(
            boxes in prop::collection::vec((0u8..10, 0u8..10, 1u8..4, 1u8..4), 1..15)
        ) {
            let shape = |(x, y, w, h): &(u8, u8, u8, u8)| {
                rectangle(f64::from(*x) * 10.0, f64::from(*y) * 10.0, f64::from(*w) * 10.0, f64::from(*h) * 10.0)
            };
            let found = adjacency(&areas(boxes.iter().map(shape).collect()), Drawing::Polygons);
            for (at, others) in (0u32..).zip(&found) {
                prop_assert!(!others.contains(&at));
                for other in others {
                    prop_assert!(found[*other as usize].contains(&at));
                }
            }
        }
    }
}
