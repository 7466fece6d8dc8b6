//! What is behind a link.

use onekey_client::OpenedShare;
use onekey_core::manifest::Manifest;
use serde::Serialize;

use crate::terminal::{shown, shown_lines};
use crate::units;

/// Stands before each line of a sender's words, so that they cannot pass for ours.
const QUOTE: &str = "  | ";

/// The line of `--json` for a link; scripts rely on its names.
#[derive(Serialize)]
pub(super) struct Report<'a> {
    title: Option<&'a str>,
    note: Option<&'a str>,
    files: Vec<ReportedFile<'a>>,
    folders: &'a [String],
    size: u64,
    password: bool,
    expires_at: Option<i64>,
    downloads_left: Option<u64>,
}

#[derive(Serialize)]
struct ReportedFile<'a> {
    path: &'a str,
    #[serde(rename = "type")]
    media_type: &'a str,
    size: u64,
    modified: Option<i64>,
    executable: bool,
}

/// Returns the line of `--json`.
pub(super) fn report(share: &OpenedShare) -> Report<'_> {
    let manifest = share.manifest();
    let files = manifest.files.iter().map(|file| ReportedFile {
        path: &file.path,
        media_type: &file.media_type,
        size: file.size,
        modified: file.modified,
        executable: file.executable,
    });
    Report {
        title: manifest.title.as_deref(),
        note: manifest.note.as_deref(),
        files: files.collect(),
        folders: &manifest.folders,
        size: total(manifest),
        password: share.has_password(),
        expires_at: share.expires_at(),
        downloads_left: share.downloads_left(),
    }
}

/// Returns the same in words.
pub(in crate::commands) fn words(share: &OpenedShare) -> String {
    let mut lines = list(share.manifest());
    let left = share.downloads_left();
    let left = left.map_or_else(|| "any number".to_owned(), |left| left.to_string());
    let password = if share.has_password() { "yes" } else { "no" };
    lines.push(String::new());
    lines.push(format!("password        {password}"));
    lines.push(format!(
        "link ends       {}",
        units::end(share.expires_at())
    ));
    lines.push(format!("downloads left  {left} (looking costs none)"));
    lines.join("\n")
}

/// Returns title, note, files and empty folders.
fn list(manifest: &Manifest) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(title) = &manifest.title {
        lines.extend([shown(title), String::new()]);
    }
    if let Some(note) = &manifest.note {
        lines.extend([shown_lines(note, QUOTE), String::new()]);
    }
    let sizes: Vec<_> = manifest
        .files
        .iter()
        .map(|file| units::size(file.size))
        .collect();
    let width = sizes.iter().map(String::len).max().unwrap_or_default();
    for (file, size) in manifest.files.iter().zip(&sizes) {
        lines.push(format!("{size:>width$}  {}", shown(&file.path)));
    }
    for folder in &manifest.folders {
        lines.push(format!("{:>width$}  {}/", "", shown(folder)));
    }
    let files = units::count(manifest.files.len() as u64, "file");
    lines.push(format!("{files}, {} in all", units::size(total(manifest))));
    lines
}

fn total(manifest: &Manifest) -> u64 {
    let sizes = manifest.files.iter().map(|file| file.size);
    sizes.fold(0, u64::saturating_add)
}

#[cfg(test)]
mod tests {
    use onekey_core::manifest::File;

    use super::*;

    fn file(path: &str, size: u64) -> File {
        File {
            path: path.to_owned(),
            size,
            ..File::default()
        }
    }

    #[test]
    fn a_list_shows_no_senders_words_as_they_are() {
        let manifest = Manifest {
            title: Some("holi\u{1b}[2Jday".to_owned()),
            note: Some("hi\n1 file, 1 byte in all\u{202e}".to_owned()),
            files: vec![
                file("photos/1\u{7f}.jpg", 2048),
                file("a\u{202e}txt.exe", 1),
            ],
            folders: vec!["empty\u{9b}".to_owned()],
        };
        let expected = [
            r"holi\u{1b}[2Jday",
            "",
            "  | hi\n  | 1 file, 1 byte in all\\u{202e}",
            "",
            r"2.0 KiB  photos/1\u{7f}.jpg",
            r" 1 byte  a\u{202e}txt.exe",
            r"         empty\u{9b}/",
            "2 files, 2.0 KiB in all",
        ];
        assert_eq!(list(&manifest), expected);
    }

    #[test]
    fn sizes_that_add_up_to_too_much_do_not_overflow() {
        let manifest = Manifest {
            files: vec![file("a", u64::MAX), file("b", u64::MAX)],
            ..Manifest::default()
        };
        assert_eq!(total(&manifest), u64::MAX);
    }
}
