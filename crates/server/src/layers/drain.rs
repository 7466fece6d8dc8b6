//! Early refusals: a client that is still sending its body would see a reset instead of the answer, so a
//! bounded amount of what nobody read is read and thrown away first.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::header;
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Frame, SizeHint};
use onekey_core::wire::MAX_PART_SIZE;
use tokio::time::{Instant, timeout_at};

/// Most bytes that are thrown away: the rest of one part.
const MAX_DRAINED: u64 = MAX_PART_SIZE;

/// Longest time that is spent on it.
const DRAIN_TIME: Duration = Duration::from_secs(5);

pub(super) async fn unread(request: Request, next: Next) -> Response {
    // A client that asked first (`Expect: 100-continue`) has sent nothing before the first look at its body, and
    // reading would invite it.
    let invited = !request.headers().contains_key(header::EXPECT);
    let left = LeftOver::default();
    let request = request.map(|body| {
        Body::new(Watched {
            body: Some(body),
            invited,
            left: left.clone(),
        })
    });
    let response = next.run(request).await;
    if let Some(body) = left.take() {
        drain(body).await;
    }
    response
}

async fn drain(mut body: Body) {
    let end = Instant::now() + DRAIN_TIME;
    let mut drained = 0;
    while drained < MAX_DRAINED {
        let Ok(Some(Ok(frame))) = timeout_at(end, body.frame()).await else {
            break;
        };
        drained += frame.data_ref().map_or(0, |data| data.len() as u64);
    }
}

/// Where a body that was dropped before its end waits.
#[derive(Clone, Default)]
struct LeftOver(Arc<Mutex<Option<Body>>>);

impl LeftOver {
    fn put(&self, body: Body) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(body);
    }

    fn take(&self) -> Option<Body> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// A request's body that hands itself back when it is dropped before its end.
struct Watched {
    body: Option<Body>,
    /// Whether the client sends, or has been told to.
    invited: bool,
    left: LeftOver,
}

impl hyper::body::Body for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.invited = true;
        let Some(body) = &mut self.body else {
            return Poll::Ready(None);
        };
        let polled = Pin::new(body).poll_frame(context);
        if matches!(polled, Poll::Ready(None | Some(Err(_)))) {
            self.body = None;
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body
            .as_ref()
            .map_or_else(|| SizeHint::with_exact(0), Body::size_hint)
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        if let Some(body) = self
            .body
            .take()
            .filter(|body| self.invited && !hyper::body::Body::is_end_stream(body))
        {
            self.left.put(body);
        }
    }
}
