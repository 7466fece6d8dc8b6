//! The log of the real server, asked for every kind of address of the page: routes, and never paths.

use crate::common::process::Process;

#[test]
fn t36_no_path_of_the_page_is_in_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let web = folder.path().join("web");
    std::fs::create_dir(&web).unwrap();
    for own_page in [false, true] {
        let server = Process::start(|server| {
            server.args(["--db=memory:", "--blobs=memory:", "--log=trace"]);
            if own_page {
                server.arg("--web-dir").arg(&web);
            }
        });
        let paths = [
            "/?CANARY",
            "/send?CANARY",
            "/s/?CANARY",
            "/manage/CANARY",
            "/s%23CANARY",
            "/assets/CANARY/x.js",
            "/assets/dev/CANARY.js",
            "/assets/dev/%FFCANARY.js",
            "/download/CANARY",
            "/download/service-worker.js?CANARY",
        ];
        for path in paths {
            server.ask("GET", path, "accept: text/html\r\nreferer: http://x/CANARY");
        }
        let log = server.into_log();
        let requests = log
            .iter()
            .filter(|line| line.contains("request method=\"GET\""))
            .count();
        assert_eq!(requests, paths.len(), "{log:#?}");
        assert!(
            log.iter()
                .any(|line| line.contains("route=\"/assets/{folder}/{*name}\"")),
            "{log:#?}"
        );
        let told = log
            .iter()
            .find(|line| line.contains("CANARY") || line.contains(web.to_str().unwrap()));
        assert_eq!(told, None);
    }
}
