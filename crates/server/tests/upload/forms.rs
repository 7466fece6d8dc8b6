//! Forms, as browsers, curl and screenshot tools send them.

use crate::common::Answer;
use crate::direct::{Direct, Part, form, form_body, form_type, post, text, with_body};
use crate::opened::Opened;

const PNG: Part<'static> = (
    r#"name="file"; filename="s.png""#,
    Some("image/png"),
    b"pixels",
);

#[tokio::test]
async fn a_form_is_answered_with_a_redirect_and_the_link_as_text() {
    let direct = Direct::new().await;
    let answer = direct.send(form(&[PNG])).await;
    assert_eq!(answer.status, 302);
    assert_eq!(text(&answer), format!("{}\n", answer.header("location")));
    let opened = Opened::of(&direct.router, &text(&answer)).await;
    opened.is("s.png", "image/png", b"pixels");
    assert_eq!(opened.manifest.title, None);
    assert_eq!(opened.manifest.files[0].modified, None);
    // Nothing is padded: the last chunk holds the file and no more.
    assert_eq!(opened.plaintext.len(), 6);
}

#[tokio::test]
async fn r5_several_files_make_one_share() {
    let direct = Direct::new().await;
    let answer = direct
        .send(form(&[
            PNG,
            (r#"name="other""#, None, b"ignored"),
            (r#"name="file"; filename="empty""#, None, b""),
            (
                r#"name="file"; filename="s.png""#,
                Some("text/html"),
                b"again",
            ),
        ]))
        .await;
    let opened = Opened::of(&direct.router, &text(&answer)).await;
    assert_eq!(
        opened.files(),
        [
            ("s.png", "image/png", &b"pixels"[..]),
            ("empty", "application/octet-stream", b""),
            ("s (2).png", "image/png", b"again"),
        ]
    );
    let url = text(&answer);
    assert_eq!(
        url.trim_end().rsplit('/').next().unwrap().len(),
        43,
        "{url}"
    );
}

#[tokio::test]
async fn f6_a_form_without_a_file_says_so() {
    let direct = Direct::new().await;
    let cases: [&[Part]; 5] = [
        &[],
        &[(r#"name="files"; filename="a.png""#, None, b"x")],
        &[(
            r#"name="file"; filename="""#,
            Some("application/octet-stream"),
            b"",
        )],
        &[(r#"name="file""#, None, b"")],
        &[(r#"filename="a.png""#, None, b"x")],
    ];
    for parts in cases {
        let answer = direct.send(form(parts)).await;
        assert_eq!(answer.status, 400, "{parts:?}");
        assert!(text(&answer).contains("`file`"), "{}", text(&answer));
    }
    direct.nothing_left().await;
}

#[tokio::test]
async fn a_file_field_without_a_name_is_stored_if_it_holds_something() {
    let direct = Direct::new().await;
    for (part, name, media_type) in [
        (
            (r#"name="file""#, None, &b"hello"[..]),
            "file.txt",
            "text/plain",
        ),
        (
            (r#"name="file""#, Some("image/png"), b"x"),
            "file.png",
            "image/png",
        ),
        (
            (
                r#"name="file"; filename="""#,
                Some("application/octet-stream"),
                b"x",
            ),
            "file",
            "application/octet-stream",
        ),
        (
            (r#"name="file"; filename="-""#, None, b"x"),
            "file",
            "application/octet-stream",
        ),
    ] {
        direct
            .stored(form(&[part]))
            .await
            .is(name, media_type, part.2);
    }
}

#[tokio::test]
async fn r5_nested_forms_and_preambles_are_bytes() {
    let direct = Direct::new().await;
    let inner =
        b"--inner\r\nContent-Disposition: attachment; filename=\"a\"\r\n\r\nx\r\n--inner--\r\n";
    let nested = (
        r#"name="file"; filename="mail""#,
        Some("multipart/mixed; boundary=inner"),
        &inner[..],
    );
    direct
        .stored(form(&[nested]))
        .await
        .is("mail", "multipart/mixed", inner);
    let body = [b"preamble\r\n".as_slice(), &form_body(&[PNG]), b"epilogue"].concat();
    let request = post("/").header("content-type", form_type());
    direct
        .stored(with_body(request, &body))
        .await
        .is("s.png", "image/png", b"pixels");
}

async fn asked(parts: &[Part<'_>]) -> (Direct, Answer) {
    let direct = Direct::new().await;
    let answer = direct.send(form(parts)).await;
    (direct, answer)
}

#[tokio::test]
async fn expires_and_downloads_stand_before_or_behind_the_file() {
    for before in [true, false] {
        let mut parts = vec![
            (r#"name="expires""#, None, &b"12h"[..]),
            (r#"name="downloads""#, None, b"3"),
        ];
        parts.insert(if before { 2 } else { 0 }, PNG);
        let (direct, answer) = asked(&parts).await;
        let opened = Opened::of(&direct.router, &text(&answer)).await;
        let expires_at = opened.answer["expires_at"].as_i64().unwrap();
        assert_eq!(expires_at, crate::common::START + 12 * 3600);
        assert_eq!(opened.answer["downloads_left"], 3);
    }
}

#[tokio::test]
async fn a_wish_that_is_none_is_refused_and_leaves_nothing() {
    for (name, value) in [
        ("expires", "soon"),
        ("expires", "1s"),
        ("expires", "-1"),
        ("expires", "99999999999999999999"),
        ("expires", "200000d"),
        ("downloads", "0"),
        ("downloads", "-1"),
        ("downloads", "1.5"),
        ("downloads", "9007199254740992"),
        ("downloads", "many"),
    ] {
        let disposition = format!("name=\"{name}\"");
        let (direct, answer) = asked(&[PNG, (&disposition, None, value.as_bytes())]).await;
        assert_eq!(answer.status, 400, "{name}={value}");
        assert!(text(&answer).starts_with(name), "{}", text(&answer));
        direct.nothing_left().await;
    }
    for (name, value) in [
        ("expires", ""),
        ("expires", "never"),
        ("expires", " 90 "),
        ("downloads", ""),
    ] {
        let disposition = format!("name=\"{name}\"");
        let (_, answer) = asked(&[PNG, (&disposition, None, value.as_bytes())]).await;
        assert_eq!(answer.status, 302, "{name}={value}");
    }
}
