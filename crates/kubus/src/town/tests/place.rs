//! Where the files go: whole, and nothing of someone else's is touched.

use std::fs;

use kubus_model::{Blame, Fault};

use super::{made, options};
use crate::town::{TownError, write_town};

#[test]
fn files_that_are_not_ours_stop_everything_unless_forced() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("town");
    fs::create_dir_all(out.join("deliveries")).unwrap();
    fs::write(out.join("deliveries/eigen.csv"), "x").unwrap();
    let mut wanted = options(&out, 2_000, 12, 1);
    let error = write_town(&wanted, &|_, _| ()).unwrap_err();
    assert!(matches!(&error, TownError::Foreign { count: 1, example, .. } if example == "eigen.csv"));
    assert_eq!((error.fault(), error.finding().code.as_str()), (Fault::User, "town-foreign-files"));
    assert_eq!(fs::read_dir(&out).unwrap().count(), 1, "nothing was written");
    wanted.force = true;
    write_town(&wanted, &|_, _| ()).unwrap();
    assert_eq!(fs::read(out.join("deliveries/eigen.csv")).unwrap(), b"x");
    assert!(out.join("deliveries/bevolking_2025.csv").exists());
}

#[test]
fn declarations_that_are_there_stay_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("town");
    fs::create_dir_all(&out).unwrap();
    fs::write(out.join("rules.toml"), "mine").unwrap();
    write_town(&options(&out, 2_000, 12, 1), &|_, _| ()).unwrap();
    assert_eq!(fs::read(out.join("rules.toml")).unwrap(), b"mine");
    assert!(out.join("town.toml").exists() && out.join("indicators/problem_debt.toml").exists());
}

#[test]
fn a_shorter_town_leaves_no_older_years_and_no_temporary_folder() {
    let town = made(2_000, 36, 1);
    assert!(town.out().join("deliveries/bevolking_2023.csv").exists());
    write_town(&options(&town.out(), 2_000, 12, 1), &|_, _| ()).unwrap();
    assert!(!town.out().join("deliveries/bevolking_2023.csv").exists());
    assert_eq!(town.everything(), made(2_000, 12, 1).everything());
    let beside: Vec<_> = fs::read_dir(town.folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(beside, ["town"]);
}

#[test]
fn a_size_that_cannot_be_is_refused_with_its_bounds() {
    let folder = tempfile::tempdir().unwrap();
    for (residents, months, what) in [(10, 12, "residents"), (2_000, 0, "months"), (2_000, 1_000, "months")] {
        let error = write_town(&options(folder.path(), residents, months, 1), &|_, _| ()).unwrap_err();
        assert_eq!(error.finding().parameters["what"], what);
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    let error = write_town(&options(&folder.path().join("file/town"), 2_000, 12, 1), &|_, _| ()).unwrap_err();
    assert_eq!((error.fault(), error.finding().code.as_str()), (Fault::Ours, "town-file-failed"));
}
