//! Bytes become text, block by block: the encoding is recognised, and each block ends where a row
//! ends, so that blocks can be read in parallel.
//!
//! UTF-8 unless it cannot be: until the first byte above 127 every Western encoding is the same,
//! so the choice is made there, and a file that breaks it later is refused.

use std::io::Read;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use kubus_model::Finding;

use super::open::io_refusal;
use super::{Refusal, refusal};

/// Bytes read at a time.
const BLOCK: usize = 4 << 20;
/// Longest row in bytes: a quote that is never closed reaches it.
const LONGEST_ROW: usize = 16 << 20;

/// A file as blocks of text that each hold whole rows.
pub(super) struct Blocks<R> {
    input: R,
    decoder: Option<Decoder>,
    encoding: Option<&'static Encoding>,
    declared: bool,
    bytes: Vec<u8>,
    carry: String,
    ended: bool,
}

impl<R: Read> Blocks<R> {
    /// Starts reading; the encoding is sniffed unless its label is given.
    pub(super) fn new(input: R, label: Option<&str>) -> Result<Self, Refusal> {
        let encoding = match label {
            None => None,
            Some(label) => Some(
                Encoding::for_label(label.as_bytes())
                    .ok_or_else(|| Box::new(Finding::error("encoding-unknown").with("encoding", label)))?,
            ),
        };
        let decoder = encoding.map(Encoding::new_decoder);
        let declared = encoding.is_some();
        Ok(Self { input, decoder, encoding, declared, bytes: Vec::new(), carry: String::new(), ended: false })
    }

    /// The name of the encoding: UTF-8 when nothing but ASCII was seen.
    pub(super) fn encoding(&self) -> &'static str {
        self.encoding.unwrap_or(UTF_8).name()
    }

    /// The next block of whole rows.
    pub(super) fn next(&mut self) -> Result<Option<String>, Refusal> {
        loop {
            if self.ended {
                return Ok((!self.carry.is_empty()).then(|| std::mem::take(&mut self.carry)));
            }
            self.fill()?;
            if self.ended {
                continue;
            }
            if let Some(end) = last_row_end(&self.carry) {
                let rest = self.carry.split_off(end);
                return Ok(Some(std::mem::replace(&mut self.carry, rest)));
            }
            if self.carry.len() > LONGEST_ROW {
                return Err(refusal("row-without-end"));
            }
        }
    }

    /// Reads and decodes one more block behind what is left of the last.
    fn fill(&mut self) -> Result<(), Refusal> {
        let kept = self.bytes.len();
        let read = (&mut self.input).take((BLOCK - kept.min(BLOCK / 2)) as u64).read_to_end(&mut self.bytes);
        self.ended = read.map_err(|error| io_refusal(&error))? == 0;
        if self.decoder.is_none() {
            self.choose()?;
        }
        match &mut self.decoder {
            Some(decoder) => {
                let failed = decode(decoder, &self.bytes, &mut self.carry, self.ended);
                self.bytes.clear();
                if failed { Err(self.wrong_encoding()) } else { Ok(()) }
            }
            None => self.take_ascii(),
        }
    }

    /// Nothing but ASCII so far.
    fn take_ascii(&mut self) -> Result<(), Refusal> {
        let text = std::str::from_utf8(&self.bytes).map_err(|_| refusal("source-damaged"))?;
        self.carry.push_str(text);
        self.bytes.clear();
        Ok(())
    }

    fn wrong_encoding(&self) -> Refusal {
        let code = if self.declared { "encoding-wrong" } else { "encoding-mixed" };
        Box::new(Finding::error(code).with("encoding", self.encoding()))
    }

    fn choose(&mut self) -> Result<(), Refusal> {
        let first = self.carry.is_empty();
        let encoding = match self.bytes.as_slice() {
            [0xFF, 0xFE, ..] if first => UTF_16LE,
            [0xFE, 0xFF, ..] if first => UTF_16BE,
            bytes if bytes.is_ascii() => return Ok(()),
            bytes => guess(bytes)?,
        };
        self.encoding = Some(encoding);
        self.decoder = Some(encoding.new_decoder());
        Ok(())
    }
}

/// UTF-8 when the bytes are (but for a character cut off at the end), else a Western encoding.
/// Refused when they are both: a Western text hardly ever holds what is a character in UTF-8.
fn guess(bytes: &[u8]) -> Result<&'static Encoding, Refusal> {
    match std::str::from_utf8(bytes) {
        Ok(_) => return Ok(UTF_8),
        Err(error) if error.error_len().is_none() => return Ok(UTF_8),
        Err(_) => {}
    }
    let (mut valid, mut broken) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        valid += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    if valid * 10 >= broken {
        return Err(Box::new(Finding::error("encoding-mixed").with("encoding", UTF_8.name())));
    }
    Ok(western(bytes))
}

/// The guess of chardetng, where it is one that Dutch deliveries can hold.
fn western(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(Some(b"nl"), Utf8Detection::Deny);
    let known = ["windows-1252", "windows-1250", "windows-1254", "windows-1257", "ISO-8859-2", "ISO-8859-15"];
    if known.contains(&guess.name()) { guess } else { WINDOWS_1252 }
}

/// Decodes everything; true when the bytes are not in this encoding.
fn decode(decoder: &mut Decoder, mut bytes: &[u8], text: &mut String, last: bool) -> bool {
    loop {
        text.reserve(decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(bytes.len()).max(16));
        let (result, read, failed) = decoder.decode_to_string(bytes, text, last);
        if failed {
            return true;
        }
        bytes = &bytes[read..];
        if result == CoderResult::InputEmpty {
            return false;
        }
    }
}

/// Where the last whole row ends: after a line end that is not within quotes.
fn last_row_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    if bytes.contains(&b'"') { last_unquoted_line_end(bytes) } else { last_line_end(bytes) }
}

fn last_line_end(bytes: &[u8]) -> Option<usize> {
    if let Some(at) = bytes.iter().rposition(|byte| *byte == b'\n') {
        return Some(at + 1);
    }
    // A carriage return alone ends a row too; at the very end it may be half of a pair.
    bytes[..bytes.len().saturating_sub(1)].iter().rposition(|byte| *byte == b'\r').map(|at| at + 1)
}

/// Follows the quotes from the start of the block, where no quote is open. A quote opens a field
/// only at its start: that is, after a line end or any character that can be a delimiter.
fn last_unquoted_line_end(bytes: &[u8]) -> Option<usize> {
    let mut end = None;
    let mut at_start = true;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'"' if at_start => match closing_quote(bytes, at + 1) {
                Some(close) => {
                    at = close;
                    at_start = false;
                }
                None => return end,
            },
            b'\n' => {
                end = Some(at + 1);
                at_start = true;
            }
            b'\r' if at + 1 < bytes.len() && bytes[at + 1] != b'\n' => {
                end = Some(at + 1);
                at_start = true;
            }
            b',' | b';' | b'\t' | b'|' => at_start = true,
            b'\r' => {}
            _ => at_start = false,
        }
        at += 1;
    }
    end
}

/// Where a quoted text ends, given where it starts: at a quote that is not doubled.
pub(super) fn closing_quote(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    loop {
        at += bytes.get(at..)?.iter().position(|byte| *byte == b'"')?;
        if bytes.get(at + 1) != Some(&b'"') {
            return Some(at);
        }
        at += 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> Result<(String, &'static str), String> {
        let mut blocks = Blocks::new(bytes, None).map_err(|f| f.code)?;
        let mut text = String::new();
        while let Some(block) = blocks.next().map_err(|f| f.code)? {
            text.push_str(&block);
        }
        Ok((text, blocks.encoding()))
    }

    #[test]
    fn encodings_are_recognised() {
        let wide: Vec<u8> = [0xFF, 0xFE].into_iter().chain("a;é\n".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(all(&wide), Ok(("a;é\n".into(), "UTF-16LE")));
        assert_eq!(all("a;é\n".as_bytes()), Ok(("a;é\n".into(), "UTF-8")));
        assert_eq!(all("\u{feff}a\n".as_bytes()), Ok(("a\n".into(), "UTF-8")));
        assert_eq!(all(b"straat;caf\xE9 \x80 5\n"), Ok(("straat;café € 5\n".into(), "windows-1252")));
        assert_eq!(all(b"plain"), Ok(("plain".into(), "UTF-8")));
    }

    #[test]
    fn an_encoding_that_changes_later_in_the_file_is_refused() {
        let mut bytes = "a;é\n".repeat(2_000_000).into_bytes();
        bytes.extend(b"a;\xE9\n");
        assert_eq!(all(&bytes), Err("encoding-mixed".into()));
    }

    #[test]
    fn ascii_for_a_long_time_and_then_windows_1252_is_read() {
        let mut bytes = b"a;b\n".repeat(2_000_000);
        bytes.extend(b"a;\xE9\n");
        let (text, encoding) = all(&bytes).unwrap();
        assert!(text.ends_with("a;é\n"));
        assert_eq!((text.len(), encoding), (bytes.len() + 1, "windows-1252"));
    }

    #[test]
    fn a_block_never_ends_within_quotes() {
        assert_eq!(last_row_end("a;\"x\ny"), None);
        assert_eq!(last_row_end("b\na;\"x\ny"), Some(2));
        assert_eq!(last_row_end("5\" buis;1\n\"a\"\"\n\";2\n"), Some(19));
        assert_eq!(last_row_end("a\rb\rc"), Some(4));
    }
}
