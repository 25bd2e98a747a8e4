//! Lists of addresses and the file of Statistics Netherlands that gives each postcode and house
//! number its neighbourhood (`pc6hnr…_gwb.csv`, codes as whole numbers).

use std::path::Path;

use super::csv_file::{Register, Style};
use super::{Account, Delivery, Material};
use crate::town::TownError;
use crate::town::ground::{Ground, Vintage};
use crate::town::random::Dice;

/// The identifier of an address object, sixteen digits as in the national register of addresses.
pub(super) fn identifier(address: usize) -> String {
    format!("990101{:010}", address + 1)
}

/// The lists of both vintages.
pub(super) fn deliveries<'a>(material: &'a Material<'a>) -> Vec<Delivery<'a>> {
    let ground = &material.town.ground;
    let vintages = [(&ground.now, Style::Semicolon), (material.older, Style::Comma)];
    let lookup = vintages.map(|(vintage, style)| {
        Delivery::new(format!("pc6hnr{}0801_gwb.csv", vintage.year), move |path| lookup(ground, vintage, style, path))
    });
    let seed = material.town.seed;
    let lists = [2024_u16, 2025]
        .map(|year| Delivery::new(format!("adressen_{year}.csv"), move |path| addresses(ground, seed, year, path)));
    lookup.into_iter().chain(lists).collect()
}

/// The addresses of a year; some of those of 2025 were not built in 2024.
fn addresses(ground: &Ground, seed: u64, year: u16, path: &Path) -> Result<Option<Account>, TownError> {
    let mut dice = Dice::new(seed, "new buildings", 0);
    let mut rows = Vec::with_capacity(ground.addresses.len());
    for (at, address) in ground.addresses.iter().enumerate() {
        let new = dice.chance(0.004);
        if year == 2024 && new {
            continue;
        }
        let postcode = &ground.postcodes[address.postcode];
        rows.push(vec![
            identifier(at),
            postcode.code.clone(),
            address.number.to_string(),
            ground.streets[postcode.street].clone(),
            format!("{:.2}", address.at.0),
            format!("{:.2}", address.at.1),
        ]);
    }
    let header = &["identificatie", "postcode", "huisnummer", "openbare_ruimte", "x", "y"];
    Register { header, rows, dates: &[], keys: &[] }.write(Style::Comma, path)?;
    Ok(None)
}

/// Postcode and house number with the codes of a vintage: separator and names differ per year.
fn lookup(ground: &Ground, vintage: &Vintage, style: Style, path: &Path) -> Result<Option<Account>, TownError> {
    let row = |address: &crate::town::ground::Address| {
        let neighbourhood = &vintage.neighbourhoods[vintage.of_square[address.square]?];
        let district = &vintage.districts[neighbourhood.district];
        let postcode = &ground.postcodes[address.postcode].code;
        let number = |code: &str| code[2..].trim_start_matches('0').to_owned();
        let codes = [number(&neighbourhood.code), number(&district.code), "9901".to_owned()];
        Some([vec![postcode.clone(), address.number.to_string()], codes.to_vec()].concat())
    };
    let rows = ground.addresses.iter().filter_map(row).collect();
    let header: &[&str] = if vintage.year == 2025 {
        &["PC6", "Huisnummer", "Buurt2025", "Wijk2025", "Gemeente2025"]
    } else {
        &["PC6", "Huisnummer", "Buurt2024", "Wijk2024", "Gemeente2024"]
    };
    Register { header, rows, dates: &[], keys: &[] }.write(style, path)?;
    Ok(None)
}
