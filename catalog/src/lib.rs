//! The Waves error catalog, and the parser, checker and renderers of such catalogs.
//!
//! Programs depend on [`waves-errors`](https://docs.rs/waves-errors) instead, which contains no TOML parser. This crate
//! implements the macros and the command line of `waves-errors`.
//!
//! ```text
//! source ─> parse ─> keys ─> read ─> model ─> validate ─> resolve ─> Catalog ─> render ─┬─ rust, table (programs)
//!             └────────┴───────┴─────────────────┴──────> problems ─> report            ├─ case (rustdoc, explain)
//!                                                                                       ├─ markdown, html, llms
//!                                                                                       └─ json (other programs)
//! ```
//!
//! No two files import each other, and no renderer imports a lint.
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
//!     r#"error: unknown key `fixs` in `case.out-of-stock` [unknown-key]
//!  --> orders.toml:8:1
//!   |
//! 8 | fixs    = ["Offer another item."]
//!   | ^^^^
//!   |
//!   = help: did you mean `fixes`?
//! "#
//! );
//! ```

#![cfg_attr(not(feature = "tools"), allow(dead_code, reason = "the tools use it"))]

mod location;
mod names;
mod phrase;
mod problem;
mod suggest;
mod text;

mod source;

mod parse;

mod keys;

mod read;

mod heading;
mod model;
mod placeholders;

mod validate;

mod catalog;
mod resolve;

pub mod render;
pub mod report;

mod check;
mod embedded;

#[cfg(feature = "tools")]
pub mod diff;
#[cfg(feature = "tools")]
mod exception;
#[cfg(feature = "tools")]
mod lookup;
#[cfg(feature = "tools")]
pub mod schema;

pub use catalog::Catalog;
pub use check::{Accepted, Rejected, check, check_file, check_texts};
pub use embedded::{Embedded, LINTS, WAVES};
#[cfg(feature = "tools")]
pub use exception::transport_error;
pub use location::{Located, Location};
pub use model::{
    Alternative, Anchors, Case, Checklist, ChecklistItem, Deprecation, Model, Page, Required, Section, Step,
};
pub use problem::{Level, Problem};
pub use source::{Source, Sources};
pub use suggest::nearest;
