//! `kubus watch`: is the newest count of an area higher than its past gives reason to expect.

mod panel;

use std::fmt::Write as _;

use kubus_signal::time::backtest::{Trial, Verdict};
use kubus_signal::time::threshold::{Method, Scale};
use kubus_signal::time::watch::{Newest, Said, Watched, watch};
use kubus_signal::time::{Bar, Detector, Setting, Silent};

use super::space::table::state;
use super::{Context, Outcome};
use crate::arguments::{Format, Power, Threshold, WatchArguments};
use panel::Panel;

pub(super) fn run(context: &Context, asked: &WatchArguments) -> Outcome {
    let panel = panel::read(&asked.input)?;
    let scale = match asked.power {
        Power::One => Scale::Identity,
        Power::Half => Scale::Half,
        Power::TwoThirds => Scale::TwoThirds,
    };
    let setting = Setting {
        season: panel.season,
        alpha: asked.alpha,
        method: match asked.threshold {
            Threshold::Predictive => Method::Predictive,
            Threshold::Delta => Method::Delta(scale),
            Threshold::Nb => Method::NegativeBinomial,
            Threshold::Muan => Method::UpperMean,
        },
        fewest: asked.fewest,
        ratio: asked.ratio,
        seed: asked.seed,
    };
    let found = watch(&panel.series, &setting);
    match context.format {
        _ if asked.json => context.say(&json(&panel, &found)),
        Format::Json => context.say(&json(&panel, &found)),
        Format::Csv => context.say(csv(&panel, &found).trim_end()),
        Format::Text => tell(context, &panel, &found, &setting),
    }
    Ok(())
}

/// One line per area and detector that speaks; of an area without a count its status.
fn csv(panel: &Panel, found: &Watched) -> String {
    let mut text = "area,period,status,detector,observed,expected,threshold,alarm\n".to_owned();
    for (area, newest) in panel.areas.iter().zip(&found.newest) {
        let area = if area.contains([',', '"']) { format!("\"{}\"", area.replace('"', "\"\"")) } else { area.clone() };
        let start = format!("{area},{}", panel.newest);
        // Writing to a String does not fail.
        let _ = match newest {
            Newest::Missing(status) => writeln!(text, "{start},{},,,,,", state(Some(*status))),
            Newest::Counted { count, said } => found.speaking.iter().zip(said).try_for_each(|(detector, said)| {
                let name = name(*detector);
                match said {
                    Said::Silent(why) => writeln!(text, "{start},{},{name},{count},,,", silent(*why)),
                    Said::Usual(Bar { expected, threshold }) => {
                        writeln!(text, "{start},value,{name},{count},{expected:.4},{threshold:.4},false")
                    }
                    Said::Alarm(Bar { expected, threshold }) => {
                        writeln!(text, "{start},value,{name},{count},{expected:.4},{threshold:.4},true")
                    }
                }
            }),
        };
    }
    text
}

fn json(panel: &Panel, found: &Watched) -> String {
    serde_json::json!({"period": panel.newest, "areas": panel.areas, "found": found}).to_string()
}

const fn name(detector: Detector) -> &'static str {
    match detector {
        Detector::Farrington => "farrington",
        Detector::Cusum => "cusum",
        Detector::EarsC1 => "ears-c1",
        Detector::EarsC2 => "ears-c2",
        Detector::EarsC3 => "ears-c3",
        Detector::Seven => "seven",
    }
}

const fn silent(why: Silent) -> &'static str {
    match why {
        Silent::ShortPast => "short_past",
        Silent::Gaps => "gaps",
        Silent::NoFit => "no_fit",
        Silent::TooSmall => "too_small",
    }
}

fn tell(context: &Context, panel: &Panel, found: &Watched, setting: &Setting) {
    let say = |code: &str, parameters: &[(&str, String)]| context.say(&context.messages.text(code, parameters));
    for trial in &found.trials {
        say(verdict(trial.verdict), &of_trial(context, trial, setting));
    }
    if found.speaking.is_empty() {
        say("watch-nobody", &[]);
        return;
    }
    let (mut alarms, mut counted, mut missing, mut quiet, mut judged) = (0, 0, 0, 0, 0_u32);
    for (area, newest) in panel.areas.iter().zip(&found.newest) {
        let Newest::Counted { count, said } = newest else {
            missing += 1;
            continue;
        };
        counted += 1;
        let spoken = said.iter().filter(|said| !matches!(said, Said::Silent(_))).count();
        quiet += usize::from(spoken == 0);
        judged += u32::try_from(spoken).unwrap_or(u32::MAX);
        for (detector, said) in found.speaking.iter().zip(said) {
            if let Said::Alarm(bar) = said {
                alarms += 1;
                let sum = matches!(detector, Detector::Cusum);
                say(
                    if sum { "watch-alarm-sum" } else { "watch-alarm" },
                    &of_alarm(context, area, *count, *detector, bar),
                );
            }
        }
    }
    let all = [
        ("areas", counted.to_string()),
        ("missing", missing.to_string()),
        ("quiet", quiet.to_string()),
        ("period", panel.newest.clone()),
        ("alarms", alarms.to_string()),
        ("chance", format!("{:.1}", setting.alpha * f64::from(judged))),
    ];
    say("watch-all", &all);
    say("watch-no-cause", &all);
}

const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Kept => "watch-kept",
        Verdict::Untested => "watch-untested",
        Verdict::TooManyAlarms => "watch-too-many-alarms",
        Verdict::TooLittlePower => "watch-too-little-power",
        Verdict::NeverSpoke => "watch-never-spoke",
    }
}

fn in_words(context: &Context, detector: Detector) -> String {
    context.messages.text(&format!("watch-{}", name(detector)), &[])
}

fn per_cent(share: f64) -> String {
    format!("{:.1}", 100.0 * share)
}

fn of_trial(context: &Context, trial: &Trial, setting: &Setting) -> [(&'static str, String); 10] {
    [
        ("detector", in_words(context, trial.detector)),
        ("periods", trial.periods.to_string()),
        ("alarms", per_cent(trial.alarms)),
        ("low", per_cent(trial.alarms_interval.0)),
        ("high", per_cent(trial.alarms_interval.1)),
        ("promised", per_cent(setting.alpha)),
        ("power", per_cent(trial.power)),
        ("ratio", setting.ratio.to_string()),
        ("lasting", trial.lasting.to_string()),
        ("least", format!("{:.1}", trial.detector.least(setting))),
    ]
}

fn of_alarm(context: &Context, area: &str, count: u32, detector: Detector, bar: &Bar) -> [(&'static str, String); 5] {
    [
        ("area", area.to_owned()),
        ("count", count.to_string()),
        ("expected", format!("{:.1}", bar.expected)),
        ("threshold", format!("{:.1}", bar.threshold)),
        ("detector", in_words(context, detector)),
    ]
}
