//! The files about a panel: counts by area and period, marks, types, population and neighbours.

use std::path::Path;

use kubus_model::{Finding, Period};
use kubus_signal::forecast::marks::{Mark, Why};
use kubus_signal::forecast::{Panel, Seen, Surroundings};

use super::Failure;
use crate::arguments::PanelArguments;

/// The panel that was asked for, with its marks, and what is known of its areas.
pub(super) fn all(asked: &PanelArguments) -> Result<(Panel, Surroundings), Failure> {
    let mut panel = read(&asked.input, asked.withheld_below)?;
    if let Some(path) = &asked.marks {
        panel = panel.with_marks(&marks(path)?)?;
    }
    let mut around = Surroundings::unknown(&panel);
    if let Some(path) = &asked.population {
        let known = rows(path, ["area", "population"], |[area, number]| Some((area.to_owned(), number.parse().ok()?)))?;
        around = around.with_population(&panel, &known)?;
    }
    if let Some(path) = &asked.neighbours {
        let pairs = rows(path, ["area", "neighbour"], |[one, other]| Some((one.to_owned(), other.to_owned())))?;
        around = around.with_neighbours(&panel, &pairs)?;
    }
    Ok((panel, around))
}

/// Reads `area,period,count`, and `status` when it is there: a count is a number, a class, or empty
/// with a status.
pub(super) fn read(path: &Path, withheld_below: Option<u32>) -> Result<Panel, Failure> {
    let empty = withheld_below.map_or(Seen::Nothing, |below| {
        if below == 1 { Seen::Exactly(0) } else { Seen::Within { low: 0, high: below - 1 } }
    });
    let rows = rows_with(path, ["area", "period", "count"], Some("status"), |[area, period, count], status| {
        let withheld = count.is_empty() && !status.is_empty();
        let seen = if withheld { empty } else { count.parse().ok()? };
        Some((area.to_owned(), period.parse::<Period>().ok()?, seen))
    })?;
    Ok(Panel::of(rows)?)
}

fn marks(path: &Path) -> Result<Vec<Mark>, Failure> {
    rows(path, ["area", "from", "to", "kind"], |[area, from, to, kind]| {
        let to = if to.is_empty() { None } else { Some(to.parse().ok()?) };
        Some(Mark { area: area.to_owned(), from: from.parse().ok()?, to, why: Why::named(kind)? })
    })
}

/// Reads `area,type`.
pub(super) fn types(path: &Path) -> Result<Vec<(String, String)>, Failure> {
    rows(path, ["area", "type"], |[area, kind]| (!kind.is_empty()).then(|| (area.to_owned(), kind.to_owned())))
}

/// The rows of a CSV with the named columns; a wrong row is named.
fn rows<T, const N: usize>(
    path: &Path,
    columns: [&str; N],
    row: impl Fn([&str; N]) -> Option<T>,
) -> Result<Vec<T>, Failure> {
    rows_with(path, columns, None, |fields, _| row(fields))
}

/// As [`rows`], with a column that may be absent.
fn rows_with<T, const N: usize>(
    path: &Path,
    columns: [&str; N],
    optional: Option<&str>,
    row: impl Fn([&str; N], &str) -> Option<T>,
) -> Result<Vec<T>, Failure> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let about = |code: &str| Finding::error(code).file(name.clone());
    let unreadable = |e: csv::Error| Failure::user(vec![about("panel-unreadable").with("reason", e)]);
    let mut reader = csv::Reader::from_path(path).map_err(unreadable)?;
    let header = reader.headers().map_err(unreadable)?.clone();
    let place_of = |wanted: &str| header.iter().position(|name| name.trim().trim_start_matches('\u{feff}') == wanted);
    let extra = optional.and_then(place_of);
    let mut places = [0; N];
    for (place, wanted) in places.iter_mut().zip(columns) {
        let missing = || about("panel-column-missing").with("name", wanted).with("columns", columns.join(", "));
        *place = place_of(wanted).ok_or_else(|| Failure::user(vec![missing()]))?;
    }
    let mut rows = Vec::new();
    for (line, record) in (2u64..).zip(reader.records()) {
        let record = record.map_err(unreadable)?;
        let fields = places.map(|at| record.get(at).unwrap_or_default().trim());
        let wrong = || about("panel-row-wrong").row(line).with("columns", columns.join(", "));
        let more = extra.and_then(|at| record.get(at)).unwrap_or_default().trim();
        rows.push(row(fields, more).ok_or_else(|| Failure::user(vec![wrong()]))?);
    }
    Ok(rows)
}
