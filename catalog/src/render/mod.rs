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

use crate::model::Case;

/// Returns the name of a case's Rust variant.
pub fn variant(case: &Case) -> String {
    case.name.clone()
}
