//! One line for each request: method, route as the table names it, status, bytes, time. Never a path,
//! query, header value or address: those hold keys and say who opened what.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use axum::body::Body;
use axum::extract::{MatchedPath, Request};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use hyper::body::{Body as _, Frame, SizeHint};

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
    let left = if method == Method::HEAD {
        Some(0)
    } else {
        announced(&response)
    };
    let line = Line {
        method,
        route,
        status: response.status(),
        started,
        sent: 0,
        left,
    };
    if let Some(LoggedCause(cause)) = response.extensions().get() {
        tracing::error!(route = &*line.route, status = line.status.as_u16(), %cause, "failed");
    }
    response.map(|body| Body::new(Counted { body, line }))
}

/// Returns the length of a response's body, if it is known before it is sent.
fn announced(response: &Response) -> Option<u64> {
    let field = response.headers().get(header::CONTENT_LENGTH);
    field
        .and_then(|field| field.to_str().ok()?.parse().ok())
        .or_else(|| response.body().size_hint().exact())
}

struct Line {
    method: Method,
    route: Arc<str>,
    status: StatusCode,
    started: Instant,
    sent: u64,
    /// Bytes still to send, or `None` if their number is not known. hyper stops asking at the last one.
    left: Option<u64>,
}

impl Drop for Line {
    fn drop(&mut self) {
        // A method is the client's text; only those that HTTP names are written down.
        let method = match self.method {
            Method::GET
            | Method::HEAD
            | Method::POST
            | Method::PUT
            | Method::PATCH
            | Method::DELETE => self.method.as_str(),
            _ => "other",
        };
        tracing::info!(
            method,
            route = &*self.route,
            status = self.status.as_u16(),
            bytes = self.sent,
            whole = self.left == Some(0),
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
                let bytes = frame.data_ref().map_or(0, |data| data.len() as u64);
                self.line.sent += bytes;
                self.line.left = self.line.left.map(|left| left.saturating_sub(bytes));
            }
            Poll::Ready(None) => self.line.left = Some(0),
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
