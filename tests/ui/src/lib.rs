//! The tests of the macros: `NAME.stderr` is what the compiler reports about `NAME.rs`, and `NAME.toml` is the catalog that it uses.
//! `tests/macros.rs` runs them, and tests the enums of valid catalogs.
//!
//! This is a package of its own because the test runner builds all dependencies of its package once more.
