//! The whole way from deliveries to a cube on tiny random towns, against counts made the plain way.
#![expect(clippy::unwrap_used, reason = "a test stops where its preparation fails")]

mod tiny;

use kubus_cube::build::{BuildError, build, check};
use kubus_cube::exact::{Cube, ExactCell, ExactState};
use kubus_model::{AreaCode, AreaLevel, Member, Period, Severity};
use kubus_store::LinkKey;
use tiny::{POSTCODES, Resident, Spell, Tiny, YEARS};

const TOWNS: u64 = 40;

fn key() -> LinkKey {
    LinkKey::from_bytes([7; 32])
}

fn built(town: &Tiny) -> Cube {
    let folder = tempfile::tempdir().unwrap();
    town.write(folder.path());
    match build(folder.path(), &key(), &|_, _| {}) {
        Ok((cube, _)) => cube,
        Err(BuildError::Refused(report)) => panic!("refused: {:?}", report.findings),
        Err(error) => panic!("{error}"),
    }
}

fn cell<'a>(cube: &'a Cube, indicator: &str, code: &str, year: i32, member: &str) -> &'a ExactCell {
    let level = ["", "", "", "", "pc4", "", "pc6"].get(code.len()).filter(|level| !level.is_empty());
    let level = AreaLevel::new(*level.unwrap_or(&"gemeente"));
    let table = cube.tables.iter().find(|t| t.indicator == indicator && t.level == level).unwrap();
    let area = match level.as_str() {
        "gemeente" => 0,
        _ => table.areas.iter().position(|area| *area == AreaCode::new(code)).unwrap(),
    };
    let period = Period::Year(u16::try_from(year).unwrap());
    let period = table.periods.iter().position(|p| *p == period).unwrap();
    let member = table.members.iter().position(|m| *m == Member::from_key(member).unwrap()).unwrap();
    &table.cells[table.position(area, period, member)]
}

/// Every area: the municipality (an empty text), postcodes of four, and of six.
fn areas() -> Vec<&'static str> {
    let mut areas = vec![""];
    areas.extend(POSTCODES.iter().map(|code| &code[..4]));
    areas.extend(POSTCODES);
    areas
}

/// Whether the spell holds for a resident's household (its own number, else through its persons),
/// or for the resident.
fn holds(town: &Tiny, spell: &Spell, resident: &Resident, as_household: bool) -> bool {
    let first = u32::try_from(resident.year - 2022).unwrap() * 12;
    let in_year = spell.first < first + 12 && spell.last.is_none_or(|last| last >= first);
    let of_household = |household: u32| household == resident.household;
    let matched = if as_household {
        match (spell.household, spell.person) {
            (Some(household), _) => of_household(household),
            (None, Some(person)) => {
                let of = |r: &&Resident| r.year == resident.year && r.person == person;
                town.residents.iter().find(of).is_some_and(|r| of_household(r.household))
            }
            (None, None) => false,
        }
    } else {
        spell.person.map_or_else(|| spell.household.is_some_and(of_household), |person| person == resident.person)
    };
    in_year && matched
}

fn helped(town: &Tiny, resident: &Resident, as_household: bool) -> bool {
    town.help.iter().any(|spell| holds(town, spell, resident, as_household))
}

/// Residents of an area in a year.
fn living<'a>(town: &'a Tiny, area: &'a str, year: i32) -> impl Iterator<Item = &'a Resident> {
    town.residents.iter().filter(move |r| r.year == year && POSTCODES[r.address % 4].starts_with(area))
}

/// Whether a resident is in a member; `None` when an attribute of it is not known.
fn is_in(town: &Tiny, resident: &Resident, member: &str) -> bool {
    member.split(';').filter(|part| !part.is_empty()).all(|part| match part.split_once('=').unwrap() {
        ("age", value) => (value == "jong") == (resident.age < 40),
        ("tenure", value) => resident.tenure == value,
        ("helped", value) => (value == "ja") == helped(town, resident, true),
        other => panic!("{other:?}"),
    })
}

fn counts(chosen: &[(bool, &Resident)]) -> (i64, i64) {
    let with = chosen.iter().filter(|(with, _)| *with).count();
    (i64::try_from(with).unwrap(), i64::try_from(chosen.len()).unwrap())
}

#[test]
fn households_and_persons_are_counted_as_anyone_would_count_them() {
    for seed in 0..TOWNS {
        let town = Tiny::by_chance(seed);
        let cube = built(&town);
        for (area, year) in areas().into_iter().flat_map(|area| YEARS.map(|year| (area, year))) {
            for member in ["", "tenure=huur", "tenure=koop", "tenure=huur;helped=ja", "tenure=koop;helped=nee"] {
                let heads = living(&town, area, year).filter(|r| r.head && is_in(&town, r, member));
                let expected = counts(&heads.map(|r| (helped(&town, r, true), r)).collect::<Vec<_>>());
                let found = cell(&cube, "helped_households", area, year, member);
                assert_eq!((found.numerator, found.denominator), expected, "{seed} {area} {year} {member}");
            }
            for member in ["", "age=jong", "age=oud", "tenure=huur", "helped=ja", "helped=nee"] {
                let adults = living(&town, area, year).filter(|r| r.age >= 18 && is_in(&town, r, member));
                let expected = counts(&adults.map(|r| (!helped(&town, r, false), r)).collect::<Vec<_>>());
                let found = cell(&cube, "unhelped_adults", area, year, member);
                assert_eq!((found.numerator, found.denominator), expected, "{seed} {area} {year} {member}");
            }
        }
    }
}

#[test]
fn events_are_counted_where_they_happened_and_answers_by_their_weight() {
    for seed in 0..TOWNS {
        let town = Tiny::by_chance(seed);
        let cube = built(&town);
        for (area, year) in areas().into_iter().flat_map(|area| YEARS.map(|year| (area, year))) {
            let there = |postcode: usize| POSTCODES[postcode].starts_with(area);
            let year_of = |month: u32| 2022 + i32::try_from(month / 12).unwrap();
            let noise = town.reports.iter().filter(|r| there(r.postcode) && year_of(r.month) == year);
            let noise = i64::try_from(noise.filter(|r| r.kind == "geluid").count()).unwrap();
            let found = cell(&cube, "noise_reports", area, year, "");
            let residents = i64::try_from(living(&town, area, year).count()).unwrap();
            assert_eq!((found.numerator, found.denominator), (noise, residents), "{seed} {area} {year}");
            let answers = town.answers.iter().filter(|a| there(a.postcode) && a.year == year && a.weight > 0);
            let answers: Vec<(u32, u32)> = answers.filter_map(|a| Some((a.weight, a.mark?))).collect();
            let weight: u32 = answers.iter().map(|(weight, _)| weight).sum();
            let marks: u32 = answers.iter().map(|(weight, mark)| weight * mark).sum();
            let found = cell(&cube, "mark", area, year, "");
            assert_eq!(found.contributors, i64::try_from(answers.len()).unwrap(), "{seed} {area} {year}");
            if answers.is_empty() {
                assert_eq!(found.state, ExactState::NotAvailable);
            } else {
                assert!((found.value - f64::from(marks) / f64::from(weight)).abs() < 1e-9, "{seed} {area} {year}");
            }
        }
    }
}

#[test]
fn the_same_people_have_the_same_keys_in_every_table_and_period() {
    let cube = built(&Tiny::by_chance(1));
    let (residents, noise) =
        (cell(&cube, "residents", "1111", 2024, ""), cell(&cube, "noise_reports", "1111", 2024, ""));
    assert_eq!(residents.denominator_key, noise.denominator_key);
    assert_ne!(residents.denominator_key, 0);
    let parts = ["age=jong", "age=oud"].map(|member| cell(&cube, "residents", "1111", 2024, member).denominator_key);
    assert_eq!(parts[0].wrapping_add(parts[1]), residents.denominator_key);
}

#[test]
fn another_key_changes_no_count_and_every_record_key() {
    let folder = tempfile::tempdir().unwrap();
    Tiny::by_chance(3).write(folder.path());
    let of = |byte| build(folder.path(), &LinkKey::from_bytes([byte; 32]), &|_, _| {}).unwrap().0;
    let (one, other) = (of(1), of(2));
    let pairs = one.tables.iter().zip(&other.tables).flat_map(|(a, b)| a.cells.iter().zip(&b.cells));
    for (a, b) in pairs {
        assert_eq!((a.numerator, a.denominator), (b.numerator, b.denominator));
        assert!(a.denominator == 0 || a.denominator_key != b.denominator_key);
    }
}

#[test]
fn every_row_is_accounted_for_and_a_refused_one_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let town = Tiny::by_chance(5);
    town.write(folder.path());
    let path = folder.path().join("deliveries/bevolking.csv");
    let text = std::fs::read_to_string(&path).unwrap();
    let second = text.lines().nth(1).unwrap();
    let nobody = "2024-01-01;;9;A1;30;hoofd;huur";
    std::fs::write(&path, format!("{text}{second}\n{nobody}\n")).unwrap();
    let report = check(folder.path(), &|_, _| {});
    let file = report.files.iter().find(|file| file.file == "bevolking.csv").unwrap();
    assert_eq!(file.rows, u64::try_from(town.residents.len()).unwrap() + 2);
    assert_eq!((file.refused, file.counted), (2, file.rows - 2));
    let row = |code: &str| report.findings.iter().find(|f| f.code == code).and_then(|f| f.row);
    assert_eq!(row("link-duplicate"), Some(file.rows));
    assert_eq!(row("link-no-person"), Some(file.rows + 1));
    assert!(report.findings.iter().all(|finding| finding.severity != Severity::Error));
}

#[test]
fn a_report_that_is_delivered_twice_counts_once() {
    let folder = tempfile::tempdir().unwrap();
    let town = Tiny::by_chance(6);
    town.write(folder.path());
    let path = folder.path().join("deliveries/meldingen.csv");
    let text = std::fs::read_to_string(&path).unwrap();
    let last = text.lines().last().unwrap();
    std::fs::write(&path, format!("{text}{last}\n")).unwrap();
    let (cube, report) = build(folder.path(), &key(), &|_, _| {}).unwrap();
    let double = report.findings.iter().find(|f| f.code == "link-double-row").unwrap();
    assert_eq!(double.row, Some(town.reports.len() as u64 + 2));
    let once = built(&town);
    let counts = |cube: &Cube| YEARS.map(|year| cell(cube, "noise_reports", "", year, "").numerator);
    assert_eq!(counts(&cube), counts(&once));
}

/// Everything that is said of a build whose population has one more recode.
fn said_of(recode: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    Tiny::by_chance(4).write(folder.path());
    let path = folder.path().join("sources/population.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("{text}{recode}\n")).unwrap();
    let delivery = folder.path().join("deliveries/bevolking.csv");
    let people = std::fs::read_to_string(&delivery).unwrap();
    std::fs::write(&delivery, people.replacen(";huur\n", ";geheim77\n", 1)).unwrap();
    match build(folder.path(), &key(), &|_, _| {}) {
        Ok(_) => panic!("accepted"),
        Err(error) => format!("{error} {error:?} {:?}", kubus_model::Blame::finding(&error)),
    }
}

#[test]
fn an_expression_that_fails_on_a_value_does_not_tell_the_value() {
    for recode in ["number = \"CAST(tenure AS INT) + 1\"", "none = \"7 / (years - years)\""] {
        let said = said_of(recode);
        assert!(said.contains("expression-failed") && said.contains("population"), "{said}");
        assert!(!said.contains("geheim77") && !said.contains("huur") && !said.contains("koop"), "{said}");
    }
}

#[test]
fn a_spell_register_that_ends_early_leaves_out_the_year_it_does_not_cover() {
    let mut town = Tiny::by_chance(2);
    town.help.retain(|spell| spell.first < 20 && spell.last.is_some_and(|last| last < 20));
    let cube = built(&town);
    assert!(cube.tables.iter().all(|table| table.indicator != "helped_households"));
    let told = |f: &kubus_model::Finding| {
        f.code == "indicator-not-counted" && f.parameters["indicator"] == "helped_households"
    };
    assert!(cube.findings.iter().any(told));
    let residents = cube.tables.iter().find(|table| table.indicator == "residents").unwrap();
    assert_eq!(residents.periods, [Period::Year(2023), Period::Year(2024)]);
}

#[test]
fn a_source_without_a_file_refuses_the_build() {
    let folder = tempfile::tempdir().unwrap();
    Tiny::by_chance(1).write(folder.path());
    std::fs::remove_file(folder.path().join("deliveries/hulp.csv")).unwrap();
    let refused = build(folder.path(), &key(), &|_, _| {});
    let Err(BuildError::Refused(report)) = refused else { panic!("not refused") };
    let missing = report.findings.iter().find(|finding| finding.code == "source-no-files").unwrap();
    assert_eq!(missing.source.as_deref(), Some("help"));
}
