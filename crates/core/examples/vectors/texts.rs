//! Texts that have one form: base64url, and the URLs of links.

use onekey_core::keys::{LinkKey, OwnerSecret, ShareId};

use super::case::{Case, hex};
use super::random::Counter;

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = base64url();
    cases.extend(links());
    cases.extend(manage_links());
    cases
}

fn base64url() -> Vec<Case> {
    let key: [u8; 32] = std::array::from_fn(|i| i as u8);
    let text = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    let ok = |name: &str, bytes: &[u8], text: &str| {
        Case::new("base64url", name, "ok")
            .with("length", bytes.len())
            .hex("bytes", bytes)
            .body(text)
    };
    let refused = |name: &str, length: usize, text: &str| {
        Case::new("base64url", name, "refused")
            .with("length", length)
            .body(text)
    };
    let changed = |at: usize, to: &str| {
        let mut changed = text.to_owned();
        changed.replace_range(at..=at, to);
        changed
    };
    let mut cases = vec![
        ok("key", &key, text),
        ok("all_zero", &[0; 32], &"A".repeat(43)),
        ok("all_one", &[0xff; 32], &format!("{}8", "_".repeat(42))),
        ok("starts_with_dash", &[0xf8; 16], "-Pj4-Pj4-Pj4-Pj4-Pj4-A"),
        ok("empty", b"", ""),
        ok("one_byte", &[0xff], "_w"),
        ok("two_bytes", &[0xfb, 0xff], "-_8"),
        ok("three_bytes", &[0, 0, 1], "AAAB"),
        refused("short", 32, &text[..42]),
        refused("long", 32, &format!("{text}A")),
        refused("padding", 32, &format!("{text}=")),
        refused("padding_inside", 32, &changed(42, "=")),
        refused("line_end", 32, &format!("{text}\n")),
        refused("white_space_inside", 32, &changed(20, " ")),
        refused("plus", 32, &changed(20, "+")),
        refused("slash", 32, &changed(20, "/")),
        refused("not_ascii", 32, &changed(20, "\u{e9}")),
        refused("nul", 32, &changed(20, "\0")),
        refused("length_of_no_value", 3, "AAAAA"),
        refused("other_length", 16, text),
    ];
    // The last character of 43 holds 4 bits of the value and 2 spare ones: '8' has neither.
    for (last, spare) in [("9", "01"), ("-", "10"), ("_", "11")] {
        let name = format!("spare_bits_{spare}");
        cases.push(refused(&name, 32, &changed(42, last)));
    }
    for last in ["B", "C", "E", "I"] {
        let name = format!("spare_bit_of_an_id_{last}");
        cases.push(refused(&name, 16, &format!("{}{last}", "A".repeat(21))));
    }
    cases
}

fn links() -> Vec<Case> {
    let key = LinkKey::from_bytes(Counter::new("link").bytes());
    let text = key.to_base64url();
    let ok = |name: &str, form: &str, server: &str, url: &str, canonical: &str| {
        Case::new("link", name, "ok")
            .with("form", form)
            .with("server", server)
            .hex("link-key", key.as_bytes())
            .with("url", canonical.replace("KEY", &text))
            .body(url.replace("KEY", &text))
    };
    let org = "https://example.org";
    let private =
        |name: &str, url: &str| ok(name, "private", org, url, "https://example.org/s#KEY");
    let direct = |name: &str, url: &str, canonical: &str| ok(name, "direct", org, url, canonical);
    let refused = |name: &str, why: &str, url: &str| {
        Case::new("link", name, format_args!("refused {why}")).body(url.replace("KEY", &text))
    };
    vec![
        private("private", "https://example.org/s#KEY"),
        private("private_slash", "https://example.org/s/#KEY"),
        private("private_encoded_hash", "https://example.org/s%23KEY"),
        private("private_query", "https://example.org/s?utm_source=chat#KEY"),
        private("private_angle_brackets", " <https://example.org/s#KEY>\n"),
        private("upper_case_host", "HTTPS://EXAMPLE.org:443/s#KEY"),
        ok(
            "private_port_and_prefix",
            "private",
            "http://localhost:8080/files",
            "http://localhost:8080/files/s#KEY",
            "http://localhost:8080/files/s#KEY",
        ),
        ok(
            "private_ipv6",
            "private",
            "http://[::1]:8080",
            "http://[0:0:0:0:0:0:0:1]:8080/s#KEY",
            "http://[::1]:8080/s#KEY",
        ),
        direct(
            "direct",
            "https://example.org/KEY",
            "https://example.org/KEY",
        ),
        direct(
            "direct_extension",
            "https://example.org/KEY.png",
            "https://example.org/KEY.png",
        )
        .with("extension", "png"),
        direct(
            "direct_name",
            "https://example.org/KEY/any%20name.png",
            "https://example.org/KEY/any%20name.png",
        )
        .with("name", "any name.png"),
        direct(
            "direct_path",
            "https://example.org/KEY/dir/a.txt",
            "https://example.org/KEY/dir/a.txt",
        )
        .with("name", "dir/a.txt"),
        direct(
            "direct_name_not_encoded",
            "https://example.org/KEY/\u{e9}.png",
            "https://example.org/KEY/%C3%A9.png",
        )
        .with("name", "\u{e9}.png"),
        direct(
            "direct_dot_of_a_sentence",
            "https://example.org/KEY.",
            "https://example.org/KEY",
        ),
        direct(
            "direct_query_and_fragment",
            "https://example.org/KEY?download#x",
            "https://example.org/KEY",
        ),
        refused("key_missing", "key-missing", "https://example.org/s"),
        refused("key_empty", "key-missing", "https://example.org/s#"),
        refused(
            "key_short",
            "key-malformed",
            &format!("https://example.org/s#{}", &text[..42]),
        ),
        refused("key_long", "key-malformed", "https://example.org/s#KEYA"),
        refused(
            "key_dot_of_a_sentence",
            "key-malformed",
            "https://example.org/s#KEY.",
        ),
        refused(
            "key_spare_bits",
            "key-malformed",
            &format!("https://example.org/s#{}9", "A".repeat(42)),
        ),
        refused(
            "direct_key_short",
            "not-onekey",
            &format!("https://example.org/{}", &text[..42]),
        ),
        refused(
            "direct_spare_bits",
            "not-onekey",
            &format!("https://example.org/{}9", "A".repeat(42)),
        ),
        refused("no_path", "not-onekey", "https://example.org"),
        refused(
            "manage_link",
            "manage-link",
            "https://example.org/manage/AAECAwQFBgcICQoLDA0ODw#KEY",
        ),
        refused("no_scheme", "server", "example.org/s#KEY"),
        refused("other_scheme", "server", "ftp://example.org/s#KEY"),
        refused(
            "userinfo",
            "server",
            "https://user:password@example.org/s#KEY",
        ),
        refused("no_host", "server", "https:///s#KEY"),
        refused("port_0", "server", "https://example.org:0/s#KEY"),
        refused(
            "direct_name_climbs",
            "suffix",
            "https://example.org/KEY/%2e%2e/passwd",
        ),
        refused(
            "direct_name_control",
            "suffix",
            "https://example.org/KEY/a%00b",
        ),
        refused(
            "direct_name_not_utf8",
            "suffix",
            "https://example.org/KEY/%ff",
        ),
        refused("empty", "server", ""),
    ]
}

fn manage_links() -> Vec<Case> {
    let rng = &mut Counter::new("manage link");
    let (share, secret) = (ShareId::generate(rng), OwnerSecret::generate(rng));
    let fill = |url: &str| {
        url.replace("SHARE", &share.to_base64url())
            .replace("SECRET", &secret.to_base64url())
    };
    let ok = |name: &str, server: &str, url: &str| {
        Case::new("manage-link", name, "ok")
            .with("server", server)
            .hex("share", share.as_bytes())
            .hex("owner-secret", secret.as_bytes())
            .with("url", fill(&format!("{server}/manage/SHARE#SECRET")))
            .body(fill(url))
    };
    let refused = |name: &str, why: &str, url: &str| {
        Case::new("manage-link", name, format_args!("refused {why}")).body(fill(url))
    };
    let cut = hex(&[0; 8]);
    vec![
        ok(
            "plain",
            "https://example.org",
            "https://example.org/manage/SHARE#SECRET",
        ),
        ok(
            "prefix",
            "http://localhost:8080/files",
            "http://localhost:8080/files/manage/SHARE/#SECRET",
        ),
        ok(
            "encoded_hash",
            "https://example.org",
            "https://example.org/manage/SHARE%23SECRET",
        ),
        refused(
            "secret_missing",
            "secret-missing",
            "https://example.org/manage/SHARE",
        ),
        refused(
            "secret_malformed",
            "secret-malformed",
            "https://example.org/manage/SHARE#SECRE",
        ),
        refused(
            "share_malformed",
            "share-malformed",
            &format!("https://example.org/manage/{cut}#SECRET"),
        ),
        refused("link", "link", "https://example.org/s#SECRET"),
        refused(
            "not_onekey",
            "not-onekey",
            "https://example.org/SHARE#SECRET",
        ),
    ]
}
