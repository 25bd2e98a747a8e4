//! What is possible at every level, and what would make it so.

use serde::Serialize;

use super::power;
use super::question::{Level, Question};

/// It is possible when what is there is found this often.
pub const ENOUGH: f64 = 0.80;
/// Share of the list of deviating areas that may be false.
const PROMISED: f64 = 0.10;
/// Share of the areas that is thought to deviate.
const DEVIATING: f64 = 0.05;
/// Years that are tried.
const YEARS: [f64; 12] = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 10.0, 12.0, 15.0, 20.0];

/// What one level allows.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LevelAnswer {
    /// Name of the level.
    pub level: String,
    /// Areas.
    pub areas: u32,
    /// Events that are expected in the usual area, over all that can be looked at.
    pub expected: f64,
    /// Chance that an area that deviates by the asked ratio is found.
    pub deviation: f64,
    /// Years after which that is enough, if ever within twenty.
    pub deviation_years: Option<f64>,
    /// Smallest ratio that is found often enough in the years asked, up to ten.
    pub deviation_ratio: Option<f64>,
    /// Chance that the asked yearly change of one area is found.
    pub trend: f64,
    /// Years after which that is enough.
    pub trend_years: Option<f64>,
}

/// What is possible.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Answer {
    /// Every level, as asked.
    pub levels: Vec<LevelAnswer>,
    /// The finest level at which a deviation is found often enough.
    pub finest: Option<String>,
    /// Chance that the asked yearly change of all areas together is found.
    pub trend_of_all: f64,
    /// Chance that the effect of the intervention is found, in all areas together.
    pub effect: f64,
    /// Years after which the effect is found often enough.
    pub effect_years: Option<f64>,
    /// The chance at the finest level, if the data were in time, complete, or both.
    pub in_time: f64,
    /// See `in_time`.
    pub complete: f64,
    /// See `in_time`.
    pub in_time_and_complete: f64,
}

/// What a question allows. Ask [`Question::checked`] first.
#[must_use]
pub fn answer(question: &Question) -> Answer {
    let levels: Vec<LevelAnswer> = question.levels.iter().map(|level| of_level(question, level)).collect();
    let all = |q: &Question| q.levels.first().map_or(0.0, |l| f64::from(l.areas) * l.units) * q.rate * q.coverage;
    let in_year = f64::from(question.periods_per_year);
    let first = |q: Question| q.levels.first().map_or(0.0, |level| deviation(&q, level));
    let effect = |q: &Question| {
        let total = all(q) / in_year * f64::from(q.periods()) / 2.0;
        let (with, without) = (total * q.treated, total * (1.0 - q.treated));
        power::effect([with, with * q.effect, without, without], q.effect, q.dispersion)
    };
    Answer {
        finest: levels.iter().find(|level| level.deviation >= ENOUGH).map(|level| level.level.clone()),
        levels,
        trend_of_all: power::trend(
            all(question) / in_year,
            question.periods(),
            in_year,
            question.change,
            question.dispersion,
        ),
        effect: effect(question),
        effect_years: years(question, effect),
        in_time: first(Question { delay: 0, ..question.clone() }),
        complete: first(Question { coverage: 1.0, ..question.clone() }),
        in_time_and_complete: first(Question { delay: 0, coverage: 1.0, ..question.clone() }),
    }
}

fn of_level(question: &Question, level: &Level) -> LevelAnswer {
    let trend = |q: &Question| {
        let in_year = f64::from(q.periods_per_year);
        power::trend(yearly(q, level) / in_year, q.periods(), in_year, q.change, q.dispersion)
    };
    LevelAnswer {
        level: level.name.clone(),
        areas: level.areas,
        expected: expected(question, level),
        deviation: deviation(question, level),
        deviation_years: years(question, |q| deviation(q, level)),
        deviation_ratio: smallest_ratio(question, level),
        trend: trend(question),
        trend_years: years(question, trend),
    }
}

/// Events in a year in the usual area, as far as they are in the data.
fn yearly(question: &Question, level: &Level) -> f64 {
    question.rate * level.units * question.coverage
}

fn expected(question: &Question, level: &Level) -> f64 {
    yearly(question, level) / f64::from(question.periods_per_year) * f64::from(question.periods())
}

fn deviation(question: &Question, level: &Level) -> f64 {
    let expected = expected(question, level);
    if expected <= 0.0 {
        return 0.0;
    }
    power::deviation_in_list(expected, question.ratio, question.dispersion, PROMISED, DEVIATING)
}

/// The first number of years at which something is found often enough.
fn years(question: &Question, power: impl Fn(&Question) -> f64) -> Option<f64> {
    YEARS.into_iter().find(|years| power(&Question { years: *years, ..question.clone() }) >= ENOUGH)
}

/// In steps of 0.05.
fn smallest_ratio(question: &Question, level: &Level) -> Option<f64> {
    let ratios = (21..=200).map(|at| f64::from(at) * 0.05);
    ratios.into_iter().find(|ratio| deviation(&Question { ratio: *ratio, ..question.clone() }, level) >= ENOUGH)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two districts of the pilot in Zaanstad, about: one year, ten neighbourhoods, monthly.
    fn pilot() -> Question {
        let level = |name: &str, areas, units| Level { name: name.to_owned(), areas, units };
        let levels = vec![level("buurt", 10, 2000.0), level("wijk", 2, 10_000.0), level("gemeente", 1, 155_000.0)];
        Question { levels, ..Question::default() }.checked().unwrap()
    }

    #[test]
    fn a_year_of_neighbourhoods_is_too_little_and_the_answer_says_what_would_do() {
        let found = answer(&pilot());
        assert!((found.levels[0].expected - 10.0).abs() < 1e-9 && found.levels[0].deviation < 0.10, "{found:?}");
        assert!(found.levels[0].deviation_years.unwrap() >= 8.0, "{found:?}");
        assert!(found.levels[0].deviation_ratio.unwrap() > 2.0, "{found:?}");
        assert!(found.levels[1].deviation > found.levels[0].deviation);
        assert_eq!(found.finest.as_deref(), Some("gemeente"));
        assert!(found.effect < 0.3, "{found:?}");
    }

    #[test]
    fn late_and_incomplete_data_cost_what_they_cost() {
        let found = answer(&Question { delay: 6, coverage: 0.6, years: 4.0, ..pilot() });
        assert!(found.in_time > found.levels[0].deviation && found.complete > found.levels[0].deviation);
        assert!(found.in_time_and_complete > found.in_time.max(found.complete));
    }

    #[test]
    fn a_question_without_sense_is_refused() {
        let wrong = Question { ratio: 0.9, ..pilot() };
        assert_eq!(wrong.checked().unwrap_err().name, "ratio");
        assert_eq!(Question { levels: vec![], ..pilot() }.checked().unwrap_err().name, "level");
        assert_eq!(Question { rate: 100.0, years: 100.0, ..pilot() }.checked().unwrap_err().name, "level");
        assert!(answer(&Question { delay: 24, ..pilot() }).levels[0].deviation <= 0.0);
    }
}
