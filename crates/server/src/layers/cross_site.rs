//! Pages of other sites may not make a visitor's browser change anything here.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use onekey_core::wire::ErrorCode;

use crate::error::ApiError;

pub(super) async fn refuse(request: Request, next: Next) -> Response {
    let cross_site = request
        .headers()
        .get("sec-fetch-site")
        .is_some_and(|field| field.as_bytes().eq_ignore_ascii_case(b"cross-site"));
    if cross_site && !request.method().is_safe() {
        return ApiError::new(
            ErrorCode::CrossSite,
            "a page of another site may not do this",
        )
        .into_response();
    }
    next.run(request).await
}
