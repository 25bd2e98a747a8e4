//! Boundaries as they leave: GeoJSON (RFC 7946) in WGS84, six decimals (about 0.1 m), outer rings
//! anticlockwise. Land has an integer id, the position in the list of areas; water has none and
//! says `"water":true`. No shape is simplified, so borders that fit keep fitting. Called by
//! [`super::load`].

use std::fmt::Write as _;

use geo::{BoundingRect, Coord, LineString, MapCoords, MultiPolygon};
use serde_json::json;

use super::areas::Areas;
use super::project::Projection;

/// What the list of areas and the map need of one level.
#[derive(Debug, Clone, Default)]
pub(crate) struct Drawn {
    /// The feature collection.
    pub(crate) geojson: Vec<u8>,
    /// For each area west, south, east, north in degrees; `None` without a shape.
    pub(crate) bounds: Vec<Option<[f64; 4]>>,
}

/// Draws a level; `parents` gives the code of the area that each lies in.
pub(crate) fn draw(areas: &Areas, parents: &[Option<String>]) -> Drawn {
    let projection = Projection::new();
    let degrees = |shape: &MultiPolygon| shape.map_coords(|c| rounded(projection.to_degrees(c)));
    let mut features = Vec::new();
    let mut bounds = Vec::new();
    for ((id, area), parent) in (0_u32..).zip(&areas.list).zip(parents) {
        let shape = degrees(&area.shape);
        bounds.push(shape.bounding_rect().map(|b| [b.min().x, b.min().y, b.max().x, b.max().y]));
        if !shape.0.is_empty() {
            let properties = json!({ "code": area.code, "name": area.name, "parent": parent });
            features.push(feature(Some(id), &properties, &shape));
        }
    }
    for water in areas.water.iter().filter(|w| !w.shape.0.is_empty()) {
        let properties = json!({ "code": water.code, "name": water.name, "parent": null, "water": true });
        features.push(feature(None, &properties, &degrees(&water.shape)));
    }
    let text = format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{}\n]}}\n", features.join(",\n"));
    Drawn { geojson: text.into_bytes(), bounds }
}

fn rounded(at: Coord) -> Coord {
    let round = |v: f64| (v * 1e6).round() / 1e6;
    Coord { x: round(at.x), y: round(at.y) }
}

fn feature(id: Option<u32>, properties: &serde_json::Value, shape: &MultiPolygon) -> String {
    let id = id.map_or_else(String::new, |id| format!("\"id\":{id},"));
    let geometry = format!("{{\"type\":\"MultiPolygon\",\"coordinates\":{}}}", coordinates(shape));
    format!("{{\"type\":\"Feature\",{id}\"properties\":{properties},\"geometry\":{geometry}}}")
}

fn coordinates(shape: &MultiPolygon) -> String {
    let polygon = |p: &geo::Polygon| {
        let rings: Vec<String> = std::iter::once(p.exterior()).chain(p.interiors()).map(ring).collect();
        format!("[{}]", rings.join(","))
    };
    let polygons: Vec<String> = shape.iter().map(polygon).collect();
    format!("[{}]", polygons.join(","))
}

fn ring(ring: &LineString) -> String {
    let mut text = String::from("[");
    for (at, c) in ring.coords().enumerate() {
        let comma = if at == 0 { "" } else { "," };
        // Writing to a String gives no error.
        let _ = write!(text, "{comma}[{},{}]", c.x, c.y);
    }
    text.push(']');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::area::areas::{Area, Water};
    use crate::area::grid;
    use kubus_model::AreaCode;

    #[test]
    fn land_has_an_id_and_water_has_none() {
        let code = AreaCode::new("E1385N4850");
        let shape = grid::square(&code, 100).unwrap();
        let water = Water { code: AreaCode::new("W"), name: "Meer \"x\"".into(), shape: shape.clone() };
        let areas = Areas {
            list: vec![Area::bare(AreaCode::new("A")), Area { code, name: "Vierkant".into(), shape }],
            water: vec![water],
        };
        let drawn = draw(&areas, &[None, Some("GM".to_owned())]);
        let read: serde_json::Value = serde_json::from_slice(&drawn.geojson).unwrap();
        let features = read["features"].as_array().unwrap();
        assert_eq!(features.len(), 2);
        assert_eq!((&features[0]["id"], &features[0]["properties"]["parent"]), (&json!(1), &json!("GM")));
        assert_eq!((features[1].get("id"), &features[1]["properties"]["water"]), (None, &json!(true)));
        assert_eq!(drawn.bounds[0], None);
        let [west, south, east, north] = drawn.bounds[1].unwrap();
        assert!(5.0 < west && west < east && east < 5.3 && 52.3 < south && south < north && north < 52.4);
    }
}
