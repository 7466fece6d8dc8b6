//! `kill -9` of server and client in the middle of puts and gets: every transfer is continued and equal, and little
//! is sent twice.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rand::RngExt;

use crate::client::{self, Done, Share};
use crate::files::{below, noise};
use crate::proxy::Proxy;
use crate::server::{self, PATIENCE, Server};

/// Kills in all, and bytes of each share.
const KILLS: usize = if cfg!(feature = "long") { 100 } else { 6 };
const LENGTH: usize = if cfg!(feature = "long") {
    300 << 20
} else {
    240 << 20
};

/// Kills of one transfer: so far apart that who begins again sends more than the bound.
const KILLS_OF_ONE: usize = if cfg!(feature = "long") { 6 } else { 3 };

/// One kill in so many is the server's, the first one too.
const KILLS_PER_SERVER: usize = 3;

/// Most of a payload that is on its way: four parts or windows of 8 MiB.
const IN_FLIGHT: u64 = 4 * (8 << 20);

/// What goes around a payload, for each try of it: heads of requests and answers, a manifest.
const AROUND: u64 = 256 << 10;

/// Pause between two looks at the wire.
const LOOK: Duration = Duration::from_millis(1);

/// The machine: one folder with the data, one wire, one server at a time.
struct World {
    home: tempfile::TempDir,
    proxy: Proxy,
    server: Option<Server>,
    kills: usize,
    again: Again,
}

/// Bytes that went over the wire twice.
#[derive(Debug, Default)]
struct Again {
    put: u64,
    put_kills: u64,
    got: u64,
    get_kills: u64,
}

#[test]
fn t17_t31_puts_and_gets_survive_kill_9_of_either_side() {
    let home = tempfile::tempdir().unwrap();
    let server = Server::start(&home.path().join("data"));
    let mut world = World {
        proxy: Proxy::new(server.address),
        server: Some(server),
        home,
        kills: 0,
        again: Again::default(),
    };
    let mut seed = 0;
    while world.kills < KILLS {
        seed += 1;
        let share = world.put(seed);
        world.check();
        world.get(seed, &share);
        world.check();
        let rm = client::command(world.home.path(), "", &["rm", "-q"]);
        client::run(rm, share.manage_link.as_bytes()).exits(0);
    }
    let Again {
        put,
        put_kills,
        got,
        get_kills,
    } = world.again;
    eprintln!(
        "{} kills; again for each kill: {} KiB sent, {} KiB received",
        world.kills,
        put / put_kills.max(1) / 1024,
        got / get_kills.max(1) / 1024,
    );
}

impl World {
    fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    /// Sends a file, killed and continued.
    fn put(&mut self, seed: u64) -> Share {
        let file = self.home.path().join("film.bin");
        fs::write(&file, noise(seed, LENGTH)).unwrap();
        let before = self.proxy.up();
        let mut kills = 0;
        let arguments = ["put", "--json", "-q", "--downloads", "1", "film.bin"];
        let done = loop {
            let resume = if kills == 0 {
                &[][..]
            } else {
                &["--resume"][..]
            };
            let arguments = [&arguments, resume].concat();
            let command = client::command(self.home.path(), &self.proxy.url, &arguments);
            if let Some(done) = self.disturb(client::start(command), &mut kills, Proxy::up) {
                break done;
            }
        };
        let share = Share::of(&done.exits(0));
        let stored: u64 = below(&self.data().join("blobs"))
            .iter()
            .map(|path| path.metadata().unwrap().len())
            .sum();
        let again = (self.proxy.up() - before).saturating_sub(stored);
        let kills = kills as u64;
        assert!(
            again <= kills * IN_FLIGHT + (kills + 1) * AROUND,
            "{again} bytes again for {kills} kills"
        );
        self.again.put += again;
        self.again.put_kills += kills;
        share
    }

    /// Receives it, killed and continued, for the one download that there is.
    fn get(&mut self, seed: u64, share: &Share) {
        let to = self.home.path().join("received");
        fs::create_dir(&to).unwrap();
        let before = self.proxy.down();
        let mut kills = 0;
        let done = loop {
            let mut command =
                client::command(self.home.path(), "", &["get", "-q", "-o", "received/"]);
            command.env("ONEKEY_LINK", &share.link);
            if let Some(done) = self.disturb(client::start(command), &mut kills, Proxy::down) {
                break done;
            }
        };
        done.exits(0);
        assert!(
            fs::read(to.join("film.bin")).unwrap() == noise(seed, LENGTH),
            "other bytes"
        );
        let left: Vec<_> = below(&to);
        assert_eq!(left.len(), 1, "{left:?}");
        fs::remove_dir_all(&to).unwrap();
        assert_eq!(share.downloads(), 1);
        let again = (self.proxy.down() - before).saturating_sub(LENGTH as u64);
        let kills = kills as u64;
        // The last eighth of a mebibyte and more of a large payload is padding.
        let padding = LENGTH as u64 / 16;
        assert!(
            again <= kills * IN_FLIGHT + (kills + 1) * AROUND + padding,
            "{again} bytes again for {kills} kills"
        );
        self.again.got += again;
        self.again.get_kills += kills;
    }

    /// Kills somebody whenever a random number of bytes went by. `None` if it was the client.
    fn disturb(
        &mut self,
        mut client: Child,
        kills: &mut usize,
        passed: fn(&Proxy) -> u64,
    ) -> Option<Done> {
        let mut random = rand::rng();
        loop {
            let apart = [2, 1].map(|more| (LENGTH / (KILLS_OF_ONE + more)) as u64);
            let next = passed(&self.proxy) + random.random_range(apart[0]..=apart[1]);
            let end = Instant::now() + PATIENCE;
            while *kills >= KILLS_OF_ONE || passed(&self.proxy) < next {
                if client.try_wait().unwrap().is_some() {
                    return Some(client::finish(client, b""));
                }
                assert!(Instant::now() < end, "the transfer stands still");
                thread::sleep(LOOK);
            }
            let is_servers_turn = kills.is_multiple_of(KILLS_PER_SERVER);
            *kills += 1;
            self.kills += 1;
            if !is_servers_turn {
                client.kill().unwrap();
                client.wait().unwrap();
                return None;
            }
            self.server.take().unwrap().kill();
            let server = Server::start(&self.data());
            self.proxy.lead_to(server.address);
            self.server = Some(server);
        }
    }

    /// Lets `check` read every byte, beside the running server.
    fn check(&self) {
        let mut command = server::bare_command(self.home.path());
        command
            .args(["check", "--digests", "--data"])
            .arg(self.data());
        let output = command.stdout(Stdio::piped()).output().unwrap();
        let report = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(0), "{report}");
    }
}
