//! Rates of all areas at once, each pulled towards rates that occur: nonparametric empirical Bayes
//! over a grid of rates (Kiefer and Wolfowitz 1956; Koenker and Mizera 2014). Unlike a Gamma prior
//! it does not force the quietest areas up to suit the busiest.

/// Points of the grid.
const GRID: usize = 160;
/// Rounds of EM.
const ROUNDS: usize = 80;

/// Posterior mean rate per unit of exposure of every area. `sums` are the (discounted) counts over
/// a common `exposure`; `dispersion` (at least 1) is how much wider than Poisson counts vary: the
/// likelihood is flattened by it.
#[must_use]
pub fn rates(sums: &[f64], exposure: f64, dispersion: f64) -> Vec<f64> {
    let highest = sums.iter().copied().fold(0.0, f64::max) / exposure;
    if highest <= 0.0 || exposure <= 0.0 {
        return vec![0.0; sums.len()];
    }
    let grid = grid(highest, exposure);
    let likelihood: Vec<[f64; GRID]> = sums.iter().map(|sum| likelihood(*sum, exposure, dispersion, &grid)).collect();
    let mut weights = [1.0 / real(GRID); GRID];
    for _ in 0..ROUNDS {
        let mut counted = [0.0; GRID];
        for row in &likelihood {
            let total: f64 = row.iter().zip(&weights).map(|(l, w)| l * w).sum();
            counted.iter_mut().zip(row.iter().zip(&weights)).for_each(|(c, (l, w))| *c += l * w / total);
        }
        weights = counted.map(|count| count / real(sums.len()));
    }
    let mean = |row: &[f64; GRID]| {
        let joint = || row.iter().zip(&weights).map(|(l, w)| l * w);
        joint().zip(&grid).map(|(weight, rate)| weight * rate).sum::<f64>() / joint().sum::<f64>()
    };
    likelihood.iter().map(mean).collect()
}

/// From a rate at which hardly anything is expected to a little above the highest seen.
fn grid(highest: f64, exposure: f64) -> [f64; GRID] {
    let low = (0.02 / exposure).min(highest / 50.0).ln();
    let step = ((1.1 * highest).ln() - low) / real(GRID - 1);
    std::array::from_fn(|at| (low + step * real(at)).exp())
}

/// Likelihood of a sum at every rate of the grid, the highest 1.
fn likelihood(sum: f64, exposure: f64, dispersion: f64, grid: &[f64; GRID]) -> [f64; GRID] {
    let ln = grid.map(|rate| (sum * (rate * exposure).ln() - rate * exposure) / dispersion);
    let highest = ln.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    ln.map(|ln| (ln - highest).exp())
}

#[expect(clippy::cast_precision_loss, reason = "a number of areas")]
const fn real(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_areas_stay_quiet_and_busy_ones_busy() {
        let sums: Vec<f64> = (0..200).map(|at| if at < 150 { f64::from(at % 2) } else { 100.0 }).collect();
        let found = rates(&sums, 24.0, 1.0);
        let quiet: f64 = found[..150].iter().sum::<f64>() / 150.0;
        assert!((quiet - 0.5 / 24.0).abs() < 0.004, "{quiet}");
        assert!((found[199] - 100.0 / 24.0).abs() < 0.15, "{}", found[199]);
    }

    #[test]
    fn an_empty_panel_has_rates_of_zero() {
        assert!(rates(&[0.0; 5], 10.0, 1.0).iter().all(|rate| *rate <= 0.0));
    }
}
