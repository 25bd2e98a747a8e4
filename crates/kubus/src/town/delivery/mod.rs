//! The files as a municipality receives them, in their real formats and with their real mess: one
//! file of code per kind of delivery. Called by [`super::write_town`] only.

mod address;
mod csv_file;
mod figures;
mod geopackage;
mod map;
mod parquet_file;
mod population;
mod register;
mod sheet;
mod tally;

use std::path::Path;

use serde::Serialize;

use super::TownError;
use super::ground::Vintage;
use super::life::Town;

/// The rows of one register.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(super) struct Account {
    /// Rows in the file, without its header.
    pub(super) rows: usize,
    /// Among them rows that must be refused.
    pub(super) bad: usize,
    /// Among them exact copies of another row.
    pub(super) double: usize,
}

/// What a delivery is made from.
pub(super) struct Material<'a> {
    /// The town.
    pub(super) town: &'a Town,
    /// The boundaries of 2024.
    pub(super) older: &'a Vintage,
}

/// Writes one file at a path; registers give an account of their rows.
type Write<'a> = Box<dyn Fn(&Path) -> Result<Option<Account>, TownError> + Sync + Send + 'a>;

/// One file to be delivered.
pub(super) struct Delivery<'a> {
    /// File name within `deliveries/`.
    pub(super) name: String,
    /// Writes it.
    pub(super) write: Write<'a>,
}

impl<'a> Delivery<'a> {
    fn new(
        name: impl Into<String>,
        write: impl Fn(&Path) -> Result<Option<Account>, TownError> + Sync + Send + 'a,
    ) -> Self {
        Self { name: name.into(), write: Box::new(write) }
    }
}

/// All files, the slowest first.
pub(super) fn deliveries<'a>(material: &'a Material<'a>) -> Vec<Delivery<'a>> {
    let town = material.town;
    let mut list: Vec<Delivery<'a>> = Vec::new();
    for (position, year) in town.calendar.years().into_iter().enumerate() {
        list.push(Delivery::new(format!("bevolking_{year}.csv"), move |path| population::write(town, position, path)));
    }
    list.extend(register::deliveries(town));
    list.extend(figures::deliveries(material));
    list.extend(map::deliveries(material));
    list.extend(address::deliveries(material));
    list
}

/// Whether a file name is one that this program may have written, for any number of months.
pub(super) fn is_ours(name: &str) -> bool {
    const NAMES: [&str; 20] = [
        "adressen_2024.csv",
        "adressen_2025.csv",
        "bijstand.xlsx",
        "cbs_pc4_2025_v1.gpkg",
        "cbs_pc6_2025_v1.gpkg",
        "huurachterstand.csv",
        "inbraken_per_maand.csv",
        "jeugdhulp.parquet",
        "koopkracht_pc6_2025.xlsx",
        "kwb-2024.xlsx",
        "leefbaarheidsenquete.csv",
        "meldingen_openbare_ruimte.csv",
        "pc6hnr20240801_gwb.csv",
        "pc6hnr20250801_gwb.csv",
        "schuldhulp.csv",
        "veilig_thuis_per_maand.csv",
        "verzuim.csv",
        "voortijdig_schoolverlaters.csv",
        "vroegsignalen.csv",
        "wijkenbuurten_2024_v1.gpkg",
    ];
    let year = name.strip_prefix("bevolking_").and_then(|rest| rest.strip_suffix(".csv"));
    let numbered = year.is_some_and(|y| y.len() == 4 && y.bytes().all(|b| b.is_ascii_digit()));
    numbered || NAMES.contains(&name) || name == "wijkenbuurten_2025_v1.gpkg"
}
