//! The outline of a set of squares, as polygons with holes in RD New.

use std::collections::BTreeMap;

use super::{Lattice, Point};

/// Polygons, each an outer ring (counter-clockwise) followed by its holes (clockwise). Rings are
/// closed: the first point is repeated at the end.
pub(in crate::town) type Shape = Vec<Vec<Vec<Point>>>;

/// A corner of the lattice by column and row.
type Corner = (usize, usize);

impl Lattice {
    /// The outline of the squares for which `inside` holds.
    pub(in crate::town) fn outline(&self, inside: impl Fn(usize) -> bool) -> Shape {
        let rings: Vec<Vec<Point>> = self
            .rings(&self.edges(inside))
            .into_iter()
            .map(|ring| ring.into_iter().map(|(column, row)| self.corner(column, row)).collect())
            .collect();
        let (outer, holes): (Vec<_>, Vec<_>) = rings.into_iter().partition(|ring| area(ring) > 0.0);
        let mut shape: Shape = outer.into_iter().map(|ring| vec![ring]).collect();
        for hole in holes {
            let at = shape.iter().position(|polygon| holds(&polygon[0], middle(&hole))).unwrap_or(0);
            shape[at].push(hole);
        }
        shape
    }

    /// The sides between an inside and an outside square, directed with the inside on the left:
    /// the ends by their start.
    fn edges(&self, inside: impl Fn(usize) -> bool) -> BTreeMap<Corner, Vec<Corner>> {
        let mut edges: BTreeMap<Corner, Vec<Corner>> = BTreeMap::new();
        let is_in = |column: usize, row: usize| {
            column < self.columns() && row < self.rows() && inside(row * self.columns() + column)
        };
        for square in (0..self.len()).filter(|s| inside(*s)) {
            let (c, r) = self.place(square);
            let sides = [
                (is_in(c, r.wrapping_sub(1)), (c, r), (c + 1, r)),
                (is_in(c + 1, r), (c + 1, r), (c + 1, r + 1)),
                (is_in(c, r + 1), (c + 1, r + 1), (c, r + 1)),
                (is_in(c.wrapping_sub(1), r), (c, r + 1), (c, r)),
            ];
            for (_, from, to) in sides.into_iter().filter(|(shared, _, _)| !shared) {
                edges.entry(from).or_default().push(to);
            }
        }
        edges
    }

    /// Joins directed sides into closed rings. Where two squares meet in a corner only, the ring
    /// stays with its own square: it turns left first.
    fn rings(&self, edges: &BTreeMap<Corner, Vec<Corner>>) -> Vec<Vec<Corner>> {
        let mut left = edges.clone();
        let mut rings = Vec::new();
        while let Some((start, first)) = left.iter().find_map(|(from, to)| to.first().map(|to| (*from, *to))) {
            let mut ring = vec![start];
            let (mut before, mut here) = (start, first);
            remove(&mut left, before, here);
            while here != start {
                ring.push(here);
                let Some(next) = leftmost(left.get(&here), before, here) else { break };
                remove(&mut left, here, next);
                (before, here) = (here, next);
            }
            ring.push(start);
            rings.push(ring);
        }
        rings
    }
}

fn remove(edges: &mut BTreeMap<Corner, Vec<Corner>>, from: Corner, to: Corner) {
    if let Some(ends) = edges.get_mut(&from) {
        ends.retain(|end| *end != to);
        if ends.is_empty() {
            edges.remove(&from);
        }
    }
}

/// Of the sides that leave `here`, the one that turns most to the left.
fn leftmost(ends: Option<&Vec<Corner>>, before: Corner, here: Corner) -> Option<Corner> {
    let step = |a: Corner, b: Corner| (b.0 as f64 - a.0 as f64, b.1 as f64 - a.1 as f64);
    let (ax, ay) = step(before, here);
    let turn = |end: &Corner| {
        let (bx, by) = step(here, *end);
        ax * by - ay * bx
    };
    ends?.iter().copied().max_by(|a, b| turn(a).total_cmp(&turn(b)))
}

/// Twice the signed surface: positive for a counter-clockwise ring.
fn area(ring: &[Point]) -> f64 {
    let origin = ring[0];
    let cross = |a: Point, b: Point| (a.0 - origin.0) * (b.1 - origin.1) - (b.0 - origin.0) * (a.1 - origin.1);
    ring.windows(2).map(|pair| cross(pair[0], pair[1])).sum()
}

/// A point just outside a clockwise hole's own squares is hard to name; the middle of its first
/// side serves, because holes lie strictly within their outer ring or touch it in corners only.
fn middle(ring: &[Point]) -> Point {
    (f64::midpoint(ring[0].0, ring[1].0), f64::midpoint(ring[0].1, ring[1].1))
}

/// Whether a point lies within a ring (even-odd rule).
fn holds(ring: &[Point], point: Point) -> bool {
    let crosses = |a: Point, b: Point| {
        (a.1 > point.1) != (b.1 > point.1) && point.0 < (b.0 - a.0) * (point.1 - a.1) / (b.1 - a.1) + a.0
    };
    ring.windows(2).filter(|pair| crosses(pair[0], pair[1])).count() % 2 == 1
}

/// Surface of a shape in square metres.
pub(in crate::town) fn surface(shape: &Shape) -> f64 {
    shape.iter().flatten().map(|ring| area(ring) / 2.0).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(lattice: &Lattice) -> f64 {
        surface(&lattice.outline(|_| true))
    }

    proptest::proptest! {
        #[test]
        fn a_set_of_squares_and_its_complement_cover_the_whole_once(
            seed: u64,
            chosen in proptest::collection::vec(proptest::bool::ANY, 80),
        ) {
            let lattice = Lattice::new(seed, 40);
            let inside = |s: usize| chosen[s % 80];
            let parts = surface(&lattice.outline(inside)) + surface(&lattice.outline(|s| !inside(s)));
            proptest::prop_assert!((parts - whole(&lattice)).abs() < 0.01);
        }
    }

    #[test]
    fn a_hole_belongs_to_the_polygon_around_it() {
        let lattice = Lattice::new(1, 40);
        let hole = lattice.columns() + 1;
        let shape = lattice.outline(|s| s != hole);
        assert_eq!(shape.len(), 1);
        assert_eq!(shape[0].len(), 2);
        assert_eq!(shape[0][1].len(), 5);
    }
}
