//! Workbooks and Parquet files.
#![expect(clippy::unwrap_used, reason = "what cannot be prepared stops the test")]

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, ListArray, RecordBatch, StringArray};
use arrow::datatypes::Int64Type;
use kubus_cube::declaration::{ColumnType as T, SourceFormat as F};
use kubus_cube::source::Limits;

use super::make::{gzip, row, xlsx, zip};
use super::{Case, Expected::*, LIMITS};
use crate::support::{column, ranged};

fn case(name: &'static str, bytes: impl Into<Vec<u8>>, expected: super::Expected) -> Case {
    let columns = vec![column("code", T::Text), ranged("n", T::Integer, [0.0, 100.0])];
    Case::new(name, "a.xlsx", bytes, expected).format(F::Xlsx).columns(columns)
}

fn header() -> String {
    row(1, &[("A", "code"), ("B", "n")])
}

fn book(rows: &str) -> Vec<u8> {
    xlsx(&[("Blad1", &format!("{}{rows}", header()))], b"")
}

pub(crate) fn workbooks() -> Vec<Case> {
    let good = row(2, &[("A", "a"), ("B", "5")]);
    let whole = book(&good);
    let far = book(&format!("{good}{}", row(1_048_576, &[("ZZ", "9")])));
    assert!(far.len() < 5000, "the far cell hides in {} bytes", far.len());
    let aside = book(&row(2, &[("A", "a"), ("XFD", "5")]));
    let beside = book(&row(2, &[("A", "a"), ("B", "5"), ("D", "x")]));
    let strings = [b"<sst><si><t>".to_vec(), vec![b'x'; 300 << 20], b"</t></si></sst>".to_vec()].concat();
    let bomb = xlsx(&[("Blad1", "")], &strings);
    let two = xlsx(&[("Blad1", &format!("{}{good}", header())), ("Blad2", "")], b"");
    let date = format!(
        "{}{}",
        row(1, &[("A", "code"), ("B", "dag")]),
        r#"<row r="2"><c r="A2"><v>1</v></c><c r="B2" s="1"><v>45292</v></c></row>"#
    );
    let formula = book(r#"<row r="2"><c r="A2"><v>1</v></c><c r="B2"><f>2+3</f><v>5</v></c></row>"#);
    let error = book(r#"<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="e"><v>#N/A</v></c></row>"#);
    let junk = [b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec(), vec![7; 2000]].concat();
    vec![
        case("a far cell", far, Refused("sheet-far-cell")),
        case("a far column", aside, Refused("sheet-far-cell")),
        case("a cell beside the table", beside, Refused("all-rows-refused")),
        case("half a workbook", &whole[..whole.len() / 2], Refused("source-damaged")),
        case("a zip bomb", bomb, Refused("source-bomb")),
        case("a zip that is no workbook", zip(&[("a.txt", b"x")]), Refused("sheet-unreadable")),
        case("another sheet than declared", whole.clone(), Refused("layer-missing"))
            .declare(|request| request.file.layer = Some("Gegevens".into())),
        case("two sheets", two, Values(&["sheet-chosen"], "n", &["5"])),
        case("an empty sheet", xlsx(&[("Blad1", "")], b""), Refused("source-empty")),
        case("a formula with its result", formula, Values(&[], "n", &["5"])),
        case("an error in a cell", error, Noted(&["cells-refused", "value-not-a-number"], 1, 0)),
        case("a date as a spreadsheet keeps it", xlsx(&[("Blad1", &date)], b""), Values(&[], "dag", &["2024-01-01"]))
            .columns(vec![column("dag", T::Date)]),
        case("an old workbook of junk", junk, Refused("sheet-unreadable")),
        case("a workbook called csv", whole.clone(), Refused("source-wrong-format")).format(F::Csv),
        case("a workbook called ods", whole.clone(), Refused("sheet-unreadable")).format(F::Ods),
        case("half an ods", &whole[..whole.len() / 2], Refused("source-damaged")).format(F::Ods),
        case("an ods of ninety million repeated cells", repeated_ods(), Refused("source-too-much-memory"))
            .format(F::Ods)
            .limits(Limits { memory: 512 << 20, ..LIMITS }),
        case("key figures with points and commas", kwb(), Values(&["missing-codes"], "g_hhgro", &["2.1", ""]))
            .format(F::Kwb)
            .columns(vec![column("gwb_code", T::Text), ranged("g_hhgro", T::Decimal, [1.0, 6.0])]),
    ]
}

fn kwb() -> Vec<u8> {
    let rows = [
        row(1, &[("A", "gwb_code"), ("B", "g_hhgro")]),
        row(2, &[("A", "GM0034"), ("B", "2,1")]),
        row(3, &[("A", "WK003401"), ("B", ".")]),
    ];
    xlsx(&[("KWB2024", &rows.concat())], b"")
}

/// A small ods whose one cell is repeated over columns and rows.
fn repeated_ods() -> Vec<u8> {
    let content = r#"<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table table:name="Blad1"><table:table-row table:number-rows-repeated="45000"><table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="2000"><text:p>1</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"#;
    let manifest = br#"<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>"#;
    zip(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", manifest),
        ("content.xml", content.as_bytes()),
    ])
}

fn parquet(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut bytes = Vec::new();
    let mut writer = parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

pub(crate) fn columnar() -> Vec<Case> {
    let texts: ArrayRef = Arc::new(StringArray::from(vec![" a ", "b", "c"]));
    let numbers: ArrayRef = Arc::new(Int64Array::from(vec![Some(5), Some(-99_997), Some(700)]));
    let good = parquet(vec![("code", texts.clone()), ("n", numbers)]);
    let list: ArrayRef = Arc::new(ListArray::from_iter_primitive::<Int64Type, _, _>(vec![Some(vec![Some(1)]); 3]));
    let lists = parquet(vec![("code", texts.clone()), ("n", list)]);
    let large: ArrayRef = Arc::new(arrow::array::UInt64Array::from(vec![u64::MAX; 3]));
    let large = parquet(vec![("code", texts), ("n", large)]);
    let case =
        |name, bytes: Vec<u8>, expected| Case { file: "a.parquet", ..case(name, bytes, expected) }.format(F::Parquet);
    let junk = [b"PAR1".to_vec(), vec![9; 500], b"PAR1".to_vec()].concat();
    vec![
        case("a parquet with rows to refuse", good.clone(), Noted(&["missing-codes", "value-out-of-range"], 2, 1))
            .register(),
        case("half a parquet", good[..good.len() / 2].to_vec(), Refused("source-damaged")),
        case("a parquet of junk", junk, Refused("source-damaged")),
        case("a parquet of lists", lists, Refused("column-type-unsupported")),
        case("a parquet with numbers of more than 63 bits", large, Refused("column-type-unsupported")),
        case("a packed parquet", gzip(&good), Refused("source-packed")),
        case("a parquet called geopackage", good, Refused("source-wrong-format")).format(F::Geopackage),
    ]
}
