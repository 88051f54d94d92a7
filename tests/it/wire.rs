//! The keys of `[wire]` and the conditions of `match` in a program: delays, vetoes, errors in successful responses, wildcards.

use std::time::{Duration, SystemTime};

use waves_errors::{Decision, Evidence, Failure, Jitter, Retry, StopReason, TransportError, error_catalog};

error_catalog! {
    /// The errors of an API that uses every key of `[wire]`.
    pub enum WireError = "data/wire.toml";
}

const NOW: u64 = 1_795_356_000; // Sun, 22 Nov 2026 14:00:00 GMT

fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(NOW)
}

fn classify(evidence: Evidence) -> Failure<WireError> {
    Failure::classify_as(evidence)
}

fn decide(failure: &Failure<WireError>) -> Decision {
    Retry::new().jitter(Jitter::NONE).decide(failure, now())
}

/// Returns the delay in seconds before the next attempt.
fn delay(evidence: Evidence) -> Option<u64> {
    match decide(&classify(evidence)) {
        Decision::Retry { after, .. } => Some(after.as_secs()),
        Decision::Stop(_) => None,
    }
}

#[test]
fn first_readable_delay_is_used() {
    let limited = || Evidence::response(429);
    let reset = |value: &str| limited().with_header("x-ratelimit-reset", value);
    assert_eq!(delay(limited()), Some(1), "the policy's own delay");
    assert_eq!(delay(reset("1795356030").with_header("retry-after", "20")), Some(20));
    assert_eq!(delay(reset("1795356030").with_header("retry-after", "soon")), Some(30));
    assert_eq!(delay(reset("1795355000")), Some(1), "a time in the past");
    // The clock of the server is an hour ahead.
    let ahead = reset("1795359640").with_header("date", "Sun, 22 Nov 2026 15:00:00 GMT");
    assert_eq!(delay(ahead), Some(40));
    let in_body = r#"{"retry":[{"ms":15000},{"ms":25000},{"ms":"soon"}]}"#;
    assert_eq!(delay(limited().with_body(in_body)), Some(25), "the longest of a source");
    assert_eq!(delay(reset("never").with_body(in_body)), Some(25));
    assert_eq!(delay(limited().with_header("ratelimit", "\"a\";r=0;t=50")), Some(50));
    let wait = limited().with_header("x-wait", "1m10s");
    assert_eq!(delay(wait.clone()), Some(70));
    assert_eq!(delay(wait.with_header("x-wait-for", "other")), Some(1), "the condition of the source does not hold");
    let far = decide(&classify(reset("253402300799")));
    assert!(matches!(far, Decision::Stop(StopReason::TooLong { .. })), "{far:?}");
    assert_eq!(far, Decision::Stop(StopReason::TooLong { requested: Duration::from_secs(253_402_300_799 - NOW) }));
    let Decision::Stop(reason) = far else { unreachable!() };
    assert_eq!(reason.to_string(), "the server requested a delay of 7978 years, longer than the policy allows");
}

#[test]
fn retry_veto_stops_the_retries() {
    let limited = || Evidence::response(429);
    let vetoed = Decision::Stop(StopReason::Vetoed);
    assert_eq!(decide(&classify(limited().with_header("x-should-retry", "False"))), vetoed);
    assert_eq!(delay(limited().with_header("x-should-retry", "true")), Some(1));
    assert_eq!(decide(&classify(limited().with_body(r#"{"final":true}"#))), vetoed);
    assert_eq!(StopReason::Vetoed.to_string(), "responses like this one must not be retried");
}

#[test]
fn policy_for_unsent_requests_retries_only_those() {
    let refused = classify(Evidence::no_response(TransportError::Connect).with_request("POST", "https://a.example/"));
    assert!(refused.is(WireError::Lost) && matches!(decide(&refused), Decision::Retry { .. }));
    for (method, error) in [("POST", TransportError::Timeout), ("GET", TransportError::Interrupted)] {
        let lost = classify(Evidence::no_response(error).with_request(method, "https://a.example/"));
        assert_eq!(decide(&lost), Decision::Stop(StopReason::Sent), "{method}");
    }
}

#[test]
fn error_in_a_successful_response_is_a_failure() {
    let failed = classify(Evidence::response(200).with_body(r#"{"error":{"code":"quota"}}"#));
    assert!(failed.is_failure() && failed.is(WireError::Quota));
    let named = classify(Evidence::response(200).with_body(r#"{"error":{"status":"404"}}"#));
    assert!(named.is(WireError::NotFound), "the status in the body");
    for body in [r#"{"result":{}}"#, r#"{"error":null}"#, "plain", ""] {
        assert!(!classify(Evidence::response(200).with_body(body)).is_failure(), "{body}");
    }
}

#[test]
fn code_is_found_at_any_index() {
    let codes = |codes: &[&str]| {
        let errors: Vec<_> = codes.iter().map(|code| format!(r#"{{"code":"{code}"}}"#)).collect();
        classify(Evidence::response(422).with_body(format!(r#"{{"errors":[{}]}}"#, errors.join(","))))
    };
    let failure = codes(&["new", "already_exists", "missing"]);
    assert!(failure.is(WireError::Exists));
    assert_eq!(failure.code(), Some("already_exists"));
    assert_eq!(codes(&["new"]).code(), Some("new"));
    assert!(codes(&["new"]).is(WireError::Invalid), "by the status");
    // Bodies are read up to 64 KiB.
    let many = vec!["n"; 4000];
    assert!(codes(&[&many[..], &["missing"]].concat()).is(WireError::Missing));
}

#[test]
fn method_path_and_absence_narrow_a_match() {
    let not_found = |method: &str, url: &str| classify(Evidence::response(404).with_request(method, url));
    assert!(not_found("GET", "https://a.example/repos/o/r/contents/a/b?ref=x").is(WireError::FileNotFound));
    assert!(not_found("GET", "https://a.example/repos/o").is(WireError::NotFound));
    assert!(!not_found("PUT", "https://a.example/repos/o/r/contents/a").is(WireError::FileNotFound));
    assert!(classify(Evidence::response(404)).is(WireError::NotFound), "an unknown request");

    let forbidden = |name: &str, value: &str| classify(Evidence::response(403).with_header(name, value));
    assert!(forbidden("x-ratelimit-remaining", "0").is(WireError::Limited));
    assert!(forbidden("x-ratelimit-remaining", "7").is(WireError::Forbidden));
    assert!(forbidden("x-sso", "Required; url=https://a.example").is(WireError::Sso));
    assert!(forbidden("server", "an EDGE proxy").is(WireError::Proxy));
    // A header of 8 KiB.
    let long = format!("{}edge{}", "x".repeat(4096), "y".repeat(4096));
    assert!(forbidden("server", &long).is(WireError::Proxy));
    let both = Evidence::response(403).with_header("server", "edge").with_header("x-request-id", "r");
    assert!(classify(both).is(WireError::Forbidden), "`not` excludes responses of the API itself");
}
