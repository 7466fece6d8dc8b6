//! Shared by the tests: a generator that hands out given bytes.

// Each test uses its part.
#![allow(dead_code)]

use core::convert::Infallible;

use rand::{TryCryptoRng, TryRng};

/// Hands out `bytes`, then panics. Known answers need known nonces.
pub(crate) struct GivenBytes<'a>(pub(crate) &'a [u8]);

impl TryRng for GivenBytes<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        unreachable!("the core only fills slices")
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        unreachable!("the core only fills slices")
    }

    fn try_fill_bytes(&mut self, dst: &mut [u8]) -> Result<(), Infallible> {
        let (given, rest) = self.0.split_at(dst.len());
        dst.copy_from_slice(given);
        self.0 = rest;
        Ok(())
    }
}

impl TryCryptoRng for GivenBytes<'_> {}

/// Returns the 32 bytes `first, first + 1, …`.
pub(crate) fn counting<const N: usize>(first: u8) -> [u8; N] {
    core::array::from_fn(|i| first + i as u8)
}
