//! `POST /`, `PUT /`, `PUT /{name}`: plain files, as every screenshot tool and curl send them.

use axum::http::StatusCode;

pub(crate) async fn post() -> StatusCode {
    StatusCode::NOT_FOUND
}

pub(crate) async fn put() -> StatusCode {
    StatusCode::NOT_FOUND
}
