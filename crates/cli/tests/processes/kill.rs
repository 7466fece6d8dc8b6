//! `kill -9` at the worst moments, and a restart on the same folder.

use std::collections::HashSet;
use std::io;
use std::path::Path;
use std::sync::mpsc::{self, Sender as Acknowledge};
use std::sync::{Barrier, Mutex};
use std::thread;

use rand::RngExt;

use crate::files::below;
use crate::http::{Answer, Connection};
use crate::sender::Sender;
use crate::server::Server;

/// Rounds of three kills: while parts, completes and deletes are under way.
const ROUNDS: u64 = if cfg!(feature = "long") { 20 } else { 5 };

/// Uploads at once.
const UPLOADS: usize = 20;

/// Uploads that hold back half a part until the server is dead, so that every kill meets some in the middle.
const HELD: usize = 5;

/// Bytes of each upload: eight parts.
const LENGTH: usize = 8 * 16 * 1024 - 100;

#[derive(Debug, Default)]
struct Count {
    kills: usize,
    acknowledged: usize,
    lost: usize,
}

#[test]
fn t31_t22_kill_9_loses_no_acknowledged_part_share_or_deletion() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    let mut count = Count::default();
    for round in 0..ROUNDS {
        let seed = |upload| round * UPLOADS as u64 + upload as u64;
        let senders: Vec<_> = (0..UPLOADS)
            .map(|upload| Sender::new(seed(upload), LENGTH))
            .collect();
        let senders = kill_during_parts(&data, senders, &mut count);
        kill_during_completes(&data, &senders, &mut count);
        kill_during_deletes(&data, &senders, &mut count);
    }
    eprintln!("{count:?}");
    assert_eq!(count.lost, 0, "{count:?}");
}

/// Kills the server when a random number of parts was acknowledged, and looks for those.
fn kill_during_parts(data: &Path, senders: Vec<Sender>, count: &mut Count) -> Vec<Sender> {
    let server = Server::start(data);
    let address = server.address;
    let acknowledged = Mutex::new(HashSet::new());
    let senders: Vec<Mutex<Sender>> = senders.into_iter().map(Mutex::new).collect();
    let created = Barrier::new(UPLOADS);
    let held = Barrier::new(HELD + 1);
    let dead = Barrier::new(HELD + 1);
    thread::scope(|scope| {
        let (tell, told) = mpsc::channel();
        for (upload, sender) in senders.iter().enumerate() {
            let (tell, acknowledged) = (tell.clone(), &acknowledged);
            let (created, held, dead) = (&created, &held, &dead);
            scope.spawn(move || {
                let mut sender = sender.lock().unwrap();
                sender.create(address).unwrap();
                created.wait();
                let acknowledge = |number| {
                    acknowledged.lock().unwrap().insert((upload, number));
                    let _ = tell.send(());
                };
                if upload < HELD {
                    hold_half_a_part(&sender, address, acknowledge, [held, dead]).unwrap();
                } else {
                    // It ends when the server does.
                    let _ = put_parts(&sender, address, acknowledge);
                }
            });
        }
        drop(tell);
        held.wait();
        for _ in 0..rand::rng().random_range(1..=100) {
            told.recv().unwrap();
        }
        server.kill();
        count.kills += 1;
        dead.wait();
    });

    let server = Server::start(data);
    let senders: Vec<Sender> = senders
        .into_iter()
        .map(|sender| sender.into_inner().unwrap())
        .collect();
    let mut lost = acknowledged.into_inner().unwrap();
    count.acknowledged += lost.len();
    for (upload, sender) in senders.iter().enumerate() {
        for number in sender.received(server.address) {
            lost.remove(&(upload, number));
        }
    }
    count.lost += lost.len();
    server.kill();
    senders
}

/// Sends the first part whole and of the second one half, then waits for the server's death.
fn hold_half_a_part(
    sender: &Sender,
    address: std::net::SocketAddr,
    acknowledge: impl Fn(u32),
    [held, dead]: [&Barrier; 2],
) -> io::Result<()> {
    let mut connection = Connection::open(address)?;
    let mut parts = sender.parts();
    let (number, bytes) = parts.next().unwrap();
    sender.put_part(&mut connection, number, bytes)?.is(204);
    acknowledge(number);
    let (number, bytes) = parts.next().unwrap();
    connection.send(sender.part_head(number, bytes, ""))?;
    connection.send(&bytes[..bytes.len() / 2])?;
    held.wait();
    dead.wait();
    assert!(connection.answer().is_err(), "a dead server answered");
    Ok(())
}

/// Sends every part, as long as the server lives.
fn put_parts(
    sender: &Sender,
    address: std::net::SocketAddr,
    acknowledge: impl Fn(u32),
) -> io::Result<()> {
    let mut connection = Connection::open(address)?;
    for (number, bytes) in sender.parts() {
        sender.put_part(&mut connection, number, bytes)?.is(204);
        acknowledge(number);
    }
    Ok(())
}

/// Kills the server while uploads are completed. All of them can still be, and hold what was sent.
fn kill_during_completes(data: &Path, senders: &[Sender], count: &mut Count) {
    let server = Server::start(data);
    let address = server.address;
    for sender in senders {
        put_parts(sender, address, |_| {}).unwrap();
    }
    let acknowledged = until_killed(server, senders, |sender| {
        Ok(sender.complete(address)?.is(201))
    });
    count.kills += 1;

    let server = Server::start(data);
    for (sender, acknowledged) in senders.iter().zip(acknowledged) {
        if acknowledged && !sender.is_live(server.address) {
            count.lost += 1;
        }
        sender.complete(server.address).unwrap().is(201);
        assert!(
            sender.download(server.address) == sender.payload,
            "other bytes"
        );
    }
    server.kill();
}

/// Kills the server while shares are deleted. They stay deleted, and at the end no byte of them is left.
fn kill_during_deletes(data: &Path, senders: &[Sender], count: &mut Count) {
    let server = Server::start(data);
    let address = server.address;
    let acknowledged = until_killed(server, senders, |sender| {
        Ok(sender.delete(address)?.is(204))
    });
    count.kills += 1;

    let server = Server::start(data);
    for (sender, acknowledged) in senders.iter().zip(acknowledged) {
        if acknowledged && sender.is_live(server.address) {
            count.lost += 1;
        }
        sender.delete(server.address).unwrap().is(204);
    }
    let left = below(&data.join("blobs"));
    assert!(left.is_empty(), "bytes of deleted shares: {left:?}");
    server.kill();
}

/// Asks for every sender at once and kills the server when some were answered. Returns which were.
fn until_killed(
    server: Server,
    senders: &[Sender],
    ask: impl Fn(&Sender) -> io::Result<Answer> + Sync,
) -> Vec<bool> {
    let start = Barrier::new(senders.len());
    let (ask, start) = (&ask, &start);
    thread::scope(|scope| {
        let (tell, told): (Acknowledge<()>, _) = mpsc::channel();
        let asked = senders.iter().map(|sender| {
            let tell = tell.clone();
            scope.spawn(move || {
                start.wait();
                let answered = ask(sender).is_ok();
                if answered {
                    let _ = tell.send(());
                }
                answered
            })
        });
        let asked: Vec<_> = asked.collect();
        for _ in 0..rand::rng().random_range(1..senders.len()) {
            told.recv().unwrap();
        }
        server.kill();
        asked
            .into_iter()
            .map(|asked| asked.join().unwrap())
            .collect()
    })
}
