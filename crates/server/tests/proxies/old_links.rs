//! Links of the old screenshot host go to it, and all else comes here.

use crate::KEY;
use crate::blocks::{block, with};
use crate::nginx::{Nginx, with_upstream};
use crate::search::search;
use crate::upstream::Upstream;

/// A file's id there, and one whose name is as the old host writes it.
const ID: &str = "w1fJpmPbTmKWbVzL_9-x0A";

#[test]
fn links_of_the_old_host_go_to_it_and_all_else_comes_here() {
    let (old, new) = (Upstream::start("old"), Upstream::start("new"));
    let map = with(
        &block("nginx-old-links"),
        &[("127.0.0.1:5000", &old.address.to_string())],
    );
    let server = with(
        &block("nginx"),
        &[(
            "proxy_pass http://127.0.0.1:8080;",
            "proxy_pass $onekey_or_old;",
        )],
    );
    let both = with_upstream(&format!("{map}{server}"), new.address);
    let test = "links_of_the_old_host_go_to_it_and_all_else_comes_here";
    let Some(nginx) = Nginx::with(test, &both) else {
        return;
    };
    let ask = |path: &str, method: &str| {
        let (before, options) = (old.asked().len(), ["-X", method]);
        let head = if method == "HEAD" {
            &["-I"][..]
        } else {
            &options
        };
        let seen = nginx.place.ask(path, head);
        assert_eq!((seen.exit, seen.status), (Some(0), 200), "{seen:?}");
        old.asked().len() > before
    };
    for path in [
        format!("/{KEY}.{ID}.png"),
        // Keys that the old host itself lost.
        format!("/_{}.{ID}.PNG", &KEY[1..]),
        format!("/-{}.{ID}.tar", &KEY[1..]),
        format!("/{KEY}.{ID}.png?download"),
    ] {
        assert!(ask(&path, "GET"), "{path}");
        assert!(ask(&path, "HEAD"), "{path}");
        for method in ["POST", "PUT", "DELETE"] {
            assert!(!ask(&path, method), "{method} {path}");
        }
    }
    for path in [
        "/".to_owned(),
        "/s".to_owned(),
        "/robots.txt".to_owned(),
        "/api/v1/server".to_owned(),
        format!("/{KEY}"),
        format!("/{KEY}.png"),
        format!("/{KEY}/{KEY}.{ID}.png"),
        format!("/{KEY}.{ID}"),
        format!("/{KEY}.{ID}."),
        format!("/{KEY}.{ID}.png/x"),
        format!("/{KEY}.{}.png", &ID[1..]),
        format!("/{KEY}.{ID}x.png"),
        format!("/{}.{ID}.png", &KEY[1..]),
        format!("/x{KEY}.{ID}.png"),
        format!("//{KEY}.{ID}.png"),
        format!("/?/{KEY}.{ID}.png"),
    ] {
        assert!(!ask(&path, "GET"), "{path}");
    }
    // The path arrives as it was asked for, and in no log.
    let asked = old.asked();
    assert_eq!(
        asked[0].split(' ').nth(1),
        Some(&*format!("/{KEY}.{ID}.png"))
    );
    let folder = nginx.folder;
    drop(nginx.program);
    assert_eq!(search(folder.path(), &[KEY, ID]), []);
}
