//! From posteriors to the list of one indicator: candidates per level, cut by Bayesian false
//! discovery rate, overlapping and touching areas merged, then measured and explained.

use kubus_model::signal::Overlap;
use kubus_model::{Direction, Indicator, Member, Period, Release, Signal};
use rayon::prelude::*;

use crate::estimate::certainty;
use crate::ladder::Ladder;
use crate::ladder::node::Node;
use crate::ladder::pass::{self, Passes, Spreads};
use crate::options::SignalOptions;
use crate::overlap::{self, Carrier};
use crate::priority::Listed;
use crate::statistic::discovery::longest_list;
use crate::urgency::{self, Urgency};
use crate::{cluster, persistence, why};

/// Everything known about one indicator in the period of the list.
pub(crate) struct Scene<'a> {
    pub(crate) ladder: Ladder<'a>,
    pub(crate) period: Period,
    pub(crate) passes: Passes,
    pub(crate) spreads: Spreads,
}

/// An area that deviates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Candidate {
    /// Position of the step on the ladder.
    pub(crate) step: usize,
    /// Position of the area in the step's table.
    pub(crate) area: usize,
    /// P(less favourable than c times the reference).
    pub(crate) certainty: f64,
}

/// The signals of one indicator, in no particular order and without ranks.
pub(crate) fn of_indicator(release: &Release, indicator: &Indicator, options: &SignalOptions) -> Vec<Listed> {
    let Some(scene) = Scene::of(release, indicator, options.period) else { return Vec::new() };
    let steps = 0..scene.ladder.steps.len();
    let wanted = |step: &usize| options.level.as_ref().is_none_or(|l| scene.ladder.steps[*step].entry.level == *l);
    let steps = steps.filter(|step| scene.ladder.is_listable(*step)).filter(wanted);
    let listed: Vec<Candidate> = steps.flat_map(|step| scene.listed(step, options)).collect();
    let carriers = cluster::clusters(&scene, overlap::carriers(&scene, listed));
    carriers.into_par_iter().filter_map(|carrier| scene.signal(&carrier, options)).collect()
}

impl<'a> Scene<'a> {
    fn of(release: &'a Release, indicator: &Indicator, period: Option<Period>) -> Option<Self> {
        if indicator.direction == Direction::Neutral {
            return None;
        }
        let ladder = Ladder::of(release, &indicator.id)?;
        let newest = ladder.newest()?;
        let steps: Vec<usize> = (0..ladder.steps.len()).filter(|at| ladder.matters(*at)).collect();
        let fitted = pass::run(&ladder, &steps, newest, &Member::total(), None);
        let spreads = pass::spreads(&fitted);
        let period = period.unwrap_or(newest);
        let again = || pass::run(&ladder, &steps, period, &Member::total(), Some(&spreads));
        let passes = if period == newest { fitted } else { again() };
        Some(Self { passes, spreads, period, ladder })
    }

    /// The node of an area.
    pub(crate) fn node(&self, step: usize, area: usize) -> Option<&Node> {
        self.passes.get(&step).map(|pass| &pass.nodes[area])
    }

    /// The candidates of one level that make its list.
    fn listed(&self, step: usize, options: &SignalOptions) -> Vec<Candidate> {
        let Some(pass) = self.passes.get(&step) else { return Vec::new() };
        let candidate = |(area, node): (usize, &Node)| {
            let posterior = node.posterior.as_ref()?;
            let certainty = certainty(self.ladder.indicator, posterior)?;
            (posterior.own_information() >= options.min_own_information).then_some(Candidate { step, area, certainty })
        };
        let mut candidates: Vec<Candidate> = pass.nodes.iter().enumerate().filter_map(candidate).collect();
        candidates.sort_by(|a, b| b.certainty.total_cmp(&a.certainty).then(a.area.cmp(&b.area)));
        let certainties: Vec<f64> = candidates.iter().map(|c| c.certainty).collect();
        candidates.truncate(longest_list(&certainties, options.false_discovery_rate));
        candidates
    }

    fn signal(&self, carrier: &Carrier, options: &SignalOptions) -> Option<Listed> {
        let Candidate { step, area, certainty } = carrier.candidate;
        let table = self.ladder.steps[step].table;
        let node = &self.passes[&step].nodes[area];
        let posterior = node.posterior.clone()?;
        let unit = self.ladder.indicator.per * node.reference;
        let cell = table.period_position(self.period).map(|period| table.cell(area, period, 0));
        let periods = persistence::consecutive(self, step, area);
        let urgency = Urgency::new((node.expected, self.looks_low()), certainty, periods, &options.weights);
        let signal = Signal {
            rank: 0,
            indicator: self.ladder.indicator.id.clone(),
            level: table.level().clone(),
            area: table.areas()[area].clone(),
            period: self.period,
            status: cell.map_or(kubus_model::CellStatus::NotAvailable, |c| c.status),
            observed: cell.and_then(|c| c.numerator),
            denominator: cell.and_then(|c| c.denominator),
            expected: node.expected,
            rate: unit * node.mean(),
            interval: (unit * posterior.quantile(0.025), unit * posterior.quantile(0.975)),
            reference: unit,
            certainty,
            exceedance: self.ladder.indicator.exceedance,
            own_information: posterior.own_information(),
            reach: self.reach(node),
            urgency: urgency.at(node.mean()),
            why: why::reasons(self, step, area, periods),
            also: carrier.also.iter().map(|at| self.overlap(*at)).collect(),
        };
        Some(Listed { signal, since: self.since(step, periods), posterior, urgency })
    }

    /// The first of so many periods in a row up to this one.
    fn since(&self, step: usize, periods: usize) -> Period {
        let table = self.ladder.steps[step].table;
        let now = table.period_position(self.period);
        let first = now.and_then(|now| (now + 1).checked_sub(periods));
        first.map_or(self.period, |first| table.periods()[first])
    }

    fn overlap(&self, (step, area): (usize, usize)) -> Overlap {
        let table = self.ladder.steps[step].table;
        Overlap { level: table.level().clone(), area: table.areas()[area].clone() }
    }

    /// Whether low values are the unfavourable ones.
    pub(crate) fn looks_low(&self) -> bool {
        self.ladder.indicator.direction == Direction::LowIsUnfavourable
    }

    /// How many times less favourable than the reference.
    pub(crate) fn severity(&self, node: &Node) -> f64 {
        urgency::severity(node.mean(), self.looks_low())
    }

    /// Expected units beyond what the reference gives, in the unfavourable direction.
    pub(crate) fn reach(&self, node: &Node) -> f64 {
        urgency::reach(node.mean(), node.expected, self.looks_low())
    }
}
