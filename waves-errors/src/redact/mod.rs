//! Redaction of foreign text.

mod body;
mod decode;
mod names;
mod quoted;
mod redactor;
mod shape;
mod url;

pub(crate) use names::SCHEMES;
pub use redactor::{Redacted, Redactor};
pub(crate) use redactor::{characters, one_line};
