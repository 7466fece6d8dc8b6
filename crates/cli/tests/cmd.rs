//! The command line, case by case: `tests/cmd/` holds what is typed and what is answered.
//!
//! `TRYCMD=overwrite cargo nextest run -p onekey --test cmd` writes the answers anew: read the diff.

/// Nothing listens here: port 1 is reserved, and no case may reach another server.
const NOWHERE: &str = "http://127.0.0.1:1";

#[test]
fn what_is_typed_gets_the_answer_in_the_file() {
    trycmd::TestCases::new()
        // Empty variables count as not set: who runs the tests may have set them.
        .env("ONEKEY_LINK", "")
        .env("ONEKEY_PASSWORD", "")
        .env("ONEKEY_UPLOAD_SECRET", "")
        .env("ONEKEY_HISTORY", "")
        .env("ONEKEY_SERVER", NOWHERE)
        // Nobody's history.
        .env("XDG_DATA_HOME", "/nonexistent")
        .env("NO_COLOR", "1")
        .env("http_proxy", "")
        .env("HTTP_PROXY", "")
        .env("ALL_PROXY", "")
        .env("all_proxy", "")
        .case("tests/cmd/*.trycmd")
        .case("tests/cmd/*.toml");
}
