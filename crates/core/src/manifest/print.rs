//! A manifest as JSON: exactly what `JSON.stringify` prints.

use alloc::string::String;
use core::fmt::Write;

use super::{File, Manifest};

pub(super) fn manifest(manifest: &Manifest) -> String {
    let mut out = String::from("{\"files\":");
    array(&mut out, &manifest.files, file);
    if !manifest.folders.is_empty() {
        out.push_str(",\"folders\":");
        array(&mut out, &manifest.folders, |out, path| string(out, path));
    }
    for (name, value) in [("title", &manifest.title), ("note", &manifest.note)] {
        if let Some(value) = value {
            text_field(&mut out, name, value);
        }
    }
    out.push('}');
    out
}

fn file(out: &mut String, file: &File) {
    out.push_str("{\"path\":");
    string(out, &file.path);
    text_field(out, "type", &file.media_type);
    number_field(out, "size", file.size);
    number_field(out, "offset", file.offset);
    number_field(out, "stored", file.stored);
    if let Some(codec) = file.codec {
        text_field(out, "codec", codec.name());
    }
    if let Some(modified) = file.modified {
        number_field(out, "modified", modified);
    }
    if file.executable {
        out.push_str(",\"executable\":true");
    }
    out.push('}');
}

fn array<T>(out: &mut String, items: &[T], print: impl Fn(&mut String, &T)) {
    out.push('[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        print(out, item);
    }
    out.push(']');
}

fn text_field(out: &mut String, name: &str, value: &str) {
    field_name(out, name);
    string(out, value);
}

fn number_field(out: &mut String, name: &str, value: impl core::fmt::Display) {
    field_name(out, name);
    write!(out, "{value}").expect("writing to a string cannot fail");
}

fn field_name(out: &mut String, name: &str) {
    out.push_str(",\"");
    out.push_str(name);
    out.push_str("\":");
}

fn string(out: &mut String, text: &str) {
    out.push('"');
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0'..='\u{1f}' => {
                write!(out, "\\u{:04x}", u32::from(char)).expect("writing to a string cannot fail")
            }
            _ => out.push(char),
        }
    }
    out.push('"');
}
