//! Which files in `deliveries/` a declaration means: a name, or a pattern with `*`.

use std::path::{Component, Path, PathBuf};

use crate::declaration::FileDeclaration;

/// The files in `deliveries` that match the declared name, sorted. A name without `*` that exists
/// is one file; what is not a readable file is reported when it is read. A name that leaves the
/// folder matches nothing.
#[must_use]
pub fn find_files(deliveries: &Path, file: &FileDeclaration) -> Vec<PathBuf> {
    let declared = Path::new(&file.name);
    if declared.as_os_str().is_empty() || !declared.components().all(|part| matches!(part, Component::Normal(_))) {
        return Vec::new();
    }
    let folder = declared.parent().map_or_else(|| deliveries.to_owned(), |parent| deliveries.join(parent));
    let Some(pattern) = declared.file_name().and_then(|name| name.to_str()) else { return Vec::new() };
    if !pattern.contains('*') {
        let path = folder.join(pattern);
        return if path.symlink_metadata().is_ok() { vec![path] } else { Vec::new() };
    }
    matching(&folder, pattern)
}

fn matching(folder: &Path, pattern: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut found: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.file_name().to_str().is_some_and(|name| matches(pattern, name)))
        .map(|entry| entry.path())
        .collect();
    found.sort();
    found
}

/// Whether a name fits a pattern in which each `*` stands for any text.
fn matches(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::declaration::SourceFormat;

    fn declared(name: &str) -> FileDeclaration {
        FileDeclaration {
            name: name.into(),
            format: SourceFormat::Csv,
            layer: None,
            header_row: None,
            delimiter: None,
            encoding: None,
            decimal: None,
        }
    }

    #[test]
    fn a_pattern_finds_its_files_in_the_order_of_their_names() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b_2023.csv", "b_2022.csv", "c_2022.csv", "b_2022.csv.part"] {
            std::fs::write(folder.path().join(name), "x").unwrap();
        }
        let names = |pattern: &str| -> Vec<String> {
            let found = find_files(folder.path(), &declared(pattern));
            found.iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect()
        };
        assert_eq!(names("b_*.csv"), ["b_2022.csv", "b_2023.csv"]);
        assert_eq!(names("*_2022.csv"), ["b_2022.csv", "c_2022.csv"]);
        assert_eq!(names("c_2022.csv"), ["c_2022.csv"]);
        assert!(names("d.csv").is_empty());
    }

    #[test]
    fn a_name_that_leaves_the_folder_finds_nothing() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("deliveries")).unwrap();
        std::fs::write(folder.path().join("secret.csv"), "x").unwrap();
        let deliveries = folder.path().join("deliveries");
        assert!(find_files(&deliveries, &declared("../secret.csv")).is_empty());
        assert!(find_files(&deliveries, &declared("../*.csv")).is_empty());
        let absolute = folder.path().join("secret.csv");
        assert!(find_files(&deliveries, &declared(absolute.to_str().unwrap())).is_empty());
    }

    #[test]
    fn a_star_stands_for_any_text() {
        assert!(matches("a*b*c", "a__b__c"));
        assert!(matches("*", ""));
        assert!(!matches("a*a", "a"));
        assert!(!matches("a*b", "abc"));
    }
}
