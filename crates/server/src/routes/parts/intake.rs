//! A part's body on its way to the store: counted, hashed, and ended with an error unless both fit.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use bytes::Bytes;
use futures_util::stream::{self, StreamExt};
use http_body_util::BodyExt;
use onekey_core::wire::ErrorCode;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq;
use tokio::time::timeout;

use crate::blobs::{BlobError, PartBody};
use crate::error::ApiError;
use crate::extract::{BODY_IDLE, Body};
use crate::meta::Digest;

/// 0 says that nothing of these was wrong.
const OTHER_DIGEST: u8 = 1;
const TOO_SLOW: u8 = 2;
const OTHER_LENGTH: u8 = 3;

/// Why the body ended with an error, if it was not simply cut.
#[derive(Clone, Default)]
pub(super) struct Outcome(Arc<AtomicU8>);

impl Outcome {
    pub(super) fn refusal(&self) -> Option<ApiError> {
        match self.0.load(Ordering::SeqCst) {
            OTHER_DIGEST => Some(ApiError::new(
                ErrorCode::DigestMismatch,
                "the bytes have another digest than announced; send the part again",
            )),
            TOO_SLOW => Some(ApiError::body_too_slow()),
            OTHER_LENGTH => Some(BlobError::BodyLength.into()),
            _ => None,
        }
    }

    fn fail(&self, why: u8) -> io::Error {
        self.0.store(why, Ordering::SeqCst);
        io::ErrorKind::InvalidData.into()
    }
}

struct Intake {
    body: Body,
    left: u64,
    hash: Sha256,
    digest: Digest,
    outcome: Outcome,
    ended: bool,
}

/// Wraps `body`. The store acknowledges only after the stream's end, so a part with another digest is
/// never recorded.
pub(super) fn checked(body: Body, length: u64, digest: Digest) -> (PartBody, Outcome) {
    let outcome = Outcome::default();
    let intake = Intake {
        body,
        left: length,
        hash: Sha256::new(),
        digest,
        outcome: outcome.clone(),
        ended: false,
    };
    (
        stream::unfold(intake, |mut intake| async {
            Some((intake.next().await?, intake))
        })
        .boxed(),
        outcome,
    )
}

impl Intake {
    async fn next(&mut self) -> Option<io::Result<Bytes>> {
        if self.ended {
            return None;
        }
        let piece = self.piece().await.transpose();
        self.ended = !matches!(piece, Some(Ok(_)));
        piece
    }

    async fn piece(&mut self) -> io::Result<Option<Bytes>> {
        loop {
            let frame = match timeout(BODY_IDLE, self.body.frame()).await {
                Err(_) => return Err(self.outcome.fail(TOO_SLOW)),
                Ok(Some(Err(_))) => return Err(io::ErrorKind::ConnectionAborted.into()),
                Ok(Some(Ok(frame))) => frame,
                Ok(None) => return self.end().map(|()| None),
            };
            // Trailers carry nothing that we use.
            let Ok(data) = frame.into_data() else {
                continue;
            };
            self.left = self
                .left
                .checked_sub(data.len() as u64)
                .ok_or_else(|| self.outcome.fail(OTHER_LENGTH))?;
            self.hash.update(&data);
            return Ok(Some(data));
        }
    }

    fn end(&mut self) -> io::Result<()> {
        if self.left != 0 {
            return Err(self.outcome.fail(OTHER_LENGTH));
        }
        let digest: [u8; 32] = std::mem::take(&mut self.hash).finalize().into();
        if bool::from(digest.ct_eq(&self.digest.0)) {
            Ok(())
        } else {
            Err(self.outcome.fail(OTHER_DIGEST))
        }
    }
}
