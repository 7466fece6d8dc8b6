//! Puts the page into the program: fetches its third-party modules, compresses every asset, and writes the table that
//! `src/web/embedded.rs` includes. Without the feature `web` it does nothing.

#[cfg(feature = "web")]
#[path = "build/assets.rs"]
mod assets;
#[cfg(feature = "web")]
#[path = "build/compress.rs"]
mod compress;
#[cfg(feature = "web")]
#[path = "build/files.rs"]
mod files;
#[cfg(feature = "web")]
#[path = "src/web/imports.rs"]
mod imports;
#[cfg(feature = "web")]
#[path = "build/modules.rs"]
mod modules;
#[cfg(feature = "web")]
#[allow(dead_code, reason = "the server asks more of it")]
#[path = "src/web/names.rs"]
mod names;
#[cfg(feature = "web")]
#[allow(dead_code, reason = "the server asks more of it")]
#[path = "src/web/policy.rs"]
mod policy;
#[cfg(feature = "web")]
#[path = "build/table.rs"]
mod table;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "web")]
    if let Err(reason) = embed() {
        for line in reason.lines() {
            println!("cargo::error={line}");
        }
        std::process::exit(1);
    }
}

#[cfg(feature = "web")]
fn embed() -> Result<(), String> {
    use std::path::PathBuf;

    let variable = |name: &str| std::env::var_os(name).ok_or_else(|| format!("{name} is not set"));
    let web = PathBuf::from(variable("CARGO_MANIFEST_DIR")?).join("web");
    let out = PathBuf::from(variable("OUT_DIR")?);
    for changed in ["build", "src/web", "web"] {
        println!("cargo::rerun-if-changed={changed}");
    }
    for variable in ["DOCS_RS", modules::FOLDER_VARIABLE] {
        println!("cargo::rerun-if-env-changed={variable}");
    }
    // Documentation is built where there is no network, and shows no page.
    let packages = match (
        std::env::var_os("DOCS_RS"),
        std::env::var_os(modules::FOLDER_VARIABLE),
    ) {
        (Some(_), _) => None,
        (None, Some(folder)) => Some(modules::given(&web, folder.into())?),
        (None, None) => Some(modules::installed("npm".as_ref(), &web, &out.join("npm"))?),
    };
    let mut assets = assets::own(&web)?;
    if let Some(packages) = packages {
        assets.extend(assets::third_party(&packages)?);
    }
    table::write(&web, &assets, &out)
}
