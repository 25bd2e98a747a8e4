//! What is promised with a release, in words, with the numbers of its own rules. The general page
//! is `docs/privacy/promise.md`.

use std::collections::BTreeMap;

use kubus_model::Ruleset;

const DUTCH: &str = include_str!("nl.md");
const ENGLISH: &str = include_str!("en.md");
const NO_NOISE_DUTCH: &str = include_str!("public-nl.md");
const NO_NOISE_ENGLISH: &str = include_str!("public-en.md");

/// The promise by language, for the manifest.
#[must_use]
pub fn promise(rules: &Ruleset) -> BTreeMap<String, String> {
    let (dutch, english) =
        if rules.perturbation.is_some() { (DUTCH, ENGLISH) } else { (NO_NOISE_DUTCH, NO_NOISE_ENGLISH) };
    BTreeMap::from([("nl".to_owned(), filled(dutch, rules)), ("en".to_owned(), filled(english, rules))])
}

/// The promise in both languages, as the file `promise.md`.
pub(crate) fn full_text(rules: &Ruleset) -> String {
    let texts = promise(rules);
    ["nl", "en"].iter().filter_map(|language| texts.get(*language)).cloned().collect::<Vec<_>>().join("\n---\n\n")
}

fn filled(text: &str, rules: &Ruleset) -> String {
    let noise = rules.perturbation;
    let values = [
        ("{rules}", rules.name.clone()),
        ("{min_count}", rules.min_count.to_string()),
        ("{min_count_sensitive}", rules.min_count_sensitive.to_string()),
        ("{max_group_share}", format!("{:.0}", rules.max_group_share * 100.0)),
        ("{max_noise}", noise.map_or_else(String::new, |n| n.max_noise.to_string())),
        ("{variance}", noise.map_or_else(String::new, |n| n.variance.to_string())),
    ];
    values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn every_number_of_the_rules_is_filled_in_and_none_is_left_open() {
        let text = full_text(&sample::rules());
        assert!(text.contains('5') && text.contains("10") && text.contains("90"));
        assert!(!text.contains('{') && !text.contains('}'));
    }
}
