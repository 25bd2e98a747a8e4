//! The scan against the printed output of SaTScan 9.6 and against SpatialEpi.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test stops at what it does not expect, and says that it skips"
)]

use kubus_signal::space::scan::{Areas, Cluster, Options, log_likelihood_ratio, scan};

fn read(name: &str) -> Option<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/reference/signals/");
    let text = std::fs::read_to_string(format!("{path}{name}")).ok();
    if text.is_none() {
        eprintln!("skipped: shared/reference is absent ({name})");
    }
    text
}

/// The given column of lines of words.
fn column(text: &str, at: usize) -> Vec<f64> {
    text.lines().map(|line| line.split_whitespace().nth(at).unwrap().parse().unwrap()).collect()
}

fn new_york(max_share: f64) -> Option<Vec<Cluster>> {
    let [cases, people, places] =
        ["cases", "pop", "coords"].map(|name| read(&format!("smerc-ny/satscan_ny_{name}.txt")));
    let (cases, people, places) = (cases?, people?, places?);
    let cases: Vec<u32> = cases.lines().map(|l| l.split_whitespace().nth(1).unwrap().parse().unwrap()).collect();
    let (population, x, y) = (column(&people, 2), column(&places, 1), column(&places, 2));
    assert_eq!((cases.len(), cases.iter().sum::<u32>()), (281, 552));
    let areas = Areas { cases: &cases, population: &population, place: [&x, &y] };
    Some(scan(areas, Options { max_share, maps: 999, seed: 1 }).unwrap())
}

/// The areas of each cluster as SaTScan prints them, over one or more lines.
fn printed(text: &str) -> Vec<Vec<usize>> {
    let clusters = text.split("Location IDs included.:").skip(1);
    let of = |part: &str| {
        let list = part.split("Overlap").next().unwrap();
        list.split(',').map(|id| id.trim().parse().unwrap()).collect()
    };
    clusters.map(of).collect()
}

fn sorted(areas: impl IntoIterator<Item = usize>) -> Vec<usize> {
    let mut areas: Vec<usize> = areas.into_iter().collect();
    areas.sort_unstable();
    areas
}

#[test]
fn new_york_equals_satscan_with_the_same_tracts() {
    let whole = "smerc-ny/scan_test_ny_poisson_circular_cartesian.txt";
    let tenth = "smerc-ny/scan_test_ny_poisson_circular_cartesian_ubpop_10percent.txt";
    let cases = [
        (0.5, whole, [14.083_511, 9.019_716, 6.114_140], [0.00015, 0.016, 0.248]),
        (0.1, tenth, [11.577_255, 9.019_716, 6.114_140], [0.0010, 0.013, 0.216]),
    ];
    for (share, name, llr, p) in cases {
        let (Some(found), Some(text)) = (new_york(share), read(name)) else { return };
        for (at, members) in printed(&text).into_iter().take(3).enumerate() {
            let cluster = &found[at];
            assert!((cluster.llr - llr[at]).abs() < 1e-6, "{} is not {}", cluster.llr, llr[at]);
            assert_eq!(sorted(cluster.members.iter().map(|at| at + 1)), sorted(members));
            let (own, theirs): (f64, f64) = (cluster.p.unwrap(), p[at]);
            let error = (theirs * (1.0 - theirs) / 1000.0).sqrt() * 2f64.sqrt();
            assert!((own - theirs).abs() < 4.0 * error + 0.001, "p {own} beside {theirs}");
            assert!((cluster.gumbel_p.unwrap() - theirs).abs() < 4.0 * error + 0.02);
        }
    }
    let first = &new_york(0.5).unwrap()[0];
    assert_eq!(first.cases, 100);
    assert!((first.expected - 58.28).abs() < 0.005 && (first.relative_risk - 1.87).abs() < 0.005);
}

#[test]
fn scottish_lip_cancer_equals_spatial_epi() {
    let (Some(areas), Some(want)) = (read("oracle/scotland_ebayes.csv"), read("oracle/scotland_kulldorff.csv")) else {
        return;
    };
    let rows: Vec<Vec<&str>> = areas.lines().skip(1).map(|l| l.split(',').map(str::trim).collect()).collect();
    let number = |at: usize| -> Vec<f64> { rows.iter().map(|row| row[at].parse().unwrap()).collect() };
    let cases: Vec<u32> = rows.iter().map(|row| row[1].parse().unwrap()).collect();
    let population: Vec<f64> = number(2).iter().map(|expected| (1000.0 * expected).round()).collect();
    let (x, y) = (number(4), number(5));
    let areas = Areas { cases: &cases, population: &population, place: [&x, &y] };
    let found = &scan(areas, Options { max_share: 0.5, maps: 999, seed: 1 }).unwrap()[0];
    let want: Vec<&str> = want.lines().nth(1).unwrap().split(',').collect();
    // SpatialEpi does not scale the expected cases to the total of the cases; the sum differs a little.
    let all = f64::from(cases.iter().sum::<u32>());
    let [llr, within, expected] = [4, 5, 6].map(|at| want[at].parse::<f64>().unwrap());
    let theirs = log_likelihood_ratio(within, expected, all);
    assert!((theirs - llr).abs() < 1e-9, "{theirs} is not {llr}");
    assert!((found.llr - llr).abs() < 0.1 && (f64::from(found.cases) - within).abs() < 0.5);
    let members = want[8].split_whitespace().map(|at| at.parse::<usize>().unwrap() - 1);
    assert_eq!(sorted(found.members.clone()), sorted(members));
    assert!((found.p.unwrap() - 0.001).abs() < 1e-12);
}
