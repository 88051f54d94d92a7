//! The Waves error catalog, and all that follows from the text of such a catalog: reading, checking, rendering.
//!
//! Programs do not depend on this crate: [`waves-errors`](https://docs.rs/waves-errors) is what they use, and it
//! carries no TOML reader. This one stands behind its macros and its command line.
//!
//! ```text
//! source ─> parse ─> read ─> validate ─> Catalog ─> render ─┬─ rust, table (programs)
//!                     └──── problems ──> report             ├─ case        (rustdoc, explain)
//!                                                           └─ markdown    (the page)
//! ```
//!
//! # Examples
//!
//! ```
//! use waves_errors_catalog::{check, render, report};
//!
//! let toml = br#"
//! schema = 1
//! [catalog]
//! id = "orders"
//! [case.out-of-stock]
//! status  = 409
//! summary = "The item is not in stock."
//! fixs    = ["Offer another item."]
//! "#;
//! let rejected = check("orders.toml", toml, &mut |_| Err(std::io::ErrorKind::NotFound.into())).unwrap_err();
//! assert_eq!(
//!     report::problems(&rejected.sources, &rejected.problems, false),
//!     r#"error: unknown key `fixs` in [case.out-of-stock] [unknown-key]
//!  --> orders.toml:8:1
//!   |
//! 8 | fixs    = ["Offer another item."]
//!   | ^^^^
//!   |
//!   = help: did you mean `fixes`?
//! "#
//! );
//! ```

mod source;

mod parse;

mod keys;
mod read;

mod model;

mod phrase;
mod text;

mod validate;

mod check;
pub mod diff;
mod embedded;
mod find;
mod problem;
pub mod render;
pub mod report;
pub mod schema;

pub use check::{Accepted, Rejected, check, check_file, check_texts};
pub use embedded::{Embedded, RULES, WAVES};
pub use keys::At;
pub use model::{
    Alternative, Anchors, Case, Catalog, Checklist, Deprecated, Item, Model, Page, Required, Section, Step,
};
pub use problem::{Level, Place, Problem, nearest};
pub use source::{Source, Sources};
