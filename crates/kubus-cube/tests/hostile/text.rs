//! Texts with a delimiter, and StatLine's and CBS's ways with them.

use kubus_cube::declaration::{ColumnDeclaration, ColumnType as T, SourceFormat as F};
use kubus_cube::source::Limits;

use super::make::gzip;
use super::{Case, Expected::*, LIMITS};
use crate::support::{column, decimals, ranged};

fn code_and_size() -> Vec<(String, ColumnDeclaration)> {
    vec![column("code", T::Text), ranged("maat", T::Decimal, [-1e7, 1e7])]
}

fn size(name: &'static str, values: &[&str], expected: super::Expected) -> Case {
    let text: String = values.iter().map(|value| format!("a;{value}\n")).collect();
    Case::new(name, "a.csv", format!("code;maat\n{text}"), expected).columns(code_and_size())
}

fn one(name: &'static str, kind: T, value: &str, expected: super::Expected) -> Case {
    let text = format!("code;x\na;{value}\n");
    Case::new(name, "a.csv", text, expected).columns(vec![column("code", T::Text), column("x", kind)])
}

fn plain(name: &'static str, file: &'static str, bytes: impl Into<Vec<u8>>, expected: super::Expected) -> Case {
    Case::new(name, file, bytes, expected).columns(vec![column("code", T::Text)])
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

pub(crate) fn encodings() -> Vec<Case> {
    let text = "\u{feff}code;naam\na;Café\n";
    let mixed = [b"code;naam\na;Caf\xC3\xA9\n".as_slice(), b"b;Caf\xE9\n"].concat();
    vec![
        plain("utf-16 little endian", "a.csv", utf16(text, u16::to_le_bytes), Values(&[], "naam", &["Café"])),
        plain("utf-16 big endian", "a.csv", utf16(text, u16::to_be_bytes), Values(&[], "naam", &["Café"])),
        plain("utf-8 with a mark", "a.csv", text, Values(&[], "naam", &["Café"])),
        plain("windows-1252", "a.csv", b"code;naam\na;Caf\xE9\n", Values(&[], "naam", &["Café"])),
        plain("two encodings in one file", "a.csv", mixed, Refused("encoding-mixed")),
        plain("declared utf-8 and it is not", "a.csv", b"code;naam\na;Caf\xE9\n", Refused("encoding-wrong"))
            .declare(|request| request.file.encoding = Some("utf-8".into())),
        plain("an encoding that does not exist", "a.csv", "code\na\n", Refused("encoding-unknown"))
            .declare(|request| request.file.encoding = Some("ebcdic-7".into())),
        plain("utf-16 without a mark", "a.csv", utf16("code\na\n", u16::to_le_bytes), Refused("source-nul-bytes")),
    ]
    .into_iter()
    .map(|case| if matches!(case.expected, Values(..)) { case.columns(Vec::new()) } else { case })
    .collect()
}

pub(crate) fn not_a_table() -> Vec<Case> {
    let html = "<!DOCTYPE html>\n<html><body>404 niet gevonden</body></html>";
    let noise: Vec<u8> =
        (0..4000u32).map(|n| u8::try_from((n.wrapping_mul(2_654_435_761) >> 13) % 9).unwrap_or(0)).collect();
    let long = format!("code\n\"{}\"\n", "x".repeat(2 << 20));
    let long_plain = format!("code\n{}\n", "x".repeat(2 << 20));
    let endless = format!("code;{}", "x;".repeat(9 << 20));
    let wide: String = (0..30_000).map(|n| format!("k{n};")).collect();
    let late_quote = format!("code;b\n{}a;\"open\n1;2\n", "x;y\n".repeat(500));
    vec![
        plain("html with status 200", "a.csv", html, Refused("source-is-html")),
        plain("html as geojson", "a.geojson", html, Refused("source-is-html")).format(F::Geojson),
        plain("html as a workbook", "a.xlsx", html, Refused("source-is-html")).format(F::Xlsx),
        plain("an empty file", "a.csv", "", Refused("source-empty")),
        plain("only empty lines", "a.csv", "\n\r\n  \n", Refused("source-empty")),
        plain("only a header", "a.csv", "code;b\n", Noted(&["source-no-rows"], 0, 0)),
        plain("nul bytes", "a.csv", b"code;b\na;\0\0\n", Refused("source-nul-bytes")),
        plain("bytes that are no text", "a.csv", noise, Refused("source-wrong-format")),
        plain("a pdf", "a.csv", "%PDF-1.7\n", Refused("source-wrong-format")),
        plain("a quote that is never closed", "a.csv", "code;b\na;\"open\n1;2\n", Refused("quote-not-closed")),
        plain("a quote that is never closed, far down", "a.csv", late_quote, Refused("quote-not-closed")),
        plain("a field of two megabytes in quotes", "a.csv", long, Refused("field-too-long")),
        plain("a field of two megabytes", "a.csv", long_plain, Refused("field-too-long")),
        plain("a row without end", "a.csv", endless, Refused("row-without-end")),
        plain("thirty thousand columns", "a.csv", format!("{wide}code\n1\n"), Refused("source-too-many-columns")),
    ]
}

pub(crate) fn headers_and_rows() -> Vec<Case> {
    let both = || vec![column("code", T::Text), column("b", T::Text)];
    let table = |name, text: &str, expected| Case::new(name, "a.csv", text, expected).columns(both());
    vec![
        table("a column twice", "code;b;CODE\na;1;b\n", Refused("column-twice")),
        table("a column twice, reading all", "code;b;b\na;1;2\n", Values(&["column-name-repeated"], "b (2)", &["2"]))
            .columns(Vec::new()),
        table("a missing column", "code;c\na;1\n", Refused("column-missing")),
        table("another delimiter than declared", "code;b\na;1\n", Refused("column-missing"))
            .declare(|request| request.file.delimiter = Some(',')),
        table("a delimiter that cannot be one", "code;b\na;1\n", Refused("delimiter-unknown"))
            .declare(|request| request.file.delimiter = Some('é')),
        table("excel's first line with a letter", "sep=é\ncode;b\na;1\n", {
            Values(&["header-row-found"], "b", &["1"])
        }),
        table("a header row that is not there", "code;b\na;1\n", Refused("header-not-found"))
            .declare(|request| request.file.header_row = Some(15)),
        table("title lines before the header", "Titel\n\ncode;b\na;1\n", Values(&["header-row-found"], "b", &["1"])),
        table("excel's first line", "sep=;\ncode;b\na;1\n", Values(&["header-row-found"], "b", &["1"])),
        table("mixed line ends", "code;b\r\na;1\nb;2\rc;3\r\n", Values(&[], "b", &["1", "2", "3"])),
        table("line ends of an old mac", "code;b\ra;1\rb;2\r", Values(&[], "b", &["1", "2"])),
        table("a short row", "code;b\na;1\nb\n", Noted(&["row-too-short"], 1, 1)).register(),
        table("a long row", "code;b\na;1\nb;2;3\n", Noted(&["row-too-long"], 1, 1)).register(),
        table("a delimiter too many everywhere", "code;b;\na;1;\n", Values(&[], "b", &["1"])),
        table("quoted delimiters and line ends", "code;b\na;\"1;\n\"\"2\"\"\"\n", Values(&[], "b", &["1;\n\"2\""])),
        table("keys padded with spaces", "code  ;b\nGM0034    ;1\n", Values(&[], "code", &["GM0034"])),
        table("a source line at the end", "\"code\";\"b\"\n\"a\";\"1\"\n\"Bron: CBS\"\n", Values(&[], "b", &["1"]))
            .format(F::Statline),
        table("text that is a formula", "code;b\na;=cmd|' /C calc'!A0\n", Noted(&["text-looks-like-formula"], 1, 0)),
        table("codes that lost their zeros", "code;b\nBU00340101;1\n340102;2\n", {
            Values(&["codes-repaired"], "code", &["BU00340101", "BU00340102"])
        }),
        table("postcodes with spaces", "code;b\n1315 xa;1\n1315XB;2\n", {
            Values(&["postcodes-rewritten"], "code", &["1315XA", "1315XB"])
        }),
        table("every row refused", "code;b\n;1\n;2\n", Refused("all-rows-refused")).register().columns(vec![{
            let (name, declared) = column("code", T::Text);
            (name, ColumnDeclaration { required: true, ..declared })
        }]),
        table("postcode and house number with commas", "PC6,Huisnummer,Buurt2024\n1315XA,1,340101\n", {
            Values(&["codes-repaired"], "buurt", &["BU00340101"])
        })
        .format(F::Pc6hnr)
        .columns(vec![column("Buurt", T::Text)]),
        table("postcode and house number with semicolons", "PC6;Huisnummer;Wijk2021\n1315XA;1;300\n", {
            Values(&["codes-repaired"], "wijk", &["WK000300"])
        })
        .format(F::Pc6hnr)
        .columns(vec![column("Wijk", T::Text)]),
    ]
}

pub(crate) fn numbers() -> Vec<Case> {
    let lost: String = (0..40).map(|n| format!("a;{}\n", 11 + n)).collect();
    let half: String = (0..40).map(|n| format!("a;{},{}\nb;{}\n", 1 + n % 4, n % 10, 11 + n)).collect();
    let household = || vec![column("code", T::Text), decimals("maat", [1.0, 6.0], 1)];
    let figures = |name, text: String, expected| {
        Case::new(name, "a.csv", format!("code;maat\n{text}"), expected).columns(household())
    };
    let share = || vec![column("code", T::Text), ranged("maat", T::Decimal, [0.0, 100.0])];
    vec![
        figures("a column that lost its commas", lost, Noted(&["decimals-repaired"], 40, 0)),
        figures("half a column that lost its commas", half, Noted(&["cells-refused", "value-lost-decimal"], 80, 0)),
        size("values that look as if they lost a comma", &["170", "210", "950", "180", "110", "2,5"], {
            Noted(&["cells-refused", "decimals-look-lost", "value-out-of-range"], 6, 0)
        })
        .columns(share()),
        size("a point and a code for missing", &[".", "-99997", "5,5"], {
            Values(&["missing-codes"], "maat", &["", "", "5.5"])
        }),
        size("codes for missing with decimals", &["-99999999.0", "-99999999.000000000", "-9999997", "2,5"], {
            Values(&["missing-codes"], "maat", &["", "", "", "2.5"])
        }),
        size(
            "a very low number where none is possible",
            &["-9995", "1,5"],
            Values(&["missing-codes"], "maat", &["", "1.5"]),
        )
        .columns(share()),
        size("dutch thousands", &["1.234,56"], Values(&[], "maat", &["1234.56"])),
        size("english thousands", &["1,234.56"], Values(&[], "maat", &["1234.56"])),
        size("both in one column", &["1.234,56", "2,5", "1,234.56"], {
            Noted(&["cells-refused", "value-not-a-number"], 3, 0)
        }),
        size("thousands or decimals", &["1.234"], Noted(&["cells-refused", "value-ambiguous-number"], 1, 0)),
        size("infinity", &["inf", "1"], Noted(&["cells-refused", "value-not-a-number"], 2, 0)),
        size("not a number", &["NaN", "1"], Noted(&["cells-refused", "value-not-a-number"], 2, 0)),
        size("a real minus sign", &["\u{2212}3,5"], Values(&[], "maat", &["-3.5"])),
        size("thousands with hard spaces", &["12\u{a0}345,5"], Values(&[], "maat", &["12345.5"])),
        size("out of range in a register", &["200", "50"], Noted(&["value-out-of-range"], 1, 1))
            .columns(share())
            .register(),
        one("more than 64 bits", T::Integer, "9223372036854775808", Noted(&["cells-refused", "value-too-large"], 1, 0)),
        one("decimals in a whole number", T::Integer, "8,5", Noted(&["cells-refused", "value-not-whole"], 1, 0)),
        one("a number that a spreadsheet shortened", T::Integer, "1,23457E+09", {
            Noted(&["cells-refused", "value-not-a-number"], 1, 0)
        }),
        one("the thirty-first of february", T::Date, "31-02-2024", Noted(&["cells-refused", "value-not-a-date"], 1, 0)),
        one("a month 13", T::Date, "2024-13-01", Noted(&["cells-refused", "value-not-a-date"], 1, 0)),
        one("neither yes nor no", T::Boolean, "misschien", Noted(&["cells-refused", "value-not-yes-or-no"], 1, 0)),
    ]
}

pub(crate) fn sizes() -> Vec<Case> {
    let ten = "code\n".to_owned() + &"a\n".repeat(10_000);
    let line = [vec![b'a'; 999], vec![b'\n']].concat();
    let bomb = gzip(&[b"code\n".to_vec(), line.repeat(300 << 10)].concat());
    let fair = gzip(
        &(0..200_000u64)
            .flat_map(|n| format!("{}\n", n.wrapping_mul(0x9E37_79B9_7F4A_7C15)).into_bytes())
            .collect::<Vec<_>>(),
    );
    let few = Limits { rows: 1000, ..LIMITS };
    let small = Limits { file_bytes: 2000, ..LIMITS };
    let cut = gzip(ten.as_bytes());
    vec![
        plain("ten times the rows", "a.csv", ten.clone(), Refused("source-too-many-rows")).limits(few),
        plain("ten times the size", "a.csv", ten, Refused("source-too-large")).limits(small),
        plain("a gzip bomb", "a.csv.gz", bomb, Refused("source-bomb")).limits(Limits {
            rows: 100_000_000,
            memory: 4 << 30,
            ..LIMITS
        }),
        plain("a gzip that unpacks to too much", "a.csv.gz", fair, Refused("source-too-large-unpacked"))
            .limits(Limits { file_bytes: 3 << 20, ..LIMITS }),
        plain("half a gzip", "a.csv.gz", &cut[..cut.len() / 2], Refused("source-damaged")),
        plain("a gzip that is none", "a.csv.gz", "code\na\n", Refused("source-damaged")),
        plain("a gzip with another name", "a.csv", gzip(b"code;b\nx;1\n"), Values(&[], "code", &["x"])),
    ]
}

pub(crate) fn statline() -> Vec<Case> {
    let topics = || vec![column("Afstand", T::Decimal)];
    let turned = |name, text: &str, expected| {
        Case::new(name, "a.csv", text, expected).format(F::StatlineTable).columns(topics())
    };
    vec![
        turned("a turned table", "\"T\"\n\"\"\n;;\"Wijken\"\nOnderwerp;;A;B\nAfstand;km;1,5;2,5\n\"Bron: CBS\"\n", {
            Values(&[], "afstand", &["1.5", "2.5"])
        }),
        turned("a turned table that is cut off", "T\nOnderwerp;;A;B\nAfstand;km;1,5\n", Refused("statline-ragged")),
        turned("an ordinary table called turned", "code;Afstand\na;1,5\n", Refused("statline-no-topics")),
    ]
}
