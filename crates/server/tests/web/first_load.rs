//! What a browser fetches before a person can do anything.

use crate::common::Api;
use crate::{BROWSER, assets_in, folder, get};

/// Most bytes of a first load, on the wire: less than a second on a slow phone.
const FIRST_LOAD: usize = 60 << 10;

#[tokio::test]
async fn a_first_load_is_small() {
    let api = Api::new().await;
    let folder = folder(&api).await;
    for path in ["/", "/s", "/manage/x", "/s%23x", "/tools", "/upload"] {
        let html = get(&api, path, &[BROWSER]).await;
        let mut sizes = vec![(html.bytes.len(), "html".to_owned())];
        let mut names = assets_in(html.text(), &folder);
        names.sort_unstable();
        names.dedup();
        for name in names.into_iter().filter(|name| name.contains('.')) {
            let address = format!("/assets/{folder}/{name}");
            let asset = get(&api, &address, &[("accept-encoding", "br")]).await;
            assert_eq!(
                (asset.status.as_u16(), asset.header("content-encoding")),
                (200, "br"),
                "{name}"
            );
            sizes.push((asset.bytes.len(), name));
        }
        let total: usize = sizes.iter().map(|(size, _)| size).sum();
        sizes.sort_unstable();
        println!("{path}: {total} bytes: {sizes:?}");
        assert!(total < FIRST_LOAD, "{path}: {total} bytes: {sizes:?}");
    }
}
