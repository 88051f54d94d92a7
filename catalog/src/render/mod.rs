//! The renderers: from the model to the text that people and programs read.

pub mod case;
#[cfg(feature = "html")]
pub mod html;
pub mod json;
pub mod llms;
pub mod markdown;
pub mod rust;
pub mod table;

mod texts;

pub use texts::{Links, display, headline, summary, template, title};

pub use crate::validate::variant;
