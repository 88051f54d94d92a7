//! A catalog for another API: other documents, another key, other headers and other units.

use std::collections::BTreeMap;
use std::error::Error;
use std::time::{Duration, SystemTime};

use waves_errors::reqwest::SendChecked;
use waves_errors::{
    CatalogEnum, Decision, Evidence, Failure, Jitter, MatchedBy, Policy, Retry, RetryAfter, RetryOnly, StopReason,
};
use waves_errors_tests::server::{Response, Server};

waves_errors::error_catalog! {
    /// What goes wrong with a ledger.
    pub enum LedgerError = "data/ledger.toml";
}

const KEY: &str = "lk_9z8y7x6w5v4u";
const OVERDRAWN: &str = r#"{"type":"https://errors.ledger.example/overdrawn","title":"Overdrawn","detail":"5 are missing",
    "instance":"/payments/7","memo":"the account is frozen"}"#;
const OVERDRAWN_XML: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<problem xmlns="urn:ietf:rfc:7807"><type>https://errors.ledger.example/overdrawn</type><title>Overdrawn</title>
<detail>5 are missing</detail><instance>/payments/7</instance><memo>the account is frozen</memo></problem>"#;

fn classify(evidence: Evidence) -> Failure<LedgerError> {
    Failure::classify_as(evidence)
}

#[test]
fn problem_json_and_problem_xml_classify_equally() {
    for (kind, body) in [("application/problem+json", OVERDRAWN), ("application/problem+xml", OVERDRAWN_XML)] {
        let failure = classify(Evidence::response(400).with_header("content-type", kind).with_body(body));
        assert_eq!((failure.kind(), failure.matched_by()), (Some(LedgerError::Overdrawn), Some(MatchedBy::Code)));
        assert_eq!((failure.code(), failure.raw_message()), (Some("overdrawn"), Some("5 are missing")));
        assert_eq!(
            (failure.request_id(), failure.raw_field("/title").as_deref()),
            (Some("/payments/7"), Some("Overdrawn"))
        );
    }
    // The content of users never matches. The same words in a message do.
    let memo = classify(Evidence::response(400).with_body(r#"{"memo":"the account is frozen"}"#));
    let detail = classify(Evidence::response(400).with_body(r#"{"detail":"The account is FROZEN."}"#));
    assert_eq!((memo.kind(), detail.kind()), (None, Some(LedgerError::Frozen)));
}

#[test]
fn about_blank_is_not_a_code_and_other_urls_are_kept() {
    let blank = classify(Evidence::response(402).with_body(r#"{"type":"about:blank","title":"Payment Required"}"#));
    assert_eq!(
        (blank.kind(), blank.code(), blank.raw_message()),
        (Some(LedgerError::Overdrawn), None, Some("Payment Required"))
    );
    let other = classify(Evidence::response(400).with_body(r#"{"type":"https://elsewhere.example/overdrawn"}"#));
    assert_eq!((other.kind(), other.code()), (None, Some("https://elsewhere.example/overdrawn")));
}

fn problem(id: &str) -> String {
    format!(r#"{{"type":"https://errors.ledger.example/{id}"}}"#)
}

#[test]
fn split_status_matches_refined_and_parent_cases() {
    let with_problem = |id| classify(Evidence::response(429).with_body(problem(id)));
    let (rate, quota, unknown) =
        (with_problem("rate-limited"), with_problem("quota-used-up"), with_problem("something-new"));
    assert_eq!(
        [rate.kind(), quota.kind(), unknown.kind()],
        [LedgerError::RateLimited, LedgerError::QuotaUsedUp, LedgerError::TooMany].map(Some)
    );
    assert!([&rate, &quota, &unknown].iter().all(|failure| failure.is(LedgerError::TooMany)));
    let decide =
        |failure: &Failure<LedgerError>| Retry::new().jitter(Jitter::NONE).decide(failure, SystemTime::UNIX_EPOCH);
    assert!(matches!(decide(&rate), Decision::Retry { after, .. } if after == Duration::from_millis(100)));
    assert_eq!(decide(&quota), Decision::Stop(StopReason::NotRetryable));
    assert!(matches!(decide(&unknown), Decision::Retry { .. }));
}

#[test]
fn retry_after_header_in_milliseconds() {
    let requested_delay = |evidence: Evidence| classify(evidence).retry_after(SystemTime::UNIX_EPOCH);
    let header = |value: &str| requested_delay(Evidence::response(429).with_header("X-Retry-In-Ms", value));
    assert_eq!(header("1500"), Some(RetryAfter::Delay(Duration::from_millis(1500))));
    assert_eq!(header("0.2"), Some(RetryAfter::Delay(Duration::from_millis(1))), "rounded up");
    assert_eq!(header("7, 9"), Some(RetryAfter::Delay(Duration::from_millis(9))));
    assert_eq!(header("99999999999999999999999"), Some(RetryAfter::TooLong));
    for ignored in ["Sun, 22 Nov 2026 14:00:10 GMT", "-5", "1e3", "5s", ""] {
        assert_eq!(header(ignored), Some(RetryAfter::Ignored), "{ignored}");
    }
    let body = |text: &str| requested_delay(Evidence::response(429).with_body(text));
    assert_eq!(body(r#"{"retry_in":250}"#), Some(RetryAfter::Delay(Duration::from_millis(250))));
    // The standard header is read as well, in seconds.
    let both = Evidence::response(429).with_header("retry-after", "2").with_header("x-retry-in-ms", "1999");
    assert_eq!(requested_delay(both), Some(RetryAfter::Delay(Duration::from_secs(2))));
}

#[tokio::test]
async fn custom_key_header_is_redacted() {
    let server = Server::start(|seen| {
        let key = seen.header("x-ledger-key").unwrap_or_default();
        Response::new(402, format!(r#"{{"type":"about:blank","detail":"not with {key}"}}"#)).header("x-trace", "t-1")
    });
    let server = server.await.unwrap();
    let request = reqwest::Client::new().get(server.url("/pay?k=lk_in_the_query_01")).header("X-Ledger-Key", KEY);
    let failure: Failure<LedgerError> = request.send_checked_as().await.unwrap_err();
    assert_eq!((failure.kind(), failure.request_id()), (Some(LedgerError::Overdrawn), Some("t-1")));
    assert_eq!(failure.to_string(), "{overdrawn} (status 402, \"not with ‹15 characters›\", request id t-1)");
    assert!(failure.source().is_none() && !format!("{failure:?}").contains(&KEY[3..9]));
}

#[test]
fn policy_file_overrides_and_disables_policies() {
    let parse = |text: &str| toml::from_str::<BTreeMap<String, Policy>>(text);
    let busy = classify(Evidence::response(429));
    let decide = |policies: BTreeMap<String, Policy>| {
        let retry = Retry::new().policies(LedgerError::CATALOG, policies).unwrap();
        retry.jitter(Jitter::NONE).decide(&busy, SystemTime::UNIX_EPOCH)
    };
    assert_eq!(decide(parse("[rate]\ninitial = \"0s\"\n").unwrap()), Decision::Stop(StopReason::NotRetryable));
    let slower = parse("[rate]\ninitial = \"7s\"\nmax-retries = 1\nretry-after = { respect = false }\n").unwrap();
    assert!(matches!(decide(slower), Decision::Retry { after, .. } if after == Duration::from_secs(7)));
    for (text, problem) in [
        ("[rate]\ninitial = 5\n", "`initial` of a retry policy must be a duration"),
        ("[rate]\ninitial = \"1s\"\nmax = \"1ms\"\n", "`max` must not be shorter than `initial`"),
        ("[rate]\ninitial = \"1s\"\nmax_retries = 1\n", "unknown key `max_retries`"),
    ] {
        let error = parse(text).unwrap_err().to_string();
        assert!(error.contains(problem), "{error}");
    }
    let limited = parse("[rate]\ninitial = \"1s\"\nonly = \"idempotent\"\n").unwrap();
    assert_eq!(limited["rate"].only(), Some(RetryOnly::Idempotent));
    assert_eq!(parse(&toml::to_string(&limited).unwrap()).unwrap(), limited);
    // All policies of the catalog, written and read back.
    let written: BTreeMap<_, _> = LedgerError::CATALOG.policies().collect();
    let text = toml::to_string(&written).unwrap();
    assert_eq!(parse(&text).unwrap(), written.into_iter().map(|(id, policy)| (id.to_owned(), policy)).collect());
}
