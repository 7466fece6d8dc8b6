//! A request's body as it comes in: each wait is bounded, and so is all waiting together.

use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;

use crate::error::ApiError;
use crate::extract::{Body, next_piece};

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
        let asked = Instant::now();
        let piece = next_piece(&mut self.body).await?;
        if let Some(data) = &piece {
            self.count(data.len(), asked.elapsed())?;
        }
        Ok(piece)
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
