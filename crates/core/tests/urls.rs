//! URLs of servers, links and manage links.

use onekey_core::keys::{LinkKey, OwnerSecret, ShareId};
use onekey_core::manifest::PathError;
use onekey_core::url::{
    Form, Link, ManageLink, ParseLinkError, ParseManageLinkError, ParseServerUrlError, Scheme,
    ServerUrl, Suffix, SuffixError,
};
use proptest::prelude::*;
use rand::RngExt;

const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
const SHARE: &str = "AAECAwQFBgcICQoLDA0ODw";

fn server(text: &str) -> ServerUrl {
    ServerUrl::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn link(text: &str) -> Link {
    Link::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn direct(suffix: Suffix) -> Form {
    Form::Direct { suffix }
}

#[test]
fn servers_have_one_text() {
    for (text, printed) in [
        ("https://example.org", "https://example.org"),
        ("HTTPS://EXAMPLE.ORG/", "https://example.org"),
        ("https://example.org:443", "https://example.org"),
        ("http://example.org:80/", "http://example.org"),
        ("http://example.org:443", "http://example.org:443"),
        ("https://example.org:08443", "https://example.org:8443"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ("http://[0:0::0:1]", "http://[::1]"),
        (
            "https://example.org/Files/v1.0~a_b/",
            "https://example.org/Files/v1.0~a_b",
        ),
        (
            "https://xn--bcher-kva.example",
            "https://xn--bcher-kva.example",
        ),
        ("http://my_host", "http://my_host"),
        ("https://example.org.", "https://example.org."),
    ] {
        assert_eq!(server(text).to_string(), printed, "{text}");
        assert_eq!(server(printed), server(text));
        assert_eq!(text.parse(), Ok(server(text)));
    }
}

#[test]
fn a_link_of_one_file_ends_like_its_name() {
    for (name, path) in [
        ("a.png", ".png"),
        ("a b.PNG", ".PNG"),
        ("archive.tar.gz", ".gz"),
        (".bashrc", ".bashrc"),
        ("v1.0/x.7z", ".7z"),
        ("日本語.png", ".png"),
        ("a.0123456789abcdef", ".0123456789abcdef"),
        // None that is one.
        ("", ""),
        ("Makefile", ""),
        ("v1.0/Makefile", ""),
        ("a.", ""),
        ("a.png/", ""),
        ("a.pñg", ""),
        ("a.p g", ""),
        ("a.p%67", ""),
        ("a.0123456789abcdefg", ""),
    ] {
        let suffix = Suffix::for_file_name(name);
        assert_eq!(suffix.to_path(), path, "{name}");
        assert_eq!(Suffix::parse(path), Ok(suffix));
    }
}

#[test]
fn servers_tell_their_parts() {
    let parts = server("http://[::1]:8080/a/b/");
    assert_eq!(
        (parts.scheme(), parts.host(), parts.port(), parts.prefix()),
        (Scheme::Http, "[::1]", 8080, "/a/b")
    );
    assert_eq!(server("https://h").port(), 443);
    assert_eq!(server("http://h").port(), 80);
}

#[test]
fn servers_are_refused_by_cause() {
    use ParseServerUrlError::*;
    for (text, error) in [
        ("", NoScheme),
        ("example.org", NoScheme),
        ("localhost:8080", NoScheme),
        ("//example.org", NoScheme),
        (" https://example.org", NoScheme),
        ("example.org/x?to=https://example.org", NoScheme),
        ("://example.org", NoScheme),
        ("ftp://example.org", UnsupportedScheme),
        ("javascript://example.org", UnsupportedScheme),
        ("https://", NoHost),
        ("https:///x", NoHost),
        ("https://:80", NoHost),
        ("https://user@example.org", Userinfo),
        ("https://user:pw@example.org", Userinfo),
        ("https://good.example\\@evil.example", Userinfo),
        ("https://example.org?", Query),
        ("https://example.org/?x#y", Query),
        ("https://example.org/#", Fragment),
        ("https://example.org#?", Fragment),
        ("https://exa mple.org", Host),
        ("https://example.org\n", Host),
        ("https://bücher.example", Host),
        ("https://a..b", Host),
        ("https://.", Host),
        ("https://.a", Host),
        ("https://%61", Host),
        ("https://good.example\\evil", Host),
        ("https://[::1", Host),
        ("https://[::g]", Host),
        ("https://[::1]x", Host),
        ("https://[127.0.0.1]", Host),
        ("https://[fe80::1%25eth0]", Host),
        ("https://h:0", Port),
        ("https://h:", Port),
        ("https://h:+80", Port),
        ("https://h:65536", Port),
        ("https://h:8a", Port),
        ("https://::1", Host),
        ("https://h/a//b", Path),
        ("https://h//", Path),
        ("https://h/..", Path),
        ("https://h/./a", Path),
        ("https://h/a b", Path),
        ("https://h/%2e%2e", Path),
        ("https://h/a\\b", Path),
        ("https://h/é", Path),
        (&format!("https://{}", "a".repeat(254)), Host),
        (&format!("https://h/{KEY}"), Key),
        (&format!("https://h/a/{KEY}.png/b"), Key),
    ] {
        assert_eq!(ServerUrl::parse(text), Err(error), "{text}");
    }
    server(&format!("https://{}", "a".repeat(253)));
}

#[test]
fn links_are_forgiving_where_people_paste() {
    let key = LinkKey::from_base64url(KEY).unwrap();
    let private = Link {
        server: server("https://example.org/files"),
        key,
        form: Form::Private,
    };
    let start = "https://example.org/files";
    for text in [
        format!("{start}/s#{KEY}"),
        format!("{start}/s/#{KEY}"),
        format!("{start}/s%23{KEY}"),
        format!("{start}/s/%23{KEY}"),
        format!("{start}/s%23{KEY}#"),
        format!("{start}/s?utm_source=x#{KEY}"),
        format!("{start}/s%23{KEY}?utm_source=x"),
        format!("  {start}/s#{KEY}\r\n"),
        format!("<{start}/s#{KEY}>"),
        format!(" < {start}/s#{KEY} > "),
        format!("HTTPS://Example.ORG:443/files/s#{KEY}"),
    ] {
        assert_eq!(link(&text), private, "{text}");
    }
    assert_eq!(private.to_url(), format!("{start}/s#{KEY}"));
}

#[test]
fn direct_links_have_suffixes() {
    for (text, suffix, printed) in [
        ("", Suffix::none(), ""),
        (".", Suffix::none(), ""),
        ("/", Suffix::none(), ""),
        ("#", Suffix::none(), ""),
        ("?grant=x", Suffix::none(), ""),
        (".png", Suffix::extension("png").unwrap(), ".png"),
        (
            ".tar.gz#t=30",
            Suffix::extension("tar.gz").unwrap(),
            ".tar.gz",
        ),
        (".p%6Eg?x#y", Suffix::extension("png").unwrap(), ".png"),
        (
            "/any%20name.png",
            Suffix::name("any name.png").unwrap(),
            "/any%20name.png",
        ),
        (
            "/any name.png",
            Suffix::name("any name.png").unwrap(),
            "/any%20name.png",
        ),
        (
            "/dir/%C3%A9.txt",
            Suffix::name("dir/é.txt").unwrap(),
            "/dir/%C3%A9.txt",
        ),
        ("/é", Suffix::name("é").unwrap(), "/%C3%A9"),
        ("/a%23b%3f", Suffix::name("a#b?").unwrap(), "/a%23b%3F"),
        ("/100%", Suffix::name("100%").unwrap(), "/100%25"),
        ("/%zz%4", Suffix::name("%zz%4").unwrap(), "/%25zz%254"),
        ("/s", Suffix::name("s").unwrap(), "/s"),
        (
            "/(a)*'\"<>",
            Suffix::name("(a)*'\"<>").unwrap(),
            "/%28a%29%2A%27%22%3C%3E",
        ),
    ] {
        let parsed = link(&format!("https://h/{KEY}{text}"));
        assert_eq!(parsed.form, direct(suffix), "{text}");
        assert_eq!(parsed.to_url(), format!("https://h/{KEY}{printed}"));
        assert_eq!(parsed.key.to_base64url(), KEY);
    }
}

#[test]
fn the_first_key_of_a_path_is_the_key() {
    let other = "_".repeat(42) + "8";
    let parsed = link(&format!("https://h/files/s/{KEY}/{other}.png#{other}"));
    assert_eq!(parsed.server, server("https://h/files/s"));
    assert_eq!(parsed.key.to_base64url(), KEY);
    assert_eq!(
        parsed.form,
        direct(Suffix::name(&format!("{other}.png")).unwrap())
    );
    // A component that only begins like a key belongs to the prefix.
    let parsed = link(&format!("https://h/{KEY}x/{other}"));
    assert_eq!(parsed.server, server(&format!("https://h/{KEY}x")));
    // Prefixes that look like routes.
    for prefix in ["/s", "/manage", "/s/manage", "/manage/s"] {
        let parsed = link(&format!("https://h{prefix}/s#{KEY}"));
        assert_eq!(
            (parsed.server.prefix(), parsed.form),
            (prefix, Form::Private)
        );
        let managed = format!("https://h{prefix}/manage/{SHARE}#{KEY}");
        assert_eq!(ManageLink::parse(&managed).unwrap().server.prefix(), prefix);
    }
}

#[test]
fn links_are_refused_by_cause() {
    use ParseLinkError::*;
    let cut = &KEY[..42];
    for (text, error) in [
        ("https://h/s", KeyMissing),
        ("https://h/s#", KeyMissing),
        ("https://h/s/%23", KeyMissing),
        ("https://h/s?x", KeyMissing),
        (&format!("https://h/s#{cut}"), KeyMalformed),
        (&format!("https://h/s#{KEY}A"), KeyMalformed),
        (&format!("https://h/s#{KEY}="), KeyMalformed),
        (&format!("https://h/s#{cut}9"), KeyMalformed),
        (&format!("https://h/s#{cut}+"), KeyMalformed),
        (&format!("https://h/s# {KEY}"), KeyMalformed),
        (&format!("https://h/s#{KEY}."), KeyMalformed),
        (&format!("https://h/manage/{SHARE}#{KEY}"), ManageLink),
        (&format!("https://h/manage/{SHARE}%23{KEY}"), ManageLink),
        (&format!("https://h/manage/{SHARE}"), ManageLink),
        ("https://h", NotOnekey),
        ("https://h/", NotOnekey),
        ("https://h/x", NotOnekey),
        (&format!("https://h/#{KEY}"), NotOnekey),
        (&format!("https://h/S#{KEY}"), NotOnekey),
        (&format!("https://h/{cut}"), NotOnekey),
        (&format!("https://h/{cut}9"), NotOnekey),
        (&format!("https://h/{KEY}-"), NotOnekey),
        (&format!("https://h/{KEY}%2Fa"), NotOnekey),
        (KEY, Server(ParseServerUrlError::NoScheme)),
        (
            &format!("example.org/s#{KEY}"),
            Server(ParseServerUrlError::NoScheme),
        ),
        (
            &format!("ftp://h/s#{KEY}"),
            Server(ParseServerUrlError::UnsupportedScheme),
        ),
        (
            &format!("https:///s#{KEY}"),
            Server(ParseServerUrlError::NoHost),
        ),
        (
            &format!("https://a@h/s#{KEY}"),
            Server(ParseServerUrlError::Userinfo),
        ),
        (
            &format!("https://h/../s#{KEY}"),
            Server(ParseServerUrlError::Path),
        ),
        (
            &format!("https://h//s#{KEY}"),
            Server(ParseServerUrlError::Path),
        ),
        (
            &format!("https://h//{KEY}"),
            Server(ParseServerUrlError::Path),
        ),
        (
            &format!("https://h/{KEY}/a%2F%2e%2E"),
            Suffix(PathError::DotComponent.into()),
        ),
        (
            &format!("https://h/{KEY}/../a"),
            Suffix(PathError::DotComponent.into()),
        ),
        (
            &format!("https://h/{KEY}/a%0d%0ab"),
            Suffix(PathError::Control.into()),
        ),
        (
            &format!("https://h/{KEY}//a"),
            Suffix(PathError::EmptyComponent.into()),
        ),
        (
            &format!("https://h/{KEY}.a/b"),
            Suffix(PathError::EmptyComponent.into()),
        ),
        (
            &format!("https://h/{KEY}/%ff"),
            Suffix(SuffixError::NotUtf8),
        ),
        (
            &format!("https://h/{KEY}/%c0%ae"),
            Suffix(SuffixError::NotUtf8),
        ),
    ] {
        assert_eq!(Link::parse(text), Err(error), "{text}");
    }
}

#[test]
fn t36_manage_links_keep_the_secret_behind_the_fragment() {
    let parsed = ManageLink::parse(&format!(" <https://h/a/manage/{SHARE}/%23{KEY}> ")).unwrap();
    assert_eq!(parsed.server, server("https://h/a"));
    assert_eq!(parsed.share.to_base64url(), SHARE);
    assert_eq!(parsed.to_url(), format!("https://h/a/manage/{SHARE}#{KEY}"));
    use ParseManageLinkError::*;
    for (text, error) in [
        (format!("https://h/s#{KEY}"), Link),
        (format!("https://h/{KEY}.png"), Link),
        (format!("https://h/manage/{SHARE}"), SecretMissing),
        (
            format!("https://h/manage/{SHARE}?secret={KEY}"),
            SecretMissing,
        ),
        (format!("https://h/manage/{SHARE}#{SHARE}"), SecretMalformed),
        (format!("https://h/manage/{SHARE}A#{KEY}"), ShareMalformed),
        (format!("https://h/manage/#{KEY}"), NotOnekey),
        (format!("https://h/{SHARE}#{KEY}"), NotOnekey),
        (
            format!("h/manage/{SHARE}#{KEY}"),
            Server(ParseServerUrlError::NoScheme),
        ),
    ] {
        assert_eq!(ManageLink::parse(&text), Err(error), "{text}");
    }
}

#[test]
fn debug_says_no_secret() {
    let direct = link(&format!("https://h/{KEY}/MARK.png"));
    let manage = ManageLink::parse(&format!("https://h/manage/{SHARE}#{KEY}")).unwrap();
    assert_eq!(format!("{direct:?} {manage:?}"), "Link(..) ManageLink(..)");
    assert_eq!(
        format!("{:?}", direct.form),
        "Direct { suffix: Suffix(..) }"
    );
}

#[test]
fn p4_every_key_round_trips() {
    let round_trip = |bytes: [u8; 32]| {
        let server = server("https://h/p");
        let key = LinkKey::from_bytes(bytes);
        let suffixes = [Suffix::none(), Suffix::extension("png").unwrap()];
        for form in [Form::Private].into_iter().chain(suffixes.map(direct)) {
            let link = Link {
                server: server.clone(),
                key: key.clone(),
                form,
            };
            assert!(Link::parse(&link.to_url()) == Ok(link), "{bytes:?}");
        }
    };
    let mut rng = rand::rng();
    let count = if cfg!(debug_assertions) {
        50_000
    } else {
        1_000_000
    };
    for _ in 0..count {
        round_trip(rng.random());
    }
    // All zero, all one, and `-` or `_` at both ends: 62 << 2, 63 << 2; the last character holds
    // four bits of the last byte.
    for bytes in [[0; 32], [0xff; 32], [0xfb; 32], [0xf8; 32], [0xfc; 32]] {
        round_trip(bytes);
    }
}

prop_compose! {
    fn servers()(
        scheme in "https?",
        host in "[a-zA-Z0-9_]([a-zA-Z0-9_-]{0,8})(\\.[a-z]{1,3}){0,2}|\\[::[0-9a-f]{1,4}\\]",
        port in proptest::option::of(1..=u16::MAX),
        prefix in "(/[A-Za-z0-9_~-]{1,60}){0,3}",
    ) -> ServerUrl {
        let port = port.map_or(String::new(), |port| format!(":{port}"));
        server(&format!("{scheme}://{host}{port}{prefix}"))
    }
}

fn forms() -> impl Strategy<Value = Form> {
    prop_oneof![
        Just(Form::Private),
        Just(direct(Suffix::none())),
        any::<String>().prop_filter_map("no extension", |ext| Suffix::extension(&ext)
            .ok()
            .map(direct)),
        "\\PC{1,8}(/\\PC{1,8}){0,2}"
            .prop_filter_map("no name", |name| Suffix::name(&name).ok().map(direct)),
    ]
}

proptest! {
    #[test]
    fn printed_servers_parse_back(server in servers()) {
        prop_assert_eq!(ServerUrl::parse(&server.to_string()), Ok(server));
    }

    #[test]
    fn printed_links_parse_back(server in servers(), key: [u8; 32], form in forms()) {
        let link = Link { server, key: LinkKey::from_bytes(key), form };
        let url = link.to_url();
        prop_assert!(url.is_ascii());
        prop_assert_eq!(Link::parse(&url), Ok(link));
    }

    #[test]
    fn printed_manage_links_parse_back(server in servers(), share: [u8; 16], secret: [u8; 32]) {
        let link = ManageLink {
            server,
            share: ShareId::from_bytes(share),
            secret: OwnerSecret::from_bytes(secret),
        };
        prop_assert_eq!(ManageLink::parse(&link.to_url()), Ok(link));
    }

    #[test]
    fn parsing_never_panics(text in any::<String>(), tail in "[/?#%.@:\\[\\]A-Za-z0-9é -]{0,60}") {
        for text in [&text, &format!("https://{tail}"), &format!("https://h/{tail}"), &format!("https://h/{KEY}{tail}")] {
            let _ = ServerUrl::parse(text);
            let _ = ManageLink::parse(text);
            if let Ok(link) = Link::parse(text) {
                prop_assert_eq!(Link::parse(&link.to_url()), Ok(link));
            }
        }
    }
}
