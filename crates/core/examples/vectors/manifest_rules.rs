//! Manifests whose JSON is canonical and that break a rule of the format.

use super::case::Case;
use super::manifests::{file, files, refused};

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = places();
    cases.extend(paths());
    cases.extend(others());
    cases
}

fn places() -> Vec<Case> {
    let two = |first: String, second: String| files(&[first, second]);
    let with = |fields: &str| format!(r#"{{"files":[{{"path":"a","type":"a/b",{fields}}}]}}"#);
    vec![
        refused("overlap", "order", two(file("a", 10, 0), file("b", 10, 9))),
        refused(
            "same_place",
            "order",
            two(file("a", 10, 0), file("b", 10, 0)),
        ),
        refused(
            "out_of_order",
            "order",
            two(file("a", 10, 100), file("b", 10, 0)),
        ),
        refused(
            "empty_file_out_of_order",
            "order",
            two(file("a", 10, 0), file("b", 0, 9)),
        )
        .with("comment", "an empty file keeps the order too"),
        refused("beyond", "beyond", files(&[file("a", 1025, 0)])),
        refused("beyond_by_offset", "beyond", files(&[file("a", 1, 1024)])),
        refused("empty_file_beyond", "beyond", files(&[file("a", 0, 1025)])),
        refused(
            "beyond_by_overflow",
            "beyond",
            files(&[file("a", (1 << 53) - 1, (1 << 53) - 1)]),
        ),
        refused(
            "stored_differs",
            "stored",
            with(r#""size":10,"offset":0,"stored":9"#),
        )
        .with("comment", "without a codec, stored is size"),
        refused(
            "compressed_beyond",
            "beyond",
            with(r#""size":1,"offset":0,"stored":1025,"codec":"br""#),
        ),
    ]
}

fn paths() -> Vec<Case> {
    let path = |name: &str, rule: &str, path: &str| {
        // Written out, as Rust and JSON do not escape the same characters.
        let escaped: String = path
            .chars()
            .map(|c| match c {
                '\0'..='\u{1f}' => format!("\\u{:04x}", u32::from(c)),
                _ => c.to_string(),
            })
            .collect();
        let escaped = escaped.replace("\\u000a", "\\n").replace("\\u0009", "\\t");
        let json = files(&[file("PATH", 0, 0).replace("PATH", &escaped)]);
        refused(&format!("path_{name}"), &format!("path {rule}"), json)
    };
    let long = "x".repeat(1025);
    // 1,024 characters, and one byte too many.
    let long_in_bytes = format!("{}\u{e9}", "x".repeat(1023));
    let two = |name: &str, rule: &str, one: &str, other: &str| {
        refused(name, rule, files(&[file(one, 0, 0), file(other, 0, 0)]))
    };
    let folder = |name: &str, rule: &str, folders: &str| {
        let json = format!(
            r#"{{"files":[{}],"folders":[{folders}]}}"#,
            file("a/b", 0, 0)
        );
        refused(name, rule, json)
    };
    vec![
        path("empty", "empty", ""),
        path("dot", "dot-component", "."),
        path("dot_dot", "dot-component", ".."),
        path("climbs", "dot-component", "../a"),
        path("climbs_inside", "dot-component", "a/../b"),
        path("climbs_at_the_end", "dot-component", "a/.."),
        path("dot_inside", "dot-component", "a/./b"),
        path("absolute", "empty-component", "/etc/passwd"),
        path("slash_at_the_end", "empty-component", "a/"),
        path("slash_twice", "empty-component", "a//b"),
        path("nul", "control", "a\0b"),
        path("line_end", "control", "a\nb"),
        path("escape", "control", "\u{1b}[31m"),
        path("unit_separator", "control", "a\u{1f}"),
        path("del", "control", "a\u{7f}"),
        path("c1_first", "control", "a\u{80}"),
        path("c1_last", "control", "a\u{9f}"),
        path("too_long", "too-long", &long),
        path("too_long_in_bytes", "too-long", &long_in_bytes),
        two("path_twice", "same-path", "a/b", "a/b"),
        two("path_is_a_folder", "folder-of-another", "a", "a/b"),
        two(
            "path_is_a_folder_later",
            "folder-of-another",
            "a/b/c",
            "a/b",
        ),
        refused(
            "path_is_a_folder_not_adjacent",
            "folder-of-another",
            files(&[
                file("a", 0, 0),
                file("a-b", 0, 0),
                file("a.b", 0, 0),
                file("a/b", 0, 0),
            ]),
        )
        .with(
            "comment",
            "sorted by bytes, other names stand between the two",
        ),
        folder("folder_is_a_file", "same-path", r#""a/b""#),
        folder("folder_is_not_empty", "folder-of-another", r#""a""#),
        folder("folder_in_a_file", "folder-of-another", r#""a/b/c""#),
        folder("folder_twice", "same-path", r#""c","c""#),
        folder("folder_climbs", "path dot-component", r#""../c""#),
        folder("folder_slash_at_the_end", "path empty-component", r#""c/""#),
    ]
}

fn others() -> Vec<Case> {
    let media_type = |name: &str, media_type: &str| {
        let json = files(&[file("a", 0, 0).replace("a/b", media_type)]);
        refused(&format!("type_{name}"), "media-type", json)
    };
    vec![
        media_type("empty", ""),
        media_type("too_long", &"x".repeat(256)),
        media_type("line_end", "a/b\\r\\nx: y"),
        media_type("del", "a/b\u{7f}"),
        media_type("not_ascii", "a/\u{e9}"),
    ]
}
