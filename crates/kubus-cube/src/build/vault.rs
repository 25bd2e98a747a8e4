//! The vault: the exact cube in one private file, `TOWN/vault/cube.bin`. Called by
//! `kubus build` and `kubus release`.
//!
//! | bytes | what |
//! | --- | --- |
//! | 8 | `KUBUSVLT` |
//! | 4 | version, little-endian |
//! | 8 | length of the header |
//! | … | header: everything but the cells, JSON |
//! | 58 per cell (4 of them zero) | cells of every table, in the order of the header |
//! | 32 | BLAKE3 of all of the above |

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kubus_model::release::{AreaEntry, LevelEntry, SourceStatement};
use kubus_model::{AreaCode, AreaLevel, Finding, Indicator, Member, Period, Ruleset};
use kubus_store::write_atomic_private;
use serde::{Deserialize, Serialize};

use super::BuildError;
use crate::exact::{Cube, ExactCell, ExactState, ExactTable};

const MAGIC: &[u8; 8] = b"KUBUSVLT";
const VERSION: u32 = 1;
/// Bytes of a cell.
const CELL: usize = 58;
/// Bytes before the header.
const FRONT: usize = 20;
/// Bytes of the checksum.
const CHECKSUM: usize = 32;

/// A cube without its cells.
#[derive(Serialize, Deserialize)]
struct Header {
    town: String,
    municipality: String,
    indicators: Vec<Indicator>,
    labels: BTreeMap<String, BTreeMap<String, String>>,
    rules: Ruleset,
    tables: Vec<Shape>,
    levels: Vec<LevelEntry>,
    areas: BTreeMap<AreaLevel, Vec<AreaEntry>>,
    geometry: BTreeMap<AreaLevel, String>,
    sources: Vec<SourceStatement>,
    findings: Vec<Finding>,
}

/// A table without its cells.
#[derive(Serialize, Deserialize)]
struct Shape {
    indicator: String,
    level: AreaLevel,
    areas: Vec<AreaCode>,
    periods: Vec<Period>,
    members: Vec<Member>,
}

fn path(town: &Path) -> PathBuf {
    town.join("vault").join("cube.bin")
}

#[expect(clippy::needless_pass_by_value, reason = "the form that map_err takes")]
fn broken(reason: impl ToString) -> BuildError {
    BuildError::Vault(reason.to_string())
}

/// See [`super::write_vault`].
pub(super) fn write(cube: &Cube, town: &Path) -> Result<(), BuildError> {
    let path = path(town);
    std::fs::create_dir_all(kubus_store::file::folder_of(&path)).map_err(broken)?;
    write_atomic_private(&path, &encode(cube)?).map_err(broken)
}

/// See [`super::read_vault`].
pub(super) fn read(town: &Path) -> Result<Cube, BuildError> {
    let bytes = std::fs::read(path(town)).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => BuildError::NoVault(town.display().to_string()),
        _ => broken(error),
    })?;
    decode(&bytes)
}

fn encode(cube: &Cube) -> Result<Vec<u8>, BuildError> {
    let header = serde_json::to_vec(&header(cube)?).map_err(broken)?;
    let cells: usize = cube.tables.iter().map(|table| table.cells.len()).sum();
    let mut bytes = Vec::with_capacity(FRONT + header.len() + cells * CELL + CHECKSUM);
    bytes.extend(MAGIC);
    bytes.extend(VERSION.to_le_bytes());
    bytes.extend((header.len() as u64).to_le_bytes());
    bytes.extend(header);
    cube.tables.iter().flat_map(|table| &table.cells).for_each(|cell| append(cell, &mut bytes));
    let checksum = blake3::hash(&bytes);
    bytes.extend(checksum.as_bytes());
    Ok(bytes)
}

fn header(cube: &Cube) -> Result<Header, BuildError> {
    let shape = |table: &ExactTable| Shape {
        indicator: table.indicator.clone(),
        level: table.level.clone(),
        areas: table.areas.clone(),
        periods: table.periods.clone(),
        members: table.members.clone(),
    };
    let text =
        |(level, bytes): (&AreaLevel, &Vec<u8>)| Ok((level.clone(), String::from_utf8(bytes.clone()).map_err(broken)?));
    Ok(Header {
        town: cube.town.clone(),
        municipality: cube.municipality.clone(),
        indicators: cube.indicators.clone(),
        labels: cube.labels.clone(),
        rules: cube.rules.clone(),
        tables: cube.tables.iter().map(shape).collect(),
        levels: cube.levels.clone(),
        areas: cube.areas.clone(),
        geometry: cube.geometry.iter().map(text).collect::<Result<_, BuildError>>()?,
        sources: cube.sources.clone(),
        findings: cube.findings.clone(),
    })
}

fn append(cell: &ExactCell, bytes: &mut Vec<u8>) {
    bytes.push(cell.state as u8);
    bytes.push(u8::from(cell.provisional));
    bytes.extend(cell.numerator.to_le_bytes());
    bytes.extend(cell.denominator.to_le_bytes());
    bytes.extend(cell.numerator_key.to_le_bytes());
    bytes.extend(cell.denominator_key.to_le_bytes());
    bytes.extend(cell.value.to_bits().to_le_bytes());
    bytes.extend(cell.contributors.to_le_bytes());
    bytes.extend(cell.estimated_share.to_bits().to_le_bytes());
    bytes.extend([0; 4]);
}

/// Nothing of the length that the file claims is trusted before the checksum fits.
fn decode(bytes: &[u8]) -> Result<Cube, BuildError> {
    let end = bytes.len().checked_sub(CHECKSUM).filter(|end| *end >= FRONT).ok_or_else(|| broken("too short"))?;
    let (body, checksum) = bytes.split_at(end);
    if &body[..8] != MAGIC {
        return Err(broken("not a vault"));
    }
    if blake3::hash(body).as_bytes() != checksum {
        return Err(broken("the checksum does not fit"));
    }
    if word::<4>(body, 8).map(u32::from_le_bytes) != Some(VERSION) {
        return Err(broken("another version of the program wrote it"));
    }
    let length = word::<8>(body, 12).map_or(u64::MAX, u64::from_le_bytes);
    let length = usize::try_from(length).ok().filter(|length| *length <= end - FRONT);
    let (head, cells) = body[FRONT..].split_at(length.ok_or_else(|| broken("the header is too long"))?);
    let header: Header = serde_json::from_slice(head).map_err(broken)?;
    whole(header, cells)
}

fn whole(header: Header, bytes: &[u8]) -> Result<Cube, BuildError> {
    let mut cells = bytes.chunks_exact(CELL).map(cell);
    let mut tables = Vec::with_capacity(header.tables.len());
    for shape in header.tables {
        let count = shape.areas.len() * shape.periods.len() * shape.members.len();
        let own: Vec<ExactCell> = cells.by_ref().take(count).collect::<Option<_>>().ok_or_else(|| broken("a cell"))?;
        if own.len() != count {
            return Err(broken("cells are missing"));
        }
        let Shape { indicator, level, areas, periods, members } = shape;
        tables.push(ExactTable { indicator, level, areas, periods, members, cells: own });
    }
    Ok(Cube {
        town: header.town,
        municipality: header.municipality,
        indicators: header.indicators,
        labels: header.labels,
        rules: header.rules,
        tables,
        levels: header.levels,
        areas: header.areas,
        geometry: header.geometry.into_iter().map(|(level, text)| (level, text.into_bytes())).collect(),
        sources: header.sources,
        findings: header.findings,
    })
}

fn cell(bytes: &[u8]) -> Option<ExactCell> {
    let state = match bytes.first()? {
        0 => ExactState::Counted,
        1 => ExactState::NotAvailable,
        2 => ExactState::NotApplicable,
        _ => return None,
    };
    Some(ExactCell {
        state,
        provisional: *bytes.get(1)? != 0,
        numerator: i64::from_le_bytes(word(bytes, 2)?),
        denominator: i64::from_le_bytes(word(bytes, 10)?),
        numerator_key: u64::from_le_bytes(word(bytes, 18)?),
        denominator_key: u64::from_le_bytes(word(bytes, 26)?),
        value: f64::from_bits(u64::from_le_bytes(word(bytes, 34)?)),
        contributors: i64::from_le_bytes(word(bytes, 42)?),
        estimated_share: f32::from_bits(u32::from_le_bytes(word(bytes, 50)?)),
    })
}

fn word<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at + N)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cube(cells: Vec<ExactCell>) -> Cube {
        Cube {
            town: "demo".into(),
            municipality: "Waterrijk".into(),
            indicators: Vec::new(),
            labels: BTreeMap::new(),
            rules: serde_json::from_value(serde_json::json!({
                "name": "r", "min_count": 5, "min_count_sensitive": 10, "max_group_share": 0.9
            }))
            .unwrap(),
            tables: vec![ExactTable {
                indicator: "debt".into(),
                level: AreaLevel::new("pc6"),
                areas: (0..cells.len()).map(|at| AreaCode::new(at.to_string())).collect(),
                periods: vec![Period::Year(2024)],
                members: vec![Member::total()],
                cells,
            }],
            levels: Vec::new(),
            areas: BTreeMap::new(),
            geometry: [(AreaLevel::new("pc6"), b"{\"type\":\"FeatureCollection\"}".to_vec())].into(),
            sources: Vec::new(),
            findings: vec![Finding::warning("source-late")],
        }
    }

    fn some_cell() -> impl Strategy<Value = ExactCell> {
        let parts = (0..3u8, any::<(i64, i64, u64, u64)>(), any::<(i64, bool)>(), 0.0..1e9f64, 0.0..1.0f32);
        parts.prop_map(|(state, (n, d, nk, dk), (contributors, provisional), value, estimated_share)| ExactCell {
            state: [ExactState::Counted, ExactState::NotAvailable, ExactState::NotApplicable][usize::from(state)],
            numerator: n,
            denominator: d,
            numerator_key: nk,
            denominator_key: dk,
            value,
            contributors,
            estimated_share,
            provisional,
        })
    }

    proptest! {
        #[test]
        fn what_was_written_reads_back(cells in proptest::collection::vec(some_cell(), 0..20)) {
            let cube = cube(cells);
            let read = decode(&encode(&cube).unwrap()).unwrap();
            prop_assert_eq!(&read.tables, &cube.tables);
            prop_assert_eq!(&read.geometry, &cube.geometry);
            prop_assert_eq!(read.findings, cube.findings);
        }
    }

    #[test]
    fn a_damaged_vault_is_refused() {
        let bytes = encode(&cube(vec![ExactCell::NOT_AVAILABLE; 50])).unwrap();
        for at in (0..bytes.len()).step_by(31) {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x40;
            assert!(decode(&damaged).is_err(), "byte {at}");
            assert!(decode(&bytes[..at]).is_err(), "cut at {at}");
        }
        assert!(decode(b"").is_err());
    }

    #[test]
    fn the_vault_is_for_its_owner_only_and_is_replaced_whole() {
        use std::os::unix::fs::PermissionsExt;
        let town = tempfile::tempdir().unwrap();
        write(&cube(vec![ExactCell::NOT_AVAILABLE]), town.path()).unwrap();
        write(&cube(vec![ExactCell::NOT_AVAILABLE; 2]), town.path()).unwrap();
        assert_eq!(path(town.path()).metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(read(town.path()).unwrap().tables[0].cells.len(), 2);
    }
}
