//! The main job in one program: a server on loopback answers as the Waves API does, and a real client calls it
//! through waves-errors. Each call that fails says what happened, why, and what to do; each that can be retried is.
//!
//! With `serve` it only prints the server's address and goes on serving, for curl to ask.

use std::future::Future;
use std::time::Duration;

use bytes::Bytes;

use waves_errors::reqwest::{ReadChecked, SendChecked};
use waves_errors::{Failure, NextAttempt, Retry, format_duration};
use waves_errors_tests::server::Server;
use waves_errors_tests::service::{KEY, answer};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = Server::start(answer).await?;
    if std::env::args().nth(1).as_deref() == Some("serve") {
        println!("{}", server.url(""));
        std::future::pending::<()>().await;
    }
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

/// Calls, retries as the catalog says, and prints each step.
async fn call<F: Future<Output = Result<Bytes, Failure>>>(title: &str, operation: impl FnMut() -> F) {
    println!("\n== {title}");
    let loud = |next: &NextAttempt<'_>| {
        println!("{}\n  attempt {} in {}", next.error, next.attempt, format_duration(rounded(next.delay)));
    };
    match Retry::new().notify(loud).run(operation).await {
        Ok(body) => println!("done: {} bytes", body.len()),
        Err(failure) => println!("{failure:#}"),
    }
}

fn rounded(delay: Duration) -> Duration {
    Duration::from_millis(u64::try_from(delay.as_millis()).unwrap_or(u64::MAX))
}
