//! Pages of other sites may not make a visitor's browser change anything here.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use onekey_core::wire::{API_PREFIX, ErrorCode};

use crate::error::ApiError;
use crate::extract::accepts;

pub(super) async fn refuse(request: Request, next: Next) -> Response {
    let cross_site = request
        .headers()
        .get("sec-fetch-site")
        .is_some_and(|field| field.as_bytes().eq_ignore_ascii_case(b"cross-site"));
    if cross_site && !request.method().is_safe() {
        let refusal = ApiError::new(
            ErrorCode::CrossSite,
            "a page of another site may not do this",
        );
        let of_protocol = request.uri().path().starts_with(API_PREFIX);
        return if of_protocol || accepts(request.headers(), "application/json") {
            refusal.into_response()
        } else {
            refusal.into_text()
        };
    }
    next.run(request).await
}
