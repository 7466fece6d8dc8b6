//! A file in 40 lines: make keys, encrypt, make a link, decrypt from the link.

use std::error::Error;

use onekey_core::cipher::{Aes256Gcm, Suite};
use onekey_core::header::Header;
use onekey_core::keys::{LinkKey, ShareKey};
use onekey_core::payload::{Decryptor, Encryptor, text_range};
use onekey_core::size::ChunkSize;

fn main() -> Result<(), Box<dyn Error>> {
    let rng = &mut rand::rng();

    // The sender: one key for the share, one for each link.
    let (share, key) = (ShareKey::generate(rng), LinkKey::generate(rng));
    let header = Header::new(Suite::Aes256Gcm, ChunkSize::DEFAULT, &share, rng);

    let file = b"one key to read it";
    let mut chunk = vec![0; file.len() + 28];
    chunk[text_range(file.len() + 28)].copy_from_slice(file);
    Encryptor::<Aes256Gcm>::new(&header, &header.keys(&share)?)?.encrypt_last(rng, &mut chunk)?;

    let envelope = key.wrap_key(None).wrap(&key.locator(), &share, rng);
    let link = format!("https://example.org/s#{}", key.to_base64url());
    println!("{link}");

    // The server has header, chunk and envelope, and from a receiver it gets the locator and a proof.
    // The receiver has the link.
    let (_, key) = link.split_once('#').ok_or("the link has no key")?;
    let key = LinkKey::from_base64url(key)?;
    let share = key.wrap_key(None).unwrap(&key.locator(), &envelope)?;
    let keys = Header::parse(header.as_bytes())?.keys(&share)?;
    let text = Decryptor::<Aes256Gcm>::new(&header, &keys)?.decrypt_last(&mut chunk)?;

    assert_eq!(text, file);
    println!("{}", String::from_utf8_lossy(text));
    Ok(())
}
