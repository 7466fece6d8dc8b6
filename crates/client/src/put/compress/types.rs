//! Which types are compressed already, by their names.
//!
//! What stands here is stored as it is without a look at it. A type that is left out costs a try; one that does not belong here
//! costs its whole gain. So audio and images that are not compressed, and containers that need not be (PDF, TAR, databases),
//! are left out, and `.ts`, which is TypeScript as well as a film.

/// Ends of names, in lower case.
const EXTENSIONS: &[&str] = &[
    // Streams and archives.
    "7z", "apk", "ace", "arj", "br", "bz2", "cab", "cbr", "cbz", "crx", "deb", "dmg", "gz", "ipa",
    "jar", "lha", "lz", "lz4", "lzh", "lzma", "lzo", "nupkg", "pack", "rar", "rpm", "snap",
    "squashfs", "sz", "tbz", "tbz2", "tgz", "tlz", "txz", "tzst", "vsix", "war", "whl", "wim",
    "xpi", "xz", "z", "zip", "zipx", "zst", // Documents that are archives.
    "docm", "docx", "dotx", "epub", "kmz", "numbers", "odg", "odp", "ods", "odt", "ott", "pages",
    "pptm", "pptx", "xlsb", "xlsm", "xlsx", // Fonts.
    "woff", "woff2", // Encrypted: nothing shrinks.
    "age", "gpg", "kdbx", "pgp",
    // Pictures, sound and films whose types are not known everywhere.
    "avif", "heic", "heif", "jp2", "jxl", "webp", "aac", "ape", "flac", "m4a", "mka", "opus", "wv",
    "m2ts", "m4v", "mkv", "mp4", "webm",
];

/// Pictures that are not compressed, or need not be.
const PLAIN_IMAGES: &[&str] = &[
    "aces",
    "bmp",
    "cgm",
    "dicom-rle",
    "emf",
    "fits",
    "ktx",
    "ktx2",
    "svg+xml",
    "tiff",
    "tiff-fx",
    "vnd.adobe.photoshop",
    "vnd.dwg",
    "vnd.dxf",
    "vnd.microsoft.icon",
    "vnd.ms-dds",
    "wmf",
    "x-cmu-raster",
    "x-cmx",
    "x-freehand",
    "x-icon",
    "x-ms-bmp",
    "x-pcx",
    "x-pict",
    "x-portable-anymap",
    "x-portable-bitmap",
    "x-portable-graymap",
    "x-portable-pixmap",
    "x-rgb",
    "x-tga",
    "x-xbitmap",
    "x-xpixmap",
    "x-xwindowdump",
];

/// Sound that is not compressed, notes, and lists of songs.
const PLAIN_AUDIO: &[&str] = &[
    "aiff",
    "basic",
    "l24",
    "mid",
    "midi",
    "mpegurl",
    "s3m",
    "vnd.wave",
    "wav",
    "x-aiff",
    "x-caf",
    "x-mpegurl",
    "x-pn-realaudio",
    "x-scpls",
    "x-wav",
    "xm",
];

/// Texts and raw frames that pass for films; `ts` is TypeScript.
const PLAIN_EXTENSIONS: &[&str] = &[
    "asx", "cts", "dv", "m3u", "m3u8", "mts", "pls", "ram", "ts", "y4m", "yuv",
];

/// Tells whether a file of this name is known to be compressed.
pub(super) fn is_compressed(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    let Some((_, extension)) = file.rsplit_once('.') else {
        return false;
    };
    let extension = extension.to_ascii_lowercase();
    let extension = extension.as_str();
    if EXTENSIONS.contains(&extension) {
        return true;
    }
    if PLAIN_EXTENSIONS.contains(&extension) {
        return false;
    }
    let found = mime_guess::from_ext(extension).first_raw();
    match found.and_then(|found| found.split_once('/')) {
        Some(("video", _)) => true,
        Some(("image", subtype)) => !PLAIN_IMAGES.contains(&subtype),
        Some(("audio", subtype)) => !PLAIN_AUDIO.contains(&subtype),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_what_is_compressed() {
        for name in [
            "a.zip",
            "dir.txt/a.JPG",
            "a.jpeg",
            "a.png",
            "a.gif",
            "a.tar.gz",
            "a.tgz",
            "a.webm",
            "a.mov",
            "a.avi",
            "a.mp3",
            "a.ogg",
            "a.flac",
            "a.docx",
            "a.odt",
            "a.woff2",
            "a.heic",
            "a.zst",
            "a.7z",
            "a.mkv",
            "a.gpg",
            ".zip",
        ] {
            assert!(is_compressed(name), "{name}");
        }
        for name in [
            "a",
            "zip",
            "a.zip/b",
            "a.txt",
            "a.svg",
            "a.bmp",
            "a.tiff",
            "a.wav",
            "a.mid",
            "a.m3u8",
            "a.ts",
            "a.mts",
            "a.pdf",
            "a.tar",
            "a.sqlite",
            "a.json",
            "a.ttf",
            "a.psd",
            "a.ico",
            "a.unknown",
            "a.",
            "a.rs",
        ] {
            assert!(!is_compressed(name), "{name}");
        }
    }

    /// A type that is spelt otherwise in the table of types would never match.
    #[test]
    fn lists_are_in_lower_case() {
        for list in [EXTENSIONS, PLAIN_IMAGES, PLAIN_AUDIO, PLAIN_EXTENSIONS] {
            for word in list {
                assert_eq!(*word, word.to_ascii_lowercase());
            }
        }
    }
}
