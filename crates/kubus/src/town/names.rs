//! Names and codes of a municipality that does not exist: Waterrijk, GM9901.

use super::ground::Division;

/// Name of the municipality.
pub(super) const MUNICIPALITY: &str = "Waterrijk";
/// CBS code of the municipality.
pub(super) const MUNICIPALITY_CODE: &str = "GM9901";

const DISTRICTS: [&str; 20] = [
    "Centrum",
    "Havenwijk",
    "Duinwijk",
    "Molenwijk",
    "Bloemenwijk",
    "Parkwijk",
    "Sluiswijk",
    "Poldervaart",
    "Rietlanden",
    "Zeewijk",
    "Bosrand",
    "Veenhof",
    "Kruiswijk",
    "Kadewijk",
    "Oeverwijk",
    "Dijkzicht",
    "Vaartwijk",
    "Lindewijk",
    "Wierwijk",
    "Terpwijk",
];
const PLACES: [&str; 24] = [
    "Riet", "Wilgen", "Elzen", "Meeuwen", "Reiger", "Zwanen", "Kreek", "Dijk", "Sluis", "Molen", "Kade", "Boeg",
    "Anker", "Kompas", "Schelpen", "Duin", "Veen", "Klei", "Terp", "Wier", "Baken", "Loods", "Steiger", "Touw",
];
const KINDS: [&str; 10] = ["buurt", "hof", "veld", "park", "kwartier", "akker", "weide", "oord", "hoek", "zoom"];
const ROOTS: [&str; 80] = [
    "Abeel",
    "Acacia",
    "Appel",
    "Berken",
    "Beuken",
    "Braam",
    "Brem",
    "Ceder",
    "Dennen",
    "Dotterbloem",
    "Duif",
    "Eiken",
    "Elzen",
    "Esdoorn",
    "Fazanten",
    "Fluiter",
    "Fregat",
    "Galjoen",
    "Ganzen",
    "Gouwzee",
    "Grutto",
    "Havik",
    "Hazelaar",
    "Hoogaars",
    "Hulst",
    "IJsvogel",
    "Iepen",
    "Iris",
    "Jasmijn",
    "Jol",
    "Kamille",
    "Karveel",
    "Kastanje",
    "Kievit",
    "Klipper",
    "Kogge",
    "Korenbloem",
    "Krab",
    "Kwartel",
    "Larix",
    "Leeuwerik",
    "Lelie",
    "Linden",
    "Logger",
    "Lupine",
    "Madelief",
    "Merel",
    "Mispel",
    "Mossel",
    "Narcis",
    "Noten",
    "Oester",
    "Olm",
    "Orchidee",
    "Papaver",
    "Pauwen",
    "Peren",
    "Pioen",
    "Populier",
    "Praam",
    "Pruimen",
    "Rogge",
    "Roos",
    "Salie",
    "Schoener",
    "Snoek",
    "Spar",
    "Spreeuw",
    "Tarwe",
    "Tjalk",
    "Tulpen",
    "Valk",
    "Varen",
    "Viool",
    "Vlinder",
    "Wulp",
    "Zalm",
    "Zeearend",
    "Zilverreiger",
    "Zwaluw",
];
const WAYS: [&str; 14] = [
    "straat", "laan", "weg", "hof", "kade", "singel", "pad", "gracht", "dreef", "plein", "steeg", "wal", "erf", "rede",
];

/// The district at a position, with its code of 2025.
pub(super) fn district(at: usize) -> Division {
    let again = if at < DISTRICTS.len() { String::new() } else { format!(" {}", at / DISTRICTS.len() + 1) };
    Division { code: format!("WK9901{:02}", at + 1), name: format!("{}{again}", DISTRICTS[at % 20]), district: at }
}

/// A neighbourhood of a district, with its code of 2025.
pub(super) fn neighbourhood(district: usize, part: usize) -> Division {
    let at = district * 12 + part;
    let place = PLACES[at % PLACES.len()];
    let kind = KINDS[(at % PLACES.len() * 3 + at / PLACES.len() * 7) % KINDS.len()];
    Division { code: format!("BU9901{:02}{:02}", district + 1, part + 1), name: format!("{place}{kind}"), district }
}

/// The name of a street: each position has its own.
pub(super) fn street(at: usize) -> String {
    let (root, way) = (ROOTS[(at * 37) % ROOTS.len()], WAYS[(at / ROOTS.len()) % WAYS.len()]);
    match at / (ROOTS.len() * WAYS.len()) {
        0 => format!("{root}{way}"),
        more => format!("{root}{way} {}", more + 1),
    }
}

/// The municipality, districts and neighbourhoods of water.
pub(super) const WATER: [(&str, &str); 2] = [("WK990199", "Het Wijde Weer"), ("BU99019997", "Het Wijde Weer")];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_streets_have_one_name() {
        let names: BTreeSet<String> = (0..5000).map(street).collect();
        assert_eq!(names.len(), 5000);
    }
}
