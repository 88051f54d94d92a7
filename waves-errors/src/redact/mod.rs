//! Redaction of text from requests, responses and other libraries.

mod body;
mod command;
mod credentials;
mod decode;
mod engine;
mod header;
mod known;
mod line;
mod named;
mod names;
mod notation;
mod options;
mod pending;
mod placeholder;
mod redactor;
mod rules;
mod scan;
mod search;
mod shape;
mod sibling;
mod trigger;
mod url;
mod value;
mod writer;

pub(crate) use names::SCHEMES;
pub(crate) use placeholder::{characters, one_line};
pub use redactor::{Redacted, Redactor};
pub use writer::RedactingWriter;
