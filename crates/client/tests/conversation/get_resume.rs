//! Continuing a get: the same grant, what is on disk is kept, and two shares never mix.

use std::fs::File;
use std::os::unix::fs::{MetadataExt, PermissionsExt};

use onekey_core::base64url;
use sha2::{Digest, Sha256};

use super::*;

const MIB: usize = 1 << 20;
/// Chunks of a window: 8 MiB, cut to whole chunks.
const WINDOW: usize = (8 * MIB / (CHUNK + 28)) * CHUNK;

/// A receiver's machine: a folder for files, one for states.
struct Receiver {
    home: tempfile::TempDir,
}

impl Receiver {
    fn new() -> Self {
        Self {
            home: tempfile::tempdir().unwrap(),
        }
    }

    fn to(&self) -> PathBuf {
        self.home.path().join("to")
    }

    fn state(&self) -> GetState {
        GetState::new(self.home.path().join("state"))
    }

    /// The one state file, or nothing.
    fn state_file(&self) -> Option<PathBuf> {
        let mut entries = fs::read_dir(self.home.path().join("state")).ok()?;
        let path = entries.next()?.unwrap().path();
        assert!(entries.next().is_none());
        Some(path)
    }

    /// The one temporary file.
    fn temporary(&self) -> PathBuf {
        let files = tree(&self.to()).into_keys();
        let mut found = files.filter(|path| path.to_string_lossy().contains(".onekey-"));
        let path = found.next().unwrap();
        assert!(found.next().is_none());
        self.to().join(path)
    }

    fn options(&self) -> GetOptions {
        GetOptions {
            state: Some(self.state()),
            ..GetOptions::default()
        }
    }

    async fn open(fake: &Fake, link: &Link) -> OpenedShare {
        fake.client_with(1).open(link, None).await.unwrap()
    }

    /// A get that the server leaves after so many windows.
    async fn broken(&self, fake: &Fake, link: &Link, windows: usize) {
        let opened = Self::open(fake, link).await;
        let mut faults = vec![Fault::Pass; windows];
        faults.extend(vec![Fault::Proxy(502); 100]);
        fake.fail("payload", faults);
        let options = self.options();
        let state = options.state.clone().unwrap();
        let error = opened.get_all(&self.to(), options, &NoProgress).await;
        assert!(matches!(error, Err(GetError::Api(_))), "{error:?}");
        assert!(state.is_kept() && self.state_file().is_some());
        fake.state().faults.clear();
        fake.state().ranges.clear();
    }

    /// The same get again. Returns what it told and the first byte that it asked for.
    async fn again(&self, fake: &Fake, link: &Link) -> (String, usize) {
        let opened = Self::open(fake, link).await;
        self.finish(fake, &opened).await
    }

    async fn finish(&self, fake: &Fake, opened: &OpenedShare) -> (String, usize) {
        let (watch, options) = (Watch::default(), self.options());
        let state = options.state.clone().unwrap();
        let got = opened.get_all(&self.to(), options, &watch).await.unwrap();
        assert_eq!(got.files.len(), opened.manifest().files.len());
        assert!(self.state_file().is_none() && !state.is_kept());
        let total = *watch.total.lock().unwrap();
        assert_eq!(*watch.done.lock().unwrap(), total.unwrap());
        let told = watch.continued.lock().unwrap().join(";");
        let first = fake.state().ranges[0].clone();
        let first = first.strip_prefix("bytes=").unwrap();
        (told, first.split_once('-').unwrap().0.parse().unwrap())
    }

    fn check(&self, sent: &tempfile::TempDir) {
        assert!(tree(&self.to()) == tree_of(sent));
    }
}

fn tree_of(sent: &tempfile::TempDir) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
    let mut tree = tree(sent.path());
    tree.retain(|path, _| path.starts_with("src"));
    tree
}

async fn shared(fake: &Fake, files: &[(&str, usize)]) -> (tempfile::TempDir, Link) {
    let folder = folder(files);
    let put = fake.client();
    let put = put.put(sources(&folder), PutOptions::default(), &NoProgress);
    let link = put.await.unwrap().link;
    (folder, link)
}

/// Where a byte of the plaintext's chunk begins in the payload.
fn place(at: usize) -> usize {
    at / CHUNK * (CHUNK + 28)
}

#[tokio::test]
async fn a_broken_get_goes_on_behind_what_is_on_disk_with_the_same_grant() {
    for windows in [0, 1, 2] {
        let (fake, receiver) = (Fake::start().await, Receiver::new());
        let (sent, link) = shared(&fake, &[("a", 20 * MIB)]).await;
        receiver.broken(&fake, &link, windows).await;
        let state = receiver.state_file().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&state), 0o600);
        assert_eq!(mode(state.parent().unwrap()), 0o700);
        if windows > 0 {
            let temporary = fs::metadata(receiver.temporary()).unwrap();
            assert_eq!(temporary.len() as usize, windows * WINDOW);
        }
        // No key of the share is in it.
        let text = fs::read_to_string(&state).unwrap();
        assert!(!text.contains(&link.key.to_base64url()));

        let (told, first) = receiver.again(&fake, &link).await;
        let there = windows * WINDOW;
        assert_eq!(
            told,
            format!("Continues {{ there: {there}, size: {} }}", 20 * MIB)
        );
        assert_eq!(first, place(there));
        assert_eq!(fake.count("grant"), 1);
        receiver.check(&sent);
    }
}

#[tokio::test]
async fn finished_files_are_kept_and_not_fetched_again() {
    let (fake, receiver) = (Fake::start().await, Receiver::new());
    let files = [
        ("a", 5 * MIB),
        ("b/c", 4 * MIB),
        ("b/d", 20 * MIB),
        ("e", 10),
        ("f", 0),
    ];
    let (sent, link) = shared(&fake, &files).await;
    receiver.broken(&fake, &link, 2).await;
    let whole = |name: &str| fs::metadata(receiver.to().join(name)).unwrap().ino();
    let before = [whole("src/a"), whole("src/b/c")];
    assert!(!receiver.to().join("src/b/d").exists());
    let (told, first) = receiver.again(&fake, &link).await;
    assert!(told.starts_with("Continues"), "{told}");
    assert_eq!(first, place(2 * WINDOW));
    assert_eq!([whole("src/a"), whole("src/b/c")], before);
    assert_eq!(fake.count("grant"), 1);
    receiver.check(&sent);
}

#[tokio::test]
async fn a_finished_file_that_was_taken_away_is_fetched_again_and_one_that_was_exchanged_is_not_touched()
 {
    let (fake, receiver) = (Fake::start().await, Receiver::new());
    let (sent, link) = shared(&fake, &[("a", 2 * MIB), ("b", 20 * MIB)]).await;
    receiver.broken(&fake, &link, 1).await;
    let path = receiver.to().join("src/a");
    // Beside it, or its inode might be used again.
    let mine = receiver.home.path().join("mine");
    fs::write(&mine, vec![1; 2 * MIB]).unwrap();
    let file = File::options().write(true).open(&mine).unwrap();
    // The files that were sent were made in this very second, maybe.
    file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
    fs::rename(&mine, &path).unwrap();
    let opened = Receiver::open(&fake, &link).await;
    let error = opened
        .get_all(&receiver.to(), receiver.options(), &NoProgress)
        .await;
    assert!(
        matches!(&error, Err(GetError::Exists(found)) if *found == path),
        "{error:?}"
    );
    assert_eq!(fs::read(&path).unwrap(), vec![1; 2 * MIB]);
    fs::remove_file(&path).unwrap();
    let (_, first) = receiver.again(&fake, &link).await;
    assert_eq!((first, fake.count("grant")), (0, 1));
    receiver.check(&sent);
}

#[tokio::test]
async fn a_file_that_was_recorded_and_has_no_name_yet_gets_it() {
    let (fake, receiver) = (Fake::start().await, Receiver::new());
    let (sent, link) = shared(&fake, &[("a", 2 * MIB), ("b", 20 * MIB)]).await;
    receiver.broken(&fake, &link, 1).await;
    // As if the crash had come between both.
    let name = receiver.temporary().file_name().unwrap().to_owned();
    let name = name.to_str().unwrap().replace("-1", "-0");
    let (path, temporary) = (
        receiver.to().join("src/a"),
        receiver.to().join("src").join(name),
    );
    fs::rename(&path, &temporary).unwrap();
    let (_, first) = receiver.again(&fake, &link).await;
    assert_eq!((first, fake.count("grant")), (place(WINDOW), 1));
    receiver.check(&sent);
}

#[tokio::test]
async fn a_temporary_file_that_is_not_as_recorded_starts_over() {
    let tamper: [fn(&Path); 4] = [
        |path| fs::remove_file(path).unwrap(),
        |path| {
            let file = File::options().write(true).open(path).unwrap();
            file.set_len(file.metadata().unwrap().len() - 1).unwrap();
        },
        // Another file of the same length.
        |path| {
            let other = path.with_file_name("other");
            fs::write(&other, vec![0; fs::metadata(path).unwrap().len() as usize]).unwrap();
            fs::rename(other, path).unwrap();
        },
        |path| {
            let target = path.with_file_name("../precious");
            fs::rename(path, &target).unwrap();
            std::os::unix::fs::symlink(target, path).unwrap();
        },
    ];
    for tamper in tamper {
        let (fake, receiver) = (Fake::start().await, Receiver::new());
        let (sent, link) = shared(&fake, &[("a", 2 * MIB), ("b", 20 * MIB)]).await;
        receiver.broken(&fake, &link, 1).await;
        tamper(&receiver.temporary());
        let precious = receiver.to().join("precious");
        let before = fs::read(&precious).ok();
        let (_, first) = receiver.again(&fake, &link).await;
        // The file alone, not the share.
        assert_eq!((first, fake.count("grant")), (place(2 * MIB), 1));
        assert!(fs::read(&precious).ok() == before);
        let _ = fs::remove_file(precious);
        receiver.check(&sent);
    }
}

#[tokio::test]
async fn what_is_behind_the_recorded_place_does_not_count() {
    let (fake, receiver) = (Fake::start().await, Receiver::new());
    let (sent, link) = shared(&fake, &[("a", 20 * MIB)]).await;
    receiver.broken(&fake, &link, 2).await;
    let path = receiver.temporary();
    let mut file = File::options().append(true).open(&path).unwrap();
    std::io::Write::write_all(&mut file, &vec![7; 3 * MIB]).unwrap();
    let (_, first) = receiver.again(&fake, &link).await;
    assert_eq!(first, place(2 * WINDOW));
    receiver.check(&sent);
}

#[tokio::test]
async fn a_torn_line_does_not_count() {
    let (fake, receiver) = (Fake::start().await, Receiver::new());
    let (sent, link) = shared(&fake, &[("a", 20 * MIB)]).await;
    receiver.broken(&fake, &link, 2).await;
    let state = receiver.state_file().unwrap();
    let text = fs::read_to_string(&state).unwrap();
    assert!(text.lines().last().unwrap().starts_with("at 0 "));
    fs::write(&state, &text[..text.len() - 1]).unwrap();
    let (told, first) = receiver.again(&fake, &link).await;
    assert!(told.starts_with("Continues"), "{told}");
    assert_eq!((first, fake.count("grant")), (0, 1));
    receiver.check(&sent);
}

#[tokio::test]
async fn a_grant_that_ended_is_replaced_and_what_is_on_disk_counts() {
    let (fake, receiver) = (Fake::start().await, Receiver::new());
    let (sent, link) = shared(&fake, &[("a", 20 * MIB)]).await;
    receiver.broken(&fake, &link, 2).await;
    fake.fail("payload", [Fault::Code(ErrorCode::NotFound)]);
    let (told, first) = receiver.again(&fake, &link).await;
    assert!(told.ends_with(";NewGrant"), "{told}");
    assert_eq!((first, fake.count("grant")), (place(2 * WINDOW), 2));
    receiver.check(&sent);

    // If there is no other one, that is said.
    let receiver = Receiver::new();
    receiver.broken(&fake, &link, 2).await;
    fake.fail("payload", [Fault::Code(ErrorCode::NotFound)]);
    fake.fail("grant", [Fault::Code(ErrorCode::UsedUp)]);
    let opened = Receiver::open(&fake, &link).await;
    let error = opened
        .get_all(&receiver.to(), receiver.options(), &NoProgress)
        .await;
    assert!(matches!(error, Err(GetError::UsedUp)), "{error:?}");
}

#[tokio::test]
async fn a_link_that_is_used_up_opens_again_for_the_get_that_used_it() {
    let (fake, receiver) = (Fake::start().await, Receiver::new());
    let (sent, link) = shared(&fake, &[("a", 20 * MIB)]).await;
    let client = fake.client_with(1);
    let state = receiver.state();
    assert!(
        client
            .open_again(&link, None, &state)
            .await
            .unwrap()
            .is_none()
    );
    receiver.broken(&fake, &link, 2).await;
    fake.fail("describe", [Fault::Code(ErrorCode::LinkGone)]);
    fake.fail("open", [Fault::Code(ErrorCode::UsedUp)]);
    let refused = client.open(&link, None).await;
    assert!(matches!(refused, Err(OpenError::UsedUp)));
    let opened = client
        .open_again(&link, None, &state)
        .await
        .unwrap()
        .unwrap();
    let (_, first) = receiver.finish(&fake, &opened).await;
    assert_eq!((first, fake.count("grant")), (place(2 * WINDOW), 1));
    receiver.check(&sent);
}

#[tokio::test]
async fn another_share_behind_the_link_starts_over() {
    let (fake, receiver) = (Fake::start().await, Receiver::new());
    let (_, link) = shared(&fake, &[("a", 20 * MIB)]).await;
    receiver.broken(&fake, &link, 2).await;
    let old = receiver.temporary();
    // The same names and sizes, and as if it had the same link.
    let (fake, locator) = (Fake::start().await, link.key.locator());
    let (sent, link) = shared(&fake, &[("a", 20 * MIB)]).await;
    let state = receiver.state_file().unwrap();
    let other = link.key.locator();
    let text = fs::read_to_string(&state).unwrap();
    let (first, rest) = text.split_once('\n').unwrap();
    let first = first.replace(&locator.to_base64url(), &other.to_base64url());
    let words = first.rsplit_once(' ').unwrap().0;
    let check = base64url::encode(&Sha256::digest(words)[..12]);
    fs::write(&state, format!("{words} {check}\n{rest}")).unwrap();
    let name = |locator: &[u8]| base64url::encode(&Sha256::digest(locator)[..16]);
    let path = state.to_str().unwrap();
    let renamed = path.replace(&name(locator.as_bytes()), &name(other.as_bytes()));
    assert_ne!(path, renamed);
    fs::rename(path, renamed).unwrap();

    let (told, first) = receiver.again(&fake, &link).await;
    assert_eq!((told.as_str(), first), ("StartedOver(Share)", 0));
    assert_eq!(fake.count("grant"), 1);
    assert!(!old.exists());
    receiver.check(&sent);
}

#[tokio::test]
async fn two_gets_to_one_place_are_one() {
    let (fake, receiver) = (Fake::start().await, Receiver::new());
    let (sent, link) = shared(&fake, &[("a", 20 * MIB)]).await;
    fake.fail("payload", vec![Fault::Hang; 4]);
    let opened = fake.client().open(&link, None).await.unwrap();
    let (target, watch) = (receiver.to(), Watch::default());
    let second = async {
        while fake.count("payload") == 0 {
            tokio::task::yield_now().await;
        }
        let other = Receiver::open(&fake, &link).await;
        let error = other
            .get_all(&target, receiver.options(), &NoProgress)
            .await;
        assert!(matches!(error, Err(GetError::InUse)), "{error:?}");
        // Elsewhere is another one.
        let elsewhere = receiver.home.path().join("elsewhere");
        fake.state().faults.clear();
        let got = other
            .get_all(&elsewhere, receiver.options(), &NoProgress)
            .await;
        assert_eq!(got.unwrap().files.len(), 1);
    };
    tokio::select! {
        got = opened.get_all(&target, receiver.options(), &watch) => panic!("{got:?}"),
        () = second => {}
    }
    opened.settle().await;
    // The one that was dropped goes on.
    let (told, _) = receiver.again(&fake, &link).await;
    assert!(told.starts_with("Continues"), "{told}");
    assert_eq!(fake.count("grant"), 2);
    receiver.check(&sent);
}

#[tokio::test]
async fn one_file_and_some_files_go_on_too() {
    let (fake, receiver) = (Fake::start().await, Receiver::new());
    let (_, link) = shared(&fake, &[("a", MIB), ("b", 20 * MIB), ("c", 5)]).await;
    fs::create_dir(receiver.to()).unwrap();
    for to in [Some("new-name"), None] {
        let get = async |watch: &Watch| {
            let opened = Receiver::open(&fake, &link).await;
            match to {
                Some(name) => {
                    let to = receiver.to().join(name);
                    opened.get_file(1, &to, receiver.options(), watch).await
                }
                None => {
                    opened
                        .get_files(&[1, 2], &receiver.to(), receiver.options(), watch)
                        .await
                }
            }
        };
        let grants = fake.count("grant");
        let mut faults = vec![Fault::Pass; 2];
        faults.extend(vec![Fault::Proxy(502); 100]);
        fake.fail("payload", faults);
        assert!(matches!(
            get(&Watch::default()).await,
            Err(GetError::Api(_))
        ));
        fake.state().faults.clear();
        fake.state().ranges.clear();
        let watch = Watch::default();
        let got = get(&watch).await.unwrap();
        let told = watch.continued.lock().unwrap().join(";");
        assert!(told.starts_with("Continues"), "{told}");
        assert_eq!(fs::read(&got.files[0]).unwrap(), noise(20 * MIB));
        let first = fake.state().ranges[0].clone();
        assert!(
            !first.starts_with(&format!("bytes={}-", place(MIB))),
            "{first}"
        );
        assert_eq!(fake.count("grant"), grants + 1);
        assert!(receiver.state_file().is_none());
    }
}

#[tokio::test]
async fn what_cost_nothing_leaves_nothing_and_a_state_that_cannot_be_kept_stops_no_get() {
    let (fake, receiver) = (Fake::start().await, Receiver::new());
    let (sent, link) = shared(&fake, &[("a", MIB)]).await;
    fs::create_dir_all(receiver.to().join("src/a")).unwrap();
    let opened = Receiver::open(&fake, &link).await;
    let options = receiver.options();
    let error = opened
        .get_all(&receiver.to(), options.clone(), &NoProgress)
        .await;
    assert!(matches!(error, Err(GetError::Exists(_))));
    assert!(receiver.state_file().is_none() && !options.state.unwrap().is_kept());
    fs::remove_dir(receiver.to().join("src/a")).unwrap();

    fs::remove_dir(receiver.home.path().join("state")).unwrap();
    fs::write(receiver.home.path().join("state"), "no folder").unwrap();
    let watch = Watch::default();
    let got = opened
        .get_all(&receiver.to(), receiver.options(), &watch)
        .await;
    assert_eq!(got.unwrap().files.len(), 1);
    assert!(watch.continued.lock().unwrap()[0].starts_with("NotKept"));
    receiver.check(&sent);
}

#[tokio::test]
async fn a_state_that_nobody_continued_for_a_week_goes_with_its_file() {
    let (fake, receiver) = (Fake::start().await, Receiver::new());
    let (_, link) = shared(&fake, &[("a", 20 * MIB)]).await;
    receiver.broken(&fake, &link, 2).await;
    let (state, temporary) = (receiver.state_file().unwrap(), receiver.temporary());
    let (_sent, other) = shared(&fake, &[("b", 5)]).await;
    for (days, stays) in [(6, true), (8, false)] {
        let time = SystemTime::now() - Duration::from_secs(days * 86_400);
        let file = File::options().write(true).open(&state).unwrap();
        file.set_modified(time).unwrap();
        let elsewhere = receiver.home.path().join(days.to_string());
        let opened = Receiver::open(&fake, &other).await;
        let get = opened.get_all(&elsewhere, receiver.options(), &NoProgress);
        get.await.unwrap();
        assert_eq!((state.exists(), temporary.exists()), (stays, stays));
    }
}
