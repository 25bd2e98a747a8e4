//! A small made-up cube for the tests: households in postcodes in neighbourhoods in districts,
//! counted naively from a list, so that every count and key is known.

use std::collections::BTreeMap;

use kubus_cube::exact::{Cube, ExactCell, ExactState, ExactTable};
use kubus_model::release::{AreaEntry, LevelEntry, SourceStatement};
use kubus_model::rule::PerturbationParameters;
use kubus_model::{AreaCode, AreaLevel, AreaVintage, Direction, Indicator, Measure, Member, Period, Ruleset};

/// The levels, coarse to fine, with the number of areas.
pub(crate) const LEVELS: [(&str, usize); 4] = [("gemeente", 1), ("wijk", 3), ("buurt", 12), ("pc6", 96)];

/// A household of the made-up town.
#[derive(Debug, Clone)]
pub(crate) struct Household {
    /// Postcode, 0 to 95.
    pub(crate) postcode: usize,
    /// Record key.
    pub(crate) key: u64,
    /// Social assistance.
    pub(crate) benefit: bool,
    /// Debts, by period.
    pub(crate) debts: [bool; 2],
}

/// A well-mixed number.
pub(crate) fn mixed(seed: u64) -> u64 {
    let a = (seed ^ (seed >> 30)).wrapping_add(0x9e37_79b9_7f4a_7c15).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let b = (a ^ (a >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    b ^ (b >> 31)
}

/// The households of a seed: 15 to 54 per postcode, one in five on benefit, debts mostly there.
pub(crate) fn households(seed: u64) -> Vec<Household> {
    let size = |postcode: usize| 15 + mixed(seed ^ (postcode as u64) << 20) % 40;
    let places = (0..96).flat_map(|postcode| (0..size(postcode)).map(move |n| (postcode, n)));
    places
        .map(|(postcode, n)| {
            let dice = mixed(seed.wrapping_mul(977) ^ ((postcode as u64) << 32) ^ n);
            let benefit = dice.is_multiple_of(5);
            let chance = if benefit { 40 } else { 8 };
            let debts = [dice >> 8, dice >> 24].map(|d| d % 100 < chance);
            Household { postcode, key: mixed(dice ^ 0xabcd), benefit, debts }
        })
        .collect()
}

/// A cube of these households, with a sensitive event indicator, a count and two means beside it.
pub(crate) fn cube(seed: u64) -> Cube {
    cube_of(&households(seed))
}

/// The cube of given households.
pub(crate) fn cube_of(households: &[Household]) -> Cube {
    let indicators = vec![
        indicator("schulden", Measure::Share, "household", false),
        indicator("meldingen", Measure::Rate, "event", true),
        indicator("huishoudens", Measure::Count, "household", false),
        indicator("rapportcijfer", Measure::Mean, "respondent", false),
        indicator("koopkracht", Measure::Mean, "figure", false),
    ];
    let tables = indicators.iter().flat_map(|i| LEVELS.map(|(level, areas)| table(i, level, areas, households)));
    Cube {
        town: "proef".into(),
        municipality: "Proefstad".into(),
        tables: tables.collect(),
        indicators,
        labels: BTreeMap::new(),
        rules: rules(),
        levels: (0u8..4).map(level_entry).collect(),
        areas: (0..4).map(|at| (AreaLevel::new(LEVELS[at].0), areas(at))).collect(),
        geometry: BTreeMap::from([(AreaLevel::new("wijk"), b"{}".to_vec())]),
        sources: vec![],
        findings: vec![],
    }
}

fn table(indicator: &Indicator, level: &str, areas: usize, households: &[Household]) -> ExactTable {
    let members = vec![Member::total(), Member::of("benefit", "ja"), Member::of("benefit", "nee")];
    let periods = vec![Period::Year(2024), Period::Year(2025)];
    let mut cells = Vec::new();
    for area in 0..areas {
        let inside: Vec<&Household> = households.iter().filter(|h| h.postcode * areas / 96 == area).collect();
        for period in 0..periods.len() {
            for member in 0..members.len() {
                let of_member = |h: &&&Household| member == 0 || h.benefit == (member == 1);
                let counted: Vec<&Household> = inside.iter().filter(of_member).copied().collect();
                cells.push(cell(indicator, &counted, period));
            }
        }
    }
    let codes = (0..areas).map(|at| code(level, at)).collect();
    ExactTable { indicator: indicator.id.clone(), level: AreaLevel::new(level), areas: codes, periods, members, cells }
}

fn cell(indicator: &Indicator, households: &[&Household], period: usize) -> ExactCell {
    let sum = |keys: &mut dyn Iterator<Item = u64>| keys.fold(0u64, u64::wrapping_add);
    let with: Vec<&&Household> = households.iter().filter(|h| h.debts[period]).collect();
    let all = i64::try_from(households.len()).unwrap();
    let (numerator, numerator_key) = match indicator.measure {
        Measure::Count | Measure::Mean => (0, 0),
        _ => (i64::try_from(with.len()).unwrap(), sum(&mut with.iter().map(|h| h.key))),
    };
    let mean = indicator.measure == Measure::Mean;
    ExactCell {
        state: ExactState::Counted,
        numerator,
        denominator: if mean { 0 } else { all },
        numerator_key,
        denominator_key: if mean { 0 } else { sum(&mut households.iter().map(|h| h.key)) },
        value: if mean { 7.123_456 } else { f64::NAN },
        contributors: if mean { all / 12 } else { 0 },
        ..ExactCell::NOT_AVAILABLE
    }
}

fn code(level: &str, at: usize) -> AreaCode {
    AreaCode::new(format!("{level}{at:03}"))
}

fn areas(at: usize) -> Vec<AreaEntry> {
    let (level, count) = LEVELS[at];
    let within = |area: usize| {
        LEVELS[..at].iter().map(|(upper, areas)| (AreaLevel::new(*upper), code(upper, area * areas / count))).collect()
    };
    (0..count)
        .map(|area| AreaEntry {
            id: u32::try_from(area).unwrap(),
            code: code(level, area),
            name: format!("{level} {area}"),
            within: within(area),
            adjacent: vec![],
            bounds: None,
        })
        .collect()
}

fn level_entry(rank: u8) -> LevelEntry {
    let (level, areas) = LEVELS[usize::from(rank)];
    LevelEntry {
        level: AreaLevel::new(level),
        name: BTreeMap::new(),
        vintage: AreaVintage(2025),
        rank,
        parent: rank.checked_sub(1).map(|upper| AreaLevel::new(LEVELS[usize::from(upper)].0)),
        geometry: None,
        areas,
    }
}

fn indicator(id: &str, measure: Measure, unit: &str, sensitive: bool) -> Indicator {
    Indicator {
        id: id.into(),
        name: BTreeMap::new(),
        description: BTreeMap::new(),
        guidance: BTreeMap::new(),
        does_not_say: BTreeMap::new(),
        theme: "geld".into(),
        measure,
        unit: unit.into(),
        unit_name: BTreeMap::new(),
        per: 100.0,
        decimals: 1,
        direction: Direction::HighIsUnfavourable,
        levels: LEVELS.map(|(level, _)| AreaLevel::new(level)).to_vec(),
        breakdowns: vec![vec!["benefit".into()]],
        standardise: vec![],
        evidence: String::new(),
        sources: vec![],
        sensitive,
        exceedance: 1.5,
        take_up: None,
    }
}

/// Ordinary rules.
pub(crate) fn rules() -> Ruleset {
    Ruleset {
        name: "proef-1".into(),
        min_count: 5,
        min_count_sensitive: 10,
        min_population: BTreeMap::from([("pc6".to_owned(), 10)]),
        max_group_share: 0.9,
        perturbation: Some(PerturbationParameters { max_noise: 5, variance: 3.0, unused_small_counts: 0 }),
        min_completeness: 0.0,
        max_delay_days: None,
    }
}

/// A source of given completeness that is `late` days late.
pub(crate) fn source(completeness: f64, late: i64) -> SourceStatement {
    SourceStatement {
        id: "schulden".into(),
        name: BTreeMap::new(),
        owner: String::new(),
        attribution: None,
        purpose: String::new(),
        legal_basis: String::new(),
        reference_date: None,
        since: None,
        delay_days: None,
        late_days: Some(late),
        completeness,
        coverage: 1.0,
        level: AreaLevel::new("pc6"),
    }
}
