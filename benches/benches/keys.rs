//! Derivations: `cargo bench -p onekey-benches --bench keys`.

use criterion::Criterion;
use onekey_benches::header;
use onekey_core::cipher::Suite;
use onekey_core::header::Header;
use onekey_core::keys::LinkKey;
use onekey_core::password::Password;
use onekey_core::size::ChunkSize;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let link = LinkKey::from_bytes([7; 32]);
    let (container, share) = header(Suite::Aes256Gcm, ChunkSize::DEFAULT);

    let mut group = criterion.benchmark_group("keys");
    group.bench_function("link: locator, proof, wrap key", |bencher| {
        bencher.iter(|| (link.locator(), link.proof(None), link.wrap_key(None)));
    });
    group.bench_function("header: make", |bencher| {
        let rng = &mut rand::rng();
        bencher.iter(|| Header::new(Suite::Aes256Gcm, ChunkSize::DEFAULT, &share, rng));
    });
    group.bench_function("header: check, derive both keys", |bencher| {
        bencher.iter(|| container.keys(&share));
    });
    // A million rounds: a fifth of a second or more each.
    group.sample_size(10);
    let password = Password::new("correct horse").expect("it is short");
    group.bench_function("password: PBKDF2", |bencher| {
        bencher.iter(|| password.stretch(&link));
    });
    group.finish();
    criterion.final_summary();
}
