//! Nothing is found after a normal life, after a kill, and beside a live server.

use std::fs;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use onekey_server::Config;
use serde_json::{Value, json};

use crate::common::Api;
use crate::common::sender::Sender;
use crate::stopped::{LEN, Stopped, check, digests, report};

/// Checks beside the load.
const LOADED_CHECKS: usize = 8;

#[tokio::test]
async fn a_normal_life_is_clean_and_nothing_is_changed() {
    let stopped = Stopped::new().await;
    let before = digests(stopped.path());
    let checked = check(stopped.path(), &["--digests"]);
    assert_eq!((checked.code, checked.err.as_str()), (0, ""));
    let part: u64 = stopped
        .open
        .parts()
        .map(|(_, part)| part.len() as u64)
        .max()
        .unwrap();
    let bytes = stopped.live.size() + 2 * part;
    assert_eq!(
        checked.out,
        format!("shares 1\nuploads 1\nparts 7\nbytes {bytes}\nclean\n")
    );
    assert_eq!(digests(stopped.path()), before);
    // A server goes on from here.
    Api::with(Config::in_folder(stopped.path()))
        .await
        .fits()
        .await;
}

/// After SIGKILL the latest commits are in the log alone, and its index is nobody's.
#[tokio::test]
async fn what_a_killed_server_left_is_read_and_not_touched() {
    let (folder, killed) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let api = Api::with(Config::in_folder(folder.path())).await;
    Sender::share(LEN, &api).await;
    let copied = Command::new("cp")
        .args(["-a", "--"])
        .args([folder.path().join("."), killed.path().into()])
        .status();
    assert!(copied.unwrap().success());
    drop(api);
    assert!(
        fs::metadata(killed.path().join("onekey.db-wal"))
            .unwrap()
            .len()
            > 0
    );
    let before = digests(killed.path());
    let (code, report, _) = report(killed.path(), &["--digests"]);
    assert_eq!((code, &report["shares"]), (0, &json!(1)), "{report}");
    assert_eq!(digests(killed.path()), before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_live_server_under_load_is_clean() {
    let folder = tempfile::tempdir().unwrap();
    let api = Arc::new(Api::with(Config::in_folder(folder.path())).await);
    let stop = Arc::new(AtomicBool::new(false));
    let clients: Vec<_> = (0..4)
        .map(|client| {
            let (api, stop) = (Arc::clone(&api), Arc::clone(&stop));
            tokio::spawn(async move {
                let mut shares = 0;
                while !stop.load(Ordering::Relaxed) {
                    let shared = Sender::share(LEN, &api).await;
                    shares += 1;
                    shared.granted(&api).await;
                    if client % 2 == 0 {
                        shared.delete(&api).await.ok();
                    }
                    let aborted = Sender::ready(LEN, &api).await;
                    let path = format!("/api/v1/uploads/{}", aborted.id);
                    let auth = aborted.owner_auth();
                    api.call("DELETE", &path, &auth, Value::Null).await.ok();
                }
                shares
            })
        })
        .collect();
    let data = folder.path().to_owned();
    let checks = tokio::task::spawn_blocking(move || {
        (0..LOADED_CHECKS)
            .map(|_| report(&data, &["--digests", "--verbose"]))
            .collect::<Vec<_>>()
    });
    let checks = checks.await.unwrap();
    stop.store(true, Ordering::Relaxed);
    for client in clients {
        assert!(client.await.unwrap() > 0);
    }
    for (code, report, _) in &checks {
        assert_eq!(*code, 0, "{report}");
    }
    assert!(checks.last().unwrap().1["shares"].as_u64().unwrap() > 0);
    api.fits().await;
}
