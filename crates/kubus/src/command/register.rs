//! The entry for the Dutch algorithm register (publication standard 1.0) and the model card of a
//! forecast, made from the run: what was measured, the criteria that were set beforehand, the end
//! date, and the human step. Both are in Dutch: the register takes no other language.

use kubus_model::{Finding, Period};
use kubus_signal::forecast::{Panel, Verdict};
use kubus_store::write_atomic;
use serde_json::{Value, json};

use super::{Failure, Outcome};
use crate::arguments::RegisterArguments;
use crate::message::{Language, Messages};

/// Longest texts that the standard takes, in characters.
const LONGEST: [(&str, usize); 9] = [
    ("name", 100),
    ("description_short", 400),
    ("organization", 100),
    ("contact_email", 500),
    ("goal", 2500),
    ("proportionality", 2500),
    ("human_intervention", 2500),
    ("risks", 2500),
    ("methods_and_models", 5000),
];

/// Writes what was asked, from a verdict and its sentences in Dutch.
pub(super) fn write(asked: &RegisterArguments, panel: &Panel, found: &Verdict, verdict: &[String]) -> Outcome {
    let Some(about) = About::of(asked, panel, found)? else { return Ok(()) };
    let texts = Messages::of(Language::Nl);
    if let Some(path) = &asked.register {
        write_atomic(path, entry(&texts, &about, verdict)?.as_bytes())?;
    }
    if let Some(path) = &asked.card {
        write_atomic(path, card(&texts, &about, verdict).as_bytes())?;
    }
    Ok(())
}

/// What the texts are about.
struct About {
    organization: String,
    contact: String,
    until: String,
    parameters: [(&'static str, String); 7],
}

impl About {
    /// Nothing when neither a register nor a card was asked.
    fn of(asked: &RegisterArguments, panel: &Panel, found: &Verdict) -> Result<Option<Self>, Failure> {
        let parts = (&asked.subject, &asked.organization, &asked.contact, &asked.until);
        let (Some(subject), Some(organization), Some(contact), Some(until)) = parts else { return Ok(None) };
        let wrong = |code: &str, text: &str| Failure::user(vec![Finding::error(code).with("text", text)]);
        if !matches!(until.parse::<Period>(), Ok(Period::Month(..))) {
            return Err(wrong("register-until-wrong", until));
        }
        if !contact.contains('@') {
            return Err(wrong("register-contact-wrong", contact));
        }
        let period = |at: Option<&Period>| at.map(ToString::to_string).unwrap_or_default();
        Ok(Some(Self {
            organization: organization.clone(),
            contact: contact.clone(),
            until: until.clone(),
            parameters: [
                ("subject", subject.clone()),
                ("until", until.clone()),
                ("areas", panel.areas.len().to_string()),
                ("first", period(panel.periods.first())),
                ("last", period(panel.periods.last())),
                ("origins", found.origins.to_string()),
                ("baseline", found.baseline.to_owned()),
            ],
        }))
    }
}

/// The entry, whose texts are within the lengths of the standard.
fn entry(texts: &Messages, about: &About, verdict: &[String]) -> Result<String, Failure> {
    let text = |code: &str| texts.text(code, &about.parameters);
    let made = json!({
        "name": text("register-name"),
        "description_short": text("register-short"),
        "organization": about.organization,
        "status": "In ontwikkeling",
        "end_date": about.until,
        "contact_email": about.contact,
        "publication_category": "Overige algoritmes",
        "goal": text("register-goal"),
        "proportionality": verdict.join(" "),
        "human_intervention": text("register-human"),
        "risks": text("register-risks"),
        "source_data": text("register-source"),
        "methods_and_models": format!("{} {}", text("register-method"), text("register-criteria")),
        "provider": "Straatkubus",
        "lang": "nld",
        "standard_version": "1.0",
    });
    let long = |(name, most): &&(&str, usize)| made[*name].as_str().is_some_and(|text| text.chars().count() > *most);
    match LONGEST.iter().find(long) {
        Some((name, most)) => {
            let finding = Finding::error("register-too-long").with("name", name).with("most", most);
            Err(Failure::user(vec![finding]))
        }
        None => Ok(pretty(&made)),
    }
}

fn pretty(value: &Value) -> String {
    // A JSON value can always be written.
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

/// The model card: what it is for, what it is not for, what was measured, and when it ends.
fn card(texts: &Messages, about: &About, verdict: &[String]) -> String {
    let text = |code: &str| texts.text(code, &about.parameters);
    let list = verdict.iter().map(|sentence| format!("- {sentence}\n")).collect::<String>();
    let parts = [
        ("card-what", text("register-short")),
        ("card-goal", text("register-goal")),
        ("card-source", text("register-source")),
        ("card-method", text("register-method")),
        ("card-criteria", text("register-criteria")),
        ("card-measured", list),
        ("card-human", text("register-human")),
        ("card-risks", text("register-risks")),
        ("card-end", text("register-end")),
    ];
    let head = format!("# {}\n\n{}, {}\n", text("register-name"), about.organization, about.contact);
    parts.iter().fold(head, |card, (title, body)| format!("{card}\n## {}\n\n{}\n", text(title), body.trim_end()))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use kubus_signal::forecast::{Surroundings, verdict};

    use super::*;

    fn asked(until: &str, folder: &Path) -> RegisterArguments {
        let text = |text: &str| Some(text.to_owned());
        RegisterArguments {
            register: Some(folder.join("register.json")),
            card: Some(folder.join("kaart.md")),
            subject: text("inbraak"),
            organization: text("Gemeente Voorbeeld"),
            contact: text("algoritmes@voorbeeld.nl"),
            until: text(until),
        }
    }

    fn run() -> (Panel, Verdict) {
        let cell = |m: u16, area: u32| {
            let period = Period::Month(2020 + m / 12, u8::try_from(m % 12 + 1).unwrap());
            (format!("a{area}"), period, (u32::from(m) * 7 + area * 5) % 6)
        };
        let panel = Panel::new((0..60).flat_map(|m| (0..20).map(move |area| cell(m, area))).collect()).unwrap();
        let found = verdict(&panel, &Surroundings::unknown(&panel), 1, 1);
        (panel, found)
    }

    #[test]
    fn the_entry_has_every_required_part_of_the_standard() {
        let folder = tempfile::tempdir().unwrap();
        let (panel, found) = run();
        assert!(write(&asked("2027-12", folder.path()), &panel, &found, &["Een oordeel.".to_owned()]).is_ok());
        let made: Value = serde_json::from_slice(&std::fs::read(folder.path().join("register.json")).unwrap()).unwrap();
        assert_eq!((&made["end_date"], &made["lang"]), (&json!("2027-12"), &json!("nld")));
        assert_eq!(made["proportionality"], "Een oordeel.");
        let card = std::fs::read_to_string(folder.path().join("kaart.md")).unwrap();
        assert!(card.contains("- Een oordeel.") && card.contains("2027-12") && !card.contains("register-"), "{card}");
        let standard =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/standards/algoritmeregister/v1_0.json");
        let Ok(standard) = std::fs::read(&standard) else {
            eprintln!("SKIPPED: no standard in {}", standard.display());
            return;
        };
        let standard: Value = serde_json::from_slice(&standard).unwrap();
        for (name, rule) in standard["properties"].as_object().unwrap() {
            let given = &made[name];
            assert!(rule["required"] != json!(true) || given.is_string(), "{name} is required");
            let length = given.as_str().map_or(0, |text| text.chars().count());
            assert!(rule["max_length"].as_u64().is_none_or(|most| length as u64 <= most), "{name} is too long");
            let permitted = rule["permitted_values"].as_array().filter(|_| given.is_string());
            assert!(permitted.is_none_or(|values| values.contains(given)), "{name}: {given}");
        }
        for name in made.as_object().unwrap().keys() {
            assert!(!standard["properties"][name].is_null(), "{name} is not in the standard");
        }
    }

    #[test]
    fn an_end_date_that_is_no_month_and_a_name_that_is_too_long_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let (panel, found) = run();
        assert!(write(&asked("ooit", folder.path()), &panel, &found, &[]).is_err());
        let long = RegisterArguments { subject: Some("x".repeat(200)), ..asked("2027-12", folder.path()) };
        assert!(write(&long, &panel, &found, &[]).is_err());
        assert!(!folder.path().join("register.json").exists());
    }
}
