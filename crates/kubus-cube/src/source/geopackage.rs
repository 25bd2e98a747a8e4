//! GeoPackage (OGC 12-128r18): a SQLite file, read without writing anything beside it.
//!
//! Opened read-only and immutable, so no journal or WAL file is made or replayed. Only a table is
//! read, never a view or a trigger: the file's own SQL does not run.

use kubus_model::Finding;
use sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row, SqliteConnection, TypeInfo, ValueRef};

use super::cell::Cell;
use super::geometry::{epsg, from_geopackage};
use super::open::Opened;
use super::plan::Plan;
use super::sink::{Rows, Sink};
use super::{Refusal, refusal};

/// Rows fetched at a time.
const AT_ONCE: usize = 10_000;

/// A layer: its table, its column with shapes, and its other columns.
struct Layer {
    table: String,
    shape: Option<String>,
    crs: Option<String>,
    columns: Vec<String>,
}

/// Reads one layer into the sink.
pub(super) fn read(sink: &mut Sink<'_>, opened: &Opened) -> Result<(), Refusal> {
    let path = opened.plain_path()?;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .immutable(true)
        .pragma("trusted_schema", "OFF")
        .pragma("cell_size_check", "ON");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let runtime = runtime.map_err(|_| refusal("source-reader-died"))?;
    runtime.block_on(async {
        let mut connection = options.connect().await.map_err(|_| refusal("source-damaged"))?;
        let read = read_layer(sink, &mut connection).await;
        drop(connection.close().await);
        read
    })
}

async fn read_layer(sink: &mut Sink<'_>, connection: &mut SqliteConnection) -> Result<(), Refusal> {
    let layer = find_layer(connection, sink.request.file.layer.as_deref()).await?;
    sink.set_crs(layer.crs.clone());
    let plan = sink.plan(&layer.columns, layer.shape.is_some())?;
    let mut wanted: Vec<usize> = plan.columns.iter().map(|planned| planned.index).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let select = select(&layer, &wanted);
    take_rows(sink, &plan, &wanted, &select, connection).await
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The query for the rows after a rowid; the rowid itself comes first, the shape last.
fn select(layer: &Layer, wanted: &[usize]) -> String {
    let mut columns = vec!["rowid".to_owned()];
    columns.extend(wanted.iter().map(|index| quoted(&layer.columns[*index])));
    columns.extend(layer.shape.as_deref().map(quoted));
    let table = quoted(&layer.table);
    format!("SELECT {} FROM {table} WHERE rowid > ? ORDER BY rowid LIMIT {AT_ONCE}", columns.join(", "))
}

async fn take_rows(
    sink: &mut Sink<'_>,
    plan: &Plan,
    wanted: &[usize],
    select: &str,
    connection: &mut SqliteConnection,
) -> Result<(), Refusal> {
    let mut positions = vec![0; plan.width];
    wanted.iter().enumerate().for_each(|(position, index)| positions[*index] = position + 1);
    let (mut number, mut broken, mut last) = (0, 0u64, i64::MIN);
    let mut rows = Rows::new(sink, plan);
    loop {
        let query = sqlx::query(AssertSqlSafe(select)).bind(last);
        let some: Vec<SqliteRow> = query.fetch_all(&mut *connection).await.map_err(|_| refusal("source-damaged"))?;
        for row in &some {
            number += 1;
            let rowid = row.try_get_unchecked(0).map_err(|_| refusal("source-damaged"))?;
            // A broken tree of pages can go round in circles.
            if rowid <= last {
                return Err(refusal("source-damaged"));
            }
            last = rowid;
            let shape = if plan.geometry { blob(row, wanted.len() + 1) } else { Ok(None) };
            broken += u64::from(shape.is_err());
            let shape = shape.unwrap_or(None);
            rows.push(number, |index| cell(row, positions[index]), shape.as_deref())?;
        }
        if some.len() < AT_ONCE {
            break;
        }
    }
    rows.finish()?;
    if broken > 0 {
        sink.note(Finding::warning("geometry-invalid").with("count", broken));
    }
    Ok(())
}

fn cell(row: &SqliteRow, position: usize) -> Cell<'_> {
    let Ok(value) = row.try_get_raw(position) else { return Cell::Empty };
    if value.is_null() {
        return Cell::Empty;
    }
    match value.type_info().name() {
        "INTEGER" | "INT4" | "BOOLEAN" => row.try_get_unchecked(position).map_or(Cell::Empty, Cell::Integer),
        "REAL" => row.try_get_unchecked(position).map_or(Cell::Empty, Cell::Decimal),
        "BLOB" => Cell::Empty,
        _ => row.try_get_unchecked(position).map_or(Cell::Empty, Cell::Text),
    }
}

fn blob(row: &SqliteRow, position: usize) -> Result<Option<Vec<u8>>, ()> {
    let value: Option<&[u8]> = row.try_get_unchecked(position).map_err(|_| ())?;
    value.map_or(Ok(None), from_geopackage)
}

/// The declared layer, or the first one of features or attributes.
async fn find_layer(connection: &mut SqliteConnection, declared: Option<&str>) -> Result<Layer, Refusal> {
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT c.table_name FROM gpkg_contents c JOIN sqlite_master m ON m.name = c.table_name \
         WHERE m.type = 'table' AND c.data_type IN ('features', 'attributes') ORDER BY c.rowid",
    )
    .fetch_all(&mut *connection)
    .await
    .map_err(|error| damaged_or(&error, "not-a-geopackage"))?;
    let fits = |name: &&String| declared.is_none_or(|layer| name.eq_ignore_ascii_case(layer));
    let Some(table) = names.iter().find(fits).cloned() else {
        let finding = Finding::error("layer-missing").with("layer", declared.unwrap_or_default());
        return Err(Box::new(finding.with("found", names.join(", "))));
    };
    let shape = shape_column(connection, &table).await?;
    let all: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info(?) ORDER BY cid")
        .bind(&table)
        .fetch_all(&mut *connection)
        .await
        .map_err(|_| refusal("source-damaged"))?;
    let (shape, crs) = shape.map_or((None, None), |(name, crs)| (Some(name), crs));
    let columns = all.into_iter().filter(|name| Some(name) != shape.as_ref()).collect();
    Ok(Layer { table, shape, crs, columns })
}

fn damaged_or(error: &sqlx::Error, code: &str) -> Refusal {
    let missing = error.as_database_error().is_some_and(|inner| inner.message().contains("no such table"));
    refusal(if missing { code } else { "source-damaged" })
}

/// The column with shapes and its coordinate system.
async fn shape_column(
    connection: &mut SqliteConnection,
    table: &str,
) -> Result<Option<(String, Option<String>)>, Refusal> {
    let found: Option<(String, Option<String>, Option<i64>)> = sqlx::query_as(
        "SELECT g.column_name, s.organization, s.organization_coordsys_id FROM gpkg_geometry_columns g \
         LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id WHERE lower(g.table_name) = lower(?)",
    )
    .bind(table)
    .fetch_optional(connection)
    .await
    .map_err(|error| damaged_or(&error, "not-a-geopackage"))?;
    Ok(found.map(|(column, organisation, code)| {
        let crs = organisation.zip(code).and_then(|(organisation, code)| epsg(&format!("{organisation}:{code}")));
        (column, crs)
    }))
}
