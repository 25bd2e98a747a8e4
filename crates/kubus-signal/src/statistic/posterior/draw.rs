//! Random draws from a posterior: a component by its weight, then its Gamma or Beta.

use rand_xoshiro::Xoshiro256PlusPlus;

use crate::statistic::gamma_poisson::draw::{gamma, uniform};

use super::{Exposure, Posterior};

/// A component, found by the weight of it and those before it.
struct Component {
    up_to: f64,
    a: f64,
    b: f64,
    strength: f64,
}

impl Posterior {
    /// `count` draws of the relative rate.
    pub(crate) fn draws(&self, random: &mut Xoshiro256PlusPlus, count: usize) -> Vec<f64> {
        let components = self.ladder();
        let total = components.last().map_or(0.0, |last| last.up_to);
        let draw = |_| {
            let at = uniform(random) * total;
            let found = components.partition_point(|component| component.up_to < at);
            components.get(found).map_or(0.0, |component| self.draw(random, component))
        };
        (0..count).map(draw).collect()
    }

    fn ladder(&self) -> Vec<Component> {
        let mut up_to = 0.0;
        let mut components = Vec::new();
        for part in &self.runs {
            let mut i = 0.0;
            for weight in &part.weights {
                up_to += weight;
                components.push(Component { up_to, a: part.a + i, b: part.b - i, strength: part.strength });
                i += 1.0;
            }
        }
        components
    }

    fn draw(&self, random: &mut Xoshiro256PlusPlus, component: &Component) -> f64 {
        match self.exposure {
            Exposure::Events { expected } => gamma(random, component.a, component.strength + expected),
            Exposure::Share { share, .. } => {
                let (with, without) = (gamma(random, component.a, 1.0), gamma(random, component.b, 1.0));
                with / (with + without) / share
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;
    use crate::statistic::counts::{Counts, Run};
    use crate::statistic::posterior::Prior;

    fn agrees(exposure: Exposure) {
        let counts = Counts {
            runs: vec![
                Run { first: 0.0, likelihood: vec![1.0, 0.8, 0.3] },
                Run { first: 6.0, likelihood: vec![0.5, 0.5] },
            ],
        };
        let posterior = Posterior::new(exposure, Prior { mean: 1.2, strength: 3.0 }, &counts);
        let mut draws = posterior.draws(&mut Xoshiro256PlusPlus::seed_from_u64(1), 40_000);
        draws.sort_by(f64::total_cmp);
        for (at, probability) in [(1_000, 0.025), (20_000, 0.5), (39_000, 0.975)] {
            let cumulated = posterior.is_below(draws[at]);
            assert!((cumulated - probability).abs() < 0.01, "{exposure:?} {probability}: {cumulated}");
        }
    }

    #[test]
    fn draws_have_the_quantiles_of_the_closed_form() {
        agrees(Exposure::Events { expected: 4.0 });
        agrees(Exposure::Share { units: 20.0, share: 0.2 });
    }
}
