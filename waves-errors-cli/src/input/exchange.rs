//! [`Exchange`]: an exchange with its metadata in the input.

use std::time::SystemTime;

use serde_json::Value;
use waves_errors::{Catalog, Evidence, Redactor};

/// An exchange in the input of a command.
pub(crate) struct Exchange {
    /// The id in the input, of any type.
    pub(crate) id: Value,
    /// The time of the response; default: now.
    pub(crate) received_at: SystemTime,
    pub(crate) evidence: Evidence,
}

impl Exchange {
    /// Returns the id, without credentials of the exchange and keys.
    pub(crate) fn redacted_id(&self, catalog: Catalog) -> Value {
        fn redact(redactor: &Redactor, id: &Value) -> Value {
            match id {
                Value::String(text) => redactor.id(text).to_string().into(),
                Value::Array(items) => items.iter().map(|item| redact(redactor, item)).collect(),
                Value::Object(fields) => fields
                    .iter()
                    .map(|(name, value)| (redactor.id(name).to_string(), redact(redactor, value)))
                    .collect(),
                other => other.clone(),
            }
        }
        if self.id.is_null() {
            return Value::Null;
        }
        redact(&Redactor::new(catalog, &self.evidence), &self.id)
    }
}
