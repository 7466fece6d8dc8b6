//! A request's body as it comes in: each wait is bounded, and so is all waiting together.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt;
use tokio::time::{Instant, timeout};

use crate::error::ApiError;
use crate::extract::{BODY_IDLE, Body};

/// Bytes for which a client may let us wait [`SLOWEST_WAIT`]: a line that is slower is not worth its buffers.
const SLOWEST_BYTES: usize = 16 << 10;

/// Longest time that is spent waiting for [`SLOWEST_BYTES`].
const SLOWEST_WAIT: Duration = Duration::from_secs(60);

pub(super) struct Incoming {
    body: Body,
    came: usize,
    waited: Duration,
}

impl Incoming {
    pub(super) fn new(body: Body) -> Self {
        Self {
            body,
            came: 0,
            waited: Duration::ZERO,
        }
    }

    /// Returns the next piece, or `None` at the end of the whole body.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, ApiError> {
        loop {
            let asked = Instant::now();
            let frame = timeout(BODY_IDLE, self.body.frame())
                .await
                .map_err(|_| ApiError::body_too_slow())?;
            let Some(frame) = frame else { return Ok(None) };
            let frame = frame.map_err(|_| ApiError::body_broke_off())?;
            // Trailers carry nothing that we use.
            let Ok(data) = frame.into_data() else {
                continue;
            };
            self.count(data.len(), asked.elapsed())?;
            return Ok(Some(data));
        }
    }

    fn count(&mut self, came: usize, waited: Duration) -> Result<(), ApiError> {
        self.came += came;
        self.waited += waited;
        if self.came >= SLOWEST_BYTES {
            (self.came, self.waited) = (0, Duration::ZERO);
        } else if self.waited > SLOWEST_WAIT {
            return Err(ApiError::body_too_slow());
        }
        Ok(())
    }
}
