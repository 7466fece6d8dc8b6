//! The client's address, and the keyed hash that stands for it in rows.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap};
use hmac::{Hmac, KeyInit, Mac};
use ipnet::IpNet;
use sha2::Sha256;

use crate::app::App;
use crate::error::ApiError;
use crate::meta::{ClientKey, Pepper};

/// Longest chain of proxies that is walked.
const MAX_FORWARDED: usize = 32;

/// Who asks, behind today's keyed hash.
pub(crate) struct Client(pub(crate) ClientKey);

impl FromRequestParts<Arc<App>> for Client {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let trusted = &app.config.trusted_proxies;
        let address = client_address(&parts.extensions, &parts.headers, trusted);
        Ok(Self(address.key(&app.pepper().await?)))
    }
}

/// Returns what stands for a request's client as long as somebody keeps `pepper`.
pub(crate) fn client_key(request: &Parts, trusted: &[IpNet], pepper: &Pepper) -> ClientKey {
    client_address(&request.extensions, &request.headers, trusted).key(pepper)
}

struct ClientAddress(IpAddr);

/// Returns the client's address: the socket's, or behind trusted proxies the right-most address in
/// `X-Forwarded-For` that is none of them. What a client writes to the left of it does not count.
fn client_address(
    extensions: &Extensions,
    headers: &HeaderMap,
    trusted: &[IpNet],
) -> ClientAddress {
    // Without a socket (a router called directly, in an embedding app) all callers are one client.
    let mut address = socket_address(extensions).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    let forwarded = headers
        .get_all("x-forwarded-for")
        .iter()
        .rev()
        .filter_map(|field| field.to_str().ok())
        .flat_map(|field| field.rsplit(','))
        .take(MAX_FORWARDED);
    for hop in forwarded {
        if !is_among(trusted, address) {
            break;
        }
        let Ok(hop) = hop.trim().parse::<IpAddr>() else {
            break;
        };
        address = hop.to_canonical();
    }
    ClientAddress(address)
}

fn socket_address(extensions: &Extensions) -> Option<IpAddr> {
    let ConnectInfo(socket) = extensions.get::<ConnectInfo<SocketAddr>>()?;
    Some(socket.ip().to_canonical())
}

fn is_among(networks: &[IpNet], address: IpAddr) -> bool {
    networks.iter().any(|network| network.contains(&address))
}

/// Tells whether a request came from a proxy whose fields are believed.
pub(crate) fn is_proxied(request: &Parts, trusted: &[IpNet]) -> bool {
    socket_address(&request.extensions).is_some_and(|address| is_among(trusted, address))
}

impl ClientAddress {
    /// `HMAC-SHA-256(pepper, version || prefix)`, cut to 16 bytes: IPv4 whole, IPv6 by its /64.
    ///
    /// Without the day's pepper a row cannot be tested against an address.
    fn key(self, pepper: &Pepper) -> ClientKey {
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&pepper.0)
            .expect("HMAC takes a key of any length");
        match self.0 {
            IpAddr::V4(address) => {
                mac.update(&[4]);
                mac.update(&address.octets());
            }
            IpAddr::V6(address) => {
                mac.update(&[6]);
                mac.update(&address.octets()[..8]);
            }
        }
        let digest: [u8; 32] = mac.finalize().into_bytes().into();
        let mut key = [0; 16];
        key.copy_from_slice(&digest[..16]);
        ClientKey(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(socket: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::new(socket.parse().unwrap(), 1)));
        let mut headers = HeaderMap::new();
        for field in forwarded {
            headers.append("x-forwarded-for", field.parse().unwrap());
        }
        let trusted: Vec<IpNet> = trusted.iter().map(|net| net.parse().unwrap()).collect();
        client_address(&extensions, &headers, &trusted)
            .0
            .to_string()
    }

    #[test]
    fn t37_a_forged_forwarded_address_does_not_count() {
        let forged = ["6.6.6.6, 9.9.9.9"];
        assert_eq!(address("192.0.2.1", &forged, &[]), "192.0.2.1");
        assert_eq!(address("10.0.0.1", &forged, &["10.0.0.0/8"]), "9.9.9.9");
        let chain = ["6.6.6.6", "9.9.9.9, 10.0.0.2"];
        assert_eq!(address("10.0.0.1", &chain, &["10.0.0.0/8"]), "9.9.9.9");
        assert_eq!(
            address("10.0.0.1", &["nonsense"], &["10.0.0.0/8"]),
            "10.0.0.1"
        );
    }

    #[test]
    fn t37_ipv6_counts_by_its_network_and_days_do_not_compare() {
        let key =
            |text: &str, day: u8| ClientAddress(text.parse().unwrap()).key(&Pepper([day; 32]));
        assert_eq!(key("2001:db8::1", 1), key("2001:db8::ffff:2", 1));
        assert_ne!(key("2001:db8::1", 1), key("2001:db8:0:1::1", 1));
        assert_ne!(key("192.0.2.1", 1), key("192.0.2.2", 1));
        assert_ne!(key("192.0.2.1", 1), key("192.0.2.1", 2));
    }
}
