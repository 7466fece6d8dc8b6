//! The real curl, as people use it.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use onekey_core::url::Link;

use crate::direct::{Listening, SECRET, wanting_secret};
use crate::opened::Opened;

/// A server that wants a secret, and files to send.
struct Bench {
    listening: Listening,
}

impl Bench {
    async fn new() -> Self {
        let secret = wanting_secret().upload_secret;
        let listening = Listening::with(|config| config.upload_secret = secret).await;
        Self { listening }
    }

    fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.listening.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// Runs curl with the secret, and returns what it printed.
    async fn curl(&self, arguments: &[&str]) -> String {
        let secret = format!("X-Wonkey-Secret: {SECRET}");
        let all = [&["-sS", "-H", &secret][..], arguments].concat();
        let output = run("curl", all, b"").await;
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    async fn opened(&self, url: &str) -> Opened {
        Opened::of(&self.listening.router, url).await
    }
}

/// Runs a program, with this on its standard input.
async fn run<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(
    program: &str,
    arguments: I,
    input: &[u8],
) -> Output {
    let mut command = Command::new(program);
    command.args(arguments).env_remove("ONEKEY_UPLOAD_SECRET");
    run_command(command, input).await
}

async fn run_command(mut command: Command, input: &[u8]) -> Output {
    let input = input.to_vec();
    tokio::task::spawn_blocking(move || {
        let command = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let writing = std::thread::spawn(move || {
            use std::io::Write;
            let _ = stdin.write_all(&input);
        });
        let output = child.wait_with_output().unwrap();
        writing.join().unwrap();
        output
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn curl_sends_forms_bodies_and_puts() {
    let bench = Bench::new().await;
    let file = bench.file("a b.png", b"pixels");
    let file = file.to_str().unwrap();
    let root = bench.listening.url("/");
    let form = format!("file=@{file}");
    let body = format!("@{file}");
    let named = bench.listening.url("/other.txt");
    let png = ("a b.png", "image/png");
    let unnamed = ("file", "application/octet-stream");
    for (arguments, (name, media_type)) in [
        (vec!["-F", &form, &root], png),
        (vec!["--data-binary", &body, &root], unnamed),
        (vec!["-T", file, &root], png),
        (vec!["-T", file, &named], ("other.txt", "text/plain")),
        (vec!["-H", "Expect: 100-continue", "-T", file, &root], png),
        (vec!["-H", "Accept: text/plain", "-F", &form, &root], png),
        (vec!["--http2-prior-knowledge", "-F", &form, &root], png),
        (vec!["--http2-prior-knowledge", "-T", file, &root], png),
    ] {
        let url = bench.curl(&arguments).await;
        assert!(
            url.ends_with('\n') && url.starts_with(&root),
            "{arguments:?}: {url}"
        );
        bench.opened(&url).await.is(name, media_type, b"pixels");
    }
}

#[tokio::test]
async fn f6_f7_curl_sends_empty_files_and_names_of_all_kinds() {
    let bench = Bench::new().await;
    let root = bench.listening.url("/");
    for (name, kept) in [
        ("empty", "empty"),
        ("日本語 ü.png", "日本語 ü.png"),
        (".bashrc", ".bashrc"),
        ("a\"b.txt", "a\"b.txt"),
        ("100%41.txt", "100%41.txt"),
    ] {
        let file = bench.file(name, b"");
        let form = format!("file=@\"{}\"", file.to_str().unwrap().replace('"', "\\\""));
        let url = bench.curl(&["-F", &form, &root]).await;
        assert_eq!(bench.opened(&url).await.manifest.files[0].path, kept);
        let url = bench
            .curl(&["-g", "-T", file.to_str().unwrap(), &root])
            .await;
        assert_eq!(bench.opened(&url).await.manifest.files[0].path, kept);
    }
}

#[tokio::test]
async fn curl_sends_standard_input_without_a_length() {
    let bench = Bench::new().await;
    let input = vec![b'x'; 40 << 20];
    for path in ["/", "/log.txt"] {
        let url = bench.listening.url(path);
        let secret = format!("Authorization: Bearer {SECRET}");
        let output = run("curl", ["-sS", "-H", &secret, "-T", "-", &url], &input).await;
        let link = String::from_utf8(output.stdout).unwrap();
        let opened = bench.opened(&link).await;
        let name = if path == "/" { "file" } else { "log.txt" };
        assert_eq!(opened.manifest.files[0].path, name);
        assert!(opened.plaintext == input);
    }
    let form = format!("secret={SECRET}");
    let arguments = ["-sS", "-F", "file=@-;filename=s.png", "-F", &form];
    let root = bench.listening.url("/");
    let output = run("curl", arguments.into_iter().chain([&*root]), b"pixels").await;
    let opened = bench
        .opened(&String::from_utf8(output.stdout).unwrap())
        .await;
    opened.is("s.png", "image/png", b"pixels");
}

#[tokio::test]
async fn curl_follows_the_redirect_and_reads_refusals() {
    let bench = Bench::new().await;
    let file = bench.file("a.txt", &[b'x'; 3 << 20]);
    let form = format!("file=@{}", file.to_str().unwrap());
    let root = bench.listening.url("/");
    let effective = bench
        .curl(&[
            "-L",
            "-o",
            "/dev/null",
            "-w",
            "%{url_effective}",
            "-F",
            &form,
            &root,
        ])
        .await;
    assert!(Link::parse(&effective).is_ok(), "{effective}");
    for (arguments, status) in [
        (vec!["-F", "secret=wrong"], "403"),
        (vec!["-H", "X-Wonkey-Secret: wrong"], "403"),
        (vec!["-u", "me:wrong"], "403"),
        (
            vec!["-H", "Expect: 100-continue", "-H", "X-Wonkey-Secret: wrong"],
            "403",
        ),
        (vec!["-F", "secret="], "401"),
        (vec![], "401"),
    ] {
        let sent = ["-sS", "-w", "%{http_code}", "-F", &form, &root];
        let output = run("curl", sent.iter().chain(&arguments), b"").await;
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(
            output.status.success() && text.ends_with(status),
            "{arguments:?}: {text}"
        );
        assert!(
            text.contains("secret") && text.lines().count() == 2,
            "{text}"
        );
    }
    for user in [format!("{SECRET}:"), format!("me:{SECRET}")] {
        let sent = ["-sS", "-w", "%{http_code}", "-u", &user, "-F", &form, &root];
        let output = run("curl", sent, b"").await;
        let text = String::from_utf8(output.stdout).unwrap();
        // The password counts, not the user.
        let status = if user.starts_with("me") { "302" } else { "401" };
        assert!(text.ends_with(status), "{text}");
    }
}

#[tokio::test]
async fn the_upload_script_runs_in_the_smallest_shell() {
    let bench = Bench::new().await;
    let root = bench.listening.url("");
    let script = run("curl", ["-sS", &format!("{root}/upload.sh")], b"")
        .await
        .stdout;
    let script = bench.file("upload.sh", &script);
    let shells: &[&str] = if run("dash", ["-c", "true"], b"").await.status.success() {
        &["dash", "sh"]
    } else {
        &["sh"]
    };
    let one = bench.file("-one; \"two\" [a].png", b"pixels");
    let two = bench.file("b.txt", b"text");
    let secret_file = bench.file("secret", SECRET.as_bytes());
    for shell in shells {
        assert!(
            run(shell, [OsStr::new("-n"), script.as_ref()], b"")
                .await
                .status
                .success()
        );
        let upload = async |arguments: &[&OsStr], secret: Option<(&str, &OsStr)>| {
            let mut command = Command::new(shell);
            command
                .arg(&script)
                .args(arguments)
                .current_dir(bench.listening.folder.path());
            command.envs(secret);
            let output = run_command(command, b"piped").await;
            let text = String::from_utf8(output.stdout).unwrap();
            (
                output.status.code(),
                text,
                String::from_utf8(output.stderr).unwrap(),
            )
        };
        let secret = Some(("ONEKEY_UPLOAD_SECRET", OsStr::new(SECRET)));
        let name = one.file_name().unwrap();
        let (code, urls, _) = upload(&["--".as_ref(), name, two.as_ref()], secret).await;
        assert_eq!(code, Some(0));
        let urls: Vec<_> = urls.lines().collect();
        assert_eq!(urls.len(), 2, "{urls:?}");
        bench
            .opened(urls[0])
            .await
            .is(name.to_str().unwrap(), "image/png", b"pixels");
        bench
            .opened(urls[1])
            .await
            .is("b.txt", "text/plain", b"text");

        let from_file = Some(("ONEKEY_UPLOAD_SECRET_FILE", secret_file.as_ref()));
        let (code, url, _) =
            upload(&["-e".as_ref(), "12h".as_ref(), "-n5".as_ref()], from_file).await;
        assert_eq!(code, Some(0));
        let opened = bench.opened(url.trim_end()).await;
        opened.is("file", "application/octet-stream", b"piped");
        assert_eq!(opened.answer["downloads_left"], 5);
        assert!(opened.answer["expires_at"].is_u64());

        let (code, out, error) = upload(&[two.as_ref()], None).await;
        assert_eq!((code, out.as_str()), (Some(1), ""));
        assert!(error.contains("wants an upload secret"), "{error}");
        let (code, _, error) = upload(&["missing".as_ref()], secret).await;
        assert!(code == Some(1) && error.contains("missing"), "{error}");
        assert_eq!(upload(&["-x".as_ref()], secret).await.0, Some(2));
    }
}
