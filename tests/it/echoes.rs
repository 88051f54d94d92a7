//! A key in a request that the server repeats: it appears in no output of any adapter. The key has no known prefix, so that only its
//! place in the request reveals that it is one.

use std::error::Error;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::LazyLock;
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use http_body_util::Full;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use tower::{Layer, ServiceExt};
use waves_errors::reqwest::{ReadChecked as _, SendChecked as _};
use waves_errors::tower::CheckedLayer;
use waves_errors::{Failure, WavesError, reqwest_blocking, ureq as ureq3};

const KEY: &str = "Zq7RtX0bVn4LpW2mKc9H";
const TIMEOUT: Duration = Duration::from_secs(10);

/// The place of the key in the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sent {
    Query(&'static str),
    Header(&'static str),
    Bearer,
    /// The password of Basic credentials.
    Basic,
    Cookie,
    UserInfo,
    /// The password in the user information.
    Password,
    /// A secret field of the body, which only reqwest's adapters record.
    Body,
}

const SENT: [Sent; 10] = [
    Sent::Query("token"),
    Sent::Query("x"),
    Sent::Header("x-api-key"),
    Sent::Header("x-trace"),
    Sent::Bearer,
    Sent::Basic,
    Sent::Cookie,
    Sent::UserInfo,
    Sent::Password,
    Sent::Body,
];

impl Sent {
    /// Returns the URL of the request, and its header.
    fn request(self, scheme: &str, address: SocketAddr) -> (String, Option<(&'static str, String)>) {
        let plain = format!("{scheme}://{address}/waves/v1/tts");
        match self {
            Self::Query(name) => (format!("{plain}?model=m&{name}={KEY}"), None),
            Self::Header(name) => (plain, Some((name, KEY.to_owned()))),
            Self::Bearer => (plain, Some(("authorization", format!("Bearer {KEY}")))),
            Self::Basic => {
                let pair = data_encoding::BASE64.encode(format!("me:{KEY}").as_bytes());
                (plain, Some(("authorization", format!("Basic {pair}"))))
            }
            Self::Cookie => (plain, Some(("cookie", format!("session={KEY}")))),
            Self::UserInfo => (format!("{scheme}://{KEY}@{address}/waves/v1/tts"), None),
            Self::Password => (format!("{scheme}://me:{KEY}@{address}/waves/v1/tts"), None),
            Self::Body => (plain, None),
        }
    }

    fn body(self) -> String {
        if self == Self::Body { format!(r#"{{"auth":{{"password":"{KEY}"}}}}"#) } else { "{}".to_owned() }
    }
}

/// Returns the responses that repeat the key, with a name for each.
fn echoes() -> Vec<(&'static str, String)> {
    let response = |head: &str, body: &str| format!("HTTP/1.1 {head}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    vec![
        ("reason phrase", response(&format!("400 {KEY}"), "")),
        ("text", response("400 Bad", &format!("no such key: {KEY}"))),
        ("JSON message", response("500 Bad", &format!(r#"{{"message":"bad key {KEY}"}}"#))),
        ("JSON code", response("500 Bad", &format!(r#"{{"code":"{KEY}"}}"#))),
        ("JSON name", response("418 Bad", &format!(r#"{{"errors":{{"{KEY}":"unknown"}},"message":"{KEY}"}}"#))),
        ("request id", response(&format!("429 Slow\r\nx-request-id: {KEY}"), "")),
        ("retry-after", response(&format!("429 Slow\r\nretry-after: {KEY}"), "")),
        ("header", response(&format!("503 Later\r\nx-key: {KEY}"), "")),
        ("set-cookie", response(&format!("401 No\r\nset-cookie: a={KEY}"), "")),
        ("www-authenticate", response(&format!("401 No\r\nwww-authenticate: Bearer realm=\"{KEY}\""), "")),
        ("HTML", response("502 Bad", &format!("<html><title>{KEY}</title></html>"))),
        (
            "XML",
            response(
                "404 No",
                &format!("<Error><Code>NoSuchKey</Code><Key>{KEY}</Key><Message>{KEY}</Message></Error>"),
            ),
        ),
        ("percent-encoding", response("400 Bad", &format!("no such key: %5a{}", &KEY[1..]))),
        ("base64", response("400 Bad", "no such key: WnE3UnRYMGJWbjRMcFcybUtjOUg=")),
        ("redirect", response(&format!("307 Go\r\nlocation: /next?key={KEY}"), "")),
        ("redirect to a bad scheme", response(&format!("307 Go\r\nlocation: {KEY}://h/"), "")),
        ("status line", format!("{KEY}\r\n\r\n")),
        ("header name", format!("HTTP/1.1 200 OK\r\n{KEY} {KEY}\r\n\r\n")),
        ("content-length", format!("HTTP/1.1 200 OK\r\ncontent-length: {KEY}\r\n\r\n")),
        ("chunk size", format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{KEY}\r\n{KEY}\r\n")),
        ("error in a success", response("200 OK", &format!(r#"{{"status":"error","message":"{KEY}"}}"#))),
        ("JSON of another type", response("200 OK", &format!(r#"{{"{KEY}":"{KEY}"}}"#))),
        ("invalid UTF-8", format!("HTTP/1.1 500 Bad\r\ncontent-length: 24\r\n\r\n{KEY}\u{fffd}\u{e9}")),
    ]
}

/// Starts a server that sends this response to every request.
fn serve(response: String) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let response = response.clone();
            std::thread::spawn(move || {
                let mut buffer = [0; 8192];
                let _ = stream.read(&mut buffer);
                let _ = stream.write_all(response.as_bytes());
                let _ = stream.shutdown(std::net::Shutdown::Write);
                while stream.read(&mut buffer).is_ok_and(|length| length > 0) {}
            });
        }
    });
    address
}

static RUNTIME: LazyLock<tokio::runtime::Runtime> =
    LazyLock::new(|| tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap());
static REQWEST: LazyLock<reqwest::Client> =
    LazyLock::new(|| reqwest::Client::builder().timeout(TIMEOUT).build().unwrap());
static BLOCKING: LazyLock<reqwest::blocking::Client> =
    LazyLock::new(|| reqwest::blocking::Client::builder().timeout(TIMEOUT).build().unwrap());

/// Sends a request, and returns its failure; `None` if the response is a success for this client.
type Call = fn(Sent, SocketAddr) -> Option<Failure>;

const ADAPTERS: [(&str, Call); 4] =
    [("reqwest", by_reqwest), ("reqwest-blocking", by_blocking), ("ureq", by_ureq), ("tower", by_tower)];

fn by_reqwest(sent: Sent, address: SocketAddr) -> Option<Failure> {
    let (url, header) = sent.request("http", address);
    let request = header
        .into_iter()
        .fold(REQWEST.post(url).body(sent.body()), |request, (name, value)| request.header(name, value));
    RUNTIME.block_on(async { request.send_checked().await?.json_checked::<Vec<u32>>().await }).err()
}

fn by_blocking(sent: Sent, address: SocketAddr) -> Option<Failure> {
    use reqwest_blocking::{ReadChecked, SendChecked};
    let (url, header) = sent.request("http", address);
    let request = header
        .into_iter()
        .fold(BLOCKING.post(url).body(sent.body()), |request, (name, value)| request.header(name, value));
    request.send_checked().and_then(ReadChecked::json_checked::<Vec<u32>>).err()
}

fn by_ureq(sent: Sent, address: SocketAddr) -> Option<Failure> {
    use ureq3::{ReadChecked, SendChecked};
    let (url, header) = sent.request("http", address);
    // Parameters that `query` adds are not part of the URL yet.
    let (url, query) = match sent {
        Sent::Query(name) => (url.split('?').next().unwrap().to_owned(), Some(name)),
        _ => (url, None),
    };
    let request = ureq::post(url).config().timeout_global(Some(TIMEOUT)).build();
    let request = header.into_iter().fold(request, |request, (name, value)| request.header(name, value));
    let request = query.into_iter().fold(request, |request, name| request.query(name, KEY));
    request.send_checked(sent.body()).and_then(ReadChecked::json_checked::<Vec<u32>>).err()
}

fn by_tower(sent: Sent, address: SocketAddr) -> Option<Failure> {
    let (url, header) = sent.request("http", address);
    let request =
        header.into_iter().fold(http::Request::post(url), |request, (name, value)| request.header(name, value));
    let request = request.body(Full::from(Bytes::from(sent.body()))).unwrap();
    RUNTIME.block_on(async {
        let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
        CheckedLayer::<WavesError>::new().layer(client).oneshot(request).await.err()
    })
}

/// Opens a socket, and reads all messages.
fn by_socket(sent: Sent, address: SocketAddr) -> Option<Failure> {
    use tokio_tungstenite::tungstenite::client::IntoClientRequest;
    let (url, header) = sent.request("ws", address);
    let mut request = url.into_client_request().unwrap();
    request
        .headers_mut()
        .extend(header.map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap())));
    RUNTIME.block_on(async move {
        let (mut socket, mut watch) = match waves_errors::tokio_tungstenite::connect(request).await {
            Ok(opened) => opened,
            Err(failure) => return Some(failure),
        };
        loop {
            match watch.check(socket.next().await) {
                Ok(Some(_)) => {}
                Ok(None) => return None,
                Err(failure) => return Some(failure),
            }
        }
    })
}

/// Returns all outputs of a failure.
fn outputs(failure: &Failure) -> Vec<String> {
    let mut all = vec![
        failure.to_string(),
        format!("{failure:#}"),
        format!("{failure:?}"),
        format!("{failure:#?}"),
        format!("{:?}", failure.evidence()),
        failure.diagnose().to_string(),
        serde_json::to_string(failure).unwrap(),
        serde_json::to_string(&failure.ticket().build()).unwrap(),
        failure.ticket().build().to_string(),
        format!("{:?}", miette::Report::new(failure.clone())),
        logged(failure),
    ];
    let mut source = failure.source();
    while let Some(error) = source {
        all.extend([error.to_string(), format!("{error:?}")]);
        source = error.source();
    }
    all
}

/// Returns the event that `log` emits.
fn logged(failure: &Failure) -> String {
    let buffer = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let writer = std::sync::Arc::clone(&buffer);
    let subscriber = tracing_subscriber::fmt().with_writer(move || Shared(std::sync::Arc::clone(&writer))).finish();
    tracing::subscriber::with_default(subscriber, || failure.log());
    let text = String::from_utf8(buffer.lock().unwrap().clone()).unwrap();
    assert!(!text.is_empty());
    text
}

struct Shared(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Returns the outputs that contain eight consecutive characters of the key.
fn leaks(failure: &Failure) -> Vec<String> {
    // The encoded key of one of the echoes.
    let encoded = data_encoding::BASE64.encode(KEY.as_bytes());
    let windows: Vec<_> = [KEY, encoded.as_str()]
        .into_iter()
        .flat_map(|key| (0..=key.len() - 8).map(move |at| &key[at..at + 8]))
        .collect();
    outputs(failure).into_iter().filter(|output| windows.iter().any(|window| output.contains(window))).collect()
}

#[test]
fn repeated_key_is_in_no_output_of_any_adapter() {
    let (mut combinations, mut failures, mut leaked) = (0, 0, Vec::new());
    for (name, response) in echoes() {
        let address = serve(response);
        for sent in SENT {
            for (adapter, call) in ADAPTERS.into_iter().chain([("tokio-tungstenite", by_socket as Call)]) {
                combinations += 1;
                let Some(failure) = call(sent, address) else { continue };
                if sent == Sent::Body && failure.evidence().request_body().is_none() {
                    assert!(!adapter.starts_with("reqwest"), "{adapter} records the body");
                    continue;
                }
                failures += 1;
                leaked
                    .extend(leaks(&failure).into_iter().map(|output| format!("{adapter}, {sent:?}, {name}: {output}")));
            }
        }
    }
    println!("{combinations} combinations, {failures} failures");
    assert!(leaked.is_empty(), "{} leaks\n{}", leaked.len(), leaked.join("\n"));
    assert!(
        combinations >= 600 && failures > combinations * 9 / 10,
        "{combinations} combinations, {failures} failures"
    );
}
