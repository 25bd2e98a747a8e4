//! Shapefiles (ESRI, 1998): `.shp` with its `.dbf`, `.prj` and `.cpg`, side by side or in a zip.

use std::io::Cursor;

use geo::Geometry;
use kubus_model::Finding;
use shapefile::{Shape, ShapeReader};
use zip::ZipArchive;

use super::cell::Cell;
use super::dbf::{self, Dbf, beside};
use super::geometry::{epsg, to_wkb};
use super::open::{Kind, Opened, check_zip, unzip_entry};
use super::plan::Plan;
use super::sink::{Rows, Sink};
use super::{Limits, Refusal, refusal};

/// The parts of one shapefile.
struct Parts {
    shapes: Vec<u8>,
    table: Vec<u8>,
    projection: Option<String>,
    encoding: Option<String>,
}

/// Reads shapes and their attributes into the sink.
pub(super) fn read(sink: &mut Sink<'_>, opened: Opened) -> Result<(), Refusal> {
    let parts = if opened.kind() == Kind::Zip { from_zip(sink, opened)? } else { from_files(opened)? };
    let crs = parts.projection.as_deref().and_then(epsg);
    if crs.is_none() {
        sink.note(Finding::warning("crs-unknown").with("crs", ".prj"));
    }
    sink.set_crs(crs);
    let dbf = Dbf::new(parts.table, parts.encoding.as_deref())?;
    let mut reader = ShapeReader::new(Cursor::new(parts.shapes)).map_err(|_| refusal("source-damaged"))?;
    let plan = dbf::plan(sink, &dbf, true)?;
    take_shapes(sink, &plan, &dbf, &mut reader)
}

fn take_shapes(
    sink: &mut Sink<'_>,
    plan: &Plan,
    dbf: &Dbf,
    reader: &mut ShapeReader<Cursor<Vec<u8>>>,
) -> Result<(), Refusal> {
    let mut broken = 0u64;
    let mut record = 0;
    let mut rows = Rows::new(sink, plan);
    for shape in reader.iter_shapes() {
        let shape = shape.map_err(|_| refusal("source-damaged"))?;
        if record >= dbf.records() {
            return Err(refusal("shapes-without-rows"));
        }
        let wkb = wkb(shape);
        broken += u64::from(wkb.is_none());
        if let Some(texts) = dbf.texts(record) {
            rows.push(record as u64 + 1, |index| Cell::Text(&texts[index]), wkb.as_deref())?;
        }
        record += 1;
    }
    if record < dbf.records() {
        return Err(refusal("source-truncated"));
    }
    rows.finish()?;
    if broken > 0 {
        sink.note(Finding::warning("geometry-invalid").with("count", broken));
    }
    Ok(())
}

fn wkb(shape: Shape) -> Option<Vec<u8>> {
    let shape: Geometry<f64> = shape.try_into().ok()?;
    to_wkb(&shape)
}

fn from_files(opened: Opened) -> Result<Parts, Refusal> {
    let path = opened.plain_path()?.to_owned();
    let limits = *opened.limits();
    let table = ["dbf", "DBF"].iter().map(|extension| path.with_extension(extension)).find(|path| path.exists());
    let table = table.ok_or_else(|| missing_part("dbf"))?;
    Ok(Parts {
        shapes: opened.into_bytes()?,
        table: Opened::new(&table, &limits)?.into_bytes()?,
        projection: beside(&path, "prj"),
        encoding: beside(&path, "cpg"),
    })
}

fn missing_part(part: &str) -> Refusal {
    Box::new(Finding::error("shapefile-part-missing").with("part", part))
}

type Archive = ZipArchive<Cursor<Vec<u8>>>;

fn open_zip(opened: Opened) -> Result<(Archive, Limits), Refusal> {
    let limits = *opened.limits();
    let bytes = opened.into_bytes()?;
    check_zip(&bytes, &limits)?;
    let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| refusal("source-damaged"))?;
    Ok((archive, limits))
}

fn from_zip(sink: &Sink<'_>, opened: Opened) -> Result<Parts, Refusal> {
    let (mut archive, limits) = open_zip(opened)?;
    let shapes = find(&archive, "shp", sink.request.file.layer.as_deref())?;
    let stem = shapes[..shapes.len() - 4].to_owned();
    let table = entry(&archive, &stem, "dbf").ok_or_else(|| missing_part("dbf"))?;
    let mut small = |extension: &str| {
        let name = entry(&archive, &stem, extension)?;
        unzip_entry(&mut archive, &name, &limits).ok().and_then(|bytes| String::from_utf8(bytes).ok())
    };
    let (projection, encoding) = (small("prj"), small("cpg"));
    Ok(Parts {
        shapes: unzip_entry(&mut archive, &shapes, &limits)?,
        table: unzip_entry(&mut archive, &table, &limits)?,
        projection,
        encoding,
    })
}

/// The one entry with an extension, or the one of the declared layer.
fn find(archive: &Archive, extension: &str, layer: Option<&str>) -> Result<String, Refusal> {
    let ending = format!(".{extension}");
    let mut names: Vec<String> = names(archive).filter(|name| name.to_lowercase().ends_with(&ending)).collect();
    names.sort_unstable();
    let stem = |name: &str| name.rsplit('/').next().unwrap_or(name).to_lowercase();
    let fits = |name: &&String| layer.is_none_or(|layer| stem(name) == format!("{}{ending}", layer.to_lowercase()));
    match (names.iter().find(fits), layer) {
        (Some(name), _) => Ok(name.clone()),
        (None, None) => Err(missing_part(extension)),
        (None, Some(layer)) => {
            let finding = Finding::error("layer-missing").with("layer", layer).with("found", names.join(", "));
            Err(Box::new(finding))
        }
    }
}

/// The entry with a stem and an extension, in any case.
fn entry(archive: &Archive, stem: &str, extension: &str) -> Option<String> {
    let wanted = format!("{stem}.{extension}").to_lowercase();
    names(archive).find(|name| name.to_lowercase() == wanted)
}

/// The names of the entries that have a readable one.
fn names(archive: &Archive) -> impl Iterator<Item = String> {
    archive.file_names().filter_map(|name| name.ok().map(std::borrow::Cow::into_owned))
}

/// Reads the dBase table of a zip, without the shapes.
pub(super) fn read_table_of_zip(sink: &mut Sink<'_>, opened: Opened) -> Result<(), Refusal> {
    let (mut archive, limits) = open_zip(opened)?;
    let name = find(&archive, "dbf", sink.request.file.layer.as_deref())?;
    let dbf = Dbf::new(unzip_entry(&mut archive, &name, &limits)?, None)?;
    let plan = dbf::plan(sink, &dbf, false)?;
    let mut rows = Rows::new(sink, &plan);
    for record in 0..dbf.records() {
        let Some(texts) = dbf.texts(record) else { continue };
        rows.push(record as u64 + 1, |index| Cell::Text(&texts[index]), None)?;
    }
    rows.finish()
}
