//! `kubus town`: a fictional municipality.

use super::{Context, Outcome};
use crate::arguments::Format;
use crate::town::{TownOptions, write_town};

pub(super) fn run(context: &Context, options: &TownOptions) -> Outcome {
    let stages = context.stages();
    let made = write_town(options, &|stage, done| stages.show(stage, done));
    stages.finish();
    let summary = made?;
    if context.format == Format::Json {
        context.say(&serde_json::to_string(&summary).unwrap_or_default());
        return Ok(());
    }
    let number = |value: usize| value.to_string();
    let parameters = [
        ("out", options.out.display().to_string()),
        ("residents", number(summary.residents)),
        ("postcodes", number(summary.postcodes)),
        ("files", number(summary.files)),
        ("rows", number(summary.rows)),
    ];
    context.say(&context.messages.text("town-made", &parameters));
    Ok(())
}
