//! The address under which people reach this server, as the links in an answer begin.

use axum::extract::OriginalUri;
use axum::http::header::HOST;
use axum::http::request::Parts;
use axum::http::{HeaderName, Uri};
use onekey_core::url::ServerUrl;

use crate::config::Config;
use crate::error::ApiError;
use crate::extract::is_proxied;

const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// Returns `--public-url`, or else what the request was sent to: by what a trusted proxy says of it, by `Host`.
///
/// # Errors
/// 400 for a host that is none. What a stranger writes into `X-Forwarded-…` does not count.
pub(crate) fn of_request(config: &Config, request: &Parts) -> Result<ServerUrl, ApiError> {
    if let Some(url) = &config.public_url {
        return Ok(url.clone());
    }
    let proxied = is_proxied(request, &config.trusted_proxies);
    let forwarded = |name: &HeaderName| proxied.then(|| last(request, name)).flatten();
    let scheme = forwarded(&FORWARDED_PROTO).unwrap_or("http");
    let host = forwarded(&FORWARDED_HOST).or_else(|| host(request));
    let host = host.ok_or_else(|| ApiError::bad_request("send one field Host"))?;
    // The path comes from the router alone.
    if host.contains(['/', '?', '#']) {
        return Err(not_a_host());
    }
    let prefix = prefix(request);
    ServerUrl::parse(&format!("{scheme}://{host}{prefix}")).map_err(|_| not_a_host())
}

fn not_a_host() -> ApiError {
    ApiError::bad_request("Host is not the name of a server; the operator may set --public-url")
}

/// Returns the last member of a list: the one that the proxy before us wrote, where others may have left theirs.
fn last<'r>(request: &'r Parts, name: &HeaderName) -> Option<&'r str> {
    let field = request.headers.get_all(name).iter().next_back()?;
    let member = field.to_str().ok()?.rsplit(',').next()?.trim();
    (!member.is_empty()).then_some(member)
}

/// Returns the host of the address (HTTP/2, and HTTP/1.1 in absolute form), else the one field `Host`.
fn host(request: &Parts) -> Option<&str> {
    if let Some(authority) = original(request).authority() {
        return Some(authority.as_str());
    }
    let mut fields = request.headers.get_all(HOST).iter();
    match (fields.next(), fields.next()) {
        (Some(host), None) => host.to_str().ok(),
        _ => None,
    }
}

fn original(request: &Parts) -> &Uri {
    let original = request.extensions.get::<OriginalUri>();
    original.map_or(&request.uri, |OriginalUri(uri)| uri)
}

/// Returns what stands before the paths that the router sees.
fn prefix(request: &Parts) -> &str {
    let (whole, inner) = (original(request).path(), request.uri.path());
    let prefix = whole.strip_suffix(inner);
    // Under a prefix, `/files` and `/files/` are both the root.
    prefix.unwrap_or(if inner == "/" { whole } else { "" })
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use axum::extract::ConnectInfo;
    use axum::http::Request;

    use super::*;

    /// Asks as a client at `socket` does.
    fn base(config: &Config, socket: &str, uri: &str, fields: &[(&str, &str)]) -> Option<String> {
        let mut request = Request::builder().uri(uri);
        for (name, value) in fields {
            request = request.header(*name, *value);
        }
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        let socket: SocketAddr = format!("{socket}:1").parse().unwrap();
        parts.extensions.insert(ConnectInfo(socket));
        of_request(config, &parts).ok().map(|url| url.to_string())
    }

    fn trusting() -> Config {
        Config {
            trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()],
            ..Config::default()
        }
    }

    #[test]
    fn r9_forwarded_fields_count_from_trusted_proxies_only() {
        let fields = [
            ("host", "inner:8080"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", "evil.example, files.example.org"),
        ];
        let ask = |config: &Config, socket: &str| base(config, socket, "/", &fields).unwrap();
        assert_eq!(ask(&trusting(), "192.0.2.1"), "http://inner:8080");
        assert_eq!(ask(&trusting(), "10.1.2.3"), "https://files.example.org");
        assert_eq!(ask(&Config::default(), "10.1.2.3"), "http://inner:8080");
        let alone = [("host", "a.example"), ("x-forwarded-proto", "https")];
        let asked = base(&trusting(), "10.1.2.3", "/", &alone);
        assert_eq!(asked.unwrap(), "https://a.example");
    }

    #[test]
    fn r10_the_public_url_is_never_overruled() {
        let config = Config {
            public_url: Some("https://example.org/files".parse().unwrap()),
            ..trusting()
        };
        let fields = [
            ("host", "evil.example"),
            ("x-forwarded-host", "evil.example"),
        ];
        let asked = base(&config, "10.1.2.3", "/", &fields);
        assert_eq!(asked.unwrap(), "https://example.org/files");
    }

    #[test]
    fn r8_a_host_that_is_none_is_refused() {
        let config = Config::default();
        let ask = |host: &str| base(&config, "192.0.2.1", "/", &[("host", host)]);
        assert_eq!(ask("[::1]:8080").unwrap(), "http://[::1]:8080");
        assert_eq!(ask("Example.org:80").unwrap(), "http://example.org");
        for bad in ["", "a b", "a/b", "a@b", "a:99999", "a?", "ä.example", "a#b"] {
            assert_eq!(ask(bad), None, "{bad:?}");
        }
        let two = [("host", "a.example"), ("host", "b.example")];
        assert_eq!(base(&config, "192.0.2.1", "/", &two), None);
        assert_eq!(base(&config, "192.0.2.1", "/", &[]), None);
        let scheme = [("host", "a.example"), ("x-forwarded-proto", "gopher")];
        assert_eq!(base(&trusting(), "10.1.2.3", "/", &scheme), None);
    }

    #[test]
    fn the_address_itself_comes_before_the_field() {
        let fields = [("host", "b.example")];
        let asked = base(
            &Config::default(),
            "192.0.2.1",
            "http://a.example:81/x",
            &fields,
        );
        assert_eq!(asked.unwrap(), "http://a.example:81");
    }
}
