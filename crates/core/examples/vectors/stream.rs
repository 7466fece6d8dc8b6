//! Standalone streams that are whole.

use onekey_core::cipher::Suite;
use onekey_core::header::Header;
use onekey_core::keys::ShareKey;
use onekey_core::size::ChunkSize;

use super::case::Case;
use super::random::Counter;
use super::seal::seal;

/// Bytes of plaintext in a full chunk of nearly every vector.
pub(crate) const C: usize = 1024;

pub(crate) const SUITES: [(Suite, &str); 2] = [
    (Suite::Aes256Gcm, "aes"),
    (Suite::ChaCha20Poly1305, "chacha"),
];

/// A stream in pieces that a damaged vector puts together differently.
pub(crate) struct Stream {
    pub(crate) share: ShareKey,
    pub(crate) header: Header,
    pub(crate) plaintext: Vec<u8>,
    pub(crate) chunks: Vec<Vec<u8>>,
    pub(crate) rng: Counter,
}

impl Stream {
    pub(crate) fn new(name: &str, suite: Suite, chunk_size: ChunkSize, len: usize) -> Self {
        let mut rng = Counter::new(name);
        let share = ShareKey::generate(&mut rng);
        let header = Header::new(suite, chunk_size, &share, &mut rng);
        let c = chunk_size.plaintext();
        // No two chunks are alike, so that a swap shows.
        let plaintext = (0..len).map(|x| (7 * x + 31 * (x / c)) as u8).collect();
        let mut stream = Self {
            share,
            header,
            plaintext,
            chunks: Vec::new(),
            rng,
        };
        for index in 0..=len / c {
            let chunk = stream.chunk(index, index as u64, index == len / c);
            stream.chunks.push(chunk);
        }
        stream
    }

    /// Chunk `index` of the plaintext, encrypted as if it stood at `place`.
    pub(crate) fn chunk(&mut self, index: usize, place: u64, last: bool) -> Vec<u8> {
        let key = self
            .header
            .keys(&self.share)
            .expect("the header was made with this key")
            .payload;
        let aad = [place.to_be_bytes().as_slice(), &[u8::from(last)]].concat();
        let nonce = self.rng.bytes();
        let text = self.text(index);
        seal(self.header.suite(), key.as_bytes(), nonce, &aad, text)
    }

    fn text(&self, index: usize) -> &[u8] {
        let c = self.header.chunk_size().plaintext();
        let end = self.plaintext.len().min((index + 1) * c);
        &self.plaintext[index * c..end]
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        [self.header.as_bytes().as_slice(), &self.chunks.concat()].concat()
    }

    /// A case whose body is this stream, of which `released` bytes may come out.
    pub(crate) fn case(&self, name: &str, expect: &str, released: usize) -> Case {
        Case::new("stream", name, expect)
            .with("suite", self.header.suite().to_byte())
            .hex("share-key", self.share.as_bytes())
            .released(&self.plaintext[..released])
            .body(self.bytes())
    }
}

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (suite, prefix) in SUITES {
        let lens = [0, 1, C - 1, C, C + 1, 2 * C, 3 * C + 7];
        let lens = lens.map(|len| (ChunkSize::MIN, len));
        for (chunk_size, len) in lens.into_iter().chain([(ChunkSize::MAX, 5)]) {
            let name = format!("{prefix}_e{}_{len}_bytes", chunk_size.exponent());
            cases.push(whole(&name, suite, chunk_size, len));
        }
    }
    let len = ChunkSize::DEFAULT.plaintext() + 1;
    let name = format!("aes_e16_{len}_bytes");
    cases.push(whole(&name, Suite::Aes256Gcm, ChunkSize::DEFAULT, len));
    cases
}

fn whole(name: &str, suite: Suite, chunk_size: ChunkSize, len: usize) -> Case {
    let stream = Stream::new(name, suite, chunk_size, len);
    let keys = stream.header.keys(&stream.share);
    let keys = keys.expect("the header was made with this key");
    stream
        .case(name, "ok", len)
        .hex("payload-key", keys.payload.as_bytes())
        .hex("manifest-key", keys.manifest.as_bytes())
}
