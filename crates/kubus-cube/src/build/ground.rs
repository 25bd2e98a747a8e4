//! Where rows are placed before they are counted: per atom of addresses, or per area of the level
//! in which a source gives its location. Every place lies in one area at every level. Called by
//! the counters.

use std::collections::{BTreeMap, HashMap};

use kubus_model::{AreaCode, AreaLevel, AreaVintage};

use crate::area::{Crosswalk, Geography};
use crate::declaration::source::LocationDeclaration;
use crate::declaration::{AreaDeclaration, Declarations};

/// No place.
pub(crate) const NOWHERE: u32 = u32::MAX;

/// In which area of one level each place lies.
#[derive(Debug, Clone, Default)]
pub(crate) struct Onto {
    /// Position of the area by place; [`NOWHERE`] for none.
    pub(crate) target: Vec<u32>,
    /// Part of a place (thousandths of its addresses) that lies in another area than `target`.
    pub(crate) estimated: Vec<u16>,
}

/// The places of a source.
#[derive(Debug, Clone)]
pub(crate) struct Ground {
    /// Number of places.
    pub(crate) size: u32,
    /// By level.
    pub(crate) onto: BTreeMap<AreaLevel, Onto>,
    /// The place of each code or address.
    places: HashMap<String, u32>,
}

impl Ground {
    /// The places of a declared location; none when its level or vintage is not known.
    pub(crate) fn of(
        declarations: &Declarations,
        geography: &Geography,
        location: &LocationDeclaration,
    ) -> Option<Self> {
        if location.level.as_str() == "address" {
            return Some(Self::addresses(geography));
        }
        let area = declarations.areas.iter().find(|area| area.level == location.level)?;
        let vintage = newest(area, location.vintage.unwrap_or(declarations.town.vintage))?;
        Some(Self::areas(geography, &location.level, vintage))
    }

    fn addresses(geography: &Geography) -> Self {
        let onto = geography
            .area_of_atom
            .iter()
            .map(|(level, target)| (level.clone(), Onto { target: target.clone(), estimated: vec![0; target.len()] }));
        Self {
            size: geography.atoms,
            onto: onto.collect(),
            places: geography.atom_of_address.iter().map(|(id, atom)| (id.clone(), *atom)).collect(),
        }
    }

    /// The areas of a level: each is placed in the atom that [`Geography::placement`] gives the
    /// area of the town's vintage in which most of it lies.
    fn areas(geography: &Geography, level: &AreaLevel, vintage: AreaVintage) -> Self {
        let own = geography.crosswalks.get(&(level.clone(), vintage, level.clone()));
        let mut codes: Vec<&AreaCode> = own.map(|crosswalk| crosswalk.parts.keys().collect()).unwrap_or_default();
        codes.sort_unstable();
        let atoms: Vec<Option<(u32, u16)>> = codes.iter().map(|code| atom_of(geography, level, own, code)).collect();
        let onto = |(target_level, area_of_atom): (&AreaLevel, &Vec<u32>)| {
            let crosswalk = geography.crosswalks.get(&(level.clone(), vintage, target_level.clone()));
            let places = codes.iter().zip(&atoms).map(|(code, atom)| match atom {
                Some((atom, otherwise)) => {
                    let target = area_of_atom[*atom as usize];
                    (target, crosswalk.map_or(*otherwise, |crosswalk| elsewhere(crosswalk, code, target)))
                }
                None => (NOWHERE, 0),
            });
            let (target, estimated) = places.unzip();
            (target_level.clone(), Onto { target, estimated })
        };
        Self {
            size: u32::try_from(codes.len()).unwrap_or(NOWHERE),
            onto: geography.area_of_atom.iter().map(onto).collect(),
            places: (0..).zip(&codes).map(|(at, code)| (code.as_str().to_owned(), at)).collect(),
        }
    }

    /// The place of a code, or of an address.
    pub(crate) fn place(&self, code: &str) -> Option<u32> {
        self.places.get(code.trim()).copied()
    }
}

/// The newest declared vintage that is not after `year`.
pub(crate) fn newest(area: &AreaDeclaration, year: AreaVintage) -> Option<AreaVintage> {
    area.vintages.iter().map(|vintage| vintage.year).filter(|declared| *declared <= year).max()
}

/// The atom in which an area is placed, and the part of it (thousandths) that lies elsewhere.
fn atom_of(geography: &Geography, level: &AreaLevel, own: Option<&Crosswalk>, code: &AreaCode) -> Option<(u32, u16)> {
    let part = own?.parts.get(code)?.first()?;
    let current = &geography.areas.get(level)?.get(part.target as usize)?.code;
    let placed = geography.placement.get(level)?.get(current)?;
    Some((placed.atom, placed.estimated))
}

/// Part of an area (thousandths) that does not lie in the target.
fn elsewhere(crosswalk: &Crosswalk, code: &AreaCode, target: u32) -> u16 {
    let inside = crosswalk.parts.get(code).into_iter().flatten().find(|part| part.target == target);
    thousandths(1.0 - inside.map_or(0.0, |part| part.share))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the value is between 0 and 1,000")]
fn thousandths(share: f64) -> u16 {
    (share.clamp(0.0, 1.0) * 1000.0).round() as u16
}
