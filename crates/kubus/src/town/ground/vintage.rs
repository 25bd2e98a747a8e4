//! The boundaries of 2024 out of those of 2025, with the changes that come every year: two
//! neighbourhoods that were merged, one that was split, a border that moved, a district that was
//! renumbered.

use super::division::{grow, spread};
use super::{Ground, Vintage};

/// One change between the vintages, for `truth.json`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(in crate::town) struct BoundaryChange {
    /// `merged`, `split`, `moved_border` or `renumbered`.
    pub(in crate::town) kind: &'static str,
    /// Codes of 2024.
    pub(in crate::town) old: Vec<String>,
    /// Codes of 2025.
    pub(in crate::town) new: Vec<String>,
}

/// The vintage of 2024 and what changed; neighbourhoods in `keep` stay as they are where possible.
pub(in crate::town) fn older_vintage(ground: &Ground, keep: &[usize]) -> (Vintage, Vec<BoundaryChange>) {
    let mut older = Vintage { year: 2024, ..ground.now.clone() };
    let mut used = keep.to_vec();
    let mut changes = Vec::new();
    changes.extend(unmerge(ground, &mut older, &mut used));
    changes.extend(unsplit(ground, &mut older, &mut used));
    changes.extend(move_border(ground, &mut older, &mut used));
    changes.extend(renumber(&mut older, &ground.now));
    (older, changes)
}

/// The squares of a neighbourhood of 2025.
fn squares_of(ground: &Ground, neighbourhood: usize) -> Vec<usize> {
    (0..ground.lattice.len()).filter(|s| ground.now.of_square[*s] == Some(neighbourhood)).collect()
}

/// The largest neighbourhood that is still free was two in 2024.
fn unmerge(ground: &Ground, older: &mut Vintage, used: &mut Vec<usize>) -> Option<BoundaryChange> {
    let free = (0..ground.now.neighbourhoods.len()).filter(|n| !used.contains(n));
    let merged = free.max_by_key(|n| squares_of(ground, *n).len())?;
    let squares = squares_of(ground, merged);
    let halves = grow(&ground.lattice, &squares, &spread(&ground.lattice, &squares, 2), |_, _| 1);
    let mut second = older.neighbourhoods[merged].clone();
    second.code = format!("{}90", &second.code[..8]);
    second.name = format!("{} Zuid", second.name);
    let extra = older.neighbourhoods.len();
    squares.iter().filter(|s| halves[**s] == Some(1)).for_each(|s| older.of_square[*s] = Some(extra));
    let old = vec![older.neighbourhoods[merged].code.clone(), second.code.clone()];
    older.neighbourhoods.push(second);
    used.push(merged);
    Some(BoundaryChange { kind: "merged", old, new: vec![ground.now.neighbourhoods[merged].code.clone()] })
}

/// Two neighbourhoods side by side in one district were one in 2024.
fn unsplit(ground: &Ground, older: &mut Vintage, used: &mut Vec<usize>) -> Option<BoundaryChange> {
    let (first, second) = pair(ground, used)?;
    squares_of(ground, second).iter().for_each(|s| older.of_square[*s] = Some(first));
    used.extend([first, second]);
    let codes = |at: usize| ground.now.neighbourhoods[at].code.clone();
    Some(BoundaryChange { kind: "split", old: vec![codes(first)], new: vec![codes(first), codes(second)] })
}

/// One square on a border belonged to the other side in 2024.
fn move_border(ground: &Ground, older: &mut Vintage, used: &mut Vec<usize>) -> Option<BoundaryChange> {
    let (from, to) = pair(ground, used)?;
    let touches = |s: &usize| ground.lattice.beside(*s).iter().any(|n| ground.now.of_square[*n] == Some(to));
    let square = squares_of(ground, from).into_iter().find(touches)?;
    older.of_square[square] = Some(to);
    used.extend([from, to]);
    let codes = vec![ground.now.neighbourhoods[from].code.clone(), ground.now.neighbourhoods[to].code.clone()];
    Some(BoundaryChange { kind: "moved_border", old: codes.clone(), new: codes })
}

/// The last district had another number in 2024.
fn renumber(older: &mut Vintage, now: &Vintage) -> Option<BoundaryChange> {
    let last = older.districts.len().checked_sub(1)?;
    let number = |code: &str| code[6..8].parse::<usize>().unwrap_or_default() + 40;
    let renumbered = |code: &str| format!("{}{:02}{}", &code[..6], number(code), &code[8..]);
    older.districts[last].code = renumbered(&older.districts[last].code);
    for neighbourhood in older.neighbourhoods.iter_mut().filter(|n| n.district == last) {
        neighbourhood.code = renumbered(&neighbourhood.code);
    }
    let codes = |vintage: &Vintage| -> Vec<String> {
        vintage.neighbourhoods.iter().filter(|n| n.district == last).map(|n| n.code.clone()).collect()
    };
    Some(BoundaryChange { kind: "renumbered", old: codes(older), new: codes(now) })
}

/// Two free neighbourhoods of one district that share a border, and do not lie in the last one.
fn pair(ground: &Ground, used: &[usize]) -> Option<(usize, usize)> {
    let now = &ground.now;
    let free = |n: usize| !used.contains(&n) && now.neighbourhoods[n].district + 1 < now.districts.len();
    (0..ground.lattice.len()).find_map(|square| {
        let here = now.of_square[square].filter(|n| free(*n))?;
        let beside = ground.lattice.beside(square).into_iter().filter_map(|s| now.of_square[s]);
        let same =
            |n: &usize| *n != here && free(*n) && now.neighbourhoods[*n].district == now.neighbourhoods[here].district;
        beside.filter(|n| same(n)).min().map(|other| (here.min(other), here.max(other)))
    })
}
