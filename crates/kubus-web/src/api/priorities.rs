//! Waar eerst? The deviations as an order that says how sure it is.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use kubus_model::{AreaLevel, Signal};
use kubus_signal::{Listed, Priority, RankDraws, SignalOptions, UrgencyWeights, priorities as placed};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::failure::{Always, BadQuery, NoRelease, SignedOut, Unchanged};
use super::query::Asked;
use super::signals::NamedSignal;
use super::{Looked, record, reply};
use crate::App;
use crate::access::Viewer;
use crate::problem::Problem;
use crate::published::Shown;

/// No more than so many signals, the most urgent, are put in order.
const MOST: usize = 500;

/// Which signals are put in order.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Of this indicator only.
    indicator: Option<String>,
    /// At this level only.
    level: Option<AreaLevel>,
    /// No more than this many are sent; all when left out.
    limit: Option<usize>,
}

/// A signal with its place.
#[derive(Serialize, ToSchema)]
struct Placed {
    signal: NamedSignal,
    priority: Priority,
}

/// The answer of `GET /api/priorities`.
#[derive(Serialize, ToSchema)]
struct PriorityList {
    release: u32,
    weights: UrgencyWeights,
    draws: RankDraws,
    /// Signals there are.
    total: usize,
    /// Signals that were put in order: the most urgent.
    ranked: usize,
    priorities: Vec<Placed>,
}

/// Where first: the deviations in order of urgency, with how sure each place is.
#[utoipa::path(
    get, path = "/priorities", operation_id = "getPriorities", params(Wanted),
    responses((status = 200, description = "The answer.", body = PriorityList), Unchanged, BadQuery, SignedOut, NoRelease, Always)
)]
pub(super) async fn priorities(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Asked(wanted): Asked<Wanted>,
) -> Result<Response, Problem> {
    let shown = app.shown()?;
    let looked = Looked {
        action: "priorities",
        indicator: wanted.indicator.clone(),
        level: wanted.level.as_ref().map(ToString::to_string),
        ..Looked::default()
    };
    record(&app, &viewer, &shown, looked).await?;
    let audience = viewer.audience();
    let question = format!("priorities {wanted:?}");
    let make = move |shown: &Shown| {
        let fits = |one: &&Listed| {
            wanted.indicator.as_ref().is_none_or(|asked| *asked == one.signal.indicator)
                && wanted.level.as_ref().is_none_or(|asked| *asked == one.signal.level)
        };
        let visible = |one: &Listed| audience.signal(&shown.release, &one.signal);
        let listed = shown.listed().iter().filter(fits);
        let mut seen: Vec<(&Listed, Signal)> = listed.filter_map(|one| Some((one, visible(one)?))).collect();
        let total = seen.len();
        seen.truncate(MOST);
        Ok(answer(shown, seen, total, wanted.limit))
    };
    reply::json(&shown, &viewer, &headers, question, make).await
}

/// Puts what is seen in order; places count among what is seen, so that a gap does not tell what is
/// hidden.
fn answer(shown: &Shown, seen: Vec<(&Listed, Signal)>, total: usize, limit: Option<usize>) -> PriorityList {
    let draws = RankDraws::default();
    let listed: Vec<&Listed> = seen.iter().map(|(one, _)| *one).collect();
    let priorities = placed(&listed, &draws);
    let ranked = seen.len();
    let mut placed: Vec<Placed> = seen
        .into_iter()
        .zip(priorities)
        .enumerate()
        .map(|(at, ((_, signal), priority))| {
            let signal = NamedSignal::new(shown, Signal { rank: at + 1, ..signal });
            Placed { signal, priority }
        })
        .collect();
    placed.sort_by(|a, b| a.priority.expected_rank.total_cmp(&b.priority.expected_rank));
    placed.truncate(limit.unwrap_or(usize::MAX));
    let number = shown.release.manifest().number;
    PriorityList {
        release: number,
        weights: SignalOptions::default().weights,
        draws,
        total,
        ranked,
        priorities: placed,
    }
}
