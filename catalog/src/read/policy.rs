//! Reads retry policies, and the values that a fix requires of a policy.

use waves_errors_core::{Policy, RetryOnly, parse_duration};

use crate::keys::Keys;
use crate::location::Located;
use crate::model::Required;
use crate::parse::Value;
use crate::problem::Problem;

/// The keys of a policy, as they are named in `requires`.
const POLICY_KEYS: [&str; 8] =
    ["initial", "multiplier", "max", "max-retries", "jitter", "retry-after.respect", "retry-after.limit", "only"];

/// Reads a policy. Returns `None` if `initial` or `only` is invalid, or if a value is out of range.
pub(super) fn policy(keys: &mut Keys<'_, '_>) -> Option<Policy> {
    let initial = keys.required("initial", Keys::duration, "\"500ms\"");
    let multiplier = keys.number("multiplier");
    let max = keys.duration("max");
    let retries = keys.integer("max-retries", 0, 1_000_000);
    let jitter = keys.number("jitter");
    let retry_after = keys.table("retry-after", |keys| (keys.boolean("respect"), keys.duration("limit")));
    let (respect, limit) = retry_after.unwrap_or_default();
    // A policy with an invalid `only` is rejected: without it, the policy would apply to all requests.
    let has_only = keys.has("only");
    let only = keys.word("only", &RetryOnly::ALL.map(|only| (only.as_str(), only)));
    let initial = initial?;
    let mut builder = Policy::builder().initial(initial.value).only(only.as_ref().map(|only| only.value));
    if let Some(multiplier) = &multiplier {
        builder = builder.multiplier(multiplier.value);
    }
    if let Some(max) = &max {
        builder = builder.max(max.value);
    }
    if let Some(retries) = retries.and_then(|retries| u32::try_from(retries.value).ok()) {
        builder = builder.max_retries(retries);
    }
    if let Some(jitter) = &jitter {
        builder = builder.jitter(jitter.value);
    }
    if let Some(respect) = respect {
        builder = builder.respect_retry_after(respect.value);
    }
    if let Some(limit) = &limit {
        builder = builder.retry_after_limit(limit.value);
    }
    for error in builder.errors() {
        let location = match error.key() {
            "multiplier" => multiplier.as_ref().map(|multiplier| multiplier.location),
            "max" => max.as_ref().map(|max| max.location),
            "jitter" => jitter.as_ref().map(|jitter| jitter.location),
            "retry-after.limit" => limit.as_ref().map(|limit| limit.location),
            _ => Some(initial.location),
        };
        keys.report(Problem::error("bad-policy", location.unwrap_or(keys.location()), error.to_string()));
    }
    builder.build().ok().filter(|_| !has_only || only.is_some())
}

/// Reads the values that a policy must have for a text to be true.
pub(super) fn requires(keys: &mut Keys<'_, '_>) -> Vec<(Located<String>, Located<Required>)> {
    let mut all = Vec::new();
    for key in POLICY_KEYS {
        if key == "only" {
            let only = keys.word(key, &RetryOnly::ALL.map(|only| (only.as_str(), only)));
            all.extend(only.map(|only| {
                (
                    Located::new(only.location, key.to_owned()),
                    Located::new(only.location, Required::Only(Some(only.value))),
                )
            }));
            continue;
        }
        let Some((location, node)) = keys.take(key) else { continue };
        let value = match &node.value {
            #[expect(clippy::cast_precision_loss, reason = "a policy's numbers are small")]
            Value::Integer(Some(number)) => Some(Required::Number(*number as f64)),
            Value::Float(number) => Some(Required::Number(*number)),
            Value::Boolean(boolean) => Some(Required::Boolean(*boolean)),
            Value::Text(text) => parse_duration(text).map(Required::Duration),
            _ => None,
        };
        match value {
            Some(value) => all.push((Located::new(location, key.to_owned()), Located::new(node.location, value))),
            None => {
                keys.report(Problem::error("wrong-type", node.location, format!("invalid value for `{key}`")));
            }
        }
    }
    all
}
