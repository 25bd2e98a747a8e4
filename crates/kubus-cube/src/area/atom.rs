//! Atoms: the smallest pieces that all levels share. Two addresses lie in the same atom when they
//! share their areas at every level. Called by [`super::load`].

use super::assign::NONE;
use super::level::Level;
use super::surface;

/// The atoms of a town.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Atoms {
    /// For each level, in the order of the levels, the area of each atom.
    pub(crate) area: Vec<Vec<u32>>,
    /// Number of addresses of each atom.
    pub(crate) addresses: Vec<u32>,
    /// The atom of each address; empty without addresses.
    pub(crate) of_address: Vec<u32>,
}

impl Atoms {
    /// The number of atoms.
    pub(crate) fn len(&self) -> usize {
        self.addresses.len()
    }

    /// The distinct combinations of areas among addresses, in the order of the areas, coarse first.
    pub(crate) fn of_addresses(levels: &[Level<'_>], addresses: usize) -> Self {
        let row = |at: u32| levels.iter().map(move |level| level.of_address[at as usize]);
        let mut order: Vec<u32> = (0..u32::try_from(addresses).unwrap_or(NONE)).collect();
        order.sort_by(|a, b| row(*a).cmp(row(*b)).then(a.cmp(b)));
        let mut atoms =
            Self { area: vec![Vec::new(); levels.len()], addresses: Vec::new(), of_address: vec![NONE; addresses] };
        let mut before: Option<u32> = None;
        for at in order {
            if before.is_none_or(|b| row(b).ne(row(at))) {
                atoms.addresses.push(0);
                atoms.area.iter_mut().zip(row(at)).for_each(|(list, area)| list.push(area));
            }
            let atom = atoms.addresses.len() - 1;
            atoms.addresses[atom] += 1;
            atoms.of_address[at as usize] = u32::try_from(atom).unwrap_or(NONE);
            before = Some(at);
        }
        atoms
    }

    /// Without addresses: the areas of the finest drawn level, each in one area of every other.
    pub(crate) fn of_areas(levels: &[Level<'_>]) -> Self {
        let drawn = levels.iter().rposition(|level| level.areas.has_shapes());
        let Some(finest) = drawn.or_else(|| levels.iter().rposition(|l| !l.areas.list.is_empty())) else {
            return Self { area: vec![Vec::new(); levels.len()], ..Self::default() };
        };
        let count = levels[finest].areas.list.len();
        let area = (0..levels.len()).map(|at| {
            if at == finest {
                (0..u32::try_from(count).unwrap_or(NONE)).collect()
            } else {
                holds(&levels[finest], &levels[at])
            }
        });
        Self { area: area.collect(), addresses: vec![1; count], of_address: Vec::new() }
    }
}

/// For each area of `fine` the area of `coarse` that holds it: the only one there is, else by its
/// code where codes nest, else by the largest shared surface.
pub(crate) fn holds(fine: &Level<'_>, coarse: &Level<'_>) -> Vec<u32> {
    if coarse.areas.list.len() == 1 {
        return vec![0; fine.areas.list.len()];
    }
    let example = coarse.areas.list.first().filter(|_| coarse.is_nested()).map(|a| &a.code);
    let by_code = |code| coarse.areas.position(&super::nested::coarser_code(code, example?)?);
    let by_surface = surface::largest(&fine.areas, &coarse.areas);
    fine.areas.list.iter().zip(by_surface).map(|(a, surface)| by_code(&a.code).or(surface).unwrap_or(NONE)).collect()
}
