//! From declared counts to exact tables. Called by [`super::build`].

use super::figures::Columns;
use super::world::World;
use super::{events, figures, survey, units};
use crate::aggregate::AggregateError;
use crate::build::Progress;
use crate::declaration::{Count, IndicatorDeclaration};
use crate::exact::ExactTable;
use crate::link::{Refused, share};

/// Why an indicator was not counted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CountError {
    /// What was declared does not fit what was delivered.
    #[error("{}", .0.code)]
    Declared(Refused),
    /// The kernel refused.
    #[error(transparent)]
    Kernel(#[from] AggregateError),
}

impl From<Refused> for CountError {
    fn from(refused: Refused) -> Self {
        Self::Declared(refused)
    }
}

/// The tables of every indicator, in declared order.
pub(crate) fn count(world: &World<'_>, progress: Progress<'_>) -> Result<Vec<ExactTable>, CountError> {
    let indicators = &world.declarations.indicators;
    let mut tables = Vec::new();
    for (done, indicator) in indicators.iter().enumerate() {
        progress("count", share(done, indicators.len()));
        tables.extend(tables_of(world, indicator).map_err(|error| about(error, indicator))?);
    }
    progress("count", 1.0);
    Ok(tables)
}

fn tables_of(world: &World<'_>, indicator: &IndicatorDeclaration) -> Result<Vec<ExactTable>, CountError> {
    match &indicator.count {
        Count::Units { denominator, numerator } => units::tables(world, indicator, denominator, numerator.as_ref()),
        Count::Events { source, condition, denominator } => {
            events::tables(world, indicator, source, condition.as_deref(), denominator.as_ref())
        }
        Count::Survey { source, value } => survey::tables(world, indicator, source, value),
        Count::Figures { source, also, value, denominator, weight } => {
            let sources: Vec<&str> = std::iter::once(source).chain(also).map(String::as_str).collect();
            let columns = Columns { value, denominator: denominator.as_deref(), weight: weight.as_deref() };
            figures::tables(world, indicator, &sources, columns)
        }
    }
}

fn about(error: CountError, indicator: &IndicatorDeclaration) -> CountError {
    match error {
        CountError::Declared(finding) => CountError::Declared(Box::new(finding.with("indicator", &indicator.id))),
        kernel => kernel,
    }
}
