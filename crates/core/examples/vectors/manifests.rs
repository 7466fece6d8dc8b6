//! Manifests as JSON: sound ones, and one for each rule that is broken.

use onekey_core::manifest::Manifest;

use super::case::Case;

/// Plaintext of the payload that the manifests here describe.
const L: u64 = 1024;

/// Bytes that a case's body is padded to, unless it says otherwise.
const PADDED: usize = 4096;

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = sound();
    cases.extend(padding());
    cases.extend(super::manifest_rules::cases());
    cases.extend(super::manifest_json::cases());
    cases
}

/// A manifest that is refused for `rule`.
pub(crate) fn refused(name: &str, rule: &str, json: impl Into<Vec<u8>>) -> Case {
    Case::new("manifest-json", name, format_args!("manifest {rule}"))
        .with("plaintext-length", L)
        .with("pad-to", PADDED)
        .body(json)
}

/// A manifest that is read, with the text that the reader prints for what it knows of it.
pub(crate) fn accepted(name: &str, json: &str) -> Case {
    let manifest = Manifest::parse(&padded(json), L)
        .unwrap_or_else(|error| panic!("{name} should be sound: {error}"));
    Case::new("manifest-json", name, "ok")
        .with("plaintext-length", L)
        .with("pad-to", PADDED.max(json.len().next_multiple_of(512)))
        .with("files", manifest.files.len())
        .with("known", manifest.to_json())
        .body(json)
}

/// `{"path":"PATH","type":"a/b","size":SIZE,"offset":OFFSET,"stored":SIZE}`; the path stands as it is.
pub(crate) fn file(path: &str, size: u64, offset: u64) -> String {
    format!(r#"{{"path":"{path}","type":"a/b","size":{size},"offset":{offset},"stored":{size}}}"#)
}

pub(crate) fn files(files: &[String]) -> String {
    format!(r#"{{"files":[{}]}}"#, files.join(","))
}

fn padded(json: &str) -> Vec<u8> {
    let mut padded = json.as_bytes().to_vec();
    padded.resize(PADDED.max(json.len().next_multiple_of(512)), b' ');
    padded
}

fn sound() -> Vec<Case> {
    let all = r#"{"files":[{"path":"dir/a.txt","type":"text/plain","size":123,"offset":0,"stored":45,"codec":"br","modified":1790000000,"executable":true},{"path":"dir/b","type":"application/octet-stream","size":7,"offset":45,"stored":40,"codec":"gzip"},{"path":"c","type":"image/png","size":3,"offset":100,"stored":3,"modified":-1}],"folders":["dir/empty"],"title":"all of it","note":"line\nline"}"#;
    let one = |path: &str| files(&[file(path, 3, 0)]);
    let longest_path = format!("{}/{}", "x".repeat(511), "y".repeat(512));
    let longest_type = one("a").replace("a/b", &format!("a/{}", "b".repeat(253)));
    let number = one("a").replace(
        r#""stored":3"#,
        r#""stored":3,"modified":-9007199254740991"#,
    );
    vec![
        accepted("all_fields", all),
        accepted("one_file", &one("a.txt")),
        accepted("no_files", r#"{"files":[]}"#),
        accepted("no_files_but_a_note", r#"{"files":[],"note":"only this"}"#),
        accepted("empty_texts", r#"{"files":[],"title":"","note":""}"#),
        accepted(
            "fields_in_another_order",
            r#"{"note":"n","files":[{"type":"a/b","stored":3,"path":"a","offset":0,"size":3}]}"#,
        ),
        accepted(
            "unknown_fields",
            r#"{"files":[{"path":"a","type":"a/b","size":3,"offset":0,"stored":3,"colour":"red","x1":null}],"later":true,"n":9007199254740991,"z":false}"#,
        ),
        accepted("folder_list_empty", r#"{"files":[],"folders":[]}"#),
        accepted(
            "executable_false",
            &one("a").replace(r#""stored":3"#, r#""stored":3,"executable":false"#),
        ),
        accepted(
            "empty_files_at_the_end",
            &files(&[file("a", L, 0), file("b", 0, L), file("c", 0, L)]),
        ),
        accepted(
            "a_gap_between_files",
            &files(&[file("a", 1, 10), file("b", 1, 1000)]),
        ),
        accepted("path_unicode", &one("\u{e9}/e\u{301}/\u{1f511}")),
        accepted(
            "path_forms_are_not_equal",
            &files(&[file("\u{e9}", 1, 0), file("e\u{301}", 1, 1)]),
        ),
        accepted(
            "path_dots_in_names",
            &files(&[file("...", 1, 0), file("..a/.b", 1, 1), file("a..", 1, 2)]),
        ),
        accepted("path_backslash", &one("a\\\\b")),
        accepted(
            "path_prefix_of_a_name",
            &files(&[file("a", 1, 0), file("a.b", 1, 1), file("ab/c", 1, 2)]),
        ),
        accepted("path_longest", &one(&longest_path)),
        accepted("type_longest", &longest_type),
        accepted("modified_smallest", &number),
        accepted(
            "escapes",
            r#"{"files":[],"note":"\"\\\b\f\n\r\t\u0000\u001f\u000b/\u007f"}"#
                .replace("\\u007f", "\u{7f}")
                .as_str(),
        ),
        accepted(
            "line_separators_stay",
            "{\"files\":[],\"note\":\"\u{2028}\u{2029}\"}",
        ),
        accepted(
            "non_characters_stay",
            "{\"files\":[],\"note\":\"\u{ffff}\u{10ffff}\"}",
        ),
        accepted("bom_in_a_text", "{\"files\":[],\"note\":\"\u{feff}\"}"),
        accepted(
            "text_with_spaces_at_its_end",
            r#"{"files":[],"note":"a   "}"#,
        ),
        accepted(
            "name_of_an_object_method",
            r#"{"files":[],"constructor":1,"toString":null}"#,
        ),
    ]
}

fn padding() -> Vec<Case> {
    let json = r#"{"files":[]}"#;
    let to = |case: Case, len: usize| case.replace("pad-to", len);
    let described = "the reader appends the spaces, so that this file stays small";
    vec![
        to(accepted("padded_to_512", json), 512),
        to(accepted("padded_to_1536", json), 1536),
        to(accepted("padded_to_8_mib", json), 8 << 20).with("comment", described),
        to(refused("padded_to_4095", "padding multiple", json), 4095),
        to(refused("not_padded", "padding multiple", json), json.len()),
        to(
            refused("padded_over_8_mib", "padding too-long", json),
            (8 << 20) + 512,
        )
        .with("comment", described),
        to(refused("nothing", "json unexpected-end", ""), 0),
        refused("spaces_only", "json unexpected-end", ""),
        refused("padded_with_a_line_end", "json end", format!("{json}\n")),
        refused("padded_with_zeros", "json end", format!("{json}\0\0")),
        refused("space_in_front", "json unexpected", format!(" {json}")),
    ]
}
