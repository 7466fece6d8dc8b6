//! Parts of every length.

use onekey_core::cipher::Suite;
use onekey_core::header::Header;
use onekey_core::keys::ShareKey;
use onekey_core::payload::Decryptor;
use onekey_core::size::ChunkSize;

use sha2::{Digest, Sha256};

use super::super::plaintext::Pipe;
use super::*;

/// What is known of a payload.
#[derive(Clone, Copy)]
enum Length {
    Known,
    Bounded,
    Unknown,
}

#[test]
fn digests_are_standard_base64() {
    let digest = content_digest(&[0xfb, 0xff, 0xfe, 0]);
    assert_eq!(digest, "sha-256=:+//+AA==:");
}

/// Seals `len` bytes of 7 without padding as parts of two chunks, and returns the parts.
async fn seal(len: u64, known: Length) -> Vec<usize> {
    let rng = &mut rand::rng();
    let share = ShareKey::generate(rng);
    let header = Header::new(Suite::Aes256Gcm, ChunkSize::MIN, &share, rng);
    let keys = header.keys(&share).unwrap();
    let cipher = Arc::new(PayloadCipher::new(&header, &keys).unwrap());
    let part_size = 2 * ChunkSize::MIN.encrypted() as u64;
    let payload = ChunkSize::MIN.payload_len(len).unwrap();
    let cut = match known {
        Length::Known => Cut::known(payload, part_size),
        Length::Bounded => Cut::unknown(Some(payload), part_size),
        Length::Unknown => Cut::unknown(None, part_size),
    };
    let reader = std::io::Read::take(std::io::repeat(7), len);
    let (pipe, _) = Pipe::new(reader, false);
    let mut workers = Workers::start(&cipher, cut.into(), [pipe], 2).unwrap();
    let (mut all, mut lens) = (Vec::new(), Vec::new());
    while let Some(part) = workers.next().await {
        let Made::Sealed(part) = part.unwrap() else {
            panic!("it is there")
        };
        assert_eq!(part.number, lens.len() as u64);
        assert_eq!(part.digest, content_digest(&Sha256::digest(&part.body)));
        lens.push(part.body.len());
        all.extend_from_slice(&part.body);
        workers.recycle(part);
    }
    assert_eq!(all.len() as u64, payload);
    let mut decryptor = Decryptor::<Aes256Gcm>::new(&header, &keys).unwrap();
    let full = all.len() / ChunkSize::MIN.encrypted() * ChunkSize::MIN.encrypted();
    for chunk in all[..full].chunks_mut(ChunkSize::MIN.encrypted()) {
        assert!(
            decryptor
                .decrypt_next(chunk)
                .unwrap()
                .iter()
                .all(|&byte| byte == 7)
        );
    }
    let last = decryptor.decrypt_last(&mut all[full..]).unwrap();
    assert_eq!(last.len() as u64, len % 1024);
    lens
}

#[tokio::test]
async fn parts_are_whole_chunks_and_end_with_the_last_one() {
    const E: usize = 1024 + 28;
    for known in [Length::Known, Length::Bounded, Length::Unknown] {
        assert_eq!(seal(0, known).await, [28]);
        assert_eq!(seal(1023, known).await, [1051]);
        assert_eq!(seal(1024, known).await, [E + 28]);
        assert_eq!(seal(2047, known).await, [2 * E - 1]);
        assert_eq!(seal(2048, known).await, [2 * E, 28]);
        assert_eq!(seal(10_000, known).await.len(), 5);
    }
}
