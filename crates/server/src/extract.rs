//! What a route takes from a request: who asks, with what right, and which body.
//!
//! A handler's arguments say what it requires; nothing here looks at a row.

mod accept;
mod authorization;
mod body;
mod client;
mod names;

pub(crate) use accept::{Language, accepts, language};
pub(crate) use authorization::{Grant, OwnerToken, Proof, UploadSecretGiven};
pub(crate) use body::{BODY_IDLE, Body, content_length, json, next_piece, required_content_length};
pub(crate) use client::{Client, client_key, is_proxied};
pub(crate) use names::{Locator, PartNumber, ShareId};
