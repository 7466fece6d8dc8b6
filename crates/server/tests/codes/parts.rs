//! Putting parts.

use std::time::Duration;

use axum::body::Body;
use futures_util::stream;
use serde_json::json;

use crate::common::Api;
use crate::common::sender::PART_SIZE;
use crate::common::sender::Sender;
use crate::common::sender::content_digest;

#[tokio::test]
async fn length_required_for_parts() {
    let api = Api::new().await;
    let mut sender = Sender::new(5_000);
    sender.create(&api).await;
    let part = &sender.payload[..PART_SIZE as usize];
    let mut request = sender.part_request(0, part);
    request.headers_mut().remove("content-length");
    api.send(request).await.refused(411, "length_required");
    assert_eq!(sender.status(&api).await["received"], json!([]));
}

#[tokio::test]
async fn bad_request_for_parts_of_another_length_or_number() {
    let api = Api::new().await;
    let mut sender = Sender::new(5_000);
    sender.create(&api).await;
    let part = sender.payload[..PART_SIZE as usize].to_vec();
    sender
        .put_part(&api, 0, &part[1..])
        .await
        .refused(400, "bad_request");
    sender
        .put_part(&api, 1, &part)
        .await
        .refused(400, "bad_request");
    sender
        .put_part(&api, 2, b"x")
        .await
        .refused(400, "bad_request");
    sender
        .put_part(&api, 9_999, &part)
        .await
        .refused(400, "bad_request");
    for number in ["+0", "00", "-0", "0x0", "4294967296"] {
        let mut request = sender.part_request(0, &part);
        let path = format!("/api/v1/uploads/{}/parts/{number}", sender.id);
        *request.uri_mut() = path.parse().unwrap();
        api.send(request).await.refused(404, "not_found");
    }
    for length in ["-1", "abc", "1e3", "99999999999999999999"] {
        let mut request = sender.part_request(0, &part);
        request
            .headers_mut()
            .insert("content-length", length.parse().unwrap());
        api.send(request).await.refused(400, "bad_request");
    }
    let mut request = sender.part_request(0, &part);
    request.headers_mut().remove("content-digest");
    api.send(request).await.refused(400, "bad_request");
    // Announced as long as the part, but the body is shorter or longer.
    for body in [&part[1..], &[part.as_slice(), b"x"].concat()] {
        let mut request = sender.part_request(0, &part);
        *request.body_mut() = Body::from(body.to_vec());
        api.send(request).await.refused(400, "bad_request");
    }
    assert_eq!(sender.status(&api).await["received"], json!([]));
}

#[tokio::test]
async fn digest_mismatch_is_never_recorded() {
    let api = Api::new().await;
    let mut sender = Sender::new(5_000);
    sender.create(&api).await;
    let part = sender.payload[..PART_SIZE as usize].to_vec();
    let mut request = sender.part_request(0, &part);
    let other = content_digest(b"other");
    request
        .headers_mut()
        .insert("content-digest", other.parse().unwrap());
    api.send(request).await.refused(422, "digest_mismatch");
    assert_eq!(sender.status(&api).await["received"], json!([]));
    sender.put_part(&api, 0, &part).await.ok();
}

#[tokio::test]
async fn part_exists_and_is_kept() {
    let api = Api::new().await;
    let sender = Sender::ready(5_000, &api).await;
    let part = sender.payload[..PART_SIZE as usize].to_vec();
    assert_eq!(
        sender.put_part(&api, 0, &part).await.status,
        204,
        "the same again is fine"
    );
    let mut other = part.clone();
    other[100] ^= 1;
    sender
        .put_part(&api, 0, &other)
        .await
        .refused(409, "part_exists");
    sender.complete(&api).await;
    let grant = sender.granted(&api).await;
    assert_eq!(
        api.get("/api/v1/payload", &grant).await.bytes,
        sender.payload
    );
}

/// The slow writer: the first PUT is still arriving when the second comes.
#[tokio::test(start_paused = true)]
async fn part_busy_after_waiting_and_the_first_writer_wins() {
    let api = Api::new().await;
    let mut sender = Sender::new(5_000);
    sender.create(&api).await;
    let part = sender.payload[..PART_SIZE as usize].to_vec();
    let (first_half, second_half) = part.split_at(1000);
    let pieces = [first_half.to_vec(), second_half.to_vec()];
    // The second half comes after the second writer has waited its 30 seconds.
    let slow = stream::unfold(pieces.into_iter(), |mut pieces| async {
        let piece = pieces.next()?;
        tokio::time::sleep(Duration::from_secs(29)).await;
        Some((Ok::<_, std::io::Error>(piece), pieces))
    });
    let mut request = sender.part_request(0, &part);
    *request.body_mut() = Body::from_stream(slow);
    let first = api.send(request);
    let second = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let mut other = part.clone();
        other[100] ^= 1;
        sender
            .put_part(&api, 0, &other)
            .await
            .refused(409, "part_busy");
    };
    let (first, ()) = tokio::join!(first, second);
    assert_eq!(first.status, 204);
    sender.put_parts(&api).await;
    sender.complete(&api).await;
    let grant = sender.granted(&api).await;
    assert_eq!(
        api.get("/api/v1/payload", &grant).await.bytes,
        sender.payload
    );
}
