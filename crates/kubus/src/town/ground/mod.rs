//! The ground: a lattice of bent squares, divided into water, green and housing, then into
//! districts, neighbourhoods, postcodes, streets and addresses. RD New (EPSG:28992), metres.
//!
//! Every area is a union of squares, so borders meet exactly. No people live here yet; see
//! [`super::people`].

mod division;
mod lattice;
mod outline;
mod street;
mod vintage;

pub(super) use lattice::{Lattice, Point};
pub(super) use outline::{Shape, surface};
pub(super) use street::{Address, Postcode};
pub(super) use vintage::{BoundaryChange, older_vintage};

use super::field::Field;
use super::names;
use super::random::{Dice, whole};
use division::{grow, spread};

/// Mean number of addresses of a postcode.
const ADDRESSES_PER_POSTCODE: f64 = 35.5;
/// Mean number of people in a household, as [`super::people`] draws them.
const HOUSEHOLD_SIZE: f64 = 2.1;
/// Part of the addresses where someone lives.
const OCCUPIED: f64 = 0.975;
/// Mean number of postcodes of a neighbourhood.
const POSTCODES_PER_NEIGHBOURHOOD: f64 = 33.0;

/// What a square is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// Lake or canal.
    Water,
    /// Park or field: land without addresses.
    Green,
    /// Houses: one postcode.
    Housing,
}

/// A district (wijk) or neighbourhood (buurt) of one vintage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Division {
    /// CBS code.
    pub(super) code: String,
    /// Name.
    pub(super) name: String,
    /// For a neighbourhood: the position of its district.
    pub(super) district: usize,
}

/// Districts and neighbourhoods of one year, and the neighbourhood of every square.
#[derive(Debug, Clone)]
pub(super) struct Vintage {
    /// The year.
    pub(super) year: u16,
    /// Districts.
    pub(super) districts: Vec<Division>,
    /// Neighbourhoods.
    pub(super) neighbourhoods: Vec<Division>,
    /// The neighbourhood of each square; `None` for water.
    pub(super) of_square: Vec<Option<usize>>,
}

/// The whole ground.
#[derive(Debug)]
pub(super) struct Ground {
    /// The squares.
    pub(super) lattice: Lattice,
    /// What each square is used for.
    pub(super) uses: Vec<Use>,
    /// Boundaries of 2025.
    pub(super) now: Vintage,
    /// Postcodes, by code.
    pub(super) postcodes: Vec<Postcode>,
    /// Street names.
    pub(super) streets: Vec<String>,
    /// Addresses, by postcode and house number.
    pub(super) addresses: Vec<Address>,
    /// The neighbourhood of the islands.
    pub(super) islands: usize,
}

impl Ground {
    /// Lays out ground for about this many residents. `crowding` is how many times as many addresses
    /// as households of the usual size would need.
    pub(super) fn new(seed: u64, residents: usize, crowding: f64) -> Self {
        let usual = whole(residents as f64 / HOUSEHOLD_SIZE / OCCUPIED);
        let addresses = whole(usual as f64 * crowding);
        let postcodes = (usual as f64 / ADDRESSES_PER_POSTCODE).ceil();
        let lattice = Lattice::new(seed, whole(postcodes / 0.82).max(30));
        let uses = land_use(seed, &lattice, whole(postcodes));
        let now = divide(seed, &lattice, &uses, postcodes);
        let islands = islands(&lattice, &uses, &now);
        let laid = street::lay(seed, &lattice, &uses, &now, addresses);
        Self {
            lattice,
            uses,
            now,
            islands,
            postcodes: laid.postcodes,
            streets: laid.streets,
            addresses: laid.addresses,
        }
    }

    /// The neighbourhood (position in [`Ground::now`]) of a postcode.
    pub(super) fn neighbourhood_of(&self, postcode: usize) -> usize {
        self.now.of_square[self.postcodes[postcode].square].unwrap_or_default()
    }

    /// The postcodes of a neighbourhood.
    pub(super) fn postcodes_of(&self, neighbourhood: usize) -> Vec<usize> {
        (0..self.postcodes.len()).filter(|p| self.neighbourhood_of(*p) == neighbourhood).collect()
    }

    /// The middle of a postcode.
    pub(super) fn middle(&self, postcode: usize) -> Point {
        self.lattice.middle(self.postcodes[postcode].square)
    }
}

/// Exactly `housing` squares get houses; of the others two thirds are water, where a smooth surface
/// is lowest, and the rest is green.
fn land_use(seed: u64, lattice: &Lattice, housing: usize) -> Vec<Use> {
    let depth = Field::new(seed, "water", &[(1800.0, 0.7), (500.0, 0.3)]);
    let mut dice = Dice::new(seed, "green", 0);
    let open = lattice.len() - housing;
    let mut order: Vec<usize> = (0..lattice.len()).collect();
    let height = |square: &usize| {
        let (x, y) = lattice.middle(*square);
        depth.at(x, y)
    };
    order.sort_by(|a, b| height(a).total_cmp(&height(b)).then(a.cmp(b)));
    let mut uses = vec![Use::Housing; lattice.len()];
    let (wet, mut dry) = (order[..open * 2 / 3].to_vec(), order[open * 2 / 3..].to_vec());
    dice.shuffle(&mut dry);
    wet.iter().for_each(|square| uses[*square] = Use::Water);
    dry.iter().take(open - wet.len()).for_each(|square| uses[*square] = Use::Green);
    uses
}

/// Grows districts, and neighbourhoods within them, from seeds that lie far apart.
fn divide(seed: u64, lattice: &Lattice, uses: &[Use], postcodes: f64) -> Vintage {
    let land: Vec<usize> = (0..lattice.len()).filter(|s| uses[*s] != Use::Water).collect();
    let wanted = whole((postcodes / POSTCODES_PER_NEIGHBOURHOOD).round()).max(8);
    let count = (wanted / 7).clamp(2, 40);
    let mut dice = Dice::new(seed, "divide", 0);
    let costs: Vec<u32> = (0..lattice.len()).map(|_| if dice.chance(0.5) { 10 } else { 19 }).collect();
    let district_of = grow(lattice, &land, &spread(lattice, &land, count), |square, _| costs[square]);
    let mut neighbourhoods = Vec::new();
    let mut of_square = vec![None; lattice.len()];
    for district in 0..count {
        let inside: Vec<usize> = land.iter().copied().filter(|s| district_of[*s] == Some(district)).collect();
        let parts = (wanted * inside.len() / land.len()).max(wanted / count).max(2).min(inside.len());
        let seeds = spread(lattice, &inside, parts);
        let part_of = grow(lattice, &inside, &seeds, |square, _| costs[square]);
        inside.iter().for_each(|s| of_square[*s] = part_of[*s].map(|part| neighbourhoods.len() + part));
        neighbourhoods.extend((0..seeds.len()).map(|part| names::neighbourhood(district, part)));
    }
    let districts = (0..count).map(names::district).collect();
    Vintage { year: 2025, districts, neighbourhoods, of_square }
}

/// Of the neighbourhoods with many postcodes (all within a fifth of 60, else the largest), the one
/// with most water around it, not in the last district.
fn islands(lattice: &Lattice, uses: &[Use], now: &Vintage) -> usize {
    let mut sizes = vec![0_usize; now.neighbourhoods.len()];
    let mut water = vec![0_usize; now.neighbourhoods.len()];
    for (square, neighbourhood) in now.of_square.iter().enumerate() {
        let Some(at) = *neighbourhood else { continue };
        sizes[at] += usize::from(uses[square] == Use::Housing);
        water[at] += lattice.near(square, 2, |near| uses[near] == Use::Water);
    }
    let first = |n: &usize| now.neighbourhoods[*n].district + 1 < now.districts.len();
    let fit = |n: &usize| (48..=72).contains(&sizes[*n]);
    let rank = |n: &usize| (fit(n), if fit(n) { water[*n] } else { sizes[*n] }, *n);
    (0..sizes.len()).filter(first).max_by_key(rank).unwrap_or_default()
}
