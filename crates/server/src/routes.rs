//! The route table: every address the server answers, on one screen.

mod complete;
mod direct;
mod fields;
mod health;
mod limits;
mod links;
mod manage;
mod openapi;
#[cfg(feature = "web")]
mod page;
mod parts;
mod payload;
mod server;
mod shares;
mod text;
mod tools;
mod upload;
mod uploads;

use std::sync::Arc;

use axum::Router;
use axum::routing::{any, get, post, put};
use onekey_core::wire::API_PREFIX;

use crate::app::App;
use crate::layers;

/// Returns the router of all routes, without the prefix of `--public-url`.
pub(crate) fn router(app: Arc<App>) -> Router {
    let api = Router::new()
        .route("/server", get(server::describe))
        .route("/openapi.json", get(openapi::describe))
        .route("/uploads", post(uploads::create))
        .route("/uploads/{id}", get(uploads::status).delete(uploads::abort))
        .route("/uploads/{id}/parts/{n}", put(parts::put))
        .route("/uploads/{id}/complete", post(complete::complete))
        .route(
            "/shares/{id}",
            get(shares::describe)
                .patch(manage::change_share)
                .delete(shares::delete),
        )
        .route("/shares/{id}/links", post(manage::add_link))
        .route(
            "/links/{locator}",
            get(links::describe)
                .patch(manage::change_link)
                .delete(manage::revoke_link),
        )
        .route("/links/{locator}/open", post(links::open))
        .route("/links/{locator}/grants", post(links::grant))
        .route("/payload", get(payload::read))
        // Before a direct link's name, which any address with two slashes could be.
        .route_service("/{*rest}", any(text::api_not_found))
        .fallback(text::api_not_found)
        .method_not_allowed_fallback(text::api_method_not_allowed);

    let direct = if app.config.direct {
        direct()
    } else {
        Router::new()
    };
    let router = people()
        .merge(direct)
        .nest(API_PREFIX, api)
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/robots.txt", get(tools::robots))
        .route("/favicon.ico", get(tools::icon))
        .method_not_allowed_fallback(text::method_not_allowed)
        .with_state(Arc::clone(&app));
    layers::around(router)
}

/// Returns the direct mode: plain files in, plain files out. Static addresses come before `/{key}`; whoever puts a file
/// whose name is one of those reaches `upload::put` all the same.
fn direct() -> Router<Arc<App>> {
    Router::new()
        .route("/", post(upload::post).put(upload::put))
        .route(
            "/{key}",
            get(direct::read)
                .post(direct::spend)
                .delete(direct::delete)
                .put(upload::put),
        )
        .route(
            "/{key}/",
            get(direct::read).post(direct::spend).delete(direct::delete),
        )
        .route(
            "/{key}/{*name}",
            get(direct::read).post(direct::spend).delete(direct::delete),
        )
        .route("/sharex.sxcu", get(tools::sharex).put(upload::put))
        .route("/upload.sh", get(tools::script).put(upload::put))
        .route("/robots.txt", put(upload::put))
        .route("/favicon.ico", put(upload::put))
        // Below the API nothing is a file's name.
        .route(API_PREFIX, any(text::api_not_found))
        .route(&format!("{API_PREFIX}/"), any(text::api_not_found))
        .route("/s", put(upload::put))
        .route("/send", put(upload::put))
        .route("/tools", put(upload::put))
        .route("/upload", put(upload::put))
        .route("/healthz", put(upload::put))
        .route("/readyz", put(upload::put))
}

/// Returns what is for people: the page.
#[cfg(feature = "web")]
fn people() -> Router<Arc<App>> {
    Router::new()
        .route("/", get(tools::home))
        .route("/send", get(page::send))
        .route("/s", get(page::open))
        .route("/s/", get(page::open))
        .route("/manage/{id}", get(page::manage))
        .route("/tools", get(page::tools))
        .route("/upload", get(page::upload))
        .route("/assets/{folder}/{*name}", get(page::asset))
        .route("/download/service-worker.js", get(page::service_worker))
        .fallback(page::not_found)
}

/// Returns what is for people: words.
#[cfg(not(feature = "web"))]
fn people() -> Router<Arc<App>> {
    Router::new()
        .route("/", get(tools::home))
        .route("/send", get(text::home))
        .route("/s", get(text::open))
        .route("/s/", get(text::open))
        .route("/manage/{id}", get(text::manage))
        .route("/tools", get(text::tools))
        .route("/upload", get(text::tools))
        .fallback(text::not_found)
}

/// Puts `router` under `prefix`, which begins with a slash and does not end with one.
pub(crate) fn under(prefix: &str, router: Router) -> Router {
    // Not `nest`, which would leave `PREFIX/` without an answer.
    Router::new()
        .nest_service(prefix, router)
        .fallback_service(layers::around(Router::new().fallback(text::not_found)))
}
