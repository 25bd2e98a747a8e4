//! Shares by surface, for areas without addresses. Called by [`super::crosswalk`],
//! [`super::atom`] and [`super::load`].
//!
//! Two drawings of one border never fit. A part of an old area is taken for such a misfit and
//! left out when it is a sliver (below [`SLIVER`] of the old area) or a strip (thinner than
//! [`STRIP_WIDTH`] on average and below [`STRIP`] of the old area). The other parts share what is
//! left, and an area that lies for [`WHOLE`] in one other lies in it wholly.

use geo::line_measures::LengthMeasurable;
use geo::{Area as _, BooleanOps, Euclidean, MultiPolygon};
use rayon::prelude::*;
use rstar::RTree;
use rstar::primitives::{GeomWithData, Rectangle};

use super::CrosswalkPart;
use super::areas::Areas;
use super::locate::{box_tree, near};

/// A part below this share of the old area is left out.
const SLIVER: f64 = 0.01;

/// A strip is below this share of the old area …
const STRIP: f64 = 0.05;

/// … and thinner than this many metres on average.
const STRIP_WIDTH: f64 = 40.0;

/// From this share on, an area lies wholly in another.
const WHOLE: f64 = 0.99;

type Tree = RTree<GeomWithData<Rectangle<[f64; 2]>, u32>>;

/// A piece of an old area in a new one.
#[derive(Debug, Clone, Copy)]
struct Piece {
    target: u32,
    surface: f64,
    width: f64,
}

/// For each old area its parts in the new areas, largest first; none for an area without a shape.
pub(crate) fn parts(old: &Areas, new: &Areas) -> Vec<Vec<CrosswalkPart>> {
    let tree = box_tree(new.list.iter().map(|a| &a.shape));
    old.list.par_iter().map(|area| shares(pieces(&area.shape, new, &tree))).collect()
}

/// For each area of `fine` the one of `coarse` with which it shares the largest surface.
pub(crate) fn largest(fine: &Areas, coarse: &Areas) -> Vec<Option<u32>> {
    let tree = box_tree(coarse.list.iter().map(|a| &a.shape));
    let one = |shape: &MultiPolygon| pieces(shape, coarse, &tree).first().map(|piece| piece.target);
    fine.list.par_iter().map(|area| one(&area.shape)).collect()
}

/// The pieces of a shape, largest first.
fn pieces(shape: &MultiPolygon, new: &Areas, tree: &Tree) -> Vec<Piece> {
    let piece = |target: u32| {
        let common = shape.intersection(&new.list[target as usize].shape);
        let surface = common.unsigned_area();
        let border: f64 = common.iter().map(|p| p.exterior().length(&Euclidean)).sum();
        (surface > 0.0 && border > 0.0).then(|| Piece { target, surface, width: 2.0 * surface / border })
    };
    let mut found: Vec<Piece> = near(tree, shape, 0.0).into_iter().filter_map(piece).collect();
    found.sort_by(|a, b| b.surface.total_cmp(&a.surface).then(a.target.cmp(&b.target)));
    found
}

/// Leaves out misfits and divides the whole over the rest.
fn shares(pieces: Vec<Piece>) -> Vec<CrosswalkPart> {
    let total: f64 = pieces.iter().map(|p| p.surface).sum();
    let misfit = |p: &Piece| {
        let share = p.surface / total;
        share < SLIVER || (share < STRIP && p.width < STRIP_WIDTH)
    };
    let (Some(first), true) = (pieces.first().copied(), total > 0.0) else { return Vec::new() };
    let mut kept: Vec<Piece> = pieces.into_iter().filter(|p| !misfit(p)).collect();
    if kept.is_empty() || first.surface >= WHOLE * total {
        kept = vec![first];
    }
    normalised(kept)
}

fn normalised(kept: Vec<Piece>) -> Vec<CrosswalkPart> {
    let total: f64 = kept.iter().map(|p| p.surface).sum();
    kept.into_iter().map(|p| CrosswalkPart { target: p.target, share: p.surface / total }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::area::areas::Area;
    use geo::{Coord, Rect};
    use kubus_model::AreaCode;
    use proptest::prelude::*;

    fn areas(boxes: &[(f64, f64, f64, f64)]) -> Areas {
        let area = |(at, (x, y, w, h)): (usize, &(f64, f64, f64, f64))| {
            let rect = Rect::new(Coord { x: *x, y: *y }, Coord { x: x + w, y: y + h });
            let code = AreaCode(format!("{at:02}"));
            Area { name: code.0.clone(), code, shape: MultiPolygon::new(vec![rect.to_polygon()]) }
        };
        Areas { list: boxes.iter().enumerate().map(area).collect(), water: Vec::new() }
    }

    #[test]
    fn an_area_that_is_cut_in_two_is_shared_by_surface() {
        let new = areas(&[(0.0, 0.0, 750.0, 1000.0), (750.0, 0.0, 250.0, 1000.0)]);
        let found = &parts(&areas(&[(0.0, 0.0, 1000.0, 1000.0)]), &new)[0];
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].target, 0);
        assert!((found[0].share - 0.75).abs() < 1e-6 && (found[1].share - 0.25).abs() < 1e-6, "{found:?}");
    }

    #[test]
    fn a_strip_along_a_border_is_a_misfit_of_the_drawing_and_a_block_is_not() {
        let old = areas(&[(0.0, 0.0, 1000.0, 1000.0)]);
        let strip = areas(&[(0.0, 0.0, 970.0, 1000.0), (970.0, 0.0, 500.0, 1000.0)]);
        assert_eq!(parts(&old, &strip)[0].len(), 1);
        let block = areas(&[(0.0, 0.0, 800.0, 1000.0), (800.0, 0.0, 200.0, 200.0)]);
        assert_eq!(parts(&old, &block)[0].len(), 2);
    }

    #[test]
    fn an_area_outside_everything_has_no_parts() {
        assert!(parts(&areas(&[(0.0, 0.0, 10.0, 10.0)]), &areas(&[(50.0, 0.0, 10.0, 10.0)]))[0].is_empty());
    }

    proptest! {
        #[test]
        fn shares_sum_to_one_and_come_largest_first(cuts in prop::collection::vec(1.0f64..999.0, 1..8)) {
            let mut edges = cuts;
            edges.push(1000.0);
            edges.sort_by(f64::total_cmp);
            let mut from = 0.0;
            let mut boxes = Vec::new();
            for to in edges {
                boxes.push((from, 0.0, to - from, 1000.0));
                from = to;
            }
            let found = &parts(&areas(&[(0.0, 0.0, 1000.0, 1000.0)]), &areas(&boxes))[0];
            prop_assert!((found.iter().map(|p| p.share).sum::<f64>() - 1.0).abs() < 1e-9);
            prop_assert!(found.windows(2).all(|w| w[0].share >= w[1].share));
        }
    }
}
