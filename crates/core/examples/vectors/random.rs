//! Bytes that look random and are the same in every run.

use std::convert::Infallible;

use rand::{TryCryptoRng, TryRng};
use sha2::{Digest, Sha256};

/// Blocks of `SHA-256(name || counter)`: each case has its own, so that a new case changes no other.
pub(crate) struct Counter {
    name: String,
    counter: u64,
    block: Vec<u8>,
}

impl Counter {
    pub(crate) fn new(name: &str) -> Self {
        Self {
            name: format!("onekey vectors: {name}: "),
            counter: 0,
            block: Vec::new(),
        }
    }

    pub(crate) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| self.byte())
    }

    fn byte(&mut self) -> u8 {
        if self.block.is_empty() {
            let hash = Sha256::new()
                .chain_update(&self.name)
                .chain_update(self.counter.to_be_bytes())
                .finalize();
            self.block = hash.iter().rev().copied().collect();
            self.counter += 1;
        }
        self.block.pop().expect("the block was just filled")
    }
}

impl TryRng for Counter {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_be_bytes(self.bytes()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_be_bytes(self.bytes()))
    }

    fn try_fill_bytes(&mut self, dst: &mut [u8]) -> Result<(), Infallible> {
        dst.fill_with(|| self.byte());
        Ok(())
    }
}

impl TryCryptoRng for Counter {}
