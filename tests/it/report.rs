//! Failures in miette, serde and tracing.

use std::io;
use std::sync::{Arc, Mutex};

use expect_test::expect;
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, JSONReportHandler};
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;
use waves_errors::miette::Diagnosed;
use waves_errors::{CatalogError, Close, Evidence, Failure, Policy, Retry, TransportError, WavesError};

const KEY: &str = "sk_4f3c2b1a4f3c2b1a";

fn failure() -> Failure {
    Failure::classify(
        Evidence::response(403)
            .with_request("POST", format!("https://host/?token={KEY}"))
            .with_request_header("authorization", format!("Bearer {KEY}"))
            .with_header("x-request-id", "req_1")
            .with_body(format!(r#"{{"message":"not for {KEY}"}}"#)),
    )
}

#[derive(Debug, CatalogError)]
#[catalog(waves)]
enum Derived {
    Forbidden { source: io::Error },
}

#[test]
fn miette_report_has_code_help_and_url() {
    let mut report = String::new();
    let theme = GraphicalTheme::unicode_nocolor();
    GraphicalReportHandler::new_themed(theme).with_links(false).render_report(&mut report, &failure()).unwrap();
    expect![[r#"
        waves::forbidden (https://docs.smallest.ai/waves/documentation/troubleshooting/error-reference#403-forbidden)

          × 403 Forbidden: The key is valid but lacks permission for this resource ("not for ‹19 characters›", request id req_1)
          help: Causes:
                • Using a key from a different workspace. Each workspace has its own set of keys.
                • Key scoped to a different product (for example, an Atoms key on a Waves TTS endpoint).
                • Trial or workspace usage limit reached.
                Fixes:
                • Confirm the key was generated in the intended workspace at app.smallest.ai/dashboard/api-keys.
                • If limits are the issue, upgrade the workspace or contact support.
                Retry: never
    "#]].assert_eq(&report);

    let mut report = String::new();
    JSONReportHandler::new().render_report(&mut report, &failure()).unwrap();
    let document: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!((&document["code"], &document["severity"]), (&json!("waves::forbidden"), &json!("error")));
    assert!(document["url"].as_str().unwrap().ends_with("#403-forbidden"));
    assert!(!report.contains(&KEY[3..9]));
}

#[test]
fn miette_diagnosed_wraps_any_catalog_error() {
    let error = Diagnosed(Derived::Forbidden { source: io::Error::other("inner") });
    assert_eq!(Diagnostic::code(&error).unwrap().to_string(), "waves::forbidden");
    assert_eq!(error.help().unwrap().to_string().lines().filter(|line| line.starts_with("• ")).count(), 5);
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "inner");
    let busy = Diagnosed(WavesError::ServiceUnavailable);
    assert_eq!(busy.severity(), Some(miette::Severity::Warning));
    let unknown: Failure = Failure::classify(Evidence::response(418));
    assert!(Diagnostic::code(&unknown).is_none() && unknown.help().is_none() && Diagnostic::url(&unknown).is_none());
}

#[test]
fn serde_output_has_the_decision_and_no_secrets() {
    let last = Retry::new().run_blocking::<(), _>(|| Err(failure())).unwrap_err();
    let written = serde_json::to_value(&last).unwrap();
    let wanted = json!({
        "case": "forbidden", "variant": "Forbidden", "matched_by": "status", "status": 403, "code": null,
        "message": "not for ‹19 characters›", "request_id": "req_1", "attempts": 1, "stop_reason": "not-retryable",
        "transport_error": null, "close": null, "sources": [], "delivered_bytes": null, "text": last.to_string(),
        "docs": "https://docs.smallest.ai/waves/documentation/troubleshooting/error-reference#403-forbidden",
    });
    assert_eq!(written, wanted);
    let cut = Failure::classify(Evidence::no_response(TransportError::Timeout).with_close(Close::new(1013, "full")))
        .with_source(&io::Error::other("cut"));
    let written = serde_json::to_value(&cut).unwrap();
    assert_eq!(
        (&written["transport_error"], &written["close"], &written["sources"]),
        (&json!("timeout"), &json!({ "code": 1013, "reason": "full" }), &json!(["cut"]))
    );
    let case = serde_json::to_value(WavesError::ConcurrencyLimit.to_case()).unwrap();
    assert_eq!(
        (&case["id"], &case["retry"], &case["refines"]),
        (&json!("concurrency-limit"), &json!("rate-limit"), &json!("too-many-requests"))
    );
    assert_eq!(
        (&case["severity"], &case["fixes"][0]["id"], &case["causes"]),
        (&json!("warning"), &json!("close"), &json!([]))
    );
}

#[test]
fn serde_case_equals_explain_json() {
    let catalog = waves_errors_catalog::WAVES.check().unwrap().catalog;
    for kind in WavesError::ALL {
        let case = catalog.case(kind.to_case().id()).unwrap();
        let mut explained = waves_errors_catalog::render::json::case(&catalog, case);
        // The runtime has neither the conditions nor the deprecation of a case.
        for key in ["deprecated", "match"] {
            explained.as_object_mut().unwrap().remove(key);
        }
        explained["catalog"] = json!("waves");
        assert_eq!(serde_json::to_value(kind.to_case()).unwrap(), explained);
    }
}

/// A buffer for events.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[test]
fn tracing_events_use_opentelemetry_names() {
    let log = Log::default();
    let subscriber =
        tracing_subscriber::fmt().json().without_time().with_target(false).with_writer(log.clone()).finish();
    tracing::subscriber::with_default(subscriber, || {
        failure().log();
        Failure::of(WavesError::ServiceUnavailable).log();
        Failure::<WavesError>::classify(Evidence::response(418)).log();
        waves_errors::tracing::log(&WavesError::IdleTimeout);
        let broken = || Err(Failure::of(WavesError::InternalServerError));
        Retry::new().run_blocking::<(), _>(broken).unwrap_err().log();
        let quick = Policy::builder().max_retries(1).build().unwrap();
        let cut = || {
            Err(Failure::classify(
                Evidence::no_response(TransportError::Timeout).with_request("GET", "https://api.smallest.ai/waves/v1"),
            ))
        };
        let retry = Retry::new()
            .max_retries(1)
            .policy_for(WavesError::NoAnswer, quick)
            .observe(waves_errors::tracing::observer());
        assert!(retry.run_blocking::<(), _>(cut).is_err());
    });
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    expect![[r#"
        {"level":"ERROR","fields":{"message":"403 Forbidden: The key is valid but lacks permission for this resource (\"not for ‹19 characters›\", request id req_1)","error.type":"forbidden","http.request.method":"POST","http.response.status_code":403,"server.address":"host","request_id":"req_1"}}
        {"level":"WARN","fields":{"message":"Service unavailable: The service, or a part of it, is temporarily unavailable","error.type":"service-unavailable"}}
        {"level":"ERROR","fields":{"message":"status 418, not listed in the catalog `waves`","error.type":"_OTHER","http.response.status_code":418}}
        {"level":"INFO","fields":{"message":"Closed while idle: The service closed a socket that was idle for too long","error.type":"idle-timeout"}}
        {"level":"ERROR","fields":{"message":"500 Internal Server Error: A server-side issue","error.type":"internal-server-error","http.request.resend_count":1,"stop_reason":"exhausted"}}
        {"level":"WARN","fields":{"message":"No response: The request was sent, but no complete response arrived (timed out)","error.type":"no-answer","http.request.method":"GET","server.address":"api.smallest.ai","transport_error":"timeout"}}
        {"level":"ERROR","fields":{"message":"No response: The request was sent, but no complete response arrived (timed out)","error.type":"no-answer","http.request.method":"GET","http.request.resend_count":1,"server.address":"api.smallest.ai","transport_error":"timeout","stop_reason":"exhausted"}}
    "#]].assert_eq(&text);
}

#[test]
fn report_shows_a_requested_delay_that_cannot_be_read() {
    let report =
        |value: &str| format!("{:#}", Failure::classify(Evidence::response(429).with_header("Retry-After", value)));
    assert!(report("60s").contains("\n  note: the delay in `retry-after` cannot be read: 60s\n"), "{}", report("60s"));
    assert!(!report("60").contains("cannot be read"));
    let in_body = Evidence::response(429).with_body(r#"{"retry_after":"soon"}"#);
    let report = format!("{:#}", Failure::classify(in_body));
    assert!(report.contains("\n  note: the delay in `/retry_after` cannot be read: soon\n"), "{report}");
}
