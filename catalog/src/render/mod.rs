//! The renderers, which generate pages, code and data from a catalog. They only define the layout, because all texts
//! are already resolved.

pub mod case;
#[cfg(feature = "html")]
pub mod html;
#[cfg(feature = "tools")]
pub mod json;
#[cfg(feature = "tools")]
pub mod llms;
#[cfg(feature = "tools")]
pub mod markdown;
pub mod rust;
pub mod table;

mod checklist;
mod style;

use crate::catalog::Catalog;
use crate::model::Case;

/// Returns the name of a case's Rust variant.
pub fn variant(case: &Case) -> String {
    case.name.clone()
}

/// Returns the heading of a case, in Markdown.
pub fn title<'c>(catalog: &'c Catalog, case: &Case) -> &'c str {
    &catalog.resolved(case).title
}

/// Returns the first sentence of a case's summary, as plain text.
pub fn headline<'c>(catalog: &'c Catalog, case: &Case) -> &'c str {
    &catalog.resolved(case).headline
}

/// Returns the line that `Display` prints: plain text without a full stop. A template with fields only applies to
/// derived enums; others print the default.
pub fn display<'c>(catalog: &'c Catalog, case: &Case) -> &'c str {
    &catalog.resolved(case).display
}

/// Returns the `Display` template for a derived enum: that of the catalog, or the default.
pub fn template(catalog: &Catalog, case: &Case) -> String {
    let default = || display(catalog, case).replace('{', "{{").replace('}', "}}");
    case.display.as_ref().map_or_else(default, |template| template.value.clone())
}
