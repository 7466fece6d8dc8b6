//! Links and what is wrapped for them: envelopes, owner's envelopes, labels, URLs, passwords.

use onekey_core::cipher::Suite;
use onekey_core::header::Header;
use onekey_core::keys::{LinkKey, OwnerSecret, OwnerVerifier, ShareKey, Verifier};
use onekey_core::password::Password;
use onekey_core::size::ChunkSize;

use super::case::{Case, hex};
use super::random::Counter;
use super::seal::seal;

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = envelopes();
    cases.extend(owner_envelopes());
    cases.extend(labels());
    cases.extend(passwords());
    cases
}

fn envelopes() -> Vec<Case> {
    let case = |name: &str, typed: Option<&str>, expect: &str, change: &dyn Fn(&mut Vec<u8>)| {
        let rng = &mut Counter::new(name);
        let (link, share) = (LinkKey::generate(rng), ShareKey::generate(rng));
        let password = typed.map(|text| {
            Password::new(text)
                .expect("the vectors' passwords are valid")
                .stretch(&link)
        });
        let wrap_key = link.wrap_key(password.as_ref());
        let mut envelope = wrap_key.wrap(&link.locator(), &share, rng).to_vec();
        change(&mut envelope);
        let proof = link.proof(password.as_ref());
        Case::new("envelope", name, expect)
            .hex("link-key", link.as_bytes())
            .with_some("password", typed)
            .hex("locator", link.locator().as_bytes())
            .hex("proof", proof.as_bytes())
            .hex("verifier", Verifier::of(&proof).as_bytes())
            .hex("wrap-key", wrap_key.as_bytes())
            .with("etag-path", "a.txt")
            .with("etag", link.etag("a.txt"))
            .hex("share-key", share.as_bytes())
            .body(envelope)
    };
    let unchanged = |_: &mut Vec<u8>| {};
    let other = hex(&Counter::new("other").bytes::<32>());
    let no_aad = Counter::new("wrong_aad");
    let (mut rng, name) = (no_aad, "wrong_aad");
    let link = LinkKey::generate(&mut rng);
    let key = link.wrap_key(None);
    let bound_to_nothing = seal(
        Suite::Aes256Gcm,
        key.as_bytes(),
        rng.bytes(),
        b"",
        &rng.bytes::<32>(),
    );
    let bound_elsewhere = {
        let locator = LinkKey::generate(&mut rng).locator();
        let text = rng.bytes::<32>();
        seal(
            Suite::Aes256Gcm,
            key.as_bytes(),
            rng.bytes(),
            locator.as_bytes(),
            &text,
        )
    };
    let rejected = |name: &str, body: Vec<u8>| {
        Case::new("envelope", name, "rejected")
            .hex("link-key", link.as_bytes())
            .body(body)
    };
    vec![
        case("plain", None, "ok", &unchanged),
        case("with_password", Some("correct horse"), "ok", &unchanged),
        // "é" in one code point; `password/typed_decomposed` has it in two.
        case(
            "with_composed_password",
            Some("caf\u{e9}"),
            "ok",
            &unchanged,
        ),
        case("wrong_key", None, "rejected", &unchanged)
            .replace("link-key", &other)
            .only_body(),
        case(
            "password_missing",
            Some("correct horse"),
            "rejected",
            &unchanged,
        )
        .without_password(),
        case("nonce_flipped", None, "rejected", &|e| e[0] ^= 1).only_body(),
        case("text_flipped", None, "rejected", &|e| e[12] ^= 1).only_body(),
        case("tag_flipped", None, "rejected", &|e| e[59] ^= 0x80).only_body(),
        case("short", None, "length", &|e| e.truncate(59)).only_body(),
        case("long", None, "length", &|e| e.push(0)).only_body(),
        case("empty", None, "length", &Vec::clear).only_body(),
        rejected(name, bound_to_nothing).with("comment", "no associated data"),
        rejected("other_locator", bound_elsewhere).with("comment", "bound to another locator"),
    ]
}

impl Case {
    /// Leaves out what a reader cannot compare when the envelope does not open.
    fn only_body(self) -> Self {
        [
            "locator",
            "proof",
            "verifier",
            "wrap-key",
            "etag-path",
            "etag",
            "share-key",
        ]
        .into_iter()
        .fold(self, Self::without)
    }

    fn without_password(self) -> Self {
        self.only_body().without("password").with(
            "comment",
            "the link has a password and the reader gives none",
        )
    }
}

struct Owner {
    secret: OwnerSecret,
    share: ShareKey,
    header: Header,
    rng: Counter,
}

impl Owner {
    fn new(name: &str) -> Self {
        let mut rng = Counter::new(name);
        let (secret, share) = (
            OwnerSecret::generate(&mut rng),
            ShareKey::generate(&mut rng),
        );
        let header = Header::new(Suite::Aes256Gcm, ChunkSize::DEFAULT, &share, &mut rng);
        Self {
            secret,
            share,
            header,
            rng,
        }
    }

    fn seal(&mut self, aad: &[u8], text: &[u8]) -> Vec<u8> {
        let key = self.secret.key();
        seal(
            Suite::Aes256Gcm,
            key.as_bytes(),
            self.rng.bytes(),
            aad,
            text,
        )
    }
}

fn owner_envelopes() -> Vec<Case> {
    let case = |name: &str, expect: &str, aad: &dyn Fn(&Header) -> Vec<u8>, flip: Option<usize>| {
        let mut owner = Owner::new(name);
        let share = *owner.share.as_bytes();
        let aad = aad(&owner.header);
        let mut envelope = owner.seal(&aad, &share);
        if let Some(at) = flip {
            envelope[at] ^= 1;
        }
        let case = Case::new("owner-envelope", name, expect)
            .hex("owner-secret", owner.secret.as_bytes())
            .hex("header", owner.header.as_bytes())
            .body(envelope);
        if expect != "ok" {
            return case;
        }
        let token = owner.secret.token();
        case.hex("owner-token", token.as_bytes())
            .hex("owner-verifier", OwnerVerifier::of(&token).as_bytes())
            .hex("owner-key", owner.secret.key().as_bytes())
            .hex("share-key", &share)
    };
    let right = |header: &Header| [b"share".as_slice(), &header.as_bytes()[..40]].concat();
    vec![
        case("plain", "ok", &right, None),
        case("nonce_flipped", "rejected", &right, Some(0)),
        case("text_flipped", "rejected", &right, Some(20)),
        case("tag_flipped", "rejected", &right, Some(59)),
        case("wrong_secret", "rejected", &right, None)
            .replace("owner-secret", hex(&Counter::new("other").bytes::<32>())),
        case("other_header", "rejected", &right, None)
            .replace("header", hex(Owner::new("other").header.as_bytes())),
        case(
            "whole_header_bound",
            "rejected",
            &|header| [b"share".as_slice(), header.as_bytes()].concat(),
            None,
        )
        .with(
            "comment",
            "the commitment is not part of the associated data",
        ),
        case(
            "label_aad",
            "rejected",
            &|header| [b"label".as_slice(), &header.as_bytes()[..40]].concat(),
            None,
        )
        .with("comment", "a label cannot stand in for an envelope"),
    ]
}

fn labels() -> Vec<Case> {
    let case = |name: &str, text: &[u8], word: &[u8]| {
        let mut owner = Owner::new(name);
        let locator = LinkKey::generate(&mut owner.rng).locator();
        let sealed = owner.seal(&[word, locator.as_bytes()].concat(), text);
        Case::new("label", name, "rejected")
            .hex("owner-secret", owner.secret.as_bytes())
            .hex("locator", locator.as_bytes())
            .body(sealed)
    };
    let ok = |name: &str, text: &str| {
        case(name, text.as_bytes(), b"label")
            .replace("expect", "ok")
            .with("label", text)
    };
    let mut cases = vec![
        ok("plain", "for Bob"),
        ok("empty", ""),
        ok("unicode", "für Bób \u{1f511}"),
        ok("longest", &"x".repeat(256)),
        case("not_utf8", b"\xff\xfe", b"label"),
        case("share_aad", b"for Bob", b"share"),
        case("other_locator", b"for Bob", b"label")
            .replace("locator", hex(&Counter::new("other").bytes::<16>())),
        case("wrong_secret", b"for Bob", b"label")
            .replace("owner-secret", hex(&Counter::new("other").bytes::<32>())),
    ];
    for (name, len) in [("short", 27), ("no_byte", 0)] {
        cases.push(case(name, b"", b"label").map_body(|body| body.truncate(len)));
    }
    cases.push(case("tag_flipped", b"for Bob", b"label").map_body(|body| {
        *body.last_mut().expect("a label has a tag") ^= 1;
    }));
    cases
}

fn passwords() -> Vec<Case> {
    let link = LinkKey::from_bytes(Counter::new("password").bytes());
    let ok = |name: &str, source: &str, body: &[u8], nfc: &str| {
        let key = Password::new(nfc)
            .expect("the vectors' passwords are valid")
            .stretch(&link);
        Case::new("password", name, "ok")
            .with("source", source)
            .hex("link-key", link.as_bytes())
            .hex("password-key", key.as_bytes())
            .body(body)
    };
    let refused = |name: &str, source: &str, why: &str, body: &[u8]| {
        Case::new("password", name, format_args!("refused {why}"))
            .with("source", source)
            .hex("link-key", link.as_bytes())
            .body(body)
    };
    let long = "x".repeat(1024);
    vec![
        ok(
            "typed_decomposed",
            "typed",
            "cafe\u{301}".as_bytes(),
            "caf\u{e9}",
        ),
        ok("typed_white_space", "typed", b" pass word ", " pass word "),
        ok("file_lf", "file", b"correct horse\n", "correct horse"),
        ok("file_crlf", "file", b"correct horse\r\n", "correct horse"),
        ok(
            "file_two_lf",
            "file",
            b"correct horse\n\n",
            "correct horse\n",
        ),
        ok("longest", "typed", long.as_bytes(), &long),
        refused("empty", "typed", "empty", b""),
        refused("file_empty_line", "file", "empty", b"\n"),
        refused("too_long", "typed", "too-long", "x".repeat(1025).as_bytes()),
        // U+FB2C has three bytes and six after NFC, which takes it apart.
        refused(
            "too_long_after_nfc",
            "typed",
            "too-long",
            "\u{fb2c}".repeat(171).as_bytes(),
        ),
        refused("not_unicode", "file", "not-unicode", b"pass\xffword"),
    ]
}
