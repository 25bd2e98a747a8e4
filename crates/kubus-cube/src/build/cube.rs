//! The cube out of its tables, with what was declared about them. Called by [`super::build`].

use std::collections::BTreeMap;

use kubus_model::Indicator;
use kubus_model::release::SourceStatement;

use crate::area::Geography;
use crate::declaration::{Count, Declarations, IndicatorDeclaration, Texts, Unit};
use crate::exact::{Cube, ExactTable};

/// Puts a cube together.
pub(crate) fn assemble(
    declarations: Declarations,
    geography: Geography,
    tables: Vec<ExactTable>,
    sources: Vec<SourceStatement>,
    findings: Vec<kubus_model::Finding>,
) -> Cube {
    let indicators = declarations.indicators.iter().map(|indicator| describe(&declarations, indicator)).collect();
    Cube {
        indicators,
        labels: labels(&declarations),
        town: declarations.town.id,
        municipality: declarations.town.municipality,
        rules: declarations.rules,
        tables,
        levels: geography.levels,
        areas: geography.areas,
        geometry: geography.geometry,
        sources,
        findings,
    }
}

fn describe(declarations: &Declarations, declared: &IndicatorDeclaration) -> Indicator {
    Indicator {
        id: declared.id.clone(),
        name: declared.name.clone(),
        description: declared.description.clone(),
        guidance: declared.guidance.clone(),
        does_not_say: declared.does_not_say.clone(),
        theme: declared.theme.clone(),
        measure: declared.measure,
        unit: unit(declared).to_owned(),
        unit_name: declared.unit.clone(),
        per: declared.per,
        decimals: declared.decimals,
        direction: declared.direction,
        levels: declared.levels.clone(),
        breakdowns: declared.breakdowns.clone(),
        standardise: declared.standardise.clone(),
        evidence: declared.evidence.clone(),
        sources: sources(declarations, declared),
        sensitive: declared.sensitive,
        exceedance: declared.exceedance,
        take_up: declared.take_up,
    }
}

/// What is counted, as a release names it.
fn unit(declared: &IndicatorDeclaration) -> &'static str {
    match (&declared.count, declared.counts) {
        (Count::Survey { .. }, _) => "respondent",
        (Count::Figures { .. }, _) => "figure",
        (_, Some(Unit::Household)) => "household",
        _ => "person",
    }
}

/// The sources that an indicator is made of, the population included.
fn sources(declarations: &Declarations, declared: &IndicatorDeclaration) -> Vec<String> {
    let population = declarations.town.population.iter().cloned();
    let mut sources: Vec<String> = match &declared.count {
        Count::Survey { source, .. } => vec![source.clone()],
        Count::Figures { source, also, .. } => std::iter::once(source).chain(also).cloned().collect(),
        Count::Events { source, denominator, .. } => {
            std::iter::once(source.clone()).chain(population.filter(|_| denominator.is_some())).collect()
        }
        Count::Units { denominator, numerator } => {
            let sets = std::iter::once(denominator).chain(numerator);
            let linked = sets.flat_map(|set| set.with.iter().chain(&set.without)).map(|link| link.source.clone());
            population.chain(linked).collect()
        }
    };
    let attributes = declarations.town.attributes.iter();
    let used = attributes.filter(|attribute| declared.breakdowns.iter().flatten().any(|name| *name == attribute.id));
    sources.extend(used.filter_map(|attribute| attribute.linked.as_ref().map(|link| link.source.clone())));
    let mut seen = std::collections::BTreeSet::new();
    sources.retain(|source| seen.insert(source.clone()));
    sources
}

/// Names of attributes (`tenure`), of their values (`tenure=koop`) and of themes (`theme=geld`).
fn labels(declarations: &Declarations) -> BTreeMap<String, Texts> {
    let town = &declarations.town;
    let themes = town.themes.iter().map(|theme| (format!("theme={}", theme.id), theme.name.clone()));
    let attributes = town.attributes.iter().flat_map(|attribute| {
        let values = attribute.values.iter();
        let values = values.map(|value| (format!("{}={}", attribute.id, value.id), value.name.clone()));
        std::iter::once((attribute.id.clone(), attribute.name.clone())).chain(values)
    });
    themes.chain(attributes).collect()
}
