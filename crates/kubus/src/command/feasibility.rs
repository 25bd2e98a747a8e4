//! `kubus feasibility`: what could be known, before anyone asks for data.

use kubus_model::Finding;
use kubus_signal::feasibility::answer::ENOUGH;
use kubus_signal::feasibility::pilot::pilot;
use kubus_signal::feasibility::{Answer, Level, LevelAnswer, Question, answer};

use super::{Context, Failure, Outcome};
use crate::arguments::{FeasibilityArguments, Format};

pub(super) fn run(context: &Context, asked: &FeasibilityArguments) -> Outcome {
    let question = question(asked)?;
    let found = answer(&question);
    if context.format == Format::Json {
        let both = serde_json::json!({ "question": question, "answer": found });
        context.say(&both.to_string());
    } else {
        tell(context, &question, &found);
    }
    Ok(())
}

fn question(asked: &FeasibilityArguments) -> Result<Question, Failure> {
    let mut question = Question {
        levels: asked.levels.iter().map(|text| level(text)).collect::<Result<_, _>>()?,
        periods_per_year: asked.periods_per_year,
        ratio: asked.ratio,
        change: asked.change,
        effect: asked.effect,
        treated: asked.treated,
        coverage: asked.coverage,
        delay: asked.delay,
        ..Question::default()
    };
    if let Some(path) = &asked.pilot {
        let panel = super::panel::read(path, None)?;
        let known = pilot(&panel);
        if question.levels.is_empty() {
            let areas = u32::try_from(panel.areas.len()).unwrap_or(u32::MAX);
            question.levels.push(Level { name: "area".to_owned(), areas, units: 1.0 });
        }
        question.rate = known.per_area_and_year / question.levels[0].units / question.coverage;
        (question.dispersion, question.years) = (known.dispersion, known.years);
    }
    question.rate = asked.per_1000.map_or(question.rate, |number| number / 1000.0);
    question.years = asked.years.unwrap_or(question.years);
    question.dispersion = asked.dispersion.unwrap_or(question.dispersion);
    let outside = |name: &str| Failure::user(vec![Finding::error("feasibility-outside").with("name", name)]);
    let option = |name| if name == "rate" { "per-1000" } else { name };
    question.checked().map_err(|error| outside(option(error.name)))
}

/// Reads `name:areas:units`.
fn level(text: &str) -> Result<Level, Failure> {
    let parts: Vec<&str> = text.split(':').map(str::trim).collect();
    let wrong = || Failure::user(vec![Finding::error("feasibility-level-wrong").with("text", text)]);
    let [name, areas, units] = parts[..] else { return Err(wrong()) };
    match (areas.parse(), units.parse()) {
        (Ok(areas), Ok(units)) if !name.is_empty() => Ok(Level { name: name.to_owned(), areas, units }),
        _ => Err(wrong()),
    }
}

fn tell(context: &Context, question: &Question, found: &Answer) {
    let say = |code: &str, parameters: &[(&'static str, String)]| {
        context.say(&context.messages.text(code, parameters));
    };
    for level in &found.levels {
        say("feasibility-level", &of_level(question, level));
        say(verdict(level.deviation), &of_level(question, level));
        if level.deviation < ENOUGH {
            say(
                if level.deviation_years.is_some() { "feasibility-years" } else { "feasibility-never" },
                &of_level(question, level),
            );
            if level.deviation_ratio.is_some() {
                say("feasibility-ratio", &of_level(question, level));
            }
        }
        say("feasibility-trend", &of_level(question, level));
    }
    let all = of_all(question, found);
    say(if found.finest.is_some() { "feasibility-finest" } else { "feasibility-nowhere" }, &all);
    say("feasibility-all", &all);
    if question.delay > 0 || question.coverage < 1.0 {
        say("feasibility-late", &all);
    }
}

const fn verdict(chance: f64) -> &'static str {
    if chance >= ENOUGH { "feasibility-enough" } else { "feasibility-too-little" }
}

fn per_cent(chance: f64) -> String {
    format!("{:.0}", 100.0 * chance)
}

fn of_level(question: &Question, level: &LevelAnswer) -> Vec<(&'static str, String)> {
    vec![
        ("level", level.level.clone()),
        ("areas", level.areas.to_string()),
        ("expected", format!("{:.1}", level.expected)),
        ("ratio", format!("{:.2}", question.ratio)),
        ("found", per_cent(level.deviation)),
        ("needed", per_cent(ENOUGH)),
        ("years", level.deviation_years.unwrap_or_default().to_string()),
        ("smallest", format!("{:.2}", level.deviation_ratio.unwrap_or_default())),
        ("change", per_cent(question.change)),
        ("trend", per_cent(level.trend)),
    ]
}

fn of_all(question: &Question, found: &Answer) -> Vec<(&'static str, String)> {
    vec![
        ("level", found.finest.clone().unwrap_or_default()),
        ("change", per_cent(question.change)),
        ("trend", per_cent(found.trend_of_all)),
        ("effect", format!("{:.2}", question.effect)),
        ("found", per_cent(found.effect)),
        ("years", found.effect_years.map_or_else(|| "> 20".to_owned(), |years| years.to_string())),
        ("now", per_cent(found.levels.first().map_or(0.0, |level| level.deviation))),
        ("inTime", per_cent(found.in_time)),
        ("complete", per_cent(found.complete)),
        ("both", per_cent(found.in_time_and_complete)),
    ]
}
