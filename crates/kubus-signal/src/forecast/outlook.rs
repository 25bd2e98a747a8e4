//! The outlook of an indicator of a release: at which levels its series can be forecast, what that is
//! worth at each, and what lies ahead in one area. A function of the published counts alone; a count
//! that was withheld is a mixture over what it may be, and a level with too many of those is
//! refused.

use kubus_model::{AreaCode, AreaLevel, Cell, CellStatus, Measure, Member, Period, Release, Table};
use rayon::prelude::*;
use serde::Serialize;

use super::baseline::Baseline;
use super::model::{Forecast, Forecaster, PROBABILITIES};
use super::panel::{FEWEST_PERIODS, Panel, PanelError};
use super::season::real;
use super::seen::Seen;
use super::spread;
use super::surroundings::Surroundings;
use super::verdict::{Verdict, Worth, verdict};

/// Why a level is not forecast.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Refused {
    /// Means and figures of others have no counts.
    NoCounts,
    /// Fewer periods than twelve.
    TooShort {
        /// Periods in the release.
        periods: usize,
    },
    /// More than seven tenths of the counts were withheld.
    Hidden {
        /// Share of the counts that was withheld or is not there.
        share: f64,
    },
}

/// What a level allows.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LevelOutlook {
    /// Area level.
    pub level: AreaLevel,
    /// Areas.
    pub areas: usize,
    /// Periods.
    pub periods: usize,
    /// Why it is not forecast.
    pub refused: Option<Refused>,
    /// What playing back says, when it is.
    pub verdict: Option<Verdict>,
    /// Whether the forecast is worth showing here: it surely beats the simple figures, also when
    /// this was tried at several levels, and its uncertainty is right.
    pub passes: bool,
}

/// What lies ahead in one area.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Ahead {
    /// Period.
    pub period: Period,
    /// Expected count.
    pub mean: f64,
    /// Counts reached with probability 0.05, 0.10, 0.50, 0.90 and 0.95; nothing when the
    /// uncertainty is not right.
    pub quantiles: Option<[u32; 5]>,
    /// What made it.
    pub model: String,
}

/// A published count of the past.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Past {
    /// Period.
    pub period: Period,
    /// Published (protected) count; nothing when it was withheld.
    pub count: Option<u32>,
}

/// The levels of an indicator, finest first, each with its verdict one period ahead.
#[must_use]
pub fn levels(release: &Release, indicator: &str) -> Vec<LevelOutlook> {
    let mut tables: Vec<&Table> = release.tables().iter().filter(|table| table.indicator() == indicator).collect();
    let rank = |table: &Table| release.manifest().levels.iter().find(|l| l.level == *table.level()).map(|l| l.rank);
    tables.sort_by_key(|table| std::cmp::Reverse(rank(table)));
    let of = |table: &&Table| {
        let panel = panel(release, table);
        let verdict = panel.as_ref().ok().map(|panel| verdict(panel, &Surroundings::unknown(panel), 1, SEED));
        LevelOutlook {
            level: table.level().clone(),
            areas: table.areas().len(),
            periods: table.periods().len(),
            refused: panel.err(),
            verdict,
            passes: false,
        }
    };
    let mut found: Vec<LevelOutlook> = tables.par_iter().map(of).collect();
    let tried = real(found.iter().filter(|level| level.verdict.is_some()).count());
    for level in &mut found {
        level.passes = level.verdict.as_ref().is_some_and(|v| {
            matches!(v.worth, Worth::Small | Worth::Useful) && v.p_value * tried < 0.05 && v.calibration.right
        });
    }
    found
}

/// Seed of the draws: an outlook is the same whenever it is asked for.
const SEED: u64 = 1;

/// The past of an area, and what lies `steps` periods ahead of it. The forecast is the simple figure
/// of the verdict when that adds nothing (`worth` unknown or negligible), and has intervals only
/// when they are right. `None` when the level is refused or the area is not in it.
#[must_use]
pub fn area(
    release: &Release,
    indicator: &str,
    level: &AreaLevel,
    area: &AreaCode,
    steps: usize,
    verdict: &Verdict,
) -> Option<(Vec<Past>, Vec<Ahead>)> {
    let table = release.table(indicator, level)?;
    let panel = panel(release, table).ok()?;
    let at = panel.areas.iter().position(|code| *code == area.to_string())?;
    let past = panel.periods.iter().zip(&panel.seen);
    let past = past.map(|(period, seen)| Past { period: *period, count: seen[at].exact() }).collect();
    let simple = !matches!(verdict.worth, Worth::Small | Worth::Useful);
    let step = |step: usize| {
        let found = if simple { simple_forecast(&panel, verdict.baseline, step, at) } else { full(&panel, step, at) }?;
        let right = if simple { verdict.baseline_calibration.right } else { verdict.calibration.right };
        let quantiles = right.then_some(found.quantiles);
        Some(Ahead { period: found.period, mean: found.mean, quantiles, model: found.model.to_owned() })
    };
    Some((past, (1..=steps).into_par_iter().filter_map(step).collect()))
}

fn full(panel: &Panel, step: usize, area: usize) -> Option<Forecast> {
    let last = panel.periods.len() - 1;
    Forecaster::new(panel, &Surroundings::unknown(panel), step, last).forecasts(last).into_iter().nth(area)
}

/// The simple figure, with a spread fitted to its own past.
fn simple_forecast(panel: &Panel, name: &str, step: usize, area: usize) -> Option<Forecast> {
    let baseline = Baseline::named(name)?;
    let last = panel.periods.len() - 1;
    let size = baseline.size(panel, last, step);
    let mean = baseline.means(panel, last, step)[area];
    let table = spread::Table::new(mean, size);
    let quantiles = PROBABILITIES.map(|p| table.quantile(p));
    let period = panel.after(last, step)?;
    Some(Forecast { area: panel.areas[area].clone(), period, mean, size, quantiles, model: baseline.name() })
}

/// The counts of a table, with what is known of those that were withheld.
fn panel(release: &Release, table: &Table) -> Result<Panel, Refused> {
    let indicator = release.indicator(table.indicator());
    let measure = indicator.map(|indicator| indicator.measure);
    let rules = &release.manifest().rules;
    let below = indicator.map(|i| if i.sensitive { rules.min_count_sensitive } else { rules.min_count });
    let below = below.and_then(|below| u32::try_from(below).ok()).filter(|below| *below > 1);
    if !matches!(measure, Some(Measure::Count | Measure::Rate | Measure::Share)) {
        return Err(Refused::NoCounts);
    }
    let periods = table.periods();
    if periods.len() < FEWEST_PERIODS {
        return Err(Refused::TooShort { periods: periods.len() });
    }
    let member = table.member_position(&Member::total()).ok_or(Refused::NoCounts)?;
    let mut rows = Vec::new();
    for (at, period) in periods.iter().enumerate() {
        for (area, code) in table.areas().iter().enumerate() {
            let cell = table.cell(area, at, member);
            rows.push((code.to_string(), *period, seen(cell, below)));
        }
    }
    Panel::of(rows).map_err(|error| match error {
        PanelError::Withheld(share) => Refused::Hidden { share },
        _ => Refused::TooShort { periods: periods.len() },
    })
}

/// What a published cell tells: a suppressed count lies below the limit of the rules, unless its area
/// is too small to show anything (then its denominator is hidden too).
fn seen(cell: &Cell, below: Option<u32>) -> Seen {
    let too_small = cell.denominator.is_none();
    match cell.status {
        CellStatus::Zero => Seen::Exactly(0),
        CellStatus::Suppressed if !too_small => {
            below.map_or(Seen::Nothing, |below| Seen::Within { low: 0, high: below.saturating_sub(1) })
        }
        status if status.is_published() => {
            let count = cell.numerator.and_then(|n| u32::try_from(n).ok());
            count.map_or(Seen::Nothing, Seen::Exactly)
        }
        _ => Seen::Nothing,
    }
}
