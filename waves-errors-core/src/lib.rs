//! The code that the runtime and the checker of catalogs share: the table of a catalog, the evidence of a failed exchange, its
//! classification, and the arithmetic of backoff.
//!
//! **This crate is an implementation detail of [`waves-errors`](https://docs.rs/waves-errors), which re-exports its public types. Depend
//! on that crate instead.** It is separate because `waves-errors` depends on a macro that checks catalogs, and the checker
//! classifies a catalog's examples with the same code as the user's program.
//!
//! This crate contains no field, header or status of any particular API: they are data in the table.

mod encoding;
mod index;
mod layout;
mod table;

mod body;
mod evidence;
mod matched_by;
mod severity;

mod case;
mod check;
mod checklist;
mod condition;
mod delay;
mod format;
mod policy;
mod policy_builder;
#[cfg(feature = "serde")]
mod serde;

mod classify;
mod content;
mod path;
mod sse;
mod storage;
mod xml;

pub use body::Body;
pub use case::{Case, Catalog, Step, Steps, Words};
pub use check::{Check, Is, Part, Predicate};
pub use checklist::{Checklist, Collect, Item};
pub use evidence::{Close, Evidence, Transport, TransportError, Upload};
pub use format::{format_duration, parse_duration};
pub use matched_by::MatchedBy;
pub use policy::{Jitter, Policy, RetryOnly, Wait};
pub use policy_builder::{PolicyBuilder, PolicyError};
pub use severity::Severity;

/// For the other packages of this repository. Not covered by semantic versioning.
#[doc(hidden)]
pub mod internal {
    pub use crate::classify::{Facts, TestedRule, classify, field, is_storage, response_texts};
    pub use crate::condition::{Comparison, Condition, Negated, Rule, Statuses};
    pub use crate::content::is_json;
    pub use crate::delay::{DelayFormat, RequestedDelay};
    pub use crate::encoding::{Decode, Decoder, List};
    pub use crate::layout::*;
    pub use crate::path::path_matches;
    pub use crate::storage::html_item;
    pub use crate::table::{Table, TableParts, encode};
}
