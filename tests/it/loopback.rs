//! reqwest against a real server: broken responses and connections are failures with all available details.

use std::error::Error;
use std::time::{Duration, Instant};

use waves_errors::reqwest::{ReadChecked, SendChecked};
use waves_errors::{Failure, Jitter, Retry, StopReason, TransportError, WavesError};
use waves_errors_tests::server::{Response, Server};

const KEY: &str = "sk_4f3c2b1a4f3c2b1a4f3c2b1a4f3c2b1a";

async fn fails(response: Response) -> Failure {
    let server = Server::start(move |_| response.clone()).await.unwrap();
    let client = reqwest::Client::new();
    let request = client.post(server.url("/waves/v1/tts?token=sk_in_the_query_0123")).bearer_auth(KEY).body("{}");
    let result = async { request.send_checked().await?.bytes_checked().await }.await;
    let failure = result.expect_err("a failure");
    let source = failure.source().map(ToString::to_string).unwrap_or_default();
    for output in [failure.to_string(), format!("{failure:#}"), source] {
        assert!(
            !output.contains("4f3c2b") && !output.contains("in_the_query") && !output.contains("127.0.0.1"),
            "{output}"
        );
    }
    failure
}

#[tokio::test]
async fn unreadable_body_is_classified_by_status() {
    let deep = "[".repeat(100_000);
    let dtd = "<!DOCTYPE x [<!ENTITY a \"&b;&b;\"><!ENTITY b \"bomb\">]><Error><Message>&a;</Message></Error>";
    let bodies: [&[u8]; 8] =
        [b"", b"\0\xff\xfe\x1f\x8b", deep.as_bytes(), b"{\"message\":", b"\"", b"null", b"<", dtd.as_bytes()];
    for body in bodies {
        let failure = fails(Response::new(500, body.to_vec())).await;
        // An error document of a storage service never matches by status.
        let storage = body.starts_with(b"<!DOCTYPE");
        assert_eq!(failure.kind(), (!storage).then_some(WavesError::InternalServerError));
        assert!(!format!("{failure:#}").contains("bomb"));
    }
}

#[tokio::test]
async fn huge_error_body_is_truncated_at_the_limit() {
    // 100 MB in chunks of 1 MB.
    let started = Instant::now();
    let failure = fails(Response::new(429, vec![b'x'; 1 << 20]).times(100)).await;
    assert_eq!(failure.kind(), Some(WavesError::TooManyRequests));
    let body = failure.evidence().body().unwrap();
    assert_eq!((body.bytes().len(), body.length()), (64 << 10, None));
    assert!(failure.to_string().len() < 2000, "{}", failure.to_string().len());
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn error_body_that_never_ends_times_out() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let dripping = tokio::spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let (mut stream, _) = listener.accept().await.unwrap();
        assert!(stream.read(&mut [0; 1024]).await.unwrap() > 0);
        stream.write_all(b"HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nContent-Length: 100\r\n\r\n{").await.unwrap();
        std::future::pending::<()>().await;
        drop(stream);
    });
    let failure = reqwest::Client::new().get(url).send_checked().await.unwrap_err();
    dripping.abort();
    assert_eq!(failure.kind(), Some(WavesError::TooManyRequests));
    let requested_delay = failure.retry_after(std::time::SystemTime::now()).and_then(waves_errors::RetryAfter::delay);
    assert_eq!(
        (requested_delay, failure.evidence().body().unwrap().length()),
        (Some(Duration::from_secs(7)), Some(100))
    );
}

#[tokio::test]
async fn headers_that_are_not_utf8_are_ignored() {
    let failure =
        fails(Response::new(429, "").header("retry-after", b"\xff\xfe").header("x-request-id", b"\xe9\x80")).await;
    assert_eq!((failure.kind(), failure.request_id()), (Some(WavesError::TooManyRequests), None));
}

#[tokio::test]
async fn connection_closed_early_is_classified() {
    let before_head = fails(Response::none()).await;
    assert_eq!(
        (before_head.kind(), before_head.status(), before_head.evidence().transport_error()),
        (Some(WavesError::NoAnswer), None, Some(TransportError::Interrupted))
    );
    assert!(format!("{before_head:#}").contains("connection closed"), "{before_head:#}");
    let in_error_body = fails(Response::new(503, "{\"message\":").cut()).await;
    assert_eq!(
        (in_error_body.status(), in_error_body.evidence().body().map(waves_errors::Body::is_whole)),
        (Some(503), Some(false))
    );
    assert!(in_error_body.source().is_some());
    let in_body = fails(Response::new(200, "RIFF").cut()).await;
    assert_eq!(
        (in_body.status(), in_body.evidence().transport_error()),
        (Some(200), Some(TransportError::Interrupted))
    );
}

#[tokio::test]
async fn refused_connection_and_timeout_are_transport_errors() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let failure = reqwest::Client::new().get(format!("http://{free}/")).send_checked().await.unwrap_err();
    assert_eq!(failure.evidence().transport_error(), Some(TransportError::Connect));

    // The server accepts the connection and sends nothing.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    let request = reqwest::Client::new().get(url).timeout(Duration::from_millis(100));
    assert_eq!(request.send_checked().await.unwrap_err().evidence().transport_error(), Some(TransportError::Timeout));
}

#[tokio::test]
async fn invalid_request_is_a_failure_without_a_case() {
    let failure = reqwest::Client::new()
        .get("http://host/")
        .header("authorization", "Bearer sk_x\n")
        .send_checked()
        .await
        .unwrap_err();
    assert_eq!((failure.kind(), failure.evidence().transport_error()), (None, None));
    assert!(failure.source().is_some());
}

#[tokio::test]
async fn evidence_contains_the_request() {
    let failure = fails(Response::new(403, "")).await;
    let evidence = failure.evidence();
    assert_eq!(
        (evidence.method(), evidence.request_body().map(waves_errors::Body::bytes)),
        (Some("POST"), Some(&b"{}"[..]))
    );
    assert!(evidence.request_headers().any(|(name, value)| name == "authorization" && value.ends_with(KEY.as_bytes())));
}

#[tokio::test]
async fn retry_waits_for_retry_after_and_succeeds() {
    let server = Server::start(|seen| match seen.nth {
        0 => Response::new(429, "").header("retry-after", "1"),
        1 => Response::new(500, ""),
        _ => Response::new(200, "RIFF"),
    });
    let server = server.await.unwrap();
    let client = reqwest::Client::new();
    let audio =
        waves_errors::retry(async || client.get(server.url("/")).send_checked().await?.bytes_checked().await).await;
    assert_eq!(audio.unwrap(), "RIFF");
    let seen = server.seen();
    assert_eq!(seen.len(), 3);
    let gaps = [seen[1].at - seen[0].at, seen[2].at - seen[1].at];
    assert!(gaps[0] >= Duration::from_secs(1) && gaps[1] >= Duration::from_millis(375), "{gaps:?}");
}

#[tokio::test]
async fn not_retryable_requests_are_sent_once() {
    for (response, reason) in [
        (Response::new(403, ""), StopReason::NotRetryable),
        (
            Response::new(429, "").header("retry-after", "121"),
            StopReason::TooLong { requested: Duration::from_secs(121) },
        ),
    ] {
        let server = Server::start(move |_| response.clone()).await.unwrap();
        let client = reqwest::Client::new();
        let result =
            Retry::new().jitter(Jitter::FULL).run(async || client.get(server.url("/")).send_checked().await).await;
        assert_eq!(result.unwrap_err().stop_reason(), Some(reason));
        assert_eq!(server.seen().len(), 1);
    }
}
