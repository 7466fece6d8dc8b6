//! The URL of a server.

use alloc::string::String;
use core::fmt;
use core::net::Ipv6Addr;
use core::str::FromStr;

use super::link::split_key;

/// Characters of the longest host name (RFC 1035).
const MAX_HOST_LEN: usize = 253;

/// Where a server is: scheme, host, port and a path in front of all its routes.
///
/// It prints in one form: lower case, without the scheme's own port, without a slash at the end.
/// It holds no secret: a path that could be a link's key is refused.
///
/// ```
/// use onekey_core::url::{ParseServerUrlError, ServerUrl};
///
/// let server = ServerUrl::parse("HTTPS://Example.org:443/files/")?;
/// assert_eq!(server.to_string(), "https://example.org/files");
///
/// let refused = ServerUrl::parse("https://user:password@example.org");
/// assert_eq!(refused, Err(ParseServerUrlError::Userinfo));
/// # Ok::<(), ParseServerUrlError>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct ServerUrl {
    scheme: Scheme,
    host: String,
    port: Option<u16>,
    prefix: String,
}

/// How to talk to a server.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Scheme {
    /// In the clear, for loopback and private networks.
    Http,
    /// Over TLS.
    Https,
}

/// Why a text is not a server's URL. Holds nothing of the text.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseServerUrlError {
    /// There is a fragment.
    #[error("a server's URL has no `#` part")]
    Fragment,
    /// The host is neither a name, nor an IPv4 address, nor an IPv6 address in brackets.
    #[error("the host in the URL is not valid (international names go in their `xn--` form)")]
    Host,
    /// The path looks like a link's key: this is a link and not a server.
    #[error("the URL is a link that opens a share, not a server's URL")]
    Key,
    /// Nothing stands after the scheme.
    #[error("the URL names no host")]
    NoHost,
    /// The text does not begin with `https://`.
    #[error("the URL must begin with `https://` or `http://`")]
    NoScheme,
    /// The path has an empty, `.` or `..` part, or other than letters, digits and `-._~`.
    #[error("the path in the URL is not valid")]
    Path,
    /// The port is not one of 1 to 65,535.
    #[error("the port in the URL is not valid")]
    Port,
    /// There is a query.
    #[error("a server's URL has no `?` part")]
    Query,
    /// The URL is of another kind, such as `ftp`.
    #[error("the URL's scheme is neither `https` nor `http`")]
    UnsupportedScheme,
    /// There is a user name or a password before the host, which would end up in logs.
    #[error("the URL must not hold a user name or a password")]
    Userinfo,
}

impl ServerUrl {
    /// Parses `https://HOST[:PORT][/prefix]`.
    ///
    /// # Errors
    /// [`ParseServerUrlError`] also for surrounding white space, a query and a fragment.
    pub fn parse(text: &str) -> Result<Self, ParseServerUrlError> {
        let (server, path) = Self::parse_start(text)?;
        match path.find(['?', '#']) {
            None => server.with_prefix(path.strip_suffix('/').unwrap_or(path)),
            Some(at) if path[at..].starts_with('#') => Err(ParseServerUrlError::Fragment),
            Some(_) => Err(ParseServerUrlError::Query),
        }
    }

    /// Parses `https://HOST[:PORT]` and returns what follows it.
    pub(super) fn parse_start(text: &str) -> Result<(Self, &str), ParseServerUrlError> {
        let (scheme, rest) = text
            .split_once("://")
            .ok_or(ParseServerUrlError::NoScheme)?;
        let scheme = Scheme::parse(scheme)?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        if authority.contains('@') {
            return Err(ParseServerUrlError::Userinfo);
        }
        let (host, port) = split_port(authority)?;
        let server = Self {
            scheme,
            host: parse_host(host)?,
            port: port.filter(|&port| port != scheme.default_port()),
            prefix: String::new(),
        };
        Ok((server, path))
    }

    /// Adds a path that is empty or begins with a slash, and does not end with one.
    pub(super) fn with_prefix(mut self, path: &str) -> Result<Self, ParseServerUrlError> {
        if path.is_empty() {
            return Ok(self);
        }
        let segments = path.strip_prefix('/').ok_or(ParseServerUrlError::Path)?;
        for segment in segments.split('/') {
            if split_key(segment).is_some() {
                return Err(ParseServerUrlError::Key);
            }
            if matches!(segment, "" | "." | "..") || !segment.bytes().all(is_prefix_byte) {
                return Err(ParseServerUrlError::Path);
            }
        }
        self.prefix.push_str(path);
        Ok(self)
    }

    /// Returns the scheme.
    pub const fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Returns the host in lower case, an IPv6 address in its brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Returns the port, also where the URL leaves it out.
    pub fn port(&self) -> u16 {
        self.port.unwrap_or_else(|| self.scheme.default_port())
    }

    /// Returns the path in front of every route: empty, or `/…` without a slash at the end.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }
}

impl FromStr for ServerUrl {
    type Err = ParseServerUrlError;

    fn from_str(text: &str) -> Result<Self, ParseServerUrlError> {
        Self::parse(text)
    }
}

impl fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme.name(), self.host)?;
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        f.write_str(&self.prefix)
    }
}

impl Scheme {
    fn parse(text: &str) -> Result<Self, ParseServerUrlError> {
        [Self::Http, Self::Https]
            .into_iter()
            .find(|scheme| text.eq_ignore_ascii_case(scheme.name()))
            .ok_or_else(|| {
                // Else the `://` stands somewhere behind, as in `host/path?then=https://…`.
                if !text.is_empty() && text.bytes().all(is_scheme_byte) {
                    ParseServerUrlError::UnsupportedScheme
                } else {
                    ParseServerUrlError::NoScheme
                }
            })
    }

    /// Returns the name as it stands in URLs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    const fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

fn split_port(authority: &str) -> Result<(&str, Option<u16>), ParseServerUrlError> {
    // An IPv6 address has colons of its own, in its brackets.
    let colon = authority.rfind(':');
    let Some(colon) = colon.filter(|&colon| !authority[colon..].contains(']')) else {
        return Ok((authority, None));
    };
    let (host, port) = authority.split_at(colon);
    let digits = &port[1..];
    // `u16::from_str` would also take a plus sign.
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(ParseServerUrlError::Port);
    }
    match digits.parse() {
        Ok(port @ 1..) => Ok((host, Some(port))),
        _ => Err(ParseServerUrlError::Port),
    }
}

fn parse_host(host: &str) -> Result<String, ParseServerUrlError> {
    if host.is_empty() {
        return Err(ParseServerUrlError::NoHost);
    }
    if let Some(address) = host.strip_prefix('[') {
        let address = address
            .strip_suffix(']')
            .and_then(|address| address.parse::<Ipv6Addr>().ok())
            .ok_or(ParseServerUrlError::Host)?;
        return Ok(alloc::format!("[{address}]"));
    }
    let labels = host.strip_suffix('.').unwrap_or(host);
    let valid = host.len() <= MAX_HOST_LEN
        && host.bytes().all(is_host_byte)
        && labels.split('.').all(|label| !label.is_empty());
    if valid {
        Ok(host.to_ascii_lowercase())
    } else {
        Err(ParseServerUrlError::Host)
    }
}

fn is_host_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_')
}

/// The unreserved characters of RFC 3986: no client ever writes them in another way.
fn is_prefix_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

fn is_scheme_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')
}
