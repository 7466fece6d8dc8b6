//! Starts, stops, sweeps and crashes: what is acknowledged stays, what ended goes.

#![allow(clippy::unwrap_used)]

mod common;

use std::path::Path;

use common::Api;
use common::sender::Sender;
use onekey_server::config::{BlobsAt, MetaAt};
use onekey_server::{Config, StartError};
use serde_json::json;

/// Counts the files below a folder that hold payloads.
fn blobs_in(folder: &Path) -> usize {
    let subfolders = std::fs::read_dir(folder.join("blobs")).unwrap();
    subfolders
        .map(|sub| std::fs::read_dir(sub.unwrap().path()).unwrap().count())
        .sum()
}

#[tokio::test]
async fn a_second_server_refuses_the_data_folder() {
    let folder = tempfile::tempdir().unwrap();
    let first = Api::with(Config::in_folder(folder.path())).await;
    let second = onekey_server::Server::new(Config::in_folder(folder.path())).await;
    assert!(matches!(second.unwrap_err(), StartError::Data(_)));
    // The same stores behind another data folder.
    let other = tempfile::tempdir().unwrap();
    let mut config = Config::in_folder(other.path());
    config.blobs = BlobsAt::Folder(folder.path().join("apart"));
    let third = Api::with(config.clone()).await;
    config.data = Some(folder.path().join("third"));
    config.meta = MetaAt::Sqlite(folder.path().join("third/onekey.db"));
    let fourth = onekey_server::Server::new(config).await;
    assert!(matches!(fourth.unwrap_err(), StartError::Data(_)));
    drop((first, third));
    Api::with(Config::in_folder(folder.path())).await;
}

/// A server that was started with an empty database over full blobs must not delete them.
#[tokio::test]
async fn t22_completed_blobs_survive_a_wrong_database() {
    let folder = tempfile::tempdir().unwrap();
    let api = Api::with(Config::in_folder(folder.path())).await;
    let shared = Sender::share(5_000, &api).await;
    drop(api);
    let mut config = Config::in_folder(folder.path());
    config.meta = MetaAt::Sqlite(folder.path().join("wrong.db"));
    let api = Api::with(config).await;
    api.clock.advance(400 * 24 * 3600 + 1_000_000_000);
    assert_eq!(api.server.sweep().await.unwrap().blobs, 0);
    drop(api);
    let api = Api::with(Config::in_folder(folder.path())).await;
    let grant = shared.granted(&api).await;
    assert_eq!(
        api.get("/api/v1/payload", &grant).await.bytes,
        shared.payload
    );
    api.fits().await;
}

#[tokio::test]
async fn t31_acknowledged_parts_survive_a_restart_and_the_upload_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut sender = Sender::new(20_000);
    let parts: Vec<Vec<u8>> = sender.parts().map(|(_, part)| part.to_vec()).collect();
    let api = Api::with(Config::in_folder(folder.path())).await;
    sender.create(&api).await;
    for number in [3, 0] {
        sender.put_part(&api, number, &parts[number]).await.ok();
    }
    drop(api);
    let api = Api::with(Config::in_folder(folder.path())).await;
    assert_eq!(
        sender.status(&api).await["received"],
        json!([[0, 0], [3, 3]])
    );
    for number in [1, 2, 4] {
        sender.put_part(&api, number, &parts[number]).await.ok();
    }
    sender.complete(&api).await;
    drop(api);
    let api = Api::with(Config::in_folder(folder.path())).await;
    let grant = sender.granted(&api).await;
    assert_eq!(
        api.get("/api/v1/payload", &grant).await.bytes,
        sender.payload
    );
    api.fits().await;
}

#[tokio::test]
async fn t22_abandoned_uploads_and_expired_shares_leave_no_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let api = Api::with(Config::in_folder(folder.path())).await;
    Sender::share(20_000, &api).await;
    let mut empty = Sender::new(20_000);
    empty.create(&api).await;
    let mut begun = Sender::new(20_000);
    begun.create(&api).await;
    let part = begun.parts().next().unwrap().1.to_vec();
    begun.put_part(&api, 0, &part).await.ok();
    assert_eq!(blobs_in(folder.path()), 3);
    // An upload without a part ends after an hour, one with a part a day after its last.
    api.clock.advance(3601);
    let report = api.server.sweep().await.unwrap();
    assert_eq!((report.uploads, report.blobs), (1, 1));
    api.clock.advance(3601);
    assert_eq!(api.server.sweep().await.unwrap().shares, 1);
    api.clock.advance(24 * 3600);
    assert_eq!(api.server.sweep().await.unwrap().uploads, 1);
    assert_eq!(blobs_in(folder.path()), 0);
    api.fits().await;
}

#[tokio::test]
async fn an_upload_ends_a_week_after_it_began_however_busy() {
    let api = Api::new().await;
    let mut sender = Sender::new(40_000);
    sender.create(&api).await;
    let parts: Vec<Vec<u8>> = sender.parts().map(|(_, part)| part.to_vec()).collect();
    for (number, part) in parts.iter().take(8).enumerate() {
        let answer = sender.put_part(&api, number, part).await;
        let day = number as i64;
        if day < 7 {
            answer.ok();
            let ends = sender.status(&api).await["expires_at"].as_i64().unwrap();
            let expected = (common::START + day * 86_000 + 86_400).min(common::START + 604_800);
            assert_eq!(ends, expected);
        }
        api.clock.advance(86_000);
    }
    api.server.sweep().await.unwrap();
    let path = format!("/api/v1/uploads/{}", sender.id);
    api.get(&path, &sender.owner_auth())
        .await
        .refused(404, "not_found");
    api.fits().await;
}

#[tokio::test]
async fn t22_a_blob_that_no_row_knows_goes_after_a_day_and_foreign_files_stay() {
    let folder = tempfile::tempdir().unwrap();
    let mut sender = Sender::new(5_000);
    let api = Api::with(Config::in_folder(folder.path())).await;
    sender.create(&api).await;
    let foreign = folder.path().join("blobs/ab/holiday.png");
    std::fs::write(&foreign, b"mine").unwrap();
    drop(api);
    // The row is lost between blob and row: here by losing the database.
    for file in ["onekey.db", "onekey.db-wal", "onekey.db-shm"] {
        let _ = std::fs::remove_file(folder.path().join(file));
    }
    let api = Api::with(Config::in_folder(folder.path())).await;
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    api.clock.advance(now.as_secs() as i64 - common::START);
    assert_eq!(
        api.server.sweep().await.unwrap().blobs,
        0,
        "young ones stay"
    );
    api.clock.advance(26 * 3600);
    assert_eq!(api.server.sweep().await.unwrap().blobs, 1);
    assert_eq!(std::fs::read(&foreign).unwrap(), b"mine");
    api.fits().await;
}

#[tokio::test]
async fn expiry_is_checked_when_read_without_a_sweep() {
    let api = Api::new().await;
    let shared = Sender::share(10, &api).await;
    let path = format!("/api/v1/links/{}", shared.locator());
    api.clock.advance(3599);
    api.get(&path, "").await.ok();
    api.clock.advance(1);
    api.get(&path, "").await.refused(404, "link_gone");
    api.fits().await;
}

#[tokio::test]
async fn ready_only_while_it_serves() {
    let api = Api::new().await;
    assert_eq!(api.get("/readyz", "").await.bytes, b"ready\n");
    assert_eq!(api.get("/healthz", "").await.bytes, b"ok\n");
    api.fits().await;
}
