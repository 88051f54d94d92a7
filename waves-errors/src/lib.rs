//! Typed errors, retry policies and explanations from one error catalog; ships that of the Waves API (smallest.ai).
//!
//! A catalog is a TOML file of error cases: status, causes, fixes, retry. [`error_catalog!`] makes of it, at compile
//! time, an enum with its texts, its documentation and its retry policies. This crate makes its own enum so:
//! [`WavesError`], the errors of the Waves API.
//!
//! The way of a failed call: what is known of it is [`Evidence`]; classified, it is a [`Failure`], which knows its case,
//! what the server said and what helps; [`Retry`] decides whether and when to try again.
//!
//! ```
//! use waves_errors::{Evidence, Failure, WavesError};
//!
//! let failure = Failure::classify(Evidence::response(403).body(r#"{"error":"forbidden"}"#));
//! match failure.kind() {
//!     Some(WavesError::Forbidden) => println!("{failure:#}"),
//!     Some(other) => println!("{other}"),
//!     None => println!("not in the catalog: {failure}"),
//! }
//! ```
//!
//! # Features
//!
//! | feature | adds |
//! | --- | --- |
//! | `waves` (default) | `WavesError` and the catalog behind it |
//! | `tokio` | `retry` and `Retry::run`, waiting by tokio's clock |
//! | `http` | evidence from the types of the `http` crate |
//! | `reqwest` | `send_checked` on reqwest's request builder |
//!
//! # Scope
//!
//! For errors that a service documents. For errors of your own program that nobody else needs to look up, `thiserror`
//! is smaller; for errors that are only ever printed, `anyhow`.

mod error;
mod failure;

mod foreign;
mod redact;
mod show;

mod retry;
mod retry_after;
mod run;

#[cfg(feature = "http")]
pub mod http;
#[cfg(feature = "reqwest")]
pub mod reqwest;

#[cfg(feature = "waves")]
mod waves;

pub use error::{CatalogEnum, CatalogError, UnknownCase};
pub use failure::Failure;
pub use retry::{Decision, DelaySource, NextTry, Retry, StopReason};
pub use retry_after::RetryAfter;
#[cfg(feature = "tokio")]
pub use run::retry;
#[cfg(feature = "waves")]
pub use waves::{WavesError, reference};
#[doc(inline)]
pub use waves_errors_core::{
    Body, Case, Catalog, Chance, Close, Evidence, Io, MatchedBy, Policy, PolicyError, PolicyParts, Step, Steps,
    Transport, Wait, Words, amount,
};

/// Makes an enum from a catalog of error cases.
///
/// ```text
/// waves_errors::error_catalog! {
///     /// Why an order failed.
///     pub enum OrderError = "catalog/orders.toml";
///     pub mod reference;
/// }
/// ```
///
/// The path is looked for beside the crate's manifest, then beside the Rust file. Editing the catalog rebuilds the
/// crate. Each mistake in it is one compile error that shows its line; the enum is made all the same from what could
/// be read, so that one mistake is one error.
///
/// The enum is `Copy`, two bytes, `#[non_exhaustive]`, and implements [`CatalogError`](crate::CatalogError),
/// [`CatalogEnum`](crate::CatalogEnum), [`Error`](std::error::Error), `Display`, `Debug`, `FromStr` (from an id, a
/// code, a variant's name or a status), `Eq`, `Ord` and `Hash`. Its variants are documented with what the catalog says
/// of their cases. The optional module gets a documentation page for each page of the catalog; it needs a place
/// outside function bodies.
///
/// # Examples
///
/// ```
/// waves_errors::error_catalog! {
///     /// Why an order failed.
///     pub enum OrderError = "examples/orders.toml";
/// }
///
/// assert_eq!(OrderError::OutOfStock.to_string(), "409 Conflict: The item is not in stock");
/// assert_eq!(OrderError::from_status(409), Some(OrderError::OutOfStock));
/// assert_eq!("out-of-stock".parse(), Ok(OrderError::OutOfStock));
/// ```
#[macro_export]
macro_rules! error_catalog {
    ($($input:tt)*) => {
        $crate::__private::error_catalog! { ($crate) $($input)* }
    };
}

/// What the macro's output names. Not for people.
#[doc(hidden)]
pub mod __private {
    pub use crate::error::{CatalogEnum, CatalogError, UnknownCase};
    pub use waves_errors_core::{Case, Catalog, Policy};
    pub use waves_errors_macros::error_catalog;
}

/// The README's examples are tests.
#[cfg(all(doctest, feature = "tokio", feature = "reqwest"))]
#[doc = include_str!("../README.md")]
struct Readme;
