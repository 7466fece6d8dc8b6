//! Chunks by backend, suite and size, beside the libraries alone: `cargo bench -p onekey-benches --bench chunks`.

use std::time::Duration;

use criterion::{Criterion, Throughput};
use onekey_benches::{EXPONENTS, chunk_size, ways};

fn main() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
        .sample_size(20)
        .configure_from_args();
    for exponent in EXPONENTS {
        let size = chunk_size(exponent);
        let mut group = criterion.benchmark_group(format!("chunk 2^{exponent}"));
        let mut chunk = vec![0; size.encrypted()];
        for mut way in ways(size) {
            group.throughput(Throughput::Bytes(size.plaintext() as u64));
            group.bench_function(format!("{} encrypt", way.name), |bencher| {
                bencher.iter(|| (way.encrypt)(&mut chunk));
            });
            group.throughput(Throughput::Bytes(2 * size.plaintext() as u64));
            group.bench_function(format!("{} both ways", way.name), |bencher| {
                bencher.iter(|| (way.both)(&mut chunk));
            });
        }
        group.finish();
    }
    criterion.final_summary();
}
