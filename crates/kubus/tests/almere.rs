//! The proof on real input: `towns/almere` from the files as CBS and others published them, to a
//! sealed release with figures of 2017 and 2024 on the districts of 2022.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test stops where its preparation fails, and says that it skips"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use kubus_model::{AreaLevel, Period};
use kubus_store::open::verifying_key;
use kubus_store::{latest, open_release};

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// The town with the declared public files, or nothing when the sample data are not here.
fn town(work: &Path) -> Option<PathBuf> {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let data = project.join("../shared/data");
    if !data.is_dir() {
        eprintln!("skipped: no sample data at {}", data.display());
        return None;
    }
    let town = work.join("almere");
    for part in ["areas", "sources", "indicators"] {
        copy(&project.join("towns/almere").join(part), &town.join(part));
    }
    for name in ["town.toml", "rules.toml"] {
        fs::copy(project.join("towns/almere").join(name), town.join(name)).unwrap();
    }
    let mut samples = Vec::new();
    files(&data, &mut samples);
    let mut declared = String::new();
    let mut texts = Vec::new();
    files(&town, &mut texts);
    texts.iter().for_each(|path| declared.push_str(&fs::read_to_string(path).unwrap()));
    fs::create_dir_all(town.join("deliveries")).unwrap();
    for sample in samples {
        let name = sample.file_name().unwrap().to_str().unwrap().to_owned();
        if declared.contains(&format!("\"{name}\"")) {
            fs::copy(&sample, town.join("deliveries").join(name)).unwrap();
        }
    }
    Some(town)
}

fn kubus(work: &Path, arguments: &[&str]) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kubus"));
    let output = command.args(arguments).env("KUBUS_KEYS", work.join("keys")).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn almere_maps_public_figures_of_several_years_on_the_districts_of_2022() {
    let work = tempfile::tempdir().unwrap();
    let Some(town) = town(work.path()) else { return };
    let at = town.to_str().unwrap();
    kubus(work.path(), &["key", at]);
    kubus(work.path(), &["run", at]);
    kubus(work.path(), &["verify", at]);

    let releases = town.join("releases");
    let release = open_release(&latest(&releases).unwrap(), &verifying_key(&releases).unwrap()).unwrap();
    let table = release.table("inwoners", &AreaLevel::new("wijk")).unwrap();
    assert_eq!(table.areas().len(), 71);
    let year = |year: u16| {
        let period = table.period_position(Period::Year(year)).unwrap();
        let cells = (0..71).map(|area| table.cell(area, period, 0)).filter(|cell| cell.status.is_published());
        cells.collect::<Vec<_>>()
    };
    let (old, new, own) = (year(2017), year(2024), year(2022));
    assert!(old.len() >= 40 && new.len() >= 30, "{} of 2017, {} of 2024", old.len(), new.len());
    assert_eq!(own.len(), 71);
    assert!(own.iter().all(|cell| cell.estimated_share <= 0.0), "figures of 2022 are as CBS gives them");
    assert!(old.iter().filter(|cell| cell.estimated_share > 0.1).count() > 10, "converted figures say so");
    let total = |cells: &[&kubus_model::Cell]| cells.iter().filter_map(|cell| cell.value).sum::<f64>();
    // 207,904 inhabitants on 1 January 2017 and 217,828 in 2022 (CBS); 2017 lacks 21 neighbourhoods.
    assert!((217_000.0..219_000.0).contains(&total(&own)), "{}", total(&own));
    assert!((100_000.0..208_000.0).contains(&total(&old)), "{}", total(&old));

    let report: serde_json::Value =
        serde_json::from_slice(&fs::read(town.join("reports/report.json")).unwrap()).unwrap();
    let codes: Vec<&str> = report["findings"].as_array().unwrap().iter().filter_map(|f| f["code"].as_str()).collect();
    for code in ["decimals-repaired", "value-lost-decimal", "missing-codes"] {
        assert!(codes.contains(&code), "{code} is not among {codes:?}");
    }
}
