//! Checks of a part of the request: a header, a query parameter, a value of the JSON body.

use serde_json::Value;
use waves_errors_core::{Is, Part};

use super::{Exchange, Found, NEWER_VERSION};

impl Exchange<'_> {
    /// Compares a part of the request with the state in which the step applies.
    pub(super) fn part(&self, part: Part, name: &str, is: Is<'_>) -> Found {
        let value = match self.value(part, name) {
            Ok(value) => value,
            Err(needs) => return Found::cannot_tell(needs),
        };
        let label = format!("{} `{name}`", part.as_str());
        match (is, value) {
            (Is::Absent, None) => Found::confirmed(format!("no {label}")),
            (Is::Present, Some(_)) => Found::confirmed(format!("there is a {label}")),
            (Is::Value(expected), Some(value)) if value == expected => {
                Found::confirmed(format!("{label} is `{expected}`"))
            }
            (Is::Outside { low, high }, Some(value)) => match value.trim().parse::<f64>() {
                Ok(number) if (low..=high).contains(&number) => Found::ruled_out(),
                Ok(number) => Found::confirmed(format!("{label} is {number}")),
                Err(_) => Found::confirmed(format!("{label} is not a number")),
            },
            _ => Found::ruled_out(),
        }
    }

    /// Returns the value of a part, or `None` if it is absent.
    ///
    /// # Errors
    ///
    /// Fails with the missing information if the exchange does not contain the value or its absence.
    fn value(&self, part: Part, name: &str) -> Result<Option<String>, &'static str> {
        match part {
            Part::Header => match self.request_header(name).first() {
                Some(value) => Ok(Some(String::from_utf8_lossy(value).trim().to_owned())),
                None if self.evidence.has_all_request_headers() => Ok(None),
                None => Err("all headers of the request"),
            },
            Part::Query if self.evidence.url().is_none() => Err("the URL of the request"),
            Part::Query => Ok(self.parameter(name)),
            Part::Json => {
                let body =
                    self.evidence.request_body().filter(|body| body.is_whole()).ok_or("the body of the request")?;
                let body: Value = serde_json::from_slice(body.bytes()).map_err(|_| "a request whose body is JSON")?;
                Ok(body.pointer(name).map(|value| match value {
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                }))
            }
            _ => Err(NEWER_VERSION),
        }
    }
}
