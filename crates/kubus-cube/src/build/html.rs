//! `report.html`: the account of a check or build as one page, for people. Called by the workshop
//! beside `report.json`.

use std::collections::BTreeMap;
use std::fmt::Write;

use kubus_model::{Finding, Severity};

use super::Report;

/// So many findings of one kind in one file are written out; the others are counted.
const SHOWN: usize = 25;

const STYLE: &str = "body{font:1rem/1.5 sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}\
    table{border-collapse:collapse;width:100%;margin:1rem 0 2rem}caption{text-align:left;font-weight:bold;padding:.3rem 0}\
    th,td{border-bottom:1px solid #999;padding:.3rem .6rem;text-align:left;vertical-align:top}\
    td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}\
    @media print{body{margin:0;max-width:none}}";

/// The page. `sentence` puts a finding into words; `text` gives the page's own words by code, in
/// the language `lang`. Everything that came from outside is escaped.
#[must_use]
pub fn report_html(
    report: &Report,
    lang: &str,
    sentence: &dyn Fn(&Finding) -> String,
    text: &dyn Fn(&str) -> String,
) -> String {
    let page = Page { sentence, text };
    let title = escape(&format!("{} – {}", text("html-title"), report.town));
    let mut html = format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n",
        escape(lang)
    );
    page.sources(&mut html, report);
    page.files(&mut html, report);
    for severity in [Severity::Error, Severity::Warning, Severity::Info] {
        page.findings(&mut html, report, severity);
    }
    html.push_str("</main>\n</body>\n</html>\n");
    html
}

/// Source, file and code of a finding.
type Kind<'a> = (Option<&'a str>, Option<&'a str>, &'a str);

struct Page<'a> {
    sentence: &'a dyn Fn(&Finding) -> String,
    text: &'a dyn Fn(&str) -> String,
}

impl Page<'_> {
    fn word(&self, code: &str) -> String {
        escape(&(self.text)(code))
    }

    /// A table with its caption and heads; columns after the first `texts` hold numbers.
    fn table(&self, html: &mut String, caption: &str, heads: &[&str], texts: usize, rows: &[Vec<String>]) {
        if rows.is_empty() {
            return;
        }
        let class = |at: usize| if at >= texts { " class=\"n\"" } else { "" };
        put(html, &format!("<table>\n<caption>{}</caption>\n<thead><tr>", self.word(caption)));
        for (at, head) in heads.iter().enumerate() {
            put(html, &format!("<th scope=\"col\"{}>{}</th>", class(at), self.word(head)));
        }
        put(html, "</tr></thead>\n<tbody>\n");
        for row in rows {
            let cells = row.iter().enumerate().map(|(at, cell)| format!("<td{}>{}</td>", class(at), escape(cell)));
            put(html, &format!("<tr>{}</tr>\n", cells.collect::<String>()));
        }
        put(html, "</tbody>\n</table>\n");
    }

    fn sources(&self, html: &mut String, report: &Report) {
        let per_cent = |share: f64| format!("{:.1} %", share * 100.0);
        let row = |source: &kubus_model::release::SourceStatement| {
            vec![
                source.name.get("nl").unwrap_or(&source.id).clone(),
                source.owner.clone(),
                source.level.to_string(),
                source.since.map_or_else(String::new, |since| since.to_string()),
                source.reference_date.clone().unwrap_or_default(),
                source.late_days.filter(|days| *days > 0).map_or_else(|| "0".to_owned(), |days| days.to_string()),
                per_cent(source.completeness),
                per_cent(source.coverage),
            ]
        };
        let heads = ["source", "owner", "level", "since", "until", "late", "complete", "placed"];
        let heads = heads.map(|head| format!("html-{head}"));
        let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
        self.table(html, "html-sources", &heads, 5, &report.sources.iter().map(row).collect::<Vec<_>>());
    }

    fn files(&self, html: &mut String, report: &Report) {
        let row = |file: &super::FileReport| {
            let sniffed: Vec<String> = file.sniffed.iter().map(|(what, found)| format!("{what}: {found}")).collect();
            let numbers = [file.rows, file.counted, file.refused, file.left_out];
            let mut row = vec![file.source.clone(), file.file.clone(), sniffed.join(", ")];
            row.extend(numbers.map(|number| number.to_string()));
            row
        };
        let heads =
            ["html-source", "html-file", "html-sniffed", "html-rows", "html-counted", "html-refused", "html-left-out"];
        self.table(html, "html-files", &heads, 3, &report.files.iter().map(row).collect::<Vec<_>>());
    }

    fn findings(&self, html: &mut String, report: &Report, severity: Severity) {
        let mut kinds: BTreeMap<Kind<'_>, Vec<&Finding>> = BTreeMap::new();
        for finding in report.findings.iter().filter(|finding| finding.severity == severity) {
            let kind = (finding.source.as_deref(), finding.file.as_deref(), finding.code.as_str());
            kinds.entry(kind).or_default().push(finding);
        }
        let mut rows = Vec::new();
        for ((source, file, _), alike) in kinds {
            for finding in alike.iter().take(SHOWN) {
                let row = finding.row.map_or_else(String::new, |row| row.to_string());
                let place = file.or(source).unwrap_or_default().to_owned();
                rows.push(vec![place, row, (self.sentence)(finding)]);
            }
            if alike.len() > SHOWN {
                let more = format!("+ {}", alike.len() - SHOWN);
                rows.push(vec![file.or(source).unwrap_or_default().to_owned(), more, (self.text)("html-more")]);
            }
        }
        let caption = match severity {
            Severity::Error => "html-errors",
            Severity::Warning => "html-warnings",
            Severity::Info => "html-infos",
        };
        self.table(html, caption, &["html-file", "html-row", "html-what"], 3, &rows);
    }
}

#[expect(clippy::expect_used, reason = "cannot fail: writing to a String does not")]
fn put(html: &mut String, text: &str) {
    html.write_str(text).expect("a String takes every text");
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::FileReport;

    #[test]
    fn hostile_names_do_not_become_markup() {
        let hostile = "<script>alert(1)</script>.csv";
        let report = Report {
            town: "<b>".into(),
            files: vec![FileReport {
                source: "s".into(),
                file: hostile.into(),
                rows: 3,
                counted: 2,
                refused: 1,
                left_out: 0,
                sniffed: [("delimiter".to_owned(), "\"><i>".to_owned())].into(),
            }],
            findings: (0..30).map(|row| Finding::warning("w").file(hostile).row(row)).collect(),
            ..Report::default()
        };
        let html = report_html(&report, "nl", &|f| format!("<em>{}</em>", f.code), &str::to_owned);
        assert!(!html.contains("<script>") && !html.contains("<em>") && !html.contains("<i>") && !html.contains("<b>"));
        assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;.csv"));
        assert_eq!(html.matches("&lt;em&gt;w&lt;/em&gt;").count(), SHOWN);
        assert!(html.contains("+ 5"));
    }
}
