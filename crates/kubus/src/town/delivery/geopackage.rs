//! GeoPackages (OGC 12-128r19) through SQLite: the three required tables, one table per layer, and
//! shapes as a GeoPackage header followed by well-known binary. One transaction, no journal: the
//! file is written under a temporary name and moved into place when it is whole.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

use crate::town::TownError;
use crate::town::ground::Shape;

/// A value in a column.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// Text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number with decimals.
    Real(f64),
}

/// One layer: its name, its columns after `fid` and `geom`, and its features.
#[derive(Debug)]
pub(super) struct Layer {
    /// Name of the table.
    pub(super) name: String,
    /// Column names.
    pub(super) columns: Vec<&'static str>,
    /// Shapes with their values, one per column.
    pub(super) features: Vec<(Shape, Vec<Value>)>,
}

/// "GPKG" in ASCII.
const APPLICATION_ID: i64 = 0x4750_4B47;
/// RD New.
const RD_NEW: i32 = 28992;
const TABLES: &str = "
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY,
  organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL, min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE,
  srs_id INTEGER);
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name));
INSERT INTO gpkg_spatial_ref_sys VALUES
  ('Undefined cartesian', -1, 'NONE', -1, 'undefined', NULL),
  ('Undefined geographic', 0, 'NONE', 0, 'undefined', NULL),
  ('WGS 84', 4326, 'EPSG', 4326, 'GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",SPHEROID[\"WGS 84\",6378137,298.257223563]],
   PRIMEM[\"Greenwich\",0],UNIT[\"degree\",0.0174532925199433]]', NULL),
  ('Amersfoort / RD New', 28992, 'EPSG', 28992, 'PROJCS[\"Amersfoort / RD New\",
   GEOGCS[\"Amersfoort\",DATUM[\"Amersfoort\",SPHEROID[\"Bessel 1841\",6377397.155,299.1528128]],
   PRIMEM[\"Greenwich\",0],UNIT[\"degree\",0.0174532925199433]],
   PROJECTION[\"Oblique_Stereographic\"],PARAMETER[\"latitude_of_origin\",52.1561605555556],
   PARAMETER[\"central_meridian\",5.38763888888889],PARAMETER[\"scale_factor\",0.9999079],
   PARAMETER[\"false_easting\",155000],PARAMETER[\"false_northing\",463000],UNIT[\"metre\",1],
   AUTHORITY[\"EPSG\",\"28992\"]]', NULL);
";

/// Writes a GeoPackage.
pub(super) fn write(layers: &[Layer], path: &Path) -> Result<(), TownError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|source| TownError::file("write", path, source))?;
    runtime.block_on(write_layers(layers, path)).map_err(|error| TownError::format(path, error))
}

async fn write_layers(layers: &[Layer], path: &Path) -> Result<(), sqlx::Error> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Off)
        .synchronous(SqliteSynchronous::Off);
    let mut connection = options.connect().await?;
    run(&mut connection, format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 10300")).await?;
    run(&mut connection, "BEGIN".to_owned()).await?;
    run(&mut connection, TABLES.to_owned()).await?;
    for layer in layers {
        write_layer(layer, &mut connection).await?;
    }
    run(&mut connection, "COMMIT".to_owned()).await?;
    connection.close().await
}

/// Runs statements of our own making: no text of a user is in them.
async fn run(connection: &mut SqliteConnection, sql: String) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.map(|_| ())
}

async fn write_layer(layer: &Layer, connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let name = &layer.name;
    let kinds = layer.features.first().map(|(_, values)| values.iter().map(column_type).collect::<Vec<_>>());
    let columns: String = layer
        .columns
        .iter()
        .zip(kinds.unwrap_or_default())
        .map(|(column, kind)| format!(", \"{column}\" {kind}"))
        .collect();
    let [min_x, min_y, max_x, max_y] = bounds(layer.features.iter().map(|(shape, _)| shape));
    let described = format!(
        "CREATE TABLE \"{name}\" (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom MULTIPOLYGON{columns});
         INSERT INTO gpkg_contents VALUES ('{name}', 'features', '{name}', '', '2026-01-05T00:00:00.000Z',
           {min_x}, {min_y}, {max_x}, {max_y}, {RD_NEW});
         INSERT INTO gpkg_geometry_columns VALUES ('{name}', 'geom', 'MULTIPOLYGON', {RD_NEW}, 0, 0);"
    );
    run(connection, described).await?;
    let marks = ", ?".repeat(layer.columns.len());
    let insert = format!("INSERT INTO \"{name}\" VALUES (NULL, ?{marks})");
    for (shape, values) in &layer.features {
        let mut query = sqlx::query(AssertSqlSafe(insert.clone())).bind(blob(shape));
        for value in values {
            query = match value {
                Value::Text(text) => query.bind(text.clone()),
                Value::Integer(number) => query.bind(*number),
                Value::Real(number) => query.bind(*number),
            };
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

const fn column_type(value: &Value) -> &'static str {
    match value {
        Value::Text(_) => "TEXT",
        Value::Integer(_) => "MEDIUMINT",
        Value::Real(_) => "DOUBLE",
    }
}

/// Smallest x and y, largest x and y.
fn bounds<'a>(shapes: impl Iterator<Item = &'a Shape>) -> [f64; 4] {
    let start = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    shapes
        .flatten()
        .flatten()
        .flatten()
        .fold(start, |[a, b, c, d], (x, y)| [a.min(*x), b.min(*y), c.max(*x), d.max(*y)])
}

/// A GeoPackage geometry: "GP", version 0, flags (little-endian, envelope of x and y), the
/// coordinate system, the envelope, then well-known binary.
fn blob(shape: &Shape) -> Vec<u8> {
    let [min_x, min_y, max_x, max_y] = bounds(std::iter::once(shape));
    let mut blob = vec![b'G', b'P', 0, 0b0000_0011];
    blob.extend(RD_NEW.to_le_bytes());
    [min_x, max_x, min_y, max_y].iter().for_each(|value| blob.extend(value.to_le_bytes()));
    well_known_binary(shape, &mut blob);
    blob
}

fn well_known_binary(shape: &Shape, out: &mut Vec<u8>) {
    let size = |length: usize| u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes();
    let start = |out: &mut Vec<u8>, kind: u32, length: usize| {
        out.push(1);
        out.extend(kind.to_le_bytes());
        out.extend(size(length));
    };
    start(out, 6, shape.len());
    for polygon in shape {
        start(out, 3, polygon.len());
        for ring in polygon {
            out.extend(size(ring.len()));
            ring.iter().for_each(|(x, y)| out.extend([x.to_le_bytes(), y.to_le_bytes()].concat()));
        }
    }
}
