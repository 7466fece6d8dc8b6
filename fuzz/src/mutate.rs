//! Mutations without a compiler's help, the same in every run.

/// A generator with a fixed start (xorshift64*).
#[derive(Debug)]
pub struct Random(u64);

impl Default for Random {
    fn default() -> Self {
        Self(0x6f6e_656b_6579_2031)
    }
}

impl Random {
    /// Returns a number below `bound`, or 0.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32;
        high as usize % bound.max(1)
    }

    /// Returns `len` bytes.
    pub fn bytes(&mut self, len: usize) -> Vec<u8> {
        (0..len).map(|_| self.below(256) as u8).collect()
    }

    /// Returns a seed with one to four changes.
    pub fn mutate(&mut self, seeds: &[Vec<u8>]) -> Vec<u8> {
        let mut data = self.pick(seeds).clone();
        for _ in 0..=self.below(4) {
            self.change(&mut data, seeds);
        }
        data
    }

    fn change(&mut self, data: &mut Vec<u8>, seeds: &[Vec<u8>]) {
        let at = self.below(data.len() + 1);
        let end = at + self.below((data.len() - at).min(MAX_PIECE) + 1);
        match (self.below(7), data.get_mut(at)) {
            (0, Some(byte)) => *byte ^= 1 << self.below(8),
            (1, Some(byte)) => *byte = *self.pick(&TELLING),
            (2, _) => data.truncate(at),
            (3, _) => drop(data.drain(at..end)),
            (4, _) => {
                let again = data[at..end].to_vec();
                data.splice(at..at, again);
            }
            (5, _) => {
                let other = self.pick(seeds);
                let from = self.below(other.len() + 1);
                let to = from + self.below((other.len() - from).min(MAX_PIECE) + 1);
                data.splice(at..end, other[from..to].iter().copied());
            }
            _ => {
                let byte = *self.pick(&TELLING);
                data.insert(at, byte);
            }
        }
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// Longest piece that is removed, repeated or taken from another seed.
const MAX_PIECE: usize = 64;

/// Bytes that mean something to some parser here.
const TELLING: [u8; 32] = *b"\0\x01\n\x1f \"#%&+,-./0129:=?@AZ[\\_{}\x7f\x80\xff";
