//! The main features in one program. A server on loopback responds like the Waves API, and a real client calls it through
//! waves-errors. The program prints the cause and the fixes of each failure, and retries temporary failures.
//!
//! With the argument `serve`, it prints the URL of the server, for requests with curl, and runs until it is stopped.

use std::future::Future;
use std::time::Duration;

use bytes::Bytes;

use waves_errors::reqwest::{ReadChecked, SendChecked};
use waves_errors::{Failure, NextAttempt, Retry, format_duration};
use waves_errors_tests::server::Server;
use waves_errors_tests::service::{KEY, respond};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = Server::start(respond).await?;
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
        ("A server that requests a delay of an hour", "/waves/v1/tts?hour"),
        ("An upload that is not there", "/bucket/calls/a.WAV"),
        ("A connection that is cut", "/waves/v1/tts?cut"),
    ] {
        call(title, async || post(path).bearer_auth(KEY).send_checked().await?.bytes_checked().await).await;
    }
    Ok(())
}

/// Runs an operation, retries as documented in the catalog, and prints each step.
async fn call<F: Future<Output = Result<Bytes, Failure>>>(title: &str, operation: impl FnMut() -> F) {
    println!("\n== {title}");
    let print_retry = |next: &NextAttempt<'_>| {
        println!("{}\n  attempt {} in {}", next.error, next.attempt, format_duration(rounded(next.delay)));
    };
    match Retry::new().notify(print_retry).run(operation).await {
        Ok(body) => println!("done: {} bytes", body.len()),
        Err(failure) => println!("{failure:#}"),
    }
}

fn rounded(delay: Duration) -> Duration {
    Duration::from_millis(u64::try_from(delay.as_millis()).unwrap_or(u64::MAX))
}
