//! Deviations, most urgent first.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use kubus_model::Signal;
use kubus_signal::{SignalOptions, UrgencyWeights};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::failure::{Always, BadQuery, NoRelease, SignedOut, Unchanged};
use super::query::Asked;
use super::{Looked, record, reply};
use crate::App;
use crate::access::Viewer;
use crate::problem::Problem;
use crate::published::Shown;

/// Which signals.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Of this indicator only.
    indicator: Option<String>,
    /// At this level only.
    level: Option<String>,
    /// No more than this many; all when left out.
    limit: Option<usize>,
}

/// A signal with the name of its area.
#[derive(Serialize, ToSchema)]
pub(super) struct NamedSignal {
    #[serde(flatten)]
    signal: Signal,
    area_name: String,
}

impl NamedSignal {
    pub(super) fn new(shown: &Shown, signal: Signal) -> Self {
        let entry = shown.release.area(&signal.level, &signal.area);
        let area_name = entry.map_or_else(|| signal.area.to_string(), |entry| entry.name.clone());
        Self { signal, area_name }
    }
}

/// The answer of `GET /api/signals`.
#[derive(Serialize, ToSchema)]
struct SignalList {
    release: u32,
    false_discovery_rate: f64,
    weights: UrgencyWeights,
    total: usize,
    signals: Vec<NamedSignal>,
}

/// Deviations, most urgent first.
#[utoipa::path(
    get, path = "/signals", operation_id = "getSignals", params(Wanted),
    responses((status = 200, description = "The answer.", body = SignalList), Unchanged, BadQuery, SignedOut, NoRelease, Always)
)]
pub(super) async fn signals(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Asked(wanted): Asked<Wanted>,
) -> Result<Response, Problem> {
    let shown = app.shown()?;
    let looked = Looked {
        action: "signals",
        indicator: wanted.indicator.clone(),
        level: wanted.level.clone(),
        ..Looked::default()
    };
    record(&app, &viewer, &shown, looked).await?;
    let audience = viewer.audience();
    let question = format!("signals {wanted:?}");
    let make = move |shown: &Shown| {
        let mut seen = audience.signals(&shown.release, shown.signals());
        let fits = |asked: &Option<String>, own: &str| asked.as_ref().is_none_or(|asked| asked == own);
        seen.retain(|s| fits(&wanted.indicator, &s.indicator) && fits(&wanted.level, s.level.as_str()));
        let total = seen.len();
        seen.truncate(wanted.limit.unwrap_or(usize::MAX));
        let options = SignalOptions::default();
        Ok(SignalList {
            release: shown.release.manifest().number,
            false_discovery_rate: options.false_discovery_rate,
            weights: options.weights,
            total,
            signals: seen.into_iter().map(|signal| NamedSignal::new(shown, signal)).collect(),
        })
    };
    reply::json(&shown, &viewer, &headers, question, make).await
}
