//! `--web-dir`: the page in a folder, read at each request, with the fields of the real one.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use onekey_server::{Config, Server, StartError};
use tempfile::TempDir;

use crate::common::Api;
use crate::{BROWSER, folder, get};

const HTML: &str = "<!doctype html>\n<head>\n{preload}\n<script type=\"module\" src=\"{assets}/send.js\"></script>\n</head>";

fn write(root: &Path, name: &str, text: &str) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// A page of a few files, and a file beside its folder that nobody may read.
async fn page() -> (TempDir, std::path::PathBuf, Api) {
    let outside = tempfile::tempdir().unwrap();
    let root = outside.path().join("web");
    for (name, text) in [
        ("../secret.js", "secret"),
        ("html/send.html", HTML),
        ("html/open.html", "{assets}"),
        ("send.js", "import { a } from \"./views/a.js\";\n"),
        ("views/a.js", "import \"../words.js\";\n"),
        ("words.js", "export const words = 1;\n"),
        ("codec/brotli-worker.js", "// worker\n"),
        ("style/page.css", "body {}\n"),
        ("icon.svg", "<svg/>\n"),
        ("package.json", "{}"),
        (
            "service-worker.js",
            "import(\"{assets}/download/stream.js\");\n",
        ),
        ("node_modules/uqr/dist/index.mjs", "// uqr\n"),
        ("node_modules/uqr/package.json", "{}"),
        (".hidden.js", "hidden"),
    ] {
        write(&root, name, text);
    }
    let mut config = Config::default();
    config.web_dir = Some(root.clone());
    (outside, root, Api::with(config).await)
}

#[tokio::test]
async fn the_page_is_read_anew_and_never_kept() {
    let (_outside, root, api) = page().await;
    assert_eq!(folder(&api).await, "dev");
    for (name, media_type) in [
        ("send.js", "text/javascript; charset=utf-8"),
        ("style/page.css", "text/css; charset=utf-8"),
        ("icon.svg", "image/svg+xml"),
        ("modules/uqr/index.js", "text/javascript; charset=utf-8"),
    ] {
        let answer = get(
            &api,
            &format!("/assets/dev/{name}"),
            &[("accept-encoding", "br")],
        )
        .await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("content-type")),
            (200, media_type)
        );
        assert_eq!(answer.header("cache-control"), "no-store", "{name}");
        assert_eq!(answer.header("content-encoding"), "");
    }
    let worker = get(&api, "/assets/dev/codec/brotli-worker.js", &[]).await;
    assert_eq!(
        worker.header("content-security-policy"),
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'; \
         require-trusted-types-for 'script'; trusted-types onekey"
    );
    assert_eq!(
        get(&api, "/assets/dev/words.js", &[]).await.text(),
        "export const words = 1;\n"
    );
    write(&root, "words.js", "export const words = 2;\n");
    assert_eq!(
        get(&api, "/assets/dev/words.js", &[]).await.text(),
        "export const words = 2;\n"
    );
}

#[tokio::test]
async fn html_names_the_modules_that_it_needs_at_once() {
    let (_outside, root, api) = page().await;
    let html = get(&api, "/", &[BROWSER]).await;
    assert_eq!(
        html.text(),
        "<!doctype html>\n<head>\n<link rel=\"modulepreload\" href=\"assets/dev/views/a.js\">\n\
         <link rel=\"modulepreload\" href=\"assets/dev/words.js\">\n\
         <script type=\"module\" src=\"assets/dev/send.js\"></script>\n</head>"
    );
    assert!(
        html.header("content-security-policy")
            .ends_with("trusted-types onekey")
    );
    assert_eq!(html.header("cache-control"), "no-store");
    for (path, assets) in [("/s", "assets/dev"), ("/s/", "../assets/dev")] {
        assert_eq!(get(&api, path, &[BROWSER]).await.text(), assets);
    }
    let worker = get(&api, "/download/service-worker.js", &[]).await;
    assert_eq!(
        worker.text(),
        "import(\"../assets/dev/download/stream.js\");\n"
    );
    // A page that is being written still comes; the browser says what is missing.
    fs::remove_file(root.join("words.js")).unwrap();
    let html = get(&api, "/", &[BROWSER]).await;
    assert!(
        html.status == 200 && !html.text().contains("modulepreload"),
        "{}",
        html.text()
    );
    for (path, file) in [
        ("/manage/x", "html/manage.html"),
        ("/s%23x", "html/escaped.html"),
    ] {
        let answer = get(&api, path, &[BROWSER]).await;
        assert_eq!(answer.status, 404);
        assert_eq!(
            answer.text(),
            format!("the folder of --web-dir has no readable {file}\n")
        );
    }
}

/// T21: no name leads out of the folder or to what is not of the page.
#[tokio::test]
async fn t21_nothing_else_is_read() {
    let (outside, root, api) = page().await;
    symlink(outside.path().join("secret.js"), root.join("link.js")).unwrap();
    symlink(outside.path(), root.join("up")).unwrap();
    symlink(root.join("words.js"), root.join("inner.js")).unwrap();
    for name in [
        "../secret.js",
        "%2e%2e/secret.js",
        "..%2fsecret.js",
        "%2e%2e%2fsecret.js",
        "views/../../secret.js",
        "views/%2e%2e/%2e%2e/secret.js",
        "..%5csecret.js",
        "%252e%252e/secret.js",
        "//secret.js",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "link.js",
        "up/secret.js",
        ".hidden.js",
        "send.js%00.css",
        "send.js%00",
        "./send.js",
        "views/",
        "views",
        "html/send.html",
        "package.json",
        "service-worker.js",
        "node_modules/uqr/dist/index.mjs",
        "node_modules/uqr/package.json",
        "modules/uqr/package.json",
        "modules/uqr/../../package.json",
        "SEND.JS",
        "nothing.js",
    ] {
        let answer = get(&api, &format!("/assets/dev/{name}"), &[]).await;
        assert_eq!(
            (answer.status.as_u16(), answer.text()),
            (404, "There is nothing here.\n"),
            "{name}"
        );
        assert_eq!(answer.header("cache-control"), "no-store", "{name}");
    }
    // Within the folder a link is a file like others.
    assert_eq!(get(&api, "/assets/dev/inner.js", &[]).await.status, 200);
}

/// Packages may lie elsewhere: several copies of the page share one folder of them.
#[tokio::test]
async fn packages_may_lie_behind_a_link() {
    let (outside, root, api) = page().await;
    let elsewhere = outside.path().join("packages");
    fs::rename(root.join("node_modules"), &elsewhere).unwrap();
    symlink(&elsewhere, root.join("node_modules")).unwrap();
    let module = "/assets/dev/modules/uqr/index.js";
    assert_eq!(get(&api, module, &[]).await.text(), "// uqr\n");
    // But no file of a package may.
    fs::remove_file(elsewhere.join("uqr/dist/index.mjs")).unwrap();
    symlink(
        outside.path().join("secret.js"),
        elsewhere.join("uqr/dist/index.mjs"),
    )
    .unwrap();
    assert_eq!(get(&api, module, &[]).await.status, 404);
}

#[tokio::test]
async fn a_file_that_is_too_long_is_not_of_the_page() {
    let (_outside, root, api) = page().await;
    let file = fs::File::create(root.join("long.js")).unwrap();
    file.set_len(16 << 20).unwrap();
    assert_eq!(get(&api, "/assets/dev/long.js", &[]).await.status, 200);
    file.set_len((16 << 20) + 1).unwrap();
    assert_eq!(get(&api, "/assets/dev/long.js", &[]).await.status, 404);
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_refused_at_the_start() {
    let mut config = Config::default();
    config.web_dir = Some("/nonexistent".into());
    let error = Server::new(config).await.unwrap_err();
    assert!(matches!(error, StartError::Config(reason) if reason.contains("web_dir")));
}
