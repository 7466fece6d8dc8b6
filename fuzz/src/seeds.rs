//! Seeds: the vectors and the protocol's examples, brought into each target's form.

use std::path::{Path, PathBuf};
use std::{fs, io};

use onekey_core::cipher::{OVERHEAD, Suite};
use onekey_core::header::{HEADER_LEN, Header};
use onekey_core::size::ChunkSize;

use crate::mutate::Random;
use crate::targets::multipart::BOUNDARY;
use crate::targets::with_commitment;

/// Longest seed: mutations of more would cost time and find nothing else.
const MAX_LEN: usize = 20 << 10;

/// How many plans of `chunks` are drawn.
const PLANS: usize = 200;

/// Returns the seeds of a target.
///
/// # Errors
/// Those of reading `vectors/` and `docs/`.
pub fn of(target: &str) -> io::Result<Vec<Vec<u8>>> {
    let mut seeds = match target {
        "base64url" => bodies("base64url")?,
        "chunks" => plans(),
        "decryptor" => bodies("stream")?.into_iter().map(retag_stream).collect(),
        "header" => headers()?,
        "link" => [bodies("link")?, bodies("manage-link")?, urls()].concat(),
        "manifest" => bodies("manifest-json")?,
        "message" => messages()?,
        "multipart" => forms(),
        "range" => ranges(),
        "sealed_manifest" => bodies("manifest-json")?
            .iter()
            .map(|json| sealed(json))
            .collect(),
        "wire" => examples()?,
        _ => Vec::new(),
    };
    seeds.retain(|seed| seed.len() <= MAX_LEN);
    Ok(seeds)
}

/// The repository's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The bodies of all vectors of a kind, sorted by name.
fn bodies(kind: &str) -> io::Result<Vec<Vec<u8>>> {
    let files = fs::read_dir(root().join("vectors").join(kind))?;
    let mut paths = files
        .map(|file| Ok(file?.path()))
        .collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    let body = |path: &PathBuf| {
        let vector = fs::read(path)?;
        let end = vector.windows(2).position(|pair| pair == b"\n\n");
        let end = end.ok_or_else(|| io::Error::other("a vector without an empty line"))?;
        Ok(vector[end + 2..].to_vec())
    };
    paths.iter().map(body).collect()
}

/// The headers of the streams, as they are and with the commitment to the target's key.
fn headers() -> io::Result<Vec<Vec<u8>>> {
    let mut seeds = bodies("stream")?;
    seeds
        .iter_mut()
        .for_each(|stream| stream.truncate(HEADER_LEN));
    let sound = seeds.iter().filter_map(|seed| Header::parse(seed).ok());
    let committed = sound.map(|header| with_commitment(&header).as_bytes().to_vec());
    Ok(committed.chain(seeds.clone()).collect())
}

/// The stream with tags that the ciphers without security accept where its length has a chunk.
fn retag_stream(mut stream: Vec<u8>) -> Vec<u8> {
    let chunk_size = stream
        .get(..HEADER_LEN)
        .and_then(|header| Header::parse(header).ok());
    let chunk_size = chunk_size.map_or(ChunkSize::MIN, |header| header.chunk_size());
    let payload = stream.get_mut(HEADER_LEN..).unwrap_or_default();
    payload.chunks_mut(chunk_size.encrypted()).for_each(retag);
    stream
}

/// Writes the tag of the ciphers without security.
fn retag(message: &mut [u8]) {
    if let Some(len) = message.len().checked_sub(OVERHEAD) {
        message[12 + len..].fill(len as u8);
    }
}

fn sealed(json: &[u8]) -> Vec<u8> {
    let padded = json.len().next_multiple_of(512);
    let mut message = vec![b' '; OVERHEAD + padded];
    message[12..12 + json.len()].copy_from_slice(json);
    retag(&mut message);
    message
}

fn messages() -> io::Result<Vec<Vec<u8>>> {
    let mut seeds = [
        bodies("label")?,
        bodies("envelope")?,
        bodies("owner-envelope")?,
    ]
    .concat();
    seeds.iter_mut().for_each(|seed| retag(seed));
    Ok(seeds)
}

/// What no vector has: servers alone, and a name that looks encoded once it is decoded.
fn urls() -> Vec<Vec<u8>> {
    [
        "https://example.org/files/",
        "HTTP://[::1]:8080",
        "https://a.b:443/~c",
        "https://a.b/AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8/100%2541.png",
    ]
    .map(|url| url.as_bytes().to_vec())
    .into()
}

/// A content's length, then the field.
fn ranges() -> Vec<Vec<u8>> {
    let fields = [
        "bytes=0-0",
        "bytes=5-",
        "bytes=-7",
        "bytes = 9 - 3",
        "bytes=0-18446744073709551615",
        "bytes=0-1,2-3",
        "x",
    ];
    let with_len = |len: u64| fields.map(|field| [&len.to_be_bytes(), field.as_bytes()].concat());
    [0, 1, 1000, 1 << 53, u64::MAX].map(with_len).concat()
}

/// The length of the pieces, then a form.
fn forms() -> Vec<Vec<u8>> {
    let field =
        |head: &str| format!("Content-Disposition: form-data; {head}\r\n\r\nsome\r\n--text");
    let heads = [
        r#"name="file"; filename="a b.png""#,
        r#"name=secret"#,
        r#"name="file"; filename*=UTF-8''%C3%BC; filename="x\"y""#,
        "name=\"file\";\r\n\tfilename=\"\"\r\nContent-Type: image/png",
    ]
    .map(field);
    let delimiter = format!("\r\n--{BOUNDARY}");
    let lines = [delimiter.clone() + "\r\n", delimiter.clone() + " \t\r\n"];
    let mut seeds = Vec::new();
    for line in lines {
        for begin in ["", "preamble"] {
            let parts = heads.join(&line);
            let form = format!("{begin}{line}{parts}{delimiter}--\r\n");
            let form = if begin.is_empty() { &form[2..] } else { &form };
            seeds.push([&[7], form.as_bytes()].concat());
        }
    }
    seeds.push(b"\xffform-data; filename=\"a\"; name=x".to_vec());
    seeds.push(b"\xffmultipart/form-data; boundary=\"a b\"".to_vec());
    seeds
}

fn plans() -> Vec<Vec<u8>> {
    let mut random = Random::default();
    (0..PLANS).map(|_| random.bytes(64)).collect()
}

/// The JSON of docs/protocol.md, its abbreviations written out.
fn examples() -> io::Result<Vec<Vec<u8>>> {
    let protocol = fs::read_to_string(root().join("docs/protocol.md"))?;
    let header = Header::new(
        Suite::Aes256Gcm,
        ChunkSize::MIN,
        &onekey_core::keys::ShareKey::from_bytes([0; 32]),
        &mut crate::counter::Given(b"salt"),
    );
    let header = onekey_core::base64url::encode(header.as_bytes());
    let protocol = protocol
        .replace("iW9u…", &header)
        .replace("AAEC…", &"AAEC".repeat(20))
        .replace('…', "AAEC");
    let blocks = protocol.split("```").skip(1).step_by(2);
    let jsons = blocks.flat_map(|block| block.split("\n\n").flat_map(json_in));
    let mut seeds: Vec<_> = jsons.collect();
    // Objects within objects are bodies as well: a link, an error.
    for at in 0..seeds.len() {
        let inner: Vec<_> = seeds[at]
            .match_indices('{')
            .skip(1)
            .map(|(from, _)| from)
            .collect();
        for from in inner {
            let mut values = serde_json::Deserializer::from_str(&seeds[at][from..]).into_iter();
            if let Some(Ok(value)) = values.next() {
                let value: serde_json::Value = value;
                seeds.push(value.to_string());
            }
        }
    }
    Ok(seeds.into_iter().map(String::into_bytes).collect())
}

/// The first JSON object that begins a line.
fn json_in(text: &str) -> Option<String> {
    let from = text.find("\n{").map_or(0, |at| at + 1);
    let mut values = serde_json::Deserializer::from_str(&text[from..]).into_iter();
    let value: serde_json::Value = values.next()?.ok()?;
    value.is_object().then(|| value.to_string())
}
