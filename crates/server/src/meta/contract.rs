//! The conformance suite of [`super::MetaStore`]: every store passes [`all`].
//!
//! Each function makes rows of its own with random names, so they can share a store; those that look
//! at sums look at differences, so nothing else may use the store meanwhile.

mod added;
mod attempts;
mod changes;
mod complete;
mod direct;
mod fixture;
mod grants;
mod links;
mod races;
mod states;
mod sweeps;
mod traces;
mod uploads;

pub use added::*;
pub use attempts::*;
pub use changes::*;
pub use complete::*;
pub use direct::*;
pub use grants::*;
pub use links::*;
pub use races::*;
pub use states::*;
pub use sweeps::*;
pub use traces::*;
pub use uploads::*;

use super::MetaStore;

macro_rules! suite {
    ($($case:ident),* $(,)?) => {
        /// Runs every case.
        ///
        /// # Panics
        /// If the store breaks the contract.
        pub async fn all(store: &dyn MetaStore) {
            $($case(store).await;)*
        }
    };
}

suite![
    upload_is_kept,
    name_is_taken_once,
    part_is_kept,
    part_has_one_writer,
    claim_is_renewed,
    claim_that_ran_out_is_taken,
    claim_that_ran_out_may_commit,
    claim_that_ran_out_is_swept,
    release_ends_only_own_claims,
    recorded_part_is_not_claimed_again,
    upload_whose_time_ended_takes_nothing,
    t2_part_past_the_end_is_refused,
    known_size_is_charged_once,
    unknown_size_is_charged_by_part,
    limits_hold_for_known_sizes,
    limits_hold_for_unknown_sizes,
    complete_makes_a_share,
    complete_repeated_changes_nothing,
    complete_with_another_body_differs,
    t2_complete_wants_every_byte,
    locator_is_taken_once,
    t2_part_after_complete_is_refused,
    unfinished_share_is_recovered,
    transitions_are_guarded,
    unknown_rows_are_refused,
    link_that_was_never_there_is_unknown,
    link_ends_by_time_when_read,
    link_is_used_up,
    right_proof_opens,
    owner_sees_links,
    direct_link_opens_to_its_proof,
    direct_link_that_ended_is_told_of,
    link_that_is_not_direct_never_opens_so,
    deleted_share_revokes_links_and_grants,
    added_link_is_one_of_its_own,
    added_locator_is_taken_once,
    share_has_so_many_links_at_most,
    other_states_take_neither_links_nor_changes,
    cap_is_changed,
    lowered_cap_holds_after_a_refund,
    end_is_changed,
    t19_revoked_link_ends_its_grants_and_no_others,
    ends_of_a_share_are_set_together,
    tombstone_lives_no_more,
    link_ended_by_its_cap_is_kept,
    idle_share_that_gets_a_link_stays,
    share_without_end_goes_after_its_last_link,
    t8_unknown_locator_is_not_counted,
    t32_wrong_proof_touches_no_download,
    wrong_proofs_of_a_client_are_limited,
    wrong_proofs_of_a_link_are_limited,
    limit_of_a_link_needs_a_password,
    grant_serves_until_it_ends,
    peek_does_not_use_a_grant,
    grant_outlives_its_link,
    t35_unused_grant_gives_its_download_back,
    used_grant_gives_nothing_back,
    t27_parallel_grants_keep_the_cap,
    t27_use_and_refund_exclude_each_other,
    parallel_guesses_are_limited,
    parallel_claims_have_one_winner,
    parallel_completes_have_one_winner,
    t31_upload_ends_without_parts,
    idle_share_is_deleted_after_grace,
    t35_download_in_progress_keeps_its_share,
    share_that_never_ends_stays,
    sweeps_keep_their_limit,
    t22_blob_is_forgotten_when_deleted,
    aborted_upload_goes_away,
    known_blobs_are_told,
    totals_count_rows,
    pepper_is_kept_by_day,
    pepper_is_swept,
    tombstone_keeps_its_locator,
    ended_link_of_a_live_share_is_swept,
    attempt_counters_are_swept,
    store_answers,
];

/// The store answers a ping.
pub async fn store_answers(store: &dyn MetaStore) {
    store.ping().await.expect("a store that works answers");
}
