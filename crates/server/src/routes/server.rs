//! `GET /api/v1/server`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use onekey_core::wire::{MAX_PART_SIZE, ServerDescription};

use crate::app::App;

/// Choices of `expires_in` that a page offers: an hour, a day, a week, a month, a year, never.
const EXPIRY_CHOICES: [Option<u64>; 6] = [
    Some(3_600),
    Some(86_400),
    Some(604_800),
    Some(2_592_000),
    Some(31_536_000),
    None,
];

pub(crate) async fn describe(State(app): State<Arc<App>>) -> Json<ServerDescription> {
    let config = &app.config;
    let allowed = |choice: &Option<u64>| match (choice, config.max_expiry) {
        (_, None) => true,
        (Some(choice), Some(max)) => *choice <= max,
        (None, Some(_)) => false,
    };
    Json(ServerDescription {
        version: env!("CARGO_PKG_VERSION").into(),
        assets: app.assets(),
        upload_secret_required: config.upload_secret.is_some(),
        direct: config.direct,
        max_size: config.limits.max_size,
        max_expiry: config.max_expiry,
        default_expiry: config.default_expiry,
        expiry_choices: EXPIRY_CHOICES.into_iter().filter(allowed).collect(),
        min_part_size: app.blobs.min_part_size(),
        max_part_size: MAX_PART_SIZE,
        report_address: None,
    })
}
