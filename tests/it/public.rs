//! The public API: sizes, ids, formatted output, and redaction.

use std::error::Error;
use std::str::FromStr;

use expect_test::expect;
use waves_errors::{Catalog, CatalogEnum, Evidence, Failure, Redactor, TransportError, WavesError};

#[test]
fn types_are_small_send_and_sync() {
    fn shareable<T: Send + Sync + 'static>() {}
    shareable::<Failure>();
    shareable::<Redactor>();
    shareable::<Catalog>();
    shareable::<Evidence>();
    assert!(size_of::<WavesError>() <= 2 && size_of::<Option<WavesError>>() <= 2);
    assert_eq!(size_of::<Failure>(), size_of::<usize>());
    assert_eq!(size_of::<Result<(), Failure>>(), size_of::<usize>());
}

#[test]
fn case_ids_are_stable() {
    let ids: Vec<_> = WavesError::ALL.iter().map(|kind| kind.id()).collect();
    expect!["unauthorized forbidden too-many-requests internal-server-error no-such-key invalid-request content-filtered payload-too-large not-found conflict model-retired region-not-enabled insufficient-credits insufficient-quota license-expired plan-limit storage-access-denied service-unavailable request-timeout operation-timeout voice-clone-error tool-response-timeout not-connected not-processed no-answer gateway-refusal concurrency-limit server-full idle-timeout connection-lost"].assert_eq(&ids.join(" "));
    assert_eq!(<WavesError as CatalogEnum>::ALL, WavesError::ALL);
}

#[test]
fn lookup_by_id_variant_status_and_code() {
    for name in ["no-such-key", "NoSuchKey"] {
        assert_eq!(WavesError::from_str(name), Ok(WavesError::NoSuchKey));
    }
    assert_eq!("TooManyRequests".parse(), Ok(WavesError::TooManyRequests));
    assert_eq!("429".parse(), Ok(WavesError::TooManyRequests));
    assert_eq!(WavesError::from_code("NoSuchKey"), Some(WavesError::NoSuchKey));
    assert_eq!(WavesError::from_status(500), Some(WavesError::InternalServerError));
    for unknown in ["", "99999", "-1", "teapot", "nosuchkey"] {
        let error = WavesError::from_str(unknown).unwrap_err();
        assert_eq!(error.to_string(), "the catalog `waves` has no case with this id, code, variant or status");
    }
    assert_eq!([0, 99, 418, 600, u16::MAX].map(WavesError::from_status), [None; 5]);
}

// Variants and their cases are available at compile time.
const _: () = assert!(matches!(WavesError::Forbidden.status(), Some(403)));

#[test]
fn case_accessors_return_the_catalog_values() {
    let case = WavesError::TooManyRequests.to_case();
    assert_eq!(case.title(), "429 Too Many Requests");
    assert_eq!(case.aliases().collect::<Vec<_>>(), ["rate limit", "Retry-After"]);
    assert_eq!(case.policy().map(|(id, policy)| (id, policy.max_retries())), Some(("rate-limit", 5)));
    assert_eq!(
        case.docs_url().as_deref(),
        Some("https://docs.smallest.ai/waves/documentation/troubleshooting/error-reference#429-too-many-requests")
    );
    let fix = WavesError::Forbidden.to_case().fixes().last().unwrap();
    assert_eq!((fix.id(), fix.causes().collect::<Vec<_>>()), (Some("limits"), vec!["usage-limit"]));
    let check = WavesError::Unauthorized.to_case().fixes().next().unwrap().check();
    assert_eq!(check, Some(waves_errors::checks::Check::Predicate(waves_errors::checks::Predicate::BearerWellFormed)));
    assert_eq!(
        format!("{:?} {:>12} {:?}", WavesError::NoSuchKey, WavesError::Forbidden.id(), case),
        "NoSuchKey    forbidden Case(waves/too-many-requests)"
    );
}

#[test]
fn alternate_display_has_fixes_retry_and_page() {
    let failure = Failure::classify(
        Evidence::response(500).with_header("x-request-id", "req_1").with_body(r#"{"error":"Internal server error"}"#),
    );
    expect![[r#"
        500 Internal Server Error: A server-side issue ("Internal server error", request id req_1)
          fix: Retry once after a short delay.
          fix: If it persists, file a support ticket and include the x-request-id value from the response headers so the server-side trace can be located.
          retry: once, after 500 ms (minus up to 25% jitter); honors Retry-After up to 2 min
          page: https://docs.smallest.ai/waves/documentation/troubleshooting/error-reference#500-internal-server-error
    "#]]
    .assert_eq(&format!("{failure:#}\n"));
    assert_eq!((format!("{failure:?}"), format!("{failure:#?}")), (failure.to_string(), format!("{failure:#}")));
}

#[test]
fn credentials_never_appear_in_output() {
    let secret = "sk_4f3c2b1a4f3c2b1a4f3c2b1a4f3c2b1a";
    let other = std::io::Error::other(format!("cannot reach https://host/?token={secret}"));
    let failure: Failure = Failure::classify(
        Evidence::response(401)
            .with_request("GET", format!("https://host/?token={secret}"))
            .with_request_header("Authorization", format!("Bearer {secret}"))
            .with_request_header("Cookie", "session=0a1b2c3d4e5f")
            .with_header("x-request-id", secret)
            .with_body(format!(r#"{{"code":"{secret}","message":"bad key {secret} or session=0a1b2c3d4e5f"}}"#)),
    )
    .with_source(&other);
    let source = failure.source().unwrap();
    for output in
        [failure.to_string(), format!("{failure:#}"), format!("{failure:?}"), source.to_string(), format!("{source:?}")]
    {
        for window in secret.as_bytes()[3..].windows(6).chain(b"0a1b2c3d4e5f".windows(6)) {
            assert!(!output.as_bytes().windows(6).any(|six| six == window), "{output}");
        }
    }
}

#[test]
fn connection_error_is_classified_by_its_io_kind() {
    let kinds = [
        (std::io::ErrorKind::TimedOut, Some(TransportError::Timeout), Some(WavesError::NoAnswer)),
        (std::io::ErrorKind::ConnectionRefused, Some(TransportError::Connect), Some(WavesError::NotConnected)),
        (std::io::ErrorKind::UnexpectedEof, Some(TransportError::Interrupted), Some(WavesError::NoAnswer)),
        (std::io::ErrorKind::Other, Some(TransportError::Interrupted), Some(WavesError::NoAnswer)),
    ];
    for (kind, transport_error, case) in kinds {
        let failure = Failure::connection_error(&std::io::Error::from(kind));
        assert_eq!((failure.kind(), failure.evidence().transport_error()), (case, transport_error));
        assert!(failure.source().is_some());
    }
}
