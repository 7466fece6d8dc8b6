//! The two pages of a direct link: the list of several files, and the button before a download that counts. They run no
//! script, and every text from a manifest is escaped by the template.

use std::fmt::Write;

use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};
use onekey_core::manifest::{File, Manifest};
use onekey_core::url::Suffix;

use super::words::{BRAND, POST_TAKES_ONE};
use crate::app::App;
use crate::direct::open::{Meant, OpenShare};
use crate::extract::{Language, accepts, language};
use crate::routes::fields::{self, NOT_INDEXED, OWN_ORIGIN, OWN_WINDOW};

/// Styles and the icon of the own origin, a form to the own address, and no frame around the button.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; \
     frame-ancestors 'none'";

/// Who asks for a page, and from where.
pub(super) struct Reader {
    takes_html: bool,
    language: Language,
    /// What leads from the address to the server's root: `../` for each folder.
    up: String,
    /// Where the page's assets are, if there is a page.
    assets: Option<String>,
}

impl Reader {
    pub(super) fn of(app: &App, parts: &Parts) -> Self {
        let depth = parts.uri.path().matches('/').count().saturating_sub(1);
        let up = "../".repeat(depth);
        Self {
            takes_html: accepts(&parts.headers, "text/html"),
            language: language(&parts.headers),
            assets: app.assets().map(|folder| format!("{up}assets/{folder}")),
            up,
        }
    }

    fn page(&self, title: &str, content: &Markup) -> Response {
        let page = html! {
            (DOCTYPE)
            html lang=(self.language.tag()) {
                head {
                    meta charset="utf-8";
                    title { (title) " · " (BRAND) }
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    @if let Some(assets) = &self.assets {
                        link rel="icon" href={ (assets) "/icon.svg" } type="image/svg+xml";
                        link rel="stylesheet" href={ (assets) "/style/base.css" };
                        link rel="stylesheet" href={ (assets) "/style/controls.css" };
                        link rel="stylesheet" href={ (assets) "/style/states.css" };
                    }
                }
                body {
                    header {
                        a.brand href={ "./" (self.up) } {
                            @if let Some(assets) = &self.assets {
                                img.mark src={ (assets) "/icon.svg" } alt="";
                            }
                            (BRAND)
                        }
                    }
                    main { div.state { (content) } }
                    footer {}
                }
            }
        };
        finish(Html(page.into_string()).into_response())
    }
}

/// Answers with the list of all files; `query` goes with every address in it.
pub(super) fn list(share: &OpenShare, query: &str, reader: &Reader) -> Response {
    let manifest = &share.manifest;
    if !reader.takes_html {
        return finish(lines(manifest).into_response());
    }
    let language = reader.language;
    let title = title(share, language);
    let key = share.key.to_base64url();
    let address = |file: &File| {
        let suffix = Suffix::name(&file.path).unwrap_or_default();
        format!("{}{key}{}{query}", reader.up, suffix.to_path())
    };
    let zip = format!("{}{key}?zip{}", reader.up, query.replacen('?', "&", 1));
    let can_zip = share.codec(Meant::All, true).is_none();
    reader.page(
        &title,
        &html! {
            h1 { (title) }
            (note(manifest))
            @if manifest.files.is_empty() && manifest.folders.is_empty() {
                p { (language.empty()) }
            } @else {
                ul {
                    @for file in &manifest.files {
                        li { a href=(address(file)) { (file.path) } " " small { (language.size(file.size)) } }
                    }
                    @for folder in &manifest.folders {
                        li { (folder) "/" }
                    }
                }
                @if can_zip {
                    p.actions { a.primary href=(zip) { (language.save_all()) } }
                }
            }
        },
    )
}

/// Answers before a download that counts: with a button, and to programs with words.
pub(super) fn button(share: &OpenShare, meant: Meant<'_>, reader: &Reader) -> Response {
    if !reader.takes_html {
        return finish((StatusCode::FORBIDDEN, POST_TAKES_ONE).into_response());
    }
    let language = reader.language;
    let (title, size) = match meant {
        Meant::File(file) => (file.path.clone(), file.size),
        _ => {
            let files = share.manifest.files.iter();
            let size = files.map(|file| file.size).fold(0, u64::saturating_add);
            (title(share, language), size)
        }
    };
    reader.page(
        &title,
        &html! {
            h1 { (title) }
            p { (language.size(size)) }
            (note(&share.manifest))
            p { (language.counted(share.downloads_left.unwrap_or_default())) " " (language.afterwards()) }
            // Without an address it goes to this one, with its query.
            form method="post" {
                button.primary.wide type="submit" { (language.button()) }
            }
        },
    )
}

fn title(share: &OpenShare, language: Language) -> String {
    share
        .title()
        .map_or_else(|| language.files(share.manifest.files.len()), str::to_owned)
}

fn note(manifest: &Manifest) -> Markup {
    html! {
        @if let Some(note) = &manifest.note {
            p { @for line in note.lines() { (line) br; } }
        }
    }
}

/// The list for programs: a size in bytes and a path in each line.
fn lines(manifest: &Manifest) -> String {
    let sizes = manifest.files.iter().map(|file| file.size.to_string());
    let sizes: Vec<String> = sizes.collect();
    let width = sizes.iter().map(String::len).max().unwrap_or(1);
    let mut lines = String::new();
    for (file, size) in manifest.files.iter().zip(&sizes) {
        let _ = writeln!(lines, "{size:>width$}  {}", file.path);
    }
    for folder in &manifest.folders {
        let _ = writeln!(lines, "{:>width$}  {folder}/", 0);
    }
    lines
}

fn finish(mut response: Response) -> Response {
    let fields = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::VARY, "accept, accept-language"),
        OWN_WINDOW,
        OWN_ORIGIN,
        NOT_INDEXED,
    ];
    fields::set(&mut response, fields);
    response
}
