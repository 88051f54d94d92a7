//! Serialization of failures, findings and tickets. Texts are redacted as in `Display`.

use serde::ser::{Serialize, SerializeStruct, Serializer};
use waves_errors_core::{Case, Collect, MatchedBy, TransportError};

use crate::chain::chain;
use crate::decision::StopReason;
use crate::diagnose::Finding;
use crate::failure::Failure;
use crate::ticket::{Ticket, TicketItem};

/// Serializes the failure with these keys; each is null or empty if it does not apply:
///
/// ```text
/// {"text", "case", "variant", "matched_by", "status", "transport_error", "close": {"code", "reason"}, "code", "message", "request_id",
///  "docs", "attempts", "stop_reason", "delivered_bytes", "sources": [...]}
/// ```
impl<K> Serialize for Failure<K> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let (shown, evidence, case) = (self.0.shown(), self.evidence(), self.case());
        let sources = std::error::Error::source(self).into_iter().flat_map(chain);
        let mut to = to.serialize_struct("Failure", 15)?;
        to.serialize_field("text", &self.to_string())?;
        to.serialize_field("case", &case.map(Case::id))?;
        to.serialize_field("variant", &case.map(Case::variant))?;
        to.serialize_field("matched_by", &self.matched_by().map(MatchedBy::as_str))?;
        to.serialize_field("status", &self.status())?;
        to.serialize_field("transport_error", &evidence.transport_error().map(TransportError::as_str))?;
        to.serialize_field("close", &evidence.close().map(|close| Closed(close.code, shown.reason.as_deref())))?;
        to.serialize_field("code", &shown.code)?;
        to.serialize_field("message", &shown.message)?;
        to.serialize_field("request_id", &shown.request_id)?;
        to.serialize_field("docs", &case.and_then(Case::docs_url))?;
        to.serialize_field("attempts", &self.attempts())?;
        to.serialize_field("stop_reason", &self.stop_reason().map(StopReason::as_str))?;
        to.serialize_field("delivered_bytes", &evidence.delivered_bytes())?;
        to.serialize_field("sources", &sources.map(ToString::to_string).collect::<Vec<_>>())?;
        to.end()
    }
}

/// The code and the redacted reason of a close.
struct Closed<'a>(u16, Option<&'a str>);

impl Serialize for Closed<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut to = to.serialize_struct("Close", 2)?;
        to.serialize_field("code", &self.0)?;
        to.serialize_field("reason", &self.1.unwrap_or_default())?;
        to.end()
    }
}

/// Serializes the ticket with these keys:
///
/// ```text
/// {"schema": 1, "case", "title", "items": [{"text", "collected": [{"what", "value"}]}], "missing"}
/// ```
impl Serialize for Ticket {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        struct Collected<'a>(Collect, Option<&'a str>);
        impl Serialize for Collected<'_> {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                let mut to = to.serialize_struct("Collected", 2)?;
                to.serialize_field("what", &self.0.keyword())?;
                to.serialize_field("value", &self.1)?;
                to.end()
            }
        }
        struct Item<'a>(&'a TicketItem);
        impl Serialize for Item<'_> {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                let mut to = to.serialize_struct("Item", 2)?;
                let collected: Vec<_> = self.0.collected().map(|(fact, value)| Collected(fact, value)).collect();
                to.serialize_field("text", self.0.text())?;
                to.serialize_field("collected", &collected)?;
                to.end()
            }
        }
        let mut to = to.serialize_struct("Ticket", 5)?;
        to.serialize_field("schema", &1)?;
        to.serialize_field("case", &self.case().map(Case::id))?;
        to.serialize_field("title", self.title())?;
        to.serialize_field("items", &self.items().map(Item).collect::<Vec<_>>())?;
        to.serialize_field("missing", &self.missing().map(Collect::keyword).collect::<Vec<_>>())?;
        to.end()
    }
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut to = to.serialize_struct("Finding", 4)?;
        to.serialize_field("step", &self.step().id())?;
        to.serialize_field("verdict", self.verdict().as_str())?;
        to.serialize_field("text", self.text())?;
        to.serialize_field("evidence", &self.evidence())?;
        to.end()
    }
}
