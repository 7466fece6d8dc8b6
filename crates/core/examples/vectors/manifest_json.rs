//! Texts that are not the canonical JSON of a manifest.

use super::case::Case;
use super::manifests::{file, files, refused};

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = numbers();
    cases.extend(texts());
    cases.extend(fields());
    cases.extend(forms());
    cases
}

fn json(name: &str, why: &str, json: impl Into<Vec<u8>>) -> Case {
    refused(name, &format!("json {why}"), json)
}

fn note(text: &str) -> String {
    format!(r#"{{"files":[],"note":"{text}"}}"#)
}

fn numbers() -> Vec<Case> {
    let offset = |name: &str, why: &str, number: &str| {
        let text = files(&[file("a", 1, 7)]).replace("7", number);
        json(&format!("number_{name}"), why, text)
    };
    let modified = |name: &str, why: &str, number: &str| {
        let text = files(&[file("a", 1, 0)]);
        let text = text.replace(
            r#""stored":1"#,
            &format!(r#""stored":1,"modified":{number}"#),
        );
        json(&format!("modified_{name}"), why, text)
    };
    vec![
        offset("float", "unexpected", "7.5"),
        offset("float_that_is_whole", "unexpected", "7.0"),
        offset("exponent", "unexpected", "7e0"),
        offset("exponent_upper_case", "unexpected", "1E3"),
        offset("minus_zero", "unexpected", "-0"),
        offset("negative", "unexpected", "-7"),
        offset("plus", "unexpected", "+7"),
        offset("leading_zero", "unexpected", "07"),
        offset("two_zeros", "unexpected", "00"),
        offset("2_pow_53", "number", "9007199254740992"),
        offset("2_pow_64", "number", "18446744073709551616"),
        offset("200_digits", "number", &"9".repeat(200)),
        offset("hexadecimal", "unexpected", "0x7"),
        offset("text", "unexpected", "\"7\""),
        offset("null", "unexpected", "null"),
        offset("true", "unexpected", "true"),
        offset("not_a_number", "unexpected", "NaN"),
        offset("array", "unexpected", "[7]"),
        modified("minus_zero", "number", "-0"),
        modified("float", "unexpected", "1.5"),
        modified("minus_2_pow_53", "number", "-9007199254740992"),
        modified("null", "unexpected", "null"),
        json(
            "unknown_number_negative",
            "unexpected",
            r#"{"files":[],"later":-1}"#,
        ),
        json(
            "unknown_number_float",
            "unexpected",
            r#"{"files":[],"later":1.5}"#,
        ),
        json(
            "unknown_number_2_pow_53",
            "number",
            r#"{"files":[],"later":9007199254740992}"#,
        ),
    ]
}

fn texts() -> Vec<Case> {
    let raw = |name: &str, why: &str, bytes: &[u8]| {
        let (front, back) = (br#"{"files":[],"note":""#.as_slice(), br#""}"#.as_slice());
        json(name, why, [front, bytes, back].concat())
    };
    vec![
        json("bom", "unexpected", format!("\u{feff}{}", note("a"))),
        json("escape_of_a_letter", "escape", note("\\u0061")),
        json("escape_of_a_slash", "escape", note("\\/")),
        json("escape_of_del", "escape", note("\\u007f")),
        json("escape_upper_case", "escape", note("\\u001F")),
        json("escape_long_for_short", "escape", note("\\u000a")),
        json("escape_of_a_pair", "escape", note("\\ud83d\\udd11")),
        json("escape_unknown", "escape", note("\\x")),
        json("escape_of_a_line_separator", "escape", note("\\u2028")),
        json("unpaired_surrogate_high", "escape", note("\\ud800")),
        json("unpaired_surrogate_low", "escape", note("\\udc00")),
        json("surrogates_swapped", "escape", note("\\udd11\\ud83d")),
        json(
            "surrogate_in_a_path",
            "escape",
            files(&[file("PATH", 0, 0).replace("PATH", "\\ud800")]),
        ),
        raw("control_character_raw", "unexpected", b"a\nb"),
        raw("nul_raw", "unexpected", b"a\0b"),
        raw("utf8_lone_byte", "utf8", b"\xff"),
        raw("utf8_cut", "utf8", b"\xc3"),
        raw("utf8_overlong", "utf8", b"\xc0\xaf"),
        raw("utf8_surrogate", "utf8", b"\xed\xa0\x80"),
        raw("utf8_beyond_unicode", "utf8", b"\xf4\x90\x80\x80"),
        json(
            "latin_1",
            "utf8",
            b"{\"files\":[],\"note\":\"caf\xe9\"}".as_slice(),
        ),
        json("utf16", "utf8", b"\xff\xfe{\0}\0".as_slice()),
    ]
}

fn fields() -> Vec<Case> {
    let one = files(&[file("a", 1, 0)]);
    let unknown = |name: &str, why: &str, field: &str| {
        let top = format!(r#"{{"files":[],{field}}}"#);
        json(&format!("unknown_{name}"), why, top)
    };
    let missing = |name: &str| {
        let text = match name {
            "path" => one.replace(r#""path":"a","#, ""),
            "type" => one.replace(r#""type":"a/b","#, ""),
            "size" => one.replace(r#""size":1,"#, ""),
            "offset" => one.replace(r#""offset":0,"#, ""),
            _ => one.replace(r#","stored":1"#, ""),
        };
        json(&format!("missing_{name}"), "missing", text)
    };
    let in_file = |name: &str, why: &str, field: &str| {
        json(
            name,
            why,
            one.replace(r#""stored":1"#, &format!(r#""stored":1,{field}"#)),
        )
    };
    vec![
        missing("path"),
        missing("type"),
        missing("size"),
        missing("offset"),
        missing("stored"),
        json("missing_files", "missing", r#"{"note":"a"}"#),
        json("missing_all", "missing", "{}"),
        json("repeated_files", "repeated", r#"{"files":[],"files":[]}"#),
        json(
            "repeated_note",
            "repeated",
            r#"{"files":[],"note":"a","note":"a"}"#,
        ),
        in_file("repeated_path", "repeated", r#""path":"b""#),
        in_file("repeated_in_a_file", "repeated", r#""stored":1"#),
        unknown("repeated", "repeated", r#""x":1,"x":2"#),
        in_file("unknown_repeated_in_a_file", "repeated", r#""x":1,"x":2"#),
        unknown("array", "unexpected", r#""x":[]"#),
        unknown("object", "unexpected", r#""x":{}"#),
        in_file("unknown_array_in_a_file", "unexpected", r#""x":[1]"#),
        in_file("unknown_object_in_a_file", "unexpected", r#""x":{"y":1}"#),
        unknown("name_digit", "field-name", r#""0":1"#),
        unknown("name_proto", "field-name", r#""__proto__":1"#),
        unknown("name_empty", "field-name", r#""":1"#),
        unknown("name_not_ascii", "field-name", "\"\u{e9}\":1"),
        in_file("unknown_name_digit_in_a_file", "field-name", r#""1":1"#),
        in_file("codec_unknown", "codec", r#""codec":"zstd""#),
        in_file("codec_upper_case", "codec", r#""codec":"BR""#),
        in_file("codec_empty", "codec", r#""codec":"""#),
        in_file("codec_null", "unexpected", r#""codec":null"#),
        in_file("executable_number", "unexpected", r#""executable":1"#),
        json("title_null", "unexpected", r#"{"files":[],"title":null}"#),
        json("note_number", "unexpected", r#"{"files":[],"note":1}"#),
        json("files_null", "unexpected", r#"{"files":null}"#),
        json("files_object", "unexpected", r#"{"files":{}}"#),
        json("file_text", "unexpected", r#"{"files":["a"]}"#),
        json(
            "folder_object",
            "unexpected",
            r#"{"files":[],"folders":[{}]}"#,
        ),
    ]
}

fn forms() -> Vec<Case> {
    let sound = files(&[file("a", 1, 0)]);
    vec![
        json("white_space_in_an_object", "unexpected", r#"{ "files":[]}"#),
        json(
            "white_space_behind_a_colon",
            "unexpected",
            r#"{"files": []}"#,
        ),
        json(
            "white_space_behind_a_comma",
            "unexpected",
            r#"{"files":[], "note":""}"#,
        ),
        json("white_space_in_an_array", "unexpected", r#"{"files":[ ]}"#),
        json("white_space_line_end", "unexpected", "{\n\"files\":[]}"),
        json("trailing_comma_object", "unexpected", r#"{"files":[],}"#),
        json(
            "trailing_comma_array",
            "unexpected",
            sound.replace("}]", "},]"),
        ),
        json("single_quotes", "unexpected", "{'files':[]}"),
        json("comment", "unexpected", r#"{"files":[]/**/}"#),
        json("two_documents", "end", r#"{"files":[]}{"files":[]}"#),
        json(
            "cut",
            "unexpected-end",
            &sound.as_bytes()[..sound.len() - 1],
        ),
        json(
            "cut_in_a_text",
            "unexpected-end",
            r#"{"files":[],"note":"a"#.trim_end(),
        ),
        json("array", "unexpected", "[]"),
        json("null", "unexpected", "null"),
        json("nested_deep", "unexpected", "[".repeat(4000)),
    ]
}
