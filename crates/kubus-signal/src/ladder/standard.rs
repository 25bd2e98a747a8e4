//! What is expected of whom: the rates of the municipality, in total and for every group that the
//! indicator declares for standardisation.

use kubus_model::{Member, Period, Table};

use super::composition::filled;
use super::{Ladder, Step};

/// The groups by which the expectation is standardised.
#[derive(Debug, Clone, Default)]
pub(crate) struct Partitions {
    /// One partition per attribute.
    pub(crate) margins: Vec<Vec<Member>>,
    /// The combinations of all attributes, when they are published.
    pub(crate) joint: Vec<Member>,
    /// For every combination its group in each of `margins`.
    pub(crate) groups_of: Vec<Vec<usize>>,
}

/// Where the groups of [`Partitions`] are in a table.
#[derive(Debug, Clone, Default)]
pub(crate) struct Positions {
    /// One list per attribute.
    pub(crate) margins: Vec<Vec<Option<usize>>>,
    /// The combinations.
    pub(crate) joint: Vec<Option<usize>>,
}

/// The municipality's rates in one period.
#[derive(Debug, Clone)]
pub(crate) struct Reference {
    /// Events or units with the property, per unit.
    pub(crate) rate: f64,
    /// Rate of each group relative to `rate`, per attribute.
    margins: Vec<Relative>,
    /// The same for the combinations.
    joint: Option<Relative>,
}

/// The groups of one partition in the municipality.
#[derive(Debug, Clone)]
pub(crate) struct Relative {
    /// Rate relative to the total.
    pub(crate) rates: Vec<f64>,
    /// Share of the units (sums to 1).
    pub(crate) shares: Vec<f64>,
}

impl Partitions {
    /// The groups of the given attributes in a table.
    pub(crate) fn of(table: &Table, attributes: &[String]) -> Self {
        let of_one = |attribute: &String| -> Vec<Member> {
            let is = |m: &&Member| m.attributes.len() == 1 && m.attributes[0].0 == *attribute;
            table.members().iter().filter(is).cloned().collect()
        };
        let margins: Vec<Vec<Member>> = attributes.iter().map(of_one).filter(|m| m.len() > 1).collect();
        let all = |m: &&Member| {
            m.attributes.len() == attributes.len() && attributes.iter().all(|a| m.breakdown().any(|b| b == a))
        };
        let mut joint: Vec<Member> = table.members().iter().filter(all).cloned().collect();
        if attributes.len() < 2 || margins.len() < attributes.len() {
            joint.clear();
        }
        let groups_of = joint.iter().map(|m| margins.iter().filter_map(|margin| group_in(m, margin)).collect());
        let groups_of: Vec<Vec<usize>> = groups_of.collect();
        if groups_of.iter().any(|g| g.len() < margins.len()) {
            return Self { margins, ..Self::default() };
        }
        Self { margins, joint, groups_of }
    }

    /// Where the groups are in a table.
    pub(crate) fn positions(&self, table: &Table) -> Positions {
        let find = |members: &Vec<Member>| members.iter().map(|m| table.member_position(m)).collect();
        Positions { margins: self.margins.iter().map(find).collect(), joint: find(&self.joint) }
    }
}

/// The group of a partition by one attribute that a combination belongs to.
fn group_in(combination: &Member, margin: &[Member]) -> Option<usize> {
    margin.iter().position(|m| combination.attributes.contains(&m.attributes[0]))
}

/// Numerator and denominator of a group over all published areas of a step.
pub(crate) fn totals(step: &Step<'_>, period: usize, member: usize) -> Option<(f64, f64)> {
    let cell = |area| {
        let cell = step.table.cell(area, period, member);
        cell.numerator.zip(cell.denominator).filter(|_| cell.status.is_published())
    };
    let sums = (0..step.table.areas().len()).filter_map(cell).fold((0i64, 0i64), |s, c| (s.0 + c.0, s.1 + c.1));
    (sums.1 > 0).then(|| (real(sums.0), real(sums.1)))
}

/// Units of a group over all areas of a step that publish them.
fn units(step: &Step<'_>, period: usize, member: usize) -> Option<f64> {
    let cell = |area| step.table.cell(area, period, member).denominator;
    let sum: i64 = (0..step.table.areas().len()).filter_map(cell).sum();
    (sum > 0).then(|| real(sum))
}

impl Reference {
    /// The reference for a member in a period, from the coarsest level that has it; `None` when no
    /// level does or nothing happened. Only the total is standardised: a group is measured against
    /// the same group.
    pub(crate) fn of(ladder: &Ladder<'_>, period: Period, member: &Member) -> Option<Self> {
        let of_step = |step: &Step<'_>| {
            let at = step.table.period_position(period)?;
            let (count, whole) = totals(step, at, step.table.member_position(member)?)?;
            let rate = count / whole;
            let standardise = member.attributes.is_empty() && rate > 0.0;
            (rate > 0.0).then(|| if standardise { standardised(step, at, rate, whole) } else { plain(rate) })
        };
        ladder.steps.iter().find_map(of_step)
    }

    /// The rate expected of an area with this composition.
    pub(crate) fn expected(&self, composition: &super::composition::Composition) -> f64 {
        let factor = match (&self.joint, &composition.joint) {
            (Some(relative), Some(shares)) => relative.factor(shares),
            _ => self.margins.iter().zip(&composition.margins).map(|(r, shares)| r.factor(shares)).product(),
        };
        self.rate * factor
    }

    /// The groups of an attribute.
    pub(crate) fn margins(&self) -> &[Relative] {
        &self.margins
    }

    /// The combinations.
    pub(crate) const fn joint(&self) -> Option<&Relative> {
        self.joint.as_ref()
    }
}

impl Relative {
    /// How many times the municipality's rate is expected of units with these shares.
    fn factor(&self, shares: &[f64]) -> f64 {
        let sum = |shares: &[f64]| shares.iter().zip(&self.rates).map(|(s, r)| s * r).sum::<f64>();
        let own = sum(&self.shares);
        if own > 0.0 { (sum(shares) / own).max(1e-3) } else { 1.0 }
    }
}

const fn plain(rate: f64) -> Reference {
    Reference { rate, margins: Vec::new(), joint: None }
}

fn standardised(step: &Step<'_>, period: usize, rate: f64, whole: f64) -> Reference {
    let relative = |positions: &Vec<Option<usize>>| {
        let of_group = |at: &Option<usize>| at.and_then(|at| totals(step, period, at)).map(|(n, d)| n / d / rate);
        let counted: Vec<Option<f64>> = positions.iter().map(|at| at.and_then(|at| units(step, period, at))).collect();
        let even = vec![1.0; positions.len()];
        Relative {
            rates: positions.iter().map(|at| of_group(at).unwrap_or(1.0)).collect(),
            shares: filled(&counted, whole, &even),
        }
    };
    let joint = (!step.groups.joint.is_empty()).then(|| relative(&step.groups.joint));
    Reference { rate, margins: step.groups.margins.iter().map(relative).collect(), joint }
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
pub(crate) const fn real(count: i64) -> f64 {
    count as f64
}
