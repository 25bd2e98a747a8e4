//! Real files, as they were published, read without preparing anything by hand. Skips visibly
//! where the sample data is absent.

#[path = "hostile/support.rs"]
mod support;

use kubus_cube::declaration::{ColumnType as T, SourceFormat as F};
use kubus_cube::source::{ReadResult, read_here};
use support::*;

fn every_column(file: &str, format: F) -> Option<ReadResult> {
    Some(read_here(&figures(sample(file)?, format, Vec::new())))
}

fn read(
    file: &str,
    format: F,
    columns: Vec<(String, kubus_cube::declaration::ColumnDeclaration)>,
) -> Option<ReadResult> {
    Some(read_here(&figures(sample(file)?, format, columns)))
}

#[test]
fn the_neighbourhoods_of_almere_are_read_from_geojson() {
    let columns = vec![
        column("BU_CODE", T::Text),
        ranged("AANT_INW", T::Integer, [0.0, 1e6]),
        ranged("P_GAS_21K", T::Decimal, [0.0, 1e6]),
    ];
    let Some(result) = read("cbs-almere-buurten/almere_buurten.geojson", F::Geojson, columns) else { return };
    let batch = whole(&result);
    assert_eq!((batch.num_rows(), shapes(&batch), result.crs.as_deref()), (63, 63, Some("EPSG:4326")));
    let centre = at(&batch, "bu_code", "BU00340101");
    assert_eq!(integers(&batch, "aant_inw")[centre], Some(1425));
    assert_eq!(numbers(&batch, "p_gas_21k")[centre], None);
    assert!(result.findings.iter().any(|f| f.code == "missing-codes" && f.parameters["missing"] == "-99999997"));
}

#[test]
fn the_kwb_file_that_lost_its_commas_is_repaired_or_refused_and_says_so() {
    let columns = vec![
        column("gwb_code_10", T::Text),
        column("year", T::Integer),
        decimals("g_hhgro", [1.0, 6.0], 1),
        decimals("p_hh_osm", [0.0, 60.0], 1),
        ranged("a_inw", T::Integer, [0.0, 2e7]),
    ];
    let Some(result) = read("kwb-wijk-2021-2022-jeugdzorg/kwb_wijk_2021_2022_jeugdzorg.csv.gz", F::Kwb, columns) else {
        return;
    };
    let batch = whole(&result);
    assert_eq!((batch.num_rows(), result.rows, result.refused), (7287, 7287, 0));
    let netherlands = at(&batch, "gwb_code_10", "NL00");
    assert_eq!(integers(&batch, "a_inw")[netherlands], Some(17_475_415));
    // Household sizes: half of the column kept its comma, so the other half is refused.
    assert_eq!(numbers(&batch, "g_hhgro")[netherlands], None);
    let years = integers(&batch, "year");
    let sizes = numbers(&batch, "g_hhgro");
    assert_eq!(years.iter().zip(&sizes).filter(|(year, size)| **year == Some(2022) && size.is_some()).count(), 3661);
    assert!(sizes.iter().flatten().all(|size| (1.0..=6.0).contains(size)));
    let lost = result.findings.iter().find(|f| f.code == "cells-refused" && f.column.as_deref() == Some("g_hhgro"));
    let lost = lost.expect("the lost commas are reported");
    assert_eq!((lost.parameters["reason"].as_str(), lost.parameters["count"].as_str()), ("value-lost-decimal", "3585"));
    // Shares around the social minimum: no value kept its comma, so the whole column is repaired.
    assert_eq!(numbers(&batch, "p_hh_osm")[netherlands], Some(6.7));
    assert_eq!(parameter(&result, "decimals-repaired", "count").as_deref(), Some("3303"));
}

#[test]
fn cbs_figures_of_two_years_are_found_by_their_base_names() {
    let wanted = || {
        vec![
            column("WijkenEnBuurten", T::Text),
            column("Gemeentenaam", T::Text),
            ranged("AantalInwoners", T::Integer, [0.0, 1e6]),
            ranged("Bevolkingsdichtheid", T::Decimal, [0.0, 1e6]),
        ]
    };
    for (file, rows, code, name, residents) in [
        ("cbs-buurt-2017-2024/buurt_features_2017_83765NED.csv.gz", 9028, "BU16800000", "Aa en Hunze", 3395),
        ("cbs-buurt-2017-2024/buurt_features_2024_85984NED_crime2024.csv.gz", 13_817, "BU01630408", "Hellendoorn", 815),
    ] {
        let Some(result) = read(file, F::Csv, wanted()) else { return };
        let batch = whole(&result);
        let first = at(&batch, "wijkenenbuurten", code);
        assert_eq!(batch.num_rows(), rows, "{file}");
        assert_eq!(texts(&batch, "gemeentenaam")[first].as_deref(), Some(name));
        assert_eq!(integers(&batch, "aantalinwoners")[first], Some(residents));
    }
}

#[test]
fn statline_with_symbols_is_read() {
    let columns = vec![
        column("Regiocode (gemeente, wijk, buurt) (code)", T::Text),
        ranged("Particuliere huishoudens (Aantal)", T::Integer, [0.0, 1e7]),
        decimals("SES-WOA/Totaalscore/Gemiddelde score (Getal)", [-2.0, 2.0], 3),
    ];
    let Some(result) = read("amsterdam-ses/SES_WOA_scores_per_wijk_en_buurt_25042023_160857.csv", F::Statline, columns)
    else {
        return;
    };
    let batch = whole(&result);
    assert_eq!(texts(&batch, "regiocode (gemeente, wijk, buurt) (code)")[0].as_deref(), Some("GM0363"));
    assert_eq!(integers(&batch, "particuliere huishoudens (aantal)")[0], Some(457_400));
    assert_eq!(numbers(&batch, "ses-woa/totaalscore/gemiddelde score (getal)")[0], Some(-0.1));
    assert_eq!(numbers(&batch, "ses-woa/totaalscore/gemiddelde score (getal)").last(), Some(&None));
    assert_eq!(result.refused, 0);
}

#[test]
fn statline_in_the_layout_of_its_table_is_turned() {
    let distance = "Gezondheid en welzijn|Huisartsenpraktijk|Afstand tot huisartsenpraktijk";
    let columns = vec![column("Regioaanduiding|Codering", T::Text), decimals(distance, [0.0, 100.0], 1)];
    let Some(result) = read("amsterdam-ses/Nabijheid_tabelindeling.csv", F::StatlineTable, columns) else { return };
    let batch = whole(&result);
    assert_eq!(batch.num_rows(), 8);
    let annen = at(&batch, "regioaanduiding|codering", "BU16800000");
    assert_eq!(numbers(&batch, &distance.to_lowercase())[annen], Some(0.8));
}

#[test]
fn a_dbase_table_is_read_with_its_missing_codes() {
    let columns = vec![
        column("WK_CODE", T::Text),
        ranged("AANT_INW", T::Integer, [0.0, 1e6]),
        decimals("GEM_HH_GR", [1.0, 6.0], 1),
    ];
    let Some(result) = read("cbs-wijk-2017/wijk_2017.dbf.gz", F::Dbf, columns) else { return };
    let batch = whole(&result);
    let first = at(&batch, "wk_code", "WK000300");
    assert_eq!(integers(&batch, "aant_inw")[first], Some(11_970));
    assert_eq!(numbers(&batch, "gem_hh_gr")[first], Some(2.1));
    assert!(result.findings.iter().any(|f| f.code == "missing-codes"), "{:?}", result.findings);
    assert_eq!(result.rows, batch.num_rows() as u64);
}

#[test]
fn geopackages_are_read_with_their_coordinate_system() {
    let Some(result) = every_column("ermelo-100m/CBS_buurten_2021.gpkg", F::Geopackage) else { return };
    let batch = whole(&result);
    assert_eq!((batch.num_rows(), shapes(&batch), result.crs.as_deref()), (17, 17, Some("EPSG:28992")));
    at(&batch, "buurtcode", "BU02330000");
    let columns = vec![column("c28992r100", T::Text), ranged("aantal_inwoners", T::Integer, [0.0, 1e5])];
    let Some(result) = read("ermelo-100m/CBS_statistiek_100m.gpkg", F::Geopackage, columns) else { return };
    let batch = whole(&result);
    assert_eq!((batch.num_rows(), result.crs.as_deref()), (948, Some("EPSG:3857")));
    assert_eq!(integers(&batch, "aantal_inwoners")[at(&batch, "c28992r100", "E1705N4816")], Some(25));
}

#[test]
fn zipped_shapefiles_are_read() {
    for (file, rows, code) in [
        ("groningen-2017/buurt2017.zip", 108, "bu_code"),
        ("groningen-2017/wijk2017.zip", 15, "wk_code"),
        ("groningen-2017/postcode4.zip", 50, "pc4"),
        ("groningen-2017/postcode6.zip", 5496, "postcode"),
        ("groningen-2017/vierkant100m2014.zip", 3441, "c28992r100"),
    ] {
        let Some(result) = read(file, F::Shapefile, vec![column(code, T::Text)]) else { return };
        let batch = whole(&result);
        assert_eq!(
            (batch.num_rows(), shapes(&batch), result.crs.as_deref()),
            (rows, rows, Some("EPSG:3857")),
            "{file}"
        );
        assert!(texts(&batch, code).iter().all(Option::is_some), "{file}");
    }
}

#[test]
fn the_addresses_of_dordrecht_are_read() {
    let columns = vec![
        column("bu_code", T::Text),
        column("identificatie", T::Text),
        ranged("oppervlakteverblijfsobject", T::Integer, [0.0, 1e6]),
    ];
    let Some(result) = read("dordrecht-bag/verblijfsobjecten_dordrecht.csv.gz", F::Csv, columns) else { return };
    let batch = whole(&result);
    assert_eq!(texts(&batch, "identificatie")[0].as_deref(), Some("0505010000000023"));
    assert_eq!(integers(&batch, "oppervlakteverblijfsobject")[0], Some(26));
    assert_eq!(batch.num_rows() as u64, result.rows);
    let Some(result) = every_column("dordrecht-bag/buurten_dordrecht.csv.gz", F::Csv) else { return };
    assert!(result.findings.iter().any(|f| f.code.starts_with("missing-codes")), "{:?}", result.findings);
    let columns = vec![column("RegioS", T::Text), ranged("Alleenstaand", T::Integer, [0.0, 1e8])];
    let Some(result) = read("dordrecht-bag/leeftijden__per__gemeente.csv.gz", F::Csv, columns) else { return };
    assert_eq!(result.refused, 0);
}

#[test]
fn district_polygons_keep_the_coordinate_system_that_they_name() {
    let columns = vec![column("code", T::Text), ranged("population", T::Integer, [0.0, 1e6])];
    let Some(result) = read("tmap-nld-2022/NLD_dist_rd.geojson.gz", F::Geojson, columns) else { return };
    let batch = whole(&result);
    assert_eq!((batch.num_rows(), result.crs.as_deref()), (3340, Some("EPSG:28992")));
    assert_eq!(integers(&batch, "population")[at(&batch, "code", "WK001400")], Some(23_065));
    let almere = texts(&batch, "code").iter().flatten().filter(|code| code.starts_with("WK0034")).count();
    assert_eq!(almere, 71);
}

#[test]
fn untyped_cbs_answers_as_csv_are_read_with_their_padding() {
    let columns = vec![column("Wijken", T::Text), ranged("TotaalJongerenMetJeugdzorgInNatura", T::Integer, [0.0, 1e7])];
    let Some(result) = read("kwb-wijk-2021-2022-jeugdzorg/jeugdzorg_wijk_2022_untyped.csv.gz", F::Csv, columns) else {
        return;
    };
    let batch = whole(&result);
    assert_eq!(integers(&batch, "totaaljongerenmetjeugdzorginnatura")[at(&batch, "wijken", "GM1680")], Some(595));
}
