//! Which type a file is served as: one of this list, never what its sender says.
//!
//! What a browser would run is text here, whatever the manifest calls it: HTML, XML, scripts and styles. Types that only
//! a program on the reader's side knows are octets, and saved.

/// How a file is served.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct ServedType {
    pub(crate) content_type: &'static str,
    /// Shown by a browser, not saved.
    pub(crate) inline: bool,
}

const OCTETS: ServedType = ServedType {
    content_type: "application/octet-stream",
    inline: false,
};

const TEXT: ServedType = ServedType {
    content_type: "text/plain; charset=utf-8",
    inline: true,
};

/// Types that go out as they are: pictures, sound, films, PDF.
const SHOWN: [&str; 38] = [
    "image/apng",
    "image/avif",
    "image/bmp",
    "image/gif",
    "image/jpeg",
    "image/png",
    // Its scripts are off by the policy that goes with every file.
    "image/svg+xml",
    "image/vnd.microsoft.icon",
    "image/webp",
    "image/x-icon",
    "audio/aac",
    "audio/aiff",
    "audio/flac",
    "audio/m4a",
    "audio/midi",
    "audio/mp3",
    "audio/mp4",
    "audio/mpeg",
    "audio/ogg",
    "audio/opus",
    "audio/wav",
    "audio/wave",
    "audio/webm",
    "audio/x-flac",
    "audio/x-m4a",
    "audio/x-wav",
    "video/3gpp",
    "video/3gpp2",
    "video/mp2t",
    "video/mp4",
    "video/mpeg",
    "video/ogg",
    "video/quicktime",
    "video/webm",
    "video/x-m4v",
    "video/x-matroska",
    "video/x-msvideo",
    "application/pdf",
];

/// Types outside `text/` that people read as text.
const READ: [&str; 22] = [
    "application/ecmascript",
    "application/graphql",
    "application/javascript",
    "application/json",
    "application/json5",
    "application/ndjson",
    "application/node",
    "application/sql",
    "application/toml",
    "application/typescript",
    "application/x-csh",
    "application/x-httpd-php",
    "application/x-javascript",
    "application/x-latex",
    "application/x-ndjson",
    "application/x-perl",
    "application/x-python",
    "application/x-sh",
    "application/x-sql",
    "application/x-tex",
    "application/x-yaml",
    "application/yaml",
];

/// Returns how a file of the manifest's type `media_type` is served.
pub(crate) fn served(media_type: &str) -> ServedType {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let essence = essence.to_ascii_lowercase();
    if let Some(content_type) = SHOWN.iter().find(|shown| **shown == essence) {
        return ServedType {
            content_type,
            inline: true,
        };
    }
    let (kind, name) = essence.split_once('/').unwrap_or_default();
    let is_text = kind == "text"
        || READ.contains(&&*essence)
        || ["xml", "json", "yaml"].iter().any(|syntax| {
            name == *syntax
                || name
                    .strip_suffix(syntax)
                    .is_some_and(|name| name.ends_with('+'))
        });
    if is_text { TEXT } else { OCTETS }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s2_nothing_is_served_as_what_a_browser_runs() {
        let active = [
            "text/html",
            "Text/HTML; charset=utf-8",
            "text/html ;x",
            "application/xhtml+xml",
            "text/xml",
            "application/xml",
            "application/xslt+xml",
            "text/xsl",
            "application/mathml+xml",
            "text/javascript",
            "application/javascript",
            "text/jscript",
            "text/css",
            "text/x-server-parsed-html",
            "application/x-sh",
            "application/json",
            "application/ld+json",
            "application/manifest+json",
            "text/cache-manifest",
        ];
        for media_type in active {
            assert_eq!(served(media_type), TEXT, "{media_type}");
        }
        let octets = [
            "application/wasm",
            "application/octet-stream",
            "application/x-shockwave-flash",
            "application/java-archive",
            "application/zip",
            "multipart/x-mixed-replace",
            "multipart/related",
            "message/rfc822",
            "image/png, text/html",
            "image/pngtext/html",
            "image",
            "",
            "/",
            "x-world/x-vrml",
        ];
        for media_type in octets {
            assert_eq!(served(media_type), OCTETS, "{media_type}");
        }
        for shown in SHOWN {
            let (kind, name) = shown.split_once('/').unwrap();
            assert!(
                ["image", "audio", "video"].contains(&kind) || shown == "application/pdf",
                "{shown}"
            );
            let active = ["html", "xml", "script", "css", "wasm"];
            assert!(
                shown == "image/svg+xml" || active.iter().all(|word| !name.contains(word)),
                "{shown}"
            );
        }
    }

    #[test]
    fn what_players_and_viewers_know_is_shown() {
        for (media_type, content_type) in [
            ("image/png", "image/png"),
            ("IMAGE/JPEG; a=b", "image/jpeg"),
            ("image/svg+xml ; a=b", "image/svg+xml"),
            ("video/mp4", "video/mp4"),
            ("audio/mpeg", "audio/mpeg"),
            ("application/pdf", "application/pdf"),
        ] {
            let shown = ServedType {
                content_type,
                inline: true,
            };
            assert_eq!(served(media_type), shown, "{media_type}");
        }
    }
}
