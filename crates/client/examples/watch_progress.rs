//! Shows how far a transfer is: `watch_progress http://127.0.0.1:8080`.

use std::error::Error;
use std::io::Cursor;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use onekey_client::{Client, ClientOptions, Progress, PutOptions, Sources};
use onekey_core::url::ServerUrl;

/// The transfer calls it from its own task, so it only counts and prints.
#[derive(Default)]
struct Watch {
    total: AtomicU64,
    done: AtomicU64,
}

impl Progress for Watch {
    fn begin(&self, total: Option<u64>) {
        self.done.store(0, Ordering::Relaxed);
        self.total.store(total.unwrap_or(0), Ordering::Relaxed);
    }

    fn advance(&self, bytes: u64) {
        let done = self.done.fetch_add(bytes, Ordering::Relaxed) + bytes;
        match self.total.load(Ordering::Relaxed) {
            0 => println!("{done} bytes"),
            total => println!("{} %", done * 100 / total),
        }
    }

    fn retrying(&self, after: Duration, cause: &str) {
        println!("again in {} s: {cause}", after.as_secs());
    }

    fn finish(&self) {
        println!("done");
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let server = std::env::args()
        .nth(1)
        .ok_or("usage: watch_progress SERVER")?;
    let client = Client::new(ServerUrl::parse(&server)?, ClientOptions::default())?;

    let film = Cursor::new(vec![7; 80 << 20]);
    let sources = Sources::from_reader("film.raw", film)?;
    println!("sending");
    let share = client
        .put(sources, PutOptions::default(), &Watch::default())
        .await?;

    println!("receiving");
    let opened = client.open(&share.link, None).await?;
    let watch = Watch::default();
    let size = opened.write_file(0, &mut std::io::sink(), &watch).await?;
    assert_eq!(size, 80 << 20);
    assert_eq!(watch.done.into_inner(), watch.total.into_inner());
    Ok(())
}
