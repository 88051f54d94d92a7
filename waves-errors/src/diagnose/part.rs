//! A look at one part of the request: a header, a parameter of the query, a value of the JSON body.

use serde_json::Value;
use waves_errors_core::{Is, Part};

use super::{Exchange, Found};

impl Exchange<'_> {
    /// Whether a part of the request is as the catalog says that it is where the step applies.
    pub(super) fn part(&self, part: Part, name: &str, is: Is<'_>) -> Found {
        let value = match self.value(part, name) {
            Ok(value) => value,
            Err(needs) => return Found::cannot_tell(needs),
        };
        let what = format!("{} `{name}`", part.name());
        match (is, value) {
            (Is::Absent, None) => Found::confirmed(format!("no {what}")),
            (Is::Present, Some(_)) => Found::confirmed(format!("there is a {what}")),
            (Is::Value(wanted), Some(value)) if value == wanted => Found::confirmed(format!("{what} is `{wanted}`")),
            _ => Found::ruled_out(),
        }
    }

    /// The value of a part; nothing where it is not there; or what has to be known first.
    fn value(&self, part: Part, name: &str) -> Result<Option<String>, &'static str> {
        match part {
            Part::Header => match self.sent(name).first() {
                Some(value) => Ok(Some(String::from_utf8_lossy(value).trim().to_owned())),
                None if self.evidence.has_all_request_headers() => Ok(None),
                None => Err("all headers of the request"),
            },
            Part::Query if self.evidence.url().is_none() => Err("the URL of the request"),
            Part::Query => Ok(self.parameter(name)),
            Part::Json => {
                let body =
                    self.evidence.request_body().filter(|body| body.is_whole()).ok_or("the body of the request")?;
                let body: Value = serde_json::from_slice(body.kept()).map_err(|_| "a request whose body is JSON")?;
                Ok(body.pointer(name).map(|value| match value {
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                }))
            }
        }
    }
}
