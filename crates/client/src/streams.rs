//! Standalone streams: sealed and unsealed on several threads, from a file to a writer.
//!
//! ```text
//! input ──► batch of chunks ──► worker: read, encrypt in place ──► in order ──► output
//! ```
//!
//! A chunk's place is bound by its associated data and its nonce is random, so the order of the work does not
//! matter; the order of the output does. [`pipeline`] keeps it, with a fixed number of buffers. The bytes are those of
//! `onekey_core::io`, which does the same on one thread.

mod new_file;
mod pipeline;
mod seal;
mod source;
mod unseal;

pub use new_file::NewFile;
pub use seal::seal;
pub use unseal::unseal;

use onekey_core::cipher::Suite;
use onekey_core::size::ChunkSize;

use crate::client::default_workers;

/// Bytes of plaintext that a worker takes at once, if a chunk is not larger: small enough to stay in a core's own
/// cache, large enough that workers seldom meet.
const BATCH: usize = 512 << 10;

/// How a stream is made.
#[derive(Clone, Copy, Debug)]
pub struct StreamOptions {
    /// Threads that read, encrypt or decrypt, and write: by default the cores, at most 8.
    pub workers: usize,
    /// The cipher of a new stream: by default AES-256-GCM. One that is read names its own.
    pub suite: Suite,
}

impl Default for StreamOptions {
    fn default() -> Self {
        Self {
            workers: default_workers(),
            suite: Suite::Aes256Gcm,
        }
    }
}

/// Why a cipher can be made from a header.
const SUITE_MATCHES: &str = "the cipher was chosen by the header's suite";

/// Returns how many chunks a batch holds.
const fn chunks_of_batch(chunk_size: ChunkSize) -> usize {
    let chunks = BATCH / chunk_size.plaintext();
    if chunks == 0 { 1 } else { chunks }
}
