//! The files: the same every time, readable in their formats, with believable counts.

use std::collections::{BTreeMap, BTreeSet};

use parquet::file::reader::{FileReader, SerializedFileReader};
use sqlx::{Connection, Row};

use super::{Made, made};

#[test]
fn the_same_options_give_the_same_bytes_on_any_number_of_threads() {
    let with_threads = |count| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(count).build().unwrap();
        pool.install(|| made(2_000, 12, 7).everything())
    };
    let (one, four) = (with_threads(1), with_threads(4));
    assert_eq!(one.keys().collect::<Vec<_>>(), four.keys().collect::<Vec<_>>());
    one.iter().for_each(|(name, bytes)| assert!(*bytes == four[name], "{name} differs"));
}

#[test]
fn another_seed_gives_another_town() {
    let (first, second) = (made(2_000, 12, 1).everything(), made(2_000, 12, 2).everything());
    let differs = |name: &str| first[name] != second[name];
    assert!(differs("/deliveries/bevolking_2025.csv") && differs("/deliveries/wijkenbuurten_2025_v1.gpkg"));
    assert!(!differs("/town.toml"));
}

#[test]
fn a_small_town_takes_less_than_two_seconds() {
    let start = std::time::Instant::now();
    made(2_000, 12, 1);
    assert!(start.elapsed().as_secs_f64() < 2.0);
}

#[test]
fn the_number_of_residents_is_what_was_asked() {
    for (residents, months) in [(2_000, 12), (20_000, 30)] {
        let town = made(residents, months, 3);
        assert!(town.summary.residents.abs_diff(residents) * 20 < residents, "{}", town.summary.residents);
        let newest = town.rows("bevolking_2025.csv", b';').len();
        let account = &town.truth()["deliveries"]["bevolking_2025.csv"];
        assert_eq!(account["rows"], newest);
        let extra = account["bad"].as_u64().unwrap() + account["double"].as_u64().unwrap();
        assert_eq!(newest - usize::try_from(extra).unwrap(), town.summary.residents);
    }
}

#[test]
fn months_decide_which_years_are_delivered() {
    let town = made(2_000, 18, 1);
    let names = town.everything();
    let years: Vec<&String> = names.keys().filter(|name| name.contains("bevolking_")).collect();
    assert_eq!(years, ["/deliveries/bevolking_2024.csv", "/deliveries/bevolking_2025.csv"]);
    let months: BTreeSet<String> =
        town.rows("veilig_thuis_per_maand.csv", b';').into_iter().map(|row| row["maand"].clone()).collect();
    assert!(months.iter().all(|month| month.as_str() >= "2024-07"), "{months:?}");
}

#[test]
fn a_postcode_has_twenty_to_sixty_addresses_and_one_street() {
    let town = made(20_000, 12, 1);
    let mut counts: BTreeMap<String, (usize, BTreeSet<String>)> = BTreeMap::new();
    for row in town.rows("adressen_2025.csv", b',') {
        let entry = counts.entry(row["postcode"].clone()).or_default();
        entry.0 += 1;
        entry.1.insert(row["openbare_ruimte"].clone());
    }
    assert_eq!(counts.len(), town.summary.postcodes);
    assert!(counts.values().all(|(count, streets)| (20..=60).contains(count) && streets.len() == 1));
}

#[test]
fn registers_hold_a_few_bad_rows() {
    let truth = made(20_000, 24, 1).truth();
    for (name, account) in truth["deliveries"].as_object().unwrap() {
        let (rows, bad) = (account["rows"].as_f64().unwrap(), account["bad"].as_f64().unwrap());
        assert!(bad <= 2.0 || bad / rows < 0.012, "{name}: {bad} of {rows}");
    }
    assert!(truth["deliveries"]["bevolking_2025.csv"]["bad"].as_u64().unwrap() > 5);
}

#[test]
fn every_file_is_of_its_format() {
    let town = made(2_000, 12, 1);
    for name in ["bijstand.xlsx", "koopkracht_pc6_2025.xlsx", "kwb-2024.xlsx"] {
        assert!(town.delivery(name).starts_with(b"PK\x03\x04"), "{name}");
    }
    assert!(town.delivery("meldingen_openbare_ruimte.csv").starts_with(b"\xef\xbb\xbf"));
    let windows = town.delivery("huurachterstand.csv");
    assert!(String::from_utf8(windows.clone()).is_err());
    assert!(encoding_rs::WINDOWS_1252.decode(&windows).0.contains("Bedrag (€)"));
    let path = town.out().join("deliveries/jeugdhulp.parquet");
    let parquet = SerializedFileReader::new(std::fs::File::open(path).unwrap()).unwrap();
    let rows = u64::try_from(parquet.metadata().file_metadata().num_rows()).unwrap();
    assert_eq!(town.truth()["deliveries"]["jeugdhulp.parquet"]["rows"], rows);
}

#[test]
fn free_text_holds_quotes_semicolons_and_line_breaks_and_survives() {
    let rows = made(20_000, 12, 1).rows("meldingen_openbare_ruimte.csv", b';');
    let some = |part: &str| rows.iter().any(|row| row["Omschrijving"].contains(part));
    assert!(some("\"") && some(";") && some("\n") && some("[kanarie-"));
}

/// The values of a text column of a layer.
async fn column(town: &Made, file: &str, sql: &'static str) -> Vec<String> {
    let path = town.out().join("deliveries").join(file);
    let url = format!("sqlite://{}?mode=ro", path.display());
    let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
    let rows = sqlx::query(sql).fetch_all(&mut connection).await.unwrap();
    rows.iter().map(|row| row.get::<String, _>(0)).collect()
}

#[tokio::test]
async fn the_map_has_the_layers_and_columns_of_the_official_one() {
    let town = made(2_000, 12, 1);
    let file = "wijkenbuurten_2025_v1.gpkg";
    let layers = column(&town, file, "SELECT table_name FROM gpkg_contents ORDER BY table_name").await;
    assert_eq!(layers, ["buurten", "gemeenten", "wijken"]);
    let codes = column(&town, file, "SELECT buurtcode FROM buurten WHERE water = 'NEE'").await;
    assert_eq!(codes.len(), town.summary.neighbourhoods);
    let water =
        column(&town, file, "SELECT buurtcode FROM buurten WHERE water = 'JA' AND aantal_inwoners = -99999999").await;
    assert_eq!(water, ["BU99019997"]);
    let header = column(&town, file, "SELECT hex(substr(geom, 1, 8)) FROM buurten LIMIT 1").await;
    assert_eq!(header, ["4750000340710000"]);
}

#[test]
fn every_address_has_a_neighbourhood_in_both_years_and_changes_are_told() {
    let town = made(60_000, 12, 1);
    let lookup = |name: &str, delimiter: u8, column: &str| -> BTreeMap<(String, String), String> {
        let rows = town.rows(name, delimiter).into_iter();
        rows.map(|row| ((row["PC6"].clone(), row["Huisnummer"].clone()), format!("BU{}", row[column]))).collect()
    };
    let old = lookup("pc6hnr20240801_gwb.csv", b',', "Buurt2024");
    let new = lookup("pc6hnr20250801_gwb.csv", b';', "Buurt2025");
    assert_eq!(old.keys().collect::<Vec<_>>(), new.keys().collect::<Vec<_>>());
    assert_eq!(old.len(), town.rows("adressen_2025.csv", b',').len());
    let truth = town.truth();
    let changes = truth["boundary_changes"].as_array().unwrap();
    let kinds: Vec<&str> = changes.iter().map(|change| change["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["merged", "split", "moved_border", "renumbered"]);
    let codes = |of: &BTreeMap<_, String>| of.values().cloned().collect::<BTreeSet<_>>();
    let listed = |change: &serde_json::Value, side: &str| -> Vec<String> {
        change[side].as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned()).collect()
    };
    for change in changes {
        let found = |side: &str, of: &BTreeMap<_, String>| listed(change, side).iter().all(|c| codes(of).contains(c));
        assert!(found("old", &old) && found("new", &new), "{change}");
    }
    assert!(!codes(&new).contains(&listed(&changes[0], "old")[1]), "the second of the merged is gone");
    assert!(!codes(&old).contains(&listed(&changes[1], "new")[1]), "the second of the split is new");
}
