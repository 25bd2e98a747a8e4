//! Between RD New (EPSG:28992, metres) and WGS84 (EPSG:4326, degrees).
//!
//! Everything in [`crate::area`] is computed in metres; only what leaves is in degrees. The
//! parameters are those of the Kadaster's seven-parameter approximation of RDNAPTRANS, good to
//! about 0.25 m. Called by [`super::boundary`] and [`super::drawing`].

use std::f64::consts::PI;

use geo::{Coord, MapCoords, MultiPolygon};
use proj4rs::Proj;
use proj4rs::transform::transform;

const RD_NEW: &str = "+proj=sterea +lat_0=52.1561605555556 +lon_0=5.38763888888889 +k=0.9999079 +x_0=155000 \
     +y_0=463000 +ellps=bessel +units=m +no_defs \
     +towgs84=565.4171,50.3319,465.5524,-0.398957,0.343988,-1.877402,4.0725";
const WGS84: &str = "+proj=longlat +datum=WGS84 +no_defs";

/// A coordinate system that a file may be in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Crs {
    /// RD New, EPSG:28992.
    Metres,
    /// WGS84, EPSG:4326 (and CRS84, and ETRS89: less than a metre away).
    Degrees,
    /// Web Mercator, EPSG:3857, as some exports for web maps have it.
    Mercator,
}

impl Crs {
    /// The coordinate system by its name in a file or declaration; `None` when we do not know it.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name.rsplit(':').next()?.trim() {
            "28992" => Some(Self::Metres),
            "4326" | "4258" | "CRS84" => Some(Self::Degrees),
            "3857" | "900913" => Some(Self::Mercator),
            _ => None,
        }
    }
}

/// The two systems, ready for use.
pub(crate) struct Projection {
    metres: Proj,
    degrees: Proj,
}

impl Projection {
    /// Prepares both systems.
    #[expect(clippy::expect_used, reason = "cannot fail because the two definitions are constants")]
    pub(crate) fn new() -> Self {
        let metres = Proj::from_proj_string(RD_NEW).expect("RD New");
        let degrees = Proj::from_proj_string(WGS84).expect("WGS84");
        Self { metres, degrees }
    }

    /// RD metres to degrees: x is the longitude. A point that cannot be converted becomes NaN.
    pub(crate) fn to_degrees(&self, at: Coord) -> Coord {
        let mut point = (at.x, at.y, 0.0);
        match transform(&self.metres, &self.degrees, &mut point) {
            Ok(()) => Coord { x: point.0 * 180.0 / PI, y: point.1 * 180.0 / PI },
            Err(_) => NOWHERE,
        }
    }

    /// Degrees (x is the longitude) to RD metres. A point that cannot be converted becomes NaN.
    pub(crate) fn to_metres(&self, at: Coord) -> Coord {
        let mut point = (at.x * PI / 180.0, at.y * PI / 180.0, 0.0);
        match transform(&self.degrees, &self.metres, &mut point) {
            Ok(()) => Coord { x: point.0, y: point.1 },
            Err(_) => NOWHERE,
        }
    }

    /// A shape in metres, whatever it came in; `None` when a point has no place in RD.
    pub(crate) fn shape_to_metres(&self, shape: MultiPolygon, crs: Crs) -> Option<MultiPolygon> {
        let shape = match crs {
            Crs::Metres => shape,
            Crs::Degrees => shape.map_coords(|c| self.to_metres(c)),
            Crs::Mercator => shape.map_coords(|c| self.to_metres(from_mercator(c))),
        };
        let finite = |c: &Coord| c.x.is_finite() && c.y.is_finite();
        let all_finite = shape.iter().flat_map(|p| p.exterior().coords()).all(finite);
        all_finite.then_some(shape)
    }
}

/// Radius of the sphere of Web Mercator, in metres.
const RADIUS: f64 = 6_378_137.0;

/// Web Mercator to degrees (EPSG guidance note 7-2, method 1024).
fn from_mercator(at: Coord) -> Coord {
    let latitude = PI / 2.0 - 2.0 * (-at.y / RADIUS).exp().atan();
    Coord { x: (at.x / RADIUS).to_degrees(), y: latitude.to_degrees() }
}

const NOWHERE: Coord = Coord { x: f64::NAN, y: f64::NAN };

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_tower_in_amersfoort_is_the_origin_of_rd() {
        let at = Projection::new().to_degrees(Coord { x: 155_000.0, y: 463_000.0 });
        assert!((at.x - 5.387_206).abs() < 4e-6, "{at:?}");
        assert!((at.y - 52.155_174).abs() < 4e-6, "{at:?}");
    }

    #[test]
    fn names_of_coordinate_systems_are_known_in_their_usual_forms() {
        assert_eq!(Crs::from_name("EPSG:28992"), Some(Crs::Metres));
        assert_eq!(Crs::from_name("urn:ogc:def:crs:EPSG::28992"), Some(Crs::Metres));
        assert_eq!(Crs::from_name("urn:ogc:def:crs:OGC:1.3:CRS84"), Some(Crs::Degrees));
        assert_eq!(Crs::from_name("EPSG:3857"), Some(Crs::Mercator));
        assert_eq!(Crs::from_name("EPSG:31370"), None);
    }

    #[test]
    fn web_mercator_is_turned_back_into_degrees() {
        let at = from_mercator(Coord { x: 599_700.360_8, y: 6_828_236.398_4 });
        assert!((at.x - 5.387_2).abs() < 1e-8 && (at.y - 52.155_2).abs() < 1e-8, "{at:?}");
    }

    proptest! {
        #[test]
        fn there_and_back_is_within_a_millimetre(x in 10_000.0f64..280_000.0, y in 310_000.0f64..620_000.0) {
            let projection = Projection::new();
            let back = projection.to_metres(projection.to_degrees(Coord { x, y }));
            prop_assert!((back.x - x).abs() < 1e-3 && (back.y - y).abs() < 1e-3);
        }
    }
}
