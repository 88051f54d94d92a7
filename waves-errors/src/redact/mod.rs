//! Redaction of text from requests, responses and other libraries.

mod body;
mod credentials;
mod decode;
mod names;
mod quoted;
mod redactor;
mod shape;
mod url;
mod writer;

pub(crate) use names::SCHEMES;
pub use redactor::{Redacted, Redactor};
pub(crate) use redactor::{characters, one_line};
pub use writer::RedactingWriter;
