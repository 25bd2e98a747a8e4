//! Whether a release may be made at all: sources on time and complete, rules that can be kept.

use kubus_cube::exact::Cube;
use kubus_model::release::SourceStatement;
use kubus_model::{Finding, Measure, Ruleset};

use crate::ReleaseRefusal;
use crate::perturbation::PerturbationTable;

/// Checks every source against the rules.
pub(crate) fn sources(cube: &Cube, rules: &Ruleset) -> Result<(), ReleaseRefusal> {
    let unfit: Vec<Finding> = cube.sources.iter().flat_map(|source| unfit(source, rules)).collect();
    if unfit.is_empty() { Ok(()) } else { Err(ReleaseRefusal::Sources(unfit)) }
}

fn unfit(source: &SourceStatement, rules: &Ruleset) -> Vec<Finding> {
    let percent = |share: f64| format!("{:.1}", share * 100.0);
    let incomplete = source.completeness < rules.min_completeness;
    let late = source.late_days.zip(rules.max_delay_days).filter(|(late, most)| late > most);
    let incomplete = incomplete.then(|| {
        Finding::error("release-source-incomplete")
            .source(&source.id)
            .with("completeness", percent(source.completeness))
            .with("least", percent(rules.min_completeness))
    });
    let late = late.map(|(late, most)| {
        Finding::error("release-source-late").source(&source.id).with("days", late).with("most", most)
    });
    incomplete.into_iter().chain(late).collect()
}

/// The noise table of the rules, when the rules can be kept.
pub(crate) fn noise(cube: &Cube, rules: &Ruleset) -> Result<PerturbationTable, ReleaseRefusal> {
    let refuse = |reason: &str| Err(ReleaseRefusal::Rules(reason.to_owned()));
    if rules.min_count < 2 || rules.min_count_sensitive < rules.min_count {
        return refuse("min_count must be at least 2, and min_count_sensitive at least min_count");
    }
    if !(rules.max_group_share > 0.0 && rules.max_group_share <= 1.0) {
        return refuse("max_group_share must be above 0 and at most 1");
    }
    match rules.perturbation {
        None if cube.indicators.iter().any(|i| i.measure != Measure::Mean) => {
            refuse("counts of people need perturbation; only means and public figures can do without")
        }
        None => Ok(PerturbationTable::without_noise()),
        Some(asked) if asked.max_noise == 0 => refuse("perturbation.max_noise must be at least 1"),
        Some(asked) => PerturbationTable::new(asked).map_err(|e| ReleaseRefusal::Rules(e.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use kubus_model::rule::PerturbationParameters;

    use super::*;
    use crate::sample;

    #[test]
    fn a_late_or_incomplete_source_stops_the_release() {
        let (mut cube, mut rules) = (sample::cube(1), sample::rules());
        cube.sources.push(sample::source(0.93, 12));
        assert!(sources(&cube, &rules).is_ok());
        (rules.min_completeness, rules.max_delay_days) = (0.95, Some(10));
        let Err(ReleaseRefusal::Sources(found)) = sources(&cube, &rules) else { panic!("it was let through") };
        let codes: Vec<&str> = found.iter().map(|f| f.code.as_str()).collect();
        assert_eq!(codes, ["release-source-incomplete", "release-source-late"]);
    }

    #[test]
    fn rules_that_protect_nobody_are_refused() {
        let cube = sample::cube(1);
        let refused = |change: &dyn Fn(&mut Ruleset)| {
            let mut rules = sample::rules();
            change(&mut rules);
            matches!(noise(&cube, &rules), Err(ReleaseRefusal::Rules(_)))
        };
        assert!(refused(&|r| r.min_count = 1));
        assert!(refused(&|r| r.min_count_sensitive = 3));
        assert!(refused(&|r| r.max_group_share = 0.0));
        assert!(refused(&|r| r.perturbation = None));
        assert!(refused(&|r| r.perturbation.as_mut().unwrap().max_noise = 0));
        let impossible = PerturbationParameters { max_noise: 5, variance: 0.5, unused_small_counts: 2 };
        assert!(refused(&|r| r.perturbation = Some(impossible)));
        assert!(!refused(&|_| ()));
    }
}
