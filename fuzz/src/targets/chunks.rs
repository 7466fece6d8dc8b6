//! A payload that is encrypted, damaged by operations, and read, in order and out of it. The cipher is the real one:
//! a chunk may be given if and only if it is byte for byte the one that was encrypted for its place.

use arbitrary::{Arbitrary, Unstructured};
use onekey_core::cipher::RustAes256Gcm;
use onekey_core::payload::{
    DecryptError, Decryptor, EncryptError, Encryptor, PayloadCipher, text_range,
};
use onekey_core::size::ChunkSize;

use super::decryptor::{header, keys};
use crate::Reached;
use crate::counter::Counter;

const FULL: usize = ChunkSize::MIN.encrypted();

#[derive(Arbitrary)]
struct Plan {
    full_chunks: u8,
    last_len: u16,
    damage: Vec<Damage>,
    out_of_order: Vec<(u8, u8)>,
}

#[derive(Arbitrary)]
enum Damage {
    Append(u16),
    Cut(u16),
    Flip(u16, u8),
    Remove(u8),
    Repeat(u8),
    Swap(u8, u8),
}

pub(super) fn run(data: &[u8], reached: &mut Reached) {
    let Ok(plan) = Plan::arbitrary(&mut Unstructured::new(data)) else {
        return;
    };
    let sealed = encrypt(
        usize::from(plan.full_chunks % 4),
        usize::from(plan.last_len) % (FULL - 28),
    );
    let mut payload = sealed.concat();
    plan.damage
        .iter()
        .take(8)
        .for_each(|damage| damage.apply(&mut payload));
    read_in_order(&sealed, &payload, reached);

    let cipher = PayloadCipher::<RustAes256Gcm>::new(&header(), &keys()).expect("suite 1");
    let chunks: Vec<_> = payload.chunks(FULL).collect();
    for (index, chunk) in plan.out_of_order.into_iter().take(8) {
        let Some(chunk) = chunks.get(usize::from(chunk)) else {
            continue;
        };
        let right = sealed
            .get(usize::from(index))
            .is_some_and(|sealed| sealed == chunk);
        let text = cipher
            .decrypt_chunk(index.into(), &mut chunk.to_vec())
            .map(|text| text.to_vec());
        assert_eq!(text.is_ok(), right);
        if let Ok(text) = text {
            reached.mark("PayloadCipher::decrypt_chunk out of order");
            assert_eq!(text, plaintext(index.into(), text.len()));
        }
    }
}

/// The model: what is given is what was encrypted, up to the first difference, and then an error for good.
fn read_in_order(sealed: &[Vec<u8>], payload: &[u8], reached: &mut Reached) {
    let mut decryptor = Decryptor::<RustAes256Gcm>::new(&header(), &keys()).expect("suite 1");
    let mut pieces = payload.chunks_exact(FULL);
    for (index, piece) in (0..).zip(&mut pieces) {
        let right = sealed.get(index).is_some_and(|sealed| sealed == piece);
        let mut chunk = piece.to_vec();
        match decryptor.decrypt_next(&mut chunk) {
            Ok(text) => assert!(right && *text == plaintext(index, FULL - 28)),
            Err(error) => {
                reached.mark("Decryptor::decrypt_next refuses");
                assert!(
                    !right
                        && error
                            == DecryptError::Chunk {
                                index: index as u64
                            }
                );
                assert_eq!(
                    decryptor.decrypt_next(&mut piece.to_vec()),
                    Err(DecryptError::Failed)
                );
                assert_eq!(
                    decryptor.decrypt_last(&mut [0; 28]),
                    Err(DecryptError::Failed)
                );
                return;
            }
        }
    }
    let (index, last) = (payload.len() / FULL, pieces.remainder());
    let expected = match sealed.get(index) {
        _ if last.len() < 28 => Err(DecryptError::Truncated),
        Some(sealed) if sealed == last => Ok(plaintext(index, last.len() - 28)),
        _ => Err(DecryptError::Chunk {
            index: index as u64,
        }),
    };
    if expected.is_ok() {
        assert!(sealed.concat() == payload, "only the whole is accepted");
        reached.mark("Decryptor::decrypt_last of all");
    }
    let mut last = last.to_vec();
    assert_eq!(
        decryptor.decrypt_last(&mut last).map(|text| text.to_vec()),
        expected
    );
}

/// Returns a payload's chunks. A call with a wrong length changes nothing.
fn encrypt(full_chunks: usize, last_len: usize) -> Vec<Vec<u8>> {
    let mut encryptor = Encryptor::<RustAes256Gcm>::new(&header(), &keys()).expect("suite 1");
    let rng = &mut Counter::default();
    let buffer = |index, len| [vec![0; 12], plaintext(index, len), vec![0; 16]].concat();
    let mut chunks = Vec::new();
    for index in 0..full_chunks {
        let mut short = buffer(index, last_len);
        assert_eq!(
            encryptor.encrypt_next(rng, &mut short),
            Err(EncryptError::Length)
        );
        assert_eq!(short, buffer(index, last_len));
        chunks.push(buffer(index, FULL - 28));
        encryptor
            .encrypt_next(rng, &mut chunks[index])
            .expect("a full chunk");
        assert_ne!(chunks[index][text_range(FULL)], plaintext(index, FULL - 28));
    }
    chunks.push(buffer(full_chunks, last_len));
    encryptor
        .encrypt_last(rng, &mut chunks[full_chunks])
        .expect("a short chunk");
    chunks
}

/// The plaintext of a chunk: another one for each place.
fn plaintext(index: usize, len: usize) -> Vec<u8> {
    (0..len).map(|at| (at * 7 + index) as u8).collect()
}

impl Damage {
    fn apply(&self, payload: &mut Vec<u8>) {
        let chunks = payload.len() / FULL;
        let place = |chunk: u8| {
            chunks
                .checked_sub(1)
                .map(|last| usize::from(chunk).min(last) * FULL)
        };
        match *self {
            Self::Append(len) => payload.resize(payload.len() + usize::from(len) % FULL, 0),
            Self::Cut(at) => payload.truncate(usize::from(at)),
            Self::Flip(at, bits) => {
                if let Some(byte) = payload.get_mut(usize::from(at)) {
                    *byte ^= bits;
                }
            }
            Self::Remove(chunk) => {
                if let Some(at) = place(chunk) {
                    payload.drain(at..at + FULL);
                }
            }
            Self::Repeat(chunk) => {
                if let Some(at) = place(chunk) {
                    let again = payload[at..at + FULL].to_vec();
                    payload.splice(at..at, again);
                }
            }
            Self::Swap(one, other) => {
                if let (Some(one), Some(other)) = (place(one), place(other)) {
                    let (one, other) = (one.min(other), one.max(other));
                    let (front, back) = payload.split_at_mut(other);
                    if one < other {
                        front[one..one + FULL].swap_with_slice(&mut back[..FULL]);
                    }
                }
            }
        }
    }
}
