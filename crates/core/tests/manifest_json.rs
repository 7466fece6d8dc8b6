//! The manifest's JSON: one text for each manifest, and no other is read.

use onekey_core::manifest::{Codec, File, JsonErrorKind, MAX_INTEGER, Manifest, pad};

const FILE: &str = r#"{"path":"a","type":"t","size":1,"offset":0,"stored":1}"#;

fn refusal(json: &str) -> JsonErrorKind {
    Manifest::from_json(json.as_bytes()).expect_err(json).kind
}

fn accepted(json: &str) -> Manifest {
    Manifest::from_json(json.as_bytes()).unwrap_or_else(|error| panic!("{json}: {error}"))
}

/// Puts `field` at the end of a file that is complete without it.
fn with_field(field: &str) -> String {
    let file = FILE.strip_suffix('}').expect("a file");
    format!(r#"{{"files":[{file},{field}}}]}}"#)
}

#[test]
fn known_answer() {
    let manifest = Manifest {
        files: vec![File {
            path: "a.txt".into(),
            media_type: "text/plain".into(),
            size: 3,
            stored: 3,
            ..File::default()
        }],
        note: Some("é".into()),
        ..Manifest::default()
    };
    let json = r#"{"files":[{"path":"a.txt","type":"text/plain","size":3,"offset":0,"stored":3}],"note":"é"}"#;
    assert_eq!(manifest.to_json(), json);
    let padded = manifest.print(3).unwrap();
    assert_eq!(padded, pad(json).unwrap());
    assert_eq!(padded.len(), 4124 - 28);
    assert_eq!(Manifest::parse(&padded, 3), Ok(manifest));
}

#[test]
fn every_field_has_its_place() {
    let json = r#"{"files":[{"path":"d/a","type":"t","size":9,"offset":0,"stored":4,"codec":"br","modified":-5,"executable":true},{"path":"b","type":"t","size":9,"offset":4,"stored":4,"codec":"gzip","modified":0}],"folders":["e/f","g"],"title":"T","note":"N"}"#;
    let manifest = accepted(json);
    assert_eq!(manifest.to_json(), json);
    assert_eq!(manifest.files[0].codec, Some(Codec::Brotli));
    assert_eq!(manifest.files[1].codec, Some(Codec::Gzip));
    assert_eq!(manifest.files[0].modified, Some(-5));
    assert!(manifest.files[0].executable && !manifest.files[1].executable);
    assert_eq!(manifest.folders, ["e/f", "g"]);
}

#[test]
fn names_stand_in_any_order() {
    let json = r#"{"note":"n","files":[{"stored":1,"executable":false,"offset":0,"size":1,"type":"t","path":"a"}]}"#;
    assert_eq!(
        accepted(json).files,
        accepted(&format!(r#"{{"files":[{FILE}]}}"#)).files
    );
}

#[test]
fn strings_are_escaped_as_stringify_does() {
    // Every character that some printer escapes, by what `JSON.stringify` makes of it.
    let text: String = ('\0'..='#')
        .chain("/<\\\u{7f}é\u{85}\u{2028}\u{feff}😀".chars())
        .collect();
    let escaped = concat!(
        r"\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f",
        r"\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d",
        r##"\u001e\u001f !\"#/<\\"##,
        "\u{7f}é\u{85}\u{2028}\u{feff}😀"
    );
    let json = format!(r#"{{"files":[],"note":"{escaped}"}}"#);
    let manifest = Manifest {
        note: Some(text),
        ..Manifest::default()
    };
    assert_eq!(manifest.to_json(), json);
    assert_eq!(accepted(&json), manifest);
}

#[test]
fn other_escapes_are_refused() {
    for escape in [
        r"\/",
        r"\u0041",
        r"\u000A",
        r"\u000a",
        r"\u0008",
        r"\u001F",
        r"\u0020",
        r"\u007f",
        r"\u00e9",
        r"\ud83d",
        r"\ud83d\ude00",
        r"\u12",
        r"\x41",
        r"\v",
        r"\0",
        r"\U0001",
        r"\u+001",
        r"\ué00",
    ] {
        let json = format!(r#"{{"files":[],"note":"{escape}"}}"#);
        assert_eq!(refusal(&json), JsonErrorKind::Escape, "{escape}");
        let name = format!(r#"{{"files":[],"n{escape}":1}}"#);
        assert_eq!(refusal(&name), JsonErrorKind::Escape, "{escape}");
    }
    for raw in ["\0", "\n", "\t", "\u{1f}"] {
        let json = format!(r#"{{"files":[],"note":"{raw}"}}"#);
        assert_eq!(refusal(&json), JsonErrorKind::Unexpected);
    }
}

#[test]
fn t29_numbers_are_integers_in_range() {
    let size = |number: &str| {
        format!(
            r#"{{"files":[{}]}}"#,
            FILE.replace("\"size\":1", &format!("\"size\":{number}"))
        )
    };
    for number in ["0", "7", "10", "9007199254740991"] {
        accepted(&size(number));
        accepted(&with_field(&format!(r#""modified":{number}"#)));
        accepted(&with_field(&format!(r#""later":{number}"#)));
    }
    for number in ["-1", "-9007199254740991"] {
        assert_eq!(
            refusal(&size(number)),
            JsonErrorKind::Unexpected,
            "{number}"
        );
        accepted(&with_field(&format!(r#""modified":{number}"#)));
        assert_eq!(
            refusal(&with_field(&format!(r#""later":{number}"#))),
            JsonErrorKind::Unexpected
        );
    }
    for number in [
        "-0",
        "00",
        "01",
        "+1",
        "1.0",
        "1.5",
        ".5",
        "1e3",
        "1E3",
        "1e309",
        "NaN",
        "Infinity",
        "0x1",
        "9007199254740992",
        "-9007199254740992",
        "99999999999999999999",
        "\"1\"",
        "[1]",
        "true",
        "null",
        "",
    ] {
        refusal(&size(number));
        refusal(&with_field(&format!(r#""modified":{number}"#)));
    }
    assert_eq!(refusal(&size("9007199254740992")), JsonErrorKind::Number);
    assert_eq!(
        refusal(&with_field(r#""modified":-0"#)),
        JsonErrorKind::Number
    );
    assert_eq!(MAX_INTEGER, 9_007_199_254_740_991);
}

#[test]
fn repeated_names_are_refused() {
    for json in [
        r#"{"files":[],"files":[]}"#.to_owned(),
        r#"{"files":[],"note":"a","note":"a"}"#.to_owned(),
        r#"{"files":[],"folders":[],"folders":[]}"#.to_owned(),
        r#"{"files":[],"x":1,"y":2,"x":1}"#.to_owned(),
        r#"{"files":[],"x\n":1,"x\n":1}"#.to_owned(),
        with_field(r#""path":"a""#),
        with_field(r#""executable":true,"executable":true"#),
        with_field(r#""x":1,"x":2"#),
    ] {
        assert_eq!(refusal(&json), JsonErrorKind::Repeated, "{json}");
    }
    // A name may stand on both levels.
    accepted(&with_field(r#""note":"x","files":1"#));
}

#[test]
fn unknown_fields_are_skipped() {
    for value in [
        r#""text\n""#,
        "true",
        "false",
        "null",
        "0",
        "9007199254740991",
    ] {
        assert_eq!(
            accepted(&with_field(&format!(r#""laterOn":{value}"#))),
            accepted(&format!(r#"{{"Zed":{value},"files":[{FILE}]}}"#)),
        );
    }
    for value in [
        "[]",
        "{}",
        "1.5",
        "-1",
        "nul",
        "True",
        "undefined",
        "[1]",
        r#"{"a":1}"#,
    ] {
        assert_eq!(
            refusal(&with_field(&format!(r#""later":{value}"#))),
            JsonErrorKind::Unexpected
        );
        assert_eq!(
            refusal(&format!(r#"{{"later":{value},"files":[]}}"#)),
            JsonErrorKind::Unexpected
        );
    }
    for name in ["", "0", "1", "__proto__", "_", "-x", "é", " x", r"\u0000"] {
        assert_eq!(
            refusal(&with_field(&format!(r#""{name}":1"#))),
            JsonErrorKind::FieldName,
            "{name}"
        );
    }
}

#[test]
fn required_fields_are_required() {
    assert_eq!(refusal("{}"), JsonErrorKind::Missing("files"));
    assert_eq!(refusal(r#"{"note":"n"}"#), JsonErrorKind::Missing("files"));
    for name in ["path", "type", "size", "offset", "stored"] {
        let json = format!(r#"{{"files":[{}]}}"#, FILE.replace(name, "other"));
        assert_eq!(refusal(&json), JsonErrorKind::Missing(name));
    }
}

#[test]
fn known_fields_have_their_type() {
    for (field, values) in [
        ("codec", &["null", "1", r#""zstd""#, r#""BR""#, r#""""#][..]),
        ("modified", &["null", r#""1""#, "true"]),
        ("executable", &["null", "1", r#""true""#]),
    ] {
        for value in values {
            refusal(&with_field(&format!(r#""{field}":{value}"#)));
        }
    }
    for json in [
        r#"{"files":null}"#,
        r#"{"files":{}}"#,
        r#"{"files":[null]}"#,
        r#"{"files":["a"]}"#,
        r#"{"files":[],"folders":null}"#,
        r#"{"files":[],"folders":"a"}"#,
        r#"{"files":[],"folders":[1]}"#,
        r#"{"files":[],"title":null}"#,
        r#"{"files":[],"title":1}"#,
        r#"{"files":[],"note":null}"#,
    ] {
        assert_eq!(refusal(json), JsonErrorKind::Unexpected, "{json}");
    }
    assert_eq!(
        refusal(&with_field(r#""codec":"zstd""#)),
        JsonErrorKind::Codec
    );
}

#[test]
fn white_space_a_bom_and_bad_utf8_are_refused() {
    let json = with_field(r#""codec":"br","modified":-1,"executable":true"#);
    // Between any two characters outside of strings; inside, it is another manifest or an error.
    for at in 0..=json.len() {
        for space in [" ", "\n", "\t", "\r", "\u{feff}", "\u{a0}", "/**/", ","] {
            let inside = json[..at].matches('"').count() % 2 == 1;
            let spaced = format!("{}{space}{}", &json[..at], &json[at..]);
            assert!(
                inside || Manifest::from_json(spaced.as_bytes()).is_err(),
                "{spaced}"
            );
        }
    }
    for bytes in [
        &b"\xff"[..],
        b"\xc0\xaf",
        b"\xed\xa0\xbd",
        b"\xed\xa0\xbd\xed\xb8\x80",
        b"\xf4\x90\x80\x80",
    ] {
        let json = [br#"{"files":[],"note":""#, bytes, br#""}"#].concat();
        assert_eq!(
            Manifest::from_json(&json).unwrap_err().kind,
            JsonErrorKind::Utf8
        );
    }
}

#[test]
fn t24_cut_texts_are_refused() {
    let json = with_field(r#""codec":"br","modified":-1,"executable":true,"x":null,"y":"\n""#);
    accepted(&json);
    for at in 0..json.len() {
        Manifest::from_json(&json.as_bytes()[..at]).unwrap_err();
    }
    for tail in ["}", "x", "{}", "\0"] {
        assert_eq!(refusal(&format!("{json}{tail}")), JsonErrorKind::End);
    }
}

#[test]
fn many_unknown_names_stay_fast() {
    let start = std::time::Instant::now();
    let names: String = (0..30_000).map(|n| format!(",\"n{n}\":0")).collect();
    accepted(&format!(r#"{{"files":[]{names}}}"#));
    assert_eq!(
        refusal(&format!(r#"{{"files":[]{names},"n7":0}}"#)),
        JsonErrorKind::Repeated
    );
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}

#[test]
fn debug_and_errors_say_no_name() {
    let manifest = accepted(
        r#"{"files":[{"path":"MARK.txt","type":"MARK/x","size":1,"offset":0,"stored":1}],"folders":["MARK"],"title":"MARK","note":"MARK"}"#,
    );
    assert_eq!(
        format!("{manifest:?}"),
        "Manifest { files: 1, folders: 1, .. }"
    );
    assert_eq!(format!("{:?}", manifest.files[0]), "File(..)");
    assert!(!format!("{manifest:#?}").contains("MARK"));
    for json in [
        r#"{"MARK":[]}"#,
        r#"{"files":[{"path":"MARK"}]}"#,
        r#"{"files":[],"note":"MARK\x"}"#,
    ] {
        let error = Manifest::from_json(json.as_bytes()).unwrap_err();
        assert!(!format!("{error:?} {error}").contains("MARK"));
    }
}
