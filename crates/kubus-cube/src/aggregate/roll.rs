//! From a cuboid to a coarser one, never by reading rows again.

use super::kernel::batches;
use super::{AggregateError, Aggregator, Cuboid, Dimension, Layout, Rows};

/// What happens to a dimension when rolling up.
#[derive(Debug, Clone, Copy)]
pub enum Roll<'a> {
    /// It stays.
    Keep,
    /// It is summed over.
    Drop,
    /// Each value becomes another (an atom its area) out of `size`; `u32::MAX` leaves the row out.
    Map {
        /// New value by old value.
        to: &'a [u32],
        /// Number of new values.
        size: u32,
    },
}

impl Cuboid {
    /// The coarser table in which every dimension was rolled as `rolls` says (one per dimension,
    /// in order). A dropped dimension is gone from the layout. Rows are not read again.
    ///
    /// ```
    /// use kubus_cube::aggregate::{Dimension, Layout, Roll, Rows, aggregate};
    /// let size = |name: &str, size| Dimension { name: name.into(), size };
    /// let layout = Layout::new(vec![size("atom", 4), size("age", 2)]).unwrap();
    /// let keys = [layout.pack(&[0, 1]), layout.pack(&[1, 0]), layout.pack(&[3, 1])];
    /// let fine = aggregate(&layout, &[Rows { keys: &keys, sums: &[&[5, 6, 7]], hashes: &[] }], 1 << 20).unwrap();
    /// let area = fine.roll_up(&[Roll::Map { to: &[0, 0, 1, u32::MAX], size: 2 }, Roll::Drop]).unwrap();
    /// assert_eq!((area.keys, area.sums), (vec![0], vec![vec![11]]));
    /// ```
    ///
    /// # Errors
    /// [`AggregateError::Shape`] when the rolls do not fit, [`AggregateError::Overflow`].
    pub fn roll_up(&self, rolls: &[Roll<'_>]) -> Result<Self, AggregateError> {
        let (layout, moves) = self.plan(rolls)?;
        let kernel = Aggregator::new(layout, self.sums.len(), self.hashes.len(), self.keys.len() as u64, u64::MAX);
        let sums: Vec<&[i64]> = self.sums.iter().map(Vec::as_slice).collect();
        let hashes: Vec<&[u64]> = self.hashes.iter().map(Vec::as_slice).collect();
        batches(&Rows { keys: &self.keys, sums: &sums, hashes: &hashes }, |batch| {
            let keys: Vec<u64> = batch.keys.iter().map(|key| moved(*key, &moves)).collect();
            kernel.push_with_keys(&keys, batch)
        })?;
        kernel.finish()
    }

    /// The new layout, and how each dimension that stays gets there.
    fn plan<'a>(&self, rolls: &[Roll<'a>]) -> Result<(Layout, Vec<Move<'a>>), AggregateError> {
        let old = self.layout.dimensions();
        if rolls.len() != old.len() {
            return Err(AggregateError::Shape(format!("{} rolls for {} dimensions", rolls.len(), old.len())));
        }
        let mut dimensions = Vec::new();
        for (dimension, roll) in old.iter().zip(rolls) {
            let size = match roll {
                Roll::Drop => continue,
                Roll::Keep => dimension.size,
                Roll::Map { to, size } => {
                    check_map(dimension, to, *size)?;
                    *size
                }
            };
            dimensions.push(Dimension { name: dimension.name.clone(), size });
        }
        let layout = Layout::new(dimensions)?;
        let stays = rolls.iter().enumerate().filter(|(_, roll)| !matches!(roll, Roll::Drop));
        let moves = stays.enumerate().map(|(new, (old, roll))| Move {
            from: self.layout.shift(old),
            mask: self.layout.mask(old),
            to: layout.shift(new),
            map: if let Roll::Map { to, .. } = roll { Some(to) } else { None },
        });
        let moves = moves.collect();
        Ok((layout, moves))
    }
}

fn check_map(dimension: &Dimension, to: &[u32], size: u32) -> Result<(), AggregateError> {
    let fits = to.len() == dimension.size as usize && to.iter().all(|value| *value < size || *value == u32::MAX);
    if fits { Ok(()) } else { Err(AggregateError::Shape(format!("the map of {} does not fit", dimension.name))) }
}

/// One dimension on its way from the old key to the new.
struct Move<'a> {
    from: u32,
    mask: u64,
    to: u32,
    map: Option<&'a [u32]>,
}

/// The new key; `u64::MAX` when a map leaves the row out.
fn moved(key: u64, moves: &[Move<'_>]) -> u64 {
    let mut new = 0;
    for each in moves {
        let value = (key >> each.from) & each.mask;
        let value = match each.map {
            None => value,
            Some(map) => match map[usize::try_from(value).unwrap_or(usize::MAX)] {
                u32::MAX => return u64::MAX,
                value => u64::from(value),
            },
        };
        new |= value << each.to;
    }
    new
}
