//! One line for each request: method, route as the table names it, status, bytes, time. Never a path,
//! query, header value or address: those hold keys and say who opened what.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use axum::body::Body;
use axum::extract::{MatchedPath, Request};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use hyper::body::{Frame, SizeHint};

use crate::error::LoggedCause;

/// What stands in the log for an address that no route has.
const NO_ROUTE: &str = "-";

pub(super) async fn request(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let route: Arc<str> = request
        .extensions()
        .get::<MatchedPath>()
        .map_or(NO_ROUTE, MatchedPath::as_str)
        .into();
    let response = next.run(request).await;
    let line = Line {
        method,
        route,
        status: response.status(),
        started,
        sent: 0,
        whole: false,
    };
    if let Some(LoggedCause(cause)) = response.extensions().get() {
        tracing::error!(route = &*line.route, status = line.status.as_u16(), %cause, "failed");
    }
    response.map(|body| Body::new(Counted { body, line }))
}

struct Line {
    method: Method,
    route: Arc<str>,
    status: StatusCode,
    started: Instant,
    sent: u64,
    whole: bool,
}

impl Drop for Line {
    fn drop(&mut self) {
        // A method is the client's text; only those that HTTP names are written down.
        let method = match self.method {
            Method::GET | Method::HEAD | Method::POST | Method::PUT | Method::DELETE => {
                self.method.as_str()
            }
            _ => "other",
        };
        tracing::info!(
            method,
            route = &*self.route,
            status = self.status.as_u16(),
            bytes = self.sent,
            whole = self.whole,
            ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX),
            "request",
        );
    }
}

/// A response's body that counts, and writes its line when it is done or given up.
struct Counted {
    body: Body,
    line: Line,
}

impl hyper::body::Body for Counted {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        match &polled {
            Poll::Ready(Some(Ok(frame))) => {
                self.line.sent += frame.data_ref().map_or(0, |data| data.len() as u64);
                self.line.whole = self.body.is_end_stream();
            }
            Poll::Ready(None) => self.line.whole = true,
            _ => {}
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
