//! A fictional municipality to try everything on: `kubus town`. Waterrijk (GM9901) does not exist,
//! and neither does anyone in it; its deliveries look like real ones, mess included, and something
//! is planted in them that a good reader of figures should find (`truth.json`).
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`random`], [`field`] | repeatable chance, and surfaces on which neighbours are alike |
//! | [`calendar`] | the months covered |
//! | [`ground`] | water, districts, neighbourhoods, postcodes, streets, addresses; two vintages |
//! | [`plant`], [`truth`] | what is planted where, and what should be found |
//! | [`wave`] | hot spots that move |
//! | [`people`] | dwellings, households, residents, through the years |
//! | [`life`] | what registers see of them |
//! | [`delivery`] | the files, in the formats in which they really come |
//! | [`place`] | from a temporary folder into the town's folder, whole or not at all |
//!
//! The same options give the same bytes. Nothing in the program reads `truth.json`.

mod calendar;
mod delivery;
mod error;
mod field;
mod ground;
mod life;
mod names;
mod people;
mod place;
mod plant;
mod random;
mod truth;
mod wave;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

pub(crate) use error::TownError;

use calendar::Calendar;
use delivery::{Account, Material, deliveries};
use ground::{BoundaryChange, Ground, Vintage, older_vintage};
use life::Town;
use people::People;
use place::Site;
use truth::{Truth, TruthFile};

/// What town to make, and where.
#[derive(Debug, Clone)]
pub(crate) struct TownOptions {
    /// The town's folder.
    pub(crate) out: PathBuf,
    /// About how many residents, 1,000 to 2,000,000.
    pub(crate) residents: usize,
    /// How many months up to December 2025, 1 to 240.
    pub(crate) months: usize,
    /// Another seed gives another town.
    pub(crate) seed: u64,
    /// Write although the folder of deliveries holds files that are not ours. Those stay.
    pub(crate) force: bool,
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(crate) struct TownSummary {
    /// Residents on the newest reference date.
    pub(crate) residents: usize,
    /// Postcodes.
    pub(crate) postcodes: usize,
    /// Neighbourhoods of 2025.
    pub(crate) neighbourhoods: usize,
    /// Files delivered.
    pub(crate) files: usize,
    /// Rows in the registers, bad ones counted.
    pub(crate) rows: usize,
}

/// Told about progress: a stage (message key), and the part done (0 to 1).
type Progress<'a> = &'a (dyn Fn(&str, f64) + Sync);

/// Makes a whole town: declarations where they are absent, deliveries, and `truth.json`.
///
/// # Errors
/// [`TownError`]; the folder is then as it was, or, when moving files into place fails halfway,
/// holds whole files only.
pub(crate) fn write_town(options: &TownOptions, progress: Progress<'_>) -> Result<TownSummary, TownError> {
    check(options)?;
    let site = Site::open(&options.out, options.force)?;
    progress("town-ground", 0.0);
    let (town, older, changes) = make(options, progress);
    let material = Material { town: &town, older: &older };
    let accounts = write_deliveries(&material, &site, progress)?;
    let truth = TruthFile {
        municipality: names::MUNICIPALITY,
        seed: options.seed,
        residents: residents(&town),
        months: options.months,
        truths: town.plan.truths.clone(),
        boundary_changes: changes,
        deliveries: accounts.clone().into_iter().filter_map(|(name, account)| Some((name, account?))).collect(),
    };
    site.write_truth(&truth)?;
    site.write_declarations()?;
    site.finish()?;
    progress("town-done", 1.0);
    Ok(TownSummary {
        residents: truth.residents,
        postcodes: town.ground.postcodes.len(),
        neighbourhoods: town.ground.now.neighbourhoods.len(),
        files: accounts.len(),
        rows: truth.deliveries.values().map(|account| account.rows).sum(),
    })
}

fn check(options: &TownOptions) -> Result<(), TownError> {
    let bounds = [("residents", options.residents, 1_000, 2_000_000), ("months", options.months, 1, 240)];
    match bounds.into_iter().find(|(_, given, low, high)| !(low..=high).contains(&given)) {
        Some((what, given, low, high)) => Err(TownError::OutOfRange { what, given, low, high }),
        None => Ok(()),
    }
}

/// The town, its older boundaries and what changed between them. Households turn out larger in one
/// town than in another, so a first draft tells how many addresses the wanted residents need.
fn make(options: &TownOptions, progress: Progress<'_>) -> (Town, Vintage, Vec<BoundaryChange>) {
    let (first, ..) = draft(options, 1.0);
    progress("town-people", 0.1);
    let crowding = options.residents as f64 / residents(&first).max(1) as f64;
    draft(options, crowding)
}

fn draft(options: &TownOptions, crowding: f64) -> (Town, Vintage, Vec<BoundaryChange>) {
    let calendar = Calendar::new(options.months);
    let mut ground = Ground::new(options.seed, options.residents, crowding);
    let written = |month: usize| {
        let (year, month) = calendar.month(month);
        format!("{year}-{month:02}")
    };
    let rise = written(life::arrears::rise_from(options.months));
    let mut plan = plant::plan(options.seed, &mut ground, &written(0), &rise);
    plan.truths.push(moving(options, &ground, &written(0)));
    let (older, changes) = older_vintage(&ground, &plan.neighbourhoods);
    let people = People::new(options.seed, &ground, &plan, calendar);
    (Town { seed: options.seed, calendar, ground, plan, people }, older, changes)
}

/// The hot spots of burglaries, where they are in the last month.
fn moving(options: &TownOptions, ground: &Ground, since: &str) -> Truth {
    let hot = wave::hot(options.seed, ground, options.months).pop().unwrap_or_default();
    let areas = hot.into_iter().map(|at| ground.now.neighbourhoods[at].code.clone()).collect();
    Truth::moving(&["burglary_month"], areas, since).says(
        "In een tiende van de buurten wordt een paar maanden lang veel vaker ingebroken. Daarna gaat het naar een \
         buurt ernaast. Het meerjarig gemiddelde laat dat niet zien; een kaart van de volgende maand wel.",
        "In a tenth of the neighbourhoods there are far more burglaries for some months. Then it moves to a \
         neighbourhood beside. The mean of many years does not show it; a map of the next month does.",
    )
}

fn residents(town: &Town) -> usize {
    town.people.residents(town.calendar.years().len() - 1, calendar::LAST_YEAR)
}

/// Writes all files into the temporary folder, several at a time.
fn write_deliveries(
    material: &Material<'_>,
    site: &Site,
    progress: Progress<'_>,
) -> Result<BTreeMap<String, Option<Account>>, TownError> {
    let list = deliveries(material);
    let done = AtomicUsize::new(0);
    let accounts = Mutex::new(BTreeMap::new());
    list.par_iter().try_for_each(|delivery| {
        let account = (delivery.write)(&site.delivery(&delivery.name))?;
        if let Ok(mut accounts) = accounts.lock() {
            accounts.insert(delivery.name.clone(), account);
        }
        let part = (done.fetch_add(1, Ordering::Relaxed) + 1) as f64 / list.len() as f64;
        progress("town-deliveries", 0.2 + 0.75 * part);
        Ok::<(), TownError>(())
    })?;
    Ok(accounts.into_inner().unwrap_or_default())
}

#[cfg(test)]
mod tests;
