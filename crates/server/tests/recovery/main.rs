//! Dies at every call that changes a store, on either side of it, then again while it recovers: what was
//! acknowledged stays, what was asked again is answered, and in the end nothing is left.

#![allow(clippy::unwrap_used)]

mod client;
#[path = "../common/mod.rs"]
mod common;
mod process;
mod stops;
mod stores;

use client::{Ask, Client};
use process::{Machine, Process};
use stops::{Side, Stop};

/// Restarts that die as well: on either side of each of the first calls of a recovery.
const RECOVERIES: usize = 3;

/// Deaths of one life: one, and those of its restarts.
const MAX_DEATHS: usize = 2 * RECOVERIES + 1;

/// What is asked, and the calls that answer it: each is a crash point.
type Life = &'static [(Ask, &'static [&'static str])];

const SWEEP: &[&str] = &[
    "sweep_grants",
    "sweep_uploads",
    "sweep_shares",
    "sweep_traces",
];
const SWEEP_OF_BYTES: &[&str] = &[
    "sweep_grants",
    "sweep_uploads",
    "sweep_shares",
    "blob delete",
    "forget_blob",
    "sweep_traces",
];
const PART: &[&str] = &["claim_part", "blob put_part", "commit_part"];
const COMPLETE: &[&str] = &["begin_complete", "blob complete", "publish"];

/// `receiving → completing → live → deleting → gone`, by its owner.
const SHARE: Life = &[
    (Ask::Create, &["blob create", "create_upload"]),
    (Ask::Part(1), PART),
    (Ask::Part(0), PART),
    (Ask::Complete, COMPLETE),
    (Ask::Open, &["pepper", "check_proof"]),
    (Ask::Grant, &["pepper", "check_proof", "grant"]),
    (Ask::Fetch, &["use_grant"]),
    (Ask::SweepMinutes, SWEEP),
    (Ask::CountDownloads, &[]),
    (Ask::AddLink, &["add_link"]),
    (Ask::ChangeLink, &["change_link"]),
    (Ask::ChangeShare, &["change_share"]),
    (Ask::RevokeLink, &["revoke_link"]),
    (
        Ask::DeleteShare,
        &["delete_share", "blob delete", "forget_blob"],
    ),
    (Ask::SweepDays, SWEEP),
];

/// The same by time alone, of unknown size.
const EXPIRED: Life = &[
    (Ask::CreatePipe, &["blob create", "create_upload"]),
    (Ask::Part(0), PART),
    (Ask::Part(1), PART),
    (Ask::Complete, COMPLETE),
    (Ask::Grant, &["pepper", "check_proof", "grant"]),
    // The first sweep ends the last grant, and from then on the share is idle.
    (Ask::SweepHours, SWEEP),
    (Ask::SweepHours, SWEEP_OF_BYTES),
    (Ask::SweepDays, SWEEP),
];

/// `receiving → aborted`, by its owner.
const ABORTED: Life = &[
    (Ask::Create, &["blob create", "create_upload"]),
    (Ask::Part(0), PART),
    (Ask::AbortUpload, &["abort", "blob delete", "forget_blob"]),
    (Ask::SweepDays, SWEEP),
];

/// The same by time alone.
const ABANDONED: Life = &[
    (Ask::Create, &["blob create", "create_upload"]),
    (Ask::Part(0), PART),
    (Ask::SweepDays, SWEEP_OF_BYTES),
];

#[test]
fn t22_t31_a_share_survives_a_crash_at_every_point() {
    crash_everywhere(SHARE);
}

#[test]
fn t22_a_share_that_expires_survives_a_crash_at_every_point() {
    crash_everywhere(EXPIRED);
}

#[test]
fn t22_an_aborted_upload_goes_away_after_a_crash_at_every_point() {
    crash_everywhere(ABORTED);
}

#[test]
fn t22_t31_an_abandoned_upload_goes_away_after_a_crash_at_every_point() {
    crash_everywhere(ABANDONED);
}

fn crash_everywhere(life: Life) {
    live(life, None);
    let calls = life.iter().flat_map(|(_, calls)| *calls);
    for (call, name) in calls.enumerate() {
        for side in [Side::Before, Side::Within, Side::After] {
            if side == Side::Within && *name != "blob put_part" {
                continue;
            }
            let deaths = live(life, Some(Stop { call, side }));
            assert!(deaths > 0, "it did not die at {name} ({side:?})");
        }
    }
}

/// Lives a life on one machine, whose first server dies at `stop`. Returns how often one died.
fn live(life: Life, stop: Option<Stop>) -> usize {
    let machine = Machine::new();
    let mut client = Client::new();
    let (mut deaths, mut known) = (0, 0);
    let mut process = machine.start(stop).unwrap();
    for (ask, calls) in life {
        client.before(&process.api, *ask);
        while process.run(client.ask(&process.api, *ask)).is_none() {
            deaths += 1;
            drop(process);
            process = restart(&machine, &mut deaths);
        }
        if deaths == 0 {
            assert_eq!(process.stops.calls()[known..], **calls, "{ask:?}");
            known += calls.len();
        }
    }
    let totals = process
        .run(process.api.server.check(true))
        .unwrap()
        .unwrap();
    assert_eq!(totals.problems(), 0, "{totals}");
    // What the cut create left, too.
    process
        .run(client.ask(&process.api, Ask::SweepDays))
        .unwrap();
    assert_eq!(machine.blobs(), 0, "{stop:?}");
    deaths
}

/// Starts again until it stays: recovery itself dies a few times.
fn restart(machine: &Machine, deaths: &mut usize) -> Process {
    'recovery: for call in 0..RECOVERIES {
        for side in [Side::Before, Side::After] {
            if machine.start(Some(Stop { call, side })).is_some() {
                // It had nothing more to do.
                break 'recovery;
            }
            *deaths += 1;
        }
    }
    assert!(*deaths <= MAX_DEATHS);
    let process = machine.start(None).unwrap();
    assert!(process.is_settled(), "recovery left something half done");
    process.run(process.api.fits()).unwrap();
    process
}
