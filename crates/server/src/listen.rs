//! The accept loop: hyper with a timer, which `axum::serve` does not set, so that a header that only
//! dribbles in ends at its deadline. It stops in order: no new connections, requests in flight finish, then
//! whatever is left is cut. Cut uploads resume, so that harms nobody.

use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};
use tower::ServiceExt;

use crate::config::{DRAIN, HEADER_DEADLINE};

/// Most header fields of a request.
const MAX_FIELDS: usize = 64;

/// Bytes of a connection's read buffer: with hyper's 8 KiB a part arrives in a thousand pieces.
const READ_BUFFER: usize = 256 * 1024;

/// Bytes of all header fields of an HTTP/2 request.
const MAX_HTTP2_HEADER: u32 = 16 * 1024;

/// Requests at once on one HTTP/2 connection.
const MAX_HTTP2_STREAMS: u32 = 64;

/// Pause after `accept` failed, as it does when files run out.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves `router` until `stop`, calling `stopping` then.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()> + Send,
    stopping: impl FnOnce(),
) {
    let builder = builder();
    let graceful = GracefulShutdown::new();
    let mut connections = tokio::task::JoinSet::new();
    tokio::pin!(stop);
    loop {
        let (stream, address) = tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "a connection was not accepted");
                    sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            },
            // Ended tasks are taken out, or the set would grow for ever.
            Some(_) = connections.join_next() => continue,
        };
        // Small answers go out at once; if the system refuses, they are only later.
        let _ = stream.set_nodelay(true);
        let router = router.clone();
        let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(address));
            router.clone().oneshot(request)
        });
        let connection = builder
            .serve_connection(TokioIo::new(stream), service)
            .into_owned();
        let connection = graceful.watch(connection);
        connections.spawn(async move {
            // How a connection ended is the client's business; hyper's words may hold what it sent.
            let _ = connection.await;
        });
    }
    stopping();
    drop(listener);
    if timeout(DRAIN, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests were still in flight at the end of the drain and were cut");
    }
    connections.shutdown().await;
}

fn builder() -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_DEADLINE)
        .max_headers(MAX_FIELDS)
        .max_buf_size(READ_BUFFER);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_header_list_size(MAX_HTTP2_HEADER)
        .max_concurrent_streams(MAX_HTTP2_STREAMS);
    builder
}
