//! A GeoPackage 1.3 (OGC 12-128r17) in WGS 84: the figures with their boundaries, and a table with
//! the provenance. Made in a file of its own, which is gone before the answer leaves.

use std::collections::HashMap;
use std::path::Path;

use serde_json::Value as Json;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode};
use sqlx::{ConnectOptions, Connection};

use super::{ExportError, Sheet, Value};

/// `GPKG` as a number, and version 1.3.
const APPLICATION_ID: i64 = 0x4750_4B47;
const USER_VERSION: i64 = 10_300;
/// WGS 84 in degrees.
const SRS: i32 = 4326;

/// The bytes of the file.
pub(super) fn write(sheet: &Sheet, boundaries: Option<&[u8]>, scratch: &Path) -> Result<Vec<u8>, ExportError> {
    let shapes = boundaries.map(shapes).transpose()?.unwrap_or_default();
    let folder = Scratch::new(scratch)?;
    let file = folder.0.join("export.gpkg");
    tokio::runtime::Handle::current().block_on(make(&file, sheet, &shapes))?;
    Ok(std::fs::read(&file)?)
}

/// A folder that is gone at the end.
struct Scratch(std::path::PathBuf);

impl Scratch {
    fn new(parent: &Path) -> Result<Self, std::io::Error> {
        let mut bytes = [0; 12];
        getrandom::fill(&mut bytes).map_err(|error| std::io::Error::other(error.to_string()))?;
        let folder = parent.join(format!("export-{}", hex::encode(bytes)));
        std::fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, "an export was left in the scratch folder");
        }
    }
}

async fn make(file: &Path, sheet: &Sheet, shapes: &HashMap<String, Vec<u8>>) -> Result<(), sqlx::Error> {
    let options = SqliteConnectOptions::new().filename(file).create_if_missing(true);
    let mut connection = options.journal_mode(SqliteJournalMode::Off).connect().await?;
    let mut work = connection.begin().await?;
    for statement in frame(sheet) {
        sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&mut *work).await?;
    }
    for row in &sheet.rows {
        insert(&mut work, sheet, row, shapes).await?;
    }
    for (what, said) in &sheet.provenance {
        sqlx::query("INSERT INTO herkomst (wat, tekst) VALUES (?, ?)")
            .bind(what)
            .bind(said)
            .execute(&mut *work)
            .await?;
    }
    work.commit().await?;
    connection.close().await
}

/// Everything but the rows.
fn frame(sheet: &Sheet) -> Vec<String> {
    let columns = sheet.heads.iter().enumerate().map(|(at, head)| format!("{} {}", name(head), kind(sheet, at)));
    let columns = columns.collect::<Vec<_>>().join(", ");
    vec![
        format!("PRAGMA application_id = {APPLICATION_ID}"),
        format!("PRAGMA user_version = {USER_VERSION}"),
        "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT \
         NOT NULL, organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT)"
            .into(),
        "INSERT INTO gpkg_spatial_ref_sys VALUES ('Undefined cartesian', -1, 'NONE', -1, 'undefined', NULL), \
         ('Undefined geographic', 0, 'NONE', 0, 'undefined', NULL), ('WGS 84', 4326, 'EPSG', 4326, \
         'GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",SPHEROID[\"WGS 84\",6378137,298.257223563]],PRIMEM[\"Greenwich\",0],\
         UNIT[\"degree\",0.0174532925199433],AUTHORITY[\"EPSG\",\"4326\"]]', NULL)"
            .into(),
        "CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT \
         UNIQUE, description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT \
         (strftime('%Y-%m-%dT%H:%M:%fZ','now')), min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id \
         INTEGER, FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id))"
            .into(),
        "CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name \
         TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL, PRIMARY KEY (table_name, \
         column_name))"
            .into(),
        format!("CREATE TABLE cijfers (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom GEOMETRY, {columns})"),
        "CREATE TABLE herkomst (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, wat TEXT, tekst TEXT)".into(),
        format!(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES \
             ('cijfers', 'features', 'cijfers', {SRS}), ('herkomst', 'attributes', 'herkomst', NULL)"
        ),
        format!("INSERT INTO gpkg_geometry_columns VALUES ('cijfers', 'geom', 'GEOMETRY', {SRS}, 0, 0)"),
    ]
}

/// A column's name as an SQL identifier.
fn name(head: &str) -> String {
    format!("\"{}\"", head.replace('"', ""))
}

/// The type of a column, by its first value that is not absent.
fn kind(sheet: &Sheet, column: usize) -> &'static str {
    let first = sheet.rows.iter().map(|row| &row[column]).find(|value| **value != Value::Nothing);
    match first {
        Some(Value::Text(_)) => "TEXT",
        Some(Value::Count(_)) => "INTEGER",
        _ => "DOUBLE",
    }
}

async fn insert(
    work: &mut SqliteConnection,
    sheet: &Sheet,
    row: &[Value],
    shapes: &HashMap<String, Vec<u8>>,
) -> Result<(), sqlx::Error> {
    let columns = sheet.heads.iter().map(|head| name(head)).collect::<Vec<_>>().join(", ");
    let marks = vec!["?"; row.len()].join(", ");
    let statement = format!("INSERT INTO cijfers (geom, {columns}) VALUES (?, {marks})");
    let shape = match row.first() {
        Some(Value::Text(code)) => shapes.get(code).cloned(),
        _ => None,
    };
    let mut query = sqlx::query(sqlx::AssertSqlSafe(statement)).bind(shape);
    for value in row {
        query = match value {
            Value::Text(text) => query.bind(text.clone()),
            Value::Number(number) => query.bind(*number),
            Value::Count(count) => query.bind(*count),
            Value::Nothing => query.bind(None::<f64>),
        };
    }
    query.execute(work).await.map(drop)
}

/// The shape of each area by code, as a GeoPackage blob.
fn shapes(geojson: &[u8]) -> Result<HashMap<String, Vec<u8>>, ExportError> {
    let wrong = |reason: &str| ExportError::Boundaries(reason.to_owned());
    let parsed: Json = serde_json::from_slice(geojson).map_err(|error| wrong(&error.to_string()))?;
    let features = parsed["features"].as_array().ok_or_else(|| wrong("no features"))?;
    let shape = |feature: &Json| {
        let code = feature["properties"]["code"].as_str()?.to_owned();
        Some((code, blob(&feature["geometry"])?))
    };
    Ok(features.iter().filter_map(shape).collect())
}

/// Header without an envelope, then well-known binary, little-endian.
fn blob(geometry: &Json) -> Option<Vec<u8>> {
    let mut bytes = vec![b'G', b'P', 0, 1];
    bytes.extend(SRS.to_le_bytes());
    match geometry["type"].as_str()? {
        "Polygon" => polygon(&geometry["coordinates"], &mut bytes)?,
        "MultiPolygon" => {
            let polygons = geometry["coordinates"].as_array()?;
            head(6, polygons.len(), &mut bytes)?;
            polygons.iter().try_for_each(|one| polygon(one, &mut bytes))?;
        }
        _ => return None,
    }
    Some(bytes)
}

fn head(kind: u32, count: usize, bytes: &mut Vec<u8>) -> Option<()> {
    bytes.push(1);
    bytes.extend(kind.to_le_bytes());
    bytes.extend(u32::try_from(count).ok()?.to_le_bytes());
    Some(())
}

fn polygon(rings: &Json, bytes: &mut Vec<u8>) -> Option<()> {
    let rings = rings.as_array()?;
    head(3, rings.len(), bytes)?;
    for ring in rings {
        let points = ring.as_array()?;
        bytes.extend(u32::try_from(points.len()).ok()?.to_le_bytes());
        for point in points {
            bytes.extend(point[0].as_f64()?.to_le_bytes());
            bytes.extend(point[1].as_f64()?.to_le_bytes());
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::sheet::sample;
    use sqlx::Row;

    const SQUARE: &[u8] = br#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"8204HB"},
        "geometry":{"type":"Polygon","coordinates":[[[5.2,52.3],[5.3,52.3],[5.3,52.4],[5.2,52.3]]]}}]}"#;

    #[tokio::test]
    async fn the_geopackage_opens_with_boundaries_and_provenance_and_leaves_nothing_behind() {
        let scratch = tempfile::tempdir().unwrap();
        let folder = scratch.path().to_owned();
        let made = tokio::task::spawn_blocking(move || write(&sample(), Some(SQUARE), &folder)).await.unwrap().unwrap();
        assert_eq!(std::fs::read_dir(scratch.path()).unwrap().count(), 0);
        let file = scratch.path().join("again.gpkg");
        std::fs::write(&file, &made).unwrap();
        let mut again = SqliteConnectOptions::new().filename(&file).connect().await.unwrap();
        let rows =
            sqlx::query("SELECT geom, Gebiedscode, Cijfer, Teller FROM cijfers").fetch_all(&mut again).await.unwrap();
        assert_eq!(rows.len(), 2);
        let shape: Option<Vec<u8>> = rows[0].get(0);
        assert_eq!(shape.unwrap().len(), 8 + 9 + 4 + 4 * 16);
        assert_eq!(rows[0].get::<i64, _>(3), 11);
        assert_eq!(rows[1].get::<Option<f64>, _>(2), None);
        let told: i64 = sqlx::query("SELECT count(*) FROM herkomst").fetch_one(&mut again).await.unwrap().get(0);
        assert_eq!(told, 2);
        let id: i64 = sqlx::query("PRAGMA application_id").fetch_one(&mut again).await.unwrap().get(0);
        assert_eq!(id, APPLICATION_ID);
    }
}
