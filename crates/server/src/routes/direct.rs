//! `/KEY`, `/KEY.ext`, `/KEY/any name`: what a direct link opens.

use axum::http::StatusCode;

pub(crate) async fn read() -> StatusCode {
    StatusCode::NOT_FOUND
}

pub(crate) async fn spend() -> StatusCode {
    StatusCode::NOT_FOUND
}

pub(crate) async fn delete() -> StatusCode {
    StatusCode::NOT_FOUND
}
