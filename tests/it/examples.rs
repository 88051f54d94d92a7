//! The examples of waves-errors against a server on loopback: their functions, and the programs themselves.

use std::io::ErrorKind;
use std::process::{Command, Stdio};
use std::time::Duration;

use reqwest::StatusCode;
use tokio::task::JoinSet;
use waves_errors::{Failure, StopReason, TransportError, WavesError};
use waves_errors_tests::server::{Response, Seen, Server};

use crate::cargo::{programs, run};

#[path = "../../waves-errors/examples/service.rs"]
#[allow(dead_code, unreachable_pub, reason = "the tests use only some functions of the program")]
mod service;

#[path = "../../waves-errors/examples/streaming.rs"]
#[allow(dead_code, unreachable_pub, reason = "the tests use only some functions of the program")]
mod streaming;

const KEY: &str = "sk_4f3c2b1a4f3c2b1a4f3c2b1a4f3c2b1a";
const AUDIO: &str = "event: audio\ndata: {\"audio\":\"UklGRg==\"}\n\n"; // RIFF
const DONE: &str = "data: {\"done\": true}\n\n";

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Returns a response whose audio is `RIFF`, two times.
fn speech() -> Response {
    Response::new(200, [AUDIO, AUDIO, DONE].concat()).header("content-type", "text/event-stream")
}

fn refused(status: u16) -> Response {
    let body = format!(r#"{{"message":"UPSTREAM refuses {KEY} of ws_4711","workspace_id":"ws_4711"}}"#);
    Response::new(status, body).header("x-request-id", "req_7f3a9c").header("x-workspace-id", "ws_4711")
}

/// Streams in a spawned task. Returns the result, what the player received and the requests.
async fn stream(
    response: impl Fn(usize) -> Response + Send + Sync + 'static,
) -> (Result<std::io::Result<u64>, Failure>, Vec<u8>, Vec<Seen>) {
    let server = Server::start(move |seen| response(seen.nth)).await.unwrap();
    let base = server.url("");
    let task = tokio::spawn(async move {
        let client = streaming::client(seconds(1)).unwrap();
        let mut player = Vec::new();
        let result = streaming::speak(&client, &base, KEY, "Hello.", &mut player).await;
        (result, player)
    });
    let (result, player) = task.await.unwrap();
    (result, player, server.seen())
}

#[tokio::test]
async fn streaming_plays_the_whole_speech() {
    let (result, player, seen) = stream(|_| speech()).await;
    assert_eq!((result.unwrap().unwrap(), player.as_slice(), seen.len()), (8, &b"RIFFRIFF"[..], 1));
    assert_eq!((seen[0].method.as_str(), seen[0].path.as_str()), ("POST", "/waves/v1/tts/live"));
    assert_eq!(seen[0].header("authorization"), Some(format!("Bearer {KEY}").as_str()));
}

#[tokio::test]
async fn streaming_retries_until_the_first_byte() {
    let (result, player, seen) = stream(|nth| match nth {
        0 => Response::none(),
        1 => Response::new(200, "").cut(),
        _ => speech(),
    })
    .await;
    assert_eq!((result.unwrap().unwrap(), player.as_slice(), seen.len()), (8, &b"RIFFRIFF"[..], 3));
}

#[tokio::test]
async fn streaming_does_not_repeat_played_audio() {
    // The second chunk starts inside an event. The audio of complete events has been played.
    let chunk = "\"UklGRg==\"}\n\ndata: {\"audio\": ";
    for (response, io) in [
        (Response::new(200, chunk).times(3).cut(), Some(TransportError::Interrupted)),
        (Response::new(200, chunk).times(3).stalled(), Some(TransportError::Timeout)),
        (Response::new(200, chunk).times(3), Some(TransportError::Interrupted)), // complete, without `done`
    ] {
        let (result, player, seen) = stream(move |_| response.clone()).await;
        let failure = result.unwrap_err();
        assert_eq!((player.as_slice(), seen.len()), (&b"RIFFRIFF"[..], 1), "{failure}");
        assert_eq!((failure.kind(), failure.evidence().transport_error()), (Some(WavesError::NoAnswer), io));
        let bytes = 3 * chunk.len() as u64;
        assert_eq!((failure.delivered_bytes(), failure.stop_reason()), (bytes, Some(StopReason::Delivered { bytes })));
    }
}

#[tokio::test]
async fn streaming_retries_error_events_before_the_first_audio_only() {
    const LIMITED: &str = "event: error\ndata: {\"status\":\"error\",\"error_code\":\"rate_limit_exceeded\"}\n\n";
    let (result, player, seen) = stream(|nth| if nth == 0 { Response::new(200, LIMITED) } else { speech() }).await;
    assert_eq!((result.unwrap().unwrap(), player.as_slice(), seen.len()), (8, &b"RIFFRIFF"[..], 2));

    let (result, player, seen) = stream(|_| Response::new(200, [AUDIO, "data: {}\n\n", LIMITED].concat())).await;
    let failure = result.unwrap_err();
    assert_eq!((failure.kind(), player.as_slice(), seen.len()), (Some(WavesError::TooManyRequests), &b"RIFF"[..], 1));
    assert_eq!(failure.stop_reason(), Some(StopReason::Delivered { bytes: 4 }));
}

#[tokio::test]
async fn streaming_waits_for_the_requested_delay() {
    let (result, _, seen) =
        stream(|nth| if nth == 0 { refused(429).header("retry-after", "1") } else { speech() }).await;
    assert_eq!((result.unwrap().unwrap(), seen.len()), (8, 2));
    assert!(seen[1].at - seen[0].at >= seconds(1));
}

#[tokio::test]
async fn streaming_with_a_wrong_key_is_not_retried() {
    let (result, player, seen) = stream(|_| refused(401)).await;
    let failure = result.unwrap_err();
    assert_eq!((failure.kind(), player.len(), seen.len()), (Some(WavesError::Unauthorized), 0, 1));
    assert!(!format!("{failure:#}{failure:?}").contains("4f3c2b"), "{failure:#}");
}

#[tokio::test]
async fn streaming_to_a_closed_player_is_an_io_error() {
    let server = Server::start(|_| speech()).await.unwrap();
    let client = streaming::client(seconds(5)).unwrap();
    let (player, listener) = tokio::io::duplex(64);
    drop(listener);
    let result = streaming::speak(&client, &server.url(""), KEY, "Hello.", player).await;
    assert_eq!((result.unwrap().unwrap_err().kind(), server.seen().len()), (ErrorKind::BrokenPipe, 1));
}

/// Starts the service for an upstream URL. Returns the URL that users post to.
async fn serve(app: service::App) -> String {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, service::router(app)).await });
    format!("http://{address}/say")
}

async fn say(client: &reqwest::Client, url: &str) -> reqwest::Response {
    client.post(url).body("Hello.").send().await.unwrap()
}

#[tokio::test]
async fn service_responds_with_speech_after_a_retry() {
    let server = Server::start(|seen| match seen.nth {
        0 => refused(429).header("retry-after", "1"),
        _ => Response::new(200, "RIFF").header("x-workspace-id", "ws_4711"),
    });
    let server = server.await.unwrap();
    let response = say(&reqwest::Client::new(), &serve(service::App::new(&server.url(""), KEY)).await).await;
    assert_eq!((response.status(), response.headers().get("x-workspace-id")), (StatusCode::OK, None));
    assert_eq!(response.headers()["content-type"], "audio/wav");
    assert_eq!((response.bytes().await.unwrap().as_ref(), server.seen().len()), (&b"RIFF"[..], 2));
    assert_eq!(server.seen()[0].header("authorization"), Some(format!("Bearer {KEY}").as_str()));
}

#[tokio::test]
async fn service_maps_failures_to_statuses() {
    // The name, the response of Waves, the deadline in milliseconds (350 is shorter than any backoff here), the status for users,
    // and `Retry-After`.
    let concurrency = r#"{"code":"concurrency_limit_reached","message":"UPSTREAM"}"#;
    let cases = [
        ("limited", refused(429).header("retry-after", "3600"), 25_000, 429, Some("3600")),
        ("limited-briefly", refused(429).header("retry-after", "0.5"), 350, 429, Some("1")),
        ("limited-for-years", refused(429).header("retry-after", "99999999999999999999"), 25_000, 429, Some("3600")),
        ("concurrency", Response::new(429, concurrency), 350, 429, Some("10")),
        ("outage", refused(503).header("retry-after", "3600"), 25_000, 503, Some("3600")),
        ("outage-without-an-end", refused(504), 350, 503, Some("10")),
        ("broken", refused(500), 25_000, 502, None),
        ("broken-until-the-deadline", refused(500), 350, 504, None),
        ("unlisted", refused(511), 25_000, 502, None),
        ("cut", Response::new(200, "RI").cut(), 25_000, 502, None),
        ("slow", Response::new(200, "RI").stalled(), 350, 504, None),
        ("wrong-key", refused(401), 25_000, 500, None),
        ("wrong-workspace", refused(403), 25_000, 500, None),
        ("no-credits", refused(402), 25_000, 500, None),
        ("wrong-parameter", refused(400), 25_000, 500, None),
        ("unknown", refused(418), 25_000, 500, None),
        ("long-text", refused(413), 25_000, 413, None),
        ("key-as-request-id", Response::new(401, "").header("x-request-id", KEY), 25_000, 500, None),
    ];
    let count = cases.len();
    let responses = cases.clone();
    let server = Server::start(move |seen| {
        let name = seen.path.split('/').nth(1).unwrap();
        responses.iter().find(|case| case.0 == name).unwrap().1.clone()
    });
    let server = server.await.unwrap();
    let client = reqwest::Client::new();
    let mut tasks = JoinSet::new();
    for (name, _, deadline, status, retry_after) in cases {
        let mut app = service::App::new(&server.url(&format!("/{name}")), KEY);
        app.deadline = Duration::from_millis(deadline);
        let client = client.clone();
        tasks.spawn(async move {
            let response = say(&client, &serve(app).await).await;
            assert_eq!(response.status().as_u16(), status, "{name}");
            let header = |name| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
            assert_eq!(header("retry-after").as_deref(), retry_after, "{name}");
            let with_id = !matches!(name, "concurrency" | "cut" | "slow" | "key-as-request-id");
            assert_eq!(header("x-request-id").as_deref(), with_id.then_some("req_7f3a9c"), "{name}");
            let all = format!("{:?} {}", response.headers().clone(), response.text().await.unwrap());
            for secret in ["4f3c2b", "UPSTREAM", "4711"] {
                assert!(!all.contains(secret), "{name}: {all}");
            }
        });
    }
    assert_eq!(tasks.join_all().await.len(), count);
    // Only temporary failures are retried.
    for (name, requests) in [("broken", 2), ("cut", 4), ("wrong-key", 1), ("limited", 1), ("slow", 1)] {
        let seen = server.seen().into_iter().filter(|seen| seen.path == format!("/{name}/waves/v1/tts")).count();
        assert_eq!(seen, requests, "{name}");
    }
}

#[tokio::test]
async fn service_retries_after_an_attempt_timeout() {
    let server =
        Server::start(
            |seen| if seen.nth == 0 { Response::new(200, "RI").stalled() } else { Response::new(200, "RIFF") },
        );
    let server = server.await.unwrap();
    let mut app = service::App::new(&server.url(""), KEY);
    app.attempt_timeout = Duration::from_millis(500);
    let response = say(&reqwest::Client::new(), &serve(app).await).await;
    assert_eq!((response.bytes().await.unwrap().as_ref(), server.seen().len()), (&b"RIFF"[..], 2));
}

#[tokio::test]
async fn service_is_unavailable_without_a_connection() {
    let mut app = service::App::new("http://127.0.0.1:1", KEY);
    app.deadline = Duration::from_millis(200);
    let response = say(&reqwest::Client::new(), &serve(app).await).await;
    assert_eq!(
        (response.status(), &response.headers()["retry-after"]),
        (StatusCode::SERVICE_UNAVAILABLE, &"10".parse().unwrap())
    );
}

/// Returns a command for the program of an example.
fn program(name: &str) -> Command {
    let mut command = Command::new(programs().join("examples").join(name));
    command.env_remove("WAVES_API_KEY").stdin(Stdio::null());
    command
}

#[test]
fn programs_print_their_usage() {
    for name in ["service", "streaming"] {
        let output = program(name).arg("https://api.smallest.ai").output().unwrap();
        let usage = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{usage}");
        assert!(usage.starts_with(&format!("usage: WAVES_API_KEY=<key> {name} <base URL")), "{usage}");
    }
    let output = run(&mut program("testing"));
    assert!(output.starts_with("429 Too Many Requests: ") && output.ends_with("\nSpeech(\"audio\")\n"), "{output}");
}

#[test]
fn streaming_program_plays_to_standard_output_and_ends_with_the_player() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server = runtime.block_on(Server::start(|seen| match seen.path.split('/').nth(1) {
        Some("cut") => Response::new(200, AUDIO).cut(),
        _ => speech(),
    }));
    let server = server.unwrap();
    let start = |path: &str| {
        let mut command = program("streaming");
        command.args([&server.url(path), "Hello."]).env("WAVES_API_KEY", KEY);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let output = start("/whole").wait_with_output().unwrap();
    assert_eq!((output.stdout.as_slice(), output.stderr.as_slice()), (&b"RIFFRIFF"[..], &b"played 8 bytes\n"[..]));

    let mut stopped = start("/stopped");
    drop(stopped.stdout.take());
    let output = stopped.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));

    let output = start("/cut").wait_with_output().unwrap();
    let report = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(1), &b"RIFF"[..]));
    assert!(report.starts_with("the speech is incomplete\nError: No response: "), "{report}");
}
