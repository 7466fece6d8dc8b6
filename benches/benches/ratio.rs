//! How much of AWS-LC's speed is left behind our traits: `cargo bench -p onekey-benches --bench ratio`.
//!
//! Both are timed in turns of a fraction of a millisecond, so that other load on the machine meets both; the
//! median of the turns' ratios is what counts. The bar is 95 % at 64 KiB.

use std::env;
use std::time::{Duration, Instant};

use onekey_benches::{EXPONENTS, Way, chunk_size, ways};

/// Turns of each pair.
const TURNS: usize = 1000;

/// Bytes of plaintext in a turn, at least one chunk: some tenths of a millisecond.
const TURN_BYTES: usize = 4 << 20;

const PAIRS: [(&str, &str); 3] = [
    ("onekey aws-lc aes", "raw aws-lc-rs aes"),
    ("onekey aws-lc chacha", "raw aws-lc-rs chacha"),
    ("onekey rust aes", "raw aes-gcm"),
];

fn main() {
    // As with criterion: without `--bench`, or with `--test`, this only shows that it runs.
    let measured =
        env::args().any(|arg| arg == "--bench") && !env::args().any(|arg| arg == "--test");
    let turns = if measured { TURNS } else { 1 };
    println!(
        "{:<22} {:>6} {:>12} {:>12} {:>8}",
        "", "chunk", "ours GiB/s", "raw GiB/s", "ratio"
    );
    for (ours, raw) in PAIRS {
        for exponent in EXPONENTS {
            let mut ways = ways(chunk_size(exponent));
            let ours = take(&mut ways, ours);
            compare(exponent, turns, ours, take(&mut ways, raw));
        }
    }
}

fn take(ways: &mut Vec<Way>, name: &str) -> Way {
    let at = ways.iter().position(|way| way.name == name);
    ways.remove(at.expect("the pairs name ways that exist"))
}

fn compare(exponent: u8, turns: usize, mut ours: Way, mut raw: Way) {
    let size = chunk_size(exponent);
    let mut chunk = vec![0; size.encrypted()];
    let chunks = (TURN_BYTES / size.plaintext()).max(1);
    let mut turn = |way: &mut Way| {
        let start = Instant::now();
        (0..chunks).for_each(|_| (way.encrypt)(&mut chunk));
        start.elapsed()
    };
    let (mut ours_times, mut raw_times, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..turns {
        // They take turns at being first, too.
        let (our_time, raw_time) = if number % 2 == 0 {
            let our_time = turn(&mut ours);
            (our_time, turn(&mut raw))
        } else {
            let raw_time = turn(&mut raw);
            (turn(&mut ours), raw_time)
        };
        ratios.push(raw_time.as_secs_f64() / our_time.as_secs_f64());
        ours_times.push(our_time.as_secs_f64());
        raw_times.push(raw_time.as_secs_f64());
    }
    let speed = |times| {
        let gib = (chunks * size.plaintext()) as f64 / f64::from(1 << 30);
        gib / median(times).max(Duration::from_nanos(1).as_secs_f64())
    };
    println!(
        "{:<22} {:>6} {:>12.2} {:>12.2} {:>7.1}%",
        ours.name,
        format!("2^{exponent}"),
        speed(ours_times),
        speed(raw_times),
        100.0 * median(ratios)
    );
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
