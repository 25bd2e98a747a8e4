//! Shapes and tables of other publishers: GeoPackage, GeoJSON, shapefile, dBase, OData.

use kubus_cube::declaration::{ColumnType as T, SourceFormat as F};

use super::make::{dbf, geopackage, shp, sqlite, zip};
use super::{Case, Expected::*};
use crate::support::{column, ranged};

fn codes(name: &'static str, file: &'static str, bytes: impl Into<Vec<u8>>, expected: super::Expected) -> Case {
    Case::new(name, file, bytes, expected).columns(vec![column("code", T::Text)])
}

pub(crate) fn geopackages() -> Vec<Case> {
    let case = |name, bytes: Vec<u8>, expected| codes(name, "a.gpkg", bytes, expected).format(F::Geopackage);
    let good = geopackage(&[]);
    let broken = geopackage(&["INSERT INTO buurten VALUES (2, x'00FF', 'BU2', 5)"]);
    let endless = geopackage(&[
        "CREATE VIEW endless AS WITH RECURSIVE c(code) AS (SELECT 1 UNION ALL SELECT code + 1 FROM c) SELECT code FROM c",
        "INSERT INTO gpkg_contents VALUES ('endless', 'features', 28992)",
    ]);
    vec![
        case(
            "a geopackage with a code for missing",
            good.clone(),
            Values(&["missing-codes"], "aantal_inwoners", &[""]),
        )
        .columns(vec![column("code", T::Text), ranged("aantal_inwoners", T::Integer, [0.0, 1e6])]),
        case("half a geopackage", good[..good.len() / 2].to_vec(), Refused("source-damaged")),
        case("a database that is no geopackage", sqlite(&["CREATE TABLE t (code TEXT)"]), Refused("not-a-geopackage")),
        case("another layer than declared", good, Refused("layer-missing"))
            .declare(|request| request.file.layer = Some("wijken".into())),
        case("a shape of junk", broken, Noted(&["geometry-invalid"], 2, 0)),
        case("a view that never ends", endless, Refused("layer-missing"))
            .declare(|request| request.file.layer = Some("endless".into())),
    ]
}

pub(crate) fn geojson() -> Vec<Case> {
    let case = |name, text: String, expected| codes(name, "a.geojson", text, expected).format(F::Geojson);
    let feature = |geometry: &str| {
        format!(r#"{{"type":"FeatureCollection","features":[{{"properties":{{"code":"a"}},"geometry":{geometry}}}]}}"#)
    };
    let ring = |points: &str| feature(&format!(r#"{{"type":"Polygon","coordinates":[[{points}]]}}"#));
    let degrees = ring("[5,52],[6,52],[6,53],[5,52]");
    let deep = format!("{}{}", r#"{"type":"FeatureCollection","features":["#, "[".repeat(100_000));
    let deep_value = feature("null").replace("\"a\"", &format!("{}{}", "[".repeat(5000), "]".repeat(5000)));
    vec![
        case("a feature", degrees.clone(), Values(&[], "code", &["a"])),
        case("half a geojson", degrees[..degrees.len() / 2].to_owned(), Refused("json-truncated")),
        case("lists within lists within lists", deep, Refused("json-unexpected")),
        case("a value of lists within lists", deep_value, Refused("json-too-deep")),
        case("json of another kind", r#"{"type":"Topology"}"#.into(), Refused("geojson-no-features")),
        case("not json", "code;b\n1;2\n".into(), Refused("json-invalid")),
        case(
            "a collection of nothing",
            r#"{"type":"FeatureCollection","features":[]}"#.into(),
            Refused("geojson-no-features"),
        ),
        case(
            "metres that are not called so",
            ring("[1e5,4e5],[2e5,4e5],[2e5,5e5],[1e5,4e5]"),
            Noted(&["crs-not-degrees"], 1, 0),
        ),
        case("a ring of two points", ring("[5,52],[6,52]"), Noted(&["geometry-invalid"], 1, 0)),
        case("a number too large for a coordinate", ring("[5,52],[1e999,52],[6,53],[5,52]"), Refused("json-invalid")),
    ]
}

pub(crate) fn shapefiles() -> Vec<Case> {
    let case = |name, bytes: Vec<u8>, expected| codes(name, "a.zip", bytes, expected).format(F::Shapefile);
    let (shapes, table) = (shp(&[(1.0, 2.0), (3.0, 4.0)]), dbf(&["CODE"], &[&["a"], &["b"]]));
    let prj = br#"PROJCS["RD_New",GEOGCS["GCS_Amersfoort"]]"#;
    let good = zip(&[("x.shp", &shapes), ("x.dbf", &table), ("x.prj", prj)]);
    let one = dbf(&["CODE"], &[&["a"]]);
    let bomb = zip(&[("x.shp", &vec![0; 300 << 20]), ("x.dbf", &table)]);
    let table_case = |name, bytes: Vec<u8>, expected| codes(name, "a.dbf", bytes, expected).format(F::Dbf);
    vec![
        case("a zipped shapefile", good, Values(&[], "code", &["a", "b"])),
        case("a shapefile without its table", zip(&[("x.shp", &shapes)]), Refused("shapefile-part-missing")),
        case(
            "a shapefile without its projection",
            zip(&[("x.shp", &shapes), ("x.dbf", &table)]),
            Noted(&["crs-unknown"], 2, 0),
        ),
        case(
            "more shapes than rows",
            zip(&[("x.shp", &shapes), ("x.dbf", &one), ("x.prj", prj)]),
            Refused("shapes-without-rows"),
        ),
        case(
            "fewer shapes than rows",
            zip(&[("x.shp", &shp(&[(1.0, 2.0)])), ("x.dbf", &table), ("x.prj", prj)]),
            Refused("source-truncated"),
        ),
        case(
            "shapes of junk",
            zip(&[("x.shp", &[7; 300]), ("x.dbf", &table), ("x.prj", prj)]),
            Refused("source-damaged"),
        ),
        case("a zip bomb of shapes", bomb, Refused("source-bomb")),
        table_case("half a dbase table", table[..table.len() - 5].to_vec(), Refused("source-truncated")),
        table_case("a header without records", table[..20].to_vec(), Refused("source-wrong-format")),
        table_case("a number that did not fit", dbf(&["CODE", "N"], &[&["a", "**********"], &["b", "5"]]), {
            Values(&["missing-codes"], "n", &["", "5"])
        })
        .columns(vec![column("n", T::Integer)]),
    ]
}

pub(crate) fn odata() -> Vec<Case> {
    let case = |name, text: &str, format, expected| Case::new(name, "a.json", text, expected).format(format);
    let keys = || vec![column("WijkenEnBuurten", T::Text), ranged("AantalInwoners", T::Integer, [0.0, 1e6])];
    let v3 = r#"{"value":[{"ID":0,"WijkenEnBuurten":"GM0034    ","AantalInwoners_5":"     815"},{"ID":1,"WijkenEnBuurten":"WK003401  ","AantalInwoners_5":"       ."}]}"#;
    let observation = |measure: &str, value: &str| {
        format!(
            r#"{{"Id":1,"Measure":"{measure}","ValueAttribute":"None","Value":{value},"StringValue":null,"WijkenEnBuurten":"GM0034    "}}"#
        )
    };
    let v4 = format!(r#"{{"value":[{},{}]}}"#, observation("M1", "5.0"), observation("M2", "null"));
    let twice = format!(r#"{{"value":[{},{}]}}"#, observation("M1", "5.0"), observation("M1", "6.0"));
    let measures = || vec![column("WijkenEnBuurten", T::Text), column("M1", T::Integer), column("M2", T::Decimal)];
    let more = v3.replacen('{', r#"{"odata.nextLink":"https://elsewhere","#, 1);
    let error = r#"{"odata.error":{"code":"","message":{"value":"te veel rijen"}}}"#;
    vec![
        case(
            "padded keys and values",
            v3,
            F::Odata3,
            Values(&["missing-codes"], "wijkenenbuurten", &["GM0034", "WK003401"]),
        )
        .columns(keys()),
        case("an answer with a next page", &more, F::Odata3, Refused("odata-incomplete")).columns(keys()),
        case("an answer that is an error", error, F::Odata3, Refused("odata-no-value")).columns(keys()),
        case("observations made wide", &v4, F::Odata4, Values(&["missing-codes"], "m1", &["5"])).columns(measures()),
        case("an observation twice", &twice, F::Odata4, Refused("observation-twice"))
            .columns(vec![column("M1", T::Integer)]),
        case("a wide answer called long", v3, F::Odata4, Refused("odata-no-observations")).columns(keys()),
        case("half an answer", &v3[..v3.len() - 9], F::Odata3, Refused("json-truncated")).columns(keys()),
    ]
}
