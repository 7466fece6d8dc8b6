//! onekey within another axum application: its routes under `/files`, and an upload through the client.

use std::error::Error;
use std::io::Cursor;
use std::net::SocketAddr;

use axum::Router;
use axum::routing::get;
use onekey_client::{Client, ClientOptions, NoProgress, PutOptions, Sources};
use onekey_core::url::ServerUrl;
use onekey_server::{Config, Server};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // Its rows and payloads lie in this folder, which nobody else may use meanwhile.
    let folder = tempfile::tempdir()?;
    let mut onekey = Server::new(Config::in_folder(folder.path())).await?;
    onekey.start_sweeping();

    let app = Router::new()
        .route("/", get(async || "this is another application"))
        .nest("/files", onekey.router());

    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let (stop, stopped) = oneshot::channel::<()>();
    // With the clients' addresses, else all of them share one limit on wrong proofs.
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    let served = tokio::spawn(async move {
        let until = async { drop(stopped.await) };
        axum::serve(listener, app)
            .with_graceful_shutdown(until)
            .await
    });

    // Any client of the protocol sees a server at this address.
    let server = ServerUrl::parse(&format!("http://{address}/files"))?;
    let client = Client::new(server, ClientOptions::default())?;
    let report = Cursor::new(b"what the application has to say".to_vec());
    let report = Sources::from_reader("report.txt", report)?;
    let share = client
        .put(report, PutOptions::default(), &NoProgress)
        .await?;
    println!("share this: {}", share.link.to_url());

    let opened = client.open(&share.link, None).await?;
    let mut received = Vec::new();
    opened.write_file(0, &mut received, &NoProgress).await?;
    assert_eq!(received, b"what the application has to say");
    println!("{} came back equal", opened.manifest().files[0].path);

    drop((opened, client));
    let _ = stop.send(());
    served.await??;
    Ok(())
}
