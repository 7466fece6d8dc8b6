//! The manifest's reader against `serde_json`: it accepts only what prints back as the same text.

use std::fmt;

use onekey_core::manifest::{Codec, File, MAX_INTEGER, Manifest};
use proptest::prelude::*;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};

/// JSON as JavaScript holds it: objects keep the order of their names, and no name twice.
#[derive(Debug)]
enum Value {
    Array(Vec<Self>),
    Bool(bool),
    Null,
    Number(f64),
    Object(Vec<(String, Self)>),
    Text(String),
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;

        impl<'de> Visitor<'de> for Any {
            type Value = Value;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("JSON")
            }

            fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
                Ok(Value::Bool(value))
            }

            fn visit_unit<E>(self) -> Result<Value, E> {
                Ok(Value::Null)
            }

            fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
                Ok(Value::Number(value as f64))
            }

            fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
                Ok(Value::Number(value as f64))
            }

            fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
                Ok(Value::Number(value))
            }

            fn visit_str<E>(self, value: &str) -> Result<Value, E> {
                Ok(Value::Text(value.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element()? {
                    items.push(item);
                }
                Ok(Value::Array(items))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
                let mut fields: Vec<(String, Value)> = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    match fields.iter_mut().find(|field| field.0 == name) {
                        Some(field) => field.1 = value,
                        None => fields.push((name, value)),
                    }
                }
                Ok(Value::Object(fields))
            }
        }

        deserializer.deserialize_any(Any)
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Array(items) => items.serialize(serializer),
            Self::Bool(value) => value.serialize(serializer),
            Self::Null => serializer.serialize_unit(),
            // Integers print without a point in JavaScript; `-0` prints as `0`.
            Self::Number(value) if value.fract() == 0.0 && value.abs() < 1e18 => {
                (*value as i64).serialize(serializer)
            }
            Self::Number(value) => value.serialize(serializer),
            Self::Object(fields) => {
                let mut map = serializer.serialize_map(Some(fields.len()))?;
                for (name, value) in fields {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
            Self::Text(text) => text.serialize(serializer),
        }
    }
}

fn numbers() -> impl Strategy<Value = u64> {
    prop_oneof![0..20_u64, 0..=MAX_INTEGER]
}

prop_compose! {
    fn files()(
        path in any::<String>(),
        media_type in any::<String>(),
        size in numbers(),
        offset in numbers(),
        stored in numbers(),
        codec in prop_oneof![Just(None), Just(Some(Codec::Brotli)), Just(Some(Codec::Gzip))],
        modified in proptest::option::of((numbers(), any::<bool>())),
        executable in any::<bool>(),
    ) -> File {
        let modified = modified.map(|(n, negative)| if negative { -(n as i64) } else { n as i64 });
        File { path, media_type, size, offset, stored, codec, modified, executable }
    }
}

prop_compose! {
    fn manifests()(
        files in proptest::collection::vec(files(), 0..4),
        folders in proptest::collection::vec(any::<String>(), 0..3),
        title in proptest::option::of(any::<String>()),
        note in proptest::option::of(any::<String>()),
    ) -> Manifest {
        Manifest { files, folders, title, note }
    }
}

/// What an edit puts into a text.
const TOKENS: &[&[u8]] = &[
    b"",
    b" ",
    b"\"",
    b"\\",
    b"\\n",
    b"\\u000b",
    b"\\u0041",
    b"0",
    b"-",
    b".",
    b"e1",
    b",",
    b":",
    b"[",
    b"]",
    b"{",
    b"}",
    b"null",
    b"true",
    b"\"x\":1,",
    b",\"x\":\"\"",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\n",
    b"\"note\":\"\",",
];

proptest! {
    #[test]
    fn printed_manifests_parse_back(manifest in manifests()) {
        prop_assert_eq!(Manifest::from_json(manifest.to_json().as_bytes()), Ok(manifest));
    }

    #[test]
    fn printed_manifests_are_canonical(manifest in manifests()) {
        let json = manifest.to_json();
        let value: Value = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(serde_json::to_string(&value).unwrap(), json);
    }

    #[test]
    fn only_canonical_json_is_accepted(
        manifest in manifests(),
        edits in proptest::collection::vec((any::<prop::sample::Index>(), 0..3_usize, proptest::sample::select(TOKENS)), 1..4),
    ) {
        let mut json = manifest.to_json().into_bytes();
        for (at, removed, token) in edits {
            let at = at.index(json.len() + 1);
            let end = (at + removed).min(json.len());
            json.splice(at..end, token.iter().copied());
        }
        if Manifest::from_json(&json).is_ok() {
            let json = String::from_utf8(json).unwrap();
            let value: Value = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(serde_json::to_string(&value).unwrap(), json);
        }
    }

    #[test]
    fn reading_never_panics(bytes in any::<Vec<u8>>(), text in "[\\[\\]{}\":,\\\\a-u0-9 -]{0,40}") {
        let _ = Manifest::from_json(&bytes);
        let _ = Manifest::from_json(text.as_bytes());
        let _ = Manifest::from_json(format!("{{\"files\":[{{{text}}}]}}").as_bytes());
        let _ = Manifest::parse(&bytes, 0);
    }
}
