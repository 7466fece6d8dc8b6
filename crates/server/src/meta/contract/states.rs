//! Every transition from every state.

use onekey_core::keys::ShareId;

use super::fixture::{
    FREE, MANY, NOW, PART, UPLOAD_END, claim, completion, find, in_state, link, part, refused,
    writer,
};
use crate::meta::UploadState::{Aborted, Completing, Deleting, Gone, Live, Receiving};
use crate::meta::{Completion, MetaError, MetaStore, UploadState};

/// A verb that may change a state.
#[derive(Clone, Copy, Debug)]
enum Verb {
    Abort,
    Begin,
    Claim,
    Commit,
    Delete,
    Forget,
    Publish,
    SweepShares,
    SweepUploads,
}

/// The state after a verb, or `None` where it is refused.
type Step = (Verb, Option<UploadState>);

/// What every verb does in every state; a row that goes away is told apart below.
const TABLE: [(UploadState, [Step; 9]); 6] = {
    use Verb::{Abort, Begin, Claim, Commit, Delete, Forget, Publish, SweepShares, SweepUploads};
    [
        (
            Receiving,
            [
                (Claim, Some(Receiving)),
                (Commit, None),
                (Begin, Some(Completing)),
                (Publish, None),
                (Abort, Some(Aborted)),
                (Delete, None),
                (Forget, Some(Receiving)),
                (SweepUploads, Some(Aborted)),
                (SweepShares, Some(Receiving)),
            ],
        ),
        (
            Completing,
            [
                (Claim, None),
                (Commit, None),
                (Begin, Some(Completing)),
                (Publish, Some(Live)),
                (Abort, None),
                (Delete, None),
                (Forget, Some(Completing)),
                (SweepUploads, Some(Completing)),
                (SweepShares, Some(Completing)),
            ],
        ),
        (
            Live,
            [
                (Claim, None),
                (Commit, None),
                (Begin, Some(Live)),
                (Publish, Some(Live)),
                (Abort, None),
                (Delete, Some(Deleting)),
                (Forget, Some(Live)),
                (SweepUploads, Some(Live)),
                (SweepShares, Some(Deleting)),
            ],
        ),
        (
            Deleting,
            [
                (Claim, None),
                (Commit, None),
                (Begin, None),
                (Publish, None),
                (Abort, None),
                (Delete, Some(Deleting)),
                (Forget, Some(Gone)),
                (SweepUploads, Some(Deleting)),
                (SweepShares, Some(Deleting)),
            ],
        ),
        (
            Gone,
            [
                (Claim, None),
                (Commit, None),
                (Begin, None),
                (Publish, None),
                (Abort, None),
                (Delete, Some(Gone)),
                (Forget, Some(Gone)),
                (SweepUploads, Some(Gone)),
                (SweepShares, Some(Gone)),
            ],
        ),
        (
            Aborted,
            [
                (Claim, None),
                (Commit, None),
                (Begin, None),
                (Publish, None),
                (Abort, Some(Aborted)),
                (Delete, None),
                (Forget, Some(Gone)),
                (SweepUploads, Some(Aborted)),
                (SweepShares, Some(Aborted)),
            ],
        ),
    ]
};

/// Every verb in every state does what the table says and nothing else.
pub async fn transitions_are_guarded(store: &dyn MetaStore) {
    for (before, verbs) in TABLE {
        for (verb, after) in verbs {
            let mut link = link().0;
            link.expires_at = Some(NOW + 10);
            let fixed = completion(PART, &link);
            let id = in_state(store, before, &fixed).await;
            let answer = apply(store, verb, id, &fixed).await;
            let seen = find(store, id).await;
            match after {
                None => {
                    let refused = matches!(answer, Err(MetaError::WrongState));
                    assert!(refused, "{verb:?} in {before:?}: {answer:?}");
                    assert_eq!(seen, Some(before), "{verb:?} in {before:?}");
                }
                Some(after) => {
                    assert!(answer.is_ok(), "{verb:?} in {before:?}: {answer:?}");
                    // Of an aborted upload nothing is kept once its blob is gone.
                    let kept = (before, after) != (Aborted, Gone);
                    let after = kept.then_some(after);
                    assert_eq!(seen, after, "{verb:?} in {before:?}");
                }
            }
        }
    }
}

/// A row that is not there is told so or refused, never made.
pub async fn unknown_rows_are_refused(store: &dyn MetaStore) {
    let id = ShareId::from_bytes(rand::random());
    let fixed = completion(PART, &link().0);
    for verb in [Verb::Claim, Verb::Commit, Verb::Begin, Verb::Publish] {
        refused!(apply(store, verb, id, &fixed).await, WrongState);
    }
    for verb in [Verb::Abort, Verb::Delete] {
        refused!(apply(store, verb, id, &fixed).await, NotFound);
    }
    store.forget_blob(id).await.expect("it changes nothing");
    store
        .release_part(id, 0, writer())
        .await
        .expect("it changes nothing");
    assert_eq!(find(store, id).await, None);
    assert!(store.parts(id).await.expect("the store works").is_empty());
    assert!(
        store
            .share(id, NOW)
            .await
            .expect("the store works")
            .is_none()
    );
}

async fn apply(
    store: &dyn MetaStore,
    verb: Verb,
    id: ShareId,
    fixed: &Completion,
) -> Result<(), MetaError> {
    match verb {
        Verb::Abort => store.abort(id).await,
        Verb::Begin => store.begin_complete(id, fixed, NOW).await.map(|_| ()),
        Verb::Claim => {
            let wish = claim(0, PART, writer());
            store.claim_part(id, wish, FREE, NOW).await.map(|_| ())
        }
        Verb::Commit => {
            let part = part(0, PART);
            store.commit_part(id, part, writer(), UPLOAD_END).await
        }
        Verb::Delete => store.delete_share(id, NOW).await,
        Verb::Forget => store.forget_blob(id).await,
        Verb::Publish => store.publish(id, NOW).await,
        Verb::SweepUploads => store.sweep_uploads(UPLOAD_END, MANY).await.map(|_| ()),
        Verb::SweepShares => {
            store.sweep_shares(NOW + 10, MANY).await?;
            let grace = crate::meta::SHARE_GRACE;
            store.sweep_shares(NOW + 10 + grace, MANY).await.map(|_| ())
        }
    }
}
