//! Flags and environment: defaults that run, contradictions refused by name, old names honoured.

#![allow(clippy::unwrap_used)]

use clap::{CommandFactory, Parser};
use onekey_server::args::{Args, Checked};
use onekey_server::config::{BlobsAt, FreeFloor, MetaAt};

fn checked(arguments: &[&str], old: &[(&str, &str)]) -> Result<Checked, String> {
    let args = Args::try_parse_from(std::iter::once(&"onekey-server").chain(arguments))
        .map_err(|error| error.to_string())?;
    let environment = |name: &str| {
        old.iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| (*value).to_owned())
    };
    args.config(environment).map_err(|error| error.to_string())
}

#[test]
fn t20_no_secret_is_shipped_and_the_defaults_are_safe() {
    let args = Args::try_parse_from(["onekey-server"]).unwrap();
    assert!(args.listen.ip().is_loopback());
    let Checked { config, warnings } = checked(&[], &[]).unwrap();
    assert!(config.upload_secret.is_none());
    assert!(warnings.is_empty(), "{warnings:?}");
    assert_eq!(config.data.unwrap().to_str(), Some("./onekey-data"));
    assert_eq!(
        config.meta,
        MetaAt::Sqlite("./onekey-data/onekey.db".into())
    );
    assert_eq!(config.blobs, BlobsAt::Folder("./onekey-data/blobs".into()));
    assert_eq!(
        (config.max_expiry, config.default_expiry),
        (None, Some(7 * 24 * 3600))
    );
    assert_eq!(config.grant_lifetime, 24 * 3600);
    assert_eq!(config.free_floor, FreeFloor::Share);
}

#[test]
fn t20_an_open_server_beyond_loopback_is_warned_of() {
    let open = checked(&["--listen", "0.0.0.0:0"], &[]).unwrap();
    assert!(
        open.warnings[0].contains("--upload-secret-file"),
        "{:?}",
        open.warnings
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    std::fs::write(&file, "open-sesame\n").unwrap();
    let file = [
        "--listen",
        "0.0.0.0:0",
        "--upload-secret-file",
        file.to_str().unwrap(),
    ];
    let closed = checked(&file, &[]).unwrap();
    assert!(closed.warnings.is_empty() && closed.config.upload_secret.is_some());
}

#[test]
fn old_names_count_where_no_new_one_does() {
    let old = [("UPLOAD_SECRET", "old-secret"), ("CONTENT_DIR", "/old")];
    let Checked { config, .. } = checked(&[], &old).unwrap();
    assert!(config.upload_secret.is_some());
    assert_eq!(config.data.unwrap().to_str(), Some("/old"));
    let Checked { config, .. } = checked(&["--data", "/new"], &old).unwrap();
    assert_eq!(config.data.unwrap().to_str(), Some("/new"));
    let Checked { config, .. } = checked(&[], &[("UPLOAD_SECRET", "")]).unwrap();
    assert!(
        config.upload_secret.is_none(),
        "an empty one means none, as it did"
    );
}

#[test]
fn the_direct_mode_is_on_and_its_links_live_as_long_as_links_may() {
    let Checked { config, .. } = checked(&[], &[]).unwrap();
    assert!(config.direct && config.upload_redirect.is_none());
    assert_eq!(
        (config.direct_expiry, config.direct_chunk_size.plaintext()),
        (None, 65_536)
    );
    let max = ["--max-expiry=1d", "--default-expiry=1d"];
    let Checked { config, .. } = checked(&max, &[]).unwrap();
    assert_eq!(config.direct_expiry, Some(24 * 3600));
    let chosen = [
        "--direct-expiry=12h",
        "--direct-chunk-size=4MiB",
        "--direct=off",
        "--upload-redirect=/send",
    ];
    let Checked { config, .. } = checked(&chosen, &[]).unwrap();
    assert_eq!(config.direct_expiry, Some(12 * 3600));
    assert_eq!(config.direct_chunk_size.plaintext(), 4 << 20);
    assert!(!config.direct && config.upload_redirect.is_some());
}

#[test]
fn chunk_size_and_upload_redirect_of_the_old_host_count() {
    let old = [
        ("CHUNK_SIZE", "2097152"),
        ("UPLOAD_REDIRECT", "https://example.org"),
    ];
    let Checked { config, .. } = checked(&[], &old).unwrap();
    assert_eq!(config.direct_chunk_size.plaintext(), 2 << 20);
    assert!(config.upload_redirect.is_some());
    let Checked { config, .. } = checked(&["--direct-chunk-size=1KiB"], &old).unwrap();
    assert_eq!(config.direct_chunk_size.plaintext(), 1024);
    let Checked { config, .. } =
        checked(&[], &[("CHUNK_SIZE", ""), ("UPLOAD_REDIRECT", "")]).unwrap();
    assert!(config.direct_chunk_size.plaintext() == 65_536 && config.upload_redirect.is_none());
    for (name, value) in [
        ("CHUNK_SIZE", "0"),
        ("CHUNK_SIZE", "1000"),
        ("UPLOAD_REDIRECT", "form"),
    ] {
        let refusal = checked(&[], &[(name, value)]).unwrap_err();
        assert!(refusal.contains(name), "{refusal}");
    }
}

#[test]
fn stores_are_chosen_by_url() {
    let all = ["--db", "memory:", "--blobs", "memory:"];
    let Checked { config, warnings } = checked(&all, &[]).unwrap();
    assert_eq!(
        (config.meta, config.blobs),
        (MetaAt::Memory, BlobsAt::Memory)
    );
    assert_eq!(config.data, None);
    assert!(warnings[0].contains("lost"), "{warnings:?}");
    let apart = ["--db", "sqlite:/x/rows.db", "--blobs", "file:/y"];
    let Checked { config, .. } = checked(&apart, &[]).unwrap();
    assert_eq!(config.meta, MetaAt::Sqlite("/x/rows.db".into()));
    assert_eq!(config.blobs, BlobsAt::Folder("/y".into()));
}

#[test]
fn every_refusal_names_its_flag() {
    for (flag, value) in [
        ("--listen", "here"),
        ("--db", "postgres://x"),
        ("--db", "/x.db"),
        ("--blobs", "s3://x"),
        ("--public-url", "ftp://x"),
        ("--public-url", "https://x/?q"),
        ("--trusted-proxies", "10.0.0.0/99"),
        ("--upload-secret-file", "/nonexistent"),
        ("--upload-secret", "two words"),
        ("--max-size", "big"),
        ("--max-total", "-1"),
        ("--free-floor", "5%"),
        ("--max-expiry", "soon"),
        ("--max-expiry", "1s"),
        ("--default-expiry", "1s"),
        ("--default-expiry", "200000d"),
        ("--direct", "maybe"),
        ("--direct-expiry", "soon"),
        ("--direct-expiry", "1s"),
        ("--direct-chunk-size", "0"),
        ("--direct-chunk-size", "512"),
        ("--direct-chunk-size", "3000"),
        ("--direct-chunk-size", "8MiB"),
        ("--upload-redirect", "example.org"),
        ("--upload-redirect", "javascript:alert(1)"),
        ("--grant-lifetime", "0s"),
        ("--grant-lifetime", "31d"),
        ("--log", "loud"),
        #[cfg(feature = "web")]
        ("--web-dir", "/nonexistent"),
        #[cfg(feature = "web")]
        ("--web-dir", "/dev/null"),
    ] {
        let refusal = checked(&[&format!("{flag}={value}")], &[]).unwrap_err();
        assert!(refusal.contains(flag), "{flag}={value}: {refusal}");
    }
    let longer = checked(&["--max-expiry=1d", "--default-expiry=2d"], &[]).unwrap_err();
    assert!(
        longer.contains("--default-expiry") && longer.contains("--max-expiry"),
        "{longer}"
    );
    let longer = checked(
        &[
            "--max-expiry=1d",
            "--default-expiry=1d",
            "--direct-expiry=never",
        ],
        &[],
    );
    assert!(longer.unwrap_err().contains("--direct-expiry"));
    let both = ["--upload-secret=a", "--upload-secret-file=b"];
    assert!(checked(&both, &[]).is_err());
}

#[test]
fn the_secret_is_in_no_debug_text() {
    let args = Args::try_parse_from(["onekey-server", "--upload-secret=open-sesame"]).unwrap();
    assert!(!format!("{args:?}").contains("open-sesame"));
    let Checked { config, .. } = args.config(|_| None).unwrap();
    assert!(!format!("{config:?}").contains("open-sesame"));
}

#[test]
fn every_flag_has_its_variable() {
    for argument in Args::command().get_arguments() {
        let Some(long) = argument
            .get_long()
            .filter(|long| !["help", "version"].contains(long))
        else {
            continue;
        };
        let expected = format!("ONEKEY_{}", long.to_uppercase().replace('-', "_"));
        assert_eq!(
            argument.get_env().and_then(|name| name.to_str()),
            Some(&*expected)
        );
    }
}
