#![doc = include_str!("../README.md")]

#[cfg(not(unix))]
compile_error!(
    "onekey writes files through Unix folder descriptors, so that nothing leaves its folder; \
     it does not run on other systems yet"
);

// The core's ciphers encrypt nothing then.
#[cfg(fuzzing)]
compile_error!("--cfg fuzzing is for fuzz/ alone: nothing would be encrypted");

mod api;
mod client;
mod error;
mod get;
mod links;
mod new_link;
mod open;
mod progress;
mod put;
mod retry;
mod sources;
mod state;
mod streams;

pub use client::{Client, ClientOptions, UploadSecret, UploadSecretError};
pub use error::{
    ApiError, ClientError, DamageError, DirectError, GetError, Kind, LinksError, NameError,
    NetworkError, OpenError, PutError, SealError, SourceError, UnsealError,
};
pub use get::{Continued, GetOptions, GetState, Got, StartedGetOver};
pub use links::{AddedLink, LinkInfo, NewLinkOptions};
pub use open::OpenedShare;
pub use progress::{NoProgress, Progress};
pub use put::{PutOptions, PutShare, ResumeState, Resumed, StartedOver};
pub use retry::Retry;
pub use sources::{Skipped, SkippedReason, Sources, WalkOptions};
pub use streams::{NewFile, StreamOptions, seal, unseal};
