//! Kind `share`: all but decompression, which the core does not do.

use onekey_core::cipher::{Aes256Gcm, OVERHEAD};
use onekey_core::header::{HEADER_LEN, Header};
use onekey_core::keys::ShareKey;
use onekey_core::manifest::Manifest;
use onekey_core::payload::Decryptor;

use crate::vector::{Vector, sha256};
use crate::words;

pub(crate) fn share(vector: &Vector) -> String {
    open(vector).err().unwrap_or_else(|| "ok".to_owned())
}

fn open(vector: &Vector) -> Result<(), String> {
    let (header, rest) = vector.body.split_at(HEADER_LEN);
    let (manifest, payload) =
        rest.split_at(usize::try_from(vector.number("manifest-length")).unwrap());
    let header = Header::parse(header).map_err(words::header)?;
    let share = ShareKey::from_bytes(vector.bytes("share-key"));
    let keys = header.keys(&share).map_err(|_| "wrong-key")?;
    let chunk_size = header.chunk_size();
    let plaintext_len = chunk_size
        .plaintext_len(payload.len() as u64)
        .map_err(|_| "size")?;
    let manifest =
        Manifest::open(manifest, &header, &keys, plaintext_len).map_err(words::open_manifest)?;

    let mut plaintext = Vec::new();
    let mut decryptor = Decryptor::<Aes256Gcm>::new(&header, &keys).unwrap();
    let mut payload = payload.to_vec();
    let full = payload.len() / chunk_size.encrypted() * chunk_size.encrypted();
    let (full, last) = payload.split_at_mut(full);
    for chunk in full.chunks_mut(chunk_size.encrypted()) {
        plaintext.extend(&*decryptor.decrypt_next(chunk).map_err(words::payload)?);
    }
    assert!(last.len() >= OVERHEAD, "the length was checked");
    plaintext.extend(&*decryptor.decrypt_last(last).map_err(words::payload)?);

    let mut expected = vector.all("file").into_iter();
    for file in &manifest.files {
        if file.codec.is_some() {
            // What decompression gives is for the client's tests to compare.
            assert!(vector.find("decoder").is_some(), "{}", vector.name);
            return Err(vector.get("expect").to_owned());
        }
        let place = file.offset as usize..(file.offset + file.stored) as usize;
        let described = format!("{} {} {}", file.size, sha256(&plaintext[place]), file.path);
        assert_eq!(Some(described.as_str()), expected.next(), "{}", vector.name);
    }
    assert_eq!(expected.next(), None, "{}", vector.name);
    Ok(())
}
