//! Rows from any number of threads into segments, and the cuboid out of them.
//!
//! The range of keys is cut into segments. A thread sorts the rows of its batch by segment and
//! adds them under that segment's lock; big batches make the locks rare and the memory local.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use super::segment::{Segment, Storage};
use super::{AggregateError, Cuboid, Layout, Rows};

/// Segments: enough for many threads, few enough that a batch gives each of them a run of rows.
const SEGMENTS: u64 = 256;
/// Below this many possible keys, a table that is addressed by key is always small.
const ALWAYS_DENSE: u64 = 1 << 16;
/// Rows per batch in [`aggregate`] and in roll-up.
pub(super) const BATCH: usize = 1 << 18;

/// Aggregates rows that come in batches, from any number of threads at the same time.
///
/// ```
/// use kubus_cube::aggregate::{Aggregator, Dimension, Layout, Rows};
/// let layout = Layout::new(vec![Dimension { name: "atom".into(), size: 10 }]).unwrap();
/// let kernel = Aggregator::new(layout, 1, 0, 3, 1 << 20);
/// kernel.push(&Rows { keys: &[7, 2, 7], sums: &[&[1, 1, 1]], hashes: &[] }).unwrap();
/// let cuboid = kernel.finish().unwrap();
/// assert_eq!((cuboid.keys, cuboid.sums), (vec![2, 7], vec![vec![1, 2]]));
/// ```
pub struct Aggregator {
    layout: Layout,
    sums: usize,
    hashes: usize,
    storage: Storage,
    shift: u32,
    segments: Vec<Mutex<Segment>>,
    used: AtomicU64,
    allowed: u64,
}

impl Aggregator {
    /// A kernel for `sums` summed measures and `hashes` wrapping ones. `expected_rows` (an
    /// estimate) decides how keys are stored; `memory` is the most bytes the tables may take.
    #[must_use]
    pub fn new(layout: Layout, sums: usize, hashes: usize, expected_rows: u64, memory: u64) -> Self {
        let keys = layout.keys();
        let shift = (keys.div_ceil(SEGMENTS)).next_power_of_two().trailing_zeros();
        let count = keys.div_ceil(1 << shift).max(1);
        let dense = keys <= ALWAYS_DENSE || keys / 4 <= expected_rows;
        let slots = usize::try_from(1u64 << shift).unwrap_or(usize::MAX);
        let storage = if dense { Storage::Dense { slots } } else { Storage::Sparse };
        let segments = (0..count).map(|at| Mutex::new(Segment::new(at << shift, sums, hashes))).collect();
        Self { layout, sums, hashes, storage, shift, segments, used: AtomicU64::new(0), allowed: memory }
    }

    /// Adds a batch. Large batches (2^16 rows and more) are fastest.
    ///
    /// # Errors
    /// [`AggregateError::Shape`] for columns of different length or a key outside the layout,
    /// [`AggregateError::Overflow`] and [`AggregateError::Memory`].
    pub fn push(&self, rows: &Rows<'_>) -> Result<(), AggregateError> {
        self.push_with_keys(rows.keys, rows)
    }

    /// As [`Aggregator::push`] with other keys than those of the rows; a row whose key is
    /// `u64::MAX` is left out.
    pub(super) fn push_with_keys(&self, keys: &[u64], rows: &Rows<'_>) -> Result<(), AggregateError> {
        self.check(keys, rows)?;
        let (positions, ends) = self.sort_by_segment(keys)?;
        // Threads begin at different segments, so that they do not queue for the same lock.
        let count = self.segments.len();
        let begin = rayon::current_thread_index().unwrap_or(0) * count / rayon::current_num_threads().max(1);
        for at in (begin..count).chain(0..begin) {
            let from = if at == 0 { 0 } else { ends[at - 1] };
            if from < ends[at] {
                self.add_to(at, keys, rows, &positions[from..ends[at]])?;
            }
        }
        Ok(())
    }

    fn check(&self, keys: &[u64], rows: &Rows<'_>) -> Result<(), AggregateError> {
        let same = rows.sums.iter().all(|c| c.len() == keys.len()) && rows.hashes.iter().all(|c| c.len() == keys.len());
        if same && rows.sums.len() == self.sums && rows.hashes.len() == self.hashes && keys.len() < u32::MAX as usize {
            Ok(())
        } else {
            Err(AggregateError::Shape("columns of a batch differ in length or number".into()))
        }
    }

    /// Positions of the rows in the order of their segments, and where each segment's run ends.
    fn sort_by_segment(&self, keys: &[u64]) -> Result<(Vec<u32>, Vec<usize>), AggregateError> {
        let outside = || AggregateError::Shape("a key lies outside the layout".into());
        let segment_of = |key: u64| usize::try_from(key >> self.shift).unwrap_or(usize::MAX);
        let mut ends = vec![0usize; self.segments.len()];
        for key in keys.iter().filter(|key| **key != u64::MAX) {
            *ends.get_mut(segment_of(*key)).ok_or_else(outside)? += 1;
        }
        let mut next = Vec::with_capacity(ends.len());
        let mut total = 0;
        for end in &mut ends {
            next.push(total);
            total += *end;
            *end = total;
        }
        let mut positions = vec![0u32; total];
        for (at, key) in (0u32..).zip(keys).filter(|(_, key)| **key != u64::MAX) {
            let place = &mut next[segment_of(*key)];
            positions[*place] = at;
            *place += 1;
        }
        Ok((positions, ends))
    }

    fn add_to(&self, at: usize, keys: &[u64], rows: &Rows<'_>, positions: &[u32]) -> Result<(), AggregateError> {
        let poisoned = |_| AggregateError::Shape("another thread stopped while it aggregated".into());
        let mut segment = self.segments[at].lock().map_err(poisoned)?;
        let before = segment.bytes();
        if before == 0 {
            self.reserve(self.first_bytes())?;
        }
        segment.add(self.storage, keys, rows, positions)?;
        let counted = if before == 0 { self.first_bytes() } else { before as u64 };
        self.reserve((segment.bytes() as u64).saturating_sub(counted))
    }

    /// What a segment takes as soon as it holds one row.
    fn first_bytes(&self) -> u64 {
        match self.storage {
            Storage::Dense { slots } => (slots.div_ceil(64) * 8 + slots * (4 * self.sums + 8 * self.hashes)) as u64,
            Storage::Sparse => 0,
        }
    }

    fn reserve(&self, bytes: u64) -> Result<(), AggregateError> {
        let needed = self.used.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes);
        if needed > self.allowed { Err(AggregateError::Memory { needed, allowed: self.allowed }) } else { Ok(()) }
    }

    /// The aggregated table.
    ///
    /// # Errors
    /// [`AggregateError::Overflow`].
    pub fn finish(self) -> Result<Cuboid, AggregateError> {
        let poisoned = |_| AggregateError::Shape("another thread stopped while it aggregated".into());
        let segments: Vec<Segment> =
            self.segments.into_iter().map(|s| s.into_inner().map_err(poisoned)).collect::<Result<_, _>>()?;
        let total = segments.iter().map(Segment::len).sum();
        let mut cuboid = Cuboid {
            layout: self.layout,
            keys: Vec::with_capacity(total),
            sums: (0..self.sums).map(|_| Vec::with_capacity(total)).collect(),
            hashes: (0..self.hashes).map(|_| Vec::with_capacity(total)).collect(),
        };
        for segment in segments {
            segment.drain_into(&mut cuboid)?;
        }
        Ok(cuboid)
    }
}

/// Aggregates rows that are in memory already, in parallel. `memory` is the most bytes the tables
/// may take. All chunks have the same measures.
///
/// # Errors
/// As [`Aggregator::push`].
pub fn aggregate(layout: &Layout, chunks: &[Rows<'_>], memory: u64) -> Result<Cuboid, AggregateError> {
    let (sums, hashes) = chunks.first().map_or((0, 0), |rows| (rows.sums.len(), rows.hashes.len()));
    let rows: usize = chunks.iter().map(|rows| rows.keys.len()).sum();
    let kernel = Aggregator::new(layout.clone(), sums, hashes, rows as u64, memory);
    chunks.par_iter().try_for_each(|chunk| batches(chunk, |batch| kernel.push(batch)))?;
    kernel.finish()
}

/// Hands out a table in batches, in parallel.
pub(super) fn batches<F>(rows: &Rows<'_>, each: F) -> Result<(), AggregateError>
where
    F: Fn(&Rows<'_>) -> Result<(), AggregateError> + Sync,
{
    (0..rows.keys.len().div_ceil(BATCH)).into_par_iter().try_for_each(|batch| {
        let range = batch * BATCH..rows.keys.len().min((batch + 1) * BATCH);
        let short = || AggregateError::Shape("a column is shorter than the keys".into());
        let sums: Vec<&[i64]> =
            rows.sums.iter().map(|c| c.get(range.clone()).ok_or_else(short)).collect::<Result<_, _>>()?;
        let hashes: Vec<&[u64]> =
            rows.hashes.iter().map(|c| c.get(range.clone()).ok_or_else(short)).collect::<Result<_, _>>()?;
        each(&Rows { keys: &rows.keys[range], sums: &sums, hashes: &hashes })
    })
}
