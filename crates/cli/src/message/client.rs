//! The client's errors, each with what to do about it.

use onekey_client::{
    ApiError, ClientError, DirectError, GetError, Kind, LinksError, NetworkError, OpenError,
    PutError, SourceError,
};
use onekey_core::wire::ErrorCode;

use super::{Failure, sentence};
use crate::exit::Exit;
use crate::units;

/// Damage on the way is repaired by another try, damage at rest is not.
const DAMAGED: &str = "nothing damaged was kept; try once more, and ask the sender to send it again if that \
                       does not help";
const SHORTER_LABEL: &str = "write a shorter --label; nothing was sent";
const GONE: &str = "ask the sender for a new link";

impl From<Kind> for Exit {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Damaged => Self::Damaged,
            Kind::Gone => Self::Gone,
            Kind::WrongKey => Self::WrongKey,
            _ => Self::Failed,
        }
    }
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        Self::new(Exit::Failed, sentence(&error)).hint(
            "check this system's TLS certificates and the proxy variables (HTTPS_PROXY and others)",
        )
    }
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        let failure = Self::new(error.exit_kind().into(), sentence(&error));
        with_api_hint(failure, &error, Address::Link)
    }
}

impl From<SourceError> for Failure {
    fn from(error: SourceError) -> Self {
        let exit = error.exit_kind().into();
        let hint = source_hint(&error);
        let failure = match error {
            SourceError::Several(errors) => {
                let items = errors.iter().map(|error| sentence(error));
                Self::new(exit, "some of the files cannot be sent").items(items)
            }
            SourceError::OnlySymlinks(ref paths) => {
                let items = paths.iter().map(|path| path.display().to_string());
                Self::new(exit, sentence(&error)).items(items)
            }
            error => Self::new(exit, sentence(&error)),
        };
        failure.hint(hint)
    }
}

impl From<PutError> for Failure {
    fn from(error: PutError) -> Self {
        let failure = Self::new(error.exit_kind().into(), sentence(&error));
        match error {
            PutError::Api(error) => with_api_hint(failure, &error, Address::Option),
            PutError::Source(error) | PutError::SourceChanged { source: error } => error.into(),
            PutError::TooLarge { .. } => failure.hint("send fewer files, or in several shares"),
            PutError::Manifest(_) => {
                failure.hint("send fewer files in one share, or pack them with tar first")
            }
            PutError::Label(_) => failure.hint(SHORTER_LABEL),
            PutError::InUse => {
                failure.hint("wait until it is done, or send it once more without --resume")
            }
            PutError::OtherPassword => {
                failure.hint("give the same password as before, or send it anew without --resume")
            }
            PutError::State { .. } => failure.hint(
                "check that ~/.local/state/onekey (or XDG_STATE_HOME) is yours to write and has space",
            ),
            PutError::Direct(error) => failure.hint(direct_hint(error)),
            PutError::Compression => failure.hint("send it with --no-compress"),
            PutError::PartSize => failure
                .hint("ask the server's owner to check its limits, or name another with --server"),
            _ => failure.hint("nothing was shared; run the command again"),
        }
    }
}

impl From<LinksError> for Failure {
    fn from(error: LinksError) -> Self {
        let failure = Self::new(error.exit_kind().into(), sentence(&error));
        match error {
            LinksError::Api(error) => with_api_hint(failure, &error, Address::Link),
            LinksError::Damaged(_) => {
                failure.hint("no link was added: tell the server's owner, and send the files again")
            }
            LinksError::Direct(error) => failure.hint(direct_hint(error)),
            LinksError::Open(_) => failure.hint("no link was added; run the command again"),
            LinksError::Label(_) => failure.hint(SHORTER_LABEL),
            LinksError::NoOwnerEnvelope => failure.hint("send the files again as another share"),
            LinksError::UnsupportedSuite | LinksError::UnsupportedVersion => {
                failure.hint("install the newest onekey")
            }
            _ => failure.hint("run the command again"),
        }
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        let failure = Self::new(error.exit_kind().into(), sentence(&error));
        match error {
            OpenError::Api(error) => with_api_hint(failure, &error, Address::Link),
            OpenError::Damaged(_) => failure.hint("ask the sender to send it again"),
            OpenError::Expired | OpenError::Revoked | OpenError::UsedUp => failure.hint(GONE),
            OpenError::Gone => failure.hint(NOT_THERE),
            OpenError::PasswordRequired => {
                failure.hint("set ONEKEY_PASSWORD or name a file with --password-file")
            }
            OpenError::TooManyAttempts { retry_after } => failure.hint(later(retry_after)),
            OpenError::WrongPasswordOrKey => failure.hint(WRONG_KEY),
            _ => failure.hint("install the newest onekey, or open the link in a browser"),
        }
    }
}

impl From<GetError> for Failure {
    fn from(error: GetError) -> Self {
        let failure = Self::new(error.exit_kind().into(), sentence(&error));
        match error {
            GetError::Api(error) => with_api_hint(failure, &error, Address::Link),
            GetError::Damaged(_) => failure.hint(DAMAGED),
            GetError::Exists(_) => {
                failure.hint("write elsewhere with -o, or overwrite it with --force")
            }
            GetError::Expired | GetError::Revoked | GetError::UsedUp => failure.hint(GONE),
            GetError::Gone => failure.hint(NOT_THERE),
            GetError::GrantLost(_) => failure
                .hint("see with `onekey info LINK` how many downloads are left, then try again"),
            GetError::NoSpace { needed, free } => Self::new(
                Exit::Failed,
                format!(
                    "not enough space: {} are needed, {} are free",
                    units::size(needed),
                    units::size(free)
                ),
            )
            .hint(
                "free some space, write to another disk with -o, or take single files with --file",
            ),
            GetError::Io { .. } => {
                failure.hint("check that the folder exists, is yours to write, and has space")
            }
            GetError::InUse => failure.hint("wait until it is done, or write elsewhere with -o"),
            GetError::UnsafeName { .. } => {
                failure.hint("take it under another name: --file NAME -o OTHER-NAME")
            }
            GetError::TooManyAttempts { retry_after } => failure.hint(later(retry_after)),
            GetError::WrongPasswordOrKey => failure.hint(WRONG_KEY),
            _ => failure.hint("run the command again"),
        }
    }
}

const NOT_THERE: &str = "it may have ended long ago, or have a password that was not given, or a part of it was lost: compare \
                         it with what you got, or ask the sender for a new one";
const WRONG_KEY: &str = "type the password again, exactly as the sender gave it to you; if the link has none, \
                         copy the whole link again";

/// Where the server's address came from.
#[derive(Clone, Copy)]
enum Address {
    /// From the link.
    Link,
    /// From `--server` or what stands for it.
    Option,
}

fn with_api_hint(failure: Failure, error: &ApiError, address: Address) -> Failure {
    match error {
        ApiError::Network(NetworkError::Connect(_)) => failure.hint(match address {
            Address::Link => "is the address in the link right, and is its server running?",
            Address::Option => {
                "is a server running there? start one with `cargo run --release --bin onekey-server`, \
                 or name yours with --server or ONEKEY_SERVER"
            }
        }),
        ApiError::Network(_) => failure.hint("check the connection, then run the command again"),
        ApiError::NotAServer { .. } => {
            failure.hint("check the address: a onekey server behind a path needs that path in it")
        }
        ApiError::BodyRefused => failure
            .hint("ask the server's owner to let the proxy pass larger requests (client_max_body_size in nginx)"),
        ApiError::Refused {
            code, retry_after, ..
        } => failure.hint(refusal_hint(*code, *retry_after)),
        _ => failure.hint("run the command again"),
    }
}

fn refusal_hint(code: ErrorCode, retry_after: Option<u32>) -> String {
    match code {
        ErrorCode::UploadSecretRequired => {
            "set ONEKEY_UPLOAD_SECRET to the secret that the server's owner gave you"
        }
        ErrorCode::UploadSecretRejected => {
            "check ONEKEY_UPLOAD_SECRET: it is not the secret of this server"
        }
        ErrorCode::BadRequest => {
            "check --expires, --downloads and --direct against what the server allows; else update onekey or the \
             server"
        }
        ErrorCode::TooLarge => "send fewer or smaller files, or several shares",
        ErrorCode::TooManyLinks => {
            "send the files again as another share, or wait until old links are forgotten"
        }
        ErrorCode::StorageFull => "wait until shares have expired, or tell the server's owner",
        ErrorCode::Quota | ErrorCode::TooManyAttempts | ErrorCode::Unavailable => {
            return later(retry_after);
        }
        ErrorCode::OwnerRejected => "copy the whole manage link again, up to its last character",
        ErrorCode::ProofRejected => WRONG_KEY,
        ErrorCode::NotFound | ErrorCode::LinkGone => "the share may be deleted or expired already",
        ErrorCode::Expired | ErrorCode::Revoked | ErrorCode::UsedUp => GONE,
        _ => "run the command again; if that does not help, tell the server's owner",
    }
    .to_owned()
}

const fn direct_hint(error: DirectError) -> &'static str {
    match error {
        DirectError::Compressed => {
            "no link was added; send the files again with `onekey put --direct`, or make a link without --direct"
        }
        DirectError::ManifestTooLarge => {
            "send fewer files in one share, or pack them with tar first; nothing was sent"
        }
        DirectError::Off => {
            "leave --direct out, or ask the server's owner to start it with --direct on; nothing was sent"
        }
        _ => "leave out --direct or the password; nothing was sent",
    }
}

fn later(retry_after: Option<u32>) -> String {
    retry_after.map_or_else(
        || "try again later".to_owned(),
        |seconds| format!("try again in {}", units::words(seconds.into())),
    )
}

fn source_hint(error: &SourceError) -> &'static str {
    match error {
        SourceError::Changed(_) => {
            "nothing was shared; run the command again when the file is at rest"
        }
        SourceError::Empty => "name a file, or a folder that holds something",
        SourceError::Io { .. } => "nothing was sent; make it readable or leave it out",
        SourceError::Name { .. } | SourceError::NotUtf8(_) => {
            "nothing was sent; rename it or leave it out"
        }
        SourceError::NotFound(_) => "check the spelling; nothing was sent",
        SourceError::Special(_) | SourceError::Unsized(_) => {
            "send it through a pipe: onekey put - --name NAME < FILE"
        }
        SourceError::OnlySymlinks(_) => "send what they point to with --follow",
        SourceError::SameName(_) => {
            "nothing was sent; rename one of them, or send them in two shares"
        }
        _ => "nothing was shared; correct this and run the command again",
    }
}
