//! Names of a zip's entries, as the page makes them: the manifest's paths, but that nothing in them leads out of the folder on
//! Windows, where `\` divides too and `C:` is a drive.

use std::collections::HashSet;

/// The names that were given.
#[derive(Debug, Default)]
pub(super) struct Names(HashSet<String>);

impl Names {
    /// Returns a name for the file at `path`, and no other entry's.
    pub(super) fn file(&mut self, path: &str) -> String {
        let name = sound(path);
        let mut free = name.clone();
        let mut number = 2_u64;
        while !self.0.insert(free.clone()) {
            free = numbered(&name, number);
            number += 1;
        }
        free
    }

    /// The same for an empty folder.
    pub(super) fn folder(&mut self, path: &str) -> String {
        format!("{}/", self.file(path))
    }
}

fn sound(path: &str) -> String {
    let path = path.replace('\\', "_");
    let components: Vec<String> = path.split('/').map(component).collect();
    components.join("/")
}

fn component(name: &str) -> String {
    // Windows drops dots and spaces at an end: `.. ` is `..` there.
    if name.contains('.') && name.chars().all(|c| matches!(c, '.' | ' ')) {
        return "_".repeat(name.len());
    }
    match name.as_bytes() {
        [drive, b':', ..] if drive.is_ascii_alphabetic() => name.replacen(':', "_", 1),
        _ => name.to_owned(),
    }
}

/// Puts a number before the ending.
fn numbered(name: &str, number: u64) -> String {
    let base = name.rfind('/').map_or(0, |slash| slash + 1);
    let dot = name[base..].rfind('.').filter(|&dot| dot > 0);
    let (stem, ending) = name.split_at(dot.map_or(name.len(), |dot| base + dot));
    format!("{stem} ({number}){ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t6_no_name_leads_out_of_the_folder() {
        let mut names = Names::default();
        for (path, name) in [
            ("dir/a.txt", "dir/a.txt"),
            ("..\\..\\a.txt", ".._.._a.txt"),
            (".. /a", "___/a"),
            ("... ", "____"),
            (" ", " "),
            ("C:/x", "C_/x"),
            ("C:x:y", "C_x:y"),
            ("a\\b.tar.gz", "a_b.tar.gz"),
            ("a_b.tar.gz", "a_b.tar (2).gz"),
            ("d.e/f\\g", "d.e/f_g"),
            ("d.e/f_g", "d.e/f_g (2)"),
            (".x\\y", ".x_y"),
            (".x_y", ".x_y (2)"),
        ] {
            assert_eq!(names.file(path), name, "{path}");
        }
        assert_eq!(names.folder("empty"), "empty/");
    }
}
