//! Burglaries of homes, sheds and cars: by month and postcode. Near repeats: they follow hot spots
//! that move through the neighbourhoods ([`crate::town::wave`]). Far more of them than in a real
//! town, so that a neighbourhood has enough in a month to show.

use super::Town;
use crate::town::random::Dice;
use crate::town::wave;

/// Burglaries per address in a month, outside the hot spots.
const A_MONTH: f64 = 0.006;
/// So many times as many where it is hot.
pub(in crate::town) const HOT: f64 = 4.0;

/// A burglary.
#[derive(Debug)]
pub(in crate::town) struct Burglary {
    /// Month (position).
    pub(in crate::town) month: usize,
    /// Postcode (position).
    pub(in crate::town) postcode: usize,
    /// What was broken into.
    pub(in crate::town) kind: &'static str,
}

/// Draws the register, by month and postcode.
pub(in crate::town) fn burglaries(town: &Town) -> Vec<Burglary> {
    let hot = wave::hot(town.seed, &town.ground, town.calendar.months());
    let mut found = Vec::new();
    for (at, postcode) in town.ground.postcodes.iter().enumerate() {
        let neighbourhood = town.ground.neighbourhood_of(at);
        let mut dice = Dice::new(town.seed, "burglary", at);
        let usual = A_MONTH * postcode.addresses.len() as f64 * dice.between(0.7, 1.3);
        for (month, hot) in hot.iter().enumerate() {
            let times = if hot.contains(&neighbourhood) { HOT } else { 1.0 };
            for _ in 0..dice.count(usual * times * (1.0 + 0.15 * town.calendar.winter(month))) {
                found.push(Burglary { month, postcode: at, kind: dice.pick(&["woning", "woning", "schuur", "auto"]) });
            }
        }
    }
    found.sort_by_key(|b| (b.month, b.postcode));
    found
}
