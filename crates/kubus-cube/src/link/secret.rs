//! Pseudonyms and record keys: keyed BLAKE3, one secret per purpose, cut to 64 bits. Called by
//! [`super::read`] and [`crate::build`].

use kubus_store::LinkKey;

/// The two secrets that linking needs.
#[derive(Clone)]
pub(crate) struct Secrets {
    pseudonym: [u8; 32],
    record: [u8; 32],
}

/// Whose number it is: the same digits of a person and of a household are not the same holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holder {
    Person,
    Household,
}

impl Secrets {
    /// The secrets that follow from the town's key.
    pub(crate) fn new(key: &LinkKey) -> Self {
        Self { pseudonym: key.derive("pseudonym"), record: key.derive("record-key") }
    }

    /// The pseudonym of a number, never 0; 0 when there is no number. Spaces around it and zeros
    /// before it are not part of a number: spreadsheets drop them.
    pub(crate) fn pseudonym(&self, holder: Holder, number: Option<&str>) -> u64 {
        let number = number.map_or("", |n| n.trim().trim_start_matches('0'));
        if number.is_empty() {
            return 0;
        }
        let mut hasher = blake3::Hasher::new_keyed(&self.pseudonym);
        hasher.update(match holder {
            Holder::Person => b"person:",
            Holder::Household => b"household:",
        });
        hasher.update(number.as_bytes());
        short(&hasher.finalize()).max(1)
    }

    /// The record key of a pseudonym: what cell keys are sums of.
    pub(crate) fn record_of(&self, pseudonym: u64) -> u64 {
        self.record_of_content(&pseudonym.to_le_bytes())
    }

    /// The record key of a row without a person: of what it says.
    pub(crate) fn record_of_content(&self, content: &[u8]) -> u64 {
        short(&blake3::keyed_hash(&self.record, content))
    }
}

fn short(hash: &blake3::Hash) -> u64 {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&hash.as_bytes()[..8]);
    u64::from_le_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(byte: u8) -> Secrets {
        Secrets::new(&LinkKey::from_bytes([byte; 32]))
    }

    #[test]
    fn the_same_number_has_the_same_pseudonym_however_a_spreadsheet_writes_it() {
        let secrets = secrets(1);
        let of = |text| secrets.pseudonym(Holder::Person, Some(text));
        assert_eq!(of("00123"), of(" 123 "));
        assert_ne!(of("123"), of("124"));
        assert_ne!(of("123"), secrets.pseudonym(Holder::Household, Some("123")));
        assert_eq!(secrets.pseudonym(Holder::Person, None), 0);
        assert_eq!(of("  "), 0);
    }

    #[test]
    fn another_key_gives_other_pseudonyms_and_record_keys() {
        let (one, other) = (secrets(1), secrets(2));
        assert_ne!(one.pseudonym(Holder::Person, Some("1")), other.pseudonym(Holder::Person, Some("1")));
        assert_ne!(one.record_of(7), other.record_of(7));
    }
}
