//! A manifest from JSON. Field names may stand in any order; fields of later versions are skipped.

use alloc::vec::Vec;

use super::scan::{JsonError, JsonErrorKind, Scanner};
use super::{Codec, File, Manifest};

pub(super) fn manifest(json: &[u8]) -> Result<Manifest, JsonError> {
    let mut scanner = Scanner::new(json)?;
    let (mut files, mut folders, mut title, mut note) = (None, Vec::new(), None, None);
    scanner.object(|scanner, name| {
        match name {
            "files" => files = Some(scanner.array(file)?),
            "folders" => folders = scanner.array(Scanner::string)?,
            "title" => title = Some(scanner.string()?),
            "note" => note = Some(scanner.string()?),
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    scanner.end()?;
    Ok(Manifest {
        files: required(&scanner, "files", files)?,
        folders,
        title,
        note,
    })
}

fn file(scanner: &mut Scanner<'_>) -> Result<File, JsonError> {
    let (mut path, mut media_type) = (None, None);
    let (mut size, mut offset, mut stored) = (None, None, None);
    let (mut codec, mut modified, mut executable) = (None, None, false);
    scanner.object(|scanner, name| {
        match name {
            "path" => path = Some(scanner.string()?),
            "type" => media_type = Some(scanner.string()?),
            "size" => size = Some(scanner.natural()?),
            "offset" => offset = Some(scanner.natural()?),
            "stored" => stored = Some(scanner.natural()?),
            "codec" => codec = Some(self::codec(scanner)?),
            "modified" => modified = Some(scanner.integer()?),
            "executable" => executable = scanner.boolean()?,
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok(File {
        path: required(scanner, "path", path)?,
        media_type: required(scanner, "type", media_type)?,
        size: required(scanner, "size", size)?,
        offset: required(scanner, "offset", offset)?,
        stored: required(scanner, "stored", stored)?,
        codec,
        modified,
        executable,
    })
}

fn codec(scanner: &mut Scanner<'_>) -> Result<Codec, JsonError> {
    let name = scanner.raw_string()?;
    [Codec::Brotli, Codec::Gzip]
        .into_iter()
        .find(|codec| codec.name() == name)
        .ok_or_else(|| scanner.error(JsonErrorKind::Codec))
}

fn required<T>(
    scanner: &Scanner<'_>,
    name: &'static str,
    value: Option<T>,
) -> Result<T, JsonError> {
    value.ok_or_else(|| scanner.error(JsonErrorKind::Missing(name)))
}
