//! What is read is what was recorded.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::*;

const KEYS: [&str; 2] = [
    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
    "BAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
];

fn manage(host: &str) -> ManageLink {
    let url = format!("https://{host}/manage/AAECAwQFBgcICQoLDA0ODw#{}", KEYS[0]);
    ManageLink::parse(&url).unwrap()
}

fn link(host: &str, key: usize) -> Link {
    Link::parse(&format!("https://{host}/s#{}", KEYS[key])).unwrap()
}

fn line(kind: &str, host: &str, key: usize) -> String {
    let (manage, link) = (manage(host), link(host, key));
    format!(
        r#"{{"v":1,"{kind}":{{"share":"{}","manage_link":"{}","link":"{}","created_at":5,"expires_at":null,"size":7,"files":2,"names":["a/"],"title":"t","label":null,"password":true}}}}"#,
        line::name(&manage),
        manage.to_url(),
        link.to_url()
    ) + "\n"
}

fn history(text: &str) -> (tempfile::TempDir, History) {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join(file::NAME), text).unwrap();
    let history = History(HistoryFile::new(home.path().to_owned()));
    (home, history)
}

#[test]
fn shares_of_two_servers_with_one_id_are_two() {
    let (_home, history) = history(&(line("put", "a.example", 0) + &line("put", "b.example", 1)));
    let shares = history.shares().unwrap();
    assert_eq!(shares.len(), 2);
    let found = history.find(&link("elsewhere.example", 1)).unwrap();
    assert_eq!(found.unwrap().to_url(), manage("b.example").to_url());
}

#[test]
fn further_links_belong_to_their_share_and_a_put_that_is_told_twice_is_one() {
    let text = line("link", "a.example", 1) + &line("put", "a.example", 0).repeat(2);
    let (_home, history) = history(&text);
    let shares = history.shares().unwrap();
    assert_eq!(shares.len(), 1);
    assert_eq!(shares[0].links.len(), 2);
    assert_eq!((shares[0].size, shares[0].files), (Some(7), Some(2)));
    assert_eq!(shares[0].title.as_deref(), Some("t"));
}

#[test]
fn what_is_removed_leaves_no_key_behind() {
    let (home, history) = history(&(line("put", "a.example", 0) + &line("put", "b.example", 1)));
    history.note([(manage("a.example"), Some(9))]);
    assert_eq!(history.shares().unwrap()[0].gone_since, Some(9));
    history.remove(&manage("a.example"));
    let path = home.path().join(file::NAME);
    let text = fs::read_to_string(&path).unwrap();
    assert!(!text.contains("a.example") && text.contains("b.example"));
    assert_eq!(
        fs::metadata(path).unwrap().permissions().mode() & 0o777,
        0o600
    );
}

#[test]
fn a_line_that_names_another_share_than_its_link_counts_for_nothing() {
    let line =
        line("put", "a.example", 0).replace("\"share\":\"https://a.", "\"share\":\"https://c.");
    let (_home, history) = history(&line);
    assert!(history.shares().unwrap().is_empty());
}
