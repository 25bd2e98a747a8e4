//! A tiny random town: its people and registers as plain lists, and the same written as the
//! declarations and deliveries that a municipality would have.

use std::fmt::Write as _;
use std::path::Path;

/// Postcodes of the town; addresses take them in turn.
pub(crate) const POSTCODES: [&str; 4] = ["1111AA", "1111AB", "1112AA", "1112AC"];
/// Years with a population.
pub(crate) const YEARS: [i32; 2] = [2023, 2024];
const TENURES: [&str; 3] = ["huur", "koop", "boot"];

/// A resident in one year.
#[derive(Debug, Clone)]
pub(crate) struct Resident {
    pub(crate) year: i32,
    pub(crate) person: u32,
    pub(crate) household: u32,
    pub(crate) address: usize,
    pub(crate) age: u32,
    pub(crate) head: bool,
    pub(crate) tenure: &'static str,
}

/// Something that holds from month to month (counted from January 2022), for a person, a
/// household, or both.
#[derive(Debug, Clone)]
pub(crate) struct Spell {
    pub(crate) person: Option<u32>,
    pub(crate) household: Option<u32>,
    pub(crate) first: u32,
    pub(crate) last: Option<u32>,
}

/// A report in a postcode and a month.
#[derive(Debug, Clone)]
pub(crate) struct Report {
    pub(crate) postcode: usize,
    pub(crate) month: u32,
    pub(crate) kind: &'static str,
}

/// An answer with a weight in thousandths.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) postcode: usize,
    pub(crate) year: i32,
    pub(crate) weight: u32,
    pub(crate) mark: Option<u32>,
}

/// Everything there is to know.
#[derive(Debug, Default)]
pub(crate) struct Tiny {
    pub(crate) residents: Vec<Resident>,
    pub(crate) help: Vec<Spell>,
    pub(crate) reports: Vec<Report>,
    pub(crate) answers: Vec<Answer>,
}

/// Numbers by chance from a seed (SplitMix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        u32::try_from((z ^ (z >> 31)) % u64::from(limit)).unwrap()
    }
}

impl Tiny {
    /// A town by chance.
    pub(crate) fn by_chance(seed: u64) -> Self {
        let mut chance = Chance(seed);
        let mut town = Self::default();
        for year in YEARS {
            for household in 1..=20 + chance.below(8) {
                let address = (household as usize * 7 + usize::from(year == 2024 && chance.below(5) == 0)) % 12;
                let tenure = TENURES[chance.below(3) as usize];
                for member in 0..=chance.below(3) {
                    let (person, age) = (household * 10 + member, 5 + chance.below(80));
                    let head = member == 0;
                    town.residents.push(Resident { year, person, household, address, age, head, tenure });
                }
            }
        }
        // One spell at each end, so that both years are covered whatever chance brings.
        town.help.push(Spell { person: Some(10), household: Some(1), first: 0, last: Some(1) });
        town.help.push(Spell { person: None, household: Some(2), first: 35, last: None });
        for _ in 0..12 {
            let household = 1 + chance.below(28);
            let first = chance.below(36);
            let last = (chance.below(2) == 0).then(|| first + chance.below(6)).filter(|last| *last < 36);
            let (person, own) = match chance.below(3) {
                0 => (Some(household * 10 + chance.below(3)), None),
                1 => (None, Some(household)),
                _ => (Some(household * 10), Some(household)),
            };
            town.help.push(Spell { person, household: own, first, last });
        }
        let by_chance: Vec<u32> = (0..30).map(|_| 12 + chance.below(24)).collect();
        for month in (12..36).chain(by_chance) {
            let kind = if chance.below(2) == 0 { "afval" } else { "geluid" };
            town.reports.push(Report { postcode: chance.below(4) as usize, month, kind });
        }
        for year in YEARS.into_iter().cycle().take(40) {
            let mark = (chance.below(8) > 0).then(|| 1 + chance.below(10));
            town.answers.push(Answer { postcode: chance.below(4) as usize, year, weight: chance.below(3000), mark });
        }
        town
    }

    /// Writes declarations and deliveries.
    pub(crate) fn write(&self, town: &Path) {
        for (path, text) in declarations() {
            let path = town.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let deliveries = town.join("deliveries");
        std::fs::create_dir_all(&deliveries).unwrap();
        let write = |name: &str, text: String| std::fs::write(deliveries.join(name), text).unwrap();
        let mut text = "adres;postcode;huisnummer;straat;x;y\n".to_owned();
        for at in 0..12 {
            writeln!(text, "A{at};{};{at};Laan;{};{}", POSTCODES[at % 4], 140_000 + 10 * at, 480_000 + 10 * at)
                .unwrap();
        }
        write("adressen.csv", text);
        write("bevolking.csv", self.population());
        write("hulp.csv", self.help());
        let mut text = "nummer;maand;postcode;soort\n".to_owned();
        for (number, report) in self.reports.iter().enumerate() {
            writeln!(text, "{number};{};{};{}", month(report.month), POSTCODES[report.postcode], report.kind).unwrap();
        }
        write("meldingen.csv", text);
        let mut text = "datum;postcode;gewicht;cijfer\n".to_owned();
        for answer in &self.answers {
            let mark = answer.mark.map_or_else(String::new, |mark| mark.to_string());
            let weight = format!("{},{:03}", answer.weight / 1000, answer.weight % 1000);
            writeln!(text, "{}-06-01;{};{weight};{mark}", answer.year, POSTCODES[answer.postcode]).unwrap();
        }
        write("enquete.csv", text);
    }

    fn population(&self) -> String {
        let mut text = "peildatum;persoon;huishouden;adres;leeftijd;relatie;eigendom\n".to_owned();
        for r in &self.residents {
            let relation = if r.head { "hoofd" } else { "kind" };
            let (year, person, household, address) = (r.year, r.person, r.household, r.address);
            writeln!(text, "{year}-01-01;{person:06};{household};A{address};{};{relation};{}", r.age, r.tenure)
                .unwrap();
        }
        text
    }

    fn help(&self) -> String {
        let mut text = "persoon;huishouden;begin;einde\n".to_owned();
        let number = |number: Option<u32>| number.map_or_else(String::new, |n| n.to_string());
        for spell in &self.help {
            let end = spell.last.map_or_else(String::new, |last| format!("{}-28", month(last)));
            let (person, household) = (number(spell.person), number(spell.household));
            writeln!(text, "{person};{household};{}-01;{end}", month(spell.first)).unwrap();
        }
        text
    }
}

/// A month counted from January 2022, as `2023-04`.
fn month(at: u32) -> String {
    format!("{}-{:02}", 2022 + at / 12, at % 12 + 1)
}

const ABOUT: &str = r#"
owner = "Gemeente"
contact = "post@gemeente.example"
purpose = "toets"
legal_basis = "toets"
retention = "P1Y"
"#;

const TEXTS: &str = r#"
theme = "geld"
direction = "high_is_unfavourable"
levels = ["gemeente", "pc4", "pc6"]
rhythm = "year"
evidence = "toets"
decimals = 1
name = { nl = "Naam" }
description = { nl = "Wat het meet" }
guidance = { nl = "Hoe het te lezen" }
does_not_say = { nl = "Wat het niet zegt" }
unit = { nl = "%" }
"#;

/// Every declaration file with its text.
fn declarations() -> Vec<(String, String)> {
    let mut files = vec![
        ("town.toml".to_owned(), TOWN.to_owned()),
        ("rules.toml".to_owned(), RULES.to_owned()),
        ("areas/addresses.toml".to_owned(), ADDRESSES.to_owned()),
    ];
    for (level, text) in AREAS {
        files.push((
            format!("areas/{level}.toml"),
            format!("level = \"{level}\"\nname = {{ nl = \"{level}\" }}\n{text}"),
        ));
    }
    for (id, text) in SOURCES {
        let head = format!("id = \"{id}\"\nname = {{ nl = \"{id}\" }}");
        files.push((format!("sources/{id}.toml"), format!("{head}{ABOUT}{text}")));
    }
    for (id, text) in INDICATORS {
        files.push((format!("indicators/{id}.toml"), format!("id = \"{id}\"{TEXTS}{text}")));
    }
    files
}

const TOWN: &str = r#"
id = "tiny"
municipality = "Tiny"
code = "GM9999"
vintage = 2025
population = "population"
attribute = [
  { id = "age", unit = "person", name = { nl = "Leeftijd" }, column = "age_group", values = [
    { id = "jong", name = { nl = "jong" } },
    { id = "oud", name = { nl = "oud" } },
  ] },
  { id = "tenure", unit = "household", name = { nl = "Eigendom" }, column = "tenure", values = [
    { id = "huur", name = { nl = "huur" } },
    { id = "koop", name = { nl = "koop" } },
  ] },
  { id = "helped", unit = "household", name = { nl = "Hulp" }, linked = { source = "help" }, values = [
    { id = "ja", name = { nl = "ja" } },
    { id = "nee", name = { nl = "nee" } },
  ] },
]
theme = [{ id = "geld", name = { nl = "Geld" } }]
"#;

const RULES: &str = r#"
name = "toets"
min_count = 5
min_count_sensitive = 10
max_group_share = 0.9
perturbation = { max_noise = 4, variance = 2.0 }
"#;

const ADDRESSES: &str = r#"
[[addresses]]
year = 2025
file = { name = "adressen.csv", format = "csv" }
id = "adres"
pc6 = "postcode"
number = "huisnummer"
street = "straat"
x = "x"
y = "y"
"#;

const AREAS: [(&str, &str); 3] = [
    ("gemeente", "rank = 0\nvintage = [{ year = 2025, assign = { kind = \"whole\" } }]"),
    (
        "pc4",
        "rank = 1\nparent = \"gemeente\"
        vintage = [{ year = 2025, assign = { kind = \"column\", column = \"pc6\", length = 4 } }]",
    ),
    (
        "pc6",
        "rank = 2\nparent = \"pc4\"\nvintage = [{ year = 2025, assign = { kind = \"column\", column = \"pc6\" } }]",
    ),
];

const SOURCES: [(&str, &str); 4] = [
    (
        "population",
        r#"
rhythm = "P1Y"
kind = "population"
person = "person"
household = "household"
household_row = "relation = 'hoofd'"
file = { name = "bevolking.csv", format = "csv" }
location = { level = "address", column = "address" }
date = { on = "on" }
[columns]
on = { from = "peildatum", type = "date", required = true }
person = { from = "persoon", type = "text" }
household = { from = "huishouden", type = "text" }
address = { from = "adres", type = "text" }
years = { from = "leeftijd", type = "integer" }
relation = { from = "relatie", type = "text" }
tenure = { from = "eigendom", type = "text" }
[recodes]
age_group = "CASE WHEN years < 40 THEN 'jong' ELSE 'oud' END"
"#,
    ),
    (
        "help",
        r#"
rhythm = "P1M"
kind = "spell"
person = "person"
household = "household"
file = { name = "hulp.csv", format = "csv" }
location = { level = "unit" }
date = { start = "start", end = "end" }
[columns]
person = { from = "persoon", type = "text" }
household = { from = "huishouden", type = "text" }
start = { from = "begin", type = "date" }
end = { from = "einde", type = "date" }
"#,
    ),
    (
        "report",
        r#"
rhythm = "P1M"
kind = "event"
record = "number"
file = { name = "meldingen.csv", format = "csv" }
location = { level = "pc6", column = "pc6" }
date = { period = "month" }
[columns]
number = { from = "nummer", type = "text" }
month = { from = "maand", type = "text" }
pc6 = { from = "postcode", type = "text" }
kind = { from = "soort", type = "text" }
"#,
    ),
    (
        "survey",
        r#"
rhythm = "P1Y"
kind = "survey"
weight = "weight"
file = { name = "enquete.csv", format = "csv" }
location = { level = "pc6", column = "pc6" }
date = { on = "on" }
[columns]
on = { from = "datum", type = "date" }
pc6 = { from = "postcode", type = "text" }
weight = { from = "gewicht", type = "decimal" }
mark = { from = "cijfer", type = "integer" }
"#,
    ),
];

const INDICATORS: [(&str, &str); 5] = [
    (
        "helped_households",
        r#"
measure = "share"
counts = "household"
per = 100.0
breakdowns = [["tenure"], ["tenure", "helped"]]
[count]
kind = "units"
[count.denominator]
[count.numerator]
with = [{ source = "help" }]
"#,
    ),
    (
        "unhelped_adults",
        r#"
measure = "share"
counts = "person"
per = 100.0
breakdowns = [["age"], ["tenure"], ["helped"]]
[count]
kind = "units"
[count.denominator]
where = "years >= 18"
[count.numerator]
without = [{ source = "help" }]
"#,
    ),
    (
        "residents",
        r#"
measure = "count"
counts = "person"
per = 1.0
breakdowns = [["age"]]
[count]
kind = "units"
[count.denominator]
"#,
    ),
    (
        "noise_reports",
        r#"
measure = "rate"
counts = "person"
per = 1000.0
[count]
kind = "events"
source = "report"
where = "kind = 'geluid'"
[count.denominator]
"#,
    ),
    (
        "mark",
        r#"
measure = "mean"
per = 1.0
[count]
kind = "survey"
source = "survey"
value = "mark"
"#,
    ),
];
