//! The upload secret: each way to send it, in each order, right and wrong.

use axum::body::Body;
use axum::http::Request;
use base64ct::{Base64, Encoding};

use crate::common::Answer;
use crate::common::sender::Sender;
use crate::direct::{Direct, Part, SECRET, form, post, put, send, text, with_body};

const FILE: Part<'static> = (r#"name="file"; filename="a.txt""#, None, b"text");
const FIELD: &str = r#"name="secret""#;

fn basic(user: &str, password: &str) -> String {
    format!(
        "Basic {}",
        Base64::encode_string(format!("{user}:{password}").as_bytes())
    )
}

/// The ways in which a secret goes into the header.
fn fields(secret: &str) -> [(&'static str, String); 4] {
    [
        ("x-wonkey-secret", secret.into()),
        ("authorization", format!("Bearer {secret}")),
        ("authorization", basic("", secret)),
        ("authorization", basic("anybody", secret)),
    ]
}

fn in_header(mut request: Request<Body>, (name, value): &(&'static str, String)) -> Request<Body> {
    request.headers_mut().insert(*name, value.parse().unwrap());
    request
}

async fn refused(direct: &Direct, request: Request<Body>, status: u16) {
    let answer = direct.send(request).await;
    assert_eq!(answer.status, status, "{}", text(&answer));
    assert_eq!(answer.header("www-authenticate"), "");
    direct.nothing_left().await;
}

#[tokio::test]
async fn l1_a_right_secret_opens_in_each_of_the_four_ways() {
    let direct = Direct::with_secret().await;
    for parts in [
        [(FIELD, None, SECRET.as_bytes()), FILE],
        [FILE, (FIELD, None, SECRET.as_bytes())],
    ] {
        direct
            .stored(form(&parts))
            .await
            .is("a.txt", "text/plain", b"text");
    }
    for field in fields(SECRET) {
        direct.stored(in_header(form(&[FILE]), &field)).await;
        direct
            .stored(in_header(with_body(put("/a.txt"), b"x"), &field))
            .await;
        direct
            .stored(in_header(with_body(post("/"), b"x"), &field))
            .await;
    }
}

#[tokio::test]
async fn l1_t26_a_wrong_secret_anywhere_refuses_and_leaves_nothing() {
    for wrong in ["open", "open-sesame2", "OPEN-SESAME"] {
        let cases: [&[Part]; 3] = [
            &[(FIELD, None, wrong.as_bytes()), FILE],
            &[FILE, (FIELD, None, wrong.as_bytes())],
            &[
                (FIELD, None, SECRET.as_bytes()),
                FILE,
                (FIELD, None, wrong.as_bytes()),
            ],
        ];
        for parts in cases {
            refused(&Direct::with_secret().await, form(parts), 403).await;
        }
        for field in fields(wrong) {
            let direct = Direct::with_secret().await;
            refused(
                &direct,
                in_header(with_body(put("/a.txt"), b"x"), &field),
                403,
            )
            .await;
            let right = (FIELD, None, SECRET.as_bytes());
            refused(&direct, in_header(form(&[right, FILE]), &field), 403).await;
        }
    }
    let direct = Direct::with_secret().await;
    refused(&direct, form(&[(FIELD, None, b"\xff\xfe"), FILE]), 403).await;
    let broken = ("authorization", "Basic ???".to_owned());
    refused(&direct, in_header(form(&[FILE]), &broken), 403).await;
}

#[tokio::test]
async fn t26_a_missing_secret_is_asked_for_and_an_empty_one_is_none() {
    let direct = Direct::with_secret().await;
    refused(&direct, form(&[FILE]), 401).await;
    refused(&direct, form(&[FILE, (FIELD, None, b"")]), 401).await;
    refused(&direct, with_body(put("/a"), b"x"), 401).await;
    refused(&direct, with_body(post("/"), b"x"), 401).await;
    for field in fields("") {
        let unused = Direct::with_secret().await;
        refused(&unused, in_header(with_body(put("/a"), b"x"), &field), 401).await;
        // 0x0's scripts send an empty field; the header decides then, and the other way round.
        let right = (FIELD, None, SECRET.as_bytes());
        direct.stored(in_header(form(&[right, FILE]), &field)).await;
    }
    let [right, ..] = fields(SECRET);
    direct
        .stored(in_header(form(&[(FIELD, None, b""), FILE]), &right))
        .await;
}

#[tokio::test]
async fn f9_a_server_that_wants_none_takes_whatever_is_sent() {
    let direct = Direct::new().await;
    direct
        .stored(form(&[(FIELD, None, b"whatever"), FILE]))
        .await;
    for field in fields("whatever") {
        direct
            .stored(in_header(with_body(put("/a"), b"x"), &field))
            .await;
    }
}

#[tokio::test]
async fn l1_a_secret_in_the_address_is_refused() {
    let direct = Direct::with_secret().await;
    for path in [
        "/?secret=open-sesame",
        "/?a=b&Secret=open-sesame",
        "/?secret",
    ] {
        let request = with_body(post(path), b"x");
        let [right, ..] = fields(SECRET);
        let answer = direct.send(in_header(request, &right)).await;
        assert_eq!(answer.status, 400, "{path}");
        assert!(!text(&answer).contains(SECRET));
    }
    direct.nothing_left().await;
}

#[tokio::test]
async fn l1_guessing_is_limited_over_all_doors() {
    let direct = Direct::with_secret().await;
    let [wrong, ..] = fields("wrong");
    let guess = async || {
        direct
            .send(in_header(with_body(put("/a"), b"x"), &wrong))
            .await
    };
    let guess_api = async |secret: &str| {
        let request =
            Request::post("/api/v1/uploads").header("authorization", format!("Bearer {secret}"));
        let body = Sender::new(10).create_body().to_string();
        send(&direct.router, request.body(Body::from(body)).unwrap()).await
    };
    for _ in 0..5 {
        assert_eq!(guess().await.status, 403);
        guess_api("wrong")
            .await
            .refused(403, "upload_secret_rejected");
    }
    let limited = |answer: Answer| {
        assert_eq!(answer.status, 429);
        assert_eq!(answer.header("retry-after"), "600");
    };
    limited(guess().await);
    guess_api(SECRET).await.refused(429, "too_many_attempts");
    limited(
        direct
            .send(form(&[(FIELD, None, SECRET.as_bytes()), FILE]))
            .await,
    );
    direct.nothing_left().await;
    direct.clock.advance(600);
    direct
        .stored(form(&[(FIELD, None, SECRET.as_bytes()), FILE]))
        .await;
    assert_eq!(guess_api(SECRET).await.status, 201);
}
