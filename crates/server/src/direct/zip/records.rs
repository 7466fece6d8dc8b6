//! The records of a zip (APPNOTE.TXT 6.3.10, section 4.3), little-endian.

use jiff::Timestamp;
use jiff::tz::Offset;

/// Sizes, offsets and counts from here on are in the records of Zip64.
const FULL_32: u64 = 0xffff_ffff;
const FULL_16: usize = 0xffff;

const SIGNATURE_HEADER: u32 = 0x0403_4b50;
const SIGNATURE_DESCRIPTOR: u32 = 0x0807_4b50;
const SIGNATURE_DIRECTORY: u32 = 0x0201_4b50;
const SIGNATURE_END_64: u32 = 0x0606_4b50;
const SIGNATURE_LOCATOR_64: u32 = 0x0706_4b50;
const SIGNATURE_END: u32 = 0x0605_4b50;

/// Versions that a reader must know: 2.0, and 4.5 for Zip64.
const VERSION: u16 = 20;
const VERSION_64: u16 = 45;

/// Made on Unix: permissions mean something.
const MADE_BY: u16 = 3 << 8 | VERSION_64;

/// The checksum stands behind the bytes.
const FLAG_DESCRIPTOR: u16 = 1 << 3;
/// Names are UTF-8.
const FLAG_UTF_8: u16 = 1 << 11;

const FIELD_ZIP64: u16 = 1;
/// "UT": when a file was changed, in UTC. The two fields for it in the records have no time zone.
const FIELD_TIME: u16 = 0x5455;
const TIME_IS_MODIFIED: u8 = 1;

/// 1 January 1980, the first day that the records can name.
const FIRST_DAY: u16 = 1 << 5 | 1;

/// What a zip says of a file or a folder, whose name ends with a slash.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) size: u64,
    pub(super) mode: u16,
    pub(super) modified: Option<i64>,
}

/// An entry of which all is known: its checksum, and its own record of the directory without the place.
#[derive(Debug)]
pub(super) struct Written {
    size: u64,
    checksum: u32,
    header_at: u64,
    name: String,
    mode: u16,
    time: Time,
}

impl Written {
    pub(super) fn of(entry: &Entry, header_at: u64, checksum: u32) -> Self {
        Self {
            size: entry.size,
            checksum,
            header_at,
            name: entry.name.clone(),
            mode: entry.mode,
            time: Time::of(entry.modified),
        }
    }
}

/// When a file was changed, in the two forms of a zip.
#[derive(Clone, Copy, Debug)]
struct Time {
    day: u16,
    of_day: u16,
    unix: Option<i32>,
}

impl Time {
    fn of(modified: Option<i64>) -> Self {
        let unix = modified.and_then(|modified| i32::try_from(modified).ok());
        let civil = modified
            .and_then(|modified| Timestamp::from_second(modified).ok())
            .map(|time| Offset::UTC.to_datetime(time))
            .filter(|time| (1980..=2107).contains(&time.year()));
        let Some(civil) = civil else {
            return Self {
                day: FIRST_DAY,
                of_day: 0,
                unix,
            };
        };
        let part = |number: i8| u16::try_from(number).unwrap_or(0);
        let year = u16::try_from(civil.year() - 1980).unwrap_or(0);
        Self {
            day: year << 9 | part(civil.month()) << 5 | part(civil.day()),
            of_day: part(civil.hour()) << 11
                | part(civil.minute()) << 5
                | (part(civil.second()) / 2),
            unix,
        }
    }

    fn field(self) -> Record {
        let mut field = Record::default();
        if let Some(unix) = self.unix {
            field.u16(FIELD_TIME).u16(5).u8(TIME_IS_MODIFIED);
            field.0.extend(unix.to_le_bytes());
        }
        field
    }
}

/// A record in the making.
#[derive(Default)]
struct Record(Vec<u8>);

impl Record {
    fn u8(&mut self, number: u8) -> &mut Self {
        self.0.push(number);
        self
    }

    fn u16(&mut self, number: u16) -> &mut Self {
        self.0.extend(number.to_le_bytes());
        self
    }

    fn u32(&mut self, number: u32) -> &mut Self {
        self.0.extend(number.to_le_bytes());
        self
    }

    fn u64(&mut self, number: u64) -> &mut Self {
        self.0.extend(number.to_le_bytes());
        self
    }

    /// A number where it fits in 32 bits, and else all ones.
    fn narrow(&mut self, number: u64) -> &mut Self {
        self.u32(u32::try_from(number).unwrap_or(u32::MAX))
    }

    fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend(bytes);
        self
    }
}

fn length_16(bytes: &[u8]) -> u16 {
    u16::try_from(bytes.len()).expect("paths of a manifest have at most 1,024 bytes")
}

fn version(is_64: bool) -> u16 {
    if is_64 { VERSION_64 } else { VERSION }
}

fn flags(size: u64) -> u16 {
    if size > 0 {
        FLAG_UTF_8 | FLAG_DESCRIPTOR
    } else {
        FLAG_UTF_8
    }
}

/// Returns the bytes that stand around an entry's own.
pub(super) fn around(entry: &Entry) -> u64 {
    let behind = match entry.size {
        0 => 0,
        _ => descriptor(&Written::of(entry, 0, 0)).len(),
    };
    (header(entry).len() + behind) as u64
}

/// What stands before an entry's bytes. Sizes and checksum are zero there: they stand behind.
pub(super) fn header(entry: &Entry) -> Vec<u8> {
    let is_64 = entry.size >= FULL_32;
    let time = Time::of(entry.modified);
    let mut fields = time.field();
    if is_64 {
        fields.u16(FIELD_ZIP64).u16(16).u64(0).u64(0);
    }
    let size = if is_64 { u32::MAX } else { 0 };
    let mut record = Record::default();
    record
        .u32(SIGNATURE_HEADER)
        .u16(version(is_64))
        .u16(flags(entry.size))
        .u16(0)
        .u16(time.of_day)
        .u16(time.day)
        .u32(0)
        .u32(size)
        .u32(size)
        .u16(length_16(entry.name.as_bytes()))
        .u16(length_16(&fields.0))
        .bytes(entry.name.as_bytes())
        .bytes(&fields.0);
    record.0
}

/// What stands behind the bytes of an entry that has some.
pub(super) fn descriptor(written: &Written) -> Vec<u8> {
    let mut record = Record::default();
    record.u32(SIGNATURE_DESCRIPTOR).u32(written.checksum);
    if written.size >= FULL_32 {
        record.u64(written.size).u64(written.size);
    } else {
        record.narrow(written.size).narrow(written.size);
    }
    record.0
}

/// The directory at the end of the zip, which begins at `place`.
pub(super) fn directory(entries: &[Written], place: u64) -> Vec<u8> {
    let mut record = Record::default();
    for entry in entries {
        listed(entry, &mut record);
    }
    end(entries.len(), place, &mut record);
    record.0
}

fn listed(entry: &Written, record: &mut Record) {
    let mut fields = entry.time.field();
    let mut wide = Record::default();
    if entry.size >= FULL_32 {
        wide.u64(entry.size).u64(entry.size);
    }
    if entry.header_at >= FULL_32 {
        wide.u64(entry.header_at);
    }
    let is_64 = !wide.0.is_empty();
    if is_64 {
        fields
            .u16(FIELD_ZIP64)
            .u16(length_16(&wide.0))
            .bytes(&wide.0);
    }
    let is_folder = u32::from(entry.name.ends_with('/'));
    record
        .u32(SIGNATURE_DIRECTORY)
        .u16(MADE_BY)
        .u16(version(is_64))
        .u16(flags(entry.size))
        .u16(0)
        .u16(entry.time.of_day)
        .u16(entry.time.day)
        .u32(entry.checksum)
        .narrow(entry.size)
        .narrow(entry.size)
        .u16(length_16(entry.name.as_bytes()))
        .u16(length_16(&fields.0))
        // No comment, the first disk, no attributes of the content.
        .u16(0)
        .u16(0)
        .u16(0)
        .u32(u32::from(entry.mode) << 16 | is_folder << 4)
        .narrow(entry.header_at)
        .bytes(entry.name.as_bytes())
        .bytes(&fields.0);
}

fn end(count: usize, place: u64, record: &mut Record) {
    let length = record.0.len() as u64;
    if count >= FULL_16 || place >= FULL_32 || length >= FULL_32 {
        let end_at = place + length;
        record
            .u32(SIGNATURE_END_64)
            .u64(44)
            .u16(MADE_BY)
            .u16(VERSION_64)
            .u32(0)
            .u32(0)
            .u64(count as u64)
            .u64(count as u64)
            .u64(length)
            .u64(place);
        record.u32(SIGNATURE_LOCATOR_64).u32(0).u64(end_at).u32(1);
    }
    let narrow_count = u16::try_from(count).unwrap_or(u16::MAX);
    record
        .u32(SIGNATURE_END)
        .u16(0)
        .u16(0)
        .u16(narrow_count)
        .u16(narrow_count)
        .narrow(length)
        .narrow(place)
        .u16(0);
}
