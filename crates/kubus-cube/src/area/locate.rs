//! In which area a point lies: a tree of bounding boxes, then the exact test. Called by
//! [`super::assign`].

use geo::{BoundingRect, Coord, Intersects, MultiPolygon};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::areas::Areas;

type Box = GeomWithData<Rectangle<[f64; 2]>, u32>;

/// Finds the area of a point.
pub(crate) struct Locator<'a> {
    areas: &'a Areas,
    tree: RTree<Box>,
}

/// A box tree over shapes, each with its position.
pub(crate) fn box_tree<'a>(shapes: impl Iterator<Item = &'a MultiPolygon>) -> RTree<Box> {
    let boxed = |(at, shape): (usize, &MultiPolygon)| {
        let bounds = shape.bounding_rect()?;
        let corners = Rectangle::from_corners(bounds.min().x_y().into(), bounds.max().x_y().into());
        Some(GeomWithData::new(corners, u32::try_from(at).ok()?))
    };
    RTree::bulk_load(shapes.enumerate().filter_map(boxed).collect())
}

/// The positions whose box comes within `margin` of the box of `shape`, ascending.
pub(crate) fn near(tree: &RTree<Box>, shape: &MultiPolygon, margin: f64) -> Vec<u32> {
    let Some(bounds) = shape.bounding_rect() else { return Vec::new() };
    let low = [bounds.min().x - margin, bounds.min().y - margin];
    let high = [bounds.max().x + margin, bounds.max().y + margin];
    let mut found: Vec<u32> =
        tree.locate_in_envelope_intersecting(AABB::from_corners(low, high)).map(|b| b.data).collect();
    found.sort_unstable();
    found
}

impl<'a> Locator<'a> {
    /// Prepares the land of a level.
    pub(crate) fn new(areas: &'a Areas) -> Self {
        Self { areas, tree: box_tree(areas.list.iter().map(|a| &a.shape)) }
    }

    /// The position of the area that holds the point; the first by code on a shared border.
    pub(crate) fn locate(&self, at: Coord) -> Option<u32> {
        let here = AABB::from_point([at.x, at.y]);
        let holds = |position: &u32| self.areas.list[*position as usize].shape.intersects(&at);
        self.tree.locate_in_envelope_intersecting(here).map(|b| b.data).filter(holds).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::area::areas::Area;
    use crate::area::grid;
    use kubus_model::AreaCode;

    #[test]
    fn a_point_on_a_border_belongs_to_the_first_area_and_outside_to_none() {
        let area = |code: &str| {
            let code = AreaCode::new(code);
            Area { shape: grid::square(&code, 100).unwrap(), name: String::new(), code }
        };
        let areas = Areas { list: vec![area("E0000N0000"), area("E0001N0000")], water: Vec::new() };
        let locator = Locator::new(&areas);
        assert_eq!(locator.locate(Coord { x: 50.0, y: 50.0 }), Some(0));
        assert_eq!(locator.locate(Coord { x: 150.0, y: 50.0 }), Some(1));
        assert_eq!(locator.locate(Coord { x: 100.0, y: 50.0 }), Some(0));
        assert_eq!(locator.locate(Coord { x: 50.0, y: 150.0 }), None);
    }
}
