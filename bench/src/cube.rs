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

/// Runs the benchmark and says how many groups and what total came out.
pub(crate) fn run(data: &Path, source: Source) -> Result<String, Failure> {
    let areas = Areas::read(&data.join("area.csv"))?;
    let layout = layout(areas.count)?;
    let kernel = Aggregator::new(layout.clone(), 5, 0, 20_000_000, MEMORY);
    match source {
        Source::Parquet => parquet_rows::read(&data.join("persons.parquet"), &areas, &layout, &kernel)?,
        Source::Csv => csv_rows::read(&data.join("persons.csv"), &areas, &layout, &kernel)?,
    }
    let fine = kernel.finish()?;
    let groups = fine.keys.len();
    let (cells, total) = roll_up_all(&fine, &areas)?;
    Ok(format!("groups {groups} cells {cells} checksum {total}"))
}

fn layout(areas: u32) -> Result<Layout, AggregateError> {
    let sizes = [("area", areas), ("quarter", QUARTERS), ("age", AGE_CLASSES), ("sex", 2), ("benefit", 2)];
    Layout::new(sizes.map(|(name, size)| Dimension { name: name.to_owned(), size }).into())
}

/// The 28 groupings: postcode by period and by one attribute more (4), and the three coarser
/// levels by period and every subset of the attributes (24).
fn roll_up_all(fine: &Cuboid, areas: &Areas) -> Result<(usize, i64), AggregateError> {
    let (keep, drop) = (Roll::Keep, Roll::Drop);
    let mut done = Tally::default();
    let attribute = [[drop, drop, drop], [keep, drop, drop], [drop, keep, drop], [drop, drop, keep]];
    for [age, sex, benefit] in attribute {
        done.add(&fine.roll_up(&[keep, keep, age, sex, benefit])?);
    }
    let mut level = fine.roll_up(&[Roll::Map { to: &areas.buurt, size: areas.buurten }, keep, keep, keep, keep])?;
    for (up, size) in [(&areas.wijk_of_buurt, areas.wijken), (&areas.gemeente_of_wijk, areas.gemeenten), (&vec![], 0)] {
        for subset in 0..8u8 {
            let choose = |bit: u8| if subset >> bit & 1 == 1 { keep } else { drop };
            done.add(&level.roll_up(&[keep, keep, choose(0), choose(1), choose(2)])?);
        }
        if size > 0 {
            level = level.roll_up(&[Roll::Map { to: up, size }, keep, keep, keep, keep])?;
        }
    }
    Ok((done.cells, done.total))
}

#[derive(Default)]
struct Tally {
    cells: usize,
    total: i64,
}

impl Tally {
    fn add(&mut self, cuboid: &Cuboid) {
        self.cells += cuboid.keys.len();
        self.total += cuboid.sums[4].iter().sum::<i64>();
    }
}
