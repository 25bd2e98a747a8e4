//! The cube benchmark: 20 million person records by 28 groupings, from Parquet or from CSV with
//! every field checked. One pass to the finest level, then roll-up, as the product does.

mod area;
mod csv_rows;
mod parquet_rows;

use std::error::Error;
use std::path::Path;

use kubus_cube::aggregate::{AggregateError, Aggregator, Cuboid, Dimension, Layout, Roll, Rows};

use area::Areas;

type Failure = Box<dyn Error + Send + Sync>;

/// Where the records come from.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(crate) enum Source {
    /// persons.parquet
    Parquet,
    /// persons.csv
    Csv,
}

/// The most bytes the tables may take.
const MEMORY: u64 = 2 << 30;
const AGE_CLASSES: u32 = 8;
const QUARTERS: u32 = 4;

/// One batch of records as the kernel takes them.
#[derive(Default)]
struct Batch {
    keys: Vec<u64>,
    ones: Vec<i64>,
    debt: Vec<i64>,
    dropout: Vec<i64>,
    youth_care: Vec<i64>,
    income: Vec<i64>,
}

/// One record, its fields checked and coded.
struct Record {
    area: u32,
    quarter: u32,
    age: u32,
    woman: bool,
    benefit: bool,
    debt: bool,
    dropout: bool,
    youth_care: bool,
    income: i64,
}

impl Batch {
    fn add(&mut self, layout: &Layout, record: &Record) {
        let flags = [u32::from(record.woman), u32::from(record.benefit)];
        self.keys.push(layout.pack(&[record.area, record.quarter, record.age, flags[0], flags[1]]));
        self.ones.push(1);
        self.debt.push(i64::from(record.debt));
        self.dropout.push(i64::from(record.dropout));
        self.youth_care.push(i64::from(record.youth_care));
        self.income.push(record.income);
    }

    fn flush(&mut self, kernel: &Aggregator) -> Result<(), AggregateError> {
        let sums = [&self.ones[..], &self.debt, &self.dropout, &self.youth_care, &self.income];
        kernel.push(&Rows { keys: &self.keys, sums: &sums, hashes: &[] })?;
        for column in [&mut self.ones, &mut self.debt, &mut self.dropout, &mut self.youth_care, &mut self.income] {
            column.clear();
        }
        self.keys.clear();
        Ok(())
    }
}

/// Runs the benchmark; the answer names what came out, so that it can be compared with peers:
/// groups at the finest level, cells over all 28 groupings and their checksum, and the same two for
/// the one grouping by neighbourhood, quarter, age class, sex and benefit. See [`Tally`].
pub(crate) fn run(data: &Path, source: Source) -> Result<String, Failure> {
    let areas = Areas::read(&data.join("area.csv"))?;
    let layout = layout(areas.count)?;
    let kernel = Aggregator::new(layout.clone(), 5, 0, 20_000_000, MEMORY);
    match source {
        Source::Parquet => parquet_rows::read(&data.join("persons.parquet"), &areas, &layout, &kernel)?,
        Source::Csv => csv_rows::read(&data.join("persons.csv"), &areas, &layout, &kernel)?,
    }
    let fine = kernel.finish()?;
    let (all, buurt) = roll_up_all(&fine, &areas)?;
    let head = format!("groups {} cells {} checksum {}", fine.keys.len(), all.cells, all.checksum);
    Ok(format!("{head} buurt_cells {} buurt_checksum {}", buurt.cells, buurt.checksum))
}

fn layout(areas: u32) -> Result<Layout, AggregateError> {
    let sizes = [("area", areas), ("quarter", QUARTERS), ("age", AGE_CLASSES), ("sex", 2), ("benefit", 2)];
    Layout::new(sizes.map(|(name, size)| Dimension { name: name.to_owned(), size }).into())
}

/// The 28 groupings: postcode by period and by one attribute more (4), and the three coarser
/// levels by period and every subset of the attributes (24). Beside their tally, the one of the
/// neighbourhoods by every attribute.
fn roll_up_all(fine: &Cuboid, areas: &Areas) -> Result<(Tally, Tally), AggregateError> {
    let (keep, drop) = (Roll::Keep, Roll::Drop);
    let mut done = Tally::default();
    let attribute = [[drop, drop, drop], [keep, drop, drop], [drop, keep, drop], [drop, drop, keep]];
    for [age, sex, benefit] in attribute {
        done.add(&Tally::of(&fine.roll_up(&[keep, keep, age, sex, benefit])?));
    }
    let mut level = fine.roll_up(&[Roll::Map { to: &areas.buurt, size: areas.buurten }, keep, keep, keep, keep])?;
    let neighbourhoods = Tally::of(&level);
    for (up, size) in [(&areas.wijk_of_buurt, areas.wijken), (&areas.gemeente_of_wijk, areas.gemeenten), (&vec![], 0)] {
        for subset in 0..8u8 {
            let choose = |bit: u8| if subset >> bit & 1 == 1 { keep } else { drop };
            done.add(&Tally::of(&level.roll_up(&[keep, keep, choose(0), choose(1), choose(2)])?));
        }
        if size > 0 {
            level = level.roll_up(&[Roll::Map { to: up, size }, keep, keep, keep, keep])?;
        }
    }
    Ok((done, neighbourhoods))
}

/// Cells, and over the cells the sum of income × (persons + 3 debt + 5 dropout + 7 youth care). A
/// product, so that the sum differs when persons are grouped differently.
#[derive(Default)]
struct Tally {
    cells: usize,
    checksum: i64,
}

impl Tally {
    fn of(cuboid: &Cuboid) -> Self {
        let [persons, debt, dropout, youth, income] = [0, 1, 2, 3, 4].map(|column| &cuboid.sums[column]);
        let weight = |row: usize| persons[row] + 3 * debt[row] + 5 * dropout[row] + 7 * youth[row];
        let cells = cuboid.keys.len();
        Self { cells, checksum: (0..cells).map(|row| income[row] * weight(row)).sum() }
    }

    fn add(&mut self, other: &Self) {
        self.cells += other.cells;
        self.checksum += other.checksum;
    }
}
