//! Links without the C runtime's start files. Of the C library only the memory functions are taken, which the
//! compiler itself calls.

fn main() {
    println!("cargo:rustc-link-arg-bins=-nostartfiles");
    println!("cargo:rustc-link-arg-bins=-lc");
    println!("cargo:rerun-if-changed=build.rs");
}
