//! Shapes become well-known binary with two dimensions, whatever the file held, and the names of
//! coordinate systems become `EPSG:<number>`.

use geo::{Coord, CoordsIter, Geometry};
use geozero::wkb::Wkb;
use geozero::{CoordDimensions, ToGeo, ToWkb};

/// A shape as well-known binary; nothing when it is empty or has a coordinate that is no number.
pub(super) fn to_wkb(shape: &Geometry<f64>) -> Option<Vec<u8>> {
    let mut coordinates = shape.coords_iter().peekable();
    coordinates.peek()?;
    if coordinates.any(|Coord { x, y }| !x.is_finite() || !y.is_finite()) {
        return None;
    }
    shape.to_wkb(CoordDimensions::xy()).ok()
}

/// Well-known binary of any flavour as well-known binary with two dimensions.
pub(super) fn tidy_wkb(bytes: &[u8]) -> Option<Vec<u8>> {
    Wkb(bytes).to_geo().ok().as_ref().and_then(to_wkb)
}

/// The shape within a GeoPackage blob (OGC 12-128r18, clause 2.1.3); `Ok(None)` when it is empty.
pub(super) fn from_geopackage(blob: &[u8]) -> Result<Option<Vec<u8>>, ()> {
    let [b'G', b'P', _version, flags, _, _, _, _, rest @ ..] = blob else { return Err(()) };
    let envelope = match (flags >> 1) & 0b111 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        _ => return Err(()),
    };
    if flags & 0b1_0000 != 0 {
        return Ok(None);
    }
    rest.get(envelope..).and_then(tidy_wkb).map(Some).ok_or(())
}

/// `EPSG:28992` from a name of a coordinate system, in a URN, a GeoPackage or the text of a .prj.
pub(super) fn epsg(name: &str) -> Option<String> {
    let upper = name.to_uppercase();
    if upper.contains("CRS84") {
        return Some("EPSG:4326".to_owned());
    }
    if let Some(code) = last_epsg(&upper) {
        return Some(format!("EPSG:{code}"));
    }
    let known = [
        ("RD_NEW", 28992),
        ("AMERSFOORT", 28992),
        ("WEB_MERCATOR", 3857),
        ("PSEUDO-MERCATOR", 3857),
        ("ETRS_1989", 4258),
        ("GCS_WGS_1984", 4326),
        ("WGS 84", 4326),
    ];
    known.iter().find(|(word, _)| upper.contains(word)).map(|(_, code)| format!("EPSG:{code}"))
}

/// The number after the last `EPSG`.
fn last_epsg(upper: &str) -> Option<u32> {
    let rest = &upper[upper.rfind("EPSG")? + 4..];
    let digits: String =
        rest.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).take(6).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinate_systems_are_known_by_their_names() {
        let mercator = r#"PROJCS["WGS_1984_Web_Mercator",GEOGCS["GCS_WGS_1984"],AUTHORITY["EPSG",3857]]"#;
        let cases = [
            ("urn:ogc:def:crs:EPSG::28992", "EPSG:28992"),
            ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"),
            ("EPSG:4326", "EPSG:4326"),
            (mercator, "EPSG:3857"),
            (r#"PROJCS["RD_New",GEOGCS["GCS_Amersfoort"]]"#, "EPSG:28992"),
        ];
        for (name, code) in cases {
            assert_eq!(epsg(name).as_deref(), Some(code));
        }
        assert_eq!(epsg("LOCAL_CS[\"x\"]"), None);
    }

    #[test]
    fn a_shape_with_a_coordinate_that_is_no_number_is_none() {
        assert!(to_wkb(&geo::Point::new(1.0, 2.0).into()).is_some());
        assert!(to_wkb(&geo::Point::new(f64::NAN, 2.0).into()).is_none());
        assert!(to_wkb(&geo::MultiPolygon::<f64>(Vec::new()).into()).is_none());
    }

    #[test]
    fn a_geopackage_blob_gives_its_shape() {
        let wkb = to_wkb(&geo::Point::new(1.0, 2.0).into()).unwrap();
        let mut blob = b"GP\0\x01\0\0\0\0".to_vec();
        blob.extend(&wkb);
        assert_eq!(from_geopackage(&blob), Ok(Some(wkb)));
        assert_eq!(from_geopackage(b"GP\0\x11\0\0\0\0"), Ok(None));
        assert_eq!(from_geopackage(b"GP\0\x03\0\0\0\0tooshort"), Err(()));
        assert_eq!(from_geopackage(b"XX"), Err(()));
    }
}
