//! The profile of one area: its figures against what is expected there, who lives there, what
//! deviates; and one indicator there through time.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use kubus_model::release::AreaEntry;
use kubus_model::{AreaCode, AreaLevel, Cell, CellStatus, Indicator, Member, Table};
use kubus_signal::{Estimate, area_series, area_signals};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::failure::{Always, BadPlace, BadQuery, Hidden, NoRelease, SignedOut, Unchanged, Unknown};
use super::query::{Asked, Named, indicator};
use super::signals::NamedSignal;
use super::{Looked, record, reply};
use crate::App;
use crate::access::{Audience, Viewer};
use crate::problem::Problem;
use crate::published::Shown;

/// An area, as an address names it.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct Place {
    /// Level of the area.
    level: AreaLevel,
    /// Code of the area.
    code: AreaCode,
}

/// An area around this one.
#[derive(Serialize, ToSchema)]
struct Enclosing {
    level: AreaLevel,
    code: AreaCode,
    name: String,
}

#[derive(Serialize, ToSchema)]
struct ProfileFigure {
    indicator: String,
    theme: String,
    period: String,
    status: CellStatus,
    figure: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    reference: Option<f64>,
    municipality_figure: Option<f64>,
    certainty: Option<f64>,
    too_uncertain: bool,
    estimated_share: f32,
    provisional: bool,
}

/// Part of the people or households here that has a value, beside the whole municipality.
#[derive(Serialize, ToSchema)]
struct CompositionEntry {
    attribute: String,
    value: String,
    share_here: Option<f64>,
    share_municipality: Option<f64>,
    status: CellStatus,
}

#[derive(Serialize, ToSchema)]
struct AreaProfile {
    level: AreaLevel,
    code: AreaCode,
    name: String,
    within: Vec<Enclosing>,
    bounds: Option<[f64; 4]>,
    figures: Vec<ProfileFigure>,
    composition: Vec<CompositionEntry>,
    signals: Vec<NamedSignal>,
    series_available: Vec<String>,
}

/// The profile of an area.
#[utoipa::path(
    get, path = "/area/{level}/{code}", operation_id = "getArea", params(Place),
    responses((status = 200, description = "The answer.", body = AreaProfile), Unchanged, BadPlace, SignedOut, Unknown, NoRelease, Always)
)]
pub(super) async fn profile(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Named(Place { level, code }): Named<Place>,
) -> Result<Response, Problem> {
    let shown = app.shown()?;
    shown.release.area(&level, &code).ok_or(Problem::NotFound("area"))?;
    let looked =
        Looked { action: "area", level: Some(level.to_string()), area: Some(code.to_string()), ..Looked::default() };
    record(&app, &viewer, &shown, looked).await?;
    let question = format!("area {level} {code}");
    let audience = viewer.audience();
    let make = move |shown: &Shown| Profile { shown, audience, level: &level, code: &code }.make();
    reply::json(&shown, &viewer, &headers, question, make).await
}

struct Profile<'a> {
    shown: &'a Shown,
    audience: Audience,
    level: &'a AreaLevel,
    code: &'a AreaCode,
}

impl Profile<'_> {
    fn make(&self) -> Result<AreaProfile, Problem> {
        let release = &self.shown.release;
        let entry = release.area(self.level, self.code).ok_or(Problem::NotFound("area"))?;
        let seen = self.audience.signals(release, self.shown.signals());
        let own = area_signals(&seen, self.level, self.code);
        Ok(AreaProfile {
            level: self.level.clone(),
            code: self.code.clone(),
            name: entry.name.clone(),
            within: self.within(entry),
            bounds: entry.bounds,
            figures: release.manifest().indicators.iter().filter_map(|i| self.figure(i)).collect(),
            composition: self.composition(),
            signals: own.into_iter().map(|signal| NamedSignal::new(self.shown, signal.clone())).collect(),
            series_available: self.visible().map(|(indicator, _)| indicator.id.clone()).collect(),
        })
    }

    /// The indicators that have a table here which this audience may see.
    fn visible(&self) -> impl Iterator<Item = (&Indicator, &Table)> {
        let release = &self.shown.release;
        let indicators = release.manifest().indicators.iter();
        let with_table = indicators.filter_map(|i| Some((i, release.table(&i.id, self.level)?)));
        with_table.filter(|(indicator, _)| self.audience.may_see(release, indicator, self.level))
    }

    /// The areas around this one, fine to coarse.
    fn within(&self, entry: &AreaEntry) -> Vec<Enclosing> {
        let release = &self.shown.release;
        let levels = release.manifest().levels.iter().rev();
        let around = levels.filter_map(|level| {
            let code = entry.within.get(&level.level).filter(|_| level.level != *self.level)?;
            let name = release.area(&level.level, code).map_or_else(|| code.to_string(), |area| area.name.clone());
            Some(Enclosing { level: level.level.clone(), code: code.clone(), name })
        });
        around.collect()
    }

    /// The newest figure of an indicator; one that this audience may not see says so.
    fn figure(&self, indicator: &Indicator) -> Option<ProfileFigure> {
        let release = &self.shown.release;
        let table = release.table(&indicator.id, self.level)?;
        let area = table.area_position(self.code)?;
        let newest = table.periods().len().checked_sub(1)?;
        let hidden = Cell::missing(CellStatus::NotAuthorised);
        let seen = self.audience.may_see(release, indicator, self.level);
        let cell = if seen { table.cell(area, newest, 0) } else { &hidden };
        let series = if seen {
            area_series(release, &indicator.id, self.level, self.code, &Member::total())
        } else {
            Vec::new()
        };
        let estimate = series.last();
        let of = |part: fn(&Estimate) -> Option<f64>| estimate.and_then(part);
        Some(ProfileFigure {
            indicator: indicator.id.clone(),
            theme: indicator.theme.clone(),
            period: table.periods()[newest].to_string(),
            status: cell.status,
            figure: cell.figure(indicator.per),
            low: of(|e| e.low),
            high: of(|e| e.high),
            reference: of(|e| e.reference),
            municipality_figure: self.whole(indicator, table),
            certainty: of(|e| e.certainty),
            too_uncertain: estimate.is_some_and(|e| e.too_uncertain),
            estimated_share: cell.estimated_share,
            provisional: cell.provisional,
        })
    }

    /// The figure of the whole municipality in the same period.
    fn whole(&self, indicator: &Indicator, table: &Table) -> Option<f64> {
        let whole = self.shown.release.table(&indicator.id, self.coarsest()?)?;
        let period = whole.period_position(*table.periods().last()?)?;
        if whole.areas().len() == 1 { whole.cell(0, period, 0).figure(indicator.per) } else { None }
    }

    fn coarsest(&self) -> Option<&AreaLevel> {
        let levels = &self.shown.release.manifest().levels;
        levels.iter().min_by_key(|level| level.rank).map(|level| &level.level)
    }

    /// Who live here: for each attribute the indicator that counts the most people or households
    /// at this level and is broken down by it.
    fn composition(&self) -> Vec<CompositionEntry> {
        let mut attributes: Vec<&String> = Vec::new();
        for (indicator, _) in self.visible() {
            for breakdown in indicator.breakdowns.iter().filter(|breakdown| breakdown.len() == 1) {
                if !attributes.contains(&&breakdown[0]) {
                    attributes.push(&breakdown[0]);
                }
            }
        }
        attributes.iter().flat_map(|attribute| self.shares(attribute)).collect()
    }

    fn shares(&self, attribute: &str) -> Vec<CompositionEntry> {
        let release = &self.shown.release;
        let by = [attribute.to_owned()];
        let broken_down = self.visible().filter(|(indicator, _)| indicator.breakdowns.iter().any(|b| *b == by));
        let with_whole = broken_down.filter_map(|(indicator, table)| {
            let whole = release.table(&indicator.id, self.coarsest()?)?;
            let newest = *table.periods().last()?;
            let at = whole.period_position(newest)?;
            Some((newest, counted(whole.cell(0, at, 0))?, table, whole))
        });
        let Some((period, all, table, whole)) = with_whole.max_by_key(|(period, all, ..)| (*period, *all)) else {
            return Vec::new();
        };
        let (Some(area), Some(at), Some(whole_at)) =
            (table.area_position(self.code), table.period_position(period), whole.period_position(period))
        else {
            return Vec::new();
        };
        let here = counted(table.cell(area, at, 0));
        let members = table.members().iter().enumerate().filter(|(_, m)| m.breakdown().eq([attribute]));
        let entry = |(member_at, member): (usize, &Member)| {
            let cell = table.cell(area, at, member_at);
            let count = counted(cell).filter(|_| here.is_some());
            let there = whole.member_position(member).and_then(|m| counted(whole.cell(0, whole_at, m)));
            let share = |part: Option<i64>, of: Option<i64>| ratio(part?, of?);
            CompositionEntry {
                attribute: attribute.to_owned(),
                value: member.attributes[0].1.clone(),
                share_here: share(count, here),
                share_municipality: share(there, Some(all)),
                status: if count.is_some() { CellStatus::Value } else { CellStatus::Suppressed },
            }
        };
        members.map(entry).collect()
    }
}

/// How many people or households a cell is about.
const fn counted(cell: &Cell) -> Option<i64> {
    match cell.denominator {
        Some(count) => Some(count),
        None => cell.numerator,
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
fn ratio(part: i64, whole: i64) -> Option<f64> {
    if whole > 0 { Some((part as f64 / whole as f64).clamp(0.0, 1.0)) } else { None }
}

/// Which series.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Indicator identifier.
    indicator: String,
    /// Part of the people or households, as a table's members name it; empty is all of them.
    #[serde(default)]
    member: String,
}

#[derive(Serialize, ToSchema)]
struct SeriesPoint {
    period: String,
    status: CellStatus,
    figure: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    reference: Option<f64>,
    provisional: bool,
}

#[derive(Serialize, ToSchema)]
struct Series {
    indicator: String,
    points: Vec<SeriesPoint>,
}

/// One indicator in an area through time.
#[utoipa::path(
    get, path = "/area/{level}/{code}/series", operation_id = "getSeries", params(Place, Wanted),
    responses((status = 200, description = "The answer.", body = Series), Unchanged, BadQuery, SignedOut, Hidden, Unknown, NoRelease, Always)
)]
pub(super) async fn series(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Named(Place { level, code }): Named<Place>,
    Asked(wanted): Asked<Wanted>,
) -> Result<Response, Problem> {
    let shown = app.shown()?;
    if !viewer.audience().may_see(&shown.release, indicator(&shown, &wanted.indicator)?, &level) {
        return Err(Problem::NotAuthorised);
    }
    let looked = Looked {
        action: "series",
        indicator: Some(wanted.indicator.clone()),
        level: Some(level.to_string()),
        area: Some(code.to_string()),
        ..Looked::default()
    };
    record(&app, &viewer, &shown, looked).await?;
    let question = format!("series {level} {code} {wanted:?}");
    let make = move |shown: &Shown| points(shown, &level, &code, &wanted);
    reply::json(&shown, &viewer, &headers, question, make).await
}

fn points(shown: &Shown, level: &AreaLevel, code: &AreaCode, wanted: &Wanted) -> Result<Series, Problem> {
    let indicator = indicator(shown, &wanted.indicator)?;
    let table = shown.release.table(&indicator.id, level).ok_or(Problem::NotFound("level"))?;
    let area = table.area_position(code).ok_or(Problem::NotFound("area"))?;
    let member = Member::from_key(&wanted.member).ok_or(Problem::BadRequest("member"))?;
    let member_at = table.member_position(&member).ok_or(Problem::NotFound("member"))?;
    let estimates = area_series(&shown.release, &indicator.id, level, code, &member);
    let point = |(at, estimate): (usize, &Estimate)| {
        let cell = table.cell(area, at, member_at);
        SeriesPoint {
            period: estimate.period.to_string(),
            status: cell.status,
            figure: cell.figure(indicator.per),
            low: estimate.low,
            high: estimate.high,
            reference: estimate.reference,
            provisional: cell.provisional,
        }
    };
    Ok(Series { indicator: indicator.id.clone(), points: estimates.iter().enumerate().map(point).collect() })
}
