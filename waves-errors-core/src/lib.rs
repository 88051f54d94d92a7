//! What the runtime and the catalog's checker share: the packed table of a catalog, the evidence of a failed
//! exchange, the classification of the one by the other, and the arithmetic of backoff.
//!
//! **This crate is an implementation detail of [`waves-errors`](https://docs.rs/waves-errors), which re-exports
//! what callers need. Depend on that instead.** It stands apart for one reason: `waves-errors` is made with a
//! macro that checks catalogs, and the checker must classify a catalog's examples with the very code that runs in
//! the user's program.
//!
//! Nothing here knows a field, a header or a status of any particular API: those are data of the table.

mod index;
mod pack;
mod table;

mod case;
mod check;
mod checklist;
mod format;
mod policy;
mod policy_builder;
#[cfg(feature = "serde")]
mod serde;
mod wire;

mod answer;
mod body;
mod classify;
mod evidence;
mod xml;

pub use body::Body;
pub use case::{Case, Catalog, Severity, Step, Steps, Words};
pub use check::{Check, Is, Part, Predicate};
pub use checklist::{Checklist, Collect, Item};
pub use classify::{Facts, MatchedBy, classify, field};
pub use evidence::{Close, Evidence, Transport, TransportError, Upload};
pub use format::{format_duration, parse_duration};
pub use policy::{Jitter, Policy, RetryOnly, Wait};
pub use policy_builder::{PolicyBuilder, PolicyError};
pub use wire::{Condition, Rule, Statuses, Wire};

/// The packed form, for the catalog's renderer and the macro's output. Not for people.
#[doc(hidden)]
pub mod packed {
    pub use crate::answer::is_json;
    pub use crate::classify::{is_storage, response_texts};
    pub use crate::pack::{Reader, Writer};
    pub use crate::table::{CaseParts, ChecklistParts, ItemParts, Key, Parts, Redact, StepParts, Table, write};
    pub use crate::wire::{PackedWire, Texts};
}
