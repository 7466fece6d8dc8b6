//! Why a verb did nothing.

/// Why a verb did nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MetaError {
    /// `complete` was repeated with another body.
    #[error("the upload is being completed with other words")]
    CompleteDiffers,
    /// A link with that locator exists or existed.
    #[error("the locator was used before")]
    LocatorTaken,
    /// No such row.
    #[error("no such row")]
    NotFound,
    /// Parts are missing, have the wrong length or do not add up to the size.
    #[error("parts are missing")]
    PartsMissing,
    /// The disk under the meta store is full.
    #[error("the meta store's disk is full")]
    StorageFull,
    /// The payload would be larger than one may be.
    #[error("the payload is larger than allowed")]
    TooLarge,
    /// The share has as many links as it may have.
    #[error("the share has too many links")]
    TooManyLinks,
    /// All payloads together would be larger than they may be.
    #[error("the server's total is reached")]
    TotalExceeded,
    /// The store failed; the source says how, without values of rows.
    #[error("the meta store failed")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The row is not in a state that allows this.
    #[error("the row is in another state")]
    WrongState,
}
