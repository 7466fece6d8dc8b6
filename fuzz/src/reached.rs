//! How often a target got to the places behind the checks.

use std::collections::BTreeMap;

/// Counts arrivals.
#[derive(Debug, Default)]
pub struct Reached(BTreeMap<&'static str, u64>);

impl Reached {
    /// Notes that a run got to `place`, a function by its name in the core.
    pub fn mark(&mut self, place: &'static str) {
        *self.0.entry(place).or_default() += 1;
    }

    /// Returns how often runs got there.
    pub fn count(&self, place: &str) -> u64 {
        self.0.get(place).copied().unwrap_or_default()
    }
}
