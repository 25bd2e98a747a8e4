//! A panel of counts with gaps: `area,period,count`, and a status where there is no count.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use csv::{Reader, StringRecord};
use kubus_model::{CellStatus, Finding, Period};
use kubus_signal::time::Reading;

use crate::command::Failure;
use crate::command::space::table::state;

/// Fewer periods than this tell nothing.
const FEWEST_PERIODS: usize = 8;
/// More periods than this are a mistake in a year.
const MOST_PERIODS: usize = 10_000;

/// A higher count is a mistake: no area has so many people.
const MOST_CASES: u32 = 10_000_000;

/// Counts by area, every area with the same periods.
pub(super) struct Panel {
    /// Sorted.
    pub(super) areas: Vec<String>,
    /// Per area, from the oldest period to the newest.
    pub(super) series: Vec<Vec<Reading>>,
    /// Periods in a year.
    pub(super) season: usize,
    /// The newest period, as it is written.
    pub(super) newest: String,
}

/// A period, or a week by its Monday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stamp {
    Period(Period),
    Week(NaiveDate),
}

impl Stamp {
    /// A period as others read it, or a week of ISO 8601: `2024-W05`, `2024W5`.
    fn parse(text: &str) -> Option<Self> {
        let Some((year, week)) = text.split_once(['W', 'w']) else { return text.parse().ok().map(Self::Period) };
        let (year, week) = (year.trim_end_matches('-').parse().ok()?, week.parse().ok()?);
        NaiveDate::from_isoywd_opt(year, week, Weekday::Mon).map(Self::Week)
    }

    fn next(self) -> Self {
        match self {
            Self::Period(period) => Self::Period(period.next()),
            Self::Week(monday) => Self::Week(monday.checked_add_days(Days::new(7)).unwrap_or(NaiveDate::MAX)),
        }
    }

    /// Periods of one length have the same number in a year.
    const fn season(self) -> usize {
        match self {
            Self::Week(_) => 52,
            Self::Period(Period::Month(..)) => 12,
            Self::Period(Period::Quarter(..)) => 4,
            Self::Period(Period::Year(_)) => 1,
        }
    }

    fn text(self) -> String {
        match self {
            Self::Period(period) => period.to_string(),
            Self::Week(monday) => format!("{}-W{:02}", monday.iso_week().year(), monday.iso_week().week()),
        }
    }
}

/// Reads the file. A period that an area lacks has the status "not available".
pub(super) fn read(path: &Path) -> Result<Panel, Failure> {
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let about = |code: &str| Finding::error(code).file(file.clone());
    let unreadable = |reason: csv::Error| Failure::user(vec![about("panel-unreadable").with("reason", reason)]);
    let mut reader = Reader::from_path(path).map_err(unreadable)?;
    let header = reader.headers().map_err(unreadable)?.clone();
    let find = |wanted: &str| header.iter().position(|name| name.trim().trim_start_matches('\u{feff}') == wanted);
    let place = |wanted: &str| {
        let missing = || about("panel-column-missing").with("name", wanted).with("columns", "area, period, count");
        find(wanted).ok_or_else(|| Failure::user(vec![missing()]))
    };
    let (area, period, count, status) = (place("area")?, place("period")?, place("count")?, find("status"));
    let mut cells: BTreeMap<String, BTreeMap<Stamp, Reading>> = BTreeMap::new();
    for (line, record) in (2..).zip(reader.records()) {
        let record = record.map_err(unreadable)?;
        let wrong = |code: &str, column: &str| Failure::user(vec![about(code).row(line).column(column)]);
        let stamp = Stamp::parse(field(&record, period)).ok_or_else(|| wrong("watch-period-wrong", "period"))?;
        let status = status.map_or("", |at| field(&record, at));
        let reading = reading(field(&record, count), status).ok_or_else(|| wrong("watch-count-wrong", "count"))?;
        let name = field(&record, area).to_owned();
        if cells.entry(name).or_default().insert(stamp, reading).is_some() {
            return Err(wrong("watch-twice", "period"));
        }
    }
    assemble(&cells).map_err(|finding| Failure::user(vec![finding.file(file.clone())]))
}

fn field(record: &StringRecord, at: usize) -> &str {
    record.get(at).unwrap_or_default().trim()
}

/// A count, or the status of a cell without one. A count that contradicts its status is neither.
fn reading(count: &str, status: &str) -> Option<Reading> {
    let known = CellStatus::ALL.into_iter().find(|known| state(Some(*known)) == status);
    let number = count.parse().ok().filter(|count| *count <= MOST_CASES);
    match (count, known) {
        ("", None) => status.is_empty().then_some(Err(CellStatus::NotAvailable)),
        ("", Some(CellStatus::Zero)) => Some(Ok(0)),
        ("", Some(CellStatus::Value)) => None,
        ("", Some(missing)) => Some(Err(missing)),
        (_, None) => number.filter(|_| status.is_empty()).map(Ok),
        (_, Some(known)) => number.filter(|_| known.is_published()).map(Ok),
    }
}

fn assemble(cells: &BTreeMap<String, BTreeMap<Stamp, Reading>>) -> Result<Panel, Box<Finding>> {
    let short = |periods: usize| {
        Box::new(Finding::error("panel-too-short").with("periods", periods).with("fewest", FEWEST_PERIODS))
    };
    let stamps = || cells.values().flat_map(BTreeMap::keys).copied();
    let (Some(first), Some(last)) = (stamps().min(), stamps().max()) else {
        return Err(short(0));
    };
    let season = first.season();
    if let Some(other) = stamps().find(|stamp| stamp.season() != season) {
        return Err(Box::new(Finding::error("panel-mixed").with("one", first.text()).with("other", other.text())));
    }
    let all: Vec<Stamp> = std::iter::successors(Some(first), |stamp| (*stamp < last).then(|| stamp.next()))
        .take(MOST_PERIODS + 1)
        .collect();
    if all.len() > MOST_PERIODS {
        return Err(Box::new(Finding::error("watch-too-long").with("first", first.text()).with("last", last.text())));
    }
    if all.len() < FEWEST_PERIODS {
        return Err(short(all.len()));
    }
    let series = |readings: &BTreeMap<Stamp, Reading>| {
        all.iter().map(|stamp| readings.get(stamp).copied().unwrap_or(Err(CellStatus::NotAvailable))).collect()
    };
    Ok(Panel {
        areas: cells.keys().cloned().collect(),
        series: cells.values().map(series).collect(),
        season,
        newest: last.text(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_run_on_over_the_end_of_a_year_with_53_of_them() {
        let stamp = Stamp::parse("2020-W53").unwrap();
        assert_eq!((stamp.next().text(), stamp.next().next().text()), ("2021-W01".to_owned(), "2021-W02".to_owned()));
        assert_eq!(Stamp::parse("2020W5").unwrap().text(), "2020-W05");
        assert_eq!((Stamp::parse("2021-W53"), Stamp::parse("W"), Stamp::parse("")), (None, None, None));
    }

    #[test]
    fn a_cell_without_a_count_keeps_its_status_and_a_contradiction_is_refused() {
        for status in CellStatus::ALL {
            let name = state(Some(status));
            let expected = match status {
                CellStatus::Value => None,
                CellStatus::Zero => Some(Ok(0)),
                missing => Some(Err(missing)),
            };
            assert_eq!(reading("", name), expected, "{name}");
            assert_eq!(reading("3", name).is_some(), status.is_published(), "{name}");
        }
        assert_eq!((reading("10000000", "").is_some(), reading("10000001", "")), (true, None));
        assert_eq!(reading("", ""), Some(Err(CellStatus::NotAvailable)));
        assert_eq!((reading("-1", ""), reading("1.5", ""), reading("", "weg")), (None, None, None));
    }
}
