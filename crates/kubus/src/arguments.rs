//! What can be asked of `kubus`, with examples. No work is done here.

mod drill;
mod watch;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) use drill::{DrillArguments, DrillSide};
pub(crate) use watch::{Power, Threshold, WatchArguments};

use crate::message::Language;

const EXAMPLES: &str = "\
Voorbeelden / Examples:
  kubus town --out towns/demo              een verzonnen gemeente om alles op te proberen
  kubus key towns/demo                     maak de sleutels, buiten de map van de gemeente
  kubus run towns/demo                     controleren, tellen, beveiligen, signalen
  kubus signal towns/demo --format csv     de signalen van de nieuwste uitgave
  kubus verify towns/demo                  zegels, logboek en optellingen

Foutcode / Exit code: 1 = invoer of opdracht (yours), 2 = programma of machine (ours)";

/// Straatkubus, de werkplaats: van leveringen naar een beveiligde, verzegelde uitgave.
#[derive(Debug, Parser)]
#[command(name = "kubus", version, after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Taal van de meldingen / language of the messages (nl, en); anders volgens LANG.
    #[arg(long, global = true)]
    pub(crate) lang: Option<Language>,
    /// Meldingen voor mensen (text) of voor programma's (json).
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The form of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For programs; stable.
    Json,
    /// A table with `;` (signals only).
    Csv,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Maak een verzonnen gemeente om alles op te proberen.
    Town {
        /// Map van de gemeente.
        #[arg(long)]
        out: PathBuf,
        /// Ongeveer zoveel inwoners.
        #[arg(long, default_value_t = 200_000)]
        residents: usize,
        /// Zoveel maanden, tot en met december 2025.
        #[arg(long, default_value_t = 48)]
        months: usize,
        /// Een ander getal geeft een andere gemeente.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Schrijf ook als er bestanden staan die niet van ons zijn.
        #[arg(long)]
        force: bool,
    },
    /// Maak de sleutels van een gemeente, buiten haar map.
    Key {
        /// Map van de gemeente.
        town: PathBuf,
        /// Geen fout als er al een sleutel is.
        #[arg(long)]
        if_absent: bool,
    },
    /// Haal de openbare bronnen op van hun opgegeven adressen.
    Fetch {
        /// Map van de gemeente.
        town: PathBuf,
        /// Sta nog een host toe (voor proeven op deze machine).
        #[arg(long)]
        allow_host: Vec<String>,
    },
    /// Controleer de beschrijving en de leveringen; tel niets.
    Check {
        /// Map van de gemeente.
        town: PathBuf,
    },
    /// Tel de leveringen; de exacte kubus blijft in de kluis (vault/).
    Build {
        /// Map van de gemeente.
        town: PathBuf,
    },
    /// Beveilig de kubus, val hem aan, verzegel hem en geef hem een nummer.
    Release {
        /// Map van de gemeente.
        town: PathBuf,
        /// Andere regels dan rules.toml.
        #[arg(long)]
        rules: Option<PathBuf>,
    },
    /// De lijst met afwijkende gebieden in een uitgave, het meest urgent eerst.
    Signal {
        /// Map van een uitgave, of van een gemeente (dan de nieuwste uitgave).
        release: PathBuf,
        /// Alleen deze indicator.
        #[arg(long)]
        indicator: Option<String>,
        /// Alleen dit gebiedsniveau.
        #[arg(long)]
        level: Option<String>,
    },
    /// Controleer zegels, logboek en optellingen.
    Verify {
        /// Map van een gemeente, een map met uitgaven, of een uitgave.
        path: PathBuf,
    },
    /// Voorspel aantallen per gebied, en zeg of dat iets waard is.
    #[command(after_help = FORECAST_EXAMPLES)]
    Forecast(ForecastArguments),
    /// Zeg of vastgelegde voorspellingen uitkwamen.
    #[command(after_help = SCORE_EXAMPLES)]
    Score(ScoreArguments),
    /// Zeg of een voorspelling iets waard zou zijn: op het verleden nagespeeld.
    #[command(after_help = BACKTEST_EXAMPLES)]
    Backtest {
        #[command(flatten)]
        panel: PanelArguments,
        #[command(flatten)]
        also: BacktestArguments,
        #[command(flatten)]
        register: RegisterArguments,
    },
    /// Zeg of iets te weten is, voordat iemand gegevens vraagt.
    #[command(after_help = FEASIBILITY_EXAMPLES)]
    Feasibility(FeasibilityArguments),
    /// Alles achter elkaar: controleren, tellen, beveiligen, signalen.
    Run {
        /// Map van de gemeente.
        town: PathBuf,
    },
    /// Zeg of een cijfer in de ruimte samenklontert, en waar.
    Space(SpaceArguments),
    /// Zoek cirkels met meer gevallen dan hun bevolking doet verwachten.
    Scan(ScanArguments),
    /// Zoek bij welke groepen een afwijking zit: tot drie kenmerken tegelijk.
    Drill(DrillArguments),
    /// Waarschuw als het nieuwste aantal van een gebied hoger is dan zijn verleden doet verwachten.
    Watch(WatchArguments),
    /// Val uitgaven aan met alles wat erin staat, of een kaal stelsel van cellen.
    Attack(AttackArguments),
}

const FORECAST_EXAMPLES: &str = "Voorbeelden:
  kubus forecast --input inbraak.csv --horizon 3 --output voorspelling.csv
  kubus forecast --input inbraak.csv --population inwoners.csv --neighbours buren.csv --output voorspelling.csv
  kubus forecast --input inbraak.csv --record vastgelegd";

const SCORE_EXAMPLES: &str = "Voorbeelden:
  kubus score vastgelegd --input inbraak.csv
  kubus score vastgelegd --input inbraak.csv --head 5f1c… --json";

/// What to forecast, and where to leave it.
#[derive(Debug, Args)]
pub(crate) struct ForecastArguments {
    #[command(flatten)]
    pub(crate) panel: PanelArguments,
    /// Hier komt de voorspelling (CSV).
    #[arg(long, required_unless_present = "record")]
    pub(crate) output: Option<PathBuf>,
    /// Leg de voorspelling vast in deze map, om haar later te beoordelen met `kubus score`.
    #[arg(long)]
    pub(crate) record: Option<PathBuf>,
}

/// Which recorded forecasts to score, and on what.
#[derive(Debug, Args)]
pub(crate) struct ScoreArguments {
    /// Map met vastgelegde voorspellingen.
    pub(crate) folder: PathBuf,
    /// CSV met `area,period,count`: wat er intussen gebeurd is.
    #[arg(long)]
    pub(crate) input: PathBuf,
    /// Een leeg aantal met een `status` ligt onder dit getal.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) withheld_below: Option<u32>,
    /// Een hash van de lijst die elders bewaard is: er mag niets van zijn afgehaald.
    #[arg(long)]
    pub(crate) head: Option<String>,
    /// Hetzelfde als --format json.
    #[arg(long)]
    pub(crate) json: bool,
}

const BACKTEST_EXAMPLES: &str = "Voorbeelden:
  kubus backtest --input inbraak.csv --horizon 3
  kubus backtest --input inbraak.csv --marks aanpak.csv --types soorten.csv --annual
  kubus backtest --input inbraak.csv --register register.json --card kaart.md --subject inbraak \\
    --organization 'Gemeente Voorbeeld' --contact algoritmes@voorbeeld.nl --until 2027-12";

/// What the algorithm register and the model card say beside the verdict.
#[derive(Debug, Args)]
pub(crate) struct RegisterArguments {
    /// Hier komt het bericht voor het Algoritmeregister (JSON, publicatiestandaard 1.0).
    #[arg(long, requires_all = ["subject", "organization", "contact", "until"])]
    pub(crate) register: Option<PathBuf>,
    /// Hier komt de modelkaart (Markdown).
    #[arg(long, requires_all = ["subject", "organization", "contact", "until"])]
    pub(crate) card: Option<PathBuf>,
    /// Waarover de aantallen gaan, zoals: inbraak.
    #[arg(long)]
    pub(crate) subject: Option<String>,
    /// De organisatie die voorspelt.
    #[arg(long)]
    pub(crate) organization: Option<String>,
    /// E-mailadres voor vragen.
    #[arg(long)]
    pub(crate) contact: Option<String>,
    /// Tot en met deze maand (2027-12); daarna stopt het, tenzij opnieuw besloten is.
    #[arg(long)]
    pub(crate) until: Option<String>,
}

/// A panel of counts, and what is known about its areas.
#[derive(Debug, Args)]
pub(crate) struct PanelArguments {
    /// CSV met `area,period,count`, zonder gaten (maanden, kwartalen of jaren). Een afgeschermd
    /// aantal is een klasse (`<5`, `1-4`), of leeg met een tekst in de kolom `status`.
    #[arg(long)]
    pub(crate) input: PathBuf,
    /// Zoveel perioden vooruit.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=60))]
    pub(crate) horizon: u16,
    /// CSV met `area,population`: inwoners of huishoudens van elk gebied.
    #[arg(long)]
    pub(crate) population: Option<PathBuf>,
    /// CSV met `area,neighbour`: paren van gebieden die elkaar raken.
    #[arg(long)]
    pub(crate) neighbours: Option<PathBuf>,
    /// CSV met `area,from,to,kind`: waar en wanneer een eigen aanpak liep (`intervention`) of anders
    /// gezocht of geregistreerd werd (`detection`). Daarvan wordt niet geleerd. `*` is elk gebied; een
    /// lege `to` loopt door.
    #[arg(long)]
    pub(crate) marks: Option<PathBuf>,
    /// Een leeg aantal met een `status` ligt onder dit getal; anders kan het elk aantal zijn.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) withheld_below: Option<u32>,
    /// Voor de trekkingen van het oordeel.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

/// What a backtest tells beside the verdict.
#[derive(Debug, Args)]
pub(crate) struct BacktestArguments {
    /// CSV met `area,type`: het oordeel ook per soort gebied.
    #[arg(long)]
    pub(crate) types: Option<PathBuf>,
    /// Beoordeel ook het totaal van het volgende jaar.
    #[arg(long)]
    pub(crate) annual: bool,
}

const FEASIBILITY_EXAMPLES: &str = "Voorbeelden:
  kubus feasibility --per-1000 5 --level buurt:10:2000 --level wijk:2:10000 --years 1
  kubus feasibility --per-1000 5 --level buurt:10:2000 --years 4 --coverage 0.6 --delay 6
  kubus feasibility --pilot proeflevering.csv --ratio 2";

/// What should be found, and what is known of the data.
#[derive(Debug, Args)]
pub(crate) struct FeasibilityArguments {
    /// Gebeurtenissen per 1.000 inwoners (of huishoudens) per jaar.
    #[arg(long, required_unless_present = "pilot")]
    pub(crate) per_1000: Option<f64>,
    /// Niveau als naam:gebieden:inwoners per gebied; herhaal van fijn naar grof.
    #[arg(long = "level", value_name = "NAAM:GEBIEDEN:INWONERS", required_unless_present = "pilot")]
    pub(crate) levels: Vec<String>,
    /// Proeflevering (CSV met `area,period,count`): het aantal en de spreiding komen daaruit.
    #[arg(long)]
    pub(crate) pilot: Option<PathBuf>,
    /// Jaren die verzameld worden [standaard: die van de proeflevering, anders 1].
    #[arg(long)]
    pub(crate) years: Option<f64>,
    /// Perioden per jaar.
    #[arg(long, default_value_t = 12)]
    pub(crate) periods_per_year: u32,
    /// Kleinste afwijking die ertoe doet: zoveel keer het gewone.
    #[arg(long, default_value_t = 1.5)]
    pub(crate) ratio: f64,
    /// Kleinste verandering per jaar die ertoe doet (0.10 is 10 %).
    #[arg(long, default_value_t = 0.10, allow_negative_numbers = true)]
    pub(crate) change: f64,
    /// Waarmee een aanpak het aantal vermenigvuldigt (0.8 is een vijfde minder).
    #[arg(long, default_value_t = 0.8)]
    pub(crate) effect: f64,
    /// Deel van de gebieden met de aanpak.
    #[arg(long, default_value_t = 0.5)]
    pub(crate) treated: f64,
    /// Spreiding: variantie gedeeld door gemiddelde (1 is zuiver toeval; 1,5 is gewoon).
    #[arg(long)]
    pub(crate) dispersion: Option<f64>,
    /// Deel van de gebeurtenissen dat in de gegevens staat.
    #[arg(long, default_value_t = 1.0)]
    pub(crate) coverage: f64,
    /// Zoveel perioden komen de gegevens te laat.
    #[arg(long, default_value_t = 0)]
    pub(crate) delay: u32,
}

/// What to attack, and how.
#[derive(Debug, Args)]
pub(crate) struct AttackArguments {
    /// Mappen van uitgaven of gemeenten; meer dan een worden samen aangevallen.
    #[arg(conflicts_with_all = ["system", "cells"], required_unless_present = "system")]
    pub(crate) releases: Vec<PathBuf>,
    /// Wie aanvalt: A0, iemand van buiten die alle regels en alle uitgaven kent; A1, ook zijn eigen
    /// bijdrage; A2, twee van hen samen; A3, ook de openbare tabellen van --known. A1 tot en met A3
    /// alleen met --system.
    #[arg(long = "as", default_value = "A0", value_parser = ["A0", "A1", "A2", "A3"])]
    pub(crate) attacker: String,
    /// Openbare aantallen voor A3: `cell,freq`, met het nummer van de cel (vanaf 0). Wat niet optelt met wat al
    /// bekend is, telt iets anders en wordt niet gebruikt.
    #[arg(long, requires = "system")]
    pub(crate) known: Option<PathBuf>,
    /// Paren `i,j` (vanaf 0): atoom i ligt in cel j.
    #[arg(long, requires = "cells")]
    pub(crate) system: Option<PathBuf>,
    /// Een regel per cel: `freq,primary,suppressed`.
    #[arg(long, requires = "system")]
    pub(crate) cells: Option<PathBuf>,
    /// De aanvaller weet welke cellen nul zijn.
    #[arg(long, requires = "system")]
    pub(crate) zeros_known: bool,
    /// Verberg ook de cellen die nodig zijn om de gevoelige te beschermen, en val dan aan.
    #[arg(long, requires = "system")]
    pub(crate) repair: bool,
    /// Schrijf het patroon van --repair hierheen, in de vorm van --cells.
    #[arg(long, requires = "repair")]
    pub(crate) out: Option<PathBuf>,
    /// Hetzelfde als --format json.
    #[arg(long)]
    pub(crate) json: bool,
}

const SPACE_EXAMPLES: &str = "\
Voorbeelden / Examples:
  kubus space --areas areas.csv --edges edges.csv --stat moran --out uit.csv
  kubus space --areas areas.csv --edges edges.csv --stat seb --format csv
  kubus space towns/demo --indicator schulden --level buurt";

/// What to ask about space, and of which areas.
#[derive(Debug, Args)]
#[command(after_help = SPACE_EXAMPLES)]
pub(crate) struct SpaceArguments {
    /// Map van een uitgave, of van een gemeente (dan de nieuwste uitgave).
    #[arg(required_unless_present = "areas", conflicts_with = "areas", requires = "indicator", requires = "level")]
    pub(crate) release: Option<PathBuf>,
    /// De indicator, bij een uitgave.
    #[arg(long, requires = "release")]
    pub(crate) indicator: Option<String>,
    /// Het gebiedsniveau, bij een uitgave.
    #[arg(long, requires = "release")]
    pub(crate) level: Option<String>,
    /// CSV met `id` en wat nodig is van `value` of `pop,cases`.
    #[arg(long, requires = "edges")]
    pub(crate) areas: Option<PathBuf>,
    /// CSV met `i,j`: welke gebieden aan elkaar grenzen.
    #[arg(long, requires = "areas")]
    pub(crate) edges: Option<PathBuf>,
    /// De maat.
    #[arg(long, value_enum, default_value_t = SpaceStatistic::Moran)]
    pub(crate) stat: SpaceStatistic,
    /// Gebruik cases/pop op een schaal die niet van de omvang afhangt (EB), in plaats van value.
    #[arg(long)]
    pub(crate) rates: bool,
    /// Zoveel trekkingen; 0 rekent met de normale verdeling.
    #[arg(long, default_value_t = 1_000_000)]
    pub(crate) perms: u32,
    /// Zoveel processorkernen; anders alle.
    #[arg(long)]
    pub(crate) jobs: Option<usize>,
    /// Voor de trekkingen.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Schrijf de gebieden hierheen (CSV, of JSON met --format json).
    #[arg(long)]
    pub(crate) out: Option<PathBuf>,
}

/// A statistic of space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SpaceStatistic {
    /// Moran's I: lijken buren op elkaar.
    Moran,
    /// Geary's C: hoe ver liggen buren uit elkaar.
    Geary,
    /// Getis en Ord's G: hoog bij hoog, laag bij laag, zonder het gebied zelf.
    G,
    /// G*: met het gebied zelf.
    Gstar,
    /// Percentages van kleine gebieden naar het gemiddelde getrokken.
    Eb,
    /// Naar het gemiddelde van de buren getrokken.
    Seb,
}

const SCAN_EXAMPLES: &str = "\
Voorbeelden / Examples:
  kubus scan --areas areas.csv
  kubus scan --areas areas.csv --max-share 0.1 --perms 9999 --format json --out uit.json
  kubus scan towns/demo --indicator schulden --level buurt";

/// Where to look for circles, and how.
#[derive(Debug, Args)]
#[command(after_help = SCAN_EXAMPLES)]
pub(crate) struct ScanArguments {
    /// Map van een uitgave, of van een gemeente (dan de nieuwste uitgave).
    #[arg(required_unless_present = "areas", conflicts_with = "areas", requires = "indicator", requires = "level")]
    pub(crate) release: Option<PathBuf>,
    /// De indicator, bij een uitgave.
    #[arg(long, requires = "release")]
    pub(crate) indicator: Option<String>,
    /// Het gebiedsniveau, bij een uitgave.
    #[arg(long, requires = "release")]
    pub(crate) level: Option<String>,
    /// CSV met `id,x,y,pop,cases`.
    #[arg(long)]
    pub(crate) areas: Option<PathBuf>,
    /// Een cirkel omvat hoogstens dit deel van de bevolking.
    #[arg(long, default_value_t = 0.5, value_parser = share)]
    pub(crate) max_share: f64,
    /// Zoveel kaarten zonder patroon om mee te vergelijken; 0 geeft geen p-waarden.
    #[arg(long, default_value_t = 999)]
    pub(crate) perms: usize,
    /// Zoveel processorkernen; anders alle.
    #[arg(long)]
    pub(crate) jobs: Option<usize>,
    /// Voor de kaarten.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Schrijf de cirkels hierheen (CSV, of JSON met --format json).
    #[arg(long)]
    pub(crate) out: Option<PathBuf>,
}

/// A share above zero, at most one.
fn share(text: &str) -> Result<f64, String> {
    let share: f64 = text.parse().map_err(|_| "geen getal / not a number".to_owned())?;
    if share > 0.0 && share <= 1.0 {
        Ok(share)
    } else {
        Err("groter dan 0, hoogstens 1 / above 0, at most 1".to_owned())
    }
}
