//! `kubus drill`: in which groups of a table a deviation sits.

use std::path::Path;

use csv::{ByteRecord, ReaderBuilder};
use kubus_model::Finding;
use kubus_signal::drill::{self, DrillError, Drilled, Explanation, Group, LISTED, Measure, Options, Side, Standing};
use kubus_signal::drill::{Table, TableBuilder};

use super::{Context, Failure, Outcome};
use crate::arguments::{DrillArguments, DrillSide, Format};

/// A table with how many of its rows could not be used.
struct Sheet {
    table: Table,
    /// Rows without a value for the target or the exposure.
    missing: u64,
}

pub(super) fn run(context: &Context, asked: &DrillArguments) -> Outcome {
    let sheet = read(asked)?;
    let options = Options {
        depth: usize::from(asked.depth),
        top: usize::from(asked.top),
        side: match asked.side {
            DrillSide::Higher => Side::Higher,
            DrillSide::Lower => Side::Lower,
            DrillSide::Both => Side::Both,
        },
        smallest: asked.smallest,
        draws: asked.significance as usize,
        seed: asked.seed,
    };
    let search = || drill::drill(&sheet.table, &options);
    let threads = rayon::ThreadPoolBuilder::new().num_threads(asked.jobs.unwrap_or(0)).build();
    let found = threads.map_or_else(|_| search(), |pool| pool.install(search)).map_err(|error| explain(&error))?;
    if asked.json || context.format == Format::Json {
        context.say(&json(&found, &sheet, asked));
    } else {
        tell(context, &found, &sheet, asked);
    }
    Ok(())
}

fn json(found: &Drilled, sheet: &Sheet, asked: &DrillArguments) -> String {
    let (draws, seed) = (asked.significance, asked.seed);
    serde_json::json!({"missing": sheet.missing, "draws": draws, "seed": seed, "found": found}).to_string()
}

/// Which columns of a file are what.
struct Columns {
    target: usize,
    exposure: Option<usize>,
    /// The characteristics with their names.
    others: Vec<(usize, String)>,
}

impl Columns {
    fn of(header: &csv::StringRecord, asked: &DrillArguments, file: &str) -> Result<Self, Failure> {
        let names: Vec<&str> = header.iter().map(|name| name.trim().trim_start_matches('\u{feff}')).collect();
        let find = |wanted: &String| {
            let missing = || Finding::error("drill-column-missing").file(file).with("name", wanted);
            names.iter().position(|name| name == wanted).ok_or_else(|| Failure::user(vec![missing()]))
        };
        let target = find(&asked.target)?;
        let exposure = asked.exposure.as_ref().map(find).transpose()?;
        let places: Vec<usize> = if asked.columns.is_empty() {
            (0..names.len()).filter(|at| *at != target && Some(*at) != exposure).collect()
        } else {
            asked.columns.iter().map(find).collect::<Result<_, _>>()?
        };
        let others = places.into_iter().map(|at| (at, names[at].to_owned())).collect();
        Ok(Self { target, exposure, others })
    }
}

/// Reads the rows of the file, and counts them.
fn read(asked: &DrillArguments) -> Result<Sheet, Failure> {
    let file = asked.input.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let unreadable = |reason: csv::Error| {
        Failure::user(vec![Finding::error("drill-unreadable").file(file.clone()).with("reason", reason)])
    };
    let mut reader =
        ReaderBuilder::new().buffer_capacity(1 << 18).from_path::<&Path>(&asked.input).map_err(unreadable)?;
    let columns = Columns::of(&reader.headers().map_err(unreadable)?.clone(), asked, &file)?;
    let measure = if columns.exposure.is_some() { Measure::Rate } else { Measure::Share };
    let names: Vec<&str> = columns.others.iter().map(|(_, name)| name.as_str()).collect();
    let mut table = TableBuilder::new(measure, &names);
    let (mut record, mut row, mut missing) = (ByteRecord::new(), 1, 0);
    while reader.read_byte_record(&mut record).map_err(unreadable)? {
        row += 1;
        let wrong =
            |code: &str, column: &str| Failure::user(vec![Finding::error(code).file(&file).row(row).column(column)]);
        let text = |at: usize| std::str::from_utf8(record.get(at).unwrap_or_default().trim_ascii()).ok();
        let values: Option<Vec<&str>> = columns.others.iter().map(|(at, _)| text(*at)).collect();
        let values = values.ok_or_else(|| wrong("drill-not-text", &names.join(", ")))?.into_iter();
        let exposure = columns.exposure.map(|at| text(at).unwrap_or_default());
        let target = text(columns.target).unwrap_or_default();
        if target.is_empty() || exposure == Some("") {
            missing += 1;
            continue;
        }
        let added = match exposure {
            None => table.row(values, truth(target).ok_or_else(|| wrong("drill-target-wrong", &asked.target))?),
            Some(exposure) => {
                let number =
                    |text: &str, column: &str| text.parse::<f64>().map_err(|_| wrong("drill-number-wrong", column));
                let exposed = number(exposure, asked.exposure.as_deref().unwrap_or_default())?;
                table.counted(values, number(target, &asked.target)?, exposed)
            }
        };
        added.map_err(|error| match error {
            DrillError::Impossible(_) => wrong("drill-number-wrong", &asked.target),
            other => explain(&other),
        })?;
    }
    Ok(Sheet { table: table.finish().map_err(|error| explain(&error))?, missing })
}

/// What a cell of the target says.
fn truth(text: &str) -> Option<bool> {
    match text {
        "1" => Some(true),
        "0" => Some(false),
        _ if text.eq_ignore_ascii_case("true") => Some(true),
        _ if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

fn explain(error: &DrillError) -> Failure {
    Failure::user(vec![match error {
        DrillError::ManyValues(column) => {
            Finding::error("drill-many-values").with("name", column).with("most", drill::table::MOST_VALUES)
        }
        DrillError::ManyColumns(columns) => Finding::error("drill-many-columns").with("columns", columns),
        DrillError::ManyGroups(groups) => Finding::error("drill-many-groups").with("groups", groups),
        DrillError::ManyCases => Finding::error("drill-many-cases"),
        DrillError::Nothing | DrillError::Impossible(_) => Finding::error("drill-nothing"),
    }])
}

fn tell(context: &Context, found: &Drilled, sheet: &Sheet, asked: &DrillArguments) {
    let say = |code: &str, parameters: &[(&str, String)]| context.say(&context.messages.text(code, parameters));
    let rate = found.cases / found.exposure;
    let share = asked.exposure.is_none();
    let all = [
        ("cases", found.cases.to_string()),
        ("exposure", amount(found.exposure)),
        ("rate", if share { format!("{:.1}", 100.0 * rate) } else { format!("{rate:.4}") }),
        ("groups", found.groups.to_string()),
        ("depth", asked.depth.to_string()),
        ("draws", asked.significance.to_string()),
        ("missing", sheet.missing.to_string()),
        ("listed", LISTED.to_string()),
    ];
    say(if share { "drill-all-share" } else { "drill-all-rate" }, &all);
    if sheet.missing > 0 {
        say("drill-missing", &all);
    }
    let (with, without) = ("drill-searched", "drill-searched-bound");
    say(if asked.significance > 0 { with } else { without }, &all);
    if found.explanations.is_empty() {
        say("drill-none", &all);
    }
    for (number, explanation) in (1..).zip(&found.explanations) {
        say(standing(explanation), &parameters(context, number, explanation, found));
    }
    say("drill-no-cause", &all);
}

const fn standing(explanation: &Explanation) -> &'static str {
    match explanation.standing {
        Standing::First => "drill-first",
        Standing::Apart => "drill-apart",
        Standing::Within(_) => "drill-within",
    }
}

fn parameters(
    context: &Context,
    number: usize,
    explanation: &Explanation,
    found: &Drilled,
) -> [(&'static str, String); 9] {
    let group = &explanation.group;
    let whole = if let Standing::Within(at) = explanation.standing { at + 1 } else { number };
    let hangs = |other: &&Group| other.explanation == Some(number - 1) && other.conditions != group.conditions;
    let p = if explanation.p < 0.0001 { "< 0.0001".to_owned() } else { format!("{:.4}", explanation.p) };
    [
        ("number", number.to_string()),
        ("whole", whole.to_string()),
        ("group", members(context, group)),
        ("cases", group.cases.to_string()),
        ("exposure", amount(group.exposure)),
        ("expected", format!("{:.1}", group.expected)),
        ("ratio", format!("{:.2}", group.ratio)),
        ("p", p),
        ("others", found.list.iter().filter(hangs).count().to_string()),
    ]
}

/// The members of a group in words.
fn members(context: &Context, group: &Group) -> String {
    let word = |code: &str| context.messages.text(code, &[]);
    let one = |(column, value): &(String, String)| {
        let value = if value.is_empty() { word("drill-empty") } else { value.clone() };
        format!("{column} = {value}")
    };
    let parts: Vec<String> = group.conditions.iter().map(one).collect();
    parts.join(&format!(" {} ", word("drill-and")))
}

/// An exposure without decimals that say nothing.
fn amount(exposure: f64) -> String {
    if exposure.fract() == 0.0 { exposure.to_string() } else { format!("{exposure:.1}") }
}
