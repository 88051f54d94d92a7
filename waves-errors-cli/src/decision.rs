//! Retry decisions as text and as JSON.

use std::time::Duration;

use serde_json::{Value, json};
use waves_errors::{Decision, DelaySource, format_duration};

/// Returns a decision as JSON.
pub(crate) fn decision_json(decision: Decision) -> Value {
    match decision {
        Decision::Retry { after, source, .. } => {
            json!({ "decision": "retry", "delay_ms": ms(after), "source": source.as_str() })
        }
        Decision::Stop(reason) => json!({ "decision": "stop", "reason": reason.as_str() }),
    }
}

/// Returns a decision as text.
pub(crate) fn decision_text(decision: Decision) -> String {
    match decision {
        Decision::Retry { after, source, .. } => {
            let reason = if source == DelaySource::RetryAfter { "requested by the server" } else { "backoff" };
            format!("retry in {} ({reason})", format_duration(Duration::from_millis(ms(after))))
        }
        Decision::Stop(reason) => format!("no retry: {reason}"),
    }
}

/// Returns a duration in whole milliseconds.
pub(crate) fn ms(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
