//! Typed errors, retries and explanations for the Waves API (smallest.ai: Lightning text-to-speech and Pulse speech-to-text), and
//! for any other API with an error catalog.
//!
//! # Quick start
//!
//! ```toml
//! [dependencies]
//! reqwest = "0.13"
//! tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
//! waves-errors = { version = "0.1", features = ["reqwest"] }
//! ```
//!
//! ```no_run
//! # #[cfg(feature = "reqwest")]
//! # async fn example(url: &str, key: &str) {
//! use waves_errors::reqwest::{ReadChecked, SendChecked};
//! use waves_errors::{Retry, WavesError};
//!
//! let client = reqwest::Client::new();
//! let request = || client.post(url).bearer_auth(key).body(r#"{"text":"Hello.","voice_id":"magnus"}"#);
//! match Retry::new().run(async || request().send_checked().await?.bytes_checked().await).await {
//!     Ok(audio) => println!("{} bytes of audio", audio.len()),
//!     Err(failure) if failure.is(WavesError::Unauthorized) => eprintln!("check the key: {failure}"),
//!     Err(failure) => eprintln!("{failure:#}"),
//! }
//! # }
//! # fn main() {}
//! ```
//!
//! `send_checked` returns a [`Failure`] for each error status and for each connection error. [`Retry`] follows the retry policies
//! of the documentation and honors `Retry-After`. If the retries do not help, `{failure:#}` prints the report, here for a server
//! error:
//!
//! ```text
//! 500 Internal Server Error: A server-side issue ("Internal server error", request id req_7f3a9c)
//!   fix: Retry once after a short delay.
//!   fix: If it persists, file a support ticket and include the x-request-id value from the response headers so the server-side trace can be located.
//!   retry: once, after 500 ms (minus up to 25% jitter); honors Retry-After up to 2 min
//!   page: https://docs.smallest.ai/waves/documentation/troubleshooting/error-reference#500-internal-server-error
//!   stopped after 2 attempts: no retries left
//! ```
//!
//! There is no time limit by default: set [`Retry::attempt_timeout`] or [`Retry::deadline`]. A request that was sent but got
//! no complete response is only retried if it is idempotent, or if you declare it so with [`Retry::idempotent`]. Credentials never
//! appear in output: not in `Display`, not in `Debug`, and not in a `source()`.
//!
//! [`Failure::diagnose`] checks which of the causes applies, and [`Failure::ticket`] fills in a support ticket. [`preflight`] checks a
//! request before it is sent.
//!
//! Import items by name, not with `*`: the adapter modules have the names of the crates that they adapt.
//!
//! # Features
//!
//! | feature | adds |
//! | --- | --- |
//! | `waves` (default) | `WavesError` and its catalog |
//! | `macros` (default) | `error_catalog!` and `#[derive(CatalogError)]`, for catalogs of your own |
//! | `tokio` | `retry` and `Retry::run`, with tokio's timers |
//! | `http` | `Evidence` from the types of the `http` crate |
//! | `reqwest` | `send_checked` on reqwest's request builder; `bytes_checked`, `text_checked`, `json_checked`, `chunk_checked`, `stream_checked` on its response; includes `tokio` |
//! | `reqwest-blocking` | `send_checked` on reqwest's blocking request builder; `bytes_checked`, `text_checked`, `json_checked` on its response |
//! | `ureq` | `call_checked` and `send_checked` on ureq 3's request builders; `bytes_checked`, `text_checked`, `json_checked` on its response |
//! | `tower` | a layer for services with `http` types, and a policy for tower's retry layer |
//! | `tokio-tungstenite` | `connect`, and a `Watch` that reports how a WebSocket ended |
//! | `miette` | an implementation of `Diagnostic`: code, help, URL and severity |
//! | `serde` | serialization of failures and cases, deserialization of policies |
//! | `tracing` | `Failure::log` and an observer of retries, with OpenTelemetry's field names |
//!
//! With the feature `waves` alone, no dependency is an async runtime or a TLS library: describe the response of any HTTP client as
//! [`Evidence`], repeat operations with [`Retry::run_blocking`], or get only the decisions from [`Retry::decide`].
//!
//! ```
//! use waves_errors::{Evidence, Failure, WavesError};
//!
//! let failure = Failure::classify(Evidence::response(403).with_body(r#"{"error":"forbidden"}"#));
//! assert_eq!(failure.kind(), Some(WavesError::Forbidden));
//! ```
//!
//! # Guide
//!
//! - [In a service](guide::in_a_service): clients, time limits, spawned tasks, logs, metrics and responses to your own users
//! - [Clients](guide::clients): what the errors of each client mean, and its limits
//! - [Streaming](guide::streaming): bodies that are used while they arrive
//! - [Testing](guide::testing): tests of error handling that do not wait
//! - [Many clients](guide::many_clients): the effect of a retry policy on a server
//! - [Writing a catalog](guide::writing_a_catalog): from the first case to the check in CI
//! - [Coming from thiserror](guide::coming_from_thiserror): how to move an enum
//!
//! Avoid glob imports: `use waves_errors::*` also imports the modules `reqwest`, `ureq` and others, which then hide the crates with these
//! names.
//!
//! The [examples](https://github.com/smallest-inc/waves-errors/tree/main/waves-errors/examples) are complete programs.
//!
//! # Catalogs of your own
//!
//! A catalog is a TOML file of error cases with statuses, causes, fixes and retry policies. [`error_catalog!`] generates an enum
//! from it, such as `WavesError`. [`#[derive(CatalogError)]`](derive.CatalogError.html) connects your own enum, with fields and sources,
//! to a catalog.
//!
//! This crate is for errors that a service documents. For errors that only concern your own program, `thiserror` is smaller. For
//! errors that are only printed, use `anyhow`.

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
mod shown;
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
#[cfg(any(feature = "reqwest", feature = "tower", feature = "ureq", feature = "tokio-tungstenite"))]
mod client_error;
#[cfg(any(feature = "reqwest", feature = "ureq"))]
mod decode;
#[cfg(any(feature = "reqwest", feature = "tower", feature = "ureq"))]
mod front;
#[cfg(feature = "http")]
pub mod http;
#[cfg(feature = "miette")]
pub mod miette;
#[cfg(any(feature = "reqwest", feature = "tower", feature = "ureq", feature = "tokio-tungstenite"))]
mod patience;
#[cfg(any(feature = "reqwest-blocking", feature = "ureq"))]
mod read;
#[cfg(feature = "tokio-tungstenite")]
mod refusal;
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
pub use redact::{Redacted, RedactingWriter, Redactor};
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

/// Checks of documented causes and fixes: see [`Step::check`].
pub mod checks {
    #[doc(inline)]
    pub use waves_errors_core::{Check, Is, Part, Predicate};
}

/// Checklists of support tickets: see [`Catalog::checklists`].
pub mod checklists {
    #[doc(inline)]
    pub use waves_errors_core::{Checklist, Collect, Item};
}

/// Iterators over the parts of a [`Case`].
pub mod iter {
    #[doc(inline)]
    pub use waves_errors_core::{Steps, Words};
}

/// Derives [`CatalogError`](trait@CatalogError), `Display`, `Error` and `From` for an enum whose variants are cases of a catalog.
///
/// Use it for enums with fields and sources. [`error_catalog!`] generates an enum without fields instead. The guide shows how to
/// [move an enum from thiserror](guide::coming_from_thiserror).
///
/// # Attributes of the enum
///
/// - `#[catalog("path.toml")]` names the catalog. The path is relative to the crate's manifest or else to the Rust file.
/// - `#[catalog(waves)]` selects the catalog of `WavesError`, and `#[catalog(orders::orders_catalog!)]` a catalog that another crate
///   exports.
/// - `exhaustive` requires a variant for each case.
/// - `export = orders_catalog` exports the catalog under this name, as a macro for other crates.
/// - `crate = path` is the path of this crate, if it has another name or is re-exported.
///
/// # Attributes of variants and fields
///
/// - `#[catalog(case = "id")]` on a variant names its case. Default: the case with the name of the variant.
/// - `#[catalog(transparent)]` on a variant with one field uses the case, the text and the source of the field.
/// - `#[source]` marks the source. Default: the field called `source`.
/// - `#[from]` marks the source and derives `From` for the variant.
///
/// # Text
///
/// The text of `Display` is the `display` of the case. It can contain fields as in `format!`: `{left}`, `{0}`, `{name:?}`,
/// `{price:>8.2}`.
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
#[cfg(feature = "macros")]
#[doc(inline)]
pub use waves_errors_macros::CatalogError;

/// Generates an enum from a catalog, with one variant for each case.
///
/// ```text
/// waves_errors::error_catalog! {
///     /// An error of an order.
///     pub enum OrderError = "catalog/orders.toml";
///     pub mod reference;
/// }
/// ```
///
/// The path is relative to the crate's manifest or else to the Rust file. Instead of a path, `waves` selects the catalog of
/// `WavesError`, and `orders::orders_catalog!` a catalog that another crate exports with
/// `#[catalog(export = orders_catalog)]`. A change of the catalog rebuilds the crate.
///
/// The optional module contains a documentation page for each page of the catalog. It cannot be declared in a function body.
///
/// # Generated items
///
/// The enum is `Copy`, takes at most two bytes, is `#[non_exhaustive]`, and implements:
///
/// - [`CatalogError`](trait@crate::CatalogError), [`CatalogEnum`](crate::CatalogEnum) and [`Error`](std::error::Error);
/// - `Display` with the line of the case, and `Debug`, `Eq`, `Ord` and `Hash`;
/// - `FromStr`, which accepts an id, a code, a variant's name or a status;
/// - `Into<Case>`.
///
/// It has constants for the ids of the retry policies, such as `POLICY_RATE_LIMIT` for `rate-limit`. The variants are documented
/// with the texts of their cases.
///
/// # Errors
///
/// Each problem of the catalog is a compile error that shows its line. The enum is still generated from the other cases, so that
/// code that uses it gets no further errors.
///
/// # Examples
///
/// ```
/// waves_errors::error_catalog! {
///     /// An error of an order.
///     pub enum OrderError = "examples/orders.toml";
/// }
///
/// assert_eq!(OrderError::OutOfStock.to_string(), "409 Conflict: The item is not in stock");
/// assert_eq!(OrderError::from_status(409), Some(OrderError::OutOfStock));
/// assert_eq!("out-of-stock".parse(), Ok(OrderError::OutOfStock));
/// ```
#[cfg(feature = "macros")]
#[macro_export]
macro_rules! error_catalog {
    ($($input:tt)*) => {
        $crate::__private::error_catalog! { ($crate) $($input)* }
    };
}

/// Requires the feature `macros`.
#[cfg(not(feature = "macros"))]
#[macro_export]
macro_rules! error_catalog {
    ($($input:tt)*) => {
        ::core::compile_error! { "`error_catalog!` requires the feature `macros` of `waves-errors`" }
    };
}

/// Guide pages. All of them are complete if all features are enabled.
pub mod guide {
    /// Defines a page. Without its features, the page has only a title: its examples and links need them.
    macro_rules! page {
        ($name:ident: $title:literal, $path:literal, [$($feature:literal),*]) => {
            #[cfg_attr(all($(feature = $feature),*), doc = include_str!($path))]
            #[cfg_attr(not(all($(feature = $feature),*)), doc = $title)]
            pub mod $name {}
        };
    }

    page!(in_a_service: "In a service", "../docs/in-a-service.md", ["waves", "reqwest", "tracing"]);
    page!(clients: "Clients", "../docs/clients.md", ["waves", "tokio-tungstenite"]);
    page!(redaction: "Redaction", "../docs/redaction.md", ["waves"]);
    page!(streaming: "Streaming", "../docs/streaming.md", ["waves", "reqwest", "tokio-tungstenite"]);
    page!(testing: "Testing", "../docs/testing.md", ["waves", "tokio"]);
    page!(many_clients: "Many clients", "../docs/many-clients.md", ["waves"]);
    page!(writing_a_catalog: "Writing a catalog", "../docs/writing-a-catalog.md", ["macros"]);
    page!(coming_from_thiserror: "Coming from thiserror", "../docs/coming-from-thiserror.md", ["macros", "waves"]);
}

/// Items for the output of the macros. Not covered by semantic versioning.
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
    #[cfg(feature = "macros")]
    pub use waves_errors_macros::{derive_catalog_error, error_catalog};
}

/// Runs the examples of the README as tests.
#[cfg(all(doctest, feature = "tokio", feature = "reqwest"))]
#[doc = include_str!("../README.md")]
struct Readme;
