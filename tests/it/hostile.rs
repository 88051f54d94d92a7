//! Each adapter against each hostile server: the case, the retry decision, the time and the memory. Prints the table: run
//! `cargo test -p waves-errors-tests --test it hostile -- --nocapture`.

use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use futures_util::StreamExt;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use tower::{Layer, ServiceExt};
use waves_errors::tokio_tungstenite::Connect;
use waves_errors::tower::CheckedLayer;
use waves_errors::{
    Body, Decision, Evidence, Failure, Retry, TransportError, WavesError, reqwest as asynchronous, reqwest_blocking,
    ureq as ureq3,
};
use waves_errors_tests::hostile::{Fault, served, start};
use waves_errors_tests::server::raw;

use crate::cargo::root;

/// The timeout of a client in situations in which it expires.
const SHORT: Duration = Duration::from_secs(1);
/// The timeout of a client in all other situations, also on a busy machine.
const LONG: Duration = Duration::from_secs(25);
/// The number of calls at the same time.
const PARALLEL: usize = 8;
/// The maximum duration of a call on a busy machine. A call takes at most the timeout of the client and 5 seconds for the body.
const LIMIT: Duration = Duration::from_secs(60);

/// Sends a POST request to a URL, and reads the response. The flag selects HTTP/2 with prior knowledge.
type Call = fn(&str, bool, Duration) -> Result<Bytes, Failure>;

const HTTP: [(&str, Call); 4] =
    [("reqwest", by_reqwest), ("reqwest-blocking", by_reqwest_blocking), ("ureq", by_ureq), ("tower", by_tower)];

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(work)
}

fn by_reqwest(url: &str, http2: bool, timeout: Duration) -> Result<Bytes, Failure> {
    use asynchronous::{ReadChecked, SendChecked};
    let client = reqwest::Client::builder().timeout(timeout).retry(reqwest::retry::never());
    let client = if http2 { client.http2_prior_knowledge() } else { client };
    run(async { client.build().unwrap().post(url).body("{}").send_checked().await?.bytes_checked().await })
}

fn by_reqwest_blocking(url: &str, http2: bool, timeout: Duration) -> Result<Bytes, Failure> {
    use reqwest_blocking::{ReadChecked, SendChecked};
    let client = reqwest::blocking::Client::builder().timeout(timeout).retry(reqwest::retry::never());
    let client = if http2 { client.http2_prior_knowledge() } else { client };
    client.build().unwrap().post(url).body("{}").send_checked()?.bytes_checked()
}

fn by_ureq(url: &str, _: bool, timeout: Duration) -> Result<Bytes, Failure> {
    use ureq3::{ReadChecked, SendChecked};
    ureq::post(url).config().timeout_global(Some(timeout)).build().send_checked("{}")?.bytes_checked()
}

fn by_tower(url: &str, http2: bool, timeout: Duration) -> Result<Bytes, Failure> {
    run(async {
        let client = Client::builder(TokioExecutor::new()).http2_only(http2).build_http::<Full<Bytes>>();
        let client = tower::timeout::Timeout::new(client, timeout);
        let service = CheckedLayer::<WavesError>::new().layer(client);
        let response = service.oneshot(http::Request::post(url).body(Full::from("{}")).unwrap()).await?;
        // The layer does not check the bodies of successes.
        let lost = |io| Failure::classify(Evidence::no_response(io));
        match tokio::time::timeout(timeout, response.into_body().collect()).await {
            Ok(Ok(body)) => Ok(body.to_bytes()),
            Ok(Err(error)) => Err(lost(TransportError::Interrupted).with_source(&error)),
            Err(_) => Err(lost(TransportError::Timeout)),
        }
    })
}

/// Opens a socket, and reads all messages.
fn by_socket(url: &str, timeout: Duration) -> Result<Bytes, Failure> {
    let url = url.replacen("http", "ws", 1);
    run(async move {
        let (mut socket, mut watch) = Connect::new().with_timeout(timeout).open(&url).await?;
        while let Some(message) = watch.check(socket.next().await)? {
            drop(message);
        }
        Ok(Bytes::new())
    })
}

/// Describes the result of a call: the case, or the start of the text, and whether it is retried.
fn outcome(result: &Result<Bytes, Failure>) -> String {
    let Err(failure) = result else { return "ok".to_owned() };
    assert!(failure.is_failure(), "{failure}");
    let kept = failure.evidence().body().map_or(0, |body| body.bytes().len());
    assert!(kept <= Body::LIMIT && failure.to_string().len() < 2000, "{kept} bytes are kept");
    let is_retried = matches!(Retry::new().decide(failure, SystemTime::now()), Decision::Retry { .. });
    let case = match failure.case() {
        Some(case) => case.id().to_owned(),
        None => failure.to_string().split([':', '(']).next().unwrap().trim().to_owned(),
    };
    format!("{case}{}", if is_retried { ", retried" } else { "" })
}

/// A situation: what happens, the URL of its server, the expected outcome, and the clients for which another outcome is a documented
/// limit.
struct Row {
    what: &'static str,
    url: String,
    http2: bool,
    timeout: Duration,
    expected: &'static str,
    limits: &'static [(&'static str, &'static str)],
}

impl Row {
    /// Returns the row of the table in the guide.
    fn documented(&self) -> String {
        let limits: Vec<_> = self.limits.iter().map(|(adapter, outcome)| format!("{adapter}: {outcome}")).collect();
        format!("| {} | {} | {} |", self.what, self.expected, limits.join("; ")).replace("|  |", "| |")
    }
}

fn at(what: &'static str, url: String, expected: &'static str) -> Row {
    Row { what, url, http2: false, timeout: LONG, expected, limits: &[] }
}

/// Returns a row in which the timeout of the client expires.
fn late(what: &'static str, fault: Fault, expected: &'static str) -> Row {
    Row { timeout: SHORT, ..row(what, fault, expected) }
}

fn row(what: &'static str, fault: Fault, expected: &'static str) -> Row {
    at(what, format!("http://{}/", start(fault).unwrap()), expected)
}

fn http2(what: &'static str, fault: Fault, expected: &'static str) -> Row {
    Row { http2: true, ..row(what, fault, expected) }
}

/// Asserts that a section of the guide has exactly these rows.
fn assert_documented(section: &str, rows: &[Row]) {
    let page = std::fs::read_to_string(root().join("waves-errors/docs/clients.md")).unwrap();
    let (_, rest) = page.split_once(&format!("\n## {section}\n")).unwrap();
    let table = rest.split("\n## ").next().unwrap().lines().filter(|line| line.starts_with('|')).skip(2);
    let expected: Vec<_> = rows.iter().map(Row::documented).collect();
    assert_eq!(table.collect::<Vec<_>>(), expected, "the table of clients.md must be:\n{}", expected.join("\n"));
}

const UNREADABLE: &str = "the response could not be read";
const NOT_BUILT: &str = "the request could not be built";
const NO_SCHEME: &str = "the client does not support the scheme of the URL; for https, enable its TLS feature";
const CONNECT: &str = "not-connected, retried";
const INTERNAL: &str = "internal-server-error, retried";

/// Returns an address that refuses connections while the socket exists: it is bound, but does not listen.
fn refusing_port() -> (socket2::Socket, std::net::SocketAddr) {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    socket.bind(&std::net::SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
    let address = socket.local_addr().unwrap().as_socket().unwrap();
    (socket, address)
}

/// Returns all situations of HTTP requests that are not idempotent. `free` is an address that refuses connections.
fn situations(free: std::net::SocketAddr) -> Vec<Row> {
    let https = |fault| format!("https://{}/", start(fault).unwrap());
    let without_tls: &[_] = &[("tower", NO_SCHEME)];
    vec![
        // Nothing was sent.
        at("the port refuses connections", format!("http://{free}/"), CONNECT),
        at("the host name is unknown", "http://host.invalid/".into(), CONNECT),
        Row {
            limits: without_tls,
            ..at("TLS handshake with a server without TLS", https(Fault::OtherProtocol), CONNECT)
        },
        Row {
            limits: without_tls,
            ..at("the connection ends in the TLS handshake", https(Fault::CloseAfterRequest), CONNECT)
        },
        Row {
            limits: &[("tower", NO_SCHEME)],
            ..at("the scheme of the URL is `ftp`", "ftp://127.0.0.1/".into(), NOT_BUILT)
        },
        http2("HTTP/2: the server refuses the stream", Fault::RefusedStream, "not-processed, retried"),
        http2("HTTP/2: the server shuts down before the stream", Fault::GoAway, "not-processed, retried"),
        // The request was sent.
        row("the server closes the connection without a response", Fault::CloseAfterRequest, "no-answer"),
        row("the server resets the connection without a response", Fault::ResetAfterRequest, "no-answer"),
        row("the connection ends in the status line", Fault::CutInStatusLine, "no-answer"),
        row("the connection ends in the headers", Fault::CutInHeaders, "no-answer"),
        late("the head arrives too slowly", Fault::SlowHead, "no-answer"),
        late("the server sends nothing", Fault::Silence, "no-answer"),
        late("the server sends only `100 Continue`", Fault::InformationalFlood, "no-answer"),
        http2("HTTP/2: the server resets the stream with an internal error", Fault::ResetStream, "no-answer"),
        // A response arrived that cannot be read.
        row("the server sends headers without end", Fault::HeaderFlood, UNREADABLE),
        row("the status is not a number", Fault::BadStatusLine, UNREADABLE),
        row("the server uses another protocol", Fault::OtherProtocol, UNREADABLE),
        row("a success has two lengths", Fault::TwoLengths(200), UNREADABLE),
        row("an error response has two lengths", Fault::TwoLengths(500), UNREADABLE),
        Row {
            // The caller reads the body of a success.
            limits: &[("tower", "no-answer")],
            ..row("a chunk in a success has no size", Fault::BadChunk(200), UNREADABLE)
        },
        Row {
            limits: &[("tower", "ok")],
            ..row("redirects do not end", Fault::RedirectLoop, "the redirects could not be followed")
        },
        // The body of a success ends early.
        row("the body of a success is too short", Fault::ShortBody(200), "no-answer"),
        row("the connection is reset in the body of a success", Fault::ResetInBody(200), "no-answer"),
        late("the body of a success does not arrive", Fault::SilentBody(200), "no-answer"),
        // The client of the tower service does not decompress.
        Row {
            limits: &[("tower", "ok")],
            ..row("the body of a success is not gzip, as announced", Fault::FalseGzip(200), UNREADABLE)
        },
        // The status decides, whatever happens to the body.
        row("a chunk in an error response has no size", Fault::BadChunk(500), INTERNAL),
        row("the body of an error response is too short", Fault::ShortBody(500), INTERNAL),
        row("the connection is reset in the body of an error response", Fault::ResetInBody(500), INTERNAL),
        row("the body of an error response is not gzip, as announced", Fault::FalseGzip(500), INTERNAL),
        row("the body of an error response does not end", Fault::EndlessBody(500), INTERNAL),
        row("the body of an error response does not arrive", Fault::SilentBody(500), INTERNAL),
        row(
            "the body of an error response stalls before its code is complete",
            Fault::StalledBody(400, r#"{"error_code":"insufficient_quota"}"#),
            "invalid-request",
        ),
    ]
}

/// Prints the table of adapters by situations.
#[test]
fn each_adapter_describes_each_situation() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (_socket, free) = refusing_port();
    let rows = situations(free);
    let calls: Vec<_> = rows.iter().flat_map(|row| HTTP.map(|(adapter, call)| (row, adapter, call))).collect();
    // ureq has no HTTP/2.
    let calls: Vec<_> = calls.into_iter().filter(|(row, adapter, _)| !row.http2 || *adapter != "ureq").collect();
    let next = std::sync::atomic::AtomicUsize::new(0);
    let results: Vec<_> = calls.iter().map(|_| std::sync::OnceLock::new()).collect();
    std::thread::scope(|scope| {
        for _ in 0..PARALLEL {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    let Some((row, _, call)) = calls.get(number) else { return };
                    let started = Instant::now();
                    let result = call(&row.url, row.http2, row.timeout);
                    results[number].set((result, started.elapsed())).unwrap();
                }
            });
        }
    });
    let results: Vec<_> = results.into_iter().map(|result| result.into_inner().unwrap()).collect();
    let mut wrong = Vec::new();
    for ((row, adapter, _), (result, elapsed)) in calls.iter().zip(&results) {
        let (found, limit) = (outcome(result), row.limits.iter().find(|(other, _)| other == adapter));
        let expected = limit.map_or(row.expected, |(_, outcome)| *outcome);
        let mark = if limit.is_some() { " (limit of the client)" } else { "" };
        println!("{:<62} {adapter:<18} {found}{mark}", row.what);
        if found != expected || *elapsed > LIMIT {
            wrong.push(format!("{} with {adapter}: {found}, expected {expected}; {elapsed:?}; {result:#?}", row.what));
        }
    }
    println!("{} combinations", calls.len());
    assert_documented("HTTP", &rows);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Prints the table of the WebSocket adapter.
#[test]
fn websocket_adapter_describes_each_situation() {
    let (_socket, free) = refusing_port();
    let lost = "connection-lost, retried";
    let mut rows = vec![
        at("the port refuses connections", format!("http://{free}/"), CONNECT),
        at("the host name is unknown", "http://host.invalid/".into(), CONNECT),
        // A handshake is idempotent.
        row("the server closes the connection without a response", Fault::CloseAfterRequest, "no-answer, retried"),
        row("the server resets the connection without a response", Fault::ResetAfterRequest, "no-answer, retried"),
        row("the connection ends in the headers", Fault::CutInHeaders, "no-answer, retried"),
        late("the server sends nothing", Fault::Silence, "no-answer, retried"),
        // tungstenite treats many small packets as an attack.
        row("the head arrives too slowly", Fault::SlowHead, UNREADABLE),
        row("the server sends headers without end", Fault::HeaderFlood, UNREADABLE),
        row("the status is not a number", Fault::BadStatusLine, UNREADABLE),
        row("the server uses another protocol", Fault::OtherProtocol, UNREADABLE),
        row("the handshake is accepted with a wrong key", Fault::WrongAccept, UNREADABLE),
        row("the handshake is refused with a chunked body", Fault::ChunkedRefusal, "model-retired"),
        row("the handshake is refused, and the body arrives later", Fault::LateRefusal, "model-retired"),
        // The timeout does not include the body.
        late("the handshake is refused, and the body does not arrive", Fault::SilentRefusal, "model-retired"),
        row("the handshake is refused after an empty line", Fault::LateHead, "model-retired"),
        row("the handshake is refused with bare line ends", Fault::BareRefusal, "model-retired"),
        row("the handshake is refused with a body that does not end", Fault::EndlessRefusal, "model-retired"),
        row("a frame is invalid", Fault::BadFrame, "the server sent an invalid frame"),
        row("a frame is too large", Fault::HugeFrame, "a limit of the client was exceeded"),
        row("the close code must not be sent", Fault::BadClose, lost),
        row("the connection ends without a close", Fault::CutSocket, lost),
        row("many pings come before a close with 1013", Fault::PingFlood(1000), "server-full, retried"),
    ];
    rows.push(at(
        "TLS handshake with a server without TLS",
        format!("https://{}/", start(Fault::OtherProtocol).unwrap()),
        CONNECT,
    ));
    rows.push(at(
        "the connection ends in the TLS handshake",
        format!("https://{}/", start(Fault::CloseAfterRequest).unwrap()),
        CONNECT,
    ));
    let _ = rustls::crypto::ring::default_provider().install_default();
    assert_documented("WebSocket", &rows);
    let mut wrong = Vec::new();
    for row in rows {
        let started = Instant::now();
        let result = by_socket(&row.url, row.timeout);
        let found = outcome(&result);
        println!("{:<62} tokio-tungstenite  {found}", row.what);
        if found != row.expected || started.elapsed() > LIMIT {
            wrong.push(format!(
                "{}: {found}, expected {}; {:?}; {result:#?}",
                row.what,
                row.expected,
                started.elapsed()
            ));
        }
        let failure = result.unwrap_err();
        if ["chunked body", "body arrives later", "bare line ends"].iter().any(|part| row.what.contains(part)) {
            assert_eq!(failure.code(), Some("MODEL_DEPRECATED"), "{}", row.what);
            assert_eq!(failure.raw_field("/recommended_endpoint").as_deref(), Some("/waves/v1/tts"), "{}", row.what);
            assert_eq!(failure.request_id(), Some("req_hostile"));
        }
        // The text of the library is not the server's.
        assert!(!failure.to_string().contains("Protocol violation"), "{failure}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A connection that the server closed in the pool of the client is not a failure.
#[test]
fn stale_connection_is_replaced() {
    let url = format!("http://{}/", start(Fault::StalePool).unwrap());
    let pause = || std::thread::sleep(Duration::from_millis(100));
    run(async {
        use asynchronous::{ReadChecked, SendChecked};
        let client = reqwest::Client::builder().retry(reqwest::retry::never()).build().unwrap();
        for _ in 0..3 {
            let response = client.post(&url).body("{}").send_checked().await.unwrap();
            assert_eq!(response.bytes_checked().await.unwrap(), "RIFF");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    });
    let (blocking, agent) = (reqwest::blocking::Client::new(), ureq::agent());
    for _ in 0..3 {
        {
            use reqwest_blocking::{ReadChecked, SendChecked};
            assert_eq!(blocking.post(&url).body("{}").send_checked().unwrap().bytes_checked().unwrap(), "RIFF");
        }
        {
            use ureq3::{ReadChecked, SendChecked};
            assert_eq!(agent.post(&url).send_checked("{}").unwrap().bytes_checked().unwrap(), "RIFF");
        }
        pause();
    }
}

/// A proxy that refuses the tunnel is not the API.
#[test]
fn refusal_of_a_proxy_is_not_connected() {
    let proxy = format!("http://{}", start(Fault::Refusal(403)).unwrap());
    let url = "https://api.smallest.ai/waves/v1/tts";
    let by_reqwest = run(async {
        use asynchronous::SendChecked;
        let client = reqwest::Client::builder().proxy(reqwest::Proxy::all(&proxy).unwrap()).build().unwrap();
        client.post(url).send_checked().await.unwrap_err()
    });
    let by_ureq = {
        use ureq3::SendChecked;
        let proxy = ureq::Proxy::new(&proxy).unwrap();
        ureq::post(url).config().proxy(Some(proxy)).build().send_checked("{}").unwrap_err()
    };
    for failure in [by_reqwest, by_ureq] {
        assert_eq!((failure.kind(), failure.status()), (Some(WavesError::NotConnected), None), "{failure:#}");
    }
}

/// A service that is never ready.
#[derive(Clone)]
struct Busy;

impl tower::Service<http::Request<Full<Bytes>>> for Busy {
    type Response = http::Response<Full<Bytes>>;
    type Error = std::convert::Infallible;
    type Future = std::future::Pending<Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), Self::Error>> {
        std::task::Poll::Pending
    }

    fn call(&mut self, _: http::Request<Full<Bytes>>) -> Self::Future {
        std::future::pending()
    }
}

/// The layers of tower: a request that a layer rejects was not processed, and its timeout is a timeout.
#[test]
fn layers_of_tower_are_recognized() {
    let request = || http::Request::post("http://h/").body(Full::from(Bytes::new())).unwrap();
    let (shed, late) = run(async {
        let shed = CheckedLayer::<WavesError>::new().layer(tower::load_shed::LoadShed::new(Busy));
        let silent = start(Fault::Silence).unwrap();
        let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
        let late = tower::timeout::Timeout::new(client, Duration::from_millis(50));
        let late = CheckedLayer::<WavesError>::new().layer(late);
        let to_silent = http::Request::post(format!("http://{silent}/")).body(Full::from(Bytes::new())).unwrap();
        (shed.oneshot(request()).await.unwrap_err(), late.oneshot(to_silent).await.unwrap_err())
    });
    assert_eq!(
        (shed.kind(), outcome(&Err(shed.clone())).as_str()),
        (Some(WavesError::NotProcessed), "not-processed, retried")
    );
    assert_eq!(late.evidence().transport_error(), Some(TransportError::Timeout));
}

/// Bodies that stay silent do not change another failure: its body is read, and its code selects the case.
#[test]
fn silent_bodies_do_not_change_other_failures() {
    let silent = format!("http://{}/", start(Fault::SilentBody(500)).unwrap());
    let body = r#"{"error_code":"insufficient_quota"}"#;
    let coded = format!("HTTP/1.1 400 Bad\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let coded = runtime.block_on(raw(coded)).unwrap();
    for (name, call) in [("reqwest-blocking", by_reqwest_blocking as Call), ("ureq", by_ureq)] {
        let before = served();
        std::thread::scope(|scope| {
            for _ in 0..100 {
                let silent = &silent;
                scope.spawn(move || {
                    let failure = call(silent, false, LONG).unwrap_err();
                    assert!(failure.is(WavesError::InternalServerError), "{name}: {failure}");
                    assert!(failure.to_string().contains("the body was not read"), "{name}: {failure}");
                });
            }
            while served() < before + 100 {
                std::thread::sleep(Duration::from_millis(10));
            }
            for _ in 0..10 {
                let failure = call(&coded, false, LONG).unwrap_err();
                assert!(failure.is(WavesError::InsufficientQuota), "{name}: {failure}");
            }
        });
    }
}

/// A server that sends pings and reads nothing does not fill the memory with pongs.
#[test]
fn ping_flood_does_not_grow_memory() {
    let url = format!("ws://{}/", start(Fault::PingFlood(500_000)).unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut pings = 0;
    let used = allocation_counter::measure(|| {
        runtime.block_on(async {
            let (mut socket, mut watch) = waves_errors::tokio_tungstenite::connect(&url).await.unwrap();
            let failure = loop {
                match watch.check(socket.next().await) {
                    Ok(Some(_)) => pings += 1,
                    Ok(None) => panic!("a normal end"),
                    Err(failure) => break failure,
                }
            };
            assert!(failure.is(WavesError::ServerFull));
        });
    });
    // The pongs total 65 MB.
    assert!(pings == 500_000 && used.bytes_max < 40 << 20, "{pings} pings, {} bytes", used.bytes_max);
}
