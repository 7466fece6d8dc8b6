//! Another put with a copy of the state works on the same upload.

use onekey_core::wire::UploadState;

use super::resume::{Sender, fake, header};
use super::*;

/// What this put is told when the other one was faster, and by which request. The first part that is sent again was recorded
/// before it was copied; the second one was not.
const MOMENTS: [(&str, &[Fault]); 5] = [
    ("part", &[Fault::Pass, Fault::Code(ErrorCode::PartExists)]),
    ("part", &[Fault::Code(ErrorCode::WrongState)]),
    ("part", &[Fault::Code(ErrorCode::OwnerRejected)]),
    ("complete", &[Fault::Code(ErrorCode::CompleteDiffers)]),
    ("complete", &[Fault::Code(ErrorCode::WrongState)]),
];

#[tokio::test]
async fn t17_a_put_leaves_an_upload_that_another_one_continues() {
    for (kind, faults) in MOMENTS {
        let (fake, sender) = (fake().await, Sender::new());
        sender.broken(&fake, 2).await;
        let before = header(&fake);
        fake.fail(kind, faults.to_vec());
        let (share, told) = sender.resume(&fake).await;
        assert!(told.ends_with("StartedOver(Elsewhere)"), "{kind}: {told}");
        // New keys, and whatever the other one did is still there.
        assert!(header(&fake) != before && fake.count("create") == 2);
        assert_eq!((fake.count("abort"), fake.count("delete")), (0, 0));
        sender.check(&fake, &share).await;
    }
}

#[tokio::test]
async fn t17_a_share_that_another_put_completed_stays() {
    let (fake, sender) = (fake().await, Sender::new());
    sender.broken(&fake, 2).await;
    fake.state().status = Some(UploadState::Live);
    fake.fail("abort", [Fault::Code(ErrorCode::WrongState)]);
    let (_, told) = sender.resume(&fake).await;
    assert!(told.contains("StartedOver"), "{told}");
    assert_eq!((fake.count("abort"), fake.count("delete")), (1, 0));
}

/// A try of the same put has the same bytes, so other bytes are somebody else's: maybe of another version of the file.
#[tokio::test]
async fn t17_other_bytes_after_a_lost_answer_are_not_taken_for_ours() {
    let fake = Fake::start().await;
    let faults = [Fault::LoseAnswer, Fault::Code(ErrorCode::PartExists)];
    fake.fail("part", faults);
    let source = folder(&[("a", 1000)]);
    let client = fake.client();
    let error = client.put(sources(&source), PutOptions::default(), &NoProgress);
    let error = error.await.unwrap_err();
    assert!(matches!(error, PutError::Api(api) if api.code() == Some(ErrorCode::PartExists)));
}
