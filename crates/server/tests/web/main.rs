//! The page as the server hands it out: addresses, header fields, encodings, the folder of `--web-dir`, and what the build
//! script does. What the page does is tested in browsers (`tests/web` of the repository).

#![cfg(feature = "web")]
#![allow(clippy::unwrap_used)]

mod assets;
mod build_script;
#[path = "../common/mod.rs"]
mod common;
mod disk;
mod first_load;
mod log;
mod pages;
mod plain_form;
mod prefix;

use axum::body::Body;
use axum::http::Request;

use crate::common::{Answer, Api};

/// What browsers send when a person goes somewhere.
pub(crate) const BROWSER: (&str, &str) = (
    "accept",
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
);

pub(crate) async fn ask(api: &Api, method: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in fields {
        request = request.header(*name, *value);
    }
    api.send(request.body(Body::empty()).unwrap()).await
}

pub(crate) async fn get(api: &Api, path: &str, fields: &[(&str, &str)]) -> Answer {
    ask(api, "GET", path, fields).await
}

/// Returns the name of the assets' folder.
pub(crate) async fn folder(api: &Api) -> String {
    let server = api.get("/api/v1/server", "").await.ok();
    server["assets"].as_str().unwrap().to_owned()
}

impl Answer {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).unwrap()
    }
}

/// Every relative address of an asset in a text: what stands behind `assets/FOLDER/`, up to a quote.
pub(crate) fn assets_in(text: &str, folder: &str) -> Vec<String> {
    let address = format!("assets/{folder}/");
    let behind = text.split(&address).skip(1);
    behind
        .map(|rest| rest.split(['"', '\'', '`']).next().unwrap().to_owned())
        .collect()
}
