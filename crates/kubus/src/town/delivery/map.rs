//! Maps as PDOK publishes them: `wijkenbuurten_YYYY_v1.gpkg` with the layers gemeenten, wijken and
//! buurten, and postcodes as polygons with a few figures of Statistics Netherlands.

use std::path::Path;

use super::geopackage::{Layer, Value, write};
use super::tally::{Tally, fives, tally};
use super::{Account, Delivery, Material};
use crate::town::TownError;
use crate::town::ground::{Division, Shape, Use, Vintage, surface};
use crate::town::names::{MUNICIPALITY, MUNICIPALITY_CODE, WATER};
use crate::town::random::rounded;

/// What stands for a figure that is secret or was not made.
const SECRET: i64 = -99_997;
/// What stands for a figure that has no meaning, as for water.
const MISSING: i64 = -99_999_999;
const FIGURES: [&str; 16] = [
    "dekkingspercentage",
    "bevolkingsdichtheid_inwoners_per_km2",
    "aantal_inwoners",
    "mannen",
    "vrouwen",
    "percentage_personen_0_tot_15_jaar",
    "percentage_personen_15_tot_25_jaar",
    "percentage_personen_25_tot_45_jaar",
    "percentage_personen_45_tot_65_jaar",
    "percentage_personen_65_jaar_en_ouder",
    "aantal_huishoudens",
    "percentage_eenpersoonshuishoudens",
    "percentage_huishoudens_met_kinderen",
    "gemiddelde_huishoudsgrootte",
    "percentage_koopwoningen",
    "percentage_huurwoningen",
];

/// The maps of both years and the postcodes.
pub(super) fn deliveries<'a>(material: &'a Material<'a>) -> Vec<Delivery<'a>> {
    let vintages = [material.older, &material.town.ground.now];
    let mut list: Vec<Delivery<'a>> = vintages
        .into_iter()
        .map(|vintage| {
            let name = format!("wijkenbuurten_{}_v1.gpkg", vintage.year);
            Delivery::new(name, move |path| districts(material, vintage, path))
        })
        .collect();
    list.push(Delivery::new("cbs_pc6_2025_v1.gpkg", move |path| postcodes(material, 6, path)));
    list.push(Delivery::new("cbs_pc4_2025_v1.gpkg", move |path| postcodes(material, 4, path)));
    list
}

/// The three layers of one year.
fn districts(material: &Material<'_>, vintage: &Vintage, path: &Path) -> Result<Option<Account>, TownError> {
    let map = Map { material, vintage };
    write(&[map.municipality(), map.districts(), map.neighbourhoods()], path)?;
    Ok(None)
}

struct Map<'a> {
    material: &'a Material<'a>,
    vintage: &'a Vintage,
}

impl Map<'_> {
    fn outline(&self, inside: impl Fn(usize) -> bool) -> Shape {
        self.material.town.ground.lattice.outline(inside)
    }

    fn is_water(&self, square: usize) -> bool {
        self.material.town.ground.uses[square] == Use::Water
    }

    fn count(&self, areas: usize, area_of: impl Fn(usize) -> usize) -> Vec<Tally> {
        let ground = &self.material.town.ground;
        tally(self.material.town, areas, |home| self.vintage.of_square[ground.addresses[home].square].map(&area_of))
    }

    fn layer(&self, name: &str, codes: &[&'static str], features: Vec<(Shape, Vec<Value>)>) -> Layer {
        Layer { name: name.to_owned(), columns: [codes, &FIGURES, &["jrstatcode"]].concat(), features }
    }

    /// Code columns, figures and the code with its year before it.
    fn feature(&self, codes: &[&str], shape: Shape, tally: Option<&Tally>) -> (Shape, Vec<Value>) {
        let mut values: Vec<Value> = codes.iter().map(|code| Value::Text((*code).to_owned())).collect();
        values.extend(figures(tally, surface(&shape)));
        values.push(Value::Text(format!("{}{}", self.vintage.year, codes[0])));
        (shape, values)
    }

    fn municipality(&self) -> Layer {
        let whole = self.count(1, |_| 0);
        let codes = [MUNICIPALITY_CODE, MUNICIPALITY, "NEE"];
        let feature = self.feature(&codes, self.outline(|s| !self.is_water(s)), Some(&whole[0]));
        let water = self.feature(&[MUNICIPALITY_CODE, MUNICIPALITY, "JA"], self.outline(|s| self.is_water(s)), None);
        self.layer("gemeenten", &["gemeentecode", "gemeentenaam", "water"], vec![feature, water])
    }

    fn districts(&self) -> Layer {
        let district = |n: usize| self.vintage.neighbourhoods[n].district;
        let counts = self.count(self.vintage.districts.len(), district);
        let mut features: Vec<_> = (0..self.vintage.districts.len())
            .map(|at| {
                let area = &self.vintage.districts[at];
                let shape = self.outline(|s| self.vintage.of_square[s].is_some_and(|n| district(n) == at));
                let codes = [&area.code, &area.name, MUNICIPALITY_CODE, MUNICIPALITY, "NEE"].map(AsRef::as_ref);
                self.feature(&codes, shape, Some(&counts[at]))
            })
            .collect();
        let codes = [WATER[0].0, WATER[0].1, MUNICIPALITY_CODE, MUNICIPALITY, "JA"];
        features.push(self.feature(&codes, self.outline(|s| self.is_water(s)), None));
        self.layer("wijken", &["wijkcode", "wijknaam", "gemeentecode", "gemeentenaam", "water"], features)
    }

    fn neighbourhoods(&self) -> Layer {
        let counts = self.count(self.vintage.neighbourhoods.len(), |n| n);
        let mut features: Vec<_> = self.order().map(|(at, area)| self.neighbourhood(at, area, &counts[at])).collect();
        let codes = [WATER[1].0, WATER[1].1, WATER[0].0, MUNICIPALITY_CODE, MUNICIPALITY, "1", "JA", "."];
        features.push(self.feature(&codes, self.outline(|s| self.is_water(s)), None));
        let columns = [
            "buurtcode",
            "buurtnaam",
            "wijkcode",
            "gemeentecode",
            "gemeentenaam",
            "indelingswijziging_wijken_en_buurten",
            "water",
            "meest_voorkomende_postcode",
        ];
        self.layer("buurten", &columns, features)
    }

    /// Neighbourhoods that exist in this vintage, by code.
    fn order(&self) -> impl Iterator<Item = (usize, &Division)> {
        let mut present: Vec<_> = self.vintage.neighbourhoods.iter().enumerate().collect();
        present.retain(|(at, _)| self.vintage.of_square.contains(&Some(*at)));
        present.sort_by(|a, b| a.1.code.cmp(&b.1.code));
        present.into_iter()
    }

    fn neighbourhood(&self, at: usize, area: &Division, tally: &Tally) -> (Shape, Vec<Value>) {
        let inside = |s: usize| self.vintage.of_square[s] == Some(at);
        let ground = &self.material.town.ground;
        let postcode = ground.postcodes.iter().find(|p| inside(p.square)).map_or(".", |p| &p.code[..4]);
        let changed = ground.now.neighbourhoods.get(at).is_none_or(|now| now.code != area.code);
        let district = &self.vintage.districts[area.district].code;
        let change = if changed { "2" } else { "1" };
        let codes = [&area.code, &area.name, district, MUNICIPALITY_CODE, MUNICIPALITY, change, "NEE", postcode];
        self.feature(&codes.map(AsRef::as_ref), self.outline(inside), Some(tally))
    }
}

/// The figures of [`FIGURES`], in their order.
fn figures(tally: Option<&Tally>, square_metres: f64) -> Vec<Value> {
    let Some(tally) = tally else { return vec![Value::Integer(MISSING); FIGURES.len()] };
    let whole = |count: usize| Value::Integer(i64::try_from(count).unwrap_or(i64::MAX));
    let share = |part: usize, of: usize| tally.percentage(part, of).map_or(Value::Integer(SECRET), whole);
    let density = Value::Integer(rounded(tally.residents as f64 * 1_000_000.0 / square_metres.max(1.0)));
    let mut values = vec![whole(92), density, whole(fives(tally.residents))];
    values.extend([fives(tally.residents - tally.women), fives(tally.women)].map(whole));
    values.extend(tally.ages.map(|count| share(count, tally.residents)));
    values.push(whole(fives(tally.households)));
    values.push(share(tally.alone, tally.households));
    values.push(share(tally.with_children, tally.households));
    values.push(Value::Real(tally.household_size().map_or(SECRET as f64, |tenths| tenths as f64 / 10.0)));
    values.push(share(tally.owned, tally.households));
    values.push(share(tally.households - tally.owned, tally.households));
    values
}

/// Postcodes of four or six characters as polygons: counts in fives, -99997 where there are fewer
/// than five.
fn postcodes(material: &Material<'_>, length: usize, path: &Path) -> Result<Option<Account>, TownError> {
    let ground = &material.town.ground;
    let mut codes: Vec<&str> = ground.postcodes.iter().map(|place| &place.code[..length]).collect();
    codes.dedup();
    let position = |code: &str| codes.binary_search(&&code[..length]).unwrap_or_default();
    let counts = tally(material.town, codes.len(), |home| {
        Some(position(&ground.postcodes[ground.addresses[home].postcode].code))
    });
    let mut area_of_square = vec![None; ground.lattice.len()];
    ground.postcodes.iter().for_each(|place| area_of_square[place.square] = Some(position(&place.code)));
    let feature = |(at, (code, tally)): (usize, (&&str, &Tally))| {
        (ground.lattice.outline(|square| area_of_square[square] == Some(at)), postcode_values(code, tally))
    };
    let layer = Layer {
        name: format!("postcode{length}"),
        columns: vec![
            if length == 6 { "postcode6" } else { "postcode4" },
            "aantal_inwoners",
            "aantal_part_huishoudens",
            "aantal_inwoners_65_jaar_en_ouder",
            "percentage_huurwoningen",
        ],
        features: codes.iter().zip(&counts).enumerate().map(feature).collect(),
    };
    write(&[layer], path)?;
    Ok(None)
}

fn postcode_values(code: &str, tally: &Tally) -> Vec<Value> {
    let whole = |count: usize| Value::Integer(i64::try_from(count).unwrap_or(i64::MAX));
    let secret = |count: usize| if count < 5 { Value::Integer(SECRET) } else { whole(fives(count)) };
    let rented = tally.percentage(tally.households - tally.owned, tally.households);
    vec![
        Value::Text(code.to_owned()),
        secret(tally.residents),
        secret(tally.households),
        secret(tally.ages[4]),
        rented.map_or(Value::Integer(SECRET), whole),
    ]
}
