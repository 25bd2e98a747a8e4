//! `kubus space`: does a figure cluster in space, and where.

pub(super) mod table;

use kubus_model::CellStatus;
use kubus_signal::space::draws::{self, Draws, Tails};
use kubus_signal::space::rates::Counts;
use kubus_signal::space::{Graph, Moments, Sample, SpaceError, Weights, geary, getis, moran};
use kubus_signal::statistic::discovery::{benjamini_hochberg, benjamini_yekutieli};
use kubus_store::write_atomic;

use super::areas::{self, Areas, Files};
use super::{Context, Failure, Outcome, signal};
use crate::arguments::{Format, SpaceArguments, SpaceStatistic};
use table::Answer;

pub(super) fn run(context: &Context, asked: &SpaceArguments) -> Outcome {
    let areas = areas_of(asked)?;
    let threads = rayon::ThreadPoolBuilder::new().num_threads(asked.jobs.unwrap_or(0)).build();
    let answer = threads.map_or_else(|_| answer(&areas, asked), |pool| pool.install(|| answer(&areas, asked)))?;
    match (&asked.out, context.format) {
        (Some(path), Format::Json) => write_atomic(path, answer.json(&areas).as_bytes())?,
        (Some(path), Format::Csv | Format::Text) => write_atomic(path, answer.csv(&areas).as_bytes())?,
        (None, Format::Json) => context.say(&answer.json(&areas)),
        (None, Format::Csv) => context.say(answer.csv(&areas).trim_end()),
        (None, Format::Text) => {}
    }
    if context.format == Format::Text {
        table::tell(context, &areas, &answer);
    }
    Ok(())
}

fn areas_of(asked: &SpaceArguments) -> Result<Areas, Failure> {
    if let (Some(path), Some(indicator), Some(level)) = (&asked.release, &asked.indicator, &asked.level) {
        let release = signal::open(path)?;
        let (indicator, table) = areas::table_of(&release, indicator, level)?;
        return Ok(areas::of_release(&release, indicator, table));
    }
    let counts = asked.rates || matches!(asked.stat, SpaceStatistic::Eb | SpaceStatistic::Seb);
    let wanted: &[&str] = if counts { &["cases", "pop"] } else { &["value"] };
    let path = asked.areas.as_deref().unwrap_or_else(|| std::path::Path::new("areas.csv"));
    areas::read(&Files { areas: path, edges: asked.edges.as_deref() }, wanted)
}

/// One area in the answer.
#[derive(Default)]
pub(super) struct Local {
    statistic: Option<f64>,
    moments: Option<Moments>,
    pattern: Option<&'static str>,
    tails: Option<Tails>,
    /// Two-sided: of the draws, or of the normal curve without draws.
    p: Option<f64>,
    adjusted: Option<[f64; 2]>,
    raw: Option<f64>,
}

/// Leaves out who has no figure, asks, and puts the answers back in their places.
fn answer(areas: &Areas, asked: &SpaceArguments) -> Result<Answer, Failure> {
    let present = areas.present();
    let kept: Vec<usize> = (0..areas.ids.len()).filter(|at| present[*at]).collect();
    let ids: Vec<String> = kept.iter().map(|at| areas.ids[*at].clone()).collect();
    let whole = kept.len() == areas.ids.len();
    let graph = if whole { areas.graph.clone() } else { areas.graph.among(&present) };
    let pick = |column: &[f64]| kept.iter().map(|at| column[*at]).collect::<Vec<f64>>();
    let subject = Subject {
        counts: areas.counts.as_ref().map(|[cases, population]| [pick(cases), pick(population)]),
        value: areas.value.as_deref().map(pick),
        graph: &graph,
    };
    let (global, found) = subject.ask(asked).map_err(|error| areas::explain(&error, &ids))?;
    let mut locals: Vec<Local> = (0..areas.ids.len()).map(|_| Local::default()).collect();
    let mut status: Vec<Option<CellStatus>> = areas.status.iter().map(|status| Some(*status)).collect();
    for (new, (at, local)) in kept.iter().zip(found).enumerate() {
        if graph.degree(new) == 0 && local.statistic.is_none() {
            status[*at] = None;
        }
        locals[*at] = local;
    }
    Ok(Answer { stat: asked.stat, perms: asked.perms, global, locals, status })
}

/// The areas that have a figure.
struct Subject<'a> {
    counts: Option<[Vec<f64>; 2]>,
    value: Option<Vec<f64>>,
    graph: &'a Graph,
}

type Asked = (Option<(f64, Moments)>, Vec<Local>);

impl Subject<'_> {
    fn ask(self, asked: &SpaceArguments) -> Result<Asked, SpaceError> {
        let graph = self.graph;
        match asked.stat {
            SpaceStatistic::Eb | SpaceStatistic::Seb => self.smooth(asked.stat == SpaceStatistic::Seb),
            SpaceStatistic::Moran => {
                let sample = self.sample(true)?;
                let global = moran::global(&sample, graph, Weights::Row)?;
                let of = |one: moran::Local| (one.i, one.conditional, Some(one.pattern.code()));
                let locals = moran::local(&sample, graph, Weights::Row).into_iter().map(|one| one.map(of));
                Ok((Some((global.i, global.randomisation)), tested(&sample, graph, locals, Some(asked))))
            }
            SpaceStatistic::Geary => {
                let sample = self.sample(true)?;
                let global = geary::global(&sample, graph, Weights::Row)?;
                let of = |one: geary::Local| (one.c, one.conditional, None);
                let locals = geary::local(&sample, graph, Weights::Row).into_iter().map(|one| one.map(of));
                Ok((Some((global.c, global.randomisation)), tested(&sample, graph, locals, None)))
            }
            SpaceStatistic::G | SpaceStatistic::Gstar => {
                let sample = self.sample(asked.rates)?;
                let global = getis::global(&sample, graph)?;
                let star = asked.stat == SpaceStatistic::Gstar;
                let found = if star { getis::local_star(&sample, graph) } else { getis::local(&sample, graph) };
                let of = |one: getis::Local| (one.g, one.moments, Some(if one.moments.z > 0.0 { "H" } else { "L" }));
                let locals = found.into_iter().map(|one| one.map(of));
                Ok((Some((global.g, global.randomisation)), tested(&sample, graph, locals, Some(asked))))
            }
        }
    }

    /// Rates on one scale where there are counts, and the figure itself otherwise.
    fn sample(&self, standardised: bool) -> Result<Sample, SpaceError> {
        let figures = match (&self.counts, &self.value) {
            (Some([cases, population]), _) if standardised => Counts::new(cases, population)?.standardised(),
            (_, Some(value)) => value.clone(),
            (Some([cases, population]), None) => Counts::new(cases, population)?.standardised(),
            (None, None) => Vec::new(),
        };
        Sample::new(figures, self.graph)
    }

    fn smooth(&self, around: bool) -> Result<Asked, SpaceError> {
        let [cases, population] = self.counts.as_ref().ok_or(SpaceError::TooFew(0))?;
        let counts = Counts::new(cases, population)?;
        let drawn: Vec<Option<f64>> = if around {
            counts.spatial_empirical_bayes(self.graph)
        } else {
            counts.empirical_bayes().into_iter().map(Some).collect()
        };
        let of = |(statistic, raw)| Local { statistic, raw: Some(raw), ..Local::default() };
        Ok((None, drawn.into_iter().zip(counts.raw()).map(of).collect()))
    }
}

/// A statistic, what was expected of it, and which way it points.
type Found = (f64, Moments, Option<&'static str>);

/// Adds p-values: of draws when they are asked for, and adjusted for the number of areas.
fn tested(
    sample: &Sample,
    graph: &Graph,
    locals: impl Iterator<Item = Option<Found>>,
    asked: Option<&SpaceArguments>,
) -> Vec<Local> {
    let asked = asked.filter(|asked| asked.perms > 0);
    let tails = asked.map_or_else(
        || vec![None; graph.areas()],
        |asked| draws::conditional(sample, graph, Draws { count: asked.perms, seed: asked.seed }),
    );
    let of = |(local, tails): (Option<Found>, Option<Tails>)| {
        let Some((statistic, moments, pattern)) = local else { return Local::default() };
        let p = tails.map_or_else(|| moments.normal_p(), |tails| tails.two_sided());
        Local { statistic: Some(statistic), moments: Some(moments), pattern, tails, p: Some(p), ..Local::default() }
    };
    let mut locals: Vec<Local> = locals.zip(tails).map(of).collect();
    let p: Vec<f64> = locals.iter().filter_map(|local| local.p).collect();
    let adjusted = benjamini_hochberg(&p).into_iter().zip(benjamini_yekutieli(&p));
    let with = locals.iter_mut().filter(|local| local.p.is_some());
    with.zip(adjusted).for_each(|(local, (hochberg, yekutieli))| local.adjusted = Some([hochberg, yekutieli]));
    locals
}
