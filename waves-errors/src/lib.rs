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
//! | `reqwest-blocking` | the same on its blocking request builder |
//! | `ureq` | `call_checked` and `send_checked` on the request builders of ureq 3 |
//! | `tower` | a layer over services of `http`, and a retry policy for tower's own layer |
//! | `tokio-tungstenite` | `connect`, and a `Watch` that tells how a WebSocket ended |
//! | `miette` | `Diagnostic`: code, help, address and severity |
//! | `serde` | failures and cases as data, policies from an operator's file |
//! | `tracing` | `Failure::log`: one event with OpenTelemetry's names |
//!
//! # Scope
//!
//! For errors that a service documents. For errors of your own program that nobody else needs to look up, `thiserror`
//! is smaller; for errors that are only ever printed, `anyhow`.

mod error;
mod failure;
mod inner;

mod foreign;
mod redact;
mod show;

mod diagnose;
mod ticket;

mod retry;
mod retry_after;
mod run;

#[cfg(any(feature = "reqwest", feature = "tower", feature = "ureq"))]
mod adapter;
#[cfg(any(feature = "reqwest", feature = "tower", feature = "ureq"))]
mod front;
#[cfg(feature = "http")]
pub mod http;
#[cfg(feature = "miette")]
pub mod miette;
#[cfg(feature = "reqwest")]
pub mod reqwest;
#[cfg(feature = "reqwest-blocking")]
pub mod reqwest_blocking;
#[cfg(feature = "serde")]
mod serde;
#[cfg(feature = "tokio-tungstenite")]
pub mod tokio_tungstenite;
#[cfg(feature = "tower")]
pub mod tower;
#[cfg(feature = "tracing")]
pub mod tracing;
#[cfg(feature = "ureq")]
pub mod ureq;

#[cfg(feature = "waves")]
mod waves;

pub use diagnose::{Diagnosis, Finding, Verdict, diagnose, preflight};
pub use error::{CatalogEnum, CatalogError, UnknownCase};
pub use failure::Failure;
pub use redact::Redactor;
pub use retry::{Decision, DelaySource, NextTry, Retry, StopReason};
pub use retry_after::RetryAfter;
#[cfg(feature = "tokio")]
pub use run::retry;
pub use ticket::{Ticket, TicketBuilder};
#[cfg(feature = "waves")]
pub use waves::{WavesError, reference};
#[doc(inline)]
pub use waves_errors_core::{
    Body, Case, Catalog, Chance, Check, Checklist, Close, Collect, Evidence, Io, Is, Item, MatchedBy, Part, Policy,
    PolicyError, PolicyParts, Predicate, RetryOnly, Severity, Step, Steps, Transport, Upload, Wait, Words, amount,
    duration,
};

/// Derives what an error of a catalog has, for an enum that is written by hand: with fields, sources and `From`.
///
/// `#[catalog("path.toml")]` or `#[catalog(waves)]` names the catalog. A variant is the case of its name, or the one
/// that `#[catalog(case = "id")]` names; `#[catalog(transparent)]` is whatever its only field is. The source is the field
/// that `#[source]` or `#[from]` marks, or that is called `source`; `#[from]` also makes the variant of it.
///
/// The case's `display` may hold fields: `{left}`, `{0}`, `{name:?}`, `{price:>8.2}`. Further options of the enum:
/// `exhaustive` asks for a variant for every case, `crate = path` names this crate where it goes by another name.
///
/// A crate of yours can export its catalog, with `export = orders_catalog`; others then derive from it without its file:
/// `#[catalog(orders::orders_catalog!)]`. The page `coming_from_thiserror` shows how to move an enum.
///
/// # Examples
///
/// ```
/// use waves_errors::{CatalogError, Failure, WavesError};
///
/// #[derive(Debug, CatalogError)]
/// #[catalog("examples/orders.toml")]
/// enum OrderError {
///     OutOfStock { sku: String },
///     PaymentDeclined(#[source] std::io::Error),
///     #[catalog(transparent)]
///     Speech(#[from] Failure),
/// }
///
/// let declined = OrderError::PaymentDeclined(std::io::Error::other("no money"));
/// assert_eq!(declined.to_string(), "402 Payment Required: The bank declined the payment");
/// assert_eq!(declined.id(), Some("payment-declined"));
/// let busy = OrderError::from(Failure::of(WavesError::TooManyRequests));
/// assert_eq!(busy.id(), Some("too-many-requests"));
/// ```
pub use waves_errors_macros::CatalogError;

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
/// The enum is `Copy`, at most two bytes, `#[non_exhaustive]`, and implements [`CatalogError`](crate::CatalogError),
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

#[doc = include_str!("../coming-from-thiserror.md")]
#[cfg(feature = "waves")]
pub mod coming_from_thiserror {}

#[doc = include_str!("../fleet.md")]
pub mod fleet {}

/// What the macro's output names. Not for people.
#[doc(hidden)]
pub mod __private {
    pub use crate::error::{CatalogEnum, CatalogError, UnknownCase, Variants, all};
    pub use crate::inner::{AsError, ByCase, ByNothing, Inner};
    #[cfg(feature = "waves")]
    pub use crate::waves::WAVES;
    pub use waves_errors_core::{Case, Catalog, Evidence, Policy};
    pub use waves_errors_macros::{derive_catalog_error, error_catalog};
}

/// The README's examples are tests.
#[cfg(all(doctest, feature = "tokio", feature = "reqwest"))]
#[doc = include_str!("../README.md")]
struct Readme;
