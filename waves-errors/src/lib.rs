//! Typed errors, retry policies and explanations from one error catalog; ships the catalog of the Waves API (smallest.ai).
//!
//! A catalog is a TOML file of error cases: status, causes, fixes, retry policy. [`error_catalog!`] turns it into an enum with
//! its texts, its documentation and its policies at compile time. [`WavesError`], the enum of the Waves API, is made in this
//! way.
//!
//! A failed call is described by [`Evidence`]: status, headers, body, or how the connection ended. Classified, it is a
//! [`Failure`] with its case, the server's message and the documented fixes. [`Retry`] decides whether to make another
//! attempt, and when.
//!
//! ```
//! use waves_errors::{Evidence, Failure, WavesError};
//!
//! let failure = Failure::classify(Evidence::response(403).with_body(r#"{"error":"forbidden"}"#));
//! match failure.kind() {
//!     Some(WavesError::Forbidden) => println!("{failure:#}"),
//!     Some(other) => println!("{other}"),
//!     None => println!("not in the catalog: {failure}"),
//! }
//! ```
//!
//! Complete programs are in the repository's
//! [`waves-errors/examples`](https://github.com/smallest-inc/waves-errors/tree/main/waves-errors/examples):
//!
//! - [`batch.rs`](https://github.com/smallest-inc/waves-errors/blob/main/waves-errors/examples/batch.rs): many calls by spawned tasks;
//! - [`streaming.rs`](https://github.com/smallest-inc/waves-errors/blob/main/waves-errors/examples/streaming.rs): speech that is
//!   played while it arrives;
//! - [`service.rs`](https://github.com/smallest-inc/waves-errors/blob/main/waves-errors/examples/service.rs): an axum service that
//!   calls Waves and answers its own users;
//! - [`testing.rs`](https://github.com/smallest-inc/waves-errors/blob/main/waves-errors/examples/testing.rs): tests of error
//!   handling that do not wait.
//!
//! Import items by name, not with `*`: the modules of the adapters have the names of the crates that they adapt.
//!
//! # Features
//!
//! | feature | adds |
//! | --- | --- |
//! | `waves` (default) | `WavesError` and its catalog |
//! | `tokio` | `retry` and `Retry::run`, with tokio's timers |
//! | `http` | evidence from the types of the `http` crate |
//! | `reqwest` | `send_checked` on reqwest's request builder; `bytes_checked`, `text_checked`, `json_checked`, `chunk_checked`, `stream_checked` on its response |
//! | `reqwest-blocking` | `send_checked` on reqwest's blocking request builder; `bytes_checked`, `text_checked`, `json_checked` on its response |
//! | `ureq` | `call_checked` and `send_checked` on ureq 3's request builders; `bytes_checked`, `text_checked`, `json_checked` on its response |
//! | `tower` | a layer for services of the `http` types, and a policy for tower's retry layer |
//! | `tokio-tungstenite` | `connect`, and a `Watch` that reports how a WebSocket ended |
//! | `miette` | `Diagnostic`: code, help, URL and severity |
//! | `serde` | failures and cases as data, policies from an operator's file |
//! | `tracing` | `Failure::log` and an observer of retries: events with OpenTelemetry's names |
//!
//! # Scope
//!
//! This crate is for errors that a service documents. For errors of your own program that nobody else looks up, `thiserror` is
//! smaller; for errors that are only ever printed, use `anyhow`.

mod attempt;
mod chain;
mod display;
mod error;
mod failure;
mod failure_data;
mod fields;
mod foreign;
mod io_error;
mod redact;
mod timeout;
mod url;

mod diagnose;
mod ticket;

mod decision;
mod event;
mod overrides;
mod retry;
mod retry_after;
mod run;

#[cfg(any(feature = "reqwest", feature = "tower", feature = "ureq", feature = "tokio-tungstenite"))]
mod adapter;
#[cfg(any(feature = "reqwest", feature = "ureq"))]
mod decode;
#[cfg(any(feature = "reqwest", feature = "tower", feature = "ureq"))]
mod front;
#[cfg(feature = "http")]
pub mod http;
#[cfg(feature = "miette")]
pub mod miette;
#[cfg(any(feature = "reqwest-blocking", feature = "ureq"))]
mod read;
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

pub use decision::{Decision, DelaySource, StopReason};
pub use diagnose::{Diagnosis, Finding, Verdict, diagnose, preflight};
pub use error::{CatalogEnum, CatalogError, UnknownCase};
pub use event::{NextAttempt, RetryEvent};
pub use failure::Failure;
pub use overrides::UnknownPolicy;
pub use redact::{Redacted, Redactor};
pub use retry::Retry;
pub use retry_after::RetryAfter;
#[cfg(feature = "tokio")]
pub use run::retry;
pub use ticket::{Ticket, TicketBuilder, TicketItem};
pub use timeout::TimedOut;
#[cfg(feature = "waves")]
pub use waves::{WavesError, reference};
#[doc(inline)]
pub use waves_errors_core::{
    Body, Case, Catalog, Close, Evidence, Jitter, MatchedBy, Policy, PolicyBuilder, PolicyError, RetryOnly, Severity,
    Step, Transport, TransportError, Upload, Wait, format_duration, parse_duration,
};

/// The checks that decide whether a documented cause or fix applies to a failure: see [`Step::check`].
pub mod checks {
    #[doc(inline)]
    pub use waves_errors_core::{Check, Is, Part, Predicate};
}

/// What a support ticket must contain: see [`Catalog::checklists`].
pub mod checklists {
    #[doc(inline)]
    pub use waves_errors_core::{Checklist, Collect, Item};
}

/// Iterators over the parts of a [`Case`].
pub mod iter {
    #[doc(inline)]
    pub use waves_errors_core::{Steps, Words};
}
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
/// The path is relative to the crate's manifest or else to the Rust file. Editing the catalog rebuilds the crate. Each mistake in
/// it is one compile error that shows its line. The enum is still generated from the other cases, so code that uses it gets no
/// further errors.
///
/// The enum is `Copy`, at most two bytes, `#[non_exhaustive]`, and implements [`CatalogError`](crate::CatalogError),
/// [`CatalogEnum`](crate::CatalogEnum), [`Error`](std::error::Error), `Display`, `Debug`, `FromStr` (from an id, a code, a
/// variant's name or a status), `Eq`, `Ord` and `Hash`, and `Into<Case>`. It has a constant for the id of each retry policy, such
/// as `POLICY_RATE_LIMIT` for `rate-limit`. The variants are documented with the texts of their cases. The optional module gets a
/// documentation page for each page of the catalog; it cannot be declared inside a function body.
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
    pub use crate::decision::StopReason;
    pub use crate::error::{CatalogEnum, CatalogError, UnknownCase, Variants, all, from_timeout};
    pub use crate::fields::{
        AsError, ByCase, ByNothing, EndedByCase, Inner, InnerMut, NoTimeout, NotEnded, Of, TimeoutByType,
    };
    pub use crate::timeout::TimedOut;
    #[cfg(feature = "waves")]
    pub use crate::waves::WAVES;
    pub use waves_errors_core::internal::Table;
    pub use waves_errors_core::{Case, Catalog, Evidence, Policy};
    pub use waves_errors_macros::{derive_catalog_error, error_catalog};
}

/// The README's examples are tests.
#[cfg(all(doctest, feature = "tokio", feature = "reqwest"))]
#[doc = include_str!("../README.md")]
struct Readme;
