//! Continuing a put: only what is missing goes out, and no part has two plaintexts under one share key.

use std::fs::File;

use onekey_core::base64url;
use onekey_core::wire::UploadState;
use sha2::{Digest, Sha256};

use super::*;

/// Two chunks.
const PART: usize = 2 * (CHUNK + 28);
/// Six parts, the last one short; without padding.
const LEN: usize = 11 * CHUNK + 500;
const PARTS: u32 = 6;

/// A sender's machine: files, and a folder for states.
pub(crate) struct Sender {
    folder: tempfile::TempDir,
}

impl Sender {
    pub(crate) fn new() -> Self {
        Self {
            folder: folder(&[("a", LEN - 1000), ("b", 1000)]),
        }
    }

    fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    /// The one state file, or nothing.
    fn state_file(&self) -> Option<PathBuf> {
        let mut entries = fs::read_dir(self.state()).ok()?;
        let path = entries.next()?.unwrap().path();
        assert!(entries.next().is_none());
        Some(path)
    }

    fn source(&self) -> PathBuf {
        self.folder.path().join("src/a")
    }

    fn change(&self, at: usize) {
        change(&self.source(), at);
    }

    fn options(&self, resume: bool) -> PutOptions {
        PutOptions {
            pad: Some(false),
            compress: false,
            state: Some(ResumeState::new(self.state()).resume(resume)),
            ..PutOptions::default()
        }
    }

    async fn put(
        &self,
        fake: &Fake,
        options: PutOptions,
        watch: &Watch,
    ) -> Result<PutShare, PutError> {
        let client = fake.client();
        client.put(sources(&self.folder), options, watch).await
    }

    /// A put that the server leaves after `stored` parts.
    pub(crate) async fn broken(&self, fake: &Fake, stored: usize) {
        let options = self.options(false);
        let state = options.state.clone().unwrap();
        fake.fail("part", faults(stored));
        let client = fake.client_with(1);
        let put = client.put(sources(&self.folder), options, &NoProgress);
        let error = put.await;
        assert!(matches!(error, Err(PutError::Api(_))), "{error:?}");
        assert!(state.is_kept() && !fake.state().aborted);
        assert!(self.state_file().is_some());
        fake.state().faults.clear();
    }

    async fn fails(&self, fake: &Fake) {
        let watch = Watch::default();
        let put = self.put(fake, self.options(false), &watch).await;
        assert!(put.is_err());
    }

    pub(crate) async fn resume(&self, fake: &Fake) -> (PutShare, String) {
        let watch = Watch::default();
        let options = self.options(true);
        let state = options.state.clone().unwrap();
        let share = self.put(fake, options, &watch).await.unwrap();
        assert_eq!(*watch.done.lock().unwrap(), fake.payload().len() as u64);
        assert!(self.state_file().is_some() && state.is_kept());
        state.forget();
        assert!(self.state_file().is_none() && !state.is_kept());
        let told = watch.resumed.lock().unwrap().join(";");
        (share, told)
    }

    /// Opens what is on the server and compares.
    pub(crate) async fn check(&self, fake: &Fake, share: &PutShare) {
        let opened = open_link(fake, &share.link).await;
        let target = tempfile::tempdir().unwrap();
        opened
            .get_all(target.path(), GetOptions::default(), &NoProgress)
            .await
            .unwrap();
        assert!(tree(&target.path().join("src")) == tree(&self.folder.path().join("src")));
    }
}

/// Changes one byte and nothing that `stat` shows.
pub(crate) fn change(path: &Path, at: usize) {
    let modified = fs::metadata(path).unwrap().modified().unwrap();
    let mut content = fs::read(path).unwrap();
    content[at] ^= 1;
    fs::write(path, content).unwrap();
    let file = File::options().write(true).open(path).unwrap();
    file.set_modified(modified).unwrap();
}

/// The server answers `stored` parts and then no more.
pub(crate) fn faults(stored: usize) -> Vec<Fault> {
    let mut faults = vec![Fault::Pass; stored];
    faults.extend(vec![Fault::Proxy(502); 100]);
    faults
}

pub(crate) async fn fake() -> Fake {
    let fake = Fake::start().await;
    fake.state().max_part_size = PART as u64;
    fake
}

pub(crate) fn header(fake: &Fake) -> [u8; 72] {
    fake.state().create.as_ref().unwrap().header
}

#[tokio::test]
async fn exactly_the_missing_parts_are_sent() {
    for stored in 0..PARTS as usize {
        let (fake, sender) = (fake().await, Sender::new());
        sender.broken(&fake, stored).await;
        let before = std::mem::take(&mut fake.state().stored);
        assert_eq!(before.len(), stored);
        let (share, told) = sender.resume(&fake).await;
        assert_eq!(
            told,
            format!("Continues {{ there: {stored}, parts: Some({PARTS}) }}")
        );
        let mut after = fake.state().stored.clone();
        after.extend(&before);
        after.sort_unstable();
        assert_eq!(after, (0..PARTS).collect::<Vec<_>>());
        assert_eq!(fake.count("create"), 1);
        sender.check(&fake, &share).await;
    }
}

#[tokio::test]
async fn t17_a_part_leaves_after_its_record_and_complete_after_its_body() {
    let (fake, sender) = (fake().await, Sender::new());
    let plaintext = [noise(LEN - 1000), noise(1000)].concat();
    let state = sender.state();
    let looked = std::sync::Arc::new(Mutex::new(0));
    let count = std::sync::Arc::clone(&looked);
    let look = move |segments: &[&str]| {
        let path = fs::read_dir(&state)
            .unwrap()
            .next()
            .unwrap()
            .unwrap()
            .path();
        let text = fs::read_to_string(path).unwrap();
        if let [_, _, "parts", number] = segments {
            let at = number.parse::<usize>().unwrap() * 2 * CHUNK;
            let part = &plaintext[at..plaintext.len().min(at + 2 * CHUNK)];
            let digest = base64url::encode(&Sha256::digest(part));
            let record = format!("part {number} {} {digest} ", part.len());
            assert!(text.lines().any(|line| line.starts_with(&record)));
        } else {
            assert!(text.lines().last().unwrap().starts_with("complete "));
        }
        *count.lock().unwrap() += 1;
    };
    fake.state().look = Some(Box::new(look));
    let watch = Watch::default();
    let done = sender.put(&fake, sender.options(false), &watch);
    done.await.unwrap();
    assert_eq!(*looked.lock().unwrap(), PARTS + 1);
}

#[tokio::test]
async fn a_client_killed_before_its_link_is_safe_gives_the_same_link_again() {
    let (fake, sender) = (fake().await, Sender::new());
    let (options, watch) = (sender.options(false), Watch::default());
    let state = options.state.clone().unwrap();
    let share = sender.put(&fake, options, &watch).await.unwrap();
    assert!(sender.state_file().is_some() && state.is_kept());
    // Nobody else takes it up meanwhile.
    let second = sender.put(&fake, sender.options(true), &watch).await;
    assert!(matches!(second, Err(PutError::InUse)));
    // As a kill does, this lets go of it and forgets nothing.
    drop(state);
    let parts = fake.count("part");
    let (again, told) = sender.resume(&fake).await;
    assert_eq!(
        told,
        format!("Continues {{ there: {PARTS}, parts: Some({PARTS}) }}")
    );
    assert_eq!(fake.count("part"), parts);
    assert_eq!(again.link.to_url(), share.link.to_url());
    assert_eq!(again.manage_link.to_url(), share.manage_link.to_url());
    sender.check(&fake, &again).await;
}

#[tokio::test]
async fn t17_a_changed_source_starts_over_with_other_keys() {
    // In a part that the server has, in the first and the last byte; and in one that was recorded only.
    for (stored, at) in [(3, 0), (5, LEN - 1001), (0, 0)] {
        let (fake, sender) = (fake().await, Sender::new());
        sender.broken(&fake, stored).await;
        let (old_header, old) = (header(&fake), fake.state().parts.clone());
        // The last byte's part may not have been reached.
        let at = if at > 0 {
            *old.keys().max().unwrap() as usize * 2 * CHUNK
        } else {
            at
        };
        sender.change(at);
        let state = fs::read_to_string(sender.state_file().unwrap()).unwrap();
        let sent_before = fake.count("part");
        let (share, told) = sender.resume(&fake).await;
        assert!(told.ends_with(";StartedOver(Source)"), "{told}");
        assert!(fake.state().aborted);
        assert_eq!(fake.count("part") - sent_before, PARTS as usize);
        assert_ne!(header(&fake), old_header);
        // A server that saw the old locator would refuse it.
        assert!(!state.contains(&share.link.key.to_base64url()));
        for (number, part) in old {
            assert_ne!(fake.state().parts[&number], part);
        }
        sender.check(&fake, &share).await;
    }
}

#[tokio::test]
async fn t17_nothing_is_sent_before_everything_was_compared() {
    let (fake, sender) = (fake().await, Sender::new());
    sender.broken(&fake, 4).await;
    // Only the last of the parts that are there differs.
    let last = *fake.state().parts.keys().max().unwrap() as usize;
    sender.change(last * 2 * CHUNK);
    fake.state().log.clear();
    sender.resume(&fake).await;
    let log = &fake.state().log;
    let abort = log.iter().position(|&kind| kind == "abort").unwrap();
    assert!(!log[..abort].contains(&"part"), "{log:?}");
}

#[tokio::test]
async fn t17_a_recorded_part_is_compared_again_when_it_is_encrypted_again() {
    let (fake, sender) = (fake().await, Sender::new());
    sender.broken(&fake, 4).await;
    // The server lost three of them, and the file changes once the first of these is sent again.
    fake.state().parts.retain(|&number, _| number == 0);
    let (path, changed) = (sender.source(), std::sync::OnceLock::new());
    let look = move |segments: &[&str]| {
        assert_ne!(segments[2], "complete");
        changed.get_or_init(|| change(&path, 3 * 2 * CHUNK));
    };
    fake.state().look = Some(Box::new(look));
    let watch = Watch::default();
    // With one part in flight the third is not encrypted yet.
    let client = fake.client_with(1);
    let put = client.put(sources(&sender.folder), sender.options(true), &watch);
    let reached = async {
        while watch.resumed.lock().unwrap().len() < 2 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        put = put => panic!("{put:?}"),
        () = reached => {}
    }
    assert_eq!(watch.resumed.lock().unwrap()[1], "StartedOver(Source)");
    assert!(fake.state().aborted);
    assert_eq!(fake.count("part"), 4 + 4 + 2);
}

#[tokio::test]
async fn another_list_of_files_starts_over() {
    for change in [
        |folder: &Path| fs::write(folder.join("c"), "new").unwrap(),
        |folder: &Path| fs::rename(folder.join("b"), folder.join("c")).unwrap(),
        |folder: &Path| fs::write(folder.join("b"), noise(1001)).unwrap(),
        |folder: &Path| fs::create_dir(folder.join("empty")).unwrap(),
    ] {
        let (fake, sender) = (fake().await, Sender::new());
        sender.broken(&fake, 2).await;
        let old = header(&fake);
        change(&sender.folder.path().join("src"));
        let (share, told) = sender.resume(&fake).await;
        assert_eq!(told, "StartedOver(List)");
        assert!(fake.state().aborted && header(&fake) != old);
        sender.check(&fake, &share).await;
    }
}

#[tokio::test]
async fn t17_a_part_without_a_record_starts_over() {
    let (fake, sender) = (fake().await, Sender::new());
    sender.broken(&fake, 3).await;
    let there: Vec<_> = fake.state().parts.keys().copied().collect();
    let path = sender.state_file().unwrap();
    // As if the crash had torn away everything but the first line.
    let text = fs::read_to_string(&path).unwrap();
    let first = text.split_inclusive('\n').next().unwrap();
    fs::write(&path, first).unwrap();
    let old = header(&fake);
    let (share, told) = sender.resume(&fake).await;
    assert_eq!((told.as_str(), there.len()), ("StartedOver(Unrecorded)", 3));
    assert!(fake.state().aborted && header(&fake) != old);
    sender.check(&fake, &share).await;
}

#[tokio::test]
async fn a_part_that_was_recorded_and_never_received_is_sent_with_new_nonces() {
    let (fake, sender) = (fake().await, Sender::new());
    sender.broken(&fake, 0).await;
    let recorded = fs::read_to_string(sender.state_file().unwrap()).unwrap();
    assert!(recorded.contains("\npart 0 "));
    let tried: Vec<_> = std::mem::take(&mut fake.state().tried);
    let (share, told) = sender.resume(&fake).await;
    assert_eq!(
        told,
        format!("Continues {{ there: 0, parts: Some({PARTS}) }}")
    );
    assert!(!tried.is_empty());
    for digest in tried {
        assert!(!fake.state().digests.contains(&digest));
    }
    sender.check(&fake, &share).await;
}

#[tokio::test]
async fn a_recorded_part_that_exists_counts_as_there() {
    let (fake, sender) = (fake().await, Sender::new());
    sender.broken(&fake, 0).await;
    // It arrived after the server was asked.
    fake.fail("part", [Fault::Exists]);
    let (share, _) = sender.resume(&fake).await;
    assert_eq!(share.size, LEN as u64);
}

#[tokio::test]
async fn a_lost_answer_to_complete_and_a_killed_client_give_the_same_link() {
    for state in [None, Some(UploadState::Completing)] {
        let (fake, sender) = (fake().await, Sender::new());
        fake.fail("complete", vec![Fault::LoseAnswer; 100]);
        sender.fails(&fake).await;
        fake.state().faults.clear();
        let body = fake.state().completes[0].clone();
        let parts = fake.count("part");
        fake.state().status = state;
        // The share is what was sent, whatever became of the files since.
        let (share, told) = sender.resume(&fake).await;
        assert_eq!(
            told,
            format!("Continues {{ there: {PARTS}, parts: Some({PARTS}) }}")
        );
        assert_eq!(fake.count("part"), parts);
        assert_eq!(*fake.state().completes.last().unwrap(), body);
        sender.check(&fake, &share).await;
    }
}

#[tokio::test]
async fn a_complete_that_never_arrived_is_sent_to_the_byte() {
    let (fake, sender) = (fake().await, Sender::new());
    fake.fail("complete", vec![Fault::Proxy(502); 100]);
    sender.fails(&fake).await;
    fake.state().faults.clear();
    let text = fs::read_to_string(sender.state_file().unwrap()).unwrap();
    let saved = text.lines().last().unwrap().split(' ').nth(1).unwrap();
    let saved = base64url::decode_vec(saved).unwrap();
    let (share, _) = sender.resume(&fake).await;
    assert_eq!(fake.state().completes, [saved]);
    sender.check(&fake, &share).await;
}

#[tokio::test]
async fn another_password_than_that_of_a_saved_complete_is_refused() {
    let (fake, sender) = (fake().await, Sender::new());
    fake.fail("complete", vec![Fault::LoseAnswer; 100]);
    sender.fails(&fake).await;
    fake.state().faults.clear();
    let options = PutOptions {
        password: Some(Password::new("horse").unwrap()),
        ..sender.options(true)
    };
    let error = sender.put(&fake, options, &Watch::default()).await;
    assert!(matches!(error, Err(PutError::OtherPassword)));
    assert!(!fake.state().aborted && sender.state_file().is_some());
    sender.resume(&fake).await;
}

#[tokio::test]
async fn an_upload_that_ended_starts_over() {
    let gone = [
        UploadState::Aborted,
        UploadState::Deleting,
        UploadState::Gone,
    ];
    for state in gone.into_iter().map(Some).chain([None]) {
        let (fake, sender) = (fake().await, Sender::new());
        sender.broken(&fake, 2).await;
        match state {
            None => fake.fail("status", [Fault::Code(ErrorCode::NotFound)]),
            state => fake.state().status = state,
        }
        let (share, told) = sender.resume(&fake).await;
        assert_eq!(told, "StartedOver(Gone)");
        sender.check(&fake, &share).await;
    }
}

#[tokio::test]
async fn a_dropped_put_goes_on_and_nobody_else_meanwhile() {
    let (fake, sender) = (fake().await, Sender::new());
    fake.fail("part", vec![Fault::Hang; 4]);
    let (client, watch) = (fake.client(), Watch::default());
    let put = client.put(sources(&sender.folder), sender.options(false), &watch);
    let second = async {
        while fake.count("part") == 0 {
            tokio::task::yield_now().await;
        }
        let watch = Watch::default();
        let second = sender.put(&fake, sender.options(true), &watch).await;
        assert!(matches!(second, Err(PutError::InUse)));
    };
    tokio::select! {
        put = put => panic!("{put:?}"),
        () = second => {}
    }
    // The client that was dropped from: another one has nothing to wait for.
    client.settle().await;
    assert!(!fake.state().aborted && fake.count("abort") == 0);
    fake.state().faults.clear();
    let (share, _) = sender.resume(&fake).await;
    sender.check(&fake, &share).await;
}

#[tokio::test]
async fn refusals_and_changes_leave_nothing_to_continue() {
    let (fake, sender) = (fake().await, Sender::new());
    fake.fail("part", [Fault::Code(ErrorCode::StorageFull)]);
    sender.fails(&fake).await;
    assert!(fake.state().aborted && sender.state_file().is_none());

    let watch = Watch::default();
    let share = sender.put(&fake, sender.options(true), &watch).await;
    assert_eq!(*watch.resumed.lock().unwrap(), ["Nothing"]);
    sender.check(&fake, &share.unwrap()).await;
}

#[tokio::test]
async fn a_state_that_cannot_be_kept_stops_no_put() {
    let (fake, sender) = (fake().await, Sender::new());
    fs::write(sender.state(), "no folder").unwrap();
    let watch = Watch::default();
    let options = sender.options(false);
    let share = sender.put(&fake, options, &watch).await.unwrap();
    assert!(watch.resumed.lock().unwrap()[0].starts_with("NotKept"));
    sender.check(&fake, &share).await;
}
