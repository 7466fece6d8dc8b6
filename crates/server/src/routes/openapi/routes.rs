//! What each route takes and answers.

use onekey_core::wire::{
    API_PREFIX, ErrorCode, SCHEME_GRANT, SCHEME_OWNER, SCHEME_PROOF, SCHEME_UPLOAD_SECRET,
};

/// The right that a route wants.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Authorization {
    Grant,
    Owner,
    Proof,
    UploadSecret,
}

impl Authorization {
    pub(super) const ALL: [Self; 4] = [Self::Grant, Self::Owner, Self::Proof, Self::UploadSecret];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Grant => "grant",
            Self::Owner => "owner",
            Self::Proof => "proof",
            Self::UploadSecret => "upload_secret",
        }
    }

    pub(super) fn scheme(self) -> &'static str {
        match self {
            Self::Grant => SCHEME_GRANT,
            Self::Owner => SCHEME_OWNER,
            Self::Proof => SCHEME_PROOF,
            Self::UploadSecret => SCHEME_UPLOAD_SECRET,
        }
    }

    pub(super) fn description(self) -> &'static str {
        match self {
            Self::Grant => "The right to fetch one payload.",
            Self::Owner => "The owner token of an upload or share.",
            Self::Proof => "The proof of a link.",
            Self::UploadSecret => "The operator's secret, where uploads want one.",
        }
    }
}

/// The body of a request.
#[derive(Clone, Copy, Debug)]
pub(super) enum Request {
    Bytes,
    Json(&'static str),
    None,
}

/// The body of an answer.
#[derive(Clone, Copy, Debug)]
pub(super) enum Answer {
    Any,
    #[cfg(feature = "web")]
    Asset,
    Bytes,
    Empty,
    Icon,
    Json(&'static str),
    /// HTML for browsers, text for others.
    #[cfg(feature = "web")]
    Page,
    #[cfg(feature = "web")]
    Script,
    Text,
}

/// One method of one address.
#[derive(Debug)]
pub(super) struct Route {
    pub(super) method: &'static str,
    /// Below the prefix of the protocol, if it is of the protocol.
    pub(super) path: &'static str,
    pub(super) summary: &'static str,
    pub(super) authorization: Option<Authorization>,
    /// Name, whether it is required, and what it is.
    pub(super) headers: &'static [(&'static str, bool, &'static str)],
    pub(super) request: Request,
    pub(super) answers: &'static [(u16, Answer)],
    codes: &'static [ErrorCode],
    pub(super) in_protocol: bool,
}

impl Route {
    pub(super) fn path(&self) -> String {
        let prefix = if self.in_protocol { API_PREFIX } else { "" };
        format!("{prefix}{}", self.path)
    }

    pub(super) fn operation_id(&self) -> String {
        let words = self.path.split(['/', '{', '}', '.']);
        let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
        let slash = if self.path.len() > 1 && self.path.ends_with('/') {
            "_"
        } else {
            ""
        };
        format!("{}_{}{slash}", self.method, words.join("_"))
    }

    /// Returns every refusal: those of the route, and those of what stands around all.
    pub(super) fn codes(&self) -> impl Iterator<Item = ErrorCode> {
        let reads = matches!(self.method, "get" | "head");
        let cross_site = (!reads).then_some(ErrorCode::CrossSite);
        self.codes.iter().copied().chain(cross_site)
    }
}

/// Nothing but a method, an address and a text.
const TEXT: Route = Route {
    method: "get",
    path: "/",
    summary: "",
    authorization: None,
    headers: &[],
    request: Request::None,
    answers: &[(200, Answer::Text)],
    codes: &[],
    in_protocol: false,
};

/// What people get: the page, or where there is none, words.
#[cfg(feature = "web")]
const FOR_PEOPLE: &[(u16, Answer)] = &[(200, Answer::Page)];
#[cfg(not(feature = "web"))]
const FOR_PEOPLE: &[(u16, Answer)] = &[(200, Answer::Text)];

const GET: Route = Route {
    in_protocol: true,
    ..TEXT
};

const POST: Route = Route {
    method: "post",
    ..GET
};

const DELETE: Route = Route {
    method: "delete",
    answers: &[(204, Answer::Empty)],
    ..GET
};

const PATCH: Route = Route {
    method: "patch",
    ..GET
};

const OF_OWNER: &[ErrorCode] = &[
    ErrorCode::OwnerRejected,
    ErrorCode::NotFound,
    ErrorCode::Unavailable,
];

const OF_OWNER_IN_STATE: &[ErrorCode] = &[
    ErrorCode::OwnerRejected,
    ErrorCode::NotFound,
    ErrorCode::WrongState,
    ErrorCode::Unavailable,
];

const OF_PROOF: &[ErrorCode] = &[
    ErrorCode::ProofRejected,
    ErrorCode::TooManyAttempts,
    ErrorCode::Expired,
    ErrorCode::UsedUp,
    ErrorCode::Revoked,
    ErrorCode::LinkGone,
    ErrorCode::Unavailable,
];

const OF_GRANT: &[ErrorCode] = &[
    ErrorCode::NotFound,
    ErrorCode::RangeNotSatisfiable,
    ErrorCode::Internal,
    ErrorCode::Unavailable,
];

const RANGE: &[(&str, bool, &str)] = &[("Range", false, "One range, such as bytes=0-1023.")];

/// Every route, in the order of the route table.
pub(super) const ROUTES: &[Route] = &[
    Route {
        path: "/server",
        summary: "What the server offers and allows",
        answers: &[(200, Answer::Json("ServerDescription"))],
        ..GET
    },
    Route {
        path: "/openapi.json",
        summary: "This document",
        answers: &[(200, Answer::Any)],
        ..GET
    },
    Route {
        path: "/uploads",
        summary: "Begin an upload",
        authorization: Some(Authorization::UploadSecret),
        request: Request::Json("CreateUpload"),
        answers: &[(201, Answer::Json("UploadCreated"))],
        codes: &[
            ErrorCode::BadRequest,
            ErrorCode::UploadSecretRequired,
            ErrorCode::UploadSecretRejected,
            ErrorCode::TooLarge,
            ErrorCode::StorageFull,
            ErrorCode::Unavailable,
        ],
        ..POST
    },
    Route {
        path: "/uploads/{id}",
        summary: "Which parts are there",
        authorization: Some(Authorization::Owner),
        answers: &[(200, Answer::Json("UploadStatus"))],
        codes: OF_OWNER,
        ..GET
    },
    Route {
        path: "/uploads/{id}",
        summary: "Abort an upload",
        authorization: Some(Authorization::Owner),
        codes: OF_OWNER_IN_STATE,
        ..DELETE
    },
    Route {
        method: "put",
        path: "/uploads/{id}/parts/{n}",
        summary: "Send a part",
        authorization: Some(Authorization::Owner),
        headers: &[(
            "Content-Digest",
            true,
            "sha-256=:BASE64: of the part (RFC 9530).",
        )],
        request: Request::Bytes,
        answers: &[(204, Answer::Empty)],
        codes: &[
            ErrorCode::BadRequest,
            ErrorCode::OwnerRejected,
            ErrorCode::NotFound,
            ErrorCode::PartBusy,
            ErrorCode::PartExists,
            ErrorCode::WrongState,
            ErrorCode::LengthRequired,
            ErrorCode::TooLarge,
            ErrorCode::DigestMismatch,
            ErrorCode::Internal,
            ErrorCode::StorageFull,
            ErrorCode::Unavailable,
        ],
        ..GET
    },
    Route {
        path: "/uploads/{id}/complete",
        summary: "Make an upload a share, with its first link",
        authorization: Some(Authorization::Owner),
        request: Request::Json("CompleteUpload"),
        answers: &[(201, Answer::Json("UploadCompleted"))],
        codes: &[
            ErrorCode::BadRequest,
            ErrorCode::OwnerRejected,
            ErrorCode::NotFound,
            ErrorCode::CompleteDiffers,
            ErrorCode::LocatorTaken,
            ErrorCode::PartsMissing,
            ErrorCode::WrongState,
            ErrorCode::TooLarge,
            ErrorCode::Internal,
            ErrorCode::StorageFull,
            ErrorCode::Unavailable,
        ],
        ..POST
    },
    Route {
        path: "/shares/{id}",
        summary: "A live share and its links",
        authorization: Some(Authorization::Owner),
        answers: &[(200, Answer::Json("ShareDescription"))],
        codes: OF_OWNER,
        ..GET
    },
    Route {
        path: "/shares/{id}",
        summary: "Delete a share",
        authorization: Some(Authorization::Owner),
        codes: OF_OWNER_IN_STATE,
        ..DELETE
    },
    Route {
        path: "/shares/{id}",
        summary: "Change when all links of a share end",
        authorization: Some(Authorization::Owner),
        request: Request::Json("ChangeShare"),
        answers: &[(200, Answer::Json("ShareDescription"))],
        codes: &[
            ErrorCode::BadRequest,
            ErrorCode::OwnerRejected,
            ErrorCode::NotFound,
            ErrorCode::WrongState,
            ErrorCode::TooLarge,
            ErrorCode::StorageFull,
            ErrorCode::Unavailable,
        ],
        ..PATCH
    },
    Route {
        path: "/shares/{id}/links",
        summary: "Add a link to a share",
        authorization: Some(Authorization::Owner),
        request: Request::Json("NewLink"),
        answers: &[(201, Answer::Json("LinkAdded"))],
        codes: &[
            ErrorCode::BadRequest,
            ErrorCode::OwnerRejected,
            ErrorCode::NotFound,
            ErrorCode::LocatorTaken,
            ErrorCode::TooManyLinks,
            ErrorCode::WrongState,
            ErrorCode::TooLarge,
            ErrorCode::StorageFull,
            ErrorCode::Unavailable,
        ],
        ..POST
    },
    Route {
        path: "/links/{locator}",
        summary: "Change a link's cap and end",
        authorization: Some(Authorization::Owner),
        request: Request::Json("ChangeLink"),
        answers: &[(200, Answer::Json("SharedLink"))],
        codes: &[
            ErrorCode::BadRequest,
            ErrorCode::OwnerRejected,
            ErrorCode::LinkGone,
            ErrorCode::WrongState,
            ErrorCode::TooLarge,
            ErrorCode::StorageFull,
            ErrorCode::Unavailable,
        ],
        ..PATCH
    },
    Route {
        path: "/links/{locator}",
        summary: "Revoke a link",
        authorization: Some(Authorization::Owner),
        codes: &[
            ErrorCode::OwnerRejected,
            ErrorCode::LinkGone,
            ErrorCode::WrongState,
            ErrorCode::StorageFull,
            ErrorCode::Unavailable,
        ],
        ..DELETE
    },
    Route {
        path: "/links/{locator}",
        summary: "Whether a live link wants a password",
        answers: &[(200, Answer::Json("LinkDescription"))],
        codes: &[ErrorCode::LinkGone, ErrorCode::Unavailable],
        ..GET
    },
    Route {
        path: "/links/{locator}/open",
        summary: "Open a link; spends nothing",
        authorization: Some(Authorization::Proof),
        answers: &[(200, Answer::Json("LinkOpened"))],
        codes: OF_PROOF,
        ..POST
    },
    Route {
        path: "/links/{locator}/grants",
        summary: "Take one download",
        authorization: Some(Authorization::Proof),
        answers: &[(201, Answer::Json("GrantCreated"))],
        codes: OF_PROOF,
        ..POST
    },
    Route {
        path: "/payload",
        summary: "The payload, whole or one range",
        authorization: Some(Authorization::Grant),
        headers: RANGE,
        answers: &[(200, Answer::Bytes), (206, Answer::Bytes)],
        codes: OF_GRANT,
        ..GET
    },
    Route {
        method: "head",
        path: "/payload",
        summary: "Its fields alone; does not mark the grant as used",
        authorization: Some(Authorization::Grant),
        headers: RANGE,
        answers: &[(200, Answer::Empty), (206, Answer::Empty)],
        codes: OF_GRANT,
        ..GET
    },
    Route {
        path: "/",
        summary: "Sending, for people",
        answers: FOR_PEOPLE,
        ..TEXT
    },
    Route {
        path: "/send",
        summary: "The same",
        answers: FOR_PEOPLE,
        ..TEXT
    },
    Route {
        path: "/tools",
        summary: "Texts that set up upload tools, for people",
        answers: FOR_PEOPLE,
        ..TEXT
    },
    Route {
        path: "/upload",
        summary: "A form without scripts, for people",
        answers: FOR_PEOPLE,
        ..TEXT
    },
    Route {
        path: "/s",
        summary: "Opening a link, for people",
        answers: FOR_PEOPLE,
        ..TEXT
    },
    Route {
        path: "/s/",
        summary: "The same",
        answers: FOR_PEOPLE,
        ..TEXT
    },
    Route {
        path: "/manage/{id}",
        summary: "Managing a share, for people",
        answers: FOR_PEOPLE,
        ..TEXT
    },
    #[cfg(feature = "web")]
    Route {
        path: "/assets/{folder}/{name}",
        summary: "A file of the page; `folder` is `assets` of /server, and `name` may hold slashes",
        answers: &[(200, Answer::Asset), (404, Answer::Text)],
        ..TEXT
    },
    #[cfg(feature = "web")]
    Route {
        path: "/download/service-worker.js",
        summary: "The service worker that writes downloads to the disk",
        answers: &[(200, Answer::Script)],
        ..TEXT
    },
    Route {
        path: "/healthz",
        summary: "Whether the process answers",
        ..TEXT
    },
    Route {
        path: "/readyz",
        summary: "Whether the stores answer and the server is not stopping",
        answers: &[(200, Answer::Text), (503, Answer::Text)],
        ..TEXT
    },
    Route {
        path: "/robots.txt",
        summary: "What crawlers may fetch",
        ..TEXT
    },
    Route {
        path: "/favicon.ico",
        summary: "The icon",
        answers: &[(200, Answer::Icon)],
        ..TEXT
    },
];
