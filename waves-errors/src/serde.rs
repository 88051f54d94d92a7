//! A failure in other formats: what decides, redacted like its `Display`.

use serde::ser::{Serialize, SerializeStruct, Serializer};
use waves_errors_core::{Case, MatchedBy};

use crate::failure::Failure;
use crate::redact::Redactor;
use crate::retry::StopReason;

impl<K> Serialize for Failure<K> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let failure = &self.0;
        let redactor = Redactor::new(failure.catalog, &failure.evidence);
        let shown = |text: Option<&str>| text.map(|text| redactor.line(text));
        let case = self.case();
        let mut to = to.serialize_struct("Failure", 10)?;
        to.serialize_field("case", &case.map(Case::id))?;
        to.serialize_field("variant", &case.map(Case::variant))?;
        to.serialize_field("matched_by", &self.matched_by().map(MatchedBy::as_str))?;
        to.serialize_field("status", &self.status())?;
        to.serialize_field("code", &shown(self.code()))?;
        to.serialize_field("message", &shown(self.message()))?;
        to.serialize_field("request_id", &shown(self.request_id()))?;
        to.serialize_field("docs", &case.and_then(Case::docs_url))?;
        to.serialize_field("attempts", &self.attempts())?;
        to.serialize_field("stop_reason", &self.stop_reason().map(StopReason::as_str))?;
        to.end()
    }
}
