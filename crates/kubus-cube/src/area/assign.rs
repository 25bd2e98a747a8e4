//! Which code each address has, at every level and in every vintage. Called by [`super::level`]
//! for the town's vintage and by [`super::crosswalk`] for older ones.

use std::collections::BTreeMap;
use std::path::Path;

use kubus_model::{AreaCode, AreaLevel, AreaVintage, Finding};

use super::addresses::AddressTable;
use super::areas::Areas;
use super::grid;
use super::locate::Locator;
use super::lookup::Lookup;
use super::nested::coarser_code;
use crate::declaration::{AreaDeclaration, Assign, Declarations, FileDeclaration, VintageDeclaration};

/// No area.
pub(crate) const NONE: u32 = u32::MAX;

/// Boundaries by level and vintage.
pub(crate) type BoundaryMap = BTreeMap<(AreaLevel, AreaVintage), Areas>;

/// A code per address: positions in a sorted list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Coded {
    /// Codes, sorted, each once.
    pub(crate) codes: Vec<AreaCode>,
    /// For each address the position of its code, or [`NONE`].
    pub(crate) of: Vec<u32>,
}

impl Coded {
    /// Sorts the codes and refers to them.
    pub(crate) fn new(texts: &[Option<AreaCode>]) -> Self {
        let mut codes: Vec<AreaCode> = texts.iter().flatten().cloned().collect();
        codes.sort_unstable();
        codes.dedup();
        let position = |code: &AreaCode| codes.binary_search(code).ok().and_then(|at| u32::try_from(at).ok());
        let of = texts.iter().map(|text| text.as_ref().and_then(position).unwrap_or(NONE)).collect();
        Self { codes, of }
    }

    /// The code of an address.
    pub(crate) fn code(&self, address: usize) -> Option<&AreaCode> {
        self.codes.get(*self.of.get(address)? as usize)
    }
}

/// The vintage of a level that holds in a year: that year's, else the newest before it.
pub(crate) fn vintage_in(area: &AreaDeclaration, year: AreaVintage) -> Option<&VintageDeclaration> {
    area.vintages.iter().filter(|v| v.year <= year).max_by_key(|v| v.year)
}

/// Gives addresses their codes.
pub(crate) struct Coder<'a> {
    /// What the town declares.
    pub(crate) declarations: &'a Declarations,
    /// Where the files are.
    pub(crate) deliveries: &'a Path,
    /// The addresses that are coded.
    pub(crate) addresses: &'a AddressTable,
    /// Lists of other years, by year.
    pub(crate) others: &'a BTreeMap<AreaVintage, AddressTable>,
    /// Boundaries, read before.
    pub(crate) boundaries: &'a BoundaryMap,
    /// What was coded before, by level and vintage.
    pub(crate) known: BTreeMap<(AreaLevel, AreaVintage), Coded>,
    /// What was found.
    pub(crate) findings: Vec<Finding>,
}

impl Coder<'_> {
    /// The codes of all addresses at a level in a vintage.
    pub(crate) fn code(&mut self, area: &AreaDeclaration, vintage: &VintageDeclaration) -> Coded {
        let key = (area.level.clone(), vintage.year);
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let coded = self.code_anew(area, vintage);
        self.known.insert(key, coded.clone());
        coded
    }

    fn code_anew(&mut self, area: &AreaDeclaration, vintage: &VintageDeclaration) -> Coded {
        let shapes = self.boundaries.get(&(area.level.clone(), vintage.year)).filter(|b| b.has_shapes());
        match (&vintage.assign, shapes) {
            (Some(Assign::Column { column, length }), _) => self.by_column(area, vintage.year, column, *length),
            (Some(Assign::Lookup { file }), shapes) => self.by_lookup(area, vintage, file, shapes),
            (Some(Assign::Grid { size }), _) => self.by_square(*size),
            (Some(Assign::Nested { finer }), _) => self.by_finer(area, vintage.year, finer),
            (Some(Assign::Whole), _) => self.whole(),
            (Some(Assign::Polygon) | None, Some(areas)) => self.by_polygon(areas),
            (None, None) if area.rank == 0 => self.whole(),
            (Some(Assign::Polygon) | None, None) => {
                self.findings.push(about("area-assign-missing", area, vintage.year));
                Coded::new(&vec![None; self.addresses.len()])
            }
        }
    }

    fn by_polygon(&self, areas: &Areas) -> Coded {
        let locator = Locator::new(areas);
        let locate = |point: &Option<geo::Coord>| point.and_then(|p| locator.locate(p)).unwrap_or(NONE);
        Coded {
            codes: areas.list.iter().map(|a| a.code.clone()).collect(),
            of: self.addresses.points.iter().map(locate).collect(),
        }
    }

    fn by_square(&self, size: u32) -> Coded {
        let square = |point: &Option<geo::Coord>| point.and_then(|p| grid::code(p, size));
        Coded::new(&self.addresses.points.iter().map(square).collect::<Vec<_>>())
    }

    fn whole(&self) -> Coded {
        Coded { codes: vec![AreaCode::new(&self.declarations.town.code)], of: vec![0; self.addresses.len()] }
    }

    /// From the list of the vintage's own year when there is one, else from the list that is coded.
    fn by_column(&mut self, area: &AreaDeclaration, year: AreaVintage, column: &str, length: Option<usize>) -> Coded {
        let other = self.others.get(&year);
        let Some(texts) = other.unwrap_or(self.addresses).text(column) else {
            self.findings.push(about("area-column-missing", area, year).column(column));
            return Coded::new(&vec![None; self.addresses.len()]);
        };
        let cut = |text: &String| AreaCode(text.chars().take(length.unwrap_or(usize::MAX)).collect());
        let codes: Vec<Option<AreaCode>> = match other.map(AddressTable::positions) {
            None => texts.iter().map(|text| text.as_ref().map(cut)).collect(),
            Some(at) => {
                let text = |id: &String| at.get(id.as_str()).and_then(|row| texts[*row].as_ref()).map(cut);
                self.addresses.ids.iter().map(text).collect()
            }
        };
        Coded::new(&codes)
    }

    /// From the file; where it does not know an address, from the polygons when there are any.
    fn by_lookup(
        &mut self,
        area: &AreaDeclaration,
        vintage: &VintageDeclaration,
        file: &FileDeclaration,
        shapes: Option<&Areas>,
    ) -> Coded {
        let lookup = Lookup::read(&area.level, file, self.deliveries, &mut self.findings);
        let located = shapes.map(|areas| self.by_polygon(areas));
        let (mut missed, mut unknown) = (0_usize, 0_usize);
        let mut codes = Vec::with_capacity(self.addresses.len());
        for row in 0..self.addresses.len() {
            let at = |role: &str| self.addresses.text(role).and_then(|t| t[row].as_deref());
            let found = at("pc6").zip(at("number")).and_then(|(pc6, number)| lookup.code(pc6, number));
            let found = found.map(AreaCode::new);
            missed += usize::from(found.is_none());
            let strange = |code: &AreaCode| shapes.is_some_and(|areas| areas.position(code).is_none());
            unknown += usize::from(found.as_ref().is_some_and(strange));
            let known = found.filter(|code| !strange(code));
            codes.push(known.or_else(|| located.as_ref().and_then(|l| l.code(row).cloned())));
        }
        self.count("area-lookup-missed", area, vintage.year, missed);
        self.count("area-lookup-unknown", area, vintage.year, unknown);
        Coded::new(&codes)
    }

    /// From the codes of a finer level of the same year, which must have a larger rank.
    fn by_finer(&mut self, area: &AreaDeclaration, year: AreaVintage, finer: &AreaLevel) -> Coded {
        let declarations = self.declarations;
        let finer = declarations.areas.iter().find(|a| a.level == *finer && a.rank > area.rank);
        let Some((finer, vintage)) = finer.and_then(|f| Some((f, vintage_in(f, year)?))) else {
            self.findings.push(about("area-nested-bad", area, year));
            return Coded::new(&vec![None; self.addresses.len()]);
        };
        let fine = self.code(finer, vintage);
        let example = example_code(area, self.boundaries);
        let coarser: Vec<Option<AreaCode>> = fine.codes.iter().map(|code| coarser_code(code, &example)).collect();
        let of = |at: &u32| coarser.get(*at as usize).cloned().flatten();
        Coded::new(&fine.of.iter().map(of).collect::<Vec<_>>())
    }

    fn count(&mut self, code: &str, area: &AreaDeclaration, year: AreaVintage, count: usize) {
        if count > 0 {
            let of = self.addresses.len();
            self.findings.push(warning(code, area, year).with("count", count).with("of", of));
        }
    }
}

/// A code of the level to tell its form by: one from its boundaries, else CBS's form by name.
pub(crate) fn example_code(area: &AreaDeclaration, boundaries: &BoundaryMap) -> AreaCode {
    let of_level = boundaries.iter().filter(|((level, _), _)| *level == area.level);
    let known = of_level.flat_map(|(_, areas)| areas.list.first()).map(|a| a.code.clone()).next();
    known.unwrap_or_else(|| match area.level.as_str() {
        "gemeente" => AreaCode::new("GM0000"),
        "pc4" => AreaCode::new("0000"),
        _ => AreaCode::new("WK000000"),
    })
}

/// An error finding about a level and a vintage.
pub(crate) fn about(code: &str, area: &AreaDeclaration, year: AreaVintage) -> Finding {
    Finding::error(code).source(area.level.as_str()).with("vintage", year)
}

/// A warning about a level and a vintage.
pub(crate) fn warning(code: &str, area: &AreaDeclaration, year: AreaVintage) -> Finding {
    Finding::warning(code).source(area.level.as_str()).with("vintage", year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_and_each_address_refers_to_its_own() {
        let texts = ["b", "a", "b"].map(|t| Some(AreaCode::new(t)));
        let mut texts = texts.to_vec();
        texts.push(None);
        let coded = Coded::new(&texts);
        assert_eq!(coded.codes, [AreaCode::new("a"), AreaCode::new("b")]);
        assert_eq!(coded.of, [1, 0, 1, NONE]);
        for (at, text) in texts.iter().enumerate() {
            assert_eq!(coded.code(at), text.as_ref());
        }
    }
}
