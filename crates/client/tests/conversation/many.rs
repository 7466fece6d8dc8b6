//! Many files, and other threads.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn transfers_can_run_on_other_threads() {
    let fake = Fake::start().await;
    let source = folder(&[("a", 100_000), ("b", 5)]);
    let (client, sources) = (fake.client(), sources(&source));
    let put = async move {
        client
            .put(sources, PutOptions::default(), &NoProgress)
            .await
    };
    let shared = tokio::spawn(put).await.unwrap().unwrap();
    let opened = open_link(&fake, &shared.link).await;
    let to = source.path().join("dst");
    let get = async move {
        opened
            .get_all(&to, GetOptions::default(), &NoProgress)
            .await
    };
    let got = tokio::spawn(get).await.unwrap().unwrap();
    assert_eq!(got.bytes, 100_005);
}

#[tokio::test(flavor = "multi_thread")]
async fn thousands_of_files_come_back() {
    let fake = Fake::start().await;
    let source = tempfile::tempdir().unwrap();
    for folder in 0..20 {
        let folder = source.path().join(format!("src/{folder}"));
        fs::create_dir_all(&folder).unwrap();
        for file in 0..1000 {
            fs::write(folder.join(file.to_string()), file.to_string()).unwrap();
        }
    }
    let sources = sources(&source);
    let shared = fake
        .client()
        .put(sources, PutOptions::default(), &NoProgress)
        .await
        .unwrap();
    let opened = open_link(&fake, &shared.link).await;
    let to = source.path().join("dst");
    let got = opened
        .get_all(&to, GetOptions::default(), &NoProgress)
        .await;
    assert_eq!(got.unwrap().files.len(), 20_000);
    assert_eq!(fs::read(to.join("src/19/999")).unwrap(), b"999");
}
