//! Continuing a put that compresses: the same bytes are made again, compared, and only what is missing goes out.

use super::compress::{client, deceiving};
use super::resume::{change, faults};
use super::*;

/// Two chunks.
const PART: u64 = 2 * (CHUNK as u64 + 28);
/// Of these texts there are about seven parts.
const TEXTS: [(&str, usize); 3] = [("a.txt", 60_000), ("b.txt", 300_000), ("c.txt", 60_000)];
/// What cannot be compressed stands between them.
const NOISE: usize = 600_000;

struct Sender {
    folder: tempfile::TempDir,
}

impl Sender {
    fn new() -> Self {
        let texts = TEXTS.map(|(name, len)| (name, hex(len)));
        let noise = [("b.zip", noise(NOISE))];
        Self {
            folder: folder_of(&texts.into_iter().chain(noise).collect::<Vec<_>>()),
        }
    }

    fn source(&self, name: &str) -> PathBuf {
        self.folder.path().join("src").join(name)
    }

    fn state_file(&self) -> PathBuf {
        let mut entries = fs::read_dir(self.folder.path().join("state")).unwrap();
        entries.next().unwrap().unwrap().path()
    }

    fn options(&self, resume: bool) -> PutOptions {
        let state = self.folder.path().join("state");
        PutOptions {
            state: Some(ResumeState::new(state).resume(resume)),
            ..PutOptions::default()
        }
    }

    /// A put that the server leaves after `stored` parts.
    async fn broken(&self, fake: &Fake, stored: usize) {
        fake.fail("part", faults(stored));
        let client = client(fake, 1);
        let put = client.put(sources(&self.folder), self.options(false), &NoProgress);
        assert!(matches!(put.await, Err(PutError::Api(_))));
        assert!(!fake.state().aborted);
        fake.state().faults.clear();
    }

    /// Continues, and compares what a receiver gets. Returns what was told.
    async fn resume(&self, fake: &Fake) -> String {
        let watch = Watch::default();
        let client = client(fake, 4);
        let put = client.put(sources(&self.folder), self.options(true), &watch);
        let share = put.await.unwrap();
        assert_eq!(
            *watch.total.lock().unwrap(),
            Some(*watch.done.lock().unwrap())
        );
        let opened = open_link(fake, &share.link).await;
        let target = tempfile::tempdir().unwrap();
        opened
            .get_all(target.path(), GetOptions::default(), &NoProgress)
            .await
            .unwrap();
        assert!(tree(&target.path().join("src")) == tree(&self.folder.path().join("src")));
        watch.resumed.lock().unwrap().join(";")
    }
}

async fn fake() -> Fake {
    let fake = Fake::start().await;
    fake.state().max_part_size = PART;
    fake
}

#[tokio::test]
async fn exactly_the_missing_parts_of_a_compressed_put_are_sent() {
    for stored in [0, 2, 5] {
        let (fake, sender) = (fake().await, Sender::new());
        sender.broken(&fake, stored).await;
        let before = std::mem::take(&mut fake.state().stored);
        assert_eq!(before.len(), stored);
        let told = sender.resume(&fake).await;
        assert_eq!(
            told,
            format!("Continues {{ there: {stored}, parts: None }}")
        );
        let mut all = fake.state().stored.clone();
        all.extend(&before);
        all.sort_unstable();
        assert_eq!(all.len(), 7);
        assert_eq!(all, (0..all.len() as u32).collect::<Vec<_>>());
        assert_eq!(fake.count("create"), 1);
    }
}

#[tokio::test]
async fn a_compressed_put_that_was_dropped_goes_on() {
    let (fake, sender) = (fake().await, Sender::new());
    fake.fail("part", [Fault::Pass, Fault::Pass, Fault::Hang]);
    let dropped = client(&fake, 1);
    let put = dropped.put(sources(&sender.folder), sender.options(false), &NoProgress);
    let reached = async {
        while fake.count("part") < 3 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::select! {
        put = put => panic!("{put:?}"),
        () = reached => {}
    }
    dropped.settle().await;
    assert!(!fake.state().aborted);
    fake.state().faults.clear();
    fake.state().stored.clear();
    let told = sender.resume(&fake).await;
    assert_eq!(told, "Continues { there: 2, parts: None }");
    let stored = fake.state().stored.clone();
    assert!(!stored.contains(&0) && !stored.contains(&1) && stored.len() == 5);
}

#[tokio::test]
async fn t17_one_changed_byte_starts_over_with_other_keys() {
    // In what was sent, compressed whole, while streaming, and as it is.
    for (name, at) in [("a.txt", 5), ("b.txt", 100_000), ("b.zip", 1000)] {
        let (fake, sender) = (fake().await, Sender::new());
        sender.broken(&fake, 6).await;
        let old = fake.state().parts.clone();
        let sent = fake.count("part");
        change(&sender.source(name), at);
        let told = sender.resume(&fake).await;
        assert!(told.ends_with(";StartedOver(Source)"), "{told}");
        let state = fake.state();
        assert!(state.aborted && state.headers[0] != state.headers[1]);
        // Nothing more went out under the old key.
        assert_eq!(
            state.log.iter().filter(|&&kind| kind == "part").count() - sent,
            state.parts.len()
        );
        for (number, part) in old {
            assert_ne!(state.parts[&number], part);
        }
    }
}

/// A part that was recorded and lost may be sent again once it was compared. One that was never sent waits for all of them.
#[tokio::test]
async fn t17_nothing_new_is_sent_before_everything_was_compared() {
    let (fake, sender) = (fake().await, Sender::new());
    sender.broken(&fake, 4).await;
    // As if a crash had lost the first record, and with it what the server has of that part.
    let path = sender.state_file();
    let text = fs::read_to_string(&path).unwrap();
    let lines = text.split_inclusive('\n');
    let kept: String = lines.filter(|line| !line.starts_with("part 1 ")).collect();
    fs::write(&path, kept).unwrap();
    fake.state().parts.remove(&1);
    let sent = fake.count("part");
    let told = sender.resume(&fake).await;
    assert!(told.ends_with(";StartedOver(Source)"), "{told}");
    let log = fake.state().log.clone();
    let abort = log.iter().position(|&kind| kind == "abort").unwrap();
    let before = log[..abort].iter().filter(|&&kind| kind == "part").count();
    assert_eq!(before, sent, "a part without a record was sent first");
}

#[tokio::test]
async fn a_lost_part_is_compared_and_sent_again() {
    let (fake, sender) = (fake().await, Sender::new());
    sender.broken(&fake, 5).await;
    fake.state().parts.remove(&2);
    fake.state().stored.clear();
    let told = sender.resume(&fake).await;
    assert_eq!(told, "Continues { there: 4, parts: None }");
    assert!(fake.state().stored.contains(&2));
}

#[tokio::test]
async fn another_compressor_starts_over() {
    let (fake, sender) = (fake().await, Sender::new());
    sender.broken(&fake, 3).await;
    let client = fake.client_of(onekey_client::ClientOptions {
        compress_whole: 65 << 10,
        ..onekey_client::ClientOptions::default()
    });
    let watch = Watch::default();
    let put = client.put(sources(&sender.folder), sender.options(true), &watch);
    put.await.unwrap();
    assert_eq!(*watch.resumed.lock().unwrap(), ["StartedOver(Compression)"]);
    let state = fake.state();
    assert!(state.aborted && state.headers[0] != state.headers[1]);
}

#[tokio::test]
async fn without_compression_is_another_put() {
    let (fake, sender) = (fake().await, Sender::new());
    sender.broken(&fake, 3).await;
    let options = PutOptions {
        compress: false,
        ..sender.options(true)
    };
    let watch = Watch::default();
    let onekey = client(&fake, 4);
    let put = onekey.put(sources(&sender.folder), options, &watch);
    put.await.unwrap();
    assert_eq!(*watch.resumed.lock().unwrap(), ["Nothing"]);
}

#[tokio::test]
async fn a_lost_answer_to_complete_gives_the_same_link() {
    let (fake, sender) = (fake().await, Sender::new());
    fake.fail("complete", vec![Fault::LoseAnswer; 100]);
    let onekey = client(&fake, 4);
    let put = onekey.put(sources(&sender.folder), sender.options(false), &NoProgress);
    assert!(put.await.is_err());
    fake.state().faults.clear();
    let body = fake.state().completes[0].clone();
    let parts = fake.count("part");
    let told = sender.resume(&fake).await;
    let there = fake.state().parts.len();
    assert_eq!(
        told,
        format!("Continues {{ there: {there}, parts: Some({there}) }}")
    );
    assert_eq!(fake.count("part"), parts);
    assert_eq!(*fake.state().completes.last().unwrap(), body);
}

#[tokio::test]
async fn a_complete_that_never_arrived_is_sent_after_all_was_compared() {
    let (fake, sender) = (fake().await, Sender::new());
    fake.fail("complete", vec![Fault::Proxy(502); 100]);
    let onekey = client(&fake, 4);
    let put = onekey.put(sources(&sender.folder), sender.options(false), &NoProgress);
    assert!(put.await.is_err());
    fake.state().faults.clear();
    let parts = fake.count("part");
    let told = sender.resume(&fake).await;
    assert!(told.starts_with("Continues"), "{told}");
    assert_eq!(fake.count("part"), parts);
}

#[tokio::test]
async fn a_large_file_that_does_not_get_smaller_is_known_after_a_resume() {
    let (fake, sender) = (fake().await, Sender::new());
    fs::write(sender.source("d.bin"), deceiving(600_000)).unwrap();
    // Cut off in its first try; continued, it ends not smaller; the second upload stores it as it is.
    sender.broken(&fake, 4).await;
    let told = sender.resume(&fake).await;
    assert!(told.ends_with(";StartedOver(NotSmaller)"), "{told}");
    assert_eq!(fake.count("create"), 2);

    // Cut off in the second: it goes on there.
    let (fake, sender) = (self::fake().await, Sender::new());
    fs::write(sender.source("d.bin"), deceiving(600_000)).unwrap();
    let first_try = {
        let counting = self::fake().await;
        let onekey = client(&counting, 1);
        let put = onekey.put(sources(&sender.folder), PutOptions::default(), &NoProgress);
        put.await.unwrap();
        let log = counting.state().log.clone();
        let abort = log.iter().position(|&kind| kind == "abort").unwrap();
        log[..abort].iter().filter(|&&kind| kind == "part").count()
    };
    fake.fail("part", faults(first_try + 3));
    let onekey = client(&fake, 1);
    let put = onekey.put(sources(&sender.folder), sender.options(false), &NoProgress);
    assert!(put.await.is_err());
    fake.state().faults.clear();
    assert_eq!(fake.count("create"), 2);
    let told = sender.resume(&fake).await;
    assert_eq!(told, "Continues { there: 3, parts: None }");
    assert_eq!(fake.count("create"), 2);
}
