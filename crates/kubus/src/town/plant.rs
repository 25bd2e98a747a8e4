//! What is planted: the places where the town differs from chance, and what a good reader of the
//! figures should therefore find, or should not find. Described in `docs/methods/demostad.md`.

use std::collections::BTreeSet;

use super::ground::Ground;
use super::random::{Dice, whole};
use super::truth::{Group, Truth};

/// Share of households on social assistance in the affected postcodes of the islands.
pub(super) const ISLAND_BENEFIT_SHARE: f64 = 0.36;
/// Share of households on social assistance where only the composition differs.
const DECOY_BENEFIT_SHARE: f64 = 0.46;
/// Share of heads of household of 65 and over where only the composition differs.
const DECOY_SENIOR_SHARE: f64 = 0.78;

/// How a postcode differs from the rest of the town.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Effects {
    /// Share of households on social assistance, when it is planted.
    pub(super) benefit_share: Option<f64>,
    /// Share of heads of 65 and over, when it is planted.
    pub(super) senior_share: Option<f64>,
    /// Its part in the Eilanden case.
    pub(super) island: Island,
    /// Whether rent arrears rise.
    pub(super) rising: bool,
    /// How much lower the mark for liveability is.
    pub(super) felt: f64,
    /// How many times as many nuisance reports.
    pub(super) nuisance: f64,
    /// How many times as many domestic-violence reports.
    pub(super) violence: f64,
    /// Nothing but the composition may differ here: no random extras.
    pub(super) plain: bool,
}

/// The part a postcode plays in the Eilanden case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Island {
    /// None: it lies elsewhere.
    No,
    /// It lies in the neighbourhood and is better off than the town.
    Around,
    /// It is one of the handful.
    Affected,
}

/// Everything planted.
#[derive(Debug)]
pub(super) struct Plan {
    /// Effects by postcode.
    pub(super) effects: Vec<Effects>,
    /// What is true because of them.
    pub(super) truths: Vec<Truth>,
    /// Neighbourhoods in which something is planted.
    pub(super) neighbourhoods: Vec<usize>,
}

const NONE: Effects = Effects {
    benefit_share: None,
    senior_share: None,
    island: Island::No,
    rising: false,
    felt: 0.0,
    nuisance: 1.0,
    violence: 1.0,
    plain: false,
};

/// Where to plant, while it is being decided.
struct Planter<'a> {
    ground: &'a Ground,
    effects: Vec<Effects>,
    since: String,
    truths: Vec<Truth>,
    used: Vec<usize>,
}

/// Chooses the places and names them.
pub(super) fn plan(seed: u64, ground: &mut Ground, since: &str, rise_since: &str) -> Plan {
    let sites = sites(seed, ground);
    for (neighbourhood, name) in sites.iter().zip(NAMES) {
        name.clone_into(&mut ground.now.neighbourhoods[*neighbourhood].name);
    }
    let effects = vec![NONE; ground.postcodes.len()];
    let mut planter = Planter { ground, effects, since: since.to_owned(), truths: Vec::new(), used: sites.clone() };
    planter.islands(sites[0]);
    planter.rising(sites[1], rise_since);
    planter.felt_not_measured(sites[2]);
    planter.measured_not_felt(sites[3]);
    planter.older(sites[4]);
    planter.more_benefits(sites[5]);
    planter.cluster();
    Plan { effects: planter.effects, truths: planter.truths, neighbourhoods: planter.used }
}

const NAMES: [&str; 6] = ["Eilandenbuurt", "Spoordijk", "Stille Kreek", "Marktzicht", "Oude Linden", "Nieuwland"];

/// Six neighbourhoods: the islands, then five of ordinary size, not in the last district.
fn sites(seed: u64, ground: &Ground) -> Vec<usize> {
    let now = &ground.now;
    let size = |n: usize| ground.postcodes_of(n).len();
    let mean = ground.postcodes.len() / now.neighbourhoods.len();
    let mut others: Vec<usize> = (0..now.neighbourhoods.len()).filter(|n| *n != ground.islands).collect();
    Dice::new(seed, "sites", 0).shuffle(&mut others);
    let ordinary = |n: &usize| {
        let last = now.neighbourhoods[*n].district + 1 == now.districts.len();
        (last || 3 * size(*n) < 2 * mean || size(*n) > 2 * mean, 2 * size(*n) < mean)
    };
    others.sort_by_key(ordinary);
    std::iter::once(ground.islands).chain(others).take(6).collect()
}

impl Planter<'_> {
    fn code(&self, neighbourhood: usize) -> String {
        self.ground.now.neighbourhoods[neighbourhood].code.clone()
    }

    fn change(&mut self, neighbourhood: usize, change: impl Fn(&mut Effects)) {
        self.ground.postcodes_of(neighbourhood).into_iter().for_each(|at| change(&mut self.effects[at]));
    }

    /// The Eilanden case: a tenth of the postcodes, near each other but in streets of their own.
    fn islands(&mut self, neighbourhood: usize) {
        self.change(neighbourhood, |e| e.island = Island::Around);
        let all = self.ground.postcodes_of(neighbourhood);
        let wanted = whole((all.len() as f64 * 0.1).round()).max(1);
        let large = |at: &usize| self.ground.postcodes[*at].addresses.len() >= 33;
        let (large, small): (Vec<usize>, Vec<usize>) = all.into_iter().partition(large);
        let affected = self.handful(if large.len() >= wanted { &large } else { &small }, wanted);
        for at in &affected {
            self.effects[*at].island = Island::Affected;
            self.effects[*at].benefit_share = Some(ISLAND_BENEFIT_SHARE);
            self.effects[*at].senior_share = Some(0.1);
        }
        let codes = affected.iter().map(|at| self.ground.postcodes[*at].code.clone()).collect();
        let truth = Truth::signal("hidden_by_average", &["problem_debt"], "pc6", codes, &self.since)
            .within(self.code(neighbourhood))
            .group(Group { attribute: "benefit".into(), value: "ja".into() })
            .says(
                "De buurt als geheel valt niet op. In deze postcodes hebben vooral huishoudens met bijstand veel \
                 vaker problematische schulden dan huishoudens met bijstand elders, en zij gebruiken geen schuldhulp.",
                "The neighbourhood as a whole is unremarkable. In these postcodes households on social assistance \
                 have problem debts far more often than such households elsewhere, and do not use debt assistance.",
            );
        self.truths.push(truth);
        let code = self.code(neighbourhood);
        let truth = Truth::signal("non_take_up", &["non_take_up"], "buurt", vec![code], &self.since).says(
            "Huishoudens met problematische schulden gebruiken hier minder vaak schuldhulp dan elders.",
            "Households with problem debt use debt assistance less often here than elsewhere.",
        );
        self.truths.push(truth);
    }

    /// `wanted` postcodes around the first one, each in another street as long as there are streets.
    fn handful(&self, among: &[usize], wanted: usize) -> Vec<usize> {
        let Some(first) = among.get(among.len() / 2).copied() else { return Vec::new() };
        let square = |at: usize| self.ground.postcodes[at].square;
        let mut order = among.to_vec();
        order.sort_by_key(|at| (self.ground.lattice.distance(square(*at), square(first)), *at));
        let mut streets = BTreeSet::new();
        let (alone, shared): (Vec<usize>, Vec<usize>) =
            order.into_iter().partition(|at| streets.insert(self.ground.postcodes[*at].street));
        let mut chosen: Vec<usize> = alone.into_iter().chain(shared).take(wanted).collect();
        chosen.sort_unstable();
        chosen
    }

    fn rising(&mut self, neighbourhood: usize, since: &str) {
        self.change(neighbourhood, |e| e.rising = true);
        let code = self.code(neighbourhood);
        let truth = Truth::signal("rising_trend", &["rent_arrears"], "buurt", vec![code], since).says(
            "Het aandeel huurders met huurachterstand loopt hier elk kwartaal op, elders niet.",
            "The share of tenants with rent arrears rises here every quarter, and does not elsewhere.",
        );
        self.truths.push(truth);
    }

    fn felt_not_measured(&mut self, neighbourhood: usize) {
        self.change(neighbourhood, |e| {
            e.felt = 1.7;
            e.plain = true;
        });
        let code = self.code(neighbourhood);
        let indicators = ["liveability", "feels_unsafe"];
        let truth = Truth::signal("felt_not_measured", &indicators, "buurt", vec![code], &self.since).says(
            "Bewoners vinden de buurt minder leefbaar en voelen zich vaker onveilig. De meldingen zijn gewoon.",
            "Residents find it less liveable and feel unsafe more often. The reports are ordinary.",
        );
        self.truths.push(truth);
    }

    fn measured_not_felt(&mut self, neighbourhood: usize) {
        self.change(neighbourhood, |e| {
            e.nuisance = 2.7;
            e.violence = 2.2;
            e.felt = -0.2;
        });
        let code = self.code(neighbourhood);
        let indicators = ["nuisance", "nuisance_quarter", "domestic_violence"];
        let truth = Truth::signal("measured_not_felt", &indicators, "buurt", vec![code], &self.since).says(
            "Er zijn veel meldingen, maar bewoners oordelen gewoon over hun buurt.",
            "There are many reports, but residents judge their neighbourhood as elsewhere.",
        );
        self.truths.push(truth);
    }

    fn older(&mut self, neighbourhood: usize) {
        self.change(neighbourhood, |e| {
            e.senior_share = Some(DECOY_SENIOR_SHARE);
            e.plain = true;
        });
        let code = self.code(neighbourhood);
        let group = Group { attribute: "head_age_group".into(), value: "65+".into() };
        let truth =
            Truth::decoy("merely_older", &["non_take_up", "problem_debt"], code, &self.since).group(group).says(
                "Hier wonen meer ouderen. Rekening houdend met leeftijd is er geen afwijking.",
                "More older people live here. Given their age nothing deviates.",
            );
        self.truths.push(truth);
    }

    fn more_benefits(&mut self, neighbourhood: usize) {
        self.change(neighbourhood, |e| {
            e.benefit_share = Some(DECOY_BENEFIT_SHARE);
            e.senior_share = Some(0.1);
            e.plain = true;
        });
        let code = self.code(neighbourhood);
        let group = Group { attribute: "benefit".into(), value: "ja".into() };
        let truth = Truth::decoy("merely_more_benefits", &["problem_debt"], code, &self.since).group(group).says(
            "Hier hebben meer huishoudens bijstand. Rekening houdend daarmee is er geen afwijking in schulden.",
            "More households are on social assistance here. Given that, their debts do not deviate.",
        );
        self.truths.push(truth);
    }

    /// A cluster of nuisance on both sides of a district border: each neighbourhood dilutes it.
    fn cluster(&mut self) {
        let Some((here, there)) = self.border() else { return };
        let wanted = (self.ground.postcodes.len() / 180).clamp(2, 7);
        let mut chosen: Vec<usize> = Vec::new();
        for (side, other) in [(here, there), (there, here)] {
            chosen.extend(self.nearest(side, other, wanted));
        }
        chosen.sort_unstable();
        chosen.iter().for_each(|at| self.effects[*at].nuisance = 4.0);
        let codes = chosen.iter().map(|at| self.ground.postcodes[*at].code.clone()).collect();
        let truth = Truth::signal("cluster_across_border", &["nuisance"], "pc6", codes, &self.since).says(
            "Aan beide kanten van een wijkgrens wordt veel overlast gemeld. Elke wijk ziet maar de helft.",
            "Much nuisance is reported on both sides of a district border. Each district sees only half of it.",
        );
        self.truths.push(truth);
        self.used.extend([here, there]);
    }

    /// Two postcodes side by side in different districts, where nothing else is planted.
    fn border(&self) -> Option<(usize, usize)> {
        let now = &self.ground.now;
        let free = |n: &usize| !self.used.contains(n);
        let district = |n: usize| now.neighbourhoods[n].district;
        let pairs = (0..self.ground.postcodes.len()).filter_map(|at| {
            let here = Some(self.ground.neighbourhood_of(at)).filter(free)?;
            let beside = self.ground.lattice.beside(self.ground.postcodes[at].square);
            let across = beside.into_iter().filter_map(|s| now.of_square[s]);
            across.filter(free).find(|n| district(*n) != district(here)).map(|there| (here, there))
        });
        let size = |n: usize| self.ground.postcodes_of(n).len();
        pairs.collect::<BTreeSet<_>>().into_iter().max_by_key(|(a, b)| (size(*a).min(size(*b)), *a, *b))
    }

    /// The postcodes of one neighbourhood that lie nearest to another.
    fn nearest(&self, side: usize, other: usize, wanted: usize) -> Vec<usize> {
        let square = |at: usize| self.ground.postcodes[at].square;
        let beyond = self.ground.postcodes_of(other);
        let gap = |at: &usize| {
            beyond.iter().map(|b| self.ground.lattice.distance(square(*at), square(*b))).min().unwrap_or(usize::MAX)
        };
        let mut order = self.ground.postcodes_of(side);
        let Some(anchor) = order.iter().copied().min_by_key(|at| (gap(at), *at)) else { return Vec::new() };
        order.sort_by_key(|at| (self.ground.lattice.distance(square(*at), square(anchor)) + gap(at), *at));
        order.truncate(wanted);
        order
    }
}
