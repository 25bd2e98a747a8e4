//! Sentences and words of the window outside the front end: command line and exports. They stand
//! in `lang/*.ftl` (Fluent).

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use serde::Deserialize;

const DUTCH: &str = include_str!("../lang/nl.ftl");
const ENGLISH: &str = include_str!("../lang/en.ftl");

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, utoipa::ToSchema, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// Nederlands.
    #[default]
    Nl,
    /// English.
    En,
}

impl Language {
    /// The language code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Nl => "nl",
            Self::En => "en",
        }
    }
}

/// All sentences of one language.
pub struct Messages(FluentBundle<FluentResource>);

impl Messages {
    /// The sentences of a language.
    #[must_use]
    pub fn of(language: Language) -> Self {
        let text = match language {
            Language::Nl => DUTCH,
            Language::En => ENGLISH,
        };
        let mut bundle = FluentBundle::new_concurrent(vec![unic_langid::LanguageIdentifier::default()]);
        bundle.set_use_isolating(false);
        let (Ok(resource) | Err((resource, _))) = FluentResource::try_new(text.to_owned());
        // There is one file per language, so no code can be there twice.
        let _ = bundle.add_resource(resource);
        Self(bundle)
    }

    /// The sentence of a code; the code itself when there is none.
    #[must_use]
    pub fn text(&self, code: &str, parameters: &[(&str, String)]) -> String {
        let mut arguments = FluentArgs::new();
        parameters.iter().for_each(|(name, value)| arguments.set(*name, value.as_str()));
        let message = self.0.get_message(code).and_then(|message| message.value());
        let format = |pattern| self.0.format_pattern(pattern, Some(&arguments), &mut Vec::new()).into_owned();
        message.map_or_else(|| code.to_owned(), format)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_sentences() {
        let codes = |text: &str| -> Vec<String> {
            assert!(FluentResource::try_new(text.to_owned()).is_ok());
            text.lines().filter_map(|line| line.split_once(" =")).map(|(code, _)| code.to_owned()).collect()
        };
        assert_eq!(codes(DUTCH), codes(ENGLISH));
        assert_eq!(
            Messages::of(Language::Nl).text("sign-in", &[("name", "a".into()), ("password", "b".into())]),
            "sign-in: a b"
        );
    }
}
