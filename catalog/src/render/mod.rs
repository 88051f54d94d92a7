//! The model as what people and programs read. Every text of a catalog is rendered here and nowhere else.

pub mod case;
#[cfg(feature = "html")]
pub mod html;
pub mod json;
pub mod llms;
pub mod markdown;
pub mod rust;
pub mod table;

mod words;

pub use words::{Links, display, headline, summary, template, title};

pub use crate::validate::variant;
