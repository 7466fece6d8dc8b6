//! The plain upload form: one source for `/upload` and for those without JavaScript at `/` and `/send`.

use onekey_server::Config;
use onekey_server::config::UploadSecret;

use crate::common::Api;
use crate::{BROWSER, get};

async fn html(api: &Api, path: &str) -> String {
    let answer = get(api, path, &[BROWSER]).await;
    assert_eq!(answer.status, 200, "{path}");
    answer.text().to_owned()
}

/// Returns the form of a page.
fn form(html: &str) -> &str {
    let (_, rest) = html.split_once("<form").expect("a form");
    let (form, rest) = rest.split_once("</form>").unwrap();
    assert!(!rest.contains("<form"), "one form");
    form
}

async fn with(change: impl FnOnce(&mut Config)) -> Api {
    let mut config = Config::default();
    change(&mut config);
    Api::with(config).await
}

#[tokio::test]
async fn s3_one_form_for_all_pages_that_have_it() {
    let api =
        with(|config| config.upload_secret = Some(UploadSecret::new("swordfish").unwrap())).await;
    let alone = html(&api, "/upload").await;
    let form_alone = form(&alone);
    for part in [
        "action=\"./\"",
        "method=\"post\"",
        "enctype=\"multipart/form-data\"",
        "name=\"file\" multiple",
        "type=\"password\" id=\"plain-secret\" name=\"secret\" autocomplete=\"off\"",
        "name=\"expires\"",
        "name=\"downloads\"",
    ] {
        assert!(form_alone.contains(part), "{part}");
    }
    assert!(!alone.contains("<script") && !alone.contains("<noscript"));
    for path in ["/", "/send"] {
        let page = html(&api, path).await;
        assert_eq!(form(&page), form_alone, "{path}");
        let (_, hidden) = page.split_once("<noscript>").unwrap();
        let (hidden, _) = hidden.split_once("</noscript>").unwrap();
        assert!(hidden.contains("<form"), "only without scripts");
    }
    for path in ["/s", "/manage/x", "/tools"] {
        assert!(!html(&api, path).await.contains("<form"), "{path}");
    }
}

#[tokio::test]
async fn the_form_asks_for_what_the_server_takes() {
    let open = with(|_| {}).await;
    let limited = with(|config| {
        config.max_expiry = Some(86_400);
        config.default_expiry = Some(86_400);
        config.direct_expiry = Some(86_400);
    })
    .await;
    let (open, limited) = (
        html(&open, "/upload").await,
        html(&limited, "/upload").await,
    );
    assert!(
        !open.contains("secret"),
        "nobody asks for a secret that nobody wants"
    );
    for (choice, in_limited) in [
        ("\"\"", true),
        ("\"3600\"", true),
        ("\"86400\"", true),
        ("\"604800\"", false),
        ("\"never\"", false),
    ] {
        let choice = format!("<option value={choice}>");
        assert!(open.contains(&choice), "{choice}");
        assert_eq!(limited.contains(&choice), in_limited, "{choice}");
    }
}

#[tokio::test]
async fn without_direct_mode_there_is_no_form() {
    let api = with(|config| config.direct = false).await;
    for path in ["/", "/send", "/tools"] {
        let answer = get(&api, path, &[BROWSER]).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(!answer.text().contains("<form") && !answer.text().contains("{form}"));
        assert!(
            answer
                .header("content-security-policy")
                .contains("form-action 'none'"),
            "{path}"
        );
    }
    for accept in [BROWSER, ("accept", "*/*")] {
        let answer = get(&api, "/upload", &[accept]).await;
        assert_eq!(answer.status, 404);
        assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
        assert!(
            answer
                .text()
                .starts_with("This server takes no plain files"),
            "{}",
            answer.text()
        );
    }
    let words = get(&api, "/tools", &[]).await;
    assert!(words.text().starts_with("This server takes no plain files"));
}

#[tokio::test]
async fn programs_are_told_how_to_send() {
    let api = with(|_| {}).await;
    for path in ["/tools", "/upload"] {
        let words = get(&api, path, &[]).await;
        assert_eq!(words.status, 200);
        assert!(words.text().contains("curl -F file=@FILE ADDRESS/"));
    }
}
