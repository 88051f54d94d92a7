//! Real servers: nginx with its rate limit, and an S3-compatible storage service.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use waves_errors::reqwest::{ReadChecked, SendChecked};
use waves_errors::{Failure, MatchedBy, Retry, RetryAfter, StopReason, WavesError};

use crate::cargo::root;

/// The server of a test. It stops when it is dropped.
struct Running {
    server: Child,
    url: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        // Errors mean that the server has already ended.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Starts a server and waits until it listens.
fn start(command: &mut Command, port: u16) -> Running {
    let server = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut running = Running { server, url: format!("http://127.0.0.1:{port}") };
    let deadline = Instant::now() + Duration::from_secs(30);
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(
            running.server.try_wait().unwrap().is_none() && Instant::now() < deadline,
            "{command:?} does not listen"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    running
}

fn folder(name: &str) -> PathBuf {
    let folder = root().join("target/scratch").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn nginx(folder: &Path) -> Running {
    let port = free_port();
    let config = include_str!("../data/nginx.conf").replace("PORT", &port.to_string());
    fs::write(folder.join("nginx.conf"), config).unwrap();
    fs::create_dir_all(folder.join("html/plain")).unwrap();
    fs::create_dir_all(folder.join("html/polite")).unwrap();
    fs::write(folder.join("html/plain/a"), "RIFF").unwrap();
    fs::write(folder.join("html/polite/a"), "RIFF").unwrap();
    start(Command::new("nginx").arg("-p").arg(folder).args(["-c", "nginx.conf", "-e", "stderr"]), port)
}

async fn get(client: &reqwest::Client, url: &str) -> Result<bytes::Bytes, Failure> {
    client.get(url).send_checked().await?.bytes_checked().await
}

#[tokio::test]
#[ignore = "needs nginx"]
async fn nginx_429_page_is_too_many_requests() {
    let server = nginx(&folder("nginx-plain"));
    let client = reqwest::Client::new();
    let url = format!("{}/plain/a", server.url);
    assert_eq!(get(&client, &url).await.unwrap(), "RIFF");
    let failure = get(&client, &url).await.unwrap_err();
    assert_eq!((failure.kind(), failure.matched_by()), (Some(WavesError::TooManyRequests), Some(MatchedBy::Status)));
    assert_eq!((failure.retry_after(std::time::SystemTime::now()), failure.raw_message()), (None, None));
    assert!(failure.evidence().header("server").is_some_and(|server| server.starts_with("nginx/")));
    // The limit is one request per second, so the backoff of the catalog is long enough.
    assert_eq!(waves_errors::retry(async || get(&client, &url).await).await.unwrap(), "RIFF");
}

#[tokio::test]
#[ignore = "needs nginx"]
async fn nginx_retry_after_is_respected() {
    let server = nginx(&folder("nginx-polite"));
    let client = reqwest::Client::new();
    let url = format!("{}/polite/a", server.url);
    assert_eq!(get(&client, &url).await.unwrap(), "RIFF");
    let failure = get(&client, &url).await.unwrap_err();
    assert_eq!(failure.kind(), Some(WavesError::TooManyRequests));
    let requested_delay = failure.retry_after(std::time::SystemTime::now());
    assert_eq!(
        (requested_delay, failure.raw_message()),
        (Some(RetryAfter::Delay(Duration::from_secs(1))), Some("rate limit"))
    );
    let started = Instant::now();
    let mut attempts = 0;
    let audio = Retry::new().run_mut(async || {
        attempts += 1;
        get(&client, &url).await
    });
    assert_eq!(audio.await.unwrap(), "RIFF");
    assert!(attempts == 1 || started.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
#[ignore = "needs nginx"]
async fn nginx_502_is_service_unavailable() {
    let server = nginx(&folder("nginx-gateway"));
    let failure = get(&reqwest::Client::new(), &format!("{}/gone", server.url)).await.unwrap_err();
    assert_eq!((failure.kind(), failure.status()), (Some(WavesError::ServiceUnavailable), Some(502)));
}

/// Starts the storage service of `tests/data/requirements.txt`, from where `.ci/run` installs it or from the `PATH`.
fn storage() -> Running {
    let port = free_port();
    let installed = root().join("target/python/bin/moto_server");
    let program = if installed.exists() { installed } else { PathBuf::from("moto_server") };
    start(
        Command::new(program).env("AWS_DEFAULT_REGION", "us-east-1").args(["-H", "127.0.0.1", "-p", &port.to_string()]),
        port,
    )
}

/// Returns a client whose requests look signed. The service does not check the signature.
fn signing_client() -> reqwest::Client {
    let signature =
        "AWS4-HMAC-SHA256 Credential=test/20261122/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0";
    let headers = [(reqwest::header::AUTHORIZATION, signature.parse().unwrap())].into_iter().collect();
    reqwest::Client::builder().default_headers(headers).build().unwrap()
}

#[tokio::test]
#[ignore = "needs moto"]
async fn storage_missing_object_is_no_such_key() {
    let server = storage();
    let client = signing_client();
    let url = |key: &str| format!("{}/bucket/{key}", server.url);
    client.put(url("")).send_checked().await.unwrap();
    client.put(url("calls/a.wav")).body("RIFFaudio").send_checked().await.unwrap();
    assert_eq!(get(&client, &url("calls/a.wav")).await.unwrap(), "RIFFaudio");

    for missing in ["calls/a.WAV", "Calls/a.wav", "calls/a", "calls/b.wav", "calls/a.wav/"] {
        let failure = get(&client, &url(missing)).await.unwrap_err();
        let by_code = (Some(WavesError::NoSuchKey), Some(MatchedBy::Code));
        assert_eq!((failure.kind(), failure.matched_by()), by_code, "{missing}");
        assert_eq!((failure.status(), failure.request_id()), (Some(404), None), "{missing}");
        assert!(!failure.to_string().contains(missing), "{failure}");
    }
    client.delete(url("calls/a.wav")).send_checked().await.unwrap();
    assert_eq!(get(&client, &url("calls/a.wav")).await.unwrap_err().kind(), Some(WavesError::NoSuchKey));

    // The response to HEAD has no body.
    let head = client.head(url("calls/a.wav")).send_checked().await.unwrap_err();
    assert_eq!((head.kind(), head.matched_by()), (Some(WavesError::NotFound), Some(MatchedBy::Status)));
}

#[tokio::test]
#[ignore = "needs moto"]
async fn storage_invalid_range_and_missing_bucket_match_no_case() {
    let server = storage();
    let client = signing_client();
    let url = |key: &str| format!("{}/{key}", server.url);
    client.put(url("bucket")).send_checked().await.unwrap();
    client.put(url("bucket/a.wav")).body("RIFFaudio").send_checked().await.unwrap();
    let range = async |range: &str| client.get(url("bucket/a.wav")).header("range", range).send_checked().await;
    let part = range("bytes=0-3").await.unwrap();
    assert_eq!((part.status().as_u16(), part.bytes_checked().await.unwrap()), (206, "RIFF".into()));
    let beyond = range("bytes=100-200").await.unwrap_err();
    assert_eq!((beyond.kind(), beyond.status(), beyond.code()), (None, Some(416), Some("InvalidRange")));
    // Other failures of the storage service match no case, and are not retried.
    let other =
        Retry::new().run(async || client.get(url("no-such-bucket/a.wav")).send_checked().await).await.unwrap_err();
    assert_eq!((other.kind(), other.code()), (None, Some("NoSuchBucket")));
    assert_eq!(other.stop_reason(), Some(StopReason::NotRetryable));
}
