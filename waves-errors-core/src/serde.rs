//! Serialization of cases and policies. A policy has the same keys and limits as in a catalog.

use std::time::Duration;

use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, SerializeStruct, Serializer};
use serde_json::{Map, Value};

use crate::case::{Case, Step};
use crate::format::parse_duration;
use crate::policy::{Policy, RetryOnly};

/// A duration in the notation of catalogs.
struct Written(Duration);

impl Serialize for Written {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let ms = self.0.as_millis();
        match ms {
            _ if ms > 0 && ms.is_multiple_of(60_000) => to.collect_str(&format_args!("{}m", ms / 60_000)),
            _ if ms > 0 && ms.is_multiple_of(1000) => to.collect_str(&format_args!("{}s", ms / 1000)),
            _ => to.collect_str(&format_args!("{ms}ms")),
        }
    }
}

/// The key `retry-after` of a policy.
struct RetryAfter {
    respect: bool,
    limit: Duration,
}

impl Serialize for RetryAfter {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut to = to.serialize_struct("RetryAfter", 2)?;
        to.serialize_field("respect", &self.respect)?;
        to.serialize_field("limit", &Written(self.limit))?;
        to.end()
    }
}

impl Serialize for Policy {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut to = to.serialize_struct("Policy", 6 + usize::from(self.only().is_some()))?;
        to.serialize_field("initial", &Written(self.initial()))?;
        to.serialize_field("multiplier", &self.multiplier())?;
        to.serialize_field("max", &Written(self.max()))?;
        to.serialize_field("max-retries", &self.max_retries())?;
        to.serialize_field("jitter", &self.jitter())?;
        match self.only() {
            Some(only) => to.serialize_field("only", only.as_str())?,
            None => to.skip_field("only")?,
        }
        let retry_after = RetryAfter { respect: self.respects_retry_after(), limit: self.retry_after_limit() };
        to.serialize_field("retry-after", &retry_after)?;
        to.end()
    }
}

/// Deserializes a table with the keys of `[retry.ID]` in a catalog; only `initial` is required. A configuration file with
/// policies is a map from ids to such tables, for example in TOML:
///
/// ```toml
/// [rate-limit]
/// initial = "500ms"
/// multiplier = 2.0
/// max = "30s"
/// max-retries = 8
/// jitter = 1.0
/// retry-after = { respect = true, limit = "2m" }
/// ```
impl<'de> Deserialize<'de> for Policy {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let table = Map::deserialize(from)?;
        parse_policy(&table).map_err(D::Error::custom)
    }
}

/// Parses the policy in a table.
///
/// # Errors
///
/// Fails with a message if a key is unknown or a value is invalid.
fn parse_policy(table: &Map<String, Value>) -> Result<Policy, String> {
    let mut builder = Policy::builder();
    let mut initial = None;
    for (key, value) in table {
        match key.as_str() {
            "initial" => initial = Some(as_duration(key, value)?),
            "multiplier" => builder = builder.multiplier(as_number(key, value)?),
            "max" => builder = builder.max(as_duration(key, value)?),
            "max-retries" => builder = builder.max_retries(as_count(key, value)?),
            "jitter" => builder = builder.jitter(as_number(key, value)?),
            "retry-after" => {
                for (key, value) in value.as_object().ok_or_else(|| wrong(key, "a table"))? {
                    match key.as_str() {
                        "respect" => {
                            let respect = value.as_bool().ok_or_else(|| wrong(key, "true or false"))?;
                            builder = builder.respect_retry_after(respect);
                        }
                        "limit" => builder = builder.retry_after_limit(as_duration(key, value)?),
                        _ => return Err(unknown(key)),
                    }
                }
            }
            "only" => builder = builder.only(as_only(key, value)?),
            _ => return Err(unknown(key)),
        }
    }
    let initial = initial.ok_or("a retry policy has no `initial`")?;
    builder.initial(initial).build().map_err(|error| error.to_string())
}

fn unknown(key: &str) -> String {
    format!("unknown key `{}` in a retry policy", key.escape_debug())
}

fn wrong(key: &str, expected: &str) -> String {
    format!("`{key}` of a retry policy must be {expected}")
}

fn as_duration(key: &str, value: &Value) -> Result<Duration, String> {
    let wrong = || wrong(key, "a duration: \"500ms\", \"30s\" or \"2m\"");
    value.as_str().and_then(parse_duration).ok_or_else(wrong)
}

fn as_number(key: &str, value: &Value) -> Result<f64, String> {
    value.as_f64().ok_or_else(|| wrong(key, "a number"))
}

fn as_count(key: &str, value: &Value) -> Result<u32, String> {
    let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
    number.ok_or_else(|| wrong(key, "a whole number, 0 or more"))
}

fn as_only(key: &str, value: &Value) -> Result<RetryOnly, String> {
    let found = RetryOnly::ALL.into_iter().find(|only| value == only.as_str());
    let words = || RetryOnly::ALL.map(|only| format!("\"{}\"", only.as_str())).join(" or ");
    found.ok_or_else(|| wrong(key, &words()))
}

impl Serialize for Case {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut to = to.serialize_struct("Case", 15)?;
        to.serialize_field("catalog", self.catalog().id())?;
        to.serialize_field("id", self.id())?;
        to.serialize_field("variant", self.variant())?;
        to.serialize_field("status", &self.status())?;
        to.serialize_field("code", &self.code())?;
        to.serialize_field("title", self.title())?;
        to.serialize_field("display", self.display())?;
        to.serialize_field("summary", self.summary())?;
        to.serialize_field("causes", &Each(self.causes()))?;
        to.serialize_field("fixes", &Each(self.fixes()))?;
        to.serialize_field("retry", &self.policy().map(|(id, _)| id))?;
        to.serialize_field("severity", self.severity().as_str())?;
        to.serialize_field("refines", &self.refines().map(Case::id))?;
        to.serialize_field("aliases", &Each(self.aliases()))?;
        to.serialize_field("docs", &self.docs_url())?;
        to.end()
    }
}

/// Serializes the items of an iterator as a list.
struct Each<I>(I);

impl<I: Iterator<Item: Serialize> + Clone> Serialize for Each<I> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.0.clone())
    }
}

impl Serialize for Step {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut to = to.serialize_struct("Step", 4)?;
        to.serialize_field("id", &self.id())?;
        to.serialize_field("text", self.text())?;
        to.serialize_field("check", &self.check().map(|check| check.to_string()))?;
        to.serialize_field("for", &Each(self.causes()))?;
        to.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn policy(value: Value) -> Result<Policy, String> {
        Policy::deserialize(value).map_err(|error| error.to_string())
    }

    #[test]
    fn policy_round_trips() {
        let written = json!({"initial": "500ms", "multiplier": 2.0, "max": "30s", "max-retries": 5, "jitter": 0.25,
            "retry-after": {"respect": false, "limit": "2m"}});
        let parsed = policy(written.clone()).unwrap();
        assert_eq!(serde_json::to_value(parsed).unwrap(), written);
        let minimal = policy(json!({"initial": "0ms"})).unwrap();
        assert_eq!((minimal.max_retries(), policy(serde_json::to_value(minimal).unwrap())), (0, Ok(minimal)));
    }

    #[test]
    fn retry_only_round_trips_if_present() {
        let limited = policy(json!({"initial": "1s", "only": "idempotent"})).unwrap();
        assert_eq!(limited.only(), Some(RetryOnly::Idempotent));
        let written = serde_json::to_value(limited).unwrap();
        assert_eq!((&written["only"], policy(written.clone())), (&json!("idempotent"), Ok(limited)));
        let unlimited = policy(json!({"initial": "1s"})).unwrap();
        assert_eq!(unlimited.only(), None);
        assert!(!serde_json::to_value(unlimited).unwrap().as_object().unwrap().contains_key("only"));
    }

    #[test]
    fn invalid_policy_names_its_key() {
        for (value, message) in [
            (json!({}), "a retry policy has no `initial`"),
            (json!({"initial": 5}), "`initial` of a retry policy must be a duration: \"500ms\", \"30s\" or \"2m\""),
            (json!({"initial": "1s", "max": "1ms"}), "`max` must not be shorter than `initial`"),
            (
                json!({"initial": "1s", "max-retries": -1}),
                "`max-retries` of a retry policy must be a whole number, 0 or more",
            ),
            (json!({"initial": "1s", "jitter": "x"}), "`jitter` of a retry policy must be a number"),
            (json!({"initial": "1s", "retries": 1}), "unknown key `retries` in a retry policy"),
            (json!({"initial": "1s", "retry-after": {"limits": "1s"}}), "unknown key `limits` in a retry policy"),
            (json!({"initial": "1s", "retry-after": 1}), "`retry-after` of a retry policy must be a table"),
            (
                json!({"initial": "1s", "only": "always"}),
                "`only` of a retry policy must be \"idempotent\" or \"not-sent\"",
            ),
            (json!({"initial": "1s", "only": true}), "`only` of a retry policy must be \"idempotent\" or \"not-sent\""),
        ] {
            assert_eq!(policy(value), Err(message.to_owned()));
        }
    }
}
