//! From a boundary file to [`Areas`]: rows that the condition keeps, codes, names, water, shapes
//! in RD metres. Rows with the same code are one area (a district out of its neighbourhoods).
//! Called by [`super::load`].

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use arrow::array::{Array, AsArray, BinaryArray, StringArray};
use arrow::record_batch::RecordBatch;
use geo::orient::{Direction, Orient};
use geo::{Geometry, MultiPolygon, Polygon, unary_union};
use geozero::ToGeo;
use geozero::wkb::Wkb;
use kubus_model::{AreaCode, AreaLevel, Finding};

use super::areas::{Area, Areas, Water, is_water};
use super::condition;
use super::project::{Crs, Projection};
use crate::declaration::{FileDeclaration, VintageDeclaration};
use crate::source::{self, Limits, ReadRequest};

/// What one area is made of before its rows are joined.
#[derive(Default)]
struct Parts {
    name: Option<String>,
    water: bool,
    polygons: Vec<Polygon>,
    rows: usize,
}

/// What was read of one vintage.
#[derive(Debug, Clone, Default)]
pub(crate) struct Boundaries {
    /// The areas.
    pub(crate) areas: Areas,
    /// What was found.
    pub(crate) findings: Vec<Finding>,
}

/// Reads the file of a vintage. Without a file there are no areas and no findings.
pub(crate) fn read(level: &AreaLevel, vintage: &VintageDeclaration, deliveries: &Path) -> Boundaries {
    let mut reader = Reader { level, vintage, parts: BTreeMap::new(), findings: Vec::new() };
    if let Some(file) = &vintage.file {
        reader.read_files(file, deliveries);
    }
    reader.finish()
}

/// Every file of a declaration with all its columns as text, or a finding that there is none.
pub(crate) fn read_text(
    owner: &str,
    file: &FileDeclaration,
    deliveries: &Path,
    findings: &mut Vec<Finding>,
) -> Vec<(PathBuf, Vec<RecordBatch>, Option<String>)> {
    let paths = source::find_files(deliveries, file);
    if paths.is_empty() {
        findings.push(Finding::error("area-file-missing").source(owner).with("name", &file.name));
    }
    let read = |path: PathBuf| {
        let request = ReadRequest {
            source: owner.to_owned(),
            path: path.clone(),
            file: file.clone(),
            columns: Vec::new(),
            refuse_rows: false,
        };
        let result = source::read(&request, &Limits::default());
        findings.extend(result.findings);
        (path, result.batches, result.crs)
    };
    paths.into_iter().map(read).collect()
}

/// A text column by its name, without regard to case.
pub(crate) fn text_column<'a>(batch: &'a RecordBatch, name: &str) -> Option<&'a StringArray> {
    let schema = batch.schema();
    let at = schema.fields().iter().position(|f| f.name().eq_ignore_ascii_case(name))?;
    batch.column(at).as_string_opt::<i32>()
}

/// The trimmed text of a row, when there is any.
pub(crate) fn text(column: &StringArray, row: usize) -> Option<&str> {
    let value = column.is_valid(row).then(|| column.value(row).trim())?;
    (!value.is_empty()).then_some(value)
}

struct Reader<'a> {
    level: &'a AreaLevel,
    vintage: &'a VintageDeclaration,
    parts: BTreeMap<String, Parts>,
    findings: Vec<Finding>,
}

impl Reader<'_> {
    fn read_files(&mut self, file: &FileDeclaration, deliveries: &Path) {
        let owner = self.level.as_str();
        for (path, batches, crs) in read_text(owner, file, deliveries, &mut self.findings) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let crs = self.crs(&name, crs.as_deref());
            for batch in batches {
                if !self.take(&name, &batch, crs) {
                    break;
                }
            }
        }
    }

    /// The file's own coordinate system, else the declared one, else RD.
    fn crs(&mut self, file: &str, named: Option<&str>) -> Crs {
        let name = named.or(self.vintage.crs.as_deref()).unwrap_or("EPSG:28992");
        Crs::from_name(name).unwrap_or_else(|| {
            self.say(Finding::error("area-crs-unknown").file(file).with("crs", name));
            Crs::Metres
        })
    }

    fn say(&mut self, finding: Finding) {
        self.findings.push(finding.source(self.level.as_str()).with("vintage", self.vintage.year));
    }

    /// Takes the rows of a batch; false when the rest of the file has no use either.
    fn take(&mut self, file: &str, batch: &RecordBatch, crs: Crs) -> bool {
        let kept = match self.vintage.condition.as_deref().map(|c| condition::keep(batch, c)) {
            None => batch.clone(),
            Some(Ok(kept)) => kept,
            Some(Err(reason)) => {
                self.say(Finding::error("area-condition-bad").file(file).with("reason", reason));
                return false;
            }
        };
        let code_name = self.vintage.code.as_deref().unwrap_or("code");
        let Some(codes) = text_column(&kept, code_name) else {
            self.say(Finding::error("area-column-missing").file(file).column(code_name));
            return false;
        };
        self.take_rows(file, &kept, codes, crs);
        true
    }

    fn take_rows(&mut self, file: &str, batch: &RecordBatch, codes: &StringArray, crs: Crs) {
        let names = self.vintage.label.as_deref().and_then(|name| text_column(batch, name));
        let water = self.vintage.water.as_deref().and_then(|name| text_column(batch, name));
        let shapes = batch.column_by_name("geometry").and_then(|c| c.as_binary_opt::<i32>());
        let projection = Projection::new();
        let (mut without_code, mut unreadable) = (0_usize, 0_usize);
        for row in 0..batch.num_rows() {
            let Some(code) = text(codes, row) else {
                without_code += 1;
                continue;
            };
            let part = self.parts.entry(code.to_owned()).or_default();
            part.rows += 1;
            part.water |= is_water(code, water.and_then(|w| text(w, row)));
            part.name = part.name.take().or_else(|| names.and_then(|n| text(n, row)).map(str::to_owned));
            match shapes.and_then(|s| bytes(s, row)).map(|wkb| polygons(wkb, crs, &projection)) {
                Some(Some(polygons)) => part.polygons.extend(polygons),
                Some(None) => unreadable += 1,
                None => {}
            }
        }
        self.count("area-code-missing", file, without_code);
        self.count("area-shape-unreadable", file, unreadable);
    }

    fn count(&mut self, code: &str, file: &str, rows: usize) {
        if rows > 0 {
            self.say(Finding::warning(code).file(file).with("count", rows));
        }
    }

    fn finish(mut self) -> Boundaries {
        let joined = self.parts.values().filter(|p| p.rows > 1).count();
        if joined > 0 {
            self.say(Finding::info("area-rows-joined").with("count", joined));
        }
        let mut areas = Areas::default();
        for (code, part) in std::mem::take(&mut self.parts) {
            let name = part.name.unwrap_or_else(|| code.clone());
            let (code, shape) = (AreaCode::new(code), join(part.polygons, part.rows));
            if part.water {
                areas.water.push(Water { code, name, shape });
            } else {
                areas.list.push(Area { code, name, shape });
            }
        }
        Boundaries { areas, findings: self.findings }
    }
}

fn bytes(column: &BinaryArray, row: usize) -> Option<&[u8]> {
    column.is_valid(row).then(|| column.value(row))
}

/// The polygons of a WKB geometry in metres, outer rings anticlockwise; `None` when unreadable.
fn polygons(wkb: &[u8], crs: Crs, projection: &Projection) -> Option<Vec<Polygon>> {
    let mut found = Vec::new();
    collect(Wkb(wkb).to_geo().ok()?, &mut found);
    let shape = projection.shape_to_metres(MultiPolygon::new(found), crs)?;
    Some(shape.orient(Direction::Default).0)
}

fn collect(geometry: Geometry, into: &mut Vec<Polygon>) {
    match geometry {
        Geometry::Polygon(polygon) => into.push(polygon),
        Geometry::MultiPolygon(many) => into.extend(many.0),
        Geometry::GeometryCollection(parts) => parts.0.into_iter().for_each(|part| collect(part, into)),
        _ => {}
    }
}

/// One row is drawn as it is; several rows of one area lose the borders between them.
fn join(polygons: Vec<Polygon>, rows: usize) -> MultiPolygon {
    if rows > 1 { unary_union(&polygons) } else { MultiPolygon::new(polygons) }
}
