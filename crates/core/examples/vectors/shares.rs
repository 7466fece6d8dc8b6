//! Sealed manifests, and whole shares: header, manifest and payload as a server stores them.

use onekey_core::cipher::Suite;
use onekey_core::header::Header;
use onekey_core::keys::ShareKey;
use onekey_core::padding::padded_len;
use onekey_core::size::ChunkSize;

use super::case::{Case, hex, sha256};
use super::random::Counter;
use super::seal::seal;

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = sealed();
    cases.extend(plain());
    cases
}

/// A share to be: its files' entries and the plaintext that they point into.
pub(crate) struct Share {
    name: String,
    rng: Counter,
    share: ShareKey,
    header: Header,
    entries: Vec<String>,
    files: Vec<String>,
    plaintext: Vec<u8>,
}

impl Share {
    pub(crate) fn new(name: &str) -> Self {
        let mut rng = Counter::new(name);
        let share = ShareKey::generate(&mut rng);
        let header = Header::new(Suite::Aes256Gcm, ChunkSize::MIN, &share, &mut rng);
        Self {
            name: name.to_owned(),
            rng,
            share,
            header,
            entries: Vec::new(),
            files: Vec::new(),
            plaintext: Vec::new(),
        }
    }

    /// Adds a file whose `stored` bytes say `codec`, whose entry says `size`, and which decodes to
    /// `content`.
    pub(crate) fn file(
        mut self,
        codec: Option<&str>,
        stored: &[u8],
        size: usize,
        content: &[u8],
    ) -> Self {
        let path = format!("{}.txt", self.entries.len());
        let codec = codec.map_or_else(String::new, |codec| format!(r#","codec":"{codec}""#));
        self.entries.push(format!(
            r#"{{"path":"{path}","type":"text/plain","size":{size},"offset":{},"stored":{}{codec}}}"#,
            self.plaintext.len(),
            stored.len()
        ));
        self.files
            .push(format!("{} {} {path}", content.len(), sha256(content)));
        self.plaintext.extend(stored);
        self
    }

    pub(crate) fn text(self, content: &[u8]) -> Self {
        self.file(None, content, content.len(), content)
    }

    pub(crate) fn padded(mut self) -> Self {
        let len = padded_len(self.plaintext.len() as u64) as usize;
        self.plaintext.resize(len, 0);
        self
    }

    fn json(&self) -> String {
        format!(r#"{{"files":[{}]}}"#, self.entries.join(","))
    }

    fn seal(&mut self, aad: &[u8], json: &str) -> Vec<u8> {
        let mut json = json.as_bytes().to_vec();
        json.resize(json.len().next_power_of_two().max(4096), b' ');
        let keys = self
            .header
            .keys(&self.share)
            .expect("the header was made with this key");
        let nonce = self.rng.bytes();
        seal(
            Suite::Aes256Gcm,
            keys.manifest.as_bytes(),
            nonce,
            aad,
            &json,
        )
    }

    fn payload(&mut self) -> Vec<u8> {
        let keys = self
            .header
            .keys(&self.share)
            .expect("the header was made with this key");
        let mut payload = Vec::new();
        let n = self.plaintext.len() / 1024;
        for index in 0..=n {
            let end = self.plaintext.len().min((index + 1) * 1024);
            let aad = [
                (index as u64).to_be_bytes().as_slice(),
                &[u8::from(index == n)],
            ]
            .concat();
            let text = &self.plaintext[index * 1024..end];
            let nonce = self.rng.bytes();
            payload.extend(seal(
                Suite::Aes256Gcm,
                keys.payload.as_bytes(),
                nonce,
                &aad,
                text,
            ));
        }
        payload
    }

    pub(crate) fn case(self, expect: &str) -> Case {
        self.case_with(expect, |_, _| {})
    }

    /// `change` gets sealed manifest and payload.
    fn case_with(mut self, expect: &str, change: impl FnOnce(&mut Vec<u8>, &mut Vec<u8>)) -> Case {
        let json = self.json();
        let (mut manifest, mut payload) = (self.seal(b"manifest", &json), self.payload());
        change(&mut manifest, &mut payload);
        let mut case = Case::new("share", self.name.as_str(), expect)
            .hex("share-key", self.share.as_bytes())
            .with("manifest-length", manifest.len());
        if json.contains("codec") {
            case = case.with(
                "decoder",
                if json.contains(r#""br""#) {
                    "br"
                } else {
                    "gzip"
                },
            );
        }
        // Files before the one that fails.
        let whole = match expect.strip_prefix("file ") {
            Some(rest) => rest.split(' ').next().and_then(|index| index.parse().ok()),
            None => (expect == "ok").then_some(self.files.len()),
        };
        for file in self.files.iter().take(whole.unwrap_or(0)) {
            case = case.with("file", file);
        }
        case.body([self.header.as_bytes().as_slice(), &manifest, &payload].concat())
    }
}

fn sealed() -> Vec<Case> {
    let case = |name: &str, expect: &str, aad: &[u8], change: &dyn Fn(&mut Vec<u8>)| {
        let mut share = Share::new(name).text(b"abc");
        let json = share.json();
        let mut manifest = share.seal(aad, &json);
        change(&mut manifest);
        Case::new("manifest", name, expect)
            .hex("share-key", share.share.as_bytes())
            .hex("header", share.header.as_bytes())
            .with("plaintext-length", 3)
            .with("known", json)
            .body(manifest)
    };
    let same = |_: &mut Vec<u8>| {};
    let other = Share::new("other");
    let rejected = |name: &str, aad: &[u8], change: &dyn Fn(&mut Vec<u8>)| {
        case(name, "rejected", aad, change).without("known")
    };
    let sound = b"manifest".as_slice();
    vec![
        case("plain", "ok", sound, &same),
        rejected("wrong_aad", b"", &same),
        rejected("chunk_aad", &[0; 9], &same).with("comment", "chunk 0 cannot stand in for it"),
        rejected("nonce_flipped", sound, &|m| m[0] ^= 1),
        rejected("text_flipped", sound, &|m| m[12] ^= 1),
        rejected("padding_flipped", sound, &|m| m[4000] ^= 1),
        rejected("tag_flipped", sound, &|m| {
            *m.last_mut().expect("it is long") ^= 1
        }),
        rejected("cut", sound, &|m| m.truncate(4000)),
        rejected("short", sound, &|m| m.truncate(27)),
        rejected("empty", sound, &Vec::clear),
        rejected("byte_appended", sound, &|m| m.push(0)),
        case("wrong_key", "wrong-key", sound, &same)
            .without("known")
            .replace("share-key", hex(other.share.as_bytes())),
        case("beyond", "manifest beyond", sound, &same)
            .without("known")
            .replace("plaintext-length", 2)
            .with(
                "comment",
                "authentic, but the payload is shorter than the file",
            ),
    ]
}

fn plain() -> Vec<Case> {
    let three = |name: &str| {
        Share::new(name)
            .text(b"first")
            .text(b"")
            .text(&[b'x'; 2000])
            .padded()
    };
    vec![
        Share::new("no_files").padded().case("ok"),
        Share::new("no_files_not_padded").case("ok"),
        Share::new("empty_file").text(b"").case("ok"),
        Share::new("one_file").text(b"abc").case("ok"),
        Share::new("one_file_padded")
            .text(b"abc")
            .padded()
            .case("ok"),
        Share::new("one_chunk_exactly")
            .text(&[b'x'; 1024])
            .case("ok"),
        three("three_files").case("ok"),
        three("payload_flipped").case_with("chunk 1", |_, payload| payload[1052 + 100] ^= 1),
        three("payload_padding_flipped")
            .case_with("chunk 2", |_, payload| {
                *payload.last_mut().expect("it is long") ^= 1
            })
            .with(
                "comment",
                "a reader that takes every file opens the padding too",
            ),
        three("payload_cut_at_chunk").case_with("size", |_, payload| payload.truncate(1052)),
        three("payload_empty").case_with("size", |_, payload| payload.clear()),
        three("payload_chunk_dropped").case_with("manifest beyond", |_, payload| {
            drop(payload.drain(..1052));
        }),
        three("manifest_flipped").case_with("rejected", |manifest, _| manifest[50] ^= 1),
        three("manifest_of_another_share").case_with("rejected", |manifest, _| {
            let mut other = three("other");
            let json = other.json();
            *manifest = other.seal(b"manifest", &json);
        }),
        three("wrong_key")
            .case("wrong-key")
            .replace("share-key", hex(&Counter::new("another").bytes::<32>())),
        Share::new("size_larger_than_stored")
            .file(None, b"abc", 4, b"")
            .case("manifest stored"),
    ]
}
