//! The table of one contiguous range of keys.
//!
//! Where rows are many compared with possible keys the table is addressed by the key itself, in
//! 32-bit sums with a carry for what does not fit; elsewhere it is a hash table. Only
//! [`super::kernel`] uses it.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};

use super::{AggregateError, Cuboid, Rows};

/// Keys are packed small integers: one multiplication spreads them over the table.
#[derive(Default)]
pub(super) struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, key: u64) {
        let product = u128::from(self.0 ^ key) * 0x9E37_79B9_7F4A_7C15;
        self.0 = folded(product);
    }
}

#[expect(clippy::cast_possible_truncation, reason = "both halves of the product are wanted")]
const fn folded(product: u128) -> u64 {
    (product as u64) ^ ((product >> 64) as u64)
}

/// Sums in 32 bits where they fit, the rest in a carry.
struct Dense {
    used: Vec<u64>,
    narrow: Vec<i32>,
    carry: BTreeMap<usize, i64>,
    hashes: Vec<u64>,
}

#[derive(Default)]
struct Sparse {
    place: HashMap<u64, u32, BuildHasherDefault<KeyHasher>>,
    sums: Vec<i64>,
    hashes: Vec<u64>,
}

enum Table {
    Untouched,
    Dense(Dense),
    Sparse(Sparse),
}

/// How a segment stores its keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Storage {
    /// Addressed by key; `slots` keys per segment.
    Dense { slots: usize },
    /// Hashed.
    Sparse,
}

/// A range of keys, from `first` on.
pub(super) struct Segment {
    first: u64,
    sums: usize,
    hashes: usize,
    table: Table,
}

impl Segment {
    pub(super) const fn new(first: u64, sums: usize, hashes: usize) -> Self {
        Self { first, sums, hashes, table: Table::Untouched }
    }

    /// Bytes now in use.
    pub(super) fn bytes(&self) -> usize {
        match &self.table {
            Table::Untouched => 0,
            Table::Dense(dense) => 8 * dense.used.len() + 4 * dense.narrow.len() + 8 * dense.hashes.len(),
            Table::Sparse(sparse) => {
                18 * sparse.place.capacity() + 8 * (sparse.sums.capacity() + sparse.hashes.capacity())
            }
        }
    }

    /// Adds rows, by their position in `rows`; `keys` are the keys to use instead of `rows.keys`.
    pub(super) fn add(
        &mut self,
        storage: Storage,
        keys: &[u64],
        rows: &Rows<'_>,
        positions: &[u32],
    ) -> Result<(), AggregateError> {
        if matches!(self.table, Table::Untouched) {
            self.table = match storage {
                Storage::Dense { slots } => Table::Dense(Dense {
                    used: vec![0; slots.div_ceil(64)],
                    narrow: vec![0; slots * self.sums],
                    carry: BTreeMap::new(),
                    hashes: vec![0; slots * self.hashes],
                }),
                Storage::Sparse => Table::Sparse(Sparse::default()),
            };
        }
        match &mut self.table {
            Table::Dense(dense) => dense.add(self.first, keys, rows, positions),
            Table::Sparse(sparse) => sparse.add(keys, rows, positions),
            Table::Untouched => Ok(()),
        }
    }

    /// Number of distinct keys.
    pub(super) fn len(&self) -> usize {
        match &self.table {
            Table::Untouched => 0,
            Table::Dense(dense) => dense.used.iter().map(|word| word.count_ones() as usize).sum(),
            Table::Sparse(sparse) => sparse.place.len(),
        }
    }

    /// Appends the segment's keys, ascending, with their measures.
    pub(super) fn drain_into(self, cuboid: &mut Cuboid) -> Result<(), AggregateError> {
        match self.table {
            Table::Untouched => Ok(()),
            Table::Dense(dense) => dense.drain_into(self.first, self.sums, self.hashes, cuboid),
            Table::Sparse(sparse) => {
                sparse.drain_into(self.sums, self.hashes, cuboid);
                Ok(())
            }
        }
    }
}

impl Dense {
    fn add(&mut self, first: u64, keys: &[u64], rows: &Rows<'_>, positions: &[u32]) -> Result<(), AggregateError> {
        let (sums, hashes) = (rows.sums.len(), rows.hashes.len());
        for at in positions.iter().map(|at| *at as usize) {
            let slot = usize::try_from(keys[at] - first).unwrap_or(usize::MAX);
            self.used[slot / 64] |= 1 << (slot % 64);
            for (measure, column) in rows.sums.iter().enumerate() {
                self.add_one(slot * sums + measure, measure, column[at])?;
            }
            for (measure, column) in rows.hashes.iter().enumerate() {
                let sum = &mut self.hashes[slot * hashes + measure];
                *sum = sum.wrapping_add(column[at]);
            }
        }
        Ok(())
    }

    fn add_one(&mut self, place: usize, measure: usize, value: i64) -> Result<(), AggregateError> {
        let narrow = &mut self.narrow[place];
        if let Some(sum) = i32::try_from(value).ok().and_then(|value| narrow.checked_add(value)) {
            *narrow = sum;
            return Ok(());
        }
        let carry = self.carry.entry(place).or_insert(0);
        *carry = carry.checked_add(value).ok_or(AggregateError::Overflow(measure))?;
        Ok(())
    }

    fn drain_into(self, first: u64, sums: usize, hashes: usize, cuboid: &mut Cuboid) -> Result<(), AggregateError> {
        for (at, word) in self.used.iter().enumerate() {
            let mut left = *word;
            while left != 0 {
                let slot = at * 64 + left.trailing_zeros() as usize;
                left &= left - 1;
                cuboid.keys.push(first + slot as u64);
                for measure in 0..sums {
                    let place = slot * sums + measure;
                    let carry = if self.carry.is_empty() { 0 } else { self.carry.get(&place).copied().unwrap_or(0) };
                    let sum = carry.checked_add(i64::from(self.narrow[place]));
                    cuboid.sums[measure].push(sum.ok_or(AggregateError::Overflow(measure))?);
                }
                for measure in 0..hashes {
                    cuboid.hashes[measure].push(self.hashes[slot * hashes + measure]);
                }
            }
        }
        Ok(())
    }
}

impl Sparse {
    fn add(&mut self, keys: &[u64], rows: &Rows<'_>, positions: &[u32]) -> Result<(), AggregateError> {
        let (sums, hashes) = (rows.sums.len(), rows.hashes.len());
        for at in positions.iter().map(|at| *at as usize) {
            let place = self.place_of(keys[at], sums, hashes)?;
            for (measure, column) in rows.sums.iter().enumerate() {
                let sum = &mut self.sums[place * sums + measure];
                *sum = sum.checked_add(column[at]).ok_or(AggregateError::Overflow(measure))?;
            }
            for (measure, column) in rows.hashes.iter().enumerate() {
                let sum = &mut self.hashes[place * hashes + measure];
                *sum = sum.wrapping_add(column[at]);
            }
        }
        Ok(())
    }

    fn place_of(&mut self, key: u64, sums: usize, hashes: usize) -> Result<usize, AggregateError> {
        let next = u32::try_from(self.place.len())
            .map_err(|_| AggregateError::Shape("more than 2^32 distinct keys in one segment".into()))?;
        let place = *self.place.entry(key).or_insert(next);
        if place == next {
            self.sums.resize(self.sums.len() + sums, 0);
            self.hashes.resize(self.hashes.len() + hashes, 0);
        }
        Ok(place as usize)
    }

    fn drain_into(self, sums: usize, hashes: usize, cuboid: &mut Cuboid) {
        let mut order: Vec<(u64, u32)> = self.place.into_iter().collect();
        order.sort_unstable();
        for (key, place) in order {
            cuboid.keys.push(key);
            for measure in 0..sums {
                cuboid.sums[measure].push(self.sums[place as usize * sums + measure]);
            }
            for measure in 0..hashes {
                cuboid.hashes[measure].push(self.hashes[place as usize * hashes + measure]);
            }
        }
    }
}
