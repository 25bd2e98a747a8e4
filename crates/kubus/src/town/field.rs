//! Smooth random surfaces: neighbours look alike, at several scales at once. Value noise: random
//! heights on a square lattice, blended in between.

use super::random::{Dice, rounded};

/// A surface over the plane, made of layers of different coarseness.
#[derive(Debug, Clone)]
pub(super) struct Field {
    seed: u64,
    name: &'static str,
    layers: Vec<(f64, f64)>,
}

impl Field {
    /// A surface with layers of `(scale in metres, weight)`. The same name gives the same surface.
    pub(super) fn new(seed: u64, name: &'static str, layers: &[(f64, f64)]) -> Self {
        Self { seed, name, layers: layers.to_vec() }
    }

    /// The usual surface: town parts, neighbourhoods and blocks (3 km, 900 m, 250 m).
    pub(super) fn usual(seed: u64, name: &'static str) -> Self {
        Self::new(seed, name, &[(3000.0, 0.45), (900.0, 0.35), (250.0, 0.2)])
    }

    /// The height at a point, between -1 and 1 when the weights add up to 1.
    pub(super) fn at(&self, x: f64, y: f64) -> f64 {
        self.layers.iter().map(|(scale, weight)| weight * self.layer(x / scale, y / scale)).sum()
    }

    fn layer(&self, x: f64, y: f64) -> f64 {
        let (column, row) = (x.floor(), y.floor());
        let (u, v) = (ease(x - column), ease(y - row));
        let low = blend(self.corner(column, row), self.corner(column + 1.0, row), u);
        let high = blend(self.corner(column, row + 1.0), self.corner(column + 1.0, row + 1.0), u);
        blend(low, high, v)
    }

    fn corner(&self, column: f64, row: f64) -> f64 {
        let index = rounded(column).wrapping_mul(1_000_003).wrapping_add(rounded(row)).unsigned_abs();
        Dice::new(self.seed, self.name, usize::try_from(index).unwrap_or_default()).between(-1.0, 1.0)
    }
}

/// Smoothstep: flat at 0 and 1, so that layers join without a crease.
fn ease(t: f64) -> f64 {
    t * t * (3.0 - 2.0 * t)
}

fn blend(a: f64, b: f64, t: f64) -> f64 {
    a + (b - a) * t
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_close_together_are_alike_and_points_far_apart_are_not() {
        let field = Field::usual(1, "income");
        let step = |d: f64| {
            (0..500).map(|i| f64::from(i) * 137.0).map(|x| (field.at(x, x) - field.at(x + d, x)).abs()).sum::<f64>()
        };
        assert!(step(10.0) * 8.0 < step(5000.0));
    }

    #[test]
    fn a_surface_stays_between_its_bounds() {
        let field = Field::usual(9, "age");
        assert!(
            (0..2000).map(|i| field.at(f64::from(i) * 31.0, f64::from(i) * 17.0)).all(|h| (-1.0..=1.0).contains(&h))
        );
    }
}
