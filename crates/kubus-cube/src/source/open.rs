//! A file on disk becomes bytes: only regular files, unpacked while reading, within bounds, and
//! recognised by its first bytes rather than by its name.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use kubus_model::Finding;

use super::{Limits, Refusal, refusal};

/// Unpacking more than this many times the packed size is a bomb, once it is a lot.
const BOMB_RATIO: u64 = 200;
/// Below this many bytes nothing is called a bomb.
const BOMB_BYTES: u64 = 64 << 20;
/// How many first bytes are looked at.
const HEAD: usize = 8 * 1024;

/// What the first bytes say a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Empty,
    Text,
    Html,
    Zip,
    /// The container of .xls.
    Ole,
    Parquet,
    Sqlite,
    Shp,
    Dbf,
    Gzip,
    Pdf,
    /// Bytes that are no text and no known format.
    Binary,
}

/// Reading went past a bound.
#[derive(Debug, thiserror::Error)]
enum Bound {
    #[error("larger than allowed")]
    TooLarge,
    #[error("unpacks to far more than it holds")]
    Bomb,
}

/// An opened file of which the first bytes are known.
pub(super) struct Opened {
    path: PathBuf,
    packed: bool,
    limits: Limits,
    head: Vec<u8>,
    rest: Box<dyn Read + Send>,
}

impl Kind {
    /// The name people know it by.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Text => "text",
            Self::Html => "html",
            Self::Zip => "zip/xlsx/ods",
            Self::Ole => "xls",
            Self::Parquet => "parquet",
            Self::Sqlite => "sqlite/geopackage",
            Self::Shp => "shapefile",
            Self::Dbf => "dbf",
            Self::Gzip => "gzip",
            Self::Pdf => "pdf",
            Self::Binary => "binary",
        }
    }

    fn of(head: &[u8]) -> Self {
        let starts = |magic: &[u8]| head.starts_with(magic);
        match head {
            [] => Self::Empty,
            _ if starts(b"PK\x03\x04") || starts(b"PK\x05\x06") => Self::Zip,
            _ if starts(b"\xD0\xCF\x11\xE0") => Self::Ole,
            _ if starts(b"PAR1") => Self::Parquet,
            _ if starts(b"SQLite format 3\0") => Self::Sqlite,
            _ if starts(b"\0\0\x27\x0A") => Self::Shp,
            _ if starts(b"\x1F\x8B") => Self::Gzip,
            _ if starts(b"%PDF") => Self::Pdf,
            _ if is_utf16(head) => Self::Text,
            _ if is_dbf(head) => Self::Dbf,
            _ if is_html(head) => Self::Html,
            _ if is_binary(head) => Self::Binary,
            _ => Self::Text,
        }
    }
}

fn is_utf16(head: &[u8]) -> bool {
    head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF")
}

fn is_html(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(&head[..head.len().min(512)]).to_lowercase();
    let text = text.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']);
    ["<!doctype html", "<html", "<head", "<body"].iter().any(|tag| text.starts_with(tag))
}

/// A dBase version byte, a date that can be, and a header of a whole number of fields.
fn is_dbf(head: &[u8]) -> bool {
    let [version, _, month, day, ..] = *head else { return false };
    let known = matches!(version, 0x03 | 0x30 | 0x31 | 0x83 | 0x8B | 0xF5);
    known && head.len() >= 33 && (1..=12).contains(&month) && (1..=31).contains(&day)
}

/// Control bytes that no text file has, in more than one of every hundred.
fn is_binary(head: &[u8]) -> bool {
    let control = |byte: &&u8| matches!(**byte, 1..=8 | 14..=26 | 28..=31);
    head.iter().filter(control).count() * 100 > head.len()
}

impl Opened {
    /// Opens a regular file; `.gz` is unpacked while reading.
    pub(super) fn new(path: &Path, limits: &Limits) -> Result<Self, Refusal> {
        let size = check(path, limits)?;
        let mut file: Box<dyn Read + Send> = Box::new(BufReader::with_capacity(1 << 16, open(path)?));
        let mut head = take_head(&mut file)?;
        let named = path.extension().is_some_and(|ext| ext.eq_ignore_ascii_case("gz"));
        let packed = named || Kind::of(&head) == Kind::Gzip;
        if packed && !head.is_empty() {
            let whole = Cursor::new(std::mem::take(&mut head)).chain(file);
            let bounded = Bounded { inner: MultiGzDecoder::new(whole), seen: 0, most: limits.file_bytes, packed: size };
            file = Box::new(bounded);
            head = take_head(&mut file)?;
        }
        Ok(Self { path: path.to_owned(), packed, limits: *limits, head, rest: file })
    }

    /// What the first bytes say it is.
    pub(super) fn kind(&self) -> Kind {
        Kind::of(&self.head)
    }

    /// The path, for formats that must be opened by name; refused for packed files.
    pub(super) fn plain_path(&self) -> Result<&Path, Refusal> {
        if self.packed { Err(refusal("source-packed")) } else { Ok(&self.path) }
    }

    /// The path, packed or not.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The limits it was opened with.
    pub(super) const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The bytes as a stream.
    pub(super) fn into_reader(self) -> impl Read + Send {
        Cursor::new(self.head).chain(self.rest)
    }

    /// All bytes.
    pub(super) fn into_bytes(self) -> Result<Vec<u8>, Refusal> {
        let mut bytes = Vec::new();
        self.into_reader().read_to_end(&mut bytes).map_err(|error| io_refusal(&error))?;
        Ok(bytes)
    }
}

fn check(path: &Path, limits: &Limits) -> Result<u64, Refusal> {
    let metadata = path.metadata().map_err(|error| io_refusal(&error))?;
    if !metadata.is_file() {
        return Err(refusal("source-not-a-file"));
    }
    if metadata.len() > limits.file_bytes {
        return Err(too_large(limits.file_bytes));
    }
    Ok(metadata.len())
}

fn open(path: &Path) -> Result<File, Refusal> {
    File::open(path).map_err(|error| io_refusal(&error))
}

fn take_head(file: &mut dyn Read) -> Result<Vec<u8>, Refusal> {
    let mut head = Vec::with_capacity(HEAD);
    file.take(HEAD as u64).read_to_end(&mut head).map_err(|error| io_refusal(&error))?;
    Ok(head)
}

fn too_large(most: u64) -> Refusal {
    Box::new(Finding::error("source-too-large").with("allowed", format!("{} MB", most >> 20)))
}

/// Says in a finding what went wrong while reading bytes.
pub(super) fn io_refusal(error: &io::Error) -> Refusal {
    if let Some(bound) = error.get_ref().and_then(|inner| inner.downcast_ref::<Bound>()) {
        return match bound {
            Bound::TooLarge => refusal("source-too-large-unpacked"),
            Bound::Bomb => refusal("source-bomb"),
        };
    }
    match error.kind() {
        io::ErrorKind::NotFound => refusal("source-file-missing"),
        io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
            refusal("source-damaged")
        }
        _ => Box::new(Finding::error("source-unreadable").with("reason", error.kind())),
    }
}

/// Counts what comes out of an unpacker, and stops it in time.
struct Bounded<R> {
    inner: R,
    seen: u64,
    most: u64,
    packed: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.seen += read as u64;
        if self.seen > BOMB_BYTES && self.seen / BOMB_RATIO > self.packed {
            return Err(io::Error::other(Bound::Bomb));
        }
        if self.seen > self.most {
            return Err(io::Error::other(Bound::TooLarge));
        }
        Ok(read)
    }
}

/// One entry of a zip, unpacked within bounds.
pub(super) fn unzip_entry<R: Read + io::Seek>(
    archive: &mut zip::ZipArchive<R>,
    name: &str,
    limits: &Limits,
) -> Result<Vec<u8>, Refusal> {
    let entry = archive.by_name(name).map_err(|_| refusal("source-damaged"))?;
    let packed = entry.compressed_size();
    let mut bytes = Vec::new();
    let mut bounded = Bounded { inner: entry, seen: 0, most: limits.file_bytes, packed };
    bounded.read_to_end(&mut bytes).map_err(|error| io_refusal(&error))?;
    Ok(bytes)
}

/// Refuses a zip whose directory promises far more than the file can hold.
pub(super) fn check_zip(bytes: &[u8], limits: &Limits) -> Result<(), Refusal> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| refusal("source-damaged"))?;
    let mut total = 0u64;
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(|_| refusal("source-damaged"))?;
        total = total.saturating_add(entry.size());
    }
    if total > BOMB_BYTES && total / BOMB_RATIO > bytes.len() as u64 {
        return Err(refusal("source-bomb"));
    }
    if total > limits.file_bytes { Err(refusal("source-too-large-unpacked")) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_say_what_a_file_is() {
        let cases: [(&[u8], Kind); 8] = [
            (b"", Kind::Empty),
            (b"a;b\n1;2\n", Kind::Text),
            (b"PK\x03\x04rest", Kind::Zip),
            (b"PAR1", Kind::Parquet),
            (b"\xEF\xBB\xBF\n <!DOCTYPE HTML><p>", Kind::Html),
            (b"\xFF\xFEa\0", Kind::Text),
            (b"%PDF-1.4", Kind::Pdf),
            (&[7; 100], Kind::Binary),
        ];
        for (bytes, kind) in cases {
            assert_eq!(Kind::of(bytes), kind);
        }
    }

    #[test]
    fn an_unpacker_is_stopped_at_its_bound() {
        let mut bounded = Bounded { inner: io::repeat(b'x'), seen: 0, most: 1000, packed: 1000 };
        let error = bounded.read_to_end(&mut Vec::new()).unwrap_err();
        assert_eq!(io_refusal(&error).code, "source-too-large-unpacked");
        let mut bomb = Bounded { inner: io::repeat(b'x'), seen: 0, most: u64::MAX, packed: 1000 };
        let error = io::copy(&mut bomb, &mut io::sink()).unwrap_err();
        assert_eq!(io_refusal(&error).code, "source-bomb");
    }
}
