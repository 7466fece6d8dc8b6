//! A share of several files: a list, each file by its path.

use axum::http::StatusCode;
use serde_json::json;

use crate::caps::location;
use crate::common::Api;
use crate::share::{Direct, Shared};
use crate::{BROWSER, get};

async fn album(api: &Api, link: serde_json::Value) -> Shared {
    let long = crate::share::bytes(4000);
    let files: [(&str, &str, &[u8]); 4] = [
        ("notes.txt", "text/plain", b"hello"),
        ("dir/a <b>&\"c\".html", "text/html", b"<p>"),
        ("dir/#1 50%.png", "image/png", &long),
        ("empty.txt", "text/plain", b""),
    ];
    let mut direct = Direct::of(&files).link(link);
    direct.manifest.folders.push("dir/nothing".into());
    direct.manifest.title = Some("Summer <2026>".into());
    direct.manifest.note = Some("two\nlines & more".into());
    direct.put(api).await
}

#[tokio::test]
async fn a_list_for_programs_and_one_for_people() {
    let api = Api::new().await;
    let shared = album(&api, json!({})).await;
    let list = shared.get(&api, "", &[]).await;
    assert_eq!(list.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(
        list.text(),
        "   5  notes.txt\n   3  dir/a <b>&\"c\".html\n4000  dir/#1 50%.png\n   0  empty.txt\n   0  dir/nothing/\n"
    );
    let page = shared.get(&api, "", &[BROWSER]).await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(page.header("cache-control"), "no-store");
    assert!(
        page.header("content-security-policy")
            .starts_with("default-src 'none'; style-src 'self';")
    );
    for part in [
        "<h1>Summer &lt;2026&gt;</h1>",
        "two<br>lines &amp; more<br>",
        "dir/a &lt;b&gt;&amp;&quot;c&quot;.html",
        "3.9 KiB",
        "Save all as a zip",
    ] {
        assert!(page.text().contains(part), "{part}: {}", page.text());
    }
    assert!(!page.text().contains("<b>") && !page.text().contains("<script"));
    assert_eq!(shared.get(&api, ".zip", &[]).await.bytes, list.bytes);
}

/// Follows an address of a page as a browser does.
fn resolved(path: &str, href: &str) -> String {
    let mut folders: Vec<&str> = path.split('?').next().unwrap().split('/').collect();
    folders.pop();
    let mut href = href;
    while let Some(rest) = href.strip_prefix("../") {
        folders.pop();
        href = rest;
    }
    format!("{}/{href}", folders.join("/"))
}

/// Addresses below the header, which leads to the server.
fn addresses(html: &str) -> Vec<String> {
    let (_, content) = html.split_once("<main>").unwrap();
    let behind = content.split("<a ").skip(1);
    let hrefs = behind.map(|rest| {
        rest.split("href=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
    });
    hrefs.map(|href| href.replace("&amp;", "&")).collect()
}

#[tokio::test]
async fn every_address_in_a_list_leads_to_its_file() {
    let api = Api::new().await;
    let shared = album(&api, json!({})).await;
    for behind in ["", "/", ".x"] {
        let path = shared.path(behind);
        let page = get(&api, &path, &[BROWSER]).await;
        let addresses = addresses(page.text());
        assert_eq!(addresses.len(), 5);
        for (file, href) in shared.manifest.files.iter().zip(&addresses) {
            let answer = get(&api, &resolved(&path, href), &[]).await;
            let right = file.offset as usize..(file.offset + file.size) as usize;
            assert!(answer.bytes == shared.plaintext[right], "{}", file.path);
        }
        let zip = get(&api, &resolved(&path, &addresses[4]), &[]).await;
        assert_eq!(zip.header("content-type"), "application/zip");
    }
}

#[tokio::test]
async fn a_path_means_one_file_or_none() {
    let api = Api::new().await;
    let shared = album(&api, json!({})).await;
    let answer = shared.get(&api, "/notes.txt", &[]).await;
    assert_eq!(answer.bytes, b"hello");
    let etag = format!("\"{}\"", shared.key.etag("notes.txt"));
    assert_eq!(answer.header("etag"), etag);
    let same = shared
        .get(&api, "/dir%2F%231%2050%25.png", &[("range", "bytes=10-19")])
        .await;
    assert_eq!(same.bytes, crate::share::bytes(20)[10..]);
    for behind in [
        "/Notes.txt",
        "/notes.txt/",
        "/dir",
        "/dir/",
        "/dir/nothing",
        "/notes",
        "/x",
    ] {
        shared.get(&api, behind, &[]).await.is_nothing();
    }
}

#[tokio::test]
async fn a_capped_list_leads_on_with_its_grant() {
    let api = Api::new().await;
    let shared = album(&api, json!({"max_downloads": 1})).await;
    let page = shared.get(&api, "", &[BROWSER]).await;
    assert!(page.text().contains("<form method=\"post\">") && !page.text().contains("notes.txt"));
    let path = location(&shared.path(""), &shared.post(&api, "").await);
    let list = get(&api, &path, &[BROWSER]).await;
    let addresses = addresses(list.text());
    for (href, start) in addresses
        .iter()
        .zip([&b"hello"[..], b"<p>", b"\0\x01", b"", b"PK"])
    {
        let answer = get(&api, &resolved(&path, href), &[]).await;
        assert_eq!(answer.status, StatusCode::OK, "{href}");
        assert!(answer.bytes.starts_with(start), "{href}");
    }
    assert_eq!(shared.described(&api).await["downloads"], 1);
}

#[tokio::test]
async fn l7_a_compressed_entry_is_never_inflated() {
    let api = Api::new().await;
    let files: [(&str, &str, &[u8]); 2] =
        [("a.txt", "text/plain", b"a"), ("b.txt", "text/plain", b"b")];
    let shared = Direct::of(&files).compressed(1).put(&api).await;
    assert_eq!(shared.get(&api, "/a.txt", &[]).await.bytes, b"a");
    for behind in ["/b.txt", "?zip"] {
        let answer = shared.get(&api, behind, &[]).await;
        assert_eq!(answer.status, StatusCode::CONFLICT, "{behind}");
        assert!(
            answer.text().contains("/s#") && !answer.text().contains(&shared.key.to_base64url())
        );
    }
    let list = shared.get(&api, "", &[BROWSER]).await;
    assert!(!list.text().contains("zip"), "{}", list.text());
    let one = Direct::of(&files[..1]).compressed(0).put(&api).await;
    assert_eq!(
        one.get(&api, ".txt", &[]).await.status,
        StatusCode::CONFLICT
    );
}

#[tokio::test]
async fn a_share_of_a_note_alone_is_a_list_without_files() {
    let api = Api::new().await;
    let mut direct = Direct::of(&[]);
    direct.manifest.note = Some("only words".into());
    let shared = direct.put(&api).await;
    let page = shared.get(&api, "", &[BROWSER]).await;
    assert!(page.text().contains("only words") && page.text().contains("no files"));
    assert_eq!(shared.get(&api, "", &[]).await.status, StatusCode::OK);
}
