//! `GET /healthz` and `GET /readyz`, for whoever watches the server.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;

use crate::app::App;

/// The process answers.
pub(crate) async fn alive() -> &'static str {
    "ok\n"
}

/// The stores answer too, and the server is not stopping.
pub(crate) async fn ready(State(app): State<Arc<App>>) -> (StatusCode, &'static str) {
    if app.is_stopping() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    if app.meta.ping().await.is_err() {
        return (
            StatusCode::SERVICE_UNAVAILABLE,
            "the meta store does not answer\n",
        );
    }
    if app.blobs.space().await.is_err() {
        return (
            StatusCode::SERVICE_UNAVAILABLE,
            "the blob store does not answer\n",
        );
    }
    (StatusCode::OK, "ready\n")
}
