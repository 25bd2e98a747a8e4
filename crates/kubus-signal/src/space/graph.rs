//! Which areas touch. Touching goes both ways: an edge given once counts for both areas, and an
//! edge given twice counts once.

use super::SpaceError;

/// How much a neighbour weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weights {
    /// The neighbours of an area weigh one together.
    Row,
    /// Every neighbour weighs one.
    Binary,
}

/// The neighbours of every area, in one list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Graph {
    starts: Vec<usize>,
    ends: Vec<u32>,
}

/// The sums of weights that the variances of global statistics are made of (Cliff and Ord 1981).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeightSums {
    /// Sum of all weights.
    pub s0: f64,
    /// Half the sum of (wᵢⱼ + wⱼᵢ)².
    pub s1: f64,
    /// Sum over areas of (weights given + weights taken)².
    pub s2: f64,
}

impl Graph {
    /// The graph of `areas` areas with these edges, in any order.
    ///
    /// # Errors
    /// [`SpaceError::Outside`] and [`SpaceError::Own`].
    pub fn new(areas: usize, edges: &[(u32, u32)]) -> Result<Self, SpaceError> {
        let mut starts = vec![0usize; areas + 1];
        for &(one, other) in edges {
            let (one, other) = (one as usize, other as usize);
            if one.max(other) >= areas {
                return Err(SpaceError::Outside(one.max(other), areas));
            }
            if one == other {
                return Err(SpaceError::Own(one));
            }
            starts[one + 1] += 1;
            starts[other + 1] += 1;
        }
        (0..areas).for_each(|at| starts[at + 1] += starts[at]);
        let mut ends = vec![0u32; edges.len() * 2];
        let mut free = starts.clone();
        for &(one, other) in edges {
            for (from, to) in [(one, other), (other, one)] {
                ends[free[from as usize]] = to;
                free[from as usize] += 1;
            }
        }
        Ok(Self::without_doubles(&starts, ends))
    }

    /// The graph in which no two areas touch.
    #[must_use]
    pub fn alone(areas: usize) -> Self {
        Self { starts: vec![0; areas + 1], ends: Vec::new() }
    }

    fn without_doubles(starts: &[usize], mut ends: Vec<u32>) -> Self {
        let mut kept = 0;
        let mut new_starts = Vec::with_capacity(starts.len());
        new_starts.push(0);
        for bounds in starts.windows(2) {
            ends[bounds[0]..bounds[1]].sort_unstable();
            let first = kept;
            for at in bounds[0]..bounds[1] {
                if kept == first || ends[kept - 1] != ends[at] {
                    ends[kept] = ends[at];
                    kept += 1;
                }
            }
            new_starts.push(kept);
        }
        ends.truncate(kept);
        Self { starts: new_starts, ends }
    }

    /// How many areas.
    #[must_use]
    pub const fn areas(&self) -> usize {
        self.starts.len() - 1
    }

    /// The neighbours of an area, ascending.
    ///
    /// # Panics
    /// When there is no such area.
    #[must_use]
    pub fn neighbours(&self, area: usize) -> &[u32] {
        &self.ends[self.starts[area]..self.starts[area + 1]]
    }

    /// How many neighbours an area has.
    ///
    /// # Panics
    /// When there is no such area.
    #[must_use]
    pub fn degree(&self, area: usize) -> usize {
        self.starts[area + 1] - self.starts[area]
    }

    /// The weight of each neighbour of an area.
    #[must_use]
    pub fn weight(&self, area: usize, weights: Weights) -> f64 {
        match weights {
            Weights::Binary => 1.0,
            Weights::Row => 1.0 / self.degree(area) as f64,
        }
    }

    /// The sum of the neighbours' figures, unweighted.
    #[must_use]
    pub fn around(&self, area: usize, figures: &[f64]) -> f64 {
        self.neighbours(area).iter().map(|at| figures[*at as usize]).sum()
    }

    /// The graph of the areas that are kept, renumbered in their order.
    #[must_use]
    pub fn among(&self, kept: &[bool]) -> Self {
        let mut number = vec![u32::MAX; self.areas()];
        (0u32..).zip((0..self.areas()).filter(|at| kept[*at])).for_each(|(new, at)| number[at] = new);
        let (mut starts, mut ends) = (vec![0], Vec::new());
        for area in (0..self.areas()).filter(|at| kept[*at]) {
            ends.extend(self.neighbours(area).iter().map(|at| number[*at as usize]).filter(|at| *at != u32::MAX));
            starts.push(ends.len());
        }
        Self { starts, ends }
    }

    /// The sums of weights; `None` when no two areas touch.
    #[must_use]
    pub fn sums(&self, weights: Weights) -> Option<WeightSums> {
        let (mut s0, mut s1, mut s2) = (0.0, 0.0, 0.0);
        for area in (0..self.areas()).filter(|at| self.degree(*at) > 0) {
            let own = self.weight(area, weights);
            let given = own * self.degree(area) as f64;
            let mut taken = 0.0;
            for other in self.neighbours(area) {
                let back = self.weight(*other as usize, weights);
                taken += back;
                s1 += (own + back).powi(2) / 2.0;
            }
            s0 += given;
            s2 += (given + taken).powi(2);
        }
        (s0 > 0.0).then_some(WeightSums { s0, s1, s2 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edge_goes_both_ways_and_counts_once() {
        let graph = Graph::new(4, &[(0, 1), (1, 0), (2, 1)]).unwrap();
        assert_eq!(graph.neighbours(1), [0, 2]);
        assert_eq!(graph.neighbours(2), [1]);
        assert_eq!(graph.degree(3), 0);
    }

    #[test]
    fn a_wrong_edge_is_named() {
        assert_eq!(Graph::new(2, &[(0, 2)]), Err(SpaceError::Outside(2, 2)));
        assert_eq!(Graph::new(2, &[(1, 1)]), Err(SpaceError::Own(1)));
    }

    #[test]
    fn who_lost_all_neighbours_is_an_island() {
        let graph = Graph::new(4, &[(0, 1), (1, 2), (2, 3)]).unwrap().among(&[true, false, true, true]);
        assert_eq!(graph.areas(), 3);
        assert_eq!(graph.degree(0), 0);
        assert_eq!(graph.neighbours(1), [2]);
    }
}
