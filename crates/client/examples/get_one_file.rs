//! Takes one file of a share, and a few bytes of another: `get_one_file http://127.0.0.1:8080`.

use std::error::Error;
use std::fs;

use onekey_client::{
    Client, ClientOptions, GetOptions, NoProgress, PutOptions, Sources, WalkOptions,
};
use onekey_core::url::{Link, ServerUrl};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let server = std::env::args()
        .nth(1)
        .ok_or("usage: get_one_file SERVER")?;
    let client = Client::new(ServerUrl::parse(&server)?, ClientOptions::default())?;
    let folder = tempfile::tempdir()?;
    let link = share_of_two_files(&client, &folder.path().join("trip")).await?;

    // The link is all that a receiver has. Opening it shows what is there and spends nothing.
    let share = client.open(&Link::parse(&link)?, None).await?;
    let files = &share.manifest().files;
    for file in files {
        println!("{} bytes  {}", file.size, file.path);
    }
    let index = |name: &str| files.iter().position(|file| file.path == name);

    // Only the chunks that hold it are fetched.
    let map = index("trip/map.svg").ok_or("the map is missing")?;
    let to = folder.path().join("map.svg");
    share
        .get_file(map, &to, GetOptions::default(), &NoProgress)
        .await?;
    assert_eq!(fs::read(&to)?, b"<svg/>");

    let film = index("trip/film.raw").ok_or("the film is missing")?;
    let mut frame = Vec::new();
    share
        .write_range(film, 2_000_000..2_000_010, &mut frame, &NoProgress)
        .await?;
    assert_eq!(frame, [7; 10]);
    println!("got the map, and {} bytes of the film", frame.len());
    Ok(())
}

async fn share_of_two_files(
    client: &Client,
    folder: &std::path::Path,
) -> Result<String, Box<dyn Error>> {
    fs::create_dir(folder)?;
    fs::write(folder.join("map.svg"), "<svg/>")?;
    fs::write(folder.join("film.raw"), vec![7; 3_000_000])?;
    let sources = Sources::from_paths(&[folder.to_owned()], WalkOptions::default())?;
    let share = client
        .put(sources, PutOptions::default(), &NoProgress)
        .await?;
    Ok(share.link.to_url())
}
