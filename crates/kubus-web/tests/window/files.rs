//! Exports open again in other programs' terms, carry their provenance, and hold no formula.

use std::io::{Cursor, Read};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Row};

use crate::running::{Reply, Window};

fn export(window: &Window, rest: &str) -> Reply {
    let reply = window.sign_in().get(&format!("/api/export?indicator=schulden&level=buurt&period=2025&format={rest}"));
    assert_eq!(reply.status, 200, "{rest}");
    assert!(reply.header("content-disposition").starts_with("attachment; filename=\"straatkubus-schulden-buurt-2025."));
    assert!(reply.header("cache-control").contains("no-store"));
    reply
}

#[test]
fn csv_is_as_dutch_excel_wants_it_with_its_provenance_below() {
    let window = Window::open();
    let reply = export(&window, "csv");
    let text = String::from_utf8(reply.body).unwrap();
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert!(lines[0].starts_with("\u{feff}Gebiedscode;Gebied;Status;Cijfer;"));
    assert!(lines[1].starts_with("BU99010001;buurt 0;cijfer;10;%;"), "{}", lines[1]);
    assert!(lines[2].starts_with("BU99010002;\"'=HYPERLINK(\"\"x\"\")\";"), "{}", lines[2]);
    assert!(lines[3].starts_with("BU99010003;buurt 2;onderdrukt;;%;"), "{}", lines[3]);
    assert!(text.contains("\r\nHerkomst\r\n"));
    for (what, said) in [
        ("Onderwerp", "Schulden"),
        ("Uitgave", "1, 1970-01-01T00:00:00Z"),
        ("Beveiligingsregels", "standaard-2026-1"),
        ("Gegevens tot en met", "2025-12-31"),
        ("Dagen tussen peildatum en levering", "21"),
        ("Bruikbare rijen (%)", "98"),
        ("Bron", "Register (Gemeente Waterrijk)"),
        ("Gedownload op", "20"),
    ] {
        assert!(lines.iter().any(|line| line.starts_with(&format!("{what};{said}"))), "{what} in {text}");
    }
}

#[test]
fn csv_in_english_has_a_decimal_point() {
    let window = Window::open();
    let csv = |language: &str| String::from_utf8(export(&window, &format!("csv&lang={language}")).body).unwrap();
    let (dutch, english) = (csv("nl"), csv("en"));
    assert!(english.contains("\r\nProvenance\r\n"));
    let low = |text: &str| text.split("\r\n").nth(1).unwrap().split(';').nth(5).unwrap().to_owned();
    assert_eq!(low(&dutch).replace(',', "."), low(&english));
    assert!(low(&dutch).contains(','));
}

#[test]
fn the_workbook_opens_with_a_second_sheet_for_the_provenance() {
    let window = Window::open();
    let mut archive = zip::ZipArchive::new(Cursor::new(export(&window, "xlsx").body)).unwrap();
    let mut part = |name: &str| {
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    };
    let names = part("xl/workbook.xml");
    assert!(names.find("name=\"Cijfers\"").unwrap() < names.find("name=\"Herkomst\"").unwrap());
    assert!(!part("xl/worksheets/sheet1.xml").contains("<f>"));
    let words = part("xl/sharedStrings.xml");
    assert!(words.contains("BU9901000C") && words.contains("standaard-2026-1"));
}

#[tokio::test]
async fn the_geopackage_opens_with_a_boundary_for_every_figure_and_leaves_no_file() {
    let window = Window::open();
    let file = window.folder().join("again.gpkg");
    std::fs::write(&file, export(&window, "gpkg").body).unwrap();
    let mut package = SqliteConnectOptions::new().filename(&file).connect().await.unwrap();
    let count = |text: &'static str| sqlx::query(text);
    let rows =
        count("SELECT count(*), count(geom), count(\"Cijfer\") FROM cijfers").fetch_one(&mut package).await.unwrap();
    assert_eq!((rows.get::<i64, _>(0), rows.get::<i64, _>(1), rows.get::<i64, _>(2)), (12, 12, 11));
    let told =
        count("SELECT tekst FROM herkomst WHERE wat = 'Beveiligingsregels'").fetch_one(&mut package).await.unwrap();
    assert_eq!(told.get::<String, _>(0), "standaard-2026-1");
    let names: Vec<String> =
        std::fs::read_dir(window.state()).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    assert!(names.iter().all(|name| name.starts_with("state.sqlite")), "{names:?}");
}
