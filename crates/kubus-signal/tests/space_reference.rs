//! The statistics of space against figures of other programs: spdep, and those printed in the
//! tests of esda.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test stops at what it does not expect, and says that it skips"
)]

use std::collections::HashMap;

use kubus_signal::space::rates::Counts;
use kubus_signal::space::{Graph, Sample, Weights, geary, getis, moran};
use kubus_signal::statistic::discovery::{benjamini_hochberg, benjamini_yekutieli};

fn read(name: &str) -> Option<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/reference/signals/");
    let text = std::fs::read_to_string(format!("{path}{name}")).ok();
    if text.is_none() {
        eprintln!("skipped: shared/reference is absent ({name})");
    }
    text
}

/// Neighbours as `area neighbour neighbour …`, counted from one.
fn neighbour_lines(text: &str) -> Graph {
    let lines: Vec<Vec<u32>> =
        text.lines().map(|line| line.split_whitespace().map(|at| at.parse().unwrap()).collect()).collect();
    let edges: Vec<(u32, u32)> =
        lines.iter().flat_map(|line| line[1..].iter().map(|to| (line[0] - 1, to - 1))).collect();
    Graph::new(lines.len(), &edges).unwrap()
}

/// A GAL file: a head, and then per area a line with its number of neighbours and one with them.
fn gal(text: &str) -> Graph {
    let mut words = text.lines().skip(1).flat_map(str::split_whitespace).map(|word| word.parse::<u32>().unwrap());
    let (mut edges, mut areas) = (Vec::new(), 0);
    while let (Some(area), Some(count)) = (words.next(), words.next()) {
        edges.extend(words.by_ref().take(count as usize).map(|to| (area - 1, to - 1)));
        areas += 1;
    }
    Graph::new(areas, &edges).unwrap()
}

/// Columns of a CSV file by name; what is no number is not a number.
fn columns(text: &str) -> HashMap<String, Vec<f64>> {
    let mut reader = text.lines().map(|line| {
        let mut quoted = false;
        line.split(|c: char| {
            quoted ^= c == '"';
            c == ',' && !quoted
        })
        .map(|cell| cell.trim().to_owned())
        .collect::<Vec<String>>()
    });
    let names = reader.next().unwrap();
    let mut found: HashMap<String, Vec<f64>> = HashMap::new();
    for row in reader {
        for (name, cell) in names.iter().zip(row) {
            found.entry(name.clone()).or_default().push(cell.parse().unwrap_or(f64::NAN));
        }
    }
    found
}

#[track_caller]
fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{found} is not {expected}");
}

/// Two columns `stat,value`.
fn figure(text: &str, name: &str) -> f64 {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(','));
    line.unwrap().split(',').next().unwrap().trim().parse().unwrap()
}

#[test]
fn columbus_equals_spdep_in_every_area() {
    let (Some(nb), Some(local)) = (read("oracle/columbus_nb.txt"), read("oracle/columbus_local.csv")) else { return };
    let (graph, want) = (neighbour_lines(&nb), columns(&local));
    let sample = Sample::new(want["CRIME"].clone(), &graph).unwrap();
    let found = moran::local(&sample, &graph, Weights::Row);
    let g = getis::local(&sample, &graph);
    let star = getis::local_star(&sample, &graph);
    assert_eq!(found.len(), 49);
    for at in 0..49 {
        let one = found[at].unwrap();
        near(one.i, want["Ii"][at]);
        near(one.conditional.expected, want["EIi_cond"][at]);
        near(one.conditional.variance, want["VIi_cond"][at]);
        near(one.conditional.z, want["ZIi_cond"][at]);
        near(one.conditional.normal_p(), want["p_cond"][at]);
        near(one.total.expected, want["EIi_rand"][at]);
        near(one.total.variance, want["VIi_rand"][at]);
        near(one.total.z, want["ZIi_rand"][at]);
        near(one.total.normal_p(), want["p_rand"][at]);
        near(g[at].unwrap().moments.z, want["G_z"][at]);
        near(star[at].unwrap().moments.z, want["Gstar_z"][at]);
    }
    let p: Vec<f64> = found.iter().map(|one| one.unwrap().conditional.normal_p()).collect();
    benjamini_hochberg(&p).iter().zip(&want["p_fdr_BH"]).for_each(|(found, want)| near(*found, *want));
    benjamini_yekutieli(&p).iter().zip(&want["p_fdr_BY"]).for_each(|(found, want)| near(*found, *want));
}

#[test]
fn columbus_as_a_whole_equals_spdep() {
    let (Some(nb), Some(local), Some(global)) =
        (read("oracle/columbus_nb.txt"), read("oracle/columbus_local.csv"), read("oracle/columbus_global.csv"))
    else {
        return;
    };
    let graph = neighbour_lines(&nb);
    let sample = Sample::new(columns(&local)["CRIME"].clone(), &graph).unwrap();
    let found = moran::global(&sample, &graph, Weights::Row).unwrap();
    near(found.i, figure(&global, "moran_I"));
    near(found.randomisation.expected, figure(&global, "moran_E"));
    near(found.randomisation.variance, figure(&global, "moran_Var"));
    near(found.randomisation.normal_p() / 2.0, figure(&global, "moran_p_greater"));
    let found = geary::global(&sample, &graph, Weights::Row).unwrap();
    near(found.c, figure(&global, "geary_C"));
    near(found.randomisation.variance, figure(&global, "geary_Var"));
    let found = getis::global(&sample, &graph).unwrap();
    near(found.g, figure(&global, "globalG"));
    near(found.randomisation.variance, figure(&global, "globalG_Var"));
}

#[test]
fn the_rates_of_north_carolina_equal_spdep() {
    let (Some(nb), Some(rates), Some(parameters), Some(index)) = (
        read("oracle/ncsids_nb.txt"),
        read("oracle/ncsids_eb.csv"),
        read("oracle/ncsids_eb_params.csv"),
        read("oracle/ncsids_ebimoran.csv"),
    ) else {
        return;
    };
    let (graph, want) = (neighbour_lines(&nb), columns(&rates));
    let counts = Counts::new(&want["SID74"], &want["BIR74"]).unwrap();
    let close = |found: f64, want: f64| assert!((found - want).abs() < 1e-14, "{found} is not {want}");
    let cells: Vec<f64> = parameters.lines().nth(1).unwrap().split(',').map(|cell| cell.parse().unwrap()).collect();
    let prior = counts.shared_prior();
    close(prior.variance, cells[0]);
    close(prior.mean, cells[1]);
    counts.empirical_bayes().iter().zip(&want["EBest"]).for_each(|(found, want)| close(*found, *want));
    let sample = Sample::new(counts.standardised(), &graph).unwrap();
    let found = moran::global(&sample, &graph, Weights::Binary).unwrap();
    near(found.i, figure(&index, "EBImoran"));
}

#[test]
fn st_louis_equals_what_esda_prints_in_its_tests() {
    let (Some(weights), Some(areas)) = (read("stl/stl.gal"), read("stl/stl_hom.csv")) else { return };
    let (graph, areas) = (gal(&weights), columns(&areas));
    let sample = Sample::new(areas["HR8893"].clone(), &graph).unwrap();
    let found = moran::global(&sample, &graph, Weights::Row).unwrap();
    near(found.i, 0.243_655_826_217_716_6);
    near(found.normality.normal_p() / 2.0, 0.000_135_739_313_854_688_07);
    near(geary::local(&sample, &graph, Weights::Row)[0].unwrap().c, 0.696_703_432);
    let counts = Counts::new(&areas["HC7984"], &areas["PO7984"]).unwrap();
    let want = [
        4.014_857_49e-05,
        3.624_375_13e-05,
        4.930_348_44e-05,
        5.093_873_29e-05,
        3.727_352_10e-05,
        3.693_337_97e-05,
        5.402_454_56e-05,
        2.998_060_55e-05,
        3.730_341_09e-05,
        3.472_707_22e-05,
    ];
    for (found, want) in counts.spatial_empirical_bayes(&graph).iter().zip(want) {
        assert!((found.unwrap() - want).abs() < 1e-12, "{found:?} is not {want}");
    }
}

#[test]
fn geary_of_columbus_equals_what_esda_prints_in_its_tests() {
    if read("columbus/SOURCE.md").is_none() {
        return;
    }
    let graph = rook(&bytes("columbus/columbus.shp"));
    let sample = Sample::new(dbf(&bytes("columbus/columbus.dbf"), "CRIME"), &graph).unwrap();
    let found = geary::global(&sample, &graph, Weights::Row).unwrap();
    near(found.c, 0.515_440_805_865_241_1);
    near(found.normality.variance, 0.011_403_109_626_468_939);
    near(found.randomisation.variance, 0.010_848_882_767_131_886);
    near(found.normality.z, -4.537_693_820_160_8);
    near(found.randomisation.z, -4.652_156_651_668_989);
}

/// Polygons of a shapefile that share a piece of their outline.
fn rook(shapes: &[u8]) -> Graph {
    let whole = |at: usize| u32::from_le_bytes(shapes[at..at + 4].try_into().unwrap()) as usize;
    let point = |at: usize| <[u8; 16]>::try_from(&shapes[at..at + 16]).unwrap();
    let mut sides: HashMap<[[u8; 16]; 2], Vec<u32>> = HashMap::new();
    let (mut at, mut area) = (100, 0);
    while at < shapes.len() {
        let length = u32::from_be_bytes(shapes[at + 4..at + 8].try_into().unwrap()) as usize * 2;
        let (parts, points) = (whole(at + 44), whole(at + 48));
        let first = at + 52 + 4 * parts;
        for side in 0..points - 1 {
            let mut ends = [point(first + 16 * side), point(first + 16 * (side + 1))];
            ends.sort_unstable();
            sides.entry(ends).or_default().push(area);
        }
        at += 8 + length;
        area += 1;
    }
    let pairs = sides.into_values().filter(|areas| areas.len() == 2 && areas[0] != areas[1]);
    Graph::new(area as usize, &pairs.map(|areas| (areas[0], areas[1])).collect::<Vec<_>>()).unwrap()
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/../../../shared/reference/signals/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// A column of a dBASE table: numbers in text, at a fixed place in each record.
fn dbf(bytes: &[u8], name: &str) -> Vec<f64> {
    let word = |at: usize| usize::from(bytes[at]) | usize::from(bytes[at + 1]) << 8;
    let (rows, head, width) = (word(4), word(8), word(10));
    let mut offset = 1;
    for field in bytes[32..head - 1].chunks(32) {
        let (title, length) = (String::from_utf8_lossy(&field[..11]), usize::from(field[16]));
        if title.trim_end_matches('\0') == name {
            let cell = |row: usize| &bytes[head + row * width + offset..][..length];
            return (0..rows).map(|row| String::from_utf8_lossy(cell(row)).trim().parse().unwrap()).collect();
        }
        offset += length;
    }
    Vec::new()
}

#[test]
fn moran_of_north_carolina_equals_what_esda_prints_in_its_tests() {
    let Some(weights) = read("nc-sids2/sids2.gal") else { return };
    let table = bytes("nc-sids2/sids2.dbf");
    let codes: Vec<u32> = dbf(&table, "FIPSNO").iter().map(|code| code.to_string().parse().unwrap()).collect();
    let place: HashMap<u32, u32> = codes.iter().zip(0..).map(|(code, at)| (*code, at)).collect();
    let mut words = weights.lines().skip(1).flat_map(str::split_whitespace).map(|word| word.parse::<u32>().unwrap());
    let mut edges = Vec::new();
    while let (Some(area), Some(count)) = (words.next(), words.next()) {
        edges.extend(words.by_ref().take(count as usize).map(|to| (place[&area], place[&to])));
    }
    let graph = Graph::new(codes.len(), &edges).unwrap();
    let sample = Sample::new(dbf(&table, "SIDR74"), &graph).unwrap();
    let found = moran::global(&sample, &graph, Weights::Row).unwrap();
    near(found.i, 0.247_725_193_204_801_35);
    near(found.normality.normal_p() / 2.0, 5.791_653_907_449_845e-5);
}
