//! Behind nginx as it comes: `proxy_pass` and nothing else, so over HTTP/1.0 and with its buffers.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::programs::{broke_off, curl, long, url};
use crate::skip;

/// Longest time until nginx takes connections.
const START: Duration = Duration::from_secs(20);

/// nginx in a folder of its own, until the test ends.
struct Nginx {
    process: Child,
    address: SocketAddr,
    folder: tempfile::TempDir,
}

impl Nginx {
    fn before(server: SocketAddr) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        // Free a moment ago: nobody else here asks for that port in between.
        let address = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let here = folder.path().display();
        let configuration = format!(
            "daemon off;\nmaster_process off;\npid {here}/pid;\nerror_log {here}/error.log;\n\
             events {{ }}\nhttp {{\n access_log off;\n\
             client_body_temp_path {here}/body; proxy_temp_path {here}/proxy; fastcgi_temp_path {here}/fastcgi;\n\
             uwsgi_temp_path {here}/uwsgi; scgi_temp_path {here}/scgi;\n\
             server {{ listen {address}; location / {{ proxy_pass http://{server}; }} }}\n}}\n"
        );
        let file = folder.path().join("nginx.conf");
        std::fs::write(&file, configuration).unwrap();
        let program = ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx"]
            .into_iter()
            .find(|program| std::path::Path::new(program).exists());
        let Some(program) = program else {
            skip("c6_nginx", "nginx is not installed");
            return None;
        };
        let mut command = Command::new(program);
        command.arg("-p").arg(folder.path()).arg("-c").arg(&file);
        let mut process = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let end = Instant::now() + START;
        while TcpStream::connect(address).is_err() {
            let ended = process.try_wait().unwrap();
            assert!(
                ended.is_none() && Instant::now() < end,
                "nginx does not start: {ended:?}"
            );
            std::thread::sleep(Duration::from_millis(50));
        }
        Some(Self {
            process,
            address,
            folder,
        })
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn c6_curl_sees_it_through_nginx_as_it_comes() {
    let (server, shared) = long(true).await;
    let Some(nginx) = Nginx::before(server.address) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (url, file) = (
        url(nginx.address, &shared, ".mp4"),
        folder.path().join("out"),
    );
    for (range, right) in [
        (None, &shared.plaintext[..]),
        (Some("5-6000000"), &shared.plaintext[5..=6_000_000]),
    ] {
        let _ = std::fs::remove_file(&file);
        let mut arguments = vec!["--fail", "--output", "out", &url];
        if let Some(range) = range {
            arguments.extend(["--range", range]);
        }
        let Some(output) = curl("c6_curl", &arguments, folder.path()).await else {
            return;
        };
        broke_off(&output, 18, right, &file);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn c7_nginx_as_it_comes_writes_no_plaintext_to_its_disk() {
    let (server, shared) = long(false).await;
    let Some(nginx) = Nginx::before(server.address) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let url = url(nginx.address, &shared, ".mp4");
    // Slowly, so that nginx would have to keep what it got.
    let arguments = ["--fail", "--limit-rate", "3M", "--output", "out", &url];
    let downloading = curl("c7_curl", &arguments, folder.path());
    let proxied = nginx.folder.path().join("proxy");
    let watching = async {
        loop {
            tokio::time::sleep(Duration::from_millis(20)).await;
            let files = files_below(&proxied);
            assert!(files.is_empty(), "nginx keeps {files:?}");
        }
    };
    let output = tokio::select! {
        output = downloading => output,
        () = watching => None,
    };
    let Some(output) = output else { return };
    assert!(output.status.success());
    assert!(std::fs::read(folder.path().join("out")).unwrap() == shared.plaintext);
}

fn files_below(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.path().is_dir() {
            files.extend(files_below(&entry.path()));
        } else {
            files.push(entry.path());
        }
    }
    files
}
