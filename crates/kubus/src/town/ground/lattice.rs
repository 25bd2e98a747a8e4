//! The lattice: squares of about 120 metres whose corners are bent by a smooth surface and a small
//! random shift. Neighbouring squares share their corners exactly.

use crate::town::field::Field;
use crate::town::random::{Dice, whole};

/// A point in RD New: x and y in metres, whole centimetres.
pub(in crate::town) type Point = (f64, f64);

/// South-western corner of the town.
const ORIGIN: Point = (142_000.0, 482_000.0);
/// Side of a square in metres.
const SIDE: f64 = 120.0;

/// Bent squares, numbered row by row from the south-west.
#[derive(Debug)]
pub(in crate::town) struct Lattice {
    columns: usize,
    rows: usize,
    corners: Vec<Point>,
}

/// Whole centimetres.
fn centimetres(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

impl Lattice {
    /// At least `squares` squares, a quarter wider than high; the number of rows is even.
    pub(in crate::town) fn new(seed: u64, squares: usize) -> Self {
        let columns = whole((squares as f64 * 1.25).sqrt().ceil());
        let rows = squares.div_ceil(columns).next_multiple_of(2);
        let bend = [Field::new(seed, "bend x", &[(1500.0, 1.0)]), Field::new(seed, "bend y", &[(1500.0, 1.0)])];
        let mut dice = Dice::new(seed, "corner", 0);
        let mut corners = Vec::with_capacity((columns + 1) * (rows + 1));
        for row in 0..=rows {
            for column in 0..=columns {
                let (x, y) = (ORIGIN.0 + SIDE * column as f64, ORIGIN.1 + SIDE * row as f64);
                let shift_x = 90.0 * bend[0].at(x, y) + dice.between(-14.0, 14.0);
                let shift_y = 90.0 * bend[1].at(x, y) + dice.between(-14.0, 14.0);
                corners.push((centimetres(x + shift_x), centimetres(y + shift_y)));
            }
        }
        Self { columns, rows, corners }
    }

    /// Number of squares.
    pub(in crate::town) fn len(&self) -> usize {
        self.columns * self.rows
    }

    /// Number of columns.
    pub(in crate::town) const fn columns(&self) -> usize {
        self.columns
    }

    /// Number of rows, even.
    pub(in crate::town) const fn rows(&self) -> usize {
        self.rows
    }

    /// The position of a corner of the lattice.
    pub(in crate::town) fn corner(&self, column: usize, row: usize) -> Point {
        self.corners[row * (self.columns + 1) + column]
    }

    /// Column and row of a square.
    pub(in crate::town) const fn place(&self, square: usize) -> (usize, usize) {
        (square % self.columns, square / self.columns)
    }

    /// The point at `u` (west to east) and `v` (south to north), both 0 to 1, of a square.
    pub(in crate::town) fn point(&self, square: usize, u: f64, v: f64) -> Point {
        let (column, row) = self.place(square);
        let (sw, se) = (self.corner(column, row), self.corner(column + 1, row));
        let (nw, ne) = (self.corner(column, row + 1), self.corner(column + 1, row + 1));
        let mix = |a: f64, b: f64, c: f64, d: f64| (1.0 - v) * ((1.0 - u) * a + u * b) + v * ((1.0 - u) * c + u * d);
        (centimetres(mix(sw.0, se.0, nw.0, ne.0)), centimetres(mix(sw.1, se.1, nw.1, ne.1)))
    }

    /// The middle of a square.
    pub(in crate::town) fn middle(&self, square: usize) -> Point {
        self.point(square, 0.5, 0.5)
    }

    /// The squares that share a side with this one.
    pub(in crate::town) fn beside(&self, square: usize) -> Vec<usize> {
        let (column, row) = self.place(square);
        let mut beside = Vec::with_capacity(4);
        beside.extend((column > 0).then(|| square - 1));
        beside.extend((column + 1 < self.columns).then_some(square + 1));
        beside.extend((row > 0).then(|| square - self.columns));
        beside.extend((row + 1 < self.rows).then_some(square + self.columns));
        beside
    }

    /// The square of the distance between two squares, in squares.
    pub(in crate::town) fn distance(&self, a: usize, b: usize) -> usize {
        let ((ac, ar), (bc, br)) = (self.place(a), self.place(b));
        ac.abs_diff(bc).pow(2) + ar.abs_diff(br).pow(2)
    }

    /// How many squares within `reach` columns and rows satisfy a condition.
    pub(in crate::town) fn near(&self, square: usize, reach: usize, holds: impl Fn(usize) -> bool) -> usize {
        let (column, row) = self.place(square);
        let columns = column.saturating_sub(reach)..(column + reach + 1).min(self.columns);
        let rows = row.saturating_sub(reach)..(row + reach + 1).min(self.rows);
        rows.map(|r| columns.clone().filter(|c| holds(r * self.columns + c)).count()).sum()
    }
}
