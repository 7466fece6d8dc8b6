//! A small server in memory that speaks the protocol, counts what it is asked, and fails on demand.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::serve::ListenerExt;
use futures_util::stream;
use onekey_client::{Client, ClientOptions, Retry};
use onekey_core::keys::{Grant, Proof, ShareId};
use onekey_core::url::ServerUrl;
use onekey_core::wire::{
    CompleteUpload, CreateUpload, ErrorBody, ErrorCode, ErrorDetail, GrantCreated, LinkAdded,
    LinkDescription, LinkOpened, LinkState, NewLink, ServerDescription, ShareDescription,
    SharedLink, UploadCompleted, UploadCreated, UploadState, UploadStatus,
};
use sha2::{Digest, Sha256};

/// How the server fails at the next request of a kind.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// Refuses with one of its own codes.
    Code(ErrorCode),
    /// Refuses with a code and `Retry-After`.
    CodeAfter(ErrorCode, u32),
    /// A proxy answers instead.
    Proxy(u16),
    /// Does what it is asked, but the answer's body breaks off at once.
    LoseAnswer,
    /// Sends that many bytes of the answer's body, then breaks the connection.
    CutBody(usize),
    /// Changes the byte of the answer's body at that place.
    Flip(usize),
    /// Answers as it should: takes a place in the list.
    Pass,
    /// Stores what came, and says that it has other bytes already.
    Exists,
    /// Does not answer.
    Hang,
    /// Answers with a redirect to the same place.
    Redirect,
    /// Leaves out the last byte and announces that.
    Short,
    /// Says that the bytes are those of another range.
    OtherRange,
}

type Look = Box<dyn Fn(&[&str]) + Send>;

#[derive(Default)]
pub(crate) struct Inner {
    /// Kinds of requests, in the order of their arrival.
    pub(crate) log: Vec<&'static str>,
    pub(crate) connections: u32,
    /// `Range` of every payload request.
    pub(crate) ranges: Vec<String>,
    /// Bodies of `complete`.
    pub(crate) completes: Vec<Bytes>,
    /// Digests of every `part`.
    pub(crate) digests: Vec<String>,
    pub(crate) faults: Vec<(&'static str, VecDeque<Fault>)>,
    pub(crate) create: Option<CreateUpload>,
    pub(crate) creates: u32,
    /// Headers of every `create`.
    pub(crate) headers: Vec<[u8; 72]>,
    pub(crate) parts: BTreeMap<u32, Bytes>,
    pub(crate) complete: Option<CompleteUpload>,
    /// Links that were added to the first one.
    pub(crate) added: Vec<NewLink>,
    /// Bodies of changes.
    pub(crate) changes: Vec<serde_json::Value>,
    pub(crate) revoked: Vec<String>,
    pub(crate) aborted: bool,
    pub(crate) min_part_size: u64,
    pub(crate) max_part_size: u64,
    /// Numbers of every `part` that was stored.
    pub(crate) stored: Vec<u32>,
    /// Digests of every `part` that was refused.
    pub(crate) tried: Vec<String>,
    /// What `status` says, if not the truth.
    pub(crate) status: Option<UploadState>,
    /// Looks around when a part or `complete` arrives, before it is stored.
    pub(crate) look: Option<Look>,
    pub(crate) max_size: Option<u64>,
    /// Whether it opens no links directly.
    pub(crate) direct_off: bool,
    /// Parts larger than this meet a proxy's 413.
    pub(crate) proxy_limit: Option<usize>,
}

impl Inner {
    fn payload(&self) -> Vec<u8> {
        let parts: Vec<_> = self.parts.values().map(|part| &part[..]).collect();
        parts.concat()
    }

    fn links(&self) -> impl Iterator<Item = &NewLink> {
        let first = self.complete.iter().map(|complete| &complete.link);
        first.chain(&self.added)
    }

    fn link(&self, locator: &str) -> Option<&NewLink> {
        self.links()
            .find(|link| link.locator.to_base64url() == locator)
    }

    fn shared(&self, link: &NewLink) -> SharedLink {
        let revoked = self.revoked.contains(&link.locator.to_base64url());
        SharedLink {
            locator: link.locator,
            label: link.label.clone(),
            password: link.password,
            direct: link.direct,
            max_downloads: link.max_downloads,
            downloads: 0,
            downloads_left: link.max_downloads,
            expires_at: link.expires_in.map(|seconds| seconds as i64),
            state: if revoked {
                LinkState::Revoked
            } else {
                LinkState::Live
            },
            last_used_at: None,
        }
    }
}

pub(crate) struct Fake {
    pub(crate) server: ServerUrl,
    inner: Arc<Mutex<Inner>>,
}

impl Fake {
    pub(crate) async fn start() -> Self {
        let inner = Arc::new(Mutex::new(Inner {
            min_part_size: 1,
            max_part_size: 64 << 20,
            ..Inner::default()
        }));
        let router = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&inner));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = format!("http://{}", listener.local_addr().unwrap());
        let counting = Arc::clone(&inner);
        let listener = listener.tap_io(move |_| counting.lock().unwrap().connections += 1);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            server: ServerUrl::parse(&server).unwrap(),
            inner,
        }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap()
    }

    pub(crate) fn fail(&self, kind: &'static str, faults: impl IntoIterator<Item = Fault>) {
        self.state()
            .faults
            .push((kind, faults.into_iter().collect()));
    }

    /// How often a kind of request arrived.
    pub(crate) fn count(&self, kind: &str) -> usize {
        self.state()
            .log
            .iter()
            .filter(|&&seen| seen == kind)
            .count()
    }

    pub(crate) fn payload(&self) -> Vec<u8> {
        self.state().payload()
    }

    /// A client that does not wait long between tries.
    pub(crate) fn client(&self) -> Client {
        self.client_with(ClientOptions::default().parts_in_flight)
    }

    /// The same with this many parts in flight: with one, nothing is on its way any more when it gives up.
    pub(crate) fn client_with(&self, parts_in_flight: usize) -> Client {
        self.client_of(ClientOptions {
            parts_in_flight,
            ..ClientOptions::default()
        })
    }

    /// The same with other options still.
    pub(crate) fn client_of(&self, options: ClientOptions) -> Client {
        let retry = Retry {
            tries: 4,
            first: Duration::from_millis(1),
            longest: Duration::from_millis(5),
        };
        let options = ClientOptions {
            retry,
            retry_questions: retry,
            ..options
        };
        Client::new(self.server.clone(), options).unwrap()
    }
}

async fn answer(State(inner): State<Arc<Mutex<Inner>>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    let segments: Vec<_> = path.split('/').skip(3).collect();
    let kind = match (parts.method.as_str(), segments.as_slice()) {
        ("GET", ["server"]) => "server",
        ("POST", ["uploads"]) => "create",
        ("GET", ["uploads", _]) => "status",
        ("PUT", ["uploads", _, "parts", _]) => "part",
        ("POST", ["uploads", _, "complete"]) => "complete",
        ("DELETE", ["uploads", _]) => "abort",
        ("GET", ["shares", _]) => "share",
        ("DELETE", ["shares", _]) => "delete",
        ("POST", ["shares", _, "links"]) => "add_link",
        ("GET", ["links", _]) => "describe",
        ("PATCH", ["links", _]) => "change_link",
        ("DELETE", ["links", _]) => "revoke_link",
        ("POST", ["links", _, "open"]) => "open",
        ("POST", ["links", _, "grants"]) => "grant",
        ("GET", ["payload"]) => "payload",
        _ => "unknown",
    };
    let body = to_bytes(body, 80 << 20).await.unwrap_or_default();
    let fault = {
        let mut inner = inner.lock().unwrap();
        inner.log.push(kind);
        if let (Some(look), "part" | "complete") = (&inner.look, kind) {
            look(&segments);
        }
        let faults = inner.faults.iter_mut();
        let mut faults = faults.filter(|(of, faults)| *of == kind && !faults.is_empty());
        faults.next().and_then(|(_, faults)| faults.pop_front())
    };
    if let (Some(Fault::Proxy(_)), Some(digest)) = (&fault, parts.headers.get("content-digest")) {
        let digest = digest.to_str().unwrap().to_owned();
        inner.lock().unwrap().tried.push(digest);
    }
    match fault {
        Some(Fault::Code(code)) => return refuse(code, None),
        Some(Fault::CodeAfter(code, after)) => return refuse(code, Some(after)),
        Some(Fault::Proxy(status)) => {
            return (StatusCode::from_u16(status).unwrap(), "<html>proxy</html>").into_response();
        }
        Some(Fault::Hang) => std::future::pending().await,
        Some(Fault::Redirect) => {
            return (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, path)]).into_response();
        }
        _ => {}
    }
    let response = {
        let mut inner = inner.lock().unwrap();
        handle(&mut inner, kind, &segments, &parts.headers, body)
    };
    match fault {
        // An answer without a body has none to break: a proxy loses it.
        Some(Fault::LoseAnswer) if response.status() == StatusCode::NO_CONTENT => {
            StatusCode::GATEWAY_TIMEOUT.into_response()
        }
        Some(Fault::Exists) => refuse(ErrorCode::PartExists, None),
        Some(Fault::LoseAnswer) => cut(response, 0).await,
        Some(Fault::CutBody(len)) => cut(response, len).await,
        Some(Fault::Flip(at)) => {
            let (head, body) = response.into_parts();
            let mut body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
            body[at] ^= 1;
            Response::from_parts(head, Body::from(body))
        }
        Some(Fault::Short) => {
            let (head, body) = response.into_parts();
            let body = to_bytes(body, usize::MAX).await.unwrap();
            Response::from_parts(head, Body::from(body.slice(..body.len() - 1)))
        }
        Some(Fault::OtherRange) => {
            let mut response = response;
            let field = "bytes 1-2/3".parse().unwrap();
            response.headers_mut().insert(header::CONTENT_RANGE, field);
            response
        }
        _ => response,
    }
}

fn handle(
    inner: &mut Inner,
    kind: &str,
    segments: &[&str],
    headers: &HeaderMap,
    body: Bytes,
) -> Response {
    assert!(
        headers[header::USER_AGENT]
            .to_str()
            .unwrap()
            .starts_with("onekey/")
    );
    let authorization = headers.get(header::AUTHORIZATION);
    let authorization = authorization.map_or("", |field| field.to_str().unwrap());
    let owner = || {
        let create = inner.create.as_ref().expect("created");
        let token = authorization.strip_prefix("Onekey-Owner ").expect("owner");
        let token = onekey_core::keys::OwnerToken::from_base64url(token).unwrap();
        assert!(create.owner_verifier.accepts(&token));
    };
    let proven = || {
        let proof = authorization.strip_prefix("Onekey-Proof ").expect("proof");
        let proof = Proof::from_base64url(proof).unwrap();
        let link = inner.link(segments[1]).expect("completed");
        link.verifier.accepts(&proof)
    };
    match kind {
        "server" => json(
            200,
            &ServerDescription {
                version: "0".to_owned(),
                assets: None,
                upload_secret_required: false,
                direct: !inner.direct_off,
                max_size: inner.max_size,
                max_expiry: None,
                default_expiry: Some(7 * 86_400),
                expiry_choices: Vec::new(),
                min_part_size: inner.min_part_size,
                max_part_size: inner.max_part_size,
                report_address: None,
            },
        ),
        "create" => {
            let create: CreateUpload = serde_json::from_slice(&body).unwrap();
            inner.headers.push(create.header);
            inner.create = Some(create);
            inner.creates += 1;
            inner.parts.clear();
            inner.complete = None;
            json(
                201,
                &UploadCreated {
                    id: id(),
                    expires_at: 1,
                },
            )
        }
        "status" => {
            owner();
            let is_live = inner.complete.is_some();
            let truth = if is_live {
                UploadState::Live
            } else {
                UploadState::Receiving
            };
            json(
                200,
                &UploadStatus {
                    state: inner.status.unwrap_or(truth),
                    received: inner.parts.keys().map(|&number| [number; 2]).collect(),
                    expires_at: 1,
                },
            )
        }
        "part" => {
            owner();
            if inner.proxy_limit.is_some_and(|limit| body.len() > limit) {
                return (StatusCode::PAYLOAD_TOO_LARGE, "<html>nginx</html>").into_response();
            }
            assert_eq!(
                headers[header::CONTENT_LENGTH].to_str().unwrap(),
                body.len().to_string()
            );
            let digest = headers["content-digest"].to_str().unwrap().to_owned();
            let sum = onekey_core::base64url::encode(&Sha256::digest(&body));
            let sum = sum.replace('-', "+").replace('_', "/");
            assert_eq!(digest, format!("sha-256=:{sum}=:"));
            inner.digests.push(digest);
            let number = segments[3].parse().unwrap();
            inner.stored.push(number);
            inner.parts.insert(number, body);
            StatusCode::NO_CONTENT.into_response()
        }
        "complete" => {
            owner();
            inner.completes.push(body.clone());
            let complete: CompleteUpload = serde_json::from_slice(&body).unwrap();
            let len: usize = inner.parts.values().map(Bytes::len).sum();
            assert_eq!(complete.size, len as u64);
            let part_size = inner.create.as_ref().unwrap().part_size;
            let full = inner.parts.values().rev().skip(1);
            assert!(full.clone().all(|part| part.len() as u64 == part_size));
            inner.complete = Some(complete);
            json(
                201,
                &UploadCompleted {
                    share: id(),
                    expires_at: Some(5),
                },
            )
        }
        "abort" => {
            owner();
            inner.aborted = true;
            StatusCode::NO_CONTENT.into_response()
        }
        "share" => {
            owner();
            let (create, complete) = (inner.create.as_ref(), inner.complete.as_ref());
            let links = inner.links().map(|link| inner.shared(link));
            json(
                200,
                &ShareDescription {
                    header: create.unwrap().header,
                    owner_envelope: create.unwrap().owner_envelope,
                    size: complete.unwrap().size,
                    created_at: 0,
                    expires_at: Some(5),
                    links: links.collect(),
                },
            )
        }
        "add_link" => {
            owner();
            let link: NewLink = serde_json::from_slice(&body).unwrap();
            if inner.link(&link.locator.to_base64url()).is_some() {
                return refuse(ErrorCode::LocatorTaken, None);
            }
            let added = LinkAdded {
                locator: link.locator,
                expires_at: link.expires_in.map(|seconds| seconds as i64),
            };
            inner.added.push(link);
            json(201, &added)
        }
        "change_link" => {
            owner();
            inner.changes.push(serde_json::from_slice(&body).unwrap());
            json(200, &inner.shared(inner.link(segments[1]).unwrap()))
        }
        "revoke_link" => {
            owner();
            inner.revoked.push(segments[1].to_owned());
            StatusCode::NO_CONTENT.into_response()
        }
        "describe" => match inner.link(segments[1]) {
            Some(link) => json(
                200,
                &LinkDescription {
                    password: link.password,
                },
            ),
            None => refuse(ErrorCode::LinkGone, None),
        },
        "open" if !proven() => refuse(ErrorCode::ProofRejected, None),
        "open" => {
            let complete = inner.complete.as_ref().unwrap();
            json(
                200,
                &LinkOpened {
                    header: inner.create.as_ref().unwrap().header,
                    envelope: inner.link(segments[1]).unwrap().envelope,
                    manifest: complete.manifest.clone(),
                    size: complete.size,
                    expires_at: Some(5),
                    downloads_left: None,
                },
            )
        }
        "grant" if !proven() => refuse(ErrorCode::ProofRejected, None),
        "grant" => json(
            201,
            &GrantCreated {
                grant: Grant::from_bytes([7; 32]),
                expires_at: 5,
                downloads_left: None,
            },
        ),
        "payload" => {
            let grant = Grant::from_bytes([7; 32]).to_base64url();
            assert_eq!(authorization, format!("Onekey-Grant {grant}"));
            let range = headers[header::RANGE].to_str().unwrap().to_owned();
            inner.ranges.push(range.clone());
            let payload = inner.payload();
            let (first, last) = range
                .strip_prefix("bytes=")
                .unwrap()
                .split_once('-')
                .unwrap();
            let (first, last): (usize, usize) = (first.parse().unwrap(), last.parse().unwrap());
            let field = format!("bytes {first}-{last}/{}", payload.len());
            let body = payload[first..=last].to_vec();
            (
                StatusCode::PARTIAL_CONTENT,
                [(header::CONTENT_RANGE, field)],
                body,
            )
                .into_response()
        }
        _ => refuse(ErrorCode::NotFound, None),
    }
}

/// Breaks the connection behind `len` bytes of the body.
async fn cut(response: Response, len: usize) -> Response {
    let (mut head, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    head.headers
        .insert(header::CONTENT_LENGTH, body.len().into());
    let pieces: Vec<Result<Bytes, std::io::Error>> = vec![
        Ok(body.slice(..len.min(body.len()))),
        Err(std::io::ErrorKind::Other.into()),
    ];
    Response::from_parts(head, Body::from_stream(stream::iter(pieces)))
}

fn json(status: u16, value: &impl serde::Serialize) -> Response {
    let status = StatusCode::from_u16(status).unwrap();
    (status, serde_json::to_vec(value).unwrap()).into_response()
}

fn refuse(code: ErrorCode, after: Option<u32>) -> Response {
    let message = "refused".to_owned();
    let error = ErrorDetail { code, message };
    let mut response = json(code.status(), &ErrorBody { error });
    if let Some(after) = after {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, after.into());
    }
    response
}

fn id() -> ShareId {
    ShareId::from_bytes([9; 16])
}
