//! Damaged rows: a clean answer before any byte.

use axum::http::StatusCode;

use crate::share::{Direct, OnDisk};

#[tokio::test]
async fn c4_damaged_header_envelope_and_manifest_give_no_byte() {
    let disk = OnDisk::new().await;
    let shared = Direct::file("a.png", "image/png", 2500)
        .put(&disk.api)
        .await;
    for (table, column) in [
        ("shares", "header"),
        ("links", "envelope"),
        ("manifests", "manifest"),
    ] {
        let sound: Vec<u8> = disk
            .rows()
            .query_row(&format!("SELECT {column} FROM {table}"), [], |row| {
                row.get(0)
            })
            .unwrap();
        let write = |bytes: &[u8]| {
            let sql = format!("UPDATE {table} SET {column} = ?1");
            disk.rows().execute(&sql, [bytes]).unwrap();
        };
        let step = sound.len().div_ceil(100);
        for at in (0..sound.len()).step_by(step).chain([sound.len() - 1]) {
            let mut flipped = sound.clone();
            flipped[at] ^= 0x10;
            write(&flipped);
            let answer = shared.get(&disk.api, "", &[]).await;
            assert_eq!(
                answer.status,
                StatusCode::INTERNAL_SERVER_ERROR,
                "{column}, byte {at}"
            );
            assert_eq!(
                answer.text(),
                "the server's copy of this is damaged; ask the sender for a new one\n"
            );
            assert_eq!(answer.header("cache-control"), "no-store");
        }
        write(&sound);
        assert_eq!(shared.get(&disk.api, "", &[]).await.bytes, shared.plaintext);
    }
}

#[tokio::test]
async fn c4_rows_of_another_share_give_no_byte() {
    let disk = OnDisk::new().await;
    let first = Direct::file("a.png", "image/png", 2500)
        .put(&disk.api)
        .await;
    let second = Direct::file("b.png", "image/png", 2500)
        .put(&disk.api)
        .await;
    let swap = "UPDATE links SET share = (SELECT id FROM shares WHERE id <> links.share)";
    disk.rows().execute(swap, []).unwrap();
    for shared in [&first, &second] {
        let answer = shared.get(&disk.api, "", &[]).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    }
}
