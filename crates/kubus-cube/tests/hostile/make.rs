//! Makes files of binary formats by hand, small and just wrong enough.
#![expect(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "small made files; what cannot be made stops"
)]

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Packs bytes.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A zip with these entries.
pub(crate) fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A workbook with sheets of the given rows (XML within `sheetData`).
pub(crate) fn xlsx(sheets: &[(&str, &str)], strings: &[u8]) -> Vec<u8> {
    let ns = r#"xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main""#;
    let rns = r#"xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships""#;
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = r#"xmlns="http://schemas.openxmlformats.org/package/2006/relationships""#;
    let (mut list, mut links, mut parts) = (String::new(), String::new(), Vec::new());
    for (at, (name, rows)) in sheets.iter().enumerate() {
        let id = at + 1;
        list += &format!(r#"<sheet name="{name}" sheetId="{id}" r:id="rId{id}"/>"#);
        links += &format!(r#"<Relationship Id="rId{id}" Type="{kind}/worksheet" Target="worksheets/sheet{id}.xml"/>"#);
        parts.push((
            format!("xl/worksheets/sheet{id}.xml"),
            format!("<worksheet {ns}><sheetData>{rows}</sheetData></worksheet>"),
        ));
    }
    let book = format!("<workbook {ns} {rns}><sheets>{list}</sheets></workbook>");
    let styles =
        format!(r#"<styleSheet {ns}><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#);
    links += &format!(r#"<Relationship Id="rId98" Type="{kind}/styles" Target="styles.xml"/>"#);
    links += &format!(r#"<Relationship Id="rId99" Type="{kind}/sharedStrings" Target="sharedStrings.xml"/>"#);
    let links = format!("<Relationships {package}>{links}</Relationships>");
    let root = format!(
        r#"<Relationships {package}><Relationship Id="rId1" Type="{kind}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
    );
    let mut entries: Vec<(&str, &[u8])> = vec![
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", links.as_bytes()),
        ("xl/styles.xml", styles.as_bytes()),
    ];
    if !strings.is_empty() {
        entries.push(("xl/sharedStrings.xml", strings));
    }
    entries.extend(parts.iter().map(|(name, text)| (name.as_str(), text.as_bytes())));
    zip(&entries)
}

/// A row of a sheet; texts stand in the cells themselves.
pub(crate) fn row(number: u32, cells: &[(&str, &str)]) -> String {
    let cell = |(column, text): &(&str, &str)| {
        let number_like = text.parse::<f64>().is_ok();
        let at = format!("{column}{number}");
        if number_like {
            format!(r#"<c r="{at}"><v>{text}</v></c>"#)
        } else {
            format!(r#"<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>"#)
        }
    };
    format!(r#"<row r="{number}">{}</row>"#, cells.iter().map(cell).collect::<String>())
}

/// A dBase table of text fields of ten characters.
pub(crate) fn dbf(names: &[&str], rows: &[&[&str]]) -> Vec<u8> {
    let header = 32 + 32 * names.len() + 1;
    let length = 1 + 10 * names.len();
    let mut bytes = vec![0x03, 124, 1, 1];
    bytes.extend((rows.len() as u32).to_le_bytes());
    bytes.extend((header as u16).to_le_bytes());
    bytes.extend((length as u16).to_le_bytes());
    bytes.resize(32, 0);
    for name in names {
        let mut field = name.as_bytes().to_vec();
        field.resize(11, 0);
        field.extend([b'C', 0, 0, 0, 0, 10]);
        field.resize(32, 0);
        bytes.extend(field);
    }
    bytes.push(0x0D);
    for row in rows {
        bytes.push(b' ');
        row.iter().for_each(|text| bytes.extend(format!("{text:<10}").bytes()));
    }
    bytes
}

/// A shapefile of points.
pub(crate) fn shp(points: &[(f64, f64)]) -> Vec<u8> {
    let words = 50 + points.len() * 14;
    let mut bytes = 9994i32.to_be_bytes().to_vec();
    bytes.resize(24, 0);
    bytes.extend((words as i32).to_be_bytes());
    bytes.extend(1000i32.to_le_bytes());
    bytes.extend(1i32.to_le_bytes());
    bytes.resize(100, 0);
    for (number, (x, y)) in points.iter().enumerate() {
        bytes.extend((number as i32 + 1).to_be_bytes());
        bytes.extend(10i32.to_be_bytes());
        bytes.extend(1i32.to_le_bytes());
        bytes.extend(x.to_le_bytes());
        bytes.extend(y.to_le_bytes());
    }
    bytes
}

/// A SQLite file made by these statements.
pub(crate) fn sqlite(statements: &[&str]) -> Vec<u8> {
    use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("made.gpkg");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).create_if_missing(true);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut connection = options.connect().await.unwrap();
        for statement in statements {
            connection.execute(AssertSqlSafe(*statement)).await.unwrap();
        }
        connection.close().await.unwrap();
    });
    std::fs::read(path).unwrap()
}

/// The tables that every GeoPackage has, and one layer of points called `buurten`.
pub(crate) fn geopackage(more: &[&str]) -> Vec<u8> {
    let mut statements = vec![
        "CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT, srs_id INTEGER)",
        "CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER)",
        "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER, organization TEXT, organization_coordsys_id INTEGER)",
        "INSERT INTO gpkg_spatial_ref_sys VALUES ('RD', 28992, 'EPSG', 28992)",
        "CREATE TABLE buurten (fid INTEGER PRIMARY KEY, geom BLOB, code TEXT, aantal_inwoners INTEGER)",
        "INSERT INTO gpkg_contents VALUES ('buurten', 'features', 28992)",
        "INSERT INTO gpkg_geometry_columns VALUES ('buurten', 'geom', 28992)",
        "INSERT INTO buurten VALUES (1, x'4750000100000000010100000000000000000000400000000000000840', 'BU00340101', -99997)",
    ];
    statements.extend(more);
    sqlite(&statements)
}
