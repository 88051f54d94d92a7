//! All HTTP adapters against the same real server. Each returns the same failure for a response, limits the size and the time of
//! reading, and redacts secrets.

use std::error::Error;
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use http_body_util::Full;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use tower::{Layer, ServiceExt};
use waves_errors::tower::CheckedLayer;
use waves_errors::{
    Body, Failure, RetryAfter, TransportError, WavesError, reqwest as asynchronous, reqwest_blocking, ureq as ureq3,
};
use waves_errors_tests::server::{Response, Server, raw};

const KEY: &str = "sk_4f3c2b1a4f3c2b1a4f3c2b1a4f3c2b1a";

/// Sends a request with the key to a URL. Returns the body of a success, or the failure.
type Call = fn(&str) -> Result<Bytes, Failure>;

const ADAPTERS: [(&str, Call); 4] =
    [("reqwest", by_reqwest), ("reqwest-blocking", by_reqwest_blocking), ("ureq", by_ureq), ("tower", by_tower)];

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

fn by_reqwest(url: &str) -> Result<Bytes, Failure> {
    use asynchronous::{ReadChecked, SendChecked};
    run(async {
        reqwest::Client::new().post(url).bearer_auth(KEY).body("{}").send_checked().await?.bytes_checked().await
    })
}

fn by_reqwest_blocking(url: &str) -> Result<Bytes, Failure> {
    use reqwest_blocking::{ReadChecked, SendChecked};
    reqwest::blocking::Client::new().post(url).bearer_auth(KEY).body("{}").send_checked()?.bytes_checked()
}

fn by_ureq(url: &str) -> Result<Bytes, Failure> {
    use ureq3::{ReadChecked, SendChecked};
    ureq::post(url).header("authorization", format!("Bearer {KEY}")).send_checked("{}")?.bytes_checked()
}

fn by_tower(url: &str) -> Result<Bytes, Failure> {
    use http_body_util::BodyExt;
    run(async {
        let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
        let service = CheckedLayer::<WavesError>::new().layer(client);
        let request =
            http::Request::post(url).header("authorization", format!("Bearer {KEY}")).body(Full::from("{}")).unwrap();
        let response = service.oneshot(request).await?;
        // The layer does not check the bodies of successes.
        response.into_body().collect().await.map(http_body_util::Collected::to_bytes).map_err(|error| {
            Failure::classify(waves_errors::Evidence::no_response(TransportError::Interrupted)).with_source(&error)
        })
    })
}

/// Calls a URL with each adapter, and returns the results.
async fn each(url: &str) -> Vec<(&'static str, Result<Bytes, Failure>)> {
    let calls = ADAPTERS.map(|(name, call)| {
        let url = format!("{url}?token=sk_in_the_query_0123");
        (name, std::thread::spawn(move || call(&url)))
    });
    // The server runs on other threads than this one.
    tokio::task::spawn_blocking(|| calls.into_iter().map(|(name, thread)| (name, thread.join().unwrap())).collect())
        .await
        .unwrap()
}

/// Returns the failure of each adapter for a response.
async fn fails(response: Response) -> Vec<(&'static str, Failure)> {
    let server = Server::start(move |_| response.clone()).await.unwrap();
    failures(&server.url("/waves/v1/tts")).await
}

async fn failures(url: &str) -> Vec<(&'static str, Failure)> {
    let results = each(url).await;
    assert_eq!(results.len(), ADAPTERS.len());
    results.into_iter().map(|(name, result)| (name, result.expect_err(name))).inspect(assert_no_secrets).collect()
}

/// Asserts that no output contains the key, the query or the address.
fn assert_no_secrets((name, failure): &(&'static str, Failure)) {
    let json = serde_json::to_string(failure).unwrap();
    let mut outputs = vec![failure.to_string(), format!("{failure:#}"), format!("{failure:?}"), json];
    let mut source = failure.source();
    while let Some(error) = source {
        outputs.extend([error.to_string(), format!("{error:?}")]);
        source = error.source();
    }
    for output in outputs {
        for secret in ["4f3c2b", "in_the_query", "127.0.0.1"] {
            assert!(!output.contains(secret), "{name}: {output}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn status_below_400_is_not_a_failure() {
    for status in [200, 206, 299] {
        let server = Server::start(move |_| Response::new(status, "RIFF")).await.unwrap();
        for (name, result) in each(&server.url("/")).await {
            assert_eq!(result.expect(name), "RIFF", "{name}");
        }
    }
    let server = Server::start(|_| Response::new(304, "")).await.unwrap();
    for (name, result) in each(&server.url("/")).await {
        assert!(result.is_ok(), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn failure_contains_the_request_and_request_id() {
    let response = Response::new(403, r#"{"error":"forbidden"}"#).header("x-request-id", "req_7f3a9c");
    for (name, failure) in fails(response).await {
        assert_eq!((failure.kind(), failure.request_id()), (Some(WavesError::Forbidden), Some("req_7f3a9c")), "{name}");
        let evidence = failure.evidence();
        assert_eq!((evidence.method(), evidence.received_at().is_some()), (Some("POST"), true), "{name}");
        assert!(evidence.url().unwrap().ends_with("/waves/v1/tts?token=sk_in_the_query_0123"), "{name}");
        let key = evidence.request_headers().find(|(header, _)| *header == "authorization").unwrap().1;
        assert!(key.ends_with(KEY.as_bytes()), "{name}");
        // A layer does not record the body, which may be a stream.
        let sent = evidence.request_body().map(Body::bytes);
        assert_eq!(sent, (name != "tower").then_some(&b"{}"[..]), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unreadable_body_is_classified_by_status() {
    let gzip = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xabVJ-*\xca/R\xb2RJ,(\xc8IU\xaa\x05\x00".to_vec();
    let bodies = [
        Response::new(500, ""),
        Response::new(500, &b"\0\xff\xfe\xe9 not text"[..]),
        Response::new(500, gzip).header("content-encoding", "br").header("content-type", "application/json"),
        Response::new(500, "[".repeat(100_000)),
        Response::new(500, "<h1>Internal Server Error</h1>").header("content-type", "application/json"),
        Response::new(500, r#"{"message":"no"}"#).header("content-type", "audio/wav"),
    ];
    for response in bodies {
        for (name, failure) in fails(response).await {
            assert_eq!(failure.kind(), Some(WavesError::InternalServerError), "{name}");
            assert!(failure.evidence().body().unwrap().bytes().len() <= Body::LIMIT, "{name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn huge_error_body_is_truncated_at_the_limit() {
    let started = Instant::now();
    for (name, failure) in fails(Response::new(429, vec![b'x'; 1 << 20]).times(100)).await {
        let body = failure.evidence().body().unwrap();
        assert_eq!((failure.kind(), body.bytes().len()), (Some(WavesError::TooManyRequests), Body::LIMIT), "{name}");
        assert!(!body.is_whole() && failure.to_string().len() < 2000, "{name}");
    }
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[tokio::test(flavor = "multi_thread")]
async fn error_body_that_never_ends_times_out() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let dripping = tokio::spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let mut held = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            assert!(stream.read(&mut [0; 4096]).await.unwrap() > 0);
            stream.write_all(b"HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nContent-Length: 100\r\n\r\n{").await.unwrap();
            held.push(stream);
        }
    });
    let started = Instant::now();
    for (name, failure) in failures(&url).await {
        let requested_delay = failure.retry_after(SystemTime::now()).and_then(RetryAfter::delay);
        let length = failure.evidence().body().unwrap().length();
        assert_eq!((requested_delay, length), (Some(Duration::from_secs(7)), Some(100)), "{name}");
    }
    assert!(started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());
    dripping.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn connection_closed_early_is_classified() {
    for (name, failure) in fails(Response::none()).await {
        assert_eq!((failure.kind(), failure.status()), (Some(WavesError::NoAnswer), None), "{name}");
        assert!(failure.source().is_some(), "{name}");
    }
    for (name, failure) in fails(Response::new(503, "{\"message\":").cut()).await {
        let whole = failure.evidence().body().map(Body::is_whole);
        assert_eq!((failure.kind(), whole), (Some(WavesError::ServiceUnavailable), Some(false)), "{name}");
        assert!(failure.source().is_some(), "{name}");
    }
    for (name, failure) in fails(Response::new(200, "RIFF").cut()).await {
        assert_eq!(
            (failure.kind(), failure.evidence().transport_error()),
            (Some(WavesError::NoAnswer), Some(TransportError::Interrupted)),
            "{name}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_that_are_not_utf8_are_ignored() {
    let response =
        Response::new(429, "").header("retry-after", "1").header("retry-after", "3").header("retry-after", b"\xff");
    for (name, failure) in fails(response.header("x-request-id", b"\xe9\x80")).await {
        let requested_delay = failure.retry_after(SystemTime::now()).and_then(RetryAfter::delay);
        assert_eq!((requested_delay, failure.request_id()), (Some(Duration::from_secs(3)), None), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unusual_statuses_and_protocols_are_classified() {
    for (name, failure) in fails(Response::new(999, "")).await {
        assert_eq!((failure.kind(), failure.status()), (None, Some(999)), "{name}");
        assert_eq!(failure.to_string(), "status 999, not listed in the catalog `waves`", "{name}");
    }
    // The final response follows an informational response.
    let early = raw("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 401 No\r\ncontent-length: 0\r\n\r\n").await.unwrap();
    for (name, failure) in failures(&early).await {
        assert_eq!(failure.kind(), Some(WavesError::Unauthorized), "{name}");
    }
    // The response is not HTTP.
    let other = raw("220 mail.example ESMTP\r\n").await.unwrap();
    for (name, failure) in failures(&other).await {
        assert_eq!((failure.kind(), failure.status()), (None, None), "{name}");
        assert!(failure.to_string().starts_with("the response could not be read: "), "{name}: {failure}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_connection_is_not_connected() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (name, failure) in failures(&format!("http://{free}/")).await {
        assert_eq!(
            (failure.kind(), failure.evidence().transport_error()),
            (Some(WavesError::NotConnected), Some(TransportError::Connect)),
            "{name}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_handshake_failure_is_not_connected() {
    rustls::crypto::ring::default_provider().install_default().unwrap();
    // The server does not support TLS.
    let plain = raw("HTTP/1.1 400 Not TLS\r\n\r\n").await.unwrap().replace("http:", "https:");
    for (name, result) in each(&plain).await {
        // The client of the tower service is built without TLS.
        if name != "tower" {
            let failure = result.unwrap_err();
            let found = (failure.kind(), failure.evidence().transport_error());
            assert_eq!(found, (Some(WavesError::NotConnected), Some(TransportError::Tls)), "{name}");
        }
    }
    let socket = waves_errors::tokio_tungstenite::connect(plain.replace("https:", "wss:")).await.map(drop).unwrap_err();
    assert_eq!(
        (socket.kind(), socket.evidence().transport_error()),
        (Some(WavesError::NotConnected), Some(TransportError::Tls))
    );
}

#[test]
fn client_timeout_is_no_answer() {
    // The server accepts the connection and sends nothing.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    let limit = Duration::from_millis(100);
    let by_reqwest = run(async {
        use asynchronous::SendChecked;
        reqwest::Client::new().get(&url).timeout(limit).send_checked().await.unwrap_err()
    });
    let by_blocking = {
        use reqwest_blocking::SendChecked;
        reqwest::blocking::Client::new().get(&url).timeout(limit).send_checked().unwrap_err()
    };
    let by_ureq = {
        use ureq3::CallChecked;
        ureq::get(&url).config().timeout_global(Some(limit)).build().call_checked().unwrap_err()
    };
    for failure in [by_reqwest, by_blocking, by_ureq] {
        assert_eq!(
            (failure.kind(), failure.evidence().transport_error()),
            (Some(WavesError::NoAnswer), Some(TransportError::Timeout))
        );
    }
}

#[test]
fn invalid_request_is_a_failure_without_a_case() {
    let by_reqwest = run(async {
        use asynchronous::SendChecked;
        reqwest::Client::new().get("http://host/").header("authorization", "Bearer sk_x\n").send_checked().await
    });
    let by_blocking = {
        use reqwest_blocking::SendChecked;
        reqwest::blocking::Client::new().get("http://host/").header("authorization", "Bearer sk_x\n").send_checked()
    };
    let by_ureq = {
        use ureq3::CallChecked;
        ureq::get("http://host/").header("authorization", "Bearer sk_x\n").call_checked()
    };
    let no_url = {
        use ureq3::CallChecked;
        ureq::get("not an address").call_checked()
    };
    for failure in
        [by_reqwest.map(drop), by_blocking.map(drop), by_ureq.map(drop), no_url.map(drop)].map(Result::unwrap_err)
    {
        assert_eq!((failure.kind(), failure.evidence().transport_error(), failure.status()), (None, None, None));
        assert!(failure.source().is_some());
    }
}

#[test]
fn client_default_headers_are_not_recorded_but_redacted() {
    run(async {
        use asynchronous::SendChecked;
        let server =
            Server::start(|seen| Response::new(401, seen.header("authorization").unwrap().to_owned())).await.unwrap();
        let mut headers = reqwest::header::HeaderMap::new();
        headers.insert("authorization", format!("Bearer {KEY}").parse().unwrap());
        let client = reqwest::Client::builder().default_headers(headers).build().unwrap();
        let failure = client.get(server.url("/")).send_checked().await.unwrap_err();
        assert!(failure.evidence().request_headers().all(|(name, _)| name != "authorization"));
        // The response repeats the key, which the redactor recognizes by its shape.
        assert!(failure.raw_message().is_some_and(|message| message.contains(KEY)));
        assert_no_secrets(&("reqwest", failure));
    });
}

#[test]
fn stream_closed_early_has_url_and_request_id() {
    run(async {
        use asynchronous::{ReadChecked, SendChecked};
        let server = Server::start(|_| Response::new(200, "RIFF").header("x-request-id", "req_1").cut()).await.unwrap();
        let mut response =
            reqwest::Client::new().get(server.url("/speech")).bearer_auth(KEY).send_checked().await.unwrap();
        assert_eq!(response.chunk_checked().await.unwrap().as_deref(), Some(&b"RIFF"[..]));
        let failure = response.chunk_checked().await.unwrap_err();
        assert_eq!((failure.kind(), failure.request_id()), (Some(WavesError::NoAnswer), Some("req_1")));
        assert!(failure.evidence().url().is_some_and(|url| url.ends_with("/speech")));
        assert_no_secrets(&("reqwest", failure));
    });
}
