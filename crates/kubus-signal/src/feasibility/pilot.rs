//! Base rate and spread from a trial delivery: a panel of counts.

use crate::forecast::Panel;
use crate::forecast::season::{factors, real};

/// What a trial delivery tells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pilot {
    /// Events per area and year.
    pub per_area_and_year: f64,
    /// Variance of a count over its mean, after each area's own level and the season; at least 1.
    pub dispersion: f64,
    /// Years.
    pub years: f64,
}

/// What a panel tells: Pearson's statistic over its degrees of freedom (McCullagh and Nelder 1989).
#[must_use]
pub fn pilot(panel: &Panel) -> Pilot {
    let (season, periods, areas) = (panel.season(), panel.periods.len(), panel.areas.len());
    let factors = factors(&panel.totals(), season);
    let exposure: f64 = (0..periods).map(|at| factors[at % season]).sum();
    let total = |area: usize| panel.counts.iter().map(|counts| counts[area]).sum::<f64>();
    let rates: Vec<f64> = (0..areas).map(|area| total(area) / exposure).collect();
    let (mut pearson, mut seen) = (0.0, 0.0);
    for (area, rate) in rates.iter().enumerate().filter(|(_, rate)| **rate > 0.0) {
        for (at, counts) in panel.counts.iter().enumerate() {
            let mean = rate * factors[at % season];
            pearson += (counts[area] - mean).powi(2) / mean;
        }
        seen += real(periods - 1);
    }
    let years = real(periods) / real(season);
    let events: f64 = panel.totals().iter().sum();
    Pilot {
        per_area_and_year: events / real(areas) / years,
        dispersion: if seen > 0.0 { (pearson / seen).max(1.0) } else { 1.0 },
        years,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::study::drawn;

    #[test]
    fn the_planted_rate_and_spread_are_found() {
        // Mean 3 with size 6: variance over mean 1.5.
        let found = pilot(&drawn(150, 48, 3, |_, _| 3.0));
        assert!((found.per_area_and_year - 36.0).abs() < 0.6 && (found.dispersion - 1.5).abs() < 0.05, "{found:?}");
        assert!((found.years - 4.0).abs() < 1e-12);
    }
}
