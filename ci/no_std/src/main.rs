//! Proof by linking: the core, with `alloc` alone, in a program without `std`.
//!
//! Nothing runs this. If a dependency of the core began to need `std`, it would not link.
//! It holds the only `unsafe` of this repository, and no other crate depends on it.

#![no_std]
#![no_main]

extern crate alloc;

use alloc::vec;
use core::alloc::{GlobalAlloc, Layout};
use core::convert::Infallible;
use core::hint::black_box;
use core::panic::PanicInfo;
use core::sync::atomic::{AtomicUsize, Ordering};

use onekey_core::cipher::{Aes256Gcm, Suite};
use onekey_core::header::Header;
use onekey_core::keys::{LinkKey, ShareKey};
use onekey_core::manifest::Manifest;
use onekey_core::payload::{Decryptor, Encryptor};
use onekey_core::size::ChunkSize;
use rand_core::{TryCryptoRng, TryRng};

#[unsafe(no_mangle)]
extern "C" fn _start() -> ! {
    black_box(round_trip());
    loop {
        core::hint::spin_loop();
    }
}

fn round_trip() -> Option<usize> {
    let rng = &mut Counter(0);
    let (link, share) = (LinkKey::generate(rng), ShareKey::generate(rng));
    let header = Header::new(Suite::Aes256Gcm, ChunkSize::MIN, &share, rng);
    let keys = header.keys(&share).ok()?;
    let mut chunk = vec![0; 100];
    let encryptor = Encryptor::<Aes256Gcm>::new(&header, &keys).ok()?;
    encryptor.encrypt_last(rng, &mut chunk).ok()?;

    let envelope = link.wrap_key(None).wrap(&link.locator(), &share, rng);
    let share = link
        .wrap_key(None)
        .unwrap(&link.locator(), &envelope)
        .ok()?;
    let keys = Header::parse(black_box(header.as_bytes()))
        .ok()?
        .keys(&share)
        .ok()?;
    let decryptor = Decryptor::<Aes256Gcm>::new(&header, &keys).ok()?;
    let text = decryptor.decrypt_last(&mut chunk).ok()?;
    let manifest = Manifest::parse(text, 0).ok()?;
    Some(manifest.files.len())
}

/// Not random at all: nothing runs this.
struct Counter(u8);

impl TryRng for Counter {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(0)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(0)
    }

    fn try_fill_bytes(&mut self, dst: &mut [u8]) -> Result<(), Infallible> {
        for byte in dst {
            self.0 = self.0.wrapping_add(1);
            *byte = self.0;
        }
        Ok(())
    }
}

impl TryCryptoRng for Counter {}

/// Hands out one arena from front to back and takes nothing back.
struct Bump {
    arena: core::cell::UnsafeCell<[u8; ARENA_LEN]>,
    used: AtomicUsize,
}

const ARENA_LEN: usize = 1 << 20;

#[global_allocator]
static ALLOCATOR: Bump = Bump {
    arena: core::cell::UnsafeCell::new([0; ARENA_LEN]),
    used: AtomicUsize::new(0),
};

// SAFETY: the arena is reached only through `alloc`, which gives no byte out twice.
unsafe impl Sync for Bump {}

// SAFETY: `alloc` gives aligned memory inside of the arena that nobody else has, or null.
unsafe impl GlobalAlloc for Bump {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let base = self.arena.get() as usize;
        let mut start = 0;
        let claimed = self
            .used
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |used| {
                start = (base + used).next_multiple_of(layout.align()) - base;
                start
                    .checked_add(layout.size())
                    .filter(|&end| end <= ARENA_LEN)
            });
        match claimed {
            // SAFETY: `start` is inside of the arena, as just checked.
            Ok(_) => unsafe { self.arena.get().cast::<u8>().add(start) },
            Err(_) => core::ptr::null_mut(),
        }
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

/// The precompiled `core` names it; without unwinding nobody calls it.
#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() {}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    loop {
        core::hint::spin_loop();
    }
}
