//! Niet-gebruik: how many people could be reached who are entitled to something and do not use it.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use kubus_model::{AreaCode, AreaLevel, Indicator, Period, TakeUp};
use kubus_signal::take_up::{self as estimate, AreaTakeUp, CREDIBILITY};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::failure::{Always, BadQuery, Hidden, NoRelease, SignedOut, Unchanged, Unknown};
use super::query::Asked;
use super::{Looked, record, reply};
use crate::App;
use crate::access::{Audience, Viewer};
use crate::problem::Problem;
use crate::published::Shown;

/// Of what, and where.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Indicator identifier; the first that declares non-take-up when left out.
    indicator: Option<String>,
    /// Area level; the coarsest with more than one area when left out.
    level: Option<AreaLevel>,
}

/// One area with its name.
#[derive(Serialize, ToSchema)]
struct NamedTakeUp {
    #[serde(flatten)]
    answer: AreaTakeUp,
    area_name: String,
}

/// Non-take-up of one thing.
#[derive(Serialize, ToSchema)]
struct ShownTakeUp {
    indicator: String,
    declared: TakeUp,
    level: AreaLevel,
    period: Period,
    /// Probability of the intervals.
    credibility: f64,
    /// Levels that can be asked for, coarse to fine.
    levels: Vec<AreaLevel>,
    /// The municipality as a whole.
    #[schema(required)]
    whole: Option<NamedTakeUp>,
    areas: Vec<NamedTakeUp>,
}

/// The answer of `GET /api/take-up`.
#[derive(Serialize, ToSchema)]
struct TakeUpAnswer {
    release: u32,
    /// Indicators for which the release declares non-take-up.
    indicators: Vec<String>,
    /// Nothing when there is none.
    #[schema(required)]
    shown: Option<ShownTakeUp>,
}

/// How many could be reached who are entitled to something and do not use it.
#[utoipa::path(
    get, path = "/take-up", operation_id = "getTakeUp", params(Wanted),
    responses((status = 200, description = "The answer.", body = TakeUpAnswer), Unchanged, BadQuery, Hidden, Unknown, SignedOut, NoRelease, Always)
)]
pub(super) async fn take_up(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Asked(wanted): Asked<Wanted>,
) -> Result<Response, Problem> {
    let shown = app.shown()?;
    let looked = Looked {
        action: "take-up",
        indicator: wanted.indicator.clone(),
        level: wanted.level.as_ref().map(ToString::to_string),
        ..Looked::default()
    };
    record(&app, &viewer, &shown, looked).await?;
    let audience = viewer.audience();
    let question = format!("take-up {wanted:?}");
    let make = move |shown: &Shown| {
        let manifest = shown.release.manifest();
        let declared: Vec<&Indicator> = manifest.indicators.iter().filter(|one| one.take_up.is_some()).collect();
        let asked = match &wanted.indicator {
            Some(id) => Some(*declared.iter().find(|one| one.id == *id).ok_or(Problem::NotFound("indicator"))?),
            None => declared.first().copied(),
        };
        let found =
            asked.map(|one| Asker { shown, audience, indicator: one }.shown(wanted.level.as_ref())).transpose()?;
        let indicators = declared.iter().map(|one| one.id.clone()).collect();
        Ok(TakeUpAnswer { release: manifest.number, indicators, shown: found.flatten() })
    };
    reply::json(&shown, &viewer, &headers, question, make).await
}

/// One indicator, for one audience.
struct Asker<'a> {
    shown: &'a Shown,
    audience: Audience,
    indicator: &'a Indicator,
}

impl Asker<'_> {
    fn shown(&self, asked: Option<&AreaLevel>) -> Result<Option<ShownTakeUp>, Problem> {
        let Some(declared) = self.indicator.take_up else { return Ok(None) };
        let levels = self.levels();
        let seen: Vec<AreaLevel> = levels.iter().filter(|level| self.may_see(level)).cloned().collect();
        let several = |level: &&AreaLevel| self.shown.release.areas(level).len() > 1;
        let level = match asked {
            Some(asked) if !levels.contains(asked) => return Err(Problem::NotFound("level")),
            Some(asked) if !seen.contains(asked) => return Err(Problem::NotAuthorised),
            Some(asked) => asked.clone(),
            None => seen.iter().find(several).or(seen.first()).cloned().ok_or(Problem::NotAuthorised)?,
        };
        let newest = estimate::newest(&self.shown.release, &self.indicator.id, &level);
        let Some(period) = newest else { return Ok(None) };
        let whole = levels.first().filter(|first| **first != level && self.may_see(first));
        Ok(Some(ShownTakeUp {
            indicator: self.indicator.id.clone(),
            declared,
            period,
            credibility: CREDIBILITY,
            whole: whole.and_then(|first| self.areas(first, period).into_iter().next()),
            areas: self.areas(&level, period),
            level,
            levels: seen,
        }))
    }

    /// Levels of the indicator, coarse to fine.
    fn levels(&self) -> Vec<AreaLevel> {
        let release = &self.shown.release;
        let has = |level: &&kubus_model::release::LevelEntry| release.table(&self.indicator.id, &level.level).is_some();
        let mut levels: Vec<_> = release.manifest().levels.iter().filter(has).collect();
        levels.sort_by_key(|level| level.rank);
        levels.into_iter().map(|level| level.level.clone()).collect()
    }

    fn may_see(&self, level: &AreaLevel) -> bool {
        self.audience.may_see(&self.shown.release, self.indicator, level)
    }

    fn areas(&self, level: &AreaLevel, period: Period) -> Vec<NamedTakeUp> {
        let release = &self.shown.release;
        let names: BTreeMap<&AreaCode, &String> =
            release.areas(level).iter().map(|entry| (&entry.code, &entry.name)).collect();
        let named = |answer: AreaTakeUp| {
            let area_name = names.get(&answer.area).map_or_else(|| answer.area.to_string(), |name| (*name).clone());
            NamedTakeUp { answer, area_name }
        };
        estimate::areas(release, &self.indicator.id, level, period).into_iter().map(named).collect()
    }
}
