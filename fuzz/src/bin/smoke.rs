//! Runs every target over its seeds and over mutations of them, without libFuzzer.
//!
//!     smoke                   all targets; fails on a panic, and when a target does not get where it should
//!     smoke seeds FOLDER      writes the seeds as FOLDER/TARGET/NUMBER
//!     smoke replay TARGET FILE…

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs, io, panic};

use onekey_fuzz::mutate::Random;
use onekey_fuzz::seeds::{self, root};
use onekey_fuzz::{Reached, TARGETS, Target};

/// Mutations of each target.
const MUTATIONS: usize = 20_000;

fn main() -> io::Result<ExitCode> {
    let args: Vec<_> = env::args().skip(1).collect();
    let args: Vec<_> = args.iter().map(String::as_str).collect();
    let passed = match args[..] {
        [] => smoke()?,
        ["seeds", folder] => write_seeds(Path::new(folder))?,
        ["replay", target, ref files @ ..] => replay(target, files)?,
        _ => {
            eprintln!("usage: smoke [seeds FOLDER | replay TARGET FILE...]");
            return Ok(ExitCode::from(2));
        }
    };
    Ok(if passed {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Tells whether every target passed.
fn smoke() -> io::Result<bool> {
    let mut passed = every_body_is_named()?;
    for target in TARGETS {
        let (mut reached, mut random) = (Reached::default(), Random::default());
        let seeds = seeds::of(target.name)?;
        if seeds.is_empty() {
            eprintln!("{}: no seeds", target.name);
            passed = false;
            continue;
        }
        let mutations = (0..MUTATIONS).map(|_| random.mutate(&seeds));
        let mut inputs = seeds.iter().cloned().chain(mutations);
        if !inputs.all(|input| survives(target, &input, &mut reached)) {
            passed = false;
            continue;
        }
        println!(
            "{}: {} seeds, {MUTATIONS} mutations",
            target.name,
            seeds.len()
        );
        for place in target.reaches {
            let count = reached.count(place);
            println!("    reached {place} {count}");
            if count == 0 {
                eprintln!("{}: {place} is not reached any more", target.name);
                passed = false;
            }
        }
    }
    Ok(passed)
}

/// Runs once; an input that fails is kept.
fn survives(target: &Target, input: &[u8], reached: &mut Reached) -> bool {
    let run = panic::AssertUnwindSafe(|| (target.run)(input, reached));
    if panic::catch_unwind(run).is_ok() {
        return true;
    }
    let folder = root().join("fuzz/artifacts").join(target.name);
    let file = folder.join("smoke");
    match fs::create_dir_all(&folder).and_then(|()| fs::write(&file, input)) {
        Ok(()) => eprintln!("again: fuzz/run replay {} {}", target.name, file.display()),
        Err(error) => eprintln!("the input could not be kept: {error}"),
    }
    eprintln!("{}: failed on {} bytes", target.name, input.len());
    false
}

/// Tells whether target `wire` knows every body of the protocol.
fn every_body_is_named() -> io::Result<bool> {
    let wire = TARGETS.iter().find(|target| target.name == "wire");
    let known = wire.map_or(&[][..], |target| target.reaches);
    let mut all_named = true;
    for file in fs::read_dir(root().join("crates/core/src/wire"))? {
        let source = fs::read_to_string(file?.path())?;
        let names = source.split("\npub struct ").skip(1);
        for name in names.filter_map(|rest| rest.split([' ', '<', '(', ';']).next()) {
            if !known.contains(&name) {
                eprintln!("wire: {name} is not in the list in targets/wire.rs");
                all_named = false;
            }
        }
    }
    Ok(all_named)
}

fn write_seeds(folder: &Path) -> io::Result<bool> {
    for target in TARGETS {
        let folder = folder.join(target.name);
        fs::create_dir_all(&folder)?;
        for (number, seed) in seeds::of(target.name)?.iter().enumerate() {
            fs::write(folder.join(format!("seed-{number}")), seed)?;
        }
    }
    Ok(true)
}

fn replay(name: &str, files: &[&str]) -> io::Result<bool> {
    let target = TARGETS.iter().find(|target| target.name == name);
    let target = target.ok_or_else(|| io::Error::other("there is no such target"))?;
    for file in files {
        (target.run)(&fs::read(file)?, &mut Reached::default());
    }
    Ok(true)
}
