//! Findings in words. Sentences stand in `lang/<language>/*.ftl` (Fluent); a finding is a code
//! with parameters, and this is the only place where the workshop makes sentences of it.

use std::fmt::Write;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use include_dir::{Dir, include_dir};
use kubus_model::{Finding, Severity};

static TEXTS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/lang");

/// A language of the messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Language {
    /// Nederlands.
    Nl,
    /// English.
    En,
}

impl Language {
    /// The language that was asked for, else that of the environment, else Dutch.
    pub(crate) fn choose(asked: Option<Self>) -> Self {
        let environment = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(|name| std::env::var(name).ok());
        let named = environment.into_iter().find(|value| !value.is_empty());
        asked.unwrap_or_else(|| if named.is_some_and(|value| value.starts_with("en")) { Self::En } else { Self::Nl })
    }

    const fn folder(self) -> &'static str {
        match self {
            Self::Nl => "nl",
            Self::En => "en",
        }
    }
}

/// All sentences of one language.
pub(crate) struct Messages {
    bundle: FluentBundle<FluentResource>,
    language: Language,
}

impl Messages {
    /// The sentences of a language. What cannot be parsed is left out; a test says so.
    pub(crate) fn of(language: Language) -> Self {
        let mut bundle = FluentBundle::new_concurrent(vec![unic_langid::LanguageIdentifier::default()]);
        bundle.set_use_isolating(false);
        for text in texts(language) {
            let (Ok(resource) | Err((resource, _))) = FluentResource::try_new(text.to_owned());
            // The first file that has a code wins; a test says that no two have the same.
            let _ = bundle.add_resource(resource);
        }
        Self { bundle, language }
    }

    /// The language code of the messages.
    pub(crate) const fn language(&self) -> &'static str {
        self.language.folder()
    }

    /// The sentence of a code with parameters; the code itself when there is none.
    pub(crate) fn text(&self, code: &str, parameters: &[(&str, String)]) -> String {
        let mut arguments = FluentArgs::new();
        for (name, value) in parameters {
            arguments.set(*name, value.as_str());
        }
        let message = self.bundle.get_message(code).and_then(|message| message.value());
        let format = |pattern| self.bundle.format_pattern(pattern, Some(&arguments), &mut Vec::new()).into_owned();
        message.map_or_else(|| code.to_owned(), format)
    }

    /// A finding in words: how serious, where, and what.
    pub(crate) fn say(&self, finding: &Finding) -> String {
        let mut line = format!("{}: ", self.severity(finding.severity));
        let _ = write!(line, "{}", place(finding));
        line + &self.sentence(finding)
    }

    /// What a finding says, without how serious it is and where.
    pub(crate) fn sentence(&self, finding: &Finding) -> String {
        let mut parameters: Vec<(&str, String)> =
            finding.parameters.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
        let own = [("source", &finding.source), ("file", &finding.file), ("column", &finding.column)];
        parameters.extend(own.into_iter().filter_map(|(name, value)| Some((name, value.clone()?))));
        parameters.extend(finding.row.map(|row| ("row", row.to_string())));
        self.text(&finding.code, &parameters)
    }

    const fn severity(&self, severity: Severity) -> &'static str {
        match (self.language, severity) {
            (Language::Nl, Severity::Info) => "weetje",
            (Language::Nl, Severity::Warning) => "let op",
            (Language::Nl, Severity::Error) => "fout",
            (Language::En, Severity::Info) => "info",
            (Language::En, Severity::Warning) => "warning",
            (Language::En, Severity::Error) => "error",
        }
    }
}

fn texts(language: Language) -> impl Iterator<Item = &'static str> {
    let folder = TEXTS.get_dir(language.folder());
    folder.into_iter().flat_map(Dir::files).filter_map(include_dir::File::contents_utf8)
}

/// `file:row:column` as far as known, with a space behind it.
fn place(finding: &Finding) -> String {
    let Some(file) = &finding.file else { return String::new() };
    let row = finding.row.map_or_else(String::new, |row| format!(":{row}"));
    let column = finding.column.as_ref().map_or_else(String::new, |column| format!(" [{column}]"));
    format!("{file}{row}{column} ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// Codes with the parameters their sentences use.
    fn codes(language: Language) -> BTreeMap<String, Vec<String>> {
        let mut found = BTreeMap::new();
        for text in texts(language) {
            assert!(FluentResource::try_new(text.to_owned()).is_ok(), "a message file cannot be parsed");
            for line in text.lines().filter(|line| !line.starts_with(['#', ' ', '}', '*', '['])) {
                let Some((code, sentence)) = line.split_once(" =") else { continue };
                let mut used: Vec<String> =
                    sentence.split('$').skip(1).map(|r| r.split([' ', '}', ',']).next().unwrap().to_owned()).collect();
                used.sort();
                used.dedup();
                assert!(found.insert(code.to_owned(), used).is_none(), "two sentences for {code}");
            }
        }
        found
    }

    #[test]
    fn every_sentence_is_there_in_both_languages_with_the_same_parameters() {
        let (dutch, english) = (codes(Language::Nl), codes(Language::En));
        assert!(dutch.len() > 100, "the message files were not found");
        assert_eq!(dutch, english);
    }

    /// Codes that the crates give to findings, by reading their source.
    fn given(folder: &std::path::Path, found: &mut std::collections::BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                given(&path, found);
            } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("tests.rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let text = text.split("#[cfg(test)]").next().unwrap();
                for start in ["Finding::error(\"", "Finding::warning(\"", "Finding::info(\""] {
                    found.extend(text.split(start).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()));
                }
            }
        }
    }

    #[test]
    fn every_finding_of_the_workshop_has_a_sentence() {
        let crates = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let mut found = std::collections::BTreeSet::new();
        for name in ["kubus", "kubus-cube", "kubus-release", "kubus-store", "kubus-signal"] {
            given(&crates.join(name).join("src"), &mut found);
        }
        assert!(found.len() > 80, "the sources were not found");
        let known = codes(Language::Nl);
        let missing: Vec<&String> = found.iter().filter(|code| !known.contains_key(*code)).collect();
        assert!(missing.is_empty(), "no sentence for {missing:?}");
    }

    #[test]
    fn a_finding_says_where_it_is() {
        let finding = Finding::error("file-foreign").file("notes.txt").row(3).column("naam");
        let said = Messages::of(Language::Nl).say(&finding);
        assert!(said.starts_with("fout: notes.txt:3 [naam] Het bestand notes.txt hoort niet"), "{said}");
        assert!(Messages::of(Language::En).say(&finding).starts_with("error: notes.txt:3"));
    }
}
