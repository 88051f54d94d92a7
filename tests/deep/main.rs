//! What takes longer than a review, and what it needs: catalogs as large as the world's, and what other tools say of the
//! packages. `.ci/deep` installs all that and runs it.

#[path = "../it/cargo.rs"]
mod cargo;

mod known;
mod packages;
mod scale;
mod size;
