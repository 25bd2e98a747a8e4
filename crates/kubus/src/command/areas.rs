//! Areas with figures for the commands about space: from two CSV files (`areas.csv` with `id` and
//! any of `x,y,pop,cases,value`; `edges.csv` with `i,j`), or from a sealed release.

use std::collections::HashMap;
use std::fs::File;
use std::path::Path;

use csv::{ByteRecord, Reader};
use kubus_model::{AreaLevel, CellStatus, Finding, Indicator, Member, Period, Release, Table};
use kubus_signal::space::{Graph, SpaceError};

use super::Failure;

/// Areas with what is known of each. A figure that is not there is not a number.
pub(super) struct Areas {
    /// Codes, in the order of the file or the release.
    pub(super) ids: Vec<String>,
    /// What the figure is, or why there is none.
    pub(super) status: Vec<CellStatus>,
    /// Cases and population.
    pub(super) counts: Option<[Vec<f64>; 2]>,
    /// The figure itself.
    pub(super) value: Option<Vec<f64>>,
    /// Where the area lies, in metres or in degrees made square.
    pub(super) place: Option<[Vec<f64>; 2]>,
    /// Which areas touch.
    pub(super) graph: Graph,
    /// The period of a release.
    pub(super) period: Option<Period>,
}

/// Where areas are read from.
pub(super) struct Files<'a> {
    pub(super) areas: &'a Path,
    pub(super) edges: Option<&'a Path>,
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// A CSV file with its name in messages.
struct Sheet {
    name: String,
    reader: Reader<File>,
    header: csv::StringRecord,
}

impl Sheet {
    fn open(path: &Path) -> Result<Self, Failure> {
        let name = name_of(path);
        let unreadable = |reason: csv::Error| unreadable(&name, &reason);
        let mut builder = csv::ReaderBuilder::new();
        let mut reader = builder.buffer_capacity(1 << 18).from_path(path).map_err(unreadable)?;
        let header = reader.headers().map_err(unreadable)?.clone();
        Ok(Self { name, reader, header })
    }

    fn find(&self, column: &str) -> Option<usize> {
        self.header.iter().position(|name| name.trim().trim_start_matches('\u{feff}') == column)
    }

    fn column(&self, column: &str) -> Result<usize, Failure> {
        let missing = || {
            let finding = Finding::error("space-column-missing").file(self.name.clone());
            Failure::user(vec![finding.with("name", column)])
        };
        self.find(column).ok_or_else(missing)
    }

    /// Gives every row to `take` with its number, the head counted.
    fn rows(mut self, mut take: impl FnMut(u64, &ByteRecord) -> Result<(), Box<Finding>>) -> Result<(), Failure> {
        let (mut record, mut row) = (ByteRecord::new(), 1);
        while self.reader.read_byte_record(&mut record).map_err(|reason| unreadable(&self.name, &reason))? {
            row += 1;
            take(row, &record).map_err(|finding| Failure::user(vec![(*finding).file(self.name.clone()).row(row)]))?;
        }
        Ok(())
    }
}

fn unreadable(file: &str, reason: &csv::Error) -> Failure {
    let row = reason.position().map(csv::Position::line);
    let finding = Finding::error("space-file-unreadable").file(file).with("reason", reason);
    Failure::user(vec![match row {
        Some(row) => finding.row(row),
        None => finding,
    }])
}

/// Reads the areas, and of their columns those that are asked for: cases with population, value,
/// place.
pub(super) fn read(files: &Files<'_>, wanted: &[&'static str]) -> Result<Areas, Failure> {
    let sheet = Sheet::open(files.areas)?;
    let id = sheet.column("id")?;
    let at = wanted.iter().map(|name| sheet.column(name)).collect::<Result<Vec<usize>, Failure>>()?;
    let mut ids: Vec<String> = Vec::new();
    let mut columns: Vec<Vec<f64>> = vec![Vec::new(); wanted.len()];
    let mut known: HashMap<Vec<u8>, u32> = HashMap::new();
    sheet.rows(|_, record| {
        let code = record.get(id).unwrap_or_default().trim_ascii();
        let number = u32::try_from(ids.len()).unwrap_or(u32::MAX);
        if code.is_empty() {
            return Err(Box::new(Finding::error("space-id-missing").column("id")));
        }
        ids.push(String::from_utf8_lossy(code).into_owned());
        if known.insert(code.to_vec(), number).is_some() {
            return Err(Box::new(Finding::error("space-id-twice").column("id")));
        }
        for ((column, at), name) in columns.iter_mut().zip(&at).zip(wanted) {
            let cell = record.get(*at).unwrap_or_default().trim_ascii();
            column.push(number_of(cell).ok_or_else(|| Box::new(Finding::error("space-number-wrong").column(*name)))?);
        }
        Ok(())
    })?;
    let edges = files.edges.map_or_else(|| Ok(Vec::new()), |path| edges(path, &known))?;
    let graph = Graph::new(ids.len(), &edges).map_err(|error| explain(&error, &ids))?;
    let mut column = |name: &str| wanted.iter().position(|w| *w == name).map(|at| std::mem::take(&mut columns[at]));
    let counts = column("cases").zip(column("pop")).map(<[_; 2]>::from);
    let place = column("x").zip(column("y")).map(<[_; 2]>::from);
    let value = column("value");
    let mut areas = Areas { status: Vec::new(), ids, counts, value, place, graph, period: None };
    areas.status = (0..areas.ids.len()).map(|at| areas.state(at)).collect();
    Ok(areas)
}

/// A number, or not a number for an empty cell; `None` for anything else.
fn number_of(cell: &[u8]) -> Option<f64> {
    if cell.is_empty() {
        return Some(f64::NAN);
    }
    let number: f64 = std::str::from_utf8(cell).ok()?.parse().ok()?;
    number.is_finite().then_some(number)
}

fn edges(path: &Path, known: &HashMap<Vec<u8>, u32>) -> Result<Vec<(u32, u32)>, Failure> {
    let sheet = Sheet::open(path)?;
    let (from, to) = (sheet.column("i")?, sheet.column("j")?);
    let mut edges = Vec::new();
    let (mut last, mut last_number) = (Vec::new(), 0);
    sheet.rows(|_, record| {
        let find = |at: usize, column: &str| {
            let code = record.get(at).unwrap_or_default().trim_ascii();
            let unknown = || Box::new(Finding::error("space-edge-unknown").column(column).with("name", lossy(code)));
            known.get(code).copied().ok_or_else(unknown).map(|number| (code, number))
        };
        // Files are mostly in order of their first column.
        if edges.is_empty() || record.get(from).unwrap_or_default() != last.as_slice() {
            let (_, number) = find(from, "i")?;
            last_number = number;
            last.clear();
            last.extend_from_slice(record.get(from).unwrap_or_default());
        }
        let (code, number) = find(to, "j")?;
        if number == last_number {
            return Err(Box::new(Finding::error("space-edge-own").column("j").with("name", lossy(code))));
        }
        edges.push((last_number, number));
        Ok(())
    })?;
    Ok(edges)
}

fn lossy(code: &[u8]) -> String {
    String::from_utf8_lossy(code).into_owned()
}

impl Areas {
    /// The state of an area by what was read of it.
    fn state(&self, at: usize) -> CellStatus {
        let all = self.counts.iter().flatten().chain(&self.value).chain(self.place.iter().flatten());
        let missing = all.into_iter().any(|column| column[at].is_nan());
        if missing { CellStatus::NotAvailable } else { CellStatus::Value }
    }

    /// Whether an area has what is needed.
    pub(super) fn present(&self) -> Vec<bool> {
        self.status.iter().map(|status| status.is_published()).collect()
    }
}

/// The figures of one indicator at one level in the newest period that has any.
pub(super) fn of_release(release: &Release, indicator: &Indicator, table: &Table) -> Areas {
    let total = table.member_position(&Member::total()).unwrap_or(0);
    let shown =
        |period: &usize| (0..table.areas().len()).any(|area| table.cell(area, *period, total).status.is_published());
    let period = (0..table.periods().len()).rev().find(shown).unwrap_or(0);
    let cells: Vec<_> = (0..table.areas().len()).map(|area| table.cell(area, period, total)).collect();
    let real = |count: Option<i64>| count.map_or(f64::NAN, |count| count as f64);
    let counts = [
        cells.iter().map(|cell| real(cell.numerator)).collect::<Vec<f64>>(),
        cells.iter().map(|cell| real(cell.denominator)).collect(),
    ];
    let counted = cells.iter().any(|cell| cell.status.is_published() && cell.denominator.is_some());
    let value: Vec<f64> = cells.iter().map(|cell| cell.figure(indicator.per).unwrap_or(f64::NAN)).collect();
    let usable = |(cell, value): (&&kubus_model::Cell, &f64)| {
        let lost = value.is_nan() || (counted && cell.denominator.is_none_or(|whole| whole <= 0));
        if cell.status.is_published() && lost { CellStatus::NotApplicable } else { cell.status }
    };
    let status = cells.iter().zip(&value).map(usable).collect();
    Areas {
        ids: table.areas().iter().map(ToString::to_string).collect(),
        status,
        counts: counted.then_some(counts),
        value: Some(value),
        place: place(release, table),
        graph: touching(release, table),
        period: table.periods().get(period).copied(),
    }
}

/// Which areas of a table touch, by the release.
fn touching(release: &Release, table: &Table) -> Graph {
    let areas = release.areas(table.level());
    let position = |at: u32| table.area_position(&areas.get(at as usize)?.code).and_then(|at| u32::try_from(at).ok());
    let mut edges = Vec::new();
    for (at, code) in (0u32..).zip(table.areas()) {
        let adjacent = release.area(table.level(), code).map(|entry| entry.adjacent.as_slice()).unwrap_or_default();
        edges.extend(adjacent.iter().filter_map(|other| position(*other)).filter(|o| *o != at).map(|o| (at, o)));
    }
    Graph::new(table.areas().len(), &edges).unwrap_or_else(|_| Graph::alone(table.areas().len()))
}

/// Centres of the areas' bounding boxes, in degrees of latitude.
fn place(release: &Release, table: &Table) -> Option<[Vec<f64>; 2]> {
    let bounds = |code| release.area(table.level(), code)?.bounds;
    let bounds: Vec<[f64; 4]> = table.areas().iter().map(bounds).collect::<Option<_>>()?;
    let middle = bounds.iter().map(|b| f64::midpoint(b[1], b[3])).sum::<f64>() / bounds.len() as f64;
    let narrow = middle.to_radians().cos();
    let x = bounds.iter().map(|b| f64::midpoint(b[0], b[2]) * narrow).collect();
    Some([x, bounds.iter().map(|b| f64::midpoint(b[1], b[3])).collect()])
}

/// The indicator and the table of a release that are asked for.
pub(super) fn table_of<'a>(
    release: &'a Release,
    indicator: &str,
    level: &str,
) -> Result<(&'a Indicator, &'a Table), Failure> {
    let level = AreaLevel::new(level);
    let found = release.indicator(indicator).zip(release.table(indicator, &level));
    let none = Finding::error("space-no-table").with("indicator", indicator).with("level", &level);
    found.ok_or_else(|| Failure::user(vec![none]))
}

/// What is wrong, with the code of the area.
pub(super) fn explain(error: &SpaceError, ids: &[String]) -> Failure {
    let about = |code: &str, at: usize| Finding::error(code).with("name", ids.get(at).map_or("", String::as_str));
    Failure::user(vec![match error {
        SpaceError::Own(at) => about("space-edge-own", *at),
        SpaceError::Population(at) => about("space-population", *at),
        SpaceError::NotFinite(at) => about("space-value-missing", *at),
        SpaceError::Outside(..) | SpaceError::NoEdges => Finding::error("space-no-edges"),
        SpaceError::TooFew(areas) | SpaceError::TooMany(areas) => Finding::error("space-too-few").with("areas", areas),
        SpaceError::Lengths { figures, .. } => Finding::error("space-too-few").with("areas", figures),
        SpaceError::Constant => Finding::error("space-constant"),
    }])
}
