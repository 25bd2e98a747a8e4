//! GeoJSON (RFC 7946), with the `crs` member of its predecessor honoured. Without one the
//! coordinates are WGS 84, unless they cannot be.

use std::collections::BTreeMap;

use geo::{Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};
use kubus_model::Finding;
use serde::Deserialize;
use serde_json::Value as Json;

use super::cell::Cell;
use super::geometry::{epsg, to_wkb};
use super::number::Sign;
use super::open::Opened;
use super::plan::Plan;
use super::sink::{Rows, Sink};
use super::{Refusal, refusal};

type Position = Vec<f64>;

#[derive(Deserialize)]
struct Collection {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    crs: Option<Json>,
    #[serde(default)]
    features: Option<Vec<Feature>>,
}

#[derive(Deserialize)]
struct Feature {
    #[serde(default)]
    properties: Option<BTreeMap<String, Json>>,
    #[serde(default)]
    geometry: Option<Shape>,
}

#[derive(Deserialize)]
#[serde(tag = "type", content = "coordinates")]
enum Shape {
    Point(Position),
    MultiPoint(Vec<Position>),
    LineString(Vec<Position>),
    MultiLineString(Vec<Vec<Position>>),
    Polygon(Vec<Vec<Position>>),
    MultiPolygon(Vec<Vec<Vec<Position>>>),
}

/// Reads the features of a collection into the sink.
pub(super) fn read(sink: &mut Sink<'_>, opened: Opened) -> Result<(), Refusal> {
    let bytes = opened.into_bytes()?;
    let collection: Collection = from_json(&bytes)?;
    drop(bytes);
    let Some(features) = collection.features.filter(|_| collection.kind == "FeatureCollection") else {
        return Err(Box::new(Finding::error("geojson-no-features").with("found", collection.kind)));
    };
    if features.is_empty() {
        return Err(refusal("geojson-no-features"));
    }
    let crs = coordinate_system(sink, collection.crs.as_ref(), &features);
    sink.set_crs(crs);
    let header = header(&features);
    let mut plan = sink.plan(&header, true)?;
    plan.columns.iter_mut().for_each(|planned| planned.sign = Some(Sign::Point));
    sink.set_plan(&plan);
    take_features(sink, &plan, &header, &features)
}

/// Parses JSON; a file that stops halfway is named as such.
pub(super) fn from_json<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    serde_json::from_slice(bytes).map_err(|error| {
        let code = match error.classify() {
            serde_json::error::Category::Eof => "json-truncated",
            serde_json::error::Category::Data => "json-unexpected",
            _ if error.to_string().contains("recursion limit") => "json-too-deep",
            _ => "json-invalid",
        };
        Box::new(Finding::error(code).with("line", error.line()))
    })
}

/// The names of all properties: in the order of the alphabet, as JSON objects have no order.
fn header(features: &[Feature]) -> Vec<String> {
    let names: std::collections::BTreeSet<&String> =
        features.iter().filter_map(|feature| feature.properties.as_ref()).flat_map(BTreeMap::keys).collect();
    names.into_iter().cloned().collect()
}

fn take_features(sink: &mut Sink<'_>, plan: &Plan, header: &[String], features: &[Feature]) -> Result<(), Refusal> {
    let mut broken = 0u64;
    let mut rows = Rows::new(sink, plan);
    for (feature, number) in features.iter().zip(1..) {
        let shape = feature.geometry.as_ref().map(|shape| shape.to_geometry().as_ref().and_then(to_wkb));
        broken += u64::from(shape == Some(None));
        let properties = feature.properties.as_ref();
        let cell = |index: usize| properties.and_then(|map| map.get(&header[index])).map_or(Cell::Empty, json_cell);
        rows.push(number, cell, shape.flatten().as_deref())?;
    }
    rows.finish()?;
    if broken > 0 {
        sink.note(Finding::warning("geometry-invalid").with("count", broken));
    }
    Ok(())
}

/// A JSON value as a cell; lists and objects are none.
pub(super) fn json_cell(value: &Json) -> Cell<'_> {
    match value {
        Json::Bool(value) => Cell::Boolean(*value),
        Json::String(text) => Cell::Text(text),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(value), _) => Cell::Integer(value),
            (None, Some(value)) => Cell::Decimal(value),
            (None, None) => Cell::Empty,
        },
        Json::Null | Json::Array(_) | Json::Object(_) => Cell::Empty,
    }
}

fn coordinate_system(sink: &mut Sink<'_>, member: Option<&Json>, features: &[Feature]) -> Option<String> {
    let named = member.and_then(|crs| crs.pointer("/properties/name")).and_then(Json::as_str);
    if let Some(name) = named {
        let crs = epsg(name);
        if crs.is_none() {
            sink.note(Finding::warning("crs-unknown").with("crs", name));
        }
        return crs;
    }
    let far = |shape: &Shape| shape.first().is_some_and(|position| position.iter().take(2).any(|c| c.abs() > 180.0));
    if features.iter().filter_map(|feature| feature.geometry.as_ref()).any(far) {
        sink.note(Finding::warning("crs-not-degrees"));
        return None;
    }
    Some("EPSG:4326".to_owned())
}

fn coord(position: &Position) -> Option<Coord<f64>> {
    match position.as_slice() {
        [x, y, ..] => Some(Coord { x: *x, y: *y }),
        _ => None,
    }
}

fn line(positions: &[Position]) -> Option<LineString<f64>> {
    positions.iter().map(coord).collect::<Option<Vec<_>>>().map(LineString)
}

/// A polygon of rings that each have at least four positions.
fn polygon(rings: &[Vec<Position>]) -> Option<Polygon<f64>> {
    let mut rings = rings.iter().map(|ring| if ring.len() >= 4 { line(ring) } else { None });
    let outer = rings.next()??;
    rings.collect::<Option<Vec<_>>>().map(|inner| Polygon::new(outer, inner))
}

impl Shape {
    fn to_geometry(&self) -> Option<Geometry<f64>> {
        match self {
            Self::Point(position) => coord(position).map(|c| Point(c).into()),
            Self::MultiPoint(positions) => {
                let points: Option<Vec<Point<f64>>> = positions.iter().map(|p| coord(p).map(Point)).collect();
                points.map(|points| MultiPoint(points).into())
            }
            Self::LineString(positions) => line(positions).map(Into::into),
            Self::MultiLineString(lines) => {
                let lines: Option<Vec<_>> = lines.iter().map(|positions| line(positions)).collect();
                lines.map(|lines| MultiLineString(lines).into())
            }
            Self::Polygon(rings) => polygon(rings).map(Into::into),
            Self::MultiPolygon(polygons) => {
                let polygons: Option<Vec<_>> = polygons.iter().map(|rings| polygon(rings)).collect();
                polygons.map(|polygons| MultiPolygon(polygons).into())
            }
        }
    }

    fn first(&self) -> Option<&Position> {
        match self {
            Self::Point(position) => Some(position),
            Self::MultiPoint(positions) | Self::LineString(positions) => positions.first(),
            Self::MultiLineString(rings) | Self::Polygon(rings) => rings.first()?.first(),
            Self::MultiPolygon(polygons) => polygons.first()?.first()?.first(),
        }
    }
}
