//! Every finding of the readers has a sentence in Dutch and in English, with the same parameters.
#![expect(clippy::unwrap_used, reason = "what cannot be prepared stops the test")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Parameters that every finding has.
const COMMON: [&str; 4] = ["source", "file", "row", "column"];

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.path().is_dir() {
            found.extend(files(&entry.path()));
        } else {
            found.push(entry.path());
        }
    }
    found
}

/// Texts in the code that look like a code of a finding.
fn codes() -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    for file in files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/source")) {
        let text = std::fs::read_to_string(file).unwrap();
        let text = text.split("#[cfg(test)]\nmod tests").next().unwrap().replace("'\"'", "").replace("\\\"", "");
        for quoted in text.split('"').skip(1).step_by(2) {
            let kebab = quoted.chars().all(|c| c.is_ascii_lowercase() || c == '-');
            let known = ["read-source", "windows-", "utf-"].iter().any(|other| quoted.starts_with(other));
            if kebab && quoted.contains('-') && quoted.len() > 6 && !quoted.starts_with('-') && !known {
                codes.insert(quoted.to_owned());
            }
        }
    }
    codes
}

/// The parameters of each message.
fn messages(language: &str) -> BTreeMap<String, BTreeSet<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../kubus/lang").join(language).join("source.ftl");
    let text = std::fs::read_to_string(path).unwrap();
    let message = |line: &str| {
        let (code, sentence) = line.split_once(" = ")?;
        let names = sentence.split("{ $").skip(1).filter_map(|rest| rest.split(" }").next());
        Some((code.to_owned(), names.filter(|name| !COMMON.contains(name)).map(str::to_owned).collect()))
    };
    text.lines().filter(|line| !line.starts_with('#')).filter_map(message).collect()
}

#[test]
fn every_code_has_a_sentence_in_dutch_and_in_english() {
    let (codes, dutch, english) = (codes(), messages("nl"), messages("en"));
    assert!(codes.len() > 50, "the codes are no longer found in the source");
    let worded: BTreeSet<String> = dutch.keys().cloned().collect();
    assert_eq!(codes.difference(&worded).collect::<Vec<_>>(), Vec::<&String>::new(), "without a sentence");
    assert_eq!(worded.difference(&codes).collect::<Vec<_>>(), Vec::<&String>::new(), "sentences without a code");
    assert_eq!(dutch, english, "the parameters differ");
}
