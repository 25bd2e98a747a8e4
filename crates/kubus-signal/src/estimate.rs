//! What the release says about the rate of each area, with its uncertainty: for maps (hatching),
//! profiles and trends. Lists of deviations live in [`crate::signals`].

use kubus_model::{AreaCode, AreaLevel, CellStatus, Direction, Indicator, Member, Period, Release, Table};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ladder::Ladder;
use crate::ladder::node::Node;
use crate::ladder::pass::{self, Pass};
use crate::statistic::posterior::Posterior;

/// An area whose own share of the information is below this is "te weinig gegevens": no colour
/// and no signal.
pub const MIN_OWN_INFORMATION: f64 = 0.10;

/// The rate of one area in one period, in the indicator's unit (so × `per`). Everything except
/// the area, period and status is absent when the release gives no ground for it: no data, no
/// denominator, or a mean taken over from another publisher.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Area code.
    pub area: AreaCode,
    /// Period.
    pub period: Period,
    /// Status of the published cell.
    pub status: CellStatus,
    /// Posterior mean of the rate.
    pub mean: Option<f64>,
    /// Lower end of the 95 % credible interval.
    pub low: Option<f64>,
    /// Upper end of the 95 % credible interval.
    pub high: Option<f64>,
    /// The rate that would be expected here, standardised for who live here.
    pub reference: Option<f64>,
    /// P(rate is less favourable than c × reference), 0 to 1; absent for neutral indicators.
    pub certainty: Option<f64>,
    /// Share of the information that is the area's own, 0 to 1.
    pub own_information: Option<f64>,
    /// Too few data of its own: show it as "te onzeker", never as a colour.
    pub too_uncertain: bool,
}

/// One estimate per area of the table (in its order) for a period and a member. Empty when the
/// release has no such table, period or member.
#[must_use]
pub fn estimates(
    release: &Release,
    indicator: &str,
    level: &AreaLevel,
    period: Period,
    member: &Member,
) -> Vec<Estimate> {
    let Some(shown) = Shown::of(release, indicator, level, member) else { return Vec::new() };
    let Some(at) = shown.table.period_position(period) else { return Vec::new() };
    let pass = shown.ladder.as_ref().and_then(|(ladder, step)| pass_of(ladder, *step, period, member));
    let of_area = |area: usize| {
        let node = pass.as_ref().map(|pass| &pass.nodes[area]);
        shown.estimate(area, at, node)
    };
    (0..shown.table.areas().len()).into_par_iter().with_min_len(64).map(of_area).collect()
}

/// One estimate per period of the table for one area and a member: the trend with its interval.
#[must_use]
pub fn area_series(
    release: &Release,
    indicator: &str,
    level: &AreaLevel,
    area: &AreaCode,
    member: &Member,
) -> Vec<Estimate> {
    let Some(shown) = Shown::of(release, indicator, level, member) else { return Vec::new() };
    let Some(position) = shown.table.area_position(area) else { return Vec::new() };
    let ladder = shown.ladder.as_ref();
    let fitted = ladder.and_then(|(ladder, step)| pass::newest(ladder, *step, member)).map(|(_, p)| pass::spreads(&p));
    let of_period = |at: usize| {
        let period = shown.table.periods()[at];
        let node = ladder
            .zip(fitted.as_ref())
            .and_then(|((ladder, step), spreads)| pass::one(ladder, *step, position, period, member, spreads));
        shown.estimate(position, at, node.as_ref())
    };
    (0..shown.table.periods().len()).map(of_period).collect()
}

/// The pass of a step in a period, with spreads from its newest period.
pub(crate) fn pass_of(ladder: &Ladder<'_>, step: usize, period: Period, member: &Member) -> Option<Pass> {
    let (newest, mut passes) = pass::newest(ladder, step, member)?;
    if newest == period {
        return passes.remove(&step);
    }
    let spreads = pass::spreads(&passes);
    pass::run(ladder, &ladder.chain(step), period, member, Some(&spreads)).remove(&step)
}

/// A table that is shown, with what can be estimated from it.
struct Shown<'a> {
    indicator: &'a Indicator,
    table: &'a Table,
    member: usize,
    ladder: Option<(Ladder<'a>, usize)>,
}

impl<'a> Shown<'a> {
    fn of(release: &'a Release, indicator: &str, level: &AreaLevel, member: &Member) -> Option<Self> {
        let table = release.table(indicator, level)?;
        let ladder = Ladder::of(release, indicator).and_then(|l| l.position(level).map(|step| (l, step)));
        let member = table.member_position(member)?;
        Some(Self { indicator: release.indicator(indicator)?, table, member, ladder })
    }

    fn estimate(&self, area: usize, period: usize, node: Option<&Node>) -> Estimate {
        let posterior = node.and_then(|node| node.posterior.as_ref().map(|p| (p, self.indicator.per * node.reference)));
        let scaled = |value: fn(&Posterior) -> f64| posterior.map(|(p, unit)| unit * value(p));
        let own_information = posterior.map(|(p, _)| p.own_information());
        let status = self.table.cell(area, period, self.member).status;
        Estimate {
            area: self.table.areas()[area].clone(),
            period: self.table.periods()[period],
            status,
            mean: scaled(Posterior::mean),
            low: scaled(|p| p.quantile(0.025)),
            high: scaled(|p| p.quantile(0.975)),
            reference: posterior.map(|(_, unit)| unit),
            certainty: posterior.and_then(|(p, _)| certainty(self.indicator, p)),
            own_information,
            too_uncertain: own_information.is_some_and(|own| own < MIN_OWN_INFORMATION),
        }
    }
}

/// P(less favourable than c times the reference); `None` for a neutral indicator.
pub(crate) fn certainty(indicator: &Indicator, posterior: &Posterior) -> Option<f64> {
    match indicator.direction {
        Direction::HighIsUnfavourable => Some(posterior.exceeds(indicator.exceedance)),
        Direction::LowIsUnfavourable => Some(posterior.is_below(1.0 / indicator.exceedance)),
        Direction::Neutral => None,
    }
}
