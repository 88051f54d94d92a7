//! Slow tests: large catalogs of published errors, and checks of packages by other tools. `.ci/deep` installs the requirements and
//! runs them.

#[path = "../it/cargo.rs"]
mod cargo;

mod known;
mod packages;
mod scale;
mod size;
