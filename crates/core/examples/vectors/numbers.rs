//! Lengths: of payloads, and after padding.

use onekey_core::padding::padded_len;
use onekey_core::size::ChunkSize;

use super::case::Case;

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = sizes();
    for total in [
        0,
        1,
        1023,
        1024,
        1025,
        1088,
        1089,
        4096,
        4097,
        65_535,
        1_000_000,
        1 << 30,
        (1 << 30) + 1,
        (1 << 40) + 12_345,
        (1 << 52) + 1,
    ] {
        let case = Case::new("padding", format!("total_{total}"), "ok")
            .with("total", total)
            .with("padded", padded_len(total));
        cases.push(case);
    }
    cases
}

fn sizes() -> Vec<Case> {
    let case = |exponent: u8, payload: u64, expect: &str| {
        let name = format!("e{exponent}_payload_{payload}");
        Case::new("size", name, expect)
            .with("exponent", exponent)
            .with("payload-length", payload)
    };
    let mut cases = Vec::new();
    for exponent in [10_u8, 16, 22] {
        let size = ChunkSize::from_exponent(exponent).expect("it is in 10..=22");
        let (c, e) = (size.plaintext() as u64, size.encrypted() as u64);
        for plaintext in [0, 1, c - 1, c, c + 1, 7 * c, (1 << 35) + 12_345] {
            let payload = size.payload_len(plaintext).expect("it is below 2^53");
            cases.push(case(exponent, payload, "ok").with("plaintext-length", plaintext));
        }
        for payload in [0, 27, e, e + 27, 5 * e] {
            cases.push(case(exponent, payload, "not-a-payload"));
        }
    }
    let most = (1_u64 << 32) - 1;
    for (exponent, plaintext) in [(10_u8, most * 1024 + 1023), (16, most * 65_536 + 65_535)] {
        let size = ChunkSize::from_exponent(exponent).expect("it is in 10..=22");
        let payload = size
            .payload_len(plaintext)
            .expect("2^32 chunks are allowed");
        cases.push(case(exponent, payload, "ok").with("plaintext-length", plaintext));
        cases.push(case(exponent, payload + 29, "too-large").with("comment", "2^32 + 1 chunks"));
    }
    let largest = (1_u64 << 53) - 1;
    let plaintext = ChunkSize::MAX.plaintext_len(largest).expect("below 2^53");
    cases.push(case(22, largest, "ok").with("plaintext-length", plaintext));
    cases.push(case(22, 1 << 53, "too-large").with("comment", "2^53 bytes"));
    cases
}
