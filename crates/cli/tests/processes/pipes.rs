//! Streams whose length nobody knows before they end.

use crate::client::{Share, command, run};
use crate::files::noise;
use crate::server::Server;

/// Plaintext of a chunk.
const CHUNK: usize = 64 << 10;

#[test]
fn pipes_of_every_length_come_out_as_they_went_in() {
    let home = tempfile::tempdir().unwrap();
    let server = Server::start(&home.path().join("data"));
    // The last one is two full parts of 32 MiB, and a rest.
    for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 70 << 20] {
        let content = noise(length as u64, length);
        let put = command(
            home.path(),
            &server.url(),
            &["put", "--json", "-", "--name", "pipe.bin"],
        );
        let share = Share::of(&run(put, &content).exits(0));
        let get = command(home.path(), "", &["get", "-o", "-"]);
        let done = run(get, share.link.as_bytes()).exits(0);
        assert!(done.stdout == content, "{length} bytes differ");
        let list = command(home.path(), "", &["info", "--json"]);
        let done = run(list, share.link.as_bytes()).exits(0);
        let value: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
        let file = &value["files"][0];
        assert_eq!(
            (file["path"].as_str(), file["size"].as_u64()),
            (Some("pipe.bin"), Some(length as u64))
        );
    }
}
