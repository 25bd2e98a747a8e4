//! Rows by category with their cases and exposure, counted into distinct cells.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::DrillError;

/// A column has at most so many values.
pub const MOST_VALUES: usize = 200;

/// So many cases no longer fit in the counts of a draw.
const MOST_CASES: f64 = 2e9;

/// Exposure and cases.
pub(super) type Weight = [f64; 2];

/// What the cases are a part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Of the rows: each is a case or not.
    Share,
    /// Of an exposure (people, years), without an upper bound.
    Rate,
}

/// Fowler, Noll and Vo's hash (1a): fast on short names, and there are few of them.
#[derive(Debug)]
struct Short(u64);

impl Default for Short {
    fn default() -> Self {
        Self(0xCBF2_9CE4_8422_2325)
    }
}

impl Hasher for Short {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3));
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Values of a column, numbered in the order in which they came.
type Known = HashMap<String, u16, BuildHasherDefault<Short>>;

/// Takes rows in any order.
#[derive(Debug)]
pub struct TableBuilder {
    measure: Measure,
    columns: Vec<(String, Known)>,
    /// Per row a number of a value for each column, in the order in which values came.
    codes: Vec<u16>,
    weights: Vec<Weight>,
}

/// Distinct combinations of categories with what was counted in each.
///
/// A value of a column is a *selector*, numbered through all columns: by column, then by name.
#[derive(Debug, Clone)]
pub struct Table {
    pub(super) measure: Measure,
    columns: Vec<String>,
    /// Names of the values, by selector.
    values: Vec<String>,
    /// First selector of each column, and one more.
    pub(super) first: Vec<u16>,
    /// Selectors of each cell, one for each column.
    selectors: Vec<u16>,
    pub(super) weights: Vec<Weight>,
}

impl TableBuilder {
    /// A table with these columns, without rows.
    #[must_use]
    pub fn new(measure: Measure, columns: &[&str]) -> Self {
        let columns = columns.iter().map(|name| ((*name).to_owned(), Known::default())).collect();
        Self { measure, columns, codes: Vec::new(), weights: Vec::new() }
    }

    /// A row of a [`Measure::Share`]: a value for each column, and whether it is a case.
    ///
    /// # Errors
    /// [`DrillError::ManyValues`].
    pub fn row<'a>(&mut self, values: impl Iterator<Item = &'a str>, case: bool) -> Result<(), DrillError> {
        self.push(values, [1.0, f64::from(u8::from(case))])
    }

    /// A row of a [`Measure::Rate`]. One without exposure and without cases adds nothing.
    ///
    /// # Errors
    /// [`DrillError::ManyValues`], or [`DrillError::Impossible`]: a negative or broken number of
    /// cases, or cases without exposure.
    pub fn counted<'a>(
        &mut self,
        values: impl Iterator<Item = &'a str>,
        cases: f64,
        exposure: f64,
    ) -> Result<(), DrillError> {
        let counted = cases >= 0.0 && cases.fract() == 0.0 && cases < 1e15;
        let exposed = exposure.is_finite() && exposure >= 0.0 && (exposure > 0.0 || cases <= 0.0);
        if !(counted && exposed) {
            return Err(DrillError::Impossible(self.weights.len()));
        }
        self.push(values, [exposure, cases])
    }

    fn push<'a>(&mut self, values: impl Iterator<Item = &'a str>, weight: Weight) -> Result<(), DrillError> {
        for ((name, known), value) in self.columns.iter_mut().zip(values) {
            let code = match known.get(value) {
                Some(code) => *code,
                None if known.len() < MOST_VALUES => {
                    let next = u16::try_from(known.len()).unwrap_or(u16::MAX);
                    known.insert(value.to_owned(), next);
                    next
                }
                None => return Err(DrillError::ManyValues(name.clone())),
            };
            self.codes.push(code);
        }
        self.weights.push(weight);
        Ok(())
    }

    /// The rows counted into distinct cells.
    ///
    /// # Errors
    /// [`DrillError`], when there are no rows, too many cases, or too many columns for a key of 128
    /// bits.
    pub fn finish(self) -> Result<Table, DrillError> {
        if self.columns.is_empty() || self.weights.is_empty() {
            return Err(DrillError::Nothing);
        }
        let cases: f64 = self.weights.iter().map(|weight| weight[1]).sum();
        if cases >= MOST_CASES {
            return Err(DrillError::ManyCases);
        }
        let bits: Vec<u32> = self.columns.iter().map(|(_, known)| bits_of(known.len())).collect();
        let shifts = bits.iter().rev().scan(0, |low, bits| {
            let shift = *low;
            *low += bits;
            Some(shift)
        });
        let shifts: Vec<u32> = shifts.collect::<Vec<_>>().into_iter().rev().collect();
        let all: usize = self.columns.iter().map(|(_, known)| known.len()).sum();
        if bits.iter().sum::<u32>() > 128 || all > usize::from(u16::MAX) {
            return Err(DrillError::ManyColumns(self.columns.len()));
        }
        let sorted: Vec<(Vec<u16>, Vec<String>)> = self.columns.iter().map(|(_, known)| in_order(known)).collect();
        let key = |codes: &[u16]| {
            let places = codes.iter().zip(&sorted).zip(&shifts);
            places.fold(0_u128, |key, ((code, (order, _)), shift)| key | u128::from(order[usize::from(*code)]) << shift)
        };
        let mut rows: Vec<(u128, Weight)> =
            self.codes.chunks(self.columns.len()).map(key).zip(self.weights.iter().copied()).collect();
        rows.retain(|(_, weight)| weight[0] > 0.0);
        // Ties in any order would change sums of exposures that are not whole.
        rows.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1[0].total_cmp(&b.1[0])));
        let mut first = vec![0_u16];
        for (_, names) in &sorted {
            let width = u16::try_from(names.len()).unwrap_or(u16::MAX);
            first.push(first[first.len() - 1] + width);
        }
        let mut table = Table {
            measure: self.measure,
            columns: self.columns.into_iter().map(|(name, _)| name).collect(),
            values: sorted.into_iter().flat_map(|(_, names)| names).collect(),
            first,
            selectors: Vec::new(),
            weights: Vec::new(),
        };
        table.count(&rows, &shifts, &bits);
        Ok(table)
    }
}

/// Bits that hold this many values.
fn bits_of(values: usize) -> u32 {
    values.next_power_of_two().trailing_zeros()
}

/// The place of each number when values are sorted by name, and the names.
fn in_order(known: &Known) -> (Vec<u16>, Vec<String>) {
    let mut names: Vec<(&String, u16)> = known.iter().map(|(name, code)| (name, *code)).collect();
    names.sort_unstable();
    let mut order = vec![0; names.len()];
    for (place, (_, code)) in (0..).zip(&names) {
        order[usize::from(*code)] = place;
    }
    (order, names.into_iter().map(|(name, _)| name.clone()).collect())
}

impl Table {
    /// Adds sorted rows, one cell for each key.
    fn count(&mut self, rows: &[(u128, Weight)], shifts: &[u32], bits: &[u32]) {
        for same in rows.chunk_by(|a, b| a.0 == b.0) {
            let places = shifts.iter().zip(bits).zip(&self.first);
            let selector = |((shift, bits), first): ((&u32, &u32), &u16)| {
                let place = same[0].0 >> shift & ((1_u128 << bits) - 1);
                first + u16::try_from(place).unwrap_or(u16::MAX)
            };
            self.selectors.extend(places.map(selector));
            self.weights.push(same.iter().fold([0.0; 2], |sum, row| plus(sum, row.1)));
        }
    }

    /// How many columns there are.
    pub(super) fn width(&self) -> usize {
        self.columns.len()
    }

    /// The selectors of a cell.
    pub(super) fn cell(&self, at: usize) -> &[u16] {
        &self.selectors[at * self.width()..(at + 1) * self.width()]
    }

    /// The column of a selector.
    pub(super) fn column(&self, selector: u16) -> usize {
        self.first.partition_point(|first| *first <= selector) - 1
    }

    /// A column and its value.
    pub(super) fn words(&self, selector: u16) -> (String, String) {
        (self.columns[self.column(selector)].clone(), self.values[usize::from(selector)].clone())
    }

    /// Whether a cell meets all of these conditions.
    pub(super) fn meeting(&self, conditions: &[u16]) -> impl Fn(usize) -> bool {
        let wanted: Vec<(usize, u16)> = conditions.iter().map(|one| (self.column(*one), *one)).collect();
        move |at| {
            let cell = self.cell(at);
            wanted.iter().all(|(column, selector)| cell[*column] == *selector)
        }
    }

    /// What a group has of these weights.
    pub(super) fn weigh(&self, weights: &[Weight], conditions: &[u16]) -> Weight {
        let meets = self.meeting(conditions);
        let within = (0..weights.len()).filter(|at| meets(*at));
        within.fold([0.0; 2], |sum, at| plus(sum, weights[at]))
    }

    /// How many groups can be described with at most so many conditions.
    pub(super) fn groups(&self, depth: usize) -> f64 {
        self.groups_beside(depth, &[])
    }

    /// The same with conditions on other columns than these.
    pub(super) fn groups_beside(&self, depth: usize, taken: &[u16]) -> f64 {
        let taken: Vec<usize> = taken.iter().map(|condition| self.column(*condition)).collect();
        let mut ways = vec![1.0; 1];
        ways.resize(depth + 1, 0.0);
        for column in (0..self.width()).filter(|column| !taken.contains(column)) {
            let values = f64::from(self.first[column + 1] - self.first[column]);
            (1..=depth).rev().for_each(|size| ways[size] += values * ways[size - 1]);
        }
        ways[1..].iter().sum()
    }
}

pub(super) fn plus(a: Weight, b: Weight) -> Weight {
    [a[0] + b[0], a[1] + b[1]]
}
