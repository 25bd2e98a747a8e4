//! `rules.toml`: thresholds that can be meant, and levels that exist.

use super::{Check, Place};

pub(super) fn check(check: &mut Check<'_>) {
    let rules = &check.declared.rules;
    let place = Place::file("rules.toml");
    check.filled(&place.key("name"), &rules.name);
    whole(check, &place.key("min_count"), rules.min_count, 0);
    whole(check, &place.key("min_count_sensitive"), rules.min_count_sensitive, rules.min_count);
    for (level, least) in &rules.min_population {
        let place = place.key("min_population").key(level);
        check.level(&place, level);
        whole(check, &place, *least, 0);
    }
    check.between(&place.key("max_group_share"), rules.max_group_share, 0.01, 1.0);
    check.between(&place.key("min_completeness"), rules.min_completeness, 0.0, 1.0);
    if let Some(noise) = rules.perturbation {
        let place = place.key("perturbation");
        check.between(&place.key("max_noise"), f64::from(noise.max_noise), 1.0, 100.0);
        check.between(&place.key("variance"), noise.variance, 0.01, f64::from(noise.max_noise).powi(2));
    }
    if let Some(days) = rules.max_delay_days {
        whole(check, &place.key("max_delay_days"), days, 0);
    }
}

/// Most units or days a threshold may ask.
const MOST: i64 = 1_000_000;

#[expect(clippy::cast_precision_loss, reason = "a bound in a message; thresholds are far below 2^53")]
fn whole(check: &mut Check<'_>, place: &Place, number: i64, low: i64) {
    check.between(place, number as f64, low as f64, MOST as f64);
}
