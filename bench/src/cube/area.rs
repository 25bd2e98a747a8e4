//! The areas of the benchmark: postcodes with their neighbourhood, district and municipality.

use std::collections::BTreeMap;
use std::path::Path;

use super::Failure;

/// Every postcode that can be written: four digits and two letters.
const CODES: usize = 10_000 * 676;

/// Positions of postcodes, and of what they lie in.
pub(crate) struct Areas {
    position: Vec<u32>,
    pub(crate) count: u32,
    pub(crate) buurt: Vec<u32>,
    pub(crate) buurten: u32,
    pub(crate) wijk_of_buurt: Vec<u32>,
    pub(crate) wijken: u32,
    pub(crate) gemeente_of_wijk: Vec<u32>,
    pub(crate) gemeenten: u32,
}

impl Areas {
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let mut reader = csv::Reader::from_path(path)?;
        let mut areas = Self {
            position: vec![u32::MAX; CODES],
            count: 0,
            buurt: Vec::new(),
            buurten: 0,
            wijk_of_buurt: Vec::new(),
            wijken: 0,
            gemeente_of_wijk: Vec::new(),
            gemeenten: 0,
        };
        let mut names: [BTreeMap<String, u32>; 3] = Default::default();
        for record in reader.records() {
            let record = record?;
            let gemeente = number(&mut names[2], &record[3]);
            let wijk = number(&mut names[1], &record[2]);
            let buurt = number(&mut names[0], &record[1]);
            set(&mut areas.gemeente_of_wijk, wijk, gemeente);
            set(&mut areas.wijk_of_buurt, buurt, wijk);
            areas.buurt.push(buurt);
            let code = code(record[0].as_bytes()).ok_or("not a postcode in area.csv")?;
            areas.position[code] = areas.count;
            areas.count += 1;
        }
        areas.buurten = u32::try_from(names[0].len())?;
        areas.wijken = u32::try_from(names[1].len())?;
        areas.gemeenten = u32::try_from(names[2].len())?;
        Ok(areas)
    }

    /// The position of a postcode; `None` for text that is no postcode or not in the list.
    pub(crate) fn find(&self, postcode: &[u8]) -> Option<u32> {
        Some(self.position[code(postcode)?]).filter(|at| *at != u32::MAX)
    }
}

fn number(names: &mut BTreeMap<String, u32>, name: &str) -> u32 {
    let next = u32::try_from(names.len()).unwrap_or(u32::MAX);
    *names.entry(name.to_owned()).or_insert(next)
}

fn set(list: &mut Vec<u32>, at: u32, value: u32) {
    if list.len() == at as usize {
        list.push(value);
    }
}

fn code(postcode: &[u8]) -> Option<usize> {
    let [a, b, c, d, x, y] = *<&[u8; 6]>::try_from(postcode).ok()?;
    let digit = |byte: u8| byte.is_ascii_digit().then(|| usize::from(byte - b'0'));
    let letter = |byte: u8| byte.is_ascii_uppercase().then(|| usize::from(byte - b'A'));
    let digits = ((digit(a)? * 10 + digit(b)?) * 10 + digit(c)?) * 10 + digit(d)?;
    Some(digits * 676 + letter(x)? * 26 + letter(y)?)
}
