//! Randomness that is none, so that every run can be repeated.

use std::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng};

/// Fills with a counter: nonces differ from each other and are the same in every run.
#[derive(Default)]
pub(crate) struct Counter(u8);

/// Fills with the given bytes, over and over.
pub(crate) struct Given<'a>(pub(crate) &'a [u8]);

macro_rules! random {
    ($name:ty, $fill:expr) => {
        impl TryRng for $name {
            type Error = Infallible;

            fn try_next_u32(&mut self) -> Result<u32, Infallible> {
                unreachable!("the core only fills slices")
            }

            fn try_next_u64(&mut self) -> Result<u64, Infallible> {
                unreachable!("the core only fills slices")
            }

            fn try_fill_bytes(&mut self, dst: &mut [u8]) -> Result<(), Infallible> {
                let fill: fn(&mut Self, &mut [u8]) = $fill;
                fill(self, dst);
                Ok(())
            }
        }

        impl TryCryptoRng for $name {}
    };
}

random!(Counter, |counter, dst| {
    counter.0 = counter.0.wrapping_add(1);
    dst.fill(counter.0);
});
random!(Given<'_>, |given, dst| {
    let bytes = given.0.iter().cycle();
    dst.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
});
