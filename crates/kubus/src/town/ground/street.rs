//! Streets, postcodes and addresses. A street runs between two rows of squares; each side of it is
//! a postcode, one per square. A few corner houses bear the postcode of the street around the
//! corner, in the next neighbourhood: real postcodes are cut by borders too.

use super::division::{grow, spread};
use super::{Lattice, Point, Use, Vintage};
use crate::town::field::Field;
use crate::town::names;
use crate::town::random::Dice;

/// A postcode: one side of a part of a street.
#[derive(Debug)]
pub(in crate::town) struct Postcode {
    /// Four digits and two letters.
    pub(in crate::town) code: String,
    /// Its square.
    pub(in crate::town) square: usize,
    /// The position of its street.
    pub(in crate::town) street: usize,
    /// Whether it has flats.
    pub(in crate::town) flats: bool,
    /// The positions of its addresses.
    pub(in crate::town) addresses: std::ops::Range<usize>,
}

/// An address.
#[derive(Debug)]
pub(in crate::town) struct Address {
    /// The position of its postcode.
    pub(in crate::town) postcode: usize,
    /// The square it lies in: not that of its postcode for a corner house.
    pub(in crate::town) square: usize,
    /// House number.
    pub(in crate::town) number: usize,
    /// Building, numbered within the postcode.
    pub(in crate::town) building: usize,
    /// Where it is.
    pub(in crate::town) at: Point,
}

/// What was laid.
pub(super) struct Laid {
    pub(super) postcodes: Vec<Postcode>,
    pub(super) streets: Vec<String>,
    pub(super) addresses: Vec<Address>,
}

/// A street that the sweep from west to east is still making longer.
#[derive(Clone, Copy)]
struct Growing {
    neighbourhood: usize,
    street: usize,
    until: usize,
}

/// The letters of postcodes: no F, I, O, Q, U, Y.
const LETTERS: &[u8; 20] = b"ABCDEGHJKLMNPRSTVWXZ";
/// First postcode area: only post office boxes have these numbers in the Netherlands.
const FIRST_AREA: usize = 8200;
/// Letter pairs that are never used.
const UNUSED: [&str; 3] = ["SA", "SD", "SS"];

/// Lays streets along all housing squares and places `total` addresses on them.
pub(super) fn lay(seed: u64, lattice: &Lattice, uses: &[Use], now: &Vintage, total: usize) -> Laid {
    let order = streets(seed, lattice, uses, now);
    let streets = order.iter().map(|(_, street)| street + 1).max().unwrap_or(0);
    let codes = codes(lattice, &order.iter().map(|(square, _)| *square).collect::<Vec<_>>());
    let counts = sizes(seed, order.len(), total);
    let town = Town { seed, lattice, uses, now, high: Field::usual(seed, "high") };
    let mut laid = Laid {
        postcodes: Vec::new(),
        streets: (0..streets).map(names::street).collect(),
        addresses: Vec::with_capacity(total),
    };
    let mut numbers = vec![[0, 0]; streets];
    let mut drawn: Vec<(String, usize, usize, usize)> =
        order.iter().zip(codes).zip(counts).map(|(((square, street), code), n)| (code, *square, *street, n)).collect();
    drawn.sort();
    for (code, square, street, count) in drawn {
        let side = lattice.place(square).1 % 2;
        let first = laid.addresses.len();
        let flats = town.has_flats(square);
        let new = town.addresses(laid.postcodes.len(), square, count, flats, numbers[street][side]);
        numbers[street][side] += count;
        laid.addresses.extend(new);
        laid.postcodes.push(Postcode { code, square, street, flats, addresses: first..laid.addresses.len() });
    }
    laid
}

/// Housing squares with the street each lies on, street by street.
fn streets(seed: u64, lattice: &Lattice, uses: &[Use], now: &Vintage) -> Vec<(usize, usize)> {
    let mut dice = Dice::new(seed, "street", 0);
    let mut next = 0;
    let mut order = Vec::new();
    for low in (0..lattice.rows()).step_by(2) {
        let mut growing: Vec<Growing> = Vec::new();
        for column in 0..lattice.columns() {
            growing.retain(|g| column < g.until);
            for square in [low, low + 1].map(|row| row * lattice.columns() + column) {
                let Some(neighbourhood) = now.of_square[square].filter(|_| uses[square] == Use::Housing) else {
                    continue;
                };
                let known = growing.iter().find(|g| g.neighbourhood == neighbourhood).map(|g| g.street);
                let street = known.unwrap_or_else(|| {
                    growing.push(Growing { neighbourhood, street: next, until: column + dice.range(1, 3) });
                    next += 1;
                    next - 1
                });
                order.push((square, street));
            }
        }
    }
    order.sort_by_key(|(square, street)| (*street, *square));
    order
}

/// A postcode for each square. Postcode areas of four digits do not follow districts.
fn codes(lattice: &Lattice, squares: &[usize]) -> Vec<String> {
    let count = squares.len().div_ceil(260).max(2);
    let mut seeds = spread(lattice, squares, count + 1);
    seeds.remove(0);
    let zone_of = grow(lattice, squares, &seeds, |_, _| 1);
    let pairs: Vec<String> = LETTERS
        .iter()
        .flat_map(|a| LETTERS.iter().map(|b| format!("{}{}", char::from(*a), char::from(*b))))
        .filter(|pair| !UNUSED.contains(&pair.as_str()))
        .collect();
    let mut used = vec![0; count];
    let code = |square: &usize| {
        let zone = zone_of[*square].unwrap_or_default();
        let turn = used[zone];
        used[zone] += 1;
        format!("{}{}", FIRST_AREA + zone + count * (turn / pairs.len()), pairs[turn % pairs.len()])
    };
    squares.iter().map(code).collect()
}

/// The number of addresses of each postcode: 22 to 56, adding up to `total` where that is possible.
fn sizes(seed: u64, postcodes: usize, total: usize) -> Vec<usize> {
    let mut dice = Dice::new(seed, "size", 0);
    let mut sizes: Vec<usize> = (0..postcodes).map(|_| dice.range(22, 49)).collect();
    let mut sum: usize = sizes.iter().sum();
    let reachable = total.clamp(22 * postcodes, 56 * postcodes);
    while sum != reachable {
        let size = &mut sizes[dice.below(postcodes)];
        if sum < reachable && *size < 56 {
            *size += 1;
            sum += 1;
        } else if sum > reachable && *size > 22 {
            *size -= 1;
            sum -= 1;
        }
    }
    sizes
}

/// What is needed to place addresses.
struct Town<'a> {
    seed: u64,
    lattice: &'a Lattice,
    uses: &'a [Use],
    now: &'a Vintage,
    high: Field,
}

impl Town<'_> {
    fn has_flats(&self, square: usize) -> bool {
        let (x, y) = self.lattice.middle(square);
        self.high.at(x, y) > 0.12
    }

    /// The addresses of one postcode, numbered on from `numbered` earlier ones on this side.
    fn addresses(&self, postcode: usize, square: usize, count: usize, flats: bool, numbered: usize) -> Vec<Address> {
        let mut dice = Dice::new(self.seed, "address", postcode);
        let side = self.lattice.place(square).1 % 2;
        let size = if flats { dice.range(10, 18) } else { dice.range(4, 8) };
        let buildings = count.div_ceil(size);
        let around = self.around_the_corner(square).filter(|_| dice.chance(0.25));
        let place = |at: usize| {
            let building = at / size;
            let step = if flats { 0.003 } else { 0.9 / count as f64 };
            let u = 0.05 + 0.9 * (building * size) as f64 / count as f64 + step * (at % size) as f64;
            let setback = if building % 3 == 2 && buildings > 3 { 0.45 } else { 0.18 };
            let corner = around.filter(|_| at + 2 >= count);
            let (in_square, u) = corner.map_or((square, u), |next| (next, 0.01 + 0.02 * (count - at) as f64));
            let v = if side == 0 { 1.0 - setback } else { setback };
            let number = 2 * (numbered + at) + if side == 0 { 1 } else { 2 };
            Address { postcode, square: in_square, number, building, at: self.lattice.point(in_square, u, v) }
        };
        (0..count).map(place).collect()
    }

    /// The housing square to the east, when a border lies between.
    fn around_the_corner(&self, square: usize) -> Option<usize> {
        let next = self.lattice.beside(square).into_iter().find(|n| *n == square + 1)?;
        let other = self.now.of_square[next] != self.now.of_square[square];
        (other && self.uses[next] == Use::Housing).then_some(next)
    }
}
