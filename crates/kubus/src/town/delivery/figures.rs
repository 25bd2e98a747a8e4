//! Figures by other publishers: the key figures of Statistics Netherlands (KWB, areas of 2024, "."
//! for missing, decimal commas in text) and purchasing power per postcode, bought elsewhere.

use std::path::Path;

use super::sheet::{Cell, texts, workbook};
use super::tally::{Tally, fives, tally};
use super::{Account, Delivery, Material};
use crate::town::TownError;
use crate::town::ground::Vintage;
use crate::town::life::Town;
use crate::town::names::{MUNICIPALITY, MUNICIPALITY_CODE, WATER};
use crate::town::random::Dice;

const KWB: [&str; 29] = [
    "gwb_code_10",
    "gwb_code_8",
    "regio",
    "gm_naam",
    "recs",
    "gwb_code",
    "ind_wbz",
    "a_inw",
    "a_man",
    "a_vrouw",
    "a_00_14",
    "a_15_24",
    "a_25_44",
    "a_45_64",
    "a_65_oo",
    "a_hh",
    "a_1p_hh",
    "a_hh_m_k",
    "g_hhgro",
    "a_woning",
    "p_koopw",
    "p_huurw",
    "p_wcorpw",
    "p_hh_li",
    "p_hh_hi",
    "a_soz_wb",
    "p_jz_tn",
    "g_afs_hp",
    "ste_oad",
];

/// Both publishers' files.
pub(super) fn deliveries<'a>(material: &'a Material<'a>) -> Vec<Delivery<'a>> {
    vec![
        Delivery::new("kwb-2024.xlsx", move |path| kwb(material, path)),
        Delivery::new("koopkracht_pc6_2025.xlsx", move |path| purchasing_power(material.town, path)),
    ]
}

/// The square of an address decides its area: those of its postcode may be cut by a border.
fn area_of<'a>(town: &'a Town, vintage: &'a Vintage) -> impl Fn(usize) -> Option<usize> + 'a {
    |home| vintage.of_square[town.ground.addresses[home].square]
}

fn kwb(material: &Material<'_>, path: &Path) -> Result<Option<Account>, TownError> {
    let (town, older) = (material.town, material.older);
    let of_square = area_of(town, older);
    let neighbourhoods = tally(town, older.neighbourhoods.len(), &of_square);
    let district = |home| of_square(home).map(|n| older.neighbourhoods[n].district);
    let districts = tally(town, older.districts.len(), district);
    let whole = tally(town, 1, |_| Some(0));
    let mut rows = vec![texts(&KWB)];
    rows.push(kwb_row(MUNICIPALITY_CODE, MUNICIPALITY, "Gemeente", &whole[0]));
    let named = |kind: &'static str| {
        move |(area, tally): (&crate::town::ground::Division, &Tally)| kwb_row(&area.code, &area.name, kind, tally)
    };
    let mut areas: Vec<Vec<Cell>> = older.districts.iter().zip(&districts).map(named("Wijk")).collect();
    areas
        .extend(older.neighbourhoods.iter().zip(&neighbourhoods).filter(|(_, t)| t.households > 0).map(named("Buurt")));
    areas.push(kwb_row(WATER[0].0, WATER[0].1, "Wijk", &Tally::default()));
    areas.push(kwb_row(WATER[1].0, WATER[1].1, "Buurt", &Tally::default()));
    areas.sort_by_key(|row| code_order(&row[0]));
    rows.extend(areas);
    workbook("KWB2024", &rows, path)?;
    Ok(None)
}

/// A district comes before its neighbourhoods.
fn code_order(cell: &Cell) -> String {
    match cell {
        Cell::Text(code) => code[2..].to_owned(),
        _ => String::new(),
    }
}

/// One row; every cell is text. A point says that there is no figure.
fn kwb_row(code: &str, name: &str, kind: &str, tally: &Tally) -> Vec<Cell> {
    let count = |count: usize| if tally.households < 5 { ".".to_owned() } else { fives(count).to_string() };
    let share = |part: usize| tally.percentage(part, tally.households).map_or(".".to_owned(), |p| p.to_string());
    let tenths = |value: Option<usize>| value.map_or(".".to_owned(), |v| format!("{},{}", v / 10, v % 10));
    let fine = |part: usize| tenths((tally.households >= 100).then(|| 1000 * part / tally.households));
    let distance = Dice::new(0, code, 0).range(3, 19);
    let values = [
        code.to_owned(),
        code[2..].to_owned(),
        name.to_owned(),
        MUNICIPALITY.to_owned(),
        kind.to_owned(),
        code.to_owned(),
        if kind == "Gemeente" { ".".to_owned() } else { "1".to_owned() },
        fives(tally.residents).to_string(),
        count(tally.residents - tally.women),
        count(tally.women),
        count(tally.ages[0]),
        count(tally.ages[1]),
        count(tally.ages[2]),
        count(tally.ages[3]),
        count(tally.ages[4]),
        count(tally.households),
        count(tally.alone),
        count(tally.with_children),
        tenths(tally.household_size()),
        count(tally.households),
        share(tally.owned),
        share(tally.households - tally.owned),
        share(tally.social),
        fine(tally.incomes[0]),
        fine(tally.incomes[2]),
        count(tally.on_benefit),
        ".".to_owned(),
        tenths((tally.households > 0).then_some(distance)),
        count(tally.households / 2),
    ];
    values.into_iter().map(Cell::Text).collect()
}

/// Purchasing power per household: a title above the header, and -99997 where it is secret.
fn purchasing_power(town: &Town, path: &Path) -> Result<Option<Account>, TownError> {
    let postcode = |home: usize| Some(town.ground.addresses[home].postcode);
    let tallies = tally(town, town.ground.postcodes.len(), postcode);
    let mut rows = vec![
        texts(&["Koopkracht per postcode 2025"]),
        texts(&["Geleverd door: Koopkrachtmonitor BV. Vertrouwelijk."]),
        Vec::new(),
        texts(&["Postcode", "Huishoudens", "Koopkracht (euro)", "Jaar"]),
    ];
    let mut dice = Dice::new(town.seed, "koopkracht", 0);
    for (place, tally) in town.ground.postcodes.iter().zip(&tallies) {
        let sum = 26_000 * tally.incomes[0] + 37_500 * tally.incomes[1] + 58_000 * tally.incomes[2];
        let mean = sum / tally.households.max(1) + dice.below(1200);
        let shown = if tally.households < 10 { -99_997.0 } else { mean as f64 };
        rows.push(vec![
            Cell::Text(place.code.clone()),
            Cell::Number(tally.households as f64),
            Cell::Number(shown),
            Cell::Number(2025.0),
        ]);
    }
    workbook("PC6", &rows, path)?;
    Ok(None)
}
