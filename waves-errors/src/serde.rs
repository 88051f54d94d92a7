//! Serialization of failures, findings and tickets. Texts are redacted as in `Display`.

use serde::ser::{Serialize, SerializeStruct, Serializer};
use waves_errors_core::{Case, Collect, MatchedBy};

use crate::decision::StopReason;
use crate::diagnose::Finding;
use crate::failure::Failure;
use crate::redact::Redactor;
use crate::ticket::{Ticket, TicketItem};

impl<K> Serialize for Failure<K> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let failure = &self.0;
        let redactor = Redactor::new(failure.catalog, &failure.evidence);
        let redacted = |text: Option<&str>| text.map(|text| redactor.line(text).into_text());
        let case = self.case();
        let mut to = to.serialize_struct("Failure", 10)?;
        to.serialize_field("case", &case.map(Case::id))?;
        to.serialize_field("variant", &case.map(Case::variant))?;
        to.serialize_field("matched_by", &self.matched_by().map(MatchedBy::as_str))?;
        to.serialize_field("status", &self.status())?;
        to.serialize_field("code", &redacted(self.code()))?;
        to.serialize_field("message", &redacted(self.raw_message()))?;
        to.serialize_field("request_id", &self.request_id().map(|id| redactor.id(id).into_text()))?;
        to.serialize_field("docs", &case.and_then(Case::docs_url))?;
        to.serialize_field("attempts", &self.attempts())?;
        to.serialize_field("stop_reason", &self.stop_reason().map(StopReason::as_str))?;
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
