//! The registers: benefits, debts, arrears, school, youth care, reports and the survey.

use std::path::Path;

use chrono::NaiveDate;

use super::csv_file::{Register, Style, comma, euros};
use super::{Account, Delivery, address, parquet_file, sheet};
use crate::town::TownError;
use crate::town::calendar::dutch;
use crate::town::life::youth::YouthEvent;
use crate::town::life::{Town, arrears, burglary, debt, nuisance, survey, violence, youth};
use crate::town::people::{household_number, person_number};
use crate::town::random::Dice;

/// All registers but the population.
pub(super) fn deliveries(town: &Town) -> Vec<Delivery<'_>> {
    vec![
        Delivery::new("bijstand.xlsx", move |path| sheet::benefits(town, path)),
        Delivery::new("jeugdhulp.parquet", move |path| parquet_file::youth_care(town, path)),
        Delivery::new("meldingen_openbare_ruimte.csv", move |path| nuisances(town, path)),
        Delivery::new("vroegsignalen.csv", move |path| notices(town, path)),
        Delivery::new("schuldhulp.csv", move |path| help(town, path)),
        Delivery::new("huurachterstand.csv", move |path| rent(town, path)),
        Delivery::new("verzuim.csv", move |path| truancy(town, path)),
        Delivery::new("voortijdig_schoolverlaters.csv", move |path| leavers(town, path)),
        Delivery::new("veilig_thuis_per_maand.csv", move |path| violences(town, path)),
        Delivery::new("inbraken_per_maand.csv", move |path| burglaries(town, path)),
        Delivery::new("leefbaarheidsenquete.csv", move |path| answers(town, path)),
    ]
}

/// An end date, or nothing while it goes on.
fn open_end(end: Option<NaiveDate>) -> String {
    end.map(dutch).unwrap_or_default()
}

fn finish(
    town: &Town,
    name: &'static str,
    mut register: Register,
    style: Style,
    path: &Path,
) -> Result<Option<Account>, TownError> {
    let account = register.spoil(town.seed, name);
    register.write(style, path)?;
    Ok(Some(account))
}

fn head(town: &Town, household: usize) -> String {
    person_number(town.people.households[household].first_person).to_string()
}

fn notices(town: &Town, path: &Path) -> Result<Option<Account>, TownError> {
    let row = |(at, n): (usize, debt::Notice)| {
        let place = &town.ground.addresses[n.address];
        vec![
            format!("VS{:07}", at + 1),
            dutch(n.date),
            head(town, n.household),
            household_number(n.household).to_string(),
            town.postcode(n.address).to_owned(),
            place.number.to_string(),
            n.creditor.to_owned(),
            n.months.to_string(),
            euros(n.cents),
        ]
    };
    let rows = debt::debts(town).notices.into_iter().enumerate().map(row).collect();
    let header = &[
        "meldnummer",
        "melddatum",
        "persoonsnummer",
        "huishoudnummer",
        "postcode",
        "huisnummer",
        "soort_partner",
        "maanden_achterstand",
        "bedrag_achterstand",
    ];
    finish(town, "vroegsignalen", Register { header, rows, dates: &[1], keys: &[3] }, Style::Semicolon, path)
}

fn help(town: &Town, path: &Path) -> Result<Option<Account>, TownError> {
    let mut dice = Dice::new(town.seed, "help kind", 0);
    let mut row = |h: debt::Help| {
        vec![
            head(town, h.household),
            household_number(h.household).to_string(),
            dutch(h.start),
            open_end(h.end),
            dice.pick(&["schuldregeling", "budgetbeheer", "adviesgesprek"]).to_owned(),
        ]
    };
    let rows = debt::debts(town).help.into_iter().map(&mut row).collect();
    let header = &["persoonsnummer", "huishoudnummer", "startdatum", "einddatum", "vorm"];
    finish(town, "schuldhulp", Register { header, rows, dates: &[2], keys: &[1] }, Style::Semicolon, path)
}

fn rent(town: &Town, path: &Path) -> Result<Option<Account>, TownError> {
    const ESTATES: [&str; 5] = ["Belvédère", "Coöperatie Thuis", "Één Hof", "’t Veerhuis", "Château Kade"];
    let row = |(at, a): (usize, arrears::Arrears)| {
        vec![
            format!("C-{:06}", at + 1),
            household_number(a.household).to_string(),
            address::identifier(a.address),
            ESTATES[town.ground.addresses[a.address].postcode % ESTATES.len()].to_owned(),
            dutch(a.start),
            open_end(a.end),
            euros(a.cents),
        ]
    };
    let rows = arrears::arrears(town).into_iter().enumerate().map(row).collect();
    let header =
        &["Contractnr", "Huishoudnr", "Adres_id", "Complex", "Begin achterstand", "Einde achterstand", "Bedrag (€)"];
    finish(town, "huurachterstand", Register { header, rows, dates: &[4], keys: &[1] }, Style::Windows, path)
}

fn truancy(town: &Town, path: &Path) -> Result<Option<Account>, TownError> {
    let row = |e: YouthEvent| {
        vec![person_number(e.person).to_string(), dutch(e.date), e.kind.to_owned(), e.hours.to_string()]
    };
    let rows = youth::youth(town).truancy.into_iter().map(row).collect();
    let header = &["leerlingnummer", "datum_melding", "onderwijssoort", "uren_ongeoorloofd"];
    finish(town, "verzuim", Register { header, rows, dates: &[1], keys: &[0] }, Style::Comma, path)
}

fn leavers(town: &Town, path: &Path) -> Result<Option<Account>, TownError> {
    let row = |e: YouthEvent| vec![person_number(e.person).to_string(), dutch(e.date), e.kind.to_owned()];
    let rows = youth::youth(town).leavers.into_iter().map(row).collect();
    let header = &["leerlingnummer", "datum_uitschrijving", "onderwijssoort"];
    finish(town, "schoolverlaters", Register { header, rows, dates: &[1], keys: &[0] }, Style::Comma, path)
}

fn violences(town: &Town, path: &Path) -> Result<Option<Account>, TownError> {
    let row = |(at, v): (usize, violence::Violence)| {
        let (year, month) = town.calendar.month(v.month);
        vec![
            format!("{:06}", at + 1),
            format!("{year}-{month:02}"),
            town.ground.postcodes[v.postcode].code.clone(),
            v.kind.to_owned(),
        ]
    };
    let rows = violence::violence(town).into_iter().enumerate().map(row).collect();
    let header = &["volgnummer", "maand", "postcode", "soort"];
    finish(town, "veilig thuis", Register { header, rows, dates: &[1], keys: &[2] }, Style::Semicolon, path)
}

fn burglaries(town: &Town, path: &Path) -> Result<Option<Account>, TownError> {
    let row = |(at, b): (usize, burglary::Burglary)| {
        let (year, month) = town.calendar.month(b.month);
        vec![
            format!("I{:07}", at + 1),
            format!("{year}-{month:02}"),
            town.ground.postcodes[b.postcode].code.clone(),
            b.kind.to_owned(),
        ]
    };
    let rows = burglary::burglaries(town).into_iter().enumerate().map(row).collect();
    let header = &["aangiftenummer", "maand", "postcode", "soort"];
    finish(town, "inbraken", Register { header, rows, dates: &[1], keys: &[2] }, Style::Semicolon, path)
}

fn nuisances(town: &Town, path: &Path) -> Result<Option<Account>, TownError> {
    let row = |(at, n): (usize, nuisance::Nuisance)| {
        vec![
            format!("M{:07}", at + 1),
            dutch(n.date),
            n.category.to_owned(),
            town.ground.postcodes[n.postcode].code.clone(),
            n.text,
        ]
    };
    let rows = nuisance::nuisance(town).into_iter().enumerate().map(row).collect();
    let header = &["Meldnummer", "Datum", "Categorie", "Postcode", "Omschrijving"];
    finish(town, "meldingen", Register { header, rows, dates: &[1], keys: &[3] }, Style::Marked, path)
}

fn answers(town: &Town, path: &Path) -> Result<Option<Account>, TownError> {
    let row = |(at, a): (usize, survey::Answer)| {
        vec![
            (at + 1).to_string(),
            dutch(a.date),
            town.ground.now.neighbourhoods[a.neighbourhood].code.clone(),
            comma(a.weight),
            a.mark.to_string(),
            if a.unsafe_here { "ja" } else { "nee" }.to_owned(),
        ]
    };
    let rows = survey::survey(town).into_iter().enumerate().map(row).collect();
    let header = &["respondent", "datum", "buurtcode", "weegfactor", "rapportcijfer", "voelt_zich_onveilig"];
    finish(town, "enquete", Register { header, rows, dates: &[1], keys: &[2] }, Style::Semicolon, path)
}
