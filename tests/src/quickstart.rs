//! The main job in one program: a server on loopback answers as the Waves API does, and a real client calls it
//! through waves-errors. Each call that fails says what happened, why, and what to do; each that can be retried is.

use std::time::Duration;

use waves_errors::reqwest::{ReadChecked, SendChecked};
use waves_errors::{Failure, NextTry, Retry, amount};
use waves_errors_tests::server::{Answer, Seen, Server};

const KEY: &str = "sk_0123456789abcdef0123456789abcdef";
const NO_SUCH_KEY: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>NoSuchKey</Code>\
    <Message>The specified key does not exist.</Message><Key>calls/a.WAV</Key></Error>";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = Server::start(answer).await?;
    let client = reqwest::Client::new();
    let post = |path: &str| client.post(server.url(path)).body(r#"{"text":"Hello."}"#);

    call("A call without a key", async || post("/waves/v1/pulse/get_text").send_checked().await?.bytes_checked().await)
        .await;
    call("A call with a wrong key", async || {
        post("/waves/v1/tts").bearer_auth("sk_wrong_0123456789").send_checked().await?.bytes_checked().await
    })
    .await;
    for (title, path) in [
        ("A key of another workspace", "/waves/v1/voice-cloning"),
        ("Too many requests, then room", "/waves/v1/tts?busy"),
        ("A server error, then none", "/waves/v1/tts?hiccup"),
        ("A server error that stays", "/waves/v1/tts?broken"),
        ("A server that asks for an hour", "/waves/v1/tts?hour"),
        ("An upload that is not there", "/bucket/calls/a.WAV"),
        ("A connection that is cut", "/waves/v1/tts?cut"),
    ] {
        call(title, async || post(path).bearer_auth(KEY).send_checked().await?.bytes_checked().await).await;
    }
    Ok(())
}

/// Calls, waits and calls again as the catalog says, and prints how it went.
async fn call(title: &str, operation: impl AsyncFnMut() -> Result<Vec<u8>, Failure>) {
    println!("\n== {title}");
    let loud =
        |next: &NextTry<'_>| println!("{}\n  try {} in {}", next.failure, next.attempt, amount(rounded(next.delay)));
    match Retry::new().notify(loud).run(operation).await {
        Ok(body) => println!("done: {} bytes", body.len()),
        Err(failure) => println!("{failure:#}"),
    }
}

fn rounded(delay: Duration) -> Duration {
    Duration::from_millis(u64::try_from(delay.as_millis()).unwrap_or(u64::MAX))
}

/// What the Waves API answers, and the storage that it reads uploads from.
fn answer(seen: &Seen) -> Answer {
    let json = |status, body: &'static str| {
        Answer::new(status, body).header("content-type", "application/json").header("x-request-id", "req_7f3a9c")
    };
    let audio = Answer::new(200, &b"RIFF"[..]);
    match seen.header("authorization") {
        None => return json(401, r#"{"message":"Unauthorized: No tokens provided"}"#),
        Some(key) if key != format!("Bearer {KEY}") => {
            return json(401, r#"{"error":"Unauthorized","message":"Bearer token is missing or invalid."}"#);
        }
        Some(_) => {}
    }
    match (seen.path.as_str(), seen.nth) {
        ("/waves/v1/voice-cloning", _) => json(403, r#"{"status":"error","message":"Forbidden"}"#),
        ("/waves/v1/tts?busy", 0) => {
            json(429, r#"{"error":{"message":"Concurrency limit reached","type":"rate_limit_error"}}"#)
                .header("retry-after", "1")
        }
        ("/waves/v1/tts?hiccup", 0) | ("/waves/v1/tts?broken", _) => json(500, r#"{"error":"Internal server error"}"#),
        ("/waves/v1/tts?hour", _) => json(429, r#"{"error":"Rate limit exceeded"}"#).header("retry-after", "3600"),
        ("/bucket/calls/a.WAV", _) => Answer::new(404, NO_SUCH_KEY).header("content-type", "application/xml"),
        ("/waves/v1/tts?cut", _) => Answer::none(),
        _ => audio,
    }
}
