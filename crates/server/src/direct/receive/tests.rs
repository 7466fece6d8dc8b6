use std::time::Duration;

use axum::response::IntoResponse;

use super::*;
use crate::blobs::MemoryBlobs;
use crate::config::{Config, FreeFloor};
use crate::meta::{Limits, MemoryMeta, Totals};

const TERMS: Terms = Terms {
    expires_at: None,
    max_downloads: None,
};

fn app() -> Arc<App> {
    app_with(Limits::default())
}

fn app_with(limits: Limits) -> Arc<App> {
    let config = Config {
        free_floor: FreeFloor::Bytes(0),
        limits,
        ..Config::default()
    };
    let (blobs, meta) = (
        Arc::new(MemoryBlobs::default()),
        Arc::new(MemoryMeta::default()),
    );
    Arc::new(App::new(config, blobs, meta))
}

/// Waits until all memory is free and no row is there but those of `shares`.
async fn settled(app: &App, all: usize, shares: u64) {
    for _ in 0..500 {
        let totals = app.meta.totals().await.unwrap();
        if app.receiving.free() == all && totals.open_uploads == 0 && totals.shares == shares {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!(
        "{} of {all}, {:?}",
        app.receiving.free(),
        app.meta.totals().await
    );
}

/// Uploads at once, some of which end early, give all their memory back.
#[tokio::test]
async fn memory_comes_back_however_an_upload_ends() {
    let app = app();
    let all = app.receiving.free();
    let piece = vec![7; 1 << 20];
    let uploads = (0..20).map(|number: usize| {
        let (app, piece) = (Arc::clone(&app), piece.clone());
        tokio::spawn(async move {
            let length = number.is_multiple_of(2).then_some(20 << 20);
            let mut receiver = Receiver::new(&app, length, length).unwrap();
            receiver.begin_file("a.bin", None);
            for _ in 0..if number % 4 < 2 { 20 } else { number } {
                receiver.push(&piece).await.unwrap();
                assert!(app.receiving.free() < all);
                tokio::task::yield_now().await;
            }
            if number % 4 < 2 {
                receiver.end_file().unwrap();
                receiver.finish(TERMS).await.unwrap();
            }
        })
    });
    for upload in uploads.collect::<Vec<_>>() {
        upload.await.unwrap();
    }
    settled(&app, all, 10).await;
}

#[tokio::test]
async fn a_screenshot_takes_one_mebibyte_and_an_upload_three_parts() {
    let app = app();
    let all = app.receiving.free();
    let mut receiver = Receiver::new(&app, None, None).unwrap();
    receiver.begin_file("a.png", None);
    receiver.push(&[7; 300 << 10]).await.unwrap();
    assert_eq!(all - app.receiving.free(), 1);
    let mut most = 0;
    for _ in 0..150 {
        receiver.push(&[7; 1 << 20]).await.unwrap();
        most = most.max(all - app.receiving.free());
    }
    assert!((33..=96).contains(&most), "{most}");
    drop(receiver);
    settled(&app, all, 0).await;
}

/// Where others hold the memory, an upload uses again what it has, and nobody waits for what nobody will give back.
#[tokio::test(start_paused = true)]
async fn uploads_go_on_where_memory_is_scarce() {
    for free in [32, 40, 64, 95] {
        let app = app();
        let all = app.receiving.free();
        let others = app.receiving.take((all - free) as u64 * (1 << 20));
        let mut receiver = Receiver::new(&app, None, None).unwrap();
        receiver.begin_file("a.bin", None);
        for _ in 0..100 {
            receiver.push(&[7; 1 << 20]).await.unwrap();
        }
        receiver.end_file().unwrap();
        receiver.finish(TERMS).await.unwrap();
        drop(others);
        settled(&app, all, 1).await;
    }
}

#[tokio::test]
async fn what_is_smaller_than_a_part_reaches_no_store_before_its_end() {
    let app = app();
    let mut receiver = Receiver::new(&app, None, None).unwrap();
    receiver.begin_file("a.png", None);
    receiver.push(&[7; 3 << 20]).await.unwrap();
    assert_eq!(app.meta.totals().await.unwrap(), Totals::default());
    receiver.end_file().unwrap();
    receiver.finish(TERMS).await.unwrap();
    let totals = app.meta.totals().await.unwrap();
    assert_eq!(totals.shares, 1);
    // The room was charged as it is, as nobody knew it before.
    let payload = ChunkSize::DEFAULT.payload_len(3 << 20).unwrap();
    assert_eq!(totals.charged, payload);
}

/// However long the part is that they fill.
#[tokio::test]
async fn l2_too_many_bytes_are_refused_while_they_come() {
    const MAX: u64 = 1 << 20;
    let app = app_with(Limits {
        max_size: Some(MAX),
        ..Limits::default()
    });
    let mut receiver = Receiver::new(&app, None, None).unwrap();
    receiver.begin_file("a.bin", None);
    let piece = [7; 64 << 10];
    let mut taken = 0;
    let refused = loop {
        match receiver.push(&piece).await {
            Ok(()) => taken += piece.len() as u64,
            Err(refused) => break refused,
        }
        assert!(taken <= MAX);
    };
    assert_eq!(refused.into_response().status(), 413);
}

#[tokio::test]
async fn too_many_files_are_refused_while_they_come() {
    let app = app();
    let mut receiver = Receiver::new(&app, None, None).unwrap();
    let name = "\"".repeat(200) + ".png";
    let mut ended = Ok(());
    let mut files = 0;
    while ended.is_ok() && files < 2_000 {
        receiver.begin_file(&name, None);
        ended = receiver.end_file();
        files += 1;
    }
    assert!(ended.is_err() && files > 200, "{files}");
    // One less makes a share that opens directly.
    let mut receiver = Receiver::new(&app, None, None).unwrap();
    for _ in 1..files {
        receiver.begin_file(&name, None);
        receiver.end_file().unwrap();
    }
    let received = receiver.finish(TERMS).await.unwrap();
    assert_eq!(received.files.len(), files - 1);
}
