//! Many callers at once.

use futures_util::future::{join, join_all};

use super::attempts::check;
use super::fixture::{
    FREE, MANY, NOW, PART, capped, claim, client, completion, grant, granted, link, live, proof,
    put, state, upload, used, writer,
};
use super::links::link_state;
use crate::meta::{
    Claimed, Granted, LinkState, MetaStore, NewLink, ProofCheck, UNUSED_GRANT_LIFETIME,
    UploadState, WRONG_PROOFS_PER_CLIENT,
};

/// Of fifty callers at once exactly as many get a grant as the cap allows.
pub async fn t27_parallel_grants_keep_the_cap(store: &dyn MetaStore) {
    for cap in [1, 3] {
        let link = capped(cap, None);
        live(store, &link).await;
        let asked = join_all((0..50).map(|_| grant(store, link.locator, NOW))).await;
        let mut winners = 0;
        for (_, answer) in asked {
            match answer {
                Granted::Yes { .. } => winners += 1,
                Granted::Gone(state) => assert_eq!(state, LinkState::UsedUp),
                Granted::Unknown => panic!("the link is there"),
            }
        }
        assert_eq!(winners, cap);
    }
}

/// First use and sweep at the same moment: either the grant serves or its download comes back.
pub async fn t27_use_and_refund_exclude_each_other(store: &dyn MetaStore) {
    for round in 0..40 {
        let link = capped(1, None);
        live(store, &link).await;
        let hash = granted(store, link.locator, NOW).await;
        let end = NOW + UNUSED_GRANT_LIFETIME;
        // A reader's clock that is a second behind the sweeper's.
        let use_it = used(store, hash, end - 1);
        let sweep = store.sweep_grants(end, MANY);
        let served = if round % 2 == 0 {
            let (served, swept) = join(use_it, sweep).await;
            swept.expect("the store works");
            served
        } else {
            let (swept, served) = join(sweep, use_it).await;
            swept.expect("the store works");
            served
        };
        let left = link_state(store, link.locator, end).await;
        let expected = if served {
            LinkState::UsedUp
        } else {
            LinkState::Live
        };
        assert_eq!(left, expected);
    }
}

/// Guesses sent at once are counted like guesses in a row.
pub async fn parallel_guesses_are_limited(store: &dyn MetaStore) {
    let (link, _) = link();
    let link = NewLink {
        password: true,
        ..link
    };
    live(store, &link).await;
    let guesser = client();
    let guesses: Vec<_> = (0..40).map(|_| proof()).collect();
    let answers = join_all(
        guesses
            .iter()
            .map(|guess| check(store, link.locator, guess, guesser, NOW)),
    )
    .await;
    let looked_at = answers
        .iter()
        .filter(|answer| matches!(answer, ProofCheck::Wrong(_)));
    let looked_at = u32::try_from(looked_at.count()).expect("there are forty");
    assert_eq!(looked_at, WRONG_PROOFS_PER_CLIENT);
}

/// Of many writers of one part exactly one gets it, and its bytes are charged once.
pub async fn parallel_claims_have_one_winner(store: &dyn MetaStore) {
    let id = upload(store, None).await;
    let before = store.totals().await.expect("the store works").charged;
    let claims = (0..20).map(|_| store.claim_part(id, claim(0, PART, writer()), FREE, NOW));
    let mut winners = 0;
    for claimed in join_all(claims).await {
        winners += usize::from(claimed.expect("it is answered") == Claimed::Yes);
    }
    assert_eq!(winners, 1);
    let charged = store.totals().await.expect("the store works").charged;
    assert_eq!(charged, before + PART);
}

/// Two uploads that want one locator at once: one gets it.
pub async fn parallel_completes_have_one_winner(store: &dyn MetaStore) {
    let (link, _) = link();
    let fixed = completion(PART, &link);
    let mut ids = Vec::new();
    for _upload in 0..8 {
        let id = upload(store, Some(PART)).await;
        put(store, id, 0, PART).await;
        ids.push(id);
    }
    let begun = ids.iter().map(|id| store.begin_complete(*id, &fixed, NOW));
    let winners = join_all(begun).await.into_iter().filter(Result::is_ok);
    assert_eq!(winners.count(), 1);
    let mut completing = 0;
    for id in ids {
        completing += usize::from(state(store, id).await == UploadState::Completing);
    }
    assert_eq!(completing, 1);
}
