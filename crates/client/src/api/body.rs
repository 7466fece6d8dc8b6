//! Request bodies that are watched: they may take as long as the line needs, but not stand still.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, stream};
use reqwest::header::CONTENT_LENGTH;
use reqwest::{RequestBuilder, Response};
use tokio::time::{Instant, timeout_at};

use super::{ANSWER_WAIT, Api, IDLE_WAIT};
use crate::error::{ApiError, NetworkError};

/// Bytes handed to the connection at once; each piece taken is a sign of life.
const PIECE: usize = 256 << 10;

impl Api {
    /// Sends a request with a large body.
    pub(super) async fn send_watched(
        &self,
        request: RequestBuilder,
        body: Bytes,
    ) -> Result<Response, ApiError> {
        let deadline = Arc::new(Deadline::new());
        let request = request
            .header(CONTENT_LENGTH, body.len())
            .body(reqwest::Body::wrap_stream(pieces(
                body,
                Arc::clone(&deadline),
            )))
            .send();
        let mut request = std::pin::pin!(request);
        loop {
            let at = deadline.get();
            match timeout_at(at, &mut request).await {
                Ok(response) => return response.map_err(ApiError::network),
                Err(_) if deadline.get() > at => {}
                Err(_) => return Err(ApiError::Network(NetworkError::Silent)),
            }
        }
    }
}

/// When the server counts as silent, moved on by every piece that it takes.
struct Deadline(Mutex<Instant>);

impl Deadline {
    fn new() -> Self {
        Self(Mutex::new(Instant::now() + IDLE_WAIT))
    }

    fn get(&self) -> Instant {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn extend(&self, wait: Duration) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now() + wait;
    }
}

fn pieces(
    body: Bytes,
    deadline: Arc<Deadline>,
) -> impl Stream<Item = Result<Bytes, std::convert::Infallible>> + Send {
    stream::unfold(body, move |mut rest| {
        let piece = rest.split_to(rest.len().min(PIECE));
        deadline.extend(if rest.is_empty() {
            ANSWER_WAIT
        } else {
            IDLE_WAIT
        });
        std::future::ready((!piece.is_empty()).then_some((Ok(piece), rest)))
    })
}
