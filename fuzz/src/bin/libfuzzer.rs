//! One target under libFuzzer: the one that `ONEKEY_FUZZ_TARGET` names. Start it by `fuzz/run TARGET`.

#![no_main]

use std::env;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use onekey_fuzz::{Reached, TARGETS, Target};

static TARGET: LazyLock<&Target> = LazyLock::new(|| {
    let name = env::var("ONEKEY_FUZZ_TARGET").expect("fuzz/run sets ONEKEY_FUZZ_TARGET");
    let target = TARGETS.iter().find(|target| target.name == name);
    target.expect("fuzz/run names a target that exists")
});

fuzz_target!(|data: &[u8]| (TARGET.run)(data, &mut Reached::default()));
