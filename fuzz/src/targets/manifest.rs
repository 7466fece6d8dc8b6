//! A manifest's JSON: what is accepted prints, reads and means the same, here and to another parser.

use onekey_core::manifest::{Manifest, ManifestError, pad};
use serde_json::Value;

use crate::Reached;

pub(super) fn run(data: &[u8], reached: &mut Reached) {
    let Ok(manifest) = Manifest::from_json(data) else {
        return;
    };
    reached.mark("print::manifest");
    let printed = manifest.to_json();
    assert_eq!(
        Manifest::from_json(printed.as_bytes()).as_ref(),
        Ok(&manifest)
    );
    let parse = |json| serde_json::from_slice::<Value>(json).expect("it is JSON to others");
    assert_eq!(known(parse(data)), parse(printed.as_bytes()));

    for plaintext_len in [0, 1024, (1 << 53) - 1] {
        match manifest.validate(plaintext_len) {
            Ok(()) => {
                reached.mark("rules::check accepts");
                assert!(!clashes(&manifest));
                let padded = manifest.print(plaintext_len).expect("it keeps every rule");
                assert_eq!(
                    Manifest::parse(&padded, plaintext_len).as_ref(),
                    Ok(&manifest)
                );
            }
            Err(ManifestError::SamePath { .. } | ManifestError::FolderOfAnother { .. }) => {
                reached.mark("rules::check refuses paths");
                assert!(clashes(&manifest));
            }
            Err(error) => {
                let padded = pad(&printed).expect("a fuzzer's input is short");
                assert_eq!(Manifest::parse(&padded, plaintext_len), Err(error));
            }
        }
    }
}

/// Removes what version 1 does not know and what it does not print.
fn known(mut value: Value) -> Value {
    let fields = value.as_object_mut().expect("a manifest is an object");
    fields.retain(|name, value| match name.as_str() {
        "files" | "title" | "note" => true,
        "folders" => *value != Value::Array(Vec::new()),
        _ => false,
    });
    for file in fields["files"].as_array_mut().expect("files are an array") {
        let fields = file.as_object_mut().expect("a file is an object");
        fields.retain(|name, value| match name.as_str() {
            "path" | "type" | "size" | "offset" | "stored" | "codec" | "modified" => true,
            "executable" => *value == Value::Bool(true),
            _ => false,
        });
    }
    value
}

/// The rule about paths in its plainest words: each pair is compared.
fn clashes(manifest: &Manifest) -> bool {
    let files = manifest.files.iter().map(|file| &file.path);
    let paths: Vec<_> = files.chain(&manifest.folders).collect();
    paths.iter().enumerate().any(|(one, path)| {
        let others = paths.iter().enumerate().filter(|(other, _)| *other != one);
        others.map(|(_, other)| other).any(|other| {
            path == other
                || other.starts_with(path.as_str()) && other[path.len()..].starts_with('/')
        })
    })
}
