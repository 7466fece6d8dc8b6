//! Manifests and base64url: `cargo bench -p onekey-benches --bench texts`.

use criterion::{Criterion, Throughput};
use onekey_core::base64url;
use onekey_core::manifest::{File, Manifest};

/// Files of the manifest.
const FILES: u64 = 10_000;

/// Bytes of each file.
const SIZE: u64 = 1000;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    manifests(&mut criterion);
    texts(&mut criterion);
    criterion.final_summary();
}

fn manifests(criterion: &mut Criterion) {
    let manifest = Manifest {
        files: (0..FILES).map(file).collect(),
        ..Manifest::default()
    };
    let padded = manifest.print(FILES * SIZE).expect("it keeps every rule");

    let mut group = criterion.benchmark_group("manifest of 10,000 files");
    group.throughput(Throughput::Bytes(padded.len() as u64));
    group.bench_function("print", |bencher| {
        bencher.iter(|| manifest.print(FILES * SIZE));
    });
    group.bench_function("parse", |bencher| {
        bencher.iter(|| Manifest::parse(&padded, FILES * SIZE));
    });
    group.finish();
}

fn file(number: u64) -> File {
    File {
        path: format!("holiday/day {:02}/photo {number:05}.jpg", number % 30),
        media_type: "image/jpeg".into(),
        size: SIZE,
        offset: number * SIZE,
        stored: SIZE,
        modified: Some(1_790_000_000),
        ..File::default()
    }
}

fn texts(criterion: &mut Criterion) {
    for (name, len) in [("a key", 32), ("1 MiB", 1 << 20)] {
        let bytes = vec![0xa5; len];
        let text = base64url::encode(&bytes);
        let mut group = criterion.benchmark_group(format!("base64url of {name}"));
        group.throughput(Throughput::Bytes(len as u64));
        group.bench_function("encode", |bencher| {
            bencher.iter(|| base64url::encode(&bytes))
        });
        group.bench_function("decode", |bencher| {
            bencher.iter(|| base64url::decode_vec(&text))
        });
        group.finish();
    }
}
