//! curl, as people use it: names, ranges, and whether it sees that a download broke off.

use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Output};

use crate::share::{Direct, Listening, OnDisk, Shared};
use crate::skip;

/// Runs curl, or says that there is none.
pub(crate) async fn curl(test: &str, arguments: &[&str], folder: &Path) -> Option<Output> {
    let mut command = Command::new("curl");
    command.args([
        "-q",
        "--silent",
        "--show-error",
        "--max-time",
        "60",
        "--noproxy",
        "*",
    ]);
    command.args(arguments).current_dir(folder);
    let output = tokio::task::spawn_blocking(move || command.output());
    match output.await.unwrap() {
        Ok(output) => Some(output),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            skip(test, "curl is not installed");
            None
        }
        Err(error) => panic!("curl: {error}"),
    }
}

/// A long file that is damaged in its middle, or sound, behind a socket.
pub(crate) async fn long(damaged: bool) -> (Listening, Shared) {
    let disk = OnDisk::new().await;
    let shared = Direct::file("a.mp4", "video/mp4", 6 << 20)
        .chunks(16)
        .put(&disk.api)
        .await;
    if damaged {
        let mut flipped = shared.payload.clone();
        flipped[50 * 65_564 + 500] ^= 1;
        std::fs::write(disk.blob(&shared.payload), flipped).unwrap();
    }
    (disk.listen().await, shared)
}

pub(crate) fn url(address: impl std::fmt::Display, shared: &Shared, behind: &str) -> String {
    format!("http://{address}{}", shared.path(behind))
}

/// Asserts that curl failed with `code`, and that what it got is the beginning of the file.
#[track_caller]
pub(crate) fn broke_off(output: &Output, code: i32, right: &[u8], file: &Path) {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{errors}");
    let got = std::fs::read(file).unwrap_or_default();
    assert!(
        got.len() < right.len() && right.starts_with(&got),
        "{} bytes",
        got.len()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn c6_curl_sees_that_a_download_broke_off() {
    let (server, shared) = long(true).await;
    let folder = tempfile::tempdir().unwrap();
    let (url, file) = (
        url(server.address, &shared, ".mp4"),
        folder.path().join("out"),
    );
    let middle = "5-6000000";
    for (protocol, code) in [
        ("--http1.1", 18),
        ("--http1.0", 18),
        ("--http2-prior-knowledge", 92),
    ] {
        for (range, right) in [
            (None, &shared.plaintext[..]),
            (Some(middle), &shared.plaintext[5..=6_000_000]),
        ] {
            let _ = std::fs::remove_file(&file);
            let mut arguments = vec![protocol, "--fail", "--output", "out", &url];
            if let Some(range) = range {
                arguments.extend(["--range", range]);
            }
            let Some(output) = curl("c6_curl", &arguments, folder.path()).await else {
                return;
            };
            broke_off(&output, code, right, &file);
        }
        // A head hands out no byte, and what it says is what a get says.
        let head = curl("c6_curl", &[protocol, "--head", &url], folder.path())
            .await
            .unwrap();
        let text = String::from_utf8(head.stdout).unwrap().to_lowercase();
        assert!(
            head.status.success() && text.contains(&format!("content-length: {}", 6 << 20)),
            "{text}"
        );
        // What does not need the damaged chunk is whole.
        let arguments = [
            protocol, "--fail", "--range", "0-999999", "--output", "out", &url,
        ];
        let part = curl("c6_curl", &arguments, folder.path()).await.unwrap();
        assert!(
            part.status.success() && std::fs::read(&file).unwrap() == shared.plaintext[..1_000_000]
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn c6_damage_at_an_end_is_a_status() {
    let disk = OnDisk::new().await;
    let shared = Direct::file("a.mp4", "video/mp4", (6 << 20) + 5)
        .chunks(16)
        .put(&disk.api)
        .await;
    let mut flipped = shared.payload.clone();
    *flipped.last_mut().unwrap() ^= 1;
    std::fs::write(disk.blob(&shared.payload), flipped).unwrap();
    let server = disk.listen().await;
    let folder = tempfile::tempdir().unwrap();
    let url = url(server.address, &shared, "");
    for protocol in ["--http1.1", "--http2-prior-knowledge"] {
        for method in ["--get", "--head"] {
            let Some(output) = curl(
                "c6_curl",
                &[protocol, "--fail", method, &url],
                folder.path(),
            )
            .await
            else {
                return;
            };
            assert_eq!(output.status.code(), Some(22), "{protocol} {method}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p3_curl_saves_under_the_name_that_was_sent() {
    let names = [
        ("a.png", "a.png"),
        ("dir/any name.tar.gz", "any name.tar.gz"),
        ("a;b=c, d's (1) [x] {y}.txt", "a;b=c, d's (1) [x] {y}.txt"),
        ("-rf", "-rf"),
        ("100%.txt", "100%.txt"),
        ("say \"hi\"\\now.txt", "say _hi__now.txt"),
        ("été 😀.png", "_t_ _.png"),
        ("%0d%0aSet-Cookie: a=b", "_0d_0aSet-Cookie: a=b"),
        ("gpj.\u{202e}exe", "gpj.exe"),
    ];
    let disk = OnDisk::new().await;
    let mut shares = Vec::new();
    for (name, saved) in names {
        shares.push((
            Direct::file(name, "image/png", 2000).put(&disk.api).await,
            saved,
        ));
    }
    let server = disk.listen().await;
    for (shared, saved) in shares {
        for protocol in ["--http1.1", "--http2-prior-knowledge"] {
            let folder = tempfile::tempdir().unwrap();
            let url = url(server.address, &shared, "");
            let arguments = [protocol, "--fail", "-OJ", &url];
            let Some(output) = curl("p3_curl", &arguments, folder.path()).await else {
                return;
            };
            assert!(
                output.status.success(),
                "{saved}: {}",
                String::from_utf8_lossy(&output.stderr)
            );
            let bytes = std::fs::read(folder.path().join(saved));
            assert!(
                bytes.is_ok_and(|bytes| bytes == shared.plaintext),
                "{saved}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn curl_pauses_and_goes_on_and_asks_again() {
    let (server, shared) = long(false).await;
    let folder = tempfile::tempdir().unwrap();
    let (url, file) = (
        url(server.address, &shared, ".mp4"),
        folder.path().join("out"),
    );
    std::fs::write(&file, &shared.plaintext[..3_000_000]).unwrap();
    let arguments = ["--fail", "--continue-at", "-", "--output", "out", &url];
    let Some(output) = curl("curl_resumes", &arguments, folder.path()).await else {
        return;
    };
    assert!(output.status.success() && std::fs::read(&file).unwrap() == shared.plaintext);
    let arguments = ["--fail", "--etag-save", "tag", "--output", "out", &url];
    curl("curl_resumes", &arguments, folder.path())
        .await
        .unwrap();
    let arguments = [
        "--fail",
        "--etag-compare",
        "tag",
        "--output",
        "again",
        "-w",
        "%{http_code}",
        &url,
    ];
    let again = curl("curl_resumes", &arguments, folder.path())
        .await
        .unwrap();
    assert_eq!(again.stdout, b"304");
}

#[tokio::test(flavor = "multi_thread")]
async fn curl_takes_one_download_of_a_capped_link() {
    let disk = OnDisk::new().await;
    let direct = Direct::file("a b.mp4", "video/mp4", 300_000);
    let shared = direct
        .link(serde_json::json!({"max_downloads": 1}))
        .put(&disk.api)
        .await;
    let server = disk.listen().await;
    let folder = tempfile::tempdir().unwrap();
    let url = url(server.address, &shared, "/a%20b.mp4?download");
    let Some(get) = curl("curl_posts", &["--fail", &url], folder.path()).await else {
        return;
    };
    assert_eq!(get.status.code(), Some(22));
    // As the refusal says.
    let arguments = ["--fail", "-L", "-d", "", "-OJ", &url];
    let post = curl("curl_posts", &arguments, folder.path()).await.unwrap();
    assert!(
        post.status.success(),
        "{}",
        String::from_utf8_lossy(&post.stderr)
    );
    assert!(std::fs::read(folder.path().join("a b.mp4")).unwrap() == shared.plaintext);
    let again = curl("curl_posts", &arguments, folder.path()).await.unwrap();
    assert_eq!(again.status.code(), Some(22));
}
