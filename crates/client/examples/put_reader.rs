//! Sends what a reader gives, without a file: `put_reader http://127.0.0.1:8080`.

use std::error::Error;
use std::io::Cursor;

use onekey_client::{Client, ClientOptions, NoProgress, PutOptions, Sources};
use onekey_core::url::ServerUrl;

/// An hour.
const EXPIRES_IN: u64 = 60 * 60;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let server = std::env::args().nth(1).ok_or("usage: put_reader SERVER")?;
    let client = Client::new(ServerUrl::parse(&server)?, ClientOptions::default())?;

    // Anything that is `Read`: a child's output, a socket, a dump. Its length need not be known.
    let log = Cursor::new("line after line\n".repeat(100_000));
    let sources = Sources::from_reader("today.log", log)?;
    let options = PutOptions {
        title: Some("Today's log".to_owned()),
        expires_in: Some(Some(EXPIRES_IN)),
        max_downloads: Some(3),
        ..PutOptions::default()
    };
    let share = client.put(sources, options, &NoProgress).await?;

    println!("to open it:   {}", share.link.to_url());
    println!("to delete it: {}", share.manage_link.to_url());
    client.delete(&share.manage_link).await?;
    println!("deleted, {} bytes of log were up", share.size);
    Ok(())
}
