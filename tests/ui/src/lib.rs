//! The tests of the macros: `NAME.stderr` contains the compiler's errors for `NAME.rs`, and `NAME.toml` is the catalog that it uses.
//! `tests/macros.rs` runs them, and tests the enums of valid catalogs.
//!
//! This is a separate package, because the test runner builds all dependencies of its package once more.
