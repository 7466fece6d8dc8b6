//! Names from outside: kept as far as they can be, and never anything but a name.

use crate::direct::{Direct, form, text};
use crate::opened::Opened;

#[tokio::test]
async fn p3_names_as_senders_write_them() {
    let direct = Direct::new().await;
    for (disposition, name) in [
        (r#"filename="ü.png""#, "ü.png"),
        (r#"filename="日本語 😀.tar.gz""#, "日本語 😀.tar.gz"),
        (r#"filename="a\"b\\c.png""#, "c.png"),
        (r#"filename="a%22b.png""#, "a\"b.png"),
        (r#"filename="a;b=c.png""#, "a;b=c.png"),
        (r#"filename="../../etc/passwd""#, "passwd"),
        (r#"filename="C:\fakepath\x.png""#, "x.png"),
        (r#"filename="..""#, "file"),
        ("filename=\"a\tb\u{7f}.png\"", "ab.png"),
        ("filename=\"a\u{202e}gnp.exe\"", "agnp.exe"),
        (
            r#"filename="%0d%0aset-cookie: a=b""#,
            "%0d%0aset-cookie: a=b",
        ),
        (
            r#"filename="x"; filename*=UTF-8''%0D%0Aa%2F..%2Fb.png"#,
            "b.png",
        ),
        (
            r#"filename="x"; filename*=UTF-8''%ED%A0%80.png"#,
            "\u{fffd}\u{fffd}\u{fffd}.png",
        ),
    ] {
        let disposition = format!("name=\"file\"; {disposition}");
        let answer = direct.send(form(&[(&disposition, None, b"x")])).await;
        assert_eq!(answer.status, 302, "{disposition}");
        let opened = Opened::of(&direct.router, &text(&answer)).await;
        assert_eq!(opened.manifest.files[0].path, name, "{disposition}");
        // Whatever it was called, nothing of it is in the answer but a plain extension.
        let location = answer.header("location");
        assert!(
            location.bytes().all(|byte| byte.is_ascii_graphic()),
            "{location}"
        );
    }
}

#[tokio::test]
async fn p3_a_name_of_four_kilobytes_is_cut() {
    let direct = Direct::new().await;
    let disposition = format!("name=\"file\"; filename=\"{}.png\"", "ü".repeat(2048));
    let opened = direct.stored(form(&[(&disposition, None, b"x")])).await;
    let name = &opened.manifest.files[0].path;
    assert!(
        name.len() == 254 && name.ends_with("ü.png"),
        "{}",
        name.len()
    );
}

/// The server that this replaces lost every file whose key began with an underscore.
#[tokio::test]
async fn f1_p4_every_link_opens_whatever_its_key_begins_with() {
    let direct = Direct::new().await;
    let mut begins = std::collections::BTreeSet::new();
    for _ in 0..300 {
        let answer = direct
            .send(form(&[(r#"name="file"; filename="_.png""#, None, b"x")]))
            .await;
        let url = text(&answer);
        let key = url.trim_end().rsplit('/').next().unwrap();
        assert_eq!(key.len(), 43 + ".png".len());
        begins.insert(key.as_bytes()[0]);
        Opened::of(&direct.router, &url)
            .await
            .is("_.png", "image/png", b"x");
    }
    assert!(begins.len() > 40, "{begins:?}");
}
